"""Groups of dense matrices: orthogonal, conformal, general linear, and those that keep a line or a flag."""

from __future__ import annotations

from typing import cast

import numpy as np
from scipy import linalg

from intertwine.errors import IntertwineError
from intertwine.numeric import Dense, Element
from intertwine.numeric.arrays import FloatArray
from intertwine.similarity.samples import inner_products
from intertwine.similarity.scalars import VANISHING, Scales
from intertwine.similarity.shapes import Fit, Objective, Shape, assign


class Orthogonal(Shape):
    """Λ·O(n) for a closed subgroup Λ of R>0 ({1}: orthogonal, R>0: conformal).

    For every scale the best Q is the polar factor UVᵀ of YᵀX = UΣVᵀ, by von Neumann's trace inequality, and the
    product is then the sum of the singular values; the best scale is the one nearest to ΣΣ_i/‖X‖² (a parabola).
    """

    def __init__(self, n: int, scales: Scales | None = None) -> None:
        super().__init__(n)
        self.scales = scales or Scales()
        if self.scales.negative:
            raise IntertwineError("the scales of orthogonal matrices are taken to be positive")

    def fit(self, x: FloatArray, y: FloatArray, objective: Objective) -> Fit:
        u, s, vt = np.linalg.svd(inner_products(y, x))
        square, other = np.asarray(np.vdot(x, x), np.float64), np.asarray(np.vdot(y, y), np.float64)
        total = np.asarray(s.sum())
        if objective == "distance":
            a = float(self.scales.gains(total, square)[1])
        else:
            a = float(self.scales.ratio(np.sqrt(other), np.sqrt(square), np.ones(())))
        attained = a != 0
        scale = a if attained else float(self.scales.nearest(np.asarray(VANISHING)))
        return Fit(Dense(scale * (u @ vt)), attained)

    def slice(self, x: FloatArray) -> FloatArray:
        if self.scales.bounded:
            return x
        norm = np.sqrt(np.asarray(np.vdot(x, x), dtype=np.float64))
        return np.asarray(x * self.scales.normalisers(norm).astype(x.dtype))

    def overlap(self, x: FloatArray, y: FloatArray) -> float:
        return float(np.linalg.svd(inner_products(y, x), compute_uv=False).sum())

    def cells(self, x: FloatArray) -> list[FloatArray]:
        return [x[None]]

    def table(self, xs: list[FloatArray], ys: list[FloatArray], objective: Objective) -> FloatArray:
        # All the small singular value problems in one call.
        left = [self.slice(y) for y in ys] if objective == "correlation" else ys
        right = [self.slice(x) for x in xs] if objective == "correlation" else xs
        products = inner_products(np.hstack(left), np.hstack(right))
        blocks = products.reshape(len(ys), self.n, len(xs), self.n).swapaxes(1, 2)
        totals = np.asarray(np.linalg.svd(blocks, compute_uv=False).sum(-1))
        if objective == "correlation":
            return totals
        squares = np.array([float(np.vdot(x, x)) for x in xs])
        return self.scales.gains(totals, squares[None, :])[0]


class Linear(Shape):
    """GL_n: least squares, which is optimal over all matrices; the minimiser may be singular and then only a limit.

    The slice whitens, X·W with XᵀX replaced by the identity on its range, so that the core is O(n) and overlaps are
    sums of canonical correlations.
    """

    def fit(self, x: FloatArray, y: FloatArray, objective: Objective) -> Fit:
        if objective == "distance":
            return _invertible(least_squares(x, y))
        left, right = whitening(y), whitening(x)
        u, _, vt = np.linalg.svd(inner_products(y @ left, x @ right))
        return _invertible(np.linalg.pinv(left.T) @ u @ vt @ right.T)

    def slice(self, x: FloatArray) -> FloatArray:
        return np.asarray(x @ whitening(x).astype(x.dtype))

    def overlap(self, x: FloatArray, y: FloatArray) -> float:
        return float(np.linalg.svd(inner_products(y, x), compute_uv=False).sum())

    def cells(self, x: FloatArray) -> list[FloatArray]:
        return [x[None]]


class Quotient(Shape):
    """Groups that keep the line R·1 and act on the quotient W = 1^⊥ by a known group; what goes to the line is free.

    {A : A·1 ∈ R·1, λQ on the quotient} (normalisation), {P + 1vᵀ} (softmax) and {A : A·1 = 1} are of this form. Rows
    split orthogonally as x = Px + mean(x)·1. The first part sees the inner group alone, the second is a regression of
    the means of y on x, so that both are optimal separately.

    Parameters
    ----------
    inner : Shape
        What acts on W, given as matrices of size n.
    line : {"free", "one"}
        "free": any image on the line. "one": the vector 1 goes to itself, for the groups where the inner part is GL.
    """

    def __init__(self, inner: Shape, line: str = "free") -> None:
        super().__init__(inner.n)
        self.inner, self.line = inner, line

    def proves(self, objective: Objective) -> bool:
        return self.inner.proves(objective)

    def fit(self, x: FloatArray, y: FloatArray, objective: Objective) -> Fit:
        n, flat = self.n, np.ones(self.n) / self.n
        inside = self.inner.fit(self._centred(x), self._centred(y), objective)
        core = inside.element.to_matrix()
        core = core - np.outer(np.ones(n), flat @ core)
        core = core - np.outer(core @ np.ones(n), flat)
        if self.line == "free":
            row = least_squares(x, y.mean(1, keepdims=True))[0]
        else:  # row·1 = 1, hence row = 1/n + something that sees only Px
            rest = y.mean(1, keepdims=True) - x.mean(1, keepdims=True)
            row = flat + least_squares(self._centred(x), rest)[0]
            row = row + (1 - row.sum()) / n
        matrix = core + np.outer(np.ones(n), row)
        return Fit(Dense(matrix), inside.attained and regular(matrix))

    def _centred(self, x: FloatArray) -> FloatArray:
        return np.asarray(x - x.mean(1, keepdims=True))

    def slice(self, x: FloatArray) -> FloatArray:
        return self.inner.slice(self._centred(x))

    def overlap(self, x: FloatArray, y: FloatArray) -> float:
        return self.inner.overlap(x, y)

    def cells(self, x: FloatArray) -> list[FloatArray]:
        return self.inner.cells(x)


class LinearQuotient(Linear):
    """GL of W = 1^⊥, on rows that lie in W: singular as a matrix of size n by design."""

    def fit(self, x: FloatArray, y: FloatArray, objective: Objective) -> Fit:
        fitted = super().fit(x, y, objective)
        values = np.linalg.svd(fitted.element.to_matrix(), compute_uv=False)
        return Fit(fitted.element, bool(self.n < 2 or values[-2] > _threshold(values, self.n)))


def least_squares(x: FloatArray, y: FloatArray) -> FloatArray:
    """The matrix A of least norm with the least ‖x·Aᵀ - y‖."""
    solution = linalg.lstsq(x.astype(np.float64), y.astype(np.float64), lapack_driver="gelsd", check_finite=False)[0]
    return cast(FloatArray, solution.T)


def whitening(x: FloatArray) -> FloatArray:
    """W with (xW)ᵀ(xW) the identity on the range of xᵀ, by the singular values of x.

    Singular values that rounding in the precision of x may have made are no part of the range.
    """
    _, s, vt = np.linalg.svd(np.linalg.qr(x.astype(np.float64), mode="r"), full_matrices=False)
    kept = s > _threshold(s, max(x.shape), float(np.finfo(x.dtype).eps))
    inverse = np.zeros_like(s)
    inverse[kept] = 1 / s[kept]
    return cast(FloatArray, vt.T * inverse)


def _threshold(values: FloatArray, size: int, precision: float = float(np.finfo(np.float64).eps)) -> float:
    return float(values.max(initial=0.0)) * size * precision


def regular(matrix: FloatArray) -> bool:
    """Whether a matrix is invertible, as far as rounding shows."""
    values = np.linalg.svd(matrix, compute_uv=False)
    return bool(values[-1] > _threshold(values, len(matrix)))


def _invertible(matrix: FloatArray) -> Fit:
    return Fit(Dense(matrix), regular(matrix))


class SortedGroups(Shape):
    """The intertwiners of sorting m groups of k units: GL_m on the means, R*·Sym(k) on permuted groups of deviations.

    Means and deviations are orthogonal, so the two parts are fitted separately: least squares, and for every pair of
    groups the best multiple of a permutation of its deviations, then an assignment of the groups.
    """

    def __init__(self, k: int, m: int, deviations: Shape) -> None:
        super().__init__(k * m)
        self.k, self.m, self.deviations = k, m, deviations

    def _split(self, x: FloatArray) -> tuple[FloatArray, list[FloatArray]]:
        parts = x.reshape(len(x), self.m, self.k)
        means = parts.mean(2)
        # What is left of a group of equal units is rounding, and must not be blown up to length 1.
        least = 64 * float(np.finfo(x.dtype).eps) * float(np.linalg.norm(x))
        rests = [np.ascontiguousarray(parts[:, g] - means[:, g, None]) for g in range(self.m)]
        return means, [rest if np.linalg.norm(rest) > least else np.zeros_like(rest) for rest in rests]

    def fit(self, x: FloatArray, y: FloatArray, objective: Objective) -> Fit:
        (means, xs), (target, ys) = self._split(x), self._split(y)
        total = Linear(self.m).fit(means, target, objective)
        order = assign(self.deviations.table(xs, ys, objective))
        fitted = [self.deviations.fit(xs[h], y_part, objective) for h, y_part in zip(order, ys, strict=True)]
        k = self.k
        matrix = np.kron(total.element.to_matrix(), np.full((k, k), 1 / k))
        for g, (h, part) in enumerate(zip(order, fitted, strict=True)):
            turn: Element = part.element
            block = turn.to_matrix()
            matrix[k * g : k * g + k, k * h : k * h + k] += block - block.sum(1, keepdims=True) / k
        return Fit(Dense(matrix), total.attained and all(f.attained for f in fitted))

    def slice(self, x: FloatArray) -> FloatArray:
        means, parts = self._split(x)
        return np.hstack([Linear(self.m).slice(means), *(self.deviations.slice(part) for part in parts)])

    def _parts(self, x: FloatArray) -> tuple[FloatArray, list[FloatArray]]:
        return x[:, : self.m], [x[:, self.m + self.k * g : self.m + self.k * (g + 1)] for g in range(self.m)]

    def overlap(self, x: FloatArray, y: FloatArray) -> float:
        (means, xs), (target, ys) = self._parts(x), self._parts(y)
        table = np.array([[self.deviations.overlap(a, b) for a in xs] for b in ys])
        return Linear(self.m).overlap(means, target) + float(table[np.arange(self.m), assign(table)].sum())

    def cells(self, x: FloatArray) -> list[FloatArray]:
        means, parts = self._parts(x)
        return [means[None], np.stack(parts)]
