"""The derivation of the group of a map: the Lie algebra, the quotient by inertia, the components."""

from __future__ import annotations

from dataclasses import dataclass

from intertwine.calculus.tower import NoNormalForm, Rescale, rational
from intertwine.errors import DerivationTimeout, DomainError
from intertwine.maps.algebra import LieAlgebra, lie_algebra
from intertwine.maps.components import components
from intertwine.maps.expressions import SmallMap
from intertwine.maps.field import Coarse
from intertwine.maps.found import Components
from intertwine.maps.inertia import Inertia, inertia, lifted, reflection
from intertwine.maps.membership import Proof, prove
from intertwine.maps.regions import Units
from intertwine.maps.sources import invariants
from intertwine.maps.space import Space
from intertwine.maps.tame import finitely_many

RESTARTS = 6


@dataclass
class Derivation:
    """Everything that was found about one map."""

    space: Space
    lie: LieAlgebra
    components: Components
    inertia: Inertia
    tame: str | None
    quotient: Derivation | None = None
    doubt: str = ""  # what an independent check does not confirm
    cut: bool = False  # whether more time may lead further

    @property
    def exact(self) -> bool:
        """Whether the group is known."""
        return self.lie.exact and self.components.complete and self.space.independent and not self.doubt


def derive_map(source: SmallMap) -> Derivation:
    """Derive the group of a map.

    Raises
    ------
    NoNormalForm
        The expressions are outside what the normal form can express.
    """
    units: Units = {}
    for _ in range(RESTARTS):
        try:
            return _derive(source, units)
        except Coarse as coarse:
            units[coarse.family] = coarse.unit
        except Rescale:
            raise NoNormalForm("exponents of too different sizes") from None
    raise NoNormalForm("constants with too many different exponents")


def _derive(source: SmallMap, units: Units) -> Derivation:
    space = Space(source, units=units)
    if not space.cells:
        raise DomainError(f"the map {source} is defined nowhere: its expressions have no common point of definition")
    lie = lie_algebra(space)
    still = inertia(space)
    if still.size and still.exact:
        return _by_quotient(space, lie, still)
    tame = None
    try:
        found, analytic = invariants(space)
        tame = finitely_many(space, analytic)
        parts = components(space, lie, found, tame)
    except DerivationTimeout:  # the Lie algebra is known, and that is most of the answer
        parts = Components(theorem="the time was over before the candidates were decided")
        return Derivation(space, lie, parts, still, tame, cut=True)
    return Derivation(space, lie, parts, still, tame)


def _by_quotient(space: Space, lie: LieAlgebra, still: Inertia) -> Derivation:
    """From the group of the quotient: every component lifts to two."""
    parts = Components(theorem="the map is one of the quotient by the directions along which it does not change")
    inner = None
    if still.quotient is None:
        parts.complete = True
        bases = [tuple(tuple(space.mixed.field.term(rational(int(i == j))) for j in range(space.n))
                       for i in range(space.n))]
        parts.internal = 1
    else:
        inner = derive_map(still.quotient)
        parts.complete = inner.exact
        parts.parts = inner.components.parts
        parts.internal, parts.permuted = inner.components.internal, inner.components.permuted
        bases = [lifted(space, still, p.matrix) for p in inner.components.proofs]
        if not inner.exact:
            parts.theorem = inner.components.theorem
    parts.internal *= 2
    for matrix in [*bases, reflection(space, still)]:
        proof = prove(space, matrix)
        if isinstance(proof, Proof):
            parts.proofs.append(proof)
        else:
            parts.complete = False
            parts.theorem = "an element of the quotient could not be proved on the whole space"
    return Derivation(space, lie, parts, still, inner.tame if inner else "definable", quotient=inner,
                      cut=inner is not None and inner.cut)


__all__ = ["Derivation", "NoNormalForm", "derive_map"]
