"""The affine intertwiners of one activation from those of another one that affine maps relate to it."""

from __future__ import annotations

import sympy as sp

from intertwine.groups import AffineCharacter, AffineMap, AffineScalarGroup
from intertwine.groups.affine.rules import Exponential, Logarithm, Power

_CENTRED = ("reflection", "dilations", "signed-dilations", "cyclic-dilations")


def transported(psi: AffineCharacter, argument: AffineMap, value: AffineMap) -> AffineCharacter | None:
    """The group of s with its images, from that of u with ``u(argument(t)) = value(s(t))``; None for affine functions.

    An element g of the group of s is ``argument⁻¹·h·argument`` with h in the group of u, and its image is
    ``value⁻¹·ψ(h)·value``.

    Examples
    --------
    >>> D = AffineScalarGroup.dihedral(sp.pi, 0)
    >>> sine = AffineCharacter.on_generators(D, translation=(-1, 0), reflection=(-1, 0))
    >>> transported(sine, AffineMap.of((2, 1)), AffineMap.of((1, 3)))  # of s(t) = sin(2t + 1) - 3
    ψ: D_∞(π/2, -1/2) → Aff(R), -1 - t ↦ -6 - y, t + π/2 ↦ -6 - y
    """
    group = _moved(psi.group, argument)
    if group is None:
        return None
    rule, back = psi.rule, value.inverse()
    if isinstance(rule, Power):
        return AffineCharacter.power(group, rule.degree, rule.sign, back(rule.offset))
    if isinstance(rule, Logarithm):
        return AffineCharacter.logarithmic(group, rule.logarithm / value.a)
    if isinstance(rule, Exponential):
        return AffineCharacter.exponential(rule.rate * argument.a, back(rule.offset))
    if not group.is_discrete:
        return None

    def image(g: AffineMap | None) -> AffineMap | None:
        return None if g is None else back @ psi(argument @ g @ argument.inverse()) @ value

    step = "translation" if group.period is not None else "dilation"
    return AffineCharacter.on_generators(group, reflection=image(group.reflection_map),
                                         **{step: image(group.generator_map)})


def _moved(group: AffineScalarGroup, argument: AffineMap) -> AffineScalarGroup | None:
    """``argument⁻¹·group·argument``."""
    back = argument.inverse()
    centre = None if group.centre is None else back(group.centre)
    period = None if group.period is None else group.period / sp.Abs(argument.a)
    if group.type in ("trivial", "translations"):
        return group
    if group.type in _CENTRED:
        return AffineScalarGroup.about(group.scalars, centre)
    if group.type == "lattice":
        return AffineScalarGroup.lattice(period)
    return AffineScalarGroup.dihedral(period, centre) if group.type == "dihedral" else None
