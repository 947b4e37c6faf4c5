"""Fitted scikit-learn MLPs as architectures."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import numpy as np

from intertwine.errors import IntertwineError
from intertwine.networks.architecture import Architecture
from intertwine.networks.described import Described

if TYPE_CHECKING:
    from intertwine.networks.affine_symmetry import AffineTransformation
    from intertwine.networks.transformation import Array, Transformation

_ACTIVATIONS = {"identity": "identity", "logistic": "sigmoid", "tanh": "tanh", "relu": "relu"}


class SklearnNetwork(Described):
    """A fitted ``MLPClassifier`` or ``MLPRegressor`` with its architecture.

    Weights are called ``coefs_.0``, ``intercepts_.0``, … Read one with :func:`read_sklearn`.
    """

    def __init__(self, estimator: Any) -> None:
        if not hasattr(estimator, "coefs_") or getattr(estimator, "activation", None) not in _ACTIVATIONS:
            raise IntertwineError("a fitted MLPClassifier or MLPRegressor of scikit-learn is needed")
        self.estimator = estimator
        net = self.architecture = Architecture(type(estimator).__name__)
        x = net.input("x", ("samples", estimator.coefs_[0].shape[0]))
        last = len(estimator.coefs_) - 1
        for k, (W, b) in enumerate(zip(estimator.coefs_, estimator.intercepts_, strict=True)):
            made = net.matmul(x, net.weight(f"coefs_.{k}", W.shape))
            x = net.add(made, net.weight(f"intercepts_.{k}", b.shape))
            if k < last:
                x = net.activation(x, _ACTIVATIONS[estimator.activation])
        net.output(x)

    @property
    def weights(self) -> dict[str, Array]:
        """The weights by name."""
        found = {f"coefs_.{k}": np.asarray(W) for k, W in enumerate(self.estimator.coefs_)}
        return found | {f"intercepts_.{k}": np.asarray(b) for k, b in enumerate(self.estimator.intercepts_)}

    def moved(self, g: Transformation | AffineTransformation) -> Any:
        """A copy of the estimator with its weights moved."""
        result = copy.deepcopy(self.estimator)
        moved = g.apply(self.weights)
        result.coefs_ = [moved[f"coefs_.{k}"] for k in range(len(result.coefs_))]
        result.intercepts_ = [moved[f"intercepts_.{k}"] for k in range(len(result.intercepts_))]
        return result


def read_sklearn(estimator: Any) -> SklearnNetwork:
    """Read a fitted ``MLPClassifier`` or ``MLPRegressor``.

    Raises
    ------
    IntertwineError
        It is something else, or not fitted.
    """
    return SklearnNetwork(estimator)
