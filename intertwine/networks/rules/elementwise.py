"""Functions that act entry by entry, of one or several tensors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from intertwine.networks.interpreter import NotUnderstood, Number, Pending, Reading, Value
from intertwine.networks.operations import FUNCTIONS, Operation
from intertwine.networks.reading import (
    added,
    combined,
    monomial,
    multiplied,
    only_permutations,
    require_one,
)
from intertwine.networks.spaces import (
    Axis,
    Block,
    Ref,
    Signal,
    add_gains,
    axis_size,
    find,
    fixed,
    freeze_axis,
    freeze_signal,
    is_fixed,
    unscaled_axis,
)
from intertwine.networks.unify import unify
from intertwine.terms import ONE, TRUE, ZERO, Term, X, piecewise

LARGEST_TERM = 4000


def activation(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """A known function of one tensor: the setting ``term``."""
    site = reading.sites.get(operation.name)
    if site is not None:
        signal = reading.signal(given[0])
        if signal.axes and not signal.pile:
            from intertwine.networks.affine_sites import pass_site

            term = cast(Term, operation.settings["term"])
            others = tuple(reading.activated(a, term) for a in signal.axes[:-1])
            return [Signal((*others, pass_site(reading, site, signal.axes[-1])))]
    return [_composed(reading, cast(Term, operation.settings["term"]), given[0])]


def _composed(reading: Reading, term: Term, value: Value | None) -> Value:
    if isinstance(value, Number):
        return Number(term.subs(value.term), value.rank)
    if isinstance(value, Pending) and value.term.size * term.size <= LARGEST_TERM:
        return Pending(value.root, term.subs(value.term))
    signal = reading.signal(value)
    return Pending(signal, term)


def pointwise(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """A function of several tensors, broadcast: one expression where they come from one tensor."""
    kind = cast(str, operation.settings["function"])
    build = FUNCTIONS.get(kind)
    composed = None if build is None else _as_one(build, given)
    if composed is not None:
        return [composed]
    if kind not in _PAIRS or len(given) != 2:
        return [_permuted(reading, given)]
    gain = _gain(reading, operation, given) if kind == "mul" else None
    if gain is not None:
        return [gain]
    return [broadcast(reading, given, _PAIRS[kind])]


def _as_one(build: Callable[..., Term], given: Sequence[Value | None]) -> Value | None:
    """The expression, if all that varies comes from one tensor."""
    roots = [v.root if isinstance(v, Pending) else v for v in given if isinstance(v, Pending | Signal)]
    if not roots:
        numbers = [v for v in given if isinstance(v, Number)]
        terms = [None if v is None else cast(Number, v).term for v in given]
        return Number(build(*terms), max((v.rank for v in numbers), default=0))
    root = roots[0]
    ranks = [v.rank for v in given if isinstance(v, Number)]
    if any(r is not root for r in roots) or root.axes is None or root.pile or max(ranks, default=0) > len(root.axes):
        return None
    terms = [None if v is None else v.term if isinstance(v, Number | Pending) else X for v in given]
    if sum(t.size for t in terms if t is not None) > LARGEST_TERM:
        return None
    return Pending(root, build(*terms))


def broadcast(reading: Reading, given: Sequence[Value | None],
              rule: Callable[[Reading, Axis, Axis], Axis]) -> Signal:
    """Two tensors axis by axis, aligned at the last one."""
    first, second = (reading.signal(v) for v in given)
    if first.axes is None or second.axes is None or first.pile or second.pile:
        raise NotUnderstood("the shapes of what goes in are not known")
    rank = max(len(first.axes), len(second.axes))
    padded = [(*(fixed(1) for _ in range(rank - len(s.axes or ()))), *(s.axes or ())) for s in (first, second)]
    return Signal(tuple(rule(reading, a, b) for a, b in zip(*padded, strict=True)))


def _add(reading: Reading, first: Axis, second: Axis) -> Axis:
    return added(reading.book, first, second)


def _mul(reading: Reading, first: Axis, second: Axis) -> Axis:
    return multiplied(reading.book, first, second)


def _div(reading: Reading, first: Axis, second: Axis) -> Axis:
    return multiplied(reading.book, first, second, -1)


def _extreme(reading: Reading, first: Axis, second: Axis) -> Axis:
    axis = added(reading.book, first, second, dense=False)
    require_one(reading.book, axis, scale=False)
    return axis


def _plain(reading: Reading, first: Axis, second: Axis) -> Axis:
    axis = added(reading.book, unscaled_axis(first), unscaled_axis(second), dense=False)
    only_permutations(reading.book, axis)
    return axis


def _prelu(reading: Reading, first: Axis, second: Axis) -> Axis:
    """A slope for each channel: positive scales pass, and the slopes are permuted."""
    only_permutations(reading.book, second)
    monomial(first)
    require_one(reading.book, first, scale=False)
    if axis_size(second) == 1 and axis_size(first) != 1:
        return first
    added(reading.book, unscaled_axis(first), unscaled_axis(second), dense=False)
    return first if axis_size(first) == axis_size(second) else fixed(None)


_PAIRS: dict[str, Callable[[Reading, Axis, Axis], Axis]] = {
    "add": _add, "sub": _add, "mul": _mul, "div": _div, "max": _extreme, "min": _extreme, "prelu": _prelu,
}  # fmt: skip


def _permuted(reading: Reading, given: Sequence[Value | None]) -> Signal:
    """Any function of several tensors entry by entry: equal permutations of all of them."""
    signals = [reading.signal(v) for v in given if v is not None]
    for signal in signals:
        for axis in signal.axes or ():
            only_permutations(reading.book, axis)
    found = signals[0]
    for other in signals[1:]:
        found = broadcast(reading, (found, other), _plain)
    return Signal(None if found.axes is None else tuple(unscaled_axis(a) for a in found.axes))


def where(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """One of two tensors, entry by entry."""
    if len(given) != 3:
        raise NotUnderstood("a choice has a condition and two values")
    condition_term = _condition(given[0])
    if condition_term is not None:
        cases = _as_one(lambda c, a, b: piecewise((a, condition_term), (b, TRUE)), given)
        if cases is not None:
            return [cases]
    chosen = broadcast(reading, given[1:], lambda r, a, b: added(r.book, a, b, dense=False))
    condition = reading.signal(given[0])
    for axis in condition.axes or ():
        only_permutations(reading.book, axis)
    return [broadcast(reading, (chosen, condition), _conditioned)]


def choice(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """One of two tensors as a whole, by a condition on which nothing moves: what moves one moves the other alike."""
    first, second = (reading.signal(v) for v in given[:2])
    if first.axes is None or second.axes is None or first.pile or second.pile or len(first.axes) != len(second.axes):
        raise NotUnderstood("the branches make tensors of different or unknown shapes")
    freeze_signal(reading.signal(given[2]), "this decides which of two tensors is used as a whole")
    return [Signal(tuple(_either(reading, a, b) for a, b in zip(first.axes, second.axes, strict=True)))]


def _either(reading: Reading, first: Axis, second: Axis) -> Axis:
    size = axis_size(first)
    if size is None or size != axis_size(second):
        freeze_axis(first, "the branches make axes whose sizes are not known to agree")
        freeze_axis(second, "the branches make axes whose sizes are not known to agree")
        return fixed(None)
    return added(reading.book, first, second)


def _condition(value: Value | None) -> Term | None:
    """The comparison that a tensor of truth values stands for."""
    if not isinstance(value, Pending) or value.term.op != "piecewise":
        return None
    one, condition, zero, otherwise = value.term.args if len(value.term.args) == 4 else (None,) * 4
    return condition if (one, zero, otherwise) == (ONE, ZERO, TRUE) else None


def _conditioned(reading: Reading, values: Axis, condition: Axis) -> Axis:
    """The axis of values after a condition along it: scales pass, since the condition is no number."""
    if axis_size(values) == axis_size(condition) is not None:
        added(reading.book, unscaled_axis(values), unscaled_axis(condition), dense=False)
        return values
    if axis_size(condition) == 1 and axis_size(values) is not None:
        return values
    only_permutations(reading.book, values)
    return added(reading.book, values, condition, dense=False)


def _gain(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> Signal | None:
    """A weight times a signal, along its last axis: dense elements pass by conjugation with the weight."""
    for i in (0, 1):
        name, other = operation.inputs[i], operation.inputs[1 - i]
        if name in reading.weights and reading.consumers.get(name) == 1 and other not in reading.weights:
            return gained(reading, reading.signal(given[1 - i]), name)
    return None


def gained(reading: Reading, signal: Signal, name: str) -> Signal | None:
    """A signal times a weight along one of its axes; None if the weight does not lie along one axis."""
    gain = reading.weight(name)
    if signal.axes is None or gain.axes is None or signal.pile or len(gain.axes) > len(signal.axes):
        return None
    offset = len(signal.axes) - len(gain.axes)
    long = [k for k, a in enumerate(gain.axes) if axis_size(a) != 1]
    if len(long) != 1 or axis_size(signal.axes[offset + long[0]]) != axis_size(gain.axes[long[0]]):
        return None
    place, axis = offset + long[0], gain.axes[long[0]]
    found = list(signal.axes)
    for k, other in enumerate(gain.axes):
        if k != long[0]:
            found[offset + k] = multiplied(reading.book, signal.axes[offset + k], other)
    found[place] = gained_axis(reading, signal.axes[place], name, axis)
    return Signal(tuple(found))


def gained_axis(reading: Reading, axis: Axis, name: str, gain: Axis) -> Axis:
    """One axis times a gain along it."""
    weight = reading.weights[name]
    single = len(axis) == 1 and len(axis[0].refs) == 1 and find(axis[0].refs[0]).space.shape is None
    if is_fixed(axis) or not single or weight.nonzero is False or reading.consumers.get(name) != 1:
        return multiplied(reading.book, axis, gain)
    before = axis[0].refs[0]
    unify(axis, gain)
    reading.gains[name] = gain
    ref = find(before)
    conjugated = Ref(ref.space, ref.dual, add_gains(ref.gains, ((name, 1),)))
    both = combined(reading.book, axis, gain)
    return (Block((conjugated,), both[0].form),)
