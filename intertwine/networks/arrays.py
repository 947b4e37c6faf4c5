"""Acting on dictionaries of arrays: numpy's, PyTorch's, and those of other libraries by the Python array API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from intertwine.errors import IntertwineError
from intertwine.networks.gathering import Array, Threads, Workspace

if TYPE_CHECKING:
    from intertwine.networks.transformation import Transformation


def applied(g: Transformation, weights: Mapping[str, Any], inplace: bool) -> dict[str, Any]:
    """The weights moved by an element; see :meth:`Transformation.apply`."""
    routes = g.symmetry.routes
    for name in routes:
        if name not in weights:
            raise IntertwineError(f"the weight {name!r} is missing")
    gains = {name: gain_vector(name, as_numpy(weights[name])) for name in g.symmetry.gain_names}
    found: dict[str, Any] = {}
    others, workspace = [], Workspace()
    with Threads() as threads:
        if inplace:
            _replace(g, weights, gains.__getitem__, threads)
            return dict(weights)
        for name, value in weights.items():
            if name not in routes:
                others.append(name)
                found[name] = value
            elif type(value) is np.ndarray:
                found[name] = g.act(name, value, gains.__getitem__, None, workspace, threads)
            else:
                found[name] = _moved(g, name, value, gains.__getitem__, workspace, threads)
    for alias, name in _aliases(others, weights, routes):
        found[alias] = found[name]
    return found


def gain_vector(name: str, gain: Array) -> Array:
    """The values of a gain that dense matrices have to pass, in memory of their own.

    Raises
    ------
    IntertwineError
        One of them is zero.
    """
    found = np.array(gain, dtype=np.float64).reshape(-1)
    if not np.all(found != 0):
        raise IntertwineError(f"the gain {name!r} has a zero; declare it with nonzero=False to keep it apart")
    return found


def as_numpy(value: Any) -> Array:
    """An array as one of numpy's, without a copy where that can be."""
    if type(value) is np.ndarray:
        return value
    if hasattr(value, "detach"):
        tensor = value.detach().cpu()
        return np.asarray(tensor.float() if str(tensor.dtype) == "torch.bfloat16" else tensor)
    return np.asarray(value)


def _replace(g: Transformation, weights: Mapping[str, Any], gain: Callable[[str], Array], threads: Threads) -> None:
    """Move all weights in their own memory; those that are the same memory once."""
    seen: dict[Any, str] = {}
    distinct: list[tuple[str, Array]] = []
    for name, route in g.symmetry.routes.items():
        array = _own_memory(name, weights[name])
        known = seen.setdefault(_memory(array), name)
        if known == name:
            distinct.append((name, array))
        elif g.symmetry.routes[known] != route:
            raise IntertwineError(f"the weights {known!r} and {name!r} are the same memory but move in two ways: "
                                  "they cannot be moved in place")
    _check_apart(distinct)
    scratch, workspace = Workspace(), Workspace()
    for name, array in sorted(distinct, key=lambda item: -item[1].nbytes):
        source = scratch.get(0, array.shape, array.dtype)
        np.copyto(source, array)
        if array.flags.c_contiguous:
            g.act(name, source, gain, array, workspace, threads)
        else:
            array[...] = g.act(name, source, gain, None, workspace, threads)


def _check_apart(arrays: list[tuple[str, Array]]) -> None:
    """Refuse arrays that overlap, as views of one array may: some entries would be moved twice."""
    begun: list[tuple[int, str, Array]] = []
    for low, high, name, array in sorted((*_bounds(a), n, a) for n, a in arrays if a.size):
        begun = [item for item in begun if item[0] > low]
        for _, other, near in begun:
            if np.may_share_memory(near, array) and np.shares_memory(near, array):
                raise IntertwineError(f"the weights {other!r} and {name!r} overlap in memory: they cannot be moved in "
                                      "place")
        begun.append((high, name, array))


def _bounds(array: Array) -> tuple[int, int]:
    """The first byte of an array, and the one behind its last."""
    low = high = int(array.__array_interface__["data"][0])
    for n, step in zip(array.shape, array.strides, strict=True):
        low, high = low + min(0, (n - 1) * step), high + max(0, (n - 1) * step)
    return low, high + array.itemsize


def _own_memory(name: str, value: Any) -> Array:
    """A numpy view of the memory of an array."""
    if hasattr(value, "detach") and value.device.type == "cpu" and str(value.dtype) != "torch.bfloat16":
        return np.asarray(value.detach())
    if isinstance(value, np.ndarray) and value.flags.writeable:
        return value
    raise IntertwineError(f"the weight {name!r} cannot be moved in place: a numpy array that can be written, or a "
                          "tensor of PyTorch on the CPU that is not of type bfloat16, is needed")


def _memory(array: Array) -> Any:
    return array.__array_interface__["data"][0], array.shape, array.strides, array.dtype.str


def _aliases(others: Iterable[str], weights: Mapping[str, Any], routes: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Names that are the same memory as a weight: tied weights of which the network names one."""
    shapes: dict[Any, list[str]] = {}
    for other in others:
        shapes.setdefault(tuple(getattr(weights[other], "shape", ())), []).append(other)
    found = []
    for name in routes if shapes else ():
        for other in shapes.get(tuple(weights[name].shape), ()):
            if _same(weights[other], weights[name]):
                found.append((other, name))
    return found


def _same(a: Any, b: Any) -> bool:
    if a is b:
        return True
    if hasattr(a, "data_ptr") and hasattr(b, "data_ptr"):
        return bool(a.data_ptr() == b.data_ptr() and a.stride() == b.stride() and a.numel())
    both = isinstance(a, np.ndarray) and isinstance(b, np.ndarray)
    return both and _memory(a) == _memory(b) and a.size > 0


def _moved(g: Transformation, name: str, value: Any, gain: Callable[[str], Array], workspace: Workspace,
           threads: Threads) -> Any:
    if hasattr(value, "detach"):
        return _moved_tensor(g, name, value, gain, workspace, threads)
    if hasattr(value, "__array_namespace__") and not isinstance(value, np.ndarray):
        from intertwine.networks import devices

        return devices.moved(g, name, value, devices.Standard(value.__array_namespace__()), gain)
    return g.act(name, np.asarray(value), gain, None, workspace, threads)


def _moved_tensor(g: Transformation, name: str, tensor: Any, gain: Callable[[str], Array],
                  workspace: Workspace, threads: Threads) -> Any:
    import torch

    value = tensor.detach()
    if value.device.type == "cpu" and value.dtype != torch.bfloat16:
        return torch.from_numpy(g.act(name, value.numpy(), gain, None, workspace, threads))
    from intertwine.networks import devices

    return devices.moved(g, name, value, devices.Torch(), gain)
