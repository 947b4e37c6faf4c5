"""Small perceptrons trained in numpy on scikit-learn's digits, for elementwise and radial activations alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from intertwine.errors import IntertwineError
from intertwine.numeric.arrays import FloatArray, IndexArray
from intertwine.similarity import MLP


@dataclass(frozen=True)
class Nonlinearity:
    """σ on rows, its transposed derivative applied to a gradient, and the formula its group is derived from."""

    forward: Callable[[FloatArray], FloatArray]
    backward: Callable[[FloatArray, FloatArray], FloatArray]
    formula: str
    radial: bool = False

    def group(self) -> Any:
        """The intertwiner group, derived from the formula."""
        from intertwine.api import derive

        if not self.radial:
            return derive(self.formula)
        from intertwine.vectors import Radial, derive_family

        return derive_family(Radial(self.formula))


def _relu_back(z: FloatArray, g: FloatArray) -> FloatArray:
    return g * (z > 0)


def _tanh_back(z: FloatArray, g: FloatArray) -> FloatArray:
    return np.asarray(g * (1 - np.tanh(z) ** 2))


def _relu(z: FloatArray) -> FloatArray:
    return np.maximum(z, 0)


def _square(z: FloatArray) -> FloatArray:
    return np.maximum(z, 0) * z


def _square_back(z: FloatArray, g: FloatArray) -> FloatArray:
    return 2 * g * np.maximum(z, 0)


# |x| is measured in units of its typical size at the start, so that tanh is neither linear nor saturated there.
_SIZE = 4.0


def _radial(z: FloatArray) -> FloatArray:
    r = np.linalg.norm(z, axis=1, keepdims=True) + 1e-12
    return np.asarray(z * (_SIZE * np.tanh(r / _SIZE) / r))


def _radial_back(z: FloatArray, g: FloatArray) -> FloatArray:
    r = np.linalg.norm(z, axis=1, keepdims=True) + 1e-12
    u, t = z / r, np.tanh(r / _SIZE)
    along = np.sum(g * u, axis=1, keepdims=True)
    return np.asarray((g - along * u) * (_SIZE * t / r) + along * u * (1 - t**2))


NONLINEARITIES: dict[str, Nonlinearity] = {
    "relu": Nonlinearity(_relu, _relu_back, "relu"),
    "tanh": Nonlinearity(np.tanh, _tanh_back, "tanh"),
    "radial": Nonlinearity(_radial, _radial_back, "4*tanh(r/4)/r", radial=True),
    "squared-relu": Nonlinearity(_square, _square_back, "x*Max(0, x)"),
}


#: Perceptrons, and convolutional networks with the PyTorch extra.
NETWORKS = ("perceptron", "convolutional")


@dataclass(frozen=True)
class Settings:
    """What a training run depends on, beside the seed."""

    network: str = "perceptron"
    activation: str = "relu"
    width: int = 64
    depth: int = 3
    epochs: int = 40
    batch: int = 64
    rate: float = 2e-3

    def __post_init__(self) -> None:
        if self.activation not in NONLINEARITIES:
            known = ", ".join(NONLINEARITIES)
            raise IntertwineError(f"no network is trained with {self.activation!r}; known are {known}")
        if self.network not in NETWORKS:
            raise IntertwineError(f"unknown network {self.network!r}; known are {', '.join(NETWORKS)}")

    def of(self, network: str, activation: str) -> Settings:
        """The settings for another network and activation; convolutions have fewer channels and need fewer epochs."""
        if network == "convolutional" and self.network != network:
            smaller = min(self.width, 16), min(self.epochs, 15)
            return replace(self, network=network, activation=activation, width=smaller[0], epochs=smaller[1])
        return replace(self, network=network, activation=activation)


@dataclass(frozen=True)
class Digits:
    """Scikit-learn's digits: 1797 pictures of 8×8 pixels, in two parts that are the same for every seed."""

    inputs: FloatArray
    labels: IndexArray
    test_inputs: FloatArray
    test_labels: IndexArray


@cache
def digits() -> Digits:
    """The data, scaled to [0, 1]; a quarter is kept for tests."""
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise IntertwineError('the experiments need scikit-learn: pip install "intertwine[similarity]"') from error
    data, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(data))
    x, y, cut = data[order] / 16.0, labels[order], 3 * len(data) // 4
    return Digits(x[:cut], y[:cut], x[cut:], y[cut:])


def train(settings: Settings, seed: int) -> MLP:
    """A perceptron trained with Adam on the cross-entropy; equal settings and seeds give equal networks."""
    data, sigma = digits(), NONLINEARITIES[settings.activation]
    rng = np.random.default_rng(seed)
    sizes = [data.inputs.shape[1], *[settings.width] * settings.depth, 10]
    pairs = list(zip(sizes, sizes[1:], strict=False))
    parameters = [rng.standard_normal((m, n)) * np.sqrt(2 / n) for n, m in pairs]
    parameters += [np.zeros(m) for _, m in pairs]
    first = [np.zeros_like(p) for p in parameters]
    second = [np.zeros_like(p) for p in parameters]
    step = 0
    for _ in range(settings.epochs):
        order = rng.permutation(len(data.inputs))
        for start in range(0, len(order), settings.batch):
            rows = order[start : start + settings.batch]
            gradients = _gradients(parameters, sigma, data.inputs[rows], data.labels[rows])
            step += 1
            for p, g, m, v in zip(parameters, gradients, first, second, strict=True):
                m += 0.1 * (g - m)
                v += 0.001 * (g * g - v)
                p -= settings.rate * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
    return MLP(parameters[: len(pairs)], parameters[len(pairs) :], sigma.forward)


def _gradients(
    parameters: list[FloatArray], sigma: Nonlinearity, x: FloatArray, y: IndexArray
) -> list[FloatArray]:
    depth = len(parameters) // 2
    weights, biases = parameters[:depth], parameters[depth:]
    inputs, before = [x], []
    for w, b in zip(weights, biases, strict=True):
        before.append(inputs[-1] @ w.T + b)
        inputs.append(sigma.forward(before[-1]))
    logits = before[-1]
    p = np.exp(logits - logits.max(1, keepdims=True))
    gradient = p / p.sum(1, keepdims=True)
    gradient[np.arange(len(y)), y] -= 1
    gradient /= len(y)
    found: list[FloatArray] = [gradient] * (2 * depth)
    for i in range(depth - 1, -1, -1):
        found[i], found[depth + i] = gradient.T @ inputs[i], gradient.sum(0)
        if i:
            gradient = sigma.backward(before[i - 1], gradient @ weights[i])
    return found
