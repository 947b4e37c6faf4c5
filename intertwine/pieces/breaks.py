"""What an activation does at a located point: kinks, jumps, poles, single values, ends of the domain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from intertwine.pieces.limits import INFINITE, Limit, Side, one_sided
from intertwine.pieces.locations import Location, Outcome, Value, as_value, brief
from intertwine.pieces.strips import Cut, Strip, beside
from intertwine.terms import Term

Shown = Value | str | None
"""A number, "oo", "-oo", "none" (there is no limit: proved), or None (not known)."""


@dataclass(frozen=True)
class BreakPoint:
    """A located point at which an activation is not simply the expression of the piece around it.

    Attributes
    ----------
    point : Value
        Exact.
    kind : str
        ========== ====================================================================================
        kink       continuous, not differentiable: the slopes differ or are infinite
        smooth     continuous with equal slopes from both sides, but another expression
        continuous continuous; the slopes could not be compared
        jump       different limits from both sides
        value      both limits agree, the value is another one
        removable  undefined in the literal expression, filled in with the common limit
        pole       a limit is infinite
        hole       undefined, and none of the above is known
        end        the domain ends: undefined on one side
        isolated   defined, but undefined on both sides
        gap        undefined, like both sides
        wild       defined, but a limit from one side does not exist
        unknown    not decided
        ========== ====================================================================================
    value : Value or None
        The value there; None: undefined, or not known.
    left, right : Value, str or None
        Limits from both sides: exact, or ``"oo"``, ``"-oo"``, ``"none"`` (it has none), None (not known).
    slopes : tuple
        One-sided limits of the difference quotient, in the same form.
    defined : bool or None
        Whether the activation has a value there; None: not decided.
    """

    point: Value
    kind: str
    value: Value | None
    left: Shown = None
    right: Shown = None
    slopes: tuple[Shown, Shown] = (None, None)
    defined: bool | None = None

    def row(self) -> tuple[str, str]:
        """The place and what happens there, for a table."""
        near = "" if self.point.root is None else f" ≈ {float(self.point):.6g}"
        return f"x = {self.point}{near}", f"{self.kind}: {self._text()}"

    def _text(self) -> str:
        value = "undefined" if self.defined is False else f"value {self.value}" if self.value else "value not known"
        match self.kind:
            case "kink":
                return f"{value}, slopes {_of(self.slopes[0])} and {_of(self.slopes[1])}"
            case "smooth":
                return f"{value}, slope {_of(self.slopes[0])}"
            case "continuous" | "isolated" | "gap":
                return value
            case "removable":
                differ = None not in self.slopes and self.slopes[0] != self.slopes[1]
                slopes = f", slopes {self.slopes[0]} and {self.slopes[1]}" if differ else ""
                return f"filled in with {self.value}{slopes}"
            case "value":
                return f"{value}, limit {_of(self.left)}"
            case "end":
                limit = self.right if self.left is None else self.left
                return value if limit is None or limit == self.value else f"{value}, limit {_of(limit)}"
        if self.left is None and self.right is None:
            return value
        if self.left == "none" and self.right == "none":
            return f"{value}, no limit from either side"
        return f"{value}, limits {_of(self.left)} and {_of(self.right)}"

    def to_json(self) -> dict[str, Any]:
        """Plain data; numbers are exact text."""
        return {
            "point": repr(self.point), "kind": self.kind, "value": _text(self.value),
            "left": _text(self.left), "right": _text(self.right), "slopes": [_text(s) for s in self.slopes],
        }  # fmt: skip

    def __repr__(self) -> str:
        return ": ".join(self.row())


def _of(limit: Shown) -> str:
    return "(not known)" if limit is None else "(there is none)" if limit == "none" else str(limit)


def _text(limit: Shown) -> str | None:
    return limit if limit is None or isinstance(limit, str) else repr(limit)


def classify(cut: Cut, left: Strip, place: Location, right: Strip) -> BreakPoint:
    """The break point between two strips."""
    outcome = cut.outcome(place)
    sides = [_side(left, place, -1), _side(right, place, 1)]
    value = _shown(place, outcome.term)
    kind = _kind(place, outcome, sides)
    if kind == "removable" and sides[0] is not None and sides[0].finite is not None:
        value = _shown(place, sides[0].finite)
    limits = [None if s is None else _shown(place, s.limit) for s in sides]
    slopes = (None, None) if None in sides else tuple(_shown(place, s.slope) for s in sides if s is not None)
    defined = True if kind == "removable" else outcome.defined
    assert value is None or isinstance(value, Value)
    return BreakPoint(as_value(place.root), kind, value, limits[0], limits[1], (slopes[0], slopes[1]), defined)


def _side(strip: Strip, place: Location, side: int) -> Side | None:
    """Limit and slope from one side; None where the activation is undefined there."""
    near = list(dict.fromkeys(case.expression for case in beside(strip, place, side)))
    if near == [None]:
        return None
    found = [Side() if e is None else one_sided(e, place, side) for e in near]
    if len(found) == 1:
        return found[0]
    return Side(
        _common(place, [s.limit for s in found], "limit"), _common(place, [s.slope for s in found], "slope")
    )


def _common(place: Location, limits: list[Limit], what: str) -> Limit:
    """A limit shared by all the expressions between which the activation changes."""
    first = limits[0]
    if first in INFINITE and all(m == first for m in limits):
        return first
    if isinstance(first, Term) and all(isinstance(m, Term) and place.equal(first, m) for m in limits):
        return first
    return None


def _shown(place: Location, limit: Limit) -> Shown:
    if not isinstance(limit, Term):
        return limit
    value = place.value(limit)
    return value if brief(value.term) else None


def _kind(place: Location, outcome: Outcome, sides: list[Side | None]) -> str:
    left, right = sides
    if left is None and right is None:
        return {True: "isolated", False: "gap", None: "unknown"}[outcome.defined]
    if left is None or right is None:
        return "end"
    if outcome.defined is None:
        return "unknown"
    if left.limit in INFINITE or right.limit in INFINITE:
        return "pole"
    if outcome.defined and "none" in (left.limit, right.limit):
        return "wild"
    vague = "unknown" if outcome.defined else "hole"
    if left.finite is None or right.finite is None:
        return vague
    agree = place.equal(left.finite, right.finite)
    if not agree:
        return vague if agree is None else "jump"
    if outcome.term is None:
        return "removable"
    matches = place.equal(left.finite, outcome.term)
    if not matches:
        return "unknown" if matches is None else "value"
    return _smoothness(place, left.slope, right.slope)


def _smoothness(place: Location, left: Limit, right: Limit) -> str:
    if left in INFINITE or right in INFINITE:
        return "kink"
    if not isinstance(left, Term) or not isinstance(right, Term):
        return "continuous"
    agree = place.equal(left, right)
    return "continuous" if agree is None else "smooth" if agree else "kink"
