"""The whole affine group of Rⁿ: the affine intertwiners of affine and of constant activations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.groups import exact, matrices
from intertwine.groups.affine.base import AffineMatrixGroup, AffinePair
from intertwine.groups.affine.characters import AffineCharacter
from intertwine.groups.affine.wreath import AffineWreath
from intertwine.groups.linear import GeneralLinear

if TYPE_CHECKING:
    import numpy as np

    from intertwine.numeric import AffineIntertwiner
    from intertwine.numeric.elements import Dense


class GeneralAffine(AffineMatrixGroup):
    """All maps x ↦ Ax + c with A invertible, for the activation s(t) = mt + q.

    Parameters
    ----------
    n : int
        The dimension.
    slope, intercept : int, fractions.Fraction or sympy.Expr
        m and q, exact.

    Raises
    ------
    IntertwineError
        If m or q is not an exact real number.
    ShapeError
        If n is not a positive integer.

    Notes
    -----
    With 1 the vector of ones, m(Ax + c) + q1 = A(mx + q1) + mc + q(1 - A1), so B = A and d = mc + q(1 - A1).
    For m = 0 every (B, d) with qB1 + d = q1 is an image, and the identity is the one given.

    Examples
    --------
    >>> H = GeneralAffine(2, slope=2, intercept=1)
    >>> H, H.dimension, H.components
    (AGL_2, 6, 2)
    >>> list(H.psi(([[1, 1], [0, 1]], [3, 0])).shift)
    [5, 0]
    """

    def __init__(self, n: int, slope: object = 1, intercept: object = 0) -> None:
        super().__init__(n)
        self._slope, self._intercept = exact.as_exact(slope), exact.as_exact(intercept)
        self._character = AffineCharacter.affine(slope, intercept)
        self.unique = self._character.unique

    @property
    def slope(self) -> sp.Expr:
        """m."""
        return self._slope

    @property
    def intercept(self) -> sp.Expr:
        """q."""
        return self._intercept

    @property
    def character(self) -> AffineCharacter:
        """ψ on one coordinate."""
        return self._character

    def _contains(self, pair: AffinePair) -> bool:
        return matrices.is_invertible(pair.matrix)

    def _psi(self, pair: AffinePair) -> AffinePair:
        if not self.unique:
            return self.identity()
        ones = Matrix(sp.ones(self.n, 1))
        shift = self.slope * pair.shift + self.intercept * (ones - pair.matrix * ones)
        return AffinePair(pair.matrix, shift.applyfunc(sp.expand_mul).as_immutable())

    def generators(self) -> tuple[AffinePair, ...]:
        one = self.identity()
        # The conjugates of one translation by GL_n give all others.
        shift = AffinePair(one.matrix, Matrix(self.n, 1, lambda i, _: int(i == 0)))
        return (*(AffinePair(g, one.shift) for g in GeneralLinear(self.n).generators()), shift)

    def lie_algebra(self) -> tuple[AffinePair, ...]:
        n = self.n
        linear = [AffinePair(x, Matrix(sp.zeros(n, 1))) for x in GeneralLinear(n).lie_algebra()]
        shifts = [AffinePair(Matrix(sp.zeros(n)), Matrix(sp.eye(n).col(i))) for i in range(n)]
        return (*linear, *shifts)

    @property
    def dimension(self) -> int:
        return self.n * (self.n + 1)

    @property
    def components(self) -> sp.Expr:
        return sp.Integer(2)

    def exact_sample(self, rng: np.random.Generator) -> AffinePair:
        shift = [sp.Rational(int(k), 2) for k in rng.integers(-6, 7, self.n)]
        return AffinePair(GeneralLinear(self.n).exact_sample(rng), Matrix(self.n, 1, shift))

    def sample(self, rng: np.random.Generator, spread: float = 0.5) -> AffineIntertwiner:
        from intertwine.numeric import AffineElement, AffineIntertwiner, sample_general_linear

        linear = sample_general_linear(rng, self.n, spread)
        shift = spread * rng.standard_normal(self.n)
        source = AffineElement(linear, shift)
        if not self.unique:
            return AffineIntertwiner(source, AffineElement.identity(self.n))
        m, q = exact.to_float(self.slope), exact.to_float(self.intercept)
        return AffineIntertwiner(source, AffineElement(linear, m * shift + q * (1 - linear.to_matrix().sum(axis=1))))

    def _numeric(self, matrix: Matrix) -> Dense:
        from intertwine.numeric import Dense

        return Dense([[exact.to_float(entry) for entry in row] for row in matrix.tolist()])

    def _le(self, other: AffineMatrixGroup) -> bool:
        return isinstance(other, GeneralAffine)

    def _and(self, other: AffineMatrixGroup) -> AffineMatrixGroup:
        assert isinstance(other, AffineWreath)
        return AffineWreath(other.scalars, self.character.restrict(other.scalars), self.n)

    def _key(self) -> tuple[object, ...]:
        return (self._character,)

    def __repr__(self) -> str:
        return f"AGL_{self.n}"

    def latex(self) -> str:
        return rf"\mathrm{{AGL}}_{{{self.n}}}(\mathbb{{R}})"
