"""Functions whose affine intertwiners are known, and hypothesis strategies for groups of affine maps."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import sympy as sp
from hypothesis import strategies as st

from intertwine.groups import NONZERO, POSITIVE, SIGN, AffineCharacter, AffineScalarGroup, Cyclic, SignCyclic
from intertwine.groups.affine.sampling import exact_element

T = AffineScalarGroup
on = AffineCharacter.on_generators
HALF = sp.Rational(1, 2)


@dataclass(frozen=True)
class Model:
    """A function on the line with a group T and ψ of affine intertwiners."""

    name: str
    function: Callable[[np.ndarray], np.ndarray]
    psi: AffineCharacter


def _spiral(t):
    return np.sin(2 * np.pi * np.log(np.abs(t)) / np.log(2))


MODELS = [
    Model("sigmoid", lambda t: 1 / (1 + np.exp(-t)), on(T.reflection(0), reflection=(-1, 1))),
    Model(
        "shifted sigmoid", lambda t: 1 / (1 + 3 * np.exp(-2 * t)), on(T.reflection(sp.log(3) / 2), reflection=(-1, 1))
    ),
    Model("cubic", lambda t: t**3 + t**2, on(T.reflection(-sp.Rational(1, 3)), reflection=(-1, sp.Rational(4, 27)))),
    Model("sin", np.sin, on(T.dihedral(sp.pi, 0), translation=(-1, 0), reflection=(-1, 0))),
    Model("sin, other centre", np.sin, on(T.dihedral(sp.pi, sp.pi / 2), translation=(-1, 0), reflection=(1, 0))),
    Model("cos", np.cos, on(T.dihedral(sp.pi, 0), translation=(-1, 0), reflection=(1, 0))),
    Model("|sin|", lambda t: np.abs(np.sin(t)), on(T.dihedral(sp.pi, 0), translation=(1, 0), reflection=(1, 0))),
    Model("snake, translations", lambda t: t + np.sin(t) ** 2, on(T.lattice(sp.pi), translation=(1, sp.pi))),
    Model(
        "snake",
        lambda t: t + np.sin(t) ** 2,
        on(T.dihedral(sp.pi, sp.pi / 4), translation=(1, sp.pi), reflection=(-1, 1 + sp.pi / 2)),
    ),
    Model(
        "growing wave",
        lambda t: np.exp(t / 4) * (2 + np.sin(t)) + 3,
        on(T.lattice(2 * sp.pi), translation=(sp.exp(sp.pi / 2), 3 * (1 - sp.exp(sp.pi / 2)))),
    ),
    Model("exp", np.exp, AffineCharacter.exponential(1)),
    Model("decay", lambda t: 2 * np.exp(-3 * t) + 5, AffineCharacter.exponential(-3, 5)),
    Model("log", lambda t: np.log(np.abs(t - 2)), AffineCharacter.logarithmic(T.signed_dilations(2), 1)),
    Model(
        "two logs",
        lambda t: 3 * np.log(np.abs(t - 2)) + np.where(t > 2, 1, 7),
        AffineCharacter.logarithmic(T.dilations(2), 3),
    ),
    Model("ramp", lambda t: np.maximum(0, 2 * t + 3), AffineCharacter.power(T.dilations(-3 * HALF), 1)),
    Model("parabola", lambda t: t**2 + t, AffineCharacter.power(T.signed_dilations(-HALF), 2, offset=-HALF**2)),
    Model("odd root", lambda t: np.cbrt(t - 1) + 4, AffineCharacter.power(T.signed_dilations(1), HALF * 2 / 3, 1, 4)),
    Model("step", lambda t: np.sign(t - 1) + 0.5, AffineCharacter.power(T.signed_dilations(1), 0, 1, HALF)),
    Model(
        "spiral",
        lambda t: (t - 1) * _spiral(t - 1) + 5,
        on(T.cyclic_dilations(1, 2, signed=True), dilation=(2, -5), reflection=(-1, 10)),
    ),
    Model(
        "logarithmic spiral",
        lambda t: np.log(np.abs(t - 1)) + _spiral(t - 1),
        on(T.cyclic_dilations(1, 2, signed=True), dilation=(1, sp.log(2)), reflection=(1, 0)),
    ),
    Model(
        "one-armed spiral",
        lambda t: t * np.where(t > 0, _spiral(np.sqrt(np.abs(t))), _spiral(np.sqrt(2 * np.abs(t)))),
        on(T.cyclic_dilations(0, 4), dilation=(4, 0)),
    ),
    Model("softplus", lambda t: np.log1p(np.exp(t)), on(T.trivial())),
    Model("line", lambda t: 3 * t - 2, AffineCharacter.affine(3, -2)),
]  # fmt: skip

CENTRES = [sp.S.Zero, sp.S.One, -3 * HALF, sp.log(3) / 2, sp.pi / 4, 3 * sp.pi / 2, sp.sqrt(2)]
PERIODS = [sp.pi, 2 * sp.pi, sp.pi / 3, 3 * sp.pi / 2, sp.S.One, 2 * sp.S.One, 5 * HALF, sp.sqrt(2)]
SCALARS = [SIGN, POSITIVE, NONZERO, Cyclic(2), Cyclic(-2), Cyclic(4), SignCyclic(3), SignCyclic(2)]

centres = st.sampled_from(CENTRES)
periods = st.sampled_from(PERIODS)
affine_groups = st.one_of(
    st.sampled_from([T.trivial(), T.translations(), T.affine_line()]),
    st.builds(T.about, st.sampled_from(SCALARS), centres),
    st.builds(T.lattice, periods),
    st.builds(T.dihedral, periods, centres),
)
maps = st.tuples(
    st.sampled_from([1, -1, 2, -2, HALF, sp.sqrt(2), 1 + sp.sqrt(2), sp.exp(1), sp.pi]),
    st.sampled_from([0, 1, -3 * HALF, sp.pi, sp.log(3), sp.sqrt(2) - 1]),
)
seeds = st.integers(0, 2**32 - 1)


@st.composite
def affine_characters(draw):
    """The ψ of a model, or one with arbitrary numbers."""
    if draw(st.booleans()):
        return draw(st.sampled_from(MODELS)).psi
    group, offset = draw(affine_groups), draw(centres)
    degree = draw(st.sampled_from([0, 1, 2, HALF, -1, sp.pi, sp.log(3) / sp.log(2)]))
    if group.type == "translations":
        return AffineCharacter.exponential(draw(st.sampled_from([1, -2, sp.log(2), sp.pi])), offset)
    if group.type == "affine-line":
        return AffineCharacter.affine(degree, offset)
    if not group.is_discrete:
        if draw(st.booleans()):
            return AffineCharacter.logarithmic(group, degree)
        return AffineCharacter.power(group, degree, draw(st.sampled_from([0, 1])), offset)
    mirror = draw(st.sampled_from([(1, 0), (-1, 2 * offset)])) if group.reflection_map is not None else None
    step = draw(maps)
    if mirror is not None and group.period is None:
        step = (step[0], offset * (1 - step[0]))  # it commutes with the image of the reflection
    elif mirror is not None:
        # The image of the reflection inverts it.
        step = draw(st.sampled_from([(1, 0)] if mirror[0] == 1 else [(1, 5), (1, -sp.pi), (-1, 2 * offset)]))
    if group.type == "cyclic-dilations":
        return on(group, dilation=step, reflection=mirror)
    return on(group, translation=step if group.period is not None else None, reflection=mirror)


def element(group, seed):
    """A random exact element of a group."""
    return exact_element(group, np.random.default_rng(seed))
