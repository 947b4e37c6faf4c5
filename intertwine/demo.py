"""Move a trained network along its symmetry group: run ``python -m intertwine.demo``.

For each activation that scikit-learn's ``MLPClassifier`` knows, a classifier is trained on the digits data. The group
of the activation is derived, a random element of it is applied to the trained weights, and the
predicted probabilities are compared.
"""

from __future__ import annotations

import sys
import warnings
from importlib.util import find_spec
from typing import Any

import numpy as np

import intertwine as iw
from intertwine.numeric import Intertwiner, ScaledPermutation, transform_mlp

# scikit-learn's name of each activation, and the text that is derived.
ACTIVATIONS = {"relu": "relu", "tanh": "tanh", "logistic": "sigmoid", "identity": "x"}


def train(activation: str) -> tuple[Any, Any]:
    """A digits classifier with two hidden layers, and the images it has not seen (shape (360, 64))."""
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split
    from sklearn.neural_network import MLPClassifier

    images, labels = load_digits(return_X_y=True)
    known, unseen, targets, _ = train_test_split(images / 16, labels, test_size=360, random_state=0)
    network = MLPClassifier((48, 32), activation=activation, max_iter=30, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # thirty epochs make a good network here, if not a converged one
        network.fit(known, targets)
    return network, unseen


def largest_change(network: Any, moved: Any, images: Any) -> float:
    """The largest relative change of a predicted probability."""
    before, after = network.predict_proba(images), moved.predict_proba(images)
    return float(np.max(np.abs(after - before) / before))


def outside(width: int) -> Intertwiner:
    """Doubling one unit and turning another one over: for the nonlinear activations here, no element of the group."""
    scales = np.ones(width)
    scales[:2] = 2.0, -1.0
    element = ScaledPermutation(np.arange(width), scales)
    return Intertwiner(element, element)


def main() -> int:
    """Train, derive, move and compare; the exit status says whether all outputs stayed the same."""
    if find_spec("sklearn") is None:
        print('this demonstration trains with scikit-learn: pip install "intertwine[sklearn]"', file=sys.stderr)
        return 2
    rng = np.random.default_rng(0)
    fine = True
    for name, text in ACTIVATIONS.items():
        group = iw.derive(text)
        network, images = train(name)
        widths = [bias.shape[0] for bias in network.intercepts_[:-1]]
        moved = transform_mlp(network, [group(n).sample(rng) for n in widths])
        change = largest_change(network, moved, images)
        weights = np.max(np.abs(moved.coefs_[0] - network.coefs_[0]))
        print(f"{name}: {group.kind} ({group.status})")
        print(f"    largest change of a weight in layer 1                  {weights:.1e}")
        print(f"    largest relative change of a predicted probability     {change:.1e}")
        fine = fine and change < 1e-10
        if name != "identity":
            spoilt = largest_change(network, transform_mlp(network, [outside(n) for n in widths]), images)
            print(f"    the same for a matrix outside the group                {spoilt:.1e}")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
