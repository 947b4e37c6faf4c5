"""Similitudes of quadratic forms, and groups some of whose rows are free."""

from __future__ import annotations

import numpy as np

from intertwine.numeric import Dense
from intertwine.numeric.arrays import FloatArray
from intertwine.similarity.dense import least_squares, regular, whitening
from intertwine.similarity.local import improved
from intertwine.similarity.samples import inner_products
from intertwine.similarity.shapes import Fit, Objective, Shape


class Indefinite(Shape):
    """R>0·O(p, q) for the form Σ of p squares minus Σ of q squares, p, q ≥ 1, with the exchange of the two if p = q.

    The orbit of X has one point of least norm up to the compact part O(p) × O(q) (Kempf and Ness): with S = XᵀX and
    the form J, the columns of U diagonalise S^½·J·S^½ = U·diag(μ)·Uᵀ, and A = |μ|^½·Uᵀ·S^-½ preserves J and makes
    A·S·Aᵀ = diag(|μ|). Between such points the best element of the compact part is a pair of polar factors. So the
    correlation has a closed form, and the distance is sought from there by descent.
    """

    def __init__(self, p: int, q: int) -> None:
        super().__init__(p + q)
        self.p, self.q = p, q
        self._signs = np.array([1.0] * p + [-1.0] * q)

    def proves(self, objective: Objective) -> bool:
        return objective == "correlation"

    def _balancer(self, x: FloatArray) -> FloatArray:
        """A with x·Aᵀ of least norm in the orbit of O(p, q), or the identity where there is none (x of lower rank)."""
        values, vectors = np.linalg.eigh(inner_products(x, x))
        if values[0] <= values[-1] * len(values) * np.finfo(np.float64).eps * 16:
            return np.eye(self.n)
        root = vectors * np.sqrt(values)
        mu, u = np.linalg.eigh((root.T * self._signs) @ root)
        order = np.argsort(-np.sign(mu), kind="stable")
        mu, u = mu[order], u[:, order]
        return np.asarray((np.sqrt(np.abs(mu))[:, None] * u.T) @ (vectors / np.sqrt(values)).T)

    def _core(self, x: FloatArray, y: FloatArray) -> tuple[float, FloatArray]:
        products, p = inner_products(y, x), self.p
        found = [self._pair(products, np.eye(self.n))]
        if p == self.q:
            swap = np.eye(self.n)[[*range(p, self.n), *range(p)]]
            found.append(self._pair(products @ swap.T, swap))
        return max(found, key=lambda pair: pair[0])

    def _pair(self, products: FloatArray, first: FloatArray) -> tuple[float, FloatArray]:
        p, turn, total = self.p, np.zeros((self.n, self.n)), 0.0
        for part in (slice(0, p), slice(p, self.n)):
            u, s, vt = np.linalg.svd(products[part, part])
            turn[part, part], total = u @ vt, total + float(s.sum())
        return total, turn @ first

    def fit(self, x: FloatArray, y: FloatArray, objective: Objective) -> Fit:
        to_x, to_y = self._balancer(x), self._balancer(y)
        left, right = y @ to_y.T, x @ to_x.T
        _, turn = self._core(right, left)
        size = float(np.linalg.norm(left) / np.linalg.norm(right))
        balanced = size * np.linalg.solve(to_y, turn @ to_x)
        if objective == "correlation":
            return Fit(Dense(balanced))
        starts = [balanced, np.eye(self.n)]
        if self.p == self.q:
            starts.append(np.eye(self.n)[[*range(self.p, self.n), *range(self.p)]])
        return Fit(Dense(improved(x, y, starts, self.algebra())[0]))

    def algebra(self) -> list[FloatArray]:
        """A basis of the Lie algebra."""
        found: list[FloatArray] = [np.eye(self.n)]
        for i in range(self.n):
            for j in range(i + 1, self.n):
                x = np.zeros((self.n, self.n))
                x[i, j], x[j, i] = 1.0, -self._signs[i] * self._signs[j]
                found.append(x)
        return found

    def slice(self, x: FloatArray) -> FloatArray:
        moved = x @ self._balancer(x).T
        return np.asarray(moved / (np.linalg.norm(moved) or 1.0))

    def overlap(self, x: FloatArray, y: FloatArray) -> float:
        return self._core(x, y)[0]

    def cells(self, x: FloatArray) -> list[FloatArray]:
        first, second = x[:, : self.p], x[:, self.p :]
        if self.p == self.q:
            return [np.stack([first, second])]
        return [first[None], np.sqrt(2) * second[None]]


class FreeRows(Shape):
    """[[M, 0], [L, G]] with M in a group, G invertible and L any matrix: the last rows are free.

    The free rows are a regression on everything, the others are fitted by themselves; the two share nothing, so the
    distance is globally optimal if that of M is. The representative keeps what is new in the last units, whitened.
    """

    def __init__(self, inner: Shape, free: int) -> None:
        super().__init__(inner.n + free)
        self.inner, self.free = inner, free

    def proves(self, objective: Objective) -> bool:
        return self.inner.proves(objective)

    def fit(self, x: FloatArray, y: FloatArray, objective: Objective) -> Fit:
        r = self.inner.n
        inside = self.inner.fit(x[:, :r], y[:, :r], objective)
        matrix = np.zeros((self.n, self.n))
        matrix[:r, :r] = inside.element.to_matrix()
        if objective == "distance":
            matrix[r:] = least_squares(x, y[:, r:])
        else:
            (seen_x, new_x), (seen_y, new_y) = self._split(x), self._split(y)
            left, right = whitening(new_y), whitening(new_x)
            u, _, vt = np.linalg.svd(inner_products(new_y @ left, new_x @ right))
            g = np.linalg.pinv(left.T) @ u @ vt @ right.T
            matrix[r:, r:] = g
            matrix[r:, :r] = seen_y @ matrix[:r, :r] - g @ seen_x
        return Fit(Dense(matrix), inside.attained and regular(matrix[r:, r:]))

    def _split(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The coefficients of the last units on the first, and what is left of the last."""
        r = self.inner.n
        seen = least_squares(x[:, :r], x[:, r:])
        return seen, np.asarray(x[:, r:] - x[:, :r] @ seen.T)

    def slice(self, x: FloatArray) -> FloatArray:
        new = self._split(x)[1]
        return np.hstack([self.inner.slice(x[:, : self.inner.n]), new @ whitening(new)])

    def _width(self, x: FloatArray) -> int:
        return int(x.shape[1]) - self.free

    def overlap(self, x: FloatArray, y: FloatArray) -> float:
        r = self._width(x)
        extra = np.linalg.svd(inner_products(y[:, r:], x[:, r:]), compute_uv=False).sum()
        return self.inner.overlap(x[:, :r], y[:, :r]) + float(extra)

    def cells(self, x: FloatArray) -> list[FloatArray]:
        r = self._width(x)
        # With equal weights two linear kernels would add up to one that any of GL_n leaves alone.
        return [*self.inner.cells(x[:, :r]), np.sqrt(2) * x[None, :, r:]]
