"""The parts of the search: what is proved there, and what is only a candidate."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import arb
from hypothesis import assume, given
from hypothesis import strategies as st

import intertwine as iw
from intertwine.calculus.enclosure import enclose, precision
from intertwine.dependence.coefficients import solve_exactly
from intertwine.dependence.comparison import comparisons
from intertwine.dependence.elimination import bounded, eliminate, plain_fraction, simplest
from intertwine.dependence.named import negative
from intertwine.dependence.steps import prove_periodic
from intertwine.dependence.values import Table, exact_value, sample_points
from intertwine.dependence.vanishing import prove_vanishing
from intertwine.dependence.wording import tidied, written
from intertwine.parsing import parse_term
from intertwine.terms import ONE, ZERO, Term, num

FRACTIONS = st.fractions(-50, 50, max_denominator=99)


def terms(*texts: str) -> tuple[Term, ...]:
    return tuple(map(parse_term, texts))


@given(FRACTIONS, FRACTIONS)
def test_the_simplest_fraction_is_between_and_short(a, b) -> None:
    low, high = sorted((a, b))
    found = simplest(low, high)
    assert low <= found <= high
    assert found.denominator <= min(a.denominator, b.denominator)


@given(FRACTIONS, FRACTIONS)
def test_a_fraction_strictly_between(a, b) -> None:
    assume(a != b)
    low, high = sorted((a, b))
    with precision(200):
        x, y = (arb(v.numerator) / v.denominator for v in (low, high))
        assert low < bounded(x.upper(), y.lower()) < high


@given(FRACTIONS)
def test_fractions_are_recognised(q) -> None:
    with precision(100):
        assert plain_fraction(arb(q.numerator) / q.denominator, 100) == q


def test_irrational_numbers_are_no_fractions() -> None:
    with precision(300):
        for value in (arb.pi(), arb(2).sqrt(), arb(1).exp(), arb(1) / 3 + arb(10) ** -40):
            assert plain_fraction(value, 300) is None


@given(st.lists(st.lists(st.integers(-3, 3), min_size=4, max_size=4), min_size=1, max_size=5))
def test_pivots_are_the_rank(matrix) -> None:
    sympy = pytest.importorskip("sympy")
    result = eliminate([[arb(v) for v in row] for row in matrix], 4, 128)
    assert len(result.pivots) == sympy.Matrix(matrix).rank()
    assert result.columns == tuple(sympy.Matrix(matrix).rref()[1])
    for k, coefficients in result.guesses.items():
        for row in matrix:
            total = sum((c * row[j] for c, j in zip(coefficients, result.columns, strict=False)), arb(0))
            assert total.overlaps(arb(row[k]))


def test_wide_balls_are_never_pivots() -> None:
    assert eliminate([[arb(0, 1)]], 1, 64).columns == ()
    assert eliminate([[arb(0, 1)], [arb(1)]], 1, 64).pivots == ((1, 0),)


@pytest.mark.parametrize(
    ("texts", "wanted", "value"),
    [
        (("sin(x)", "cos(x)", "sin(x + sqrt(2))"), 2, ("cos(sqrt(2))", "sin(sqrt(2))")),
        (("exp(x)*sin(x)", "exp(x)*cos(x)", "exp(x + 1)*sin(x + 1)"), 2, ("exp(1)*cos(1)", "exp(1)*sin(1)")),
        (("log(x)", "1 + 0*x", "log(3*x)"), 2, ("1", "log(3)")),
        (("x", "1 + 0*x", "(x**2 - 2)/(x - sqrt(2))"), 2, ("1", "sqrt(2)")),
    ],
)
def test_coefficients_are_read_off_the_tower(texts, wanted, value) -> None:
    functions = terms(*texts)
    found = solve_exactly(comparisons(functions), (0, 1), wanted)
    assert found is not None
    for c, text in zip(found, value, strict=True):
        with precision(300):
            assert (enclose(c, Fraction(1), 300) - enclose(parse_term(text), Fraction(1), 300)).contains(0)


def test_singular_systems_have_no_solution() -> None:
    assert solve_exactly([terms("1", "2", "3"), terms("2", "4", "6")], (0, 1), 2) is None
    assert solve_exactly([], (0,), 1) is None


def test_what_is_not_zero_is_not_proved() -> None:
    f = terms("sin(x)", "x", "floor(x)", "sqrt(x)")
    assert prove_vanishing([ONE, num(-1), ZERO, ZERO], f) is None
    assert prove_vanishing([ZERO, ONE, num(-1), ZERO], f) is None
    assert prove_vanishing([ZERO, ZERO, ZERO, ONE], f) is None


def test_the_domain_of_all_functions_counts() -> None:
    f = terms("Abs(x) - x", "log(x)")
    proof = prove_vanishing([ONE, ZERO], f)
    assert proof is not None
    assert proof.guarded
    assert prove_vanishing([ONE], f[:1]) is None


@pytest.mark.parametrize("text", [
    "floor(2*x) - 2*floor(x)", "floor(x) - floor(x + 1/10**9)", "floor(2*x) - floor(x) - floor(x + 1/2) + x/10**20",
    "floor(x) - x", "floor(x)*(x - floor(x))", "sin(floor(x))", "floor(x**2) - floor(x)", "floor(pi*x) - floor(3*x)",
    "floor(x) + floor(-x)", "floor(x) + floor(-x) + 1", "x - 1",
])  # fmt: skip
def test_steps_that_are_not_zero(text) -> None:
    assert prove_periodic(parse_term(text)) is None


def test_a_value_at_a_jump_is_exact() -> None:
    f = parse_term("Piecewise((5, Eq(x, 7/3)), (7, True))")
    with precision(64):
        assert exact_value(f, num(7, 3), 64) == 5
        assert exact_value(f, num(7, 4), 64) == 7
        assert exact_value(parse_term("sign(x - sqrt(2))"), parse_term("sqrt(2)"), 64) == 0


def test_points_lie_between_close_breaks() -> None:
    # The breaks are -0.47143... and -0.47129...
    f = terms("Max(0, 3*x + sqrt(2))", "Max(0, 7*x + 3.299)")
    values = [p.value for p in sample_points(f) if p.value is not None]
    assert any(Fraction("-0.4714") < v < Fraction("-0.47129") for v in values)


def test_rows_need_every_function() -> None:
    table = Table(terms("sqrt(x)", "log(1 - x)"), [num(-1), num(1, 2), num(1), num(2)])
    assert table.rows(64)[0] == [num(1, 2)]


@pytest.mark.parametrize(
    ("activation", "arguments", "admit", "dimension"),
    [  # jumps of very different size, at rational and irrational points, and narrow domains
        ("Heaviside(x - 1)/10**25 + 1/(1 + x**2)/10**25 + 2*sign(x)", ["3*t", "-1 - 2*t", "-t", "2*t", "pi*t + pi"],
         ["abs(t)"], 0),
        ("relu(x)/3 + 2*cos(2*x) + E*frac(x)", ["sqrt(2)*t + 1", "t + sqrt(2)", "sqrt(2)*(t + 1)", "-t"],
         ["exp(t)"], 0),
        ("frac(x)/10**25", ["t", "3*t"], [1], 0),
        ("relu(x + 2)", ["pi - 2*t", "3*t + sqrt(2)", "3*t + pi/2", "pi*t + pi/2"], [1], 0),
        ("x/3 - sqrt(x)", ["-1 - t", "sqrt(2)*t + pi/2", "t + sqrt(2)"], [1], 0),
        ("x*exp(x)/10**25 - exp(x)", ["t", "t - 1", "t + pi", "2*t", "2*t + 1"], ["abs(t)"], 1),
    ],
)
def test_ranks_that_are_hard_to_see(activation, arguments, admit, dimension) -> None:
    R = iw.relations(activation, arguments, admit=admit)
    assert (R.status, R.dimension) == ("exact", dimension)


def test_signs_of_constants() -> None:
    a, b = terms("pi - 2", "-3*sqrt(2)*pi")
    assert str(negative(a)) == "2 - pi"
    assert str(negative(b)) == "3*sqrt(2)*pi"
    assert written(tidied([num(-1, 2), num(1, 3)]), ["s(t)", "t + 1"]) == "3*s(t) - 2*(t + 1) = 0"
    assert written([ZERO, ZERO], ["s(t)", "1"]) == "0 = 0"
