"""Walking through an ONNX graph: constants and shapes are evaluated, everything else becomes an operation."""

from __future__ import annotations

from copy import copy
from pathlib import Path
from typing import Any

import numpy as np

from intertwine.errors import IntertwineError
from intertwine.networks.architecture import Architecture
from intertwine.networks.channel_maps import columns
from intertwine.networks.onnx_files.branches import branch_of, flattened
from intertwine.networks.onnx_files.inference import fill_shapes, folded
from intertwine.networks.onnx_files.sizes import COMBINE, LARGEST, Vector, product
from intertwine.networks.spaces import Size

_FLOATS = {1, 10, 11, 16}  # float, float16, double, bfloat16 in TensorProto.DataType


def stored_tensors(model: Any) -> dict[str, Any]:
    """All tensors stored in a model by the name they have in its graph: initialisers and Constant nodes."""
    return flattened(model).stored


class Reader:
    """The state of one reading."""

    def __init__(self, model: Any, folder: Path | None = None) -> None:
        self.model = model
        #: Where the files with external data are.
        self.folder = folder
        self.graph = model.graph
        self.flat = flattened(model)
        self.stored = self.flat.stored
        self.architecture = Architecture(self.graph.name or "network")
        self.shapes: dict[str, list[Size]] = {}
        self.types: dict[str, int] = {}
        #: Tensors of integers whose values are known, as flat vectors with their rank.
        self.vectors: dict[str, tuple[Vector, int]] = {}
        self.floats: dict[str, float] = {}
        #: Tensors that are known to be zero everywhere.
        self.zeros: set[str] = set()
        self.version = max((o.version for o in model.opset_import if o.domain in ("", "ai.onnx")), default=1)

    def read(self) -> Architecture:
        """The architecture."""
        from intertwine.networks.onnx_files.operators import translate

        self._infer()
        self._declare()
        titles: set[str] = set()
        for number, node in enumerate(self.flat.nodes):
            fill_shapes(self, node)
            title = node.name if node.name and node.name not in titles else f"{node.op_type}_{number}"
            titles.add(title)
            if self.evaluate(node):
                self._emit_known(node, title)
                continue
            translate(self, node, title)
        outputs = [o.name for o in self.graph.output]
        for name in outputs:
            if name not in self.architecture._made:
                raise IntertwineError(f"the output {name!r} of the ONNX model is not made by any node")
        self.architecture.output(*outputs)
        return self.architecture

    def _infer(self) -> None:
        import onnx

        inferred = self.model
        try:
            inferred = onnx.shape_inference.infer_shapes(self.model, data_prop=True)
        except Exception:  # shapes that cannot be inferred are not known, which is allowed everywhere
            inferred = self.model
        known = ((i.name, i) for i in (*self.graph.input, *inferred.graph.value_info, *inferred.graph.output))
        for name, info in (*self.flat.declared.items(), *known):
            kind = info.type.tensor_type
            self.types[name] = kind.elem_type
            if kind.HasField("shape"):
                self.shapes[name] = self.sizes_of(kind.shape)
        for name, tensor in self.stored.items():
            self.shapes[name] = list(tensor.dims)
            self.types[name] = tensor.data_type

    def _declare(self) -> None:
        for name in self.flat.initialisers:
            self._store(name, self.stored[name])
        for info in self.graph.input:
            if info.name not in self.stored:
                self.architecture.input(info.name, self.shapes.get(info.name))
        for sparse in self.graph.sparse_initializer:
            self.architecture.input(sparse.values.name, None)

    def array(self, tensor: Any) -> Any:
        """The values of a stored tensor, read from its file if they are not in the model."""
        from onnx import numpy_helper

        from intertwine.networks.onnx_files.outline import external_span

        if tensor.data_location != 1:
            return np.asarray(numpy_helper.to_array(tensor))
        if self.folder is None:
            raise IntertwineError(f"the data of the tensor {tensor.name!r} are in a file: give the path of the model")
        return external_span(tensor, self.folder).read()

    def _store(self, name: str, tensor: Any) -> None:
        """A stored tensor: a number, a weight, or a tensor of integers, which does not move."""
        shape = list(tensor.dims)
        count = int(np.prod(shape, dtype=np.int64))
        if tensor.data_type in _FLOATS:
            if shape:
                self.architecture.tables[name] = lambda: columns(self.array(tensor))
            if count == 1:
                value = float(np.asarray(self.array(tensor), dtype=np.float64).reshape(-1)[0])
                self.floats[name] = value
                if value == 0:
                    self.zeros.add(name)
                if np.isfinite(value):
                    self.architecture.number(value, name, len(shape))
                else:
                    self.architecture.input(name, shape)
                return
            array = self.array(tensor)
            if not array.any():
                self.zeros.add(name)
            nonzero = bool(np.all(array != 0)) if len([n for n in shape if n != 1]) <= 1 else None
            self.architecture.weight(name, shape, nonzero)
            return
        if count <= LARGEST and tensor.data_type in (6, 7, 9):
            array = self.array(tensor)
            self.vectors[name] = ([int(v) for v in array.reshape(-1)], len(shape))
            if count == 1:
                self.architecture.number(int(array.reshape(-1)[0]), name, len(shape))
                return
        self.architecture.input(name, shape)

    def fork(self) -> Reader:
        """A reader that knows the same shapes and values, for trying what follows from more."""
        trial = copy(self)
        trial.shapes, trial.types, trial.vectors = dict(self.shapes), dict(self.types), dict(self.vectors)
        trial.floats, trial.zeros, trial.architecture = dict(self.floats), set(self.zeros), Architecture("trial")
        return trial

    def taken(self, node: Any) -> int | None:
        """Which branch a choice takes (0 is then, 1 is else), if its condition is known."""
        condition = self.vector(node.input[0])
        return None if condition is None or not isinstance(condition[0], int) else int(not condition[0])

    def follow(self, node: Any, branch: int) -> None:
        """Give the outputs of a choice what is known of a branch."""
        given: tuple[dict[str, Any], ...] = (self.shapes, self.types, self.vectors)
        for name, source in zip(node.output, branch_of(node, branch), strict=True):
            for known in given:
                if source in known:
                    known[name] = known[source]

    def sizes_of(self, shape: Any) -> list[Size]:
        """A shape as ONNX writes it."""
        return [_size(d) for d in shape.dim]

    def vector(self, name: str) -> Vector | None:
        """A tensor of integers, if its values are known."""
        found = self.vectors.get(name)
        return None if found is None else found[0]

    def rank(self, name: str) -> int | None:
        """The number of axes of a tensor."""
        shape = self.shapes.get(name)
        return None if shape is None else len(shape)

    def add(self, kind: str, inputs: Any, outputs: Any, title: str, **settings: Any) -> None:
        """Add an operation to the architecture."""
        made = [name if name else f"{title} (unused {k})" for k, name in enumerate(outputs)]
        settings.setdefault("shapes", [self.shapes.get(name) for name in made])
        self.architecture.add_operation(kind, list(inputs), made, title, **settings)

    def _emit_known(self, node: Any, title: str) -> None:
        for name in node.output:
            if not name or name in self.architecture._made:
                continue
            values, rank = self.vectors[name]
            self.shapes.setdefault(name, [len(values)] if rank else [])
            if len(values) == 1 and isinstance(values[0], int):
                self.architecture.number(values[0], name, rank)
            else:
                self.add("shape_only", (), (name,), title, shapes=[[len(values)] if rank else []])

    def evaluate(self, node: Any) -> bool:
        """Evaluate a node on vectors of sizes; whether it could be done."""
        found = self._evaluate(node) or folded(self, node)
        if found is None:
            return False
        self.vectors[node.output[0]] = found
        return True

    def _evaluate(self, node: Any) -> tuple[Vector, int] | None:
        kind, attributes = node.op_type, attributes_of(node)
        if kind == "Constant":
            return self._constant(node, attributes)
        if kind == "Shape":
            shape = self.shapes.get(node.input[0])
            if shape is None:
                return None
            return shape[attributes.get("start", 0) : attributes.get("end", len(shape))], 1
        if kind == "Size":
            sizes = self.shapes.get(node.input[0])
            return None if sizes is None else ([product(sizes)], 0)
        given = [self.vectors.get(name) if name else None for name in node.input]
        if not given or any(g is None for g, name in zip(given, node.input, strict=True) if name):
            return None
        values = [g[0] for g in given if g is not None]
        ranks = [g[1] for g in given if g is not None]
        if any(r > 1 for r in ranks):
            return None
        return self._fold(kind, attributes, values, ranks)

    def _fold(self, kind: str, attributes: dict[str, Any], values: list[Vector],
              ranks: list[int]) -> tuple[Vector, int] | None:
        first, rank = values[0], ranks[0]
        if kind == "Cast" and attributes.get("to") == 9:
            return ([int(n != 0) if isinstance(n, int) else None for n in first], rank)
        if kind in ("Identity", "Cast"):
            return (first, rank) if kind == "Identity" or attributes.get("to") in (6, 7) else None
        if kind == "Not":
            return [1 - n if isinstance(n, int) else None for n in first], rank
        if kind == "Gather" and len(values) == 2 and rank == 1:
            if not all(isinstance(i, int) and -len(first) <= i < len(first) for i in values[1]):
                return None
            return [first[i] for i in values[1]], ranks[1]  # type: ignore[index]
        if kind == "Concat":
            return [n for v in values for n in v], 1
        if kind == "Unsqueeze" and rank == 0:
            return first, 1
        if kind == "Squeeze" and len(first) == 1:
            return first, 0
        if kind == "Slice" and len(values) >= 3 and rank == 1:
            bounds = [values[1][0], values[2][0], values[4][0] if len(values) > 4 else 1]
            numbers = [n for n in bounds if isinstance(n, int)]
            return (first[slice(*numbers)], 1) if len(numbers) == 3 else None
        if kind == "ReduceProd" and rank == 1:
            return [product(first)], 1 if attributes.get("keepdims", 1) else 0
        if kind == "Where" and len(values) == 3 and all(isinstance(c, int) for c in first):
            n = max(map(len, values))
            c, a, b = (v * n if len(v) == 1 else v for v in values)
            return [p if q else r for q, p, r in zip(c, a, b, strict=True)], max(ranks)
        if kind == "ConstantOfShape" and len(first) == 1 and isinstance(first[0], int) and 0 < first[0] <= LARGEST:
            from onnx import numpy_helper

            value = attributes.get("value")
            if value is None or value.data_type not in (6, 7):
                return None
            return [int(numpy_helper.to_array(value).reshape(-1)[0])] * first[0], 1
        if kind in COMBINE and len(values) == 2:
            lengths = {len(v) for v in values} - {1}
            return (COMBINE[kind](*values), max(ranks)) if len(lengths) <= 1 else None
        return None

    def _constant(self, node: Any, attributes: dict[str, Any]) -> tuple[Vector, int] | None:
        name = node.output[0]
        if "value" in attributes:
            if name not in self.architecture._made:
                self._store(name, attributes["value"])
            return self.vectors.get(name)
        if "value_int" in attributes:
            return [attributes["value_int"]], 0
        if "value_ints" in attributes:
            return list(attributes["value_ints"]), 1
        return None


def attributes_of(node: Any) -> dict[str, Any]:
    """The attributes of a node as Python values."""
    from onnx import helper

    found: dict[str, Any] = {}
    for attribute in node.attribute:
        value = helper.get_attribute_value(attribute)
        found[attribute.name] = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    return found


def _size(dimension: Any) -> Size:
    if dimension.HasField("dim_value"):
        return int(dimension.dim_value) if dimension.dim_value > 0 else None
    return str(dimension.dim_param) or None
