"""Spaces of functions spanned by t^α·(log t)^j·cos(β log t) on half-lines, and the scalings that keep one.

On each half-line a function is a combination of columns; scaling the variable acts on these in a known way, so which
scalings keep a space of such functions is a matter of linear algebra.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import comb

import sympy as sp

from intertwine.errors import Undecided
from intertwine.groups import exact
from intertwine.groups.scalars import NONZERO, POSITIVE, SIGN, TRIVIAL, ScalarGroup

Row = list[sp.Expr]
Complex = tuple[sp.Expr, sp.Expr]
_NONE: Complex = (sp.S.Zero, sp.S.Zero)


@dataclass(frozen=True)
class Part:
    """``coefficient·t^power·(log t)^log`` times the cosine or sine of ``frequency·log t``, for t > 0."""

    coefficient: sp.Expr
    power: sp.Expr = sp.S.Zero
    log: int = 0
    frequency: sp.Expr = sp.S.Zero
    sine: bool = False


@dataclass(frozen=True)
class OnHalfLines:
    """A function by its parts at t > 0 and, in terms of -t, at t < 0, and its value at 0; None where undefined."""

    right: tuple[Part, ...] | None
    left: tuple[Part, ...] | None
    zero: sp.Expr | None = None

    def value_at_zero(self) -> sp.Expr | None:
        """The value at 0 after a removable singularity is filled in, or None."""
        if self.zero is not None or self.right is None or self.left is None:
            return self.zero
        limits = []
        for side in (self.right, self.left):
            still = [p for p in side if exact.sign(p.power) <= 0 and not exact.is_zero(p.coefficient)]
            if any(exact.sign(p.power) < 0 or p.log or not exact.is_zero(p.frequency) for p in still):
                return None
            limits.append(sum((p.coefficient for p in still if not p.sine), sp.S.Zero))
        return limits[0] if exact.equal(*limits) else None


@dataclass(frozen=True)
class Column:
    """One of the functions that all are combinations of: on the half-line of this sign, or at 0."""

    side: int
    power: sp.Expr = sp.S.Zero
    log: int = 0
    frequency: sp.Expr = sp.S.Zero
    sine: bool = False


@dataclass
class LogSpace:
    """The span U of some functions, and the group of the d with f(d·) in U for all f in U.

    Attributes
    ----------
    rows : list of rows
        The coefficients of each function.
    basis : list of int
        Functions that are a basis of U.
    rest : dict
        For each of the others its coefficients in the basis.

    Examples
    --------
    >>> parabola = OnHalfLines((Part(sp.S(1), sp.S(2)),), (Part(sp.S(1), sp.S(2)),), sp.S(0))
    >>> bent = OnHalfLines((Part(sp.S(1), sp.S(2), log=1),), (Part(sp.S(1), sp.S(2), log=1),), None)
    >>> LogSpace([parabola, bent]).scalars, LogSpace([bent]).scalars
    (R*, {±1})
    """

    functions: Sequence[OnHalfLines]
    columns: list[Column] = field(init=False)
    rows: list[Row] = field(init=False)
    basis: list[int] = field(init=False)
    rest: dict[int, Row] = field(init=False)
    scalars: ScalarGroup = field(init=False)

    def __post_init__(self) -> None:
        self.sides = [s for s in (1, -1) if all((f.right if s > 0 else f.left) is not None for f in self.functions)]
        self._classes: list[sp.Expr] = []
        zeros = [f.value_at_zero() for f in self.functions]
        self.columns = self._columns(all(z is not None for z in zeros))
        self.rows = [self._row(f, z) for f, z in zip(self.functions, zeros, strict=True)]
        self._eliminate()
        self.scalars = self._scalars()

    # -- coefficients -----------------------------------------------------------------
    def _named(self, number: sp.Expr) -> sp.Expr:
        """One and the same expression for equal numbers."""
        for known in self._classes:
            if exact.equal(known, number):
                return known
        self._classes.append(number)
        return number

    def _parts(self, f: OnHalfLines) -> list[tuple[int, Part]]:
        return [(s, p) for s in self.sides for p in ((f.right if s > 0 else f.left) or ())]

    def _columns(self, zero: bool) -> list[Column]:
        top: dict[tuple[sp.Expr, sp.Expr], int] = {}
        for f in self.functions:
            for _, p in self._parts(f):
                key = (self._named(p.power), self._named(p.frequency))
                top[key] = max(top.get(key, 0), p.log)
        found = [Column(0)] if zero else []
        for (power, frequency), most in top.items():
            kinds = (False,) if exact.is_zero(frequency) else (False, True)
            found += [Column(s, power, j, frequency, k) for s in self.sides for j in range(most + 1) for k in kinds]
        return found

    def _row(self, f: OnHalfLines, zero: sp.Expr | None) -> Row:
        row = [sp.S.Zero] * len(self.columns)
        if self.columns and self.columns[0].side == 0 and zero is not None:
            row[0] = zero
        for s, p in self._parts(f):
            column = Column(s, self._named(p.power), p.log, self._named(p.frequency), p.sine)
            if column in self.columns:  # the sine of 0 is not among them
                row[self.columns.index(column)] += p.coefficient
        return row

    def _eliminate(self) -> None:
        """A basis among the functions, and the others in terms of it."""
        self.basis, self.rest, self._pivots = [], {}, []
        for k, row in enumerate(self.rows):
            coefficients = self._in_basis(row)
            if coefficients is not None:
                self.rest[k] = coefficients
                continue
            self.basis.append(k)
            self._pivots = _pivots([self.rows[i] for i in self.basis])

    def _in_basis(self, row: Row) -> Row | None:
        """The coefficients of a row in the basis, or None if it is not in the span."""
        if not self.basis:
            return [] if all(map(exact.is_zero, row)) else None
        known = sp.Matrix([self.rows[i] for i in self.basis])
        small = known.extract(list(range(known.rows)), self._pivots)
        c = [sp.expand(v) for v in sp.Matrix([[row[j] for j in self._pivots]]) * small.inv()]
        rebuilt = sp.Matrix([c]) * known
        same = all(exact.equal(sp.expand(a), b) for a, b in zip(rebuilt, row, strict=True))
        return c if same else None

    def holds(self, row: Row) -> bool:
        """Whether a row is in the span."""
        return self._in_basis(row) is not None

    @property
    def holds_constants(self) -> bool:
        """Whether U contains the constant 1."""
        plain = [int(exact.is_zero(c.power) and not c.log and exact.is_zero(c.frequency)) for c in self.columns]
        wanted = len(self.sides) + int(bool(self.columns) and self.columns[0].side == 0)
        return sum(plain) == wanted and self.holds([sp.Integer(t) for t in plain])

    # -- the action -----------------------------------------------------------------
    def moved(self, row: Row, size: sp.Expr, flip: bool = False) -> Row:
        """The row of f(±d·) for d = ``size`` > 0."""
        shift = sp.log(size)
        out = [sp.S.Zero] * len(self.columns)
        for c, value in zip(self.columns, row, strict=True):
            if value == 0:
                continue
            turn = [(False, sp.cos(c.frequency * shift), sp.S.One), (True, sp.sin(c.frequency * shift), -sp.S.One)]
            for sine, amount, sign in turn:
                # cos(a + b) = cos a cos b - sin a sin b and sin(a + b) = sin a cos b + cos a sin b
                part = amount * (sp.S.One if c.sine and sine else sign if sine else sp.S.One)
                kind = (not c.sine) if sine else c.sine
                for i in range(c.log + 1):
                    target = Column(-c.side if flip else c.side, c.power, i, c.frequency, kind)
                    if part == 0 or target not in self.columns:
                        continue
                    weight = comb(c.log, i) * (shift ** (c.log - i) if c.log > i else 1) * size**c.power
                    out[self.columns.index(target)] += value * weight * part
        return [sp.expand(t) for t in out]

    def action(self, d: sp.Expr) -> sp.Matrix:
        """The matrix of f ↦ f(d·) on the basis."""
        negative = exact.sign(d) < 0
        size = -d if negative else d
        return self._in_terms([self.moved(self.rows[i], size, negative) for i in self.basis])

    def derivative(self) -> sp.Matrix:
        """The matrix of f ↦ t·f' on the basis, where U is closed under it."""
        return self._in_terms([self._differentiated(self.rows[i]) for i in self.basis])

    def _differentiated(self, row: Row) -> Row:
        out = self._lowered(row)
        for j, (c, value) in enumerate(zip(self.columns, row, strict=True)):
            out[j] += c.power * value
            turned = Column(c.side, c.power, c.log, c.frequency, not c.sine)
            if turned in self.columns:
                out[self.columns.index(turned)] += (c.frequency if c.sine else -c.frequency) * value
        return out

    def _in_terms(self, rows: list[Row]) -> sp.Matrix:
        known = sp.Matrix([self.rows[i] for i in self.basis])
        small = known.extract(list(range(known.rows)), self._pivots)
        moved = sp.Matrix([[row[j] for j in self._pivots] for row in rows])
        return (moved * small.inv()).applyfunc(sp.expand)

    def keeps(self, size: sp.Expr, flip: bool) -> bool:
        """Whether f(±d·) is in U for all f in U."""
        return all(self.holds(self.moved(self.rows[i], size, flip)) for i in self.basis)

    # -- the scalings that keep the space ------------------------------------------------
    def _scalars(self) -> ScalarGroup:
        both = len(self.sides) == 2
        step = self._step()
        mirrored = both and self.keeps(sp.S.One, True)
        if step is None:
            return NONZERO if mirrored else POSITIVE
        if exact.is_zero(step):
            return SIGN if mirrored else TRIVIAL
        if mirrored:
            return ScalarGroup("sign-cyclic", sp.exp(step))
        if both and self.keeps(sp.exp(step / 2), True):
            return ScalarGroup("cyclic", -sp.exp(step / 2))
        return ScalarGroup("cyclic", sp.exp(step))

    def _step(self) -> sp.Expr | None:
        """c > 0 if e^c generates the positive scalings that keep U; 0 if there are none but 1, None if all do.

        The Zariski closure of an element holds its unipotent, hyperbolic and elliptic parts. So U is kept by
        differentiation with respect to the logarithm, splits by the powers t^α, and by the classes of frequencies that
        e^{icβ} does not tell apart. A space splits by a partition of the columns if its reduced echelon form does.
        """
        lowered = [self._lowered(self.rows[i]) for i in self.basis]
        if not all(map(self.holds, lowered)):
            return sp.S.Zero
        differences: list[sp.Expr] = []
        for support in self._supports():
            power, frequency = support[0]
            for other, b in support[1:]:
                if not exact.equal(other, power):
                    return sp.S.Zero
                if not exact.equal(b, frequency):
                    differences.append(sp.Abs(b - frequency))
        if not differences:
            return None
        ratios = [sp.simplify(t / differences[0]) for t in differences]
        if not all(r.is_Rational for r in ratios):
            raise Undecided(f"whether the ratios of {differences} are rational")
        common = sp.Rational(math.gcd(*(int(r.p) for r in ratios)), math.lcm(*(int(r.q) for r in ratios)))
        step = sp.simplify(2 * sp.pi / (differences[0] * common))
        if not self.keeps(sp.exp(step), False):
            raise Undecided(f"whether {step} is the period of the span")
        return step

    def _lowered(self, row: Row) -> Row:
        out = [sp.S.Zero] * len(self.columns)
        for c, value in zip(self.columns, row, strict=True):
            if c.log:
                place = self.columns.index(Column(c.side, c.power, c.log - 1, c.frequency, c.sine))
                out[place] += c.log * value
        return out

    def _supports(self) -> list[list[tuple[sp.Expr, sp.Expr]]]:
        """For each row of the reduced echelon form over C, the weights (α, β) of its entries."""
        weights: list[tuple[sp.Expr, sp.Expr]] = []
        table: list[list[Complex]] = [[] for _ in self.basis]
        half = sp.Rational(1, 2)
        for j, c in enumerate(self.columns):
            if c.sine:
                continue
            values = [self.rows[i][j] for i in self.basis]
            if exact.is_zero(c.frequency):
                weights.append((c.power, sp.S.Zero))
                for line, v in zip(table, values, strict=True):
                    line.append((v, sp.S.Zero))
                continue
            k = self.columns.index(Column(c.side, c.power, c.log, c.frequency, True))
            for sign in (1, -1):  # a cos + b sin = (a - ib)/2 e^{i…} + (a + ib)/2 e^{-i…}
                weights.append((c.power, sign * c.frequency))
                for line, i, v in zip(table, self.basis, values, strict=True):
                    line.append((half * v, -sign * half * self.rows[i][k]))
        reduced = _reduced(table)
        return [[w for w, v in zip(weights, line, strict=True) if not _blank(v)] for line in reduced]


def _pivots(rows: list[Row]) -> list[int]:
    """Columns in which independent rows form an invertible matrix."""
    reduced = _reduced([[(v, sp.S.Zero) for v in row] for row in rows])
    return [next(j for j, v in enumerate(row) if not _blank(v)) for row in reduced]


def _blank(v: Complex) -> bool:
    return exact.is_zero(v[0]) and exact.is_zero(v[1])


def _times(a: Complex, b: Complex) -> Complex:
    return sp.expand(a[0] * b[0] - a[1] * b[1]), sp.expand(a[0] * b[1] + a[1] * b[0])


def _reduced(rows: list[list[Complex]]) -> list[list[Complex]]:
    """The reduced echelon form, with zeros written as such."""
    work = [[(v if not _blank(v) else _NONE) for v in row] for row in rows]
    done = 0
    for j in range(len(work[0]) if work else 0):
        pivot = next((i for i in range(done, len(work)) if work[i][j] != _NONE), None)
        if pivot is None:
            continue
        work[done], work[pivot] = work[pivot], work[done]
        a, b = work[done][j]
        size = sp.expand(a**2 + b**2)
        inverse = (a / size, -b / size)
        work[done] = [_times(inverse, v) if v != _NONE else v for v in work[done]]
        for i in range(len(work)):
            if i != done and work[i][j] != _NONE:
                factor = work[i][j]
                for k in range(len(work[i])):
                    x, y = _times(factor, work[done][k])
                    v = (sp.expand(work[i][k][0] - x), sp.expand(work[i][k][1] - y))
                    work[i][k] = _NONE if k == j or _blank(v) else v
        done += 1
    return work[:done]
