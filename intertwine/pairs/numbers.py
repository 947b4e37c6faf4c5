"""Exact guesses for real numbers known to many digits.  A guess is never believed: it is put to a proof."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from flint import arb

from intertwine.calculus.constants import simplified
from intertwine.calculus.enclosure import precision
from intertwine.terms import PI, Term, apply, mul, num, power

BITS = 256
TALLEST = 10_000


def guesses(x: arb) -> Iterator[Term]:
    """Constants in closed form near a narrow ball: rationals, roots of rationals, logarithms, multiples of pi.

    Examples
    --------
    >>> with precision(BITS):
    ...     x = arb(3).log() / 2
    >>> next(guesses(x))
    log(3)/2
    """
    with precision(BITS):
        plain = rational_near(x)
        if plain is not None:
            yield num(plain)
            return
        turns = rational_near(x / arb.pi())
        if turns is not None:
            yield simplified(mul(num(turns), PI))
        size = abs(x)
        sign = num(1 if x > 0 else -1)
        for k in (2, 3, 4):
            root = rational_near(size**k)
            if root is not None:
                yield simplified(mul(sign, power(num(root), num(1, k))))
        for k in (1, 2, 3, 4, 6):
            if size * k > 40:
                break
            value = rational_near((x * k).exp())
            if value is not None:
                yield simplified(apply("log", num(value)) / k)
        value = rational_near((x * x).exp())
        if value is not None:
            yield simplified(mul(sign, power(apply("log", num(value)), num(1, 2))))
        square = rational_near(x * x / arb.pi())
        if square is not None:
            yield simplified(mul(sign, power(mul(num(square), PI), num(1, 2))))
        square = rational_near(x * x * arb.pi())
        if square is not None:
            yield simplified(mul(sign, power(num(square) / PI, num(1, 2))))


def rational_near(x: arb) -> Fraction | None:
    """A rational number of small height in a narrow ball."""
    if not x.is_finite() or x.rad() > arb(2) ** -60 or abs(x) > 10**12:
        return None
    mantissa, exponent = x.mid().man_exp()
    exact = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    guess = exact.limit_denominator(TALLEST)
    return guess if abs(exact - guess) < Fraction(1, 2**55) else None
