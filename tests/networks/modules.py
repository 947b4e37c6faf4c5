"""Small PyTorch modules of the usual families, written out here, and the comparisons that the tests make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
nn, F = torch.nn, torch.nn.functional


class RMS(nn.Module):
    """A root mean square normalisation in single steps."""

    def __init__(self, d: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(d))

    def forward(self, x: Any) -> Any:
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * self.weight


class Residual(nn.Module):
    """Convolutions with batch normalisation and a skip connection."""

    def __init__(self, act: Any = F.relu) -> None:
        super().__init__()
        self.c1, self.b1 = nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8)
        self.c2, self.b2 = nn.Conv2d(8, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8)
        self.c3, self.f, self.act = nn.Conv2d(8, 8, 3, padding=1), nn.Linear(8 * 4, 5), act

    def forward(self, x: Any) -> Any:
        h = F.avg_pool2d(self.act(self.b1(self.c1(x))), 2)
        h = self.act(self.c3(self.act(self.b2(self.c2(h)))) + h)
        return self.f(F.adaptive_avg_pool2d(h, 2).flatten(1))


class Squeeze(nn.Module):
    """Squeeze-and-excite."""

    def __init__(self, c: int, r: int) -> None:
        super().__init__()
        self.a, self.b = nn.Conv2d(c, r, 1), nn.Conv2d(r, c, 1)

    def forward(self, x: Any) -> Any:
        return x * F.hardsigmoid(self.b(F.relu(self.a(x.mean((2, 3), keepdim=True)))))


def mobile() -> Any:
    """Depthwise convolutions, hard-swish spelled out or not, squeeze-and-excite, a linear bottleneck."""
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1), nn.Hardswish(), nn.Conv2d(8, 16, 1), nn.ReLU(),
        nn.Conv2d(16, 16, 3, padding=1, groups=16), nn.ReLU(), Squeeze(16, 4), nn.Conv2d(16, 6, 1),
        nn.Conv2d(6, 12, 1, bias=False), nn.BatchNorm2d(12), nn.SiLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
        nn.Linear(12, 4))  # fmt: skip


class UNet(nn.Module):
    """Concatenations, a transposed convolution, interpolation, grouped convolutions."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Conv2d(3, 6, 3, padding=1), nn.Conv2d(6, 10, 3, padding=1, stride=2)
        self.u, self.c = nn.ConvTranspose2d(10, 6, 2, stride=2), nn.Conv2d(12, 7, 3, padding=1)
        self.o, self.g = nn.Conv2d(7, 1, 1), nn.Conv2d(19, 8, 3, padding=1)
        self.gr, self.q = nn.Conv2d(8, 12, 3, padding=1, groups=4), nn.Conv2d(12, 7, 1)

    def forward(self, x: Any) -> Any:
        a = torch.relu(self.a(x))
        b = F.leaky_relu(self.b(a))
        wide = F.interpolate(b, scale_factor=2, mode="bilinear")
        c = torch.relu(self.c(torch.cat([self.u(b), a], 1)))
        g = torch.relu(self.gr(torch.relu(self.g(torch.cat([a, wide, x], 1)))))
        return self.o(c * 1.5 + self.q(g))


class Block(nn.Module):
    """A transformer block with heads, possibly a fused projection, shared keys, and a gated unit."""

    def __init__(self, d: int = 16, h: int = 4, norm: Any = nn.LayerNorm, gate: bool = False, fused: bool = False,
                 groups: int = 1) -> None:
        super().__init__()
        self.n1, self.n2, self.h, self.fused, self.gate, self.groups = norm(d), norm(d), h, fused, gate, groups
        self.qkv = nn.Linear(d, 3 * d)
        self.q, self.k, self.v = nn.Linear(d, d), nn.Linear(d, d // groups), nn.Linear(d, d // groups)
        self.o, self.w1, self.w2, self.w3 = nn.Linear(d, d), nn.Linear(d, 24), nn.Linear(24, d), nn.Linear(d, 24)

    def forward(self, x: Any) -> Any:
        y = self.n1(x)
        n, t, d = y.shape
        if self.fused:
            q, k, v = self.qkv(y).reshape(n, t, 3, self.h, d // self.h).permute(2, 0, 3, 1, 4).unbind(0)
        else:
            q, k, v = (f(y).view(n, t, -1, d // self.h).transpose(1, 2) for f in (self.q, self.k, self.v))
        if self.groups > 1:
            k, v = (z[:, :, None].expand(n, self.h // self.groups, self.groups, t, d // self.h).reshape(
                n, self.h, t, d // self.h) for z in (k, v))
        a = torch.softmax(q @ k.transpose(-1, -2) / 2.0, -1) @ v
        x = x + self.o(a.transpose(1, 2).reshape(n, t, d))
        y = self.n2(x)
        return x + self.w2(F.silu(self.w1(y)) * self.w3(y) if self.gate else F.gelu(self.w1(y)))


class Transformer(nn.Module):
    """An embedding, blocks, a last normalisation, a head."""

    def __init__(self, blocks: int = 2, **settings: Any) -> None:
        super().__init__()
        self.e, self.b = nn.Linear(5, 16), nn.Sequential(*(Block(**settings) for _ in range(blocks)))
        self.n, self.head = settings.get("norm", nn.LayerNorm)(16), nn.Linear(16, 3)

    def forward(self, x: Any) -> Any:
        return self.head(self.n(self.b(self.e(x))))


class Recurrent(nn.Module):
    """A recurrent layer and a head."""

    def __init__(self, cell: Any, layers: int = 1, both: bool = False) -> None:
        super().__init__()
        self.r, self.o = cell(5, 6, layers, bidirectional=both), nn.Linear(6 * (1 + both), 2)

    def forward(self, x: Any) -> Any:
        return self.o(self.r(x)[0])


class Mixer(nn.Module):
    """Products over tokens and over channels in turn."""

    def __init__(self) -> None:
        super().__init__()
        self.p, self.n1, self.n2 = nn.Conv2d(3, 8, 4, stride=4), nn.LayerNorm(8), nn.LayerNorm(8)
        self.t1, self.t2 = nn.Linear(16, 10), nn.Linear(10, 16)
        self.c1, self.c2, self.f = nn.Linear(8, 20), nn.Linear(20, 8), nn.Linear(8, 3)

    def forward(self, x: Any) -> Any:
        h = self.p(x).flatten(2).transpose(1, 2)
        h = h + self.t2(F.gelu(self.t1(self.n1(h).transpose(1, 2)))).transpose(1, 2)
        h = h + self.c2(F.gelu(self.c1(self.n2(h))))
        return self.f(h.mean(1))


class Tied(nn.Module):
    """An embedding that is also the head."""

    def __init__(self) -> None:
        super().__init__()
        self.e, self.n, self.w1, self.w2 = nn.Embedding(11, 8), RMS(8), nn.Linear(8, 12), nn.Linear(12, 8)

    def forward(self, i: Any) -> Any:
        h = self.e(i)
        h = h + self.w2(F.relu(self.w1(self.n(h))))
        return self.n(h) @ self.e.weight.T


IMAGE = torch.randn(2, 3, 16, 16, generator=torch.Generator().manual_seed(1))
TOKENS = torch.randn(2, 7, 5, generator=torch.Generator().manual_seed(2))
INDICES = torch.randint(0, 11, (2, 7), generator=torch.Generator().manual_seed(3))

FAMILIES: dict[str, tuple[Any, Any]] = {
    "residual relu": (lambda: Residual(), IMAGE),
    "residual tanh": (lambda: Residual(torch.tanh), IMAGE),
    "mobile": (mobile, IMAGE),
    "u-net": (UNet, IMAGE),
    "transformer": (lambda: Transformer(), TOKENS),
    "transformer, fused": (lambda: Transformer(fused=True), TOKENS),
    "transformer, rms, gated": (lambda: Transformer(norm=RMS, gate=True), TOKENS),
    "transformer, shared keys": (lambda: Transformer(norm=RMS, groups=2), TOKENS),
    "mixer": (Mixer, IMAGE),
    "lstm": (lambda: Recurrent(nn.LSTM), TOKENS),
    "lstm, two layers, both directions": (lambda: Recurrent(nn.LSTM, 2, True), TOKENS),
    "gru": (lambda: Recurrent(nn.GRU), TOKENS),
    "rnn": (lambda: Recurrent(nn.RNN, 2), TOKENS),
    "tied": (Tied, INDICES),
}


def generic(module: Any, seed: int = 0) -> Any:
    """The module in evaluation mode, with parameters and statistics that have no accidental relations."""
    generator = torch.Generator().manual_seed(seed)
    for name, p in module.named_parameters():
        p.data.copy_(torch.randn(p.shape, generator=generator) * (0.3 if p.dim() <= 1 else p.shape[-1] ** -0.5))
        if p.dim() == 1 and "weight" in name:
            p.data.add_(1.0)
    for name, b in module.named_buffers():
        if "running_var" in name:
            b.data.copy_(torch.rand(b.shape, generator=generator) + 0.5)
        elif "running_mean" in name:
            b.data.copy_(torch.randn(b.shape, generator=generator) * 0.2)
    return module.double().eval()


def deviation(wanted: Sequence[Any], found: Sequence[Any]) -> float:
    """The largest relative deviation of outputs."""
    return max(float(np.abs(np.asarray(a) - np.asarray(b)).max() / np.abs(np.asarray(a)).max())
               for a, b in zip(wanted, found, strict=True))


def outputs(module: Any, weights: dict[str, Any], x: Any) -> list[Any]:
    """The output with other weights, as arrays."""
    with torch.no_grad():
        return [torch.func.functional_call(module, weights, (x,)).numpy()]
