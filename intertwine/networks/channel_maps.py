"""Linear maps along the channels of one tensor, followed through a graph entry by entry.

A tensor is followed as an array of cells along its last axes: each cell is a linear combination of the channels of a
root, with coefficients that are products of labels. A label names an entry of a tensor, as a function of all other
axes; entries with equal labels are equal, since the graph computes them in the same way from the same entries, or from
columns of a constant tensor that are equal in every bit.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast

import numpy as np

from intertwine.networks.operations import Operation
from intertwine.networks.spaces import Size
from intertwine.terms import Term, X

#: A linear combination: what multiplies each channel, a sum of numbers times products of labels.
Cell = dict[tuple[int, tuple[Any, ...]], Fraction]
Shapes = Callable[[str], "Sequence[Size] | None"]
#: The columns of constant tensors along their last axis, equal ones with equal labels.
Tables = Mapping[str, Callable[[], Sequence[Hashable]]]

DEEPEST = 12
LARGEST = 4096


class Lost(Exception):
    """A chain that is no linear map along the channels of one tensor."""


@dataclass(frozen=True)
class Mixed:
    """A tensor whose last axes (those of ``cells``) hold linear combinations of the channels of a root."""

    lead: int
    cells: Any


@dataclass
class Followed:
    """A graph to be followed: who makes each tensor, its shape, what is a number, what the columns of a table are."""

    makers: dict[str, tuple[int, Operation]]
    shapes: Shapes
    numbers: Mapping[str, Any]
    tables: Tables
    #: Tensors that coefficients come from, with the number of their axes that lie along the channels.
    factors: dict[tuple[str, int], None] = field(default_factory=dict)

    def mixed(self, name: str, root: str, memo: dict[str, Mixed], passed: set[int]) -> Mixed:
        """A tensor in terms of the channels of the root."""
        if name == root:
            shape = cast("Sequence[Size]", self.shapes(root))
            return Mixed(len(shape) - 1, _cells([{(j, ()): Fraction(1)} for j in range(cast(int, shape[-1]))]))
        if name not in memo:
            k, operation = self.makers.get(name, (-1, None))
            step = None if operation is None else STEPS.get(operation.kind)
            if operation is None or step is None or len(memo) > 8 * DEEPEST:
                raise Lost
            memo[name] = step(self, operation, name, lambda n: self.mixed(n, root, memo, passed))
            if memo[name].cells.size > LARGEST:
                raise Lost
            passed.add(k)
        return memo[name]

    def labels(self, name: str, along: int, depth: int = 0) -> Any:
        """Labels of the entries along the last axes of a tensor: where they are equal, so are the entries."""
        number, shape = self.numbers.get(name), self.shapes(name)
        if number is not None:
            return _objects([("number", number.term)], (1,) * min(along, number.rank))
        if shape is None:
            raise Lost
        along = min(along, len(shape))
        last = tuple(shape[len(shape) - along :])
        if not all(isinstance(n, int) for n in last):
            raise Lost
        sizes = cast("tuple[int, ...]", last)
        if int(np.prod(sizes)) > LARGEST:
            raise Lost
        operation = self.makers[name][1] if name in self.makers else None
        if operation is not None and depth < DEEPEST and operation.kind in _LABELS:
            try:
                found = _LABELS[operation.kind](self, operation, name, along, depth + 1)
                return np.broadcast_to(found, sizes)
            except Lost:
                pass
        if name in self.tables and along == 1 and sizes:
            # Exporters store a table once for every use: what counts is what is in it, and how it is broadcast.
            lead = tuple(shape[:-1])
            while lead[:1] == (1,):
                lead = lead[1:]
            return _objects([("column", lead, label) for label in self.tables[name]()], sizes)
        return _objects([(name, index) for index in np.ndindex(sizes)], sizes)


def _objects(items: Sequence[Any], shape: tuple[int, ...]) -> Any:
    found = np.empty(len(items), dtype=object)
    for k, item in enumerate(items):
        found[k] = item
    return found.reshape(shape)


def _cells(items: Sequence[Cell]) -> Any:
    return _objects(items, (len(items),))


def data_of(operation: Operation) -> tuple[str, ...]:
    return operation.inputs[:1] if operation.kind not in ("pointwise", "concat") else operation.inputs


Step = Callable[[Followed, Operation, str, Callable[[str], Mixed]], Mixed]


def _same(search: Followed, op: Operation, name: str, of: Callable[[str], Mixed]) -> Mixed:
    return of(op.inputs[0])


def _function(search: Followed, op: Operation, name: str, of: Callable[[str], Mixed]) -> Mixed:
    factor = _multiple(op.settings["term"])
    if factor is None:
        raise Lost
    given = of(op.inputs[0])
    return Mixed(given.lead, _SCALE(given.cells, factor))


def _multiple(term: Term) -> Fraction | None:
    """The number c if the term is written as c·x."""
    if term == X:
        return Fraction(1)
    if term.op == "mul" and len(term.args) == 2:
        numbers = [a for a in term.args if a.is_number]
        rest = [a for a in term.args if not a.is_number]
        inner = _multiple(rest[0]) if len(rest) == 1 else None
        return numbers[0].value * inner if numbers and inner is not None and numbers[0].value else None
    return None


def _combined(search: Followed, op: Operation, name: str, of: Callable[[str], Mixed]) -> Mixed:
    function = op.settings["function"]
    if function not in ("add", "sub", "mul", "div") or len(op.inputs) != 2:
        raise Lost
    if function in ("add", "sub"):
        first, second = (of(n) for n in op.inputs)
        if first.lead != second.lead or first.cells.shape != second.cells.shape:
            raise Lost
        return Mixed(first.lead, (_ADD if function == "add" else _SUBTRACT)(first.cells, second.cells))
    try:
        given, other = of(op.inputs[0]), op.inputs[1]
    except Lost:
        if function == "div":
            raise
        given, other = of(op.inputs[1]), op.inputs[0]
    along = given.cells.ndim
    labels = search.labels(other, along)
    try:
        if np.broadcast_shapes(labels.shape, given.cells.shape) != given.cells.shape:
            raise Lost
    except ValueError:
        raise Lost from None
    if other not in search.numbers:
        search.factors[other, along] = None
    return Mixed(given.lead, _TIMES(given.cells, labels, function == "div"))


def _slice(search: Followed, op: Operation, name: str, of: Callable[[str], Mixed]) -> Mixed:
    given = of(op.inputs[0])
    index = [slice(None)] * given.cells.ndim
    for place, (start, stop, step) in op.settings["ranges"].items():
        k = place % (given.lead + given.cells.ndim) - given.lead
        if k < 0 or not all(isinstance(n, int) for n in (start, stop, step)) or step <= 0:
            raise Lost
        index[k] = slice(start, stop, step)
    return Mixed(given.lead, given.cells[tuple(index)])


def _split(search: Followed, op: Operation, name: str, of: Callable[[str], Mixed]) -> Mixed:
    given = of(op.inputs[0])
    k = op.settings["axis"] % (given.lead + given.cells.ndim) - given.lead
    sizes = list(op.settings["sizes"])
    if k < 0 or not all(isinstance(n, int) for n in sizes):
        raise Lost
    place = op.outputs.index(name)
    start = sum(sizes[:place])
    return Mixed(given.lead, given.cells[(slice(None),) * k + (slice(start, start + sizes[place]),)])


def _select(search: Followed, op: Operation, name: str, of: Callable[[str], Mixed]) -> Mixed:
    given = of(op.inputs[0])
    k = op.settings["axis"] % (given.lead + given.cells.ndim) - given.lead
    if k < 0 or given.cells.ndim < 2:
        raise Lost
    return Mixed(given.lead, np.take(given.cells, op.settings["index"], axis=k))


def _unsqueeze(search: Followed, op: Operation, name: str, of: Callable[[str], Mixed]) -> Mixed:
    given = of(op.inputs[0])
    rank = given.lead + given.cells.ndim + len(op.settings["axes"])
    places = [p % rank - given.lead for p in op.settings["axes"]]
    if any(p < 0 for p in places):
        raise Lost
    return Mixed(given.lead, np.expand_dims(given.cells, tuple(places)))


def _squeeze(search: Followed, op: Operation, name: str, of: Callable[[str], Mixed]) -> Mixed:
    given = of(op.inputs[0])
    if op.settings.get("axes") is None:
        raise Lost
    places = [p % (given.lead + given.cells.ndim) - given.lead for p in op.settings["axes"]]
    if any(p < 0 or given.cells.shape[p] != 1 for p in places):
        raise Lost
    return Mixed(given.lead, np.squeeze(given.cells, tuple(places)))


def _concat(search: Followed, op: Operation, name: str, of: Callable[[str], Mixed]) -> Mixed:
    given = [of(n) for n in op.inputs]
    first = given[0]
    k = op.settings["axis"] % (first.lead + first.cells.ndim) - first.lead
    if k < 0 or any(m.lead != first.lead or m.cells.ndim != first.cells.ndim for m in given):
        raise Lost
    try:
        return Mixed(first.lead, np.concatenate([m.cells for m in given], axis=k))
    except ValueError:
        raise Lost from None


def _reshape(search: Followed, op: Operation, name: str, of: Callable[[str], Mixed]) -> Mixed:
    given = of(op.inputs[0])
    old, new = search.shapes(op.inputs[0]), search.shapes(name)
    if old is None or new is None or len(new) <= given.lead:
        raise Lost
    if list(old[: given.lead]) != list(new[: given.lead]) or None in new[: given.lead]:
        # Sizes that are not known agree where the entries along the channels have to be as many as before.
        if len([n for n in new[: given.lead] if not isinstance(n, int)]) > 1:
            raise Lost
        if [n for n in old[: given.lead] if isinstance(n, int)] != [n for n in new[: given.lead] if isinstance(n, int)]:
            raise Lost
        if [isinstance(n, int) for n in old[: given.lead]] != [isinstance(n, int) for n in new[: given.lead]]:
            raise Lost
    last = tuple(new[given.lead :])
    if not all(isinstance(n, int) for n in last) or int(np.prod(cast("tuple[int, ...]", last))) != given.cells.size:
        raise Lost
    return Mixed(given.lead, given.cells.reshape(last))


def _transpose(search: Followed, op: Operation, name: str, of: Callable[[str], Mixed]) -> Mixed:
    given = of(op.inputs[0])
    rank = given.lead + given.cells.ndim
    order = list(op.settings.get("order") or range(rank)[::-1])
    if order[: given.lead] != list(range(given.lead)):
        raise Lost
    return Mixed(given.lead, np.transpose(given.cells, [k - given.lead for k in order[given.lead :]]))


def _clean(cell: Cell) -> Cell:
    return {key: value for key, value in cell.items() if value}


def _plus(a: Cell, b: Cell, sign: int = 1) -> Cell:
    found = dict(a)
    for key, value in b.items():
        found[key] = found.get(key, Fraction(0)) + sign * value
    return _clean(found)


def _times(cell: Cell, label: Any, divided: bool) -> Cell:
    if isinstance(label, tuple) and label[0] == "number" and label[1].is_number and label[1].value:
        factor = 1 / label[1].value if divided else label[1].value
        return {key: value * factor for key, value in cell.items()}
    mark = ("1/", label) if divided else label
    return {(j, tuple(sorted((*labels, mark), key=repr))): value for (j, labels), value in cell.items()}


_SCALE = np.frompyfunc(lambda cell, factor: _clean({k: v * factor for k, v in cell.items()}), 2, 1)
_ADD = np.frompyfunc(_plus, 2, 1)
_SUBTRACT = np.frompyfunc(lambda a, b: _plus(a, b, -1), 2, 1)
_TIMES = np.frompyfunc(_times, 3, 1)

STEPS: dict[str, Step] = {
    "identity": _same, "activation": _function, "pointwise": _combined, "slice": _slice, "split": _split,
    "select": _select, "unsqueeze": _unsqueeze, "squeeze": _squeeze, "concat": _concat, "reshape": _reshape,
    "transpose": _transpose,
}  # fmt: skip


def _label_concat(search: Followed, op: Operation, name: str, along: int, depth: int) -> Any:
    rank = len(cast("Sequence[Size]", search.shapes(name)))
    k = op.settings["axis"] % rank - (rank - along)
    if k < 0:
        raise Lost
    return np.concatenate([search.labels(n, along, depth) for n in op.inputs], axis=k)


def _label_function(search: Followed, op: Operation, name: str, along: int, depth: int) -> Any:
    """A function entry by entry, or an operation on the other axes alone: it does the same to equal columns."""
    mark = op.settings["term"] if op.kind == "activation" else op.name
    parts = [search.labels(n, along, depth) for n in op.inputs if n]
    wrap = np.frompyfunc(lambda *labels: (mark, *labels), len(parts), 1)
    return wrap(*parts)


def _label_unchanged(search: Followed, op: Operation, name: str, along: int, depth: int) -> Any:
    return search.labels(op.inputs[0], along, depth)


def _label_axes(search: Followed, op: Operation, name: str, along: int, depth: int) -> Any:
    """New axes of length one, repetitions and reshapes of the last axes."""
    old, new = search.shapes(op.inputs[0]), search.shapes(name)
    if old is None or new is None:
        raise Lost
    if op.kind == "unsqueeze":
        places = {p % len(new) for p in op.settings["axes"]}
        inside = sorted(p - (len(new) - along) for p in places if p >= len(new) - along)
        if along - len(inside) > len(old):
            raise Lost
        found = np.expand_dims(search.labels(op.inputs[0], along - len(inside), depth), tuple(inside))
        outside = tuple(sorted(p - len(new) for p in places if p < len(new) - along))
        return _marked(("new axes", *outside), found) if outside else found  # other axes lie elsewhere now
    if op.kind == "expand":
        if len(old) != len(new):
            raise Lost
        return search.labels(op.inputs[0], along, depth)
    lead = len(new) - along
    total = int(np.prod([n if isinstance(n, int) else 0 for n in new[lead:]]))
    for count in range(1, len(old) + 1):
        sizes = old[len(old) - count :]
        if all(isinstance(n, int) for n in sizes) and int(np.prod(cast("list[int]", list(sizes)))) == total:
            found = search.labels(op.inputs[0], count, depth).reshape([n for n in new[lead:] if isinstance(n, int)])
            return found if list(old[: len(old) - count]) == list(new[:lead]) else _marked(op.name, found)
    raise Lost


def _label_rows(search: Followed, op: Operation, name: str, along: int, depth: int) -> Any:
    """Rows of a table, or a range of them: each column is read in the same way."""
    shape = search.shapes(op.inputs[0])
    if shape is None:
        raise Lost
    places = op.settings["ranges"] if op.kind == "slice" else [op.settings.get("axis", 0)]
    if any(p % len(shape) >= len(shape) - along for p in places):
        raise Lost
    return _marked(op.name, search.labels(op.inputs[0], along, depth))


def _marked(mark: Hashable, labels: Any) -> Any:
    """Labels of the entries after an operation on the other axes."""
    return np.frompyfunc(lambda label: (mark, label), 1, 1)(labels)


_LABELS: dict[str, Callable[[Followed, Operation, str, int, int], Any]] = {
    "concat": _label_concat, "activation": _label_function, "pointwise": _label_function, "identity": _label_unchanged,
    "unsqueeze": _label_axes, "expand": _label_axes, "reshape": _label_axes, "slice": _label_rows,
    "embedding": _label_rows, "select": _label_rows,
}  # fmt: skip


def columns(array: Any) -> list[tuple[str, bytes]]:
    """Labels of the columns of an array along its last axis: equal if and only if the columns are, in every bit."""
    turned = np.ascontiguousarray(np.moveaxis(np.asarray(array), -1, 0))
    return [(turned.dtype.str, turned[k].tobytes()) for k in range(turned.shape[0])]
