"""Affine intertwiners in networks: biases take up shifts, outputs stay, elements compose."""

from __future__ import annotations

import math

import numpy as np
import pytest

from intertwine.errors import IntertwineError
from intertwine.networks import Architecture, read_sklearn
from intertwine.networks.affine_symmetry import AffineSymmetry
from tests.networks.evaluation import carry_out, random_weights


def perceptron(activation: str, split: bool = False, biases: bool = True) -> Architecture:
    """Two hidden layers of one activation; with ``split``, biases are added by operations of their own."""
    net = Architecture()
    h, sizes = net.input("x", ("n", 3)), (3, 5, 4, 2)
    for k, (m, n) in enumerate(zip(sizes, sizes[1:], strict=False)):
        weight, bias = net.weight(f"W{k}", (m, n) if split else (n, m)), net.weight(f"b{k}", (n,)) if biases else ""
        h = net.add(net.matmul(h, weight), bias) if split else net.linear(h, weight, bias)
        if k < 2:
            h = net.activation(h, activation)
    net.output(h)
    return net


# The dimension, the decimal logarithm of the components besides permutations, and the rank of the lattice.
EXPECTED = {
    "sigmoid": (0, 2**9, 0), "hard_sigmoid": (0, 2**9, 0), "sin": (0, 4**9, 9), "cos": (0, 4**9, 9),
    "x + sin(x)": (0, 2**9, 9), "sin(x)**2": (0, 4**9, 9), "exp(x/2) + 1": (9, 1, 0), "Max(0, x - 1) + 2": (9, 1, 0),
    "x**2 - x": (9, 2**9, 0), "tanh": (0, 2**9, 0), "gelu": (0, 1, 0), "relu": (9, 1, 0), "2*x + 1": (0, 1, 0),
    "tanh(x) + 1": (0, 2**9, 0), "Abs(x - 1)": (9, 2**9, 0),
}  # fmt: skip
PERMUTATIONS = math.log10(math.factorial(5) * math.factorial(4))


def close(a: dict[str, np.ndarray], b: dict[str, np.ndarray]) -> bool:
    return all(np.allclose(a[n], b[n], rtol=1e-9, atol=1e-9) for n in a)


@pytest.mark.parametrize("split", [False, True])
@pytest.mark.parametrize("activation", EXPECTED)
def test_perceptrons(activation: str, split: bool) -> None:
    net = perceptron(activation, split)
    symmetry, weights = net.symmetry(affine=True), random_weights(net)
    dimension, order, rank = EXPECTED[activation]
    assert (symmetry.dimension, symmetry.lattice_rank) == (dimension, rank)
    assert symmetry.log10_discrete_order == pytest.approx(PERMUTATIONS + math.log10(order))
    assert {a[0] for s in symmetry.spaces for a in s.axes} <= set(net.weights)
    inputs = {"x": np.random.default_rng(3).normal(size=(50, 3))}
    before = carry_out(net, weights, inputs)[0]
    elements = [symmetry.sample(np.random.default_rng(seed)) for seed in range(3)]
    for g in elements:
        after = carry_out(net, g.apply(weights), inputs)[0]
        assert np.abs(after - before).max() < 1e-10 * max(1, np.abs(before).max())
        assert close(g.inverse().apply(g.apply(weights)), weights)
    g, h, _ = elements
    assert close((g @ h).apply(weights), g.apply(h.apply(weights)))
    assert close(symmetry.identity().apply(weights), weights)


@pytest.mark.parametrize("activation", ["sigmoid", "sin", "cos", "exp(x/2)"])
def test_without_the_shifts_outputs_change(activation: str) -> None:
    net = perceptron(activation)
    symmetry, weights = net.symmetry(affine=True), random_weights(net)
    inputs = {"x": np.random.default_rng(3).normal(size=(50, 3))}
    before, g = carry_out(net, weights, inputs)[0], symmetry.sample(np.random.default_rng(0))
    plans = symmetry.linear.plans  # among them vectors that move as the channels before and after each activation
    unshifted = g.linear.apply({**{n: np.ones(plan[0][0][0].size) for n, plan in plans.items()}, **weights})
    assert np.abs(carry_out(net, {n: unshifted[n] for n in weights}, inputs)[0] - before).max() > 1e-3


def test_without_biases_only_linear_intertwiners_are_left() -> None:
    for activation in ("sigmoid", "sin", "exp(x)"):
        net = perceptron(activation, biases=False)
        linear, affine = net.symmetry(), net.symmetry(affine=True)
        assert affine.sites == () and affine.dimension == linear.dimension
        assert affine.log10_discrete_order == linear.log10_discrete_order


def test_whatever_sees_a_shifted_tensor_forbids_the_shift() -> None:
    def network(case: str) -> AffineSymmetry:
        net = Architecture()
        x = net.input("x", ("n", 3))
        p = net.linear(x, net.weight("W", (5, 3)), net.weight("b", (5,)))
        if case == "same bias":
            p = net.add(p, net.linear(x, "W", "b"))
        s = net.activation(p, "sigmoid")
        c = net.weight("c", (2,))
        y = net.linear(s, net.weight("V", (2, 5)), c)
        if case == "shared bias":
            y = net.concat(y, net.linear(x, net.weight("U", (2, 3)), c), axis=-1)
        if case == "output":
            net.output(s)
        if case == "product":
            y = net.concat(y, net.multiply(s, s), axis=-1)
        if case == "matrix of data":
            y = net.concat(y, net.matmul(s, net.linear(net.input("z", (5, 4)), net.weight("A", (4, 4)))), axis=-1)
        net.output(y)
        return net.symmetry(affine=True)

    assert network("none").sites and network("same bias").sites  # σ(-x) = 1 - σ(x) needs no bias before it
    for case in ("shared bias", "output", "product", "matrix of data"):
        assert network(case).sites == (), case


def test_shifts_of_linear_bottlenecks() -> None:
    net = Architecture()
    x = net.input("x", ("n", 4))
    h = net.linear(x, net.weight("A", (3, 4)), net.weight("a", (3,)))
    first, second = (net.linear(h, net.weight(n, (5, 3)), net.weight(n.lower(), (5,))) for n in ("B", "C"))
    net.output(net.multiply(first, net.activation(second, "gelu")))
    symmetry, weights = net.symmetry(affine=True), random_weights(net)
    assert symmetry.dimension == net.symmetry().dimension + 3 == 9 + 3
    inputs = {"x": np.random.default_rng(3).normal(size=(50, 4))}
    before = carry_out(net, weights, inputs)[0]
    g, h = (symmetry.sample(np.random.default_rng(seed)) for seed in (0, 1))
    assert np.abs(carry_out(net, g.apply(weights), inputs)[0] - before).max() < 1e-10
    assert close((g @ h).apply(weights), g.apply(h.apply(weights)))
    assert close(g.inverse().apply(g.apply(weights)), weights)
    assert "any shift" in symmetry.explain() and symmetry.to_json()["lattice_rank"] == 0


def test_scikit_learn_networks() -> None:
    pytest.importorskip("sklearn")
    from sklearn.neural_network import MLPRegressor

    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 4)), rng.normal(size=60)
    for activation, dimension in (("logistic", 0), ("identity", 7 * 7 + 5 * 5 + 7 + 5)):
        network = read_sklearn(MLPRegressor(hidden_layer_sizes=(7, 5), activation=activation, max_iter=5).fit(X, y))
        symmetry = network.symmetry(affine=True)
        assert symmetry.dimension == dimension
        assert {s.kind for s in symmetry.spaces} == {"general linear" if dimension else "signed permutation"}
        moved = network.moved(symmetry.sample(rng))
        assert np.abs(moved.predict(X) - network.estimator.predict(X)).max() < 1e-9


@pytest.mark.torch
def test_pytorch_modules() -> None:
    torch = pytest.importorskip("torch")
    from intertwine.networks import read_torch
    from tests.networks.modules import deviation, generic, outputs

    nn = torch.nn
    module = generic(nn.Sequential(nn.Linear(4, 6), nn.Sigmoid(), nn.Linear(6, 5), nn.Linear(5, 3)))
    x = torch.randn(9, 4, dtype=torch.double)
    network = read_torch(module, x)
    symmetry = network.symmetry(affine=True)
    assert symmetry.dimension == 25 + 5
    moved = network.moved(symmetry.sample(np.random.default_rng(0)))
    before = outputs(module, module.state_dict(), x)
    assert deviation(before, outputs(module, moved, x)) < 1e-10
    assert moved["0.bias"].dtype == torch.double


def test_files_are_refused() -> None:
    g = perceptron("sigmoid").symmetry(affine=True).sample(np.random.default_rng(0))
    with pytest.raises(IntertwineError, match="act on dictionaries of weights"):
        _ = g.symmetry.routes
    with pytest.raises(IntertwineError, match="missing"):
        g.apply({"W0": np.ones((5, 3))})
    with pytest.raises(IntertwineError, match="two networks"):
        g @ perceptron("sigmoid").symmetry(affine=True).identity()


def test_onnx_models() -> None:
    pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    from intertwine.networks import read_onnx
    from tests.networks.test_onnx_networks import deviation, model_of, node, normal, run

    weights = {"W": normal(6, 4), "b": normal(6), "V": normal(6, 3), "c": normal(3)}
    for kind, last, expected in (("Sigmoid", {}, 1), ("Sin", {}, 1), ("HardSigmoid", {}, 1),
                                 ("Sigmoid", {"beta": 2.0}, 0)):  # a bias that is multiplied is left alone
        nodes = [node("Gemm", "x W b", "h", transB=1), node(kind, "h", "z"), node("Gemm", "z V c", "y", **last)]
        model = model_of(nodes, weights, ["n", 4], ["n", 3])
        network = read_onnx(model)
        symmetry = network.symmetry(affine=True)
        assert len(symmetry.sites) == expected
        x = {"x": np.random.default_rng(1).normal(size=(5, 4)).astype(np.float32)}
        before = run(model, x)
        for seed in range(3):
            assert deviation(before, run(network.moved(symmetry.sample(np.random.default_rng(seed))), x)) < 2e-5
