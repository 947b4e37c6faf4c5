"""Shapes that the inference for whole models leaves open: node by node, with the sizes that are known here."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from intertwine.calculus.budget import check
from intertwine.networks.onnx_files.branches import MADE
from intertwine.networks.onnx_files.sizes import LARGEST, target_shape
from intertwine.networks.spaces import Size

if TYPE_CHECKING:
    from intertwine.networks.onnx_files.reader import Reader

def fill_shapes(reader: Reader, node: Any) -> None:
    """Infer the shapes of the outputs of a node, where sizes are not known yet."""
    if all(isinstance(n, int) for name in node.output if name for n in reader.shapes.get(name, [None])):
        return
    if node.op_type == "Reshape" and node.domain in ("", "ai.onnx") and len(node.input) > 1:
        wanted = reader.vector(node.input[1])
        shape = None if wanted is None else target_shape(reader.shapes.get(node.input[0]), wanted, None)
        found = {} if shape is None else {node.output[0]: (shape, reader.types.get(node.input[0], 0))}
    else:
        found = outcome(reader, node) or {}
    for name, (shape, kind) in found.items():
        old = reader.shapes.get(name)
        if old is None or len(old) != len(shape):
            reader.shapes[name] = shape
        else:
            reader.shapes[name] = [n if isinstance(n, int) else m for m, n in zip(old, shape, strict=True)]
        reader.types[name] = reader.types.get(name) or kind


def outcome(reader: Reader, node: Any) -> dict[str, tuple[list[Size], int]] | None:
    """The shapes and types that a node makes: nothing where they are not known, None if it takes no such inputs."""
    import onnx

    if not all(reader.types.get(name) for name in node.input if name):
        return {}
    try:
        schema = onnx.defs.get_schema(node.op_type, reader.version, node.domain)
        types, data = {}, {}
        for name in dict.fromkeys(n for n in node.input if n):
            types[name] = onnx.helper.make_tensor_type_proto(reader.types[name], reader.shapes.get(name))
            values, rank = reader.vectors.get(name, ([None], 0))
            known = [v for v in values if isinstance(v, int)]
            if len(known) == len(values) and rank < 2:
                data[name] = onnx.helper.make_tensor(name, reader.types[name], [len(known)] if rank else [], known)
        found = onnx.shape_inference.infer_node_outputs(schema, node, types, data)
    except onnx.shape_inference.InferenceError:
        return None
    except Exception:  # an operator that is not described, or a node that is not as the description says
        return {}
    return {name: (reader.sizes_of(info.tensor_type.shape), info.tensor_type.elem_type)
            for name, info in found.items() if info.tensor_type.HasField("shape")}


#: How many nodes behind a choice are looked at.
_FARTHEST = 300
#: Operators on shapes and paddings that are run where all their inputs are known.
_RUN = frozenset("ConstantOfShape Concat Reshape Slice Transpose Cast Unsqueeze Squeeze Gather Flatten Expand Tile "
                 "Range Neg Abs Min Max Mod ReduceSum ReduceMax ReduceMin ScatterND And Or Less Greater Where".split())


def folded(reader: Reader, node: Any) -> tuple[list[Size], int] | None:
    """The value of a node on small tensors of integers that are known, as a flat vector with its rank."""
    import onnx
    from onnx.reference import ReferenceEvaluator

    given = {name: array for name in node.input if name and (array := _constant(reader, name)) is not None}
    if node.op_type not in _RUN or node.domain not in ("", "ai.onnx") or len(given) < len({*filter(None, node.input)}):
        return None
    graph = onnx.helper.make_graph(
        [node], "constant",
        [onnx.helper.make_tensor_value_info(n, reader.types[n], list(a.shape)) for n, a in given.items()],
        [onnx.helper.make_tensor_value_info(node.output[0], 0, None)])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", reader.version)])
    try:
        results: Any = ReferenceEvaluator(model).run(None, given)
        result = np.asarray(results[0])
    except Exception:  # what cannot be run is not known
        return None
    if result.dtype.kind not in "bi" or result.size > LARGEST:
        return None
    reader.shapes[node.output[0]] = list(result.shape)
    reader.types[node.output[0]] = int(onnx.helper.np_dtype_to_tensor_dtype(result.dtype))
    return [int(v) for v in result.reshape(-1)], result.ndim


def _constant(reader: Reader, name: str) -> Any:
    import onnx

    values, rank = reader.vectors.get(name, ([None], 0))
    shape = reader.shapes.get(name, [len(values)] if rank else [])
    if not all(isinstance(n, int) for n in (*values, *shape)) or not reader.types.get(name):
        return None
    sizes = [n for n in shape if isinstance(n, int)]
    dtype = onnx.helper.tensor_dtype_to_np_dtype(reader.types[name])
    return np.array(values, dtype=dtype).reshape(sizes) if len(values) == math.prod(sizes) else None


def possible(reader: Reader, node: Any, branch: int) -> bool:
    """Whether a branch can be taken at a choice: if a later node cannot read what it makes, no run ever takes it."""
    trial = reader.fork()
    trial.follow(node, branch)
    after = next(k for k, other in enumerate(reader.flat.nodes) if other is node)
    for other in reader.flat.nodes[after + 1 : after + 1 + _FARTHEST]:
        check()
        if other.domain == MADE:
            taken = trial.taken(other)
            if taken is not None:
                trial.follow(other, taken)
            continue
        if outcome(trial, other) is None:
            return False
        fill_shapes(trial, other)
        trial.evaluate(other)
    return True
