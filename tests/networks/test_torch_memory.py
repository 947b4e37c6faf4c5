"""Parameters that are views of one memory move as it does, or not at all; layers without biases are read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from intertwine.networks import read_torch  # noqa: E402

pytestmark = pytest.mark.torch
nn, F = torch.nn, torch.nn.functional
X = torch.randn(3, 5, generator=torch.Generator().manual_seed(1)).double()


class Chain(nn.Module):
    """Three layers with the given weights."""

    def __init__(self, *weights: Any) -> None:
        super().__init__()
        self.a, self.b, self.c = (nn.Parameter(w) for w in weights)

    def forward(self, x: Any) -> Any:
        return F.relu(F.relu(x @ self.a.t()) @ self.b.t()) @ self.c.t()


def stays(module: Any, x: Any = X) -> Any:
    """The symmetry, after the module has been loaded with moved weights."""
    network = read_torch(module.eval(), x)
    symmetry = network.symmetry()
    with torch.no_grad():
        before = module(x)
        for seed in range(3):
            module.load_state_dict(network.moved(symmetry.sample(np.random.default_rng(seed))))
            assert torch.allclose(module(x), before, rtol=1e-10, atol=1e-12)
    return symmetry


def normal(*shape: int) -> Any:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(sum(shape))).double()


def test_a_parameter_that_is_the_transpose_of_another_one() -> None:
    square, wide = normal(5, 5), normal(7, 5)
    symmetry = stays(Chain(square, square.t(), normal(2, 5)))
    assert [(s.width, s.kind) for s in symmetry.spaces] == [(5, "permutation")]  # x·Wᵀ ↦ relu, and back: scales cancel
    symmetry = stays(Chain(wide, wide.t(), normal(2, 5)))
    assert [(s.width, s.kind) for s in symmetry.spaces] == [(7, "permutation")]  # the rows of the transpose are inputs
    assert symmetry.frozen == ()


def test_parts_of_one_array() -> None:
    array = normal(24, 5)
    apart = stays(Chain(array[:5], array[5:10], array[10:12]))
    assert apart.frozen == () and len(apart.spaces) == 2
    crossing = stays(Chain(array[:5], array[3:8], normal(2, 5)))
    assert crossing.spaces == () and ["overlaps" in reason for _, reason in crossing.frozen] == [True]


@pytest.mark.parametrize(("layer", "kind"), [
    (lambda: nn.RNN(5, 8, nonlinearity="relu", bias=False), "positive-scaled permutation"),
    (lambda: nn.LSTM(5, 8, bias=False), "signed permutation"), (lambda: nn.GRU(5, 8, bias=False), "signed permutation"),
])
def test_recurrent_layers_without_biases(layer: Any, kind: str) -> None:
    class Last(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer, self.out = layer(), nn.Linear(8, 2)

        def forward(self, x: Any) -> Any:
            return self.out(self.layer(x)[0])

    symmetry = stays(Last().double(), normal(6, 2, 5))
    assert [(s.width, s.kind) for s in symmetry.spaces] == [(8, kind)]
