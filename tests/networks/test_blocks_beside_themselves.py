"""Channels added to, or multiplied with, the same channels in another order: few scales are left, if any."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")
nn, F = torch.nn, torch.nn.functional
pytestmark = pytest.mark.torch

ORDERS = {
    "transposed": (9, lambda h: h.view(-1, 3, 3).transpose(1, 2).flatten(1)),
    "permuted cube": (8, lambda h: h.view(-1, 2, 2, 2).permute(0, 2, 3, 1).flatten(1)),
    "shuffled square": (9, lambda h: F.channel_shuffle(h.unsqueeze(2), 3).squeeze(2)),
    "shuffled": (8, lambda h: F.channel_shuffle(h.unsqueeze(2), 2).squeeze(2)),
    "rolled": (4, lambda h: h.roll(1, 1)),
    "rolled by three": (8, lambda h: h.roll(3, 1)),
    "three parts": (8, lambda h: torch.cat([h[:, 6:], h[:, 3:6], h[:, :3]], 1)),
    "two by four": (8, lambda h: h.view(-1, 2, 4).transpose(1, 2).reshape(-1, 8)),
}
MEETINGS = {"sum": torch.add, "product": torch.mul, "larger": torch.maximum}


class Met(nn.Module):
    def __init__(self, width: int, order, meeting) -> None:
        super().__init__()
        self.first, self.last = nn.Linear(4, width), nn.Linear(width, 2)
        self.order, self.meeting = order, meeting

    def forward(self, x):
        h = torch.relu(self.first(x))
        return self.last(self.meeting(h, self.order(h)))


class LastStates(nn.Module):
    def __init__(self, kind, layers: int) -> None:
        super().__init__()
        self.r, self.last = kind(4, 6, layers, batch_first=True), nn.Linear(6, 2)

    def forward(self, x):
        states = self.r(x)[1]
        return self.last(states[0] if isinstance(states, tuple) else states)


def deviation(module: nn.Module, x, affine: bool) -> float:
    """The largest relative change of the outputs under four elements."""
    from intertwine.networks import read_torch

    module = module.double().eval()
    symmetry = read_torch(module, x).symmetry(affine)
    wanted, worst = module(x).detach(), 0.0
    for seed in range(4):
        moved = symmetry.sample(np.random.default_rng(seed)).apply(module.state_dict())
        found = torch.func.functional_call(module, moved, (x,)).detach()
        worst = max(worst, float((found - wanted).abs().max() / wanted.abs().max()))
    return worst


@pytest.mark.parametrize("meeting", MEETINGS)
@pytest.mark.parametrize("order", ORDERS)
def test_channels_beside_themselves_in_another_order(order: str, meeting: str) -> None:
    torch.manual_seed(0)
    width, change = ORDERS[order]
    x = torch.randn(5, 4, dtype=torch.float64)
    for affine in (False, True):
        assert deviation(Met(width, change, MEETINGS[meeting]), x, affine) < 1e-10


@pytest.mark.parametrize("layers", [2, 3])
@pytest.mark.parametrize("kind", ["GRU", "LSTM", "RNN"])
def test_last_states_of_all_layers_in_one_tensor(kind: str, layers: int) -> None:
    torch.manual_seed(0)
    x = torch.randn(3, 5, 4, dtype=torch.float64)
    assert deviation(LastStates(getattr(nn, kind), layers), x, False) < 1e-10
