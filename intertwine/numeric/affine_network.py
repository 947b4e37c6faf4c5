"""The symmetry of a network whose activation has affine intertwiners: the biases take up the shifts.

With σ(A_i h + c_i) = B_i σ(h) + d_i at hidden layer i, pre-activations move to A_i h_i + c_i and activations to
B_i z_i + d_i. From h_i = W_i z_{i-1} + b_i that leaves exactly

    W_i ↦ W_i' = A_i·W_i·B_{i-1}⁻¹,    b_i ↦ A_i·b_i + c_i - W_i'·d_{i-1},

with the identity on inputs and outputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric.affine import AffineElement, AffineIntertwiner
from intertwine.numeric.arrays import FloatArray
from intertwine.numeric.intertwiner import Intertwiner
from intertwine.numeric.layers import (
    Layer,
    Layout,
    check_layer,
    check_writable,
    moved_estimator,
    read_layers,
    swap,
    transform_weight,
)

_Estimator = TypeVar("_Estimator")


def transform_network_affine(
    weights: Sequence[npt.ArrayLike],
    biases: Sequence[npt.ArrayLike | None] | None,
    intertwiners: Sequence[AffineIntertwiner | Intertwiner | None],
    layout: Layout = "out_in",
    inplace: bool = False,
) -> tuple[list[FloatArray], list[FloatArray | None]]:
    """Move the weights and biases of a feed-forward network along its affine symmetries; its function stays the same.

    W_i becomes W_i' = A_i·W_i·B_{i-1}⁻¹ and b_i becomes A_i·b_i + c_i - W_i'·d_{i-1}, where (A_i, c_i) and its image
    (B_i, d_i) belong to hidden layer i, and inputs and outputs are left alone. The bias of the last layer changes too.

    Parameters
    ----------
    weights : sequence of k array_like of float, shapes (..., n_i, n_{i-1})
        The layers in order, each one matrix or a batch; transposed if `layout` is "in_out".
    biases : sequence of k array_like of float or None, shapes (..., n_i); or None
        None stands for a missing bias, which is possible only where no shift has to go into it.
    intertwiners : sequence of k - 1 AffineIntertwiner, Intertwiner or None
        One for each hidden layer; None stands for the identity.
    layout : {"out_in", "in_out"}
        "out_in": a layer is y = Wx, as in ``torch.nn.Linear``.  "in_out": y = xW, as in scikit-learn's ``coefs_``.
    inplace : bool
        Write into the arrays given, which must then be numpy arrays that share no memory.

    Returns
    -------
    weights, biases : lists
        New arrays, or views of the arrays given when `inplace`; each keeps its dtype and layout.

    Raises
    ------
    ShapeError
        If something does not fit.  The message names the layer, counted from 1; nothing has been changed then.

    Notes
    -----
    The new biases are computed in double precision at least, and rounded once.

    Examples
    --------
    One logistic unit is flipped: σ(-x) = 1 - σ(x).

    >>> from intertwine.numeric import ScaledPermutation
    >>> flip = ScaledPermutation([0], [-1.0])
    >>> g = AffineIntertwiner(AffineElement(flip), AffineElement(flip, [1.0]))
    >>> W, b = transform_network_affine([[[2.0]], [[3.0]]], [[0.5], [1.0]], [g])
    >>> [v.tolist() for v in W], [v.tolist() for v in b]
    ([[[-2.0]], [[-3.0]]], [[-0.5], [4.0]])
    """
    group = [_as_affine(g) for g in intertwiners]
    layers = read_layers(weights, biases, [None if g is None else g.linear for g in group], layout)
    for layer in layers:
        check_layer(layer)
    if inplace:
        check_writable(layers, weights, biases)
    before = [None, *(None if g is None else g.image for g in group)]
    after = [*(None if g is None else g.element for g in group), None]
    # All biases are known, and known to fit, before the first array is written to. No layers have no ends either.
    moved = [_moved_bias(layer, last, new) for layer, last, new in zip(layers, before, after, strict=False)]
    new_weights = [swap(transform_weight(layer, inplace), layout) for layer in layers]
    return new_weights, [_stored(layer, bias, inplace) for layer, bias in zip(layers, moved, strict=True)]


def transform_mlp_affine(
    estimator: _Estimator, intertwiners: Sequence[AffineIntertwiner | Intertwiner | None]
) -> _Estimator:
    """A copy of a fitted scikit-learn ``MLPClassifier`` or ``MLPRegressor``, moved along its affine symmetries.

    Parameters
    ----------
    estimator : object
        Anything fitted with ``coefs_`` and ``intercepts_`` in scikit-learn's layout; it is left as it is.
    intertwiners : sequence of AffineIntertwiner, Intertwiner or None
        One for each hidden layer, from the affine group of the estimator's activation.

    Returns
    -------
    object
        A deep copy with new ``coefs_`` and ``intercepts_``.

    Raises
    ------
    IntertwineError
        If the estimator has no weights, because it is of another kind or has not been fitted.
    ShapeError
        If the intertwiners do not fit the widths.
    """
    return moved_estimator(estimator, lambda W, b: transform_network_affine(W, b, intertwiners, layout="in_out"))


def _as_affine(intertwiner: AffineIntertwiner | Intertwiner | None) -> AffineIntertwiner | None:
    if isinstance(intertwiner, Intertwiner):
        return AffineIntertwiner.from_linear(intertwiner)
    if intertwiner is not None and not isinstance(intertwiner, AffineIntertwiner):
        raise ShapeError(f"an intertwiner is needed for each hidden layer, not a {type(intertwiner).__name__}")
    return intertwiner


def _moved_bias(layer: Layer, before: AffineElement | None, after: AffineElement | None) -> FloatArray | None:
    """A·(b - W·B⁻¹d) + c in the dtype of the bias, or None where there is none."""
    shifts_in = before is not None and not before.is_linear
    shifts_out = after is not None and not after.is_linear
    if layer.bias is None:
        if shifts_in or shifts_out:
            raise ShapeError(f"{layer.name}: there is no bias to take up the shifts of the group elements; give zeros")
        return None
    working = np.result_type(layer.bias.dtype, np.float64)
    bias = layer.bias.astype(working)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        if shifts_in and before is not None:
            try:
                pulled = before.linear.inverse().apply(before.shift.astype(working))
            except IntertwineError as error:
                raise ShapeError(f"{layer.name}: {error}") from error
            bias = bias - _fitting(_product(layer.weight, pulled), bias, layer.name)
        if after is not None:
            bias = after.linear.apply(bias) + after.shift
        rounded = bias.astype(layer.bias.dtype)
    if not np.isfinite(rounded).all() and np.isfinite(layer.bias).all():
        raise ShapeError(f"{layer.name}: the new bias is not finite in {layer.bias.dtype}")
    return rounded


def _product(weight: FloatArray, vector: FloatArray) -> FloatArray:
    """W·v in the precision of v; einsum converts a weight of lower precision block by block and not as a whole."""
    if weight.dtype == vector.dtype:
        return np.asarray(np.matmul(weight, vector))
    return np.asarray(np.einsum("...ij,j->...i", weight, vector))


def _fitting(step: FloatArray, bias: FloatArray, name: str) -> FloatArray:
    try:
        fits = np.broadcast_shapes(step.shape, bias.shape) == bias.shape
    except ValueError:
        fits = False
    if not fits:
        raise ShapeError(
            f"{name}: bias has shape {bias.shape} but takes up a shift of shape {step.shape}; "
            "each weight of a batch needs a bias of its own"
        )
    return step


def _stored(layer: Layer, bias: FloatArray | None, inplace: bool) -> FloatArray | None:
    if bias is None or layer.bias is None or not inplace:
        return bias
    layer.bias[...] = bias
    return layer.bias
