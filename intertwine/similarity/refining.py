"""A stitch refined by the gradient of the loss, projected onto its group or the closure of it. Needs PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError
from intertwine.numeric.arrays import FloatArray
from intertwine.similarity.closure import onto_birkhoff
from intertwine.similarity.networks import MLP, Layered
from intertwine.similarity.reading import read_group
from intertwine.similarity.stitching import Stitch, priced


@dataclass(frozen=True)
class Refinement:
    """A refined stitch with the losses on the way.

    Attributes
    ----------
    stitch : Stitch
        With the new matrix and its penalty on the test data.
    losses : tuple of float
        The mean cross-entropy on the samples of the fit after every step that was taken; it never increases.
    """

    stitch: Stitch
    losses: tuple[float, ...]


def refine(
    found: Stitch,
    net_a: Layered,
    net_b: Layered,
    top: Callable[[Any], Any],
    group: Any,
    inputs: npt.ArrayLike,
    labels: npt.ArrayLike,
    test_inputs: npt.ArrayLike,
    test_labels: npt.ArrayLike,
    steps: int = 50,
    rate: float = 1.0,
) -> Refinement:
    """Improve a stitch by projected gradient descent on the loss of the stitched network.

    Parameters
    ----------
    found : Stitch
        Where to start: from `stitch`, or from `stitch_closure` with ``group="closure"``.
    net_a, net_b : Layered
        The two networks.
    top : callable
        The top of the second network behind the layer, from a tensor of activations to one of logits. For an `MLP`
        `torch_top` makes it.
    group : str, IntertwinerGroup, MatrixGroup or Product
        As in `stitch`; every iterate is in it. ``"closure"``: in the Birkhoff polytope, with positive scales.
    inputs, labels : array_like
        For the loss.
    test_inputs, test_labels : array_like
        For the penalties.
    steps : int
        At most so many.
    rate : float
        The first step length; it is doubled after a step that lowers the loss and halved until one does.

    Returns
    -------
    Refinement

    Raises
    ------
    IntertwineError
        If PyTorch is not installed, or the start has negative entries and ``group="closure"``.

    Notes
    -----
    The nearest element of a group to a matrix M is what `align` finds for the unit matrix and Mᵀ, so that every group
    has its projection. On a discrete group this moves only by jumps from one permutation to another.
    """
    try:
        import torch
    except ImportError as error:
        raise IntertwineError('refining a stitch needs PyTorch: pip install "intertwine[torch]"') from error
    layer = found.layer
    hidden = torch.as_tensor(np.array(net_a.bottom(inputs, layer)), dtype=torch.float64)
    targets = torch.as_tensor(np.array(labels), dtype=torch.long)
    start, project = _space(found, group)

    def loss(parts: tuple[FloatArray, ...], gradient: bool) -> tuple[float, tuple[FloatArray, ...]]:
        tensors = [torch.tensor(p, dtype=torch.float64, requires_grad=gradient) for p in parts]
        matrix = tensors[0] if len(tensors) == 1 else tensors[1][:, None] * tensors[0]
        moved = torch.movedim(torch.tensordot(hidden, matrix, dims=([1], [1])), -1, 1)
        value = torch.nn.functional.cross_entropy(top(moved), targets)
        if not gradient:
            return float(value), ()
        return float(value.detach()), tuple(np.asarray(g) for g in torch.autograd.grad(value, tensors))

    point, losses = start, [loss(start, False)[0]]
    for _ in range(steps):
        _, slopes = loss(point, True)
        while rate > 1e-8:
            trial = project(tuple(p - rate * g for p, g in zip(point, slopes, strict=True)))
            value = loss(trial, False)[0]
            if value < losses[-1]:
                break
            rate /= 2
        else:
            break
        point, rate = trial, 2 * rate
        losses.append(value)
    matrix = point[0] if len(point) == 1 else point[1][:, None] * point[0]
    moved = np.moveaxis(np.tensordot(net_a.bottom(test_inputs, layer), matrix, axes=(1, 1)), -1, 1)
    return Refinement(priced(net_b, layer, None, matrix, moved, test_inputs, test_labels), tuple(losses))


Parts = tuple[FloatArray, ...]


def _space(found: Stitch, group: Any) -> tuple[Parts, Callable[[Parts], Parts]]:
    """The start as the parts that are free, and the projection of these."""
    n = len(found.matrix)
    if isinstance(group, str) and group == "closure":
        if (found.matrix < -1e-12).any():
            raise IntertwineError("the closure is refined for permutations without signs")
        # A row of a doubly stochastic matrix sums to 1, so the scales are the sums of the rows.
        scales = found.matrix.sum(1)
        stochastic = found.matrix / np.where(scales > 0, scales, 1.0)[:, None]
        if np.allclose(scales, 1, atol=1e-9):
            return (onto_birkhoff(stochastic),), lambda parts: (onto_birkhoff(parts[0]),)
        return (onto_birkhoff(stochastic), scales), lambda parts: (onto_birkhoff(parts[0]), np.maximum(parts[1], 0))
    shape, eye = read_group(group, n, "after").shape, np.eye(n)

    def onto_group(parts: Parts) -> Parts:
        return (shape.fit(eye, np.ascontiguousarray(parts[0].T), "distance").element.to_matrix(),)

    return onto_group((found.matrix,)), onto_group


def torch_top(net: MLP, layer: int, activation: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The top of a perceptron behind a hidden layer as a function of tensors.

    Parameters
    ----------
    net : MLP
        The network.
    layer : int
        The hidden layer, from 1.
    activation : callable
        Its nonlinearity on tensors, such as ``torch.relu``.
    """
    import torch

    weights = [torch.as_tensor(np.array(w), dtype=torch.float64) for w in net.weights[layer:]]
    biases = [torch.as_tensor(np.array(b), dtype=torch.float64) for b in net.biases[layer:]]

    def top(hidden: Any) -> Any:
        for w, b in zip(weights[:-1], biases[:-1], strict=True):
            hidden = activation(hidden @ w.T + b)
        return hidden @ weights[-1].T + biases[-1]

    return top


__all__ = ["Refinement", "refine", "torch_top"]
