"""Random inputs of an ONNX model: of every type, with indices in the range of the tables that they index."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from intertwine.errors import IntertwineError
from intertwine.networks.gathering import Array
from intertwine.networks.onnx_files.reader import attributes_of, stored_tensors

#: Sizes that are tried for axes whose size is free; the same for axes of one name.
_SIZES = (64, 32, 224, 16, 128, 8, 4, 512, 1)
_BATCHES = (2, 1)
#: Standard deviations of floating-point inputs.
_SPREADS = (1.0, 3.0)
_FLOATS = {1: np.float32, 10: np.float16, 11: np.float64}
_INTEGERS = {2: np.uint8, 3: np.int8, 4: np.uint16, 5: np.int16, 6: np.int32, 7: np.int64, 12: np.uint32, 13: np.uint64}
_BOOLEAN = 9
#: Operators that hand on the numbers they are given.
_KEEPING = {"Cast", "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Expand", "Slice", "Concat",
            "Split", "Tile"}


class Inputs:
    """The inputs of a model.

    Parameters
    ----------
    model : onnx.ModelProto
        The model, or its outline.
    shapes
        Shapes by the name of the input, in place of those that are tried.
    values
        Values by the name of the input.

    Raises
    ------
    IntertwineError
        A name, a shape or values that do not fit, or an input of a type for which nothing is made.
    """

    def __init__(self, model: Any, shapes: Mapping[str, Sequence[int]] | None = None,
                 values: Mapping[str, Array] | None = None) -> None:
        self._stored = stored_tensors(model)
        self._nodes = list(model.graph.node)
        initial = {t.name for t in model.graph.initializer}
        self._inputs = {i.name: i.type for i in model.graph.input if i.name not in initial}
        self._shapes, self._values = dict(shapes or {}), dict(values or {})
        for name in (*self._shapes, *self._values):
            if name not in self._inputs:
                known = ", ".join(map(repr, self._inputs)) or "none"
                raise IntertwineError(f"the model has no input {name!r}; its inputs: {known}")
        for name, shape in self._shapes.items():
            self._check(name, shape)
        for name, array in self._values.items():
            self._check(name, array.shape)
            self._values[name] = self._cast(name, array)
        self._ranges = {name: self._range(name) for name, kind in self._inputs.items()
                        if kind.tensor_type.elem_type in _INTEGERS}

    def candidates(self, rng: np.random.Generator) -> Iterator[dict[str, Array]]:
        """Dictionaries of inputs, as long as there are further sizes or numbers to try."""
        free = any(n is None or isinstance(n, str) for name in self._inputs for n in self._sizes(name))
        batches, sizes = (_BATCHES, _SIZES) if free else ((1,), (1,))
        loose = any(bound is None for bound in self._ranges.values())
        given = itertools.product(batches, sizes, (True, False) if loose else (True,), _SPREADS)
        for batch, size, filled, spread in given:
            yield {name: np.asarray(self._made(name, rng, self._shape(name, batch, size), filled, spread))
                   for name in self._inputs}

    def _made(self, name: str, rng: np.random.Generator, shape: list[int], filled: bool, spread: float) -> Any:
        if name in self._values:
            return self._values[name]
        kind = self._inputs[name].tensor_type.elem_type
        if kind in _FLOATS:
            return (spread * rng.standard_normal(tuple(shape))).astype(_FLOATS[kind])
        if kind == _BOOLEAN:
            return np.ones(shape, bool) if filled else rng.integers(0, 2, tuple(shape), dtype=np.uint8) > 0
        if kind not in _INTEGERS:
            raise IntertwineError(f"the input {name!r} has a type for which no random values are made")
        bound = self._ranges[name]
        if isinstance(bound, list):
            return np.asarray(bound, _INTEGERS[kind])[rng.integers(0, len(bound), tuple(shape))]
        if bound is None and filled:
            return np.ones(shape, _INTEGERS[kind])
        return np.asarray(rng.integers(0, 2 if bound is None else bound, tuple(shape)), _INTEGERS[kind])

    def _sizes(self, name: str) -> list[int | str | None]:
        """The sizes of an input: numbers, names, or None."""
        tensor = self._inputs[name].tensor_type
        if name in self._values:
            return list(self._values[name].shape)
        if not self._inputs[name].HasField("tensor_type"):
            raise IntertwineError(f"the input {name!r} is no tensor; no random values are made for it")
        if name in self._shapes:
            return list(self._shapes[name])
        if not tensor.HasField("shape"):
            raise IntertwineError(f"the input {name!r} has no shape; give one by --input-shape {name}=1x3x224x224")
        return [d.dim_value if d.dim_value > 0 else d.dim_param or None for d in tensor.shape.dim]

    def _shape(self, name: str, batch: int, size: int) -> list[int]:
        found = []
        first = {self._sizes(n)[0] for n in self._inputs if self._sizes(n)} - {None}
        sizes = self._sizes(name)
        for k, n in enumerate(sizes):
            if isinstance(n, int):
                found.append(n)
            elif k == 0 or n in first:
                found.append(batch)
            else:
                found.append(3 if k == 1 and len(sizes) == 4 else size)
        return found

    def _check(self, name: str, shape: Sequence[int]) -> None:
        tensor = self._inputs[name].tensor_type
        wanted = [d.dim_value if d.dim_value > 0 else d.dim_param or "?" for d in tensor.shape.dim]
        if tensor.HasField("shape") and (len(shape) != len(wanted) or any(
                isinstance(n, int) and n != m for n, m in zip(wanted, shape, strict=True))):
            raise IntertwineError(f"the input {name!r} has the shape {'x'.join(map(str, wanted))}; "
                                  f"{'x'.join(map(str, shape))} does not fit")

    def _cast(self, name: str, array: Array) -> Array:
        kind = self._inputs[name].tensor_type.elem_type
        dtype = {**_FLOATS, **_INTEGERS, _BOOLEAN: np.bool_}.get(kind)
        if dtype is None:
            raise IntertwineError(f"the input {name!r} has a type for which no values are read")
        if not np.can_cast(array.dtype, dtype, "same_kind"):
            raise IntertwineError(f"the values for the input {name!r} are of type {array.dtype}, "
                                  f"where {np.dtype(dtype)} is needed")
        return array.astype(dtype)

    def _range(self, name: str) -> int | list[int] | None:
        """What an input of integers is compared with, or below which it has to be; None if nothing is known."""
        seen, names = {name}, [name]
        bounds: list[int] = []
        compared: list[int] = []
        while names:
            here = names.pop()
            for node in self._nodes:
                if here not in node.input:
                    continue
                found = self._bound(node, here)
                bounds += [] if found is None else [found]
                compared += self._compared(node, here)
                if node.op_type in _KEEPING:
                    names += [n for n in node.output if n not in seen]
                    seen.update(node.output)
        if bounds:
            return min(bounds)
        return compared or None

    def _bound(self, node: Any, name: str) -> int | None:
        """The length of the axis of a table that a node takes entries of."""
        if node.op_type in ("Gather", "GatherElements") and node.input[1] == name:
            table = self._stored.get(node.input[0])
            return None if table is None else int(table.dims[attributes_of(node).get("axis", 0)])
        if node.op_type == "OneHot" and node.input[0] == name:
            return next(iter(self._numbers(node.input[1])), None)
        if node.op_type == "EmbedLayerNormalization" and name in node.input[:2]:
            table = self._stored.get(node.input[2 if name == node.input[0] else 4])
            return None if table is None else int(table.dims[0])
        return None

    def _compared(self, node: Any, name: str) -> list[int]:
        if node.op_type != "Equal":
            return []
        return self._numbers(next((n for n in node.input if n != name), ""))

    def _numbers(self, name: str) -> list[int]:
        from onnx import numpy_helper

        tensor = self._stored.get(name)
        if tensor is None or tensor.data_location == 1:
            return []
        return [int(v) for v in np.asarray(numpy_helper.to_array(tensor)).reshape(-1)[:16]]
