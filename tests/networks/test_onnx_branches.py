"""Branches of ONNX models: both are read, and what moves one moves the other alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

from onnx import helper, numpy_helper  # noqa: E402

from intertwine.networks import read_onnx  # noqa: E402
from tests.networks.test_onnx_networks import deviation, node, normal, one, perceptron, run  # noqa: E402

POSITIVE = [node("ReduceSum", "x", "total", keepdims=0), node("Greater", "total zero", "sign")]
ZERO = {"zero": one(0.0)}


def branch(nodes: list[Any], output: str, weights: dict[str, np.ndarray] | None = None) -> Any:
    tensors = [numpy_helper.from_array(a.astype(np.float32), n) for n, a in (weights or {}).items()]
    return helper.make_graph(nodes, "branch", [], [helper.make_tensor_value_info(output, 1, None)], tensors)


def choice(condition: str, then: Any, other: Any, out: str = "z") -> Any:
    return helper.make_node("If", [condition], [out], name=f"if {out}", then_branch=then, else_branch=other)


def check(model: Any) -> tuple[list[tuple[int, str]], tuple[tuple[str, str], ...]]:
    """The spaces, and what is frozen; the outputs are compared on inputs that take either branch."""
    network = read_onnx(model)
    symmetry = network.symmetry()
    x = np.random.default_rng(1).normal(size=(5, 4)).astype(np.float32)
    x += 0.2
    for seed in range(4):
        moved = network.moved(symmetry.sample(np.random.default_rng(seed)))
        onnx.checker.check_model(moved)
        for feeds in ({"x": x}, {"x": -x}):
            assert deviation(run(model, feeds), run(moved, feeds)) < 2e-5
    return sorted((s.width, s.kind) for s in symmetry.spaces), symmetry.frozen


def test_the_groups_of_both_branches_meet() -> None:
    relu, tanh, square = (branch(nodes, "p") for nodes in (
        [node("Relu", "h", "p")], [node("Tanh", "h", "p")], [node("Relu", "h", "r"), node("Mul", "r r", "p")]))
    scaled = ([(6, "positive-scaled permutation")], ())
    assert check(perceptron([*POSITIVE, choice("sign", relu, relu)], ZERO)) == scaled
    assert check(perceptron([*POSITIVE, choice("sign", relu, tanh)], ZERO)) == ([(6, "permutation")], ())
    # A scale that one branch squares and the other does not is one.
    assert check(perceptron([*POSITIVE, choice("sign", relu, square)], ZERO)) == ([(6, "permutation")], ())
    linear = branch([node("Identity", "h", "p")], "p")
    assert check(perceptron([*POSITIVE, choice("sign", linear, linear)], ZERO)) == ([(6, "general linear")], ())


def test_a_condition_that_is_known_leaves_one_branch() -> None:
    then, other = branch([node("Identity", "h", "p")], "p"), branch([node("Tanh", "h", "q")], "q")
    for value, kind in ((True, "general linear"), (False, "signed permutation")):
        model = perceptron([choice("yes", then, other)], {"yes": np.array(value)})
        model.graph.node[0].input.pop()  # without the bias
        assert check(model) == ([(6, kind)], ())


def test_weights_inside_branches_move_under_their_names() -> None:
    def layer(seed: int) -> Any:
        w = np.random.default_rng(seed).normal(size=(6, 6)) / 2.5
        constant = helper.make_node("Constant", [], ["C"], value=numpy_helper.from_array(w.astype(np.float32), "any"))
        return branch([constant, node("MatMul", "h U", "m"), node("Relu", "m", "r"), node("MatMul", "r C", "p")], "p",
                      {"U": w.T})

    model = perceptron([*POSITIVE, choice("sign", layer(1), layer(2)), ], ZERO)
    network = read_onnx(model)
    symmetry = network.symmetry()
    # The hidden layer of each branch is its own; what they read and make is shared.
    assert sorted((s.width, s.kind) for s in symmetry.spaces) == [
        (6, "general linear"), (6, "general linear"), (6, "positive-scaled permutation"),
        (6, "positive-scaled permutation")]
    second = {"U (if z.else_branch)", "C (if z.else_branch)"}
    assert {"U", "C"} | second <= set(symmetry.plans) <= set(network.weights)
    check(model)


def test_branches_in_branches_and_loops() -> None:
    inner = choice("sign", branch([node("Tanh", "h", "a")], "a"), branch([node("Relu", "h", "a")], "a"), "p")
    outer = choice("sign", branch([inner], "p"), branch([node("Abs", "h", "p")], "p"))
    assert check(perceptron([*POSITIVE, outer], ZERO)) == ([(6, "permutation")], ())
    body = helper.make_graph(
        [node("Tanh", "h", "t"), node("Add", "t state", "next"), node("Identity", "go", "more")], "body",
        [helper.make_tensor_value_info("i", 7, []), helper.make_tensor_value_info("go", 9, []),
         helper.make_tensor_value_info("state", 1, ["n", 6])],
        [helper.make_tensor_value_info("more", 9, []), helper.make_tensor_value_info("next", 1, ["n", 6])])
    loop = helper.make_node("Loop", ["count", "sign", "h"], ["p"], name="loop", body=body)
    for nodes in ([loop, node("Identity", "p", "z")], [choice("sign", branch([loop], "p"),
                                                              branch([node("Tanh", "h", "p")], "p"))]):
        spaces, frozen = check(perceptron([*POSITIVE, *nodes], {**ZERO, "count": np.array(3)}))
        assert spaces == [] and frozen[0][0] == "loop" and "is not known" in frozen[0][1]


def test_a_branch_that_cannot_be_read_on_is_never_taken() -> None:
    """The export of ``squeeze`` asks for the size at run time; a Gemm then takes matrices alone."""
    size = {"last": np.array([2]), "one": np.array(1), "minus": np.array([2])}
    wide = [node("Unsqueeze", "r minus", "w"), node("Shape", "w", "s"), node("Gather", "s index", "k"),
            node("Equal", "k one", "single")]
    squeezed = branch([node("Squeeze", "w last", "p")], "p")
    left = branch([node("Identity", "w", "p")], "p")
    nodes = [node("Relu", "h", "r"), *wide, choice("single", squeezed, left, "u"), node("Gemm", "u U", "z")]
    model = perceptron(nodes, {**size, "index": np.array(2), "U": normal(6, 6)})
    del model.graph.node[-1].input[:]
    model.graph.node[-1].input.extend(["z", "V"])
    assert check(model) == ([(6, "general linear"), (6, "positive-scaled permutation")], ())


def test_branches_of_different_ranks_freeze() -> None:
    flat = branch([node("ReduceSum", "h", "p", keepdims=0)], "p")
    whole = branch([node("Relu", "h", "p")], "p")
    nodes = [*POSITIVE, choice("sign", flat, whole), node("Tanh", "z", "t"), node("Add", "t h", "e")]
    model = perceptron(nodes, ZERO)
    model.graph.node[-1].input[0] = "e"
    spaces, frozen = check(model)
    assert spaces == [] and "different or unknown shapes" in frozen[0][1]
