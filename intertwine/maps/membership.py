"""Is a matrix in the group? Decided by the definition: V∘A = V and A maps the domain to itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, arb_mat

from intertwine.calculus.budget import check
from intertwine.calculus.enclosure import Evaluator, Unclear, UndefinedAt, precision
from intertwine.calculus.tower import Element, NoNormalForm, rational
from intertwine.maps.balls import Point, PointEvaluator, certified_rank
from intertwine.maps.exploring import explore
from intertwine.maps.expressions import composed
from intertwine.maps.field import Matrix
from intertwine.maps.forms import Row
from intertwine.maps.regions import Region
from intertwine.maps.space import BITS, Space
from intertwine.terms import Term, num

Terms = tuple[tuple[Term, ...], ...]
SPREAD = Fraction(1, 2**24)


@dataclass(frozen=True)
class Proof:
    """``σ∘A = Bσ`` proved on every region; ``image`` is B on the basis of V."""

    matrix: Terms
    image: Terms


@dataclass(frozen=True)
class Refutation:
    """Points that show that A is no member.

    ``kind`` is ``"rank"`` (the values of the basis and of one function of V∘A at the points have too large a rank)
    or ``"domain"`` (A or its inverse takes a point of the domain out of it).
    """

    matrix: Terms
    kind: str
    points: tuple[Point, ...]
    function: int | None = None


Verdict = Proof | Refutation | None


def decide(space: Space, matrix: Terms) -> Verdict:
    """A proof or a refutation of membership; None if neither is found.

    Parameters
    ----------
    space : Space
    matrix : n×n closed terms
        An invertible matrix.
    """
    return refute(space, matrix) or prove(space, matrix)


def prove(space: Space, matrix: Terms) -> Proof | None:
    """A proof that ``σ∘A = Bσ`` on all of the domain, and that A maps the domain to itself."""
    basis = space.basis
    if not space.independent:
        return None
    after = composed(space.terms, matrix)
    rows: list[Row] = []

    def visit(region: Region, resolved: tuple[Term | None, ...]) -> bool:
        before, later = resolved[: space.m], resolved[space.m :]
        here, there = None not in before, None not in later
        if here != there:
            return False
        if here:
            wanted = [before[b] for b in basis] + [later[b] for b in basis]
            elements = [region.element(t) for t in wanted if t is not None]
            rows.extend(space.mixed.rows(region, elements))
        return True

    try:
        if not explore(space.n, (*space.terms, *after), visit):
            return None
        solutions = space.mixed.field.solve(rows, len(basis))
    except NoNormalForm:
        return None
    if solutions is None:
        return None
    field = space.mixed.field
    return Proof(matrix, tuple(tuple(field.term(e) for e in row) for row in solutions))


def balls_of(matrix: Terms) -> list[list[arb]]:
    """The entries as balls at the working precision."""
    evaluator = Evaluator(arb(0))
    return [[evaluator.value(t) for t in row] for row in matrix]


def apply_matrix(matrix: list[list[arb]], point: Sequence[arb]) -> list[arb]:
    """The image of a vector of balls."""
    return [sum((a * x for a, x in zip(row, point, strict=True)), arb(0)) for row in matrix]


def refute(space: Space, matrix: Terms) -> Refutation | None:
    """Points that show that A is not in the group."""
    for bits in BITS[:2]:
        with precision(bits):
            try:
                a = balls_of(matrix)
            except (Unclear, UndefinedAt):
                continue
            found = excluded(space, a)
        if found is not None:
            return Refutation(matrix, *found)
    return None


def excluded(space: Space, a: list[list[arb]]) -> tuple[str, tuple[Point, ...], int | None] | None:
    """The kind, points and function of a refutation that holds for all matrices in some balls."""
    rows: list[list[arb]] = []
    used: list[Point] = []
    for p in space.points:
        check()
        values = _both(space, a, p)
        if isinstance(values, str):
            return "domain", (p,), None
        if values is not None and any(v != 0 for v in values):  # zeros on both sides add no rank
            rows.append(values)
            used.append(p)
        if len(rows) >= space.d + 6:
            break
    if _leaves_backwards(space, a):
        return "domain", tuple(space.points[:1]), None
    d = space.d
    for i in range(d):
        short = [row[:d] + [row[d + i]] for row in rows]
        rank, chosen, _ = certified_rank(short)
        if rank > d:
            return "rank", tuple(used[k] for k in chosen), space.basis[i]
    return None


def _both(space: Space, a: list[list[arb]], p: Point) -> list[arb] | str | None:
    """Values of the basis at p and at Ap; text when Ap is outside of the domain."""
    evaluator = PointEvaluator(p)
    try:
        before = [evaluator.value(space.terms[b]) for b in space.basis]
    except (UndefinedAt, Unclear):
        return None
    moved = apply_matrix(a, evaluator.point)
    image = PointEvaluator(moved)
    try:
        after = [image.value(space.terms[b]) for b in space.basis]
    except Unclear:
        return None
    except UndefinedAt:
        return "outside" if _outside(space, moved) else None
    return before + after


def _outside(space: Space, point: list[arb]) -> bool:
    """Whether the map is undefined on a whole neighbourhood: no removable singularity."""
    wide = PointEvaluator([arb(c.mid(), arb(2) ** -24) if c.is_exact() else c + arb(0, arb(2) ** -24) for c in point])
    for t in space.terms:
        try:
            wide.value(t)
        except UndefinedAt:
            return True
        except Unclear:
            continue
    return False


def _leaves_backwards(space: Space, a: list[list[arb]]) -> bool:
    """Whether the inverse takes a point of the domain out of it."""
    if not space.outside:
        return False
    try:
        inverse = arb_mat(a).inv()
    except (ZeroDivisionError, ValueError):
        return False
    rows = [[inverse[i, j] for j in range(space.n)] for i in range(space.n)]
    return any(isinstance(_both(space, rows, p), str) for p in space.points)


def full_image(space: Space, image: Terms, infinitesimal: bool = False) -> Terms:
    """One invertible B on all expressions: B on the basis, the identity (or zero: infinitesimally) on a complement.

    With σ = Eτ for the basis τ, the matrix M = [E C] with unit columns C for the other expressions is invertible, and
    B = M·diag(B_τ, 1)·M⁻¹ has BE = E·B_τ.
    """
    field, m, basis = space.mixed.field, space.m, space.basis
    small = [[space.mixed.of(t) for t in row] for row in image]
    if len(basis) == m:
        return tuple(tuple(field.term(e) for e in row) for row in small)
    e_rows = expressed(space)
    others = [i for i in range(m) if i not in basis]
    # On the basis B is B_τ; for another expression σ_i = Σ E_ik τ_k, row i of B is E_i·B_τ on the basis, corrected by
    # the identity on σ_i - E_i τ.
    result = [[rational(0)] * m for _ in range(m)]
    for r, b in enumerate(basis):
        for k, c in enumerate(basis):
            result[b][c] = small[r][k]
    for i in others:
        for k, c in enumerate(basis):
            total: Element = rational(0)
            for r in range(len(basis)):
                total = total + e_rows[i][r] * small[r][k]
            result[i][c] = total if infinitesimal else field.tower.reduce(total - e_rows[i][k])
        result[i][i] = rational(0 if infinitesimal else 1)
    return tuple(tuple(field.term(e) for e in row) for row in result)


def expressed(space: Space) -> Matrix:
    """E with σ = Eτ: every expression in the basis of V."""
    if not space.basis:
        return [[] for _ in range(space.m)]
    basis = space.basis
    d = len(basis)
    rows: list[Row] = []
    for cell in space.cells:
        ordered = [cell.elements[b] for b in basis] + list(cell.elements)
        rows += space.mixed.rows(cell.region, ordered)
    solved = space.mixed.field.solve(rows, d)
    if solved is None:
        raise NoNormalForm("expressions outside their own span")
    return solved


def as_terms(matrix: Sequence[Sequence[Fraction | int | Term]]) -> Terms:
    """A matrix of numbers as closed terms."""
    return tuple(tuple(e if isinstance(e, Term) else num(Fraction(e)) for e in row) for row in matrix)
