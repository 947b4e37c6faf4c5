"""Recurrent layers: one step is read by the other rules, and what comes out is tied to what goes in.

The state before a step is a signal of which nothing is known; the step is made of slices of the stacked weights, matrix
products and the derived activations; then the new state is made equal to the old one. So whether signs pass, say,
follows from the step and is nowhere written down.
"""

from __future__ import annotations

from collections.abc import Sequence

from intertwine.networks.interpreter import NotUnderstood, Pending, Reading, Value
from intertwine.networks.operations import Operation
from intertwine.networks.reading import added, contracted, cut_axis, fresh_axis, multiplied, only_permutations, require
from intertwine.networks.rules.contractions import axes_of
from intertwine.networks.spaces import (
    NO_REASON,
    Axis,
    Block,
    Ref,
    Signal,
    Space,
    axis_size,
    find,
    freeze_axis,
    freeze_leaf,
    is_fixed,
)
from intertwine.networks.unify import unify
from intertwine.parsing import parse_term

_GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}
_SIGMOID, _TANH = parse_term("sigmoid"), parse_term("tanh")


def recurrent(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """LSTM, GRU or plain recurrent layer; inputs as in ONNX: x, W, R, B, lengths, first states.

    Settings: ``cell``, ``size`` (of the state), ``directions``, ``reset_first`` (of the GRU: whether the reset gate
    acts before the matrix product), ``gates`` (their order), ``activation`` (of the plain layer), ``started`` (whether
    first states other than 0 are given), and ``format`` "onnx" (outputs with an axis of directions) or "torch" (plain
    tensors: weights (rows, columns), biases in one vector, no axis of directions).
    """
    settings = operation.settings
    size, directions = settings.get("size"), settings.get("directions", 1)
    x = axes_of(reading, given[0])
    flat = settings.get("format") == "torch"
    sides = Space(directions, frozen=True)
    weights = [_matrix(reading, v, sides, flat) for v in (*given[1:4], None)[:3]]  # without biases, three inputs
    if len(x) != 3 or weights[0] is None or weights[1] is None or not isinstance(size, int):
        raise NotUnderstood("a recurrent layer of unknown shape")
    for value in given[4:]:
        if value is not None:
            for a in axes_of(reading, value):
                freeze_axis(a, "first states or lengths are given")
    for a in x[:2]:
        freeze_axis(a, "steps are read in their order")
    state = _step(reading, settings, x[-1], weights, size, (sides,) if directions > 1 else ())
    side = (Block((Ref(sides),)),)
    whole = (x[0], x[1], state) if flat else (x[0], side, x[1], state)
    last = (x[1], state) if flat else (side, x[1], state)
    return [Signal(whole), *(Signal(last) for _ in operation.outputs[1:])]


def _matrix(reading: Reading, value: Value | None, sides: Space, flat: bool) -> tuple[Axis, ...] | None:
    """A weight without its axis of directions; its rows are others for each direction."""
    if value is None:
        return None
    axes = axes_of(reading, value)
    if flat:
        return axes
    if axis_size(axes[0]) != sides.size:
        raise NotUnderstood("the directions of a recurrent layer do not fit")
    if sides.size != 1 and not is_fixed(axes[0]):
        side, rows = find(axes[0][0].refs[0]).space, find(axes[1][0].refs[0]).space
        if len(axes[0]) != 1 or side.shape is not None or len(axes[1]) != 1 or rows.shape is not None or rows.over:
            raise NotUnderstood("weights of a recurrent layer that are computed")
        freeze_leaf(side, NO_REASON)
        side.link = Ref(sides)
        rows.over = (sides,)
    freeze_axis(axes[0], NO_REASON)
    return axes[1:]


def _step(reading: Reading, settings: dict[str, object], x: Axis, weights: list[tuple[Axis, ...] | None], size: int,
          over: tuple[Space, ...]) -> Axis:
    """One step; the axis of the state."""
    cell = str(settings["cell"])
    count = _GATES[cell]
    w, r, b = weights
    assert w is not None and r is not None
    state, memory = fresh_axis(reading.book, size), fresh_axis(reading.book, size)
    for axis in (state, memory):
        axis[0].refs[0].space.over = over
    if settings.get("started"):  # a given first state does not move
        freeze_axis(state, "a first state is given")
        freeze_axis(memory, "a first state is given")
    rows, columns = cut_axis(reading.book, w[0], [size] * count), cut_axis(reading.book, r[0], [size] * count)
    biases = [None] * (2 * count) if b is None else cut_axis(reading.book, b[0], [size] * (2 * count))
    contracted(reading.book, x, w[1])
    contracted(reading.book, state, r[1])
    left = [_plus(reading, rows[k], biases[k]) for k in range(count)]
    right = [_plus(reading, columns[k], biases[count + k]) for k in range(count)]
    if cell == "LSTM":
        gates = [added(reading.book, p, q) for p, q in zip(left, right, strict=True)]
        order = settings.get("gates", "iofc")
        i, o, f = (_through(reading, gates[str(order).index(k)], _SIGMOID) for k in "iof")
        new = _through(reading, gates[str(order).index("c")], _TANH)
        kept = added(reading.book, _times(reading, f, memory), _times(reading, i, new))
        _tie(reading, memory, kept)
        found = _times(reading, o, _through(reading, memory, _TANH))
    elif cell == "GRU":
        order = str(settings.get("gates", "zrh"))
        sums = [added(reading.book, left[order.index(k)], right[order.index(k)]) for k in "zr"]
        z, reset = (_through(reading, s, _SIGMOID) for s in sums)
        k = order.index("h")
        if settings.get("reset_first"):
            # R·(r ∗ h): the product is taken before the matrix, so the gate has to move as the state does.
            unify(reset, state)
            only_permutations(reading.book, reset)
            inner = right[k]
        else:
            inner = _times(reading, reset, right[k])
        new = _through(reading, added(reading.book, left[k], inner), _TANH)
        only_permutations(reading.book, z)
        found = added(reading.book, _times(reading, z, new), _times(reading, z, state))
    else:
        found = _through(reading, added(reading.book, left[0], right[0]), settings.get("activation", _TANH))
    _tie(reading, state, found)
    if is_fixed(memory):
        freeze_axis(state, "the memory of the cell cannot move")
    return state


def _plus(reading: Reading, axis: Axis, bias: Axis | None) -> Axis:
    return axis if bias is None else added(reading.book, axis, bias)


def _times(reading: Reading, first: Axis, second: Axis) -> Axis:
    return multiplied(reading.book, first, second)


def _through(reading: Reading, axis: Axis, term: object) -> Axis:
    found = reading.forced(Pending(Signal((axis,)), term))  # type: ignore[arg-type]
    assert found.axes is not None
    return found.axes[0]


def _tie(reading: Reading, before: Axis, after: Axis) -> None:
    """The state after a step is the state before the next one."""
    unify(before, after)
    require(reading.book, (1, before), (-1, after))
