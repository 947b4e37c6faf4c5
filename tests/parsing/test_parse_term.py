"""The expression language: what it means."""

from __future__ import annotations

from fractions import Fraction
from threading import Thread

import pytest

from intertwine.activations import CATALOGUE, activation_names
from intertwine.errors import ExpressionError
from intertwine.parsing import build_activation, parse_term
from intertwine.parsing.functions import FUNCTIONS
from intertwine.parsing.scan import MAX_NESTING
from intertwine.terms import PI, TRUE, E, Term, X, add, apply, mul, neg, num, piecewise, power, to_text
from tests.oracle import evaluate

ZERO = num(0)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("x", X),
        ("  x\n + 1 ", X + 1),
        ("0.1", num(1, 10)),
        ("1e-3*x", X / 1000),
        (".5 + 2.", num(5, 2)),
        ("1.702E1", num(851, 50)),
        ("pi*E", mul(PI, E)),
        ("-x**2", neg(X**2)),
        ("x**-2", X**-2),
        ("2**-1", num(1, 2)),
        ("+x", X),
        ("x - 1 - x", add(X, neg(X), num(-1))),
        ("x/2/3", X / 6),
        ("x/(2*x**2)", mul(num(1, 2), X, X**-2)),
        ("1/x**(-1/2)", power(power(X, num(-1, 2)), num(-1))),
        ("sqrt(x)**2", power(power(X, num(1, 2)), num(2))),
        ("root(x, 3)", power(X, num(1, 3))),
        ("Rational(1, 3)*x", X / 3),
        ("log1p(x)", apply("log", X + 1)),
        ("expm1(x)", apply("exp", X) - 1),
        ("ln(x)", apply("log", X)),
        ("log(x, 2)", apply("log", X) / apply("log", num(2))),
        ("MAX(0, x) + min(x, 1) + ABS(x)", apply("Max", ZERO, X) + apply("Min", X, num(1)) + apply("Abs", X)),
        ("arcsinh(arctan(x))", apply("asinh", apply("atan", X))),
        ("Heaviside(x)", apply("Heaviside", X)),
        ("besselj(1/2, x)", apply("besselj", num(1, 2), X)),
        ("Mod(x, 2)", apply("Mod", X, num(2))),
        ("Piecewise((x, x > 0), (0, True))", piecewise((X, apply("lt", ZERO, X)), (ZERO, TRUE))),
        ("Piecewise((x, x != 0), (0, otherwise))", piecewise((X, apply("ne", X, ZERO)), (ZERO, TRUE))),
        ("Piecewise((1, Ge(x, 0)))", piecewise((num(1), apply("le", ZERO, X)))),
        ("relu", apply("Max", ZERO, X)),
        ("ReLU(2*x)", apply("Max", ZERO, 2 * X)),
        ("sin(x)", apply("sin", X)),
        ("sin(x, 30)", apply("sin", 30 * X)),
        ("sin", apply("sin", X)),
        ("sqrt", power(X, num(1, 2))),
        ("leaky_relu(x, 0.2)", parse_term("Max(0, x) + Min(0, x)/5")),
        ("softplus(x, beta=2)", parse_term("log(1 + exp(2*x))/2")),
        ("hard_tanh(x, max_val=2)", parse_term("Min(Max(-1, x), 2)")),
        ("softplus(-x)", parse_term("log(1 + exp(-x))")),
    ],
)
def test_what_is_read(text: str, term: Term) -> None:
    assert parse_term(text) == term


@pytest.mark.parametrize(
    "text",
    [
        "(x > 0) & (x < 1)",
        "x > 0 and x < 1",
        "0 < x < 1",
        "And(x > 0, Lt(x, 1))",
        "~((x <= 0) | (x >= 1))",
        "not (x <= 0 or x >= 1)",
        "Not(Or(x <= 0, x >= 1))",
    ],
)
def test_ways_to_write_a_condition(text: str) -> None:
    term = parse_term(f"Piecewise((1, {text}), (0, True))")
    values = [evaluate(term, p) for p in (-1, 0, Fraction(1, 2), 1, 2)]
    assert values == [0, 0, 1, 0, 0]


def test_literals_are_exact_beyond_floats() -> None:
    digits = "0." + "1234567890" * 30
    assert parse_term(digits).value == Fraction(digits)
    assert parse_term("x**3 + x/10**30") == X**3 + X / 10**30


@pytest.mark.parametrize("name", activation_names(aliases=True))
def test_a_name_alone_is_that_function_of_x(name: str) -> None:
    assert parse_term(name) == parse_term(f"{name}(x)")
    # Printing gathers what stands under a fraction bar, so factors may change places, once.
    again = parse_term(to_text(parse_term(name)))
    assert parse_term(to_text(again)) == again


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_alone(name: str) -> None:
    if name == "Rational":
        with pytest.raises(ExpressionError, match="not a literal number at column 1"):
            parse_term(name)
    elif FUNCTIONS[name].fewest == 1:
        assert parse_term(name) == parse_term(f"{name}(x)") or name in CATALOGUE
    else:
        with pytest.raises(ExpressionError, match="without its argument"):
            parse_term(name)


def test_build_activation() -> None:
    assert build_activation("softplus", -X, beta=num(2)) == parse_term("softplus(-x, 2)")
    assert CATALOGUE["celu"].build(X, alpha=num(2)) == parse_term("celu(x, 2)")
    with pytest.raises(ExpressionError, match="no parameter 'gamma'"):
        build_activation("softplus", X, gamma=num(1))
    with pytest.raises(ExpressionError, match="no activation is called 'soft'"):
        build_activation("soft")
    with pytest.raises(ExpressionError, match="division by zero"):
        build_activation("softplus", X, beta=num(0))


def test_deep_and_long_texts_within_the_bounds_are_read() -> None:
    deep = MAX_NESTING - 5
    assert parse_term("(" * deep + "x" + ")" * deep) == X
    assert parse_term("+".join(["x"] * 1500)).size == 1501
    horner = "x"
    for _ in range(deep):
        horner = f"({horner} + 1)*x"
    assert parse_term(horner).size == 1 + 4 * deep
    assert parse_term("-" * deep + "x")
    assert parse_term("sin(" * deep + "x" + ")" * deep).size == deep + 1


def test_reading_works_in_a_thread() -> None:
    found: list[Term] = []
    thread = Thread(target=lambda: found.append(parse_term("sin(" * 90 + "x" + ")" * 90)))
    thread.start()
    thread.join()
    assert found[0].size == 91
