"""Numbers to hold the calculus against: mpmath through the oracle, and balls as mpmath numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
from flint import arb
from hypothesis import settings

from intertwine.calculus.cells import Cell, RealRoot, compare, rational_root
from intertwine.terms import Term
from tests.oracle import evaluate

DIGITS = 30
MISSING = "beyond the reach of mpmath"


def value(term: Term, point: Any, digits: int = DIGITS) -> Any:
    """A number, None where the literal expression is undefined, or ``MISSING``.

    Missing also when 40 more digits change the answer: digits were lost on the way.
    """
    try:
        v, again = evaluate(term, point, digits), evaluate(term, point, digits + 40)
        if (v is None) != (again is None):
            return MISSING
        return v if v is None or isinstance(v, bool) or _same(v, again, digits) else MISSING
    except (OverflowError, ZeroDivisionError, mpmath.libmp.NoConvergence):
        return MISSING
    except KeyError:  # digamma and the derivatives of Airy functions are no part of the language
        return MISSING


def _same(v: Any, again: Any, digits: int) -> bool:
    with mpmath.workdps(digits + 40):
        return bool(abs(v - again) <= mpmath.mpf(10) ** (-digits + 5) * (abs(v) + abs(again)))


def examples(count: int) -> settings:
    """So many random examples, and in proportion more under a profile that searches."""
    usual = settings.default.max_examples if settings.default is not None else 100
    return settings(max_examples=count * usual // 100)


def known(v: Any) -> bool:
    """Whether the oracle gave a number."""
    return v is not None and v is not MISSING


def to_mpf(end: arb) -> Any:
    """The exact midpoint of a finite ball."""
    mantissa, exponent = end.mid().man_exp()
    with mpmath.workprec(int(mantissa).bit_length() + 8):
        return mpmath.ldexp(mpmath.mpf(int(mantissa)), int(exponent))


def fraction(v: Any) -> Any:
    """A Fraction as an mpmath number at the working precision."""
    return mpmath.mpf(v.numerator) / v.denominator if isinstance(v, Fraction) else mpmath.mpf(v)


def ball_contains(ball: arb, v: Any, digits: int = DIGITS) -> bool:
    """Whether a ball contains a number that is known to ``digits`` digits."""
    with mpmath.workdps(digits + 60):
        slack = mpmath.mpf(10) ** (-digits) * (1 + abs(v))
        return bool(to_mpf(ball.lower()) - slack <= v <= to_mpf(ball.upper()) + slack)


def close(a: Any, b: Any, digits: int = 15) -> bool:
    """Whether two numbers agree, relatively or near zero."""
    return bool(abs(a - b) <= mpmath.mpf(10) ** (-digits) * (1 + abs(a) + abs(b)))


def slope(term: Term, point: Any, order: int = 1, digits: int = DIGITS) -> Any:
    """A numeric derivative of the oracle by central differences, good to about ``digits`` digits."""
    with mpmath.workdps(4 * digits + 15):
        h = mpmath.mpf(10) ** (-digits)
        p = fraction(point)
        values = [value(term, p + k * h, 4 * digits) for k in (-1, 0, 1)]
        if not all(known(v) for v in values):
            return MISSING
        low, middle, high = values
        return (high - low) / (2 * h) if order == 1 else (high - 2 * middle + low) / h**2


def side(r: RealRoot, p: Fraction) -> int:
    """-1, 0 or 1 as a fraction lies left of, at, or right of an algebraic number."""
    return compare(rational_root(p), r)


def holds(cell: Cell, p: Fraction) -> bool:
    """Whether a positive fraction lies in a cell."""
    if cell.point is not None:
        return side(cell.point, p) == 0
    return p > 0 and (cell.low is None or side(cell.low, p) > 0) and (cell.high is None or side(cell.high, p) < 0)
