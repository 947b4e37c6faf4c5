"""Networks moved along affine groups that ``derive`` found: no output changes, and outside the groups it does."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import intertwine as iw
from intertwine.numeric import AffineElement, AffineIntertwiner, transform_mlp_affine, transform_network_affine

HIDDEN = (40, 24)
WIDTHS = (2, 32, 24, 24, 3)
#: An activation with its formula, and a phase shift that is no symmetry.
PERIODIC = {"sine": "sin(x)", "fast sine": "sin(30*x)", "snake": "x + sin(x)**2", "cosine": "cos(x)"}


def derived(text: str) -> Any:
    G = iw.derive(text, affine=True)
    assert G.status == "exact" and G.certificate.check()
    return G


def with_shift(g: AffineIntertwiner, factor: float) -> AffineIntertwiner:
    """The same linear parts and image, with another shift before the activation."""
    return AffineIntertwiner(AffineElement(g.element.linear, factor * g.element.shift), g.image)


@pytest.fixture(scope="module")
def digits() -> Any:
    datasets = pytest.importorskip("sklearn.datasets")
    X, y = datasets.load_digits(return_X_y=True)
    return X / 16.0, y


@pytest.fixture(scope="module")
def classifier(digits: Any) -> Any:
    neural_network = pytest.importorskip("sklearn.neural_network")
    model = neural_network.MLPClassifier(
        HIDDEN, activation="logistic", max_iter=40, learning_rate_init=0.02, random_state=1
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a few iterations are enough here
        return model.fit(*digits)


def test_sign_flips_of_a_logistic_classifier(classifier: Any, digits: Any) -> None:
    X, _ = digits
    assert classifier.score(*digits) > 0.9
    expected = classifier.predict_proba(X)
    G = derived("1/(1 + exp(-x))")
    assert iw.derive("1/(1 + exp(-x))").kind == "permutation"  # without shifts, no sign can be flipped
    for seed in range(20):
        chosen = [G(n).sample(np.random.default_rng((seed, n))) for n in HIDDEN]
        assert all({-1.0, 1.0} == set(g.element.linear.scales.tolist()) for g in chosen)
        moved = transform_mlp_affine(classifier, chosen)
        assert all(not np.allclose(v, w) for v, w in zip(moved.intercepts_, classifier.intercepts_, strict=True))
        np.testing.assert_allclose(moved.predict_proba(X), expected, rtol=1e-10, atol=0)


@pytest.mark.parametrize("other", ["tanh(x)", "sin(x)", "1/(1 + exp(1 - x))"])
def test_other_groups_change_the_classifier(classifier: Any, digits: Any, other: str) -> None:
    X, _ = digits
    rng = np.random.default_rng(0)
    moved = transform_mlp_affine(classifier, [derived(other)(n).sample(rng) for n in HIDDEN])
    assert np.abs(moved.predict_proba(X) - classifier.predict_proba(X)).max() > 1e-3


def network(torch: Any, frequency: float) -> Any:
    """Layers with the usual initialisation of sine networks, and inputs."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        pairs = zip(WIDTHS, WIDTHS[1:], strict=False)
        layers = torch.nn.ModuleList(torch.nn.Linear(m, n, dtype=torch.float64) for m, n in pairs)
        with torch.no_grad():
            for i, layer in enumerate(layers[:-1]):
                bound = 30 / WIDTHS[0] if i == 0 else np.sqrt(6 / WIDTHS[i])
                layer.weight.uniform_(-bound / frequency, bound / frequency)
        return layers, 2 * torch.rand(200, WIDTHS[0], dtype=torch.float64) - 1


def run(torch: Any, layers: Any, sigma: Any, x: Any) -> Any:
    with torch.no_grad():
        for layer in layers[:-1]:
            x = sigma(layer(x))
        return layers[-1](x).numpy()


def arrays(layers: Any) -> Any:
    """The parameters as numpy arrays that share PyTorch's memory."""
    return [layer.weight.detach().numpy() for layer in layers], [layer.bias.detach().numpy() for layer in layers]


def kernel(torch: Any, name: str) -> Any:
    return {"sine": torch.sin, "fast sine": lambda t: torch.sin(30 * t), "cosine": torch.cos,
            "snake": lambda t: t + torch.sin(t) ** 2}[name]  # fmt: skip


@pytest.mark.torch
@pytest.mark.parametrize("name", PERIODIC)
def test_phase_shifts_and_reflections_in_pytorch(name: str) -> None:
    torch = pytest.importorskip("torch")
    layers, x = network(torch, 30.0 if name == "fast sine" else 1.0)
    sigma, G = kernel(torch, name), derived(PERIODIC[name])
    assert G.type == "dihedral"
    expected = run(torch, layers, sigma, x)
    weights, biases = arrays(layers)
    originals = [array.copy() for array in (*weights, *biases)]
    for seed in range(10):
        for array, original in zip((*weights, *biases), originals, strict=True):
            array[...] = original
        chosen = [G(n).sample(np.random.default_rng((seed, i))) for i, n in enumerate(WIDTHS[1:-1])]
        assert all(g.element.shift.any() and (g.element.linear.scales < 0).any() for g in chosen)
        transform_network_affine(weights, biases, chosen, inplace=True)
        assert all(not np.allclose(b, o) for b, o in zip(biases[:-1], originals[len(weights) : -1], strict=True))
        assert np.abs(run(torch, layers, sigma, x) - expected).max() <= 1e-10 * np.abs(expected).max()


@pytest.mark.torch
@pytest.mark.parametrize("name", PERIODIC)
@pytest.mark.parametrize("factor", [0.0, 0.5, 1.01])
def test_other_phases_change_the_output_in_pytorch(name: str, factor: float) -> None:
    torch = pytest.importorskip("torch")
    layers, x = network(torch, 30.0 if name == "fast sine" else 1.0)
    sigma, G = kernel(torch, name), derived(PERIODIC[name])
    expected = run(torch, layers, sigma, x)
    rng = np.random.default_rng(0)
    wrong = [with_shift(G(n).sample(rng), factor) for n in WIDTHS[1:-1]]
    transform_network_affine(*arrays(layers), wrong, inplace=True)
    assert np.abs(run(torch, layers, sigma, x) - expected).max() > 1e-3 * np.abs(expected).max()
