"""The border to SymPy, in both directions."""

from __future__ import annotations

import math
import subprocess
import sys
from fractions import Fraction
from typing import Any

import mpmath
import pytest
import sympy as sp
from hypothesis import given, settings

from intertwine.activations import CATALOGUE
from intertwine.errors import ExpressionError
from intertwine.parsing import parse_term
from intertwine.terms import Term, to_text
from intertwine.terms.sympy_bridge import from_callable, from_sympy, to_sympy
from tests.oracle import evaluate
from tests.terms.strategies import terms

x = sp.Symbol("x", real=True)
z = sp.Symbol("z")
POINTS = [Fraction(-7, 3), Fraction(-1, 2), Fraction(1, 3), Fraction(5, 4), Fraction(4)]


def _agree(a: Term, b: Term, points: list[Fraction]) -> None:
    """Equal wherever both are defined, and ``b`` defined wherever ``a`` is: SymPy may only enlarge the domain."""
    for point in points:
        left, right = evaluate(a, point), evaluate(b, point)
        if left is not None:
            assert right is not None and abs(left - right) < mpmath.mpf(10) ** -20 * (1 + abs(left)), (a, b, point)


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_catalogue_survives_sympy(name: str) -> None:
    term = parse_term(name)
    _agree(term, from_sympy(to_sympy(term)), [*POINTS, Fraction(0)])


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_catalogue_lambdifies(name: str) -> None:
    term = parse_term(name)
    f = sp.lambdify(x, to_sympy(term), "mpmath")
    for point in POINTS:
        expected = evaluate(term, point, 15)
        assert abs(f(mpmath.mpf(point.numerator) / point.denominator) - expected) < 1e-12 * (1 + abs(expected))


@given(terms.filter(lambda t: t.size <= 12))
@settings(max_examples=150)
def test_random_terms_survive_sympy(term: Term) -> None:
    try:
        again = from_sympy(to_sympy(term))
    except (ExpressionError, TypeError, ValueError, ArithmeticError, RuntimeError):
        return  # SymPy folded it to zoo, nan or I, or cannot fold it: it has no values, or SymPy fails on it
    for point in POINTS:
        try:
            left, right = evaluate(term, point), evaluate(again, point)
        except OverflowError:
            continue
        if left is not None and right is not None and abs(left) < 1e9:
            # Steps (floor, sign) may fall on either side of exact cancellations that SymPy sees through.
            assert abs(left - right) < mpmath.mpf(10) ** -15 * (1 + abs(left)) or _has_step(term), (term, again)


def _has_step(term: Term) -> bool:
    steps = {"floor", "ceiling", "frac", "Mod", "sign", "Heaviside", "piecewise"}
    return any(node.op in steps for node in term.walk())


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (sp.Max(0, x), "Max(0, x)"),
        (sp.Heaviside(x), "Heaviside(x)"),
        (sp.Heaviside(x, 1), "Piecewise((0, x < 0), (1, Eq(x, 0)), (1, True))"),
        (x**0.5, "sqrt(x)"),
        (sp.Float(0.1) * x, "x/10"),
        (sp.GoldenRatio * x, "x*(sqrt(5) + 1)/2"),
        (sp.log(x, 2), "log(x)/log(2)"),
        (sp.E**z, "exp(x)"),
        (sp.re(z), "x"),
        (sp.conjugate(z), "x"),
        (sp.Mod(z, 2), "Mod(x, 2)"),
        (sp.cbrt(x), "x**(1/3)"),
        (sp.real_root(x, 3), "Abs(x)**(1/3)*sign(x)"),
        (sp.sign(x) * sp.Abs(x) ** sp.Rational(1, 3), "Abs(x)**(1/3)*sign(x)"),
        (sp.Piecewise((x, sp.And(x > 0, x < 1)), (0, True)), "Piecewise((x, (0 < x) & (x < 1)), (0, True))"),
        (sp.Piecewise((x, sp.ITE(x > 0, x < 1, x > -1)), (0, True)), None),
        (sp.Piecewise((x, sp.Xor(x > 0, x < 1)), (0, True)), None),
        (sp.Lambda(z, z**2), "x**2"),
        (sp.UnevaluatedExpr(x) + 1, "x + 1"),
        (sp.LambertW(x), "LambertW(x)"),
        (sp.besselj(sp.Rational(1, 2), x), "besselj(1/2, x)"),
        (3, "3"),
        (0.1, "1/10"),
        (Fraction(1, 3), "1/3"),
        (sp.sqrt(x) / x, "1/sqrt(x)"),
        (sp.Dummy("u") ** 2, "x**2"),
    ],
)
def test_what_is_read(expression: Any, text: str | None) -> None:
    term = from_sympy(expression)
    if text is not None:
        assert to_text(term) == text


def test_logic_is_read_with_its_meaning() -> None:
    either = from_sympy(sp.Piecewise((1, sp.Xor(x > 0, x < 1)), (0, True)))
    chosen = from_sympy(sp.Piecewise((1, sp.ITE(x > 0, x < 1, x < -1)), (0, True)))
    assert [evaluate(either, p) for p in (-1, Fraction(1, 2), 2)] == [1, 0, 1]
    assert [evaluate(chosen, p) for p in (-2, Fraction(-1, 2), Fraction(1, 2), 2)] == [1, 0, 1, 0]


def _tower(height: int) -> Any:
    e: Any = x
    for _ in range(height):
        e = sp.sin(e, evaluate=False)
    return e


@pytest.mark.parametrize(
    ("expression", "part"),
    [
        (sp.I * x, "in I"),
        (sp.zoo, "zoo"),
        (sp.nan, "nan"),
        (sp.oo, "oo"),
        (sp.zeta(x), "zeta(x)"),
        (sp.Function("f")(x), "f(x)"),
        (sp.EulerGamma + x, "EulerGamma"),
        (sp.LambertW(x, -1), "principal branch"),
        (sp.Integral(sp.exp(-(x**2)), x), ".doit()"),
        (x + sp.Symbol("y", real=True), "two symbols"),
        (x + sp.Symbol("x"), "different assumptions"),
        (sp.Symbol("p", positive=True), "positive"),
        (sp.Symbol("n", integer=True), "Symbol(\"n\", real=True)"),
        (sp.Symbol("i", imaginary=True), "not real"),
        (x > 0, "condition"),
        (sp.true, "condition"),
        (sp.re(sp.sqrt(z), evaluate=False), "part of something"),
        (sp.besselj(x, 1), "rational"),
        (sp.Float("1e100000"), "digits"),
        (sp.Integer(10) ** 5000, "digits"),
        (x ** (10**9), "exponent"),
        (_tower(250), "deep"),
        (sp.Matrix([x]), "Matrix"),
        ("x", "str"),
        (None, "NoneType"),
        (True, "bool"),
        (1j, "complex"),
        (math.inf, "not a real number"),
        (math.nan, "not a real number"),
    ],
)  # fmt: skip
def test_what_is_refused(expression: Any, part: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        from_sympy(expression)
    message = str(caught.value)
    assert part in message and "\n" not in message and len(message) < 250


def test_callables() -> None:
    assert from_callable(lambda t: t * sp.tanh(t)) == parse_term("x*tanh(x)")
    assert from_callable(sp.erf) == parse_term("erf(x)")
    assert from_callable(lambda t: 3) == parse_term("3")


@pytest.mark.parametrize(
    ("function", "part"),
    [
        (math.exp, "sympy's functions"),
        (lambda t: max(0, t), "truth value"),
        (lambda: 0, "TypeError"),
        (lambda t: "x", "returns str"),
        (lambda t: None, "returns NoneType"),
        (lambda t: t > 0, "condition"),
    ],
)
def test_callables_that_are_refused(function: Any, part: str) -> None:
    with pytest.raises(ExpressionError, match=part):
        from_callable(function)


def test_to_sympy_takes_another_symbol() -> None:
    assert to_sympy(parse_term("relu"), z) == sp.Max(0, z)


def test_sympy_is_not_imported_before_it_is_needed() -> None:
    code = "import sys, intertwine.parsing, intertwine.terms.sympy_bridge; intertwine.parsing.parse_term('gelu')"
    found = "assert not {'sympy', 'flint', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", f"{code}; {found}"], check=True)
