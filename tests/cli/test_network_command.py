"""``intertwine network``: what it prints, what it checks, what it writes, and what it refuses in one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

from onnx import TensorProto, helper, numpy_helper  # noqa: E402

from intertwine.cli import main  # noqa: E402
from intertwine.networks import Transformation, read_onnx  # noqa: E402
from intertwine.networks.onnx_files.inputs import Inputs  # noqa: E402

RNG = np.random.default_rng(0)


def save(path: Path, nodes: list[Any], inputs: dict[str, tuple[int, Any]], weights: dict[str, np.ndarray],
         outputs: tuple[str, ...] = ("y",), version: int = 17) -> Path:
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info(n, kind, shape) for n, (kind, shape) in inputs.items()],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in outputs],
        [numpy_helper.from_array(w.astype(np.float32) if w.dtype == np.float64 else w, n) for n, w in weights.items()])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", version)], ir_version=8), path)
    return path


def node(kind: str, inputs: str, output: str, **attributes: Any) -> Any:
    return helper.make_node(kind, inputs.split(), output.split(), name=f"{kind} {output}", **attributes)


def perceptron(path: Path, *middle: Any, **more: Any) -> Path:
    middle = middle or (node("Relu", "h", "z"),)
    return save(path, [node("Gemm", "x W b", "h", transB=1), *middle, node("MatMul", "z V", "y")],
                {"x": (TensorProto.FLOAT, ["n", 4])},
                {"W": RNG.normal(size=(6, 4)), "b": RNG.normal(size=6), "V": RNG.normal(size=(6, 3))}, **more)


def run(capsys: pytest.CaptureFixture[str], *words: Any) -> tuple[int, str, str]:
    status = main(["network", *map(str, words)])
    shown = capsys.readouterr()
    assert "Traceback" not in shown.err and shown.err.count("\n") == (1 if status == 2 else 0)
    return status, shown.out, shown.err


def test_json_has_the_members_of_the_format(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, perceptron(tmp_path / "m.onnx"), "--json")
    assert status == 0 and out.count("\n") == 1
    data = json.loads(out)
    spaces = [{"name": "W:0", "width": 6, "kind": "positive-scaled permutation",
               "axes": [["W", 0], ["b", 0], ["V", 0]]}]
    assert data == {"schema": 1, "parameters": 48, "spaces": spaces, "dimension": 6,
                    "log10_discrete_order": pytest.approx(np.log10(720)), "frozen": []}
    status, out, _ = run(capsys, perceptron(tmp_path / "m.onnx", node("Det", "h", "z")), "--json")
    assert status == 3
    assert json.loads(out)["frozen"][0] == {"op": "Det z", "reason": "Det is not known"}


def test_a_check_compares_with_rounding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = perceptron(tmp_path / "m.onnx")
    status, out, _ = run(capsys, path, "--check", 3, "--json")
    check = json.loads(out)["check"]
    assert status == 0 and check["elements"] == 3 and check["unchanged"] is True
    assert check["deviation"] < 10 * max(check["rounding"], 1.2e-7) and check["rounding"] > 0
    again = run(capsys, path, "--check", 3, "--json")[1]
    assert again == out and run(capsys, path, "--check", 3, "--json", "--seed", 1)[1] != out
    assert "the outputs are unchanged" in run(capsys, path, "--check", 1)[1]


def test_signs_without_permutations_are_compared_with_the_last_digit(tmp_path: Path,
                                                                     capsys: pytest.CaptureFixture[str]) -> None:
    path = save(tmp_path / "m.onnx", [node("MatMul", "x W", "h"), node("Tanh", "h", "z"), node("MatMul", "z V", "y")],
                {"x": (TensorProto.FLOAT, [5, 4])}, {"W": RNG.normal(size=(4, 1)), "V": RNG.normal(size=(1, 3))})
    status, out, _ = run(capsys, path, "--check", 4)
    assert status == 0 and "rounding alone" in out and "order of summation" not in out
    path = perceptron(tmp_path / "frozen.onnx", node("Det", "h", "z"))
    assert "nothing to check" in run(capsys, path, "--check", 4)[1]


@pytest.mark.parametrize("size", [1e-3, 1e-5])
def test_a_wrong_group_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
                                  size: float) -> None:
    act = Transformation.act

    def wrong(self: Any, name: str, *given: Any, **more: Any) -> Any:
        return act(self, name, *given, **more) * np.float32(1 + size if name == "V" else 1)

    path = perceptron(tmp_path / "m.onnx")
    monkeypatch.setattr(Transformation, "act", wrong)
    status, out, _ = run(capsys, path, "--check", 2)
    assert status == 1 and "THE OUTPUTS CHANGE" in out


def test_writing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = perceptron(tmp_path / "m.onnx")
    before = path.read_bytes()
    for name in ("a.onnx", "b.onnx"):
        assert run(capsys, path, "--apply", "--seed", 5, "-o", tmp_path / name)[0] == 0
    assert (tmp_path / "a.onnx").read_bytes() == (tmp_path / "b.onnx").read_bytes() != before == path.read_bytes()
    network = read_onnx(path)
    wanted = network.symmetry().sample(np.random.default_rng(5)).apply(network.weights)
    assert all(np.array_equal(w, wanted[name]) for name, w in read_onnx(tmp_path / "a.onnx").weights.items())
    assert run(capsys, path, "--apply", "-o", path)[0] == 0 and path.read_bytes() != before


def embedding(path: Path) -> Path:
    """Token ids for a table of five rows, a mask, a flag that is compared, a second output, unnamed sizes."""
    nodes = [node("Cast", "ids", "long", to=7), node("Gather", "E long", "e"), node("MatMul", "e W", "h"),
             node("Relu", "h", "r"), node("MatMul", "r V", "p"), node("Cast", "mask", "m", to=1),
             node("Unsqueeze", "m last", "u"), node("Mul", "p u", "q"), node("Equal", "rate known", "c"),
             node("Where", "c q p", "y"), node("ArgMax", "p", "best", axis=2)]
    weights = {"E": RNG.normal(size=(5, 4)), "W": RNG.normal(size=(4, 6)), "V": RNG.normal(size=(6, 3)),
               "last": np.array([-1]), "known": np.array(16000)}
    graph_inputs = {"ids": (TensorProto.INT32, ["batch", "time"]), "mask": (TensorProto.BOOL, ["batch", "time"]),
                    "rate": (TensorProto.INT64, [])}
    return save(path, nodes, graph_inputs, weights)


def test_inputs_of_every_type(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = embedding(tmp_path / "m.onnx")
    inputs = Inputs(read_onnx(path).outline)
    for feeds in inputs.candidates(RNG):
        assert feeds["ids"].dtype == np.int32 and set(np.unique(feeds["ids"])) <= set(range(5))
        assert feeds["mask"].dtype == bool and feeds["mask"].shape == feeds["ids"].shape
        assert feeds["rate"].shape == () and feeds["rate"] == 16000
    status, out, _ = run(capsys, path, "--check", 2)
    assert status == 0 and "unchanged" in out
    status, _, _ = run(capsys, path, "--check", 1, "--input-shape", "ids=3x7", "--input-shape", "mask=3x7")
    assert status == 0
    np.savez(tmp_path / "in.npz", ids=np.zeros((1, 2), int), mask=np.ones((1, 2), bool), rate=np.array(8000))
    assert run(capsys, path, "--check", 1, "--inputs", tmp_path / "in.npz")[0] == 0


def test_a_shape_for_the_only_input_needs_no_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, perceptron(tmp_path / "m.onnx"), "--check", 1, "--input-shape", "9x4")[0] == 0


@pytest.mark.parametrize(("words", "message"), [
    (["--check", "1", "--input-shape", "z=1x4"], "no input 'z'; its inputs: 'x'"),
    (["--check", "1", "--input-shape", "x=1x5"], "has the shape nx4; 1x5 does not fit"),
    (["--check", "1", "--input-shape", "x=4"], "has the shape nx4; 4 does not fit"),
    (["--check", "1", "--input-shape", "x=ax4"], "given as NAME=1x3x224x224"),
    (["--check", "1", "--inputs", "none.npz"], "cannot be read"),
    (["--inputs", "none.npz"], "belong to --check"),
    (["--apply"], "needs a file to write"),
    (["-o", "x.onnx"], "belongs to --apply"),
    (["--apply", "-o", "none/x.onnx"], "none"),
])
def test_words_that_do_not_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
                               words: list[str], message: str) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capsys, perceptron(tmp_path / "m.onnx"), *words)
    assert status == 2 and out == "" and message in err
    assert [p.name for p in tmp_path.iterdir()] == ["m.onnx"]


def test_values_that_do_not_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = perceptron(tmp_path / "m.onnx")
    for name, content, message in (("a.npz", b"PK\x03\x04 no", "no archive"), ("b.npz", b"text", "no archive")):
        (tmp_path / name).write_bytes(content)
        status, _, err = run(capsys, path, "--check", 1, "--inputs", tmp_path / name)
        assert status == 2 and message in err
    np.save(tmp_path / "c.npy", np.ones(3))
    assert run(capsys, path, "--check", 1, "--inputs", tmp_path / "c.npy")[0] == 2
    np.savez(tmp_path / "d.npz", x=np.array(["a"]))
    assert run(capsys, path, "--check", 1, "--inputs", tmp_path / "d.npz")[0] == 2


def test_files_that_cannot_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = perceptron(tmp_path / "m.onnx").read_bytes()
    contents = {"empty.onnx": b"", "text.onnx": b"this is no model\n" * 9, "short.onnx": good[: len(good) // 2],
                "zeros.onnx": bytes(1000), "pickle.pt": b"\x80\x02}q\x00."}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder.onnx").mkdir()
    for name in (*contents, "folder.onnx", "none.onnx"):
        status, out, err = run(capsys, tmp_path / name)
        assert status == 2 and out == "" and name in err, name


def test_operator_sets_that_are_not_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = run(capsys, perceptron(tmp_path / "m.onnx", version=1000))
    assert status == 2 and "operator set 1000" in err


def test_outputs_that_say_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save(tmp_path / "m.onnx", [node("MatMul", "x W", "h"), node("Relu", "h", "z"), node("MatMul", "z V", "p"),
                                      node("Mul", "p nothing", "y")],
                {"x": (TensorProto.FLOAT, [5, 4])},
                {"W": RNG.normal(size=(4, 6)), "V": RNG.normal(size=(6, 3)), "nothing": np.zeros(3)})
    status, _, err = run(capsys, path, "--check", 1)
    assert status == 2 and "do not depend on the weights that move" in err


def test_external_data_are_checked_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = perceptron(tmp_path / "m.onnx")
    onnx.save(onnx.load(path), path, save_as_external_data=True, location="m.bin", size_threshold=10)
    status, out, _ = run(capsys, path, "--check", 2, "--apply", "-o", tmp_path / "out.onnx")
    assert status == 0 and "unchanged" in out
    assert {p.name for p in tmp_path.iterdir()} == {"m.onnx", "m.bin", "out.onnx", "out.onnx.data"}
    (tmp_path / "m.bin").write_bytes(b"short")
    assert run(capsys, path)[0] == 2
    (tmp_path / "m.bin").unlink()
    assert run(capsys, path)[0] == 2


def test_half_precision(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nodes = [node("MatMul", "x W", "h"), node("Relu", "h", "z"), node("MatMul", "z V", "p"),
             node("Cast", "p", "y", to=1)]
    path = save(tmp_path / "m.onnx", nodes, {"x": (TensorProto.FLOAT16, ["n", 4])},
                {"W": RNG.normal(size=(4, 16)).astype(np.float16), "V": RNG.normal(size=(16, 3)).astype(np.float16)})
    status, out, _ = run(capsys, path, "--check", 3, "--json")
    assert status == 0 and 1e-5 < json.loads(out)["check"]["rounding"] < 1e-2
