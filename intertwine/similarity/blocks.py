"""Groups put together from smaller ones: permuted blocks, products, another order of the units."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from intertwine.errors import ShapeError
from intertwine.numeric import Blocks, Dense, Element, ScaledPermutation
from intertwine.numeric.arrays import FloatArray, IndexArray
from intertwine.similarity.shapes import Fit, Objective, Shape, assign


class PermutedBlocks(Shape):
    """H ≀ Sym(m): a group H on blocks of k units, and the permutations of the blocks.

    The gain of a pair of blocks is that of H; the terms of different blocks share nothing but the permutation, which
    an assignment finds. The fit is as good as that of H: globally optimal if that is.
    """

    def __init__(self, inner: Shape, m: int, interleaved: bool = False) -> None:
        super().__init__(inner.n * m)
        self.inner, self.m, self.interleaved = inner, m, interleaved

    def proves(self, objective: Objective) -> bool:
        return self.inner.proves(objective)

    def _blocks(self, x: FloatArray) -> list[FloatArray]:
        k, m = self.inner.n, self.m
        parts = x.reshape(len(x), k, m).swapaxes(1, 2) if self.interleaved else x.reshape(len(x), m, k)
        return [np.ascontiguousarray(parts[:, b]) for b in range(m)]

    def fit(self, x: FloatArray, y: FloatArray, objective: Objective) -> Fit:
        x, y = compressed(x, y)
        xs, ys = self._blocks(x), self._blocks(y)
        order = assign(self.inner.table(xs, ys, objective))
        fitted = [self.inner.fit(xs[j], part, objective) for j, part in zip(order, ys, strict=True)]
        matrices = np.array([f.element.to_matrix() for f in fitted])
        attained = all(f.attained for f in fitted)
        if self.inner.n == 1:
            return Fit(ScaledPermutation(order, matrices[:, 0, 0]), attained)
        return Fit(Blocks(order, matrices, self.interleaved), attained)

    def slice(self, x: FloatArray) -> FloatArray:
        return np.hstack([self.inner.slice(part) for part in self._blocks(x)])

    def _sliced(self, x: FloatArray) -> list[FloatArray]:
        return np.split(x, self.m, axis=1)

    def overlap(self, x: FloatArray, y: FloatArray) -> float:
        xs, ys = self._sliced(x), self._sliced(y)
        table = np.array([[self.inner.overlap(a, b) for a in xs] for b in ys])
        return float(table[np.arange(self.m), assign(table)].sum())

    def cells(self, x: FloatArray) -> list[FloatArray]:
        return [np.stack(self._sliced(x))]


class Direct(Shape):
    """A direct product G_1 × … × G_r on consecutive units: each part by itself."""

    def __init__(self, parts: Sequence[Shape]) -> None:
        super().__init__(sum(part.n for part in parts))
        self.parts = tuple(parts)
        self._cuts = np.cumsum([part.n for part in parts])[:-1]

    def proves(self, objective: Objective) -> bool:
        return all(part.proves(objective) for part in self.parts)

    def _split(self, x: FloatArray) -> list[FloatArray]:
        return np.split(x, self._cuts, axis=1)

    def fit(self, x: FloatArray, y: FloatArray, objective: Objective) -> Fit:
        fitted = [p.fit(a, b, objective) for p, a, b in zip(self.parts, self._split(x), self._split(y), strict=True)]
        return Fit(joined([f.element for f in fitted]), all(f.attained for f in fitted))

    def slice(self, x: FloatArray) -> FloatArray:
        return np.hstack([part.slice(a) for part, a in zip(self.parts, self._split(x), strict=True)])

    def overlap(self, x: FloatArray, y: FloatArray) -> float:
        return sum(p.overlap(a, b) for p, a, b in zip(self.parts, self._split(x), self._split(y), strict=True))

    def cells(self, x: FloatArray) -> list[FloatArray]:
        return [cell for part, a in zip(self.parts, self._split(x), strict=True) for cell in part.cells(a)]

    def table(self, xs: list[FloatArray], ys: list[FloatArray], objective: Objective) -> FloatArray:
        left, right = [self._split(y) for y in ys], [self._split(x) for x in xs]
        tables = [
            part.table([x[i] for x in right], [y[i] for y in left], objective) for i, part in enumerate(self.parts)
        ]
        return np.asarray(sum(tables))


class Reordered(Shape):
    """A group whose coordinate ``order[i]`` is read as coordinate ``i``."""

    def __init__(self, inner: Shape, order: Sequence[int]) -> None:
        super().__init__(inner.n)
        if sorted(order) != list(range(inner.n)):
            raise ShapeError("the order of the units is not a permutation")
        self.inner, self.order = inner, np.asarray(order, dtype=np.intp)

    def proves(self, objective: Objective) -> bool:
        return self.inner.proves(objective)

    def fit(self, x: FloatArray, y: FloatArray, objective: Objective) -> Fit:
        fitted = self.inner.fit(x[:, self.order], y[:, self.order], objective)
        turn = ScaledPermutation(self.order)
        return Fit(turn.inverse() @ fitted.element @ turn, fitted.attained)

    def slice(self, x: FloatArray) -> FloatArray:
        return self.inner.slice(x[:, self.order])

    def overlap(self, x: FloatArray, y: FloatArray) -> float:
        return self.inner.overlap(x, y)

    def cells(self, x: FloatArray) -> list[FloatArray]:
        return self.inner.cells(x)


def joined(elements: Sequence[Element]) -> Element:
    """The block diagonal element; a scaled permutation if all the parts are."""
    scaled = [e for e in elements if isinstance(e, ScaledPermutation)]
    starts = np.cumsum([0, *(e.n for e in elements)])
    if len(scaled) == len(elements):
        indices: IndexArray = np.concatenate([e.indices + s for e, s in zip(scaled, starts, strict=False)])
        return ScaledPermutation(indices, np.concatenate([e.scales for e in scaled]))
    matrix = np.zeros((starts[-1], starts[-1]))
    for e, s in zip(elements, starts, strict=False):
        matrix[s : s + e.n, s : s + e.n] = e.to_matrix()
    return Dense(matrix)


def compressed(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Fewer rows with the same inner products of all columns, where there are more rows than columns."""
    if len(x) <= x.shape[1] + y.shape[1]:
        return x, y
    r = np.asarray(np.linalg.qr(np.hstack([x, y]).astype(np.float64), mode="r"))
    return r[:, : x.shape[1]], r[:, x.shape[1] :]
