"""Networks that scikit-learn trained: a group element leaves their output alone, anything else does not."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import intertwine as iw
from intertwine.numeric import Dense, Intertwiner, ScaledPermutation, transform_mlp

datasets = pytest.importorskip("sklearn.datasets")
neural_network = pytest.importorskip("sklearn.neural_network")

HIDDEN = (24, 16)
ACTIVATIONS = ["relu", "tanh", "logistic", "identity"]
# For each activation a pair (A, B) with B ≠ φ(A), or with A outside the group.
HALVES = {n: np.where(np.arange(n) % 2, 1.0, -1.0) for n in HIDDEN}


@pytest.fixture(scope="module")
def digits():
    X, y = datasets.load_digits(return_X_y=True)
    return X / 16.0, y


@pytest.fixture(scope="module", params=ACTIVATIONS)
def trained(request, digits):
    model = neural_network.MLPClassifier(
        HIDDEN, activation=request.param, max_iter=15, learning_rate_init=0.01, random_state=0
    )
    with warnings.catch_warnings():
        # Few iterations are enough here.
        warnings.simplefilter("ignore")
        return model.fit(*digits)


def outsider(activation: str, n: int) -> Intertwiner:
    """A pair that is *not* an intertwiner of the activation, though one of some other activation."""
    if activation == "relu":
        wrong = ScaledPermutation(np.arange(n), HALVES[n])
    elif activation == "tanh":
        wrong = ScaledPermutation(np.arange(n), np.full(n, 1.5))
    elif activation == "logistic":
        wrong = ScaledPermutation(np.arange(n), HALVES[n])
    else:
        # Every invertible matrix is in the group of the identity; its image must then be the matrix itself.
        matrix = np.eye(n) + np.eye(n, k=1)
        return Intertwiner(Dense(matrix), Dense(matrix.T))
    return Intertwiner(wrong, wrong)


def test_group_elements_leave_predictions_alone(trained, digits):
    X, _ = digits
    expected = trained.predict_proba(X)
    assert trained.score(*digits) > 0.9
    G = iw.derive(trained.activation)
    groups = [G(n) for n in HIDDEN]
    for seed in range(20):
        rng = np.random.default_rng(seed)
        moved = transform_mlp(trained, [H.sample(rng) for H in groups])
        assert all(not np.allclose(V, W) for V, W in zip(moved.coefs_, trained.coefs_, strict=True))
        np.testing.assert_allclose(moved.predict_proba(X), expected, rtol=1e-10, atol=0)


def test_elements_outside_the_group_change_predictions(trained, digits):
    X, _ = digits
    moved = transform_mlp(trained, [outsider(trained.activation, n) for n in HIDDEN])
    assert np.abs(moved.predict_proba(X) - trained.predict_proba(X)).max() > 1e-3


def test_float32_weights_stay_float32(digits):
    X, y = digits
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = neural_network.MLPClassifier((8,), max_iter=3, random_state=0).fit(X.astype(np.float32), y)
    moved = transform_mlp(model, [iw.derive("relu")(8).sample(np.random.default_rng(0))])
    assert {W.dtype for W in (*moved.coefs_, *moved.intercepts_)} == {np.dtype(np.float32)}
    np.testing.assert_allclose(
        moved.predict_proba(X.astype(np.float32)), model.predict_proba(X.astype(np.float32)), rtol=1e-4
    )
