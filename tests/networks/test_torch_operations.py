"""One operation between two convolutions: the group that it leaves, and the outputs under random elements."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from intertwine.networks import read_torch  # noqa: E402
from tests.networks.modules import IMAGE, deviation, generic  # noqa: E402

pytestmark = pytest.mark.torch
nn, F = torch.nn, torch.nn.functional
PLACES = torch.linspace(-1, 1, 2 * 4 * 4 * 2, dtype=torch.double).reshape(2, 4, 4, 2)


class Between(nn.Module):
    def __init__(self, middle: Any, width: int) -> None:
        super().__init__()
        self.a, self.b, self.middle = nn.Conv2d(3, 8, 3, padding=1), nn.Conv2d(width, 4, 3, padding=1), middle

    def forward(self, x: Any) -> Any:
        return self.b(self.middle(self.a(x)))


# The function, the channels that it makes, and the kinds of groups that it leaves to its input.
MIDDLES: dict[str, tuple[Any, int, list[str]]] = {
    "glu": (lambda t: F.glu(t, 1), 4, ["monomial"]),  # the halves without the sigmoid
    "unit length": (lambda t: F.normalize(t, dim=1), 8, ["signed permutation"]),  # as the largest of the length and ε
    "length": (lambda t: t / t.norm(dim=1, keepdim=True), 8, ["orthogonal"]),
    "standard deviation": (lambda t: t / t.std((2, 3), keepdim=True), 8, ["monomial"]),
    "variance over channels": (lambda t: (t - t.mean(1, keepdim=True)) / (t.var(1, keepdim=True) + 1).sqrt(), 8,
                               ["orthogonal, ones fixed"]),
    "pixels to channels": (lambda t: F.pixel_unshuffle(t, 2), 32, ["general linear"]),
    "patches": (lambda t: F.unfold(t, 2).reshape(2, 32, 15, 15), 32, ["general linear"]),
    "windows": (lambda t: t.unfold(2, 4, 4).unfold(3, 4, 4).mean((-1, -2)), 8, ["general linear"]),
    "stored places": (lambda t: t[:, :, torch.tensor([3, 1, 2])], 8, ["general linear"]),
    "grid": (lambda t: F.grid_sample(t, PLACES, align_corners=False), 8, ["general linear"]),
    "largest": (lambda t: t * t.max(3, keepdim=True).values, 8, ["positive-scaled permutation"]),
    "largest three": (lambda t: t.topk(3, 3).values, 8, ["positive-scaled permutation"]),
    "sorted": (lambda t: t.sort(2).values, 8, ["positive-scaled permutation"]),
    "median": (lambda t: t - t.median(2, keepdim=True).values, 8, ["positive-scaled permutation"]),
    "product": (lambda t: t.prod(2, keepdim=True), 8, ["permutation"]),
    "cosine": (lambda t: t * F.cosine_similarity(t, t.roll(1, 2), dim=1)[:, None], 8, ["signed permutation"]),
    "interpolated functions": (lambda t: torch.lerp(t, t.tanh(), 0.3), 8, ["signed permutation"]),
    "product added": (lambda t: torch.addcmul(t, t, t.tanh(), value=0.5), 8, ["permutation"]),
    "random slopes, evaluated": (lambda t: F.rrelu(t), 8, ["positive-scaled permutation"]),
    "selu": (F.selu, 8, ["permutation"]),
    "places": (lambda t: t * t.topk(3, 3).indices.sum(3, keepdim=True), 8, []),  # what is not known freezes
}


@pytest.mark.parametrize("name", MIDDLES)
def test_the_group_that_an_operation_leaves(name: str) -> None:
    middle, width, kinds = MIDDLES[name]
    module, x = generic(Between(middle, width)), IMAGE.double()
    network = read_torch(module, x)
    symmetry = network.symmetry()
    assert [space.kind for space in symmetry.spaces] == kinds
    assert bool(symmetry.frozen) == (not kinds)
    other = copy.deepcopy(module)
    for seed in range(2):
        other.load_state_dict(network.moved(symmetry.sample(np.random.default_rng(seed))))
        with torch.no_grad():
            assert deviation([module(x)], [other(x)]) < 1e-10
