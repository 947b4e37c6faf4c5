"""Terms: text that reads back, arithmetic that keeps domains, the oracle that other tests trust."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
from hypothesis import given

from intertwine.errors import ExpressionError
from intertwine.parsing import parse_term
from intertwine.terms import ONE, Term, X, add, apply, mul, num, power, to_text
from intertwine.terms.bounds import MAX_DEPTH, Bounds
from tests.oracle import evaluate
from tests.terms.strategies import terms

POINTS = [Fraction(-7, 3), Fraction(-1, 2), Fraction(0), Fraction(1, 3), Fraction(5, 4), Fraction(4)]


def _close(a: object, b: object) -> bool:
    if a is None or b is None:
        return a is b
    return bool(abs(a - b) <= mpmath.mpf(10) ** -20 * (1 + abs(a)))  # type: ignore[operator]


@given(terms)
def test_text_reads_back_with_the_same_meaning(term: Term) -> None:
    try:
        again = parse_term(to_text(term))
    except ExpressionError as error:
        # A sum of literals can come out as 0 in a denominator; such a term has no values at all.
        assert "division by zero" in str(error)
        return
    assert parse_term(to_text(again)) == again
    for x in POINTS:
        try:
            values = evaluate(term, x), evaluate(again, x)
        except OverflowError:
            continue
        assert _close(*values), (term, again, x)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (1 - X, "1 - x"),
        (-(X**2), "-x**2"),
        ((-X) ** 2, "(-x)**2"),
        (num(-2) ** X, "(-2)**x"),
        (X ** num(-1, 2), "1/sqrt(x)"),
        (power(power(X, num(1, 2)), num(2)), "sqrt(x)**2"),
        (X / 2 - X / 3, "x/2 - x/3"),
        (num(1, 2) * (X + 1) / (X - 1), "(x + 1)/(2*(x - 1))"),
        (mul(num(0), apply("log", X)), "0*log(x)"),
        (num(2) ** (num(2) ** X), "2**(2**x)"),
    ],
)
def test_text(term: Term, text: str) -> None:
    assert to_text(term) == text
    assert parse_term(text) == term


def test_literals_fold_and_nothing_else() -> None:
    assert X + 1 - 1 == X
    assert X - X == add(X, mul(num(-1), X))
    assert X / X != ONE


def test_bounds_measure_depth_without_recursion() -> None:
    bounds, term = Bounds(), X
    for _ in range(MAX_DEPTH - 1):
        term = apply("sin", term)
        assert bounds.problem(term) is None
    assert "deep" in str(bounds.problem(apply("sin", term)))


@pytest.mark.parametrize(
    ("text", "x", "value"),
    [
        ("x/x", 0, None),
        ("1/x", 0, None),
        ("sqrt(x)**2", -1, None),
        ("x**(1/3)", -8, None),
        ("cbrt(x)", -8, -2),
        ("x**x", 0, None),
        ("x**pi", 0, 0),
        ("x**0", 0, 1),
        ("Heaviside(x)", 0, 0.5),
        ("sign(x)", 0, 0),
        ("sinc(x)", 0, 1),
        ("frac(x)", Fraction(-1, 4), 0.75),
        ("Mod(x, -3)", 4, -2),
        ("Piecewise((1, x > 0))", -1, None),
        ("Piecewise((1, x > 0), (log(x), True))", 1, 1),
        ("0*log(x)", -1, None),
        ("gamma(x)", -2, None),
        ("loggamma(x)", Fraction(-1, 2), None),
        ("besselj(1/2, x)", 0, 0),
        ("besselj(-1/2, x)", 0, None),
        ("besselj(1/2, x)", -1, None),
        ("bessely(0, x)", 0, None),
        ("Ci(x)", -1, None),
        ("LambertW(x)", -1, None),
        ("acosh(x)", Fraction(1, 2), None),
        ("atanh(x)", 1, None),
        ("asin(x)", 2, None),
        ("floor(x) + ceiling(x)", Fraction(1, 2), 1),
    ],
)
def test_the_oracle_follows_the_natural_domain(text: str, x: Fraction, value: float | None) -> None:
    result = evaluate(parse_term(text), x)
    assert result == value if result is None or value is None else abs(result - value) < 1e-25
