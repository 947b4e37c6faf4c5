"""The closure of a group of scaled permutations: the Birkhoff polytope, with scales."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError
from intertwine.numeric import ScaledPermutation
from intertwine.numeric.arrays import FloatArray
from intertwine.similarity.reading import Side, read_group
from intertwine.similarity.samples import as_pair, inner_products, square_sums
from intertwine.similarity.shapes import Monomial, assign

_ROUNDS = 20


@dataclass(frozen=True)
class Relaxation:
    """A matrix diag(d)·P with P in the convex hull of the (signed) permutation matrices.

    Attributes
    ----------
    matrix : ndarray, shape (units, units)
        diag(d)·P.
    stochastic : ndarray, shape (units, units)
        P: for permutations doubly stochastic; with signs the sums of absolute values of rows and columns are at most 1.
    scales : ndarray, shape (units,)
        d, from the group: ones when it has no scales.
    distance : float
        ‖X·(diag(d)·P)ᵀ - Y‖.
    gap : float
        How much the squared distance could still fall by another P with these scales, at most (the duality gap of
        Frank and Wolfe).
    """

    matrix: FloatArray
    stochastic: FloatArray
    scales: FloatArray
    distance: float
    gap: float


def relax(
    X: npt.ArrayLike, Y: npt.ArrayLike, group: Any, side: Side = "before", iterations: int = 400,
    tolerance: float = 1e-6,
) -> Relaxation:
    """The matrix in the closure of a group of scaled permutations for which X·Mᵀ is nearest to Y.

    Parameters
    ----------
    X, Y : array_like, shape (samples, units) or (samples, channels, height, width)
        As in `align`.
    group : str, IntertwinerGroup or MatrixGroup
        Of scaled permutations. (The code of Godfrey et al. optimises stitches over doubly stochastic matrices, too.)
    side : {"before", "after"}
        As in `align`.
    iterations : int
        At most so many steps.
    tolerance : float
        It stops when the gap is this small, compared with ‖Y‖².

    Returns
    -------
    Relaxation

    Raises
    ------
    IntertwineError
        If the group is of another kind.

    Notes
    -----
    For fixed scales this is a convex quadratic over a polytope whose vertices are the (signed) permutations, minimised
    by the method of Frank and Wolfe with away steps: the vertex that a linear function prefers is an assignment, and
    the exact step is a quotient. It starts at the aligned element and never goes up, so that the result is at least as
    good. Positive scales are then set to their optimum for fixed P, which again is exact, and both are repeated: with
    scales the optimum is local.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.standard_normal((50, 3))
    >>> mixed = relax(X, X @ np.array([[0.5, 0.5, 0.0], [0.5, 0.5, 0.0], [0.0, 0.0, 1.0]]), "permutation")
    >>> mixed.stochastic.round(3).tolist()
    [[0.5, 0.5, 0.0], [0.5, 0.5, 0.0], [0.0, 0.0, 1.0]]
    """
    x, y = as_pair(X, Y, same_units=True)
    shape = read_group(group, x.shape[1], side).shape
    if type(shape) is not Monomial:
        raise IntertwineError("the closure is that of a group of scaled permutations")
    start = shape.fit(x, y, "distance").element
    assert isinstance(start, ScaledPermutation)
    gram, products, square = inner_products(x, x), inner_products(y, x), float(square_sums(y).sum())
    scales = np.abs(start.scales).astype(np.float64)
    first = start.to_matrix() / scales[:, None]
    hull = _Hull(gram, shape.scales.negative)
    vertices: list[tuple[FloatArray, float]] = [(first, 1.0)]
    gap, left = np.inf, iterations
    for _ in range(_ROUNDS if shape.scales.continuous else 1):
        used, vertices, gap = hull.descend(vertices, scales, products, left, tolerance * square)
        left -= used
        point = _mean(vertices)
        if not shape.scales.continuous:
            break
        lengths = np.einsum("ij,jk,ik->i", point, gram, point)
        along = np.einsum("ij,ij->i", point, products)
        new = np.where(lengths > 0, np.maximum(along, 0) / np.where(lengths > 0, lengths, 1.0), scales)
        still = bool(np.allclose(new, scales, rtol=1e-9))
        scales = np.where(new > 0, new, scales * 1e-12)
        if still or left <= 0:
            break
    point = _mean(vertices)
    gap = hull.gap(point, scales, products)[0]
    matrix = scales[:, None] * point
    value = float(np.vdot(matrix @ gram, matrix) - 2 * np.vdot(matrix, products)) + square
    return Relaxation(matrix, point, scales, float(np.sqrt(max(value, 0.0))), gap)


def _mean(vertices: list[tuple[FloatArray, float]]) -> FloatArray:
    total = np.zeros_like(vertices[0][0])
    for vertex, weight in vertices:
        total += weight * vertex
    return total


class _Hull:
    """The convex hull of the permutations, or the signed permutations, with the quadratic of a Gram matrix."""

    def __init__(self, gram: FloatArray, signed: bool) -> None:
        self._gram, self._signed = gram, signed

    def _gradient(self, point: FloatArray, scales: FloatArray, products: FloatArray) -> FloatArray:
        return 2 * scales[:, None] * (scales[:, None] * (point @ self._gram) - products)

    def _vertex(self, gradient: FloatArray) -> FloatArray:
        """The vertex with the least inner product with a gradient."""
        order = assign(np.abs(gradient) if self._signed else -gradient)
        rows = np.arange(len(order))
        vertex = np.zeros_like(gradient)
        vertex[rows, order] = np.where(gradient[rows, order] > 0, -1.0, 1.0) if self._signed else 1.0
        return vertex

    def gap(self, point: FloatArray, scales: FloatArray, products: FloatArray) -> tuple[float, FloatArray, FloatArray]:
        """How much the minimum of the linear approximation is below the point, the vertex, and the gradient."""
        gradient = self._gradient(point, scales, products)
        vertex = self._vertex(gradient)
        return float(np.vdot(gradient, point - vertex)), vertex, gradient

    def descend(
        self, vertices: list[tuple[FloatArray, float]], scales: FloatArray, products: FloatArray, most: int,
        enough: float,
    ) -> tuple[int, list[tuple[FloatArray, float]], float]:
        """Frank and Wolfe's method with away steps: the number of steps, the vertices with weights, and the gap."""
        gap = np.inf
        for step in range(max(most, 1)):
            point = _mean(vertices)
            gap, vertex, gradient = self.gap(point, scales, products)
            if gap <= enough:
                return step, vertices, gap
            worst = max(range(len(vertices)), key=lambda i: float(np.vdot(gradient, vertices[i][0])))
            away = float(np.vdot(gradient, vertices[worst][0] - point))
            if gap >= away:
                direction, limit = vertex - point, 1.0
            else:
                weight = vertices[worst][1]
                direction, limit = point - vertices[worst][0], weight / (1 - weight)
            scaled = scales[:, None] * direction
            curvature = 2 * float(np.vdot(scaled @ self._gram, scaled))
            slope = -float(np.vdot(gradient, direction))
            length = min(limit, slope / curvature) if curvature > 0 else limit
            if gap >= away:
                vertices = [(v, w * (1 - length)) for v, w in vertices]
                place = next((i for i, (v, _) in enumerate(vertices) if np.array_equal(v, vertex)), None)
                if place is None:
                    vertices.append((vertex, length))
                else:
                    vertices[place] = (vertex, vertices[place][1] + length)
            else:
                vertices = [(v, w * (1 + length) - length * (i == worst)) for i, (v, w) in enumerate(vertices)]
            vertices = [(v, w) for v, w in vertices if w > 1e-14]
        return most, vertices, gap


def onto_birkhoff(matrix: FloatArray, rounds: int = 500, tolerance: float = 1e-12) -> FloatArray:
    """The doubly stochastic matrix nearest to a matrix, by Dykstra's alternating projections.

    Examples
    --------
    >>> onto_birkhoff(np.array([[0.6, 0.2], [0.1, 0.9]])).round(9).tolist()
    [[0.8, 0.2], [0.2, 0.8]]
    """
    n = len(matrix)
    point, correction = matrix.astype(np.float64), np.zeros_like(matrix, dtype=np.float64)
    for _ in range(rounds):
        rows, columns, total = point.sum(1, keepdims=True), point.sum(0, keepdims=True), point.sum()
        affine = point + (1 - rows) / n + (1 - columns) / n + (total - n) / n**2
        kept = np.maximum(affine + correction, 0)
        correction = affine + correction - kept
        done = float(np.abs(kept - point).max()) <= tolerance
        point = kept
        if done:
            break
    return point

