"""What is found of the components: representatives, and what is left when no parts of space are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import permutations, product

from intertwine.calculus.tower import NoNormalForm
from intertwine.maps.algebra import LieAlgebra
from intertwine.maps.invariants import Invariants
from intertwine.maps.membership import Proof, Refutation, Terms, as_terms, decide
from intertwine.maps.roots import by_roots
from intertwine.maps.space import Space

UNKNOWN_PARTS = "the parts of space that the symmetries permute are not determined"


@dataclass
class Components:
    """Representatives of components, and whether they are all of them.

    Attributes
    ----------
    proofs : list of Proof
        One element of each component found, with its image.
    refuted : list of Refutation
        Candidates that are not in the group.
    complete : bool
    theorem : str
        Why the candidates are complete, or what is missing.
    """

    proofs: list[Proof] = field(default_factory=list)
    refuted: list[Refutation] = field(default_factory=list)
    complete: bool = False
    theorem: str = ""
    parts: tuple[str, ...] = ()
    internal: int = 1
    permuted: int = 1
    frame: Terms | None = None  # when all parts are lines, a basis of them as columns

    @property
    def order(self) -> int:
        """The number of components found."""
        return self.internal * self.permuted

    def divide(self, several: int) -> None:
        """Several candidates lie in each component."""
        self.internal, self.permuted = self.order // several, 1


def from_roots(space: Space, lie: LieAlgebra, found: Invariants, tame: str | None) -> Components | None:
    """In the plane: the components from the roots of forms, or what is known of them."""
    scalars = lie.lower == 1 and all(t.value == (0 if i != j else lie.members[0].x[0][0].value)
                                     for i, row in enumerate(lie.members[0].x) for j, t in enumerate(row))
    if not lie.exact or tame is None or lie.lower > int(scalars):
        return None
    left = by_roots(space, found, scalars)
    if left is None or (not left.proofs):
        return None
    if left.open:
        return Components(left.proofs, left.refuted, False, f"there are at most {2 * left.classes}", internal=len(
            left.proofs))
    return Components(left.proofs, left.refuted, True, "a linear map of the plane is determined up to a factor by the "
                      "images of three roots of forms that every symmetry keeps; all choices of images are decided",
                      internal=len(left.proofs))


def _signed_permutations(n: int) -> Iterator[list[list[int]]]:
    for way in permutations(range(n)):
        for signs in product((1, -1), repeat=n):
            yield [[signs[i] if way[i] == j else 0 for j in range(n)] for i in range(n)]


def fallback(space: Space, why: str, lie: LieAlgebra | None = None) -> Components:
    """Signed permutations that are proved to be members; nothing says that there are no others."""
    result = Components(theorem=why)
    n = space.n
    if n > 4:
        result.proofs = [p for p in [_attempt(space, [[int(i == j) for j in range(n)] for i in range(n)])] if p]
    else:
        result.proofs = [p for m in _signed_permutations(n) if (p := _attempt(space, m)) is not None]
    if lie is not None and all(t.value == 0 for m in lie.members for i, row in enumerate(m.x)
                               for j, t in enumerate(row) if i != j):
        result.internal = max(1, len(result.proofs))  # the identity component consists of positive diagonal matrices
    return result


def _attempt(space: Space, matrix: Sequence[Sequence[int]]) -> Proof | None:
    try:
        verdict = decide(space, as_terms(matrix))
    except NoNormalForm:
        return None
    return verdict if isinstance(verdict, Proof) else None
