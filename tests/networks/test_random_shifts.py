"""Random graphs of linear layers with and without biases, sums, products and functions: shifts keep the outputs."""

from __future__ import annotations

import numpy as np
import pytest

from intertwine.networks import Architecture
from tests.networks.evaluation import carry_out, random_weights

ACTIVATIONS = ["sigmoid", "sin", "cos", "exp(x/4)", "Max(0, x - 1) + 2", "x + sin(x)", "tanh", "relu", "x", "x**2 - x"]


def grown(seed: int) -> Architecture:
    """A graph that shares weights, biases and tensors now and then."""
    rng, net = np.random.default_rng(seed), Architecture()
    live, matrices, biases = [(net.input("x", ("n", 3)), 3)], [], []

    def pick(options: list) -> tuple:
        return options[int(rng.integers(len(options)))]

    def linear(x: str, m: int, fresh: bool = False) -> None:
        n, k = int(rng.choice([3, 4])), len(net.operations)
        known = [(w, size) for w, before, size in matrices if before == m]
        weight, n = pick(known) if known and not fresh and rng.random() < 0.2 else (net.weight(f"W{k}", (n, m)), n)
        matrices.append((weight, m, n))
        old = [b for b, size in biases if size == n]
        way = rng.random()
        bias = old[0] if old and not fresh and way < 0.15 else net.weight(f"b{k}", (n,)) if way < 0.85 else ""
        if bias:
            biases.append((bias, n))
        apart = bias and rng.random() < 0.3
        live.append((net.add(net.linear(x, weight), bias) if apart else net.linear(x, weight, bias), n))

    for _ in range(int(rng.integers(4, 12))):
        x, m = live[-1] if rng.random() < 0.6 else pick(live)
        step = rng.random()
        if step < 0.45:
            linear(x, m)
        elif step < 0.85:
            live.append((net.activation(x, ACTIVATIONS[int(rng.integers(len(ACTIVATIONS)))]), m))
        else:
            y, _ = pick([t for t in live if t[1] == m])
            live.append(((net.add if rng.random() < 0.7 else net.multiply)(x, y), m))
    for x, m in live[-2:]:
        linear(x, m, fresh=True)
    net.output(live[-1][0], live[-2][0])
    return net


@pytest.mark.parametrize("seed", range(60))
def test_outputs_never_change(seed: int) -> None:
    net = grown(seed)
    weights = {n: w / 3 for n, w in random_weights(net, seed).items()}
    inputs = {"x": np.random.default_rng(seed).normal(size=(40, 3)) / 2}
    with np.errstate(all="ignore"):
        before, symmetry = carry_out(net, weights, inputs), net.symmetry(affine=True)
        for k in range(2):
            after = carry_out(net, symmetry.sample(np.random.default_rng(k), 0.3).apply(weights), inputs)
            for a, b in zip(before, after, strict=True):
                assert np.isfinite(a).all() and np.abs(a - b).max() <= 1e-8 * max(1.0, np.abs(a).max())
