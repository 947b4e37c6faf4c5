"""The time to derive the group of a network with eighty convolutions, from a PyTorch module and from an ONNX file."""

from __future__ import annotations

import io
import warnings
from time import perf_counter
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from intertwine.networks import read_onnx, read_torch  # noqa: E402
from tests.networks.modules import generic  # noqa: E402

pytestmark = [pytest.mark.torch, pytest.mark.slow]
nn = torch.nn
LIMIT = 15.0


class Block(nn.Module):
    """Two convolutions with normalisations and a skip connection, which is a convolution where the width changes."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.c1, self.n1 = nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after)
        self.c2, self.n2 = nn.Conv2d(after, after, 3, padding=1, bias=False), nn.BatchNorm2d(after)
        self.skip = nn.Identity() if before == after else nn.Conv2d(before, after, 1)

    def forward(self, x: Any) -> Any:
        return torch.relu(self.n2(self.c2(torch.relu(self.n1(self.c1(x))))) + self.skip(x))


def network() -> Any:
    widths = [16] * 10 + [32] * 10 + [64] * 10 + [128] * 8
    blocks = [Block(a, b) for a, b in zip([16, *widths], widths, strict=False)]
    # Equal tensors, such as the gains of fresh normalisations, would be stored once and tied by that.
    return generic(nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(), *blocks, nn.AdaptiveAvgPool2d(1),
                                 nn.Flatten(), nn.Linear(128, 10))).float()


def test_eighty_convolutions_within_the_limit() -> None:
    module, x = network(), torch.randn(1, 3, 8, 8)
    convolutions = sum(isinstance(m, nn.Conv2d) for m in module.modules())
    assert convolutions >= 80
    start = perf_counter()
    symmetry = read_torch(module, x).symmetry()
    assert perf_counter() - start < LIMIT
    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(module, (x,), stream, dynamo=False)
    start = perf_counter()
    from_file = read_onnx(stream.getvalue()).symmetry()
    assert perf_counter() - start < LIMIT
    for found in (symmetry, from_file):
        assert found.frozen == () and found.moving_parameters >= found.parameters - 10
        # The stream of each width, and the inside of every block.
        assert len(found.spaces) == 4 + 38
