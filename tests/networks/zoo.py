"""Small members of the families that practice knows, each written from its paper, with inputs."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")
nn, F = torch.nn, torch.nn.functional


def conv(a: int, b: int, k: int = 3, **settings: Any) -> Any:
    return nn.Conv2d(a, b, k, padding=k // 2, **{"bias": False, **settings})


def unit(a: int, b: int, k: int = 3, act: Any = nn.ReLU, **settings: Any) -> list[Any]:
    """Convolution, batch normalisation, activation."""
    return [conv(a, b, k, **settings), nn.BatchNorm2d(b), *([act()] if act else [])]


class Skip(nn.Module):
    """What goes in, through a projection if there is one, plus what a body makes of it; then an activation."""

    def __init__(self, body: Any, projection: Any = None, after: Any = None) -> None:
        super().__init__()
        self.body, self.projection, self.after = body, projection or nn.Identity(), after or nn.Identity()

    def forward(self, x: Any) -> Any:
        return self.after(self.projection(x) + self.body(x))


def head(width: int, classes: int = 5) -> list[Any]:
    return [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, classes)]


def basic(a: int, b: int, stride: int = 1) -> Any:
    body = nn.Sequential(*unit(a, b, stride=stride), *unit(b, b, act=None))
    same = a == b and stride == 1
    return Skip(body, None if same else nn.Sequential(*unit(a, b, 1, None, stride=stride)), nn.ReLU())


def resnet18() -> Any:
    return nn.Sequential(*unit(3, 8), nn.MaxPool2d(3, 2, 1), basic(8, 8), basic(8, 8), basic(8, 12, 2), basic(12, 12),
                         basic(12, 16, 2), basic(16, 16), *head(16))


def bottlenecks() -> Any:
    """As in ResNet-50, and with groups as in ResNeXt."""
    def block(a: int, m: int, b: int, groups: int) -> Any:
        body = nn.Sequential(*unit(a, m, 1), *unit(m, m, groups=groups), *unit(m, b, 1, None))
        return Skip(body, None if a == b else nn.Sequential(*unit(a, b, 1, None)), nn.ReLU())

    return nn.Sequential(*unit(3, 8), block(8, 6, 16, 1), block(16, 6, 16, 1), block(16, 8, 16, 4), *head(16))


def preactivated() -> Any:
    def block(a: int) -> Any:
        return Skip(nn.Sequential(nn.BatchNorm2d(a), nn.ReLU(), conv(a, a), nn.BatchNorm2d(a), nn.ReLU(), conv(a, a)))

    return nn.Sequential(conv(3, 8), block(8), block(8), nn.BatchNorm2d(8), nn.ReLU(), *head(8))


def vgg() -> Any:
    return nn.Sequential(conv(3, 6, bias=True), nn.ReLU(), conv(6, 6, bias=True), nn.ReLU(), nn.MaxPool2d(2),
                         conv(6, 8, bias=True), nn.ReLU(), nn.MaxPool2d(2), conv(8, 8, bias=True), nn.ReLU(),
                         nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(32, 20), nn.ReLU(), nn.Dropout(),
                         nn.Linear(20, 20), nn.ReLU(), nn.Dropout(), nn.Linear(20, 5))


def inverted(a: int, m: int, b: int, act: Any = nn.ReLU6, gate: Any = None, k: int = 3) -> Any:
    body = nn.Sequential(*unit(a, m, 1, act), *unit(m, m, k, act, groups=m), *([gate] if gate else []),
                         *unit(m, b, 1, None))
    return Skip(body) if a == b else body


def mobilenet2() -> Any:
    return nn.Sequential(*unit(3, 8, act=nn.ReLU6, stride=2), inverted(8, 16, 6), inverted(6, 18, 6),
                         inverted(6, 18, 10), inverted(10, 20, 10), *unit(10, 24, 1, nn.ReLU6), *head(24))


class Excite(nn.Module):
    """Squeeze and excite with the given activations."""

    def __init__(self, c: int, r: int, act: Any, gate: Any) -> None:
        super().__init__()
        self.squeeze, self.excite = nn.Conv2d(c, r, 1), nn.Conv2d(r, c, 1)
        self.act, self.gate, self.pool = act(), gate(), nn.AdaptiveAvgPool2d(1)

    def forward(self, x: Any) -> Any:
        return x * self.gate(self.excite(self.act(self.squeeze(self.pool(x)))))


def mobilenet3() -> Any:
    def gate(c: int) -> Any:
        return Excite(c, 4, nn.ReLU, nn.Hardsigmoid)

    act = nn.Hardswish
    return nn.Sequential(*unit(3, 8, act=act, stride=2), inverted(8, 16, 8, nn.ReLU, gate(16)),
                         inverted(8, 16, 10, act, gate(16), 5), inverted(10, 20, 10, act, gate(20), 5),
                         *unit(10, 20, 1, nn.Hardswish), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(20, 16),
                         nn.Hardswish(), nn.Dropout(), nn.Linear(16, 5))


def efficientnet() -> Any:
    def gate(c: int) -> Any:
        return Excite(c, 3, nn.SiLU, nn.Sigmoid)

    return nn.Sequential(*unit(3, 8, act=nn.SiLU, stride=2), inverted(8, 12, 6, nn.SiLU, gate(12)),
                         inverted(6, 12, 6, nn.SiLU, gate(12)), *unit(6, 16, 1, nn.SiLU), *head(16))


class Dense(nn.Module):
    """A dense block: every layer reads all that came before it."""

    def __init__(self, a: int, growth: int, layers: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Sequential(nn.BatchNorm2d(a + k * growth), nn.ReLU(), conv(a + k * growth, 8, 1), nn.BatchNorm2d(8),
                          nn.ReLU(), conv(8, growth)) for k in range(layers))

    def forward(self, x: Any) -> Any:
        for layer in self.layers:
            x = torch.cat([x, layer(x)], 1)
        return x


def densenet() -> Any:
    return nn.Sequential(*unit(3, 6), Dense(6, 4, 3), nn.BatchNorm2d(18), nn.ReLU(), conv(18, 9, 1), nn.AvgPool2d(2),
                         Dense(9, 4, 2), nn.BatchNorm2d(17), nn.ReLU(), *head(17))


class ConvNext(nn.Module):
    """Depthwise convolution, layer normalisation over channels, two linear layers, a scale for each channel."""

    def __init__(self, d: int) -> None:
        super().__init__()
        self.dw, self.norm = nn.Conv2d(d, d, 7, padding=3, groups=d), nn.LayerNorm(d)
        self.up, self.down, self.scale = nn.Linear(d, 3 * d), nn.Linear(3 * d, d), nn.Parameter(torch.ones(d))

    def forward(self, x: Any) -> Any:
        h = self.norm(self.dw(x).permute(0, 2, 3, 1))
        return x + (self.scale * self.down(F.gelu(self.up(h)))).permute(0, 3, 1, 2)


class ChannelNorm(nn.Module):
    """Layer normalisation of axis 1, spelled out."""

    def __init__(self, d: int) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(d)), nn.Parameter(torch.zeros(d))

    def forward(self, x: Any) -> Any:
        mean = x.mean(1, keepdim=True)
        x = (x - mean) / torch.sqrt((x - mean).pow(2).mean(1, keepdim=True) + 1e-6)
        return self.weight[:, None, None] * x + self.bias[:, None, None]


class ConvNextNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 4, stride=4), ChannelNorm(8))
        self.first = nn.Sequential(ConvNext(8), ConvNext(8))
        self.down = nn.Sequential(ChannelNorm(8), nn.Conv2d(8, 12, 2, stride=2))
        self.second, self.norm, self.head = ConvNext(12), nn.LayerNorm(12), nn.Linear(12, 5)

    def forward(self, x: Any) -> Any:
        return self.head(self.norm(self.second(self.down(self.first(self.stem(x)))).mean((-2, -1))))


class Shuffle(nn.Module):
    """ShuffleNet: half of the channels pass, the others are convolved, and the two are interleaved."""

    def __init__(self, c: int) -> None:
        super().__init__()
        m = c // 2
        self.branch = nn.Sequential(*unit(m, m, 1), *unit(m, m, act=None, groups=m), *unit(m, m, 1))

    def forward(self, x: Any) -> Any:
        left, right = x.chunk(2, 1)
        x = torch.cat([left, self.branch(right)], 1)
        n, c, h, w = x.shape
        return x.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)


def shufflenet() -> Any:
    return nn.Sequential(*unit(3, 8), Shuffle(8), Shuffle(8), *unit(8, 12, 1), *head(12))


class Fire(nn.Module):
    def __init__(self, a: int, s: int, e: int) -> None:
        super().__init__()
        self.squeeze, self.one, self.three = nn.Conv2d(a, s, 1), nn.Conv2d(s, e, 1), nn.Conv2d(s, e, 3, padding=1)

    def forward(self, x: Any) -> Any:
        x = F.relu(self.squeeze(x))
        return torch.cat([F.relu(self.one(x)), F.relu(self.three(x))], 1)


def squeezenet() -> Any:
    return nn.Sequential(nn.Conv2d(3, 8, 3, stride=2), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True), Fire(8, 4, 6),
                         Fire(12, 4, 6), nn.Dropout(), nn.Conv2d(12, 5, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1),
                         nn.Flatten())


class Inception(nn.Module):
    def __init__(self, a: int) -> None:
        super().__init__()
        self.one = nn.Sequential(*unit(a, 4, 1))
        self.three = nn.Sequential(*unit(a, 3, 1), *unit(3, 4))
        self.five = nn.Sequential(*unit(a, 3, 1), *unit(3, 4), *unit(4, 4))
        self.pool = nn.Sequential(nn.MaxPool2d(3, 1, 1), *unit(a, 4, 1))

    def forward(self, x: Any) -> Any:
        return torch.cat([self.one(x), self.three(x), self.five(x), self.pool(x)], 1)


def inception() -> Any:
    return nn.Sequential(*unit(3, 6), Inception(6), nn.MaxPool2d(2), Inception(16), *head(16))


class DoubleUNet(nn.Module):
    """Two levels down and up again, skip connections by concatenation."""

    def __init__(self) -> None:
        super().__init__()
        self.d1, self.d2 = (nn.Sequential(*unit(a, b), *unit(b, b)) for a, b in ((3, 6), (6, 8)))
        self.mid = nn.Sequential(*unit(8, 12), *unit(12, 12))
        self.u2, self.u1 = nn.ConvTranspose2d(12, 8, 2, stride=2), nn.ConvTranspose2d(8, 6, 2, stride=2)
        self.c2, self.c1 = (nn.Sequential(*unit(a, b), *unit(b, b)) for a, b in ((16, 8), (12, 6)))
        self.out = nn.Conv2d(6, 2, 1)

    def forward(self, x: Any) -> Any:
        a = self.d1(x)
        b = self.d2(F.max_pool2d(a, 2))
        m = self.u2(self.mid(F.max_pool2d(b, 2)))
        b = self.u1(self.c2(torch.cat([b, m], 1)))
        return self.out(self.c1(torch.cat([a, b], 1)))


def autoencoder() -> Any:
    return nn.Sequential(nn.Conv2d(3, 6, 3, stride=2, padding=1), nn.LeakyReLU(0.2),
                         nn.Conv2d(6, 8, 3, stride=2, padding=1), nn.LeakyReLU(0.2), nn.Flatten(),
                         nn.Linear(128, 7), nn.Linear(7, 128), nn.Unflatten(1, (8, 4, 4)),
                         nn.ConvTranspose2d(8, 6, 4, 2, 1), nn.BatchNorm2d(6), nn.ReLU(),
                         nn.ConvTranspose2d(6, 3, 4, 2, 1), nn.Tanh())


def superresolution() -> Any:
    return nn.Sequential(conv(3, 8, bias=True), nn.PReLU(8), Skip(nn.Sequential(*unit(8, 8, act=nn.PReLU), conv(8, 8))),
                         conv(8, 24, bias=True), nn.PixelShuffle(2), nn.PReLU(), conv(6, 3, bias=True))


def groupnorms() -> Any:
    return nn.Sequential(conv(3, 8), nn.GroupNorm(4, 8), nn.ReLU(), conv(8, 12), nn.GroupNorm(3, 12), nn.SiLU(),
                         conv(12, 8), nn.GroupNorm(1, 8), nn.ReLU(), *head(8))


def instancenorms() -> Any:
    def body() -> Any:
        return nn.Sequential(nn.ReflectionPad2d(1), nn.Conv2d(8, 8, 3), nn.InstanceNorm2d(8), nn.ReLU(),
                             nn.ReflectionPad2d(1), nn.Conv2d(8, 8, 3), nn.InstanceNorm2d(8, affine=True))

    return nn.Sequential(conv(3, 8), nn.InstanceNorm2d(8, affine=True), nn.ReLU(), Skip(body()),
                         nn.Upsample(scale_factor=2), conv(8, 6), nn.InstanceNorm2d(6), nn.ReLU(), conv(6, 3),
                         nn.Tanh())


class Maxout(nn.Module):
    """The largest of several linear maps for each unit."""

    def __init__(self, a: int, b: int, pieces: int) -> None:
        super().__init__()
        self.linear, self.shape = nn.Linear(a, b * pieces), (b, pieces)

    def forward(self, x: Any) -> Any:
        return self.linear(x).unflatten(-1, self.shape).amax(-1)


def maxouts() -> Any:
    return nn.Sequential(Maxout(5, 6, 3), Maxout(6, 4, 2), nn.Linear(4, 3))


def reparametrised() -> Any:
    """Weight normalisation: a direction and a length for every channel."""
    norm = nn.utils.parametrizations.weight_norm
    return nn.Sequential(norm(nn.Linear(5, 8)), nn.ReLU(), norm(nn.Linear(8, 6)), nn.Tanh(), nn.Linear(6, 3))


def spectral() -> Any:
    """Spectral normalisation: the buffers of the power iteration move along."""
    norm = nn.utils.parametrizations.spectral_norm
    return nn.Sequential(norm(nn.Linear(5, 8)), nn.ReLU(), norm(nn.Linear(8, 6)), nn.Tanh(), nn.Linear(6, 3))


class Causal(nn.Module):
    """A block of a temporal convolutional network: dilated, padded on the left."""

    def __init__(self, a: int, b: int, dilation: int) -> None:
        super().__init__()
        self.pad = 2 * dilation
        self.c1, self.c2 = (nn.Conv1d(k, b, 3, dilation=dilation) for k in (a, b))
        self.skip = nn.Conv1d(a, b, 1) if a != b else nn.Identity()

    def forward(self, x: Any) -> Any:
        h = F.relu(self.c1(F.pad(x, (self.pad, 0))))
        return F.relu(F.relu(self.c2(F.pad(h, (self.pad, 0)))) + self.skip(x))


class Tcn(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.blocks, self.out = nn.Sequential(Causal(5, 8, 1), Causal(8, 8, 2), Causal(8, 6, 4)), nn.Linear(6, 3)

    def forward(self, x: Any) -> Any:
        return self.out(self.blocks(x.transpose(1, 2))[..., -1])


class Wave(nn.Module):
    """Gated dilated convolutions with skip and residual paths, as in WaveNet."""

    def __init__(self) -> None:
        super().__init__()
        self.start = nn.Conv1d(5, 8, 1)
        self.gates = nn.ModuleList(nn.Conv1d(8, 12, 2, dilation=2**k) for k in range(2))
        self.skips, self.residuals = (nn.ModuleList(nn.Conv1d(6, n, 1) for _ in range(2)) for n in (10, 8))
        self.end = nn.Sequential(nn.ReLU(), nn.Conv1d(10, 8, 1), nn.ReLU(), nn.Conv1d(8, 3, 1))

    def forward(self, x: Any) -> Any:
        x, total = self.start(x.transpose(1, 2)), 0
        for gate, skip, residual in zip(self.gates, self.skips, self.residuals, strict=True):
            a, b = gate(F.pad(x, (gate.dilation[0], 0))).chunk(2, 1)
            h = torch.tanh(a) * torch.sigmoid(b)
            total, x = total + skip(h), x + residual(h)
        return self.end(total)


class Siamese(nn.Module):
    """Two inputs through one network, compared by the distance of what it makes."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 6), nn.Tanh())
        self.out = nn.Linear(6, 1)

    def forward(self, x: Any) -> Any:
        a, b = self.body(x[:, 0]), self.body(x[:, 1])
        return self.out((a - b).abs())


class Classifier(nn.Module):
    """An embedding, a recurrent layer, its last state."""

    def __init__(self, cell: Any, both: bool) -> None:
        super().__init__()
        self.e, self.r = nn.Embedding(11, 5), cell(5, 6, batch_first=True, bidirectional=both)
        self.o = nn.Linear(6 * (1 + both), 3)

    def forward(self, i: Any) -> Any:
        return self.o(self.r(self.e(i))[0][:, -1])


class Gpt2Block(nn.Module):
    def __init__(self, d: int, h: int) -> None:
        super().__init__()
        self.ln1, self.ln2, self.h = nn.LayerNorm(d), nn.LayerNorm(d), h
        self.qkv, self.proj = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.up, self.down = nn.Linear(d, 2 * d), nn.Linear(2 * d, d)

    def forward(self, x: Any) -> Any:
        n, t, d = x.shape
        q, k, v = (z.view(n, t, self.h, -1).transpose(1, 2) for z in self.qkv(self.ln1(x)).split(d, 2))
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.proj(a.transpose(1, 2).reshape(n, t, d))
        return x + self.down(F.gelu(self.up(self.ln2(x)), approximate="tanh"))


class Gpt2(nn.Module):
    """Token and position embeddings, pre-normalised blocks, the token embedding as head."""

    def __init__(self) -> None:
        super().__init__()
        self.wte, self.wpe = nn.Embedding(11, 12), nn.Embedding(9, 12)
        self.blocks, self.ln = nn.Sequential(Gpt2Block(12, 3), Gpt2Block(12, 3)), nn.LayerNorm(12)
        self.head = nn.Linear(12, 11, bias=False)
        self.head.weight = self.wte.weight

    def forward(self, i: Any) -> Any:
        x = self.wte(i) + self.wpe(torch.arange(i.shape[1]))
        return self.head(self.ln(self.blocks(x)))


class Bert(nn.Module):
    """Embeddings of tokens, positions and segments, post-normalised blocks, a pooler."""

    def __init__(self) -> None:
        super().__init__()
        self.word, self.place, self.segment = nn.Embedding(11, 12), nn.Embedding(9, 12), nn.Embedding(2, 12)
        self.norm = nn.LayerNorm(12)
        layer = nn.TransformerEncoderLayer(12, 3, 20, activation="gelu", batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.pooler, self.head = nn.Linear(12, 12), nn.Linear(12, 3)

    def forward(self, i: Any) -> Any:
        x = self.word(i) + self.place(torch.arange(i.shape[1])) + self.segment(torch.zeros_like(i))
        return self.head(torch.tanh(self.pooler(self.encoder(self.norm(x))[:, 0])))


class Vit(nn.Module):
    """Patches, a class token, learned positions, pre-normalised blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = nn.Conv2d(3, 12, 4, stride=4)
        self.token, self.place = nn.Parameter(torch.zeros(1, 1, 12)), nn.Parameter(torch.zeros(1, 17, 12))
        layer = nn.TransformerEncoderLayer(12, 3, 20, activation="gelu", batch_first=True, norm_first=True)
        self.blocks = nn.TransformerEncoder(layer, 2, norm=nn.LayerNorm(12), enable_nested_tensor=False)
        self.head = nn.Linear(12, 5)

    def forward(self, x: Any) -> Any:
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.place
        return self.head(self.blocks(x)[:, 0])


class Translator(nn.Module):
    """An encoder and a decoder with cross attention."""

    def __init__(self) -> None:
        super().__init__()
        self.source, self.target = nn.Linear(5, 12), nn.Linear(5, 12)
        self.net = nn.Transformer(12, 3, 1, 1, 16, batch_first=True)
        self.out = nn.Linear(12, 3)

    def forward(self, x: Any) -> Any:
        return self.out(self.net(self.source(x), self.target(x[:, :4])))


class Highway(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.start, self.gate, self.carry, self.out = (nn.Linear(a, b) for a, b in ((5, 8), (8, 8), (8, 8), (8, 3)))

    def forward(self, x: Any) -> Any:
        x = F.relu(self.start(x))
        t = torch.sigmoid(self.gate(x))
        return self.out(t * F.relu(self.carry(x)) + (1 - t) * x)


class Graph(nn.Module):
    """Graph convolutions on a complete graph with learned attention-free mixing."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b, self.o = nn.Linear(5, 8), nn.Linear(16, 8), nn.Linear(8, 3)

    def forward(self, x: Any) -> Any:
        h = F.relu(self.a(x))
        h = F.relu(self.b(torch.cat([h, h.mean(1, keepdim=True).expand_as(h)], -1)))
        return self.o(h.amax(1))


class Radiance(nn.Module):
    """Sines and cosines of the inputs, a perceptron with a skip connection by concatenation."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.Linear(20, 10), nn.ReLU(), nn.Linear(10, 10), nn.ReLU())
        self.second, self.out = nn.Sequential(nn.Linear(30, 10), nn.ReLU()), nn.Linear(10, 4)

    def forward(self, x: Any) -> Any:
        x = torch.cat([torch.sin(x), torch.cos(x), torch.sin(2 * x), torch.cos(2 * x)], -1)
        return self.out(self.second(torch.cat([x, self.first(x)], -1)))


IMAGE = torch.randn(2, 3, 16, 16, generator=torch.Generator().manual_seed(1))
TOKENS = torch.randn(2, 7, 5, generator=torch.Generator().manual_seed(2))
INDICES = torch.randint(0, 11, (2, 7), generator=torch.Generator().manual_seed(3))

ZOO: dict[str, tuple[Any, Any]] = {
    "resnet": (resnet18, IMAGE), "bottlenecks": (bottlenecks, IMAGE), "preactivated": (preactivated, IMAGE),
    "vgg": (vgg, IMAGE), "mobilenet v2": (mobilenet2, IMAGE), "mobilenet v3": (mobilenet3, IMAGE),
    "efficientnet": (efficientnet, IMAGE), "densenet": (densenet, IMAGE), "convnext": (ConvNextNet, IMAGE),
    "shufflenet": (shufflenet, IMAGE), "squeezenet": (squeezenet, IMAGE), "inception": (inception, IMAGE),
    "u-net": (DoubleUNet, IMAGE), "autoencoder": (autoencoder, IMAGE), "superresolution": (superresolution, IMAGE),
    "group norms": (groupnorms, IMAGE), "instance norms": (instancenorms, IMAGE), "maxout": (maxouts, TOKENS),
    "weight norm": (reparametrised, TOKENS), "spectral norm": (spectral, TOKENS), "temporal": (Tcn, TOKENS),
    "wave": (Wave, TOKENS), "siamese": (Siamese, TOKENS), "lstm": (lambda: Classifier(nn.LSTM, False), INDICES),
    "gru": (lambda: Classifier(nn.GRU, True), INDICES), "gpt-2": (Gpt2, INDICES), "bert": (Bert, INDICES),
    "vit": (Vit, IMAGE), "translator": (Translator, TOKENS), "highway": (Highway, TOKENS), "graph": (Graph, TOKENS),
    "radiance": (Radiance, TOKENS),
}
