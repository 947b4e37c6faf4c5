"""Permutations up to a common linear form: the intertwiners of softmax."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.groups import exact, matrices
from intertwine.groups.vectors.base import VectorGroup, expanded, ones

if TYPE_CHECKING:
    import numpy as np

    from intertwine.numeric import Intertwiner


class SharedShift(VectorGroup):
    """The invertible matrices P + 1vᵀ with a permutation matrix P and any vector v; φ(P + 1vᵀ) = P.

    Parameters
    ----------
    n : int
        The dimension.
    logarithmic : bool
        For n = 1 the softmax is 1, so that B = 1; its logarithm is 0, so that B is arbitrary.

    Notes
    -----
    P + 1vᵀ is invertible if and only if 1 + Σ v ≠ 0. For n ≥ 2 the group has dimension n and 2·n! components: P and
    the sign of 1 + Σ v. For n = 1 the group is R*.

    Examples
    --------
    >>> H = SharedShift(3)
    >>> H.dimension, H.components, [[1, 2, 0], [0, 3, 0], [0, 2, 1]] in H
    (3, 12, True)
    >>> H.phi([[1, 2, 0], [0, 3, 0], [0, 2, 1]])
    Matrix([
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1]])
    """

    def __init__(self, n: int, logarithmic: bool = False) -> None:
        super().__init__(n)
        self.unique = n > 1 or not logarithmic

    @property
    def kind(self) -> str:
        return "permutation with a common shift"

    def _split(self, matrix: Matrix) -> tuple[Matrix, list[sp.Expr]] | None:
        """P and v, if the matrix is P + 1vᵀ."""
        if self.n == 1:
            return self.identity(), [matrix[0, 0] - 1]
        v = [sp.expand_mul((sum(matrix.col(j)) - 1) / self.n) for j in range(self.n)]
        rest = Matrix(self.n, self.n, lambda i, j: matrix[i, j] - v[j])
        rows = matrices.support(rest)
        if any(len(row) != 1 for row in rows) or len({row[0] for row in rows}) != self.n:
            return None
        if not all(exact.equal(rest[i, row[0]], 1) for i, row in enumerate(rows)):
            return None
        return matrices.permutation([row[0] for row in rows]), v

    def _contains(self, matrix: Matrix) -> bool:
        parts = self._split(matrix)
        return parts is not None and not exact.is_zero(1 + sum(parts[1]))

    def _phi(self, matrix: Matrix) -> Matrix:
        parts = self._split(matrix)
        assert parts is not None
        return parts[0]

    def _shift(self, v: list[sp.Expr]) -> Matrix:
        return (self.identity() + ones(self.n) * Matrix(1, self.n, v)).as_immutable()

    def generators(self) -> tuple[Matrix, ...]:
        n = self.n
        scales = tuple(self._shift([sp.Rational(g - 1, n)] * n) for g in (-1, 2, 3))
        if n == 1:
            return scales
        swap = matrices.transposition(n, 0, 1)
        turns = (swap,) if n == 2 else (swap, matrices.permutation([*range(1, n), 0]))
        shears = tuple(self._shift([r, -r, *[sp.S.Zero] * (n - 2)]) for r in (sp.S.One, sp.sqrt(2)))
        return (*turns, *scales, *shears)

    def lie_algebra(self) -> tuple[Matrix, ...]:
        return tuple((ones(self.n) * self.identity().row(j)).as_immutable() for j in range(self.n))

    @property
    def components(self) -> sp.Expr:
        return sp.Integer(2 * math.factorial(self.n))

    def exact_sample(self, rng: np.random.Generator) -> Matrix:
        while True:
            v = [sp.Rational(int(rng.integers(-6, 7)), int(rng.integers(1, 4))) for _ in range(self.n)]
            if sum(v) != -1:
                turn = matrices.permutation([int(i) for i in rng.permutation(self.n)])
                return expanded(turn + ones(self.n) * Matrix(1, self.n, v))

    def sample(self, rng: np.random.Generator, spread: float = 0.5) -> Intertwiner:
        import numpy as np

        from intertwine.numeric import Dense, Intertwiner, sample_permutation

        turn = sample_permutation(rng, self.n)
        v = spread * rng.standard_normal(self.n)
        v += (rng.choice((-1.0, 1.0)) * np.exp(spread * rng.standard_normal()) - 1 - v.sum()) / self.n
        matrix = turn.to_matrix() + np.outer(np.ones(self.n), v)
        return Intertwiner(Dense(matrix), turn)

    def _key(self) -> tuple[object, ...]:
        return (self.unique,)

    def __repr__(self) -> str:
        return f"{{P + 1·vᵀ ∈ GL_{self.n}}}"

    def latex(self) -> str:
        return rf"\{{P + \mathbf{{1}}v^{{\mathsf T}}\}} \subset \mathrm{{GL}}_{{{self.n}}}(\mathbb{{R}})"
