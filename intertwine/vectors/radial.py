"""Radial activations, on the whole space or on blocks, and normalisations (theory, "Radial activations").

For ``σ(x) = h(|x|) x`` with h not zero, an intertwiner is ``λQ`` with Q orthogonal and ``h(λr) = χ(λ) h(r)``, unless
h is constant on r > 0. So the group is read off the scalars of h as a function of one variable.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from intertwine.groups.characters import Character
from intertwine.groups.scalars import TRIVIAL, ScalarGroup
from intertwine.groups.vectors import BlockWreath, Similarities
from intertwine.parsing import parse_term
from intertwine.terms import Term
from intertwine.vectors.elementwise import Elementwise, defined_around, on_radii
from intertwine.vectors.solution import Family, FamilySolution, N, all_matrices, bounded, exact, nothing_seen
from intertwine.vectors.values import BlockRadial, LayerNorm, Normalisation, Radial, RMSNorm


def similarities(scalars: ScalarGroup, character: Character, unique: bool = True) -> Family:
    """Λ·O(n)."""
    free = 0 if scalars.is_discrete else 1
    sample = Similarities(scalars, character, 2)
    name = "O(n)" if scalars.type == "trivial" else f"{scalars}·O(n)"
    return Family(sample.kind, lambda n: Similarities(scalars, character, n, zero=not unique), N * (N - 1) / 2 + free,
                  2 * scalars.components, unique, name, _data(sample.kind, scalars, character, unique))


def block_similarities(scalars: ScalarGroup, character: Character, k: int, unique: bool = True) -> Family:
    """Λ·O(k) ≀ Sym(n/k)."""
    free = 0 if scalars.is_discrete else 1
    block = Similarities(scalars, character, k, zero=not unique)
    sample = BlockWreath(block, 2)
    m = N / k
    inner = f"O({k})" if scalars.type == "trivial" else f"({scalars}·O({k}))"
    return Family(sample.kind, lambda n: BlockWreath(block, n // k), m * (sp.Rational(k * (k - 1), 2) + free),
                  sp.factorial(m) * (2 * scalars.components) ** m, unique, f"{inner} ≀ S_(n/{k})",
                  _data(sample.kind, scalars, character, unique))


def _data(kind: str, scalars: ScalarGroup, character: Character, unique: bool) -> dict[str, Any]:
    return {"kind": kind, "scalars": scalars.to_json(), "character": character.to_json(), "unique": unique}


def solve_radial(value: Radial) -> FamilySolution:
    """Λ_h·O(n), or GL_n for constant h."""
    profile = on_radii(value.profile)
    fact = profile.fact("profile")
    if not profile.settled:
        lower = similarities(TRIVIAL, Character(TRIVIAL))
        return bounded(value, "radial", lower, _open(profile), fact)
    whole = _constant_everywhere(profile)
    if whole is not None:
        return exact(value, "radial", whole, fact)
    unique = not profile.is_constant or profile.value_is_zero() is False
    return exact(value, "radial", similarities(profile.scalars, profile.character, unique), fact)


def _constant_everywhere(profile: Elementwise) -> Family | None:
    """GL_n where h is one constant on all of r > 0."""
    if not profile.is_constant or profile.scalars.type != "positive":
        return None
    zero = profile.value_is_zero() is not False
    return nothing_seen(lambda n: n) if zero else all_matrices()


def _open(profile: Elementwise) -> str:
    return "for the function of the radius: " + "; ".join(profile.group.questions)


def solve_block_radial(value: BlockRadial) -> FamilySolution:
    """Λ_h·O(k) ≀ Sym(n/k), or GL_n for constant h."""
    profile = on_radii(value.profile)
    fact = profile.fact("profile")
    if not profile.settled:
        lower = block_similarities(TRIVIAL, Character(TRIVIAL), value.k)
        return bounded(value, "block radial", lower, _open(profile), fact)
    whole = _constant_everywhere(profile)
    if whole is not None:
        return exact(value, "block radial", whole, fact)
    unique = not profile.is_constant or profile.value_is_zero() is False
    family = block_similarities(profile.scalars, profile.character, value.k, unique)
    somewhere = defined_around("profile", value.profile, positive=True)
    if somewhere is not None:
        return exact(value, "block radial", family, fact, somewhere)
    return bounded(value, "block radial", family, "whether the function of the radius is defined on an interval", fact)


def normalisation_profile(value: Normalisation) -> Term:
    """1/√(r² + 1), or 1/r for ε = 0: up to a factor and the unit of length what a normalisation multiplies with."""
    return parse_term("1/x" if value.eps == 0 else "1/sqrt(x**2 + 1)")


def solve_normalisation(value: RMSNorm | LayerNorm) -> FamilySolution:
    """O(n), conformal for ε = 0; on the quotient by R·1 for LayerNorm."""
    profile = on_radii(normalisation_profile(value))
    centred = isinstance(value, LayerNorm)
    fact = profile.fact("profile")
    theorem = "normalisation on the quotient" if centred else "normalisation"
    scalars, character = profile.scalars, profile.character
    if not centred and value.gain is None and value.bias is None:
        return exact(value, theorem, similarities(scalars, character), fact)

    def build(n: int) -> Similarities:
        return Similarities(scalars, character, n, centred, value.gain, value.bias)

    size = value.only_dimension
    if size is not None:
        group = build(size)
        family = Family(group.kind, build, sp.Integer(group.dimension), group.components, group.unique, repr(group),
                        {"kind": group.kind, "unique": group.unique})
        return exact(value, theorem, family, fact)
    free = 0 if scalars.is_discrete else 1
    sample = build(3)
    name = "O(n - 1)" if not free else f"{scalars}·O(n - 1)"
    family = Family(sample.kind, build, (N - 1) * (N - 2) / 2 + free + N, sp.Integer(4), False,
                    f"{{A : A·1 in R·1, {name} on the quotient}}", _data(sample.kind, scalars, character, False))
    return exact(value, theorem, family, fact)
