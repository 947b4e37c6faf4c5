"""Block triangular matrices: the maps that leave some coordinates to themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.errors import ShapeError
from intertwine.groups import exact, matrices
from intertwine.groups.linear import GeneralLinear
from intertwine.groups.vectors.base import VectorGroup, expanded

if TYPE_CHECKING:
    from intertwine.groups.vectors.base import Floats


class BlockTriangular(VectorGroup):
    """The invertible matrices [[K, L], [0, M]] with K of size k: the last m coordinates go by themselves, φ = M.

    For an activation (u, v) ↦ c·v with a constant c ≠ 0.

    Parameters
    ----------
    k, m : int
        How many coordinates are ignored, and how many are seen.

    Examples
    --------
    >>> H = BlockTriangular(1, 2)
    >>> H.dimension, H.components, H.phi([[1, 2, 3], [0, 1, 1], [0, 0, 5]])
    (7, 4, Matrix([
    [1, 1],
    [0, 5]]))
    """

    def __init__(self, k: int, m: int) -> None:
        if k < 1 or m < 1:
            raise ShapeError("both kinds of coordinates have to be there")
        super().__init__(k + m)
        self.k, self.m = k, m

    @property
    def image_dimension(self) -> int:
        return self.m

    @property
    def kind(self) -> str:
        return "block triangular"

    def _contains(self, matrix: Matrix) -> bool:
        if not all(exact.is_zero(t) for t in matrix[self.k :, : self.k]):
            return False
        return matrices.is_invertible(matrix)

    def _phi(self, matrix: Matrix) -> Matrix:
        return matrix[self.k :, self.k :].as_immutable()

    def generators(self) -> tuple[Matrix, ...]:
        k, m = self.k, self.m
        left = [sp.diag(g, sp.eye(m)).as_immutable() for g in GeneralLinear(k).generators()]
        right = [sp.diag(sp.eye(k), g).as_immutable() for g in GeneralLinear(m).generators()]
        shears = [expanded(self.identity() + t * matrices.unit(self.n, 0, k)) for t in (sp.S.One, sp.sqrt(2))]
        return (*left, *right, *shears)

    def lie_algebra(self) -> tuple[Matrix, ...]:
        n, k = self.n, self.k
        return tuple(matrices.unit(n, i, j) for i in range(n) for j in range(n) if i < k or j >= k)

    @property
    def components(self) -> sp.Expr:
        return sp.Integer(4)

    def _image_of(self, matrix: Floats) -> Floats:
        return matrix[self.k :, self.k :]

    def _key(self) -> tuple[object, ...]:
        return (self.k, self.m)

    def __repr__(self) -> str:
        return f"{{[[K, L], [0, M]] ∈ GL_{self.n} : K of size {self.k}}}"

    def latex(self) -> str:
        return (rf"\left\{{\begin{{pmatrix}} K & L \\ 0 & M \end{{pmatrix}}\right\}} \subset "
                rf"\mathrm{{GL}}_{{{self.n}}}(\mathbb{{R}})")
