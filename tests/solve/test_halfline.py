"""Homogeneity on a half-line, in disguise and nearly."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest

from intertwine.calculus.core import reflected, to_core
from intertwine.parsing import parse_term
from intertwine.solve.constants import settle_constants
from intertwine.solve.halfline import Homogeneous, homogeneous, undefined_throughout
from intertwine.solve.witness import Sampler
from tests.solve.numeric_check import value


def find(text: str, side: int) -> Homogeneous | None:
    core = settle_constants(to_core(parse_term(text)))
    return homogeneous(core, Sampler(core), side, core if side > 0 else reflected(core))


POWERS = (
    ("x", 1), ("Max(0,x)", 1), ("3*x**2", -1), ("cbrt(x)", -1), ("Abs(x)**pi", -1), ("x**(2/3)*sqrt(x)", 1),
    ("exp(2*log(x))", 1), ("1/x", -1), ("sqrt(2)*x**sqrt(2)", 1),
    ("sinh(log(x))+cosh(log(x))", 1), ("x*(sin(x)**2+cos(x)**2)", 1), ("sqrt(x**2+2*x+1)-1", 1), ("sign(x)", -1),
    ("7", 1), ("x**3/Abs(x)", -1), ("log(exp(x))", -1),
    ("x*gamma(x+1)/gamma(x)", 1), ("tan(atan(x))", 1), ("Max(x,2*x,x/3)", -1), ("x**(sin(1)**2+cos(1)**2)", -1),
    ("5**(log(x)/log(2))", 1), ("(8*x)**(1/3)", 1),
)  # fmt: skip


@pytest.mark.parametrize(("text", "side"), POWERS, ids=str)
def test_powers_are_found(text: str, side: int) -> None:
    found = find(text, side)
    assert found is not None and found.coefficient is not None and not found.trivial
    c, p = value(found.coefficient, 1, 40), value(found.degree, 1, 40)
    for t in (Fraction(1, 3), Fraction(2), Fraction(19, 7)):
        with mpmath.workdps(40):
            expected = c * (mpmath.mpf(t.numerator) / t.denominator) ** p
            assert abs(value(parse_term(text), side * t, 40) - expected) < mpmath.mpf(10) ** -25


NOT_POWERS = (
    "x+x**2/10**30", "exp(x)", "x*(1+exp(-x**2)/10**100)", "log(x)", "sqrt(x**2+1/10**40)", "Max(x,x**2)",
    "x*sign(x-1)", "floor(x)", "sin(log(x))", "x**x",
    "Piecewise((x,x<10**6),(x**2,True))", "x+10**-300*cbrt(x)", "x+10**-700*x**pi", "x**2+10**-1000*sqrt(x)",
    "1+10**-1000*x**pi", "10**-700*LambertW(x)+x",
    "x*sign((1+sin(x)**2)**pi-1)", "sign(E**Abs(sin(x))-1)", "sign(2**floor(x)-1)", "sign(acosh(x))",
)  # fmt: skip


@pytest.mark.parametrize("text", NOT_POWERS)
def test_other_functions_are_not(text: str) -> None:
    assert find(text, 1) is None


def test_half_lines_that_impose_nothing() -> None:
    zero, undefined = find("Max(0,-x)", 1), find("sqrt(-x)", 1)
    assert zero is not None and zero.trivial and zero.coefficient is not None
    assert undefined is not None and undefined.trivial and undefined.coefficient is None and undefined.identity is None


@pytest.mark.parametrize(("text", "expected"), [
    ("log(-x)", True), ("sqrt(-1-x)", True), ("asin(2+x)", True), ("Piecewise((1,x<0))", True), ("log(-exp(x))", True),
    ("1/(x-x)", True), ("0*log(-x)", True),
    ("log(x)", False), ("sqrt(1-x)", False), ("1/x", False), ("Piecewise((1,Eq(x,5)))", False),
    ("sqrt(-(x-3)**2)", False), ("sqrt(-sin(x)**2)", False),
])  # fmt: skip
def test_undefined_throughout(text: str, expected: bool) -> None:
    assert undefined_throughout(to_core(parse_term(text))) is expected
