"""Random graphs of linear maps, reshapes, transpositions, products, cuts and functions: outputs never change."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

from onnx import TensorProto, helper, numpy_helper  # noqa: E402

from intertwine.networks import read_onnx  # noqa: E402

BATCH = 2
SHAPES = [(3, 6), (3, 12), (6, 3), (2, 3), (2, 9), (3, 2, 3), (3, 3, 2), (18,), (36,), (6, 6), (3, 2, 6), (3, 4, 3),
          (3, 3, 4), (2, 18), (9, 4)]  # fmt: skip
Live = tuple[str, tuple[int, ...]]


class Builder:
    """Grows a graph by one random operation at a time; what cannot be done is left out."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.nodes: list[Any] = []
        self.tensors: dict[str, np.ndarray] = {}
        self.live: list[Live] = [("x", (BATCH, 3, 4))]
        for _ in range(3):
            y, shape = self.linear(*self.live[0])
            self.live.append((self.op("Add", y, self.weight(shape[-1])) if self.rng.random() < 0.5 else y, shape))

    def weight(self, *shape: int) -> str:
        return self.constant(self.rng.normal(size=shape) / np.sqrt(shape[-1]))

    def constant(self, value: Any) -> str:
        name = f"w{len(self.tensors)}"
        self.tensors[name] = np.array(value)
        return name

    def op(self, kind: str, *inputs: str, outputs: int = 1, **attributes: Any) -> Any:
        names = [f"{kind}{len(self.nodes)}_{k}" for k in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, **attributes))
        return names[0] if outputs == 1 else names

    def pick(self, options: list[Any]) -> Any:
        return options[int(self.rng.integers(len(options)))]

    def linear(self, x: str, s: tuple[int, ...]) -> Live:
        n = int(self.rng.choice([6, 12]))
        return self.op("MatMul", x, self.weight(s[-1], n)), (*s[:-1], n)

    def grow(self) -> None:
        x, s = self.pick(self.live[1:])
        made = getattr(self, self.pick(STEPS))(x, s)
        if made is not None and 2 <= len(made[1]) <= 4:
            self.live.append(made)

    def function(self, x: str, s: tuple[int, ...]) -> Live:
        return self.op(self.pick(["Relu", "Tanh", "Sigmoid", "Abs", "Neg", "Identity", "LeakyRelu"]), x), s

    def pair(self, x: str, s: tuple[int, ...]) -> Live:
        other = self.pick([y for y, t in self.live if t == s])
        return self.op(self.pick(["Add", "Sub", "Mul", "Max"]), x, other), s

    def reshape(self, x: str, s: tuple[int, ...]) -> Live | None:
        options = [t for t in SHAPES if np.prod(t) == np.prod(s[1:])]
        if not options:
            return None
        t = (BATCH, *self.pick(options))
        return self.op("Reshape", x, self.constant(np.array(t))), t

    def transpose(self, x: str, s: tuple[int, ...]) -> Live:
        order = [0, *(int(k) + 1 for k in self.rng.permutation(len(s) - 1))]
        return self.op("Transpose", x, perm=order), tuple(s[k] for k in order)

    def concat(self, x: str, s: tuple[int, ...]) -> Live | None:
        y, t = self.pick([(y, t) for y, t in self.live if t[:-1] == s[:-1]])
        return (self.op("Concat", x, y, axis=-1), (*s[:-1], s[-1] + t[-1])) if s[-1] + t[-1] <= 24 else None

    def halves(self, x: str, s: tuple[int, ...]) -> Live | None:
        if s[-1] % 2:
            return None
        half = (*s[:-1], s[-1] // 2)
        left, right = self.op("Split", x, self.constant([half[-1]] * 2), outputs=2, axis=-1)
        self.live.append((left, half))
        return right, half

    def part(self, x: str, s: tuple[int, ...]) -> Live | None:
        k = int(self.rng.integers(1, len(s)))
        if s[k] < 3:
            return None
        start = int(self.rng.integers(0, s[k] - 1))
        stop = int(self.rng.integers(start + 1, s[k] + 1))
        bounds = [self.constant([n]) for n in (start, stop, k)]
        return self.op("Slice", x, *bounds), (*s[:k], stop - start, *s[k + 1 :])

    def picked(self, x: str, s: tuple[int, ...]) -> Live | None:
        """Entries in steps, backwards, or in any order."""
        k, way = int(self.rng.integers(1, len(s))), int(self.rng.integers(4))
        if s[k] < 2:
            return None
        if way == 0:
            indices = self.rng.integers(0, s[k], size=int(self.rng.integers(2, s[k] + 1)))
            return self.op("Gather", x, self.constant(indices), axis=k), (*s[:k], len(indices), *s[k + 1 :])
        step = self.pick([2, 3]) if way < 3 else -1
        start = int(self.rng.integers(0, min(step, s[k]))) if step > 0 else s[k] - 1
        bounds = [self.constant([n]) for n in (start, s[k] if step > 0 else -s[k] - 1, k, step)]
        left = len(range(start, s[k], step)) if step > 0 else s[k]
        return self.op("Slice", x, *bounds), (*s[:k], left, *s[k + 1 :])

    def place(self, x: str, s: tuple[int, ...]) -> Live:
        k = int(self.rng.integers(1, len(s)))
        y = self.op("Cast", self.op("ArgMax", x, axis=k, keepdims=1), to=TensorProto.DOUBLE)
        return y, (*s[:k], 1, *s[k + 1 :])

    def entry(self, x: str, s: tuple[int, ...]) -> Live:
        k = int(self.rng.integers(1, len(s)))
        index = self.constant(int(self.rng.integers(s[k])))
        return self.op("Gather", x, index, axis=k), (*s[:k], *s[k + 1 :])

    def product(self, x: str, s: tuple[int, ...]) -> Live | None:
        turned = bool(self.rng.random() < 0.5)
        inner, outer = (-1, -2) if turned else (-2, -1)
        options = [(y, t) for y, t in self.live if len(t) == len(s) >= 3 and t[:-2] == s[:-2] and t[inner] == s[-1]]
        if not options:
            return None
        y, t = self.pick(options)
        if turned:
            y = self.op("Transpose", y, perm=[*range(len(t) - 2), len(t) - 1, len(t) - 2])
        return self.op("MatMul", x, y), (*s[:-1], t[outer])

    def again(self, x: str, s: tuple[int, ...]) -> Live | None:
        options = [(n, a) for n, a in self.tensors.items() if a.ndim == 2 and a.shape[0] == s[-1]]
        if not options:
            return None
        name, array = self.pick(options)
        return self.op("MatMul", x, name), (*s[:-1], array.shape[1])

    def softmax(self, x: str, s: tuple[int, ...]) -> Live:
        return self.op("Softmax", x, axis=int(self.rng.integers(1, len(s)))), s

    def reduced(self, x: str, s: tuple[int, ...]) -> Live:
        k = int(self.rng.integers(1, len(s)))
        kind = self.pick(["ReduceMean", "ReduceMax", "ReduceL2", "ReduceSumSquare"])
        return self.op(kind, x, self.constant([k]), keepdims=1), (*s[:k], 1, *s[k + 1 :])

    def gain(self, x: str, s: tuple[int, ...]) -> Live:
        return self.op("Mul", x, self.weight(s[-1])), s

    def spread(self, x: str, s: tuple[int, ...]) -> Live | None:
        options = [y for y, t in self.live
                   if len(t) == len(s) and t != s and all(p in (1, q) for p, q in zip(t, s, strict=True))]
        return (self.op(self.pick(["Mul", "Add", "Sub"]), x, self.pick(options)), s) if options else None

    def normalised(self, x: str, s: tuple[int, ...]) -> Live:
        mean = self.op("ReduceMean", self.op("Mul", x, x), self.constant([len(s) - 1]), keepdims=1)
        return self.op("Div", x, self.op("Sqrt", self.op("Add", mean, self.constant(0.01)))), s

    def turned(self, x: str, s: tuple[int, ...]) -> Live | None:
        """Pairs of channels turned, or nearly: a sign or a table may be wrong."""
        if s[-1] % 2 or len(s) < 3:
            return None
        half, lie = s[-1] // 2, int(self.rng.integers(6))
        table = self.rng.normal(size=(s[-2], half))
        if half > 1 and self.rng.random() < 0.3:
            table[:, 1] = table[:, 0]
        c, s1 = self.constant(np.cos(table)), self.constant(np.sin(table))
        s2 = self.weight(s[-2], half) if lie == 0 else s1
        neighbours = bool(self.rng.random() < 0.5)
        if neighbours:
            wide = self.op("Reshape", x, self.constant(np.array([BATCH, *s[1:-1], half, 2])))
            a, b = (self.op("Gather", wide, self.constant(k), axis=len(s)) for k in (0, 1))
        else:
            a, b = self.op("Split", x, self.constant([half] * 2), outputs=2, axis=-1)
        real = self.op("Add" if lie == 1 else "Sub", self.op("Mul", a, c), self.op("Mul", b, s1))
        imaginary = self.op("Add", self.op("Mul", a, s2), self.op("Mul", b, c))
        if not neighbours:
            return self.op("Concat", real, imaginary, axis=-1), s
        parts = [self.op("Unsqueeze", p, self.constant([-1])) for p in (real, imaginary)]
        return self.op("Reshape", self.op("Concat", *parts, axis=-1), self.constant(np.array([BATCH, *s[1:]]))), s

    def model(self, steps: int) -> Any:
        for _ in range(steps):
            self.grow()
        outputs = []
        for x, s in self.live[-3:]:
            y = self.op("MatMul", x, self.weight(s[-1], 2))
            outputs.append(helper.make_tensor_value_info(y, TensorProto.DOUBLE, [*s[:-1], 2]))
        used = {name for node in self.nodes for name in node.input}
        graph = helper.make_graph(
            self.nodes, "random", [helper.make_tensor_value_info("x", TensorProto.DOUBLE, [BATCH, 3, 4])], outputs,
            [numpy_helper.from_array(a, n) for n, a in self.tensors.items() if n in used])
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)


STEPS = ["linear", "linear", "function", "function", "pair", "pair", "reshape", "reshape", "transpose", "concat",
         "halves", "part", "entry", "product", "product", "again", "softmax", "reduced", "gain", "spread", "normalised",
         "turned", "turned", "picked", "picked", "place"]


def run(model: Any) -> list[np.ndarray]:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    x = np.random.default_rng(9).normal(size=(BATCH, 3, 4))
    return onnxruntime.InferenceSession(model.SerializeToString(), options).run(None, {"x": x})


@pytest.mark.parametrize("seed", range(150))
def test_outputs_never_change(seed: int) -> None:
    builder = Builder(seed)
    model = builder.model(int(builder.rng.integers(4, 16)))
    network = read_onnx(model)
    symmetry, before = network.symmetry(), run(model)
    for k in range(2):
        after = run(network.moved(symmetry.sample(np.random.default_rng(k), 0.3)))
        for a, b in zip(before, after, strict=True):
            assert np.abs(a - b).max() <= 1e-7 * np.abs(a).max() + 1e-12
