"""The intertwiner group of a layer whose coordinates have different activations, in its one dimension."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.groups import MatrixGroup, exact, matrices
from intertwine.groups.linear import GeneralLinear
from intertwine.layers.blocks import Conjugated, Linear

if TYPE_CHECKING:
    import numpy as np

    from intertwine.numeric import Intertwiner

Block = Conjugated | Linear


class LayerGroup(MatrixGroup):
    """A product of wreath products, conjugated by diagonal matrices, of a linear block, and free rows for constants.

    Parameters
    ----------
    n : int
        The dimension.
    blocks : sequence of Conjugated or Linear
        On disjoint sets of coordinates.
    constants : dict of int to sympy.Expr
        The constant coordinates with their values. Together with the blocks they are all coordinates.
    values : dict of int to sympy.Expr
        With a constant coordinate that is not zero: σ_i(0) for the others (their constants are taken off there).

    Notes
    -----
    In the order (blocks, constants) the matrices are ``[[M, 0], [X, Y]]`` with M block-diagonal, Y invertible and X any
    matrix: a constant coordinate does not see its argument. Theorem 23 of the theory page.

    Examples
    --------
    >>> from intertwine.groups import POSITIVE, Character
    >>> chi = Character(POSITIVE, 1)
    >>> H = LayerGroup(3, [Conjugated((0, 2), POSITIVE, chi, (1, -1), (1, -1)), Linear((1,), (1,), (0,), False)])
    >>> H.dimension, H.components
    (3, 4)
    >>> [[0, 0, -2], [0, 5, 0], [-3, 0, 0]] in H, [[0, 0, 2], [0, 5, 0], [3, 0, 0]] in H
    (True, False)
    """

    def __init__(self, n: int, blocks: Iterable[Block], constants: dict[int, sp.Expr] | None = None,
                 values: dict[int, sp.Expr] | None = None) -> None:
        super().__init__(n)
        self.blocks = tuple(blocks)
        self.constants = dict(constants or {})
        self.values = dict(values or {})
        nonzero = [k for k, e in self.constants.items() if not exact.is_zero(e)]
        self._carrier = nonzero[0] if nonzero else None
        # B is unique exactly when the coordinate functions are linearly independent
        self.unique = len(nonzero) == len(self.constants) <= 1

    @property
    def kind(self) -> str:
        return "layer of unequal coordinates"

    def _part(self, m: Matrix, rows: Iterable[int], columns: Iterable[int]) -> Matrix:
        return m.extract(list(rows), list(columns)).as_immutable()

    def _contains(self, matrix: Matrix) -> bool:
        for block in self.blocks:
            others = [j for j in range(self.n) if j not in block.places]
            if any(not exact.is_zero(matrix[i, j]) for i in block.places for j in others):
                return False
            if not block.contains(self._part(matrix, block.places, block.places)):
                return False
        if not self.constants:
            return True
        return matrices.is_invertible(self._part(matrix, self.constants, self.constants))

    def _phi(self, matrix: Matrix) -> Matrix:
        image = sp.eye(self.n)
        for block in self.blocks:
            part = block.phi(self._part(matrix, block.places, block.places))
            for p, i in enumerate(block.places):
                for q, j in enumerate(block.places):
                    image[i, j] = part[p, q]
        k = self._carrier
        if k is not None:
            for i in self.values:
                rest = self.values[i] - sum((image[i, j] * self.values[j] for j in self.values), sp.S.Zero)
                image[i, k] = rest / self.constants[k]
        return image.as_immutable()

    def _embedded(self, block: Block, part: Matrix, tangent: bool = False) -> Matrix:
        out = sp.zeros(self.n) if tangent else sp.eye(self.n)
        for p, i in enumerate(block.places):
            for q, j in enumerate(block.places):
                out[i, j] = part[p, q]
        return out.as_immutable()

    def generators(self) -> tuple[Matrix, ...]:
        found = [self._embedded(block, g) for block in self.blocks for g in block.generators()]
        if self.constants:
            rows = tuple(self.constants)
            whole = Linear(rows, (sp.S.One,) * len(rows), (sp.S.Zero,) * len(rows), True)
            found += [self._embedded(whole, g) for g in whole.generators()]
            others = [j for j in range(self.n) if j not in self.constants]
            found += [(self.identity() + matrices.unit(self.n, rows[0], j)).as_immutable() for j in others]
        return tuple(found)

    def lie_algebra(self) -> tuple[Matrix, ...]:
        found = [self._embedded(block, x, True) for block in self.blocks for x in block.lie_algebra()]
        found += [matrices.unit(self.n, i, j) for i in self.constants for j in range(self.n)]
        return tuple(found)

    @property
    def components(self) -> sp.Expr:
        total = sp.S.One if not self.constants else sp.Integer(2)
        for block in self.blocks:
            total *= block.inner.components
        return total

    def exact_sample(self, rng: np.random.Generator) -> Matrix:
        out = sp.eye(self.n)
        for block in self.blocks:
            part = block.exact_sample(rng)
            for p, i in enumerate(block.places):
                for q, j in enumerate(block.places):
                    out[i, j] = part[p, q]
        if self.constants:
            rows = tuple(self.constants)
            part = GeneralLinear(len(rows)).exact_sample(rng)
            for p, i in enumerate(rows):
                for j in range(self.n):
                    out[i, j] = part[p, rows.index(j)] if j in self.constants else int(rng.integers(-2, 3))
        return out.as_immutable()

    def sample(self, rng: np.random.Generator, spread: float = 0.5) -> Intertwiner:
        import numpy as np

        from intertwine.numeric import Dense, Intertwiner, ScaledPermutation, sample_general_linear

        a, b = np.eye(self.n), np.eye(self.n)
        for block in self.blocks:
            grid = np.ix_(block.places, block.places)
            a[grid], b[grid] = block.sample(rng, spread)
        if self.constants:
            rows = list(self.constants)
            a[rows] = spread * rng.standard_normal((len(rows), self.n))
            a[np.ix_(rows, rows)] = sample_general_linear(rng, len(rows), spread).to_matrix()
            self._carry(b)
        if self.constants or any(isinstance(block, Linear) for block in self.blocks):
            return Intertwiner(Dense(a), Dense(b))
        # one nonzero entry in every row: stored as a scaled permutation
        indices = np.argmax(a != 0, axis=1)
        rows_ = np.arange(self.n)
        element, image = (ScaledPermutation(indices, m[rows_, indices]) for m in (a, b))
        return Intertwiner(element, image)

    def _carry(self, b: np.ndarray) -> None:
        """The column of the constant coordinate that takes care of constants, in an image."""
        k = self._carrier
        if k is None:
            return
        value = {i: exact.to_float(v) for i, v in self.values.items()}
        for i in value:
            b[i, k] = (value[i] - sum(b[i, j] * value[j] for j in value)) / exact.to_float(self.constants[k])

    def _le(self, other: MatrixGroup) -> bool | None:
        if isinstance(other, GeneralLinear) or self == other:
            return True
        if self.components.is_finite and self.dimension == 0 and not self.constants:
            return all(other.contains(g) for g in self.generators())
        return None

    def _and(self, other: MatrixGroup) -> MatrixGroup | None:
        return None

    def _key(self) -> tuple[object, ...]:
        return (self.blocks, tuple(self.constants.items()), tuple(self.values.items()))

    def _shown(self) -> list[str]:
        parts = [f"{block} on {_places(block.places)}" for block in self.blocks]
        if self.constants:
            parts.append(f"any rows on {_places(tuple(self.constants))}")
        return parts

    def __repr__(self) -> str:
        return " × ".join(self._shown())

    def latex(self) -> str:
        parts = [block.inner.latex() for block in self.blocks]
        if self.constants:
            parts.append(rf"\mathbb{{R}}^{{{len(self.constants)} \times {self.n}}}")
        return r" \times ".join(parts)


def _places(places: tuple[int, ...]) -> str:
    return "{" + ", ".join(str(i + 1) for i in places) + "}"
