"""Whether a ratio of real constants, or of their logarithms, is rational, and which rational.

Every function answers with certainty or raises :class:`~intertwine.errors.Undecided`. That no rational exists
is proved by bounds on its denominator (algebraic numbers) or by transcendence theorems (see
:mod:`intertwine.groups.independence`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import sympy as sp
from flint import arb

from intertwine.errors import IntertwineError, Undecided
from intertwine.groups.balls import enclose, interval, simplest_between
from intertwine.groups.exact import MAX_BITS, MAX_EXPONENT, as_exact, equal, refinements, sign
from intertwine.groups.forms import ONE, UNIT, Form, Quotient, as_fraction, as_sympy, logarithm, quotient, times
from intertwine.groups.heights import MAX_DEGREE, Height, exponent_bound, height
from intertwine.groups.independence import by_transcendentals, independent, one_variable
from intertwine.groups.text import show


def rational_ratio(a: object, b: object) -> Fraction | None:
    """The ratio a/b of two non-zero real constants when it is rational, ``None`` when it is proved irrational.

    Raises
    ------
    Undecided
        If neither could be shown.

    Examples
    --------
    >>> rational_ratio(3 * sp.pi, 2 * sp.pi)
    Fraction(3, 2)
    >>> rational_ratio(sp.log(3), sp.log(2)) is None
    True
    """
    left, right = as_exact(a), as_exact(b)
    if sign(left) == 0 or sign(right) == 0:
        raise IntertwineError("the ratio of two numbers is asked for, and one of them is zero")
    if left == right:
        return Fraction(1)
    h, k = height(left), height(right)
    if h is not None and k is not None:
        return _algebraic_ratio(left, h, right, k)
    f, g = quotient(left), quotient(right)
    return _form_ratio(times(f.top, g.bottom), times(g.top, f.bottom))


def _algebraic_ratio(left: sp.Expr, h: Height, right: sp.Expr, k: Height) -> Fraction | None:
    if isinstance(left, sp.Rational) and isinstance(right, sp.Rational):
        return as_fraction(left) / as_fraction(right)
    # h(left/right) <= h + k bounds numerator and denominator of a rational ratio.
    size = h.bound + k.bound
    if size > MAX_BITS / 4:
        raise Undecided(f"it could not be settled whether {show(left)} and {show(right)} have a rational ratio")
    bits = int(2 * size / math.log(2)) + 16
    return _rational_near(left / right, 1 << (bits // 2), lambda r: equal(left, as_sympy(r) * right))


def _rational_near(
    x: sp.Expr, largest: int, confirm: Callable[[Fraction], bool]
) -> Fraction | None:
    """The rational of denominator at most ``largest`` that x is, if it is one."""
    gap = Fraction(1, 2 * largest * largest)
    for ball in refinements(x, 2 * largest.bit_length() + 64, MAX_BITS):
        low, high = interval(ball)
        candidate = simplest_between(low, high)
        if candidate.denominator > largest:
            return None
        if high - low < gap:
            return candidate if confirm(candidate) else None
    raise Undecided(f"it could not be settled whether {show(x)} is rational")


def _form_ratio(f: Form, g: Form) -> Fraction | None:
    """The rational r with f = r*g, for forms with non-zero values."""
    left, right = by_transcendentals(f), by_transcendentals(g)
    ratio: Fraction | None = None
    proportional = True
    for key in left.keys() | right.keys():
        a, b = left.get(key, sp.S.Zero), right.get(key, sp.S.Zero)
        zero = (sign(a) == 0, sign(b) == 0)
        if all(zero):
            continue
        r = None if any(zero) else rational_ratio(a, b)
        if r is None or (ratio is not None and r != ratio):
            proportional = False
            break
        ratio = r
    if proportional and ratio is not None:
        return ratio
    if independent(left.keys() | right.keys(), commensurability):
        return None
    raise Undecided("it could not be settled whether two constants have a rational ratio")


def integer_log(a: object, g: object) -> int | None:
    """The integer k with ``a == g**k`` for positive constants, g != 1; ``None`` when it is proved that there is none.

    Raises
    ------
    Undecided
        If neither could be shown.

    Examples
    --------
    >>> integer_log(sp.Rational(1, 8), 2), integer_log(10, 2)
    (-3, None)
    """
    left, right = as_exact(a), as_exact(g)
    for ball in refinements(sp.log(left) / sp.log(right), 64, 1 << 12):
        low, high = interval(ball)
        k = math.ceil(low)
        if k > high:
            return None
        if high - low < Fraction(1, 4):
            if abs(k) > MAX_EXPONENT:
                continue
            return k if equal(left, right**k) else None
    raise Undecided(f"it could not be settled whether {show(left)} is a power of {show(right)}")


def commensurability(a: object, b: object) -> Fraction | None:
    """log a / log b for positive a, b != 1, when it is rational; ``None`` when it is proved irrational.

    The ratio is p/q exactly when ``a**q == b**p``, that is when the groups generated by a and b meet
    in more than 1.

    Parameters
    ----------
    a, b : int, fractions.Fraction or sympy.Expr
        Positive exact numbers other than 1.

    Raises
    ------
    Undecided
        If neither could be shown.
    IntertwineError
        If a number is not positive or is 1.

    Notes
    -----
    Algebraic a and b: if ``a**q == b**p`` with coprime p, q, then both are powers of one c in their field,
    ``b == c**q``, and Voutier's lower bound for the height of c bounds q. Within that bound at
    most one fraction fits a sufficiently small ball around log a / log b, and it is tested exactly.
    Otherwise log a and log b are compared as linear forms, by Baker's theorem where it applies.

    Examples
    --------
    >>> commensurability(8, 4)
    Fraction(3, 2)
    >>> commensurability(2, 3) is None
    True
    >>> commensurability(sp.exp(2 * sp.pi), sp.exp(sp.pi / 3))
    Fraction(6, 1)
    """
    left, right = as_exact(a), as_exact(b)
    for x in (left, right):
        if sign(x) <= 0 or equal(x, 1):
            raise IntertwineError(f"a positive number other than 1 is needed, not {show(x)}")
    if left == right:
        return Fraction(1)
    h, k = height(left), height(right)
    if h is not None and k is not None:
        return _multiplicative_relation(left, h, right, k)
    f, g = quotient(left), quotient(right)
    log_f, log_g = logarithm(f), logarithm(g)
    try:
        return _form_ratio(times(log_f.top, log_g.bottom), times(log_g.top, log_f.bottom))
    except Undecided:
        # A power of an algebraic number is algebraic.
        if (h is not None and _is_transcendental(g)) or (k is not None and _is_transcendental(f)):
            return None
        raise Undecided(f"it could not be settled whether powers of {show(left)} and {show(right)} coincide") from None


def _is_transcendental(number: Quotient) -> bool:
    """Whether a constant is known to be a non-constant polynomial in one transcendental number."""
    parts = by_transcendentals(number.top)
    if number.bottom != ONE or not one_variable(parts.keys() | {UNIT}):
        return False
    return any(sign(c) != 0 for key, c in parts.items() if key != UNIT)


def _multiplicative_relation(a: sp.Expr, h: Height, b: sp.Expr, k: Height) -> Fraction | None:
    degree = h.joined(k, 0.0).degree
    if degree > MAX_DEGREE:
        raise Undecided(f"it could not be settled whether powers of {show(a)} and {show(b)} coincide")
    largest = exponent_bound(k.bound, degree)

    def confirm(r: Fraction) -> bool:
        p, q = r.numerator, r.denominator
        size = (q * h.bound + abs(p) * k.bound + math.log(2)) * degree
        return _is_tiny_enough(q * sp.log(a) - p * sp.log(b), size)

    return _rational_near(sp.log(a) / sp.log(b), largest, confirm)


def _is_tiny_enough(difference: sp.Expr, size: float) -> bool:
    """Whether q log a = p log b, when a**q / b**p - 1 has a height times degree of at most ``size``.

    If that number is not 0, Liouville gives it at least exp(-size), and its logarithm at least half of that.
    """
    limit = (-arb(size) * (1 + arb(2) ** -20)).exp() / 2
    needed = int(size / math.log(2)) + 64
    for bits in (128, 1024, needed, 4 * needed):
        if bits > 4 * MAX_BITS:
            raise Undecided("powers of two constants agree to too many digits to be compared")
        ball = enclose(difference, bits)
        if ball > 0 or ball < 0:
            return False
        if ball.is_finite() and ball.abs_upper() < limit:
            return True
    raise Undecided("powers of two constants could not be compared")
