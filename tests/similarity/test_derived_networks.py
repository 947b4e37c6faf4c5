"""Weights over the symmetry derived from a network of any architecture: readers, planted elements, canonical forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intertwine.errors import IntertwineError, ShapeError
from intertwine.networks import Architecture
from intertwine.networks.transformation import Move, Transformation
from intertwine.similarity import align_weights, canonicalize
from intertwine.similarity.sites import Balance
from intertwine.similarity.whole import balanced
from tests.similarity.cases import LARGEST_SEEDS

SEEDS = st.integers(0, 2**32 - 1)


def perceptron(activation, widths=(5, 7, 6, 3)):
    net, size = Architecture(), widths[0]
    h = net.input("x", ("samples", size))
    for i, n in enumerate(widths[1:-1]):
        h = net.activation(net.linear(h, net.weight(f"W{i}", (n, size)), net.weight(f"b{i}", (n,))), activation)
        size = n
    net.output(net.linear(h, net.weight("V", (widths[-1], size))))
    return net


def residual(width, blocks=2):
    net = Architecture("residual")
    x = net.input("x", ("samples", 8))
    h = net.activation(net.linear(x, net.weight("E", (width, 8)), net.weight("e", (width,))), "relu")
    for i in range(blocks):
        r = net.linear(h, net.weight(f"U{i}", (width, width)), net.weight(f"u{i}", (width,)))
        r = net.linear(net.activation(r, "relu"), net.weight(f"V{i}", (width, width)), net.weight(f"v{i}", (width,)))
        h = net.activation(net.add(h, r), "relu")
    net.output(net.linear(h, net.weight("R", (3, width))))
    return net


def convolutional(width):
    net = Architecture("convolutional")
    h = net.input("x", ("samples", 3, 6, 6))
    for name, size, before in (("A", width, 3), ("B", width, width)):
        conv = net.convolution(h, net.weight(name, (size, before, 3, 3)), net.weight(name.lower(), (size,)))
        h = net.activation(conv, "relu")
    net.output(net.linear(net.reshape(h, ("samples", 4 * width)), net.weight("C", (10, 4 * width))))
    return net


def attention():
    net = Architecture("attention")
    x = net.input("x", ("samples", "time", 12))

    def heads(name):
        y = net.linear(x, net.weight(name, (12, 12)))
        return net.transpose(net.reshape(y, ("samples", "time", 4, 3)), 0, 2, 1, 3)

    mixed = net.transpose(net.attention(heads("Q"), heads("K"), heads("V")), 0, 2, 1, 3)
    net.output(net.linear(net.reshape(mixed, ("samples", "time", 12)), net.weight("O", (12, 12))))
    return net


NETWORKS = {
    "relu": perceptron("relu"), "tanh": perceptron("tanh"), "cube": perceptron("x**3"), "gelu": perceptron("gelu"),
    "even": perceptron("exp(-x**2/2)"), "residual": residual(9), "convolutional": convolutional(5),
    "attention": attention(),
}  # fmt: skip


def drawn(net, rng):
    return {name: rng.standard_normal(w.shape) / np.sqrt(w.shape[-1]) for name, w in net.weights.items()}


def without_dense(g):
    """The element with the identity for its dense matrices, which are not matched."""
    still = g.symmetry.identity().moves
    return Transformation(g.symmetry, tuple(
        Move(m.permutation, m.logs, m.signs, s.matrix) for m, s in zip(g.moves, still, strict=True)))


def assert_same(found, want, signs=True):
    for a, b in zip(found.moves, want.moves, strict=True):
        assert np.array_equal(a.permutation, b.permutation)
        assert np.allclose(a.logs, b.logs, rtol=0, atol=1e-8)  # of the logarithms: 1e-8 of the scales
        assert not signs or np.array_equal(a.signs, b.signs)


@pytest.mark.parametrize("name", NETWORKS)
@settings(max_examples=8)
@given(seed=SEEDS)
def test_planted_elements_and_canonical_forms(name, seed):
    rng, net = np.random.default_rng(seed), NETWORKS[name]
    symmetry, weights = net.symmetry(), drawn(net, rng)
    g = without_dense(symmetry.sample(rng))
    moved = g.apply(weights)
    found = align_weights(weights, moved, symmetry, restarts=1)
    assert_same(found.transformation, g)
    assert found.distance < 1e-9 and not found.elements
    one, two = canonicalize(weights, symmetry)[0], canonicalize(moved, symmetry)[0]
    assert all(np.allclose(one[key], two[key], rtol=1e-8, atol=1e-10) for key in weights)
    again = canonicalize(one, symmetry)[0]
    assert all(np.allclose(one[key], again[key], rtol=1e-8, atol=1e-10) for key in weights)


@pytest.mark.parametrize("build", [residual, convolutional])
@pytest.mark.parametrize("seed", LARGEST_SEEDS)
def test_planted_elements_at_width_512(build, seed):
    net, rng = build(512), np.random.default_rng(seed)
    symmetry, weights = net.symmetry(), drawn(net, rng)
    g = symmetry.sample(rng)
    assert_same(align_weights(weights, g.apply(weights), symmetry, restarts=1).transformation, g)


@settings(max_examples=10)
@given(seed=SEEDS)
def test_descent_is_monotone_and_reproducible(seed):
    rng = np.random.default_rng(seed)
    net = NETWORKS[("relu", "tanh", "residual")[seed % 3]]
    symmetry, a, b = net.symmetry(), drawn(net, rng), drawn(net, rng)
    one, two = (align_weights(a, b, symmetry, restarts=3, seed=seed) for _ in range(2))
    assert list(one.history) == sorted(one.history, reverse=True)
    assert one.history[-1] == min(one.restarts) and one.restarts == two.restarts
    assert all(np.array_equal(one.parameters[k], two.parameters[k]) for k in a)
    start, target = (balanced(symmetry, w)[0] for w in (a, b))
    assert one.history[-1] <= sum(np.sum((start[k] - target[k]) ** 2) for k in a) + 1e-9


def test_a_small_network_against_all_elements(rng):
    from itertools import permutations, product

    net = perceptron("tanh", (3, 4, 2))
    symmetry = net.symmetry()
    for _ in range(5):
        a, b = drawn(net, rng), drawn(net, rng)
        best = min(
            sum(np.sum((s @ p - q) ** 2) for p, q in ((np.c_[a["W0"], a["b0"], a["V"].T], np.c_[b["W0"], b["b0"],
                                                                                                b["V"].T]),))
            for order in permutations(range(4)) for signs in product((1, -1), repeat=4)
            for s in [np.diag(signs)[:, np.argsort(order)]]
        )
        # One hidden layer is one assignment: the optimum is global.
        assert align_weights(a, b, symmetry).distance ** 2 == pytest.approx(best)


@pytest.mark.parametrize("name", ["relu", "residual", "convolutional"])
def test_balance_is_the_least_norm(name, rng):
    net = NETWORKS[name]
    symmetry = net.symmetry()
    start = balanced(symmetry, drawn(net, rng))[0]
    least = sum(np.sum(w**2) for w in start.values())
    for k in range(20):
        g = symmetry.sample(np.random.default_rng(k), 0.05)
        assert sum(np.sum(w**2) for w in g.apply(start).values()) >= least - 1e-9


@pytest.mark.parametrize("name", ["relu", "cube", "residual", "convolutional"])
def test_planted_elements_are_found_among_dead_units(name, rng):
    net = NETWORKS[name]
    symmetry, weights = net.symmetry(), drawn(net, rng)
    first, *_, last = (key for key, w in weights.items() if w.ndim > 1)
    weights[first][2] = 0  # never active, but for a bias
    weights[last][:, 1] = 0  # never read
    if name == "relu":  # with signs, a row of zeros does not say which sign it has
        weights["b0"][2] = 0
    moved = symmetry.sample(rng).apply(weights)
    assert align_weights(weights, moved, symmetry).distance < 1e-9
    one, two = canonicalize(weights, symmetry)[0], canonicalize(moved, symmetry)[0]
    for key in one:
        np.testing.assert_allclose(one[key], two[key], atol=1e-9)


def test_units_without_any_weights_are_left_alone(rng):
    net = NETWORKS["relu"]
    symmetry, weights = net.symmetry(), drawn(net, rng)
    weights["W0"][2], weights["b0"][2], weights["W1"][:, 2] = 0, 0, 0
    logs = Balance(symmetry, weights).solve()
    leaf = next(k for k, leaf in enumerate(symmetry.leaves) if leaf.size == 7)
    assert logs[leaf][0, 2] == 0 and np.count_nonzero(logs[leaf]) == 6


def test_a_pytorch_network_with_batch_normalisation(rng):
    torch = pytest.importorskip("torch")
    from intertwine.networks import read_torch

    torch.manual_seed(0)
    module = torch.nn.Sequential(
        torch.nn.Conv2d(1, 12, 3), torch.nn.BatchNorm2d(12), torch.nn.ReLU(), torch.nn.Conv2d(12, 10, 3),
        torch.nn.BatchNorm2d(10), torch.nn.ReLU(), torch.nn.MaxPool2d(2), torch.nn.Flatten(), torch.nn.Linear(40, 4),
    ).double().eval()
    for part in module:
        if isinstance(part, torch.nn.BatchNorm2d):
            part.running_mean.normal_()
            part.running_var.uniform_(0.5, 2)
            torch.nn.init.normal_(part.weight)
            torch.nn.init.normal_(part.bias)
    network = read_torch(module, torch.randn(2, 1, 8, 8, dtype=torch.double))
    symmetry = network.symmetry()
    weights = {name: np.asarray(w) for name, w in network.weights.items()}
    g = symmetry.sample(rng)
    found = align_weights(weights, g.apply(weights), symmetry, restarts=1)
    assert_same(found.transformation, g)
    one, two = canonicalize(weights, symmetry)[0], canonicalize(g.apply(weights), symmetry)[0]
    assert all(np.allclose(one[k], two[k], rtol=1e-8, atol=1e-10) for k in symmetry.plans)
    x = torch.randn(5, 1, 8, 8, dtype=torch.double)
    before = module(x)
    module.load_state_dict({k: torch.as_tensor(v) for k, v in {**module.state_dict(), **found.parameters}.items()})
    assert (module(x) - before).abs().max() < 1e-9


def test_scikit_learns_and_onnx_networks(rng, tmp_path):
    from sklearn.neural_network import MLPRegressor

    from intertwine.networks import read_sklearn

    x = rng.standard_normal((60, 4))
    model = MLPRegressor(hidden_layer_sizes=(8, 6), activation="relu", max_iter=3, tol=1.0).fit(x, x[:, 0])
    network = read_sklearn(model)
    symmetry = network.symmetry()
    g = symmetry.sample(rng)
    weights = dict(network.weights)
    assert_same(align_weights(weights, g.apply(weights), symmetry).transformation, g)

    onnx = pytest.importorskip("onnx")
    from onnx import TensorProto, helper, numpy_helper

    from intertwine.networks import read_onnx

    arrays = {"W": rng.standard_normal((4, 9)), "b": rng.standard_normal(9), "V": rng.standard_normal((9, 2))}
    nodes = [helper.make_node("MatMul", ["x", "W"], ["h"]), helper.make_node("Add", ["h", "b"], ["g"]),
             helper.make_node("Relu", ["g"], ["z"]), helper.make_node("MatMul", ["z", "V"], ["y"])]
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info("x", TensorProto.DOUBLE, ["n", 4])],
        [helper.make_tensor_value_info("y", TensorProto.DOUBLE, ["n", 2])],
        [numpy_helper.from_array(a, n) for n, a in arrays.items()])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), tmp_path / "m.onnx")
    network = read_onnx(tmp_path / "m.onnx")
    symmetry, weights = network.symmetry(), dict(network.weights)
    g = symmetry.sample(rng)
    assert_same(align_weights(weights, g.apply(weights), symmetry).transformation, g)


def test_unusable_input_is_named(rng):
    net = NETWORKS["relu"]
    symmetry, weights = net.symmetry(), drawn(net, rng)
    with pytest.raises(IntertwineError, match="'V' is missing"):
        align_weights({k: w for k, w in weights.items() if k != "V"}, {k: w for k, w in weights.items() if k != "V"},
                      symmetry)
    with pytest.raises(ShapeError, match="has the shape"):
        canonicalize({**weights, "V": np.ones((2, 2))}, symmetry)
    with pytest.raises(ShapeError, match="different parameters"):
        align_weights(weights, {**weights, "V": np.ones((2, 2))}, symmetry)
