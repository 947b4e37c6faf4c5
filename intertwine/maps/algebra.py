"""The Lie algebra { X : Dσ(x)·Xx = Yσ(x) for some Y }: proved members from below, a certified rank from above.

From below: on every region the functions ``x_k ∂_j σ_i`` and ``σ_k`` are brought into normal form, and a combination
with constant coefficients vanishes when the coefficients of all monomials do: a linear system whose solutions are
members. From above: the same system at exact points, in balls, has at least the certified rank.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from intertwine.calculus.budget import check
from intertwine.calculus.differentiate import NoDerivative
from intertwine.calculus.enclosure import Unclear, UndefinedAt, ball, precision
from intertwine.calculus.tower import Element, Poly, rational
from intertwine.maps.balls import Point, PointEvaluator, certified_rank
from intertwine.maps.exploring import Wall
from intertwine.maps.field import Constants, Matrix
from intertwine.maps.forms import Row, relations
from intertwine.maps.regions import Region
from intertwine.maps.space import BITS, Cell, Space, zero_row
from intertwine.maps.walls import JumpPoint, jump_points
from intertwine.terms import Term


@dataclass(frozen=True)
class Member:
    """An infinitesimal symmetry X with its image Y on the basis of V: ``Dσ(x)·Xx = Yσ(x)``."""

    x: tuple[tuple[Term, ...], ...]
    y: tuple[tuple[Term, ...], ...]


@dataclass(frozen=True)
class RankWitness:
    """Points at which the linear system for (X, Y) has at least the stated rank."""

    points: tuple[Point, ...]
    jumps: tuple[JumpPoint, ...]
    bits: int
    rank: int


@dataclass(frozen=True)
class LieAlgebra:
    """The infinitesimal symmetries, between a proved space and a certified dimension."""

    members: tuple[Member, ...]
    x_matrices: tuple[Matrix, ...]
    y_matrices: tuple[Matrix, ...]
    upper: int
    witness: RankWitness

    @property
    def lower(self) -> int:
        """The dimension of the proved space."""
        return len(self.members)

    @property
    def exact(self) -> bool:
        """Whether the bounds agree."""
        return self.lower == self.upper


def lie_algebra(space: Space) -> LieAlgebra:
    """The Lie algebra of the stabiliser of V."""
    x_part, y_part = _from_below(space)
    upper, witness = _from_above(space, len(x_part))
    field = space.mixed.field
    members = tuple(
        Member(_terms(field, x), _terms(field, y)) for x, y in zip(x_part, y_part, strict=True)
    )
    return LieAlgebra(members, tuple(x_part), tuple(y_part), upper, witness)


def _terms(field: object, matrix: Matrix) -> tuple[tuple[Term, ...], ...]:
    return tuple(tuple(field.term(e) for e in row) for row in matrix)  # type: ignore[attr-defined]


def _from_below(space: Space) -> tuple[list[Matrix], list[Matrix]]:
    n, basis = space.n, space.basis
    d = len(basis)
    width = n * n + d * d
    rows: list[Row] = []
    for cell in space.cells:
        rows += _cell_rows(space, cell, basis, width)
    rows += _wall_rows(space, width)
    kernel = space.mixed.field.kernel(rows, width)
    xs = [[list(v[j * n : (j + 1) * n]) for j in range(n)] for v in kernel]
    ys = [[list(v[n * n + i * d : n * n + (i + 1) * d]) for i in range(d)] for v in kernel]
    return xs, ys


def _cell_rows(space: Space, cell: Cell, basis: Sequence[int], width: int) -> list[Row]:
    """The equations for (X, Y) on one region."""
    n, d, region = space.n, len(basis), cell.region
    positions = [region.element(region.coordinate(k)) for k in range(n)]
    rows: list[Row] = []
    for i, b in enumerate(basis):
        check()
        columns: list[int] = []
        elements: list[Element] = []
        for j in region.free:
            slope = cell.slopes[b][j]
            if slope.num.is_zero():
                continue
            for k in range(n):
                columns.append(j * n + k)
                elements.append(slope * positions[k])
        for k, c in enumerate(basis):
            columns.append(n * n + i * d + k)
            elements.append(-cell.elements[c])
        for short in space.mixed.rows(region, elements):
            row = zero_row(width)
            for c, e in zip(columns, short, strict=True):
                row[c] = e
            rows.append(row)
    return rows


def _wall_rows(space: Space, width: int) -> list[Row]:
    """The condition that every hard wall g is carried to itself: g divides X·g."""
    rows: list[Row] = []
    for wall in space.hard_walls:
        rows += _tangent_rows(space, wall, width)
    return rows


def _tangent_rows(space: Space, wall: Wall, width: int) -> list[Row]:
    """Rows for ``X·g = 0`` wherever ``g = 0``: X keeps the linear space of zeros, or g divides X·g."""
    n = space.n
    region = Region(n)
    functions = [region.element(t) for t in wall.forms or (wall.atom,)]
    short_rows: list[Row] = []
    columns = [(j, k) for j in range(n) for k in range(n)]
    for g in functions:
        elements = []
        slopes = [region.normal.partial(g, j) for j in range(n)]
        for j, k in columns:
            product = slopes[j] * region.element(region.coordinate(k))
            elements.append(Element(_remainder(product.num, functions), product.den))
        short_rows += relations(region.normal, elements)
    rows = []
    constants = Constants(region.tower)
    for short in short_rows:
        row = zero_row(width)
        for (j, k), e in zip(columns, short, strict=True):
            row[j * n + k] = space.mixed.take(constants, e)
        rows.append(row)
    return rows


def _remainder(p: Poly, functions: Sequence[Element]) -> Poly:
    """The remainder of a linear form on a linear space, or of any polynomial modulo one."""
    rows = list(functions)
    if len(rows) == 1:
        return divmod(p, rows[0].num)[1]
    reduced: list[Poly] = []
    for e in rows:  # triangular: every leading monomial occurs once
        q = e.num
        for r in reduced:
            q = divmod(q, r)[1]
        if not q.is_zero():
            reduced = [divmod(r, q)[1] for r in reduced]
            reduced.append(q)
    for r in reduced:
        p = divmod(p, r)[1]
    return p


def _from_above(space: Space, expected: int) -> tuple[int, RankWitness]:
    """The dimension from above: unknowns minus the certified rank."""
    n, d = space.n, space.d
    width = n * n + d * d
    best = (width, RankWitness((), (), 0, 0))
    jumps: tuple[JumpPoint, ...] = ()
    for attempt, bits in enumerate((BITS[0], *BITS, *BITS[:2])):
        if attempt == 1:  # the kinks and values alone leave more freedom than was proved: look at jumps and borders
            jumps = jump_points(space)
        if attempt == 1 + len(BITS) and not space.crowd():
            break
        rows, used = _ball_rows(space, bits)
        with precision(bits):
            rows += [[ball(c) for c in j.row] + [arb(0)] * (d * d) for j in jumps]
            rank, _, _ = certified_rank(rows)
        if width - rank < best[0]:
            best = (width - rank, RankWitness(tuple(used), jumps, bits, rank))
        if best[0] <= expected:
            break
    return best


def _ball_rows(space: Space, bits: int) -> tuple[list[list[arb]], list[Point]]:
    n, basis = space.n, space.basis
    d = len(basis)
    rows: list[list[arb]] = []
    used: list[Point] = []
    with precision(bits):
        for p in space.points:
            check()
            evaluator = PointEvaluator(p)
            try:
                values = [evaluator.value(space.terms[b]) for b in basis]
                slopes = [evaluator.gradient(space.terms[b]) for b in basis]
            except (UndefinedAt, Unclear, NoDerivative):
                continue
            used.append(p)
            for i in range(d):
                row = [slopes[i][j] * evaluator.point[k] for j in range(n) for k in range(n)]
                image = [arb(0)] * (d * d)
                image[i * d : (i + 1) * d] = [-v for v in values]
                rows.append(row + image)
    return rows, used


def rational_matrix(matrix: Matrix) -> list[list[Fraction]] | None:
    """The entries as fractions, if all are rational."""
    result = []
    for row in matrix:
        values = [e.rational_value for e in row]
        if any(v is None for v in values):
            return None
        result.append([Fraction(int(v.p), int(v.q)) for v in values if v is not None])
    return result


def identity(n: int) -> Matrix:
    """The unit matrix."""
    return [[rational(int(i == j)) for j in range(n)] for i in range(n)]
