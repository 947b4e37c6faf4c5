"""Files of weights: moved tensor by tensor, complete or not there at all, and never read into memory as a whole."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from intertwine.errors import IntertwineError
from intertwine.networks import (
    Architecture,
    ParameterSymmetry,
    Transformation,
    read_onnx,
    transform_file,
    transform_files,
)

onnx = pytest.importorskip("onnx")
safetensors_numpy = pytest.importorskip("safetensors.numpy")
ml_dtypes = pytest.importorskip("ml_dtypes")

from onnx import TensorProto, helper, numpy_helper  # noqa: E402

WIDTH = 24


def symmetry(width: int = WIDTH) -> ParameterSymmetry:
    net = Architecture()
    h = net.linear(net.input("x", ("n", 5)), net.weight("W", (width, 5)), net.weight("b", (width,)))
    net.output(net.linear(net.activation(h, "relu"), net.weight("V", (3, width))))
    return net.symmetry()


def weights(seed: int = 0, dtype: Any = np.float32, width: int = WIDTH) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    shapes = {"W": (width, 5), "b": (width,), "V": (3, width)}
    return {name: rng.normal(size=shape).astype(dtype) for name, shape in shapes.items()}


def model(stored: dict[str, np.ndarray], how: str = "raw") -> Any:
    tensors = [_tensor(name, array, how) for name, array in stored.items()]
    first = [helper.make_node("Gemm", ["x", "W", "b"], ["h"], transB=1), helper.make_node("Relu", ["h"], ["r"]),
             helper.make_node("Transpose", ["V"], ["Vt"]), helper.make_node("MatMul", ["r", "Vt"], ["y"])]
    kind = helper.np_dtype_to_tensor_dtype(stored["W"].dtype)
    if how == "constants":
        first = [*(helper.make_node("Constant", [], [t.name], value=t) for t in tensors), *first]
        tensors = []
    graph = helper.make_graph(first, "g", [helper.make_tensor_value_info("x", kind, ["n", 5])],
                              [helper.make_tensor_value_info("y", kind, ["n", 3])], tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def _tensor(name: str, array: np.ndarray, how: str) -> Any:
    if how == "fields":
        return helper.make_tensor(name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape, array.reshape(-1))
    return numpy_helper.from_array(array, name)


def values(path: Path) -> dict[str, np.ndarray]:
    """What the library ``onnx`` itself reads."""
    loaded = onnx.load(path)
    found = {t.name: t for t in loaded.graph.initializer}
    found |= {n.output[0]: n.attribute[0].t for n in loaded.graph.node if n.op_type == "Constant"}
    return {name: np.asarray(numpy_helper.to_array(t)) for name, t in found.items()}


def same(found: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert found.keys() == wanted.keys()
    for name in wanted:
        assert found[name].dtype == wanted[name].dtype
        assert np.array_equal(np.asarray(found[name]), wanted[name]), name


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16, ml_dtypes.bfloat16])
@pytest.mark.parametrize("how", ["raw", "fields", "constants"])
@pytest.mark.parametrize("width", [2, 600])
def test_every_way_to_store_a_tensor(tmp_path: Path, dtype: Any, how: str, width: int) -> None:
    stored = weights(0, dtype, width)
    source, target = tmp_path / "m.onnx", tmp_path / "out.onnx"
    onnx.save(model(stored, how), source)
    network = read_onnx(source)
    g = network.symmetry().sample(np.random.default_rng(1))
    same(network.weights, stored)
    transform_file(g, source, target)
    same(values(target), g.apply(stored))
    same(values(source), stored)
    onnx.checker.check_model(onnx.load(target))
    assert {t.name: numpy_helper.to_array(t).tobytes() for t in network.moved(g).graph.initializer} == {
        t.name: numpy_helper.to_array(t).tobytes() for t in onnx.load(target).graph.initializer}


@pytest.mark.parametrize("one_file", [True, False])
def test_external_data(tmp_path: Path, one_file: bool) -> None:
    stored = weights(0, np.float32, 600)
    source = tmp_path / "m.onnx"
    onnx.save(model(stored), source, save_as_external_data=True, all_tensors_to_one_file=one_file, location="m.bin",
              size_threshold=100)
    kept = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    network = read_onnx(source)
    g = network.symmetry().sample(np.random.default_rng(1))
    for name in ("out.onnx", "out.onnx"):  # the second time there is a file of data already
        network.write(g, tmp_path / name)
        same(values(tmp_path / name), g.apply(stored))
    assert kept.items() <= {p.name: p.read_bytes() for p in tmp_path.iterdir()}.items()
    assert {p.name for p in tmp_path.iterdir()} - set(kept) == {"out.onnx", "out.onnx.data", "out.onnx.1.data"}
    network.write(g, source)
    same(values(source), g.apply(stored))


def test_external_data_are_looked_for_beside_the_model_only(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    source = tmp_path / "inside" / "m.onnx"
    onnx.save(model(weights(0, np.float32, 600)), source, save_as_external_data=True, location="m.bin",
              size_threshold=9)
    (tmp_path / "inside" / "m.bin").rename(tmp_path / "m.bin")
    with pytest.raises(IntertwineError, match="is not there"):
        read_onnx(source)
    content = source.read_bytes()
    source.write_bytes(content.replace(b"\x12\x05m.bin", b"\x12\x05../m.")[: len(content)])
    with pytest.raises(IntertwineError, match="not in the folder"):
        read_onnx(source)


def test_the_file_that_is_read_may_be_written(tmp_path: Path) -> None:
    stored, path = weights(), tmp_path / "m.onnx"
    onnx.save(model(stored), path)
    path.chmod(0o640)
    g = read_onnx(path).symmetry().sample(np.random.default_rng(1))
    transform_file(g, path, path)
    same(values(path), g.apply(stored))
    assert path.stat().st_mode & 0o777 == 0o640 and [p.name for p in tmp_path.iterdir()] == ["m.onnx"]


def _write(kind: str, folder: Path) -> Path:
    path = folder / f"m.{kind}"
    if kind == "onnx":
        onnx.save(model(weights()), path)
    elif kind == "safetensors":
        safetensors_numpy.save_file(weights(), path, metadata={"format": "pt"})
    else:
        stored = weights()
        for k, name in enumerate(stored):
            safetensors_numpy.save_file({name: stored[name]}, folder / f"m-{k}.safetensors")
        shards = {name: f"m-{k}.safetensors" for k, name in enumerate(stored)}
        path.write_text(json.dumps({"metadata": {"total_size": 1}, "weight_map": shards}))
    return path


def _read(path: Path) -> dict[str, np.ndarray]:
    if path.name.endswith(".onnx"):
        return values(path)
    if path.name.endswith(".safetensors"):
        return dict(safetensors_numpy.load_file(path))
    shards = json.loads(path.read_text())["weight_map"]
    return {name: safetensors_numpy.load_file(path.parent / shard)[name] for name, shard in shards.items()}


KINDS = ["onnx", "safetensors", "safetensors.index.json"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("failing", [0, 1, 2, "rename"])
@pytest.mark.parametrize("there", [False, True])
def test_a_failure_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str,
                                              failing: Any, there: bool) -> None:
    (tmp_path / "old").mkdir()
    source, target = _write(kind, tmp_path / "old"), tmp_path / "new" / f"m.{kind}"
    (tmp_path / "new").mkdir()
    if there:
        target.write_bytes(b"what was there before")
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    g = symmetry().sample(np.random.default_rng(0)) if kind != "onnx" else read_onnx(source).symmetry().sample(
        np.random.default_rng(0))
    count, act = [0], Transformation.act

    def broken(self: Any, *given: Any, **more: Any) -> Any:
        if count[0] == failing:
            raise OSError("no space left on the device")
        count[0] += 1
        return act(self, *given, **more)

    def no_rename(*given: Any) -> None:
        raise OSError("no")

    monkeypatch.setattr(Transformation, "act", broken)
    if failing == "rename":
        monkeypatch.setattr("os.replace", no_rename)
    with pytest.raises(OSError, match="no"):
        transform_file(g, source, target)
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16])
def test_safetensors(tmp_path: Path, dtype: Any) -> None:
    stored = {"a": np.arange(7), **weights(0, dtype), "z": np.ones((WIDTH, 5), dtype)}
    source, target = tmp_path / "m.safetensors", tmp_path / "out.safetensors"
    safetensors_numpy.save_file(stored, source, metadata={"format": "pt"})
    g = symmetry().sample(np.random.default_rng(1))
    assert transform_file(g, source, target) == target
    same(safetensors_numpy.load_file(target), g.apply(stored))
    with open(source, "rb") as a, open(target, "rb") as b:
        size = int.from_bytes(a.read(8), "little")
        assert b.read(8 + size)[8:] == a.read(size)  # the header, metadata included, is the same


@pytest.mark.torch
def test_bfloat16_and_tied_weights(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from safetensors.torch import load_file, save_file

    stored = {name: torch.from_numpy(array).bfloat16() for name, array in weights().items()}
    stored = {"W": stored["W"], "bias": stored["b"], "V": stored["V"]}
    source = tmp_path / "m.safetensors"
    save_file(stored, source)
    g = symmetry().sample(np.random.default_rng(1))
    with pytest.raises(IntertwineError, match="the weight 'b' is missing"):
        transform_file(g, source, source)
    transform_file(g, source, source, tied={"bias": "b"})
    wanted = g.apply({"W": stored["W"], "b": stored["bias"], "V": stored["V"]})
    found = load_file(source)
    assert torch.equal(found["W"], wanted["W"]) and torch.equal(found["bias"], wanted["b"])


@pytest.mark.parametrize("executor", [None, ThreadPoolExecutor])
def test_sharded_checkpoints(tmp_path: Path, executor: Any) -> None:
    source = _write(KINDS[2], tmp_path)
    (tmp_path / "out").mkdir()
    g = symmetry().sample(np.random.default_rng(1))
    pool = executor and executor(2)
    transform_file(g, source, tmp_path / "out" / source.name, executor=pool)
    transform_file(g, source, tmp_path / f"new.{KINDS[2]}", executor=pool)
    wanted = g.apply(weights())
    for index in (tmp_path / "out" / source.name, tmp_path / f"new.{KINDS[2]}"):
        same(_read(index), wanted)
        assert json.loads(index.read_text())["metadata"] == {"total_size": 1}
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == sorted(["m-0.safetensors", "m-1.safetensors",
                                                                          "m-2.safetensors", source.name])
    same(_read(source), weights())
    with pytest.raises(IntertwineError, match="one by one"):
        transform_file(g, source, source)


@pytest.mark.parametrize(("name", "content", "message"), [
    ("m.safetensors", b"", "not a safetensors file"),
    ("m.safetensors", b"\xff" * 100, "not a safetensors file"),
    ("m.safetensors.index.json", b"[]", "no weight_map"),
    ("m.safetensors.index.json", b'{"weight_map": {"W": "../x.safetensors"}}', "not a file beside it"),
    ("m.safetensors.index.json", b'{"weight_map": {"W": "x.safetensors"}}', "cannot be read|No such|not a safetensors"),
    ("m.pt", b"", "no kind of file"),
])
def test_files_that_cannot_be_used(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    g = symmetry().identity()
    with pytest.raises(IntertwineError, match=message):
        transform_file(g, tmp_path / name, tmp_path / f"new-{name}")
    with pytest.raises(IntertwineError):
        transform_file(g, tmp_path / "none.safetensors", tmp_path / "new.safetensors")
    with pytest.raises(IntertwineError, match="no folder"):
        transform_file(g, tmp_path / "m.safetensors", tmp_path / "none" / "new.safetensors")


@pytest.mark.parametrize("how", ["raw", "fields", "constants"])
def test_broken_onnx_files(tmp_path: Path, how: str) -> None:
    """Cut off anywhere, or with any byte changed, a file is read or refused with one line."""
    content = model(weights(0, np.float32, 600), how).SerializeToString()
    path, rng = tmp_path / "m.onnx", np.random.default_rng(0)
    refused = 0
    for k in range(60):
        broken = bytearray(content)
        if k % 2:
            del broken[int(rng.integers(0, len(broken))) :]
        else:
            # Mostly in the part that says what things are, not among the numbers.
            heads = [i for i in range(len(content)) if i < 200 or i > len(content) - 300]
            broken[heads[int(rng.integers(0, len(heads)))]] = int(rng.integers(0, 256))
        path.write_bytes(broken)
        try:
            read_onnx(path).symmetry()
        except IntertwineError as error:
            refused += 1
            assert "\n" not in str(error)
    assert refused >= 20


MEASURE = """
import sys
import numpy as np
from intertwine.networks import read_onnx, transform_file

def memory(what):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(what))

def move(source, target):
    transform_file(read_onnx(source).symmetry().sample(np.random.default_rng(0)), source, target, progress=False)

move(sys.argv[1], sys.argv[2])  # all that is imported
before = memory("VmRSS")
move(sys.argv[3], sys.argv[4])
print(before, memory("VmHWM"))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the memory of a process is read from /proc")
def test_the_memory_is_that_of_one_tensor(tmp_path: Path) -> None:
    """200 MB of weights in tensors of 4 MB: from reading the file on, a process grows by some of them."""
    tiny, source, target = tmp_path / "tiny.onnx", tmp_path / "m.onnx", tmp_path / "out.onnx"
    _large_model(tiny, 2, 8)
    _large_model(source, 50, 1024)
    done = subprocess.run([sys.executable, "-c", MEASURE, tiny, tmp_path / "t.onnx", source, target], check=True,
                          capture_output=True, text=True, cwd=Path(__file__).parents[2])
    before, peak = map(int, done.stdout.split())
    assert peak - before < 8 * 1024 * 1024 * 4
    assert target.stat().st_size == source.stat().st_size > 200e6


def _large_model(path: Path, count: int, width: int) -> None:
    nodes = []
    for k in range(count):
        nodes.append(helper.make_node("MatMul", [f"h{k}", f"w{k}"], [f"p{k}"]))
        nodes.append(helper.make_node("Relu", [f"p{k}"], [f"h{k + 1}"]))
    x = helper.make_tensor_value_info("h0", TensorProto.FLOAT, ["n", width])
    y = helper.make_tensor_value_info(f"h{count}", TensorProto.FLOAT, ["n", width])
    block = np.random.default_rng(0).normal(size=(width, width)).astype(np.float32) / 30
    tensors = [numpy_helper.from_array(block, f"w{k}") for k in range(count)]
    graph = helper.make_graph(nodes, "large", [x], [y], tensors)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)


def _collection(folder: Path) -> tuple[list[Path], list[dict[str, np.ndarray]]]:
    folder.mkdir()
    models = [weights(seed) for seed in range(4)]
    paths = [folder / f"{k}.safetensors" for k in range(4)]
    for stored, path in zip(models, paths, strict=True):
        safetensors_numpy.save_file(stored, path)
    return paths, models


@pytest.mark.parametrize("kind", ["here", "threads", "processes", "dask"])
def test_collections_by_any_executor(tmp_path: Path, kind: str) -> None:
    paths, models = _collection(tmp_path / "in")
    targets = [tmp_path / f"{k}.safetensors" for k in range(4)]
    group = symmetry()
    rng = np.random.default_rng(7)
    elements = [group.sample(rng) for _ in models]
    wanted = [g.apply(m) for g, m in zip(elements, models, strict=True)]
    with _executor(kind) as executor:
        assert transform_files(elements, paths, targets, executor=executor) == targets
        moved = group.apply_all(elements, models, executor=executor)
    for target, memory, right in zip(targets, moved, wanted, strict=True):
        same(safetensors_numpy.load_file(target), right)
        same(memory, right)


def _executor(kind: str) -> Any:
    import contextlib

    if kind == "here":
        return contextlib.nullcontext(None)
    if kind == "threads":
        return ThreadPoolExecutor(2)
    if kind == "processes":
        import multiprocessing

        return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
    distributed = pytest.importorskip("distributed")

    @contextlib.contextmanager
    def dask() -> Any:
        with distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None,
                                      ) as cluster, distributed.Client(cluster) as client:
            yield client.get_executor()

    return dask()


def test_collections_that_do_not_fit(tmp_path: Path) -> None:
    g = symmetry().identity()
    a, b, c = (tmp_path / f"{n}.safetensors" for n in "abc")
    with pytest.raises(IntertwineError, match="2 elements are given for 1"):
        transform_files([g, g], [a], [b])
    with pytest.raises(IntertwineError, match="target"):
        transform_files(g, [a, b], [c])
    with pytest.raises(IntertwineError, match="twice"):
        transform_files(g, [a, b], [c, c])
    with pytest.raises(IntertwineError, match="read for another"):
        transform_files(g, [a, b], [b, c])


def test_a_progress_bar(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("tqdm")
    path = tmp_path / "m.safetensors"
    safetensors_numpy.save_file(weights(), path)
    g = symmetry().identity()
    transform_file(g, path, path)  # no terminal: no bar
    assert capsys.readouterr().err == ""
    transform_file(g, path, path, progress=True)
    assert "m.safetensors" in capsys.readouterr().err


def test_elements_with_shifts_are_for_arrays(tmp_path: Path) -> None:
    net = Architecture()
    h = net.linear(net.input("x", ("n", 5)), net.weight("W", (WIDTH, 5)), net.weight("b", (WIDTH,)))
    net.output(net.linear(net.activation(h, "sigmoid"), net.weight("V", (3, WIDTH)), net.weight("c", (3,))))
    g: Any = net.symmetry(affine=True).identity()
    with pytest.raises(IntertwineError, match="without shifts"):
        transform_file(g, tmp_path / "a.safetensors", tmp_path / "b.safetensors")


CRASH = """
import os, sys
import numpy as np
from intertwine.networks import Transformation, read_onnx

act, count = Transformation.act, [0]

def crashing(self, *given, **more):
    count[0] += 1
    if count[0] == 3:
        os._exit(9)  # as if the power went off: nothing is cleared away
    return act(self, *given, **more)

Transformation.act = crashing
network = read_onnx(sys.argv[1])
network.write(network.symmetry().sample(np.random.default_rng(0)), sys.argv[2])
"""


@pytest.mark.parametrize("target", ["out.onnx", "m.onnx"])
def test_a_crash_leaves_the_source_and_no_half_file(tmp_path: Path, target: str) -> None:
    source = tmp_path / "m.onnx"
    onnx.save(model(weights(0, np.float32, 600)), source)
    before = source.read_bytes()
    done = subprocess.run([sys.executable, "-c", CRASH, source, tmp_path / target], cwd=Path(__file__).parents[2])
    assert done.returncode == 9
    assert source.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir() if not p.name.startswith(".")] == ["m.onnx"]


def test_models_in_memory(tmp_path: Path) -> None:
    stored = weights()
    for given in (model(stored), model(stored).SerializeToString()):
        network = read_onnx(given)
        g = network.symmetry().sample(np.random.default_rng(1))
        network.write(g, tmp_path / "out.onnx")
        same(values(tmp_path / "out.onnx"), g.apply(stored))


@pytest.mark.parametrize("change", [lambda t: t.dims.__setitem__(0, -5), lambda t: setattr(t, "data_type", 99)])
def test_tensors_of_impossible_shapes_and_types(tmp_path: Path, change: Any) -> None:
    damaged = model(weights())
    change(damaged.graph.initializer[0])
    (tmp_path / "m.onnx").write_bytes(damaged.SerializeToString())
    with pytest.raises(IntertwineError, match="damaged"):
        read_onnx(tmp_path / "m.onnx")
