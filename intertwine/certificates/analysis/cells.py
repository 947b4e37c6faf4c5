"""Intervals and points of the half-line ``x > 0`` whose ends are real algebraic numbers.

Roots are isolated by FLINT, in balls that are proved to be disjoint, and real where they say so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cmp_to_key

from flint import arb, ctx, fmpq_poly, fmpz_poly

from intertwine.certificates.analysis.clock import Obstacle, tick
from intertwine.certificates.analysis.spans import exact

LARGEST_DEGREE, LARGEST_TO_FACTOR, LONGEST_COEFFICIENT = 60, 200, 20_000


class TooHard(Obstacle):
    """Outside what the checker can do: the certificate will not be accepted."""


@dataclass(frozen=True)
class Root:
    """The ``index``-th real root, from the left, of an irreducible polynomial with integer coefficients."""

    coefficients: tuple[int, ...]
    index: int = 0

    @property
    def rational(self) -> Fraction | None:
        """The number itself if it is rational."""
        b, a = self.coefficients[:2]
        return Fraction(-b, a) if len(self.coefficients) == 2 else None

    def ball(self, bits: int) -> arb:
        """A ball around the number, relatively small."""
        value = self.rational
        with ctx.workprec(bits):
            return _isolated(self.coefficients, bits)[self.index] if value is None else exact(value)

    def between(self, width: Fraction) -> tuple[Fraction, Fraction]:
        """Rational numbers below and above (both the number itself if it is rational), not further apart than this."""
        bits = 64
        while self.rational is None:
            tick()
            ball = self.ball(bits)
            low, high = (Fraction(int(q.p), int(q.q)) for q in (ball.lower().fmpq(), ball.upper().fmpq()))
            if high - low <= width:
                return low, high
            bits *= 2
        return self.rational, self.rational

    def __lt__(self, other: Root) -> bool:
        return compare(self, other) < 0


@cache
def _isolated(coefficients: tuple[int, ...], bits: int) -> list[arb]:
    """Disjoint balls around the real roots of an irreducible polynomial, from left to right."""
    tick()
    with ctx.workprec(bits):
        found = fmpz_poly(list(coefficients)).complex_roots()
    return sorted((z.real for z, _ in found if z.imag == 0), key=lambda v: v.mid())


def compare(a: Root, b: Root) -> int:
    """-1, 0 or 1, exactly."""
    if a == b:
        return 0
    bits = 64
    while True:  # two different numbers
        tick()
        u, v = a.ball(bits), b.ball(bits)
        if u < v or u > v:
            return -1 if u < v else 1
        bits *= 2


def point(value: Fraction) -> Root:
    """A rational number as a root."""
    return Root((-value.numerator, value.denominator))


def roots(p: fmpq_poly | fmpz_poly) -> list[Root]:
    """The different real roots of a polynomial that is not zero, from left to right.

    Examples
    --------
    >>> [r.rational for r in roots(fmpz_poly([0, -1, 0, 1]))]
    [Fraction(-1, 1), Fraction(0, 1), Fraction(1, 1)]
    """
    whole = p if isinstance(p, fmpz_poly) else p.numer()
    found: list[Root] = []
    low = next((k for k, c in enumerate(whole.coeffs()) if c), 0)
    if low:
        whole = whole.right_shift(low)
        found.append(point(Fraction(0)))
    if whole.degree() > LARGEST_TO_FACTOR or whole.height_bits() > LONGEST_COEFFICIENT:
        raise TooHard("a polynomial of too large a degree")
    for factor, _ in whole.factor()[1]:
        if factor.degree() < 1:
            continue
        if factor.degree() > LARGEST_DEGREE:
            raise TooHard("a polynomial of too large a degree")
        if factor[factor.degree()] < 0:
            factor = -factor
        coefficients = tuple(int(c) for c in factor.coeffs())
        count = 1 if len(coefficients) == 2 else len(_isolated(coefficients, 64))
        found += [Root(coefficients, i) for i in range(count)]
    return sorted(found, key=cmp_to_key(compare))


@dataclass(frozen=True)
class Cell:
    """An open interval of ``x > 0`` (``low`` None: 0; ``high`` None: infinity), or a single point of it."""

    low: Root | None = None
    high: Root | None = None
    at: Root | None = None

    def inside(self, numbers: Iterable[Root]) -> list[Root]:
        """Those numbers that lie in the open interval, in order and without repetition."""
        if self.at is not None:
            return []
        low = self.low or point(Fraction(0))
        chosen = {r for r in numbers if low < r and (self.high is None or r < self.high)}
        return sorted(chosen, key=cmp_to_key(compare))

    def cut(self, numbers: list[Root]) -> list[Cell]:
        """The intervals and points into which inner points, in order, divide the interval."""
        cells, low = [], self.low
        for r in numbers:
            cells += [Cell(low, r), Cell(at=r)]
            low = r
        return [*cells, Cell(low, self.high)]

    def bounds(self) -> tuple[Fraction, Fraction | None]:
        """Rational numbers with the cell between them."""
        if self.at is not None:
            low, high = self.at.between(Fraction(1, 2**64))
            return max(low, Fraction(0)), high
        low = Fraction(0) if self.low is None else max(Fraction(0), self.low.between(Fraction(1, 2**64))[0])
        return low, None if self.high is None else self.high.between(Fraction(1, 2**64))[1]

    def samples(self, count: int = 1) -> list[Fraction]:
        """Rational points of an open cell (of a point, the point itself if it is rational)."""
        if self.at is not None:
            return [] if self.at.rational is None else [self.at.rational]
        width = Fraction(1, 16)
        while True:
            low = Fraction(0) if self.low is None else self.low.between(width)[1]
            if self.high is None:
                return [low + k + Fraction(k - 1, 7) for k in range(1, count + 1)]
            high = self.high.between(width)[0]
            if low < high:
                return [low + (high - low) * Fraction(k, count + 1) for k in range(1, count + 1)]
            width /= 16
