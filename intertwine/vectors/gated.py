"""Gated units (u, v) ↦ g(u)·v (theory, "Gated units")."""

from __future__ import annotations

from typing import Any

import sympy as sp

from intertwine.calculus.constants import constants_equal
from intertwine.groups.characters import Character
from intertwine.groups.scalars import NONZERO, TRIVIAL, ScalarGroup
from intertwine.groups.vectors import BlockTriangular, BlockWreath, GatedPair, GatesApart, Reindexed, SpikedPair
from intertwine.groups.vectors.base import VectorGroup
from intertwine.solve.affine import Affine
from intertwine.terms import ZERO
from intertwine.vectors.elementwise import (
    Elementwise,
    defined_around,
    on_the_line,
    somewhere_else,
    undefined_around,
    zero_but_at_zero,
)
from intertwine.vectors.solution import Family, FamilySolution, N, bounded, exact, nothing_seen
from intertwine.vectors.values import Gated


def pairs(scalars: ScalarGroup, character: Character, swap: bool, gate: str) -> Family:
    """(S × R*) ≀ Sym(n/2), with the exchange of the two halves of a unit for the bilinear one."""
    pair = GatedPair(scalars, character, swap)

    def build(n: int) -> VectorGroup:
        m = n // 2
        group = BlockWreath(pair, m, interleaved=True)
        return group if gate == "first" else Reindexed(group, [*range(m, n), *range(m)])

    m = N / 2
    kind = BlockWreath(pair, 2).kind
    data = {"kind": kind, "scalars": scalars.to_json(), "character": character.to_json(), "swap": swap, "unique": True}
    return Family(kind, build, m * pair.dimension, sp.factorial(m) * pair.components**m, True,
                  f"({pair}) ≀ S_(n/2)", data)


def ungated(gate: str) -> Family:
    """The maps that leave the v to themselves, for a constant gate."""

    def build(n: int) -> VectorGroup:
        m = n // 2
        group = BlockTriangular(m, m)
        return group if gate == "first" else Reindexed(group, [*range(m, n), *range(m)])

    return Family("block triangular", build, 3 * N**2 / 4, sp.Integer(4), True, "{[[K, L], [0, M]]}",
                  {"kind": "block triangular", "unique": True})


def solve_gated(value: Gated) -> FamilySolution:
    """(S_g × R*) ≀ Sym(n/2) for a gate that is not linear or constant."""
    gate = on_the_line(value.profile)
    fact = gate.fact("gate")
    nothing = pairs(TRIVIAL, Character(TRIVIAL), False, value.gate)
    if not gate.settled:
        return bounded(value, "gated", nothing, "for the gate: " + "; ".join(gate.group.questions), fact)
    line = next((f for f in gate.group.solution.facts if isinstance(f, Affine)), None)
    if line is not None and constants_equal(line.slope, ZERO) is True:
        zero = constants_equal(line.intercept, ZERO)
        if zero is None:
            return bounded(value, "gated", nothing, "whether the gate is 0", fact)
        return exact(value, "constant gate", nothing_seen(lambda n: n // 2) if zero else ungated(value.gate), fact)
    if line is not None and gate.group.kind == "general linear":
        return exact(value, "bilinear", pairs(NONZERO, Character(NONZERO, 1, 1), True, value.gate), fact)
    if line is not None:  # S is {1}: a shifted linear gate
        return exact(value, "gated", nothing, fact)
    if gate.is_constant:
        return _constant_on_domain(value, gate, fact)
    family = pairs(gate.scalars, gate.character, False, value.gate)
    seen = somewhere_else("gate", value.profile)
    if seen is None and zero_but_at_zero(value.profile):
        return exact(value, "gate at one point", spiked(value.gate), {"fact": "zero but at 0", "role": "gate"})
    if seen is None:
        return bounded(value, "gated", family, "whether the gate is 0 at all points but 0", fact)
    somewhere = defined_around("gate", value.profile)
    if somewhere is None:
        return bounded(value, "gated", family, "whether the gate is defined on an interval", fact)
    return exact(value, "gated", family, fact, somewhere, seen)


def _constant_on_domain(value: Gated, gate: Elementwise, fact: dict[str, Any]) -> FamilySolution:
    """(S ≀ Sym(n/2)) × GL for a gate that is one constant where it is defined, and is not defined everywhere."""
    somewhere = defined_around("gate", value.profile)
    elsewhere = undefined_around("gate", value.profile)
    zero = gate.value_is_zero()
    if zero is not None and somewhere is not None and elsewhere is not None:
        family = apart(gate.scalars, zero, value.gate)
        return exact(value, "constant gate on a domain", family, fact, somewhere, elsewhere)
    lower = pairs(gate.scalars, Character(gate.scalars), False, value.gate)
    return bounded(value, "constant gate on a domain", lower, "where the gate is defined, and whether it is 0 there",
                   fact)


def spiked(gate: str) -> Family:
    """{[[d, 0], [k, e]]} ≀ Sym(n/2)."""

    def build(n: int) -> VectorGroup:
        m = n // 2
        group = BlockWreath(SpikedPair(), m, interleaved=True)
        return group if gate == "first" else Reindexed(group, [*range(m, n), *range(m)])

    m, kind = N / 2, BlockWreath(SpikedPair(), 2).kind
    return Family(kind, build, 3 * m, 4**m * sp.factorial(m), True, "{[[d, 0], [k, e]]} ≀ S_(n/2)",
                  {"kind": kind, "unique": True})


def apart(scalars: ScalarGroup, zero: bool, gate: str) -> Family:
    """The gates permuted and scaled, the factors mapped by any matrix."""

    def build(n: int) -> VectorGroup:
        m = n // 2
        group = GatesApart(scalars, m, zero)
        return group if gate == "first" else Reindexed(group, [*range(m, n), *range(m)])

    m = N / 2
    free = 0 if scalars.is_discrete else m
    return Family("gates apart", build, free + (2 if zero else 1) * m**2,
                  2 * sp.factorial(m) * scalars.components**m, not zero,
                  f"{{[[U, 0], [{'X' if zero else '0'}, M]] : U in {scalars} ≀ S_(n/2), M in GL_(n/2)}}",
                  {"kind": "gates apart", "scalars": scalars.to_json(), "unique": not zero})
