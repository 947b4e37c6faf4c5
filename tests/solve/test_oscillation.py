"""Half-lines without a tame end: Theorems 5, 6 and 8, and preserved sets."""

from __future__ import annotations

from fractions import Fraction

import pytest

from intertwine.calculus.core import reflected, to_core
from intertwine.parsing import parse_term
from intertwine.solve.exponents import Exponents, exponents
from intertwine.solve.oscillation import Leading, NotEqual, oscillation
from intertwine.solve.preserved import PreservedSet, preserved_set
from intertwine.solve.probes import probe_points
from intertwine.solve.witness import Sampler, not_member
from intertwine.terms import num
from tests.solve.numeric_check import value

# Scale-invariant functions: nothing may exclude all scalings of their half-line.
INVARIANT = (
    "sin(log(x))", "x**2", "x*sin(log(x))", "sin(log(x))+sin(2*log(x))", "frac(log(x)/log(2))", "x**pi",
    "sqrt(x)*cos(3*log(x))", "sin(log(x)+1)",
    "exp(sin(log(x)))", "x*(2+sin(log(x)))+0*x**2", "sin(log(x))**2+cos(log(x))**2", "cos(log(x))*sin(2*log(x))",
    "Abs(sin(log(x)))", "1/x+3/x",
    "tan(log(x))", "x**2*exp(cos(5*log(x)))", "floor(log(x)/log(3))-log(x)/log(3)", "atan(sin(log(x)))",
    "sin(log(x))/(2+cos(log(x)))",
)  # fmt: skip


@pytest.mark.parametrize("text", INVARIANT)
def test_a_scale_invariant_half_line_is_not_excluded(text: str) -> None:
    core = to_core(parse_term(text))
    points = [p for p in probe_points(core) if p > 0]
    assert exponents(core, 1) is None
    assert preserved_set(core, Sampler(core), 1, points) is None
    facts = oscillation(core, 1, not_member(Sampler(core), num(2), points))
    assert facts == []


SUMS = (
    ("x+x**2", "powers"), ("x*sin(log(x))+sqrt(x)", "powers"), ("x**pi+x**3", "powers"),
    ("sin(log(x))+10**-30/x", "powers"), ("sin(log(x))+1/10**30*x**(1/7)", "powers"),
    ("sin(log(x))+sin(sqrt(2)*log(x))", "frequencies"), ("sin(log(x))*sin(pi*log(x))", "frequencies"),
    ("cos(log(x))+10**-40*cos(sqrt(3)*log(x))", "frequencies"),
    ("x*sin(log(x))+x*sin(E*log(x))", "frequencies"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "method"), SUMS, ids=str)
def test_two_exponents(text: str, method: str) -> None:
    found = exponents(to_core(parse_term(text)), 1)
    assert isinstance(found, Exponents) and found.method == method and found.side == 1
    (p, w), (q, v) = ([value(t, 1, 40) for t in pair] for pair in (found.first, found.second))
    if method == "powers":
        assert abs(p - q) > 1e-12
    else:
        ratio = abs(w / v)
        assert w != 0 != v and all(abs(ratio * k - round(ratio * k)) > 1e-12 for k in range(1, 200))


@pytest.mark.parametrize("text", [
    "sin(x)", "log(x)*sin(log(x))", "exp(x)", "x**x", "x-x", "x+x**2-x*(1+x)", "x**pi-x**pi", "Max(x,x**2)",
])  # fmt: skip
def test_other_functions_are_no_such_sum(text: str) -> None:
    assert exponents(to_core(parse_term(text)), 1) is None


LEADING = (
    ("sin(x)", "oo", "drifting"), ("x**2*cos(x**3)+1/x", "oo", "drifting"), ("sin(1/x)", "oo", "constant"),
    ("sin(1/x)+sin(x)*0+floor(x)", "0", "drifting"), ("exp(x)*sin(x)", "oo", "drifting"),
    ("besselj(0,x)", "oo", "drifting"),
    ("sin(sqrt(log(x+1)))", "oo", "drifting"), ("sin(log(x)+log(log(x)))", "oo", "drifting"),
    ("sin(log(x))+1/x", "oo", "log"), ("sin(log(x))+exp(-x)*x", "oo", "log"),
    ("log(x)*sin(log(x))", "oo", "log"), ("x+sin(x)", "oo", "constant"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "end", "wave"), LEADING, ids=str)
def test_leading_terms(text: str, end: str, wave: str) -> None:
    core = to_core(parse_term(text))
    facts = oscillation(core, 1, not_member(Sampler(core), num(2), [Fraction(1), Fraction(2), Fraction(3)]))
    assert facts and isinstance(facts[0], Leading)
    assert (facts[0].end, facts[0].wave) == (end, wave)
    for fact in facts:
        if isinstance(fact, NotEqual):
            y = fact.point if end == "oo" else 1 / fact.point
            v, w = value(core, y, 150), value(facts[0].lead, fact.point, 150)
            assert v != w


PRESERVED = (
    ("floor(log(x))", 1, True), ("floor(log(x)/log(3))+sin(1/x)*0", 1, True), ("floor(x)*x", 1, True),
    ("Max(0,x-1)*(2+sin(x))", 1, True), ("floor(-log(-x))", -1, True),
    ("sin(x)", 1, False), ("x", 1, False), ("floor(sin(log(x)))", 1, False), ("exp(x)", 1, False),
    ("2**floor(x)-1", 1, False), ("Max(0,x)", -1, False),
    ("(1+Max(0,sin(1/x)))**pi-1", 1, False), ("E**floor(Abs(sin(log(x))))-1", 1, False),
)  # fmt: skip


@pytest.mark.parametrize(("text", "side", "expected"), PRESERVED, ids=str)
def test_preserved_zeros(text: str, side: int, expected: bool) -> None:
    core = to_core(parse_term(text))
    found = preserved_set(core, Sampler(core), side, probe_points(core))
    if text == "2**floor(x)-1":  # zero on (0, 1), positive from 1 on: bounded zeros, but not bounded away from 0
        assert found is None or found.end == "oo"
        return
    assert (found is not None) is expected
    if isinstance(found, PreservedSet):
        positive = core if side > 0 else reflected(core)
        assert value(positive, found.point, 40) == 0
        beyond = [found.bound / k if found.end == "0" else found.bound * k for k in (2, 7, 10**6)]
        assert all(value(positive, p, 40) not in (0, None) for p in beyond)
