"""The pair (A, φ(A)) that moves through an activation: σ(Ax) = φ(A)σ(x)."""

from __future__ import annotations

from dataclasses import dataclass

from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric.characters import Character
from intertwine.numeric.elements import Element, ScaledPermutation


@dataclass(frozen=True)
class Intertwiner:
    """A group element A together with its image B = φ(A), so that σ(Ax) = Bσ(x).

    Parameters
    ----------
    element : Element
        A, acting before the activation.
    image : Element
        B, acting after it; on another number of units when the activation changes the width.

    Examples
    --------
    >>> from intertwine.numeric import PowerCharacter, ScaledPermutation
    >>> A = ScaledPermutation([1, 0], [2.0, 3.0])
    >>> g = Intertwiner.from_character(A, PowerCharacter(2))
    >>> g.image
    ScaledPermutation([1, 0], [4.0, 9.0])
    >>> (g @ g).image == g.image @ g.image
    True
    """

    element: Element
    image: Element

    @classmethod
    def from_character(cls, element: Element, character: Character) -> Intertwiner:
        """The intertwiner of an elementwise activation: φ(P·diag d) = P·diag χ(d).

        Raises
        ------
        IntertwineError
            If the element is not a scaled permutation or a scale is outside the group of the character.
        """
        if not isinstance(element, ScaledPermutation):
            raise IntertwineError("a character acts on the scales of a ScaledPermutation only")
        return cls(element, ScaledPermutation(element.indices, character(element.scales)))

    @classmethod
    def identity(cls, n: int) -> Intertwiner:
        """The identity on n units."""
        one = ScaledPermutation.identity(n)
        return cls(one, one)

    @property
    def n(self) -> int:
        """The number of units A acts on."""
        return self.element.n

    def compose(self, other: Intertwiner) -> Intertwiner:
        """(A, B)·(A', B') = (AA', BB')."""
        return self @ other

    def inverse(self) -> Intertwiner:
        """(A⁻¹, B⁻¹)."""
        return Intertwiner(self.element.inverse(), self.image.inverse())

    def allclose(self, other: Intertwiner, rtol: float = 1e-9, atol: float = 0.0) -> bool:
        """Whether both parts are equal up to rounding."""
        return self.element.allclose(other.element, rtol, atol) and self.image.allclose(other.image, rtol, atol)

    def __matmul__(self, other: object) -> Intertwiner:
        if not isinstance(other, Intertwiner):
            return NotImplemented
        if self.image.n != other.image.n:
            raise ShapeError(f"an image on {self.image.n} units cannot be composed with one on {other.image.n} units")
        return Intertwiner(self.element @ other.element, self.image @ other.image)
