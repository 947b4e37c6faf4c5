"""Whole derivations that once could go wrong: each names the group by hand, with the reason."""

from __future__ import annotations

import pytest

from intertwine.errors import DomainError
from intertwine.groups import NONZERO, POSITIVE, SIGN, TRIVIAL, ScalarGroup
from intertwine.parsing import parse_term
from intertwine.solve.linear import solve_linear
from intertwine.terms import ZERO, X, apply

# Text, S, kind (None: monomial matrices over S), reason.
TRUTHS: tuple[tuple[str, ScalarGroup, str | None, str], ...] = (
    # an attained bound of a range must not be taken for an open one
    ("sign((1+sin(x)**2)**pi-1)", SIGN, None, "0 exactly at the multiples of pi, else 1"),
    ("Abs(x)*sign((1+sin(x)**2)**pi-1)", SIGN, None, "zeros at the multiples of pi"),
    ("sign(pi**(sin(x)**2)-1)", SIGN, None, "0 exactly at the multiples of pi, else 1"),
    ("sign((1+x**2)**(sin(x)**2)-1)", SIGN, None, "0 exactly at the multiples of pi, else 1"),
    ("floor((1+sin(x)**2)**(-pi))", SIGN, None, "1 exactly at the multiples of pi, else 0"),
    ("sign(2**floor(Abs(x))-1)", SIGN, None, "0 on (-1, 1), else 1"),
    ("Max(0,2**floor(Abs(x))-1)", SIGN, None, "0 on (-1, 1), positive outside"),
    # an exponent that is an integer by the value of its spelling
    ("x**sqrt(4)*exp(x**2)", SIGN, None, "x**2*exp(x**2), even"),
    ("x**sqrt(4)+x**4", SIGN, None, "even, two degrees"),
    ("x**sqrt(9)+x", SIGN, None, "odd, two degrees"),
    ("x**log(E**2)*cosh(x)", SIGN, None, "even"),
    ("x**(-sqrt(4))*cosh(x)", SIGN, None, "even, undefined at 0 only"),
    ("sinh(x)**(2*sin(1)**2+2*cos(1)**2)", SIGN, None, "sinh(x)**2"),
    # solutions of f' = a f that vanish where a is singular
    ("x+10**-300*cbrt(x)", SIGN, None, "odd, two degrees"),
    ("x+10**-300*Abs(x)**pi", TRIVIAL, None, "two degrees, neither even nor odd"),
    ("x+10**-300*sqrt(Abs(x))", TRIVIAL, None, "two degrees, neither even nor odd"),
    ("1+10**-300*cbrt(x)", TRIVIAL, None, "1 plus something odd"),
    ("Max(x,x+10**-1000*Abs(x)**pi)", TRIVIAL, None, "x on the left, two degrees on the right"),
    ("x+10**-300*cbrt(x-2)", TRIVIAL, None, "a vertical tangent at 2"),
    # small terms far out
    ("sin(log(x))/x**2+log(1+1/x)", TRIVIAL, None, "degree -2 near 0, like 1/x far out"),
    ("sin(x)/x**2+cos(pi/2+1/x)", SIGN, None, "odd; sin(x)/x**2 near 0 is 1/x, the rest oscillates"),
    # ordinary ones
    ("x", NONZERO, "general linear", "linear"), ("2*x+1", TRIVIAL, "unit row sums", "affine"),
    ("7", NONZERO, "general linear", "constant"),
    ("Max(0,x)", POSITIVE, None, "relu"), ("x**3", NONZERO, None, "a power"), ("tanh(x)", SIGN, None, "odd"),
    ("sigmoid(x)", TRIVIAL, None, "neither even nor odd"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "scalars", "kind", "why"), TRUTHS, ids=lambda v: v if isinstance(v, str) else "")
def test_never_wrong(text: str, scalars: ScalarGroup, kind: str | None, why: str) -> None:
    solution = solve_linear(parse_term(text))
    if solution.status == "bounded":
        assert kind is not None or solution.lower <= scalars <= solution.upper, why
        assert solution.questions
        return
    assert solution.lower == solution.upper and solution.questions == ()
    assert solution.lower.scalars == scalars, why
    whole_line = ("general linear", "unit row sums")
    assert solution.lower.kind == kind if kind is not None else solution.lower.kind not in whole_line


@pytest.mark.parametrize("text", [
    "Piecewise((Abs(Mod(sqrt(x),x)-1),Eq(x,1)),(x,True))",
    "Piecewise((sign(floor(sqrt(x))*(2-x**(1/3))),Eq(x,1)),(x,True))",
    "Piecewise((Abs(frac(sqrt(x))*log(x)+1),Eq(x,1)),(x,True))",
])  # fmt: skip
def test_odd_values_at_single_points_are_no_accident(text: str) -> None:
    solve_linear(parse_term(text))  # answers, whatever the answer


@pytest.mark.parametrize("text", [
    "log(-x**2)", "sqrt(-1-x**2)", "asin(2+x**2)", "1/(x-x)", "acosh(cos(x)/2)", "sqrt(-x**2)",
    "Piecewise((1,Eq(x,3)))", "log(log(-exp(x)))",
])  # fmt: skip
def test_an_empty_domain_is_refused(text: str) -> None:
    with pytest.raises(DomainError) as caught:
        solve_linear(parse_term(text))
    assert "\n" not in str(caught.value)


def test_a_condition_is_no_activation() -> None:
    with pytest.raises(DomainError):
        solve_linear(apply("lt", ZERO, X))


def test_an_open_question_leaves_bounds() -> None:
    solution = solve_linear(parse_term("sin(x)*0+gamma(1/3)*x+(gamma(1/3)*gamma(2/3)-2*pi/sqrt(3))*Abs(x)"))
    if solution.status == "bounded":
        assert solution.lower <= solution.upper and solution.questions
