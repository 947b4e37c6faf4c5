"""The group of the identity matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.groups import matrices
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
