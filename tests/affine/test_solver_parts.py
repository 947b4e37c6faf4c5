"""The parts of the affine solver: what each proves, and what each must not."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import arb
from hypothesis import given, settings
from hypothesis import strategies as st

from intertwine.affine.about import about, centres
from intertwine.affine.analyticity import analytic_on
from intertwine.affine.candidates import numeric_candidates, refined, simple_candidates
from intertwine.affine.cover import cover
from intertwine.affine.dilations import dilations, not_together
from intertwine.affine.ends import ends_differ
from intertwine.affine.evidence import fact_to_json
from intertwine.affine.exponential import exponential, not_exponential
from intertwine.affine.jumps import exceptional, isolated_jumps
from intertwine.affine.level import level
from intertwine.affine.limits import limits_at_both_ends
from intertwine.affine.members import AffineMember, NotAffineMember, affine_member, decide, not_affine_member
from intertwine.affine.oneends import end
from intertwine.affine.recognition import BITS, recognised
from intertwine.affine.solver import solve_affine
from intertwine.affine.spans import disjoint, excluding
from intertwine.affine.subject import Subject
from intertwine.affine.within import edges, kinks, zeros
from intertwine.calculus.constants import constants_equal
from intertwine.calculus.enclosure import ball, enclose, precision
from intertwine.parsing import parse_term
from intertwine.terms import ONE, PI, ZERO, num

MINUS_ONE = num(-1)


def of(text: str) -> Subject:
    return Subject(parse_term(text))


# -- members -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "a", "c", "b", "d"), [
    ("sigmoid", "-1", "0", "-1", "1"), ("x**3 + x**2", "-1", "-2/3", "-1", "4/27"), ("x**2 + x", "3", "1", "9", "2"),
    ("sin(x)", "1", "pi", "-1", "0"), ("exp(x)", "1", "log(2)", "2", "0"), ("floor(x)", "1", "1", "1", "1"),
    ("log(Abs(x))", "-5", "0", "1", "log(5)"), ("sqrt(1 - x**2)", "-1", "0", "1", "0"), ("sinc", "-1", "0", "1", "0"),
])
def test_members(text: str, a: str, c: str, b: str, d: str) -> None:
    found = decide(of(text), *map(parse_term, (a, c)))
    assert isinstance(found, AffineMember)
    assert constants_equal(found.b, parse_term(b)) is True and constants_equal(found.d, parse_term(d)) is True


@pytest.mark.parametrize(("text", "a", "c"), [
    ("gelu", "-1", "0"), ("x**3 + x/10**40", "2", "0"), ("floor(x)", "-1", "1"), ("floor(x)", "1", "1/2"),
    ("log(x)", "-1", "0"), ("log(x)", "1", "-1"), ("sqrt(1 - x**2)", "1", "1/2"),
    ("Piecewise((0, x < 1), (1, True))", "-1", "2"),
    ("sin(x) + exp(-x**2)/10**30", "1", "2*pi"),
])
def test_others(text: str, a: str, c: str) -> None:
    assert isinstance(decide(of(text), *map(parse_term, (a, c))), NotAffineMember)


def test_the_value_at_a_single_point_counts() -> None:
    spike = of("Piecewise((5, Eq(x, 1)), (0, True))")
    assert affine_member(spike.core, MINUS_ONE, ZERO, ONE, ZERO) is None
    assert affine_member(spike.core, MINUS_ONE, num(2), ONE, ZERO) is not None


# -- numbers -------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.fractions(-50, 50, max_denominator=60), st.sampled_from(["0", "pi", "sqrt(2)", "log(3)", "sqrt(5)/3"]))
def test_numbers_are_recognised(q: Fraction, text: str) -> None:
    constant = parse_term(text)
    exact = constant + q
    x = enclose(exact, Fraction(1), BITS + 20)
    constants = [parse_term("sqrt(2)"), parse_term("log(3)")]
    assert any(constants_equal(t, exact) is True for t in recognised(x, constants, [ONE]))


@pytest.mark.parametrize("text", ["log(3)/2", "log(3/2)/2", "log(2 + sqrt(3))", "atan(3/4)", "atan(1/2)/2 + pi",
    "3*pi/7"])
def test_logarithms_and_arcs_are_recognised(text: str) -> None:
    exact = parse_term(text)
    x = enclose(exact, Fraction(1), BITS + 20)
    assert any(constants_equal(t, exact) is True for t in recognised(x, [], [ONE, num(2)]))


def test_a_number_of_no_known_kind_is_not_guessed() -> None:
    with precision(BITS):
        x = arb(2).gamma() + arb("0.3").gamma() * arb("0.7").erf()
    assert list(recognised(x, [], [ONE])) == []


# -- continuous groups -----------------------------------------------------------------------------


def test_exponentials() -> None:
    found = exponential(of("3*2**x - 1"))
    assert found is not None and (str(found.coefficient), str(found.rate), str(found.offset)) == ("3", "log(2)", "-1")
    assert exponential(of("exp(x) + x/10**20")) is None and exponential(of("exp(log(x))")) is None
    assert not_exponential(of("exp(x)")) is None and not_exponential(of("Piecewise((x, x < 10**6), (x + 1, True))"))


@pytest.mark.parametrize(("text", "centre", "form"), [
    ("Max(0, 2*x + 3)", "-3/2", "power"), ("log(Abs(x - 2))", "2", "log"), ("sign(x - sqrt(2))", "sqrt(2)", "power"),
    ("Abs(x - pi)", "pi", "power"), ("1/(x + 4)", "-4", "power"), ("sqrt(x - 2)**2", "2", "power"),
])
def test_centres_of_dilations(text: str, centre: str, form: str) -> None:
    found = dilations(of(text))
    assert found is not None and found.form == form
    assert constants_equal(found.centre, parse_term(centre)) is True


@pytest.mark.parametrize("text", ["x**2 + x**3", "gelu", "exp(x)", "Max(0, x) + Max(0, x - 1)", "sinh(x)"])
def test_no_dilations(text: str) -> None:
    s = of(text)
    assert dilations(s) is None
    assert text == "exp(x)" or disjoint(excluding(s))


@pytest.mark.parametrize("text", [
    "Piecewise((x**2, Ne(x, 0)), (1, True))", "Piecewise((log(x), x > 0), (2*log(-x), True))",
    "Piecewise((x, x > 0), (x**2, True))", "Piecewise((x + 1, x > 0), (x, True))",
])
def test_sides_that_do_not_go_together(text: str) -> None:
    assert dilations(of(text)) is None and not_together(of(text)) is not None


def test_sides_of_a_centre() -> None:
    s = of("Max(0, x - 1)")
    assert list(centres(s)) == [ONE]
    right, left = about(s, ONE, 1), about(s, ONE, -1)
    assert right is not None and left is not None and left.constant and right.degree == ONE
    assert about(s, ZERO, 1) is None


# -- where a centre can be -------------------------------------------------------------------------


def test_a_pole_is_no_zero() -> None:
    # 1/x changes its sign without a zero; its derivatives have none at all.
    assert all(zeros(of("1/x"), k) is None for k in (1, 2, 3))
    assert all(zeros(of("tan(x)"), k) is None for k in (1, 2))


def test_a_formula_that_is_undefined_where_the_function_is_smooth_proves_nothing() -> None:
    # |x - 6|**3 has the second derivative 0 at 6, where the formula for it divides by 0.
    assert zeros(of("sqrt((x - 6)**2)**3"), 2) is None


@pytest.mark.parametrize(("text", "order", "centre"), [("gelu", 2, "0"), ("x**3 + x**2", 2, "-1/3"),
    ("2*exp(x) + 3*exp(-x)", 1, "log(3/2)/2")])
def test_zeros_enclose_the_centre(text: str, order: int, centre: str) -> None:
    found = zeros(of(text), order)
    assert found is not None and found.high - found.low < Fraction(1, 2**90)
    p = enclose(parse_term(centre), Fraction(1), 256)
    with precision(256):
        assert ball(found.low) <= p <= ball(found.high)


@pytest.mark.parametrize(("text", "centre"), [("hard_sigmoid", "0"), ("Abs(x - 1) + Abs(x + 3)", "-1"), ("plu", "0")])
def test_kinks_enclose_the_centre(text: str, centre: str) -> None:
    found = kinks(of(text))
    assert found is not None and found.low <= Fraction(centre) <= found.high < found.low + Fraction(1, 2**50)


def test_edges() -> None:
    found = edges(of("log(x/(4 - x))*exp(x)"))
    assert found is not None and found.low <= 2 <= found.high
    assert edges(of("x*x/x")) is None  # the hole is filled


def test_levels() -> None:
    found = level(of("exp(-(x - 3)**2)*(2 + sin(x)**2)"))
    assert found is not None and found.low < 3 < found.high
    assert level(of("tanh(x)")) is None and level(of("x**3")) is None and level(of("sin(x)")) is None


@pytest.mark.parametrize("text", ["x**2", "sin(x)", "tanh(x)", "exp((x + 1/4)**2)", "x + sin(x)", "exp(x) + 3*exp(-x)",
                                  "sigmoid", "1/(1 + 3*exp(-2*x))", "log(Abs(x - 2))", "asinh(x + 1)", "erf(3*x + 1)"])
def test_ends_that_a_reflection_exchanges_are_not_told_apart(text: str) -> None:
    assert ends_differ(of(text)) is None


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(["tanh(x)", "x**4 - x**2", "exp(-x**2)", "Abs(x)", "x/(1 + x**2)", "atan(x)",
    "cos(x)/(1 + x**2)"]),
       st.fractions(-4, 4, max_denominator=12))
def test_a_cover_never_contains_a_centre(text: str, p: Fraction) -> None:
    s = Subject(parse_term(text).subs(parse_term("x") - p))
    assert cover(s, p - Fraction(1, 50), p + Fraction(1, 70), most=60) is None
    found = cover(s, p + Fraction(1, 10), p + Fraction(1, 5))
    assert found is None or not found.low <= p <= found.high


def test_symmetric_points_are_found() -> None:
    s = of("log(x**2 + x + 1)")
    assert any(constants_equal(t, num(-1, 2)) is True for t in numeric_candidates(s, Fraction(-2), Fraction(2)))
    wave = of("3*sin(x) + 4*cos(x)")
    assert any(constants_equal(t, parse_term("atan(3/4)")) is True for t in refined(wave, Fraction(6435, 10000)))
    assert PI / 2 in simple_candidates(of("exp(sin(x))")) or any(
        constants_equal(t, PI / 2) is True for t in simple_candidates(of("exp(sin(x))")))


def test_jumps() -> None:
    s = of("floor(2*x) + floor(3*x)")
    facts = isolated_jumps(s, Fraction(0), Fraction(1, 2))
    assert facts is not None and all(not_affine_member(s, MINUS_ONE, num(2 * p)) for p in exceptional(s, Fraction(0),
        Fraction(1, 2)))
    assert isolated_jumps(of("floor(x) + ceiling(x)"), Fraction(0), Fraction(1, 2)) is None  # symmetric about 0
    assert isolated_jumps(of("floor(x)*0 + x**2"), Fraction(0), Fraction(1)) is None  # no jump at all


# -- ends ------------------------------------------------------------------------------------------


def test_ends() -> None:
    grows, waves = end(of("exp(x) + sin(x)"), 1), end(of("sin(x**2)"), 1)
    assert grows is not None and grows.rigid and waves is not None and waves.rigid
    plain = end(of("x**2 + sin(x)"), 1)
    assert plain is not None and plain.unless_power and not plain.rigid
    kinked = end(of("x**2 + Abs(sin(x))"), 1)
    assert kinked is not None and kinked.of == "value" and kinked.unless_power
    assert end(of("sin(log(x))"), 1) is None or not end(of("sin(log(x))"), 1).rigid  # type: ignore[union-attr]


def test_limits() -> None:
    assert limits_at_both_ends(of("sinc")) and limits_at_both_ends(of("tanh(x)"))
    assert limits_at_both_ends(of("sign(x)")) is None  # three values only
    assert limits_at_both_ends(of("1/x")) is None and limits_at_both_ends(of("sin(x)")) is None


def test_analyticity() -> None:
    for text in ("exp(sin(x))", "1/(1 + x**2)", "log(2 + cos(x))", "sqrt(1 + x**2)", "besselj(0, x)"):
        assert analytic_on(parse_term(text), None, None)
    for text in ("Abs(x)", "1/x", "sqrt(x**2)", "tan(x)", "x**x", "floor(x)"):
        assert not analytic_on(of(text).core, None, None)


@pytest.mark.parametrize("text", ["gelu", "sin(x)", "floor(x)", "Max(0, 2*x + 3)", "exp(x)", "x",
    "sin(log(Abs(x - 1)))", "hard_swish",
                                  "x**2 + Abs(sin(x - 1))", "Piecewise((x**2, Ne(x, 0)), (1, True))",
                                  "sqrt(x)/sqrt(x)", "finer"])
def test_facts_are_plain_data(text: str) -> None:
    import json

    solution = solve_affine(parse_term(text))
    assert solution.status == "exact"
    for fact in solution.facts:
        data = fact_to_json(fact)
        assert json.loads(json.dumps(data)) == data and isinstance(data["fact"], str)
