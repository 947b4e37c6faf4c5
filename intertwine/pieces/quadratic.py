"""Constants ``a + b*sqrt(d)`` with rational ``a`` and ``b``, in that form."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

from intertwine.terms import Term, add, mul, num, power

Surd = tuple[Fraction, Fraction, int]  # (a, b, d); b = 0 goes with d = 1
ZERO, ONE = Fraction(0), Fraction(1)


def square_factor(d: int) -> tuple[int, int]:
    """``(s, t)`` with ``d = s*s*t``; small square factors are found.

    Examples
    --------
    >>> square_factor(72), square_factor(49)
    ((6, 2), (7, 1))
    """
    outside, k = 1, 2
    while k * k <= d and k < 1000:
        while d % (k * k) == 0:
            d, outside = d // (k * k), outside * k
        k += 1
    whole = isqrt(d)
    return (outside * whole, 1) if whole * whole == d else (outside, d)


def surd_term(a: Fraction, b: Fraction, d: int) -> Term:
    """``a + b*sqrt(d)`` as a term."""
    if not b:
        return num(a)
    return add(mul(num(b), power(num(d), num(1, 2))), num(a))


def rationalised(t: Term) -> Term | None:
    """A constant built from rationals and one square root as ``a + b*sqrt(d)``, or None if it is not of that kind.

    Examples
    --------
    >>> root = power(num(5), num(1, 2))
    >>> rationalised((root - 5) / (root - 1)), rationalised(power(num(3, 2), num(1, 2)))
    (-sqrt(5), sqrt(6)/2)
    """
    value = _value(t)
    return None if value is None else surd_term(*value)


def _value(t: Term) -> Surd | None:
    if t.value is not None:
        return (t.value, ZERO, 1)
    if t.op == "pow":
        return _power(t)
    if t.op not in ("add", "mul"):
        return None
    total: Surd = (ZERO if t.op == "add" else ONE, ZERO, 1)
    for a in t.args:
        value = _value(a)
        if value is None or (value[2] != total[2] and 1 not in (value[2], total[2])):
            return None
        total = _sum(total, value) if t.op == "add" else _product(total, value)
    return total


def _power(t: Term) -> Surd | None:
    base, exponent = _value(t.args[0]), t.args[1].value
    if base is None or exponent is None:
        return None
    if exponent.denominator == 2 and not base[1] and base[0] > 0:
        n, k = base[0], exponent.numerator
        outside, inside = square_factor(n.numerator * n.denominator)
        root: Surd = _tidy(ZERO, Fraction(outside, n.denominator), inside)
        return None if abs(k) > 20 else _whole_power(root, k)
    if exponent.denominator != 1 or abs(exponent) > 20 or (exponent < 0 and not base[0] and not base[1]):
        return None
    return _whole_power(base, int(exponent))


def _whole_power(u: Surd, n: int) -> Surd:
    if n < 0:
        a, b, d = u
        norm = a * a - b * b * d  # not zero: d is no square
        u, n = (a / norm, -b / norm, d), -n
    result: Surd = (ONE, ZERO, 1)
    for _ in range(n):
        result = _product(result, u)
    return result


def _tidy(a: Fraction, b: Fraction, d: int) -> Surd:
    return (a + b, ZERO, 1) if d == 1 else (a, b, d if b else 1)


def _sum(u: Surd, v: Surd) -> Surd:
    return _tidy(u[0] + v[0], u[1] + v[1], max(u[2], v[2]))


def _product(u: Surd, v: Surd) -> Surd:
    d = max(u[2], v[2])
    return _tidy(u[0] * v[0] + u[1] * v[1] * d, u[0] * v[1] + u[1] * v[0], d)
