"""Exact decisions about real constants: sign and equality.

Every function answers with certainty or raises :class:`~intertwine.errors.Undecided`. That two numbers differ is
proved by rigorous balls; that they agree, by Liouville's inequality (algebraic numbers) or by a normal form
(constants built with exp, log and pi).
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterator
from fractions import Fraction

import sympy as sp
from flint import arb

from intertwine.errors import IntertwineError, Undecided
from intertwine.groups.balls import enclose
from intertwine.groups.forms import UNIT, Form, Monomial, quotient
from intertwine.groups.heights import Height, height, liouville
from intertwine.groups.independence import by_transcendentals
from intertwine.groups.text import show

MAX_BITS = 1 << 18
MAX_EXPONENT = 1 << 16
_FORBIDDEN = (sp.I, sp.nan, sp.zoo, sp.oo, -sp.oo)


def as_exact(value: object) -> sp.Expr:
    """A number given by a caller as an exact real SymPy constant.

    Parameters
    ----------
    value : int, fractions.Fraction or sympy.Expr
        The number; floats are refused, since 0.1 is not a tenth.

    Returns
    -------
    sympy.Expr

    Raises
    ------
    IntertwineError
        If the value is a float, holds a symbol, or is not a real number.

    Examples
    --------
    >>> as_exact(Fraction(1, 3))
    1/3
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Rational | sp.Expr):
        if isinstance(value, numbers.Real):
            raise IntertwineError(f"{value!r} is not exact: use exact numbers, e.g. Rational(1, 2)")
        raise IntertwineError(f"{value!r} is not an exact real number, e.g. Rational(1, 2) or sqrt(2)")
    if not isinstance(value, sp.Expr):
        return sp.Rational(int(value.numerator), int(value.denominator))
    if isinstance(value, sp.Rational):
        return value
    if value.has(sp.Float):
        raise IntertwineError(f"{show(value)} is not exact: use exact numbers, e.g. Rational(1, 2)")
    if value.free_symbols:
        raise IntertwineError(f"{show(value)} is not a number: it depends on {min(map(str, value.free_symbols))}")
    if value.has(*_FORBIDDEN):
        raise IntertwineError(f"{show(value)} is not a real number")
    enclose(value, 64)  # refuses what it cannot evaluate
    return value


def sign(number: object) -> int:
    """The sign of a real constant: -1, 0 or 1.

    Raises
    ------
    Undecided
        If the number is too small to be told from zero and no identity shows that it is zero.
    IntertwineError
        If it is not an exact real number.

    Examples
    --------
    >>> sign(sp.sqrt(2) + sp.sqrt(3) - sp.sqrt(5 + 2 * sp.sqrt(6)))
    0
    >>> sign(sp.exp(sp.pi) - 23)
    1
    """
    x = as_exact(number)
    if isinstance(x, sp.Rational):
        return int(sp.sign(x))
    for ball in refinements(x, 64, 512):
        if ball > 0 or ball < 0:
            return 1 if ball > 0 else -1
    if _vanishes(x):
        return 0
    for ball in refinements(x, 1024, 1 << 15):
        if ball > 0 or ball < 0:
            return 1 if ball > 0 else -1
    raise Undecided(f"it could not be settled whether {show(x)} is zero")


def is_zero(number: object) -> bool:
    """Whether a real constant is zero; see :func:`sign`."""
    return sign(number) == 0


def equal(a: object, b: object) -> bool:
    """Whether two real constants are the same number; see :func:`sign`.

    Examples
    --------
    >>> equal(sp.log(8), 3 * sp.log(2))
    True
    """
    left, right = as_exact(a), as_exact(b)
    return bool(left == right) or sign(left - right) == 0


def refinements(x: sp.Expr, start: int, stop: int) -> Iterator[arb]:
    """Finite balls around a constant, of doubling precision."""
    bits = start
    while bits <= stop:
        ball = enclose(x, bits)
        if ball.is_finite():
            yield ball
        bits *= 2


def _vanishes(x: sp.Expr) -> bool:
    """Whether it is *proved* that a constant is zero."""
    found = height(x)
    if found is not None:
        return algebraic_zero(x, found)
    try:
        return form_vanishes(quotient(x).top)
    except Undecided:
        return False


def form_vanishes(form: Form) -> bool:
    """Whether it is *proved* that the value of a form is zero."""
    try:
        parts = by_transcendentals(form)
        if parts.keys() == {UNIT}:  # algebraic, but of too large a degree: nothing has been separated
            return False
        left = {key: c for key, c in parts.items() if not _vanishes(c)}
        return not left or _logarithms_cancel(left)
    except Undecided:
        return False


def _logarithms_cancel(parts: dict[Monomial, sp.Expr]) -> bool:
    """Whether a rational combination of logarithms of algebraic numbers is zero: their product is 1."""
    product: sp.Expr = sp.S.One
    common = math.lcm(*(int(c.q) for c in parts.values() if isinstance(c, sp.Rational)))
    for key, c in parts.items():
        atom, e = next(iter(key), (sp.S.One, Fraction(0)))
        if len(key) != 1 or e != 1 or not isinstance(atom, sp.log) or not isinstance(c, sp.Rational):
            return False
        if abs(c * common) > MAX_EXPONENT:
            return False
        product *= atom.args[0] ** (c * common)
    found = height(product - 1)
    return found is not None and algebraic_zero(product - 1, found)


def algebraic_zero(x: sp.Expr, found: Height) -> bool:
    if isinstance(x, sp.Rational):
        return bool(x == 0)
    bound = liouville(found)
    needed = int(bound / math.log(2)) + 64
    if needed > MAX_BITS:
        return False
    limit = (-arb(bound)).exp()
    for ball in refinements(x, needed, 16 * needed):
        if ball > 0 or ball < 0:
            return False
        if ball.abs_upper() < limit:
            return True
    return False


def to_float(number: object) -> float:
    """The float nearest to a real constant, up to one unit in the last place.

    Raises
    ------
    IntertwineError
        If the number is too large for a float, or so small that it would become 0.

    Examples
    --------
    >>> to_float(sp.exp(sp.pi))
    23.14069263277927
    """
    x = as_exact(number)
    for ball in refinements(x, 128, 1 << 15):
        if ball.rel_accuracy_bits() > 60 or ball == 0:
            value = float(ball)
            if math.isinf(value) or (value == 0 and not ball == 0):
                raise IntertwineError(f"{show(x)} is outside the range of floats")
            return value
    if sign(x) == 0:
        return 0.0
    raise Undecided(f"{show(x)} could not be evaluated")
