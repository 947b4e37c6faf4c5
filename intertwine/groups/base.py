"""What every concrete group of intertwiners can do."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.errors import IntertwineError
from intertwine.groups import matrices
from intertwine.groups.group import Group

if TYPE_CHECKING:
    import numpy as np
    from sympy.combinatorics import PermutationGroup

    from intertwine.numeric import Intertwiner


class MatrixGroup(Group[Matrix, "MatrixGroup"]):
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

    @classmethod
    def _comparable(cls) -> type[MatrixGroup]:
        return MatrixGroup

    @property
    @abstractmethod
    def kind(self) -> str:
        """The name of the family of groups, a node of :func:`~intertwine.groups.kind_lattice`."""

    @abstractmethod
    def _phi(self, matrix: Matrix) -> Matrix:
        """The image of an element."""

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

    def _read(self, element: object) -> Matrix:
        return matrices.as_square(element, self.n)

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

    def _product(self, a: Matrix, b: Matrix) -> Matrix:
        return (a * b).as_immutable()

    def _inverse(self, element: Matrix) -> Matrix:
        return matrices.inverse(element)

    def to_sympy(self) -> PermutationGroup:
        """A finite group as a SymPy permutation group.

        Raises
        ------
        IntertwineError
            If the group is infinite.
        """
        raise IntertwineError(f"{self} is infinite: only finite groups go to sympy.combinatorics")


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
