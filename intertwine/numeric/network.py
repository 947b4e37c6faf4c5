"""The symmetry of a whole network: W_i ↦ A_i·W_i·φ(A_{i-1})⁻¹ and b_i ↦ A_i·b_i."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric.action import act_columns, act_rows, act_vector
from intertwine.numeric.arrays import FloatArray, as_floating, overlap
from intertwine.numeric.elements import Element
from intertwine.numeric.intertwiner import Intertwiner

Layout = Literal["out_in", "in_out"]
_Estimator = TypeVar("_Estimator")


@dataclass(frozen=True)
class _Layer:
    """One layer as y = Wx + b, with the two elements that act on it; None stands for the identity."""

    name: str
    weight: FloatArray
    bias: FloatArray | None
    incoming: Element | None
    outgoing: Element | None
    layout: Layout

    @property
    def output_axis(self) -> str:
        """What the units put out are called in the array that was given."""
        return "rows" if self.layout == "out_in" else "columns"

    @property
    def input_axis(self) -> str:
        """What the units taken in are called in the array that was given."""
        return "columns" if self.layout == "out_in" else "rows"


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
    layers = _layers(weights, biases, intertwiners, layout)
    for layer in layers:
        _check_layer(layer)
    if inplace:
        _check_writable(layers, weights, biases)
    new_weights = [_swap(_transform_weight(layer, inplace), layout) for layer in layers]
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
    if not (hasattr(estimator, "coefs_") and hasattr(estimator, "intercepts_")):
        raise IntertwineError(f"{type(estimator).__name__} has no coefs_ and intercepts_; is it a fitted MLP?")
    clone: Any = copy.deepcopy(estimator)
    clone.coefs_, clone.intercepts_ = transform_network(clone.coefs_, clone.intercepts_, intertwiners, layout="in_out")
    moved: _Estimator = clone
    return moved


def _layers(
    weights: Sequence[npt.ArrayLike],
    biases: Sequence[npt.ArrayLike | None] | None,
    intertwiners: Sequence[Intertwiner | None],
    layout: Layout,
) -> list[_Layer]:
    if layout not in ("out_in", "in_out"):
        raise ShapeError(f"the layout is 'out_in' or 'in_out', not {layout!r}")
    k = len(weights)
    if biases is None:
        biases = [None] * k
    if len(biases) != k:
        raise ShapeError(f"{k} weights but {len(biases)} biases")
    if len(intertwiners) != max(0, k - 1):
        raise ShapeError(
            f"{k} layers have {max(0, k - 1)} hidden widths, but {len(intertwiners)} intertwiners were given"
        )
    layers = []
    for i, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        name = f"layer {i + 1}"
        matrix = as_floating(weight, f"{name}: weight")
        if matrix.ndim < 2:
            raise ShapeError(f"{name}: weight has shape {matrix.shape}; a matrix, or a batch of them, is needed")
        vector = None if bias is None else as_floating(bias, f"{name}: bias")
        before = intertwiners[i - 1] if i > 0 else None
        after = intertwiners[i] if i < k - 1 else None
        incoming = None if before is None else before.image
        outgoing = None if after is None else after.element
        layers.append(_Layer(name, _swap(matrix, layout), vector, incoming, outgoing, layout))
    return layers


def _swap(matrix: FloatArray, layout: Layout) -> FloatArray:
    """A view that turns `layout` into "out_in", and back."""
    return matrix if layout == "out_in" else np.swapaxes(matrix, -1, -2)


def _check_layer(layer: _Layer) -> None:
    units_out, units_in = layer.weight.shape[-2:]
    if layer.outgoing is not None and layer.outgoing.n != units_out:
        raise ShapeError(
            f"{layer.name}: weight has {units_out} {layer.output_axis} "
            f"but the group element acts on {layer.outgoing.n} units"
        )
    if layer.incoming is not None and layer.incoming.n != units_in:
        raise ShapeError(
            f"{layer.name}: weight has {units_in} {layer.input_axis} "
            f"but the image of the group element acts on {layer.incoming.n} units"
        )
    if layer.bias is not None and layer.bias.shape[-1:] != (units_out,):
        raise ShapeError(
            f"{layer.name}: bias has shape {layer.bias.shape} but weight has {units_out} {layer.output_axis}"
        )
    # Inverting the elements and rounding them to the dtype of the weights could still fail half-way through.
    try:
        for element, array in _actions(layer):
            element.astype(array.dtype)
    except IntertwineError as error:
        raise ShapeError(f"{layer.name}: {error}") from error


def _actions(layer: _Layer) -> Iterator[tuple[Element, FloatArray]]:
    if layer.outgoing is not None:
        yield layer.outgoing, layer.weight
        if layer.bias is not None:
            yield layer.outgoing, layer.bias
    if layer.incoming is not None:
        yield layer.incoming.contragredient(), layer.weight


def _check_writable(
    layers: Sequence[_Layer],
    weights: Sequence[npt.ArrayLike],
    biases: Sequence[npt.ArrayLike | None] | None,
) -> None:
    for layer, weight, bias in zip(layers, weights, biases or [None] * len(layers), strict=True):
        for what, given in (("weight", weight), ("bias", bias)):
            if given is not None and not isinstance(given, np.ndarray):
                raise ShapeError(f"{layer.name}: {what} is a {type(given).__name__}; only numpy arrays change in place")
            if isinstance(given, np.ndarray) and not given.flags.writeable:
                raise ShapeError(f"{layer.name}: {what} is read-only and cannot change in place")
    arrays = [(f"{layer.name}: weight", layer.weight) for layer in layers]
    arrays += [(f"{layer.name}: bias", layer.bias) for layer in layers if layer.bias is not None]
    for i, (name, array) in enumerate(arrays):
        for other_name, other in arrays[:i]:
            if overlap(array, other):
                raise ShapeError(f"{name} shares memory with {other_name}; tied arrays cannot change in place")


def _transform_weight(layer: _Layer, inplace: bool) -> FloatArray:
    result = layer.weight if inplace else None
    if layer.outgoing is not None:
        result = act_rows(layer.outgoing, layer.weight, out=result)
    if layer.incoming is not None:
        result = act_columns(layer.weight if result is None else result, layer.incoming, out=result)
    return layer.weight.copy(order="K") if result is None else result


def _transform_bias(layer: _Layer, inplace: bool) -> FloatArray | None:
    if layer.bias is None:
        return None
    result = layer.bias if inplace else None
    if layer.outgoing is not None:
        result = act_vector(layer.outgoing, layer.bias, out=result)
    return layer.bias.copy() if result is None else result
