"""The layers of a network as they are read, checked and written to, for every kind of symmetry."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric.action import act_columns, act_rows
from intertwine.numeric.arrays import FloatArray, as_floating, overlap
from intertwine.numeric.elements import Element
from intertwine.numeric.intertwiner import Intertwiner

Layout = Literal["out_in", "in_out"]
_Estimator = TypeVar("_Estimator")
_Arrays = Sequence[npt.ArrayLike]
_Moved = tuple[list[FloatArray], list[FloatArray | None]]


@dataclass(frozen=True)
class Layer:
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


def read_layers(
    weights: Sequence[npt.ArrayLike],
    biases: Sequence[npt.ArrayLike | None] | None,
    intertwiners: Sequence[Intertwiner | None],
    layout: Layout,
) -> list[Layer]:
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
        layers.append(Layer(name, swap(matrix, layout), vector, incoming, outgoing, layout))
    return layers


def swap(matrix: FloatArray, layout: Layout) -> FloatArray:
    """A view that turns `layout` into "out_in", and back."""
    return matrix if layout == "out_in" else np.swapaxes(matrix, -1, -2)


def check_layer(layer: Layer) -> None:
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


def _actions(layer: Layer) -> Iterator[tuple[Element, FloatArray]]:
    if layer.outgoing is not None:
        yield layer.outgoing, layer.weight
        if layer.bias is not None:
            yield layer.outgoing, layer.bias
    if layer.incoming is not None:
        yield layer.incoming.contragredient(), layer.weight


def check_writable(
    layers: Sequence[Layer],
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


def transform_weight(layer: Layer, inplace: bool) -> FloatArray:
    result = layer.weight if inplace else None
    if layer.outgoing is not None:
        result = act_rows(layer.outgoing, layer.weight, out=result)
    if layer.incoming is not None:
        result = act_columns(layer.weight if result is None else result, layer.incoming, out=result)
    return layer.weight.copy(order="K") if result is None else result


def moved_estimator(estimator: _Estimator, move: Callable[[_Arrays, _Arrays], _Moved]) -> _Estimator:
    """A copy of a fitted scikit-learn MLP with other weights.

    Raises
    ------
    IntertwineError
        If the estimator has no weights, because it is of another kind or has not been fitted.
    """
    if not (hasattr(estimator, "coefs_") and hasattr(estimator, "intercepts_")):
        raise IntertwineError(f"{type(estimator).__name__} has no coefs_ and intercepts_; is it a fitted MLP?")
    clone: Any = copy.deepcopy(estimator)
    clone.coefs_, clone.intercepts_ = move(clone.coefs_, clone.intercepts_)
    moved: _Estimator = clone
    return moved
