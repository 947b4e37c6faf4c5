"""Tensors as ranges of bytes in files, read one at a time, and files copied with some of them replaced."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from intertwine.errors import IntertwineError, ShapeError
from intertwine.networks.arrays import gain_vector
from intertwine.networks.gathering import Array, Threads, Workspace

if TYPE_CHECKING:
    from intertwine.networks.transformation import Transformation

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Span:
    """A tensor in a file: little-endian numbers without gaps, from byte ``start``."""

    path: Path
    start: int
    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def nbytes(self) -> int:
        """The length in bytes."""
        return math.prod(self.shape) * self.dtype.itemsize

    def read(self) -> Array:
        """The tensor, in memory of its own."""
        count = math.prod(self.shape)
        found = np.empty(count, self.dtype)
        with open(self.path, "rb") as file:
            file.seek(self.start)
            if count and file.readinto(found.view(np.uint8).data) != self.nbytes:
                raise IntertwineError(f"{self.path} ends inside of a tensor")
        return found.reshape(self.shape)


def bfloat16() -> np.dtype[Any]:
    """The numpy type of bfloat16 numbers.

    Raises
    ------
    IntertwineError
        The package ml_dtypes, which defines it, is not installed.
    """
    try:
        import ml_dtypes
    except ImportError:
        raise IntertwineError("numbers of type bfloat16 need the package ml_dtypes: pip install ml_dtypes") from None
    found: np.dtype[Any] = np.dtype(ml_dtypes.bfloat16)
    return found


def check_spans(g: Transformation, spans: Mapping[str, Span]) -> dict[str, Array]:
    """The gains of an element, after a look at whether everything that it moves is there.

    Raises
    ------
    IntertwineError
        A weight is missing, or a gain has a zero.
    ShapeError
        A weight has another shape.
    """
    for name, route in g.symmetry.routes.items():
        if name not in spans:
            raise IntertwineError(f"the weight {name!r} is missing")
        if spans[name].shape != route.shape:
            raise ShapeError(f"the weight {name!r} has the shape {spans[name].shape}, not {route.shape}")
    return {name: gain_vector(name, spans[name].read()) for name in g.symmetry.gain_names}


def copy_moved(g: Transformation, source: Path, target: BinaryIO, spans: Iterable[tuple[str, Span]],
               gain: Callable[[str], Array], tell: Callable[[int], object]) -> None:
    """Copy a file and move the tensors in it that have a name, in the order in which they stand there.

    Parameters
    ----------
    g
        The element.
    source, target
        What is read, and what is written.
    spans
        The tensors of ``source`` that move, each with the name of the weight that it is.
    gain
        Gives the old values of gains.
    tell
        Is told how many bytes more have been written.
    """
    workspace = Workspace()
    with open(source, "rb") as file, Threads() as threads:
        for name, span in sorted(spans, key=lambda item: item[1].start):
            _copy(file, target, span.start - file.tell(), tell)
            write_array(g.act(name, span.read(), gain, None, workspace, threads), target)
            file.seek(span.nbytes, 1)
            tell(span.nbytes)
        _copy(file, target, None, tell)


def write_array(array: Array, target: BinaryIO) -> None:
    """Write the numbers of a C-contiguous array."""
    target.write(array.reshape(-1).view(np.uint8).data if array.size else b"")


def copy_range(path: Path, start: int, length: int, target: BinaryIO, tell: Callable[[int], object]) -> None:
    """Copy a range of bytes."""
    with open(path, "rb") as file:
        file.seek(start)
        _copy(file, target, length, tell)


def _copy(file: BinaryIO, target: BinaryIO, length: int | None, tell: Callable[[int], object]) -> None:
    left = length
    while left is None or left > 0:
        chunk = file.read(_CHUNK if left is None else min(left, _CHUNK))
        if not chunk:
            if left is not None:
                raise IntertwineError(f"{getattr(file, 'name', 'the file')} ends too early")
            return
        target.write(chunk)
        tell(len(chunk))
        left = None if left is None else left - len(chunk)
