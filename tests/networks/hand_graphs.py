"""Small graphs whose groups are worked out by hand, with inputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from intertwine.networks import Architecture


@dataclass
class Graph:
    """A network with the dimension of its group, and whether that is all of the kernel of the Jacobian."""

    net: Architecture
    inputs: dict[str, np.ndarray]
    dimension: int
    kinds: list[tuple[int, int, str]]
    #: The kernel of the Jacobian, where an argument gives it.
    kernel: int | None = None


RNG = np.random.default_rng(0)


def normal(*shape: int) -> np.ndarray:
    return RNG.normal(size=shape)


def perceptron(activation: str, kind: str, dimension: int, biases: bool = False, kernel: int | None = None) -> Graph:
    net = Architecture()
    h = net.linear(net.input("x", ("n", 3)), net.weight("W", (6, 3)), net.weight("b", (6,)) if biases else "")
    h = net.activation(h, activation)
    net.output(net.linear(h, net.weight("V", (2, 6)), net.weight("c", (2,)) if biases else ""))
    return Graph(net, {"x": normal(60, 3)}, dimension, [(1, 6, kind)], kernel)


def residual(activation: str, kind: str, dimension: int) -> Graph:
    """h + σ(R·h): what is added moves alike."""
    net = Architecture()
    h = net.activation(net.linear(net.input("x", ("n", 3)), net.weight("W", (5, 3))), activation)
    r = net.activation(net.linear(h, net.weight("R", (5, 5))), activation)
    net.output(net.linear(net.add(h, r), net.weight("V", (2, 5))))
    return Graph(net, {"x": normal(60, 3)}, dimension, [(1, 5, kind)], 0 if activation == "tanh" else None)


def squared_residual() -> Graph:
    """a + relu²(b) and b + relu²(a): log|a| = 2·log|b| and log|b| = 2·log|a| leave no scales."""
    net = Architecture()
    x = net.input("x", ("n", 3))
    a, b = (net.linear(x, net.weight(name, (5, 3))) for name in "AB")
    first, second = net.add(a, net.activation(b, "relu2")), net.add(b, net.activation(a, "relu2"))
    net.output(net.add(net.linear(first, net.weight("V", (2, 5))), net.linear(second, net.weight("U", (2, 5)))))
    return Graph(net, {"x": normal(60, 3)}, 0, [(1, 5, "permutation")])


def depthwise() -> Graph:
    """A depthwise convolution ties its two sides: six scales before it and six behind it."""
    net = Architecture()
    h = net.convolution(net.input("x", ("n", 2, 6, 6)), net.weight("A", (4, 2, 2, 2)))
    h = net.convolution(net.activation(h, "relu"), net.weight("D", (4, 1, 2, 2)), groups=4)
    net.output(net.convolution(net.activation(h, "relu"), net.weight("B", (2, 4, 1, 1))))
    return Graph(net, {"x": normal(9, 2, 6, 6)}, 8, [(1, 4, "positive-scaled permutation")], 8)


def squeeze_and_excite() -> Graph:
    """relu of a convolution, times a gate computed from its mean; then a convolution: one scale for each channel."""
    net = Architecture()
    h = net.activation(net.convolution(net.input("x", ("n", 2, 5, 5)), net.weight("A", (4, 2, 2, 2))), "relu")
    s = net.activation(net.convolution(net.mean(h, (2, 3), keep=True), net.weight("S", (3, 4, 1, 1))), "relu")
    gate = net.activation(net.convolution(s, net.weight("E", (4, 3, 1, 1))), "sigmoid")
    net.output(net.convolution(net.multiply(h, gate), net.weight("B", (2, 4, 1, 1))))
    kinds = [(1, 3, "positive-scaled permutation"), (1, 4, "positive-scaled permutation")]
    return Graph(net, {"x": normal(12, 2, 5, 5)}, 4 + 3, kinds)


def batch_normalised() -> Graph:
    """Any scale before the normalisation, a positive one behind it."""
    net = Architecture()
    h = net.convolution(net.input("x", ("n", 2, 4, 4)), net.weight("A", (4, 2, 2, 2)), net.weight("a", (4,)))
    h = net.batch_norm(h, *(net.weight(n, (4,)) for n in ("gain", "bias", "mean", "variance")))
    net.output(net.convolution(net.activation(h, "relu"), net.weight("B", (2, 4, 1, 1))))
    return Graph(net, {"x": normal(9, 2, 4, 4)}, 8, [(1, 4, "monomial")])


def gated() -> Graph:
    """silu(u)·v: v alone is scaled."""
    net = Architecture()
    x = net.input("x", ("n", 3))
    u, v = (net.linear(x, net.weight(name, (5, 3))) for name in "UV")
    net.output(net.linear(net.multiply(net.activation(u, "silu"), v), net.weight("W", (2, 5))))
    return Graph(net, {"x": normal(60, 3)}, 5, [(1, 5, "monomial")], 5)


def bottleneck() -> Graph:
    """Width 2 between 5 and 4: GL(2)."""
    net = Architecture()
    h = net.activation(net.linear(net.input("x", ("n", 3)), net.weight("W", (5, 3))), "tanh")
    h = net.activation(net.linear(net.linear(h, net.weight("A", (2, 5))), net.weight("B", (4, 2))), "tanh")
    net.output(net.linear(h, net.weight("V", (2, 4))))
    kinds = [(1, 2, "general linear"), (1, 4, "signed permutation"), (1, 5, "signed permutation")]
    return Graph(net, {"x": normal(80, 3)}, 4, kinds, 4)


def attention(heads: int, keys: int, rotary: str = "", dk: int = 2) -> Graph:
    """(GL(d_k) x GL(d_v))^h and permutations of heads; with rotations (C*)^(d_k/2) in place of GL(d_k)."""
    net, d, t = Architecture(), 6, 5
    angles = np.arange(t)[:, None] / 3.0 ** np.arange(dk // 2)
    inputs = {"x": normal(30, t, d), **({"c": np.cos(angles), "s": np.sin(angles)} if rotary else {})}
    x = net.input("x", ("n", t, d))
    tables = [net.constant(name, inputs[name]) for name in "cs"] if rotary else []

    def project(name: str, count: int) -> str:
        y = net.reshape(net.linear(x, net.weight(name, (count * dk, d))), ("n", t, count, dk))
        y = net.transpose(y, 0, 2, 1, 3)
        turned = rotary and name != "V"
        return net.rotary(y, *tables, ("n", count, t, dk), rotary == "neighbours") if turned else y

    o = net.attention(project("Q", heads), project("K", keys), project("V", keys), repeat=heads // keys)
    o = net.reshape(net.transpose(o, 0, 2, 1, 3), ("n", t, heads * dk))
    net.output(net.linear(o, net.weight("O", (4, heads * dk))))
    first = dk if rotary else dk * dk
    kind = "complex diagonal" if rotary else "general linear"
    kinds = sorted([(keys, dk, kind), (keys, dk, "general linear"), (1, keys, "permutation"),
                    *([(keys, heads // keys, "permutation")] if keys < heads else [])])
    return Graph(net, inputs, keys * (first + dk * dk), kinds, keys * (first + dk * dk))


def stream(norm: str, tied: bool, gain: bool = True) -> Graph:
    """An embedding, a block, a head; a normalisation before each of the last two."""
    net, d = Architecture(), 5
    table = net.weight("E", (9, d))
    h = net.embedding(table, net.input("i", ("n",)))

    def normalised(h: str, name: str) -> str:
        g = net.weight(name, (d,)) if gain else ""
        return net.rms_norm(h, g) if norm == "rms" else net.layer_norm(h, g)

    y = net.activation(net.linear(normalised(h, "g"), net.weight("A", (4, d))), "relu")
    h = net.add(h, net.linear(y, net.weight("B", (d, 4))))
    net.output(net.linear(normalised(h, "k"), table if tied else net.weight("H", (7, d))))
    turns = d * (d - 1) // 2 if norm == "rms" else (d - 1) * (d - 2) // 2
    dense = "orthogonal" if norm == "rms" else "orthogonal, ones fixed"
    hidden = (1, 4, "positive-scaled permutation")
    inputs = {"i": np.arange(9)}
    if tied and gain:
        # The last gain is between the two uses of the table: signed permutations, and the torus of the first gain.
        return Graph(net, inputs, 4 + d, [hidden, (1, d, "monomial")])
    return Graph(net, inputs, 4 + turns + 2 * d * gain, [hidden, (1, d, dense)])


GRAPHS: dict[str, Callable[[], Graph]] = {
    "relu": lambda: perceptron("relu", "positive-scaled permutation", 6, kernel=6),
    "relu, biases": lambda: perceptron("relu", "positive-scaled permutation", 6, True),
    "tanh": lambda: perceptron("tanh", "signed permutation", 0, True, 0),
    "sigmoid": lambda: perceptron("sigmoid", "permutation", 0, True, 0),
    "cube": lambda: perceptron("x**3", "monomial", 6),
    "residual relu": lambda: residual("relu", "positive-scaled permutation", 5),
    "residual tanh": lambda: residual("tanh", "signed permutation", 0), "squared residual": squared_residual,
    "depthwise": depthwise, "squeeze and excite": squeeze_and_excite, "batch normalisation": batch_normalised,
    "gated": gated, "bottleneck": bottleneck, "attention": lambda: attention(3, 3),
    "shared keys": lambda: attention(4, 2), "rotary, halves": lambda: attention(2, 2, "halves", 4),
    "rotary, neighbours, shared keys": lambda: attention(4, 2, "neighbours"),
    "rms": lambda: stream("rms", False), "rms, no gains": lambda: stream("rms", False, False),
    "rms, tied": lambda: stream("rms", True, False), "rms, tied, gains": lambda: stream("rms", True),
    "layer": lambda: stream("layer", False), "layer, tied": lambda: stream("layer", True, False),
}  # fmt: skip
