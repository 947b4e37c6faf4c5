"""A small convolutional network on the digits: trained with PyTorch, used with numpy like the perceptrons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError, ShapeError
from intertwine.experiments.training import NONLINEARITIES, Settings, digits
from intertwine.numeric.arrays import FloatArray

_SIDE = 8


@dataclass(frozen=True)
class ConvNet:
    """Convolutions of 3×3 with a border of zeros, each with the activation, then one dense layer on all positions.

    Parameters
    ----------
    weights : sequence of ndarray
        Kernels of shape (out, in, 3, 3), and the dense matrix (classes, channels·height·width).
    biases : sequence of ndarray
        One for each of them.
    strides : sequence of int
        One for each convolution.
    activation : callable
        σ on arrays of shape (samples, channels, height, width); it may mix channels.
    """

    weights: Sequence[FloatArray]
    biases: Sequence[FloatArray]
    strides: Sequence[int]
    activation: Callable[[FloatArray], FloatArray]

    @property
    def depth(self) -> int:
        """The number of convolutions."""
        return len(self.strides)

    def bottom(self, inputs: npt.ArrayLike, layer: int) -> FloatArray:
        """The activations (samples, channels, height, width) behind a convolution, numbered from 1."""
        self._check(layer)
        h: FloatArray = np.asarray(inputs, dtype=np.float64).reshape(-1, 1, _SIDE, _SIDE)
        for i in range(layer):
            h = self._layer(h, i)
        return h

    def top(self, hidden: npt.ArrayLike, layer: int) -> FloatArray:
        """The logits for activations behind a convolution."""
        self._check(layer)
        h: FloatArray = np.asarray(hidden, dtype=np.float64)
        for i in range(layer, self.depth):
            h = self._layer(h, i)
        return np.asarray(h.reshape(len(h), -1) @ self.weights[-1].T + self.biases[-1])

    def __call__(self, inputs: npt.ArrayLike) -> FloatArray:
        return self.top(self.bottom(inputs, 1), 1)

    def _layer(self, h: FloatArray, i: int) -> FloatArray:
        padded = np.pad(h, ((0, 0), (0, 0), (1, 1), (1, 1)))
        step = self.strides[i]
        windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))[:, :, ::step, ::step]
        z = np.tensordot(windows, self.weights[i], axes=([1, 4, 5], [1, 2, 3]))
        return self.activation(np.moveaxis(z + self.biases[i], -1, 1))

    def _check(self, layer: int) -> None:
        if not 1 <= layer <= self.depth:
            raise ShapeError(f"convolutions are numbered from 1 to {self.depth}; there is no layer {layer}")


def _torch_activations() -> dict[str, Callable[[Any], Any]]:
    import torch

    def radial(z: Any) -> Any:
        r = torch.linalg.vector_norm(z, dim=1, keepdim=True) + 1e-12
        return z * (4 * torch.tanh(r / 4) / r)

    return {"relu": torch.relu, "tanh": torch.tanh, "radial": radial, "squared-relu": lambda z: torch.relu(z) * z}


def train_convolutional(settings: Settings, seed: int) -> ConvNet:
    """A convolutional network trained with Adam; equal settings and seeds give equal networks.

    Raises
    ------
    IntertwineError
        If PyTorch is not installed.
    """
    try:
        import torch
    except ImportError as error:
        raise IntertwineError('the convolutional network needs PyTorch: pip install "intertwine[torch]"') from error
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # sums in one order
    try:
        return _train(settings, seed)
    finally:
        torch.set_num_threads(threads)


def _train(settings: Settings, seed: int) -> ConvNet:
    import torch
    from torch.nn import functional as f

    sigma, data = _torch_activations()[settings.activation], digits()
    rng = np.random.default_rng(seed)
    # The second convolution halves height and width.
    strides = [2 if i == 1 else 1 for i in range(settings.depth)]
    side = _SIDE // 2 if settings.depth > 1 else _SIDE
    shapes = [(settings.width, 1 if i == 0 else settings.width, 3, 3) for i in range(settings.depth)]
    sizes: list[tuple[int, ...]] = [*shapes, (10, settings.width * side * side)]
    weights = [torch.tensor(rng.standard_normal(s) * np.sqrt(2 / np.prod(s[1:])), requires_grad=True) for s in sizes]
    biases = [torch.zeros(s[0], dtype=torch.float64, requires_grad=True) for s in sizes]
    optimiser = torch.optim.Adam([*weights, *biases], lr=settings.rate)
    x, y = torch.as_tensor(data.inputs.reshape(-1, 1, _SIDE, _SIDE)), torch.as_tensor(data.labels)
    for _ in range(settings.epochs):
        order = torch.as_tensor(rng.permutation(len(x)))
        for start in range(0, len(x), settings.batch):
            rows = order[start : start + settings.batch]
            h = x[rows]
            for w, b, step in zip(weights, biases, strides, strict=False):
                h = sigma(f.conv2d(h, w, b, stride=step, padding=1))
            loss = f.cross_entropy(h.flatten(1) @ weights[-1].T + biases[-1], y[rows])
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            optimiser.step()
    arrays = [[np.asarray(t.detach()) for t in part] for part in (weights, biases)]
    return ConvNet(arrays[0], arrays[1], strides, NONLINEARITIES[settings.activation].forward)
