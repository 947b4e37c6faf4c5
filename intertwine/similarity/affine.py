"""Alignment over a group of affine maps: x ↦ Ax + c, for activations in front of a nonlinearity with biases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from intertwine.errors import IntertwineError
from intertwine.numeric import AffineElement, Dense, Element
from intertwine.numeric.arrays import FloatArray
from intertwine.similarity.dense import Linear, regular
from intertwine.similarity.samples import inner_products, square_sums
from intertwine.similarity.scalars import Scales
from intertwine.similarity.shapes import Monomial, Objective, Shape, assign, monomial

if TYPE_CHECKING:
    from intertwine.groups import AffineMatrixGroup, AffineScalarGroup


def affine_fit(group: AffineMatrixGroup, x: FloatArray, y: FloatArray) -> tuple[AffineElement, bool]:
    """The map of a group for which x·Aᵀ + c is nearest to y, and whether the optimum is attained.

    For each pair of units the best map t ↦ at + c of T is known in closed form, and an assignment finds the
    permutation; for all affine maps it is least squares with an intercept. Both are global optima.
    """
    from intertwine.groups.affine.general import GeneralAffine
    from intertwine.groups.affine.wreath import AffineWreath

    if isinstance(group, GeneralAffine):
        return _regression(x, y)
    if not isinstance(group, AffineWreath):
        raise IntertwineError(f"no method is known for the affine group {group!r}")
    return _assigned(group.scalars, x, y)


def linear_shape(group: AffineMatrixGroup) -> Shape:
    """The linear parts of a group of affine maps: what acts on activations whose means are subtracted."""
    from intertwine.groups.affine.wreath import AffineWreath

    if isinstance(group, AffineWreath):
        scalars = group.scalars.scalars
        return Monomial(group.n, Scales(scalars.type, _number(scalars.generator)))  # type: ignore[arg-type]
    return Linear(group.n)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _regression(x: FloatArray, y: FloatArray) -> tuple[AffineElement, bool]:
    mean_x, mean_y = (z.mean(0, dtype=np.float64) for z in (x, y))
    objective: Objective = "distance"
    fitted = Linear(x.shape[1]).fit(x - mean_x, y - mean_y, objective)
    matrix = fitted.element.to_matrix()
    return AffineElement(Dense(matrix), mean_y - matrix @ mean_x), regular(matrix)


def _assigned(scalars: AffineScalarGroup, x: FloatArray, y: FloatArray) -> tuple[AffineElement, bool]:
    """T ≀ Sym(n): gains of pairs, an assignment, and the maps that were best."""
    scales = Scales(scalars.scalars.type, _number(scalars.scalars.generator))  # type: ignore[arg-type]
    count, centre = len(x), _number(scalars.centre) or 0.0
    # In coordinates with the centre at 0 the maps are t ↦ a·t + s with s = 0, or any number, or in a lattice.
    u, v = x - centre, y - centre
    products, squares = inner_products(v, u), square_sums(u)[None, :]
    sums_x, sums_y = (z.sum(0, dtype=np.float64) for z in (u, v))
    if scalars.type == "translations":
        shifts = (sums_y[:, None] - sums_x[None, :]) / count
        gains, a = 2 * products - squares + count * shifts**2, np.ones_like(products)
    elif scalars.period is not None:
        period = abs(float(scalars.period))
        gains, a, shifts = _best_of_lattice(scales, period, products, squares, sums_x, sums_y, count)
    else:
        gains, a = scales.gains(products, squares)
        shifts = np.zeros_like(gains)
    order = assign(gains)
    rows = np.arange(len(order))
    chosen, added = np.asarray(a[rows, order], dtype=np.float64), shifts[rows, order]
    norms = [np.sqrt(square_sums(z)) for z in (v, u)]
    element: Element
    element, attained = monomial(order, chosen, norms[0], norms[1][order], scales)
    return AffineElement(element, centre + added - centre * element.scales), attained


def _best_of_lattice(
    scales: Scales, period: float, products: FloatArray, squares: FloatArray, sums_x: FloatArray, sums_y: FloatArray,
    count: int,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """t ↦ ±t + s with s in period·Z: for each sign the distance is a parabola in s; the nearest lattice point wins."""
    best: tuple[FloatArray, FloatArray, FloatArray] | None = None
    for sign in (1.0, -1.0) if scales.negative else (1.0,):
        rest = sums_y[:, None] - sign * sums_x[None, :]
        shifts = period * np.rint(rest / count / period)
        gains = 2 * sign * products - squares + 2 * shifts * rest - count * shifts**2
        if best is None:
            best = gains, np.full_like(gains, sign), shifts
        else:
            better = gains > best[0]
            new = gains, np.full_like(gains, sign), shifts
            best = tuple(np.where(better, b, a) for a, b in zip(best, new, strict=True))  # type: ignore[assignment]
    assert best is not None
    return best


__all__ = ["affine_fit", "linear_shape"]
