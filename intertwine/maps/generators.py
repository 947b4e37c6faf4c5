"""A few of many representatives that generate them all."""

from __future__ import annotations

from collections.abc import Sequence

from intertwine.calculus.budget import check
from intertwine.maps.blocks import times
from intertwine.maps.field import Matrix
from intertwine.maps.membership import Proof
from intertwine.maps.space import Space

LARGEST = 800


def generating(space: Space, proofs: Sequence[Proof]) -> list[Proof]:
    """Some of the proved elements, among whose products are all the others (as matrices).

    Where the products do not close up, elements are kept that may not be needed.
    """
    field = space.mixed.field
    elements = [[[space.mixed.of(t) for t in row] for row in p.matrix] for p in proofs]
    known: dict[str, Matrix] = {}
    chosen: list[Proof] = []
    generators: list[Matrix] = []
    for proof, element in zip(proofs, elements, strict=True):
        if _key(element) in known or _is_identity(element):
            continue
        chosen.append(proof)
        generators.append(element)
        if any(e.rational_value is None for g in generators for row in g for e in row):
            known |= {_key(times(field, a, b)): a for a in generators for b in generators}
            continue
        known = {}
        queue = [element, *generators]
        while queue and len(known) < LARGEST:
            check()
            a = queue.pop()
            if _key(a) in known:
                continue
            known[_key(a)] = a
            queue += [times(field, a, g) for g in generators]
    return chosen


def _key(m: Matrix) -> str:
    return str([[e.key for e in row] for row in m])


def _is_identity(m: Matrix) -> bool:
    return all(e.rational_value is not None and e.rational_value == int(i == j)
               for i, row in enumerate(m) for j, e in enumerate(row))
