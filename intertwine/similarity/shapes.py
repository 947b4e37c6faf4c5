"""What alignment and dissimilarity need to know of a group: how to fit it, and a slice through its orbits."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import linear_sum_assignment

from intertwine.errors import IntertwineError
from intertwine.numeric import Element, ScaledPermutation
from intertwine.numeric.arrays import FloatArray, IndexArray
from intertwine.similarity.samples import inner_products, square_sums
from intertwine.similarity.scalars import VANISHING, Scales

Objective = Literal["distance", "correlation"]


@dataclass(frozen=True)
class Fit:
    """An element that fits, whether no better one exists, and whether it attains the optimum."""

    element: Element
    attained: bool = True


class Shape(ABC):
    """A group of n×n matrices, as far as fitting it to activations is concerned.

    Every group here is treated as A = c⁻¹·k·c' with a *slice*, a canonical representative c(X) = X·cᵀ of the orbit of
    X under the part of the group that can be divided out in closed form, and a *core*, the compact rest, which acts on
    representatives by isometries. A dissimilarity of orbits is then a minimum over the core alone.
    """

    def __init__(self, n: int) -> None:
        self.n = n

    @abstractmethod
    def fit(self, x: FloatArray, y: FloatArray, objective: Objective) -> Fit:
        """The element A for which x·Aᵀ is best compared with y."""

    @abstractmethod
    def slice(self, x: FloatArray) -> FloatArray:
        """The canonical representative of x, up to the core."""

    @abstractmethod
    def overlap(self, x: FloatArray, y: FloatArray) -> float:
        """max ⟨x·kᵀ, y⟩ over k in the core, for two representatives."""

    @abstractmethod
    def cells(self, x: FloatArray) -> list[FloatArray]:
        """The representative x in cells (cell, rows, width), one array for each set of cells that the core permutes.

        Within a cell the core acts by isometries, so that inner products of rows in a cell are invariant.
        """

    #: Whether `fit` returns a global optimum of its objective (up to being attained).
    proven: bool = True

    def proves(self, objective: Objective) -> bool:
        """Whether `fit` returns a global optimum of this objective."""
        return self.proven

    def table(self, xs: list[FloatArray], ys: list[FloatArray], objective: Objective) -> FloatArray:
        """table[i, j]: the best gain 2⟨x_j·Aᵀ, y_i⟩ - ‖x_j·Aᵀ‖² or, for the correlation, overlap of representatives."""
        out = np.empty((len(ys), len(xs)))
        left = [self.slice(y) for y in ys] if objective == "correlation" else ys
        right = [self.slice(x) for x in xs] if objective == "correlation" else xs
        for i, y in enumerate(left):
            for j, x in enumerate(right):
                if objective == "correlation":
                    out[i, j] = self.overlap(x, y)
                else:
                    moved = self.fit(x, y, objective).element.apply(x)
                    out[i, j] = 2 * float(np.vdot(moved, y)) - float(np.vdot(moved, moved))
        return out


class Identity(Shape):
    """{1}."""

    def fit(self, x: FloatArray, y: FloatArray, objective: Objective) -> Fit:
        return Fit(ScaledPermutation.identity(self.n))

    def slice(self, x: FloatArray) -> FloatArray:
        return x

    def overlap(self, x: FloatArray, y: FloatArray) -> float:
        return float(np.vdot(x, y))

    def cells(self, x: FloatArray) -> list[FloatArray]:
        return [x[None]]


class Monomial(Shape):
    """S ≀ Sym(n).

    The squared distance is Σ_i ‖a_i x_π(i) - y_i‖². For a given pair the best a in S is known in closed form; what is
    left is a linear assignment of the gains, which is solved exactly. No other choice can be better, since the terms
    of different i share nothing but π.
    """

    def __init__(self, n: int, scales: Scales) -> None:
        super().__init__(n)
        self.scales = scales

    def fit(self, x: FloatArray, y: FloatArray, objective: Objective) -> Fit:
        products, squares = inner_products(y, x), square_sums(x)
        left, right = np.sqrt(square_sums(y)), np.sqrt(squares)
        if objective == "distance":
            gains, a = self._gains(products, squares[None, :])
            order = assign(gains)
            chosen = a[np.arange(self.n), order]
        else:
            gains, signs = self.scales.cosines(products, left[:, None], right[None, :])
            order = assign(gains)
            chosen = self.scales.ratio(left, right[order], signs[np.arange(self.n), order])
        element, attained = monomial(order, chosen, left, right[order], self.scales)
        return Fit(element, attained)

    def _gains(self, products: FloatArray, squares: FloatArray) -> tuple[FloatArray, FloatArray]:
        """For each pair of units the best gain, and the scale that gives it."""
        return self.scales.gains(products, squares)

    def slice(self, x: FloatArray) -> FloatArray:
        if self.scales.bounded:
            return x
        factors = self.scales.normalisers(np.sqrt(square_sums(x)))
        # The inverse of a norm may be too large for the precision of the entries.
        narrow = float(factors.max()) < float(np.finfo(x.dtype).max)
        return np.asarray((x * factors.astype(x.dtype)) if narrow else (x * factors))

    def overlap(self, x: FloatArray, y: FloatArray) -> float:
        products = inner_products(y, x)
        if self.scales.negative:
            np.abs(products, out=products)
        return float(products[np.arange(self.n), assign(products)].sum())

    def cells(self, x: FloatArray) -> list[FloatArray]:
        return [np.ascontiguousarray(x.T)[:, :, None]]

    def table(self, xs: list[FloatArray], ys: list[FloatArray], objective: Objective) -> FloatArray:
        if self.n > 1:
            return super().table(xs, ys, objective)
        x, y = np.hstack(xs), np.hstack(ys)
        if objective == "distance":
            return self.scales.gains(inner_products(y, x), square_sums(x)[None, :])[0]
        products = inner_products(self.slice(y), self.slice(x))
        return np.abs(products) if self.scales.negative else products


class ConjugateMonomial(Monomial):
    """Δ·(S ≀ Sym(n))·Δ⁻¹ with a diagonal Δ: the scale of unit j on its way to i is a·δ_i/δ_j with a in S."""

    def __init__(self, n: int, scales: Scales, deltas: FloatArray) -> None:
        super().__init__(n, scales)
        self._deltas = np.asarray(deltas, dtype=np.float64)

    def _gains(self, products: FloatArray, squares: FloatArray) -> tuple[FloatArray, FloatArray]:
        ratios = self._deltas[:, None] / self._deltas[None, :]
        return self.scales.gains(products * ratios, squares * ratios**2)

    def fit(self, x: FloatArray, y: FloatArray, objective: Objective) -> Fit:
        # For the correlation units are compared in the coordinates in which the group is S ≀ Sym(n).
        d = self._deltas.astype(x.dtype)
        inside = super().fit(x, y, objective) if objective == "distance" else super().fit(x / d, y / d, objective)
        element = inside.element
        assert isinstance(element, ScaledPermutation)
        return Fit(ScaledPermutation(element.indices, element.scales * self._deltas / self._deltas[element.indices]),
                   inside.attained)

    def slice(self, x: FloatArray) -> FloatArray:
        return super().slice(x / self._deltas.astype(x.dtype))

    table = Shape.table


class CommonScale(Shape):
    """The multiples c·P of permutation matrices with one c in S: units of which the maximum is taken.

    2c⟨xPᵀ, y⟩ - c²‖x‖² grows with c·⟨xPᵀ, y⟩ for each sign of c: one assignment for each sign, then the best c.
    """

    def __init__(self, n: int, scales: Scales) -> None:
        super().__init__(n)
        self.scales = scales

    def _orders(self, x: FloatArray, y: FloatArray) -> list[tuple[float, IndexArray]]:
        products = inner_products(y, x)
        found = []
        for sign in (1.0, -1.0) if self.scales.negative else (1.0,):
            order = assign(sign * products)
            found.append((sign * float(products[np.arange(self.n), order].sum()), order))
        return found

    def fit(self, x: FloatArray, y: FloatArray, objective: Objective) -> Fit:
        square, other = float(np.vdot(x, x)), float(np.vdot(y, y))
        best: tuple[float, float, IndexArray] | None = None
        for (total, order), sign in zip(self._orders(x, y), (1.0, -1.0), strict=False):
            product = np.asarray(sign * total)
            if objective == "distance":
                gain, a = self.scales.gains(product, np.asarray(square))
            else:
                gain = np.asarray(total)
                a = self.scales.ratio(np.sqrt(np.asarray(other)), np.sqrt(np.asarray(square)), np.asarray(sign))
            if best is None or float(gain) > best[0]:
                best = float(gain), float(a), order
        assert best is not None
        size = np.ones(self.n)
        left, right = np.sqrt(other) * size, np.sqrt(square) * size
        element, attained = monomial(best[2], best[1] * size, left, right, self.scales)
        return Fit(element, attained)

    def slice(self, x: FloatArray) -> FloatArray:
        norm = np.sqrt(np.asarray(np.vdot(x, x), dtype=np.float64))
        return np.asarray(x * self.scales.normalisers(norm).astype(x.dtype))

    def overlap(self, x: FloatArray, y: FloatArray) -> float:
        return max(total for total, _ in self._orders(x, y))

    def cells(self, x: FloatArray) -> list[FloatArray]:
        return [np.ascontiguousarray(x.T)[:, :, None]]


def assign(gains: FloatArray) -> IndexArray:
    """The permutation π that maximises Σ_i gains[i, π(i)] (Jonker and Volgenant's method, exact)."""
    return np.asarray(linear_sum_assignment(gains, maximize=True)[1])


def monomial(
    order: IndexArray, scales: FloatArray, left: FloatArray, right: FloatArray, group: Scales
) -> tuple[ScaledPermutation, bool]:
    """A scaled permutation, with a very small scale of the group in place of 0; and whether no scale was 0."""
    zero = scales == 0
    if zero.any():
        with np.errstate(divide="ignore", invalid="ignore"):
            size = np.where((right > 0) & (left > 0), left / right, 1.0)
        scales = np.where(zero, group.nearest(VANISHING * size), scales)
    if not np.isfinite(scales).all():
        raise IntertwineError("the activations are too large or too small for a scale between them")
    return ScaledPermutation(order, scales), not bool(zero.any())
