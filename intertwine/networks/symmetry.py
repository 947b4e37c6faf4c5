"""The symmetry group of the parameters of a network."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, overload

import numpy as np

from intertwine.errors import IntertwineError
from intertwine.networks.executors import one_each, run_all
from intertwine.networks.interpreter import Reading
from intertwine.networks.perm_spec import PermutationSpec, git_re_basin, still_axes, universal_neural_functional
from intertwine.networks.plans import Factor, Plan, part_size, plan_weights, still
from intertwine.networks.routes import Surveyor
from intertwine.networks.solve import Component, Leaf, Solved, solve
from intertwine.networks.spaces import leaves
from intertwine.networks.transformation import Move, Transformation

SPREAD = 0.5
_CUT = 3.0


@dataclass(frozen=True)
class NetworkSpace:
    """A space of channels on which the group acts.

    Attributes
    ----------
    name
        The first tensor axis that lies in it.
    width
        The number of channels, for one index of the spaces it lies over.
    copies
        The number of those indices: every one has an element of its own.
    kind
        The kind of the group, as for activations.
    axes
        Pairs of a tensor and one of its axes.
    dimension
        The dimension of the continuous part on this space alone.
    operations
        The kinds of operations that touch it, in the order of the network.
    """

    name: str
    width: int
    copies: int
    kind: str
    axes: tuple[tuple[str, int], ...]
    dimension: int
    operations: tuple[str, ...] = ()


class ParameterSymmetry:
    """The group that acts on the weights of a network and leaves its function unchanged.

    Built by :meth:`Architecture.symmetry`.

    Attributes
    ----------
    spaces : tuple of NetworkSpace
        What the group acts on, and how.
    dimension : int
        The dimension of the continuous part, as a group of transformations of the weights.
    log10_discrete_order : float
        The decimal logarithm of the number of connected components.
    frozen : tuple of (str, str)
        Operations that let spaces not move, each with the reason (inputs, outputs, places in kernels, rows left out).
    not_understood : tuple of (str, str)
        Those of them that were not understood.
    parameters : int
        The number of entries of the weights that the outputs depend on.
    moving_parameters : int
        How many of them lie on at least one axis that moves.
    """

    def __init__(self, reading: Reading) -> None:
        solved = solve(reading)
        numbers = {key: k for k, key in enumerate(solved.leaves)}
        self.leaves: tuple[Leaf, ...] = tuple(solved.leaves.values())
        self.chains: tuple[tuple[int, ...], ...] = tuple(
            tuple(numbers[id(s)] for s in leaf.chain) for leaf in self.leaves
        )
        self._homes: dict[Component, int] = {c: k for k, leaf in enumerate(self.leaves) for c in leaf.components}
        self.plans: dict[str, Plan] = plan_weights(solved, numbers)
        dense = [f for plan in self.plans.values() for f in _factors(plan)
                 if f.leaf is not None and self.leaves[f.leaf].dense]
        self.gain_names = tuple(dict.fromkeys(name for f in dense for name, _ in f.gains))
        self.routes = Surveyor(self.leaves, self.chains, self.component).routes(self.plans)
        self.shapes = {name: tuple(w.shape) for name, w in reading.weights.items() if reading.consumers.get(name)}
        self.still_axes = still_axes(reading)
        self.frozen: tuple[tuple[str, str], ...] = tuple(dict.fromkeys(reading.frozen))
        self.not_understood: tuple[tuple[str, str], ...] = tuple(dict.fromkeys(reading.unknown))
        self._touched = _touched(solved)
        self._axes = _axes_of_leaves(self.plans, len(self.leaves))
        self._active = {k for k in range(len(self.leaves)) if self._axes[k] and not self.leaves[k].space.frozen}
        self.spaces = tuple(s for k in sorted(self._active) if (s := self._space(k)) is not None)
        self.dimension = sum(self._dimension(k) for k in self._active) - _idle(self)
        self.log10_discrete_order = sum(self._log10_components(k) for k in self._active)
        self.parameters = sum(_entries(shape) for shape in self.shapes.values())
        self.moving_parameters = sum(moving_entries(plan) for plan in self.plans.values())

    def passes_gains(self, name: str) -> bool:
        """Whether dense matrices on a weight are conjugated by gains."""
        return any(f.gains for f in _factors(self.plans.get(name, ())) if f.leaf is not None)

    def component(self, v: int, j: int) -> tuple[int, Leaf]:
        """The leaf on which a component of a scale variable lives, with its number."""
        number = self._homes[v, j]
        return number, self.leaves[number]

    @property
    def moving_leaves(self) -> tuple[int, ...]:
        """The numbers of the leaves on which something moves, in the order of :attr:`spaces`."""
        return tuple(k for k in sorted(self._active) if self._space(k) is not None)

    def space_of(self, k: int) -> NetworkSpace | None:
        """The space that a leaf is, by its number; None where nothing moves."""
        return self._space(k) if k in self._active else None

    def axes_of(self, k: int) -> tuple[tuple[str, int], ...]:
        """The axes of tensors that a leaf lies along, by its number."""
        return self._axes[k]

    def _dimension(self, k: int) -> int:
        leaf = self.leaves[k]
        return leaf.copies * (leaf.size * len(leaf.scales) + (leaf.dense.dimension if leaf.dense else 0))

    def _log10_components(self, k: int) -> float:
        leaf = self.leaves[k]
        each = leaf.size * len(leaf.signs) * math.log10(2)
        if leaf.dense or not leaf.space.pinned:
            groups = leaf.dense.log2_components * math.log(2) if leaf.dense else math.lgamma(leaf.size + 1)
            each += groups / math.log(10)
        return leaf.copies * each

    def _kind(self, k: int) -> str:
        leaf = self.leaves[k]
        if leaf.dense:
            return leaf.dense.kind
        if leaf.space.pinned:
            return "diagonal" if leaf.scales and leaf.signs else "positive diagonal" if leaf.scales else "sign changes"
        if leaf.scales and leaf.signs:
            return "monomial"
        return "positive-scaled permutation" if leaf.scales else "signed permutation" if leaf.signs else "permutation"

    def _space(self, k: int) -> NetworkSpace | None:
        leaf = self.leaves[k]
        if (leaf.size == 1 or leaf.space.pinned) and not leaf.scales and not leaf.signs:
            return None
        axes = self._axes[k]
        name = f"{axes[0][0]}:{axes[0][1]}"
        touched = self._touched.get(k, ())
        return NetworkSpace(name, leaf.size, leaf.copies, self._kind(k), axes, self._dimension(k), touched)

    def identity(self) -> Transformation:
        """The identity element."""
        return Transformation(self, tuple(self._move(k, None, 0.0) for k in range(len(self.leaves))))

    def sample(self, rng: np.random.Generator, spread: float = SPREAD) -> Transformation:
        """A random element: uniform permutations, signs and orthogonal matrices, rescalings near one.

        Parameters
        ----------
        rng : numpy.random.Generator
            The source of randomness.
        spread : float
            The standard deviation of the logarithms of scales (and of singular values), cut at three.

        Examples
        --------
        >>> from intertwine.networks import Architecture
        >>> net = Architecture()
        >>> h = net.activation(net.linear(net.input("x", (None, 2)), net.weight("W", (5, 2))), "relu")
        >>> _ = net.output(net.linear(h, net.weight("V", (1, 5))))
        >>> symmetry = net.symmetry()
        >>> g = symmetry.sample(np.random.default_rng(0))
        >>> sorted(g.apply({"W": np.ones((5, 2)), "V": np.ones((1, 5))}))
        ['V', 'W']
        """
        return Transformation(self, tuple(self._move(k, rng, spread) for k in range(len(self.leaves))))

    def _move(self, k: int, rng: np.random.Generator | None, spread: float) -> Move:
        leaf = self.leaves[k]
        shape = (*(self.leaves[m].size for m in self.chains[k]), leaf.size)
        still_permutation = np.broadcast_to(np.arange(leaf.size), shape).copy()
        logs, signs = np.zeros((len(leaf.scales), *shape)), np.zeros((len(leaf.signs), *shape), dtype=bool)
        matrix = np.broadcast_to(np.eye(leaf.size), (*shape, leaf.size)).copy() if leaf.dense else None
        if rng is None or leaf.space.frozen:
            return Move(still_permutation, logs, signs, matrix)
        permutation = still_permutation if leaf.dense or leaf.space.pinned else rng.permuted(still_permutation, axis=-1)
        logs = spread * np.clip(rng.standard_normal(logs.shape), -_CUT, _CUT)
        signs = rng.integers(0, 2, signs.shape).astype(bool)
        if matrix is not None and leaf.dense is not None:
            for index in np.ndindex(shape[:-1]):
                matrix[index] = leaf.dense.sample(rng, spread)
        return Move(permutation, logs, signs, matrix)

    def apply(self, g: Transformation, weights: Mapping[str, Any], inplace: bool = False) -> dict[str, Any]:
        """The moved weights; see :meth:`Transformation.apply`."""
        return g.apply(weights, inplace)

    def apply_all(self, elements: Transformation | Sequence[Transformation], models: Sequence[Mapping[str, Any]],
                  executor: Executor | None = None) -> list[dict[str, Any]]:
        """The moved weights of several models.

        Parameters
        ----------
        elements : Transformation or sequence of Transformation
            One for every model, or the same for all.
        models : sequence of mappings
            The weights of each model.
        executor : concurrent.futures.Executor, optional
            Any executor, Dask's among them; by default the models are moved one after the other in this process. The
            result does not depend on it.

        Examples
        --------
        >>> from concurrent.futures import ThreadPoolExecutor
        >>> from intertwine.networks import Architecture
        >>> net = Architecture()
        >>> h = net.activation(net.linear(net.input("x", (None, 2)), net.weight("W", (5, 2))), "relu")
        >>> _ = net.output(net.linear(h, net.weight("V", (1, 5))))
        >>> symmetry, rng = net.symmetry(), np.random.default_rng(0)
        >>> models = [{"W": rng.normal(size=(5, 2)), "V": rng.normal(size=(1, 5))} for _ in range(3)]
        >>> elements = [symmetry.sample(rng) for _ in models]
        >>> with ThreadPoolExecutor() as executor:
        ...     moved = symmetry.apply_all(elements, models, executor)
        >>> len(moved)
        3
        """
        given = one_each(elements, len(models))
        return run_all(Transformation.apply, list(zip(given, models, strict=True)), executor)

    @overload
    def perm_spec(self, format: Literal["git-re-basin"] = "git-re-basin") -> PermutationSpec: ...

    @overload
    def perm_spec(self, format: Literal["unf"]) -> dict[str, tuple[int, ...]]: ...

    def perm_spec(self, format: str = "git-re-basin") -> PermutationSpec | dict[str, tuple[int, ...]]:
        """The permutations alone, as other projects read them.

        Parameters
        ----------
        format : {"git-re-basin", "unf"}
            A pair ``perm_to_axes``, ``axes_to_perm`` with names such as ``P_0``, and None for axes that stay
            (Ainsworth et al., Git Re-Basin, arXiv 2209.04836); or an integer for every axis (Zhou et al., Universal
            Neural Functionals, arXiv 2402.05232), those that stay among them, as that format wants it.

        Returns
        -------
        PermutationSpec or dict

        Raises
        ------
        IntertwineError
            The format is not known.

        Notes
        -----
        Both formats give one permutation to a whole axis. A space that is only a part of some axis, such as one block
        of a concatenation or the channels of a flattened image, is left out.

        Examples
        --------
        >>> from intertwine.networks import Architecture
        >>> net = Architecture()
        >>> h = net.activation(net.linear(net.input("x", (None, 2)), net.weight("W", (5, 2))), "relu")
        >>> _ = net.output(net.linear(h, net.weight("V", (1, 5))))
        >>> net.symmetry().perm_spec().axes_to_perm
        {'W': ('P_0', None), 'V': (None, 'P_0')}
        >>> net.symmetry().perm_spec("unf")
        {'W': (0, 1), 'V': (2, 0)}
        """
        if format == "git-re-basin":
            return git_re_basin(self)
        if format == "unf":
            return universal_neural_functional(self)
        raise IntertwineError(f"there is no format {format!r} of permutation specs: git-re-basin and unf are possible")

    def to_json(self) -> dict[str, Any]:
        """The object that ``intertwine network --json`` prints."""
        spaces = [{"name": s.name, "width": s.width, "copies": s.copies, "kind": s.kind,
                   "axes": [list(a) for a in s.axes]} for s in self.spaces]
        return {"schema": 1, "parameters": self.parameters, "moving_parameters": self.moving_parameters,
                "spaces": spaces, "dimension": self.dimension, "log10_discrete_order": self.log10_discrete_order,
                "frozen": [{"op": op, "reason": reason} for op, reason in self.frozen]}

    def explain(self) -> str:
        """The spaces in lines of text, with what touches each of them."""
        lines = [f"{len(self.spaces)} spaces; continuous dimension {self.dimension}; "
                 f"10^{self.log10_discrete_order:.1f} components; "
                 f"{self.moving_parameters} of {self.parameters} parameters on an axis that moves"]
        for s in self.spaces:
            width = f"{s.copies} x {s.width}" if s.copies > 1 else f"{s.width}"
            route = f": {_shortened(s.operations)}" if s.operations else ""
            lines.append(f"  {s.name}: {width} channels, {s.kind}{route}")
        for op, reason in self.frozen:
            unknown = "not understood, and " if (op, reason) in self.not_understood else ""
            lines.append(f"  {unknown}frozen: {op} ({reason})")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<symmetry of {len(self.plans)} tensors: {len(self.spaces)} spaces, dimension {self.dimension}>"


def _shortened(operations: tuple[str, ...], most: int = 8) -> str:
    shown = operations if len(operations) <= most else (*operations[: most - 1], "…", operations[-1])
    return " → ".join(shown)


def _entries(shape: tuple[Any, ...]) -> int:
    return math.prod(n for n in shape if isinstance(n, int))


def _factors(plan: Any) -> list[Factor]:
    found: list[Factor] = []
    for axis in plan:
        for part in axis:
            for f in part:
                found += _factors((f.nested,)) if f.nested else [f]
    return found


def moving_entries(plan: Plan) -> int:
    """Entries of a weight on at least one moving axis."""
    total, idle = 1, 1
    for axis in plan:
        size = sum(part_size(part) for part in axis)
        total *= size
        idle *= sum(part_size(part) for part in axis if still((part,)))
    return total - idle


def _axes_of_leaves(plans: Mapping[str, Plan], count: int) -> list[tuple[tuple[str, int], ...]]:
    found: list[dict[tuple[str, int], None]] = [{} for _ in range(count)]
    for name, plan in plans.items():
        for k, axis in enumerate(plan):
            for f in _factors((axis,)):
                if f.leaf is not None:
                    found[f.leaf][name, k] = None
    return [tuple(axes) for axes in found]


def _touched(solved: Solved) -> dict[int, tuple[str, ...]]:
    """What the operations that read each leaf are called, each one once for every run of equal ones."""
    numbers = {key: k for k, key in enumerate(solved.leaves)}
    found: dict[int, list[str]] = {}
    for label, signals in solved.reading.trail:
        here = {numbers[id(leaf)] for s in signals for axis in s.axes or () for block in axis
                for leaf in leaves(block.refs) if id(leaf) in numbers}
        for k in here:
            if found.setdefault(k, [])[-1:] != [label]:
                found[k].append(label)
    return {k: tuple(labels) for k, labels in found.items()}


def _idle(symmetry: ParameterSymmetry) -> int:
    """The dimension of the rescalings that leave all weights as they are: constant ones that cancel."""
    unknowns: dict[tuple[int, int], None] = {}
    for k in sorted(symmetry._active):
        leaf = symmetry.leaves[k]
        for i in range(len(leaf.scales)):
            unknowns[k, i] = None
        if leaf.dense and leaf.dense.scalars:
            unknowns[k, -1] = None
    rows = []
    for plan in symmetry.plans.values():
        for combination in _combinations(plan):
            row: dict[tuple[int, int], Fraction] = {}
            for f in combination:
                _add_constant(symmetry, f, row)
            if row:
                rows.append(row)
    return len(unknowns) - _rank(rows)


def _combinations(plan: Plan) -> list[list[Factor]]:
    found: list[list[Factor]] = [[]]
    for axis in plan:
        options = _leaf_parts(axis)
        found = [c + p for c in found for p in options]
    return found


def _leaf_parts(axis: Any) -> list[list[Factor]]:
    """The parts of an axis with nested ones unfolded."""
    found: list[list[Factor]] = []
    for part in axis:
        variants: list[list[Factor]] = [[]]
        for f in part:
            inner = _leaf_parts(f.nested) if f.nested else [[f]]
            variants = [v + i for v in variants for i in inner]
        found += variants
    return found


def _add_constant(symmetry: ParameterSymmetry, f: Factor, row: dict[tuple[int, int], Fraction]) -> None:
    if f.leaf is None:
        return
    leaf = symmetry.leaves[f.leaf]
    terms = f.scale
    if leaf.dense and not f.is_gain:
        terms = ()
        if leaf.dense.scalars:
            key = (f.leaf, -1)
            row[key] = row.get(key, Fraction(0)) + (-1 if f.dual else 1)
        for name, power in f.gains:
            gain = next(g for g in _factors(symmetry.plans[name]) if g.leaf is not None)
            for component, c in gain.scale:
                _add_term(symmetry, component, c * power, row)
    for component, c in terms:
        _add_term(symmetry, component, c, row)


def _add_term(symmetry: ParameterSymmetry, component: Component, c: Fraction,
              row: dict[tuple[int, int], Fraction]) -> None:
    number, leaf = symmetry.component(*component)
    for i, vector in enumerate(leaf.scales):
        if vector.get(component):
            row[number, i] = row.get((number, i), Fraction(0)) + c * vector[component]


def _rank(rows: list[dict[tuple[int, int], Fraction]]) -> int:
    pivots: dict[tuple[int, int], dict[tuple[int, int], Fraction]] = {}
    for given in rows:
        row = {k: v for k, v in given.items() if v}
        while row:
            lead = min(row)
            if lead not in pivots:
                pivots[lead] = row
                break
            factor = row[lead] / pivots[lead][lead]
            for k, v in pivots[lead].items():
                value = row.get(k, Fraction(0)) - factor * v
                if value:
                    row[k] = value
                else:
                    row.pop(k, None)
    return len(pivots)


__all__ = ["IntertwineError", "NetworkSpace", "ParameterSymmetry"]
