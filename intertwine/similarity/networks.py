"""Networks that can be cut between layers: what stitching needs, and multilayer perceptrons as arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric.arrays import FloatArray, as_floating

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
        for i, (w, b) in enumerate(zip(self.weights, self.biases, strict=True)):
            before = np.shape(self.weights[i - 1])[0] if i else np.shape(w)[1]
            if np.ndim(w) != 2 or np.shape(w)[1] != before or np.shape(b) != np.shape(w)[:1]:
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
        h = as_floating(inputs, "the inputs")
        for i in range(layer):
            z = h @ self.weights[i].T + self.biases[i]
            if before and i == layer - 1:
                return np.asarray(z)
            h = self.activation(z)
        return h

    def top(self, hidden: npt.ArrayLike, layer: int) -> FloatArray:
        """The outputs for activations behind the nonlinearity of hidden layer `layer`."""
        self._check(layer)
        h = as_floating(hidden, "the activations")
        for i in range(layer, self.depth):
            h = self.activation(h @ self.weights[i].T + self.biases[i])
        return np.asarray(h @ self.weights[-1].T + self.biases[-1])

    def __call__(self, inputs: npt.ArrayLike) -> FloatArray:
        return self.top(self.bottom(inputs, 1), 1)

    def _check(self, layer: int) -> None:
        if not 1 <= layer <= self.depth:
            raise ShapeError(f"hidden layers are numbered from 1 to {self.depth}; there is no layer {layer}")


def accuracy(logits: FloatArray, labels: npt.ArrayLike) -> float:
    """The fraction of samples whose largest logit is that of the label."""
    return float(np.mean(logits.argmax(1) == np.asarray(labels)))


def cross_entropy(logits: FloatArray, labels: npt.ArrayLike) -> float:
    """The mean of -log softmax(logits)[label]."""
    shifted = logits - logits.max(1, keepdims=True)
    chosen = np.take_along_axis(shifted, np.asarray(labels)[:, None], 1)[:, 0]
    return float(np.mean(np.log(np.exp(shifted).sum(1)) - chosen))
