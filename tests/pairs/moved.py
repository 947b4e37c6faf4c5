"""Pairs of activations that are related by construction, and activations to make them from."""

from __future__ import annotations

from hypothesis import strategies as st

from intertwine.activations import activation_names
from intertwine.parsing import parse_term
from intertwine.terms import PI, Term, X, apply, mul, num, power

#: Activations outside the catalogue: poles, ends of domains, roots, logarithms, oscillations.
OTHERS = (
    "log(x)", "1/x", "sqrt(x)", "x/(1 - x**2)", "acosh(x)", "x*Abs(x)", "cbrt(x)", "Max(x, x**3)", "x**4 + x**3",
    "exp(x) + x", "sinh(x)", "x + exp(-x**2)", "Piecewise((x**2, x > 0), (sin(x), True))", "sign(x)*sqrt(Abs(x))",
    "x*exp(-x)", "x**2*exp(x)", "erf(x) + x", "exp(exp(x))", "(x**2 - 1)*exp(-x)", "tanh(x)**3 + x", "2**x", "x**2 + x",
)  # fmt: skip
FACTORS = [num(1), num(2), num(-1), num(-3), num(1, 2), num(-5, 3), power(num(2), num(1, 2)), PI, apply("log", num(2))]
SHIFTS = [num(0), num(1), num(-2), num(1, 3), num(-7, 5), power(num(2), num(1, 2)), PI, apply("log", num(3))]

names = st.sampled_from([*activation_names(), *OTHERS])
factors = st.sampled_from(FACTORS)
shifts = st.sampled_from(SHIFTS)


def moved(s: Term, a: Term, c: Term, b: Term, d: Term) -> Term:
    """``b*s(a*x + c) + d``."""
    inner = mul(a, X) if c.value == 0 else mul(a, X) + c
    outer = mul(b, s.subs(inner))
    return outer if d.value == 0 else outer + d


def read(name: str) -> Term:
    """An activation by its name or text."""
    return parse_term(name)
