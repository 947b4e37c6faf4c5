"""Descent along a Lie algebra, for groups without a closed form: local optima, and said to be so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from scipy.linalg import expm

from intertwine.errors import IntertwineError
from intertwine.numeric import Dense
from intertwine.numeric.arrays import FloatArray
from intertwine.similarity.samples import inner_products
from intertwine.similarity.shapes import Fit, Objective, Shape

_STEPS = 200
_STARTS = 24


def improved(
    x: FloatArray, y: FloatArray, starts: Sequence[FloatArray], algebra: Sequence[FloatArray], multiples: bool = False
) -> tuple[FloatArray, float]:
    """The best of the matrices that descent from each start along A ← exp(Σ w_i X_i)·A reaches, for ‖t·x·Aᵀ - y‖.

    Levenberg and Marquardt's method on the manifold: steps are taken by the exponential map, so that every iterate is
    an element of the group, and only steps that lower the distance are taken. The samples enter through xᵀx and yᵀx.

    Returns
    -------
    matrix, multiple
        A, and t > 0, which is 1 unless `multiples` are allowed.
    """
    gram, products = inner_products(x, x), inner_products(y, x)
    directions = [*algebra, np.eye(x.shape[1])] if multiples else list(algebra)
    best: tuple[float, FloatArray, float] | None = None
    for start in starts:
        found = _descended(np.asarray(start, dtype=np.float64), gram, products, directions, multiples)
        if best is None or found[0] < best[0]:
            best = found
    assert best is not None
    return best[1], best[2]


def _descended(
    a: FloatArray, gram: FloatArray, products: FloatArray, algebra: Sequence[FloatArray], multiples: bool
) -> tuple[float, FloatArray, float]:
    def loss(m: FloatArray) -> float:
        return float(np.vdot(m @ gram, m) - 2 * np.vdot(m, products))

    value, log = loss(a), 0.0
    if not len(algebra):
        return value, a, 1.0
    basis = np.asarray(algebra, dtype=np.float64)
    damping, scale = 1e-3, float(np.abs(products).sum()) + abs(value) + 1e-300
    for _ in range(_STEPS):
        moved = basis @ (np.exp(log) * a)  # the tangents X_i·A
        weighted = (moved @ gram).reshape(len(basis), -1)
        flat = moved.reshape(len(basis), -1)
        gradient = weighted @ (np.exp(log) * a).ravel() - flat @ products.ravel()
        hessian = weighted @ flat.T
        size = np.diagonal(hessian).max() + 1e-300
        while damping < 1e12:
            step = np.linalg.lstsq(hessian + damping * size * np.eye(len(basis)), -gradient, rcond=None)[0]
            longest = float(np.abs(np.tensordot(step, basis, 1)).sum(1).max())
            if longest > 1:  # the exponential map is local
                step /= longest
            inside, more = (step[:-1], float(step[-1])) if multiples else (step, 0.0)
            trial = expm(np.tensordot(inside, basis[: len(inside)], 1)) @ a
            new = loss(np.exp(log + more) * trial)
            if np.isfinite(new) and new < value:
                break
            damping *= 10
        else:
            break
        done = value - new <= 1e-15 * scale
        a, value, log, damping = trial, new, log + more, max(damping / 10, 1e-12)
        if done:
            break
    return value, a, float(np.exp(log))


def balanced(x: FloatArray, symmetric: Sequence[FloatArray]) -> FloatArray:
    """The A = exp(Σ w_i P_i)·… that minimises ‖x·Aᵀ‖² - 2·log|det A|, for symmetric P_i; x of full rank.

    For a group that is closed under transposes this is the problem of Kempf and Ness: convex along geodesics, and, with
    the determinant, bounded below with its minimum attained, at points that differ by orthogonal elements alone.
    """
    gram, a = inner_products(x, x), np.eye(x.shape[1])
    basis = np.asarray(symmetric, dtype=np.float64)
    traces = np.trace(basis, axis1=1, axis2=2)

    def loss(m: FloatArray) -> float:
        return float(np.vdot(m @ gram, m)) - 2 * float(np.linalg.slogdet(m)[1])

    value = loss(a)
    for _ in range(_STEPS):
        moved = a @ gram @ a.T
        gradient = 2 * (np.tensordot(basis, moved, 2) - traces)
        tangents = (basis @ moved).reshape(len(basis), -1)
        hessian = 4 * tangents @ basis.reshape(len(basis), -1).T
        step = np.linalg.lstsq((hessian + hessian.T) / 2, -gradient, rcond=None)[0]
        longest = float(np.abs(np.tensordot(step, basis, 1)).sum(1).max())
        step *= min(1.0, 1 / (longest or 1.0))
        for _ in range(40):
            trial = expm(np.tensordot(step, basis, 1)) @ a
            new = loss(trial)
            if new < value:
                break
            step = step / 2
        else:
            return a
        a, value = trial, new
    return a


class LocalSearch(Shape):
    """Any group with a Lie algebra: descent along it from the identity and from random elements.

    Parameters
    ----------
    n : int
        The number of units.
    algebra : sequence of ndarray, shape (n, n)
        A basis of the Lie algebra.
    draw : callable
        From a random generator to an element: starts of the descent, which reach other components.
    name : str
        Of the group, for errors.
    known : sequence of ndarray, shape (n, n)
        Further elements to start from, such as one of each component.

    Notes
    -----
    The correlation is the cosine itself: min over t > 0 of ‖t·x·Aᵀ - y‖² is ‖y‖²·(1 - cos²). Dissimilarities are known
    for groups that are closed under transposes. Their representatives are the minima of ‖x·Aᵀ‖² - 2·log|det A|
    (`balanced`), and the core is what is orthogonal in the group.
    """

    proven = False

    def __init__(
        self, n: int, algebra: Sequence[FloatArray], draw: Callable[[np.random.Generator], FloatArray], name: str,
        known: Sequence[FloatArray] = (),
    ) -> None:
        super().__init__(n)
        self._algebra, self._draw, self._name, self._known = list(algebra), draw, name, list(known)

    @cached_property
    def _starts(self) -> list[FloatArray]:
        rng = np.random.default_rng(0)
        return [np.eye(self.n), *self._known, *(self._draw(rng) for _ in range(_STARTS))]

    def fit(self, x: FloatArray, y: FloatArray, objective: Objective) -> Fit:
        correlation = objective == "correlation"
        found, multiple = improved(x, y, self._starts, self._algebra, correlation)
        return Fit(Dense(multiple * found if self._inside(np.eye(self.n)) else found))

    def _inside(self, matrix: FloatArray) -> bool:
        """Whether a matrix is in the Lie algebra."""
        if not self._algebra:
            return not matrix.any()
        rows = np.array([m.ravel() for m in self._algebra])
        rest = matrix.ravel() - rows.T @ np.linalg.lstsq(rows.T, matrix.ravel(), rcond=None)[0]
        return float(np.linalg.norm(rest)) <= 1e-9 * (1 + float(np.linalg.norm(matrix)))

    @cached_property
    def _parts(self) -> tuple[list[FloatArray], list[FloatArray], list[FloatArray]]:
        """Bases of the symmetric and the skew part of the Lie algebra, and orthogonal elements of the group."""
        turns = []
        for a in self._starts:
            values, vectors = np.linalg.eigh(a.T @ a)
            if not self._inside((vectors * np.log(values) / 2) @ vectors.T):
                raise IntertwineError(f"no invariant dissimilarity is known for {self._name}")
            turns.append(a @ (vectors / np.sqrt(values)) @ vectors.T)
        if not all(self._inside(m.T) for m in self._algebra):
            raise IntertwineError(f"no invariant dissimilarity is known for {self._name}")
        return _spanned([m + m.T for m in self._algebra]), _spanned([m - m.T for m in self._algebra]), turns

    def slice(self, x: FloatArray) -> FloatArray:
        symmetric = self._parts[0]
        if not symmetric:
            return x
        if np.linalg.matrix_rank(x) < self.n:
            raise IntertwineError(f"the dissimilarities of {self._name} need activations of full rank")
        return np.asarray(x @ balanced(x, symmetric).T.astype(x.dtype))

    def overlap(self, x: FloatArray, y: FloatArray) -> float:
        _, skew, turns = self._parts
        return float(np.vdot(improved(x, y, turns, skew)[0], inner_products(y, x)))

    def cells(self, x: FloatArray) -> list[FloatArray]:
        return [x[None]]


def _spanned(matrices: list[FloatArray]) -> list[FloatArray]:
    """An orthonormal basis of the span of some matrices."""
    if not matrices:
        return []
    _, s, vt = np.linalg.svd(np.array([m.ravel() for m in matrices]), full_matrices=False)
    return [row.reshape(matrices[0].shape) for row, size in zip(vt, s, strict=True) if size > 1e-9 * max(1.0, s[0])]
