"""Hidden units rewritten by relations of the activation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import intertwine as iw
from intertwine.errors import ShapeError
from intertwine.numeric import SkipLayers, UnitRelation, rewrite_units

MIRROR = UnitRelation([1.0], [-1.0], [0.0], slope=1.0)
KERNELS = {
    "relu": lambda t: np.maximum(t, 0),
    "softplus": lambda t: np.logaddexp(0, t),
    "sigmoid": lambda t: 1 / (1 + np.exp(-t)),
    "sin": np.sin,
    "exp": np.exp,
    "x**3": lambda t: t**3,
}


def network(rng: np.random.Generator, n: int = 7, m: int = 3, p: int = 2) -> SkipLayers:
    return SkipLayers(*(rng.normal(size=s) for s in ((n, m), (n,), (p, n), (p,), (p, m))))


def output(s, layers: SkipLayers, x: np.ndarray) -> np.ndarray:
    hidden = s(x @ layers.hidden_weight.T + layers.hidden_bias)
    return hidden @ layers.out_weight.T + x @ layers.skip_weight.T + layers.out_bias


def close(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.abs(a - b).max() <= 1e-10 * np.abs(b).max())


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("relu", ["t", "-t"]), ("softplus", ["t", "-t"]), ("sigmoid", ["t", "-t"]), ("relu", ["t", "2*t"]),
        ("sin", ["t", "t + pi/2", "t + 1"]), ("sin", ["t", "pi - t"]), ("exp", ["t", "t - 1"]),
        ("x**3", ["t", "t + 1", "t - 1"]), ("x**3", ["t", "-t/2"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("layout", ["out_in", "in_out"])
def test_the_function_stays(name, arguments, layout, rng) -> None:
    relation = iw.relations(name, arguments, admit=[1, "t"]).relations[0].as_rewriting()
    layers, x = network(rng), rng.normal(size=(50, 3))
    expected = output(KERNELS[name], layers, x)
    turn = (lambda a: a) if layout == "out_in" else (lambda a: a.T)
    before = SkipLayers(*map(turn, layers))
    copies = [a.copy() for a in before]
    new = SkipLayers(*map(turn, rewrite_units(before, [5, 0, 2], relation, layout=layout)))
    assert all((a == b).all() for a, b in zip(before, copies, strict=True))
    assert len(new.hidden_weight) == 7 + 3 * (len(relation.factors) - 1)
    assert not np.allclose(new.hidden_weight[:7] @ x.T, layers.hidden_weight @ x.T) or name in ("exp", "sin", "x**3")
    assert close(output(KERNELS[name], new, x), expected)
    wrong = rewrite_units(layers, [1], UnitRelation([1.0], [-1.0], [0.1], slope=0.9))
    assert not close(output(KERNELS[name], wrong, x), expected)


@given(st.lists(st.integers(0, 6), unique=True))
def test_mirroring_twice_is_nothing(units) -> None:
    layers = network(np.random.default_rng(3))
    twice = rewrite_units(rewrite_units(layers, units, MIRROR), units, MIRROR)
    assert all(np.allclose(a, b, rtol=0, atol=1e-12) for a, b in zip(twice, layers, strict=True))


def test_new_units_of_one_unit_stay_together() -> None:
    relation = UnitRelation([2.0, 3.0, 5.0], [1.0, -1.0, 7.0], [0.0, 0.5, 0.25])
    new = rewrite_units(([[1.0], [10.0]], [1.0, 2.0], [[1.0, 100.0]], None, None), [1, 0], relation)
    assert new.hidden_weight.ravel().tolist() == [1.0, 10.0, -10.0, 70.0, -1.0, 7.0]
    assert new.hidden_bias.tolist() == [1.0, 2.0, -1.5, 14.25, -0.5, 7.25]
    assert new.out_weight.tolist() == [[2.0, 200.0, 300.0, 500.0, 3.0, 5.0]]
    assert new.out_bias is None
    assert new.skip_weight is None


def test_dtypes_are_kept(rng) -> None:
    layers = SkipLayers(*(a.astype(np.float32) for a in network(rng)))
    assert {a.dtype for a in rewrite_units(layers, [0, 3], MIRROR)} == {np.dtype(np.float32)}


def test_no_units_is_a_copy(rng) -> None:
    layers = network(rng)
    new = rewrite_units(layers, [], MIRROR)
    assert all((a == b).all() and not np.shares_memory(a, b) for a, b in zip(new, layers, strict=True))


W, b, V, e, S = [[2.0]], [1.0], [[3.0]], [0.0], [[0.0]]


@pytest.mark.parametrize(
    ("layers", "units", "relation", "message"),
    [
        ((W, b, V, e), [0], MIRROR, "five arrays"),
        ((None, b, V, e, S), [0], MIRROR, "missing"),
        (([2.0], b, V, e, S), [0], MIRROR, "2 axes"),
        (([[2]], b, V, e, S), [0], MIRROR, "dtype"),
        ((W, [1.0, 2.0], V, e, S), [0], MIRROR, "fits the other layers"),
        ((W, b, V, e, [[0.0, 1.0]]), [0], MIRROR, "fits the other layers"),
        ((W, b, V, e, S), [1], MIRROR, "between 0 and 0"),
        ((W, b, V, e, S), [-1], MIRROR, "between 0 and 0"),
        ((W, b, V, e, S), [0, 0], MIRROR, "twice"),
        ((W, b, V, e, S), [0.0], MIRROR, "indices"),
        ((W, b, V, e, None), [0], MIRROR, "no skip connection"),
        ((W, None, V, e, S), [0], UnitRelation([1.0], [1.0], [1.0]), "no hidden bias"),
        ((W, b, V, None, S), [0], MIRROR, "no output bias"),
        ((W, None, V, None, S), [0], UnitRelation([-1.0], [-1.0], [0.0], intercept=1.0), "no output bias"),
        (([[1e200]], b, [[1e200]], e, S), [0], MIRROR, "not finite"),
    ],
)
def test_what_does_not_fit(layers, units, relation, message) -> None:
    with pytest.raises(ShapeError, match=message) as caught:
        rewrite_units(layers, units, relation)
    assert "\n" not in str(caught.value)


def test_layouts_have_names() -> None:
    with pytest.raises(ShapeError, match="layout"):
        rewrite_units((W, b, V, e, S), [0], MIRROR, layout="rows")


@pytest.mark.parametrize(
    ("parts", "message"),
    [(([], [], []), "at least one"), (([1.0], [1.0, 2.0], [0.0]), "as many"), (([1.0], [0.0], [0.0]), "zero"),
     (([float("nan")], [1.0], [0.0]), "finite")],
)
def test_relations_that_are_none(parts, message) -> None:
    with pytest.raises(ShapeError, match=message):
        UnitRelation(*parts)


def test_a_mirror_without_biases_needs_none() -> None:
    new = rewrite_units((W, None, V, None, S), [0], MIRROR)
    assert new.skip_weight.tolist() == [[6.0]]
    assert new.hidden_bias is new.out_bias is None
