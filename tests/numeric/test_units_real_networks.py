"""Trained networks with a skip connection: mirrored units, and a linear correction in the skip path."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import intertwine as iw
from intertwine.numeric import SkipLayers, UnitRelation, rewrite_units

HIDDEN = 40


def mirror(name: str) -> UnitRelation:
    return iw.relations(name, ["t", "-t"], admit=[1, "t"]).relations[0].as_rewriting()


def relative(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a - b).max() / np.abs(b).max())


@pytest.fixture(scope="module")
def digits():
    datasets = pytest.importorskip("sklearn.datasets")
    X, y = datasets.load_digits(return_X_y=True)
    return X / 16.0, y


@pytest.fixture(scope="module")
def relu_network(digits) -> SkipLayers:
    """A digits MLP that scikit-learn trained on what a linear classifier leaves over; the latter is the skip path."""
    neural_network = pytest.importorskip("sklearn.neural_network")
    X, y = digits
    target = np.eye(10)[y]
    design = np.column_stack([X, np.ones(len(X))])
    line = np.linalg.lstsq(design, target, rcond=None)[0]
    model = neural_network.MLPRegressor(hidden_layer_sizes=(HIDDEN,), activation="relu", max_iter=200, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # few iterations are enough here
        model.fit(X, target - design @ line)
    (W, V), (b, e) = model.coefs_, model.intercepts_
    return SkipLayers(W, b, V, e + line[-1], line[:-1])


def scores(layers: SkipLayers, X: np.ndarray) -> np.ndarray:
    hidden = np.maximum(X @ layers.hidden_weight + layers.hidden_bias, 0)
    return hidden @ layers.out_weight + layers.out_bias + X @ layers.skip_weight


def test_mirrored_relus_leave_the_digits_network_alone(relu_network, digits) -> None:
    X, y = digits
    expected = scores(relu_network, X)
    assert (expected.argmax(1) == y).mean() > 0.95
    for seed in range(20):
        rng = np.random.default_rng(seed)
        units = rng.choice(HIDDEN, size=rng.integers(1, HIDDEN + 1), replace=False)
        moved = rewrite_units(relu_network, units, mirror("relu"), layout="in_out")
        assert relative(moved.skip_weight, relu_network.skip_weight) > 1e-3
        assert relative(scores(moved, X), expected) <= 1e-10
        without = moved._replace(skip_weight=relu_network.skip_weight)
        assert relative(scores(without, X), expected) > 1e-3


@pytest.mark.torch
@pytest.mark.parametrize("name", ["softplus", "gelu", "silu", "leaky_relu", "relu", "hard_swish"])
def test_trained_torch_networks(name: str, digits) -> None:
    torch = pytest.importorskip("torch")
    nn = torch.nn
    kernel = {"softplus": nn.Softplus(threshold=500.0), "gelu": nn.GELU(), "silu": nn.SiLU(),
              "leaky_relu": nn.LeakyReLU(), "relu": nn.ReLU(), "hard_swish": nn.Hardswish()}[name]  # fmt: skip
    X, y = (torch.tensor(a) for a in digits)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        first = nn.Linear(64, HIDDEN, dtype=torch.float64)
        last = nn.Linear(HIDDEN, 10, dtype=torch.float64)
        skip = nn.Linear(64, 10, bias=False, dtype=torch.float64)
        parameters = [*first.parameters(), *last.parameters(), *skip.parameters()]
        optimizer = torch.optim.Adam(parameters, lr=0.02)
        for _ in range(40):
            optimizer.zero_grad()
            nn.functional.cross_entropy(last(kernel(first(X[:500]))) + skip(X[:500]), y[:500]).backward()
            optimizer.step()

    def run() -> np.ndarray:
        with torch.no_grad():
            return (last(kernel(first(X))) + skip(X)).numpy()

    expected = run()
    assert (expected.argmax(1) == y.numpy()).mean() > 0.85
    tensors = [first.weight, first.bias, last.weight, last.bias, skip.weight]
    originals = [t.detach().numpy().copy() for t in tensors]
    for seed in range(5):
        rng = np.random.default_rng(seed)
        units = rng.choice(HIDDEN, size=rng.integers(1, HIDDEN + 1), replace=False)
        moved = rewrite_units(tuple(originals), units, mirror(name))
        with torch.no_grad():
            for tensor, array in zip(tensors, moved, strict=True):
                tensor.copy_(torch.from_numpy(np.ascontiguousarray(array)))
        assert relative(run(), expected) <= 1e-10


def test_the_mirror_of_another_activation_is_none(relu_network, digits) -> None:
    X, _ = digits
    moved = rewrite_units(relu_network, [0, 1, 2, 3], mirror("sigmoid"), layout="in_out")
    assert relative(scores(moved, X), scores(relu_network, X)) > 1e-3
