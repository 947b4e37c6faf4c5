"""PyTorch modules of every family: outputs stay, weights move, dimensions agree with the rank of the Jacobian."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from intertwine.networks import read_torch  # noqa: E402
from intertwine.networks.symmetry import ParameterSymmetry  # noqa: E402
from intertwine.networks.transformation import Transformation  # noqa: E402
from tests.networks.modules import FAMILIES, TOKENS, Block, Mixer, Recurrent, deviation, generic, outputs  # noqa: E402

pytestmark = pytest.mark.torch
nn, F = torch.nn, torch.nn.functional


def double(x: Any) -> Any:
    return x.double() if x.is_floating_point() else x


@pytest.mark.parametrize("name", FAMILIES)
def test_outputs_stay_and_weights_move(name: str) -> None:
    build, x = FAMILIES[name]
    module, x = generic(build()), double(x)
    network = read_torch(module, x)
    symmetry = network.symmetry()
    assert symmetry.frozen == ()
    assert set(symmetry.plans) <= set(module.state_dict())
    before = outputs(module, module.state_dict(), x)
    for seed in range(4):
        g = symmetry.sample(np.random.default_rng(seed))
        moved = network.moved(g)
        assert any(not torch.equal(moved[n], t) for n, t in module.state_dict().items())
        assert deviation(before, outputs(module, moved, x)) < 1e-10
        back = g.inverse().apply({n: moved[n] for n in network.weights})
        for n, tensor in network.weights.items():
            assert torch.allclose(back[n], tensor, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("name", FAMILIES)
def test_the_action_is_a_left_action(name: str) -> None:
    build, x = FAMILIES[name]
    network = read_torch(generic(build()), double(x))
    symmetry, rng = network.symmetry(), np.random.default_rng(0)
    g, h = symmetry.sample(rng), symmetry.sample(rng)
    left, right = (g @ h).apply(network.weights), g.apply(h.apply(network.weights))
    for n in left:
        assert torch.allclose(left[n], right[n], rtol=1e-8, atol=1e-10), n


@pytest.mark.parametrize("name", ["residual relu", "transformer, rms, gated", "lstm", "u-net"])
def test_what_is_not_in_the_group_changes_the_output(name: str) -> None:
    build, x = FAMILIES[name]
    module, x = generic(build()), double(x)
    network = read_torch(module, x)
    before = outputs(module, module.state_dict(), x)
    moved = network.moved(network.symmetry().sample(np.random.default_rng(0)))
    for n in network.symmetry().plans:
        spoilt = dict(moved)
        spoilt[n] = module.state_dict()[n]  # one tensor left as it was
        # Softmax does not see the bias of the keys, which adds the same number to all scores of a query.
        if torch.allclose(spoilt[n], moved[n]) or n.endswith(".k.bias"):
            continue
        assert deviation(before, outputs(module, spoilt, x)) > 1e-7, n


def tangents(symmetry: ParameterSymmetry, weights: dict[str, Any], step: float = 1e-5) -> np.ndarray:
    """The directions in which the continuous part moves the weights, one for each coordinate."""
    still = symmetry.identity().moves
    found = []

    def moved(k: int, change: dict[str, np.ndarray]) -> np.ndarray:
        moves = list(still)
        moves[k] = dataclasses.replace(still[k], **change)
        new = Transformation(symmetry, tuple(moves)).apply(weights)
        return np.concatenate([np.asarray(new[n]).ravel() for n in symmetry.plans])

    def derivative(k: int, field: str, direction: np.ndarray) -> None:
        value = getattr(still[k], field)
        if field == "matrix":
            # (1 + tX)(1 - tX)⁻¹ is orthogonal for an antisymmetric X.
            plus, minus = (np.linalg.solve(value - s * direction / 2, value + s * direction / 2) for s in (step, -step))
        else:
            plus, minus = value + step * direction, value - step * direction
        found.append((moved(k, {field: plus}) - moved(k, {field: minus})) / (2 * step))

    for k, leaf in enumerate(symmetry.leaves):
        for index in np.ndindex(still[k].logs.shape):
            direction = np.zeros(still[k].logs.shape)
            direction[index] = 1
            derivative(k, "logs", direction)
        if leaf.dense:
            for outer in np.ndindex(still[k].permutation.shape[:-1]):
                for matrix in leaf.dense.algebra():
                    direction = np.zeros(still[k].matrix.shape)
                    direction[outer] = matrix
                    derivative(k, "matrix", direction)
    return np.array(found)


def jacobian_kernel(module: Any, names: list[str], x: Any, count: int) -> np.ndarray:
    """The Jacobian of the outputs at many inputs with respect to the weights."""
    state = module.state_dict()
    shapes = [state[n].shape for n in names]
    flat = torch.cat([state[n].reshape(-1) for n in names])

    def f(vector: Any, inputs: Any) -> Any:
        parts = torch.split(vector, [s.numel() for s in shapes])
        weights = {n: p.reshape(s) for n, p, s in zip(names, parts, shapes, strict=True)}
        return torch.func.functional_call(module, weights, (inputs,)).reshape(-1)

    rows = [torch.func.jacrev(f)(flat, x(k)).detach().numpy() for k in range(count)]
    return np.concatenate(rows)


class Perceptron(nn.Module):
    """Layers without biases, so that nothing but the group of theory.md section 6 is left."""

    def __init__(self, act: Any) -> None:
        super().__init__()
        self.a, self.b, self.c = nn.Linear(4, 6, bias=False), nn.Linear(6, 5, bias=False), nn.Linear(5, 3, bias=False)
        self.act = act

    def forward(self, x: Any) -> Any:
        return self.c(self.act(self.b(self.act(self.a(x)))))


class Bottleneck(nn.Module):
    """A linear bottleneck after a rectified layer."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b, self.c = nn.Linear(4, 7, bias=False), nn.Linear(7, 3, bias=False), nn.Linear(3, 5, bias=False)
        self.d = nn.Linear(5, 2, bias=False)

    def forward(self, x: Any) -> Any:
        return self.d(torch.tanh(self.c(self.b(F.relu(self.a(x))))))


class Heads(nn.Module):
    """Attention without biases or normalisation, between layers that leave no freedom to the stream."""

    def __init__(self) -> None:
        super().__init__()
        self.h = 2
        self.q, self.k, self.v, self.o = (nn.Linear(6, 6, bias=False) for _ in range(4))

    def forward(self, x: Any) -> Any:
        n, t, _ = x.shape
        q, k, v = (f(x).view(n, t, 2, 3).transpose(1, 2) for f in (self.q, self.k, self.v))
        a = torch.softmax(q @ k.transpose(-1, -2), -1) @ v
        return self.o(a.transpose(1, 2).reshape(n, t, 6))


class Gated(nn.Module):
    """A gated unit without biases."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b, self.c = nn.Linear(4, 6, bias=False), nn.Linear(4, 6, bias=False), nn.Linear(6, 3, bias=False)

    def forward(self, x: Any) -> Any:
        return self.c(F.silu(self.a(x)) * self.b(x))


# The dimension that theory gives; the last entry says that nothing else is in the kernel.
KNOWN: dict[str, tuple[Any, tuple[int, ...], int]] = {
    "relu": (lambda: Perceptron(F.relu), (9, 4), 11),
    "leaky relu": (lambda: Perceptron(F.leaky_relu), (9, 4), 11),
    "cube": (lambda: Perceptron(lambda t: t**3), (9, 4), 11),
    "tanh": (lambda: Perceptron(torch.tanh), (9, 4), 0),
    "sigmoid": (lambda: Perceptron(torch.sigmoid), (9, 4), 0),
    "bottleneck": (Bottleneck, (9, 4), 7 + 9),
    "heads": (Heads, (2, 5, 6), 2 * 2 * 9),
    "gated": (Gated, (9, 4), 6),
}


@pytest.mark.parametrize("name", KNOWN)
def test_the_dimension_is_that_of_the_kernel_of_the_jacobian(name: str) -> None:
    build, shape, expected = KNOWN[name]
    module = generic(build(), seed=7)  # every rectified unit is on for some inputs and off for others
    generator = torch.Generator().manual_seed(7)
    network = read_torch(module, torch.randn(shape, generator=generator, dtype=torch.double))
    symmetry = network.symmetry()
    assert symmetry.dimension == expected
    names = list(symmetry.plans)
    jacobian = jacobian_kernel(module, names, lambda k: torch.randn(shape, generator=generator, dtype=torch.double), 40)
    columns = jacobian.shape[1]
    rank = np.linalg.matrix_rank(jacobian, tol=1e-9 * np.linalg.norm(jacobian, 2))
    assert columns - rank == expected
    directions = tangents(symmetry, network.weights)
    if expected:
        assert np.linalg.matrix_rank(directions, tol=1e-6 * np.linalg.norm(directions, 2)) == expected
        assert np.abs(jacobian @ directions.T).max() < 1e-6 * np.linalg.norm(jacobian, 2) * np.abs(directions).max()


@pytest.mark.parametrize("name", ["residual relu", "u-net", "lstm", "mobile", "tied", "transformer, shared keys"])
def test_the_dimension_is_that_of_the_orbit(name: str) -> None:
    build, x = FAMILIES[name]
    network = read_torch(generic(build()), double(x))
    symmetry = network.symmetry()
    if symmetry.dimension == 0:
        return
    directions = tangents(symmetry, network.weights)
    directions /= np.linalg.norm(directions, axis=1, keepdims=True) + 1e-300
    assert np.linalg.matrix_rank(directions, tol=1e-6) == symmetry.dimension


def test_signs_of_an_lstm_follow_from_its_step() -> None:
    symmetry = read_torch(generic(Recurrent(nn.LSTM)), TOKENS.double()).symmetry()
    assert [(s.kind, s.width) for s in symmetry.spaces] == [("signed permutation", 6)]


def test_heads_of_attention() -> None:
    symmetry = read_torch(generic(Block(fused=True)), torch.randn(2, 7, 16, dtype=torch.double)).symmetry()
    dense = [(s.copies, s.width) for s in symmetry.spaces if s.kind == "general linear"]
    assert dense == [(4, 4), (4, 4)]


def test_bert_sized_attention_has_the_dimension_of_the_literature() -> None:
    class Encoder(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.blocks = nn.ModuleList(nn.MultiheadAttention(768, 12, batch_first=True) for _ in range(12))

        def forward(self, x: Any) -> Any:
            for b in self.blocks:
                x = F.layer_norm(x + b(x, x, x, need_weights=False)[0], (768,))
            return x

    symmetry = read_torch(Encoder().eval(), torch.randn(1, 4, 768)).symmetry()
    dense = [s for s in symmetry.spaces if s.kind == "general linear"]
    assert sum(s.dimension for s in dense) == 12 * 12 * 2 * 64**2 == 1_179_648


def test_tokens_and_channels_of_a_mixer_are_apart() -> None:
    symmetry = read_torch(generic(Mixer()), torch.randn(2, 3, 16, 16, dtype=torch.double)).symmetry()
    assert sorted((s.width, s.kind) for s in symmetry.spaces) == [
        # The biases of the token layers add the same to all channels behind a gain, so that no dense matrix passes;
        # the gain of the second normalisation is a torus.
        (8, "monomial"), (10, "permutation"), (20, "permutation")]
