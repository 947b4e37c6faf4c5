"""Scores of single units: what changes them and what does not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import intertwine as iw
from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric import sample_scaled_permutation
from intertwine.similarity import basis_scores, probe, selectivity


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32 - 1))
def test_monomial_matrices_move_scores_with_the_units(seed):
    rng = np.random.default_rng(seed)
    x, y = np.round(rng.standard_normal((60, 7)), 1), rng.integers(0, 4, 60)
    g = sample_scaled_permutation(rng, 7, "nonzero")
    for score in (lambda h: selectivity(h, y, 0.2, both=True), lambda h: probe(h, y)):
        assert np.allclose(score(g.apply(x)), score(x)[g.indices])


def test_probe_against_a_regression(rng):
    x, y = rng.standard_normal((80, 3)), rng.integers(0, 3, 80)
    for u in range(3):
        best = 0.0
        for c in range(3):
            t = (y == c).astype(float)
            design = np.column_stack([x[:, u], np.ones(80)])
            rest = t - design @ np.linalg.lstsq(design, t, rcond=None)[0]
            best = max(best, 1 - rest @ rest / ((t - t.mean()) @ (t - t.mean())))
        assert probe(x, y)[u] == pytest.approx(best)


def test_selectivity_by_counting(rng):
    x, y = rng.standard_normal((100, 4)), rng.integers(0, 5, 100)
    for u in range(4):
        order = np.argsort(x[:, u])
        counts = [np.bincount(y[ends]).max() / 10 for ends in (order[:10], order[-10:])]
        assert selectivity(x, y, 0.1)[u] == pytest.approx(counts[1])
        assert selectivity(x, y, 0.1, both=True)[u] == pytest.approx(max(counts))


def test_special_units_survive_the_group_and_not_rotations(rng):
    y = rng.integers(0, 8, 400)
    x = np.maximum(3.0 * np.eye(8)[y] + 0.3 * rng.standard_normal((400, 8)), 0)
    found = basis_scores(x, y, iw.derive("relu"), rng, draws=10)
    for scores in found.values():
        assert scores.survives and scores.drop > 0
        assert scores.rotated.max() <= scores.activation
    # A unit that stands for a class explains it, and after a rotation none does: each has a share in all classes.
    assert found["probe"].activation > 0.9 and found["probe"].rotated.max() < 0.8
    turned = basis_scores(x, y, "orthogonal", rng, draws=10)
    assert not turned["probe"].survives


def test_unusable_input_is_named(rng):
    for message, arguments in (("draw", {"rng": rng, "draws": 0}), ("Generator", {"rng": 0})):
        with pytest.raises(IntertwineError, match=message):
            basis_scores(np.eye(4), [0, 1, 0, 1], "permutation", **arguments)
    with pytest.raises(IntertwineError, match="tail"):
        selectivity(np.eye(4), [0, 1, 0, 1], tail=float("nan"))
    with pytest.raises(ShapeError, match="labels"):
        probe(np.ones((3, 2)), [0, 1])
    with pytest.raises(ShapeError, match="labels"):
        probe(np.ones((3, 2)), [0.5, 1.0, 2.0])
    with pytest.raises(IntertwineError, match="tail"):
        selectivity(np.ones((3, 2)), [0, 1, 2], 0)
    with pytest.raises(IntertwineError, match="single units"):
        basis_scores(rng.standard_normal((9, 3)), [0] * 9, "general linear", rng)
