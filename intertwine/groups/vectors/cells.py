"""Groups of one cell of a blockwise activation: a gated pair, a pool of units, one unit with several images."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.errors import IntertwineError
from intertwine.groups import exact, matrices
from intertwine.groups.characters import Character
from intertwine.groups.scalars import NONZERO, POSITIVE, ScalarGroup
from intertwine.groups.vectors.base import VectorGroup, expanded, floats
from intertwine.groups.vectors.one_unit import OneUnit
from intertwine.groups.wreath import exact_scalar

if TYPE_CHECKING:
    import numpy as np

    from intertwine.numeric import Intertwiner


class GatedPair(VectorGroup):
    """The maps (u, v) ↦ (du, ev) with d in S and e ≠ 0, for g(u)·v; φ = χ(d)·e. With ``swap`` also (u, v) ↦ (v, u).

    Examples
    --------
    >>> pair = GatedPair(POSITIVE, Character(POSITIVE, 1))
    >>> pair.dimension, pair.components, pair.phi([[2, 0], [0, -3]])
    (2, 2, Matrix([[-6]]))
    """

    def __init__(self, scalars: ScalarGroup, character: Character, swap: bool = False) -> None:
        super().__init__(2)
        if character.group != scalars or (swap and scalars != NONZERO):
            raise IntertwineError(f"{character!r} is not a character of {scalars!r}")
        self.scalars, self.character, self.swap = scalars, character, bool(swap)

    @property
    def image_dimension(self) -> int:
        return 1

    @property
    def kind(self) -> str:
        return "gated pair"

    def _straight(self, matrix: Matrix) -> tuple[sp.Expr, sp.Expr] | None:
        rows = matrices.support(matrix)
        if rows == [[0], [1]]:
            return matrix[0, 0], matrix[1, 1]
        if rows == [[1], [0]] and self.swap:
            return matrix[0, 1], matrix[1, 0]
        return None

    def _contains(self, matrix: Matrix) -> bool:
        pair = self._straight(matrix)
        return pair is not None and pair[0] in self.scalars

    def _phi(self, matrix: Matrix) -> Matrix:
        pair = self._straight(matrix)
        assert pair is not None
        return Matrix([[sp.expand_mul(self.character(pair[0]) * pair[1])]])

    def generators(self) -> tuple[Matrix, ...]:
        gates = [sp.diag(d, 1).as_immutable() for d in self.scalars.generators()]
        values = [sp.diag(1, e).as_immutable() for e in NONZERO.generators()]
        return (*gates, *values, *((matrices.transposition(2, 0, 1),) if self.swap else ()))

    def lie_algebra(self) -> tuple[Matrix, ...]:
        gate = () if self.scalars.is_discrete else (matrices.unit(2, 0, 0),)
        return (*gate, matrices.unit(2, 1, 1))

    @property
    def components(self) -> sp.Expr:
        return self.scalars.components * 2 * (2 if self.swap else 1)

    def exact_sample(self, rng: np.random.Generator) -> Matrix:
        out = sp.diag(exact_scalar(self.scalars, rng), exact_scalar(NONZERO, rng))
        flip = matrices.transposition(2, 0, 1) if self.swap and rng.integers(2) else self.identity()
        return (out * flip).as_immutable()

    def sample(self, rng: np.random.Generator, spread: float = 0.5) -> Intertwiner:
        import numpy as np

        from intertwine.numeric import Dense, Intertwiner, sample_scales

        generator = None if self.scalars.generator is None else exact.to_float(self.scalars.generator)
        d = sample_scales(rng, 1, self.scalars.type, spread, generator)  # type: ignore[arg-type]
        e = sample_scales(rng, 1, "nonzero", spread)
        matrix = np.diag([d[0], e[0]])
        if self.swap and rng.integers(2):
            matrix = matrix[:, ::-1]
        return Intertwiner(Dense(matrix), Dense([[float(self.character.numeric()(d)[0] * e[0])]]))

    def _key(self) -> tuple[object, ...]:
        return (self.scalars, self.character, self.swap)

    def __repr__(self) -> str:
        return f"({self.scalars} × R*) ⋊ Z/2" if self.swap else f"{self.scalars} × R*"

    def latex(self) -> str:
        product = rf"({self.scalars.latex()} \times \mathbb{{R}}^*)"
        return rf"({product} \rtimes \mathbb{{Z}}/2)" if self.swap else product


class PooledBlock(VectorGroup):
    """The positive multiples b·P of permutation matrices of k units whose maximum is taken; φ(bP) = b.

    Examples
    --------
    >>> PooledBlock(3).components, PooledBlock(2).phi([[0, 5], [5, 0]])
    (6, Matrix([[5]]))
    """

    @property
    def image_dimension(self) -> int:
        return 1

    @property
    def kind(self) -> str:
        return "positive multiples of permutations"

    def _contains(self, matrix: Matrix) -> bool:
        rows = matrices.support(matrix)
        if any(len(row) != 1 for row in rows) or len({row[0] for row in rows}) != self.n:
            return False
        values = [matrix[i, row[0]] for i, row in enumerate(rows)]
        return values[0] in POSITIVE and all(exact.equal(values[0], v) for v in values)

    def _phi(self, matrix: Matrix) -> Matrix:
        return Matrix([[matrix[0, matrices.support(matrix)[0][0]]]])

    def generators(self) -> tuple[Matrix, ...]:
        n = self.n
        turns = [matrices.transposition(n, 0, 1)] if n > 1 else []
        turns += [matrices.permutation([*range(1, n), 0])] if n > 2 else []
        return (*turns, *((g * self.identity()).as_immutable() for g in POSITIVE.generators()))

    def lie_algebra(self) -> tuple[Matrix, ...]:
        return (self.identity(),)

    @property
    def components(self) -> sp.Expr:
        return sp.Integer(math.factorial(self.n))

    def exact_sample(self, rng: np.random.Generator) -> Matrix:
        turn = matrices.permutation([int(i) for i in rng.permutation(self.n)])
        return (sp.Rational(int(rng.integers(1, 10)), int(rng.integers(1, 10))) * turn).as_immutable()

    def sample(self, rng: np.random.Generator, spread: float = 0.5) -> Intertwiner:
        from intertwine.numeric import Dense, Intertwiner, ScaledPermutation, sample_scales

        b = sample_scales(rng, 1, "positive", spread)
        return Intertwiner(ScaledPermutation(rng.permutation(self.n), b.repeat(self.n)), Dense([[float(b[0])]]))

    def _key(self) -> tuple[object, ...]:
        return ()

    def __repr__(self) -> str:
        return f"R>0 × S_{self.n}"

    def latex(self) -> str:
        return rf"(\mathbb{{R}}_{{>0}} \times S_{{{self.n}}})"


class Represented(OneUnit):
    """Scalings d in S of one unit whose images s_1(d·t), …, s_m(d·t) are combinations of s_1(t), …, s_m(t).

    On positive d, φ(d) = d^M for a diagonalisable M = T·diag(e)·T⁻¹; φ(-1) = N.

    Parameters
    ----------
    scalars : ScalarGroup
        {1}, {±1}, R>0 or R*.
    basis : matrix, shape (m, m)
        T.
    exponents : sequence of m numbers
        e.
    minus_one : matrix, shape (m, m), optional
        N, where -1 is in S.
    unique : bool
        Whether the functions are linearly independent.

    Examples
    --------
    For relu(t) and relu(-t):

    >>> H = Represented(NONZERO, sp.eye(2), [1, 1], [[0, 1], [1, 0]])
    >>> H.phi([[-3]])
    Matrix([
    [0, 3],
    [3, 0]])
    """

    def __init__(
        self, scalars: ScalarGroup, basis: object, exponents: object, minus_one: object = None, unique: bool = True
    ) -> None:
        super().__init__(scalars, unique)
        self.exponents = tuple(exact.as_exact(e) for e in exponents)  # type: ignore[attr-defined]
        m = len(self.exponents)
        self.basis = matrices.as_square(basis, m)
        self.minus_one = None if minus_one is None else matrices.as_square(minus_one, m)
        if scalars.has_minus_one != (self.minus_one is not None):
            raise IntertwineError("φ(-1) is given exactly when -1 is in the group")

    @property
    def image_dimension(self) -> int:
        return len(self.exponents)

    def _phi(self, matrix: Matrix) -> Matrix:
        d = matrix[0, 0]
        size = sp.Abs(d) if d.is_number else d
        power = sp.diag(*[size**e for e in self.exponents])
        out = self.basis * power * matrices.inverse(self.basis)
        if exact.sign(d) < 0:
            assert self.minus_one is not None
            out = out * self.minus_one
        return expanded(out.as_immutable())

    def sample(self, rng: np.random.Generator, spread: float = 0.5) -> Intertwiner:
        import numpy as np

        from intertwine.numeric import Dense, Intertwiner, ScaledPermutation, sample_scales

        d = sample_scales(rng, 1, self.scalars.type, spread)  # type: ignore[arg-type]
        power = np.abs(d[0]) ** np.array([exact.to_float(e) for e in self.exponents])
        t = floats(self.basis)
        image = t @ np.diag(power) @ np.linalg.inv(t)
        if d[0] < 0 and self.minus_one is not None:
            image = image @ floats(self.minus_one)
        return Intertwiner(ScaledPermutation([0], d), Dense(image))

    def _key(self) -> tuple[object, ...]:
        return (self.scalars, self.basis, self.exponents, self.minus_one, self.unique)
