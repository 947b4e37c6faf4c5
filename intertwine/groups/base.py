"""What every concrete group of intertwiners can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.errors import IntertwineError, ShapeError
from intertwine.groups import matrices

if TYPE_CHECKING:
    import numpy as np
    from sympy.combinatorics import PermutationGroup

    from intertwine.numeric import Intertwiner


class MatrixGroup(ABC):
    """A closed subgroup of GL_n(R) with its map φ to the matrices on the other side of the activation.

    Groups are immutable values. ``H == K`` compares the matrices and φ; ``H <= K``, ``H & K`` and ``A in H``
    speak of the matrices alone, and ``H & K`` takes its φ from H (some valid φ, where H has no unique one).

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
            raise ShapeError(f"the dimension of a matrix group is a positive integer, not {n!r}")
        self._n = int(n)

    #: Whether φ is the only map with σ(Ax) = φ(A)σ(x).
    unique: bool = True

    @property
    def n(self) -> int:
        """The dimension of the space the group acts on."""
        return self._n

    @property
    @abstractmethod
    def kind(self) -> str:
        """The name of the family of groups, a node of :func:`~intertwine.groups.kind_lattice`."""

    @abstractmethod
    def _contains(self, matrix: Matrix) -> bool:
        """Membership of a matrix of the right shape with exact real entries."""

    @abstractmethod
    def _phi(self, matrix: Matrix) -> Matrix:
        """The image of an element."""

    @abstractmethod
    def generators(self) -> tuple[Matrix, ...]:
        """Exact matrices that generate the group, or a dense subgroup of it when it is continuous.

        Returns
        -------
        tuple of sympy.ImmutableDenseMatrix, shape (n, n)
        """

    @abstractmethod
    def lie_algebra(self) -> tuple[Matrix, ...]:
        """A basis of the Lie algebra; empty when the group is discrete.

        Returns
        -------
        tuple of sympy.ImmutableDenseMatrix, shape (n, n)
        """

    @property
    @abstractmethod
    def components(self) -> sp.Expr:
        """The number of connected components, possibly ``oo``."""

    @abstractmethod
    def sample(self, rng: np.random.Generator, spread: float = 0.5) -> Intertwiner:
        """A random element with its image, as numbers.

        Parameters
        ----------
        rng : numpy.random.Generator
            The source of randomness.
        spread : float
            Standard deviation of the logarithms of the scales (or singular values).

        Returns
        -------
        intertwine.numeric.Intertwiner
        """

    @abstractmethod
    def exact_sample(self, rng: np.random.Generator) -> Matrix:
        """A random exact element with small entries; for tests and examples, not uniform in any sense."""

    @abstractmethod
    def _le(self, other: MatrixGroup) -> bool | None:
        """Whether the group lies in another of the same n; ``None`` when this class does not know the other."""

    @abstractmethod
    def _and(self, other: MatrixGroup) -> MatrixGroup | None:
        """The intersection when neither contains the other; ``None`` when this class does not know the other."""

    @abstractmethod
    def _key(self) -> tuple[object, ...]:
        """What makes the group and its φ, for equality."""

    @abstractmethod
    def latex(self) -> str:
        """The group as LaTeX."""

    def contains(self, matrix: object) -> bool:
        """Whether an exact matrix is in the group.

        Parameters
        ----------
        matrix : sympy matrix or nested sequence, shape (n, n)
            Exact real numbers; floats are refused.

        Raises
        ------
        ShapeError
            If the shape is not (n, n).
        IntertwineError
            If an entry is not an exact real number.
        Undecided
            If an exact comparison of entries cannot be settled.
        """
        return self._contains(matrices.as_square(matrix, self.n))

    def __contains__(self, matrix: object) -> bool:
        return self.contains(matrix)

    def _element(self, matrix: object) -> Matrix:
        element = matrices.as_square(matrix, self.n)
        if not self._contains(element):
            raise IntertwineError(f"the matrix is not an element of {self}")
        return element

    def phi(self, matrix: object) -> Matrix:
        """The matrix B with σ(Ax) = Bσ(x) for an element A.

        Raises
        ------
        IntertwineError
            If the matrix is not in the group; and the errors of :meth:`contains`.
        """
        return self._phi(self._element(matrix))

    def identity(self) -> Matrix:
        """The identity matrix."""
        return Matrix(sp.eye(self.n))

    def multiply(self, a: object, b: object) -> Matrix:
        """The product of two elements."""
        return (self._element(a) * self._element(b)).as_immutable()

    def inverse(self, matrix: object) -> Matrix:
        """The inverse of an element."""
        return matrices.inverse(self._element(matrix))

    @property
    def dimension(self) -> int:
        """The dimension as a Lie group."""
        return len(self.lie_algebra())

    @property
    def order(self) -> sp.Expr:
        """The number of elements, possibly ``oo``."""
        return self.components if self.dimension == 0 else sp.oo

    def to_sympy(self) -> PermutationGroup:
        """A finite group as a SymPy permutation group.

        Raises
        ------
        IntertwineError
            If the group is infinite.
        """
        raise IntertwineError(f"{self} is infinite: only finite groups go to sympy.combinatorics")

    def _same_size(self, other: MatrixGroup) -> None:
        if self.n != other.n:
            raise ShapeError(f"{self} and {other} act on spaces of different dimension")

    def __le__(self, other: object) -> bool:
        if not isinstance(other, MatrixGroup):
            return NotImplemented
        self._same_size(other)
        answer = self._le(other)
        if answer is None:
            raise IntertwineError(f"{self} and {other} cannot be compared")
        return answer

    def __lt__(self, other: object) -> bool:
        return self <= other and not other <= self if isinstance(other, MatrixGroup) else NotImplemented

    def __and__(self, other: object) -> MatrixGroup:
        """The intersection of the two groups of matrices, with the φ of the first."""
        if not isinstance(other, MatrixGroup):
            return NotImplemented
        if self <= other:
            return self
        answer = self._and(other)
        if answer is None:
            raise IntertwineError(f"the intersection of {self} and {other} is not a group with a name here")
        return answer

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MatrixGroup):
            return NotImplemented
        return type(self) is type(other) and self.n == other.n and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.n))


def phi_from_activation(activation: Callable[[sp.Expr], object] | sp.Lambda, matrix: object) -> Matrix:
    """φ(A) = σ(A)σ(I)⁻¹ computed from the activation itself (Godfrey et al., Lemma 3.3): a cross-check.

    Parameters
    ----------
    activation : callable or sympy.Lambda
        The elementwise activation s on exact numbers; applied to every entry of A and of I.
    matrix : sympy matrix or nested sequence, shape (n, n)
        An exact element A of the intertwiner group of the activation.

    Returns
    -------
    sympy.ImmutableDenseMatrix, shape (n, n)

    Raises
    ------
    IntertwineError
        If σ(I) is singular, which happens when s(1) = s(0) or s(1) = -(n-1)s(0).

    Notes
    -----
    The columns of A are σ's arguments A e_j, so σ(A) = B σ(I) column by column.

    References
    ----------
    C. Godfrey, D. Brown, T. Emerson, H. Kvinge, "On the Symmetries of Deep Learning Models and their Internal
    Representations", NeurIPS 2022, arXiv:2205.14258.

    Examples
    --------
    >>> phi_from_activation(lambda t: t**2, [[0, 3], [-2, 0]])
    Matrix([
    [0, 9],
    [4, 0]])
    """
    rows = matrix.rows if isinstance(matrix, sp.MatrixBase) else len(list(matrix))  # type: ignore[call-overload]
    a = matrices.as_square(matrix, rows)
    image = matrices.as_square(a.applyfunc(lambda t: sp.sympify(activation(t))), rows)
    base = matrices.as_square(sp.eye(rows).applyfunc(lambda t: sp.sympify(activation(t))), rows)
    if not matrices.is_invertible(base):
        raise IntertwineError("σ(I) is singular, so φ(A) = σ(A)σ(I)⁻¹ does not apply")
    return (image * matrices.inverse(base)).as_immutable()
