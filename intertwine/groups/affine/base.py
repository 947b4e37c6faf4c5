"""What every concrete group of affine intertwiners can do."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, NamedTuple

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.errors import ShapeError
from intertwine.groups import exact, matrices
from intertwine.groups.group import Group

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


class AffineMatrixGroup(Group[AffinePair, "AffineMatrixGroup"]):
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

    _noun = "map"

    @classmethod
    def _comparable(cls) -> type[AffineMatrixGroup]:
        return AffineMatrixGroup

    @abstractmethod
    def _psi(self, pair: AffinePair) -> AffinePair:
        """The image of an element."""

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

    def _read(self, element: object) -> AffinePair:
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

    def _product(self, a: AffinePair, b: AffinePair) -> AffinePair:
        return compose(a, b)

    def _inverse(self, element: AffinePair) -> AffinePair:
        matrix = matrices.inverse(element.matrix)
        return AffinePair(matrix, (-matrix * element.shift).applyfunc(sp.expand_mul))

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
