"""Elements of the symmetry group of a network, and their action on arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError, ShapeError
from intertwine.networks.plans import AxisPlan, Factor, Part, Plan, part_size, still
from intertwine.numeric import ScaledPermutation

if TYPE_CHECKING:
    from intertwine.networks.symmetry import ParameterSymmetry

Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Move:
    """What an element does on one leaf space, for each index of the spaces that it lies over.

    Attributes
    ----------
    permutation
        Shape (…, n): entry i of the result comes from ``permutation[…, i]``.
    logs
        Shape (k, …, n): coordinates in the torus of rescalings.
    signs
        Shape (m, …, n): coordinates in the group of sign changes.
    matrix
        Shape (…, n, n), for spaces on which dense matrices act; the permutation is the identity then.
    """

    permutation: npt.NDArray[np.intp]
    logs: Array
    signs: npt.NDArray[np.bool_]
    matrix: Array | None = None


class Transformation:
    """An element of a :class:`ParameterSymmetry`: compose with ``@``, invert, apply to weights.

    Elements come from :meth:`ParameterSymmetry.sample` and :meth:`ParameterSymmetry.identity`.
    """

    def __init__(self, symmetry: ParameterSymmetry, moves: tuple[Move, ...]) -> None:
        self.symmetry = symmetry
        self.moves = moves

    def __repr__(self) -> str:
        from intertwine.networks.shown import shown

        return f"<{shown(self)}>"

    def __matmul__(self, other: object) -> Transformation:
        if not isinstance(other, Transformation):
            return NotImplemented
        if other.symmetry is not self.symmetry:
            raise IntertwineError("elements of the symmetries of two networks cannot be composed")
        found = []
        for k, (a, b) in enumerate(zip(self.moves, other.moves, strict=True)):
            index = self._sources(k)
            permutation = b.permutation[index]
            matrix = None
            if a.matrix is not None and b.matrix is not None:
                matrix = a.matrix @ b.matrix[self._outer_sources(k)]
            everywhere: Any = (slice(None), *index)
            found.append(Move(permutation, a.logs + b.logs[everywhere], a.signs ^ b.signs[everywhere], matrix))
        return Transformation(self.symmetry, tuple(found))

    def inverse(self) -> Transformation:
        """The inverse element."""
        found = []
        for k, a in enumerate(self.moves):
            index = self._sources(k)
            places = np.meshgrid(*(np.arange(n) for n in a.permutation.shape), indexing="ij")
            permutation, logs, signs = np.empty_like(a.permutation), np.empty_like(a.logs), np.empty_like(a.signs)
            permutation[index] = places[-1]
            everywhere: Any = (slice(None), *index)
            logs[everywhere] = -a.logs
            signs[everywhere] = a.signs
            matrix = None
            if a.matrix is not None:
                matrix = np.empty_like(a.matrix)
                matrix[self._outer_sources(k)] = np.linalg.inv(a.matrix)
            found.append(Move(permutation, logs, signs, matrix))
        return Transformation(self.symmetry, tuple(found))

    def apply(self, weights: Mapping[str, Any], inplace: bool = False) -> dict[str, Any]:
        """The weights moved by this element.

        Parameters
        ----------
        weights : mapping of str to array
            All tensors that the network's description names; further ones are passed on as they are. Numpy arrays, or
            anything that ``numpy.asarray`` reads and that has ``dtype`` (PyTorch tensors give PyTorch tensors).
        inplace : bool
            Write into the arrays given.

        Returns
        -------
        dict
            New arrays (those given, when ``inplace``) of the same shapes and dtypes.

        Raises
        ------
        IntertwineError
            A weight is missing, or a gain that a dense element has to pass has a zero.
        ShapeError
            A weight has another shape than in the network, or holds no floating-point numbers.
        """
        missing = [name for name in self.symmetry.plans if name not in weights]
        if missing:
            raise IntertwineError(f"the weight {missing[0]!r} is missing")
        gains = {name: _gain_vector(name, weights[name]) for name in self.symmetry.gain_names}
        found: dict[str, Any] = {}
        for name, value in weights.items():
            if name not in self.symmetry.plans:
                found[name] = value
                continue
            array = _as_numpy(value)
            moved = self.act(name, array, gains.__getitem__)
            if inplace:
                array[...] = moved
                found[name] = value
            else:
                found[name] = _like(value, moved)
        return found

    def _sources(self, k: int) -> tuple[Array, ...]:
        """Where each entry of a leaf, and of what it lies over, comes from: index arrays."""
        leaf = self.symmetry.leaves[k]
        chain = self.symmetry.chains[k]
        shape = (*(self.symmetry.leaves[number].size for number in chain), leaf.size)
        places = np.meshgrid(*(np.arange(n) for n in shape), indexing="ij")
        found: list[Array] = []
        for place, number in enumerate(chain):
            where = tuple(places[chain.index(m)] for m in self.symmetry.chains[number])
            found.append(self.moves[number].permutation[(*where, places[place])])
        return (*found, self.moves[k].permutation)

    def _outer_sources(self, k: int) -> tuple[Array, ...]:
        """The same for the indices of what the leaf lies over alone."""
        return tuple(index[..., 0] for index in self._sources(k)[:-1])

    def factors(self, scale: Any, sign: Any) -> Array | None:
        """The numbers that exponents and signs stand for; None for ones."""
        logs: Array | None = None
        for (v, j), c in scale:
            number, vectors = self.symmetry.component(v, j)
            for k, vector in enumerate(vectors.scales):
                if vector.get((v, j)):
                    term = float(c * vector[v, j]) * self.moves[number].logs[k]
                    logs = term if logs is None else logs + term
        odd: Array | None = None
        for v, j in sign:
            number, vectors = self.symmetry.component(v, j)
            for k, members in enumerate(vectors.signs):
                if (v, j) in members:
                    odd = self.moves[number].signs[k] if odd is None else odd ^ self.moves[number].signs[k]
        if logs is None and odd is None:
            return None
        size = np.exp(logs) if logs is not None else 1.0
        return np.asarray(size if odd is None else np.where(odd, -size, size))

    def gain_scales(self, name: str) -> Array | None:
        """The scales that a gain is multiplied by."""
        factor = next(f for axis in self.symmetry.plans[name] for part in axis for f in part if f.leaf is not None)
        return self.factors(factor.scale, factor.sign)

    @cached_property
    def _contragredient(self) -> dict[int, Array]:
        dense = ((k, m.matrix) for k, m in enumerate(self.moves) if m.matrix is not None)
        return {k: np.swapaxes(np.linalg.inv(matrix), -1, -2) for k, matrix in dense}

    def matrix(self, leaf: int, dual: bool) -> Array | None:
        """The dense matrices of a leaf."""
        found = self.moves[leaf].matrix
        return found if found is None or not dual else self._contragredient[leaf]

    def act(self, name: str, array: Array, gain: Callable[[str], Array]) -> Array:
        """The weight ``name`` moved; ``gain`` gives the old values of gains by name."""
        plan = self.symmetry.plans.get(name)
        if plan is None:
            return array.copy()
        shape = tuple(sum(part_size(p) for p in axis) for axis in plan)
        if array.shape != shape:
            raise ShapeError(f"the weight {name!r} has the shape {array.shape}, not {shape}")
        if not np.issubdtype(array.dtype, np.floating):
            raise ShapeError(f"the weight {name!r} has dtype {array.dtype}; floating-point numbers are needed")
        return _act(self, array, plan, gain)


def _act(g: Transformation, array: Array, plan: Plan, gain: Callable[[str], Array]) -> Array:
    for k, axis in enumerate(plan):
        if len(axis) > 1:
            return _by_parts(g, array, plan, k, gain)
    flat = [f for axis in plan for f in axis[0]]
    if len(flat) > len(plan) or any(f.nested for f in flat):
        wide = array.reshape([f.size for f in flat])
        inner = tuple(f.nested if f.nested else ((f,),) for f in flat)
        return _act(g, wide, inner, gain).reshape(array.shape)
    return _on_leaves(g, array, flat, gain)


def _by_parts(g: Transformation, array: Array, plan: Plan, k: int, gain: Callable[[str], Array]) -> Array:
    result = np.empty_like(array)
    start = 0
    for part in plan[k]:
        stop = start + part_size(part)
        place = (*[slice(None)] * k, slice(start, stop))
        inner: tuple[AxisPlan, ...] = (*plan[:k], (part,), *plan[k + 1 :])
        moves = any(not still(axis) for axis in inner)
        result[place] = _act(g, array[place], inner, gain) if moves else array[place]
        start = stop
    return result


def _on_leaves(g: Transformation, array: Array, factors: list[Factor], gain: Callable[[str], Array]) -> Array:
    """Axes that are one leaf each; outer spaces come first."""
    where = {f.leaf: k for k, f in enumerate(factors) if f.leaf is not None}
    moving = [(k, f) for k, f in enumerate(factors) if f.leaf is not None]
    if len(where) < len(moving) and any(g.symmetry.chains[f.leaf] for _, f in moving):  # type: ignore[index]
        raise IntertwineError("a space occurs twice in a weight")
    quick = _rows_and_columns(g, array, moving)
    if quick is not None:
        return quick
    for k, f in sorted(moving, key=lambda item: len(g.symmetry.chains[item[1].leaf])):  # type: ignore[index]
        assert f.leaf is not None
        chain = g.symmetry.chains[f.leaf]
        outer = _outer_axes(chain, where)
        array = _on_leaf(g, array, k, f, outer, gain)
    return array


def _rows_and_columns(g: Transformation, array: Array, moving: list[tuple[int, Factor]]) -> Array | None:
    """Scaled permutations on the first two axes in one pass, row by row, so that each row stays in the cache."""
    if [k for k, _ in moving] != [0, 1] or array.ndim < 2 or array.shape[0] == 0:
        return None
    if any(g.symmetry.chains[f.leaf] or g.moves[f.leaf].matrix is not None for _, f in moving):  # type: ignore[index]
        return None
    (_, rows), (_, columns) = moving
    order, inner = (g.moves[f.leaf].permutation for f in (rows, columns))  # type: ignore[index]
    left, right = (g.factors(f.scale, f.sign) for f in (rows, columns))
    result = np.empty(array.shape, array.dtype)
    shape = (-1, *[1] * (array.ndim - 2))
    across = None if right is None else right.reshape(shape)
    for i, source in enumerate(order):
        row = result[i]
        np.take(array[source], inner, axis=0, out=row, mode="clip")
        scale = across if left is None else left[i] if across is None else left[i] * across
        if scale is not None:
            row *= np.asarray(scale, dtype=array.dtype)
    return result


def _outer_axes(chain: tuple[int, ...], where: dict[int, int]) -> list[int]:
    return [where[number] for number in chain]


def _on_leaf(g: Transformation, array: Array, k: int, f: Factor, outer: list[int],
             gain: Callable[[str], Array]) -> Array:
    assert f.leaf is not None
    matrix = g.matrix(f.leaf, f.dual)
    if matrix is not None and not f.is_gain:
        return _dense(g, array, k, f, matrix, outer, gain)
    move = g.moves[f.leaf]
    scales = g.factors(f.scale, f.sign)
    if not outer:
        indices = np.arange(f.size) if matrix is not None else move.permutation
        if scales is None and matrix is not None:
            return array
        return ScaledPermutation(indices, scales).apply(array, axis=k)
    order = [*outer, k]
    shape = [1] * array.ndim
    for axis in order:
        shape[axis] = array.shape[axis]
    if f.size > 1 and matrix is None:
        array = np.take_along_axis(array, np.transpose(move.permutation, np.argsort(order)).reshape(shape), axis=k)
    if scales is not None:
        array = (array * np.transpose(scales, np.argsort(order)).reshape(shape)).astype(array.dtype)
    return array


def _dense(g: Transformation, array: Array, k: int, f: Factor, matrix: Array, outer: list[int],
           gain: Callable[[str], Array]) -> Array:
    source = array.astype(np.result_type(array.dtype, np.float64))
    shape = [f.size if axis == k else 1 for axis in range(array.ndim)]
    for name, power in f.gains:
        source = source * (gain(name).astype(np.float64) ** -power).reshape(shape)
    moved = np.moveaxis(source, [*outer, k], range(-len(outer) - 1, 0))
    rest = moved.shape[: moved.ndim - len(outer) - 1]
    moved = moved.reshape(-1, *moved.shape[moved.ndim - len(outer) - 1 :])
    result = (matrix @ moved[..., None])[..., 0] if outer else moved @ matrix.T
    result = np.moveaxis(result.reshape(*rest, *result.shape[1:]), range(-len(outer) - 1, 0), [*outer, k])
    for name, power in f.gains:
        scales = g.gain_scales(name)
        new = gain(name).astype(np.float64) * (1.0 if scales is None else scales)
        result = result * (new**power).reshape(shape)
    return np.ascontiguousarray(result.astype(array.dtype))


def _as_numpy(value: Any) -> Array:
    return np.asarray(value.detach().cpu() if hasattr(value, "detach") else value)


def _like(value: Any, array: Array) -> Any:
    if hasattr(value, "detach"):
        import torch

        return torch.from_numpy(np.ascontiguousarray(array)).to(device=value.device, dtype=value.dtype)
    return array


def _gain_vector(name: str, value: Any) -> Array:
    gain = _as_numpy(value).reshape(-1)
    if not np.all(gain != 0):
        raise IntertwineError(f"the gain {name!r} has a zero; declare it with nonzero=False to keep it apart")
    return gain


__all__ = ["Array", "Move", "Part", "Transformation"]
