"""Stitching: the bottom of one network, a group element, the top of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError
from intertwine.numeric.arrays import FloatArray
from intertwine.similarity.alignment import Alignment, align
from intertwine.similarity.closure import relax
from intertwine.similarity.dense import least_squares
from intertwine.similarity.networks import Layered, accuracy, cross_entropy
from intertwine.similarity.samples import as_rows
from intertwine.similarity.shapes import Objective


@dataclass(frozen=True)
class Stitch:
    """Two networks joined at a layer, with the price of it.

    Attributes
    ----------
    layer : int
        Where.
    alignment : Alignment or None
        The element and its fit; None for a stitch that is no group element.
    matrix : ndarray, shape (units, units)
        What is applied to the units of the first network.
    accuracy, loss : float
        Of the stitched network on the data of the evaluation.
    accuracy_penalty, loss_penalty : float
        Accuracy lost and loss gained, compared with the second network, whose top is used.
    """

    layer: int
    alignment: Alignment | None
    matrix: FloatArray
    accuracy: float
    loss: float
    accuracy_penalty: float
    loss_penalty: float


def stitch(
    net_a: Layered,
    net_b: Layered,
    layer: int,
    group: Any,
    inputs: npt.ArrayLike,
    test_inputs: npt.ArrayLike,
    test_labels: npt.ArrayLike,
    objective: Objective = "distance",
) -> Stitch:
    """Join the bottom of one network to the top of another by the group element that aligns their activations.

    Parameters
    ----------
    net_a, net_b : Layered
        Networks of one architecture, such as `MLP`.
    layer : int
        The hidden layer, from 1; the activations are those behind its nonlinearity, which images φ(A) move.
    group : str, IntertwinerGroup, MatrixGroup or Product
        As in `align`: ``"identity"``, a derived group, ``"orthogonal"``, ``"general linear"``.
    inputs : array_like, shape (samples, …)
        On which the element is fitted.
    test_inputs, test_labels : array_like
        On which the penalty is measured.
    objective : {"distance", "correlation"}
        As in `align`.

    Returns
    -------
    Stitch

    Notes
    -----
    The element minimises the distance of activations, which is a closed problem for every group, and not the loss of
    the stitched network. So a larger group has a smaller distance on the samples it was fitted to, but it need not
    have a smaller penalty.

    References
    ----------
    K. Lenc, A. Vedaldi, CVPR 2015; Y. Bansal, P. Nakkiran, B. Barak, "Revisiting model stitching to compare neural
    representations", NeurIPS 2021; Godfrey et al., NeurIPS 2022, section 3.
    """
    found = align(net_a.bottom(inputs, layer), net_b.bottom(inputs, layer), group, objective, side="after")
    moved = found.apply(net_a.bottom(test_inputs, layer))
    return priced(net_b, layer, found, found.element.to_matrix(), moved, test_inputs, test_labels)


def stitch_chain(
    net_a: Layered,
    net_b: Layered,
    groups: Mapping[str, Any],
    inputs: npt.ArrayLike,
    test_inputs: npt.ArrayLike,
    test_labels: npt.ArrayLike,
) -> dict[tuple[int, str], Stitch]:
    """`stitch` at every hidden layer for several groups: {(layer, name): stitch}."""
    return {
        (layer, name): stitch(net_a, net_b, layer, group, inputs, test_inputs, test_labels)
        for layer in range(1, net_a.depth + 1)
        for name, group in groups.items()
    }


def stitch_closure(
    net_a: Layered,
    net_b: Layered,
    layer: int,
    group: Any,
    inputs: npt.ArrayLike,
    test_inputs: npt.ArrayLike,
    test_labels: npt.ArrayLike,
) -> Stitch:
    """`stitch` by the closure of a group of scaled permutations, doubly stochastic matrices with scales: `relax`."""
    found = relax(net_a.bottom(inputs, layer), net_b.bottom(inputs, layer), group, side="after")
    moved = np.moveaxis(np.tensordot(net_a.bottom(test_inputs, layer), found.matrix, axes=(1, 1)), -1, 1)
    return priced(net_b, layer, None, found.matrix, moved, test_inputs, test_labels)


def stitch_ranks(
    net_a: Layered,
    net_b: Layered,
    layer: int,
    ranks: Sequence[int],
    inputs: npt.ArrayLike,
    test_inputs: npt.ArrayLike,
    test_labels: npt.ArrayLike,
) -> dict[int, Stitch]:
    """Stitches by the best linear maps of given ranks, for comparison.

    Notes
    -----
    Reduced-rank regression: with the least-squares matrix A and fitted values F = X·Aᵀ, the best matrix of rank r is
    V·Vᵀ·A for the first r right singular vectors V of F, since ‖X·Bᵀ - Y‖² = ‖X·Bᵀ - F‖² + ‖F - Y‖² and Eckart and
    Young's theorem applies to the first part. The optimum is global.
    """
    x, y = as_rows(net_a.bottom(inputs, layer)), as_rows(net_b.bottom(inputs, layer))
    if any(not isinstance(r, Integral) or r < 1 for r in ranks):
        raise IntertwineError("a rank is a positive whole number")
    full = least_squares(x, y)
    basis = np.linalg.svd(np.linalg.qr(x @ full.T, mode="r"))[2]
    found = {}
    for r in ranks:
        matrix = basis[:r].T @ (basis[:r] @ full)
        moved = np.moveaxis(np.tensordot(net_a.bottom(test_inputs, layer), matrix, axes=(1, 1)), -1, 1)
        found[r] = priced(net_b, layer, None, matrix, moved, test_inputs, test_labels)
    return found


def priced(net: Layered, layer: int, found: Alignment | None, matrix: FloatArray, moved: FloatArray,
           inputs: npt.ArrayLike, labels: npt.ArrayLike) -> Stitch:
    """A stitch with its penalties, from what the top of the second network is given."""
    own, joined = net.top(net.bottom(inputs, layer), layer), net.top(moved, layer)
    score, loss = accuracy(joined, labels), cross_entropy(joined, labels)
    return Stitch(layer, found, matrix, score, loss, accuracy(own, labels) - score, loss - cross_entropy(own, labels))
