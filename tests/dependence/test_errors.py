"""Input that cannot be used: one line that says what and where."""

from __future__ import annotations

import pytest
import sympy as sp

import intertwine as iw
from intertwine.errors import DerivationTimeout, DomainError, ExpressionError, IntertwineError, ShapeError

x, y = sp.symbols("x y", real=True)
BAD = [
    ("relu", [], [], "at least one argument"),
    ("relu", "t", [], "arguments is a list"),
    ("relu", ["t"], "t", "admit is a list"),
    ("relu", ["t**2"], [], "the argument t**2 is not of the form b*t + c"),
    ("relu", ["1"], [], "b other than 0"),
    ("relu", ["0*t + 1"], [], "b other than 0"),
    ("relu", [("sqrt(2)*sqrt(3) - sqrt(6)", 1)], [], "b other than 0"),
    ("relu", [(0.5, 0)], [], "not exact"),
    ("relu", [(1, 0, 0)], [], "pair"),
    ("relu", [("t", 0)], [], "not a constant"),
    ("relu", [(1, "log(-1)")], [], "no real value"),
    ("relu", [None], [], "text or a SymPy expression"),
    ("relu", ["t"], [True], "text or a SymPy expression"),
    ("relu", ["t"], ["t > 0"], "condition"),
    ("x > 0", ["t"], [], "condition"),
    ("nonsense(x)", ["t"], [], "unknown function"),
    ("relu", ["2*u"], [], "unknown name"),
    ("relu", [x + y], [], "two symbols"),
    ("relu", ["t"] * 41, [], "at most 40"),
    ("log", ["t", "-t"], [], "common domain"),
    ("sqrt", ["t", "-t"], [], "common domain"),
    (3.5j, ["t"], [], "text or a SymPy expression"),
]


@pytest.mark.parametrize(("activation", "arguments", "admit", "message"), BAD)
def test_bad_input_gets_one_clear_line(activation, arguments, admit, message) -> None:
    with pytest.raises(ExpressionError) as caught:
        iw.relations(activation, arguments, admit=admit)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_common_domain_is_an_error_of_its_own() -> None:
    with pytest.raises(DomainError):
        iw.relations("log", ["t - 1", "-t"])


def test_time_is_kept() -> None:
    with pytest.raises(DerivationTimeout):
        iw.relations("x**20", [f"t + {k}" for k in range(22)], timeout=1e-4)


def test_vectors_have_to_fit() -> None:
    R = iw.relations("relu", ["t", "-t"], admit=["t"])
    with pytest.raises(ShapeError, match="3 coefficients"):
        R.contains([1, -1])
    with pytest.raises(ExpressionError, match="not exact"):
        R.contains([1.0, -1.0, -1.0])
    with pytest.raises(ExpressionError, match="not a constant"):
        R.contains([1, -1, "t"])


@pytest.mark.parametrize(
    ("activation", "arguments", "admit", "message"),
    [
        ("relu", ["2*t", "-2*t"], ["t"], "does not occur"),
        ("relu", ["t"], ["abs(t)", "t"], "occurs once"),
        ("relu(x)**2", ["t", "-t"], ["t**2", "t*abs(t)"], "occurs once"),
        ("x**2 + relu(x)", ["t", "2*t", "4*t"], ["t**2"], "not affine"),
    ],
)
def test_relations_that_rewrite_no_unit(activation, arguments, admit, message) -> None:
    with pytest.raises(IntertwineError, match=message):
        iw.relations(activation, arguments, admit=admit).relations[0].as_rewriting()
