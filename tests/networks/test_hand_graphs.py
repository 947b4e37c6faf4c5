"""Groups worked out by hand: found, kept by the function in float64, and not left by it; kernels of Jacobians."""

from __future__ import annotations

import numpy as np
import pytest

from intertwine.errors import IntertwineError
from intertwine.networks import Architecture, check_kernel, count_invariants
from tests.networks.evaluation import carry_out, random_weights
from tests.networks.hand_graphs import GRAPHS


@pytest.mark.parametrize("name", GRAPHS)
def test_the_group_is_the_one_worked_out_by_hand(name: str) -> None:
    graph = GRAPHS[name]()
    symmetry = graph.net.symmetry()
    assert sorted((s.copies, s.width, s.kind) for s in symmetry.spaces) == sorted(graph.kinds)
    assert symmetry.dimension == graph.dimension and symmetry.frozen == ()


@pytest.mark.parametrize("name", GRAPHS)
def test_elements_keep_the_function_and_what_is_outside_changes_it(name: str) -> None:
    graph = GRAPHS[name]()
    symmetry, weights = graph.net.symmetry(), random_weights(graph.net)
    before = carry_out(graph.net, weights, graph.inputs)[0]
    size = np.abs(before).max()
    for seed in range(3):
        moved = symmetry.sample(np.random.default_rng(seed)).apply(weights)
        assert np.abs(carry_out(graph.net, moved, graph.inputs)[0] - before).max() < 1e-10 * size
        for tensor in symmetry.plans:  # one tensor left behind
            if not np.allclose(moved[tensor], weights[tensor]):
                spoilt = carry_out(graph.net, {**moved, tensor: weights[tensor]}, graph.inputs)[0]
                assert np.abs(spoilt - before).max() > 1e-6 * size, tensor


@pytest.mark.parametrize("name", GRAPHS)
def test_kernels_of_jacobians(name: str) -> None:
    graph = GRAPHS[name]()
    symmetry, weights = graph.net.symmetry(), random_weights(graph.net)
    found = check_kernel(symmetry, lambda w: carry_out(graph.net, w, graph.inputs)[0], weights)
    assert found.contained and found.parameters == symmetry.parameters
    assert found.dimension == graph.dimension == found.orbit
    if graph.kernel is not None:
        assert found.kernel == graph.kernel and found.equal


@pytest.mark.parametrize("name", ["relu", "tanh", "residual relu", "bottleneck", "gated", "rms", "layer",
                                  "shared keys", "rotary, halves"])
def test_invariants_are_counted_exactly(name: str) -> None:
    symmetry = GRAPHS[name]().net.symmetry()
    found = count_invariants(symmetry, np.random.default_rng(0))
    assert found.exact and found.most == symmetry.parameters - symmetry.dimension


def test_wide_linear_layers_have_stabilisers() -> None:
    net = Architecture()
    h = net.linear(net.input("x", ("n", 3)), net.weight("W", (8, 3)))
    net.output(net.linear(h, net.weight("V", (2, 8))))
    symmetry, weights = net.symmetry(), random_weights(net)
    found = count_invariants(symmetry, np.random.default_rng(0))
    assert (symmetry.dimension, found.most, found.exact) == (64, 6, False)  # the entries of V·W
    x = np.random.default_rng(1).normal(size=(20, 3))
    kernel = check_kernel(symmetry, lambda w: x @ w["W"].T @ w["V"].T, weights)
    assert (kernel.dimension, kernel.orbit, kernel.kernel, kernel.equal) == (64, 34, 34, True)


def test_shifts_are_directions_too() -> None:
    net = Architecture()
    h = net.linear(net.input("x", ("n", 3)), net.weight("A", (2, 3)), net.weight("a", (2,)))
    h = net.activation(net.linear(h, net.weight("B", (4, 2)), net.weight("b", (4,))), "exp(x/2)")
    net.output(net.linear(h, net.weight("C", (2, 4)), net.weight("c", (2,))))
    symmetry, weights = net.symmetry(affine=True), random_weights(net)
    inputs = {"x": np.random.default_rng(1).normal(size=(60, 3)) / 2}
    found = check_kernel(symmetry, lambda w: carry_out(net, w, inputs)[0], weights)
    assert found.dimension == 4 + 2 + 4 and found.equal


def test_a_wrong_group_is_noticed() -> None:
    """Directions of another network are not in the kernel; a Jacobian of another size is refused."""
    relu, tanh = GRAPHS["relu"](), GRAPHS["tanh"]()
    weights = random_weights(relu.net)

    def other(w: dict[str, np.ndarray]) -> np.ndarray:
        return np.tanh(relu.inputs["x"] @ w["W"].T) @ w["V"].T

    found = check_kernel(relu.net.symmetry(), other, weights)
    assert not found.contained and not found.equal and found.residual > 1e-3
    with pytest.raises(IntertwineError, match="38 columns are needed"):
        check_kernel(tanh.net.symmetry(), other, random_weights(tanh.net), jacobian=np.zeros((3, 30)))


@pytest.mark.parametrize("gains", [False, True])
@pytest.mark.parametrize("norm", ["rms", "layer"])
def test_what_normalised_streams_leave_free(norm: str, gains: bool) -> None:
    """Behind root mean squares nothing but the group; means taken off, multiples of the ones vector for each column of
    what is written and of 1/gain for each row of what reads."""
    net, d = Architecture(), 5
    h = net.linear(net.input("x", ("n", 6)), net.weight("E", (d, 6)))

    def normalised(h: str, name: str) -> str:
        g = net.weight(name, (d,)) if gains else ""
        return net.rms_norm(h, g) if norm == "rms" else net.layer_norm(h, g)

    y = net.activation(net.linear(normalised(h, "g"), net.weight("A", (4, d))), "tanh")
    h = net.add(h, net.linear(y, net.weight("B", (d, 4))))
    net.output(net.linear(normalised(h, "k"), net.weight("H", (7, d))))
    symmetry, weights = net.symmetry(), random_weights(net)
    x = np.random.default_rng(1).normal(size=(60, 6))
    found = check_kernel(symmetry, lambda w: carry_out(net, w, {"x": x})[0], weights)
    rotations = 10 if norm == "rms" else 6
    assert found.contained and found.dimension == rotations + 2 * d * gains
    assert found.kernel == found.dimension + (0 if norm == "rms" else (6 + 4) + (4 + 7))
    if norm == "layer":
        rng, one = np.random.default_rng(2), np.ones((d, 1))
        free = {"E": one * rng.normal(size=6), "B": one * rng.normal(size=4),
                "A": rng.normal(size=(4, 1)) / weights.get("g", one[:, 0]),
                "H": rng.normal(size=(7, 1)) / weights.get("k", one[:, 0])}
        before = carry_out(net, weights, {"x": x})[0]
        moved = {n: w + free.get(n, 0.0) for n, w in weights.items()}
        assert np.abs(carry_out(net, moved, {"x": x})[0] - before).max() < 1e-10
