"""How long the groups of large networks take, in processor time."""

from __future__ import annotations

import time

import numpy as np

from intertwine.networks import Architecture


def residual_network(blocks: int, width: int = 64) -> Architecture:
    """A stem and residual blocks of two convolutions each, every one with batch normalisation."""
    net = Architecture()

    def normalised(h: str, name: str) -> str:
        return net.batch_norm(h, *(net.weight(f"{name}.{k}", (width,)) for k in ("gain", "bias", "mean", "variance")))

    h = net.convolution(net.input("x", ("n", 3, 32, 32)), net.weight("stem", (width, 3, 3, 3)))
    h = net.activation(normalised(h, "stem.norm"), "relu")
    for i in range(blocks):
        r = net.convolution(h, net.weight(f"{i}.a", (width, width, 3, 3)))
        r = net.activation(normalised(r, f"{i}.a.norm"), "relu")
        r = net.convolution(r, net.weight(f"{i}.b", (width, width, 3, 3)))
        h = net.activation(net.add(h, normalised(r, f"{i}.b.norm")), "relu")
    net.output(net.linear(net.mean(h, (2, 3)), net.weight("head", (10, width))))
    return net


def decoder(layers: int, heads: int = 8, dk: int = 64) -> Architecture:
    """Attention with rotary embeddings and a gated unit, root mean square normalisation before each."""
    net, d, t = Architecture(), heads * dk, 16
    angles = np.arange(t)[:, None] / 10000.0 ** (np.arange(dk // 2) / (dk // 2))
    cosines, sines = net.constant("cos", np.cos(angles)), net.constant("sin", np.sin(angles))
    h = net.embedding(net.weight("table", (1000, d)), net.input("i", ("n", t)))
    for k in range(layers):
        y = net.rms_norm(h, net.weight(f"{k}.n", (d,)))

        def project(name: str, count: int, y: str = y, k: int = k) -> str:
            z = net.reshape(net.linear(y, net.weight(f"{k}.{name}", (count * dk, d))), ("n", t, count, dk))
            z = net.transpose(z, 0, 2, 1, 3)
            return z if name == "v" else net.rotary(z, cosines, sines, ("n", count, t, dk))

        mixed = net.attention(project("q", heads), project("k", heads // 4), project("v", heads // 4), repeat=4)
        mixed = net.reshape(net.transpose(mixed, 0, 2, 1, 3), ("n", t, d))
        h = net.add(h, net.linear(mixed, net.weight(f"{k}.o", (d, d))))
        y = net.rms_norm(h, net.weight(f"{k}.m", (d,)))
        gate, up = (net.linear(y, net.weight(f"{k}.{name}", (4 * d, d))) for name in ("gate", "up"))
        gated = net.multiply(net.activation(gate, "silu"), up)
        h = net.add(h, net.linear(gated, net.weight(f"{k}.down", (d, 4 * d))))
    net.output(net.linear(net.rms_norm(h, net.weight("last", (d,))), net.weight("head", (1000, d))))
    return net


def test_a_network_of_eighty_convolutions() -> None:
    net = residual_network(40)
    start = time.process_time()
    symmetry = net.symmetry()
    assert time.process_time() - start < 15
    # Scales before each normalisation (any) and behind it (positive): two tori for every inner space, and for the
    # stream one before each of the 41 normalisations that write to it, and one behind.
    assert len(symmetry.spaces) == 41 and symmetry.dimension == 64 * (2 * 40 + 41 + 1)


def test_a_decoder_with_rotary_embeddings() -> None:
    net = decoder(6)
    start = time.process_time()
    symmetry = net.symmetry()
    assert time.process_time() - start < 15
    turned = [s for s in symmetry.spaces if s.kind == "complex diagonal"]
    assert [(s.copies, s.dimension) for s in turned] == [(2, 2 * 64)] * 6
