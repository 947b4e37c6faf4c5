"""Where entries along an axis are put together, nothing may move on its own for each index of that axis.

A row of 12 channels as a matrix of 3 × 4 has a permutation of 4 for each of the 3 rows: row by row functions pass it,
functions that mix the entries of a column do not. And what is masked moves with its mask.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from intertwine.networks import read_torch  # noqa: E402
from tests.networks.modules import deviation, generic, outputs  # noqa: E402

pytestmark = pytest.mark.torch
nn, F = torch.nn, torch.nn.functional
GENERATOR = torch.Generator().manual_seed(5)
ROWS = torch.randn(3, 5, generator=GENERATOR).double()
TOKENS = torch.randn(2, 6, 5, generator=GENERATOR).double()
BIAS = torch.randn(4, 6, 6, generator=GENERATOR).double()


def spaces_of(module: Any, x: Any) -> list[tuple[int, int]]:
    """Widths and copies of the spaces, once outputs have stayed as they were."""
    module = generic(module)
    network = read_torch(module, x)
    symmetry = network.symmetry()
    assert symmetry.not_understood == ()
    for seed in range(4):
        moved = network.moved(symmetry.sample(np.random.default_rng(seed)))
        assert deviation(outputs(module, network._state, x), outputs(module, moved, x)) < 1e-10
    return [(s.width, s.copies) for s in symmetry.spaces]


class Rows(nn.Module):
    def __init__(self, along: Callable[[Any], Any], column: bool) -> None:
        super().__init__()
        self.a, self.b, self.along, self.column = nn.Linear(5, 12), nn.Linear(12, 2), along, column

    def forward(self, x: Any) -> Any:
        h = F.relu(self.a(x)).reshape(-1, 3, 4)
        h = self.along(h.transpose(1, 2)).transpose(1, 2) if self.column else self.along(h)
        return self.b(torch.tanh(h.reshape(-1, 12)))


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "softmax": lambda h: h.softmax(-1),
    "log-softmax": lambda h: h.log_softmax(-1),
    "layer norm": lambda h: F.layer_norm(h, h.shape[-1:]),
    "rms norm": lambda h: F.rms_norm(h, h.shape[-1:]),
    "instance norm": lambda h: F.instance_norm(h),
    "group norm": lambda h: F.group_norm(h.reshape(3, 12, 1), h.shape[1]).reshape(h.shape),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_rows_pass_and_columns_do_not(name: str) -> None:
    assert spaces_of(Rows(FUNCTIONS[name], False), ROWS) == [(3, 1), (4, 3)]
    assert spaces_of(Rows(FUNCTIONS[name], True), ROWS) == [(3, 1)]


class Heads(nn.Module):
    """Four heads with a mask; the tokens are mixed first, if wanted, so that they could be permuted."""

    def __init__(self, mask: Any, mixed: int = 0, causal: bool = False) -> None:
        super().__init__()
        self.qkv, self.o, self.causal = nn.Linear(5, 36), nn.Linear(12, 4), causal
        self.mix, self.unmix = (nn.Linear(6, mixed), nn.Linear(mixed, 3)) if mixed else (None, None)
        self.mask = mask

    def forward(self, x: Any) -> Any:
        h = x if self.mix is None else self.mix(x.transpose(1, 2)).transpose(1, 2)
        q, k, v = (t.reshape(2, -1, 4, 3).transpose(1, 2) for t in self.qkv(h).chunk(3, -1))
        mask = self.mask() if callable(self.mask) else self.mask
        h = F.scaled_dot_product_attention(q, k, v, mask, is_causal=self.causal).transpose(1, 2).reshape(2, -1, 12)
        return self.o(h) if self.unmix is None else self.unmix(self.o(h).transpose(1, 2))


class Relative(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(11, 4)

    def forward(self) -> Any:
        return self.table(torch.arange(6)[:, None] - torch.arange(6)[None] + 5).permute(2, 0, 1)


MASKS: dict[str, tuple[Callable[[], Any], list[tuple[int, int]]]] = {
    "none": (lambda: Heads(None), [(4, 1), (3, 4), (3, 4)]),
    "the same for all heads": (lambda: Heads(BIAS[0]), [(4, 1), (3, 4), (3, 4)]),
    "another for each head": (lambda: Heads(BIAS), [(3, 4), (3, 4)]),
    "learned for each head": (lambda: Heads(Relative()), [(4, 1), (3, 4), (3, 4)]),
    "tokens that are mixed": (lambda: Heads(None, mixed=7), [(7, 1), (4, 1), (3, 4), (3, 4)]),
    "causal": (lambda: Heads(None, mixed=7, causal=True), [(4, 1), (3, 4), (3, 4)]),
    "causal by a mask": (lambda: Heads(torch.ones(7, 7, dtype=torch.bool).tril(), mixed=7), [(4, 1), (3, 4), (3, 4)]),
}


@pytest.mark.parametrize("name", MASKS)
def test_masks_hold_what_they_tell_apart(name: str) -> None:
    build, spaces = MASKS[name]
    assert sorted(spaces_of(build(), TOKENS)) == sorted(spaces)
