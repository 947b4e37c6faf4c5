"""Laws that the derived groups obey whatever the activation is."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from intertwine.activations import CATALOGUE
from intertwine.affine import AffineSolution, solve_affine
from intertwine.groups.affine.map import AffineMap
from intertwine.groups.affine.scalars import AffineScalarGroup
from intertwine.parsing import parse_term
from intertwine.terms import X, apply, num
from tests.affine.expressions import PLAIN, exact, moved, scales, shifts


@cache
def plain(text: str) -> AffineSolution:
    return solve_affine(parse_term(text))


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PLAIN), scales, shifts, scales, shifts)
def test_affine_maps_on_both_sides_conjugate(text: str, a: Fraction, c: Fraction, b: Fraction, d: Fraction) -> None:
    # s' = out∘s∘in has T' = in⁻¹ T in and ψ'(in⁻¹ f in) = out ψ(f) out⁻¹.
    before, after = plain(text), solve_affine(moved(text, (a, c), (b, d)))
    assert before.status == after.status == "exact"
    inner, outer = exact((a, c)), exact((b, d))
    T, S = before.lower.scalars, after.lower.scalars
    assert T.type == S.type
    for f in S.generators():
        back = inner @ f @ inner.inverse()
        assert back in T
        assert after.lower.character(f) == outer @ before.lower.character(back) @ outer.inverse()
    for f in T.generators():
        assert inner.inverse() @ f @ inner in S


@pytest.mark.parametrize("text", ["sigmoid", "tanh", "sin(x)", "x**2", "Max(0, x)", "exp(x)", "x - floor(x)", "1/x",
                                  "log(Abs(x))", "hard_sigmoid", "exp(-x**2)", "Abs(x)"])
def test_a_small_bump_breaks_the_symmetry(text: str) -> None:
    bump = apply("exp", -((X - num(1, 3)) ** 2)) / num(10**30)
    solution = solve_affine(parse_term(text) + bump)
    assert solution.lower.scalars == AffineScalarGroup.trivial()
    if solution.status == "exact":
        assert solution.upper.scalars == AffineScalarGroup.trivial()


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_catalogue(name: str) -> None:
    solution = solve_affine(CATALOGUE[name].build())
    assert solution.status == "exact" or name == "phish", solution.questions


@pytest.mark.parametrize(("text", "element"), [
    ("1/(1 + 3*exp(-2*x))", (-1, sp.log(3))), ("x**3 + x**2", (-1, sp.Rational(-2, 3))),
    ("2*exp(x) + 3*exp(-x)", (-1, sp.log(sp.Rational(3, 2)))),
    ("3*sin(x) + 4*cos(x)", (-1, 2 * sp.atan(sp.Rational(3, 4)))),
    ("x + sin(x)**2", (-1, sp.pi / 2)), ("sin(30*x + 1)", (-1, (sp.pi - 2) / 30)),
    ("(x - sqrt(2))**3 + x", (-1, 2 * sp.sqrt(2))),
    ("Abs(x - sqrt(2)) + Abs(x)", (-1, sp.sqrt(2))), ("x + (x - 1000)*exp(-(x - 1000)**2)", (-1, 2000)),
    ("exp(x)*(2 + sin(x))", (1, 2 * sp.pi)), ("(x - 1)*sin(log(Abs(x - 1)))", (sp.exp(sp.pi), 1 - sp.exp(sp.pi))),
])  # fmt: skip
def test_exact_elements(text: str, element: tuple[sp.Expr, sp.Expr]) -> None:
    solution = solve_affine(parse_term(text))
    assert solution.status == "exact"
    assert AffineMap.of(element) in solution.lower.scalars


@pytest.mark.parametrize("text", [
    "softplus", "x + exp(x)", "x**2 + exp(x)", "exp(x) + exp(2*x)", "1/(1 + exp(-exp(x)))", "sinh(x) + x**2",
    "x**4 + x**3",
    "x**x", "x**2 + sin(x)", "exp(x) + sin(x)", "Max(sin(x), x)", "sin(x)/(1 + exp(x))", "x**2 + Abs(sin(x - 1))",
    "Piecewise((log(x), x > 0), (2*log(-x), True))", "exp(1/x)", "1/x + 1/(x - 10**6)/10**6", "tanh(x) + 2*tanh(x - 1)",
    "Piecewise((x, x < 10**6), (x + 1, True))", "exp(-x**2)*Max(sin(x), 0)", "gish", "colu", "atlu", "penalized_tanh",
])  # fmt: skip
def test_nothing_but_the_identity(text: str) -> None:
    solution = solve_affine(parse_term(text))
    assert solution.status == "exact" and solution.lower.scalars == AffineScalarGroup.trivial()


def test_what_is_open_is_said() -> None:
    solution = solve_affine(parse_term("airyai(x)"))
    assert solution.status == "bounded" and solution.questions
    assert solution.lower <= solution.upper and solution.upper.scalars == AffineScalarGroup.affine_line()


@pytest.mark.parametrize("text", ["x > 0", "sqrt(-1 - x**2)", "log(-Abs(x))"])
def test_no_activation(text: str) -> None:
    with pytest.raises(ValueError, match="."):
        solve_affine(parse_term(text))


def test_the_same_answer_for_terms_that_are_equal() -> None:
    pairs = [("log(exp(x) + 1)", "softplus"), ("x/(1 + exp(-x))", "silu"), ("2*sin(x)*cos(x)", "sin(2*x)")]
    for left, right in pairs:
        a, b = (solve_affine(parse_term(t)).lower for t in (left, right))
        assert a.character == b.character

