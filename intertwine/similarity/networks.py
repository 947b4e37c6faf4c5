"""Networks that can be cut between layers: what stitching needs, and multilayer perceptrons as arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric.arrays import FloatArray, IndexArray, as_array, as_floating

_SKLEARN: dict[str, Callable[[FloatArray], FloatArray]] = {
    "identity": lambda z: z,
    "relu": lambda z: np.maximum(z, 0),
    "tanh": np.tanh,
    "logistic": lambda z: 0.5 * (1 + np.tanh(0.5 * z)),
}


@runtime_checkable
class Layered(Protocol):
    """A network that can be cut behind its hidden layers, numbered from 1."""

    @property
    def depth(self) -> int:
        """The number of hidden layers."""

    def bottom(self, inputs: npt.ArrayLike, layer: int) -> FloatArray:
        """The activations behind the nonlinearity of a hidden layer, units along axis 1."""

    def top(self, hidden: npt.ArrayLike, layer: int) -> FloatArray:
        """The outputs (logits) for activations behind a hidden layer."""


@dataclass(frozen=True)
class MLP:
    """A multilayer perceptron y = W_k·σ(… σ(W_1·x + b_1) …) + b_k.

    Parameters
    ----------
    weights : sequence of k array_like of float, shapes (n_i, n_{i-1})
        As in ``torch.nn.Linear``.
    biases : sequence of k array_like of float, shapes (n_i,)
        The biases.
    activation : callable
        σ on arrays of shape (samples, units); it may mix the units of a sample.

    Raises
    ------
    ShapeError
        If the shapes do not fit.

    Examples
    --------
    >>> net = MLP([np.eye(2), np.ones((1, 2))], [np.zeros(2), np.zeros(1)], lambda z: np.maximum(z, 0))
    >>> net(np.array([[3.0, -1.0]]))
    array([[3.]])
    >>> net.top(net.bottom(np.array([[3.0, -1.0]]), 1), 1)
    array([[3.]])
    """

    weights: Sequence[FloatArray]
    biases: Sequence[FloatArray]
    activation: Callable[[FloatArray], FloatArray]

    def __post_init__(self) -> None:
        if len(self.weights) != len(self.biases) or len(self.weights) < 2:
            raise ShapeError(f"{len(self.weights)} weights and {len(self.biases)} biases make no perceptron")
        # A frozen value whose arrays may have been given as lists or tensors.
        object.__setattr__(self, "weights", [as_floating(w, "a weight") for w in self.weights])
        object.__setattr__(self, "biases", [as_floating(b, "a bias") for b in self.biases])
        for i, (w, b) in enumerate(zip(self.weights, self.biases, strict=True)):
            if np.ndim(w) != 2:
                raise ShapeError(f"layer {i + 1}: a weight has two axes, not the shape {np.shape(w)}")
            before = np.shape(self.weights[i - 1])[0] if i else np.shape(w)[1]
            if np.shape(w)[1] != before or np.shape(b) != np.shape(w)[:1]:
                raise ShapeError(f"layer {i + 1}: weight {np.shape(w)} and bias {np.shape(b)} do not fit")

    @classmethod
    def from_sklearn(cls, estimator: Any) -> MLP:
        """A fitted ``MLPClassifier`` or ``MLPRegressor``; the outputs are those before the last nonlinearity."""
        if not hasattr(estimator, "coefs_"):
            raise IntertwineError(f"{type(estimator).__name__} has no coefs_; is it a fitted MLP?")
        weights = [np.ascontiguousarray(w.T) for w in estimator.coefs_]
        return cls(weights, list(estimator.intercepts_), _SKLEARN[estimator.activation])

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return len(self.weights) - 1

    def bottom(self, inputs: npt.ArrayLike, layer: int, before: bool = False) -> FloatArray:
        """The activations behind (or before) the nonlinearity of hidden layer `layer`, from 1 to `depth`."""
        self._check(layer)
        h = _rows(inputs, np.shape(self.weights[0])[1], "the inputs")
        for i in range(layer):
            z = h @ self.weights[i].T + self.biases[i]
            if before and i == layer - 1:
                return np.asarray(z)
            h = self.activation(z)
        return h

    def top(self, hidden: npt.ArrayLike, layer: int) -> FloatArray:
        """The outputs for activations behind the nonlinearity of hidden layer `layer`."""
        self._check(layer)
        h = _rows(hidden, np.shape(self.weights[layer])[1], "the activations")
        for i in range(layer, self.depth):
            h = self.activation(h @ self.weights[i].T + self.biases[i])
        return np.asarray(h @ self.weights[-1].T + self.biases[-1])

    def __call__(self, inputs: npt.ArrayLike) -> FloatArray:
        return self.top(self.bottom(inputs, 1), 1)

    def _check(self, layer: int) -> None:
        if not isinstance(layer, Integral) or not 1 <= layer <= self.depth:
            raise ShapeError(f"hidden layers are numbered from 1 to {self.depth}; there is no layer {layer!r}")


def _rows(values: npt.ArrayLike, width: int, what: str) -> FloatArray:
    array = as_floating(values, what)
    if array.ndim != 2 or array.shape[1] != width:
        raise ShapeError(f"{what} have shape {array.shape}, not samples × {width}")
    return array


def classes(labels: npt.ArrayLike, logits: FloatArray) -> IndexArray:
    """Labels as numbers of columns of the logits.

    Raises
    ------
    ShapeError
        If they are not one whole number from 0 for each sample, below the number of logits.
    """
    found = as_array(labels, "the labels")
    if found.shape != logits.shape[:1] or not np.issubdtype(found.dtype, np.integer):
        raise ShapeError(f"labels are {len(logits)} whole numbers, not an array of shape {found.shape}, {found.dtype}")
    if not found.size:
        raise ShapeError("there are no samples to score")
    if found.min() < 0 or found.max() >= logits.shape[1]:
        raise ShapeError(f"labels lie between 0 and {logits.shape[1] - 1}, not {found.min()} and {found.max()}")
    return found


def accuracy(logits: FloatArray, labels: npt.ArrayLike) -> float:
    """The fraction of samples whose largest logit is that of the label."""
    return float(np.mean(logits.argmax(1) == classes(labels, logits)))


def cross_entropy(logits: FloatArray, labels: npt.ArrayLike) -> float:
    """The mean of -log softmax(logits)[label]."""
    shifted = logits - logits.max(1, keepdims=True)
    chosen = np.take_along_axis(shifted, classes(labels, logits)[:, None], 1)[:, 0]
    return float(np.mean(np.log(np.exp(shifted).sum(1)) - chosen))
