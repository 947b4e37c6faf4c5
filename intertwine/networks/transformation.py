"""Elements of the symmetry group of a network, and their action on arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError, ShapeError
from intertwine.networks.dense_blocks import multiply_strip, strips
from intertwine.networks.gathering import AxisAction, Recipe, Threads, Workspace, recipe_for
from intertwine.networks.routes import Cell, Leg, Route

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

    def __getstate__(self) -> tuple[ParameterSymmetry, tuple[Move, ...]]:
        return self.symmetry, self.moves

    def __setstate__(self, state: tuple[ParameterSymmetry, tuple[Move, ...]]) -> None:
        Transformation.__init__(self, *state)

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
            All tensors that the network's description names; further ones are passed on as they are, but for those that
            are the same memory as a weight, which get what it gets. Numpy arrays, PyTorch tensors (which stay on their
            device), and arrays with ``__array_namespace__``; each keeps its type.
        inplace : bool
            Write into the arrays given (numpy arrays and PyTorch tensors), with the largest of them as scratch memory.

        Returns
        -------
        dict
            New arrays (those given, when ``inplace``) of the same shapes and dtypes.

        Raises
        ------
        IntertwineError
            A weight is missing, or a gain that a dense element has to pass has a zero, or an array cannot be written.
        ShapeError
            A weight has another shape than in the network, or holds no floating-point numbers.
        """
        from intertwine.networks.arrays import applied

        return applied(self, weights, inplace)

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

    def factors(self, terms: Iterable[tuple[int, int, float]], odd: Iterable[tuple[int, int]]) -> Array | None:
        """The numbers that exponents and signs stand for; None for ones."""
        logs: Array | None = None
        for leaf, k, c in terms:
            term = self.moves[leaf].logs[k]
            term = term if c == 1 else c * term
            logs = term if logs is None else logs + term
        flips: Array | None = None
        for leaf, k in odd:
            flips = self.moves[leaf].signs[k] if flips is None else flips ^ self.moves[leaf].signs[k]
        if logs is None and flips is None:
            return None
        size = np.exp(logs) if logs is not None else 1.0
        return np.asarray(size if flips is None else np.where(flips, -size, size))

    @cached_property
    def _contragredient(self) -> dict[int, Array]:
        dense = ((k, m.matrix) for k, m in enumerate(self.moves) if m.matrix is not None)
        return {k: np.swapaxes(np.linalg.inv(matrix), -1, -2) for k, matrix in dense}

    @cached_property
    def _actions(self) -> dict[int, AxisAction | None]:
        return {}

    def action(self, route: Route, axis: int) -> AxisAction | None:
        """Where the entries of an axis come from, and what they are multiplied by; dense matrices aside."""
        number = route.numbers[axis]
        if number not in self._actions:
            self._actions[number] = self._act_on(route.cells[axis], route.sizes[axis])
        return self._actions[number]

    def _act_on(self, cells: tuple[Cell, ...], size: int) -> AxisAction | None:
        if not cells:
            return None
        identity = np.arange(size)
        if len(cells) == 1 and len(cells[0].legs) == 1 and not cells[0].legs[0].outer:
            leg = cells[0].legs[0]
            if leg.leaf is None:
                return None
            index, scale = self.moves[leg.leaf].permutation, self.factors(leg.terms, leg.odd)
        else:
            index, scale = identity.copy(), None
            for cell in cells:
                if not cell.still:
                    scale = self._fill(cell, index, scale)
        stays = np.array_equal(index, identity)
        return None if stays and scale is None else AxisAction(None if stays else index, scale)

    def _fill(self, cell: Cell, index: npt.NDArray[np.intp], scale: Array | None) -> Array | None:
        """Add the entries of a product to the action on its axis."""
        places = np.ix_(*(np.arange(leg.size) for leg in cell.legs))
        target = sum((leg.stride * i for leg, i in zip(cell.legs, places, strict=True)), np.intp(cell.start))
        source: Any = np.intp(cell.start)
        factor: Array | None = None
        for leg, i in zip(cell.legs, places, strict=True):
            where = (*(places[m] for m in leg.outer), i)
            moved = leg.leaf is not None and not leg.dense
            source = source + leg.stride * (self.moves[leg.leaf].permutation[where] if moved else i)  # type: ignore[index]
            size = self.factors(leg.terms, leg.odd)
            if size is not None:
                factor = size[where] if factor is None else factor * size[where]
        index[target] = np.broadcast_to(source, target.shape)
        if factor is not None:
            scale = np.ones(len(index)) if scale is None else scale
            scale[target] *= factor
        return scale

    @cached_property
    def _recipes(self) -> dict[tuple[str, Any], Recipe]:
        return {}

    def _recipe(self, name: str, route: Route, dtype: Any) -> Recipe:
        """How a weight is moved, dense matrices aside."""
        if not is_floating(dtype):
            raise ShapeError(f"the weight {name!r} has dtype {dtype}; floating-point numbers are needed")
        actions = [self.action(route, k) for k in range(len(route.sizes))]
        found = self._recipes[name, dtype] = recipe_for(route.sizes, dtype, actions)
        return found

    def act(self, name: str, array: Array, gain: Callable[[str], Array], out: Array | None = None,
            workspace: Workspace | None = None, threads: Threads | None = None) -> Array:
        """The weight ``name`` moved.

        Parameters
        ----------
        name : str
            The weight.
        array : numpy.ndarray
            Its values.
        gain : callable
            Gives the old values of gains by name, as vectors.
        out : numpy.ndarray, optional
            C-contiguous, without memory in common with ``array``.
        workspace, threads : optional
            Scratch memory to be used again, and threads that share the work.
        """
        route = self.symmetry.routes.get(name)
        if route is None:
            return array.copy()
        if array.shape != route.shape:
            raise ShapeError(f"the weight {name!r} has the shape {array.shape}, not {route.shape}")
        recipe = self._recipes.get((name, array.dtype)) or self._recipe(name, route, array.dtype)
        if out is None:
            out = np.empty(array.shape, array.dtype)
        if not array.flags.c_contiguous:
            array = np.ascontiguousarray(array)
        recipe.run(array, out, workspace or Workspace(), threads or Threads(1))
        if route.dense:
            self._multiply(route, out.reshape(route.sizes), gain)
        return out

    def _multiply(self, route: Route, moved: Array, gain: Callable[[str], Array]) -> None:
        """The dense matrices on a weight that has been moved otherwise."""
        for axis, cells in enumerate(route.cells):
            for cell in cells:
                for k, leg in enumerate(cell.legs):
                    if leg.dense:
                        outer = [m - (m > k) for m in leg.outer]
                        matrices = self.matrices(leg, gain)
                        for places, strip in strips(cell.start, [(q.size, q.stride) for q in cell.legs], k):
                            multiply_strip(moved, axis, strip, matrices[tuple(places[m] for m in outer)])

    def matrices(self, leg: Leg, gain: Callable[[str], Array]) -> Array:
        """The dense matrices along a leg, with the gains that they have to pass on either side."""
        assert leg.leaf is not None
        matrix = self._contragredient[leg.leaf] if leg.dual else self.moves[leg.leaf].matrix
        assert matrix is not None
        for name, power in leg.gains:
            old = gain(name).astype(np.float64)
            route = self.symmetry.routes[name]
            action = self.action(route, next(k for k, cells in enumerate(route.cells) if cells))
            new = old if action is None or action.scale is None else old * action.scale
            matrix = (new**power)[:, None] * matrix * old**-power
        return matrix


def is_floating(dtype: Any) -> bool:
    """Whether numbers of a type can be moved: floating-point ones, those that numpy does not know of included."""
    return bool(dtype.kind == "f" or dtype.name == "bfloat16")
