"""The smallest and the largest group: the identity alone, and everything where nothing is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.groups import matrices
from intertwine.groups.linear import GeneralLinear
from intertwine.groups.vectors.base import VectorGroup

if TYPE_CHECKING:
    import numpy as np

    from intertwine.numeric import Intertwiner


class IdentityGroup(VectorGroup):
    """{1}: a lower bound for every group of intertwiners."""

    @property
    def kind(self) -> str:
        return "trivial"

    def _contains(self, matrix: Matrix) -> bool:
        return matrices.same(matrix, self.identity())

    def _phi(self, matrix: Matrix) -> Matrix:
        return matrix

    def generators(self) -> tuple[Matrix, ...]:
        return ()

    def lie_algebra(self) -> tuple[Matrix, ...]:
        return ()

    @property
    def components(self) -> sp.Expr:
        return sp.S.One

    def sample(self, rng: np.random.Generator, spread: float = 0.5) -> Intertwiner:
        from intertwine.numeric import Intertwiner

        return Intertwiner.identity(self.n)

    def _key(self) -> tuple[object, ...]:
        return ()

    def __repr__(self) -> str:
        return "{1}"

    def latex(self) -> str:
        return r"\{1\}"


class Unseen(GeneralLinear):
    """All invertible matrices, for an activation that is zero: any B of size m will do, and φ(A) = I is the one given.

    Examples
    --------
    >>> Unseen(3, 1).phi([[1, 2, 0], [0, 1, 0], [0, 0, 5]])
    Matrix([[1]])
    """

    def __init__(self, n: int, m: int) -> None:
        super().__init__(n, unique=False)
        self.m = m

    @property
    def image_dimension(self) -> int:
        """The number of rows of φ(A)."""
        return self.m

    def _phi(self, matrix: Matrix) -> Matrix:
        return Matrix(sp.eye(self.m))

    def sample(self, rng: np.random.Generator, spread: float = 0.5) -> Intertwiner:
        from intertwine.numeric import Intertwiner, ScaledPermutation, sample_general_linear

        return Intertwiner(sample_general_linear(rng, self.n, spread), ScaledPermutation.identity(self.m))

    def _key(self) -> tuple[object, ...]:
        return (self.m,)
