"""The way of elements to each weight, worked out once for a network: which entries of an axis belong to which space."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intertwine.errors import IntertwineError
from intertwine.networks.plans import AxisPlan, Factor, Plan, part_size, still
from intertwine.networks.spaces import Gains

if TYPE_CHECKING:
    from intertwine.networks.solve import Leaf


@dataclass(frozen=True)
class Leg:
    """One space of a product: along it, neighbours stand ``stride`` entries apart.

    Attributes
    ----------
    leaf
        The number of the leaf; None where nothing moves.
    outer
        The places, among the legs of the cell, of the spaces that the leaf lies over.
    terms
        (leaf, k, c): the logarithm of the scale is the sum of c times the coordinates k of the torus on those leaves.
    odd
        (leaf, k): the sign is the product of these signs.
    """

    size: int
    stride: int
    leaf: int | None = None
    outer: tuple[int, ...] = ()
    dual: bool = False
    dense: bool = False
    gains: Gains = ()
    terms: tuple[tuple[int, int, float], ...] = ()
    odd: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Cell:
    """A product of spaces inside an axis: its entries stand at ``start`` plus i times a stride for each leg."""

    start: int
    legs: tuple[Leg, ...]

    @property
    def still(self) -> bool:
        """Whether nothing moves here."""
        return all(leg.leaf is None for leg in self.legs)


@dataclass(frozen=True)
class Route:
    """How elements reach one weight.

    Attributes
    ----------
    shape
        The shape of the weight.
    sizes
        Its shape after axes were joined across which a space lies over another one.
    cells
        For each of ``sizes`` the cells of the axis; none where nothing moves.
    numbers
        For each of ``sizes`` a number that axes with equal cells have in common.
    """

    shape: tuple[int, ...]
    sizes: tuple[int, ...]
    cells: tuple[tuple[Cell, ...], ...]
    numbers: tuple[int, ...]

    @property
    def dense(self) -> bool:
        """Whether dense matrices act on the weight."""
        return any(leg.dense for axis in self.cells for cell in axis for leg in cell.legs)


#: A factor of a cell before it becomes a leg: with its stride, and the axis that it comes from.
_Place = tuple[Factor, int, int]
_Open = tuple[int, tuple[_Place, ...]]


class Surveyor:
    """Makes routes from plans, for the leaves of one network.

    Parameters
    ----------
    leaves, chains
        The leaves, and for each the numbers of those that it lies over.
    home
        The leaf on which a component of a scale variable lives, with its number.
    """

    def __init__(self, leaves: Sequence[Leaf], chains: Sequence[tuple[int, ...]],
                 home: Callable[[int, int], tuple[int, Leaf]]) -> None:
        self._leaves, self._chains, self._home = leaves, chains, home
        self._known: dict[tuple[Cell, ...], int] = {}
        self._legs: dict[Factor, Leg] = {}

    def routes(self, plans: Mapping[str, Plan]) -> dict[str, Route]:
        """The route of every weight."""
        return {name: self._route(name, plan) for name, plan in plans.items()}

    def _route(self, name: str, plan: Plan) -> Route:
        sizes = [sum(part_size(part) for part in axis) for axis in plan]
        open_ = [_cells(axis, k) for k, axis in enumerate(plan)]
        found: list[tuple[Cell, ...]] = []
        joined: list[int] = []
        for first, last in self._spans(name, open_):
            group = range(first, last + 1)
            cells: list[_Open] = [(0, ())]
            stride = math.prod(sizes[first : last + 1])
            joined.append(stride)
            for k in group:
                stride //= max(sizes[k], 1)
                cells = [(a + b * stride, (*p, *_spread(q, stride))) for a, p in cells for b, q in open_[k]]
            if all(still(plan[k]) for k in group):
                found.append(())
                continue
            found.append(tuple(self._closed(name, cell) for cell in cells))
        numbers = tuple(self._known.setdefault(cells, len(self._known)) for cells in found)
        return Route(tuple(sizes), tuple(joined), tuple(found), numbers)

    def _spans(self, name: str, axes: list[list[_Open]]) -> list[tuple[int, int]]:
        """Ranges of axes to be joined: those where a leaf lies over leaves of other axes."""
        reach = list(range(len(axes)))
        for k, axis in enumerate(axes):
            for _, places in axis:
                here = {f.leaf for f, _, _ in places}
                for f, _, _ in places:
                    for number in () if f.leaf is None else self._chains[f.leaf]:
                        if number in here:
                            continue
                        others = [m for m, other in enumerate(axes)
                                  if any(q.leaf == number for _, p in other for q, _, _ in p)]
                        if len(others) != 1:
                            raise IntertwineError(f"a space lies over another one that occurs {len(others)} times in "
                                                  f"the weight {name!r}")
                        low, high = sorted((k, others[0]))
                        reach[low] = max(reach[low], high)
        found: list[tuple[int, int]] = []
        for k, high in enumerate(reach):
            if found and k <= found[-1][1]:
                found[-1] = (found[-1][0], max(found[-1][1], high))
            else:
                found.append((k, high))
        return found

    def _closed(self, name: str, cell: _Open) -> Cell:
        start, places = cell
        legs: list[Leg] = []
        for m, (f, stride, axis) in enumerate(places):
            outer: list[int] = []
            for number in () if f.leaf is None else self._chains[f.leaf]:
                where = [j for j, (q, _, _) in enumerate(places) if q.leaf == number and j != m]
                near = [j for j in where if places[j][2] == axis and j < m] or where
                outer.append(near[-1])
            legs.append(self._leg(f, stride, tuple(outer)))
        return Cell(start, tuple(legs))

    def _leg(self, f: Factor, stride: int, outer: tuple[int, ...]) -> Leg:
        if f.leaf is None:
            return Leg(f.size, stride)
        known = self._legs.get(f)
        if known is None:
            dense = bool(self._leaves[f.leaf].dense) and not f.is_gain
            terms = [] if dense else [
                (number, k, float(c * vector[v, j])) for (v, j), c in f.scale
                for number, leaf in [self._home(v, j)] for k, vector in enumerate(leaf.scales) if vector.get((v, j))]
            odd = [] if dense else [
                (number, k) for v, j in sorted(f.sign) for number, leaf in [self._home(v, j)]
                for k, members in enumerate(leaf.signs) if (v, j) in members]
            known = Leg(f.size, 1, f.leaf, (), f.dual, dense, f.gains if dense else (), tuple(terms), tuple(odd))
            self._legs[f] = known
        return Leg(f.size, stride, f.leaf, outer, known.dual, known.dense, known.gains, known.terms, known.odd)


def _cells(axis: AxisPlan, number: int) -> list[_Open]:
    """The products of leaves that an axis is made of, parts inside of parts unfolded."""
    found: list[_Open] = []
    start = 0
    for part in axis:
        cells: list[_Open] = [(start, ())]
        stride = part_size(part)
        start += stride
        for f in part:
            stride //= max(f.size, 1)
            if f.nested:
                inner = _cells(f.nested, number)
                cells = [(a + b * stride, (*p, *_spread(q, stride))) for a, p in cells for b, q in inner]
            else:
                cells = [(a, (*p, (f, stride, number))) for a, p in cells]
        found += cells
    return found


def _spread(places: tuple[_Place, ...], stride: int) -> tuple[_Place, ...]:
    return tuple((f, s * stride, axis) for f, s, axis in places)
