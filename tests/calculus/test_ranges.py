"""Ranges: every value inside, open ends never attained, ``total`` means defined everywhere."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
from flint import arb
from hypothesis import assume, given
from hypothesis import strategies as st

from intertwine.calculus.core import to_core
from intertwine.calculus.enclosure import Unclear
from intertwine.calculus.ranges import Range, range_of
from intertwine.parsing import parse_term
from intertwine.terms import Term, X
from tests.calculus.reference import MISSING, examples, fraction, known, to_mpf, value
from tests.terms.strategies import terms

Bound = Fraction | None
ends = st.one_of(st.none(), st.builds(Fraction, st.integers(-40, 40), st.integers(1, 8)))


def points_inside(low: Bound, high: Bound) -> list[Fraction]:
    """Points of an open interval: spread out, simple, close to the ends, and far away."""
    a = Fraction(-50) if low is None else low
    b = max(Fraction(50), a + 1) if high is None else high
    a = min(a, b - 1) if low is None else a
    found = [a + (b - a) * Fraction(k, 8) for k in range(1, 8)] + [Fraction(k, 2) for k in range(-8, 9)]
    for tiny in (Fraction(1, 10**6), Fraction(1, 10**12)):
        found += [a + (b - a) * tiny, b - (b - a) * tiny]
    found += [Fraction(s * 1000) for s in (1, -1)]
    return [p for p in dict.fromkeys(found) if (low is None or p > low) and (high is None or p < high)]


def attained(term: Term, point: Fraction, end: arb) -> bool:
    """Whether the value at a point is the end of a range, to 300 digits."""
    with mpmath.workdps(300):
        return bool(value(term, point, 250) == to_mpf(end))


def objection(term: Term, r: Range, points: list[Fraction]) -> str | None:
    """What the oracle says against a range."""
    for p in points:
        v = value(term, p)
        if v is None and r.total:
            return f"undefined at {p}"
        if not known(v):
            continue
        slack = mpmath.mpf(10) ** -25 * (1 + abs(v))
        for end, side, is_open in ((r.lo, -1, r.lo_open), (r.hi, 1, r.hi_open)):
            if not end.is_finite():
                if bool(end > 0) is (side < 0):
                    return f"an infinite end on the wrong side, {v} at {p}"
                continue
            e = to_mpf(end)
            if (v - e) * side > slack:
                return f"{v} at {p} is outside {r}"
            if is_open and v == e and abs(p) <= 4 and attained(term, p, end):
                return f"{v} at {p} is an open end of {r}"
    return None


@examples(120)
@given(terms, ends, ends)
def test_random_terms(term: Term, low: Bound, high: Bound) -> None:
    assume(not term.is_condition and term.size <= 40)
    if low is not None and high is not None:
        low, high = min(low, high), max(low, high) + (1 if low == high else 0)
    try:
        r = range_of(to_core(term), low, high)
    except (Unclear, ValueError):
        return
    assert objection(term, r, points_inside(low, high)) is None


# Functions with exactly known values at exactly known points, where open and closed ends are told apart.
OUTER = (
    "{}", "({})**2", "({})**3", "({})**4", "1/(1+({})**2)", "sqrt({})", "sqrt(Abs({}))", "cbrt({})", "({})**pi",
    "(1+Abs({}))**pi", "E**({})", "E**Abs({})", "2**Abs({})", "exp(Abs({}))", "exp({})", "exp(-({})**2)", "log({})",
    "log(1+Abs({}))", "sin({})", "cos({})", "tan({})", "asin({})", "acos({})", "atan({})", "sinh({})", "cosh({})",
    "tanh({})", "asinh({})", "acosh({})", "acosh(1+Abs({}))", "atanh({})", "erf({})", "LambertW({})", "sinc({})",
    "besselj(0,{})", "besselj(1,{})", "besseli(0,{})", "besseli(1,{})", "besseli(1/2,{})", "Si({})", "fresnels({})",
    "sign({})",
    "floor({})", "frac({})", "Abs({})", "Heaviside({})", "Max(0,{})", "Max(1,{})", "Min(0,{})", "Max(0,{},-1)",
    "(1+({})**2)**(({})**2)", "({})**({})", "1/({})", "1/({})**2", "1/sqrt({})", "airyai({})", "gamma({})",
    "loggamma({})", "Piecewise(({},x>0),(0,True))", "Piecewise(({},x>=0),(1,True))", "Piecewise(({},{}>0))",
)  # fmt: skip
INNER = ("x", "-x", "x-1", "Abs(x)", "x**2", "Max(1,x)", "Min(x,0)", "sin(x)", "sin(x)**2", "x*sin(x)", "x/(1+Abs(x))")
INTERVALS: tuple[tuple[Bound, Bound], ...] = (
    (None, None), (Fraction(0), None), (Fraction(0), Fraction(1)), (Fraction(-1), Fraction(1)),
    (Fraction(-2), Fraction(3)),
    (None, Fraction(0)), (Fraction(1), None), (Fraction(-1), Fraction(0)),
)  # fmt: skip


@pytest.mark.parametrize("outer", OUTER)
def test_every_function_of_sharp_arguments(outer: str) -> None:
    wrong = []
    for inner in INNER:
        text = outer.replace("{}", f"({inner})")
        term = parse_term(text)
        for low, high in INTERVALS:
            try:
                r = range_of(to_core(term), low, high)
            except (Unclear, ValueError):
                continue
            points = [p for p in points_inside(low, high) if abs(p) <= 4]
            problem = objection(term, r, points)
            if problem is not None:
                wrong.append(f"{text} on ({low}, {high}): {problem}")
    assert wrong == []


# Text, interval, sign, bounded: what the solver relies on. The terms are defined on the whole interval.
PROVED = (
    ("exp(x)", None, None, 1, False),
    ("1+exp(-x**2)", None, None, 1, True),
    ("1+tanh(x)", None, None, 1, True),
    ("erf(x)-1", None, None, -1, True),
    ("x/(1+Abs(x))", "0", None, 1, False),
    ("log(x)", "1", None, 1, False),
    ("log(x)", "0", "1", -1, False),
    ("x**2", "0", None, 1, False),
    ("x*x", None, "0", 1, False),
    ("1/x", "0", None, 1, False),
    ("1/x", None, "0", -1, False),
    ("sqrt(x)", "0", None, 1, False),
    ("sin(x)", "0", "3", 1, True),
    ("sin(x)", "-3", "0", -1, True),
    ("cos(x)", "-3/2", "3/2", 1, True),
    ("2+sin(x)", None, None, 1, True),
    ("floor(x)", "0", "1", 0, True),
    ("floor(x)", "1", "2", 1, True),
    ("floor(-x)", "0", "1", -1, True),
    ("atan(x)", "0", None, 1, True),
    ("asin(x)", "0", "1", 1, True),
    ("acosh(x)", "1", None, 1, False),
    ("LambertW(x)", "0", None, 1, False),
    ("gamma(x)", "0", None, 1, False),
    ("besseli(0,x)", "0", None, 1, False),
    ("airyai(x)", "0", None, 1, True),
    ("Max(1,x)**pi", "0", None, 1, False),
    ("Piecewise((1,x>0),(2,True))", None, None, 1, True),
)  # fmt: skip


@pytest.mark.parametrize(("text", "low", "high", "sign", "bounded"), PROVED, ids=str)
def test_signs_the_solver_relies_on(text: str, low: str | None, high: str | None, sign: int, bounded: bool) -> None:
    r = _range(text, low, high)
    assert (r.sign, r.bounded, r.total) == (sign, bounded, True)


# Each of these takes both signs, or a sign and 0.
NO_SIGN = (
    ("x**2", None, None), ("1+sin(x)", None, None), ("Abs(x)", None, None), ("sin(x)", None, None),
    ("acosh(x)", "0", None),
    ("acosh(1+Abs(x))", None, None), ("LambertW(x)", "-1", None), ("1/x", None, None), ("sqrt(x)", None, None),
    ("x**0*(x-1)", "0", None), ("Max(1,x)**pi-1", "0", None), ("(1+sin(x)**2)**pi-1", "0", None),
    ("E**Abs(x)-1", None, None),
    ("(1+x**2)**(x**2)-1", None, None), ("1-(1+sin(x)**2)**(-pi)", "0", None), ("Max(0,x)", None, None),
    ("floor(x)", "0", None), ("frac(x)", None, None), ("sin(x)", "0", "4"), ("cos(x)", "0", "2"),
    ("x*sin(x)", "0", None),
    ("E**Max(0,x)-1", None, None), ("2**floor(x)-1", "0", None), ("Heaviside(x)", None, None),
    ("erf(Max(0,x))", None, None),
    ("1-cos(x)", None, None), ("asinh(Max(0,x))", None, None), ("atan(Abs(x))", None, None), ("cosh(x)-1", None, None),
)  # fmt: skip


@pytest.mark.parametrize(("text", "low", "high"), NO_SIGN, ids=str)
def test_a_value_that_is_attained_is_not_excluded(text: str, low: str | None, high: str | None) -> None:
    assert _range(text, low, high).sign is None


# Each of these is undefined somewhere in the interval.
PARTIAL = (
    ("1/x", None, None), ("sqrt(x)", "-1", "1"), ("log(x)", None, "1"), ("asin(x)", "0", "2"), ("atanh(x)", "-2", "1"),
    ("acosh(x)", "0", None), ("LambertW(x)", "-1", None), ("tan(x)", "0", "2"), ("gamma(x)", "-1", "1"),
    ("loggamma(x)", "-1", "1"), ("besselj(1/2,x)", "-1", "1"), ("bessely(0,x)", "-1", "1"), ("Ci(x)", "-1", "1"),
    ("x**pi", None, None), ("x**x", "-1", "1"), ("x**(-1/2)", "-1", "1"), ("Piecewise((1,x>0))", None, None),
    ("Piecewise((1,x>0),(sqrt(x),True))", None, None), ("Piecewise((1,sqrt(x)>=0),(2,True))", "-1", "1"),
    ("Piecewise((1,log(x)**2>=0),(2,True))", None, None), ("Max(1,log(x))", None, None), ("0*log(x)", None, None),
    ("(x-1)**0/(x-1)", None, None), ("sign(1/x)", None, None), ("Abs(1/x)", None, None), ("1/sin(x)", "1", "4"),
    ("1/x**2", "-1", "1"), ("0**x", "-1", "1"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "low", "high"), PARTIAL, ids=str)
def test_a_hole_in_the_domain_is_noticed(text: str, low: str | None, high: str | None) -> None:
    assert not _range(text, low, high).total


def _range(text: str, low: str | None, high: str | None) -> Range:
    return range_of(to_core(parse_term(text)), *(None if e is None else Fraction(e) for e in (low, high)))


@given(st.fractions(-100, 100), st.fractions(-100, 100))
def test_a_variable_has_its_interval_as_range(a: Fraction, b: Fraction) -> None:
    assume(a < b)
    r = range_of(X, a, b)
    assert r.lo_open and r.hi_open and r.total
    with mpmath.workdps(60):
        assert to_mpf(r.lo) <= fraction(a) + mpmath.mpf(10) ** -25
        assert to_mpf(r.hi) >= fraction(b) - mpmath.mpf(10) ** -25


def test_no_number_is_missing_from_the_oracle() -> None:
    assert value(parse_term("exp(exp(exp(x)))"), 9) is MISSING
