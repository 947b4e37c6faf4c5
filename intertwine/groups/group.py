"""What groups of matrices and groups of affine maps have in common: elements, products, comparison."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import sympy as sp

from intertwine.errors import IntertwineError, ShapeError

if TYPE_CHECKING:
    import numpy as np

E = TypeVar("E")
G = TypeVar("G", bound="Group[Any, Any]")


class Group(ABC, Generic[E, G]):
    """A closed group of maps of Rⁿ with a homomorphism to the maps they become on the other side of the activation.

    Its exact elements are of type ``E``; groups of type ``G`` can be compared with it.

    Groups are immutable values. ``H == K`` compares the maps and the homomorphism; ``H <= K``, ``H & K`` and
    ``A in H`` speak of the maps alone, and ``H & K`` takes its homomorphism from H.

    Parameters
    ----------
    n : int
        The dimension of the space, at least 1.

    Raises
    ------
    ShapeError
        If n is not a positive integer.
    """

    #: What an element is called in messages.
    _noun = "matrix"

    #: Whether the image of an element is the only one that fits.
    unique: bool = True

    def __init__(self, n: int) -> None:
        if isinstance(n, bool) or not isinstance(n, int | sp.Integer) or n < 1:
            raise ShapeError(f"the dimension of a group is a positive integer, not {n!r}")
        self._n = int(n)

    @property
    def n(self) -> int:
        """The dimension of the space the group acts on."""
        return self._n

    @abstractmethod
    def _read(self, element: object) -> E:
        """What a caller gives as an element, with its shape and its entries checked."""

    @abstractmethod
    def _contains(self, element: E) -> bool:
        """Membership of an element that was read."""

    @abstractmethod
    def generators(self) -> tuple[E, ...]:
        """Exact elements that generate the group, or a dense subgroup of it when it is continuous."""

    @abstractmethod
    def lie_algebra(self) -> tuple[E, ...]:
        """A basis of the Lie algebra; empty when the group is discrete."""

    @property
    @abstractmethod
    def components(self) -> sp.Expr:
        """The number of connected components, possibly ``oo``."""

    @abstractmethod
    def exact_sample(self, rng: np.random.Generator) -> E:
        """A random exact element with small entries; for tests and examples, not uniform in any sense."""

    @abstractmethod
    def identity(self) -> E:
        """The identity."""

    @abstractmethod
    def _product(self, a: E, b: E) -> E:
        """a after b."""

    @abstractmethod
    def _inverse(self, element: E) -> E:
        """The inverse."""

    @abstractmethod
    def _le(self, other: G) -> bool | None:
        """Whether the group lies in another of the same n; ``None`` when this class does not know the other."""

    @abstractmethod
    def _and(self, other: G) -> G | None:
        """The intersection when neither contains the other; ``None`` when this class does not know the other."""

    @abstractmethod
    def _key(self) -> tuple[object, ...]:
        """What makes the group and its homomorphism, for equality."""

    @abstractmethod
    def latex(self) -> str:
        """The group as LaTeX."""

    @classmethod
    @abstractmethod
    def _comparable(cls) -> type[G]:
        """The class of all groups that can be compared with this one."""

    def contains(self, element: object) -> bool:
        """Whether an exact map is in the group.

        Parameters
        ----------
        element : sympy matrix or nested sequence, shape (n, n); for affine maps, a pair of it and n numbers
            Exact real numbers; floats are refused.

        Raises
        ------
        ShapeError
            If the shape is not as above.
        IntertwineError
            If an entry is not an exact real number.
        Undecided
            If an exact comparison of entries cannot be settled.
        """
        return self._contains(self._read(element))

    def __contains__(self, element: object) -> bool:
        return self.contains(element)

    def _element(self, element: object) -> E:
        read = self._read(element)
        if not self._contains(read):
            raise IntertwineError(f"the {self._noun} is not an element of {self}")
        return read

    def multiply(self, a: object, b: object) -> E:
        """The product of two elements: a after b."""
        return self._product(self._element(a), self._element(b))

    def inverse(self, element: object) -> E:
        """The inverse of an element."""
        return self._inverse(self._element(element))

    @property
    def dimension(self) -> int:
        """The dimension as a Lie group."""
        return len(self.lie_algebra())

    @property
    def order(self) -> sp.Expr:
        """The number of elements, possibly ``oo``."""
        return self.components if self.dimension == 0 else sp.oo

    def __le__(self, other: object) -> bool:
        if not isinstance(other, self._comparable()):
            return NotImplemented
        if self.n != other.n:
            raise ShapeError(f"{self} and {other} act on spaces of different dimension")
        answer = self._le(other)
        if answer is None:
            raise IntertwineError(f"{self} and {other} cannot be compared")
        return answer

    def __lt__(self, other: object) -> bool:
        return self <= other and not other <= self if isinstance(other, self._comparable()) else NotImplemented

    def __and__(self, other: object) -> G:
        """The intersection of the two groups of maps, with the homomorphism of the first."""
        if not isinstance(other, self._comparable()):
            return NotImplemented
        if self <= other:
            return cast("G", self)
        answer = self._and(other)
        if answer is None:
            raise IntertwineError(f"the intersection of {self} and {other} is not a group with a name here")
        return answer

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, self._comparable()):
            return NotImplemented
        return type(self) is type(other) and self.n == other.n and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.n))
