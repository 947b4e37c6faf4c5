"""Where the spaces of a derived network symmetry touch the weights: rows of units, and the balance of their scales."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import nnls

from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric.arrays import FloatArray

if TYPE_CHECKING:
    from intertwine.networks.plans import Factor, Plan
    from intertwine.networks.symmetry import ParameterSymmetry

_NEWTON = 60
_KRYLOV = 400


@dataclass(frozen=True)
class Site:
    """One axis of a piece of a weight on which a leaf acts.

    Attributes
    ----------
    leaf : int
        The number of the leaf.
    axis : int
        The axis of the piece.
    outer : tuple of int
        The axes of the leaves that it lies over.
    powers : ndarray, shape (scales,)
        By which powers of the scale coordinates of the leaf its entries are multiplied.
    odd : frozenset of int
        Which of its sign coordinates change the sign.
    """

    leaf: int
    axis: int
    outer: tuple[int, ...]
    powers: FloatArray
    odd: frozenset[int]


@dataclass(frozen=True)
class Piece:
    """A block of a weight in which every axis belongs to one leaf or to none."""

    array: FloatArray
    sites: tuple[Site, ...]


def pieces(symmetry: ParameterSymmetry, weights: Mapping[str, FloatArray]) -> list[Piece]:
    """The weights that move, cut into pieces.

    Raises
    ------
    IntertwineError
        If a weight is missing.
    ShapeError
        If a weight has another shape than in the network.
    """
    found = []
    for name, plan in symmetry.plans.items():
        if name not in weights:
            raise IntertwineError(f"the weight {name!r} is missing")
        array = np.asarray(weights[name], dtype=np.float64)
        if array.shape != tuple(symmetry.shapes[name]):
            raise ShapeError(f"the weight {name!r} has the shape {array.shape}, not {tuple(symmetry.shapes[name])}")
        found += [Piece(part, _sites(symmetry, factors)) for part, factors in _cut(array, plan)]
    return found


def _size(factors: Sequence[Factor]) -> int:
    return int(np.prod([f.size for f in factors], dtype=np.int64))


def _cut(array: FloatArray, plan: Plan) -> Iterator[tuple[FloatArray, list[Factor]]]:
    for k, axis in enumerate(plan):
        if len(axis) > 1:
            start = 0
            for part in axis:
                stop = start + _size(part)
                place: Any = (*[slice(None)] * k, slice(start, stop))
                yield from _cut(array[place], (*plan[:k], (part,), *plan[k + 1 :]))
                start = stop
            return
    flat = [f for axis in plan for f in axis[0]]
    if any(f.nested for f in flat):
        wide = array.reshape([f.size for f in flat])
        yield from _cut(wide, tuple(f.nested or ((f,),) for f in flat))
        return
    yield array.reshape([f.size for f in flat]), flat


def _sites(symmetry: ParameterSymmetry, factors: Sequence[Factor]) -> tuple[Site, ...]:
    where = {f.leaf: k for k, f in enumerate(factors) if f.leaf is not None}
    found = []
    for k, f in enumerate(factors):
        if f.leaf is None or symmetry.leaves[f.leaf].space.frozen:
            continue
        leaf = symmetry.leaves[f.leaf]
        powers = np.array([float(sum(c * vector.get(part, 0) for part, c in f.scale)) for vector in leaf.scales])
        odd = frozenset(i for i, members in enumerate(leaf.signs) if len(members & f.sign) % 2)
        outer = tuple(where[number] for number in symmetry.chains[f.leaf])
        found.append(Site(f.leaf, k, outer, powers, odd))
    return tuple(found)


def rows(piece: Piece, site: Site, blurred: Sequence[int] = ()) -> FloatArray:
    """The entries of each unit, shape (…, units, rest) with the indices of the outer leaves first.

    Axes that are `blurred` are summed over, after squaring: what is left does not depend on their order or signs.
    """
    array = piece.array
    if blurred:
        array = np.sum(array**2, axis=tuple(blurred), keepdims=True)
    front = [*site.outer, site.axis]
    moved = np.moveaxis(array, front, range(len(front)))
    return moved.reshape(*moved.shape[: len(front)], -1)


def _spread(values: FloatArray, site: Site, ndim: int) -> FloatArray:
    """Values for each unit, of shape (…, units), along the axes of a piece."""
    order = [*site.outer, site.axis]
    shape = [1] * ndim
    for axis, size in zip(order, values.shape, strict=True):
        shape[axis] = size
    return np.transpose(values, np.argsort(order)).reshape(shape)


def _gathered(array: FloatArray, site: Site) -> FloatArray:
    order = [*site.outer, site.axis]
    rest = tuple(k for k in range(array.ndim) if k not in order)
    return np.transpose(array.sum(rest), np.argsort(np.argsort(order)))


class Balance:
    """The scales of a network that bring it to one point of its orbit: the norm as a function of their logarithms.

    The squared norm Σ w²·exp(2·(sum of powers times log scales)) is convex. Where some direction only enlarges weights
    (a scale in front of a normalisation, which nothing undoes) it has no minimum, and a linear term, the same for all
    units of a space, is taken off: the norms that belong to the direction are then fixed instead of balanced.

    Units that have nothing on one of the two sides would be scaled without end. They do not count for the others, and
    what connects them with living units is brought to the norm 1.
    """

    def __init__(self, symmetry: ParameterSymmetry, weights: Mapping[str, FloatArray]) -> None:
        self.shapes = {
            k: (len(leaf.scales), *(symmetry.leaves[m].size for m in symmetry.chains[k]), leaf.size)
            for k, leaf in enumerate(symmetry.leaves) if leaf.scales and not leaf.space.frozen
        }
        found = pieces(symmetry, weights)
        self.pieces = [
            (p.array**2, scaled) for p in found
            if (scaled := [s for s in p.sites if s.leaf in self.shapes and s.powers.any()])
        ]
        self.slopes = self._slopes()
        self.alive: dict[int, FloatArray] = {k: np.ones(shape) for k, shape in self.shapes.items()}
        self._all = self.pieces
        sides = self._sides()
        while True:
            alive = self._alive(sides)
            if all(np.array_equal(alive[k], self.alive[k]) for k in alive):
                break
            self.alive = alive
            self.pieces = [(self._living(square, sites), sites) for square, sites in self._all]

    def _slopes(self) -> dict[int, FloatArray]:
        keys = [(k, i) for k, shape in self.shapes.items() for i in range(shape[0])]
        if not keys:
            return {}
        table = np.zeros((len(self.pieces), len(keys)))
        for row, (_, sites) in zip(table, self.pieces, strict=True):
            for s in sites:
                for i, power in enumerate(s.powers):
                    row[keys.index((s.leaf, i))] += power
        table = np.unique(table, axis=0)
        extra = nnls(table.T, -table.sum(0))[0]
        slope = (1 + extra) @ table
        slope[np.abs(slope) < 1e-9] = 0
        return {k: np.array([slope[keys.index((k, i))] for i in range(shape[0])]) for k, shape in self.shapes.items()}

    def _sides(self) -> dict[int, FloatArray]:
        """Which coordinates have something in the network that they enlarge, and that they make smaller."""
        sides: dict[int, FloatArray] = {k: np.zeros((2, shape[0])) for k, shape in self.shapes.items()}
        for _, sites in self._all:
            for s in sites:
                for i, power in enumerate(s.powers):
                    if power:
                        sides[s.leaf][int(power < 0), i] = 1
        return sides

    def _living(self, square: FloatArray, sites: Sequence[Site], but: tuple[int, int] | None = None) -> FloatArray:
        """Squares without those that belong to a dead coordinate, other than one of a leaf."""
        for s in sites:
            for i, power in enumerate(s.powers):
                if power and (s.leaf, i) != but:
                    square = square * _spread(self.alive[s.leaf][i], s, square.ndim)
        return square

    def _one_sided(self, u: Mapping[int, FloatArray]) -> dict[int, FloatArray]:
        """The log scales, with the norms of dead units fixed where all that is left is scaled by one power."""
        out = {k: v.copy() for k, v in u.items()}
        for k, i in [(k, i) for k, live in self.alive.items() for i in range(len(live)) if not live[i].all()]:
            masses: dict[float, FloatArray] = {}
            for square, sites in self._all:
                weighted = self._living(square, sites, (k, i)) * np.exp(2 * self._logs(u, sites, square.ndim))
                for s in sites:
                    if s.leaf == k and s.powers[i]:
                        power = float(s.powers[i])
                        masses[power] = masses.get(power, 0.0) + _gathered(weighted, s)
            alone = sum((m > 0).astype(float) for m in masses.values()) == 1
            for power, mass in masses.items():
                here = (self.alive[k][i] == 0) & alone & (mass > 0)
                out[k][i][here] -= np.log(mass[here]) / (2 * power)
        return out

    def _alive(self, sides: Mapping[int, FloatArray]) -> dict[int, FloatArray]:
        """0 for coordinates of units that have nothing on one of the two sides."""
        sums = {k: np.zeros((2, *shape)) for k, shape in self.shapes.items()}
        for square, sites in self.pieces:
            for s in sites:
                mass = _gathered(square, s)
                for i, power in enumerate(s.powers):
                    if power:
                        sums[s.leaf][int(power < 0), i] += mass
        return {k: ((both > 0) | (sides[k] == 0).reshape(2, -1, *[1] * (both.ndim - 2))).all(0).astype(float)
                for k, both in sums.items()}

    def _logs(self, u: Mapping[int, FloatArray], sites: Sequence[Site], ndim: int) -> FloatArray:
        total: FloatArray = np.zeros([1] * ndim)
        for s in sites:
            total = total + _spread(np.tensordot(s.powers, u[s.leaf], 1), s, ndim)
        return total

    def value(self, u: Mapping[int, FloatArray]) -> float:
        """The squared norm at log scales u, without the linear part."""
        total = 0.0
        for square, sites in self.pieces:
            total += float(np.sum(square * np.exp(2 * self._logs(u, sites, square.ndim))))
        for k, slope in self.slopes.items():
            total -= 2 * float(np.sum(slope.reshape(-1, *[1] * (u[k].ndim - 1)) * u[k] * self.alive[k]))
        return total

    def _summed(self, arrays: Sequence[FloatArray]) -> dict[int, FloatArray]:
        out: dict[int, FloatArray] = {k: np.zeros(shape) for k, shape in self.shapes.items()}
        for array, (_, sites) in zip(arrays, self.pieces, strict=True):
            for s in sites:
                out[s.leaf] += np.multiply.outer(s.powers, _gathered(array, s))
        return out

    def solve(self) -> dict[int, FloatArray]:
        """The log scales of the minimum, by Newton's method with conjugate gradients."""
        u: dict[int, FloatArray] = {k: np.zeros(shape) for k, shape in self.shapes.items()}
        value = self.value(u) if u else 0.0
        for _ in range(_NEWTON if u else 0):
            weighted = [q * np.exp(2 * self._logs(u, sites, q.ndim)) for q, sites in self.pieces]
            gradient = self._summed(weighted)
            for k, slope in self.slopes.items():
                gradient[k] = (gradient[k] - slope.reshape(-1, *[1] * (gradient[k].ndim - 1))) * self.alive[k]
            step = self._newton(weighted, gradient)
            longest = max(float(np.abs(s).max()) for s in step.values())
            if longest < 1e-15:
                break
            factor = min(1.0, 2.0 / longest)
            for _ in range(40):
                trial = {k: u[k] + factor * step[k] for k in u}
                new = self.value(trial)
                # Near the end rounding hides the descent, and Newton's steps are good without being watched.
                if new < value or (longest < 1e-3 and new <= value + 1e-11 * (1 + abs(value))):
                    break
                factor /= 2
            else:
                break
            u, value = trial, new
            if longest < 1e-12:
                break
        return self._one_sided(u)

    def _newton(self, weighted: Sequence[FloatArray], gradient: Mapping[int, FloatArray]) -> dict[int, FloatArray]:
        """Solve 2·H·d = -g, with H from weighted squares, by conjugate gradients with a diagonal preconditioner."""
        diagonal = {k: np.zeros(shape) for k, shape in self.shapes.items()}
        for array, (_, sites) in zip(weighted, self.pieces, strict=True):
            for s in sites:
                diagonal[s.leaf] += np.multiply.outer(s.powers**2, _gathered(array, s))
        scale = {k: 1 / np.maximum(d, 1e-300) * (d > 0) for k, d in diagonal.items()}

        def apply(d: Mapping[int, FloatArray]) -> dict[int, FloatArray]:
            turned = [w * self._logs(d, sites, w.ndim) for w, (_, sites) in zip(weighted, self.pieces, strict=True)]
            return {k: 2 * v * self.alive[k] for k, v in self._summed(turned).items()}

        def dot(a: Mapping[int, FloatArray], b: Mapping[int, FloatArray]) -> float:
            return sum(float(np.vdot(a[k], b[k])) for k in a)

        x: dict[int, FloatArray] = {k: np.zeros(shape) for k, shape in self.shapes.items()}
        residual = {k: -g for k, g in gradient.items()}
        direction = {k: scale[k] * r for k, r in residual.items()}
        size = dot(residual, direction)
        first = size
        for _ in range(_KRYLOV):
            if size <= 1e-30 * first or size <= 0:
                break
            turned = apply(direction)
            curvature = dot(direction, turned)
            if curvature <= 0:
                break
            length = size / curvature
            x = {k: x[k] + length * direction[k] for k in x}
            residual = {k: residual[k] - length * turned[k] for k in x}
            shaped = {k: scale[k] * r for k, r in residual.items()}
            new = dot(residual, shaped)
            direction = {k: shaped[k] + (new / size) * direction[k] for k in x}
            size = new
        return x
