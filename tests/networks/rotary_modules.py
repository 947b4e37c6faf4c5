"""Decoders with rotary embeddings, spelled in the ways that published models spell them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.networks.modules import RMS

torch = pytest.importorskip("torch")
nn, F = torch.nn, torch.nn.functional


class Angles(nn.Module):
    """Cosines and sines computed from stored frequencies, each one twice."""

    def __init__(self, dk: int, persistent: bool = False) -> None:
        super().__init__()
        inverse = 1.0 / (100.0 ** (torch.arange(0, dk, 2).double() / dk))
        self.register_buffer("inv_freq", inverse, persistent=persistent)

    def forward(self, x: Any, positions: Any) -> Any:
        inverse = self.inv_freq[None, :, None].expand(positions.shape[0], -1, 1)
        f = (inverse.to(x.dtype) @ positions[:, None, :].to(x.dtype)).transpose(1, 2)
        e = torch.cat((f, f), -1)
        return (e.cos() * 1.0).to(x.dtype), (e.sin() * 1.0).to(x.dtype)


def rotate_half(x: Any) -> Any:
    a, b = x[..., : x.shape[-1] // 2], x[..., x.shape[-1] // 2 :]
    return torch.cat((-b, a), -1)


def half_split(x: Any, cos: Any, sin: Any, pairs: tuple[Any, Any]) -> Any:
    return x * cos.unsqueeze(1) + rotate_half(x) * sin.unsqueeze(1)


def strided(x: Any, cos: Any, sin: Any, pairs: tuple[Any, Any]) -> Any:
    c, s = pairs
    a, b = x[..., ::2], x[..., 1::2]
    return torch.stack((a * c - b * s, a * s + b * c), -1).flatten(-2)


def repeated(x: Any, cos: Any, sin: Any, pairs: tuple[Any, Any]) -> Any:
    c, s = (z[None, None].repeat_interleave(2, 3) for z in pairs)
    return x * c + torch.stack((-x[..., 1::2], x[..., ::2]), -1).flatten(-2) * s


def partial(x: Any, cos: Any, sin: Any, pairs: tuple[Any, Any]) -> Any:
    """Two of the frequencies, on the first four channels."""
    c, s = (torch.cat((z[:, :2],) * 2, -1) for z in pairs)
    a, b = x[..., :4], x[..., 4:]
    return torch.cat((a * c + rotate_half(a) * s, b), -1)


def complex_numbers(x: Any, cos: Any, sin: Any, pairs: tuple[Any, Any]) -> Any:
    turns = torch.complex(*pairs)[None, None]
    return torch.view_as_real(torch.view_as_complex(x.reshape(*x.shape[:-1], -1, 2)) * turns).flatten(3).type_as(x)


class Attention(nn.Module):
    """Four heads that share two keys and values, channels turned."""

    def __init__(self, turn: Any, norms: bool, d: int = 16, dk: int = 6) -> None:
        super().__init__()
        self.turn, self.dk = turn, dk
        self.q_proj, self.k_proj = nn.Linear(d, 4 * dk, bias=False), nn.Linear(d, 2 * dk, bias=False)
        self.v_proj, self.o_proj = nn.Linear(d, 2 * dk, bias=False), nn.Linear(4 * dk, d, bias=False)
        self.qn, self.kn = (RMS(dk), RMS(dk)) if norms else (nn.Identity(), nn.Identity())
        angles = torch.arange(16).double()[:, None] / (100.0 ** (torch.arange(0, dk, 2).double() / dk))
        self.register_buffer("ct", torch.cos(angles), persistent=False)
        self.register_buffer("st", torch.sin(angles), persistent=False)

    def forward(self, x: Any, cos: Any, sin: Any) -> Any:
        n, t, _ = x.shape
        q, k, v = (f(x).view(n, t, -1, self.dk) for f in (self.q_proj, self.k_proj, self.v_proj))
        q, k, v = self.qn(q).transpose(1, 2), self.kn(k).transpose(1, 2), v.transpose(1, 2)
        pairs = self.ct[:t].to(x.dtype), self.st[:t].to(x.dtype)
        q, k = self.turn(q, cos, sin, pairs), self.turn(k, cos, sin, pairs)
        k, v = (z[:, :, None].expand(n, 2, 2, t, self.dk).reshape(n, 4, t, self.dk) for z in (k, v))
        a = torch.softmax(q @ k.transpose(-1, -2) / 2, -1) @ v
        return self.o_proj(a.transpose(1, 2).reshape(n, t, -1))


class Fused(nn.Module):
    """Queries, keys and values by one matrix: heads first (then each has its three parts), or the three parts first."""

    def __init__(self, heads_first: bool, d: int = 16, h: int = 3, dk: int = 6) -> None:
        super().__init__()
        self.heads_first, self.h, self.dk, self.angles = heads_first, h, dk, Angles(dk)
        self.qkv, self.o = nn.Linear(d, 3 * h * dk, bias=False), nn.Linear(h * dk, 3, bias=False)

    def forward(self, x: Any) -> Any:
        n, t, _ = x.shape
        if self.heads_first:
            q, k, v = self.qkv(x).view(n, t, self.h, 3 * self.dk).chunk(3, -1)
        else:
            parts = self.qkv(x).split([self.h * self.dk] * 3, -1)
            q, k, v = (z.view(n, t, self.h, self.dk) for z in parts)
        q, k, v = (z.transpose(1, 2) for z in (q, k, v))
        cos, sin = self.angles(x, torch.arange(t)[None])
        q, k = half_split(q, cos, sin, (cos, sin)), half_split(k, cos, sin, (cos, sin))
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.o(a.transpose(1, 2).reshape(n, t, -1))


class Decoder(nn.Module):
    """An embedding, two blocks with a gated unit, a normalisation, a head."""

    def __init__(self, turn: Any = half_split, persistent: bool = False, norms: bool = False, layers: int = 2) -> None:
        super().__init__()
        self.e, self.angles = nn.Embedding(11, 16), Angles(6, persistent)
        self.attention = nn.ModuleList(Attention(turn, norms) for _ in range(layers))
        self.n1, self.n2 = (nn.ModuleList(RMS(16) for _ in range(layers)) for _ in range(2))
        self.gate, self.up = (nn.ModuleList(nn.Linear(16, 20, bias=False) for _ in range(layers)) for _ in range(2))
        self.down = nn.ModuleList(nn.Linear(20, 16, bias=False) for _ in range(layers))
        self.n, self.head = RMS(16), nn.Linear(16, 11, bias=False)

    def forward(self, i: Any) -> Any:
        x = self.e(i)
        cos, sin = self.angles(x, torch.arange(i.shape[1])[None])
        for k, attention in enumerate(self.attention):
            x = x + attention(self.n1[k](x), cos, sin)
            y = self.n2[k](x)
            x = x + self.down[k](F.silu(self.gate[k](y)) * self.up[k](y))
        return self.head(self.n(x))
