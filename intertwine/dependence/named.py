"""Constants that a coefficient may be a rational multiple of: where to look, before anything is proved."""

from __future__ import annotations

from fractions import Fraction

from flint import arb

from intertwine.calculus.enclosure import Unclear, UndefinedAt, enclose, precision
from intertwine.dependence.elimination import plain_fraction
from intertwine.terms import PI, E, Term, add, apply, mul, num, power

_HALF = num(1, 2)
_KNOWN = (
    PI, power(num(2), _HALF), power(num(3), _HALF), power(PI, _HALF), E, apply("log", num(2)), power(PI, num(-1)),
    power(PI, num(-1, 2)),
)  # fmt: skip
MOST = 24


def constants_of(functions: tuple[Term, ...]) -> tuple[Term, ...]:
    """Well-known constants, and those that occur in the functions."""
    inside = dict.fromkeys(
        a for f in functions for node in f.walk() if node.has_x for a in node.args
        if not a.has_x and a.value is None and not a.is_condition
    )
    return tuple(dict.fromkeys((*_KNOWN, *list(inside)[:MOST])))


def named_constant(ball: arb, bits: int, constants: tuple[Term, ...]) -> Term | None:
    """A fraction, or a fraction times one of the constants, that the ball may be.

    Examples
    --------
    >>> with precision(200):
    ...     value = -arb.pi() / 2
    >>> named_constant(value, 200, _KNOWN)
    -pi/2
    """
    plain = plain_fraction(ball, bits)
    if plain is not None:
        return num(plain)
    for c in constants:
        try:
            with precision(bits):
                factor = plain_fraction(ball / enclose(c, Fraction(1), bits), bits)
        except (Unclear, UndefinedAt):
            continue
        if factor:
            return c if factor == 1 else mul(num(factor), c)
    return None


def negative(c: Term) -> Term:
    """The negative of a constant, with the sign inside.

    Examples
    --------
    >>> negative(PI - 2)
    2 - pi
    """
    if c.value is not None:
        return num(-c.value)
    if c.op == "add":
        return add(*map(negative, c.args))
    if c.op == "mul" and c.args[0].value is not None:
        rest = mul(*c.args[1:])
        return rest if c.args[0].value == -1 else mul(num(-c.args[0].value), rest)
    if c.op == "mul" and c.args[0].op == "add":
        return mul(negative(c.args[0]), *c.args[1:])
    return mul(num(-1), c)


def below_zero(c: Term) -> bool:
    """Whether a constant is written with a minus sign in front (of each of its summands)."""
    if c.value is not None:
        return c.value < 0
    if c.op == "add":
        return all(map(below_zero, c.args))
    return c.op == "mul" and below_zero(c.args[0])
