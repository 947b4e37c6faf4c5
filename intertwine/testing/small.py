"""Small networks that are known twice: as an architecture, and as a numpy function of weights and inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError
from intertwine.networks import Architecture, ParameterSymmetry

Array = npt.NDArray[np.float64]
Weights = Mapping[str, Any]
Forward = Callable[[Weights, Array], Array]

EPSILON = 1e-5

#: Activations in the expression language, with the same function in numpy.
ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "relu": lambda x: np.maximum(x, 0),
    "tanh": np.tanh,
    "Abs(x)": np.abs,
    "x**2": np.square,
    "x**3": lambda x: x**3,
    "x*Abs(x)": lambda x: x * np.abs(x),
    "relu2": lambda x: np.maximum(x, 0) ** 2,
    "leaky_relu": lambda x: np.where(x > 0, x, x / 100),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "silu": lambda x: x / (1 + np.exp(-x)),
    "softplus": lambda x: np.logaddexp(0, x),
    "sin": np.sin,
    "exp(-x**2)": lambda x: np.exp(-(x**2)),
}

#: What a layer may be, with the settings that follow its kind.
LAYERS = {
    "linear": "width, bias", "activation": "activation", "residual": "activation, bias", "gate": "width, activation",
    "layer_norm": "", "rms_norm": "gain",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class SmallNetwork:
    """A network of a few layers on vectors, as data.

    Parameters
    ----------
    inputs, outputs : int
        The numbers of channels; a last linear layer without bias leads to the outputs.
    layers : sequence of tuples
        ``("linear", width, bias)``, ``("activation", text)``, ``("residual", text, bias)``: a linear map and an
        activation added to what goes in, ``("gate", width, text)``: two linear maps, one through an activation,
        multiplied, ``("layer_norm",)`` and ``("rms_norm", gain)``.
    seed : int
        Of the weights.

    Raises
    ------
    IntertwineError
        A layer or an activation that is not known; :data:`ACTIVATIONS` lists those that can be run.

    Examples
    --------
    >>> network = SmallNetwork(2, [("linear", 4, True), ("activation", "relu")], 1)
    >>> network
    SmallNetwork(2, [('linear', 4, True), ('activation', 'relu')], 1, seed=0)
    >>> network.symmetry.spaces[0].kind
    'positive-scaled permutation'
    >>> network(network.weights, np.ones((5, 2))).shape
    (5, 1)
    """

    inputs: int
    layers: Sequence[tuple[Any, ...]]
    outputs: int
    seed: int = 0

    def __post_init__(self) -> None:
        for layer in self.layers:
            if not layer or layer[0] not in LAYERS or len(layer) - 1 != len(LAYERS[layer[0]].split(", ")) * bool(
                    LAYERS[layer[0]]):
                known = "; ".join(f"{k} ({v})" if v else k for k, v in LAYERS.items())
                raise IntertwineError(f"{layer!r} is no layer; there are {known}")
            for setting in layer[1:]:
                if isinstance(setting, str) and setting not in ACTIVATIONS:
                    raise IntertwineError(f"{setting!r} cannot be run; activations are {', '.join(ACTIVATIONS)}")

    def __repr__(self) -> str:
        return f"SmallNetwork({self.inputs}, {list(self.layers)!r}, {self.outputs}, seed={self.seed})"

    @cached_property
    def _built(self) -> tuple[Architecture, Forward]:
        builder = _Builder(self.inputs)
        for layer in self.layers:
            getattr(builder, layer[0])(*layer[1:])
        builder.linear(self.outputs, False)
        builder.architecture.output(builder.here)
        return builder.architecture, builder.run

    @property
    def architecture(self) -> Architecture:
        """The graph."""
        return self._built[0]

    @cached_property
    def symmetry(self) -> ParameterSymmetry:
        """The group, derived."""
        return self.architecture.symmetry()

    @cached_property
    def weights(self) -> dict[str, Array]:
        """Weights without accidental relations."""
        rng = np.random.default_rng(self.seed)
        found = {}
        for name, weight in self.architecture.weights.items():
            shape = tuple(n for n in weight.shape if isinstance(n, int))
            array = rng.standard_normal(shape) / np.sqrt(shape[-1])
            found[name] = 1 + array / 2 if name.startswith("gain") else array
        return found

    def __call__(self, weights: Weights, x: Any) -> Array:
        """The outputs for inputs of shape (samples, inputs)."""
        return self._built[1](weights, np.asarray(x, dtype=np.float64))


class _Builder:
    """Adds each layer to the graph and to a list of numpy functions."""

    def __init__(self, inputs: int) -> None:
        self.architecture = Architecture("small network")
        self.here = self.architecture.input("x", ("samples", inputs))
        self.width = inputs
        self.steps: list[Forward] = []

    def run(self, weights: Weights, x: Array) -> Array:
        for step in self.steps:
            x = step(weights, x)
        return x

    def _weight(self, title: str, *shape: int) -> str:
        return self.architecture.weight(f"{title}{len(self.architecture.weights)}", shape)

    def linear(self, width: int, bias: bool) -> None:
        self.here, step = self._linear(self.here, width, bias)
        self.width = width
        self.steps.append(step)

    def _linear(self, source: str, width: int, bias: bool) -> tuple[str, Forward]:
        w = self._weight("W", width, self.width)
        b = self._weight("b", width) if bias else ""
        made = self.architecture.linear(source, w, b)
        return made, (lambda weights, x: x @ weights[w].T + (weights[b] if b else 0.0))

    def activation(self, text: str) -> None:
        self.here = self.architecture.activation(self.here, text)
        self.steps.append(lambda weights, x: ACTIVATIONS[text](x))

    def residual(self, text: str, bias: bool) -> None:
        inner, step = self._linear(self.here, self.width, bias)
        self.here = self.architecture.add(self.here, self.architecture.activation(inner, text))
        self.steps.append(lambda weights, x: x + ACTIVATIONS[text](step(weights, x)))

    def gate(self, width: int, text: str) -> None:
        (left, first), (right, second) = (self._linear(self.here, width, False) for _ in range(2))
        self.here = self.architecture.multiply(self.architecture.activation(left, text), right)
        self.width = width
        self.steps.append(lambda weights, x: ACTIVATIONS[text](first(weights, x)) * second(weights, x))

    def layer_norm(self) -> None:
        self.here = self.architecture.layer_norm(self.here)

        def step(weights: Weights, x: Array) -> Array:
            centred = x - x.mean(-1, keepdims=True)
            return np.asarray(centred / np.sqrt((centred**2).mean(-1, keepdims=True) + EPSILON))

        self.steps.append(step)

    def rms_norm(self, gain: bool) -> None:
        name = self.architecture.weight(f"gain{len(self.architecture.weights)}", (self.width,), True) if gain else ""
        self.here = self.architecture.rms_norm(self.here, name)

        def step(weights: Weights, x: Array) -> Array:
            normal = x / np.sqrt((x**2).mean(-1, keepdims=True) + EPSILON)
            return np.asarray(normal * weights[name] if name else normal)

        self.steps.append(step)
