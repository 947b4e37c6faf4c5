"""Reading homomorphisms to Aff(R) back from the data that they are written as."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from intertwine.errors import IntertwineError
from intertwine.groups.affine.characters import AffineCharacter
from intertwine.groups.affine.map import AffineMap
from intertwine.groups.affine.scalars import AffineScalarGroup
from intertwine.groups.constants import parse_constant
from intertwine.groups.exact import sign

_MAPS = ("translation", "dilation", "reflection")


def read_affine_character(group: AffineScalarGroup, data: Mapping[str, object]) -> AffineCharacter:
    """The homomorphism on ``group`` with the given numbers, see :meth:`AffineCharacter.to_json`.

    Raises
    ------
    IntertwineError
        If the data do not describe one.

    Examples
    --------
    >>> read_affine_character(AffineScalarGroup.lattice(1), {"translation": {"b": "2", "d": "-1"}})
    ψ: Z·1 → Aff(R), t + 1 ↦ 2*y - 1
    """
    refusal = IntertwineError(f"{data!r} does not describe a homomorphism from {group} to Aff(R)")
    if not isinstance(data, Mapping):
        raise refusal
    maps = {key: _read_map(data[key], refusal) for key in _MAPS if key in data}
    numbers = {key: parse_constant(value) for key, value in data.items() if isinstance(value, str)}
    if len(maps) + len(numbers) != len(data):
        raise refusal
    if group.is_discrete:
        if numbers:
            raise refusal
        return AffineCharacter.on_generators(group, **maps)
    psi = _continuous(group, numbers, maps.get("reflection"))
    if psi is None or set(psi.to_json()) != set(data):
        raise refusal
    if "reflection" in maps and psi(group.reflection_map) != maps["reflection"]:
        raise refusal
    return psi


def _continuous(
    group: AffineScalarGroup, numbers: dict[str, sp.Expr], mirror: AffineMap | None
) -> AffineCharacter | None:
    names = set(numbers)
    if names == {"degree", "offset"}:
        odd = int(mirror is not None and sign(mirror.a) < 0)
        return AffineCharacter.power(group, numbers["degree"], odd, numbers["offset"])
    if names == {"logarithm"}:
        return AffineCharacter.logarithmic(group, numbers["logarithm"])
    if names == {"rate", "offset"} and group.type == "translations":
        return AffineCharacter.exponential(numbers["rate"], numbers["offset"])
    if names == {"slope", "intercept"} and group.type == "affine-line":
        return AffineCharacter.affine(numbers["slope"], numbers["intercept"])
    if names == {"slope", "intercept"} and group.type == "translations":
        return AffineCharacter.affine(numbers["slope"]).restrict(group)
    return None


def _read_map(value: object, refusal: IntertwineError) -> AffineMap:
    if not isinstance(value, Mapping) or set(value) != {"b", "d"}:
        raise refusal
    b, d = value["b"], value["d"]
    if not isinstance(b, str) or not isinstance(d, str):
        raise refusal
    return AffineMap(parse_constant(b), parse_constant(d))
