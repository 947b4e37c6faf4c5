"""Normal forms: the element of a term, written back, is the same function; so is its derivative."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given

from intertwine.calculus.cases import Region, TooManyCases, explore
from intertwine.calculus.cells import Cell
from intertwine.calculus.core import to_core
from intertwine.calculus.derivation import derivative
from intertwine.calculus.tower import Element, NoNormalForm
from intertwine.parsing import parse_term
from intertwine.terms import Term
from tests.calculus.reference import MISSING, close, examples, holds, known, slope, value
from tests.calculus.test_cases import satisfied
from tests.terms.strategies import terms

POINTS = [Fraction(p) for p in ("1/3", "5/4", "21/10", "17/3")]


def real(region: Region, e: Element) -> bool:
    return not any(region.tower.is_imaginary(p) for p in (e.num, e.den))


def objection(term: Term) -> str | None:
    """What the oracle says against the normal forms of a core term on the regions of ``x > 0``."""
    complaints: list[str] = []

    def visit(region: Region, resolved: tuple[Term | None, ...]) -> bool:
        t = resolved[0]
        if t is None:
            return True
        e = region.normal.of(t)
        try:
            d = None if region.normal.floors or region.cell.point is not None else derivative(region.normal, e)
        except NoNormalForm:
            d = None
        for p in POINTS:
            if not (holds(region.cell, p) and satisfied(region.assumptions, p)):
                continue
            v = value(t, p, 60)
            if real(region, e) and known(v):
                w = value(region.normal.term(e), p, 60)
                if known(w) and not close(v, w, 20):
                    complaints.append(f"{t} becomes {region.normal.term(e)}: {v} and {w} at {p}")
            if d is not None and real(region, d) and region.connected:
                v, w = slope(t, p), value(region.normal.term(d), p, 60)
                if v is not MISSING and known(w) and not close(v, w, 10):
                    complaints.append(f"the derivative of {t} becomes {region.normal.term(d)}: {v} and {w} at {p}")
        return not complaints

    try:
        explore((term,), visit)
    except (TooManyCases, NoNormalForm):
        return None
    return complaints[0] if complaints else None


@examples(50)
@given(terms)
def test_random_terms(term: Term) -> None:
    assume(not term.is_condition and term.size <= 30)
    assert objection(to_core(term)) is None


FORMS = (
    "exp(2*x)/exp(x)", "exp(x/3+1/2)", "log(6*x**2)", "log(x**2+x)", "sqrt(12*x)", "sqrt(x**3+x**2)", "cbrt(16*x**2)",
    "cbrt(1-x)", "x**(2/3)/x",
    "(x**2+1)**(-3/2)", "x**pi/x", "(2*x)**sqrt(2)", "x**x", "sinh(x)/cosh(x)", "tanh(x)**2", "asinh(-2*x)",
    "acosh(1+x)", "atanh(x/9)",
    "exp(atanh(x/9))", "exp(asinh(x))", "log(exp(x)*x)", "exp(x*log(2))", "LambertW(2*x)*exp(-LambertW(2*x))",
    "exp(LambertW(x))", "log(LambertW(x))",
    "gamma(x+5)/gamma(x)", "gamma(x-2)", "gamma(2-x)", "loggamma(x+4)", "besselj(5,x)", "besselj(-2,x)",
    "besselj(0,-x)", "besselj(7/2,x)**2",
    "bessely(3,x)", "besseli(4,x)", "besseli(-3,x)", "besseli(3/2,x)**2", "besselj(1/3,x)", "besselj(7/3,x)",
    "besseli(-5/3,x)", "bessely(-2/3,x)",
    "erf(-x/2)", "atan(-x)", "atan(1)*x", "asin(1/2)*x", "atan(sqrt(3))+x", "atan(1/sqrt(3))*x", "asin(sqrt(2)/2)*x",
    "Si(-x)", "Ci(2*x)", "fresnelc(-x)",
    "airyai(x)", "airybi(2*x)", "1/(sqrt(x)-2)", "1/(1+cbrt(x))", "1/(x+sqrt(x**2+1))", "floor(x+3)", "floor(-x)",
    "floor(7/2)*x", "E**x*E", "pi**x",
    "sqrt(pi*x)", "exp(1)**2*x", "log(E*x)", "sqrt(8)*x", "(x+1)**3/(x**2-1)", "sqrt((x-3)**2)", "log(12)/log(2)*x",
    "exp(log(x)*2/3)",
)  # fmt: skip


@pytest.mark.parametrize("text", FORMS)
def test_rules(text: str) -> None:
    assert objection(to_core(parse_term(text))) is None


ZERO = (
    "exp(x)**2-exp(2*x)", "sqrt(2)*sqrt(3)-sqrt(6)", "cos(pi/12)-(sqrt(6)+sqrt(2))/4", "log(8)-3*log(2)",
    "atan(1)-pi/4",
    "cos(pi/5)-cos(-pi/5)", "exp(log(7))-7", "cbrt(-27)+3", "sin(x)**2+cos(x)**2-1",
    "(1+x)**5-x**5-5*x**4-10*x**3-10*x**2-5*x-1",
    "1/(sqrt(2)-1)-sqrt(2)-1", "gamma(5)-24", "gamma(1/2)-sqrt(pi)", "gamma(-1/2)+2*sqrt(pi)", "besselj(1/2,pi)",
    "LambertW(E)-1", "floor(-1/2)+1",
)  # fmt: skip
NOT_ZERO = (
    "sqrt(2)+sqrt(3)-sqrt(10)", "cos(pi/12)-(sqrt(6)-sqrt(2))/4", "log(8)-3*log(2)-1/10**50",
    "exp(pi*sqrt(163))-262537412640768744", "x", "sin(x)",
    "sin(x)-x", "gamma(1/3)", "erf(1)-1", "pi-355/113", "E-2721/1001", "sqrt(x+1)-sqrt(x)", "besselj(0,1)", "floor(x)",
    "1/10**300",
)  # fmt: skip


def reduces_to_zero(text: str) -> bool:
    """Whether a smooth term reduces to zero on all of ``x > 0``."""

    def visit(region: Region, resolved: tuple[Term | None, ...]) -> bool:
        return resolved[0] is not None and region.tower.is_zero(region.normal.of(resolved[0]))

    return explore((to_core(parse_term(text)),), visit)


@pytest.mark.parametrize("text", ZERO)
def test_zero_is_recognised(text: str) -> None:
    assert reduces_to_zero(text)


@pytest.mark.parametrize("text", NOT_ZERO)
def test_what_is_not_zero_does_not_reduce_to_zero(text: str) -> None:
    assert not reduces_to_zero(text)


@pytest.mark.parametrize("text", [
    "Max(x,1)", "sign(x)", "Piecewise((x,x>1),(1,True))", "log(x-x)", "1/(x-x)", "gamma(0)", "gamma(x+50)",
])  # fmt: skip
def test_terms_without_a_normal_form(text: str) -> None:
    region = Region(Cell())
    with pytest.raises(NoNormalForm):
        region.normal.of(to_core(parse_term(text)))


def test_equal_keys_mean_equal_functions() -> None:
    region = Region(Cell())
    a, b = (region.normal.of(parse_term(t)) for t in ("(x+1)**2", "x**2+2*x+1"))
    assert a.key == b.key
    assert region.normal.of(parse_term("x+1")).key != a.key
