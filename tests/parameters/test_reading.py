"""Which names stand for parameters, what may be assumed, and what is refused in one line."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp

import intertwine as iw


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("leaky_relu(x, alhpa)",), "unknown name"),
        (("q*x",), "unknown name"),
        (("k*x", {"assume": "m > 0"}), "does not occur"),
        (("relu", {"assume": "x > 0"}), "has none"),
        (("a*x", {"assume": "a + 1"}), "condition"),
        (("a*x", {"assume": "sin(a) > 0"}), "cannot be part"),
        (("a*x", {"assume": "a*x > 0"}), "x can only be compared"),
        (("a*x", {"assume": "(a > 0) | (a < -1)"}), "comparison"),
        (("a*x", {"parameters": ["gamma"]}), "meaning"),
        (("a*x", {"parameters": ["x"]}), "meaning"),
        (("a*x", {"parameters": ["1a"]}), "not a name"),
        (("gamma*x",), "without its argument"),
    ],
)
def test_refusals(arguments: tuple[Any, ...], part: str) -> None:
    text, options = arguments[0], arguments[1] if len(arguments) > 1 else {}
    with pytest.raises(iw.ExpressionError) as caught:
        iw.derive(text, **options)
    assert part in str(caught.value) and "\n" not in str(caught.value)


def test_declared_names_are_parameters() -> None:
    assert iw.derive("q*x", parameters=["q"]).parameters == ("q",)
    assert iw.derive("q*x", assume="q > 0").parameters == ("q",)


def test_assumptions_leave_cases_out() -> None:
    group = iw.derive("leaky_relu(x, alpha)", assume=["alpha > 0", "alpha < 1"])
    assert [case.kind for case in group.cases] == ["positive-scaled permutation"]
    assert group.assumptions == ("alpha > 0", "alpha < 1")
    with pytest.raises(iw.ExpressionError, match="outside of the assumptions"):
        group.at(alpha=2)


@pytest.mark.parametrize("value", ["x", "1/0", True, 0.5, "alpha"])
def test_values_are_exact_numbers(value: Any) -> None:
    group = iw.derive("leaky_relu(x, alpha)")
    with pytest.raises(iw.ExpressionError):
        group.at(alpha=value)


def test_every_parameter_needs_a_value() -> None:
    group = iw.derive("a*x + b")
    with pytest.raises(iw.ExpressionError, match="no value for b"):
        group.at(a=1)
    with pytest.raises(iw.ExpressionError, match="no parameter"):
        group.at(a=1, b=1, c=1)


def test_sympy_symbols_bring_their_assumptions() -> None:
    x, p = sp.Symbol("x", real=True), sp.Symbol("alpha", positive=True)
    group = iw.derive(sp.Max(0, x) + p * sp.Min(0, x))
    assert isinstance(group, iw.ParametricGroup)
    assert group.assumptions == ("alpha > 0",)
    assert {case.condition for case in group.cases} == {"alpha = 1", "alpha != 1"}


def test_whole_exponents() -> None:
    x, p = sp.Symbol("x", real=True), sp.Symbol("p", integer=True, positive=True)
    group = iw.derive(x**p)
    assert isinstance(group, iw.ParametricGroup)
    assert group.status == "exact" and group.certificate.check()
    assert sorted(case.kind for case in group.cases) == ["general linear", "monomial", "monomial"]
    with pytest.raises(iw.ExpressionError, match="outside"):
        group.at(p="1/2")


def test_a_positive_variable_is_a_half_line() -> None:
    x, p = sp.Symbol("x", positive=True), sp.Symbol("p", real=True)
    group = iw.derive(x**p)
    assert isinstance(group, iw.ParametricGroup)
    assert {case.kind for case in group.cases} == {"positive-scaled permutation"}


def test_one_of_several_symbols_is_x() -> None:
    with pytest.raises(iw.ExpressionError, match="named x"):
        iw.derive(sp.Symbol("s") + sp.Symbol("t"))
