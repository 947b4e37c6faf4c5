"""Intervals and points of the half-line ``x > 0`` whose ends are real algebraic numbers.

Roots are isolated by Sturm's theorem, in rational arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cmp_to_key

from flint import arb, fmpq, fmpq_poly, fmpz_poly

from intertwine.certificates.analysis.clock import TooHard, tick
from intertwine.certificates.analysis.spans import exact

LARGEST_DEGREE, LARGEST_TO_FACTOR, LONGEST_COEFFICIENT = 60, 200, 20_000


def _rational(q: fmpq) -> Fraction:
    return Fraction(int(q.p), int(q.q))


def _sign(p: fmpq_poly, at: Fraction) -> int:
    value = p(fmpq(at.numerator, at.denominator))
    return 1 if value > 0 else -1 if value < 0 else 0


class Root:
    """The ``index``-th real root, from the left, of an irreducible polynomial with integer coefficients."""

    def __init__(self, coefficients: tuple[int, ...], index: int, low: Fraction, high: Fraction) -> None:
        self.coefficients, self.index = coefficients, index
        self.polynomial = fmpq_poly(list(coefficients))
        self._low, self._high = low, high

    @property
    def rational(self) -> Fraction | None:
        """The number itself if it is rational."""
        b, a = self.coefficients[:2]
        return Fraction(-b, a) if len(self.coefficients) == 2 else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Root) and (self.coefficients, self.index) == (other.coefficients, other.index)

    def __hash__(self) -> int:
        return hash((self.coefficients, self.index))

    def between(self, width: Fraction) -> tuple[Fraction, Fraction]:
        """Rational numbers below and above (both the number itself if it is rational), not further apart than this."""
        if self.rational is not None:
            return self.rational, self.rational
        while self._high - self._low > width:
            tick()
            middle = (self._low + self._high) / 2
            if _sign(self.polynomial, middle) == _sign(self.polynomial, self._low):
                self._low = middle
            else:
                self._high = middle
        return self._low, self._high

    def ball(self, bits: int) -> arb:
        """A ball around the number."""
        low, high = self.between(Fraction(1, 2**bits))
        return exact(low).union(exact(high)) if low != high else exact(low)

    def __lt__(self, other: Root) -> bool:
        return compare(self, other) < 0


def compare(a: Root, b: Root) -> int:
    """-1, 0 or 1, exactly."""
    if a == b:
        return 0
    if a.coefficients == b.coefficients:
        return -1 if a.index < b.index else 1
    width = Fraction(1, 16)
    while True:  # two different numbers
        (low, high), (start, stop) = a.between(width), b.between(width)
        if high <= start or stop <= low:
            return -1 if high <= start else 1
        width /= 256


def point(value: Fraction) -> Root:
    """A rational number as a root."""
    return Root((-value.numerator, value.denominator), 0, value, value)


@cache
def _isolated(coefficients: tuple[int, ...]) -> tuple[tuple[Fraction, Fraction], ...]:
    """Disjoint intervals with rational ends, one for each real root; the polynomial is irreducible and not linear."""
    p = fmpq_poly(list(coefficients))
    chain = [p, p.derivative()]
    while chain[-1].degree() > 0:
        tick()
        chain.append(-(chain[-2] % chain[-1]))

    def variations(at: Fraction) -> int:
        signs = [s for s in (_sign(q, at) for q in chain) if s]
        return sum(1 for s, t in zip(signs, signs[1:], strict=False) if s != t)

    bound = Fraction(2 + max(abs(c) for c in coefficients[:-1]) // abs(coefficients[-1]))
    found: list[tuple[Fraction, Fraction]] = []
    stack = [(-bound, bound, variations(-bound), variations(bound))]
    while stack:
        tick()
        low, high, left, right = stack.pop()
        if left - right == 1:
            found.append((low, high))
        elif left - right > 1:
            middle = (low + high) / 2
            inner = variations(middle)
            stack += [(low, middle, left, inner), (middle, high, inner, right)]
    return tuple(sorted(found))


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
        if len(coefficients) == 2:
            found.append(point(Fraction(-coefficients[0], coefficients[1])))
        else:
            found += [Root(coefficients, i, *ends) for i, ends in enumerate(_isolated(coefficients))]
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
