"""ONNX files: every family exported, outputs compared in ONNX Runtime; hand-written graphs; the command."""

from __future__ import annotations

import io
import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

from onnx import TensorProto, helper, numpy_helper  # noqa: E402

from intertwine.cli import main  # noqa: E402
from intertwine.errors import IntertwineError  # noqa: E402
from intertwine.networks import read_onnx  # noqa: E402


def run(model: Any, feeds: dict[str, Any]) -> list[np.ndarray]:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(model.SerializeToString(), options).run(None, feeds)


def deviation(wanted: list[np.ndarray], found: list[np.ndarray]) -> float:
    return max(float(np.abs(a - b).max() / np.abs(a).max()) for a, b in zip(wanted, found, strict=True))


def model_of(nodes: list[Any], weights: dict[str, np.ndarray], shape: list[Any], out: list[Any],
             version: int = 17) -> Any:
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, out)],
        [numpy_helper.from_array(a.astype(np.float32) if a.dtype == np.float64 else a, n) for n, a in weights.items()])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", version)], ir_version=8)


def node(kind: str, inputs: str, out: str, **attributes: Any) -> Any:
    return helper.make_node(kind, inputs.split(), out.split(), name=f"{kind} {out}", **attributes)


RNG = np.random.default_rng(0)


def normal(*shape: int) -> np.ndarray:
    return RNG.normal(size=shape) / np.sqrt(shape[-1])


def perceptron(middle: list[Any], more: dict[str, np.ndarray] | None = None, width: int = 6) -> Any:
    """x → h by a matrix, some nodes that make z from h, z → y by a matrix."""
    return model_of([node("Gemm", "x W b", "h", transB=1), *middle, node("MatMul", "z V", "y")],
                    {"W": normal(width, 4), "b": normal(width), "V": normal(width, 3), **(more or {})},
                    ["n", 4], ["n", 3])


def one(value: float) -> np.ndarray:
    return np.array(value, dtype=np.float32)


def kinds(model: Any) -> list[tuple[int, str]]:
    network = read_onnx(model)
    symmetry = network.symmetry()
    x = np.random.default_rng(1).normal(size=(5, 4)).astype(np.float32)
    before = run(model, {"x": x})
    for seed in range(3):
        moved = network.moved(symmetry.sample(np.random.default_rng(seed)))
        onnx.checker.check_model(moved)
        assert deviation(before, run(moved, {"x": x})) < 2e-5
    return sorted((s.width, s.kind) for s in symmetry.spaces)


def test_functions_in_several_nodes_are_composed_and_derived() -> None:
    silu = [node("Sigmoid", "h", "s"), node("Mul", "h s", "z")]
    hard = [node("Add", "h three", "p"), node("Clip", "p zero six", "q"), node("Mul", "h q", "r"),
            node("Div", "r six", "z")]
    gelu = [node("Div", "h root", "p"), node("Erf", "p", "q"), node("Add", "q one", "r"), node("Mul", "h r", "s"),
            node("Mul", "s half", "z")]
    constants = {"three": one(3), "zero": one(0), "six": one(6), "root": one(2**0.5), "one": one(1), "half": one(0.5)}
    for middle in (silu, hard, gelu):
        assert kinds(perceptron(middle, constants)) == [(6, "permutation")]
    # x·|x| and relu(x) - relu(-x) are nowhere named.
    odd_square = [node("Abs", "h", "a"), node("Mul", "h a", "z")]
    assert kinds(perceptron(odd_square)) == [(6, "monomial")]
    linear = [node("Relu", "h", "p"), node("Neg", "h", "m"), node("Relu", "m", "q"), node("Sub", "p q", "z")]
    assert kinds(perceptron(linear)) == [(6, "general linear")]
    squares = [node("Relu", "h", "p"), node("Mul", "p p", "z")]
    assert kinds(perceptron(squares)) == [(6, "positive-scaled permutation")]


def test_slopes_for_each_channel() -> None:
    model = perceptron([node("PRelu", "h slope", "z")], {"slope": normal(6)})
    assert kinds(model) == [(6, "positive-scaled permutation")]


@pytest.mark.parametrize(("middle", "more"), [
    ([node("Softmax", "h", "z", axis=-1)], {}),
    ([node("ReduceMax", "h", "m", axes=[1]), node("Sub", "h m", "z")], {}),
    ([node("ReduceMean", "h", "m", axes=[1]), node("Sub", "h m", "z")], {}),
    ([node("Not", "c", "d"), node("Where", "c h k", "z")], {}),
    ([node("Gather", "h order", "z", axis=1)], {"order": np.array([3, 1, 0, 2, 5, 4])}),
    ([node("Slice", "h s e a t", "z")],
     {"s": np.array([5]), "e": np.array([-7]), "a": np.array([1]), "t": np.array([-1])}),
    ([node("CumSum", "h axis", "z")], {"axis": np.array(1)}),
    ([node("TopK", "h six", "z i", axis=1)], {"six": np.array([6])}),
    ([node("Mul", "h mask", "z")], {"mask": np.array([1.0, 0, 1, 0, 1, 1])}),
    ([node("Add", "h h", "d"), node("Concat", "h d", "c", axis=1), node("Split", "c", "l r", axis=1),
      node("Sub", "l r", "z")], {}),
    ([node("Split", "h thirds", "p q r", axis=1), node("Concat", "r p q", "z", axis=1)],
     {"thirds": np.array([2, 2, 2])}),
    ([node("Reshape", "h wide", "w"), node("Transpose", "w", "t", perm=[0, 2, 1]), node("Reshape", "t flat", "s"),
      node("Relu", "s", "r"), node("Add", "r h", "z")], {"wide": np.array([0, 2, 3]), "flat": np.array([0, 6])}),
    ([node("Reshape", "h wide", "w"), node("ReduceSum", "w one", "s"), node("Mul", "w s", "p"),
      node("Reshape", "p flat", "z")], {"wide": np.array([0, 2, 3]), "flat": np.array([0, 6]), "one": np.array([1])}),
    ([node("Reshape", "h wide", "w"), node("Transpose", "w", "t", perm=[0, 2, 1]), node("MatMul", "w t", "m"),
      node("MatMul", "m w", "p"), node("Reshape", "p flat", "z")],
     {"wide": np.array([0, 2, 3]), "flat": np.array([0, 6])}),
    # A product of a tensor with itself, whose inner axis is made of copies of one space.
    ([node("Reshape", "h wide", "w"), node("Concat", "w w", "d", axis=2), node("Reshape", "d long", "l"),
      node("Transpose", "l", "t", perm=[0, 2, 1]), node("MatMul", "l t", "p"), node("Expand", "p six", "e"),
      node("Reshape", "e flat", "z")],
     {"wide": np.array([0, 2, 3]), "long": np.array([0, 1, 12]), "six": np.array([1, 1, 6]), "flat": np.array([0, 6])}),
    ([node("LpNormalization", "h", "z", axis=1)], {}),
    ([node("Transpose", "W", "Wt", perm=[1, 0]), node("MatMul", "h W", "u"), node("MatMul", "u Wt", "v"),
      node("Tanh", "v", "z")], {}),
    ([node("Pow", "h U", "p"), node("Abs", "p", "z")], {"U": np.full(6, 2.0)}),
    ([node("Max", "h U", "z")], {"U": normal(6)}),
    ([node("Greater", "h U", "c"), node("Cast", "c", "f", to=1), node("Mul", "f h", "z")], {"U": normal(6)}),
])  # fmt: skip
def test_nothing_wrong_passes(middle: list[Any], more: dict[str, np.ndarray]) -> None:
    """Whatever the group is, it keeps the outputs (the comparison is in ``kinds``)."""
    if any("c" in n.input for n in middle if n.op_type == "Where"):
        middle = [node("Greater", "h U", "c"), node("Tanh", "h", "k"), *middle[1:]]
        more = {"U": normal(6)}
    kinds(perceptron(middle, more))


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(IntertwineError, match="cannot be read"):
        read_onnx(tmp_path / "none.onnx")
    (tmp_path / "bad.onnx").write_bytes(b"not a model at all")
    with pytest.raises(IntertwineError, match="not an ONNX model|no operations"):
        read_onnx(tmp_path / "bad.onnx")


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "m.onnx", tmp_path / "out.onnx"
    model = perceptron([node("Relu", "h", "z")])
    onnx.save(model, source)
    assert main(["network", str(source), "--check", "2"]) == 0
    assert "6 channels, positive-scaled permutation" in capsys.readouterr().out
    assert main(["network", str(source), "--json", "--check", "1"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == 1 and data["parameters"] == 6 * 4 + 6 + 18 and data["dimension"] == 6
    assert data["spaces"][0]["axes"] == [["W", 0], ["b", 0], ["V", 0]] and data["frozen"] == []
    assert data["check"]["deviation"] < 1e-5
    assert main(["network", str(source), "--apply", "--seed", "3", "-o", str(target)]) == 0
    x = {"x": np.ones((2, 4), dtype=np.float32)}
    assert deviation(run(model, x), run(onnx.load(target), x)) < 1e-5
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m.onnx", "out.onnx"]
    assert main(["network", str(source), "--apply"]) == 2
    capsys.readouterr()
    assert main(["network", str(source), "--apply", "-o", str(tmp_path / "none" / "out.onnx")]) == 2
    assert capsys.readouterr().err.endswith("none/out.onnx cannot be written: No such file or directory\n")
    assert main(["network", str(tmp_path / "none.onnx")]) == 2
    capsys.readouterr()
    onnx.save(perceptron([node("Det", "h", "z")]), source)
    assert main(["network", str(source), "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["frozen"][0]["op"] == "Det z"


def exported(module: Any, x: Any, **settings: Any) -> Any:
    import torch

    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(module, (x,), stream, dynamo=False, input_names=["x"], output_names=["y"], **settings)
    return onnx.load_from_string(stream.getvalue())


def _families() -> list[str]:
    try:
        from tests.networks.modules import FAMILIES
    except pytest.skip.Exception:
        return []
    return list(FAMILIES)


@pytest.mark.torch
@pytest.mark.parametrize("name", _families())
@pytest.mark.parametrize("dynamic", [False, True])
def test_exported_families(name: str, dynamic: bool) -> None:
    from tests.networks.modules import FAMILIES, generic

    build, x = FAMILIES[name]
    settings = {"dynamic_axes": {"x": {0: "n", **({1: "t"} if x.dim() == 3 else {})}}} if dynamic else {}
    model = exported(generic(build()).float(), x, **settings)
    network = read_onnx(model)
    symmetry = network.symmetry()
    # With every size unknown, a reshape of repeated heads is not understood, and that is listed.
    unknown = {reason for _, reason in symmetry.not_understood}
    assert len(unknown) == (dynamic and name == "transformer, shared keys")
    assert bool(symmetry.frozen) == bool(unknown)
    assert symmetry.moving_parameters > 0.9 * symmetry.parameters
    before = run(model, {"x": x.numpy()})
    for seed in range(3):
        moved = network.moved(symmetry.sample(np.random.default_rng(seed), 0.3))
        assert deviation(before, run(moved, {"x": x.numpy()})) < 1e-4


@pytest.mark.torch
def test_old_operator_sets_spell_normalisations_out() -> None:
    from tests.networks.modules import FAMILIES, generic

    build, x = FAMILIES["transformer"]
    old, new = (read_onnx(exported(generic(build()).float(), x, opset_version=v)).symmetry() for v in (11, 17))
    graph = exported(generic(build()).float(), x, opset_version=11).graph
    assert "LayerNormalization" not in {n.op_type for n in graph.node}
    assert old.dimension == new.dimension
    assert old.log10_discrete_order == pytest.approx(new.log10_discrete_order)
