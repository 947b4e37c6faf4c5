"""GL_n, and the matrices with unit row sums: the intertwiner groups of linear, affine and constant activations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.groups import exact, matrices
from intertwine.groups.base import MatrixGroup

if TYPE_CHECKING:
    import numpy as np
    from sympy.combinatorics import PermutationGroup

    from intertwine.numeric import Intertwiner


class GeneralLinear(MatrixGroup):
    """All invertible n×n matrices: the intertwiner group of s(t) = c·t and of constant activations.

    Parameters
    ----------
    n : int
        The dimension.
    unique : bool
        True for s(t) = c·t with c ≠ 0, where φ(A) = A. False for constant s: every B that fixes the value vector is an
        image of every A, and φ(A) = I is the one given.

    Notes
    -----
    GL_n(R) has two components, told apart by the sign of the determinant.

    Examples
    --------
    >>> H = GeneralLinear(2)
    >>> H, H.dimension, H.components, [[1, 2], [2, 4]] in H
    (GL_2, 4, 2, False)
    """

    def __init__(self, n: int, unique: bool = True) -> None:
        super().__init__(n)
        self.unique = bool(unique)

    @property
    def kind(self) -> str:
        return "general linear"

    def _contains(self, matrix: Matrix) -> bool:
        return matrices.is_invertible(matrix)

    def _phi(self, matrix: Matrix) -> Matrix:
        return matrix if self.unique else self.identity()

    def generators(self) -> tuple[Matrix, ...]:
        # Row operations: with the swaps, one shear, and the scalings of one coordinate by -1, 2, 3 they give all shears
        # with coefficient in a dense ring and a dense set of diagonal matrices.
        scales = tuple(sp.diag(g, *[1] * (self.n - 1)).as_immutable() for g in (-1, 2, 3))
        if self.n == 1:
            return scales
        cycle = matrices.permutation([*range(1, self.n), 0])
        shear = (self.identity() + matrices.unit(self.n, 0, 1)).as_immutable()
        swap = matrices.transposition(self.n, 0, 1)
        return (swap, shear, *scales) if self.n == 2 else (swap, cycle, shear, *scales)

    def lie_algebra(self) -> tuple[Matrix, ...]:
        return tuple(matrices.unit(self.n, i, j) for i in range(self.n) for j in range(self.n))

    @property
    def dimension(self) -> int:
        return self.n**2

    @property
    def components(self) -> sp.Expr:
        return sp.Integer(2)

    def sample(self, rng: np.random.Generator, spread: float = 0.5) -> Intertwiner:
        from intertwine.numeric import Intertwiner, ScaledPermutation, sample_general_linear

        element = sample_general_linear(rng, self.n, spread)
        return Intertwiner(element, element if self.unique else ScaledPermutation.identity(self.n))

    def exact_sample(self, rng: np.random.Generator) -> Matrix:
        return _random_invertible(rng, self.n)

    def _le(self, other: MatrixGroup) -> bool | None:
        from intertwine.groups.scalars import NONZERO
        from intertwine.groups.wreath import WreathProduct

        if isinstance(other, GeneralLinear):
            return True
        if isinstance(other, WreathProduct):
            return self.n == 1 and other.scalars == NONZERO
        return False if isinstance(other, UnitRowSums) else None

    def _and(self, other: MatrixGroup) -> MatrixGroup | None:
        from intertwine.groups.characters import Character
        from intertwine.groups.wreath import WreathProduct

        if isinstance(other, WreathProduct):
            # A constant vector is fixed by every permutation matrix and by every matrix with unit row sums.
            s = other.scalars
            return WreathProduct(s, Character(s, 1, 1) if self.unique else Character(s), self.n)
        if isinstance(other, UnitRowSums):
            return UnitRowSums(self.n)
        return None

    def _key(self) -> tuple[object, ...]:
        return (self.unique,)

    def __repr__(self) -> str:
        return f"GL_{self.n}"

    def latex(self) -> str:
        return rf"\mathrm{{GL}}_{{{self.n}}}(\mathbb{{R}})"


class UnitRowSums(MatrixGroup):
    """The invertible matrices with A·1 = 1, the intertwiner group of s(t) = c·t + d with c, d ≠ 0; φ(A) = A.

    Parameters
    ----------
    n : int
        The dimension.

    Notes
    -----
    In a basis that starts with the vector 1, such a matrix is [[1, w], [0, M]] with M in GL_{n-1} and w any row, so the
    group is R^{n-1} ⋊ GL_{n-1}(R): of dimension n² - n, with two components for n ≥ 2 (those of GL_{n-1}); for n = 1
    it is trivial.

    Examples
    --------
    >>> H = UnitRowSums(3)
    >>> H.dimension, H.components, [[1, 0, 0], [2, -1, 0], [0, 0, 1]] in H
    (6, 2, True)
    """

    @property
    def kind(self) -> str:
        return "unit row sums"

    def _contains(self, matrix: Matrix) -> bool:
        sums = (sum(matrix.row(i), sp.S.Zero) for i in range(self.n))
        return all(exact.equal(s, 1) for s in sums) and matrices.is_invertible(matrix)

    def _phi(self, matrix: Matrix) -> Matrix:
        return matrix

    def _basis(self) -> Matrix:
        """Columns 1, e_1, …, e_{n-1}."""
        n = self.n
        return Matrix(n, n, lambda i, j: int(j == 0 or i == j - 1))

    def _embed(self, row: list[sp.Expr], block: Matrix) -> Matrix:
        """[[1, row], [0, block]] in the basis above, written in the standard one."""
        n = self.n
        middle = sp.eye(n)
        middle[0, 1:] = sp.Matrix([row])
        middle[1:, 1:] = block
        return (self._basis() * middle * self._basis().inv()).as_immutable()

    def generators(self) -> tuple[Matrix, ...]:
        if self.n == 1:
            return ()
        m = self.n - 1
        zero = [sp.S.Zero] * m
        shift = self._embed([sp.S.One, *zero[1:]], sp.eye(m).as_immutable())
        return (shift, *(self._embed(zero, g) for g in GeneralLinear(m).generators()))

    def lie_algebra(self) -> tuple[Matrix, ...]:
        last = self.n - 1
        return tuple(
            (matrices.unit(self.n, i, j) - matrices.unit(self.n, i, last)).as_immutable()
            for i in range(self.n)
            for j in range(last)
        )

    @property
    def components(self) -> sp.Expr:
        return sp.Integer(1 if self.n == 1 else 2)

    def sample(self, rng: np.random.Generator, spread: float = 0.5) -> Intertwiner:
        from intertwine.numeric import Intertwiner, sample_unit_row_sums

        element = sample_unit_row_sums(rng, self.n, spread)
        return Intertwiner(element, element)

    def exact_sample(self, rng: np.random.Generator) -> Matrix:
        if self.n == 1:
            return self.identity()
        row = [sp.Integer(int(k)) for k in rng.integers(-2, 3, self.n - 1)]
        return self._embed(row, _random_invertible(rng, self.n - 1))

    def to_sympy(self) -> PermutationGroup:
        if self.n > 1:
            return super().to_sympy()
        from sympy.combinatorics.named_groups import SymmetricGroup

        return SymmetricGroup(1)

    def _le(self, other: MatrixGroup) -> bool | None:
        from intertwine.groups.wreath import WreathProduct

        if isinstance(other, GeneralLinear | UnitRowSums):
            return True
        # For n = 1 the group is {1}; for n > 1 it holds shears.
        return self.n == 1 if isinstance(other, WreathProduct) else None

    def _and(self, other: MatrixGroup) -> MatrixGroup | None:
        from intertwine.groups.characters import Character
        from intertwine.groups.scalars import TRIVIAL
        from intertwine.groups.wreath import WreathProduct

        if isinstance(other, WreathProduct):
            return WreathProduct(TRIVIAL, Character(TRIVIAL), self.n)
        return None

    def _key(self) -> tuple[object, ...]:
        return ()

    def __repr__(self) -> str:
        return f"{{A ∈ GL_{self.n} : A·1 = 1}}"

    def latex(self) -> str:
        return rf"\{{A \in \mathrm{{GL}}_{{{self.n}}}(\mathbb{{R}}) : A\mathbf{{1}} = \mathbf{{1}}\}}"


def _random_invertible(rng: np.random.Generator, n: int) -> Matrix:
    """A product of triangular integer matrices and a diagonal one."""
    lower, upper = sp.eye(n), sp.eye(n)
    for i in range(n):
        for j in range(i):
            lower[i, j], upper[j, i] = int(rng.integers(-2, 3)), int(rng.integers(-2, 3))
    scales = [sp.Rational(int(rng.choice([-3, -2, -1, 1, 2, 3])), int(rng.integers(1, 4))) for _ in range(n)]
    return (lower * sp.diag(*scales) * upper).as_immutable()
