"""Intervals and points of the half-line ``x > 0`` with exact algebraic ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cmp_to_key
from typing import Any

from flint import arb, fmpq, fmpq_poly, fmpz_poly

from intertwine.calculus.enclosure import precision
from intertwine.terms import Term


@dataclass(frozen=True)
class RealRoot:
    """The ``index``-th real root (from the left) of an irreducible integer polynomial.

    Examples
    --------
    >>> RealRoot((-2, 0, 1), 1)
    root(x**2 - 2, 1)
    """

    coefficients: tuple[int, ...]
    index: int

    def enclosure(self, bits: int) -> arb:
        """A ball that contains the number."""
        if len(self.coefficients) == 2:
            b, a = self.coefficients
            with precision(bits):
                return arb(-b) / a
        return _real_roots(self.coefficients, bits)[self.index]

    @property
    def rational(self) -> Fraction | None:
        """The value, if it is rational."""
        if len(self.coefficients) == 2:
            b, a = self.coefficients
            return Fraction(-b, a)
        return None

    def __repr__(self) -> str:
        if self.rational is not None:
            return str(self.rational)
        terms = [_monomial(c, k) for k, c in enumerate(self.coefficients) if c][::-1]
        return f"root({' + '.join(terms).replace('+ -', '- ')}, {self.index})"


def _monomial(c: int, k: int) -> str:
    power = "" if k == 0 else "x" if k == 1 else f"x**{k}"
    if not power:
        return str(c)
    return power if c == 1 else f"-{power}" if c == -1 else f"{c}*{power}"


@cache
def _real_roots(coefficients: tuple[int, ...], bits: int) -> tuple[arb, ...]:
    """The real roots from left to right, as disjoint balls."""
    while True:
        with precision(bits):
            found: Any = fmpz_poly(list(coefficients)).complex_roots()
            real = [z.real for z, _ in found if z.imag == 0]
        if all(a < b or b < a for i, a in enumerate(real) for b in real[:i]):
            return tuple(sorted(real, key=cmp_to_key(_left_to_right)))
        bits *= 2


def _left_to_right(a: arb, b: arb) -> int:
    return -1 if a < b else 1 if a > b else 0


def rational_root(value: Fraction) -> RealRoot:
    """A rational number as a root."""
    return RealRoot((-value.numerator, value.denominator), 0)


def compare(a: RealRoot, b: RealRoot) -> int:
    """-1, 0 or 1 as ``a`` is less than, equal to or greater than ``b``: exact."""
    if a == b:
        return 0
    bits = 64
    while True:  # distinct algebraic numbers: some precision separates them
        x, y = a.enclosure(bits), b.enclosure(bits)
        if x < y:
            return -1
        if x > y:
            return 1
        bits *= 2


def roots(p: fmpq_poly) -> list[RealRoot]:
    """The distinct real roots of a nonzero polynomial, in order.

    Examples
    --------
    >>> roots(fmpq_poly([0, -2, 0, 1]))
    [root(x**2 - 2, 0), 0, root(x**2 - 2, 1)]
    """
    found: list[RealRoot] = []
    integer = p.numer()
    for q, _ in integer.factor()[1]:
        coefficients = tuple(int(c) for c in q.coeffs())
        if len(coefficients) == 2:
            found.append(RealRoot(coefficients if coefficients[1] > 0 else (-coefficients[0], -coefficients[1]), 0))
        elif len(coefficients) > 2:
            found += [RealRoot(coefficients, i) for i in range(len(_real_roots(coefficients, 64)))]
    return sorted(found, key=cmp_to_key(compare))


@dataclass(frozen=True)
class Cell:
    """An open interval of ``x > 0`` (``low`` None: 0; ``high`` None: infinity) or a point."""

    low: RealRoot | None = None
    high: RealRoot | None = None
    point: RealRoot | None = None

    def __repr__(self) -> str:
        if self.point is not None:
            return f"x = {self.point!r}"
        return f"{self.low or 0!r} < x < {self.high or 'oo'}"

    def inside(self, candidates: Iterable[RealRoot]) -> list[RealRoot]:
        """Those of the numbers that lie in the open interval, in order."""
        zero = rational_root(Fraction(0))
        low = self.low or zero
        chosen = [
            r for r in candidates
            if self.point is None and compare(low, r) < 0 and (self.high is None or compare(r, self.high) < 0)
        ]
        return sorted(set(chosen), key=cmp_to_key(compare))

    def split(self, points: list[RealRoot]) -> list[Cell]:
        """The intervals and points into which interior points cut this interval."""
        cells: list[Cell] = []
        low = self.low
        for p in points:
            cells += [Cell(low, p), Cell(point=p)]
            low = p
        return [*cells, Cell(low, self.high)]

    def bounds(self) -> tuple[Fraction, Fraction | None]:
        """Rational outer bounds."""
        if self.point is not None:
            return _outer(self.point, -1), _outer(self.point, 1)
        low = Fraction(0) if self.low is None else max(Fraction(0), _outer(self.low, -1))
        return low, None if self.high is None else _outer(self.high, 1)

    def sample(self) -> Fraction:
        """A rational number inside an open cell (the point itself if it is rational)."""
        if self.point is not None:
            value = self.point.rational
            return value if value is not None else _outer(self.point, 1)
        bits = 64
        while True:
            low = Fraction(0) if self.low is None else _outer(self.low, 1, bits)
            if self.high is None:
                return Fraction(low.__ceil__() + 1)
            high = _outer(self.high, -1, bits)
            if low < high:
                return _simplest(low, high)
            bits *= 2


def _outer(r: RealRoot, side: int, bits: int = 64) -> Fraction:
    if r.rational is not None:
        return r.rational
    b = r.enclosure(bits)
    edge = b.lower() if side < 0 else b.upper()
    mantissa, exponent = edge.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    """A dyadic rational strictly between, with few bits."""
    scale = 1
    while True:
        candidate = Fraction((low * scale).__floor__() + 1, scale)
        if low < candidate < high:
            return candidate
        scale *= 2


def polynomial_ratio(t: Term) -> tuple[fmpq_poly, fmpq_poly] | None:
    """A term as a quotient of rational polynomials in ``x``, or None if it is none as written."""
    memo: dict[Term, tuple[fmpq_poly, fmpq_poly] | None] = {}
    for node in t.walk():
        memo[node] = _ratio(node, memo)
        if memo[node] is None and node.op != "num":
            return None
    return memo[t]


def _ratio(t: Term, memo: dict[Term, tuple[fmpq_poly, fmpq_poly] | None]) -> tuple[fmpq_poly, fmpq_poly] | None:
    one = fmpq_poly([1])
    if t.op == "x":
        return fmpq_poly([0, 1]), one
    if t.value is not None:
        return fmpq_poly([fmpq(t.value.numerator, t.value.denominator)]), one
    parts = [memo[a] for a in t.args]
    pairs = [p for p in parts if p is not None]
    if len(pairs) != len(parts) or sum(p[0].degree() + p[1].degree() for p in pairs) > 400:
        return None
    if t.op == "add":
        num, den = pairs[0]
        for n, d in pairs[1:]:
            num, den = num * d + n * den, den * d
        return num, den
    if t.op == "mul":
        num, den = pairs[0]
        for n, d in pairs[1:]:
            num, den = num * n, den * d
        return num, den
    if t.op == "pow" and t.args[1].value is not None and t.args[1].value.denominator == 1:
        k = int(t.args[1].value)
        num, den = pairs[0]
        if abs(k) * max(num.degree(), den.degree(), 1) > 400 or (k < 0 and num.is_zero()):
            return None
        return (num**k, den**k) if k >= 0 else (den**-k, num**-k)
    return None
