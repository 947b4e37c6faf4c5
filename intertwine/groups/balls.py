"""Rigorous enclosures of real constants: SymPy numbers as python-flint balls.

An enclosure proves that two numbers differ; it never proves that they agree.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import sympy as sp
from flint import arb, ctx, fmpq

from intertwine.errors import IntertwineError
from intertwine.groups.text import show

_FUNCTIONS: dict[str, Callable[[arb], arb]] = {
    "exp": arb.exp, "log": arb.log, "sin": arb.sin, "cos": arb.cos, "tan": arb.tan,
    "asin": arb.asin, "acos": arb.acos, "atan": arb.atan,
    "sinh": arb.sinh, "cosh": arb.cosh, "tanh": arb.tanh,
    "asinh": arb.asinh, "acosh": arb.acosh, "atanh": arb.atanh,
    "gamma": arb.gamma, "LambertW": arb.lambertw, "Abs": abs,
    "erf": arb.erf, "erfc": arb.erfc,
}  # fmt: skip
_CONSTANTS: dict[sp.Expr, Callable[[], arb]] = {
    sp.pi: arb.pi,
    sp.E: arb.const_e,
    sp.EulerGamma: arb.const_euler,
    sp.Catalan: arb.const_catalan,
    sp.GoldenRatio: lambda: (1 + arb(5).sqrt()) / 2,
}
MAX_NODES = 2000


def enclose(number: sp.Expr, bits: int) -> arb:
    """A ball that contains a real constant, computed with the given working precision.

    Parameters
    ----------
    number : sympy.Expr
        A constant built from rationals, pi, E, powers and elementary functions.
    bits : int
        Working precision; the radius of the ball says what came out of it.

    Returns
    -------
    flint.arb
        The ball; not finite when the precision is too low to see that the constant is defined.

    Raises
    ------
    IntertwineError
        If the constant is not real, or holds something that cannot be evaluated.
    """
    with ctx.workprec(bits):
        return _ball(number, {})


def _ball(number: sp.Expr, memo: dict[sp.Expr, arb]) -> arb:
    if number not in memo:
        if len(memo) > MAX_NODES:
            raise IntertwineError("a constant with more than 2000 parts is too large to compare exactly")
        memo[number] = _evaluate(number, memo)
    return memo[number]


def _evaluate(number: sp.Expr, memo: dict[sp.Expr, arb]) -> arb:
    if isinstance(number, sp.Rational):
        return arb(fmpq(int(number.p), int(number.q)))
    if number in _CONSTANTS:
        return _CONSTANTS[number]()
    if isinstance(number, sp.Add):
        return sum((_ball(a, memo) for a in number.args), arb(0))
    if isinstance(number, sp.Mul):
        product = arb(1)
        for a in number.args:
            product *= _ball(a, memo)
        return product
    if isinstance(number, sp.Pow):
        return _power(number, memo)
    name = type(number).__name__
    if len(number.args) == 1 and name in _FUNCTIONS:
        value = _ball(number.args[0], memo)
        if name == "log" and value < 0:
            raise IntertwineError(f"{show(number)} is not a real number: it takes the logarithm of a negative number")
        return _FUNCTIONS[name](value)
    raise IntertwineError(f"{show(number)} cannot be used as an exact real number")


def _power(number: sp.Expr, memo: dict[sp.Expr, arb]) -> arb:
    base, exponent = number.args
    ball = _ball(base, memo)
    if isinstance(exponent, sp.Integer):
        power: arb = ball ** int(exponent)
        return power
    if ball < 0:
        raise IntertwineError(f"{show(number)} is not a real number: its base is negative")
    if isinstance(exponent, sp.Rational) and exponent.q <= 64:
        return ball.root(int(exponent.q)) ** int(exponent.p)
    return (ball.log() * _ball(exponent, memo)).exp()


def interval(ball: arb) -> tuple[Fraction, Fraction]:
    """The two ends of a finite ball, exactly."""
    centre, radius = _dyadic(ball.mid()), _dyadic(ball.rad())
    return centre - radius, centre + radius


def _dyadic(point: arb) -> Fraction:
    mantissa, exponent = (int(v) for v in point.man_exp())
    return Fraction(mantissa) * Fraction(2) ** exponent


def simplest_between(low: Fraction, high: Fraction) -> Fraction:
    """The fraction of least denominator in a closed interval (Stern-Brocot descent).

    Examples
    --------
    >>> simplest_between(Fraction(333, 1000), Fraction(334, 1000))
    Fraction(1, 3)
    """
    # Continued fraction of the interval: peel common integer parts, then rebuild from the inside.
    parts: list[int] = []
    while True:
        floor = low.numerator // low.denominator
        if floor == low or floor + 1 <= high:
            value = Fraction(floor if floor == low else floor + 1)
            break
        parts.append(floor)
        low, high = 1 / (high - floor), 1 / (low - floor)
    for part in reversed(parts):
        value = part + 1 / value
    return value
