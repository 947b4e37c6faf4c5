"""Lines and constants in disguise, and near misses; hidden zeros; candidates for periods; points to look at."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
import sympy

from intertwine.calculus.core import to_core
from intertwine.calculus.tame import tame
from intertwine.groups.constants import constant_to_sympy
from intertwine.parsing import parse_term
from intertwine.solve.affine import affine, constant_on_domain, value_at_zero
from intertwine.solve.constants import settle_constants
from intertwine.solve.domain import domain_case
from intertwine.solve.probes import probe_points
from intertwine.solve.translation import period_candidates
from intertwine.solve.witness import Sampler
from tests.solve.numeric_check import value

LINES = (
    ("3*x-1", "3", "-1"), ("x", "1", "0"), ("log(exp(2*x))", "2", "0"), ("Max(x,x)", "1", "0"),
    ("x*(sin(x)**2+cos(x)**2)+pi", "1", "pi"), ("5", "0", "5"), ("x**2/x", "1", "0"),
    ("Max(0,x)+Min(0,x)", "1", "0"), ("sqrt(2)*x+E", "sqrt(2)", "E"), ("cbrt(x**3)", "1", "0"),
    ("sinh(asinh(x))", "1", "0"), ("(x**2-1)/(x-1)", "1", "1"),
    ("softplus(x)-softplus(-x)", "1", "0"), ("floor(x)+frac(x)", "1", "0"), ("x**3/x**2+sin(x)/sin(x)", "1", "1"),
    ("gelu(x)-gelu(-x)", "1", "0"), ("log(2)*x/log(4)", "1/2", "0"),
    ("Piecewise((x,x<1),(2*x-x,True))", "1", "0"), ("x*gamma(x**2+2)/gamma(x**2+1)/(x**2+1)", "1", "0"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "slope", "intercept"), LINES, ids=str)
def test_lines(text: str, slope: str, intercept: str) -> None:
    core = settle_constants(to_core(parse_term(text)))
    found = affine(core, Sampler(core))
    assert found is not None
    for t, expected in ((found.slope, slope), (found.intercept, intercept)):
        assert abs(sympy.N(constant_to_sympy(t) - sympy.sympify(expected), 40)) < 1e-30


@pytest.mark.parametrize("text", [
    "x+10**-300*x**3", "x+10**-300*cbrt(x)", "x+10**-300*Abs(x)**pi", "1+10**-1000*sqrt(Abs(x))",
    "Max(x,x+10**-1000*Abs(x)**pi)", "Abs(x)", "x+sin(x)/10**200", "sin(asin(x))",
    "exp(log(x))", "Piecewise((x,x<10**9),(10**9,True))", "Piecewise((1,Eq(x,0)),(x,True))",
    "Piecewise((7,Eq(x,10**8)),(x,True))", "sqrt(x)**2", "floor(x)", "x+x**2-x*Abs(x)",
    "Max(x,-10**30)", "x*sign((1+sin(x)**2)**pi-1)", "x+10**-300*LambertW(x**2)", "x+10**-300*cbrt(exp(x)-1)",
    "2+floor((1+sin(x)**2)**(-pi))",
])  # fmt: skip
def test_what_is_no_line(text: str) -> None:
    core = settle_constants(to_core(parse_term(text)))
    assert affine(core, Sampler(core)) is None


CONSTANT = {
    "x/x": 1, "sign(x**2+1)": 1, "log(x)-log(x)+2": 2, "sqrt(x-1)*0": 0, "sin(log(x))**2+cos(log(x))**2": 1,
    "Piecewise((3,x>0),(3,x<-1))": 3, "sign(log(x)**2+1)": 1,
}  # fmt: skip


@pytest.mark.parametrize("text", CONSTANT)
def test_constants_on_their_domain(text: str) -> None:
    core = to_core(parse_term(text))
    found = constant_on_domain(core, Sampler(core), probe_points(core))
    assert found is not None and value(found.value, 1, 30) == CONSTANT[text]


@pytest.mark.parametrize("text", [
    "sign(x)", "x/x+10**-300*cbrt(x)", "sign(log(x))", "Piecewise((3,x>0),(2,x<-1))", "1+10**-900*sqrt(x)",
    "sign((1+sin(x)**2)**pi-1)", "Heaviside(x)",
])  # fmt: skip
def test_what_is_not_constant(text: str) -> None:
    core = to_core(parse_term(text))
    assert constant_on_domain(core, Sampler(core), probe_points(core)) is None


@pytest.mark.parametrize(("text", "expected"), [
    ("x", "zero"), ("cosh(x)", "nonzero"), ("1/x", "undefined"), ("log(x)", "undefined"),
    ("sin(x)**2+cos(x)**2-1", "zero"), ("x+10**-300", "nonzero"), ("sinc(x)", "nonzero"), ("x/x", "undefined"),
    ("sqrt(2)*sqrt(3)-sqrt(6)+x", "zero"), ("Piecewise((1,Eq(x,0)),(0,True))", "nonzero"), ("x**pi", "zero"),
    ("0*log(x)", "undefined"), ("exp(pi*sqrt(163))-262537412640768744+x", "nonzero"),
])  # fmt: skip
def test_value_at_zero(text: str, expected: str) -> None:
    assert value_at_zero(to_core(parse_term(text))) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("x*(sqrt(2)*sqrt(3)-sqrt(6))", "x*0"), ("x*(pi-355/113)", "x*(pi - 355/113)"),
    ("x*(exp(pi*sqrt(163))-262537412640768744)", "x*(exp(pi*sqrt(163)) - 262537412640768744)"),
    ("x*(sqrt(3+2*sqrt(2))-1-sqrt(2))", "x*0"),
])  # fmt: skip
def test_hidden_zeros(text: str, expected: str) -> None:
    settled = settle_constants(to_core(parse_term(text)))
    assert settled == to_core(parse_term(expected)) or str(settled) == expected
    for p in (Fraction(2), Fraction(-1, 3)):
        assert abs(value(settled, p, 40) - value(parse_term(text), p, 40)) < 1e-30


DOMAINS = (
    ("tanh(x)", "definable"), ("log(x)", "definable"), ("1/x", "definable"), ("sqrt(1-x**2)", "definable"),
    ("tan(x)", "thin complement"), ("gamma(-x)*sin(x)", "thin complement"),
    ("1/sin(x)", "thin complement"), ("sin(x)+sqrt(x)", "unbounded piece"), ("log(x-3)*cos(x)", "unbounded piece"),
    ("sin(x)/sqrt(1-x)", "unbounded piece"),
    ("sqrt(sin(x))", "periodic"), ("log(sin(2*x))", "periodic"), ("sqrt(cos(x)-1/2)", "periodic"),
    ("log(sin(x)*cos(3*x))", "periodic"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "case"), DOMAINS, ids=str)
def test_domains(text: str, case: str) -> None:
    core = to_core(parse_term(text))
    found = domain_case(core, tame(core, "everywhere"))
    assert found is not None and found.case == case
    if case == "periodic":
        assert found.period is not None
        period = value(found.period, 1, 40)
        for k in range(-20, 20):
            p = Fraction(2 * k + 1, 7)
            with mpmath.workdps(50):
                shifted = period + mpmath.mpf(p.numerator) / p.denominator
            assert (value(core, p, 30) is None) == (value(core, shifted, 30) is None)


@pytest.mark.parametrize(("text", "expected"), [
    ("sin(x)", "2*pi"), ("sin(2*x)+cos(3*x)", "2*pi"), ("tan(x/2)", "2*pi"), ("floor(x)+sin(2*pi*x)", "1"),
    ("sin(-5*x+1)", "2*pi/5"), ("sin(x)+sin(pi*x)", None), ("sin(x**2)", None), ("exp(x)", None),
])  # fmt: skip
def test_translation_periods(text: str, expected: str | None) -> None:
    found = period_candidates(to_core(parse_term(text)))
    if expected is None:
        assert found == []
    else:
        assert [sympy.N(constant_to_sympy(p), 30) for p in found] == [sympy.N(sympy.sympify(expected), 30)]


def test_probe_points() -> None:
    points = probe_points(to_core(parse_term("exp(-10**6*(x-1000)**2)+Max(x,x**3-7)+sqrt(x-17)")))
    assert len(set(points)) == len(points) and points[0] == 0
    assert {p for p in points if p > 0} == {-p for p in points if p < 0}
    assert {Fraction(1000), Fraction(17), Fraction(18), Fraction(1, 17)} <= set(points)
    assert any(abs(p**3 - p - 7) < Fraction(1, 1000) for p in points)  # where the two sides of Max meet
