"""Rigorous values and derivatives of a map at exact points, and certified ranks of matrices of balls."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from flint import arb

from intertwine.calculus.budget import check
from intertwine.calculus.differentiate import differentiate
from intertwine.calculus.enclosure import Evaluator, Unclear, ball, precision
from intertwine.maps.expressions import index_of
from intertwine.terms import Term, X, apply

Point = tuple[Fraction, ...]
Gradient = tuple[arb, ...]


@lru_cache(maxsize=256)
def _rule(op: str) -> Term:
    """The derivative of a function of one variable, as a term in ``x``."""
    return differentiate(apply(op, X))


class PointEvaluator(Evaluator):
    """Values and gradients of core terms at one point: forward-mode differentiation in balls."""

    def __init__(self, point: Sequence[Fraction] | Sequence[arb]) -> None:
        super().__init__(arb(0))
        self.point = [ball(c) if isinstance(c, Fraction) else c for c in point]
        self.slopes: dict[Term, Gradient] = {}

    def _value(self, t: Term) -> arb:
        j = index_of(t)
        return super()._value(t) if j is None else self.point[j]

    def gradient(self, t: Term) -> Gradient:
        """The enclosures of all partial derivatives.

        Raises
        ------
        UndefinedAt, Unclear
            The term is undefined, a branch cannot be decided, or the point is a kink.
        NoDerivative
            A function whose derivative is not in the language.
        """
        known = self.slopes.get(t)
        if known is None:
            self.value(t)
            known = self.slopes[t] = self._gradient(t)
        return known

    def _gradient(self, t: Term) -> Gradient:
        n = len(self.point)
        zero = (arb(0),) * n
        j = index_of(t)
        if j is not None:
            return tuple(arb(int(k == j)) for k in range(n))
        if not t.args or t.op in ("sign", "floor"):
            if t.op == "sign" and not self.value(t.args[0]) != 0:
                raise Unclear
            if t.op == "floor" and self.value(t.args[0]).contains_integer():
                raise Unclear
            return zero
        if t.op == "add":
            return tuple(sum(c, arb(0)) for c in zip(*(self.gradient(a) for a in t.args), strict=True))
        if t.op == "mul":
            return self._product(t)
        if t.op == "pow":
            return self._slope_of_power(t)
        if t.op == "piecewise":
            for value, condition in zip(t.args[::2], t.args[1::2], strict=True):
                if self._strictly(condition):
                    return self.gradient(value)
            raise Unclear
        if t.op == "Max":
            return self.gradient(self._top(t.args))
        if t.op == "Abs":
            u = self.value(t.args[0])
            if not u != 0:
                raise Unclear
            return tuple(g if u > 0 else -g for g in self.gradient(t.args[0]))
        if t.op == "cbrt":
            u, r = self.value(t.args[0]), self.value(t)
            if not u != 0:
                raise Unclear
            return tuple(g * r / (3 * u) for g in self.gradient(t.args[0]))
        if t.op == "sinc":
            u = self.value(t.args[0])
            if not u != 0:
                raise Unclear
            slope = (u.cos() - self.value(t)) / u
            return tuple(slope * g for g in self.gradient(t.args[0]))
        slope = self.value(_rule(t.op).subs(t.args[0]))
        return tuple(slope * g for g in self.gradient(t.args[0]))

    def _strictly(self, c: Term) -> bool:
        """A condition that also holds (or fails) near the point."""
        for node in c.walk():
            if node.op in ("lt", "le", "eq", "ne"):
                difference = self.value(node.args[0]) - self.value(node.args[1])
                if not difference != 0:
                    raise Unclear
        return self.truth(c)

    def _top(self, args: Sequence[Term]) -> Term:
        for a in args:
            if all(b == a or self.value(a) > self.value(b) for b in args):
                return a
        raise Unclear

    def _product(self, t: Term) -> Gradient:
        values = [self.value(a) for a in t.args]
        total = [arb(0)] * len(self.point)
        for i, a in enumerate(t.args):
            slopes = self.gradient(a)
            rest = arb(1)
            for k, v in enumerate(values):
                if k != i:
                    rest = rest * v
            total = [s + rest * g for s, g in zip(total, slopes, strict=True)]
        return tuple(total)

    def _slope_of_power(self, t: Term) -> Gradient:
        base, exponent = t.args
        u, value = self.value(base), self.value(t)
        du, de = self.gradient(base), self.gradient(exponent)
        if all(d == 0 for d in de):
            r = exponent.value
            if r is not None and r.denominator == 1 and r >= 1:
                factor = ball(r) * u ** int(r - 1)
            else:
                if not u != 0:
                    raise Unclear
                factor = self.value(exponent) * value / u
            return tuple(factor * g for g in du)
        if not u > 0:
            raise Unclear
        e, log = self.value(exponent), u.log()
        return tuple(value * (d * log + e * g / u) for g, d in zip(du, de, strict=True))


def certified_rank(rows: Sequence[Sequence[arb]]) -> tuple[int, list[int], list[int]]:
    """A proven lower bound of the rank, with the rows and columns of a minor that is not zero.

    Elimination with complete pivoting: every pivot is a ball without zero, so the minor of the pivots is not zero.
    """
    matrix = [list(row) for row in rows]
    width = len(matrix[0]) if matrix else 0
    chosen_rows: list[int] = []
    chosen_columns: list[int] = []
    left = list(range(len(matrix)))
    columns = list(range(width))
    while left and columns:
        check()
        best, where = 0.0, None
        for i in left:
            row = matrix[i]
            for k in columns:
                low = float(row[k].abs_lower())
                if low > best:
                    best, where = low, (i, k)
        if where is None:
            break
        i, k = where
        pivot = matrix[i][k]
        left.remove(i)
        columns.remove(k)
        chosen_rows.append(i)
        chosen_columns.append(k)
        base = matrix[i]
        for other in left:
            row = matrix[other]
            if row[k] == 0:
                continue
            factor = row[k] / pivot
            for c in columns:
                row[c] = row[c] - factor * base[c]
    return len(chosen_rows), chosen_rows, chosen_columns


def values_at(terms: Sequence[Term], point: Sequence[Fraction], bits: int) -> list[arb]:
    """The values of core terms at a point.

    Raises
    ------
    UndefinedAt, Unclear
        Passed on from the evaluation.
    """
    with precision(bits):
        evaluator = PointEvaluator(point)
        return [evaluator.value(t) for t in terms]
