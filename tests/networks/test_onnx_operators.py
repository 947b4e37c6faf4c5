"""Each ONNX operator that has a rule, in a small network: the group known by hand, outputs compared in ONNX Runtime."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

from onnx import helper, numpy_helper  # noqa: E402

from intertwine.networks import read_onnx  # noqa: E402
from tests.networks.test_onnx_networks import deviation, kinds, model_of, node, normal, one, perceptron, run  # noqa: E402

PERMUTATION, SIGNED, POSITIVE = "permutation", "signed permutation", "positive-scaled permutation"
MONOMIAL, LINEAR = "monomial", "general linear"

FUNCTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "Relu": (POSITIVE, {}), "LeakyRelu": (POSITIVE, {"alpha": 0.125}), "Sigmoid": (PERMUTATION, {}),
    "Tanh": (SIGNED, {}), "Elu": (PERMUTATION, {"alpha": 0.5}), "Celu": (PERMUTATION, {}), "Selu": (PERMUTATION, {}),
    "Softplus": (PERMUTATION, {}), "Softsign": (SIGNED, {}), "HardSigmoid": (PERMUTATION, {}),
    "HardSwish": (PERMUTATION, {}), "ThresholdedRelu": (PERMUTATION, {"alpha": 0.5}),
    "Erf": (SIGNED, {}), "Exp": (PERMUTATION, {}), "Abs": (MONOMIAL, {}), "Neg": (LINEAR, {}), "Sign": (MONOMIAL, {}),
    "Sin": (SIGNED, {}), "Cos": (SIGNED, {}), "Atan": (SIGNED, {}), "Sinh": (SIGNED, {}), "Cosh": (SIGNED, {}),
    "Asinh": (SIGNED, {}), "Floor": (PERMUTATION, {}), "Ceil": (PERMUTATION, {}), "Round": (PERMUTATION, {}),
    "Identity": (LINEAR, {}), "Dropout": (LINEAR, {}), "Reciprocal": (MONOMIAL, {}),
}  # fmt: skip


@pytest.mark.parametrize("kind", FUNCTIONS)
def test_functions_entry_by_entry(kind: str) -> None:
    expected, attributes = FUNCTIONS[kind]
    assert kinds(perceptron([node(kind, "h", "z", **attributes)])) == [(6, expected)]


PAIRS: dict[str, tuple[list[Any], dict[str, np.ndarray], list[tuple[int, str]]]] = {
    "x + x": ([node("Add", "h h", "z")], {}, [(6, LINEAR)]),
    "x - b": ([node("Sub", "h u", "z")], {"u": normal(6)}, [(6, LINEAR)]),
    # A matrix passes the vector as diag(u)·A·diag(u)⁻¹.
    "g·x": ([node("Mul", "h u", "z")], {"u": normal(6)}, [(6, LINEAR)]),
    "x/g": ([node("Div", "h u", "z")], {"u": normal(6)}, [(6, MONOMIAL)]),
    "x·x": ([node("Mul", "h h", "z")], {}, [(6, MONOMIAL)]),
    "x³": ([node("Pow", "h three", "z")], {"three": one(3)}, [(6, MONOMIAL)]),
    "max(x, 1)": ([node("Max", "h one", "z")], {"one": one(1)}, [(6, PERMUTATION)]),
    "clip": ([node("Clip", "h low high", "z")], {"low": one(-1), "high": one(1)}, [(6, SIGNED)]),
    "clip at 0": ([node("Clip", "h low", "z")], {"low": one(0)}, [(6, POSITIVE)]),
    "sum of three": ([node("Relu", "h", "r"), node("Sum", "h r h", "z")], {}, [(6, POSITIVE)]),
    "product of two layers": ([node("MatMul", "x U", "u"), node("Mul", "h u", "z")], {"U": normal(4, 6)},
                              [(6, MONOMIAL)]),
    "quotient of two layers": ([node("MatMul", "x U", "u"), node("Exp", "u", "e"), node("Div", "h e", "z")],
                               {"U": normal(4, 6)}, [(6, MONOMIAL)]),
    "greater": ([node("Greater", "h zero", "c"), node("Where", "c h zero", "z")], {"zero": one(0)}, [(6, POSITIVE)]),
    "softmax": ([node("Softmax", "h", "z", axis=-1)], {}, [(6, PERMUTATION)]),
    "log-softmax": ([node("LogSoftmax", "h", "z", axis=-1)], {}, [(6, PERMUTATION)]),
    "layer normalisation": ([node("LayerNormalization", "h gain shift", "z", axis=-1)],
                            {"gain": normal(6) + 2, "shift": normal(6)}, [(6, "orthogonal, ones fixed")]),
    "two halves, one function": ([node("Split", "h", "l r", axis=1), node("Tanh", "l", "s"), node("Relu", "r", "t"),
                                  node("Concat", "s t", "z", axis=1)], {}, [(3, POSITIVE), (3, SIGNED)]),
    "a slice": ([node("Relu", "h", "r"), node("Slice", "r zero two one", "s"), node("MatMul", "s U", "t"),
                 node("Add", "r t", "z")],
                {"zero": np.array([0]), "two": np.array([2]), "one": np.array([1]), "U": normal(2, 6)},
                [(2, POSITIVE), (4, POSITIVE)]),
    "mish, spelled": ([node("Softplus", "h", "s"), node("Tanh", "s", "t"), node("Mul", "h t", "z")], {},
                      [(6, PERMUTATION)]),
    "through shapes": ([node("Relu", "h", "r"), node("Unsqueeze", "r two", "s"), node("Transpose", "s", "t",
                        perm=[2, 0, 1]), node("Squeeze", "t zero", "z")],
                       {"two": np.array([2]), "zero": np.array([0])}, [(6, POSITIVE)]),
    "flattened": ([node("Relu", "h", "r"), node("Unsqueeze", "r two", "s"), node("Flatten", "s", "z", axis=1)],
                  {"two": np.array([2])}, [(6, POSITIVE)]),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_several_tensors(name: str) -> None:
    middle, more, expected = PAIRS[name]
    assert kinds(perceptron(middle, more)) == expected


def convolved(middle: list[Any], more: dict[str, np.ndarray], channels: int = 6, rank: int = 2) -> Any:
    """x → h by a convolution, z from h, then a mean over space and a matrix."""
    weights = {"W": normal(6, 2, *[3] * rank), "b": normal(6), "V": normal(channels, 3), **more}
    nodes = [node("Conv", "x W b", "h", kernel_shape=[3] * rank), *middle, node("GlobalAveragePool", "z", "p"),
             node("Flatten", "p", "f"), node("MatMul", "f V", "y")]
    return model_of(nodes, weights, ["n", 2, *[8] * rank], ["n", 3])


CONVOLUTIONS: dict[str, tuple[list[Any], dict[str, np.ndarray], int, int, list[tuple[int, int, str]]]] = {
    "two dimensions": ([node("Relu", "h", "r"), node("Conv", "r C", "z", pads=[1, 1, 1, 1])],
                       {"C": normal(5, 6, 3, 3)}, 5, 2, [(1, 5, LINEAR), (1, 6, POSITIVE)]),
    "one dimension": ([node("Relu", "h", "r"), node("Conv", "r C", "z")], {"C": normal(5, 6, 3)}, 5, 1,
                      [(1, 5, LINEAR), (1, 6, POSITIVE)]),
    "depthwise": ([node("Relu", "h", "r"), node("Conv", "r C", "d", group=6), node("Relu", "d", "z")],
                  {"C": normal(6, 1, 3, 3)}, 6, 2, [(1, 6, POSITIVE)]),
    "groups": ([node("Relu", "h", "r"), node("Conv", "r C", "d", group=2), node("Relu", "d", "z")],
               {"C": normal(4, 3, 3, 3)}, 4, 2, [(1, 2, PERMUTATION), (2, 2, POSITIVE), (2, 3, POSITIVE)]),
    "transposed": ([node("Relu", "h", "r"), node("ConvTranspose", "r C c", "z", strides=[2, 2])],
                   {"C": normal(6, 5, 2, 2), "c": normal(5)}, 5, 2, [(1, 5, LINEAR), (1, 6, POSITIVE)]),
    "batch normalisation": ([node("BatchNormalization", "h g c m v", "n"), node("Relu", "n", "z")],
                            {"g": normal(6), "c": normal(6), "m": normal(6), "v": normal(6) ** 2 + 0.5}, 6, 2,
                            [(1, 6, MONOMIAL)]),
    "instance normalisation": ([node("InstanceNormalization", "h g c", "n"), node("Relu", "n", "z")],
                               {"g": normal(6), "c": normal(6)}, 6, 2, [(1, 6, MONOMIAL)]),
    "maxima": ([node("MaxPool", "h", "z", kernel_shape=[2, 2])], {}, 6, 2, [(1, 6, POSITIVE)]),
    "means": ([node("AveragePool", "h", "z", kernel_shape=[2, 2])], {}, 6, 2, [(1, 6, LINEAR)]),
    "global maxima": ([node("GlobalMaxPool", "h", "z")], {}, 6, 2, [(1, 6, POSITIVE)]),
    "resize": ([node("Relu", "h", "r"), node("Resize", "r none scales", "z", mode="nearest")],
               {"none": np.array([], dtype=np.float32), "scales": np.array([1, 1, 2, 2], dtype=np.float32)}, 6, 2,
               [(1, 6, POSITIVE)]),
    "zeros around": ([node("Relu", "h", "r"), node("Pad", "r pads", "z")],
                     {"pads": np.array([0, 0, 1, 1, 0, 0, 1, 1])}, 6, 2, [(1, 6, POSITIVE)]),
    "ones around": ([node("Relu", "h", "r"), node("Pad", "r pads one", "z")],
                    {"pads": np.array([0, 0, 1, 1, 0, 0, 1, 1]), "one": one(1)}, 6, 2, [(1, 6, PERMUTATION)]),
    "side by side": ([node("Relu", "h", "r"), node("Tanh", "h", "t"), node("Concat", "r t", "z", axis=1)], {}, 12, 2,
                     [(1, 6, PERMUTATION)]),
}  # fmt: skip


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_convolutions(name: str) -> None:
    middle, more, channels, rank, expected = CONVOLUTIONS[name]
    model = convolved(middle, more, channels, rank)
    network = read_onnx(model)
    symmetry = network.symmetry()
    x = np.random.default_rng(1).normal(size=(2, 2, *[8] * rank)).astype(np.float32)
    before = run(model, {"x": x})
    for seed in range(2):
        moved = network.moved(symmetry.sample(np.random.default_rng(seed), 0.3))
        assert deviation(before, run(moved, {"x": x})) < 2e-5
    assert sorted((s.copies, s.width, s.kind) for s in symmetry.spaces) == expected
    assert symmetry.frozen == ()


# What freezes or cuts: the nodes, stored tensors, channels after them, spaces, dimension, and the reason that is given.
PLACES: dict[str, tuple[list[Any], dict[str, np.ndarray], int, list[tuple[int, int, str]], int, str]] = {
    "window": ([node("LRN", "h", "z", size=3)], {}, 6, [(1, 6, "sign changes")], 0, "window"),
    "window of rectified channels": ([node("Relu", "h", "r"), node("LRN", "r", "z", size=3)], {}, 6, [], 0, "window"),
    "place of the largest": ([node("Relu", "h", "r"), node("ArgMax", "h", "k", axis=1), node("Cast", "k", "q", to=1),
                              node("Mul", "r q", "z")], {}, 6, [], 0, "place of an extreme"),
    "backwards": ([node("Relu", "h", "r"), node("Slice", "r last end one less", "z")],
                  {"last": np.array([-1]), "end": np.array([-99]), "one": np.array([1]), "less": np.array([-1])}, 6,
                  [(1, 1, POSITIVE)] * 6, 6, "another order"),
    "running sums": ([node("CumSum", "h one", "z")], {"one": np.array(1)}, 6, [], 0, "by their places"),
    # Pairs are permuted; one of each is scaled, the other one keeps its sign or not.
    "interleaved gates": ([node("Slice", "h zero six one two", "l"), node("Slice", "h one six one two", "r"),
                           node("Tanh", "l", "t"), node("Mul", "t r", "z")],
                          {"zero": np.array([0]), "one": np.array([1]), "two": np.array([2]), "six": np.array([6])}, 3,
                          [(1, 3, PERMUTATION), (3, 1, MONOMIAL)], 3, ""),
    "stretches": ([node("Relu", "h", "r"), node("Gather", "r k", "z", axis=1)], {"k": np.array([3, 4, 5, 0, 1, 0])}, 6,
                  [(1, 1, POSITIVE)] * 3 + [(1, 3, POSITIVE)], 6, ""),
    # Two groups, permuted alike or not, with every scale.
    "shuffle": ([node("Relu", "h", "r"), node("Reshape", "r wide", "q"), node("Transpose", "q", "t",
                 perm=[0, 2, 1, 3, 4]), node("Reshape", "t flat", "z")],
                {"wide": np.array([2, 2, 3, 6, 6]), "flat": np.array([2, 6, 6, 6])}, 6,
                [(1, 2, PERMUTATION), (2, 3, POSITIVE)], 6, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", PLACES)
def test_channels_read_by_their_places(name: str) -> None:
    middle, more, channels, expected, dimension, reason = PLACES[name]
    model = convolved(middle, more, channels)
    network = read_onnx(model)
    symmetry = network.symmetry()
    x = np.random.default_rng(1).normal(size=(2, 2, 8, 8)).astype(np.float32)
    before = run(model, {"x": x})
    for seed in range(2):
        moved = network.moved(symmetry.sample(np.random.default_rng(seed), 0.3))
        assert deviation(before, run(moved, {"x": x})) < 2e-5
    assert sorted((s.copies, s.width, s.kind) for s in symmetry.spaces) == expected
    assert symmetry.dimension == dimension and symmetry.not_understood == ()
    assert len(symmetry.frozen) == bool(reason) and all(reason in given for _, given in symmetry.frozen)


@pytest.mark.parametrize(("cell", "gates", "kind"), [
    # The new state of an LSTM is o·tanh(c): signs pass tanh, and the sigmoid gates are multiplied with it.
    ("LSTM", 4, SIGNED), ("GRU", 3, SIGNED), ("RNN", 1, SIGNED),
])  # fmt: skip
def test_recurrent_layers(cell: str, gates: int, kind: str) -> None:
    weights = {"W": normal(1, gates * 5, 4), "R": normal(1, gates * 5, 5), "B": normal(1, gates * 10),
               "V": normal(5, 3), "one": np.array([1])}
    nodes = [node(cell, "x W R B", "h", hidden_size=5), node("Squeeze", "h one", "s"), node("MatMul", "s V", "y")]
    model = model_of(nodes, weights, [7, 2, 4], [7, 2, 3])
    network = read_onnx(model)
    symmetry = network.symmetry()
    x = np.random.default_rng(1).normal(size=(7, 2, 4)).astype(np.float32)
    before = run(model, {"x": x})
    for seed in range(3):
        assert deviation(before, run(network.moved(symmetry.sample(np.random.default_rng(seed))), {"x": x})) < 2e-5
    assert [(s.width, s.kind) for s in symmetry.spaces] == [(5, kind)] and symmetry.frozen == ()
    # Something outside of the group: the signs of a gate alone.
    spoilt = onnx.ModelProto()
    spoilt.CopyFrom(model)
    flipped = weights["R"] * np.where(np.arange(gates * 5) < 5, -1, 1)[None, :, None]
    spoilt.graph.initializer[1].CopyFrom(numpy_helper.from_array(flipped.astype(np.float32), "R"))
    assert deviation(before, run(spoilt, {"x": x})) > 1e-3


def test_loops_and_branches_are_frozen_with_a_reason() -> None:
    body = helper.make_graph(
        [helper.make_node("Identity", ["on"], ["still"]), node("Tanh", "state", "next")], "body",
        [helper.make_tensor_value_info("k", 7, []), helper.make_tensor_value_info("on", 9, []),
         helper.make_tensor_value_info("state", 1, None)],
        [helper.make_tensor_value_info("still", 9, []), helper.make_tensor_value_info("next", 1, None)])
    loop = helper.make_node("Loop", ["count", "go", "h"], ["z"], name="loop", body=body)
    model = perceptron([loop], {"count": np.array(2), "go": np.array(True)})
    symmetry = read_onnx(model).symmetry()
    assert symmetry.spaces == () and symmetry.frozen[0] == ("loop", "Loop is not known")


def test_a_product_and_a_sum_with_factors() -> None:
    model = model_of([node("Gemm", "x W b", "h", transB=1, alpha=0.5, beta=2.0), node("Relu", "h", "z"),
                      node("Gemm", "z V", "y", alpha=3.0)],
                     {"W": normal(6, 4), "b": normal(6), "V": normal(6, 3)}, ["n", 4], ["n", 3])
    assert kinds(model) == [(6, POSITIVE)]


def test_lookups_of_shapes_do_not_freeze() -> None:
    """A reshape to sizes that are read from the tensor itself, as exporters write it."""
    nodes = [node("Relu", "h", "r"), node("Shape", "r", "s"), node("Gather", "s zero", "n", axis=0),
             node("Unsqueeze", "n zeros", "u"), node("Concat", "u rest", "t", axis=0), node("Reshape", "r t", "w"),
             node("ReduceMax", "w", "m", axes=[1], keepdims=0), node("Concat", "m m", "z", axis=1)]
    more = {"zero": np.array(0), "zeros": np.array([0]), "rest": np.array([2, 3])}
    assert kinds(perceptron(nodes, more)) == [(2, PERMUTATION), (3, POSITIVE)]
    assert read_onnx(perceptron(nodes, more)).symmetry().frozen == ()
