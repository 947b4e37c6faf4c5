"""Groups of scalings of one unit with several images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.groups.scalars import ScalarGroup
from intertwine.groups.vectors.base import VectorGroup
from intertwine.groups.wreath import exact_scalar

if TYPE_CHECKING:
    import numpy as np


class OneUnit(VectorGroup):
    """Scalings d in S of one unit; what φ(d) is differs.

    Parameters
    ----------
    scalars : ScalarGroup
        S.
    unique : bool
        Whether φ(d) is the only matrix that fits.
    """

    def __init__(self, scalars: ScalarGroup, unique: bool) -> None:
        super().__init__(1)
        self.scalars, self.unique = scalars, bool(unique)

    @property
    def kind(self) -> str:
        return "scalings of one unit"

    def _contains(self, matrix: Matrix) -> bool:
        return matrix[0, 0] in self.scalars

    def generators(self) -> tuple[Matrix, ...]:
        return tuple(Matrix([[g]]) for g in self.scalars.generators())

    def lie_algebra(self) -> tuple[Matrix, ...]:
        return () if self.scalars.is_discrete else (Matrix([[1]]),)

    @property
    def components(self) -> sp.Expr:
        return self.scalars.components

    def exact_sample(self, rng: np.random.Generator) -> Matrix:
        return Matrix([[exact_scalar(self.scalars, rng)]])

    def __repr__(self) -> str:
        return repr(self.scalars)

    def latex(self) -> str:
        return self.scalars.latex()
