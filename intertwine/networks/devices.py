"""Acting on arrays that are not numpy's, with the functions of their own library and on the device where they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from intertwine.errors import ShapeError
from intertwine.networks.dense_blocks import strips
from intertwine.networks.gathering import Array

if TYPE_CHECKING:
    from intertwine.networks.routes import Route
    from intertwine.networks.transformation import Transformation


class Library(Protocol):
    """What is asked of a library of arrays."""

    def is_floating(self, x: Any) -> bool: ...
    def widened(self, x: Any) -> Any: ...
    def cast(self, x: Any, like: Any) -> Any: ...
    def numbers(self, values: Array, like: Any) -> Any: ...
    def take(self, x: Any, index: npt.NDArray[np.intp], axis: int) -> Any: ...
    def moveaxis(self, x: Any, source: int, target: int) -> Any: ...
    def concat(self, parts: list[Any], axis: int) -> Any: ...


class Torch:
    """PyTorch."""

    def __init__(self) -> None:
        import torch

        self.torch = torch

    def is_floating(self, x: Any) -> bool:
        return bool(x.is_floating_point())

    def widened(self, x: Any) -> Any:
        return x.float() if x.dtype.itemsize < 4 else x

    def cast(self, x: Any, like: Any) -> Any:
        return x.to(like.dtype)

    def numbers(self, values: Array, like: Any) -> Any:
        return self.torch.as_tensor(values, dtype=like.dtype, device=like.device)

    def take(self, x: Any, index: npt.NDArray[np.intp], axis: int) -> Any:
        return self.torch.index_select(x, axis, self.torch.as_tensor(index, device=x.device))

    def moveaxis(self, x: Any, source: int, target: int) -> Any:
        return self.torch.movedim(x, source, target)

    def concat(self, parts: list[Any], axis: int) -> Any:
        return self.torch.cat(parts, axis)


class Standard:
    """A library with the names of the Python array API standard.

    Parameters
    ----------
    xp
        What ``__array_namespace__`` returned.
    """

    def __init__(self, xp: Any) -> None:
        self.xp = xp

    def is_floating(self, x: Any) -> bool:
        # The types of numbers that the standard does not name, such as bfloat16, have a name all the same.
        return bool(self.xp.isdtype(x.dtype, "real floating")) or "float" in str(x.dtype)

    def widened(self, x: Any) -> Any:
        return self.xp.astype(x, self.xp.float32) if "float16" in str(x.dtype) else x

    def cast(self, x: Any, like: Any) -> Any:
        return x if x.dtype == like.dtype else self.xp.astype(x, like.dtype)

    def numbers(self, values: Array, like: Any) -> Any:
        return self.xp.astype(self.xp.asarray(values, device=like.device), like.dtype)

    def take(self, x: Any, index: npt.NDArray[np.intp], axis: int) -> Any:
        return self.xp.take(x, self.xp.asarray(index, device=x.device), axis=axis)

    def moveaxis(self, x: Any, source: int, target: int) -> Any:
        order = [k for k in range(x.ndim) if k != source]
        order.insert(target if target >= 0 else x.ndim + target, source)
        return self.xp.permute_dims(x, tuple(order))

    def concat(self, parts: list[Any], axis: int) -> Any:
        return self.xp.concat(parts, axis=axis)


def moved(g: Transformation, name: str, value: Any, library: Library, gain: Callable[[str], Array]) -> Any:
    """The weight ``name`` moved, as a new array of the same library, type and device."""
    route = g.symmetry.routes[name]
    if tuple(value.shape) != route.shape:
        raise ShapeError(f"the weight {name!r} has the shape {tuple(value.shape)}, not {route.shape}")
    if not library.is_floating(value):
        raise ShapeError(f"the weight {name!r} has dtype {value.dtype}; floating-point numbers are needed")
    x = library.widened(value)
    if len(route.sizes) != len(route.shape):
        x = _reshaped(x, route.sizes, library)
    for axis in range(len(route.sizes)):
        action = g.action(route, axis)
        if action is not None and action.index is not None:
            x = library.take(x, action.index, axis)
        if action is not None and action.scale is not None:
            scales = library.numbers(action.scale, x)
            x = x * _reshaped(scales, (-1, *[1] * (len(route.sizes) - axis - 1)), library)
    if route.dense:
        x = _multiplied(g, route, x, library, gain)
    return library.cast(_reshaped(x, route.shape, library), value)


def _reshaped(x: Any, shape: tuple[int, ...], library: Library) -> Any:
    return library.xp.reshape(x, shape) if isinstance(library, Standard) else x.reshape(shape)


def _multiplied(g: Transformation, route: Route, x: Any, library: Library, gain: Callable[[str], Array]) -> Any:
    """Dense matrices: the strips are taken out, multiplied all at once, and put back by one more gather."""
    for axis, cells in enumerate(route.cells):
        for cell in cells:
            for k, leg in enumerate(cell.legs):
                if not leg.dense:
                    continue
                matrices, outer = g.matrices(leg, gain), [m - (m > k) for m in leg.outer]
                found = strips(cell.start, [(q.size, q.stride) for q in cell.legs], k)
                places = np.stack([np.arange(s.start, s.stop, s.step) for _, s in found])
                stack = np.stack([matrices[tuple(where[m] for m in outer)].T for where, _ in found])
                part = library.moveaxis(library.take(x, places.reshape(-1), axis), axis, -1)
                rest = tuple(part.shape[:-1])
                part = _reshaped(part, (-1, len(found), 1, leg.size), library) @ library.numbers(stack, x)
                part = library.moveaxis(_reshaped(part, (*rest, places.size), library), len(rest), axis)
                order = np.arange(route.sizes[axis])
                order[places.reshape(-1)] = route.sizes[axis] + np.arange(places.size)
                x = library.take(library.concat([x, part], axis), order, axis)
    return x
