"""Derivative balls over an interval contain the numeric derivatives at its points."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import ctx
from hypothesis import assume, given
from hypothesis import strategies as st

from intertwine.calculus.core import to_core
from intertwine.calculus.enclosure import Unclear, UndefinedAt, ball, precision
from intertwine.calculus.jets import ORDER, Jets, log_derivative_slope
from intertwine.parsing import parse_term
from intertwine.terms import Term
from tests.calculus.reference import MISSING, ball_contains, examples, known, slope, value
from tests.terms.strategies import terms


def coefficients(term: Term, low: Fraction, high: Fraction) -> list[object] | None:
    """The Taylor coefficients over an interval, or None where there are none."""
    with precision(128):
        before, ctx.cap = ctx.cap, ORDER
        try:
            series = Jets(ball(low).union(ball(high))).of(to_core(term))
            return [series[k] for k in range(3)]
        except (Unclear, UndefinedAt, ValueError):
            return None
        finally:
            ctx.cap = before


def check(term: Term, low: Fraction, high: Fraction) -> bool:
    """Hold the coefficients against the oracle; whether there was anything to compare."""
    found = coefficients(term, low, high)
    if found is None:
        return False
    seen = False
    for p in (low, (low + high) / 2, high):
        v, first, second = value(term, p), slope(term, p), slope(term, p, order=2)
        if not known(v) or first is MISSING or second is MISSING:
            continue
        seen = True
        for c, expected in zip(found, (v, first, second / 2), strict=True):
            if c.is_finite():  # type: ignore[attr-defined]
                assert ball_contains(c, expected, 15), (term, p, c, expected)  # type: ignore[arg-type]
    return seen


widths = st.sampled_from([Fraction(1, 10**6), Fraction(1, 50), Fraction(1, 3)])


@examples(100)
@given(terms, st.fractions(-5, 5, max_denominator=9), widths)
def test_random_terms(term: Term, low: Fraction, width: Fraction) -> None:
    assume(not term.is_condition and term.size <= 30)
    check(term, low, low + width)


SMOOTH = (
    "x**3", "1/x", "x**(-2)", "sqrt(x)", "x**pi", "x**x", "exp(x)", "log(x)", "sin(x)", "cos(2*x)", "tan(x)", "atan(x)",
    "asin(x/4)",
    "erf(x)", "gamma(x)", "LambertW(x)", "sinh(x)", "cosh(x)", "tanh(x)", "cbrt(x)", "cbrt(-x)", "besselj(0,x)",
    "besselj(1,x)",
    "besselj(1/2,x)", "bessely(1,x)", "besseli(0,x)", "besseli(2,x)", "Abs(x)", "Abs(-x)", "Max(x,x**2)",
    "Max(x,x**2,1/x)",
    "sign(x)*x**2", "floor(x+1/2)*x", "Piecewise((x**2,x<5),(x,True))", "Piecewise((x,(x>1)&(x<3)),(x**3,True))",
    "x/(1+exp(-x))",
)  # fmt: skip


@pytest.mark.parametrize("text", SMOOTH)
def test_smooth_functions(text: str) -> None:
    assert check(parse_term(text), Fraction(6, 5), Fraction(13, 10))


@pytest.mark.parametrize("text", [
    "Abs(x-1)", "sign(x-1)", "floor(x)", "Max(x,1)", "Piecewise((x,x<1),(2,True))", "sqrt(x-1)", "cbrt(x-1)",
])  # fmt: skip
def test_a_break_in_the_interval_has_no_series(text: str) -> None:
    assert coefficients(parse_term(text), Fraction(9, 10), Fraction(11, 10)) is None


def test_slope_of_the_logarithmic_derivative() -> None:
    # q = x s'/s: for exp(x) it is x, for exp(-x) it is -x, for exp(1/x) it is -1/x; for x**3 it is constant.
    interval = Fraction(2), Fraction(41, 20)
    assert log_derivative_slope(parse_term("exp(x)"), *interval) == 1
    assert log_derivative_slope(parse_term("exp(-x)"), *interval) == -1
    assert log_derivative_slope(parse_term("exp(1/x)"), *interval) == 1
    assert log_derivative_slope(parse_term("x**3"), *interval) is None
    assert log_derivative_slope(parse_term("x-81/40"), *interval) is None  # vanishes inside
    assert log_derivative_slope(parse_term("log(x-3)"), *interval) is None  # undefined
    assert log_derivative_slope(parse_term("exp(Abs(x-81/40))"), *interval) is None  # a kink inside
