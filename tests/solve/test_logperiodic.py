"""Discrete scale invariance: periods, members, and intervals that bound the generator from below."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import mpmath
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from intertwine.calculus.core import to_core
from intertwine.groups.constants import constant_to_sympy
from intertwine.parsing import parse_term
from intertwine.solve.logperiodic import (
    common_period,
    exponential,
    freeze_steps,
    gap,
    geometric,
    log_periods,
    member,
    plateau,
    value_ratio,
)  # fmt: skip
from intertwine.solve.witness import Sampler
from intertwine.terms import Term, num
from tests.solve.numeric_check import value


def exact(t: Term) -> sympy.Expr:
    return sympy.simplify(constant_to_sympy(t))


PERIODS = (
    ("sin(log(x))", ["2*pi"]), ("tan(log(x))", ["pi"]), ("sin(3*log(x)+1)", ["2*pi/3"]),
    ("floor(log(x)/log(2))", ["log(2)"]), ("cos(log(5*x**2))", ["pi"]),
    ("sin(-log(x))", ["2*pi"]), ("sin(log(x))+cos(log(x)/2)", ["2*pi", "4*pi"]),
    ("sin(2*pi*log(x)/log(3))", ["log(3)"]), ("sin(x)", []), ("sin(log(x)**2)", []),
    ("sin(log(x+1))", []), ("exp(x)", []), ("frac(log(x))*sin(x)", ["1"]), ("Max(sin(log(x)),0)", ["2*pi"]),
    ("sin(sqrt(2)*log(x))", ["sqrt(2)*pi"]),
)  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PERIODS, ids=str)
def test_periods(text: str, expected: list[str]) -> None:
    found = [exact(p) for p in log_periods(to_core(parse_term(text)))]
    assert len(found) == len(expected)
    assert {sympy.N(p, 30) for p in found} == {sympy.N(sympy.sympify(p), 30) for p in expected}


@given(st.lists(st.builds(Fraction, st.integers(1, 12), st.integers(1, 12)), min_size=1, max_size=4))
def test_common_period_is_the_least_common_multiple(ratios: list[Fraction]) -> None:
    pi = parse_term("pi")
    found = common_period([num(r) * pi for r in ratios])
    assert found is not None
    multiple = sympy.Rational(sympy.nsimplify(exact(found) / sympy.pi))
    assert all((multiple / sympy.Rational(r.numerator, r.denominator)).is_integer for r in ratios)
    for prime in (2, 3, 5, 7, 11):
        smaller = multiple / prime
        assert not all((smaller / sympy.Rational(r.numerator, r.denominator)).is_integer for r in ratios)


def test_no_common_period() -> None:
    assert common_period([]) is None
    assert common_period([parse_term("pi"), parse_term("sqrt(2)*pi")]) is None
    assert common_period([parse_term("log(2)"), parse_term("log(3)")]) is None


MEMBERS = (
    ("sin(log(Abs(x)))", "exp(2*pi)", "1"), ("sin(log(Abs(x)))", "exp(pi)", "-1"),
    ("x*sin(log(Abs(x)))", "-exp(pi)", "exp(pi)"), ("x**3", "2", "8"), ("Max(0,x)", "5", "5"),
    ("frac(log(Abs(x))/log(2))", "2", "1"), ("2+sign(x)*sin(pi*log(Abs(x))/log(2))", "-2", "1"), ("cosh(x)", "-1", "1"),
    ("1/x", "-3", "-1/3"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "d", "b"), MEMBERS, ids=str)
def test_members(text: str, d: str, b: str) -> None:
    core, scale, image = (to_core(parse_term(t)) for t in (text, d, b))
    assert member(core, scale, image) is not None
    assert member(core, scale, image + num(1, 10**40)) is None
    guesses = value_ratio(core, Sampler(core), scale)
    assert any(abs(value(g, 1, 40) - value(image, 1, 40)) < 1e-30 for g in guesses)


@pytest.mark.parametrize(("text", "d", "b"), [
    ("sin(log(Abs(x)))", "exp(pi/2)", "1"), ("sin(log(Abs(x)))", "535", "1"), ("x**3+x/10**30", "2", "8"),
    ("sinh(x)", "-1", "1"), ("Max(0,x)", "-1", "1"),
    ("x+10**-300*cbrt(x)", "2", "2"), ("x**pi", "2", "8"), ("cbrt(x)", "2", "1"), ("sqrt(x)", "4", "3"),
])  # fmt: skip
def test_others_are_no_members(text: str, d: str, b: str) -> None:
    assert member(*(to_core(parse_term(t)) for t in (text, d, b))) is None


def spread(low: Fraction, high: Fraction, parts: int) -> list[Fraction]:
    """Interior points in constant ratio."""
    with mpmath.workdps(30):
        ratio = (mpmath.mpf(high.numerator) / high.denominator) / (mpmath.mpf(low.numerator) / low.denominator)
        return [low * Fraction(str(ratio ** (mpmath.mpf(k) / parts))) for k in range(1, parts)]


def logarithmic_derivative(term: Term, t: Fraction) -> mpmath.mpf:
    with mpmath.workdps(80):
        h, p = mpmath.mpf(10) ** -25, mpmath.mpf(t.numerator) / t.denominator
        v = [value(term, p + k * h, 70) for k in (-1, 0, 1)]
        return p * (v[2] - v[0]) / (2 * h) / v[1]


GAPS = (
    ("sin(log(x))", "exp(pi)"), ("2+sin(log(x))", "exp(2*pi)"), ("x*(3+cos(log(x)))", "exp(2*pi)"),
    ("exp(sin(log(x)))", "exp(2*pi)"), ("tan(log(x))", "exp(pi)"),
    ("frac(log(x)/log(2))", "2"), ("x*frac(log(x)/log(3))", "3"), ("floor(log(x)/log(2))-log(x)/log(2)", "2"),
    ("2+sin(log(x))+sin(3*log(x))/5", "exp(2*pi)"),
    ("sin(200*pi*log(x)/log(3))+2", "3**(1/100)"), ("atan(sin(log(x)))+2", "exp(2*pi)"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "generator"), GAPS, ids=str)
def test_the_logarithmic_derivative_is_monotone_on_a_gap(text: str, generator: str) -> None:
    core = to_core(parse_term(text))
    found = gap(core, 1, to_core(parse_term(generator)))
    assert found is not None and found.method == "monotone" and 0 < found.low < found.high
    values = [logarithmic_derivative(core, p) for p in spread(found.low, found.high, 40)]
    directions = {a < b for a, b in pairwise(values)}
    assert len(directions) == 1


def test_a_plateau() -> None:
    core = to_core(parse_term("2**floor(log(x)/log(2))"))
    found = gap(core, 1, num(2))
    assert found is not None and found.method == "plateau"
    c_and_p = plateau(core, found.low, found.high)
    assert c_and_p is not None
    c, p = (value(t, 1, 40) for t in c_and_p)
    for t in spread(found.low, found.high, 10):
        assert abs(value(core, t, 40) - c * (mpmath.mpf(t.numerator) / t.denominator) ** p) < 1e-25
    assert plateau(to_core(parse_term("x+1")), Fraction(1), Fraction(2)) is None
    assert plateau(to_core(parse_term("x*Abs(x-3/2)")), Fraction(1), Fraction(2)) is None
    assert plateau(to_core(parse_term("floor(x)")), Fraction(1), Fraction(3)) is None


@given(st.fractions(Fraction(1, 9), 9, max_denominator=9), st.fractions(Fraction(1, 9), 3, max_denominator=9))
def test_frozen_steps_keep_the_values(low: Fraction, width: Fraction) -> None:
    core = to_core(parse_term("x*floor(x/2)+floor(log(x))-floor(-x)"))
    frozen = freeze_steps(core, low, low + width)
    for k in range(1, 8):
        p = low + width * Fraction(k, 8)
        assert value(core, p, 30) == value(frozen, p, 30)


def test_geometric_points() -> None:
    points = geometric(Fraction(1, 3), Fraction(10))
    assert points[0] == Fraction(1, 3) and points[-1] == 10 and points == sorted(points)
    assert exponential(parse_term("2*log(3)")).value == 9
