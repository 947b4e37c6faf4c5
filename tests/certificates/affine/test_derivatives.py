"""The derivative of a term against differences of its values."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import arb
from hypothesis import given

from intertwine.certificates.affine.derivatives import derivative
from intertwine.certificates.analysis.clock import TooHard
from intertwine.certificates.analysis.plain import plain
from intertwine.certificates.analysis.values import Unclear, Undefined, defined_around, value_at
from intertwine.parsing import parse_term
from intertwine.terms import Term
from tests.certificates.test_soundness import POINTS, read, texts

STEP = Fraction(1, 10**30)


def slope(t: Term, at: Fraction) -> arb:
    """A difference quotient with a small step."""
    return (value_at(t, at + STEP, 640) - value_at(t, at - STEP, 640)) / (2 * arb(STEP.numerator) / STEP.denominator)


def agrees(t: Term, d: Term, at: Fraction) -> bool | None:
    """Whether the derivative is what the values say, at a point where it is defined; None where it is not."""
    try:
        v = value_at(d, at, 640)
    except (Undefined, Unclear):
        return None
    assert defined_around(t, at) or not _clear(t, at)
    try:
        return bool(abs(slope(t, at) - v) < 1e-12 * (1 + abs(v)))
    except (Undefined, Unclear):
        return None


def _clear(t: Term, at: Fraction) -> bool:
    try:
        value_at(t, at, 640)
    except (Undefined, Unclear):
        return False
    return True


@given(texts())
def test_a_derivative_that_is_defined_is_the_slope(text: str) -> None:
    t = read(text)
    if t is None:
        return
    try:
        d = derivative(t)
    except TooHard:
        return
    for at in (*POINTS, *(-p for p in POINTS)):
        try:
            magnitude = abs(value_at(d, at, 640))
        except (Undefined, Unclear):
            continue
        if magnitude < 10**9:
            assert agrees(t, d, at) is not False, (text, at)


@pytest.mark.parametrize(
    "text",
    ["gelu", "mish", "relu6", "sinc", "Max(x, 1-x, 2)", "x**x", "cbrt(x)", "asin(sin(x))", "besselj(1, x)",
     "besseli(2, x)", "bessely(0, x)", "besselj(1/2, x)", "LambertW(x)", "airyai(x)**2", "gamma(x)", "loggamma(x)",
     "floor(x)*x", "asec(x)",
     "Piecewise((x**2, x < 1), (sin(x), True))", "Si(x)", "Ci(x)", "fresnels(x)", "fresnelc(x)", "x**pi", "erfc(x)"],
)  # fmt: skip
def test_the_first_two_derivatives_of_every_function(text: str) -> None:
    t = plain(parse_term(text))
    first = derivative(t)
    second = derivative(first)
    found = [(agrees(t, first, at), agrees(first, second, at)) for at in (Fraction(13, 10), Fraction(37, 10))]
    assert found == [(True, True)] * 2 or text == "asec(x)"
    assert all(False not in pair for pair in found)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("abs(x)", 0), ("Max(0, x)", 0), ("sign(x)", 0), ("floor(x)", 3), ("frac(x)", -2), ("Heaviside(x-1)", 1),
        ("sqrt(x)", 0), ("sqrt(x**2)", 0), ("x**(5/2)", 0), ("x**(5/2)", -1), ("asin(x)", 1), ("acosh(x)", 1),
        ("acosh(x)", -2), ("log(x)", -1), ("log(abs(x))", 0), ("atanh(x)", 2), ("loggamma(x)", -1), ("Ci(x)", -1),
        ("x + 0*log(x)", -1), ("x + 0*floor(x)", 2), ("Piecewise((1, Eq(x, 0)), (x, True))", 0), ("1/x", 0),
        ("Piecewise((x**2, floor(x) < 1/2), (0, True))", 1), ("Max(floor(x), x-5)", 1),
        ("sqrt(-x**2)", 0), ("(-x**2)**(3/2)", 0),
        ("x + sqrt(sin(x)**2+cos(x)**2-1)", 1), ("x + log(-1)", 1), ("besselj(3/2, x)", 0),
        ("bessely(1, x)", -1), ("x**x", 0),
    ],
)  # fmt: skip
def test_there_is_none_off_the_points_where_the_form_is_analytic(text: str, at: int) -> None:
    t = plain(parse_term(text))
    for d in (derivative(t), derivative(derivative(t))):
        with pytest.raises((Undefined, Unclear)):
            value_at(d, Fraction(at), 256)
