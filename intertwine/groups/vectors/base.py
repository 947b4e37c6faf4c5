"""What the groups of activations on vectors have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.errors import IntertwineError
from intertwine.groups import exact
from intertwine.groups.base import MatrixGroup

if TYPE_CHECKING:
    import numpy as np

    from intertwine.numeric import Intertwiner

    Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


class VectorGroup(MatrixGroup):
    """A closed matrix group that is known by a membership test and by generators of a dense subgroup."""

    @property
    def image_dimension(self) -> int:
        """The number of rows of φ(A)."""
        return self.n

    def _le(self, other: MatrixGroup) -> bool | None:
        # The other group is closed, so a dense subgroup inside it is enough.
        return all(other.contains(g) for g in self.generators())

    def _and(self, other: MatrixGroup) -> MatrixGroup | None:
        return self if self <= other else other if other <= self else None

    def exact_sample(self, rng: np.random.Generator) -> Matrix:
        pool, out = self.generators(), self.identity()
        for _ in range(3 if pool else 0):
            out = expanded(out * pool[int(rng.integers(len(pool)))])
        return out

    def sample(self, rng: np.random.Generator, spread: float = 0.5) -> Intertwiner:
        """A random element with its image: a walk over the generators' components, then a step in the Lie algebra."""
        import numpy as np

        from intertwine.numeric import Dense, Intertwiner, exponential

        matrix = np.eye(self.n)
        for g in self._representatives():
            if rng.integers(2):
                matrix = matrix @ floats(g)
        tangent = np.zeros((self.n, self.n))
        algebra = self.lie_algebra()
        for basis in algebra:
            direction = floats(basis)
            tangent += spread * rng.standard_normal() * direction / max(1.0, float(np.linalg.norm(direction, 2)))
        if algebra:
            matrix = matrix @ exponential(tangent / max(1.0, float(np.sqrt(len(algebra)))))
        return Intertwiner(Dense(matrix), Dense(self._image_of(matrix)))

    def _representatives(self) -> tuple[Matrix, ...]:
        """Elements that reach every component, for the default sampler."""
        return self.generators()

    def _image_of(self, matrix: Floats) -> Floats:
        """φ in floating point, for the default sampler."""
        raise IntertwineError(f"{type(self).__name__} has a sampler of its own")


def floats(matrix: Matrix) -> Floats:
    """An exact matrix as an array of floats."""
    import numpy as np

    return np.array([[exact.to_float(entry) for entry in row] for row in matrix.tolist()], dtype=np.float64).reshape(
        matrix.shape
    )


def ones(n: int) -> Matrix:
    """The column vector 1."""
    return Matrix(n, 1, [1] * n)


def expanded(matrix: Matrix) -> Matrix:
    """The same matrix with sums and products of its entries multiplied out."""
    return matrix.applyfunc(sp.expand_mul).as_immutable()
