"""A logistic classifier that scikit-learn trained, and a sine network in PyTorch, under affine symmetries."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import sympy as sp

from intertwine.groups import AffineCharacter, AffineScalarGroup, AffineWreath
from intertwine.numeric import AffineElement, AffineIntertwiner, transform_mlp_affine, transform_network_affine

HIDDEN = (24, 16)
SIREN = (2, 32, 24, 24, 3)


def logistic(n: int) -> AffineWreath:
    group = AffineScalarGroup.reflection(0)
    return AffineWreath(group, AffineCharacter.on_generators(group, reflection=(-1, 1)), n)


def sine(n: int) -> AffineWreath:
    group = AffineScalarGroup.dihedral(sp.pi, 0)
    return AffineWreath(group, AffineCharacter.on_generators(group, translation=(-1, 0), reflection=(-1, 0)), n)


def without_shift(g: AffineIntertwiner) -> AffineIntertwiner:
    return AffineIntertwiner(AffineElement(g.element.linear), AffineElement(g.image.linear))


@pytest.fixture(scope="module")
def digits():
    datasets = pytest.importorskip("sklearn.datasets")
    X, y = datasets.load_digits(return_X_y=True)
    return X / 16.0, y


@pytest.fixture(scope="module")
def classifier(digits):
    neural_network = pytest.importorskip("sklearn.neural_network")
    model = neural_network.MLPClassifier(
        HIDDEN, activation="logistic", max_iter=40, learning_rate_init=0.02, random_state=0
    )
    with warnings.catch_warnings():
        # Few iterations are enough here.
        warnings.simplefilter("ignore")
        return model.fit(*digits)


def test_sign_flips_leave_the_classifier_alone(classifier, digits):
    X, _ = digits
    expected = classifier.predict_proba(X)
    assert classifier.score(*digits) > 0.9
    groups = [logistic(n) for n in HIDDEN]
    for seed in range(20):
        rng = np.random.default_rng(seed)
        chosen = [H.sample(rng) for H in groups]
        assert all({-1.0, 1.0} == set(g.element.linear.scales.tolist()) for g in chosen)
        moved = transform_mlp_affine(classifier, chosen)
        assert all(not np.allclose(V, W) for V, W in zip(moved.coefs_, classifier.coefs_, strict=True))
        assert all(not np.allclose(v, w) for v, w in zip(moved.intercepts_, classifier.intercepts_, strict=True))
        np.testing.assert_allclose(moved.predict_proba(X), expected, rtol=1e-10, atol=0)


@pytest.mark.parametrize("kind", ["no shift", "sine", "shifted too far"])
def test_other_elements_change_the_classifier(classifier, digits, kind):
    X, _ = digits
    rng = np.random.default_rng(0)
    if kind == "sine":
        wrong = [sine(n).sample(rng) for n in HIDDEN]
    else:
        wrong = [without_shift(logistic(n).sample(rng)) for n in HIDDEN]
        if kind == "shifted too far":
            wrong = [AffineIntertwiner(AffineElement(g.element.linear, np.full(g.n, 0.1)), g.image) for g in wrong]
    moved = transform_mlp_affine(classifier, wrong)
    assert np.abs(moved.predict_proba(X) - classifier.predict_proba(X)).max() > 1e-3


@pytest.fixture
def siren():
    """A sine network with the usual initialisation: its frequencies are large, so that phases matter."""
    torch = pytest.importorskip("torch")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        layers = torch.nn.ModuleList(
            torch.nn.Linear(m, n, dtype=torch.float64) for m, n in zip(SIREN, SIREN[1:], strict=False)
        )
        with torch.no_grad():
            for i, layer in enumerate(layers[:-1]):
                bound = 30 / SIREN[0] if i == 0 else np.sqrt(6 / SIREN[i])
                layer.weight.uniform_(-bound, bound)
        x = 2 * torch.rand(200, SIREN[0], dtype=torch.float64) - 1
    return layers, x


def run(layers, x):
    import torch

    with torch.no_grad():
        for layer in layers[:-1]:
            x = torch.sin(layer(x))
        return layers[-1](x).numpy()


def arrays(layers):
    """The parameters as numpy arrays that share PyTorch's memory."""
    return ([layer.weight.detach().numpy() for layer in layers], [layer.bias.detach().numpy() for layer in layers])


@pytest.mark.torch
def test_phase_shifts_and_reflections_leave_the_sine_network_alone(siren):
    layers, x = siren
    expected = run(layers, x)
    weights, biases = arrays(layers)
    originals = [array.copy() for array in (*weights, *biases)]
    groups = [sine(n) for n in SIREN[1:-1]]
    for seed in range(10):
        rng = np.random.default_rng(seed)
        for array, original in zip((*weights, *biases), originals, strict=True):
            array[...] = original
        chosen = [H.sample(rng) for H in groups]
        assert all(g.element.shift.any() and (g.element.linear.scales < 0).any() for g in chosen)
        transform_network_affine(weights, biases, chosen, inplace=True)
        assert not np.allclose(biases[0], originals[len(weights)])
        error = np.abs(run(layers, x) - expected).max()
        assert error <= 1e-10 * np.abs(expected).max()


@pytest.mark.torch
@pytest.mark.parametrize("kind", ["half the phase", "no phase", "logistic"])
def test_other_elements_change_the_sine_network(siren, kind):
    layers, x = siren
    expected = run(layers, x)
    rng = np.random.default_rng(0)
    groups = [(logistic if kind == "logistic" else sine)(n) for n in SIREN[1:-1]]
    wrong = [H.sample(rng) for H in groups]
    if kind != "logistic":
        factor = 0.5 if kind == "half the phase" else 0.0
        wrong = [AffineIntertwiner(AffineElement(g.element.linear, factor * g.element.shift), g.image) for g in wrong]
    transform_network_affine(*arrays(layers), wrong, inplace=True)
    assert np.abs(run(layers, x) - expected).max() > 1e-2 * np.abs(expected).max()
