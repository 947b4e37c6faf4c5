"""Rotary embeddings: what commutes with the rotations passes, however they are spelled, and nothing else."""

from __future__ import annotations

import dataclasses
import io
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intertwine.networks import Architecture, ParameterSymmetry, read_onnx
from intertwine.networks.commutants import Commutant
from intertwine.networks.transformation import Transformation
from tests.networks.evaluation import carry_out, random_weights


@st.composite
def commutants(draw: Any, size: int = 6) -> Commutant:
    order = draw(st.permutations(range(size)))
    count = draw(st.integers(0, size // 2))
    pairs = list(range(size))
    for k in range(count):
        i, j = order[2 * k], order[2 * k + 1]
        pairs[i], pairs[j] = j, i
    keys, turns = [0] * size, [1] * size
    for i in range(size):
        if i <= pairs[i]:
            keys[i] = keys[pairs[i]] = draw(st.integers(0, 2))
            turns[i] = turns[pairs[i]] = draw(st.sampled_from([-1, 1]))
    return Commutant.of(keys, pairs, turns)


def generators(c: Commutant) -> list[np.ndarray]:
    """The matrices that multiply c_k and s_k, for each key."""
    found = []
    for key in set(c.keys):
        one, turn = np.zeros((c.size, c.size)), np.zeros((c.size, c.size))
        for i, j in enumerate(c.pairs):
            if c.keys[i] == key:
                one[i, i] = 1
                if i < j:
                    turn[j, i], turn[i, j] = c.turns[i], -c.turns[i]
        found += [one, turn]
    return found


def commuting(matrices: list[np.ndarray]) -> int:
    """The dimension of what commutes with some matrices, by linear algebra."""
    n = matrices[0].shape[0]
    rows = np.concatenate([np.kron(m.T, np.eye(n)) - np.kron(np.eye(n), m) for m in matrices])
    return n * n - int(np.linalg.matrix_rank(rows))


@settings(deadline=None, max_examples=60)
@given(commutants(), commutants(), st.integers(0, 5))
def test_commutants(c: Commutant, d: Commutant, seed: int) -> None:
    rng = np.random.default_rng(seed)
    assert c.dimension() == commuting(generators(c)) == len(list(c.algebra()))
    a, b = c.sample(rng, 0.3), c.sample(rng, 0.3)
    for m in generators(c):
        assert np.allclose(a @ m, m @ a)
    assert c.contains(a @ b) and c.contains(np.linalg.inv(a).T)
    assert c.contains(rng.normal(size=a.shape)) == (c.dimension() == 36)
    q = c.sample(rng, 0.3, orthogonal=True)
    assert np.allclose(q @ q.T, np.eye(c.size)) and c.contains(q)
    turns = list(c.algebra(orthogonal=True))
    assert c.dimension(orthogonal=True) == len(turns) and all(np.array_equal(x, -x.T) for x in turns)
    both = c & d
    if both is not None:
        assert both.dimension() == commuting(generators(c) + generators(d))
        x = both.sample(rng, 0.3)
        assert c.contains(x) and d.contains(x)


FREQUENCIES = {"different": (1.0, 0.1, 0.01), "repeated": (1.0, 0.1, 0.1)}


def by_hand(interleaved: bool, frequencies: str) -> tuple[Architecture, dict[str, np.ndarray]]:
    net, dk = Architecture(), 6
    angles = np.arange(5)[:, None] * np.array(FREQUENCIES[frequencies])
    inputs = {"c": np.cos(angles), "s": np.sin(angles), "x": np.random.default_rng(1).normal(size=(3, 5, 8))}
    x = net.input("x", ("n", 5, 8))
    c, s = (net.constant(name, inputs[name]) for name in "cs")

    def project(name: str, count: int, turned: bool) -> str:
        y = net.reshape(net.linear(x, net.weight(name, (count * dk, 8))), ("n", 5, count, dk))
        y = net.transpose(y, 0, 2, 1, 3)
        return net.rotary(y, c, s, ("n", count, 5, dk), interleaved) if turned else y

    mixed = net.attention(project("Q", 4, True), project("K", 2, True), project("V", 2, False), repeat=2)
    mixed = net.reshape(net.transpose(mixed, 0, 2, 1, 3), ("n", 5, 4 * dk))
    net.output(net.linear(mixed, net.weight("O", (3, 4 * dk))))
    return net, inputs


@pytest.mark.parametrize("interleaved", [False, True])
@pytest.mark.parametrize(("frequencies", "size"), [("different", 6), ("repeated", 2 + 8)])
def test_two_keys_with_rotations(interleaved: bool, frequencies: str, size: int) -> None:
    net, inputs = by_hand(interleaved, frequencies)
    symmetry, weights = net.symmetry(), random_weights(net)
    assert symmetry.dimension == 2 * (size + 36)  # for each key that and GL(6) for its value
    before = carry_out(net, weights, inputs)[0]
    for seed in range(3):
        g = symmetry.sample(np.random.default_rng(seed))
        after = carry_out(net, g.apply(weights), inputs)[0]
        assert np.abs(after - before).max() < 1e-10
        outside = carry_out(net, with_any_matrix(symmetry, g).apply(weights), inputs)[0]
        assert np.abs(outside - before).max() > 1e-3


def with_any_matrix(symmetry: ParameterSymmetry, g: Transformation) -> Transformation:
    """The element with other matrices in place of those that commute with the rotations."""
    rng = np.random.default_rng(5)
    moves = [dataclasses.replace(m, matrix=np.eye(leaf.size) + 0.2 * rng.normal(size=m.matrix.shape))
             if leaf.dense and leaf.dense.commutant else m for m, leaf in zip(g.moves, symmetry.leaves, strict=True)]
    return Transformation(symmetry, tuple(moves))


def test_an_odd_number_of_channels_cannot_be_turned() -> None:
    net = Architecture()
    with pytest.raises(Exception, match="even number of channels, not 3"):
        net.rotary(net.input("x", ("n", 3)), "x", "x", ("n", 3))


def test_angles_of_single_heads_keep_the_heads_apart() -> None:
    net, rng = Architecture(), np.random.default_rng(0)
    x = net.input("x", ("n", 5, 8))
    angles = rng.normal(size=(2, 5, 2))
    c, s = net.constant("c", np.cos(angles)), net.constant("s", np.sin(angles))

    def project(name: str) -> str:
        y = net.reshape(net.linear(x, net.weight(name, (8, 8))), ("n", 5, 2, 4))
        return net.transpose(y, 0, 2, 1, 3)

    q, k = (net.rotary(project(n), c, s, ("n", 2, 5, 4)) for n in "QK")
    mixed = net.transpose(net.attention(q, k, project("V")), 0, 2, 1, 3)
    net.output(net.linear(net.reshape(mixed, ("n", 5, 8)), net.weight("O", (3, 8))))
    symmetry, weights = net.symmetry(), random_weights(net)
    inputs = {"c": np.cos(angles), "s": np.sin(angles), "x": rng.normal(size=(2, 5, 8))}
    before = carry_out(net, weights, inputs)[0]
    for seed in range(4):
        after = carry_out(net, symmetry.sample(np.random.default_rng(seed)).apply(weights), inputs)[0]
        assert np.abs(after - before).max() < 1e-10


def spellings() -> dict[str, tuple[Any, int]]:
    """Ways to build a decoder, with the dimension of each key's group."""
    try:
        from tests.networks import rotary_modules as m
    except pytest.skip.Exception:
        return {}
    return {
        "halves": (lambda: m.Decoder(), 6), "stored frequencies": (lambda: m.Decoder(persistent=True), 6),
        "neighbours": (lambda: m.Decoder(m.strided), 6), "repeated": (lambda: m.Decoder(m.repeated), 6),
        "some channels": (lambda: m.Decoder(m.partial), 4 + 4),
        "complex numbers": (lambda: m.Decoder(m.complex_numbers), 6),
    }  # fmt: skip


@pytest.mark.torch
@pytest.mark.parametrize("name", spellings())
def test_spellings(name: str) -> None:
    import torch

    from intertwine.networks import read_torch
    from tests.networks.modules import deviation, generic, outputs

    build, size = spellings()[name]
    module = generic(build())
    indices = torch.randint(0, 11, (2, 7), generator=torch.Generator().manual_seed(3))
    network = read_torch(module, indices)
    symmetry = network.symmetry()
    assert symmetry.frozen == ()
    turned = [s for s in symmetry.spaces if "complex" in s.kind or "rotations" in s.kind]
    assert [(s.copies, s.width, s.dimension) for s in turned] == [(2, 6, 2 * size)] * 2
    before = outputs(module, module.state_dict(), indices)
    for seed in range(2):
        moved = network.moved(symmetry.sample(np.random.default_rng(seed)))
        assert deviation(before, outputs(module, moved, indices)) < 1e-10
    g = with_any_matrix(symmetry, symmetry.sample(np.random.default_rng(0)))
    assert deviation(before, outputs(module, network.moved(g), indices)) > 1e-4


@pytest.mark.torch
@pytest.mark.parametrize("heads_first", [True, False])
def test_fused_projections(heads_first: bool) -> None:
    import torch

    from intertwine.networks import read_torch
    from tests.networks import rotary_modules
    from tests.networks.modules import deviation, generic, outputs

    module = generic(rotary_modules.Fused(heads_first))
    x = torch.randn(2, 5, 16, dtype=torch.double, generator=torch.Generator().manual_seed(1))
    network = read_torch(module, x)
    symmetry = network.symmetry()
    assert symmetry.frozen == () and symmetry.dimension == 3 * (6 + 36)
    before = outputs(module, module.state_dict(), x)
    for seed in range(2):
        moved = network.moved(symmetry.sample(np.random.default_rng(seed)))
        assert deviation(before, outputs(module, moved, x)) < 1e-10


@pytest.mark.torch
def test_norms_before_the_rotation_leave_scales_of_pairs() -> None:
    import torch

    from intertwine.networks import read_torch
    from tests.networks import rotary_modules
    from tests.networks.modules import deviation, generic, outputs

    module = generic(rotary_modules.Decoder(norms=True, layers=1))
    indices = torch.randint(0, 11, (2, 7), generator=torch.Generator().manual_seed(3))
    network = read_torch(module, indices)
    symmetry = network.symmetry()
    assert [(s.width, s.dimension) for s in symmetry.spaces if s.kind == "diagonal"] == [(3, 3)]
    before = outputs(module, module.state_dict(), indices)
    moved = network.moved(symmetry.sample(np.random.default_rng(0)))
    assert deviation(before, outputs(module, moved, indices)) < 1e-10


@pytest.mark.torch
@pytest.mark.parametrize("name", ["halves", "neighbours", "some channels"])
def test_exported_files(name: str) -> None:
    torch, _ = pytest.importorskip("torch"), pytest.importorskip("onnxruntime")
    onnx = pytest.importorskip("onnx")
    from tests.networks.modules import generic
    from tests.networks.test_onnx_networks import deviation, run

    build, size = spellings()[name]
    module = generic(build()).float()
    indices = torch.randint(0, 11, (2, 7), generator=torch.Generator().manual_seed(3))
    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(module, (indices,), stream, dynamo=False, input_names=["x"], output_names=["y"])
    model = onnx.load_from_string(stream.getvalue())
    network = read_onnx(model)
    symmetry = network.symmetry()
    assert symmetry.frozen == ()
    turned = [s for s in symmetry.spaces if "complex" in s.kind or "rotations" in s.kind]
    assert [(s.copies, s.width, s.dimension) for s in turned] == [(2, 6, 2 * size)] * 2
    before = run(model, {"x": indices.numpy()})
    moved = network.moved(symmetry.sample(np.random.default_rng(1), 0.3))
    assert deviation(before, run(moved, {"x": indices.numpy()})) < 1e-4


def test_equal_entries_at_other_positions_are_not_equal_coefficients() -> None:
    """x·c - y·s with sines that lie along the heads in one place and along time in the other is no rotation."""
    net, rng = Architecture(), np.random.default_rng(0)
    x = net.input("x", ("n", 2, 8))
    table = rng.normal(size=(2, 1, 2))
    inputs = {"x": rng.normal(size=(3, 2, 8)), "c": np.cos(table), "s": np.sin(table)}
    c, s = (net.constant(name, inputs[name]) for name in "cs")  # (heads, 1, pairs)
    flat = net.add_operation("transpose", (s,), order=[1, 0, 2])[0]  # (1, time, pairs)

    def turned(name: str, first: str, second: str) -> str:
        y = net.transpose(net.reshape(net.linear(x, net.weight(name, (8, 8))), ("n", 2, 2, 4)), 0, 2, 1, 3)
        a, b = net.add_operation("split", (y,), 2, axis=-1, sizes=[2, 2])
        minus = net.activation(net.multiply(b, first), "-x")
        return net.concat(net.add(net.multiply(a, c), minus), net.add(net.multiply(a, second), net.multiply(b, c)),
                          axis=-1)

    scores = net.matmul(turned("Q", s, flat), net.transpose(turned("K", flat, s), 0, 1, 3, 2))
    net.output(scores)
    symmetry, weights = net.symmetry(), random_weights(net)
    before = carry_out(net, weights, inputs)[0]
    for seed in range(3):
        after = carry_out(net, symmetry.sample(np.random.default_rng(seed)).apply(weights), inputs)[0]
        assert np.abs(after - before).max() < 1e-10


@pytest.mark.parametrize("interleaved", [False, True])
def test_scales_of_pairs_where_no_matrix_passes(interleaved: bool) -> None:
    """A vector of gains before the rotation: scales that are equal in each pair, for two pairs, too."""
    net, rng = Architecture(), np.random.default_rng(0)
    angles = rng.normal(size=(5, 2))
    inputs = {"x": rng.normal(size=(3, 5, 6)), "c": np.cos(angles), "s": np.sin(angles)}
    c, s = (net.constant(name, inputs[name]) for name in "cs")
    h = net.multiply(net.linear(net.input("x", ("n", 5, 6)), net.weight("A", (4, 6))), net.weight("g", (4,), False))
    net.output(net.linear(net.rotary(h, c, s, ("n", 5, 4), interleaved), net.weight("B", (3, 4))))
    symmetry, weights = net.symmetry(), random_weights(net)
    assert [(s.width, s.kind) for s in symmetry.spaces] == [(2, "diagonal")]
    before = carry_out(net, weights, inputs)[0]
    for seed in range(3):
        after = carry_out(net, symmetry.sample(np.random.default_rng(seed)).apply(weights), inputs)[0]
        assert np.abs(after - before).max() < 1e-10


@pytest.mark.parametrize("domain", ["", "com.microsoft"])
@pytest.mark.parametrize("neighbours", [0, 1])
@pytest.mark.parametrize("some", [False, True])
def test_the_operator_of_onnx(domain: str, neighbours: int, some: bool) -> None:
    onnx, _ = pytest.importorskip("onnx"), pytest.importorskip("onnxruntime")
    from onnx import TensorProto, helper, numpy_helper

    from tests.networks.test_onnx_networks import deviation, run

    rng, pairs = np.random.default_rng(0), 2 if some else 3
    angles = rng.normal(size=(9, pairs))
    weights = {"Q": rng.normal(size=(5, 12)) / 2, "K": rng.normal(size=(5, 12)) / 2, "c": np.cos(angles),
               "s": np.sin(angles)}
    tables = ["c", "s", "p"] if not domain else ["p", "c", "s"]
    settings = {"num_heads": 2, "interleaved": neighbours, **({"rotary_embedding_dim": 4} if some else {})}
    nodes, arrays = [], {**weights, "four": np.array([2, 7, 2, 6])}
    for name in "QK":
        nodes += [helper.make_node("MatMul", ["x", name], [f"{name}1"]),
                  helper.make_node("RotaryEmbedding", [f"{name}1", *tables], [f"{name}2"], domain=domain, **settings),
                  helper.make_node("Reshape", [f"{name}2", "four"], [f"{name}3"])]
    nodes += [helper.make_node("Transpose", ["Q3"], ["q"], perm=[0, 2, 1, 3]),
              helper.make_node("Transpose", ["K3"], ["k"], perm=[0, 2, 3, 1]),
              helper.make_node("MatMul", ["q", "k"], ["y"])]
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [2, 7, 5]),
                     helper.make_tensor_value_info("p", TensorProto.INT64, [2, 7])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [2, 2, 7, 7])],
        [numpy_helper.from_array(a.astype(np.int64 if n == "four" else np.float32), n) for n, a in arrays.items()])
    opsets = [helper.make_opsetid("", 23), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    feeds = {"x": rng.normal(size=(2, 7, 5)).astype(np.float32), "p": np.tile(np.arange(7), (2, 1))}
    try:
        before = run(model, feeds)
    except Exception as error:  # an older runtime
        pytest.skip(str(error)[:100])
    network = read_onnx(model)
    symmetry = network.symmetry()
    assert symmetry.frozen == () and onnx is not None
    assert symmetry.dimension == 2 * (6 if not some else 4 + 4)
    for seed in range(2):
        moved = network.moved(symmetry.sample(np.random.default_rng(seed)))
        assert deviation(before, run(moved, feeds)) < 2e-5
