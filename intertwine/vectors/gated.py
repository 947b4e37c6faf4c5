"""Gated units (u, v) ↦ g(u)·v (theory, "Gated units")."""

from __future__ import annotations

import sympy as sp

from intertwine.calculus.constants import constants_equal
from intertwine.groups.characters import Character
from intertwine.groups.scalars import NONZERO, TRIVIAL, ScalarGroup
from intertwine.groups.vectors import BlockTriangular, BlockWreath, GatedPair, Reindexed
from intertwine.groups.vectors.base import VectorGroup
from intertwine.solve.affine import Affine
from intertwine.terms import ZERO
from intertwine.vectors.elementwise import defined, defined_on_the_line, on_the_line
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
        return exact(value, "gated", nothing, fact, defined("gate", value.profile))
    family = pairs(gate.scalars, gate.character, False, value.gate)
    if not defined_on_the_line(value.profile):
        return bounded(value, "gated", family, "whether every matrix that maps the domain to itself keeps the units "
                       "apart", fact)
    return exact(value, "gated", family, fact, defined("gate", value.profile))
