"""A few of many representatives that generate them all."""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq, fmpq_mat

from intertwine.calculus.budget import check
from intertwine.maps.blocks import plain, times
from intertwine.maps.field import Matrix
from intertwine.maps.membership import Proof
from intertwine.maps.space import Space

LARGEST = 4000


def generating(space: Space, proofs: Sequence[Proof]) -> list[Proof]:
    """Some of the proved elements, among whose products are all the others (as matrices).

    Where the products do not close up, elements are kept that may not be needed.
    """
    field = space.mixed.field
    elements = [[[space.mixed.of(t) for t in row] for row in p.matrix] for p in proofs]
    known: dict[str, Matrix] = {}
    known_numbers = [plain(element) for element in elements]
    if all(m is not None for m in known_numbers):
        return [proofs[i] for i in _independent([m for m in known_numbers if m is not None])]
    chosen: list[Proof] = []
    generators: list[Matrix] = []
    for proof, element in zip(proofs, elements, strict=True):
        if _key(element) in known or _is_identity(element):
            continue
        chosen.append(proof)
        generators.append(element)
        known |= {_key(times(field, a, b)): a for a in generators for b in generators}
    return chosen


def _independent(matrices: Sequence[fmpq_mat]) -> list[int]:
    """Places of rational matrices that generate the others."""
    one = str([[fmpq(int(i == j)) for j in range(m.ncols())] for m in matrices[:1] for i in range(m.nrows())])
    known: set[str] = {one}
    chosen: list[int] = []
    for i, m in enumerate(matrices):
        if str(m.tolist()) in known:
            continue
        chosen.append(i)
        known, queue = {one}, [matrices[k] for k in chosen]
        while queue and len(known) < LARGEST:
            check()
            a = queue.pop()
            name = str(a.tolist())
            if name not in known:
                known.add(name)
                queue += [a * matrices[k] for k in chosen]
    return chosen


def _key(m: Matrix) -> str:
    return str([[e.key for e in row] for row in m])


def _is_identity(m: Matrix) -> bool:
    return all(e.rational_value is not None and e.rational_value == int(i == j)
               for i, row in enumerate(m) for j, e in enumerate(row))
