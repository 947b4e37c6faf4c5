"""PyTorch's own modules are unchanged, in double precision, when weights move along the groups of their activations."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import intertwine.numeric as num
from intertwine.groups.base import MatrixGroup
from intertwine.vectors import (
    BlockRadial,
    Gated,
    GroupSort,
    LayerNorm,
    LogSoftmax,
    MaxPool,
    Radial,
    RMSNorm,
    Softmax,
    Softmin,
    Stack,
    VectorActivation,
    derive_family,
    named,
)

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch

Module = Callable[["torch.Tensor"], "torch.Tensor"]
N, HIDDEN, OUT = 5, 6, 4


def _radial(v: torch.Tensor) -> torch.Tensor:
    size = v.norm(dim=-1, keepdim=True)
    return torch.relu(1 - 1 / size) * v


def _mod_relu(v: torch.Tensor) -> torch.Tensor:
    z = torch.view_as_complex(v.reshape(*v.shape[:-1], -1, 2).contiguous())
    return torch.view_as_real(torch.relu(z.abs() - 0.5) * z / z.abs()).reshape(v.shape)


def _pairs(v: torch.Tensor) -> torch.Tensor:
    return v.reshape(*v.shape[:-1], -1, 2)


def _glu(value: Gated) -> Module:
    if value.gate == "second":
        return torch.nn.GLU()
    return lambda v: torch.nn.functional.silu(v[..., : HIDDEN // 2]) * v[..., HIDDEN // 2 :]


MODULES: list[tuple[str, VectorActivation, Module]] = [
    ("softmax", Softmax(), torch.nn.Softmax(dim=-1)),
    ("softmin", Softmin(), torch.nn.Softmin(dim=-1)),
    ("log softmax", LogSoftmax(), torch.nn.LogSoftmax(dim=-1)),
    ("layer norm", LayerNorm(eps="1/100000"), torch.nn.LayerNorm(HIDDEN, eps=1e-5, elementwise_affine=False)),
    ("rms norm", RMSNorm(eps="1/1000"), torch.nn.RMSNorm(HIDDEN, eps=1e-3, elementwise_affine=False)),
    ("length 1", Radial("1/r"), lambda v: torch.nn.functional.normalize(v, dim=-1)),
    ("glu", Gated("sigmoid", gate="second"), _glu(Gated("sigmoid", gate="second"))),
    ("swiglu", Gated("silu"), _glu(Gated("silu"))),
    ("radial", Radial("Max(0, 1 - 1/r)"), _radial),
    ("modrelu", BlockRadial("Max(0, 1 - 1/(2*r))", 2), _mod_relu),
    ("crelu", Stack(["relu(x)", "relu(-x)"]), lambda v: torch.cat([torch.relu(v), torch.relu(-v)], dim=-1)),
    ("max pool", MaxPool(2), lambda v: torch.nn.functional.max_pool1d(v[:, None], 2)[:, 0]),
    ("group sort", GroupSort(2), lambda v: _pairs(v).sort(dim=-1).values.reshape(v.shape)),
]


def _network(module: Module, seed: int) -> tuple[list[np.ndarray], np.ndarray]:  # type: ignore[type-arg]
    rng = np.random.default_rng(seed)
    images = module(torch.zeros(1, HIDDEN, dtype=torch.float64) + torch.arange(HIDDEN)).shape[-1]
    return [rng.standard_normal((HIDDEN, N)), rng.standard_normal((OUT, images))], rng.standard_normal((32, N))


def _run(module: Module, weights: list[np.ndarray], x: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    first, second = (torch.from_numpy(np.ascontiguousarray(w)) for w in weights)
    found: np.ndarray = (module(torch.from_numpy(x) @ first.T) @ second.T).numpy()  # type: ignore[type-arg]
    return found


def _move(H: MatrixGroup, weights: list[np.ndarray], seed: int) -> list[np.ndarray]:  # type: ignore[type-arg]
    g = H.sample(np.random.default_rng(seed), 0.3)
    return [num.act_rows(g.element, weights[0]), num.act_columns(weights[1], g.image)]


@pytest.mark.parametrize(("name", "value", "module"), MODULES, ids=[m[0] for m in MODULES])
def test_the_network_is_unchanged(name: str, value: VectorActivation, module: Module) -> None:
    H = derive_family(value)(HIDDEN)
    weights, x = _network(module, 0)
    before = _run(module, weights, x)
    for seed in range(20):
        moved = _move(H, weights, seed)
        assert not np.allclose(moved[0], weights[0])
        np.testing.assert_allclose(_run(module, moved, x), before, rtol=1e-10, atol=1e-10 * np.abs(before).max())


@pytest.mark.parametrize(("name", "value", "module"), MODULES, ids=[m[0] for m in MODULES])
def test_what_is_outside_of_the_group_changes_the_network(name: str, value: VectorActivation, module: Module) -> None:
    weights, x = _network(module, 0)
    before = _run(module, weights, x)
    a = num.sample_general_linear(np.random.default_rng(1), HIDDEN)
    moved = num.act_rows(a, weights[0])
    # no last layer makes up for it: the old features are not combinations of the new ones
    old, new = (module(torch.from_numpy(x @ w.T)).numpy() for w in (weights[0], moved))
    rest = old - new @ np.linalg.lstsq(new, old, rcond=None)[0]
    assert np.abs(rest).max() > 1e-6 * np.abs(old).max()
    assert not np.allclose(_run(module, [moved, weights[1]], x), before)


@pytest.mark.parametrize("inverse", [False, True])
def test_a_swiglu_block_keeps_its_function(inverse: bool) -> None:
    import intertwine as iw

    rng = np.random.default_rng(2)
    weights = [rng.standard_normal(s) for s in ((8, 5), (8, 5), (3, 8), (8,), (8,))]
    block = num.GatedBlock(*weights)
    x = rng.standard_normal((16, 5))

    def run(b: num.GatedBlock) -> np.ndarray:  # type: ignore[type-arg]
        inner = torch.nn.functional.silu(torch.from_numpy(x @ b.gate.T + b.gate_bias))
        found: np.ndarray = (inner.numpy() * (x @ b.up.T + b.up_bias)) @ b.down.T  # type: ignore[type-arg]
        return found

    H = iw.derive("silu")(8)
    for seed in range(20):
        g = H.sample(np.random.default_rng(seed))
        factors = num.sample_scales(np.random.default_rng(seed), 8, "nonzero")
        np.testing.assert_allclose(run(block.moved(g.inverse() if inverse else g, factors)), run(block), rtol=1e-10)


def test_a_pre_norm_residual_stream_turns_as_a_whole() -> None:
    """x + W_out·relu(W_in·RMSNorm(x)): an orthogonal matrix acts on the stream, that is on both weights and on x."""
    rng = np.random.default_rng(3)
    inner, outer = rng.standard_normal((12, HIDDEN)), rng.standard_normal((HIDDEN, 12))
    x = rng.standard_normal((8, HIDDEN))
    norm = torch.nn.RMSNorm(HIDDEN, eps=1e-3, elementwise_affine=False)

    def run(w_in: np.ndarray, w_out: np.ndarray, stream: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
        hidden = np.maximum(0, norm(torch.from_numpy(stream)).numpy() @ w_in.T)
        found: np.ndarray = stream + hidden @ w_out.T  # type: ignore[type-arg]
        return found

    H = derive_family(RMSNorm(eps="1/1000"))(HIDDEN)
    for seed in range(20):
        q = H.sample(np.random.default_rng(seed))
        moved = run(num.act_columns(inner, q.image), num.act_rows(q.element, outer), q.element.apply(x))
        np.testing.assert_allclose(moved, q.element.apply(run(inner, outer, x)), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize(("profile", "module"), [
    ("Max(0, 1 - 1/r)", _radial),
    ("r**2", lambda v: (v**2).sum(-1, keepdim=True) * v),
    ("tanh(r)/r", lambda v: torch.tanh(v.norm(dim=-1, keepdim=True)) / v.norm(dim=-1, keepdim=True) * v),
])  # fmt: skip
def test_a_radial_network_with_biases_keeps_its_function(profile: str, module: Module) -> None:
    """Biases are added before the rescaling and move with the rows (Ganev, van Laarhoven and Walters, 2021)."""
    rng = np.random.default_rng(4)
    sizes = [N, HIDDEN, HIDDEN, OUT]
    weights = [rng.standard_normal((b, a)) for a, b in zip(sizes, sizes[1:], strict=False)]
    biases = [rng.standard_normal(b) for b in sizes[1:]]
    x = torch.from_numpy(rng.standard_normal((16, N)))

    def run(w: list[np.ndarray], b: list[np.ndarray | None]) -> np.ndarray:  # type: ignore[type-arg]
        values = x
        for k, (matrix, shift) in enumerate(zip(w, b, strict=True)):
            values = values @ torch.from_numpy(matrix).T + torch.from_numpy(shift)
            values = module(values) if k < len(w) - 1 else values
        found: np.ndarray = values.numpy()  # type: ignore[type-arg]
        return found

    H, before = derive_family(Radial(profile))(HIDDEN), run(weights, biases)
    for seed in range(10):
        elements = [H.sample(np.random.default_rng([seed, k]), 0.2) for k in range(2)]
        moved, shifts = num.transform_network(weights, biases, elements)
        np.testing.assert_allclose(run(moved, shifts), before, rtol=1e-10, atol=1e-10 * np.abs(before).max())
    turn = num.sample_rotations(np.random.default_rng(0), HIDDEN)
    cheap, shifts = num.transform_network(weights, biases, [num.Intertwiner(turn, turn), None])
    np.testing.assert_allclose(run(cheap, shifts), before, rtol=1e-10, atol=1e-10 * np.abs(before).max())
    shear = num.Dense(np.eye(HIDDEN) + np.eye(HIDDEN, k=1))
    other, shifts = num.transform_network(weights, biases, [num.Intertwiner(shear, shear), None])
    assert np.abs(run(other, shifts) - before).max() > 1e-3 * np.abs(before).max()


@pytest.mark.parametrize("norm", [RMSNorm, LayerNorm])
def test_the_mlp_part_of_a_transformer_moves_through_its_norm(norm: type[RMSNorm] | type[LayerNorm]) -> None:
    """linear → norm with gain and bias → linear → GELU → linear, with the modules of PyTorch."""
    gain = ["1", "2", "-1", "1/2", "3", "1"]
    bias = ["1", "0", "-1", "0", "2", "0"] if norm is LayerNorm else None
    rng = np.random.default_rng(5)
    first, inner, outer = (rng.standard_normal(s) for s in ((HIDDEN, N), (12, HIDDEN), (OUT, 12)))
    shift, x = rng.standard_normal(HIDDEN), torch.from_numpy(rng.standard_normal((16, N)))
    kind = torch.nn.LayerNorm if norm is LayerNorm else torch.nn.RMSNorm
    module = kind(HIDDEN, eps=1e-3, dtype=torch.float64)
    with torch.no_grad():
        module.weight.copy_(torch.tensor([1, 2, -1, 0.5, 3, 1], dtype=torch.float64))
        if bias is not None:
            module.bias.copy_(torch.tensor([1, 0, -1, 0, 2, 0], dtype=torch.float64))

    def run(w: np.ndarray, b: np.ndarray, v: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
        with torch.no_grad():
            hidden = module(x @ torch.from_numpy(w).T + torch.from_numpy(b)) @ torch.from_numpy(v).T
            found: np.ndarray = (torch.nn.functional.gelu(hidden) @ torch.from_numpy(outer).T).numpy()  # type: ignore[type-arg]
        return found

    H, before = derive_family(norm(eps="1/1000", gain=gain, bias=bias))(HIDDEN), run(first, shift, inner)
    for seed in range(10):
        g = H.sample(np.random.default_rng(seed), 0.2)
        moved = run(num.act_rows(g.element, first), num.act_vector(g.element, shift), num.act_columns(inner, g.image))
        np.testing.assert_allclose(moved, before, rtol=1e-10, atol=1e-10 * np.abs(before).max())
    a = num.sample_orthogonal(rng, HIDDEN)
    moved = run(2 * num.act_rows(a, first), 2 * num.act_vector(a, shift), num.act_columns(inner, a))
    assert np.abs(moved - before).max() > 1e-3 * np.abs(before).max()


def test_names_mean_what_the_modules_do() -> None:
    x = torch.linspace(-2, 2, HIDDEN, dtype=torch.float64)
    for text, module in (("glu", torch.nn.GLU()), ("softmax", torch.nn.Softmax(dim=-1))):
        value = named(text)
        assert value is not None
        import sympy as sp

        symbols = sp.symbols(f"x1:{HIDDEN + 1}", real=True)
        numbers = dict(zip(symbols, [float(v) for v in x], strict=True))
        ours = [float(e.subs(numbers)) for e in value.expressions(HIDDEN)]
        np.testing.assert_allclose(ours, module(x).numpy(), rtol=1e-12)
