"""Broken networks, wrong groups and metanetworks that forget something are caught, by one swap or one scaled unit."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from intertwine.errors import IntertwineError
from intertwine.networks import Architecture, ParameterSymmetry
from intertwine.testing import (
    SmallNetwork,
    SymmetryViolation,
    assert_equivariant,
    assert_invariant,
    compose,
    describe,
    random_steps,
)

RELU = SmallNetwork(3, [("linear", 6, True), ("activation", "relu"), ("residual", "relu", True)], 2)
TANH = SmallNetwork(3, [("linear", 6, True), ("activation", "tanh")], 2)
LINEAR = SmallNetwork(3, [("linear", 5, False), ("linear", 4, False)], 2)
ROTATED = SmallNetwork(3, [("linear", 5, False), ("rms_norm", True), ("residual", "relu", False)], 2)
CENTRED = SmallNetwork(3, [("linear", 5, False), ("layer_norm",)], 2)
GATED = SmallNetwork(3, [("gate", 5, "silu"), ("activation", "x*Abs(x)")], 2)
ALL = [RELU, TANH, LINEAR, ROTATED, CENTRED, GATED]


def inputs(network: SmallNetwork) -> np.ndarray:
    return np.random.default_rng(7).standard_normal((9, network.inputs))


def violation(call: Callable[[], None]) -> SymmetryViolation:
    with pytest.raises(SymmetryViolation) as caught:
        call()
    return caught.value


@pytest.mark.parametrize("network", ALL, ids=repr)
def test_what_is_invariant_passes(network: SmallNetwork) -> None:
    assert network.symmetry.spaces
    assert_invariant(network, network.weights, network.symmetry, inputs(network))


def test_a_unit_that_is_treated_apart_is_named() -> None:
    def broken(w: Any, x: Any) -> Any:
        return RELU({**w, "b1": w["b1"] + 0.1 * (np.arange(6) == 4)}, x)

    found = violation(lambda: assert_invariant(broken, RELU.weights, RELU.symmetry, inputs(RELU)))
    assert len(found.steps) == 1 and 4 in found.steps[0].units
    assert found.deviation > 1e-3 > found.tolerance
    shown = str(found)
    assert "the space W0:0 (6 channels, positive-scaled permutation)" in shown
    assert "4" in shown.splitlines()[1] and "reduced from" in shown and "steps to 1" in shown


@pytest.mark.parametrize(("only", "kind"), [("permutations", "swap"), ("scales", "scale")])
def test_counterexamples_shrink_to_one_step(only: str, kind: str) -> None:
    def broken(w: Any, x: Any) -> Any:
        return RELU(w, x) + 0.01 * w["b1"][0]

    found = violation(lambda: assert_invariant(broken, RELU.weights, RELU.symmetry, inputs(RELU), only=only))
    assert [step.kind for step in found.steps] == [kind] and 0 in found.steps[0].units
    element = found.element.moves
    moved = sum(int((m.permutation != np.arange(m.permutation.shape[-1])).sum()) + int((m.logs != 0).sum())
                for m in element)
    assert moved == (2 if kind == "swap" else 1)


def test_a_wrong_group_is_caught_on_a_correct_network() -> None:
    """The group of the same layers with relu scales what tanh does not let through."""
    wrong = SmallNetwork(3, [("linear", 6, True), ("activation", "relu")], 2).symmetry
    found = violation(lambda: assert_invariant(TANH, TANH.weights, wrong, inputs(TANH)))
    assert [step.kind for step in found.steps] == ["scale"]
    assert_invariant(TANH, TANH.weights, wrong, inputs(TANH), only="permutations")
    signs = violation(lambda: assert_invariant(RELU, RELU.weights, SmallNetwork(
        3, [("linear", 6, True), ("activation", "tanh"), ("residual", "tanh", True)], 2).symmetry, inputs(RELU)))
    assert [step.kind for step in signs.steps] == ["sign"] and "sign changed along axis 0 of W0" in str(signs)


def test_a_wrong_dense_group_is_caught() -> None:
    dense = SmallNetwork(3, [("linear", 6, False)], 2).symmetry
    tanh = SmallNetwork(3, [("linear", 6, False), ("activation", "tanh")], 2)
    found = violation(lambda: assert_invariant(tanh, tanh.weights, dense, inputs(tanh), only="dense"))
    assert [step.kind for step in found.steps] == ["shear"] and "added to unit" in str(found)
    turned = SmallNetwork(3, [("linear", 6, False), ("rms_norm", False)], 2).symmetry
    centred = SmallNetwork(3, [("linear", 6, False), ("layer_norm",)], 2)
    found = violation(lambda: assert_invariant(centred, centred.weights, turned, inputs(centred)))
    assert len(found.steps) == 1 and found.steps[0].kind in ("turn", "reflection")


def test_two_units_that_only_matter_together() -> None:
    """Nothing can be left out of what is reported."""
    def broken(w: Any, x: Any) -> Any:
        b = w["b1"]
        both = abs(b[0] - TANH.weights["b1"][0]) > 1e-9 and abs(b[3] - TANH.weights["b1"][3]) > 1e-9
        return TANH(w, x) + both

    found = violation(lambda: assert_invariant(broken, TANH.weights, TANH.symmetry, inputs(TANH), only="signs"))
    assert sorted(step.units for step in found.steps) == [(0,), (3,)]
    for step in found.steps:
        assert np.allclose(broken(compose(TANH.symmetry, [step]).apply(TANH.weights), inputs(TANH)),
                           TANH(TANH.weights, inputs(TANH)))


def test_outputs_of_every_form() -> None:
    x = inputs(RELU)

    def several(w: Any, x: Any) -> Any:
        y = RELU(w, x)
        return {"y": y, "more": [y.sum(), (y > 0, y.astype(np.float32))]}

    assert_invariant(several, RELU.weights, RELU.symmetry, x, rtol=1e-5)
    found = violation(lambda: assert_invariant(
        lambda w, x: (RELU(w, x), {"first": w["W0"][0, 0]}), RELU.weights, RELU.symmetry, x))
    assert "output[1]['first']" in str(found)
    shapes = violation(lambda: assert_invariant(
        lambda w, x: np.zeros(3 if w["W0"][0, 0] == RELU.weights["W0"][0, 0] else 4), RELU.weights, RELU.symmetry, x))
    assert "the shape of output" in str(shapes)


def test_what_cannot_be_tested_is_said() -> None:
    x, rng = inputs(RELU), np.random.default_rng()
    with pytest.raises(IntertwineError, match="two different answers"):
        assert_invariant(lambda w, x: rng.random(), RELU.weights, RELU.symmetry, x)
    with pytest.raises(IntertwineError, match="not finite"):
        assert_invariant(lambda w, x: np.nan, RELU.weights, RELU.symmetry, x)
    with pytest.raises(IntertwineError, match="nothing moves"):
        assert_invariant(RELU, RELU.weights, RELU.symmetry, x, only="dense")
    with pytest.raises(IntertwineError, match="no part 'turns'"):
        assert_invariant(RELU, RELU.weights, RELU.symmetry, x, only="turns")
    with pytest.raises(IntertwineError, match="arrays of numbers"):
        assert_invariant(lambda w, x: "text", RELU.weights, RELU.symmetry, x)
    gains = SmallNetwork(3, [("linear", 5, False), ("rms_norm", True)], 2).symmetry
    with pytest.raises(IntertwineError, match="linearly on gradients"):
        assert_equivariant(lambda w: w, gains, gradients=True)


def symmetric_layer(w: dict[str, Any]) -> dict[str, Any]:
    """An equivariant layer for two linear maps: each tensor mixed with its means and its neighbours'."""
    a, b, v = w["W0"], w["b1"], w["W2"]
    return {"W0": 2 * a + a.mean(0) + np.outer(b, [1, 2, 3]) + v.mean(0)[:, None],
            "b1": b + a.sum(1) - v.sum(0) + b.mean(), "W2": v - v.mean(1, keepdims=True) + b}


def test_metanetworks() -> None:
    symmetry = TANH.symmetry
    assert_equivariant(symmetric_layer, symmetry, only="permutations")

    def forgets(w: dict[str, Any]) -> dict[str, Any]:
        return {**symmetric_layer(w), "b1": w["b1"] * np.array([1, 1, 1, 1, 1, 2])}

    found = violation(lambda: assert_equivariant(forgets, symmetry, only="permutations"))
    assert [step.kind for step in found.steps] == ["swap"] and 5 in found.steps[0].units
    assert "does not move with" in str(found) and "output['b1']" in str(found)
    # The bias of the layer sees the signs.
    found = violation(lambda: assert_equivariant(symmetric_layer, symmetry))
    assert [step.kind for step in found.steps] == ["sign"]
    assert_equivariant(lambda w: [np.abs(w["W0"]).sum(), (w["W2"] @ w["W0"]).ravel()], symmetry)
    found = violation(lambda: assert_equivariant(lambda w: w["W0"][2].sum(), symmetry))
    assert 2 in found.steps[0].units


@pytest.mark.parametrize("network", [RELU, TANH, LINEAR, GATED], ids=repr)
def test_gradients_of_an_invariant_loss_are_covectors(network: SmallNetwork) -> None:
    torch = pytest.importorskip("torch")
    x = torch.from_numpy(inputs(network))

    def loss(w: dict[str, Any]) -> Any:
        h = x
        names = iter(w)
        for layer in network.layers:
            if layer[0] == "linear":
                h = h @ w[next(names)].T + (w[next(names)] if layer[2] else 0)
            elif layer[0] == "residual":
                h = h + torch.relu(h @ w[next(names)].T + w[next(names)])
            elif layer[0] == "gate":
                h = torch.nn.functional.silu(h @ w[next(names)].T) * (h @ w[next(names)].T)
            else:
                h = {"relu": torch.relu, "tanh": torch.tanh, "x*Abs(x)": lambda t: t * t.abs()}[layer[1]](h)
        return ((h @ w[next(names)].T) ** 2).sum()

    def gradient(w: dict[str, Any]) -> dict[str, Any]:
        tensors = {k: torch.from_numpy(np.array(v)).requires_grad_() for k, v in w.items()}
        loss(tensors).backward()
        return {k: t.grad.numpy() for k, t in tensors.items()}

    assert_equivariant(gradient, network.symmetry, network.weights, gradients=True, rtol=1e-8)
    if network is not TANH:  # for permutations and signs the two actions are one
        violation(lambda: assert_equivariant(gradient, network.symmetry, network.weights))


def test_steps_make_elements_and_are_described() -> None:
    rng = np.random.default_rng(0)
    for network in ALL:
        steps = random_steps(network.symmetry, rng)
        g = compose(network.symmetry, steps)
        x = inputs(network)
        assert np.allclose(network(g.apply(network.weights), x), network(network.weights, x), rtol=1e-8)
        for step in steps:
            shown = describe(network.symmetry, [step])
            assert all(str(u) in shown for u in step.units) and network.symmetry.spaces[0].kind
        assert describe(network.symmetry, []) == "the identity"
        assert "more steps" in describe(network.symmetry, [*steps] * 9)


def test_a_head_of_attention_is_named() -> None:
    net = Architecture("attention")
    x = net.input("x", ("samples", "time", 6))

    def heads(name: str) -> str:
        y = net.linear(x, net.weight(name, (6, 6)))
        return net.transpose(net.reshape(y, ("samples", "time", 2, 3)), 0, 2, 1, 3)

    mixed = net.transpose(net.attention(heads("Q"), heads("K"), heads("V")), 0, 2, 1, 3)
    net.output(net.linear(net.reshape(mixed, ("samples", "time", 6)), net.weight("O", (6, 6))))
    symmetry: ParameterSymmetry = net.symmetry()

    def f(w: Any, x: Any) -> Any:
        q, k, v = ((x @ w[n].T).reshape(4, 5, 2, 3).swapaxes(1, 2) for n in "QKV")
        scores = np.exp(q @ k.swapaxes(-1, -2) / 4)
        return ((scores / scores.sum(-1, keepdims=True)) @ v).swapaxes(1, 2).reshape(4, 5, 6) @ w["O"].T

    rng = np.random.default_rng(1)
    weights = {n: rng.standard_normal((6, 6)) for n in "QKVO"}
    points = rng.standard_normal((4, 5, 6))
    assert_invariant(f, weights, symmetry, points)
    found = violation(lambda: assert_invariant(lambda w, x: f(w, x) + w["Q"][4, 0], weights, symmetry, points,
                                               only="dense"))
    assert len(found.steps) == 1 and found.steps[0].kind == "shear"
    assert "in copy 1 of the space" in str(found)


def test_elements_can_be_read() -> None:
    symmetry = RELU.symmetry
    assert repr(symmetry.identity()) == "<the identity>"
    steps = [s for s in random_steps(symmetry, np.random.default_rng(0)) if s.kind == "scale"][2:3]
    assert repr(compose(symmetry, steps)).startswith("<W0:0: unit 2 x")
    assert "in all)" in repr(symmetry.sample(np.random.default_rng(1)))


def test_assertions_need_no_hypothesis() -> None:
    code = ("import sys; sys.modules['hypothesis'] = None\n"
            "import intertwine.testing as t\nt.assert_invariant\n"
            "try:\n    t.transformations\nexcept ValueError as error:\n    print(error)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert "intertwine[testing]" in done.stdout


def test_metanetworks_that_leave_out_some_of_the_weights() -> None:
    net = Architecture()
    h = net.activation(net.linear(net.input("x", (None, 2)), net.weight("W", (3, 2))), "tanh")
    net.output(net.linear(h, net.weight("V", (1, 3))))
    with pytest.raises(IntertwineError, match="but not V"):
        assert_equivariant(lambda w: {"W": w["W"]}, net.symmetry())
    assert_equivariant(lambda w: {"length": np.linalg.norm(w["W"])}, net.symmetry())
