"""Gates of an unusual kind: constant where they are defined, or zero but at one point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.errors import ShapeError
from intertwine.groups import exact, matrices
from intertwine.groups.characters import Character
from intertwine.groups.linear import GeneralLinear
from intertwine.groups.scalars import NONZERO, ScalarGroup
from intertwine.groups.vectors.base import VectorGroup, expanded
from intertwine.groups.wreath import WreathProduct

if TYPE_CHECKING:
    from intertwine.groups.vectors.base import Floats


class GatesApart(VectorGroup):
    """The matrices [[U, 0], [X, M]] with U in S ≀ Sym(m) and M in GL_m; X is 0, or anything if ``zero``.

    For an activation (u, v) ↦ c·v that is defined where every u_j lies in a set D, with S = {d : dD = D}: for c ≠ 0,
    φ = M; for c = 0 (``zero``) every B will do, and φ = I is the one given.

    Parameters
    ----------
    scalars : ScalarGroup
        S.
    m : int
        The number of gates.
    zero : bool
        Whether the activation is zero where it is defined.

    Examples
    --------
    >>> from intertwine.groups import POSITIVE
    >>> H = GatesApart(POSITIVE, 1)
    >>> H.dimension, H.components, H.phi([[2, 0], [0, -3]]), [[2, 0], [1, 1]] in H
    (2, 2, Matrix([[-3]]), False)
    >>> [[2, 0], [1, 1]] in GatesApart(POSITIVE, 1, zero=True)
    True
    """

    def __init__(self, scalars: ScalarGroup, m: int, zero: bool = False) -> None:
        super().__init__(2 * m)
        self.scalars, self.m, self.zero = scalars, m, bool(zero)
        self.unique = not self.zero
        self._gates, self._factors = WreathProduct(scalars, Character(scalars), m), GeneralLinear(m)

    @property
    def image_dimension(self) -> int:
        return self.m

    @property
    def kind(self) -> str:
        return "gates apart"

    def _contains(self, matrix: Matrix) -> bool:
        m = self.m
        blank = [matrix[:m, m:]] if self.zero else [matrix[:m, m:], matrix[m:, :m]]
        if not all(matrices.same(part.as_immutable(), Matrix.zeros(m, m)) for part in blank):
            return False
        return self._gates.contains(matrix[:m, :m]) and self._factors.contains(matrix[m:, m:])

    def _phi(self, matrix: Matrix) -> Matrix:
        return Matrix(sp.eye(self.m)) if self.zero else matrix[self.m :, self.m :].as_immutable()

    def generators(self) -> tuple[Matrix, ...]:
        one = sp.eye(self.m)
        found = [sp.diag(g, one).as_immutable() for g in self._gates.generators()]
        found += [sp.diag(one, g).as_immutable() for g in self._factors.generators()]
        if self.zero:
            found += [expanded(self.identity() + t * matrices.unit(self.n, self.m, 0)) for t in (sp.S.One, sp.sqrt(2))]
        return tuple(found)

    def lie_algebra(self) -> tuple[Matrix, ...]:
        blank = sp.zeros(self.m)
        found = [sp.diag(g, blank).as_immutable() for g in self._gates.lie_algebra()]
        found += [sp.diag(blank, g).as_immutable() for g in self._factors.lie_algebra()]
        if self.zero:
            found += [matrices.unit(self.n, self.m + i, j) for i in range(self.m) for j in range(self.m)]
        return tuple(found)

    @property
    def components(self) -> sp.Expr:
        return self._gates.components * self._factors.components

    def _image_of(self, matrix: Floats) -> Floats:
        import numpy as np

        return np.eye(self.m) if self.zero else matrix[self.m :, self.m :]

    def _key(self) -> tuple[object, ...]:
        return (self.scalars, self.m, self.zero)

    def __repr__(self) -> str:
        gates = f"{self.scalars} ≀ S_{self.m}" if self.m > 1 else repr(self.scalars)
        return f"{{[[U, 0], [X, M]] : U ∈ {gates}, M ∈ GL_{self.m}}}" if self.zero else f"({gates}) × GL_{self.m}"

    def latex(self) -> str:
        corner = "X" if self.zero else "0"
        return (rf"\left\{{\begin{{pmatrix}} U & 0 \\ {corner} & M \end{{pmatrix}} : U \in "
                rf"{self._gates.latex()}, M \in {self._factors.latex()}\right\}}")


class SpikedPair(VectorGroup):
    """The maps (u, v) ↦ (du, ev + ku) with d, e ≠ 0 and any k, for g(u)·v with a gate that is zero but at 0; φ = e.

    Examples
    --------
    >>> pair = SpikedPair(2)
    >>> pair.dimension, pair.components, pair.phi([[2, 0], [7, -3]]), [[1, 1], [0, 1]] in pair
    (3, 4, Matrix([[-3]]), False)
    """

    def __init__(self, n: int = 2) -> None:
        super().__init__(n)
        if n != 2:
            raise ShapeError(f"a pair has two coordinates, not {n}")

    @property
    def image_dimension(self) -> int:
        return 1

    @property
    def kind(self) -> str:
        return "sheared pair"

    def _contains(self, matrix: Matrix) -> bool:
        return exact.is_zero(matrix[0, 1]) and not exact.is_zero(matrix[0, 0]) and not exact.is_zero(matrix[1, 1])

    def _phi(self, matrix: Matrix) -> Matrix:
        return Matrix([[matrix[1, 1]]])

    def generators(self) -> tuple[Matrix, ...]:
        scales = [sp.diag(g, 1).as_immutable() for g in NONZERO.generators()]
        scales += [sp.diag(1, g).as_immutable() for g in NONZERO.generators()]
        return (*scales, *(Matrix([[1, 0], [t, 1]]) for t in (sp.S.One, sp.sqrt(2))))

    def lie_algebra(self) -> tuple[Matrix, ...]:
        return tuple(matrices.unit(2, i, j) for i, j in ((0, 0), (1, 0), (1, 1)))

    @property
    def components(self) -> sp.Expr:
        return sp.Integer(4)

    def _image_of(self, matrix: Floats) -> Floats:
        return matrix[1:, 1:]

    def _key(self) -> tuple[object, ...]:
        return ()

    def __repr__(self) -> str:
        return "{[[d, 0], [k, e]]}"

    def latex(self) -> str:
        return r"\left\{\begin{pmatrix} d & 0 \\ k & e \end{pmatrix}\right\}"
