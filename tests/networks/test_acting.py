"""Acting on arrays: the loop against the definition, every library, in place, and what cannot be done."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intertwine.errors import IntertwineError, ShapeError
from intertwine.networks import Architecture, ParameterSymmetry, Transformation, gathering
from intertwine.networks.gathering import AxisAction, Threads, Workspace, recipe_for
from intertwine.networks.plans import Factor
from intertwine.networks.routes import Surveyor
from intertwine.networks.transformation import Move

DTYPES = [np.dtype(t) for t in (np.float16, np.float32, np.float64)]


@st.composite
def jobs(draw: st.DrawFn) -> tuple[tuple[int, ...], list[AxisAction | None], np.dtype[Any], int]:
    shape = tuple(draw(st.lists(st.integers(1, 7), min_size=1, max_size=4)))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    actions: list[AxisAction | None] = []
    for n in shape:
        index = rng.permutation(n) if draw(st.booleans()) else None
        scale = rng.uniform(0.5, 2, n) * rng.choice([-1, 1], n) if draw(st.booleans()) else None
        actions.append(None if index is None and scale is None else AxisAction(index, scale))
    return shape, actions, draw(st.sampled_from(DTYPES)), draw(st.sampled_from([1, 40, 1 << 18]))


@given(jobs())
@settings(max_examples=150, deadline=None)
def test_the_loop_does_what_the_definition_says(job: Any) -> None:
    shape, actions, dtype, block = job
    source = np.random.default_rng(0).normal(size=shape).astype(dtype)
    wanted = source.astype(np.float64)
    for axis, action in enumerate(actions):
        if action is not None:
            wanted = wanted if action.index is None else np.take(wanted, action.index, axis)
            if action.scale is not None:
                wanted = wanted * action.scale.reshape(-1, *[1] * (len(shape) - axis - 1))
    kept = gathering.BLOCK_BYTES, gathering._SHARED_BYTES
    gathering.BLOCK_BYTES = gathering._SHARED_BYTES = block
    try:
        out = np.full(shape, np.nan, dtype)
        with Threads(2) as threads:
            recipe_for(shape, dtype, actions).run(source, out, Workspace(), threads)
    finally:
        gathering.BLOCK_BYTES, gathering._SHARED_BYTES = kept
    assert np.allclose(out, wanted, rtol=4 * len(shape) * float(np.finfo(dtype).eps), atol=0)
    if all(a is None or a.scale is None for a in actions):
        assert np.array_equal(out, wanted)


def made(plan: Any, sizes: tuple[int, ...], chains: tuple[tuple[int, ...], ...], moves: tuple[Move, ...],
         dense: tuple[bool, ...]) -> Transformation:
    """An element that acts on one weight "w" by a plan."""
    leaves: Any = [SimpleNamespace(dense="general linear" if d else "", scales=[], signs=[], size=n)
                   for n, d in zip(sizes, dense, strict=True)]
    routes = Surveyor(leaves, chains, lambda v, j: (v, leaves[v])).routes({"w": plan})
    symmetry: Any = SimpleNamespace(routes=routes, leaves=leaves, chains=chains, gain_names=())
    return Transformation(symmetry, moves)


def move(rng: np.random.Generator, *shape: int, dense: bool = False) -> Move:
    order = np.broadcast_to(np.arange(shape[-1]), shape).copy()
    matrix = rng.normal(size=(*shape, shape[-1])) if dense else None
    return Move(order if dense else rng.permuted(order, axis=-1), np.zeros((0, *shape)), np.zeros((0, *shape), bool),
                matrix)


@pytest.mark.parametrize("dense", [False, True])
@pytest.mark.parametrize("where", ["one axis", "apart", "apart, with a square"])
def test_spaces_that_lie_over_others(dense: bool, where: str) -> None:
    """Channels that have an element of their own for every head, on one axis and on several."""
    rng = np.random.default_rng(0)
    heads, channels, still, square = Factor(3, 0), Factor(4, 1), Factor(2), Factor(5, 2)
    plan: Any = {"one axis": (((heads, channels),), ((still,),)), "apart": (((heads,),), ((still,),), ((channels,),)),
                 "apart, with a square": (((heads,),), ((channels,),), ((still,), (square,)))}[where]
    a, b, c = move(rng, 3), move(rng, 3, 4, dense=dense), move(rng, 5)
    g = made(plan, (3, 4, 5), ((), (0,), ()), (a, b, c), (False, dense, False))
    shape = {"one axis": (12, 2), "apart": (3, 2, 4), "apart, with a square": (3, 4, 7)}[where]
    w = rng.normal(size=shape)
    cube = w.reshape(3, 4, 2) if where == "one axis" else w.transpose(0, 2, 1) if where == "apart" else w
    moved = cube[a.permutation]
    for i in range(3):
        moved[i] = b.matrix[i] @ moved[i] if b.matrix is not None else moved[i][b.permutation[i]]
    if where == "apart, with a square":
        moved = np.concatenate([moved[..., :2], moved[..., 2:][..., c.permutation]], -1)
    found = g.act("w", w, lambda name: np.ones(1))
    wanted = moved.reshape(12, 2) if where == "one axis" else moved.transpose(0, 2, 1) if where == "apart" else moved
    assert np.allclose(found, wanted, rtol=1e-12)


def test_parts_inside_of_parts() -> None:
    """Heads over a sum of two spaces, one of which lies over the heads."""
    rng = np.random.default_rng(0)
    inner = Factor(5, nested=((Factor(2, 1),), (Factor(3, 2),)))
    a, b, c = move(rng, 3), move(rng, 3, 2), move(rng, 3)
    g = made((((Factor(3, 0), inner),),), (3, 2, 3), ((), (0,), ()), (a, b, c), (False, False, False))
    w = rng.normal(size=15)
    rows = w.reshape(3, 5)[a.permutation]
    wanted = [[*row[:2][b.permutation[i]], *row[2:][c.permutation]] for i, row in enumerate(rows)]
    assert np.array_equal(g.act("w", w, lambda name: np.ones(1)), np.reshape(wanted, -1))


def test_a_space_over_one_that_occurs_twice_elsewhere_is_refused() -> None:
    rng = np.random.default_rng(0)
    plan: Any = (((Factor(3, 0),),), ((Factor(3, 0),),), ((Factor(4, 1),),))
    with pytest.raises(IntertwineError, match="occurs 2 times"):
        made(plan, (3, 4), ((), (0,)), (move(rng, 3), move(rng, 3, 4)), (False, False))


def stream() -> tuple[Architecture, ParameterSymmetry]:
    """A residual stream with an orthogonal group that passes gains, heads of attention, and a perceptron."""
    net = Architecture()
    x = net.linear(net.input("x", ("n", "t", 6)), net.weight("E", (8, 6)))
    h = net.rms_norm(x, net.weight("g", (8,), nonzero=True))

    def heads(name: str) -> str:
        y = net.linear(h, net.weight(name, (8, 8)))
        return net.transpose(net.reshape(y, ("n", "t", 2, 4)), 0, 2, 1, 3)

    mixed = net.transpose(net.attention(heads("Q"), heads("K"), heads("V")), 0, 2, 1, 3)
    x = net.add(x, net.linear(net.reshape(mixed, ("n", "t", 8)), net.weight("O", (8, 8))))
    u = net.activation(net.linear(net.rms_norm(x, net.weight("f", (8,), nonzero=True)), net.weight("U", (12, 8))),
                       "relu")
    x = net.add(x, net.linear(u, net.weight("D", (8, 12))))
    net.output(net.linear(x, net.weight("H", (5, 8))))
    return net, net.symmetry()


def arrays(net: Architecture, dtype: Any = np.float64) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    return {name: rng.normal(1, 1, w.shape).astype(dtype) for name, w in net.weights.items()}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("layout", ["C", "F"])
def test_in_place(dtype: Any, layout: Any) -> None:
    net, symmetry = stream()
    assert {s.kind for s in symmetry.spaces} >= {"orthogonal", "general linear", "positive-scaled permutation"}
    weights = {name: np.array(w, order=layout) for name, w in arrays(net, dtype).items()}
    g = symmetry.sample(np.random.default_rng(1))
    wanted = g.apply(weights)
    given_arrays = dict(weights)
    found = g.apply(weights, inplace=True)
    for name, w in found.items():
        assert w is given_arrays[name] and np.array_equal(w, wanted[name])


def test_half_precision_is_rounded_once() -> None:
    net, symmetry = stream()
    weights = arrays(net, np.float16)
    g = symmetry.sample(np.random.default_rng(1))
    exact = g.apply({name: w.astype(np.float64) for name, w in weights.items()})
    for name, w in g.apply(weights).items():
        assert w.dtype == np.float16
        assert np.abs(w - exact[name]).max() <= 2**-10 * np.abs(exact[name]).max()


@pytest.mark.torch
def test_tensors_of_torch_stay_what_they_are() -> None:
    torch = pytest.importorskip("torch")
    net, symmetry = stream()
    weights = arrays(net, np.float32)
    g = symmetry.sample(np.random.default_rng(1))
    exact = g.apply({name: w.astype(np.float64) for name, w in weights.items()})
    for dtype, eps in ((torch.float32, 1e-6), (torch.float64, 1e-6), (torch.float16, 2e-3), (torch.bfloat16, 2e-2)):
        tensors = {name: torch.nn.Parameter(torch.from_numpy(w).to(dtype)) for name, w in weights.items()}
        moved = g.apply({**tensors, "step": torch.tensor(3)})
        assert moved.pop("step").item() == 3
        for name, tensor in moved.items():
            assert tensor.dtype == dtype and tensor.device.type == "cpu" and not tensor.requires_grad
            assert np.abs(tensor.double().numpy() - exact[name]).max() <= eps * np.abs(exact[name]).max()
    module = {name: torch.from_numpy(w.copy()) for name, w in weights.items()}
    g.apply(module, inplace=True)
    assert all(np.array_equal(module[name].numpy(), w) for name, w in g.apply(weights).items())
    with pytest.raises(IntertwineError, match="in place"):
        g.apply({name: tensor.bfloat16() for name, tensor in module.items()}, inplace=True)


def test_arrays_of_the_standard() -> None:
    strict = pytest.importorskip("array_api_strict")
    net, symmetry = stream()
    weights = arrays(net)
    g = symmetry.sample(np.random.default_rng(1))
    wanted = g.apply(weights)
    found = g.apply({name: strict.asarray(w) for name, w in weights.items()})
    for name, w in found.items():
        assert isinstance(w, type(strict.asarray(0.0))) and w.dtype == strict.float64
        assert np.allclose(np.asarray(w), wanted[name], rtol=1e-12)
    with pytest.raises(ShapeError, match="dtype"):
        g.apply({name: strict.asarray(np.ones(w.shape, int)) for name, w in weights.items()})


def perceptron() -> ParameterSymmetry:
    net = Architecture()
    h = net.activation(net.linear(net.input("x", (None, 4)), net.weight("W", (6, 4))), "relu")
    net.output(net.linear(h, net.weight("V", (4, 6))))
    return net.symmetry()


def test_memory_that_is_shared() -> None:
    """A tensor that has two names is moved once, and both names see it."""
    symmetry = perceptron()
    rng = np.random.default_rng(0)
    g = symmetry.sample(rng)
    w, v = rng.normal(size=(6, 4)), rng.normal(size=(4, 6))
    moved = g.apply({"tied": w, "W": w, "V": v, "like it": w.copy()})
    assert moved["tied"] is moved["W"] and np.array_equal(moved["like it"], w)
    wanted = moved["W"]
    found = g.apply({"tied": w, "W": w, "V": v}, inplace=True)
    assert np.array_equal(found["tied"], wanted) and np.array_equal(w, wanted)
    both = np.ones(24)
    symmetric = g.apply({"W": both.reshape(6, 4), "V": np.ones((4, 6))})
    assert symmetric["W"].shape == (6, 4)
    square = Architecture()
    h = square.activation(square.linear(square.input("x", (None, 6)), square.weight("W", (6, 6))), "relu")
    square.output(square.linear(h, square.weight("V", (6, 6))))
    with pytest.raises(IntertwineError, match="move in two ways"):
        one = np.ones((6, 6))
        square.symmetry().sample(rng).apply({"W": one, "V": one}, inplace=True)


def test_views_of_one_array() -> None:
    """In place, parts of one array are moved if they are apart, and refused if they overlap."""
    g = perceptron().sample(np.random.default_rng(0))
    rng = np.random.default_rng(1)
    whole = rng.normal(size=(6, 8))
    wanted = g.apply({"W": whole[:, ::2].copy(), "V": whole[:, 1::2].T.copy()})
    g.apply({"W": whole[:, ::2], "V": whole[:, 1::2].T}, inplace=True)
    assert np.array_equal(whole[:, ::2], wanted["W"]) and np.array_equal(whole[:, 1::2].T, wanted["V"])
    flat = rng.normal(size=47)
    with pytest.raises(IntertwineError, match="overlap"):
        g.apply({"W": flat[:24].reshape(6, 4), "V": flat[23:].reshape(4, 6)}, inplace=True)
    assert np.array_equal(flat, np.random.default_rng(1).normal(size=95)[48:])


def test_what_cannot_be_moved() -> None:
    g = perceptron().sample(np.random.default_rng(0))
    w, v = np.ones((6, 4)), np.ones((4, 6))
    with pytest.raises(IntertwineError, match="'V' is missing"):
        g.apply({"W": w})
    with pytest.raises(ShapeError, match=r"\(4, 6\), not \(6, 4\)"):
        g.apply({"W": v, "V": v})
    with pytest.raises(ShapeError, match="int64"):
        g.apply({"W": w.astype(np.int64), "V": v})
    w.flags.writeable = False
    with pytest.raises(IntertwineError, match="'W' cannot be moved in place"):
        g.apply({"W": w, "V": v}, inplace=True)
