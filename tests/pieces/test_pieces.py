"""The real line in pieces: what is printed is compared with hand-made tables, and what is claimed with an evaluator."""

from __future__ import annotations

import json
from fractions import Fraction
from textwrap import dedent

import mpmath
import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

import intertwine as iw
from intertwine.activations import CATALOGUE
from intertwine.parsing import parse_term
from intertwine.pieces import BreakPoint, Piece, Pieces, pieces
from intertwine.pieces.locations import Value
from intertwine.terms import PI, TRUE, E, Term, X, add, apply, mul, num, piecewise, power
from tests.oracle import evaluate

POINTS = [Fraction(p, 8) for p in (0, 1, -1, 4, -4, 8, -8, 11, -11, 16, -16, 25, -25, 40, -40, 48, 99, -99)]
DIGITS = 40


def cut(text: str) -> Pieces:
    """The pieces of an expression, which have to exist."""
    found = pieces(parse_term(text))
    assert found is not None
    return found


def number(value: Value) -> mpmath.mpf:
    """A value by the independent evaluator."""
    if value.root is None:
        return evaluate(value.term, 1, DIGITS)
    ball: arb = value.root.enclosure(400)
    return evaluate(value.term, mpmath.mpf(ball.mid().str(100, radius=False)), DIGITS)


def assert_close(a: mpmath.mpf, b: mpmath.mpf, what: object) -> None:
    with mpmath.workdps(DIGITS):
        assert abs(a - b) <= mpmath.mpf(10) ** (8 - DIGITS) * (1 + abs(a) + abs(b)), what


def assert_true(found: Pieces, points: list[Fraction]) -> None:
    """Every claim about the given points agrees with the independent evaluator."""
    for x in points:
        try:
            value = evaluate(found.activation, x, DIGITS)
        except OverflowError:
            continue
        here = found.at(x)
        what = (str(found.activation), x, here, value)
        if isinstance(here, BreakPoint):
            if here.kind == "removable":
                assert value is None, what
            elif here.defined is not None:
                assert here.defined == (value is not None), what
                if value is not None and here.value is not None:
                    assert_close(value, number(here.value), what)
        elif isinstance(here, Piece):
            assert (here.expression is None) == (value is None), what
            if here.expression is not None:
                assert_close(value, evaluate(here.expression, x, DIGITS), what)
        else:
            assert any(p.contains(x) is None for p in found.pieces), what


# -- exact tables -------------------------------------------------------------------
TABLES = {
    "Max(x, x**3)": """
        x < -1      x
        x = -1      kink: value -1, slopes 1 and 3
        -1 < x < 0  x**3
        x = 0       kink: value 0, slopes 0 and 1
        0 < x < 1   x
        x = 1       kink: value 1, slopes 1 and 3
        x > 1       x**3
        """,
    "Max(sin(x), 0)": """
        all x  sin(x) where sin(x) >= 0
        all x  0 where sin(x) <= 0
        """,
    "gelu(x)": """
        all x  x*(erf(x/sqrt(2)) + 1)/2
        """,
    "relu2(x)": """
        x < 0  0
        x = 0  smooth: value 0, slope 0
        x > 0  x**2
        """,
    "1/x": """
        x < 0  1/x
        x = 0  pole: undefined, limits -oo and oo
        x > 0  1/x
        """,
    "log(x)": """
        x < 0  undefined
        x = 0  end: undefined, limit -oo
        x > 0  log(x)
        """,
    "sqrt(x)": """
        x < 0  undefined
        x = 0  end: value 0
        x > 0  sqrt(x)
        """,
    "sin(x)/x": """
        all x  sin(x)/x
        x = 0  removable: filled in with 1
        """,
    "(x**2 - 1)/(x - 1)": """
        all x  x + 1
        x = 1  removable: filled in with 2
        """,
    "x*Abs(x)/x": """
        x < 0  -x
        x = 0  removable: filled in with 0, slopes -1 and 1
        x > 0  x
        """,
    "Heaviside(x)": """
        x < 0  0
        x = 0  jump: value 1/2, limits 0 and 1
        x > 0  1
        """,
    "x/Abs(x)": """
        x < 0  -1
        x = 0  jump: undefined, limits -1 and 1
        x > 0  1
        """,
    "Piecewise((5, Eq(x, 1)), (x, True))": """
        x < 1  x
        x = 1  value: value 5, limit 1
        x > 1  x
        """,
    "Piecewise((1, Eq(x, 1)), (x, True))": """
        all x  x
        """,
    "sqrt(-x**2*(x - 1)**2)": """
        x < 0      undefined
        x = 0      isolated: value 0
        0 < x < 1  undefined
        x = 1      isolated: value 0
        x > 1      undefined
        """,
    "Abs(x**2 - 2)": """
        x < -sqrt(2)            x**2 - 2
        x = -sqrt(2)            kink: value 0, slopes -2*sqrt(2) and 2*sqrt(2)
        -sqrt(2) < x < sqrt(2)  2 - x**2
        x = sqrt(2)             kink: value 0, slopes -2*sqrt(2) and 2*sqrt(2)
        x > sqrt(2)             x**2 - 2
        """,
    "Max(x**2 - x - 1, 0)": """
        x < 1/2 - sqrt(5)/2                    x**2 - x - 1
        x = 1/2 - sqrt(5)/2                    kink: value 0, slopes -sqrt(5) and 0
        1/2 - sqrt(5)/2 < x < sqrt(5)/2 + 1/2  0
        x = sqrt(5)/2 + 1/2                    kink: value 0, slopes 0 and sqrt(5)
        x > sqrt(5)/2 + 1/2                    x**2 - x - 1
        """,
    "Max(x**3 - x - 1, 0)": """
        x < root(x**3 - x - 1, 0)            0
        x = root(x**3 - x - 1, 0) ≈ 1.32472  kink: value 0, slopes 0 and root(x**3 - 3*x**2 - 23, 0)
        x > root(x**3 - x - 1, 0)            x**3 - x - 1
        """,
    "Max(exp(x) - 2, 0)": """
        all x  exp(x) - 2 where exp(x) >= 2
        all x  0 where exp(x) <= 2
        """,
    "Piecewise((x, x > pi), (sin(x), True))": """
        all x  sin(x) where x <= pi
        all x  x where x > pi
        """,
    "Piecewise((x, x > log(2)), (sin(x), x > -pi))": """
        all x  sin(x) where x <= log(2) and x > -pi
        all x  x where x > log(2)
        all x  undefined where x <= -pi
        """,
    "floor(x)": """
        all x  floor(x); steps where x is an integer
        """,
    "sign(x)*floor(x)": """
        x < 0  -floor(x); steps where x is an integer
        x = 0  jump: value 0, limits 1 and 0
        x > 0  floor(x); steps where x is an integer
        """,
    "sign(sin(x))": """
        all x  1 where sin(x) > 0
        all x  -1 where sin(x) < 0
        all x  0 where sin(x) = 0
        """,
    "tan(x)": """
        all x  tan(x) where cos(x) != 0
        all x  undefined where cos(x) = 0
        """,
    "x/sin(x)": """
        all x  x/sin(x) where sin(x) != 0
        all x  undefined where sin(x) = 0
        x = 0  removable: filled in with 1
        """,
    "gamma(x)": """
        x < 0  gamma(x) where sin(pi*x) != 0
        x < 0  undefined where sin(pi*x) = 0
        x = 0  pole: undefined, limits -oo and oo
        x > 0  gamma(x)
        """,
    "cbrt(x)": """
        x < 0  cbrt(x)
        x = 0  kink: value 0, slopes oo and oo
        x > 0  cbrt(x)
        """,
    "Abs(sin(x)) + Abs(x)": """
        x < 0  sin(x) - x where sin(x) >= 0
        x < 0  -sin(x) - x where sin(x) <= 0
        x = 0  kink: value 0, slopes -2 and 2
        x > 0  sin(x) + x where sin(x) >= 0
        x > 0  -sin(x) + x where sin(x) <= 0
        """,
    "x*Max(sin(1/x), 0)": """
        x < 0  x*sin(1/x) where sin(1/x) >= 0
        x < 0  0 where sin(1/x) <= 0
        x = 0  removable: filled in with 0
        x > 0  x*sin(1/x) where sin(1/x) >= 0
        x > 0  0 where sin(1/x) <= 0
        """,
    "sin(1/x)": """
        x < 0  sin(1/x)
        x = 0  hole: undefined, no limit from either side
        x > 0  sin(1/x)
        """,
    "Piecewise((0, Eq(x, 0)), (sin(1/x), True))": """
        x < 0  sin(1/x)
        x = 0  wild: value 0, no limit from either side
        x > 0  sin(1/x)
        """,
    "Piecewise((0, Eq(x, 0)), (exp(-1/x**2), True))": """
        x < 0  exp(-1/x**2)
        x = 0  smooth: value 0, slope 0
        x > 0  exp(-1/x**2)
        """,
    "0*x": """
        all x  0
        """,
    "0*log(x)": """
        x < 0  undefined
        x = 0  end: undefined, limit 0
        x > 0  0
        """,
    "log(log(x))": """
        x < 0  undefined
        x = 0  gap: undefined
        x > 0  log(log(x)) where log(x) > 0
        x > 0  undefined where log(x) <= 0
        """,
}


@pytest.mark.parametrize("text", TABLES)
def test_table(text: str) -> None:
    rows = cut(text).describe().splitlines()[3:]
    wanted = dedent(TABLES[text]).strip().splitlines()
    assert [row.split() for row in rows] == [row.split() for row in wanted]


def test_a_table_as_a_whole() -> None:
    wanted = """\
        Piecewise((1, x < 0), (x, x < 1), (x**2, True))
        domain: all real numbers

            x < 0      1
            x = 0      jump: value 0, limits 1 and 0
            0 < x < 1  x
            x = 1      kink: value 1, slopes 1 and 2
            x > 1      x**2"""
    found = cut("Piecewise((1, x < 0), (x, x < 1), (x**2, True))")
    assert repr(found) == found.describe() == dedent(wanted)
    assert repr(found.pieces[1]) == "(0, 1): x"
    assert repr(found.breaks[0]) == "x = 0: jump: value 0, limits 1 and 0"


DOMAINS = {
    "x**2": "all real numbers",
    "sin(x)/x": "all real numbers",
    "1/x": "x != 0",
    "1/(x**2 - 1)": "x != -1 and x != 1",
    "log(x)": "x > 0",
    "sqrt(x)": "x >= 0",
    "log(-x)": "x < 0",
    "x**pi": "x >= 0",
    "x**x": "x > 0",
    "acos(x)": "-1 <= x <= 1",
    "atanh(x)": "-1 < x < 1",
    "asec(x)": "x <= -1 or x >= 1",
    "log(x**2 - 2)": "x < -sqrt(2) or x > sqrt(2)",
    "sqrt(x**3 - x - 1)": "x >= root(x**3 - x - 1, 0)",
    "sqrt(-x**2*(x - 1)**2)": "x = 0 or x = 1",
    "sqrt(x**2*(x - 1))": "x = 0 or x >= 1",
    "sqrt(x*(x - 1))/x": "x < 0 or x >= 1",
    "1/cos(x)": "where cos(x) != 0",
    "Abs(1/sin(x))": "where sin(x) != 0",
    "x/sin(x)": "where sin(x) != 0 or x = 0",
    "sqrt(sin(x))": "where sin(x) >= 0",
    "gamma(x)": "(x < 0 and sin(pi*x) != 0) or x > 0",
    "1/log(x)": "x > 0 and log(x) != 0",
    "1/frac(x)": "where x is not an integer",
    "Piecewise((x, x > log(2)), (sin(x), x > -pi))": "where x > -pi",
    "1/Max(x, 0)": "x > 0",
}


@pytest.mark.parametrize("text", DOMAINS)
def test_domain(text: str) -> None:
    assert cut(text).domain == DOMAINS[text]


@pytest.mark.parametrize(
    ("text", "point", "kind"),
    [
        ("Abs(x)", 0, "kink"),
        ("elu(x)", 0, "smooth"),
        ("softsign(x)", 0, "smooth"),
        ("hard_shrink(x)", Fraction(1, 2), "jump"),
        ("Piecewise((0, Eq(x, 0)), (1/x, True))", 0, "pole"),
        ("Piecewise((0, Eq(x, 0)), (x*sin(1/x), True))", 0, "continuous"),
        ("exp(-1/x)", 0, "pole"),
        ("tanh(1/x)", 0, "jump"),
        ("acot(x)", 0, "jump"),
        ("x*log(Abs(x))", 0, "removable"),
        ("(1 - cos(x))/x**2", 0, "removable"),
        ("log(Abs(x - 1))", 1, "pole"),
        ("loggamma(x)", 0, "end"),
        ("Min(x**2, 1)*sign(x - 1)", 1, "jump"),
    ],
)
def test_kind_of_a_break_point(text: str, point: Fraction | int, kind: str) -> None:
    here = cut(text).at(point)
    assert isinstance(here, BreakPoint)
    assert here.kind == kind


@pytest.mark.parametrize(
    "text",
    ["gelu(x)", "log(exp(x))", "cos(Abs(x))", "sqrt(x**2 + 1)", "x*sign(x)*Abs(x)/Abs(x)*sign(x)*x", "Abs(x)**2",
     "Max(x, x)", "sinc(x)", "cbrt(x**2 + 1)", "cos(Abs(x**3 - x - 1))", "Max(x**2, -x**2)", "2**x"],
)  # fmt: skip
def test_one_analytic_expression_is_one_piece(text: str) -> None:
    assert len(cut(text).pieces) == 1


@pytest.mark.parametrize("text", ["sqrt(x**2)", "cbrt(x)**2", "Max(x, 0)**pi", "cbrt(relu(x))", "x*Abs(x)"])
def test_what_is_not_analytic_is_not_put_together(text: str) -> None:
    found = cut(text)
    assert len(found.pieces) == 2
    assert_true(found, POINTS)


@pytest.mark.parametrize("text", [
    "cbrt(-sqrt(3)*x - 2)", "cbrt(sqrt(3)*x - 2)", "cbrt(1 - pi*x)", "x*cbrt(-sqrt(3)*x - 2)",
    "Abs(-sqrt(2)*x - 1)", "Max(0, -pi*x - 1)", "Max(x, -pi*x - 1)", "Abs(log(2)*x + 1)",
])  # fmt: skip
def test_breaks_at_irrational_points_are_kept(text: str) -> None:
    """The sign of the argument is certain on one half-line, and the expression is the same on both sides."""
    found = cut(text)
    assert found.breaks or all(p.where for p in found.pieces)


def test_a_base_stays_positive_when_the_exponent_turns_out_constant() -> None:
    found = cut("x**Min(x**2, -3)")
    assert found.domain == "x > 0"
    assert_true(found, POINTS)


@pytest.mark.parametrize("name", CATALOGUE)
def test_catalogue(name: str) -> None:
    found = pieces(CATALOGUE[name].build())
    assert found is not None
    assert found.domain == "all real numbers"
    assert {b.kind for b in found.breaks} <= {"kink", "smooth", "jump", "removable"}
    assert_true(found, POINTS)


EXAMPLES = [*TABLES, *DOMAINS, "Mod(x, 2)", "x*frac(x)", "ceiling(x) - floor(x)", "Max(x, sin(x))", "asin(sin(x))",
            "Max(sin(x), cos(x))", "Max(sin(x), 0)*Abs(x - 1)", "exp(Abs(x**3 - x - 1))", "floor(x)*Abs(x - 1)",
            "Piecewise((1, Eq(frac(x), 0)), (0, True))", "Piecewise((1, Eq(sin(x), 0)), (x, True))",
            "Max(x**3 - x - 1, exp(x) - 4)", "Min(Max(x**5 - x - 1, 0), 1)", "besselj(1/2, x)",
            "Abs(cosh(x) - 2)"]  # fmt: skip


@pytest.mark.parametrize("text", EXAMPLES)
def test_examples_agree_with_the_evaluator(text: str) -> None:
    assert_true(cut(text), POINTS)


# -- random expressions ---------------------------------------------------------------
_literals = st.sampled_from([num(p, q) for p, q in ((0, 1), (1, 1), (-1, 1), (2, 1), (1, 2), (-3, 2))] + [PI, E])
_atoms = st.one_of(st.just(X), st.just(X), _literals)
_names = st.sampled_from(["exp", "sin", "cos", "tanh", "atan", "Abs", "sign", "cbrt", "log", "tan", "asin"])
_exponents = st.sampled_from([num(2), num(3), num(-1), num(1, 2), num(-1, 2)])


def _grown(parts: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    relation = st.sampled_from(["lt", "le", "eq", "ne"])
    condition = st.builds(lambda r, a, b: apply(r, a, b), relation, parts, _literals)
    return st.one_of(
        st.builds(add, parts, parts),
        st.builds(mul, parts, parts),
        st.builds(apply, _names, parts),
        st.builds(apply, st.sampled_from(["Max", "Min"]), parts, parts),
        st.builds(power, parts, _exponents).filter(lambda t: t.op != "pow" or t.args[0].value != 0),
        st.builds(lambda a, b, c: piecewise((a, c), (b, TRUE)), parts, parts, condition),
        st.builds(lambda a, c: piecewise((a, c)), parts, condition),
    )


@given(st.recursive(_atoms, _grown, max_leaves=6), st.lists(st.integers(-80, 80), max_size=4))
def test_random_expressions_agree_with_the_evaluator(term: Term, numerators: list[int]) -> None:
    found = pieces(term)
    if found is not None:
        assert_true(found, POINTS + [Fraction(n, 16) for n in numerators])
        json.dumps(found.to_json())


# -- data -----------------------------------------------------------------------------
def test_json() -> None:
    data = json.loads(json.dumps(cut("Max(sin(x), 0)*Heaviside(x - 1)").to_json()))
    assert data["domain"] == "all real numbers"
    assert data["pieces"][1] == {
        "low": "1", "high": None, "expression": "sin(x)", "where": ["sin(x) >= 0"], "steps": [],
    }  # fmt: skip
    assert data["breaks"] == [
        {"point": "1", "kind": "jump", "value": "sin(1)/2", "left": "0", "right": "sin(1)", "slopes": ["0", "cos(1)"]}
    ]


def test_expressions_are_in_the_language_of_the_input() -> None:
    for text in EXAMPLES:
        for piece in cut(text).pieces:
            if piece.expression is not None:
                assert parse_term(str(piece.expression)) is not None


def test_exact_ends() -> None:
    found = cut("Abs(x**2 - 2)").pieces[1]
    assert (found.low, found.high) == (Value(mul(num(-1), power(num(2), num(1, 2)))), Value(power(num(2), num(1, 2))))
    assert found.contains(Fraction(1)) is True
    assert found.contains(Fraction(3, 2)) is False


def test_property_of_the_group() -> None:
    found = iw.derive("relu6").pieces
    assert found is not None
    assert [str(p.expression) for p in found.pieces] == ["0", "x", "6"]
