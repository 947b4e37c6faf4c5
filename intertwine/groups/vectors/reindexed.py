"""A group in another order of the coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.groups import matrices
from intertwine.groups.vectors.base import VectorGroup

if TYPE_CHECKING:
    import numpy as np

    from intertwine.numeric import Intertwiner


class Reindexed(VectorGroup):
    """The matrices that become elements of a group when coordinate ``order[i]`` is read as coordinate ``i``.

    Examples
    --------
    >>> from intertwine.groups.vectors import BlockTriangular
    >>> H = Reindexed(BlockTriangular(1, 1), [1, 0])
    >>> [[3, 0], [7, 2]] in H, H.phi([[3, 0], [7, 2]])
    (True, Matrix([[3]]))
    """

    def __init__(self, inner: VectorGroup, order: Sequence[int]) -> None:
        super().__init__(inner.n)
        self.inner, self.places = inner, tuple(int(i) for i in order)
        self.unique = inner.unique
        self._turn = matrices.permutation(list(self.places))

    @property
    def image_dimension(self) -> int:
        return self.inner.image_dimension

    @property
    def kind(self) -> str:
        return self.inner.kind

    def _in(self, matrix: Matrix) -> Matrix:
        return (self._turn * matrix * self._turn.T).as_immutable()

    def _out(self, matrix: Matrix) -> Matrix:
        return (self._turn.T * matrix * self._turn).as_immutable()

    def _contains(self, matrix: Matrix) -> bool:
        return self.inner.contains(self._in(matrix))

    def _phi(self, matrix: Matrix) -> Matrix:
        return self.inner.phi(self._in(matrix))

    def generators(self) -> tuple[Matrix, ...]:
        return tuple(map(self._out, self.inner.generators()))

    def lie_algebra(self) -> tuple[Matrix, ...]:
        return tuple(map(self._out, self.inner.lie_algebra()))

    @property
    def dimension(self) -> int:
        return self.inner.dimension

    @property
    def components(self) -> sp.Expr:
        return self.inner.components

    def exact_sample(self, rng: np.random.Generator) -> Matrix:
        return self._out(self.inner.exact_sample(rng))

    def sample(self, rng: np.random.Generator, spread: float = 0.5) -> Intertwiner:
        from intertwine.numeric import Dense, Intertwiner, ScaledPermutation

        g = self.inner.sample(rng, spread)
        turn = ScaledPermutation(self.places)
        return Intertwiner(Dense((turn.inverse() @ g.element @ turn).to_matrix()), g.image)

    def _key(self) -> tuple[object, ...]:
        return (self.inner, self.places)

    def __repr__(self) -> str:
        return repr(self.inner)

    def latex(self) -> str:
        return self.inner.latex()
