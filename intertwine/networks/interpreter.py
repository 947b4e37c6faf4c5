"""Walking through the operations of a network, and tying the spaces of its tensors together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from intertwine.calculus.budget import check
from intertwine.errors import DerivationTimeout, IntertwineError
from intertwine.networks.channel_maps import Tables
from intertwine.networks.operations import Operation, Weight
from intertwine.networks.reading import (
    fresh_axis,
    monomial,
    only_permutations,
    opaque,
    require_one,
    scaled,
)
from intertwine.networks.rotations import find_rotations
from intertwine.networks.spaces import (
    NO_REASON,
    Axis,
    Book,
    Ref,
    Signal,
    Size,
    Space,
    Unknown,
    axis_size,
    fixed,
    freeze_signal,
    is_fixed,
    leaves,
    unscaled_axis,
)
from intertwine.terms import Term, X

if TYPE_CHECKING:
    from intertwine.networks.affine_sites import Site

ACTIVATION_TIME = 10.0
#: Operations that make tables of tables.
_KEEPS_TABLES = frozenset({"activation", "pointwise", "slice", "split", "select", "unsqueeze", "squeeze", "concat",
                           "reshape", "transpose", "expand", "identity", "embedding", "shape_only", "resample"})


@dataclass(frozen=True, eq=False)
class Pending:
    """A function of one signal, entry by entry, that has not been needed yet and may still be composed."""

    root: Signal
    term: Term


@dataclass(frozen=True)
class Number:
    """A known number, as a tensor with axes of length one."""

    term: Term
    rank: int = 0


Value = Signal | Pending | Number
#: A place where a reshape divides an axis: the operation, the first new axis, and the new axis that is cut off.
Division = tuple[str, int, int]


class Repile(Exception):
    """An outer index of a reshape has to be kept as an index: the reading starts again, knowing that."""

    def __init__(self, origin: tuple[str, int]) -> None:
        super().__init__(origin)
        self.origin = origin


class NotUnderstood(Exception):
    """What an operation does is not known; the message says why."""


class NotAllowed(NotUnderstood):
    """What an operation does is known, and nothing that it takes in can move."""


@dataclass
class Reading:
    """The state of one walk: values by name, the book of ties, what was frozen and why."""

    weights: dict[str, Weight]
    indices: frozenset[tuple[str, int]] = frozenset()
    #: Divisions of which the inner part does not move; the others, with their inner spaces.
    still: frozenset[Division] = frozenset()
    divisions: dict[Division, Space] = field(default_factory=dict)
    consumers: dict[str, int] = field(default_factory=dict)
    book: Book = field(default_factory=Book)
    values: dict[str, Value] = field(default_factory=dict)
    moved: dict[str, Signal] = field(default_factory=dict)
    #: Every signal that was produced, to be looked at in the end.
    signals: list[Signal] = field(default_factory=list)
    #: Weights that scale a space entry by entry, by name, with the block that they lie along.
    gains: dict[str, Axis] = field(default_factory=dict)
    frozen: list[tuple[str, str]] = field(default_factory=list)
    #: Those of them that were not understood.
    unknown: list[tuple[str, str]] = field(default_factory=list)
    #: Tables: weights, and what is made of them and of numbers entry by entry. Their axes are positions where they are
    #: read off, and channels only where they are contracted or tied to some.
    tables: set[str] = field(default_factory=set)
    #: The operation that is being read, and the one at which each signal was kept.
    current: str = ""
    kept_at: dict[int, str] = field(default_factory=dict)
    #: What each operation is called, with the signals that it reads.
    trail: list[tuple[str, tuple[Signal, ...]]] = field(default_factory=list)
    activations: dict[Term, object] = field(default_factory=dict)
    #: Activations at which biases take up shifts, by the name of the operation.
    sites: Mapping[str, Site] = field(default_factory=dict)

    def weight(self, name: str) -> Signal:
        """The signal of a weight, the same for every use."""
        signal = self.moved.get(name)
        if signal is None:
            signal = Signal(tuple(fresh_axis(self.book, n) for n in self.weights[name].shape))
            self.moved[name] = signal
            self.keep(signal)
        return signal

    def keep(self, signal: Signal) -> None:
        """Remember a signal: all of them are looked at in the end."""
        self.signals.append(signal)
        self.kept_at.setdefault(id(signal), self.current)

    def value(self, name: str) -> Value | None:
        """The value of a name; None for an input that is left out."""
        if not name:
            return None
        if name in self.values:
            return self.values[name]
        if name in self.weights:
            return self.weight(name)
        raise IntertwineError(f"the tensor {name!r} is used before it is made")

    def shape(self, name: str) -> list[Size] | None:
        """The sizes of the axes of a tensor, as far as they are known."""
        if name in self.weights:
            return list(self.weights[name].shape)
        value = self.values.get(name)
        if isinstance(value, Pending):
            value = value.root
        if not isinstance(value, Signal) or value.axes is None:
            return None
        return [axis_size(a) for a in value.axes]

    def signal(self, value: Value | None) -> Signal:
        """A value as a signal; a pending function is derived now."""
        if value is None:
            raise NotUnderstood("an input is missing")
        if isinstance(value, Number):
            return opaque([1] * value.rank)
        return self.forced(value) if isinstance(value, Pending) else value

    def forced(self, pending: Pending) -> Signal:
        """The signal after a function that acts entry by entry: its group is derived, if anything moves."""
        root, term = pending.root, pending.term
        if term == X:
            return root
        if root.axes is None or root.pile:
            freeze_signal(root, "a function of channels that are not known well enough")
            return opaque(None) if root.axes is None else Signal(tuple(unscaled_axis(a) for a in root.axes))
        if all(is_fixed(a) for a in root.axes):
            return Signal(tuple(unscaled_axis(a) for a in root.axes))
        signal = Signal(tuple(self.activated(a, term) for a in root.axes))
        self.keep(signal)
        return signal

    def activated(self, axis: Axis, term: Term) -> Axis:
        """One axis after a function that acts entry by entry."""
        if is_fixed(axis):
            return unscaled_axis(axis)
        group = self.group(term)
        if group is None:
            only_permutations(self.book, axis)
            return unscaled_axis(axis)
        if group.kind == "general linear":
            if group.unique:
                return axis  # multiplication by a number
            only_permutations(self.book, axis)
            return unscaled_axis(axis)
        monomial(axis)
        scalars, power = group.scalars, as_fraction(group.chi.power) if group.chi.power is not None else None
        if group.kind == "unit row sums" or scalars.type in ("trivial", "cyclic"):
            require_one(self.book, axis)
            return unscaled_axis(axis)
        if scalars.type in ("sign", "sign-cyclic") or power is None:
            signs = scalars.has_minus_one
            require_one(self.book, axis, sign=not signs)
            return scaled(axis, Fraction(0), group.chi.sign)
        if scalars.type == "positive":
            require_one(self.book, axis, scale=False)
            return scaled(axis, power, 0)
        return scaled(axis, power, group.chi.sign)

    def group(self, term: Term):  # type: ignore[no-untyped-def]
        """The derived group of a function; None where nothing is derived, which leaves the permutations."""
        from intertwine.api import derive

        if term not in self.activations:
            try:
                found = derive(term, timeout=ACTIVATION_TIME)
            except (IntertwineError, DerivationTimeout):
                found = None
            self.activations[term] = found
        return self.activations[term]

    def is_table(self, name: str) -> bool:
        """Whether a tensor is a weight, or made of weights entry by entry."""
        return name in self.weights or name in self.tables

    def report(self, spaces: Sequence[Space], operation: str) -> None:
        """List what an operation has frozen of spaces that could move before; each leaf is listed once."""
        for space in spaces:
            for leaf in leaves((Ref(space),)):
                if (leaf.frozen or leaf.pinned) and leaf.why and leaf.blamed is None and leaf.size != 1:
                    leaf.blamed = operation
                    self.frozen.append((operation, str(leaf.why)))
                    if isinstance(leaf.why, Unknown):
                        self.unknown.append((operation, str(leaf.why)))


def as_fraction(power: object) -> Fraction | None:
    """A SymPy number as a fraction; None if it is none."""
    import sympy

    simple = sympy.nsimplify(power) if isinstance(power, sympy.Float) else power
    return Fraction(int(simple.p), int(simple.q)) if isinstance(simple, sympy.Rational) else None


def run(operations: Sequence[Operation], weights: dict[str, Weight], inputs: dict[str, tuple[Size, ...] | None],
        numbers: dict[str, Number], outputs: Sequence[str], tables: Tables | None = None,
        affine: bool = False) -> Reading:
    """Read a whole network: everything that its outputs depend on; ``affine`` lets biases take up shifts."""
    from intertwine.networks.affine_sites import find_sites

    operations = _needed(operations, outputs)
    indices: frozenset[tuple[str, int]] = frozenset()
    still: frozenset[Division] = frozenset()
    derived: dict[Term, object] = {}
    sites = find_sites(operations, weights, outputs) if affine else {}
    looked = False
    inherited: list[tuple[str, str]] = []
    while True:
        try:
            reading = _run_once(operations, weights, inputs, numbers, outputs, indices, still, derived, sites)
            if not looked:
                # The shapes are known now, so that chains of operations along the channels can be followed.
                looked = True
                found = find_rotations(operations, reading.shape, numbers, tables or {})
                if found != list(operations):
                    operations = _needed(found, outputs)
                    continue
            # A scale that lives on an inner part which turned out to be frozen could live on the outer one.
            more = {d for d, inner in reading.divisions.items() if all(w.frozen for w in leaves((Ref(inner),)))} - still
            if not more:
                reading.frozen += inherited
                return reading
            still |= more
            # The next reading leaves these parts still from the start, and meets no reason for it.
            inner_parts = [leaf for d in more for leaf in leaves((Ref(reading.divisions[d]),))]
            inherited += [(leaf.blamed, leaf.why) for leaf in inner_parts if leaf.blamed is not None]
        except Repile as wanted:
            if wanted.origin in indices:
                raise IntertwineError(f"the reshape {wanted.origin[0]!r} cannot be read") from None
            indices |= {wanted.origin}


def _needed(operations: Sequence[Operation], outputs: Sequence[str]) -> list[Operation]:
    """The operations that the outputs depend on, in their order."""
    wanted, found = set(outputs), []
    for operation in reversed(operations):
        if not wanted.isdisjoint(operation.outputs):
            found.append(operation)
            wanted.update(operation.inputs)
    return found[::-1]


def _run_once(operations: Sequence[Operation], weights: dict[str, Weight], inputs: dict[str, tuple[Size, ...] | None],
              numbers: dict[str, Number], outputs: Sequence[str], indices: frozenset[tuple[str, int]],
              still: frozenset[Division], derived: dict[Term, object], sites: Mapping[str, Site]) -> Reading:
    from intertwine.networks.rules import RULES

    reading = Reading(weights, indices, still, activations=derived, sites=sites)
    for operation in operations:
        for name in operation.inputs:
            reading.consumers[name] = reading.consumers.get(name, 0) + 1
    for name in outputs:
        reading.consumers[name] = reading.consumers.get(name, 0) + 1
    reading.values.update(numbers)
    for name, shape in inputs.items():
        reading.values[name] = opaque(shape)
    for operation in operations:
        check()
        reading.current = operation.name
        given = [reading.value(name) for name in operation.inputs]
        rule = RULES.get(operation.kind)
        free = [leaf for value in given for leaf in _free_leaves(value)]
        try:
            if rule is None:
                raise NotUnderstood(operation.settings.get("reason", "the operation is not known"))
            made = rule(reading, operation, given)
        except NotUnderstood as error:
            if free:
                reading.frozen.append((operation.name, str(error)))
                if not isinstance(error, NotAllowed):
                    reading.unknown.append((operation.name, str(error)))
            for value in given:
                _freeze_value(value)
            free = []
            shapes = operation.settings.get("shapes") or [None] * len(operation.outputs)
            made = [opaque(shape) for shape in shapes]
        reading.report(free, operation.name)
        if _makes_a_table(reading, operation, given):
            reading.tables.update(operation.outputs)
        read = (v.root if isinstance(v, Pending) else v for v in given)
        reading.trail.append((operation.shown, tuple(v for v in read if isinstance(v, Signal))))
        for name, value in zip(operation.outputs, made, strict=False):
            reading.values[name] = value
            if isinstance(value, Signal):
                reading.keep(value)
    for name in outputs:
        _freeze_value(reading.value(name))
    return reading


def _makes_a_table(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> bool:
    """Whether an operation makes a table of tables and of what is still."""
    sizes = reading.shape(operation.inputs[1]) if operation.kind == "matmul" else None
    if operation.kind not in _KEEPS_TABLES and not (sizes and sizes[-2:-1] == [1]):  # an outer product
        return False
    tables = [reading.is_table(name) for name in operation.inputs]
    return all(known or not _free_leaves(v) for known, v in zip(tables, given, strict=True))


def _free_leaves(value: Value | None) -> list[Space]:
    """The leaves of a value that may move."""
    if isinstance(value, Pending):
        value = value.root
    if not isinstance(value, Signal):
        return []
    here = [leaf for axis in value.axes or () for block in axis for leaf in leaves(block.refs) if not leaf.frozen]
    return here + [leaf for inner in value.pile for leaf in _free_leaves(inner)]


def _freeze_value(value: Value | None) -> None:
    if isinstance(value, Pending):
        value = value.root
    if isinstance(value, Signal):
        freeze_signal(value, NO_REASON)


__all__ = ["NotAllowed", "Number", "NotUnderstood", "Pending", "Reading", "Repile", "Value", "fixed", "run"]
