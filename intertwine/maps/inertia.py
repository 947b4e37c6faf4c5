"""Directions along which a map does not change, and the map on the quotient by them.

W = { v : σ(x + v) = σ(x) } is carried to itself by every symmetry, and σ is a map of the quotient Rⁿ/W. So A is a
symmetry of σ exactly when AW = W and the induced map of the quotient is a symmetry there: G is an extension of the
group of the quotient by the matrices Hom(Rⁿ/W, W) ⋊ GL(W).
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import arb

from intertwine.calculus.budget import check
from intertwine.calculus.differentiate import NoDerivative
from intertwine.calculus.enclosure import Unclear, UndefinedAt, ball, precision
from intertwine.calculus.tower import Element, rational
from intertwine.certificates.maps.removable import filled
from intertwine.maps.balls import PointEvaluator, certified_rank
from intertwine.maps.blocks import inverse, times
from intertwine.maps.expressions import SmallMap, substitute, variable
from intertwine.maps.field import Matrix
from intertwine.maps.forms import Row, relations
from intertwine.maps.membership import Terms
from intertwine.maps.regions import Region
from intertwine.maps.space import BITS, Space
from intertwine.maps.walls import jump_points
from intertwine.terms import Term, num


@dataclass(frozen=True)
class Inertia:
    """The space W, whether it is all of it, and the map on the quotient."""

    basis: Matrix  # vectors of W
    exact: bool
    quotient: SmallMap | None
    frame: Matrix  # columns: a complement, then W

    @property
    def size(self) -> int:
        """The dimension of W."""
        return len(self.basis)


def inertia(space: Space) -> Inertia:
    """The directions along which the map does not change."""
    n, field = space.n, space.mixed.field
    rows: list[Row] = []
    for cell in space.cells:
        for b in space.basis:
            check()
            row = [cell.slopes[b].get(j, rational(0)) for j in range(n)]
            rows += space.mixed.rows(cell.region, row)
    for wall in space.hard_walls:
        region = Region(n)
        for form in wall.forms or (wall.atom,):
            g = region.element(form)
            slopes = [region.normal.partial(g, j) for j in range(n)]
            for short in relations(region.normal, slopes):
                rows.append([space.mixed.take(field, e) for e in short])
    basis = field.kernel(rows, n) if rows else [[rational(int(i == j)) for j in range(n)] for i in range(n)]
    exact = n - len(basis) <= _rank(space, n - len(basis))
    reduced, pivots = field.echelon(basis, n) if basis else ([], [])
    if not basis or any(e.rational_value is None for row in reduced for e in row):
        frame = [[rational(int(i == j)) for j in range(n)] for i in range(n)]
        return Inertia([], exact and not basis, None, frame)
    kept = [j for j in range(n) if j not in pivots]
    columns = [[rational(int(i == j)) for i in range(n)] for j in kept] + reduced
    frame = [[c[i] for c in columns] for i in range(n)]
    values: dict[int, Term] = {p: num(0) for p in pivots}
    values |= {j: variable(k) for k, j in enumerate(kept)}
    quotient = None
    if kept:
        terms = tuple(substitute(filled(t), values) for t in space.source.terms)
        quotient = SmallMap(terms, len(kept), tuple(f"x{k + 1}" for k in range(len(kept))))
    return Inertia(reduced, exact, quotient, frame)


def _rank(space: Space, wanted: int) -> int:
    """The certified rank of the gradients (and of the normals of walls)."""
    best = 0
    for attempt, bits in enumerate((BITS[0], *BITS)):
        with precision(bits):
            rows: list[list[arb]] = []
            for p in space.points:
                evaluator = PointEvaluator(p)
                try:
                    rows += [list(evaluator.gradient(space.terms[b])) for b in space.basis]
                except (UndefinedAt, Unclear, NoDerivative):
                    continue
            if attempt:
                rows += [[ball(c) for c in j.normal] for j in jump_points(space)]
            best = max(best, certified_rank(rows)[0] if rows else 0)
        if best >= wanted:
            break
    return best


def lifted(space: Space, found: Inertia, matrix: Terms) -> Terms:
    """A matrix of the quotient on all of space: the identity on W."""
    n = space.n
    k = n - found.size
    local = [[rational(int(i == j)) for j in range(n)] for i in range(n)]
    for i in range(k):
        for j in range(k):
            local[i][j] = space.mixed.of(matrix[i][j])
    return _conjugated(space, found, local)


def reflection(space: Space, found: Inertia) -> Terms:
    """The identity on the complement, and -1 on one vector of W."""
    n = space.n
    local = [[rational(int(i == j)) for j in range(n)] for i in range(n)]
    local[n - 1][n - 1] = rational(-1)
    return _conjugated(space, found, local)


def _conjugated(space: Space, found: Inertia, local: list[list[Element]]) -> Terms:
    field = space.mixed.field
    matrix = times(field, times(field, found.frame, local), inverse(field, found.frame))
    return tuple(tuple(field.term(e) for e in row) for row in matrix)

