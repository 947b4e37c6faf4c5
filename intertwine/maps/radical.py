"""Symmetries that keep a subspace K, when the Lie algebra contains all of Hom(Rⁿ/K, K).

With a complement C of K, every A in G is the product of a block-diagonal element of G and one of the connected group
1 + Hom(Rⁿ/K, K), which lies in G. So the components of G are those of its block-diagonal elements for K ⊕ C.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from intertwine.calculus.budget import check
from intertwine.calculus.tower import Element, rational
from intertwine.maps.blocks import Block, Columns, classify, derived, flat, times
from intertwine.maps.field import Constants, Matrix
from intertwine.maps.invariants import Invariants, Label, _numbers, _q


def split_by_radical(constants: Constants, algebra: Sequence[Matrix], found: Invariants,
                     ) -> tuple[list[Block], list[Matrix]] | None:
    """Blocks K and C with the block-diagonal part of the Lie algebra; None if no K is found."""
    n = found.n
    for k in _subspaces(constants, algebra, found):
        check()
        if not 0 < len(k) < n:
            continue
        complement = _complement(constants, k, n)
        if not _all_maps(constants, algebra, k, complement, n):
            continue
        inner = _block_diagonal(constants, algebra, k, complement)
        parts = [k, complement]
        return [classify(constants, inner, part, n, parts) for part in parts], inner
    return None


def _subspaces(constants: Constants, algebra: Sequence[Matrix], found: Invariants) -> Iterator[Columns]:
    """Subspaces that every symmetry keeps."""
    classes: dict[Label, list[list[Element]]] = {}
    for line, labels in found.lines.items():
        for label in labels:
            if label[0] not in ("wall", "affine wall"):
                classes.setdefault(label, []).append([found.mixed.of(c) for c in line])
    seen: set[str] = set()
    for rows in classes.values():
        kernel = constants.kernel(rows, found.n)
        key = str([[e.key for e in v] for v in kernel])
        if key not in seen:
            seen.add(key)
            yield kernel
    for space in found.subspaces.values():
        yield constants.kernel([[rational(_q(c)) for c in _numbers(f, found.n)] for f in space], found.n)
    inner = derived(constants, algebra, found.n)
    if inner:
        columns = [list(c) for x in inner for c in zip(*x, strict=True)]
        yield constants.echelon(columns, found.n)[0]
        yield constants.kernel([row for x in inner for row in x], found.n)


def _complement(constants: Constants, k: Columns, n: int) -> Columns:
    reduced, pivots = constants.echelon(k, n)
    assert len(reduced) == len(k)
    return [[rational(int(i == j)) for i in range(n)] for j in range(n) if j not in pivots]


def _all_maps(constants: Constants, algebra: Sequence[Matrix], k: Columns, complement: Columns, n: int) -> bool:
    """Whether every linear map that is zero on K and has its image in K is in the Lie algebra."""
    if len(algebra) < len(k) * len(complement):
        return False
    covectors = constants.kernel(k, n)  # the linear forms that vanish on K
    maps = [[[v[i] * c[j] for j in range(n)] for i in range(n)] for v in k for c in covectors]
    rows = [flat(x) for x in algebra]
    rank = len(constants.echelon(rows, n * n)[1])
    return len(constants.echelon([*rows, *map(flat, maps)], n * n)[1]) == rank


def _block_diagonal(constants: Constants, algebra: Sequence[Matrix], k: Columns, complement: Columns) -> list[Matrix]:
    """The elements that keep the complement."""
    n = len(k[0])
    covectors = constants.kernel(complement, n)
    rows = []
    for v in complement:
        images = [[row[0] for row in times(constants, x, [[e] for e in v])] for x in algebra]
        for c in covectors:
            rows.append([row[0] for row in times(constants, images, [[e] for e in c])])
    result = []
    for vector in constants.kernel(rows, len(algebra)):
        total = [[rational(0)] * n for _ in range(n)]
        for weight, x in zip(vector, algebra, strict=True):
            if not weight.num.is_zero():
                total = [[a + weight * b for a, b in zip(r, s, strict=True)] for r, s in zip(total, x, strict=True)]
        result.append(total)
    return result
