"""Operations of a network as data: what the readers write and the rules read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from intertwine.networks.spaces import Size
from intertwine.terms import ONE, ZERO, Term, apply, num, piecewise, power


@dataclass(frozen=True, eq=False)
class Operation:
    """One node of a network: an operation over named tensors.

    Attributes
    ----------
    name
        What reports call it.
    kind
        Which rule reads it, such as ``"matmul"`` or ``"pointwise"``; a kind without a rule freezes what it touches.
    inputs, outputs
        Names of tensors; an empty name is an input that is left out.
    settings
        What the rule needs to know beside the tensors.
    """

    name: str
    kind: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """What explanations call it."""
        return str(self.settings.get("shown") or self.settings.get("function") or self.kind).replace("_", " ")


@dataclass(frozen=True)
class Weight:
    """A tensor that the symmetry may move: its shape, and whether it is known to have no zero entry."""

    name: str
    shape: tuple[Size, ...]
    nonzero: bool | None = None


def number(value: float) -> Term:
    """A floating-point number as the rational number that it is."""
    return num(Fraction(value))


def _max(a: Term, b: Term) -> Term:
    return apply("Max", a, b)


def _min(a: Term, b: Term) -> Term:
    return apply("Min", a, b)


def _prelu(x: Term, slope: Term) -> Term:
    return _max(ZERO, x) + slope * _min(ZERO, x)


def _clip(x: Term, low: Term | None = None, high: Term | None = None) -> Term:
    if low is not None:
        x = _max(x, low)
    return x if high is None else _min(x, high)


def _compare(op: str, swap: bool = False) -> Callable[[Term, Term], Term]:
    def build(a: Term, b: Term) -> Term:
        return piecewise((ONE, Term(op, (b, a) if swap else (a, b))), (ZERO, Term("true")))

    return build


#: Functions of several numbers, entry by entry; all of them commute with permutations of the entries.
FUNCTIONS: dict[str, Callable[..., Term]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": power,
    "max": _max,
    "min": _min,
    "prelu": _prelu,
    "clip": _clip,
    "less": _compare("lt"),
    "less_equal": _compare("le"),
    "greater": _compare("lt", swap=True),
    "greater_equal": _compare("le", swap=True),
}
