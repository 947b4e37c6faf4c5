"""The intertwiners of several affine functions of the same input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.errors import ShapeError
from intertwine.groups import exact
from intertwine.groups.linear import GeneralLinear, UnitRowSums
from intertwine.groups.vectors.base import VectorGroup, expanded, floats

if TYPE_CHECKING:
    import numpy as np

    from intertwine.groups.vectors.base import Floats
    from intertwine.numeric import Intertwiner


class AffineStack(VectorGroup):
    """The matrices that intertwine x ↦ (c_1·x + e_1, …, c_m·x + e_m), elementwise: GL_n, or those with A·1 = 1.

    The second if e is a multiple of c, and not 0. With γ·c = 1 and, if they are independent, γ·e = 0, the matrix
    φ(A) = I + c·γᵀ ⊗ (A - I) will do.

    Parameters
    ----------
    slopes, shifts : sequence of m numbers
        c and e.
    n : int
        The dimension.

    Examples
    --------
    >>> AffineStack([2, 0], [0, 1], 2).phi([[1, 1], [0, 3]])        # 2·x1, 2·x2, 1, 1
    Matrix([
    [1, 1, 0, 0],
    [0, 3, 0, 0],
    [0, 0, 1, 0],
    [0, 0, 0, 1]])
    >>> AffineStack([1], [1], 2), AffineStack([1, 2], [1, 2], 2).unique
    ({A ∈ GL_2 : A·1 = 1}, False)
    """

    def __init__(self, slopes: Sequence[sp.Expr], shifts: Sequence[sp.Expr], n: int) -> None:
        super().__init__(n)
        if len(slopes) != len(shifts) or not slopes:
            raise ShapeError("there are as many slopes as shifts, at least one")
        m = len(slopes)
        self.slopes = Matrix(m, 1, [exact.as_exact(v) for v in slopes])
        self.shifts = Matrix(m, 1, [exact.as_exact(v) for v in shifts])
        flat = all(map(exact.is_zero, self.slopes))
        shifted = not all(map(exact.is_zero, self.shifts))
        parallel = not flat and all(
            exact.equal(self.slopes[i] * self.shifts[j], self.slopes[j] * self.shifts[i])
            for i in range(m) for j in range(i)
        )
        tied = parallel and shifted
        self.inner: GeneralLinear | UnitRowSums = UnitRowSums(n) if tied else GeneralLinear(n)
        # as many functions as the dimension of their span
        self.unique = m * n == (int(shifted) if flat else n + int(shifted and not parallel))
        self._dual = self._left_inverse(flat, parallel or not shifted)

    def _left_inverse(self, flat: bool, parallel: bool) -> Matrix:
        c, e = self.slopes, self.shifts
        if flat:
            return Matrix.zeros(c.rows, 1)
        u = c if parallel else c - e * ((c.T * e)[0] / (e.T * e)[0])
        return expanded(u / (u.T * c)[0])

    @property
    def image_dimension(self) -> int:
        return int(self.slopes.rows) * self.n

    @property
    def kind(self) -> str:
        return self.inner.kind

    def _contains(self, matrix: Matrix) -> bool:
        return self.inner.contains(matrix)

    def _phi(self, matrix: Matrix) -> Matrix:
        core = sp.kronecker_product(self.slopes * self._dual.T, sp.Matrix(matrix - self.identity()))
        return expanded((sp.eye(self.image_dimension) + core).as_immutable())

    def generators(self) -> tuple[Matrix, ...]:
        return self.inner.generators()

    def lie_algebra(self) -> tuple[Matrix, ...]:
        return self.inner.lie_algebra()

    @property
    def components(self) -> sp.Expr:
        return self.inner.components

    def exact_sample(self, rng: np.random.Generator) -> Matrix:
        return self.inner.exact_sample(rng)

    def sample(self, rng: np.random.Generator, spread: float = 0.5) -> Intertwiner:
        import numpy as np

        from intertwine.numeric import Dense, Intertwiner

        element = self.inner.sample(rng, spread).element
        return Intertwiner(element, Dense(self._image_of(np.asarray(element.to_matrix(), dtype=np.float64))))

    def _image_of(self, matrix: Floats) -> Floats:
        import numpy as np

        core = np.kron(floats(self.slopes) @ floats(self._dual).T, matrix - np.eye(self.n))
        return np.asarray(np.eye(self.image_dimension) + core, dtype=np.float64)

    def _key(self) -> tuple[object, ...]:
        return (self.slopes, self.shifts)

    def __repr__(self) -> str:
        return repr(self.inner)

    def latex(self) -> str:
        return self.inner.latex()
