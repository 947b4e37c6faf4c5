"""What is measured for one pair of networks trained from two seeds: rows of a tidy table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from intertwine.experiments.convolutional import ConvNet, train_convolutional
from intertwine.experiments.training import NONLINEARITIES, Settings, digits, train
from intertwine.similarity import (
    MLP,
    accuracy,
    align_weights,
    barrier,
    basis_scores,
    cka,
    cross_entropy,
    height,
    linear_cka,
    mlp_parameters,
    mlp_symmetry,
    procrustes,
    stitch_chain,
    stitch_closure,
    stitch_ranks,
)
from intertwine.similarity.symmetry import Parameters

#: experiment, network, activation, seed, layer, variant (a group, a basis, …), measure, value
Row = dict[str, Any]
Network = MLP | ConvNet
COLUMNS = ("experiment", "network", "activation", "seed", "layer", "other_layer", "variant", "measure", "value")
DRAWS = 20
#: Positions of a convolution count as samples; so many of them are compared, spread evenly.
MOST_ROWS = 1800


def measure(experiment: str, settings: Settings, seed: int) -> list[Row]:
    """One experiment for the networks of the seeds 2·seed and 2·seed + 1.

    Parameters
    ----------
    experiment : {"stitching", "similarity", "basis", "merging"}
        What is measured.
    settings : Settings
        Of the training.
    seed : int
        Of the pair.

    Returns
    -------
    list of dict
        With the keys `COLUMNS`.
    """
    nets = _pair(settings, seed)
    group = NONLINEARITIES[settings.activation].group()
    rows = EXPERIMENTS[experiment](nets[0], nets[1], group, seed)
    for row in rows:
        row.update(experiment=experiment, network=settings.network, activation=settings.activation, seed=seed)
    return [{key: row.get(key, "") for key in COLUMNS} for row in rows]


@lru_cache(maxsize=4)  # the experiments of one pair follow one another
def _pair(settings: Settings, seed: int) -> tuple[Network, Network]:
    build = train if settings.network == "perceptron" else train_convolutional
    return build(settings, 2 * seed), build(settings, 2 * seed + 1)


def _row(measure: str, value: float, variant: str = "", layer: Any = "", other: Any = "") -> Row:
    return {"layer": layer, "other_layer": other, "variant": variant, "measure": measure, "value": float(value)}


def _stitching(a: Network, b: Network, group: Any, seed: int) -> list[Row]:
    data, radial = digits(), not hasattr(group, "scalars")
    groups = {"identity": "identity", "permutation": "permutation", "intertwiner": group, "orthogonal": "orthogonal",
              "general linear": "general linear"}
    rows = [_row("accuracy", accuracy(net(data.test_inputs), data.test_labels), f"network {i}")
            for i, net in enumerate((a, b))]
    evaluation = data.inputs, data.test_inputs, data.test_labels
    for (layer, name), found in stitch_chain(a, b, groups, *evaluation).items():
        rows.append(_row("accuracy penalty", found.accuracy_penalty, name, layer))
        rows.append(_row("loss penalty", found.loss_penalty, name, layer))
    width = len(a.biases[0])
    if not radial:
        for layer in range(1, a.depth + 1):
            found = stitch_closure(a, b, layer, group, *evaluation)
            rows.append(_row("accuracy penalty", found.accuracy_penalty, "closure", layer))
            rows.append(_row("loss penalty", found.loss_penalty, "closure", layer))
    ranks = [r for r in (1, 2, 4, 8, 16, 32, 64) if r <= width]
    for layer in range(1, a.depth + 1):
        for rank, found in stitch_ranks(a, b, layer, ranks, *evaluation).items():
            rows.append(_row("accuracy penalty", found.accuracy_penalty, f"rank {rank}", layer))
    return rows


def _units(hidden: Any) -> Any:
    """Rows by units. For convolutions of unequal size the same places are taken: a quarter of the finer grid."""
    if hidden.ndim == 2:
        return hidden
    step = hidden.shape[2] // 4
    rows = np.moveaxis(hidden[:, :, ::step, ::step], 1, -1).reshape(-1, hidden.shape[1])
    return rows[:: max(1, len(rows) // MOST_ROWS)]


def _similarity(a: Network, b: Network, group: Any, seed: int) -> list[Row]:
    x = digits().test_inputs
    first = {layer: _units(a.bottom(x, layer)) for layer in range(1, a.depth + 1)}
    second = {layer: _units(b.bottom(x, layer)) for layer in range(1, b.depth + 1)}
    measures: dict[str, Callable[[Any, Any], float]] = {
        "G-Procrustes": lambda u, v: procrustes(u, v, group, side="after"),
        "orthogonal Procrustes": procrustes,
        "G-CKA": lambda u, v: cka(u, v, group, side="after"),
        "linear CKA": linear_cka,
        "linear CKA, unbiased": lambda u, v: linear_cka(u, v, unbiased=True),
    }
    rows = []
    for name, compare in measures.items():
        for i in first:
            for j in second:
                rows.append(_row(name, compare(first[i], second[j]), "between networks", i, j))
                if i < j:
                    rows.append(_row(name, compare(first[i], first[j]), "within a network", i, j))
    return rows


def _basis(a: Network, b: Network, group: Any, seed: int) -> list[Row]:
    data = digits()
    rows = []
    for i, net in enumerate((a, b)):
        rng = np.random.default_rng([seed, i])
        for layer in range(1, net.depth + 1):
            h = net.bottom(data.test_inputs, layer)
            h = h if h.ndim == 2 else h.mean((2, 3))  # rotations of the channels commute with means over positions
            for name, scores in basis_scores(h, data.test_labels, group, rng, DRAWS).items():
                rows.append(_row(name, scores.activation, "activation basis", layer))
                rows += [_row(name, v, "intertwiner group", layer) for v in scores.group]
                rows += [_row(name, v, "rotations", layer) for v in scores.rotated]
    return rows


def _merging(a: Network, b: Network, group: Any, seed: int) -> list[Row]:
    data = digits()
    first, second = (mlp_parameters(net.weights, net.biases) for net in (a, b))

    def loss(p: Parameters) -> float:
        parts = [[p[f"{letter}{i + 1}"] for i in range(a.depth + 1)] for letter in "Wb"]
        net = replace(a, weights=parts[0], biases=parts[1])
        return cross_entropy(net(data.test_inputs), data.test_labels)

    rows, starts = [], {"as trained": first}
    for name, kind in (("permutations", "permutation"), ("intertwiner group", group)):
        starts[name] = align_weights(first, second, mlp_symmetry(first, kind), seed=seed).parameters
    for name, start in starts.items():
        losses = barrier(start, second, loss)
        rows += [_row("loss", value, name, round(t, 3)) for t, value in
                 zip(np.linspace(0, 1, len(losses)).tolist(), losses, strict=True)]
        rows.append(_row("barrier", height(losses), name))
    return rows


EXPERIMENTS: dict[str, Callable[[Network, Network, Any, int], list[Row]]] = {
    "stitching": _stitching, "similarity": _similarity, "basis": _basis, "merging": _merging,
}  # fmt: skip
