"""Weights: planted elements, balance, canonical forms, monotone descent, residual and convolutional networks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import intertwine as iw
from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric import Dense, Intertwiner, sample_orthogonal
from intertwine.similarity import (
    NetworkSymmetry,
    Space,
    TensorAxis,
    align_weights,
    balance,
    barrier,
    canonicalize,
    height,
    mlp_parameters,
    mlp_symmetry,
    move,
)
from tests.similarity.cases import LARGE_SEEDS, LARGEST_SEEDS

SEEDS = st.integers(0, 2**32 - 1)
ACTIVATIONS = {
    "relu": lambda z: np.maximum(z, 0), "tanh": np.tanh, "gelu": None, "x**3": lambda z: z**3,
    "x*abs(x)": lambda z: z * abs(z), "exp(-x**2/2)": lambda z: np.exp(-(z**2) / 2),
}  # fmt: skip


def perceptron(rng, widths):
    weights = [rng.standard_normal((m, n)) / np.sqrt(n) for n, m in zip(widths, widths[1:], strict=False)]
    return mlp_parameters(weights, [0.3 * rng.standard_normal(m) for m in widths[1:]])


def planted(rng, symmetry, derived, spread=0.5):
    return {s.name: derived(s.width).sample(rng, spread) for s in symmetry.spaces}


def run(net, act, x, depth):
    for i in range(1, depth):
        x = act(x @ net[f"W{i}"].T + net[f"b{i}"])
    return x @ net[f"W{depth}"].T + net[f"b{depth}"]


@pytest.mark.parametrize("name", ACTIVATIONS)
@settings(max_examples=15)
@given(seed=SEEDS)
def test_planted_elements_and_canonical_forms(name, seed):
    rng = np.random.default_rng(seed)
    group = iw.derive(name)
    net = perceptron(rng, [5, 7, 6, 3])
    symmetry = mlp_symmetry(net, group)
    elements = planted(rng, symmetry, group)
    other = move(net, symmetry, elements)
    found = align_weights(net, other, symmetry, restarts=1)
    for space in symmetry.spaces:
        assert found.elements[space.name].allclose(elements[space.name], rtol=1e-8, atol=1e-12)
    assert found.distance < 1e-7
    one, two = canonicalize(net, symmetry)[0], canonicalize(other, symmetry)[0]
    for key in net:
        assert np.allclose(one[key], two[key], rtol=1e-8, atol=1e-9)
    act = ACTIVATIONS[name]
    if act is not None:
        x = rng.standard_normal((4, 5))
        want = run(net, act, x, 3)
        for moved in (other, found.parameters, one):
            assert np.allclose(run(moved, act, x, 3), want, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("seed", LARGE_SEEDS)
def test_permutations_and_scales_of_weights_at_width_512(seed):
    group, rng = iw.derive("relu"), np.random.default_rng(seed)
    net = perceptron(rng, [64, 512, 512, 10])
    symmetry = mlp_symmetry(net, group)
    elements = planted(rng, symmetry, group)
    found = align_weights(net, move(net, symmetry, elements), symmetry, restarts=1)
    for space in symmetry.spaces:
        got, want = found.elements[space.name].element, elements[space.name].element
        assert np.array_equal(got.indices, want.indices)
        assert np.allclose(got.scales, want.scales, rtol=1e-8, atol=0)


def residual(rng, stream, hidden, blocks):
    """relu(E·x), then h ← relu(h + V·relu(U·h)), then R·h."""
    net = {"E": rng.standard_normal((stream, 8)), "e": rng.standard_normal(stream)}
    axes = [TensorAxis("E", 0, "element"), TensorAxis("e", 0, "element")]
    spaces = []
    for i in range(blocks):
        net |= {f"U{i}": rng.standard_normal((hidden, stream)), f"u{i}": rng.standard_normal(hidden),
                f"V{i}": rng.standard_normal((stream, hidden)), f"v{i}": rng.standard_normal(stream)}
        axes += [TensorAxis(f"U{i}", 1, "image"), TensorAxis(f"V{i}", 0, "element"), TensorAxis(f"v{i}", 0, "element")]
        spaces.append(Space(f"block {i}", hidden, iw.derive("relu"), (
            TensorAxis(f"U{i}", 0, "element"), TensorAxis(f"u{i}", 0, "element"), TensorAxis(f"V{i}", 1, "image"))))
    net["R"] = rng.standard_normal((3, stream))
    axes.append(TensorAxis("R", 1, "image"))
    return net, NetworkSymmetry((Space("stream", stream, iw.derive("relu"), tuple(axes)), *spaces))


def run_residual(net, x, blocks):
    h = np.maximum(x @ net["E"].T + net["e"], 0)
    for i in range(blocks):
        h = np.maximum(h + np.maximum(h @ net[f"U{i}"].T + net[f"u{i}"], 0) @ net[f"V{i}"].T + net[f"v{i}"], 0)
    return h @ net["R"].T


@pytest.mark.parametrize(("stream", "hidden", "seeds"), [(20, 30, range(20)), (512, 512, LARGEST_SEEDS)])
def test_residual_networks(stream, hidden, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        net, symmetry = residual(rng, stream, hidden, 2)
        elements = planted(rng, symmetry, iw.derive("relu"))
        other = move(net, symmetry, elements)
        x = rng.standard_normal((5, 8))
        assert np.allclose(run_residual(other, x, 2), run_residual(net, x, 2))
        found = align_weights(net, other, symmetry, restarts=1)
        for name, pair in elements.items():
            assert np.array_equal(found.elements[name].element.indices, pair.element.indices)
            assert np.allclose(found.elements[name].element.scales, pair.element.scales, rtol=1e-8, atol=0)


def test_convolutions_with_a_dense_layer(rng):
    group = iw.derive("relu")
    net = {"W1": rng.standard_normal((16, 3, 3, 3)), "b1": rng.standard_normal(16),
           "W2": rng.standard_normal((12, 16, 3, 3)), "b2": rng.standard_normal(12),
           "W3": rng.standard_normal((10, 48))}
    symmetry = mlp_symmetry(net, group)
    elements = planted(rng, symmetry, group)
    found = align_weights(net, move(net, symmetry, elements), symmetry)
    assert all(found.elements[k].allclose(v, rtol=1e-8) for k, v in elements.items())


def test_rotations_of_a_radial_layer(rng):
    group = Space("hidden 1", 6, "orthogonal", ()).group
    net = perceptron(rng, [9, 6, 6, 3])
    symmetry = mlp_symmetry(net, group)
    turns = {s.name: sample_orthogonal(rng, 6) for s in symmetry.spaces}
    other = move(net, symmetry, {k: Intertwiner(q, q) for k, q in turns.items()})
    found = align_weights(net, other, symmetry)
    assert found.distance < 1e-9
    assert all(isinstance(found.elements[k].element, Dense) for k in turns)
    one, two = canonicalize(net, symmetry)[0], canonicalize(other, symmetry)[0]
    assert all(np.allclose(one[k], two[k]) for k in net)


@settings(max_examples=15)
@given(seed=SEEDS)
def test_descent_is_monotone_and_reproducible(seed):
    rng = np.random.default_rng(seed)
    group = iw.derive(("relu", "tanh", "gelu")[seed % 3])
    net, other = perceptron(rng, [5, 8, 7, 3]), perceptron(rng, [5, 8, 7, 3])
    symmetry = mlp_symmetry(net, group)
    one, two = (align_weights(net, other, symmetry, restarts=3, seed=seed) for _ in range(2))
    assert list(one.history) == sorted(one.history, reverse=True)
    assert one.history[-1] == min(one.restarts) and one.restarts == two.restarts
    assert one.elements == two.elements


def test_balance_is_the_least_norm(rng):
    net = perceptron(rng, [5, 8, 7, 3])
    symmetry = mlp_symmetry(net, iw.derive("relu"))
    balanced, _ = balance(net, symmetry)
    least = sum(np.sum(t**2) for t in balanced.values())
    for _ in range(20):
        other = move(balanced, symmetry, planted(rng, symmetry, iw.derive("relu"), 0.05))
        assert sum(np.sum(t**2) for t in other.values()) >= least - 1e-9


@pytest.mark.parametrize("name", ["relu", "x*abs(x)"])
def test_planted_elements_are_found_among_dead_units(name, rng):
    net, derived = perceptron(rng, [5, 8, 7, 3]), iw.derive(name)
    net["W1"][2] = 0  # never active, but for a bias
    if name == "relu":  # with signs, a row of zeros does not say which sign it has
        net["b1"][2] = 0
    net["W2"][:, 4] = 0  # never read
    net["W3"][:, 6] = 0
    symmetry = mlp_symmetry(net, derived)
    moved = move(net, symmetry, planted(rng, symmetry, derived))
    assert align_weights(net, moved, symmetry).distance < 1e-10
    one, two = canonicalize(net, symmetry)[0], canonicalize(moved, symmetry)[0]
    for key in one:
        np.testing.assert_allclose(one[key], two[key], atol=1e-10)


def test_units_without_any_weights_are_left_alone(rng):
    net = perceptron(rng, [5, 8, 3])
    net["W1"][2], net["b1"][2], net["W2"][:, 2] = 0, 0, 0
    assert balance(net, mlp_symmetry(net, iw.derive("relu")))[1]["hidden 1"].scales[2] == 1


def test_barriers(rng):
    net = perceptron(rng, [2, 3, 1])
    assert height(barrier(net, net, lambda p: float(p["W1"].sum()), 5)) == pytest.approx(0, abs=1e-12)
    assert height(np.array([0.0, 3.0, 2.0])) == 2


def test_unusable_input_is_named(rng):
    net, other = perceptron(rng, [2, 3, 1]), perceptron(rng, [2, 4, 1])
    with pytest.raises(ShapeError, match="different parameters"):
        align_weights(net, other, mlp_symmetry(net, "permutation"))
    with pytest.raises(IntertwineError, match="rotations only"):
        align_weights(net, net, mlp_symmetry(net, "general linear"))
    with pytest.raises(IntertwineError, match="no balance"):
        balance(net, mlp_symmetry(net, iw.derive("1/x")))
    relu = mlp_symmetry(net, "positive-scaled permutation")
    with pytest.raises(IntertwineError, match="W1 of the second network has an entry that is not finite"):
        align_weights(net, net | {"W1": net["W1"] * np.nan}, relu)
    with pytest.raises(IntertwineError, match="not finite"):
        canonicalize(net | {"b1": net["b1"] * np.inf}, relu)
    with pytest.raises(ShapeError, match="moves W1"):
        align_weights({}, {}, relu)
    with pytest.raises(IntertwineError, match="seed"):
        align_weights(net, net, relu, seed=-1)
    with pytest.raises(IntertwineError, match="symmetry has spaces"):
        align_weights(net, net, "permutation")
    with pytest.raises(ShapeError, match="W3 does not belong"):
        mlp_symmetry({"W1": net["W1"], "W3": net["W2"]}, "permutation")
    with pytest.raises(ShapeError, match="different parameters"):
        barrier(net, {}, lambda p: 0.0)


def test_unequal_coordinates_are_not_taken_for_equal_ones(rng):
    # In Δ·Sym(n)·Δ⁻¹ a permutation without its scales is no symmetry; to use it would change the function.
    net = perceptron(rng, [3, 4, 2])
    layer = iw.derive_layer(["gelu(x)", "gelu(2*x)", "gelu(x)", "gelu(2*x)"])
    for act in (lambda s: align_weights(net, net, s), lambda s: canonicalize(net, s)):
        with pytest.raises(IntertwineError, match="hidden 1"):
            act(mlp_symmetry(net, layer))
