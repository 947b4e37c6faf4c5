"""Expansions at infinity against numbers, and what they refuse."""

from __future__ import annotations

import math

import mpmath
import pytest
import sympy as sp

from intertwine.calculus.core import to_core
from intertwine.groups.constants import constant_to_sympy
from intertwine.pairs.tails import BEYOND, NoTail, tail
from intertwine.parsing import parse_term
from intertwine.terms.sympy_bridge import to_sympy

CASES = [
    "x/(1 + exp(-x))", "1/(1 + exp(x))", "tanh(x)", "x*tanh(log(1 + exp(x)))", "log(1 + exp(-x))", "x*exp(-x)/(1 + x)",
    "atan(x)", "sqrt(x**2 + 1) - x", "exp(-x)*(x**2 + 1)", "(1 + exp(-2*x))**(-3/2)", "x*log(2 - exp(-exp(-x)))",
    "sinh(x)*exp(-3*x)", "1/cosh(x)**2", "exp(1/x)", "sin(1/x)*x", "erf(exp(-x))", "x/(1 + x)", "exp(-2*x + 1/x)",
]  # fmt: skip


def number(c):
    return mpmath.mpf(sp.N(constant_to_sympy(c), 200))


def size(scale, t):
    rate, m = scale
    rate, m = (mpmath.mpf(q.numerator) / q.denominator for q in (rate, m))
    return t**m * mpmath.exp(rate * t)


@pytest.mark.parametrize("text", CASES)
def test_the_remainder_is_smaller(text: str) -> None:
    x = sp.Symbol("x", real=True)
    term = parse_term(text)
    found = tail(to_core(term))
    assert found.terms
    f = sp.lambdify(x, to_sympy(term), "mpmath")
    with mpmath.workdps(200):
        for count in (1, min(3, len(found.terms))):
            ratios = []
            for t in (mpmath.mpf(40), mpmath.mpf(80)):
                parts = [number(c) * size(scale, t) for scale, c in found.terms[:count]]
                ratios.append(abs(f(t) - sum(parts)) / size(found.terms[count - 1][0], t))
            # the rest is o(last term)
            assert ratios[1] < ratios[0] or ratios[1] < 1e-15, (text, count, ratios)


@pytest.mark.parametrize("text", ["exp(-x**2)", "exp(-exp(x))", "erf(x) - 1", "1 - tanh(x**2)", "x**5*exp(-x**2/2)"])
def test_beyond_every_exponential(text: str) -> None:
    found = tail(to_core(parse_term(text)))
    assert not found.terms and found.order is not None and found.order[0] == -math.inf == BEYOND[0]
    assert found.vanishes_beyond


@pytest.mark.parametrize("text", ["sin(x)", "exp(x**2)", "log(x)", "exp(sqrt(x))", "gamma(x)", "besselj(0, x)"])
def test_refuses_what_has_no_place_in_the_scale(text: str) -> None:
    with pytest.raises(NoTail):
        tail(to_core(parse_term(text)))


def test_cancellation_is_exact() -> None:
    # softplus(x) - x = log(1 + exp(-x))
    found = tail(to_core(parse_term("log(1 + exp(x)) - x")))
    assert str(found.terms[0][1]) == "1" and found.terms[0][0] == (-1, 0)
