"""The symmetry of a whole network: W_i ↦ A_i·W_i·φ(A_{i-1})⁻¹ and b_i ↦ A_i·b_i."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy.typing as npt

from intertwine.numeric.action import act_vector
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


def transform_network(
    weights: Sequence[npt.ArrayLike],
    biases: Sequence[npt.ArrayLike | None] | None,
    intertwiners: Sequence[Intertwiner | None],
    layout: Layout = "out_in",
    inplace: bool = False,
) -> tuple[list[FloatArray], list[FloatArray | None]]:
    """Move the weights of a feed-forward network along its symmetry group; the function it computes stays the same.

    With A_i the element of hidden layer i and A_0, A_k the identity on inputs and outputs,
    W_i becomes A_i·W_i·φ(A_{i-1})⁻¹ and b_i becomes A_i·b_i.

    Parameters
    ----------
    weights : sequence of k array_like of float, shapes (..., n_i, n_{i-1})
        The layers in order, each one matrix or a batch; transposed if `layout` is "in_out".
    biases : sequence of k array_like of float or None, shapes (..., n_i); or None
        None stands for a missing bias, or for all of them missing.
    intertwiners : sequence of k - 1 Intertwiner or None
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

    References
    ----------
    C. Godfrey, D. Brown, T. Emerson, H. Kvinge, "On the Symmetries of Deep Learning Models and their Internal
    Representations", NeurIPS 2022, Proposition 3.4.

    Examples
    --------
    >>> from intertwine.numeric import Intertwiner, ScaledPermutation
    >>> A = ScaledPermutation([1, 0], [2.0, 4.0])
    >>> W, b = transform_network([[[1.0], [3.0]], [[1.0, 1.0]]], [[0.5, 0.0], None], [Intertwiner(A, A)])
    >>> W[0].tolist(), b[0].tolist(), W[1].tolist()
    ([[6.0], [4.0]], [0.0, 2.0], [[0.5, 0.25]])
    """
    layers = read_layers(weights, biases, intertwiners, layout)
    for layer in layers:
        check_layer(layer)
    if inplace:
        check_writable(layers, weights, biases)
    new_weights = [swap(transform_weight(layer, inplace), layout) for layer in layers]
    new_biases = [_transform_bias(layer, inplace) for layer in layers]
    return new_weights, new_biases


def transform_mlp(estimator: _Estimator, intertwiners: Sequence[Intertwiner | None]) -> _Estimator:
    """A copy of a fitted scikit-learn ``MLPClassifier`` or ``MLPRegressor`` with its weights moved.

    Parameters
    ----------
    estimator : object
        Anything fitted with ``coefs_`` and ``intercepts_`` in scikit-learn's layout; it is left as it is.
    intertwiners : sequence of Intertwiner or None
        One for each hidden layer, from the group of the estimator's activation.

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
    return moved_estimator(estimator, lambda W, b: transform_network(W, b, intertwiners, layout="in_out"))


def _transform_bias(layer: Layer, inplace: bool) -> FloatArray | None:
    if layer.bias is None:
        return None
    result = layer.bias if inplace else None
    if layer.outgoing is not None:
        result = act_vector(layer.outgoing, layer.bias, out=result)
    return layer.bias.copy() if result is None else result
