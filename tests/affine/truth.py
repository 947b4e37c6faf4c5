"""A case of the collection as groups and maps."""

from __future__ import annotations

import sympy as sp

from intertwine.groups import AffineCharacter, AffineMap, AffineScalarGroup
from tests.affine.collection.case import Case


def number(text: str) -> sp.Expr:
    return sp.sympify(text)


def group_of(case: Case) -> AffineScalarGroup:
    """T."""
    make = AffineScalarGroup
    centre = None if case.centre is None else number(case.centre)
    match case.type:
        case "trivial" | "translations" | "affine-line":
            return getattr(make, case.type.replace("-", "_"))()
        case "lattice":
            return make.lattice(number(case.period))
        case "dihedral":
            return make.dihedral(number(case.period), centre)
        case "cyclic-dilations":
            return make.cyclic_dilations(centre, number(case.generator), case.signed)
    return getattr(make, case.type.replace("-", "_"))(centre)


def character_of(case: Case) -> AffineCharacter:
    """ψ."""
    group = group_of(case)
    images = {name: tuple(map(number, pair)) for name in ("reflection", "translation", "dilation")
              if (pair := getattr(case, name)) is not None}  # fmt: skip
    if case.form is None:
        return AffineCharacter.on_generators(group, **images)
    kind, *numbers = case.form
    parameters = [number(text) for text in numbers]
    if kind == "power":
        odd = "reflection" in images and images["reflection"][0] == -1
        return AffineCharacter.power(group, parameters[0], int(odd), parameters[1])
    if kind == "log":
        return AffineCharacter.logarithmic(group, *parameters)
    return AffineCharacter.exponential(*parameters) if kind == "exp" else AffineCharacter.affine(*parameters)


def elements(case: Case) -> list[AffineMap]:
    """Elements of T, see :func:`members`."""
    return members(group_of(case))


def members(group: AffineScalarGroup) -> list[AffineMap]:
    """Elements that generate a group, or enough of a continuous one."""
    if group.is_discrete:
        found = list(group.generators())
        return found + [f @ g for f in found for g in found] + [f.inverse() for f in found]
    if group.type in ("translations", "affine-line"):
        shifts = [AffineMap(1, c) for c in (1, sp.Rational(-3, 7), sp.sqrt(2))]
        return shifts if group.type == "translations" else [*shifts, AffineMap(-3, 1), AffineMap(sp.Rational(1, 5), 2)]
    factors = [2, sp.Rational(3, 7), sp.sqrt(5)] + ([-1, -2] if group.type == "signed-dilations" else [])
    return [AffineMap.dilation(a, group.centre) for a in factors]


def outsiders(case: Case) -> list[AffineMap]:
    """Maps that are not in T, see :func:`others`."""
    return others(group_of(case))


def others(group: AffineScalarGroup) -> list[AffineMap]:
    """Maps that are not in a group, among those that one might think of."""
    centres = [sp.S.Zero, sp.S.One, sp.Rational(1, 2), sp.Rational(-1, 3), sp.pi / 4]
    shifts = [sp.S.One, sp.Rational(1, 7), sp.pi, sp.pi / 2]
    factors = [sp.S(2), sp.S(-2), sp.Rational(1, 3)]
    if group.centre is not None:
        centres += [group.centre, group.centre + sp.Rational(1, 9)]
    if group.period is not None:
        shifts += [group.period / 2, group.period / 3, group.period / 5]
        centres += [sp.S.Zero if group.centre is None else group.centre + group.period / 4]
    if group.scalars.generator is not None:
        size = sp.Abs(group.scalars.generator)
        factors += [sp.sqrt(size), -sp.sqrt(size), size, -size, sp.cbrt(size)]
    maps = [AffineMap.reflection(p) for p in centres] + [AffineMap.translation(c) for c in shifts]
    maps += [AffineMap.dilation(a, p) for a in factors for p in centres[:2] + centres[-2:]]
    return [f for f in dict.fromkeys(maps) if f not in group]
