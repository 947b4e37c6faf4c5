"""Normalisations, sums along axes, pooling and softmax."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from intertwine.networks.interpreter import NotUnderstood, Pending, Reading, Value
from intertwine.networks.operations import Operation
from intertwine.networks.reading import (
    fresh_like,
    monomial,
    multiplied,
    ones_fixed,
    only_permutations,
    require,
    require_one,
    scaled,
    squares_kept,
)
from intertwine.networks.rules.contractions import axes_of, summarised, with_bias
from intertwine.networks.rules.elementwise import gained
from intertwine.networks.spaces import (
    NO_REASON,
    Axis,
    Signal,
    axis_size,
    fixed,
    freeze_axis,
    freeze_signal,
    is_fixed,
    unscaled_axis,
)
from intertwine.networks.unify import unify
from intertwine.terms import X, num

_MIXED = "entries along this axis are mixed or read off by their places"


def batch_norm(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """(x - mean)/√(variance + ε)·gain + bias along axis 1, with stored mean and variance; inputs in this order:
    x, gain, bias, mean, variance."""
    axes = axes_of(reading, given[0])
    if len(axes) < 2:
        raise NotUnderstood("a batch normalisation of a vector")
    channels = axes[1]
    for k, a in enumerate(axes):
        if k != 1:
            require_one(reading.book, a)
            monomial(a)
    monomial(channels)
    out = fresh_like(reading.book, channels)
    vectors = [None if v is None else axes_of(reading, v) for v in given[1:]]
    for v in vectors:
        if v is not None:
            if len(v) != 1 or axis_size(v[0]) != axis_size(channels):
                raise NotUnderstood("a parameter of a batch normalisation does not fit")
            unify(channels, v[0])
    gain, bias, mean, variance = vectors
    if mean is None or variance is None:
        raise NotUnderstood("a batch normalisation without stored statistics")
    require(reading.book, (1, mean[0]), (-1, channels))
    require_one(reading.book, variance[0])
    if gain is not None:
        require(reading.book, (1, gain[0]), (1, channels), (-1, out))
    else:
        require(reading.book, (1, channels), (-1, out))
    if bias is not None:
        require(reading.book, (1, bias[0]), (-1, out))
    return [Signal((axes[0], out, *axes[2:]))]


def _normalised(reading: Reading, axes: tuple[Axis, ...], places: set[int], centred: bool) -> tuple[Axis, ...]:
    summarised(reading, axes, places)
    for k, a in enumerate(axes):
        if is_fixed(a):
            continue
        if k not in places:
            only_permutations(reading.book, a)
        elif centred:
            ones_fixed(reading.book, a)
        else:
            squares_kept(reading.book, a)
        if len(places) > 1:
            monomial(a)
    return axes


def _with_gain_and_bias(reading: Reading, operation: Operation, axes: tuple[Axis, ...],
                        given: Sequence[Value | None]) -> Signal:
    signal = Signal(axes)
    if len(given) > 1 and given[1] is not None:
        name = operation.inputs[1]
        found = gained(reading, signal, name) if name in reading.weights else None
        if found is None:
            gain = axes_of(reading, given[1])
            pad = (*(fixed(1) for _ in range(len(axes) - len(gain))), *gain)
            found = Signal(tuple(multiplied(reading.book, a, b) for a, b in zip(axes, pad, strict=True)))
        signal = found
    if len(given) > 2 and given[2] is not None:
        signal = Signal(with_bias(reading, signal.axes or (), axes_of(reading, given[2])))
    return signal


def layer_norm(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """Layer normalisation over the setting ``axes``, with gain and bias."""
    axes = axes_of(reading, given[0])
    places = {k % len(axes) for k in operation.settings.get("axes", (-1,))}
    return [_with_gain_and_bias(reading, operation, _normalised(reading, axes, places, True), given)]


def rms_norm(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """Normalisation by the root mean square over the setting ``axes``, with a gain."""
    axes = axes_of(reading, given[0])
    places = {k % len(axes) for k in operation.settings.get("axes", (-1,))}
    return [_with_gain_and_bias(reading, operation, _normalised(reading, axes, places, False), given)]


def group_norm(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """Normalisation over space and groups of channels (axis 1); one channel a group: instance normalisation."""
    from intertwine.networks.rules.reshapes import divided

    axes = axes_of(reading, given[0])
    if len(axes) < 2:
        raise NotUnderstood("a group normalisation of a vector")
    channels, groups = axes[1], operation.settings.get("groups")
    size = axis_size(channels)
    for k, a in enumerate(axes):
        if k != 1:
            only_permutations(reading.book, a)
    monomial(channels)
    summarised(reading, axes, range(1 if groups == 1 or groups is not None and is_fixed(channels) else 2, len(axes)))
    if groups is None or groups == size:
        require_one(reading.book, channels, sign=False)
    elif not is_fixed(channels):
        require_one(reading.book, channels)
        if not isinstance(size, int) or size % groups:
            raise NotUnderstood("the groups of a normalisation do not fit")
        if groups != 1:
            outer, _ = divided(reading, channels, [groups, size // groups])
            summarised(reading, (axes[0], outer, *axes[2:]), range(2, len(axes)))
    signal = Signal(axes)
    rest = [fixed(1) for _ in axes[2:]]
    if len(given) > 1 and given[1] is not None:
        gain = (fixed(1), *axes_of(reading, given[1]), *rest)
        signal = Signal(tuple(multiplied(reading.book, a, b) for a, b in zip(axes, gain, strict=True)))
    if len(given) > 2 and given[2] is not None:
        signal = Signal(with_bias(reading, signal.axes or (), (*axes_of(reading, given[2]), *rest)))
    return [signal]


def softmax(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """Softmax and log-softmax, along the setting ``axes``."""
    axes = axes_of(reading, given[0])
    summarised(reading, axes, operation.settings["axes"])
    for a in axes:
        only_permutations(reading.book, a)
    return [Signal(tuple(unscaled_axis(a) for a in axes))]


_LINEAR = ("sum", "mean")
_HOMOGENEOUS = ("max", "min")
_NORMS = ("l1", "l2")


def reduce(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """A sum, mean, maximum … along the setting ``axes`` (all, if None)."""
    how = operation.settings["how"]
    value = given[0]
    squares = how == "sum_square"
    if isinstance(value, Pending) and how in _LINEAR and value.term in (X**2, X * X, X ** num(2)):
        value, squares = value.root, True
    axes = axes_of(reading, value)
    chosen = operation.settings.get("axes")
    places = set(range(len(axes))) if chosen is None else {k % len(axes) for k in chosen}
    if how == "l2" and len(places) == 1:
        squares = True
    found: list[Axis] = []
    for k, a in enumerate(axes):
        if k in places:
            if not is_fixed(a):
                _reduced(reading, a, how, squares, len(places))
            if operation.settings.get("keep", True):
                found.append(fixed(1))
        else:
            found.append(_beside(reading, a, how, squares))
    return [Signal(tuple(found))]


def _reduced(reading: Reading, axis: Axis, how: str, squares: bool, count: int) -> None:
    if squares:
        squares_kept(reading.book, axis)
    elif how in _LINEAR:
        ones_fixed(reading.book, axis)
    elif how in _NORMS:
        monomial(axis)
        require_one(reading.book, axis, sign=False)
    else:
        if how not in (*_HOMOGENEOUS, "product", "log_sum", "log_sum_exp"):
            raise NotUnderstood(f"the reduction {how} along an axis that moves")
        only_permutations(reading.book, axis)
    if count > 1:
        monomial(axis)


def _beside(reading: Reading, axis: Axis, how: str, squares: bool) -> Axis:
    """An axis that is not summed over."""
    if is_fixed(axis):
        return unscaled_axis(axis)
    if how in _LINEAR and not squares:
        return axis
    monomial(axis)
    if how in _HOMOGENEOUS:
        require_one(reading.book, axis, scale=False)
        return axis
    if how in _NORMS:
        return scaled(axis, Fraction(1), 0)
    if squares:
        return scaled(axis, Fraction(2), 0)
    only_permutations(reading.book, axis)
    return unscaled_axis(axis)


def pool(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """Pooling over the axes from 2 on: ``how`` is "max" or "average"."""
    axes = axes_of(reading, given[0])
    how = operation.settings["how"]
    for a in axes[2:]:
        freeze_axis(a, "pooling reads positions by their places")
    for a in axes[:2]:
        if how == "max":
            monomial(a)
            require_one(reading.book, a, scale=False)
        elif how != "average":
            only_permutations(reading.book, a)
    space = operation.settings.get("space") or [None] * (len(axes) - 2)
    found = Signal((*axes[:2], *(fixed(n) for n in space)))
    extra = [Signal(tuple(unscaled_axis(a) for a in (found.axes or ()))) for _ in operation.outputs[1:]]
    return [found, *extra]


def resample(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """Linear interpolation along some axes: the setting ``sizes`` has the new sizes by axis; other inputs say where."""
    for other in given[1:]:
        freeze_signal(reading.signal(other), "this says where entries are read off")
    axes = list(axes_of(reading, given[0]))
    why = NO_REASON if reading.is_table(operation.inputs[0]) else operation.settings.get("why", _MIXED)
    for place, size in operation.settings["sizes"].items():
        k = place % len(axes)
        freeze_axis(axes[k], why)
        axes[k] = fixed(size)
    return [Signal(tuple(axes))]


def pad(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """Padding along some axes, with zeros or entries of the signal unless ``constant`` is set."""
    axes = list(axes_of(reading, given[0]))
    for place, size in operation.settings["sizes"].items():
        k = place % len(axes)
        freeze_axis(axes[k], "padding puts entries beside others by their places")
        axes[k] = fixed(size)
    if operation.settings.get("constant"):
        for a in axes:
            only_permutations(reading.book, a)
    return [Signal(tuple(axes))]
