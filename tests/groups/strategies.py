"""Hypothesis strategies for scalar groups, characters and matrix groups."""

import sympy as sp
from hypothesis import strategies as st

from intertwine.groups import NONZERO, POSITIVE, SIGN, TRIVIAL, Character, Cyclic, SignCyclic, WreathProduct

# Bases whose logarithms are pairwise known to be commensurable or not.
BASES = [
    sp.Integer(2), sp.Integer(3), sp.Integer(6), sp.Rational(3, 2), sp.sqrt(2), sp.sqrt(3), 2 ** sp.Rational(1, 3),
    1 + sp.sqrt(2), 2 + sp.sqrt(3), sp.exp(2), sp.exp(sp.pi), sp.exp(sp.pi / 3), sp.exp(sp.pi * sp.sqrt(2)),
    2 * sp.exp(sp.pi),
]  # fmt: skip

generators = st.builds(
    lambda base, k, sign: sign * base**k,
    st.sampled_from(BASES),
    st.sampled_from([-3, -2, -1, 1, 2, 3, 4]),
    st.sampled_from([1, -1]),
)
discrete = st.builds(lambda make, g: make(g), st.sampled_from([Cyclic, SignCyclic]), generators)
scalar_groups = st.one_of(st.sampled_from([TRIVIAL, SIGN, POSITIVE, NONZERO]), discrete)
POWERS = [0, 1, 2, 3, -1, -2, sp.Rational(1, 2), sp.Rational(5, 3), sp.pi, sp.sqrt(2), sp.log(3) / sp.log(2)]


@st.composite
def characters(draw, groups=scalar_groups):
    group = draw(groups)
    if group.generator is not None and draw(st.booleans()):
        value = draw(st.sampled_from([1, -1, 2, -3, sp.Rational(-1, 2), sp.sqrt(5), sp.exp(sp.pi)]))
        return Character.on_generator(group, value, draw(st.sampled_from([1, -1])) if group.has_minus_one else None)
    return Character(group, draw(st.sampled_from(POWERS)), draw(st.sampled_from([0, 1])))


@st.composite
def scalars_in(draw, group):
    """An exact element of a scalar group."""
    sign = draw(st.sampled_from([1, -1])) if group.has_minus_one else 1
    if group.generator is not None:
        return sign * group.generator ** draw(st.integers(-4, 4))
    if group.is_discrete:
        return sp.Integer(sign)
    size = draw(st.sampled_from([1, 2, sp.Rational(3, 7), sp.sqrt(3), sp.exp(sp.pi), sp.pi]))
    return sp.sympify(sign * size)


@st.composite
def wreath_products(draw, max_n=4):
    chi = draw(characters())
    return WreathProduct(chi.group, chi, draw(st.integers(1, max_n)))
