"""Gram matrices of invariant kernels, tile by tile: nothing of size samples × samples is kept."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from intertwine.errors import IntertwineError
from intertwine.numeric.arrays import FloatArray, IndexArray

# Sampled pairs, and how many units of each sample may be looked at first. It changes the time only.
_PAIRS = 1024
_SHARES = (0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.12, 0.15, 0.2)
# A pair that has to be looked at once more costs about so many times what a unit of a tile costs.
_AGAIN = 2.0
# With fewer cells than this, every unit is looked at for every pair.
_FEW = 24
# Samples in one call, and pairs in one call: what fits into a cache.
_TOGETHER = 4
_MISSED = 512


class MaximumKernel:
    """k(s, t) = max over units u of x_su·x_tu, by looking at the largest units of s and of t alone.

    Let the m largest |x_su| of every sample be looked at, and τ_s be the next one. The product of any other unit is at
    most τ_s·τ_t. So the maximum over the units that are among the largest of s or of t is the maximum over all units
    whenever it is at least τ_s·τ_t; the few pairs for which it is not are computed in full. The result is exact for
    every m.
    """

    def __init__(self, cells: FloatArray) -> None:
        self._columns = np.ascontiguousarray(cells[:, :, 0])
        self._rows = np.ascontiguousarray(self._columns.T)
        self._blocks: dict[tuple[int, int], FloatArray] = {}
        self._count = self._cheapest_count()
        m, units = self._count, self._rows.shape[1]
        if m < units:
            sizes = np.abs(self._rows)
            order: IndexArray = np.argpartition(sizes, units - m - 1, axis=1)
            self._next = np.take_along_axis(sizes, order[:, units - m - 1, None], 1)[:, 0]
            self._units = np.ascontiguousarray(order[:, units - m :])
        else:
            self._next = np.zeros(len(self._rows), dtype=self._rows.dtype)
            self._units = np.broadcast_to(np.arange(units), self._rows.shape)
        self._values = np.take_along_axis(self._rows, self._units, 1)[:, :, None]

    def _cheapest_count(self) -> int:
        n, units = len(self._rows), len(self._columns)
        if units < _FEW:
            return units
        rng = np.random.default_rng(0)
        sample: FloatArray = self._rows[rng.integers(0, n, min(n, 256))]
        sizes = -np.sort(-np.abs(sample), axis=1)
        first, second = rng.integers(0, len(sample), (2, _PAIRS))
        values = (sample[first] * sample[second]).max(1)
        best, cost = units, 1.0
        for share in _SHARES:
            m = max(1, round(share * units))
            missed = float((values < sizes[first, m] * sizes[second, m]).mean())
            price = 2 * m / units + _AGAIN * missed
            if price < cost:
                best, cost = m, price
        return best

    def tile(self, rows: slice, columns: slice) -> FloatArray:
        """k(s, t) for s in one range and t in another."""
        one = self._from(rows, columns)
        if self._count == self._rows.shape[1]:
            return one
        found = np.maximum(one, one.T if rows == columns else self._from(columns, rows).T)
        missed, at = np.nonzero(found < np.multiply.outer(self._next[rows], self._next[columns]))
        left, right = self._rows[rows], self._rows[columns]
        for start in range(0, len(missed), _MISSED):
            s, t = missed[start : start + _MISSED], at[start : start + _MISSED]
            found[s, t] = (left[s] * right[t]).max(1)
        return found

    def _block(self, columns: slice) -> FloatArray:
        """The units by samples of a range; every tile of its column asks for it."""
        key = columns.start, columns.stop
        if key not in self._blocks:
            self._blocks[key] = np.ascontiguousarray(self._columns[:, columns])
        return self._blocks[key]

    def _from(self, rows: slice, columns: slice) -> FloatArray:
        """The maxima over the units that are large in the first sample."""
        across = self._block(columns)
        width, m = across.shape[1], self._count
        out = np.empty((rows.stop - rows.start, width), dtype=across.dtype)
        together = _TOGETHER if m < len(across) else 1
        room = np.empty((together * m, width), dtype=across.dtype)
        units, values = self._units[rows], self._values[rows]
        for start in range(0, len(out), together):
            part = units[start : start + together]
            # mode="clip" lets numpy write into `out` without a buffer; the indices are valid.
            products = across.take(part.ravel(), axis=0, out=room[: part.size], mode="clip")
            products = products.reshape(len(part), m, width)
            np.multiply(products, values[start : start + together], out=products)
            np.maximum.reduce(products, axis=1, out=out[start : start + together])
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
