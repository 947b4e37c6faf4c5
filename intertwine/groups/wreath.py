"""S ≀ Sym(n): scaled permutation matrices, the intertwiner groups of elementwise activations."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.errors import IntertwineError
from intertwine.groups import exact, matrices
from intertwine.groups.base import MatrixGroup
from intertwine.groups.characters import Character
from intertwine.groups.lattice import kind_of
from intertwine.groups.linear import GeneralLinear, UnitRowSums
from intertwine.groups.scalars import NONZERO, TRIVIAL, ScalarGroup

if TYPE_CHECKING:
    import numpy as np
    from sympy.combinatorics import PermutationGroup

    from intertwine.numeric import Intertwiner


class WreathProduct(MatrixGroup):
    """The matrices P·diag(d_1, …, d_n) with P a permutation matrix and every d_i in S, and φ(P·diag d) = P·diag χ(d).

    Parameters
    ----------
    scalars : ScalarGroup
        S, a closed subgroup of R*.
    character : Character
        χ, defined on S.
    n : int
        The dimension.

    Raises
    ------
    IntertwineError
        If the character is not one of S.
    ShapeError
        If n is not a positive integer.

    Notes
    -----
    The group is Sⁿ ⋊ Sym(n); it has n!·cⁿ components if S has c, and its Lie algebra is that of Sⁿ, the diagonal
    matrices when S is continuous.

    Examples
    --------
    >>> from intertwine.groups import POSITIVE
    >>> H = WreathProduct(POSITIVE, Character(POSITIVE, 2), 3)
    >>> H, H.dimension, H.components
    (R>0 ≀ S_3, 3, 6)
    >>> H.phi([[0, 2, 0], [1, 0, 0], [0, 0, 3]])
    Matrix([
    [0, 4, 0],
    [1, 0, 0],
    [0, 0, 9]])
    """

    def __init__(self, scalars: ScalarGroup, character: Character, n: int) -> None:
        super().__init__(n)
        if not isinstance(character, Character) or character.group != scalars:
            raise IntertwineError(f"{character!r} is not a character of {scalars!r}")
        self._scalars, self._character = scalars, character

    @property
    def scalars(self) -> ScalarGroup:
        """S."""
        return self._scalars

    @property
    def character(self) -> Character:
        """χ."""
        return self._character

    @property
    def kind(self) -> str:
        return kind_of(self.scalars)

    def _contains(self, matrix: Matrix) -> bool:
        rows = matrices.support(matrix)
        if any(len(row) != 1 for row in rows) or len({row[0] for row in rows}) != self.n:
            return False
        return all(matrix[i, row[0]] in self.scalars for i, row in enumerate(rows))

    def _phi(self, matrix: Matrix) -> Matrix:
        image = sp.zeros(self.n)
        for i, [j] in enumerate(matrices.support(matrix)):
            image[i, j] = self.character(matrix[i, j])
        return image.as_immutable()

    def inverse(self, matrix: object) -> Matrix:
        element = self._element(matrix)
        out = sp.zeros(self.n)
        for i, [j] in enumerate(matrices.support(element)):
            out[j, i] = 1 / element[i, j]
        return out.as_immutable()

    def generators(self) -> tuple[Matrix, ...]:
        scales = [sp.diag(g, *[1] * (self.n - 1)).as_immutable() for g in self.scalars.generators()]
        return (*_symmetric_generators(self.n), *scales)

    def lie_algebra(self) -> tuple[Matrix, ...]:
        if self.scalars.is_discrete:
            return ()
        return tuple(matrices.unit(self.n, i, i) for i in range(self.n))

    @property
    def components(self) -> sp.Expr:
        return sp.Integer(math.factorial(self.n)) * self.scalars.components**self.n

    def sample(self, rng: np.random.Generator, spread: float = 0.5) -> Intertwiner:
        from intertwine.numeric import Intertwiner, sample_scaled_permutation

        generator = None if self.scalars.generator is None else exact.to_float(self.scalars.generator)
        element = sample_scaled_permutation(rng, self.n, self.scalars.type, spread, generator)  # type: ignore[arg-type]
        return Intertwiner.from_character(element, self.character.numeric())

    def exact_sample(self, rng: np.random.Generator) -> Matrix:
        indices = [int(i) for i in rng.permutation(self.n)]
        scales = [exact_scalar(self.scalars, rng) for _ in range(self.n)]
        return (sp.diag(*scales) * matrices.permutation(indices)).as_immutable()

    def to_sympy(self) -> PermutationGroup:
        """The finite groups as permutation groups: S_n on n points, the signed permutations on 2n points.

        Returns
        -------
        sympy.combinatorics.PermutationGroup
            For {±1} ≀ S_n, point i stands for e_i and point n + i for -e_i.

        Raises
        ------
        IntertwineError
            If the group is infinite.

        Examples
        --------
        >>> from intertwine.groups import SIGN
        >>> WreathProduct(SIGN, Character(SIGN), 3).to_sympy().order()
        48
        """
        from sympy.combinatorics import Permutation, PermutationGroup
        from sympy.combinatorics.named_groups import SymmetricGroup

        if self.scalars.type == "trivial":
            return SymmetricGroup(self.n)
        if self.scalars.type != "sign":
            return super().to_sympy()
        return PermutationGroup([Permutation(_on_signed_basis(g)) for g in self.generators()])

    def _le(self, other: MatrixGroup) -> bool | None:
        if isinstance(other, WreathProduct):
            return self.scalars <= other.scalars
        if isinstance(other, GeneralLinear):
            return True
        return self.scalars == TRIVIAL if isinstance(other, UnitRowSums) else None

    def _and(self, other: MatrixGroup) -> MatrixGroup | None:
        if isinstance(other, WreathProduct):
            common = self.scalars & other.scalars
        elif isinstance(other, UnitRowSums):
            common = TRIVIAL
        else:
            return None
        return WreathProduct(common, self.character.restrict(common), self.n)

    def _key(self) -> tuple[object, ...]:
        return (self.scalars, self.character)

    def __repr__(self) -> str:
        return f"{self.scalars} ≀ S_{self.n}"

    def latex(self) -> str:
        return rf"{self.scalars.latex()} \wr S_{{{self.n}}}"


def _symmetric_generators(n: int) -> list[Matrix]:
    """A transposition and an n-cycle."""
    if n == 1:
        return []
    swap = matrices.transposition(n, 0, 1)
    return [swap] if n == 2 else [swap, matrices.permutation([*range(1, n), 0])]


def _on_signed_basis(matrix: Matrix) -> list[int]:
    """The images of e_1, …, e_n, -e_1, …, -e_n under a signed permutation matrix, as numbers."""
    n = matrix.rows
    images = []
    for j in range(n):
        [(i, value)] = [(i, matrix[i, j]) for i in range(n) if matrix[i, j] != 0]
        images.append(i if value == 1 else n + i)
    return images + [(i + n) % (2 * n) for i in images]


def exact_scalar(scalars: ScalarGroup, rng: np.random.Generator) -> sp.Expr:
    """A random exact element of a scalar group, small enough to compute with."""
    sign = -1 if scalars.has_minus_one and rng.integers(2) else 1
    if scalars.generator is not None:
        return sign * scalars.generator ** int(rng.integers(-3, 4))
    if scalars <= NONZERO and not scalars.is_discrete:
        return sign * sp.Rational(int(rng.integers(1, 10)), int(rng.integers(1, 10)))
    return sp.Integer(sign)
