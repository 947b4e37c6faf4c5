"""How affine maps, points and intervals are written in a derivation."""

from __future__ import annotations

from fractions import Fraction

from intertwine.explain.wording import text
from intertwine.terms import ONE, ZERO, Term, X, add, mul, num


def near(value: Fraction) -> str:
    """A fraction as text, or as a decimal near it when it is long; the exact one is in the certificate.

    Examples
    --------
    >>> near(Fraction(-1, 3)), near(Fraction(1, 3) + Fraction(1, 2**100))
    ('-1/3', '0.333333...')
    """
    exact = text(value)
    return exact if len(exact) <= 12 else f"{float(value):.6f}..."


def between(low: Fraction, high: Fraction) -> str:
    """An interval for a number, short when it is narrow.

    Examples
    --------
    >>> between(Fraction(-2), Fraction(2)), between(Fraction(1, 3), Fraction(1, 3) + Fraction(1, 2**100))
    ('between -2 and 2', 'within 8e-31 of 1/3')
    >>> between(Fraction(1, 2), Fraction(1, 2))
    'at 1/2'
    """
    if low == high:
        return f"at {near(low)}"
    if high - low < Fraction(1, 10**6):
        simple = low.limit_denominator(1000)
        return f"within {float(high - low):.0e} of {near(simple if low <= simple <= high else low)}"
    return f"between {near(low)} and {near(high)}"


def moved(a: Term, c: Term) -> str:
    """``a*x + c`` as text.

    Examples
    --------
    >>> from intertwine.terms import PI
    >>> moved(num(-1), PI), moved(ONE, num(-2)), moved(num(2), ZERO)
    ('pi - x', 'x - 2', '2*x')
    """
    if a.value == -1 and c != ZERO:
        return f"{text(c)} - x"
    return text(add(mul(a, X), c))


def image(b: Term, d: Term) -> str:
    """``b*s(x) + d`` as text.

    Examples
    --------
    >>> image(num(-1), ONE), image(ONE, num(-2)), image(num(3), ZERO)
    ('1 - s(x)', 's(x) - 2', '3*s(x)')
    """
    factor = "s(x)" if b == ONE else "-s(x)" if b.value == -1 else f"{_bracketed(b)}*s(x)"
    if d == ZERO:
        return factor
    if b.value == -1:
        return f"{text(d)} - s(x)"
    shown = text(d)
    return f"{factor} - {shown[1:]}" if shown.startswith("-") else f"{factor} + {shown}"


def _bracketed(t: Term) -> str:
    return f"({text(t)})" if t.op == "add" else text(t)


def is_reflection(a: Term) -> bool:
    """Whether ``t -> at + c`` is a reflection."""
    return a.value == -1


def middle(c: Term) -> Term:
    """The centre of ``t -> c - t``."""
    return mul(num(1, 2), c)
