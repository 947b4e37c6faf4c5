"""Finite sets of matrices up to scale, rotations that fix a vector, and groups written in another basis."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from intertwine.errors import IntertwineError
from intertwine.numeric import Dense, Element
from intertwine.numeric.arrays import FloatArray
from intertwine.similarity.dense import Orthogonal
from intertwine.similarity.local import improved
from intertwine.similarity.samples import inner_products
from intertwine.similarity.scalars import VANISHING, Scales
from intertwine.similarity.shapes import Fit, Objective, Shape


class ScaledSet(Shape):
    """The multiples a·M with M in a finite group of matrices and a in {1} or R>0: every M is tried.

    A finite group preserves the mean H of all MᵀM. With H = RᵀR the matrices R·M·R⁻¹ are orthogonal, so that rows are
    compared as x·Rᵀ.
    """

    def __init__(self, matrices: Sequence[FloatArray], scales: Scales | None = None) -> None:
        super().__init__(len(matrices[0]))
        self.scales = scales or Scales()
        if self.scales.negative:
            raise IntertwineError("the scales of a finite set of matrices are taken to be positive")
        self.matrices = [np.asarray(m, dtype=np.float64) for m in matrices]
        mean = sum((m.T @ m for m in self.matrices), np.zeros((self.n, self.n))) / len(self.matrices)
        self._root = np.linalg.cholesky(mean).T

    def fit(self, x: FloatArray, y: FloatArray, objective: Objective) -> Fit:
        if objective == "correlation":
            left, right = self.slice(y), self.slice(x)
            table, both = inner_products(left, right), self._turned()
            best = int(np.argmax([float(np.vdot(t, table)) for t in both]))
            norms = [np.asarray(np.linalg.norm(z @ self._root.T)) for z in (y, x)]
            return Fit(Dense(float(self.scales.ratio(norms[0], norms[1], np.ones(()))) * self.matrices[best]))
        products, squares = inner_products(y, x), inner_products(x, x)
        totals = np.array([float(np.vdot(m, products)) for m in self.matrices])
        lengths = np.array([float(np.vdot(m @ squares, m)) for m in self.matrices])
        gains, a = self.scales.gains(totals, lengths)
        best = int(np.argmax(gains))
        size = np.asarray(a[best])
        attained = bool(size != 0)
        return Fit(Dense(float(size if attained else VANISHING) * self.matrices[best]), attained)

    def _turned(self) -> list[FloatArray]:
        back = np.linalg.inv(self._root)
        return [self._root @ m @ back for m in self.matrices]

    def slice(self, x: FloatArray) -> FloatArray:
        moved = x @ self._root.T.astype(x.dtype)
        return np.asarray(moved * self.scales.normalisers(np.asarray(np.linalg.norm(moved))).astype(x.dtype))

    def overlap(self, x: FloatArray, y: FloatArray) -> float:
        table = inner_products(y, x)
        return max(float(np.vdot(t, table)) for t in self._turned())

    def cells(self, x: FloatArray) -> list[FloatArray]:
        return [x[None]]


class FixingOrthogonal(Orthogonal):
    """λQ with Q orthogonal and Q·v = v: Procrustes on the orthogonal complement of v."""

    def __init__(self, vector: FloatArray, scales: Scales | None = None) -> None:
        super().__init__(len(vector), scales)
        self._unit = np.asarray(vector, dtype=np.float64) / np.linalg.norm(vector)

    def _off(self, products: FloatArray) -> tuple[FloatArray, float]:
        """The matrix of inner products on the complement of v, and the part along v."""
        v = self._unit
        off = products - np.outer(v, v @ products)
        return off - np.outer(off @ v, v), float(v @ products @ v)

    def fit(self, x: FloatArray, y: FloatArray, objective: Objective) -> Fit:
        off, along = self._off(inner_products(y, x))
        # A large multiple of vvᵀ pairs v with itself, and leaves the rest alone.
        heavy = 2 * float(np.linalg.norm(off)) + 1.0
        u, s, vt = np.linalg.svd(off + heavy * np.outer(self._unit, self._unit))
        turn, s = u @ vt, s[1:]
        square, other = np.asarray(np.vdot(x, x), np.float64), np.asarray(np.vdot(y, y), np.float64)
        total = np.asarray(s.sum() + along)
        if objective == "distance":
            a = float(self.scales.gains(total, square)[1])
        else:
            a = float(self.scales.ratio(np.sqrt(other), np.sqrt(square), np.ones(())))
        return Fit(Dense((a or float(self.scales.nearest(np.asarray(VANISHING)))) * turn), a != 0)

    def overlap(self, x: FloatArray, y: FloatArray) -> float:
        off, along = self._off(inner_products(y, x))
        return float(np.linalg.svd(off, compute_uv=False)[:-1].sum()) + along

    def cells(self, x: FloatArray) -> list[FloatArray]:
        # With equal weights the two parts would add up to a kernel that all of O(n) leaves alone.
        along = (x @ self._unit)[:, None]
        return [(x - along * self._unit)[None], np.sqrt(2) * along[None]]

    table = Shape.table


class FixedLine(Shape):
    """Scaled rotations of W = 1^⊥ that are the identity on R·1: the images behind a layer normalisation."""

    def __init__(self, inner: Shape) -> None:
        super().__init__(inner.n)
        self.inner = inner

    def proves(self, objective: Objective) -> bool:
        return self.inner.proves(objective)

    def _centred(self, x: FloatArray) -> FloatArray:
        return np.asarray(x - x.mean(1, keepdims=True))

    def fit(self, x: FloatArray, y: FloatArray, objective: Objective) -> Fit:
        inside = self.inner.fit(self._centred(x), self._centred(y), objective)
        flat = np.full((self.n, self.n), 1 / self.n)
        off = np.eye(self.n) - flat
        return Fit(Dense(off @ inside.element.to_matrix() @ off + flat), inside.attained)

    def slice(self, x: FloatArray) -> FloatArray:
        return np.hstack([self.inner.slice(self._centred(x)), np.sqrt(self.n) * x.mean(1, keepdims=True)])

    def overlap(self, x: FloatArray, y: FloatArray) -> float:
        return self.inner.overlap(x[:, :-1], y[:, :-1]) + float(np.vdot(x[:, -1], y[:, -1]))

    def cells(self, x: FloatArray) -> list[FloatArray]:
        return [*self.inner.cells(x[:, :-1]), np.sqrt(2) * x[None, :, -1:]]


class Changed(Shape):
    """C·H·C⁻¹ for a group H and a matrix C: rows are compared as x·C⁻ᵀ.

    The correlation is that of H, and so is the distance when C preserves lengths up to a factor. Otherwise the fits of
    H are where a descent along the Lie algebra starts, without a proof of optimality.

    Parameters
    ----------
    inner : Shape
        H.
    basis : ndarray, shape (n, n)
        C.
    algebra : sequence of ndarray, shape (n, n)
        A basis of the Lie algebra of C·H·C⁻¹; not needed for the correlation, or if C preserves lengths.
    """

    def __init__(self, inner: Shape, basis: FloatArray, algebra: Sequence[FloatArray] = ()) -> None:
        super().__init__(inner.n)
        self.inner, self.basis = inner, np.asarray(basis, dtype=np.float64)
        self._back = np.linalg.inv(self.basis)
        self._algebra = list(algebra)
        square = self.basis.T @ self.basis
        self.isometric = bool(np.allclose(square, square[0, 0] * np.eye(self.n), rtol=1e-12, atol=1e-14))

    def _inside(self, x: FloatArray) -> FloatArray:
        return np.asarray(x @ self._back.T.astype(x.dtype))

    def proves(self, objective: Objective) -> bool:
        return self.inner.proves(objective) and (self.isometric or objective == "correlation")

    def fit(self, x: FloatArray, y: FloatArray, objective: Objective) -> Fit:
        left, right = self._inside(y), self._inside(x)
        found = self.inner.fit(right, left, objective)
        start = self.basis @ found.element.to_matrix() @ self._back
        if self.proves(objective) or objective == "correlation":
            return Fit(Dense(start), found.attained)
        balanced = self.inner.fit(right, left, "correlation").element.to_matrix()
        starts = [start, self.basis @ balanced @ self._back]
        element: Element = Dense(improved(x, y, starts, self._algebra)[0])
        return Fit(element)

    def slice(self, x: FloatArray) -> FloatArray:
        return self.inner.slice(self._inside(x))

    def overlap(self, x: FloatArray, y: FloatArray) -> float:
        return self.inner.overlap(x, y)

    def cells(self, x: FloatArray) -> list[FloatArray]:
        return self.inner.cells(x)
