"""The domain of an activation as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intertwine.pieces.breaks import BreakPoint
from intertwine.pieces.conditions import Case, joined
from intertwine.pieces.locations import Value, as_value
from intertwine.pieces.strips import Cut, Strip
from intertwine.terms import ONE


@dataclass
class _Part:
    """An interval of the domain, or a point (both ends the same and closed)."""

    low: Value | None
    high: Value | None
    low_closed: bool = False
    high_closed: bool = False
    condition: str = ""

    def text(self) -> str:
        """The part as an inequality."""
        if self.low is not None and self.low == self.high:
            return f"x = {self.low}"
        below, above = "<=" if self.low_closed else "<", "<=" if self.high_closed else "<"
        if self.low is None and self.high is None:
            return self.condition
        if self.low is None:
            shown = f"x {above} {self.high}"
        elif self.high is None:
            shown = f"x {below.replace('<', '>')} {self.low}"
        else:
            shown = f"{self.low} {below} x {above} {self.high}"
        return f"{shown} and {self.condition}" if self.condition else shown


def describe_domain(cut: Cut, breaks: Sequence[BreakPoint]) -> str:
    """Where the activation is defined, in the order of the line.

    Examples
    --------
    >>> from intertwine.pieces import pieces
    >>> from intertwine.parsing import parse_term
    >>> for text in ("1/x", "log(x)", "asin(x)", "tan(x)", "gamma(x)"):
    ...     print(pieces(parse_term(text)).domain)
    x != 0
    x > 0
    -1 <= x <= 1
    where cos(x) != 0
    (x < 0 and sin(pi*x) != 0) or x > 0
    """
    conditions = [_condition(s) for s in cut.strips]
    inside = {b.point: b.defined for b in breaks}
    open_questions = [f"x = {point}" for point, defined in inside.items() if defined is None]
    note = f" ({', '.join(open_questions)} not decided)" if open_questions else ""
    between = [as_value(s.high) for s in cut.strips if s.high is not None]
    if all(c == "" for c in conditions):
        gaps = [f"x != {p}" for p in between if not inside.get(p, False)]
        return (" and ".join(gaps) or "all real numbers") + note
    if len(cut.strips) == 1:
        included = [f" or x = {point}" for point, defined in inside.items() if defined]
        return f"where {conditions[0]}{''.join(included)}{note}"
    parts = _parts(cut, conditions, inside)
    texts = [f"({p.text()})" if p.condition and len(parts) > 1 else p.text() for p in parts]
    return " or ".join(texts) + note


def _parts(cut: Cut, conditions: list[str | None], inside: dict[Value, bool | None]) -> list[_Part]:
    parts: list[_Part] = []
    for strip, condition in zip(cut.strips, conditions, strict=True):
        low = None if strip.low is None else as_value(strip.low)
        high = None if strip.high is None else as_value(strip.high)
        here = low is not None and bool(inside.get(low))
        last = parts[-1] if parts else None
        touching = last is not None and last.high is not None and last.high == low and last.high_closed
        if condition == "":
            if touching and last is not None and not last.condition:
                last.high, last.high_closed = high, False
            else:
                parts.append(_Part(low, high, here and not touching))
        elif condition is not None:
            parts.append(_Part(low, high, condition=condition))
        if high is not None and inside.get(high):
            if condition == "":
                parts[-1].high_closed = True
            elif not _begins_closed(cut, conditions, high):
                parts.append(_Part(high, high, True, True))
    return parts


def _begins_closed(cut: Cut, conditions: list[str | None], point: Value) -> bool:
    """Whether the strip that begins at a point is wholly in the domain, so that the point goes with it."""
    return any(
        c == "" and s.low is not None and as_value(s.low) == point
        for s, c in zip(cut.strips, conditions, strict=True)
    )


def _condition(strip: Strip) -> str | None:
    """Where on a strip the activation is defined: "" everywhere, None nowhere."""
    cases = [Case(c.conditions, None if c.expression is None else ONE) for c in strip.cases]
    cases = joined(cases, strip.possible, lambda a, b: a == b)
    defined = [c for c in cases if c.expression is not None]
    if len(defined) == len(cases) or any(not c.conditions for c in defined):
        return ""
    if not defined:
        return None
    outside = [c.conditions for c in cases if c.expression is None]
    if len(defined) > 1 and all(len(c) == 1 for c in outside):
        return " and ".join(repr(c[0].opposite) for c in outside)
    texts = [" and ".join(map(repr, c.conditions)) for c in defined]
    return texts[0] if len(texts) == 1 else f"({' or '.join(texts)})"
