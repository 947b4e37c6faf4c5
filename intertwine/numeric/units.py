"""Hidden units rewritten by a relation of the activation, with what is linear in it moved into the skip path.

Where ``s(t) = sum_k a_k s(b_k t + c_k) + l t + m``, the unit ``v s(w·x + b)`` of a layer is the same function of ``x``
as the units ``a_k v s(b_k w·x + b_k b + c_k)`` together with the affine map ``v (l w·x + l b + m)``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, cast

import numpy as np
import numpy.typing as npt

from intertwine.errors import ShapeError
from intertwine.numeric.arrays import FloatArray, as_floating

Layout = Literal["out_in", "in_out"]


@dataclass(frozen=True)
class UnitRelation:
    """``s(t) = sum_k factors[k] s(scales[k] t + shifts[k]) + slope t + intercept``.

    Parameters
    ----------
    factors, scales, shifts : sequences of K floats
        Finite, with nonzero scales; K is at least 1.
    slope, intercept : float
        The affine part.

    Raises
    ------
    ShapeError
        The lengths differ, or a number is not usable.

    Examples
    --------
    relu(t) = relu(-t) + t:

    >>> UnitRelation([1.0], [-1.0], [0.0], slope=1.0)
    UnitRelation(factors=(1.0,), scales=(-1.0,), shifts=(0.0,), slope=1.0, intercept=0.0)
    """

    factors: tuple[float, ...]
    scales: tuple[float, ...]
    shifts: tuple[float, ...]
    slope: float = 0.0
    intercept: float = 0.0

    def __init__(self, factors: Sequence[float], scales: Sequence[float], shifts: Sequence[float],
                 slope: float = 0.0, intercept: float = 0.0) -> None:
        values = [tuple(map(float, part)) for part in (factors, scales, shifts)]
        if not values[0] or len({len(v) for v in values}) != 1:
            raise ShapeError(f"a relation needs as many factors as scales and shifts, and at least one; "
                             f"there are {', '.join(str(len(v)) for v in values)}")
        if not all(map(math.isfinite, (*values[0], *values[1], *values[2], slope, intercept))):
            raise ShapeError("a relation has finite coefficients")
        if not all(values[1]):
            raise ShapeError("a scale of a relation is zero")
        for name, value in zip(("factors", "scales", "shifts"), values, strict=True):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "slope", float(slope))
        object.__setattr__(self, "intercept", float(intercept))


class SkipLayers(NamedTuple):
    """Two layers with a skip connection: ``x -> V s(W x + b) + S x + e``, given as W, b, V, e, S in this order."""

    hidden_weight: FloatArray
    hidden_bias: FloatArray | None
    out_weight: FloatArray
    out_bias: FloatArray | None
    skip_weight: FloatArray | None


def rewrite_units(
    layers: SkipLayers | tuple[Any, Any, Any, Any, Any],
    units: npt.ArrayLike,
    relation: UnitRelation,
    layout: Layout = "out_in",
) -> SkipLayers:
    """Rewrite hidden units by a relation of the activation; the function of the layers stays the same.

    Parameters
    ----------
    layers : SkipLayers or 5-tuple
        ``hidden_weight`` of shape (n, m), ``hidden_bias`` (n,) or None, ``out_weight`` (p, n), ``out_bias`` (p,) or
        None, ``skip_weight`` (p, m) or None; the weights transposed if `layout` is "in_out".
    units : array_like of int, shape (u,)
        Which hidden units, each once; counted from 0.
    relation : UnitRelation
        With K terms. The first takes the place of the unit; the other K - 1 become new units at the end, for one
        unit after the other, so the new width is n + u (K - 1).
    layout : {"out_in", "in_out"}
        "out_in": a layer is y = Wx, as in ``torch.nn.Linear``.  "in_out": y = xW, as in scikit-learn's ``coefs_``.

    Returns
    -------
    SkipLayers
        New arrays of the same dtypes; those given are left as they are.

    Raises
    ------
    ShapeError
        If something does not fit, or if a part of the relation has nowhere to go: a slope needs a skip connection,
        shifts need a hidden bias, and a constant needs an output bias.

    Notes
    -----
    Computed in double precision at least, and rounded once.

    Examples
    --------
    A ReLU unit is mirrored: v relu(w x + b) = v relu(-w x - b) + v w x + v b.

    >>> mirror = UnitRelation([1.0], [-1.0], [0.0], slope=1.0)
    >>> new = rewrite_units(([[2.0]], [1.0], [[3.0]], [0.0], [[0.0]]), [0], mirror)
    >>> [array.tolist() for array in new]
    [[[-2.0]], [-1.0], [[3.0]], [3.0], [[6.0]]]
    """
    if layout not in ("out_in", "in_out"):
        raise ShapeError(f'the layout is "out_in" or "in_out", not {layout!r}')
    given = _read(layers, layout)
    chosen = _chosen(units, len(given.hidden_weight))
    wide = [None if a is None else a.astype(np.result_type(a.dtype, np.float64)) for a in given]
    work = SkipLayers(cast(FloatArray, wide[0]), wide[1], cast(FloatArray, wide[2]), wide[3], wide[4])
    _check_room(work, chosen, relation)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        moved = _corrected(work, chosen, relation)
        rounded = [None if a is None else _rounded(a, cast(FloatArray, b))
                   for a, b in zip(_replaced(moved, work, chosen, relation), given, strict=True)]
    if layout == "in_out":
        rounded = [None if a is None else a.T for a in rounded]
    return SkipLayers(cast(FloatArray, rounded[0]), rounded[1], cast(FloatArray, rounded[2]), rounded[3], rounded[4])


def _read(layers: Any, layout: Layout) -> SkipLayers:
    """The arrays in the layout "out_in", checked against each other."""
    if not isinstance(layers, tuple | list) or len(layers) != 5:
        raise ShapeError("the layers are hidden weight and bias, output weight and bias, and skip weight: five arrays")
    names = SkipLayers._fields
    arrays = [None if a is None else as_floating(a, name) for a, name in zip(layers, names, strict=True)]
    for place, dimension in enumerate((2, 1, 2, 1, 2)):
        array = arrays[place]
        if array is None and place in (0, 2):
            raise ShapeError(f"{names[place]} is missing")
        if array is not None and array.ndim != dimension:
            raise ShapeError(f"{names[place]} has shape {array.shape}; {dimension} axes are needed")
    if layout == "in_out":
        arrays = [None if a is None else a.T for a in arrays]
    hidden, out = cast(FloatArray, arrays[0]), cast(FloatArray, arrays[2])
    (n, m), p = hidden.shape, out.shape[0]
    for name, array, shape in zip(names, arrays, ((n, m), (n,), (p, n), (p,), (p, m)), strict=True):
        if array is not None and array.shape != shape:
            raise ShapeError(f"{name} has shape {array.shape}, but {shape} fits the other layers (outputs first)")
    return SkipLayers(hidden, arrays[1], out, arrays[3], arrays[4])


def _chosen(units: npt.ArrayLike, n: int) -> npt.NDArray[np.intp]:
    chosen = np.asarray(units)
    if chosen.size == 0:
        return np.zeros(0, dtype=np.intp)
    if chosen.ndim != 1 or not np.issubdtype(chosen.dtype, np.integer):
        raise ShapeError(f"units are a list of indices, not an array of shape {chosen.shape} and dtype {chosen.dtype}")
    if chosen.min() < 0 or chosen.max() >= n:
        raise ShapeError(f"units are between 0 and {n - 1}; {int(chosen.min())} to {int(chosen.max())} were given")
    if len(np.unique(chosen)) != len(chosen):
        raise ShapeError("a unit is named twice")
    return chosen.astype(np.intp)


def _check_room(layers: SkipLayers, chosen: npt.NDArray[np.intp], relation: UnitRelation) -> None:
    if not len(chosen):
        return
    if relation.slope and layers.skip_weight is None:
        raise ShapeError("the relation has a slope: there is no skip connection to take up the linear part; give zeros")
    if any(relation.shifts) and layers.hidden_bias is None:
        raise ShapeError("the relation has shifts: there is no hidden bias to take them up; give zeros")
    constant = relation.intercept or (relation.slope and layers.hidden_bias is not None)
    if constant and layers.out_bias is None:
        raise ShapeError("the relation leaves a constant: there is no output bias to take it up; give zeros")


def _corrected(layers: SkipLayers, chosen: npt.NDArray[np.intp], relation: UnitRelation) -> SkipLayers:
    """The skip path and the output bias, with the affine part of the chosen units added."""
    columns = layers.out_weight[:, chosen]
    skip, bias = layers.skip_weight, layers.out_bias
    if relation.slope and skip is not None:
        skip = skip + relation.slope * (columns @ layers.hidden_weight[chosen])
    if bias is not None:
        shift = np.full(len(chosen), relation.intercept)
        if layers.hidden_bias is not None:
            shift = shift + relation.slope * layers.hidden_bias[chosen]
        bias = bias + columns @ shift
    return layers._replace(skip_weight=skip, out_bias=bias)


def _replaced(
    layers: SkipLayers, old: SkipLayers, chosen: npt.NDArray[np.intp], relation: UnitRelation
) -> SkipLayers:
    """The units themselves: the first term in place, the others appended."""
    weight, bias, out = (None if a is None else a.copy() for a in (old.hidden_weight, old.hidden_bias, old.out_weight))
    weights, biases, outs = [cast(FloatArray, weight)], [bias], [cast(FloatArray, out)]
    for k, (factor, scale, shift) in enumerate(zip(relation.factors, relation.scales, relation.shifts, strict=True)):
        new_weight = scale * old.hidden_weight[chosen]
        new_bias = None if old.hidden_bias is None else scale * old.hidden_bias[chosen] + shift
        new_out = factor * old.out_weight[:, chosen]
        if k == 0:
            weights[0][chosen], outs[0][:, chosen] = new_weight, new_out
            if biases[0] is not None and new_bias is not None:
                biases[0][chosen] = new_bias
        else:
            weights.append(new_weight)
            biases.append(new_bias)
            outs.append(new_out)
    # The new units of one old unit stay together.
    order = np.arange(len(chosen) * (len(weights) - 1)).reshape(len(weights) - 1, len(chosen)).T.ravel()
    kept = [b for b in biases if b is not None]
    return layers._replace(
        hidden_weight=_joined(weights, order, 0), hidden_bias=_joined(kept, order, 0) if kept else None,
        out_weight=_joined(outs, order, 1),
    )  # fmt: skip


def _joined(parts: list[FloatArray], order: npt.NDArray[np.intp], axis: int) -> FloatArray:
    if len(parts) == 1:
        return parts[0]
    added = np.take(np.concatenate(parts[1:], axis=axis), order, axis=axis)
    return np.asarray(np.concatenate([parts[0], added], axis=axis))


def _rounded(array: FloatArray, like: FloatArray) -> FloatArray:
    rounded = array.astype(like.dtype)
    if not np.isfinite(rounded).all() and np.isfinite(like).all():
        raise ShapeError(f"a new weight is not finite in {like.dtype}")
    return rounded
