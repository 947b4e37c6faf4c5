"""The cost of acting on the weights of whole networks, as a multiple of copying them in the same run.

Two copies are measured: ``copy`` makes a dictionary of new arrays, as acting does; ``copyto`` writes into arrays that
are there, and is several times as fast where the system has to make new memory ready.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np
import pytest

from intertwine.networks import Architecture

ROUNDS = 7


def residual_network() -> Architecture:
    """Of the size of ResNet-18."""
    net, count = Architecture("residual"), iter(range(1000))

    def block(x: str, out: int, given: int, size: int = 3) -> str:
        k = next(count)
        y = net.convolution(x, net.weight(f"{k}.weight", (out, given, size, size)))
        return net.batch_norm(y, *(net.weight(f"{k}.{name}", (out,)) for name in ("gain", "bias", "mean", "variance")))

    x, last = net.activation(block(net.input("x", ("n", 3, 32, 32)), 64, 3), "relu"), 64
    for width in (64, 64, 128, 128, 256, 256, 512, 512):
        y = block(net.activation(block(x, width, last), "relu"), width, width)
        x = net.activation(net.add(y, x if last == width else block(x, width, last, 1)), "relu")
        last = width
    net.output(net.linear(net.mean(x, (2, 3)), net.weight("head", (1000, 512))))
    return net


def convolutions(width: int) -> Architecture:
    """Eighty convolutions in a row."""
    net, last = Architecture("plain"), 3
    x = net.input("x", ("n", 3, 32, 32))
    for k in range(80):
        y = net.convolution(x, net.weight(f"W{k}", (width, last, 3, 3)), net.weight(f"b{k}", (width,)))
        x, last = net.activation(y, "relu"), width
    net.output(net.linear(net.mean(x, (2, 3)), net.weight("head", (10, width))))
    return net


def perceptron() -> Architecture:
    net, last = Architecture("perceptron"), 784
    x = net.input("x", ("n", last))
    for k in range(2):
        x = net.activation(net.linear(x, net.weight(f"W{k}", (4096, last)), net.weight(f"b{k}", (4096,))), "relu")
        last = 4096
    net.output(net.linear(x, net.weight("head", (10, 4096))))
    return net


def transformer() -> Architecture:
    """Dense matrices on the stream and in every head: the cost is that of matrix products."""
    net, d = Architecture("transformer"), 256
    x = net.embedding(net.weight("table", (2000, d)), net.input("tokens", ("n", "t")))
    for k in range(4):
        h = net.rms_norm(x, net.weight(f"{k}.g", (d,), nonzero=True))
        parts = [net.transpose(net.reshape(net.linear(h, net.weight(f"{k}.{name}", (d, d))), ("n", "t", 4, d // 4)),
                               0, 2, 1, 3) for name in "qkv"]
        mixed = net.reshape(net.transpose(net.attention(*parts), 0, 2, 1, 3), ("n", "t", d))
        x = net.add(x, net.linear(mixed, net.weight(f"{k}.o", (d, d))))
        h = net.rms_norm(x, net.weight(f"{k}.f", (d,), nonzero=True))
        u = net.activation(net.linear(h, net.weight(f"{k}.up", (4 * d, d))), "gelu")
        x = net.add(x, net.linear(u, net.weight(f"{k}.down", (d, 4 * d))))
    net.output(net.linear(x, net.weight("head", (2000, d))))
    return net


def seconds(function: Callable[[], object]) -> float:
    start = perf_counter()
    kept = function()
    found = perf_counter() - start
    del kept
    return found


@pytest.mark.parametrize(("build", "given"), [(residual_network, ()), (convolutions, (64,)), (convolutions, (256,)),
                                              (perceptron, ()), (transformer, ())])
def test_applying_an_element(benchmark, build, given):
    net = build(*given)
    rng = np.random.default_rng(0)
    symmetry = net.symmetry()
    weights = {name: rng.standard_normal(w.shape, dtype=np.float32) for name, w in net.weights.items()}
    g = symmetry.sample(rng)
    rounds = ROUNDS if benchmark.enabled else 1
    measured: dict[str, list[float]] = {}
    place = {name: w.copy() for name, w in weights.items()}
    for _ in range(rounds):
        for what, function in (
            ("copy", lambda: {name: w.copy() for name, w in weights.items()}),
            ("apply", lambda: g.apply(weights)),
            ("copyto", lambda: [np.copyto(place[name], w) for name, w in weights.items()]),
            ("in place", lambda: g.apply(place, inplace=True)),
        ):
            measured.setdefault(what, []).append(seconds(function))
    best = {name: min(times) for name, times in measured.items()}
    benchmark.extra_info["megabytes"] = sum(w.nbytes for w in weights.values()) / 1e6
    benchmark.extra_info["apply_over_copy"] = best["apply"] / best["copy"]
    benchmark.extra_info["in_place_over_copy"] = best["in place"] / best["copy"]
    benchmark.extra_info["apply_over_copyto"] = best["apply"] / best["copyto"]
    benchmark.extra_info["in_place_over_copyto"] = best["in place"] / best["copyto"]
    benchmark.pedantic(lambda: g.apply(weights), rounds=rounds)


def test_deriving_the_group_of_eighty_convolutions(benchmark):
    net = convolutions(64)
    symmetry = benchmark.pedantic(net.symmetry, rounds=3 if benchmark.enabled else 1)
    assert len(symmetry.spaces) == 80
