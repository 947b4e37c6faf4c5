"""The strategies draw what they say, and shrink to what can be read."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import intertwine as iw
from intertwine.activations import CATALOGUE
from intertwine.parsing import parse_term
from intertwine.testing import (
    SmallNetwork,
    activations,
    expressions,
    inputs_of,
    intertwiners,
    small_networks,
    transformations,
)
from intertwine.testing.small import ACTIVATIONS
from tests.oracle import evaluate

WIDE = SmallNetwork(2, [("linear", 40, True), ("activation", "relu"), ("linear", 30, True), ("activation", "relu")], 1)


def minimal(strategy: st.SearchStrategy[Any], condition: Any) -> Any:
    """What an example that meets a condition shrinks to."""
    kept: list[Any] = []

    @settings(database=None, derandomize=True, max_examples=300, deadline=None)
    @given(strategy)
    def search(value: Any) -> None:
        if condition(value):
            kept.append(value)
            raise AssertionError

    with pytest.raises(AssertionError):
        search()
    return kept[-1]


@given(st.data())
@settings(max_examples=30)
def test_small_networks_have_the_group_that_is_derived(data: Any) -> None:
    network = data.draw(small_networks())
    x, g = data.draw(inputs_of(network)), data.draw(transformations(network.symmetry))
    before, after = network(network.weights, x), network(g.apply(network.weights), x)
    assert np.abs(after - before).max() <= 1e-6 * (np.abs(before).max() + 1e-3)


def test_all_kinds_of_layers_and_groups_are_drawn() -> None:
    kinds, layers = set(), set()

    @given(small_networks(activations=["relu", "tanh"]))
    @settings(max_examples=60, database=None)
    def collect(network: SmallNetwork) -> None:
        kinds.update(space.kind for space in network.symmetry.spaces)
        layers.update(layer[0] for layer in network.layers)

    collect()
    assert layers == {"linear", "activation", "residual", "gate", "rms_norm", "layer_norm"}
    assert {"general linear", "positive-scaled permutation", "signed permutation"} <= kinds


def test_elements_shrink_to_one_swap_or_one_scaled_unit() -> None:
    def unlike_swap(g: Any) -> bool:
        return any((m.permutation != np.arange(m.permutation.size)).any() for m in g.moves)

    g = minimal(transformations(WIDE.symmetry), unlike_swap)
    assert sum(int((m.permutation != np.arange(m.permutation.size)).sum()) for m in g.moves) == 2
    assert not any(m.logs.any() for m in g.moves)
    g = minimal(transformations(WIDE.symmetry, only="scales"), lambda g: any(m.logs.any() for m in g.moves))
    assert sum(int((m.logs != 0).sum()) for m in g.moves) == 1
    g = minimal(transformations(WIDE.symmetry), lambda g: True)
    assert not any(m.logs.any() for m in g.moves) and not unlike_swap(g)


@pytest.mark.parametrize("name", ["relu", "tanh", "x**3", "x", "sigmoid"])
def test_elements_of_activations_pass_through_them(name: str) -> None:
    f = sp.lambdify(sp.Symbol("x", real=True), iw.derive(name).expression, "numpy") if name == "sigmoid" else {
        "relu": lambda t: np.maximum(t, 0), "tanh": np.tanh, "x**3": lambda t: t**3, "x": lambda t: t}[name]
    group = iw.derive(name)(5)

    @given(intertwiners(group), st.integers(0, 1000))
    @settings(max_examples=25)
    def check(g: Any, seed: int) -> None:
        x = np.random.default_rng(seed).standard_normal((5, 3))
        assert np.allclose(f(g.element.apply(x, axis=0)), g.image.apply(f(x), axis=0), rtol=1e-9, atol=1e-12)

    check()
    if name in ("relu", "x**3"):
        g = minimal(intertwiners(group), lambda g: bool((g.element.indices != np.arange(5)).any()))
        assert (g.element.indices != np.arange(5)).sum() == 2 and np.all(g.element.scales == 1)
        g = minimal(intertwiners(group), lambda g: bool((g.element.scales != 1).any()))
        assert (g.element.scales != 1).sum() == 1 and np.all(g.element.indices == np.arange(5))


@given(activations())
@settings(max_examples=20)
def test_activations_are_in_the_catalogue(name: str) -> None:
    assert name in CATALOGUE


@given(expressions())
@settings(max_examples=60)
def test_expressions_can_be_read_and_are_real(text: str) -> None:
    value = evaluate(parse_term(text), 0.5)
    assert value is not None and "x" in text


def test_expressions_are_varied_and_shrink() -> None:
    assert minimal(expressions(), lambda text: "tanh" in text) == "tanh(x)"


@pytest.mark.parametrize("text", ACTIVATIONS)
def test_numpy_functions_are_the_expressions(text: str) -> None:
    term = parse_term(text)
    for t in (-1.75, -0.3, 0.0, 0.4, 2.25):
        value = float(ACTIVATIONS[text](np.array(t)))
        assert math.isclose(value, float(evaluate(term, t)), rel_tol=1e-12, abs_tol=1e-15)


@pytest.mark.parametrize("layer", [("dropout",), ("linear", 3), ("activation", "gelu_9"), ()])
def test_layers_that_are_not_known(layer: Any) -> None:
    with pytest.raises(ValueError, match="is no layer|cannot be run"):
        SmallNetwork(2, [layer], 1)
