"""What every concrete group of affine intertwiners can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, NamedTuple

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.errors import IntertwineError, ShapeError
from intertwine.groups import exact, matrices

if TYPE_CHECKING:
    import numpy as np

    from intertwine.numeric import AffineIntertwiner
    from intertwine.numeric.elements import Element


class AffinePair(NamedTuple):
    """The map x ↦ Ax + c, or a tangent vector (X, v) at the identity, as exact matrices.

    Examples
    --------
    >>> pair = AffinePair(Matrix([[0, 2], [1, 0]]), Matrix([3, 0]))
    >>> pair.matrix[0, 1], pair.shift[0]
    (2, 3)
    """

    matrix: Matrix
    shift: Matrix


class AffineMatrixGroup(ABC):
    """A closed subgroup of the affine group of Rⁿ with its map ψ to the maps on the other side of the activation.

    Elements are pairs (A, c), standing for x ↦ Ax + c, of an n×n matrix and n numbers; ψ(A, c) = (B, d) means
    σ(Ax + c) = Bσ(x) + d. Groups are immutable values. ``H == K`` compares the maps and ψ; ``H <= K``, ``H & K`` and
    ``(A, c) in H`` speak of the maps alone, and ``H & K`` takes its ψ from H (some valid ψ, where H has no unique one).

    Parameters
    ----------
    n : int
        The dimension, at least 1.

    Raises
    ------
    ShapeError
        If n is not a positive integer.
    """

    def __init__(self, n: int) -> None:
        if isinstance(n, bool) or not isinstance(n, int | sp.Integer) or n < 1:
            raise ShapeError(f"the dimension of a group is a positive integer, not {n!r}")
        self._n = int(n)

    @property
    def n(self) -> int:
        """The dimension of the space the group acts on."""
        return self._n

    @property
    def unique(self) -> bool:
        """Whether ψ is the only map with σ(Ax + c) = Bσ(x) + d."""
        return True

    @abstractmethod
    def _contains(self, pair: AffinePair) -> bool:
        """Membership of a pair of the right shapes with exact real entries."""

    @abstractmethod
    def _psi(self, pair: AffinePair) -> AffinePair:
        """The image of an element."""

    @abstractmethod
    def generators(self) -> tuple[AffinePair, ...]:
        """Elements that generate the group, or a dense subgroup of it when it is continuous."""

    @abstractmethod
    def lie_algebra(self) -> tuple[AffinePair, ...]:
        """A basis of the Lie algebra, as pairs (X, v) for the vector fields x ↦ Xx + v; empty for discrete groups."""

    @property
    @abstractmethod
    def components(self) -> sp.Expr:
        """The number of connected components, possibly ``oo``."""

    @abstractmethod
    def exact_sample(self, rng: np.random.Generator) -> AffinePair:
        """A random exact element with small entries; for tests and examples, not uniform in any sense."""

    @abstractmethod
    def sample(self, rng: np.random.Generator, spread: float = 0.5) -> AffineIntertwiner:
        """A random element with its image, as numbers.

        Parameters
        ----------
        rng : numpy.random.Generator
            The source of randomness.
        spread : float
            Standard deviation of the logarithms of the scales (or singular values).

        Returns
        -------
        intertwine.numeric.AffineIntertwiner
        """

    @abstractmethod
    def _numeric(self, matrix: Matrix) -> Element:
        """The linear part of an element or image, in the structure that numpy works on."""

    @abstractmethod
    def _le(self, other: AffineMatrixGroup) -> bool:
        """Whether the group lies in another of the same n."""

    @abstractmethod
    def _and(self, other: AffineMatrixGroup) -> AffineMatrixGroup:
        """The intersection."""

    @abstractmethod
    def _key(self) -> tuple[object, ...]:
        """What makes the group and its ψ, for equality."""

    @abstractmethod
    def latex(self) -> str:
        """The group as LaTeX."""

    def _pair(self, element: object) -> AffinePair:
        if not isinstance(element, tuple | list) or len(element) != 2:
            raise ShapeError("an affine map is given as a pair (A, c) of a matrix and a vector")
        matrix, shift = element
        try:
            numbers = [exact.as_exact(number) for number in shift]
        except TypeError as error:
            raise ShapeError(f"a shift of {self.n} numbers is needed, not {type(shift).__name__}") from error
        if len(numbers) != self.n:
            raise ShapeError(f"a shift of {self.n} numbers is needed, not of {len(numbers)}")
        return AffinePair(matrices.as_square(matrix, self.n), Matrix(self.n, 1, numbers))

    def _element(self, element: object) -> AffinePair:
        pair = self._pair(element)
        if not self._contains(pair):
            raise IntertwineError(f"the map is not an element of {self}")
        return pair

    def contains(self, element: object) -> bool:
        """Whether an exact map (A, c) is in the group.

        Parameters
        ----------
        element : (sympy matrix or nested sequence of shape (n, n), matrix or sequence of n numbers)
            Exact real numbers; floats are refused.

        Raises
        ------
        ShapeError
            If the shapes are not as above.
        IntertwineError
            If an entry is not an exact real number.
        Undecided
            If an exact comparison of entries cannot be settled.
        """
        return self._contains(self._pair(element))

    def __contains__(self, element: object) -> bool:
        return self.contains(element)

    def psi(self, element: object) -> AffinePair:
        """The pair (B, d) with σ(Ax + c) = Bσ(x) + d for an element (A, c).

        Raises
        ------
        IntertwineError
            If the map is not in the group; and the errors of :meth:`contains`.
        """
        return self._psi(self._element(element))

    def identity(self) -> AffinePair:
        """The map x ↦ x."""
        return AffinePair(Matrix(sp.eye(self.n)), Matrix(sp.zeros(self.n, 1)))

    def multiply(self, f: object, g: object) -> AffinePair:
        """f after g: (A, c)·(A', c') = (AA', Ac' + c)."""
        return compose(self._element(f), self._element(g))

    def inverse(self, element: object) -> AffinePair:
        """The inverse (A⁻¹, -A⁻¹c) of an element."""
        pair = self._element(element)
        matrix = matrices.inverse(pair.matrix)
        return AffinePair(matrix, (-matrix * pair.shift).applyfunc(sp.expand_mul))

    def to_numeric(self, element: object) -> AffineIntertwiner:
        """An exact element and its image as floats.

        Raises
        ------
        IntertwineError
            If the map is not in the group, or a number is outside the range of floats.
        """
        from intertwine.numeric import AffineElement, AffineIntertwiner

        pair = self._element(element)

        def rounded(p: AffinePair) -> AffineElement:
            return AffineElement(self._numeric(p.matrix), [exact.to_float(t) for t in p.shift])

        return AffineIntertwiner(rounded(pair), rounded(self._psi(pair)))

    @property
    def dimension(self) -> int:
        """The dimension as a Lie group."""
        return len(self.lie_algebra())

    @property
    def order(self) -> sp.Expr:
        """The number of elements, possibly ``oo``."""
        return self.components if self.dimension == 0 else sp.oo

    def __le__(self, other: object) -> bool:
        if not isinstance(other, AffineMatrixGroup):
            return NotImplemented
        if self.n != other.n:
            raise ShapeError(f"{self} and {other} act on spaces of different dimension")
        return self._le(other)

    def __lt__(self, other: object) -> bool:
        return self <= other and not other <= self if isinstance(other, AffineMatrixGroup) else NotImplemented

    def __and__(self, other: object) -> AffineMatrixGroup:
        """The intersection of the two groups of maps, with the ψ of the first."""
        if not isinstance(other, AffineMatrixGroup):
            return NotImplemented
        return self if self <= other else self._and(other)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, AffineMatrixGroup):
            return NotImplemented
        return type(self) is type(other) and self.n == other.n and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.n))


def compose(f: AffinePair, g: AffinePair) -> AffinePair:
    """The map f after g.

    Examples
    --------
    >>> f = AffinePair(Matrix([[2]]), Matrix([1]))
    >>> compose(f, f).shift
    Matrix([[3]])
    """
    shift = (f.matrix * g.shift + f.shift).applyfunc(sp.expand_mul)
    return AffinePair((f.matrix * g.matrix).applyfunc(sp.expand_mul).as_immutable(), shift.as_immutable())


def same(f: AffinePair, g: AffinePair) -> bool:
    """Whether two exact maps are equal.

    Examples
    --------
    >>> f = AffinePair(Matrix([[1]]), Matrix([sp.log(4)]))
    >>> same(f, AffinePair(Matrix([[1]]), Matrix([2 * sp.log(2)])))
    True
    """
    return matrices.same(f.matrix, g.matrix) and matrices.same(f.shift, g.shift)
