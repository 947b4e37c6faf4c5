"""The negative part of S."""

from __future__ import annotations

import pytest
import sympy

from intertwine.calculus.core import to_core
from intertwine.groups.constants import constant_to_sympy
from intertwine.parsing import parse_term
from intertwine.solve.logperiodic import Member
from intertwine.solve.negative import OneSided, decide, negative_part, one_sided
from intertwine.solve.probes import probe_points
from intertwine.solve.witness import NotMember, Sampler
from intertwine.terms import num

PARTS = (
    ("tanh(x)", None, "-1", "-1"), ("cosh(x)", None, "-1", "1"), ("x*abs(x)", None, "-1", "-1"),
    ("sign(x)", None, "-1", "-1"), ("erf(x)*sin(x)", None, "-1", "1"),
    ("asinh(x)-log(x+sqrt(x**2+1))+x", None, "-1", "-1"), ("2/(1+exp(-2*x))-1", None, "-1", "-1"),
    ("1/x", None, "-1", "-1"), ("besselj(1,x)", None, "-1", "-1"),
    ("2+sign(x)*sin(pi*log(Abs(x))/log(2))", "4", "-2", "1"),
    ("x*(2+sign(x)*sin(pi*log(Abs(x))/log(2)))", "4", "-2", "-2"), ("sin(log(Abs(x)))", "exp(pi)", "-1", "1"),
    ("x**sqrt(4)*exp(x**2)", None, "-1", "1"), ("x**sqrt(9)+x", None, "-1", "-1"),
    ("x**(2*cos(pi/3))*cosh(x)", None, "-1", "-1"),
    ("exp(x)", None, None, None), ("Max(0,x)", None, None, None), ("x+x**2", None, None, None),
    ("sin(x+1)", None, None, None), ("x**3+1/10**300", None, None, None),
    ("Heaviside(x)", None, None, None), ("Piecewise((sin(log(x)),x>0),(sin(2*log(-x)),x<0))", "exp(2*pi)", None, None),
)  # fmt: skip


@pytest.mark.parametrize(("text", "generator", "d", "b"), PARTS, ids=str)
def test_negative_part(text: str, generator: str | None, d: str | None, b: str | None) -> None:
    core = to_core(parse_term(text))
    g = None if generator is None else to_core(parse_term(generator))
    found = negative_part(core, Sampler(core), probe_points(core), g)
    assert found.question == "" and found.facts
    if d is None:
        assert found.element is None
        return
    assert found.element is not None
    for t, expected in ((found.element.d, d), (found.element.b, str(b))):
        assert abs(sympy.N(constant_to_sympy(t) - sympy.sympify(expected), 40)) < 1e-30


@pytest.mark.parametrize(("text", "side"), [
    ("log(x)", 1), ("sqrt(-x)", -1), ("sqrt(x-3)", 1), ("x", None), ("1/x", None), ("sqrt(x+1)", None),
    ("log(Abs(x))", None), ("sqrt(x**2-1)", None), ("x**pi", 1), ("x**sqrt(4)", None),
])  # fmt: skip
def test_one_sided(text: str, side: int | None) -> None:
    core = to_core(parse_term(text))
    found = one_sided(core, Sampler(core), probe_points(core))
    assert (found.side if isinstance(found, OneSided) else None) == side


def test_a_nonzero_value_at_zero_forces_b_to_be_one() -> None:
    jump = to_core(parse_term("Piecewise((1,Eq(x,0)),(x,True))"))
    sampler, points = Sampler(jump), probe_points(jump)
    assert isinstance(decide(jump, sampler, points, num(-1)), NotMember)
    even = to_core(parse_term("Piecewise((1,Eq(x,0)),(x**2,True))"))
    answer = decide(even, Sampler(even), points, num(-1))
    assert isinstance(answer, Member) and answer.b.value == 1
