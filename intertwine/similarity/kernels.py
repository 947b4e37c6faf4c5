"""Gram matrices of invariant kernels, tile by tile: nothing of size samples × samples is kept."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from intertwine.errors import IntertwineError
from intertwine.numeric.arrays import FloatArray, IndexArray

# Sampled pairs and candidate thresholds, from which the cheapest threshold is taken. It changes the time only.
_PAIRS = 2048
_QUANTILES = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05)
# A pair that has to be looked at once more costs about so many times what a unit of a tile costs.
_AGAIN = 4.0
# With fewer cells than this, or less to gain, every unit is looked at for every pair.
_FEW = 24


class MaximumKernel:
    """k(s, t) = max over units u of x_su·x_tu, by a threshold that rules most units out.

    If x_su·x_tu > τ² then one of the factors is larger than τ in absolute value. So the maximum over the units with
    |x_su| ≥ τ or |x_tu| ≥ τ is the maximum over all units, whenever it is at least τ²; the few pairs for which it is
    not are computed in full. The result is exact for every τ.
    """

    def __init__(self, cells: FloatArray) -> None:
        self._columns = np.ascontiguousarray(cells[:, :, 0])
        self._rows = np.ascontiguousarray(self._columns.T)
        self._threshold = self._cheapest_threshold()
        self._large = [np.flatnonzero(np.abs(row) >= self._threshold) for row in self._rows]

    def _cheapest_threshold(self) -> float:
        n, units = self._rows.shape
        if units < _FEW:
            return 0.0
        rng = np.random.default_rng(0)
        first, second = rng.integers(0, n, (2, _PAIRS))
        values = (self._rows[first] * self._rows[second]).max(1)
        sizes = np.abs(self._rows[rng.integers(0, n, min(n, 256))])
        best, cost = 0.0, 1.0
        for q in _QUANTILES:
            square = float(np.quantile(values, q))
            if square <= 0:
                continue
            price = 2 * float((sizes >= np.sqrt(square)).mean()) + _AGAIN * float((values < square).mean())
            if price < cost:
                best, cost = float(np.sqrt(square)), price
        return best

    def tile(self, rows: slice, columns: slice) -> FloatArray:
        """k(s, t) for s in one range and t in another."""
        one = self._from(rows, columns)
        if self._threshold == 0:
            return one
        found = np.maximum(one, one.T if rows == columns else self._from(columns, rows).T)
        missed, at = np.nonzero(found < self._threshold**2)
        step = max(1, 1 + found.size // self._rows.shape[1])
        for start in range(0, len(missed), step):
            s, t = missed[start : start + step], at[start : start + step]
            found[s, t] = (self._rows[rows][s] * self._rows[columns][t]).max(1)
        return found

    def _from(self, rows: slice, columns: slice) -> FloatArray:
        """The maxima over the units that are large in the first sample."""
        across = np.ascontiguousarray(self._columns[:, columns])
        out = np.empty((rows.stop - rows.start, across.shape[1]), dtype=across.dtype)
        room = np.empty_like(across)
        for i, s in enumerate(range(rows.start, rows.stop)):
            units: IndexArray = self._large[s]
            if not len(units):
                out[i] = -np.inf
                continue
            # mode="clip" lets numpy write into `out` without a buffer; the indices are valid.
            products = np.take(across, units, axis=0, out=room[: len(units)], mode="clip")
            np.multiply(products, self._rows[s, units, None], out=products)
            np.maximum.reduce(products, axis=0, out=out[i])
        return out


class BlockKernel:
    """k(s, t) = max over cells of the inner product of two rows; linear when there is one cell."""

    def __init__(self, cells: FloatArray) -> None:
        self._cells = cells

    def tile(self, rows: slice, columns: slice) -> FloatArray:
        """k(s, t) for s in one range and t in another."""
        out = self._cells[0, rows] @ self._cells[0, columns].T
        for cell in self._cells[1:]:
            np.maximum(out, cell[rows] @ cell[columns].T, out=out)
        return np.asarray(out)


class Gram:
    """The Gram matrix of a sum of kernels, one for each set of cells of shape (cell, samples, width)."""

    def __init__(self, cells: list[FloatArray]) -> None:
        self._cells = cells
        self.samples = int(cells[0].shape[1])

    @property
    def features(self) -> FloatArray | None:
        """The matrix F with K = F·Fᵀ, if the kernel is linear."""
        if all(len(cells) == 1 for cells in self._cells):
            return np.hstack([cells[0] for cells in self._cells])
        return None

    @cached_property
    def _kernels(self) -> list[MaximumKernel | BlockKernel]:
        single = [cells.shape[2] == 1 and len(cells) > 1 for cells in self._cells]
        return [MaximumKernel(c) if one else BlockKernel(c) for c, one in zip(self._cells, single, strict=True)]

    def prepare(self) -> None:
        """Build what the tiles share, before threads ask for it."""
        _ = self._kernels

    def tile(self, rows: slice, columns: slice) -> FloatArray:
        """K for two ranges of samples, in double precision."""
        total = self._kernels[0].tile(rows, columns).astype(np.float64, copy=False)
        for kernel in self._kernels[1:]:
            total = total + kernel.tile(rows, columns)
        return total


@dataclass(frozen=True)
class Sums:
    """⟨K, L⟩, ⟨K, K⟩, ⟨L, L⟩ and the row sums of K and L."""

    ab: float
    aa: float
    bb: float
    rows_a: FloatArray
    rows_b: FloatArray


def gram_sums(a: Gram, b: Gram, tile: int, workers: int | None, diagonal: bool) -> Sums:
    """The sums that HSIC is made of, with or without the diagonals.

    Raises
    ------
    IntertwineError
        If the tile or the number of workers is not positive.
    """
    if tile < 1 or (workers is not None and workers < 1):
        raise IntertwineError("tiles and workers are positive numbers")
    f, g = a.features, b.features
    if f is not None and g is not None:
        return _linear_sums(f, g, diagonal)
    n = a.samples
    ranges = [slice(i, min(i + tile, n)) for i in range(0, n, tile)]
    pairs = [(r, c) for i, r in enumerate(ranges) for c in ranges[i:]]
    a.prepare()
    b.prepare()
    total, rows_a, rows_b = np.zeros(3), np.zeros(n), np.zeros(n)

    def part(pair: tuple[slice, slice]) -> tuple[FloatArray, list[FloatArray]]:
        rows, columns = pair
        k, m = a.tile(rows, columns), b.tile(rows, columns)
        if rows == columns and not diagonal:
            np.fill_diagonal(k, 0)
            np.fill_diagonal(m, 0)
        products = np.array([np.vdot(k, m), np.vdot(k, k), np.vdot(m, m)], dtype=np.float64)
        return products, [k.sum(1), m.sum(1), k.sum(0), m.sum(0)]

    count = min(workers or os.cpu_count() or 1, len(pairs))
    with ThreadPoolExecutor(count) as pool:
        # In the order of the pairs, so that the sum does not depend on the threads.
        for (rows, columns), (products, sums) in zip(pairs, pool.map(part, pairs), strict=True):
            once = rows == columns
            total += products if once else 2 * products
            rows_a[rows] += sums[0]
            rows_b[rows] += sums[1]
            if not once:
                rows_a[columns] += sums[2]
                rows_b[columns] += sums[3]
    return Sums(float(total[0]), float(total[1]), float(total[2]), rows_a, rows_b)


def _linear_sums(f: FloatArray, g: FloatArray, diagonal: bool) -> Sums:
    """The same for K = F·Fᵀ and L = G·Gᵀ, in time samples·units²."""
    f, g = f.astype(np.float64, copy=False), g.astype(np.float64, copy=False)
    products = [float(np.sum((p.T @ q) ** 2)) for p, q in ((f, g), (f, f), (g, g))]
    rows = [x @ x.sum(0) for x in (f, g)]
    if not diagonal:
        d, e = (np.einsum("ij,ij->i", x, x) for x in (f, g))
        products = [p - float(q) for p, q in zip(products, (d @ e, d @ d, e @ e), strict=True)]
        rows = [rows[0] - d, rows[1] - e]
    return Sums(products[0], products[1], products[2], rows[0], rows[1])


def unbiased(product: float, rows_a: FloatArray, rows_b: FloatArray, n: int) -> float:
    """The unbiased estimator of HSIC from sums without diagonals, up to the factor n(n - 3)."""
    total = float(rows_a.sum() * rows_b.sum()) / ((n - 1) * (n - 2))
    return product + total - 2 / (n - 2) * float(rows_a @ rows_b)


def biased(product: float, rows_a: FloatArray, rows_b: FloatArray, n: int) -> float:
    """tr(K·H·L·H) with H = 1 - 11ᵀ/n, from ⟨K, L⟩ and the row sums."""
    return product - 2 / n * float(rows_a @ rows_b) + float(rows_a.sum() * rows_b.sum()) / n**2
