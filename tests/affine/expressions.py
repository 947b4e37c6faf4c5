"""Activations whose affine group is known from that of a plain one: conjugated by affine maps on both sides."""

from __future__ import annotations

from fractions import Fraction

import sympy as sp
from hypothesis import strategies as st

from intertwine.groups.affine.map import AffineMap
from intertwine.parsing import parse_term
from intertwine.terms import Term, X, add, mul, num

PLAIN = (
    "sigmoid", "tanh", "gelu", "relu", "elu", "softplus", "x**2", "x**3", "log(x)", "log(Abs(x))", "exp(x)", "sign(x)",
    "sin(x)", "exp(sin(x))", "snake", "x - floor(x)", "1/x", "sqrt(x)", "exp(-x**2)", "hard_sigmoid", "sin(log(x))",
    "x*sin(x)", "x**4 + x**3", "1/(1 + x**2)", "Abs(x) + Abs(x - 1)", "cos(x)*exp(x)", "sqrt(1 - x**2)", "cbrt(x)",
)  # fmt: skip

scales = st.sampled_from([Fraction(k) for k in ("2", "-1", "1/3", "-3/2", "5")])
shifts = st.sampled_from([Fraction(k) for k in ("0", "1", "-2", "1/2", "7/3")])


def moved(text: str, inner: tuple[Fraction, Fraction], outer: tuple[Fraction, Fraction]) -> Term:
    """``y∘s∘t`` for two affine maps: ``t -> αt + β`` inside, ``y -> ay + d`` outside."""
    argument = add(mul(num(inner[0]), X), num(inner[1]))
    return add(mul(num(outer[0]), parse_term(text).subs(argument)), num(outer[1]))


def exact(pair: tuple[Fraction, Fraction]) -> AffineMap:
    """An affine map with rational coefficients as an exact value."""
    a, c = (sp.Rational(v.numerator, v.denominator) for v in pair)
    return AffineMap(a, c)
