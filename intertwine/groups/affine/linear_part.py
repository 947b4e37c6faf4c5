"""The linear intertwiners among the affine ones: the elements x ↦ Ax whose images have no shift either."""

from __future__ import annotations

import sympy as sp

from intertwine.groups import exact
from intertwine.groups.affine.characters import AffineCharacter
from intertwine.groups.affine.family import AffineFamily
from intertwine.groups.affine.map import AffineMap
from intertwine.groups.affine.rules import Conjugation, Logarithm, Power
from intertwine.groups.characters import Character
from intertwine.groups.family import GroupFamily
from intertwine.groups.scalars import NONZERO, POSITIVE, SIGN, TRIVIAL, Cyclic, ScalarGroup, SignCyclic

_Part = tuple[ScalarGroup, Character]


def linear_part(family: AffineFamily) -> GroupFamily:
    """The group of matrices A with σ(Ax) = Bσ(x), from the group of maps with σ(Ax + c) = Bσ(x) + d.

    In one variable it is S = {a : (a, 0) in T, ψ(a, 0) = (χ(a), 0)}, inside the stabiliser of 0.

    Raises
    ------
    Undecided
        If it depends on a number that exact arithmetic cannot compare with 0.

    Examples
    --------
    tanh is odd about 0, and so is the logistic function after a shift by 1/2:

    >>> from intertwine.groups.affine.scalars import AffineScalarGroup
    >>> T = AffineScalarGroup.reflection(0)
    >>> [linear_part(AffineFamily(AffineCharacter.on_generators(T, reflection=(-1, d)))) for d in (0, 1)]
    [{±1} ≀ S_n, S_n]
    """
    psi = family.character
    if isinstance(psi.rule, Conjugation) and psi.group.type == "affine-line":
        return _of_affine_function(psi.rule)
    scalars, character = _scalar_part(psi)
    return GroupFamily.monomial(scalars, character, unique=family.unique)


def _of_affine_function(rule: Conjugation) -> GroupFamily:
    if rule.slope == 0:
        return GroupFamily("general linear", NONZERO, Character(NONZERO), unique=False)
    if exact.is_zero(rule.intercept):
        return GroupFamily("general linear", NONZERO, Character(NONZERO, 1, 1))
    return GroupFamily("unit row sums", TRIVIAL, Character(TRIVIAL))


def _scalar_part(psi: AffineCharacter) -> _Part:
    group, rule = psi.group, psi.rule
    if group.stabiliser(0).type == "trivial":
        return TRIVIAL, Character(TRIVIAL)
    if isinstance(rule, Power):
        if exact.is_zero(rule.offset):
            return group.scalars, Character(group.scalars, rule.degree, rule.sign)
        if exact.is_zero(rule.degree):  # b = sign(a)
            return POSITIVE, Character(POSITIVE)
        return _signs(group.scalars.has_minus_one and rule.sign == 0)
    if isinstance(rule, Logarithm):
        return _signs(group.scalars.has_minus_one)
    if group.type == "cyclic-dilations":
        return _of_cyclic(psi)
    mirror = psi((-1, 0))
    if not exact.is_zero(mirror.c):
        return TRIVIAL, Character(TRIVIAL)
    return SIGN, Character(SIGN, 0, int(exact.sign(mirror.a) < 0))


def _signs(both: bool) -> _Part:
    """The numbers of absolute value 1, with the trivial character."""
    return (SIGN, Character(SIGN)) if both else (TRIVIAL, Character(TRIVIAL))


def _of_cyclic(psi: AffineCharacter) -> _Part:
    """Among gᵏ·(±1): the images of g and -1 commute, so either all of them fix 0, or those of order at most 2 may."""
    g = psi.group.scalars.generator
    assert g is not None
    step = psi((g, 0))
    power = 1 if _fixes_zero(step) else 2 if exact.equal(step.a, -1) else 0
    value = step.a**power
    mirror = psi((-1, 0)) if psi.group.scalars.has_minus_one else None
    if mirror is not None and _fixes_zero(mirror):
        sign = int(exact.sign(mirror.a))
        if power == 0:
            return SIGN, Character(SIGN, 0, int(sign < 0))
        signed = SignCyclic(g**power)
        return signed, Character.on_generator(signed, value, sign)
    if mirror is not None and power == 2 and _fixes_zero(step @ mirror):
        below = Cyclic(-g)
        return below, Character.on_generator(below, (step @ mirror).a)
    if power == 0:
        return TRIVIAL, Character(TRIVIAL)
    cyclic = Cyclic(sp.expand_mul(g**power))
    return cyclic, Character.on_generator(cyclic, value)


def _fixes_zero(f: AffineMap) -> bool:
    return exact.is_zero(f.c)
