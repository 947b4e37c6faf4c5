"""An ONNX file without the numbers of its large tensors, found in its bytes, so that nothing large is loaded.

A file is a protobuf message: a sequence of fields, each with a number, a type and, for the types used here, a length.
The large tensors of the outline say that their data are external, in the very file that was read; that is what the
format has for tensors kept in other files, and a valid model.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from intertwine.errors import IntertwineError
from intertwine.networks.files.spans import Span, bfloat16

#: Tensors of at most so many bytes stay in the outline.
SMALL = 1024
_WINDOW = 4096
# Numbers of fields in onnx.proto.
_MODEL_GRAPH = 7
_GRAPH_NODE, _GRAPH_INITIALIZER = 1, 5
_NODE_OUTPUT, _NODE_TYPE, _NODE_ATTRIBUTE = 2, 4, 5
_ATTRIBUTE_NAME, _ATTRIBUTE_TENSOR = 1, 5
_TENSOR_DIMS, _TENSOR_TYPE, _TENSOR_NAME, _TENSOR_EXTERNAL, _TENSOR_LOCATION = 1, 2, 8, 13, 14
_TENSOR_DATA = {4: 1, 9: 0, 10: 11}  # fields of packed numbers, with the type of tensor that they are for (0: any)
_BYTES = 2
_DTYPES = {1: "<f4", 10: "<f2", 11: "<f8", 2: "|u1", 3: "|i1", 4: "<u2", 5: "<i2", 6: "<i4", 7: "<i8", 9: "|b1",
           12: "<u4", 13: "<u8"}


@dataclass
class Outline:
    """What is known of a file.

    Attributes
    ----------
    content
        The bytes of a model whose large tensors are external.
    spans
        Where the numbers of tensors are: initialisers and outputs of Constant nodes, by name.
    """

    content: bytes
    spans: dict[str, Span] = field(default_factory=dict)


def outline_of(path: Path) -> Outline:
    """The outline of an ONNX file.

    Raises
    ------
    ValueError
        The bytes are no protobuf message.
    OSError
        The file cannot be read.
    """
    with open(path, "rb", buffering=0) as file:
        size = path.stat().st_size
        if not size:
            raise ValueError("the file is empty")
        scan = _Scan(_Window(file, size), path)
        return Outline(scan.model(), scan.spans)


def tensor_dtype(data_type: int) -> np.dtype[Any] | None:
    """The numpy type of the numbers of a tensor; None for those that are not stored one by one in whole bytes."""
    if data_type == 16:
        return bfloat16()
    return np.dtype(_DTYPES[data_type]) if data_type in _DTYPES else None


def is_float(data_type: int) -> bool:
    """Whether a tensor holds floating-point numbers of a type that can be moved."""
    return data_type in (1, 10, 11, 16)


def external_range(tensor: Any, folder: Path) -> tuple[Path, int, int]:
    """The file, the first byte and the number of bytes of the data of a tensor that are in another file.

    Raises
    ------
    IntertwineError
        The data are said to be outside of the folder of the model, or the file is not there.
    """
    entries = {entry.key: entry.value for entry in tensor.external_data}
    location = entries.get("location", "")
    path = folder / location
    if not location or not path.resolve().is_relative_to(folder.resolve()):
        raise IntertwineError(f"the data of the tensor {tensor.name!r} are said to be in {location[:200]!r}, which is "
                              "not in the folder of the model")
    if not path.is_file():
        raise IntertwineError(f"the file {path} with the data of the tensor {tensor.name!r} is not there")
    start, size = int(entries.get("offset", 0)), path.stat().st_size
    length = int(entries.get("length", size - start))
    if min(start, length) < 0 or start + length > size:
        raise IntertwineError(f"the file {path} ends inside of the tensor {tensor.name!r}")
    return path, start, length


def external_span(tensor: Any, folder: Path) -> Span:
    """Where the numbers of a tensor are, whose data are in another file."""
    dtype = tensor_dtype(tensor.data_type)
    path, start, length = external_range(tensor, folder)
    if dtype is None:
        raise IntertwineError(f"the data of the tensor {tensor.name!r} are of a type that is not read")
    span = Span(path, start, tuple(tensor.dims), dtype)
    if span.nbytes != length:
        raise IntertwineError(f"the tensor {tensor.name!r} has {length} bytes of data; its shape needs {span.nbytes}")
    return span


class _Window:
    """The bytes of a file, of which a few are kept. (A file that is mapped into memory would count as memory.)"""

    def __init__(self, file: io.FileIO, size: int) -> None:
        self._file, self._size = file, size
        self._start, self._kept = 0, b""

    def __len__(self) -> int:
        return self._size

    def byte(self, place: int) -> int:
        """One byte."""
        if not 0 <= place - self._start < len(self._kept):
            self._file.seek(place)
            self._start, self._kept = place, self._file.read(_WINDOW)
        return self._kept[place - self._start]

    def __getitem__(self, places: slice) -> bytes:
        start, stop, _ = places.indices(self._size)
        if self._start <= start and stop <= self._start + len(self._kept):
            return self._kept[start - self._start : stop - self._start]
        self._file.seek(start)
        found = bytearray()
        while len(found) < stop - start:
            piece = self._file.read(stop - start - len(found))
            if not piece:
                raise ValueError("the file is shorter than it was")
            found += piece
        return bytes(found)


class _Scan:
    """One walk through the bytes of a file."""

    def __init__(self, data: _Window, path: Path) -> None:
        self.data, self.path = data, path
        self.spans: dict[str, Span] = {}

    def model(self) -> bytes:
        return self._rewritten(0, len(self.data), {_MODEL_GRAPH: self._graph})

    def _graph(self, start: int, stop: int) -> bytes:
        return self._rewritten(start, stop, {_GRAPH_INITIALIZER: self._initializer, _GRAPH_NODE: self._node})

    def _initializer(self, start: int, stop: int) -> bytes:
        return self._tensor(start, stop, None)

    def _node(self, start: int, stop: int) -> bytes:
        outputs, kind = [], b""
        for number, wire, _, first, end in self._fields(start, stop):
            if number == _NODE_OUTPUT and wire == _BYTES:
                outputs.append(self.data[first:end].decode("utf-8", "replace"))
            elif number == _NODE_TYPE and wire == _BYTES:
                kind = self.data[first:end]
        if kind != b"Constant" or len(outputs) != 1:
            return self.data[start:stop]

        def attribute(first: int, end: int) -> bytes:
            fields = self._fields(first, end)
            names = [self.data[a:b] for n, wire, _, a, b in fields if (n, wire) == (_ATTRIBUTE_NAME, _BYTES)]
            if names != [b"value"]:
                return self.data[first:end]
            return self._rewritten(first, end, {_ATTRIBUTE_TENSOR: lambda a, b: self._tensor(a, b, outputs[0])})

        return self._rewritten(start, stop, {_NODE_ATTRIBUTE: attribute})

    def _tensor(self, start: int, stop: int, name: str | None) -> bytes:
        """A tensor, without its numbers if they are many and stand in one piece."""
        kept, data, dims, data_type = bytearray(), [], [], 0
        for number, wire, head, first, end in self._fields(start, stop):
            if number in _TENSOR_DATA and wire == _BYTES:
                data.append((number, head, first, end))
                continue
            kept += self.data[head:end]
            if number == _TENSOR_DIMS:
                dims += [self._varint(first)[0]] if wire != _BYTES else list(self._varints(first, end))
            elif number == _TENSOR_TYPE:
                data_type = self._varint(first)[0]
            elif number == _TENSOR_NAME and name is None:
                name = self.data[first:end].decode("utf-8", "replace")
            elif number in (_TENSOR_LOCATION, *_TENSOR_DATA):
                return self.data[start:stop]
        dtype = tensor_dtype(data_type)
        if dtype is None or not is_float(data_type) or name is None or len(data) != 1 or any(d < 0 for d in dims):
            return self.data[start:stop]
        number, head, first, end = data[0]
        span = Span(self.path, first, tuple(dims), dtype)
        if _TENSOR_DATA[number] not in (0, data_type) or span.nbytes != end - first:
            return self.data[start:stop]
        self.spans[name] = span
        if end - first <= SMALL:
            return self.data[start:stop]
        for key, value in (("location", self.path.name), ("offset", str(first)), ("length", str(end - first))):
            entry = _field(1, key.encode()) + _field(2, value.encode())
            kept += _field(_TENSOR_EXTERNAL, entry)
        return bytes(kept) + _number(_TENSOR_LOCATION << 3) + b"\x01"

    def _rewritten(self, start: int, stop: int, inner: dict[int, Any]) -> bytes:
        """A message with the messages in some of its fields written anew."""
        found, since = bytearray(), start
        for number, wire, head, first, end in self._fields(start, stop):
            if number in inner and wire == _BYTES:
                found += self.data[since:head] + _field(number, inner[number](first, end))
                since = end
        return bytes(found + self.data[since:stop])

    def _fields(self, start: int, stop: int) -> Iterator[tuple[int, int, int, int, int]]:
        """The number and the type of each field, where it begins, and where its content begins and ends."""
        place = start
        while place < stop:
            key, first = self._varint(place)
            wire = key & 7
            if wire == _BYTES:
                size, first = self._varint(first)
                end = first + size
            elif wire == 0:
                end = self._varint(first)[1]
            elif wire in (1, 5):
                end = first + (8 if wire == 1 else 4)
            else:
                raise ValueError("a field of a type that does not occur in ONNX")
            if not key >> 3 or end > stop:
                raise ValueError("a field reaches beyond its message")
            yield key >> 3, wire, place, first, end
            place = end

    def _varint(self, place: int) -> tuple[int, int]:
        value = 0
        for k in range(10):
            if place + k >= len(self.data):
                raise ValueError("the file ends inside of a number")
            byte = self.data.byte(place + k)
            value |= (byte & 127) << (7 * k)
            if byte < 128:
                return value, place + k + 1
        raise ValueError("a number is too long")

    def _varints(self, first: int, end: int) -> Iterator[int]:
        while first < end:
            value, first = self._varint(first)
            yield value


def _number(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])


def _field(number: int, content: bytes) -> bytes:
    return _number(number << 3 | _BYTES) + _number(len(content)) + content
