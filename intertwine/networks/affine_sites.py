"""Where biases let more than linear maps pass an activation: σ(ax + c) = bσ(x) + d with c and d not 0.

The shift c has to be made by a bias before the activation and d to be undone by the biases of all that read it: so
these places are looked for in the graph, and only where nothing else sees the shifted tensors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from intertwine.errors import DerivationTimeout, IntertwineError
from intertwine.networks.interpreter import ACTIVATION_TIME, Reading, as_fraction
from intertwine.networks.operations import Operation, Weight
from intertwine.networks.reading import fresh_like, monomial, require, require_one, scaled
from intertwine.networks.spaces import Axis, Signal, is_fixed
from intertwine.terms import Term, X

if TYPE_CHECKING:
    from intertwine.affine_api import AffineIntertwinerGroup

Array = npt.NDArray[Any]
_TYPES = ("reflection", "translations", "dilations", "signed-dilations", "lattice", "dihedral")


@dataclass(frozen=True)
class Reader:
    """A linear layer behind a shift: the weight, the axis of it that is summed over, the bias that takes it."""

    weight: str
    axis: int
    bias: str


@dataclass(frozen=True)
class Site:
    """A place where shifts pass: before, with which bias they are made, and who undoes them.

    Attributes
    ----------
    name
        The activation, or the linear layer whose output nothing but linear layers reads.
    bias
        The bias that makes the shift; empty where there is none.
    readers
        What undoes the shift behind the activation.
    group
        The affine intertwiners; None for the identity, for which every shift passes.
    """

    name: str
    bias: str
    readers: tuple[Reader, ...]
    group: AffineIntertwinerGroup | None = None

    @property
    def before(self) -> str:
        """The name under which the group acts on a vector that moves as the input of the activation."""
        return f"{self.name} (before)"

    @property
    def after(self) -> str:
        """The same for its output."""
        return f"{self.name} (after)"

    @property
    def period(self) -> float | None:
        """The least translation, for groups with a lattice of them."""
        found = None if self.group is None else self.group.scalars.period
        return None if found is None else float(found)

    def shifts(self, a: Array, b: Array, turns: Array | None) -> tuple[Array, Array]:
        """c and d of each channel, from a, b and how many periods it is translated by."""
        assert self.group is not None
        scalars, rule = self.group.scalars, self.group.psi.rule
        centre = 0.0 if scalars.centre is None else float(scalars.centre)
        c = centre * (1 - a)
        if scalars.type == "translations":
            return np.log(b) / float(rule.rate), float(rule.offset) * (1 - b)  # type: ignore[attr-defined]
        if hasattr(rule, "logarithm"):
            return c, float(rule.logarithm) * np.log(np.abs(a))
        if hasattr(rule, "degree"):
            return c, float(rule.offset) * (1 - b)  # type: ignore[attr-defined]
        mirror, step = rule.reflection, rule.generator  # type: ignore[attr-defined]
        d = np.where(a < 0, float(mirror.c), 0.0) if mirror is not None else np.zeros_like(a)
        if turns is not None:
            odd = turns % 2 != 0
            even = float(step.a) > 0
            c = c + turns * self.period
            d = d + turns * float(step.c) if even else np.where(odd, -d, d) + np.where(odd, float(step.c), 0.0)
        return c, d

    def parity(self, a: Array, b: Array) -> Array | None:
        """Which translations are by an odd number of periods; None where b does not tell."""
        assert self.group is not None
        rule: Any = self.group.psi.rule
        if self.period is None or float(rule.generator.a) > 0:
            return None
        mirrored = np.where(a < 0, -1.0 if rule.reflection is not None and float(rule.reflection.a) < 0 else 1.0, 1.0)
        return np.asarray(b * mirrored < 0)


class _Graph:
    """Who makes and who reads each tensor."""

    def __init__(self, operations: Sequence[Operation], weights: Mapping[str, Weight], outputs: Sequence[str]) -> None:
        self.weights = weights
        self.makers = {name: op for op in operations for name in op.outputs}
        self.readers: dict[str, list[Operation | None]] = {name: [None] for name in outputs}
        for op in operations:
            for name in filter(None, op.inputs):
                self.readers.setdefault(name, []).append(op)

    def vector(self, name: str) -> bool:
        """Whether a name is a weight along one axis that is used once."""
        weight = self.weights.get(name)
        return weight is not None and len(weight.shape) == 1 and len(self.readers.get(name, ())) == 1

    def added(self, op: Operation) -> tuple[str, str]:
        """A tensor and the vector that is added to it; empty names if the operation is something else."""
        if op.kind == "pointwise" and op.settings.get("function") == "add" and len(op.inputs) == 2:
            for x, bias in (op.inputs, op.inputs[::-1]):
                if self.vector(bias) and x not in self.weights:
                    return x, bias
        return "", ""

    def product(self, op: Operation, x: str) -> tuple[str, int, str] | None:
        """The weight of a linear layer that reads x, the axis summed over, and its bias."""
        if op.kind not in ("linear", "matmul") or len(op.inputs) < 2 or op.inputs[0] != x or op.inputs[1] == x:
            return None
        weight = self.weights.get(op.inputs[1])
        flags = op.settings.get("transposed", (False, False))
        if weight is None or len(weight.shape) != 2 or flags[0] or op.settings.get("weighted"):
            return None
        axis = 1 if op.kind == "linear" or flags[1] else 0
        return op.inputs[1], axis, op.inputs[2] if len(op.inputs) > 2 else ""

    def reader(self, op: Operation | None, x: str) -> Reader | None:
        """A linear layer with a bias that reads x along its last axis."""
        found = None if op is None else self.product(op, x)
        if op is None or found is None:
            return None
        weight, axis, bias = found
        if not bias:
            behind = self.readers.get(op.outputs[0], [])
            bias = self.added(behind[0])[1] if len(behind) == 1 and behind[0] is not None else ""
        fits = self.vector(bias) and self.weights[bias].shape[0] == self.weights[weight].shape[1 - axis]
        return Reader(weight, axis, bias) if fits else None

    def linear_readers(self, x: str) -> tuple[Reader, ...] | None:
        """All that reads x, if these are linear layers with biases of their own."""
        kept: list[Reader] = []
        for op in self.readers.get(x, ()):
            if op is not None and (op.kind == "identity" or op.settings.get("term") == X):
                behind = self.linear_readers(op.outputs[0])
                if behind is None:
                    return None
                kept += behind
                continue
            found = self.reader(op, x)
            if found is None:
                return None
            kept.append(found)
        return tuple(kept) if kept and len({r.bias for r in kept}) == len(kept) else None

    def own_bias(self, x: str) -> str:
        """The bias that was added last to x along its last axis, and to nothing else."""
        op = self.makers.get(x)
        if op is None:
            return ""
        given, bias = self.added(op)
        if bias and self.makers.get(given) is not None:
            made = self.makers[given]
            product = self.product(made, made.inputs[0]) if made.inputs else None
            fits = product is not None and self.weights[product[0]].shape[1 - product[1]] == self.weights[bias].shape[0]
            return bias if fits and len(self.readers.get(given, ())) == 1 else ""
        product = self.product(op, op.inputs[0]) if op.inputs else None
        if product is None or not self.vector(product[2]):
            return ""
        return product[2] if self.weights[product[2]].shape[0] == self.weights[product[0]].shape[1 - product[1]] else ""


def find_sites(operations: Sequence[Operation], weights: Mapping[str, Weight],
               outputs: Sequence[str]) -> dict[str, Site]:
    """The places where shifts pass, by the name of the activation or of the tensor that is shifted."""
    graph = _Graph(operations, weights, outputs)
    found: dict[str, Site] = {}
    for op in operations:
        if op.kind != "activation":
            continue
        group = _affine_group(op.settings["term"])
        if group is None:
            continue
        readers = graph.linear_readers(op.outputs[0])
        if readers is None:
            continue
        bias = graph.own_bias(op.inputs[0]) if len(graph.readers[op.inputs[0]]) == 1 else ""
        if bias or (group.type in ("reflection", "dilations", "signed-dilations") and group.scalars.centre == 0):
            found[op.name] = Site(op.name, bias, readers, group)
    for name in graph.makers:
        linear, bias = graph.linear_readers(name), graph.own_bias(name)
        if linear is not None and bias:
            found[name] = Site(name, bias, linear)
    return found


def _affine_group(term: Term) -> AffineIntertwinerGroup | None:
    """The affine intertwiners of an activation, if there are others than linear ones."""
    from intertwine.api import derive

    try:
        group = derive(term, timeout=ACTIVATION_TIME, affine=True)
    except (IntertwineError, DerivationTimeout):
        return None
    if group.type not in _TYPES or not group.unique:
        return None
    if group.scalars.period is None and group.type != "translations" and group.scalars.centre == 0:
        a: Any = 2 if group.type == "dilations" else -1
        if group.psi((a, 0)).c == 0 and (group.type != "signed-dilations" or group.psi((2, 0)).c == 0):
            return None  # linear intertwiners, for which no bias is needed
    return group


def pass_site(reading: Reading, site: Site, axis: Axis) -> Axis:
    """The axis of the channels after an activation whose shifts are taken up by biases."""
    assert site.group is not None
    reading.moved[site.before] = Signal((axis,))
    after = axis if is_fixed(axis) else _passed(reading, site, axis)
    reading.moved[site.after] = Signal((after,))
    return after


def _passed(reading: Reading, site: Site, axis: Axis) -> Axis:
    assert site.group is not None
    book, group = reading.book, site.group
    rule: Any = group.psi.rule
    monomial(axis)
    if group.type == "translations":  # exp: a shift before is a scale behind
        require_one(book, axis)
        fresh = fresh_like(book, axis)
        require_one(book, fresh, scale=False)
        return fresh
    if group.type in ("dilations", "signed-dilations"):
        if group.type == "dilations":
            require_one(book, axis, scale=False)
        power = as_fraction(rule.degree) if hasattr(rule, "degree") else Fraction(0)
        if power is None:
            require_one(book, axis, sign=False)
        return scaled(axis, power or Fraction(0), rule.sign if hasattr(rule, "degree") else 0)
    mirror = rule.reflection
    require_one(book, axis, sign=mirror is None)
    after = scaled(axis, Fraction(0), int(mirror is not None and mirror.a == -1))
    if site.period is None or rule.generator.a == 1:
        return after
    fresh = fresh_like(book, axis)  # the sign of a translation by one period
    require_one(book, fresh, sign=False)
    both = fresh_like(book, axis)
    require(book, (1, both), (-1, after), (-1, fresh))
    return both
