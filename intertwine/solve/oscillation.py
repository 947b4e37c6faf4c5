"""Half-lines without a tame end, by their leading behaviour at an end (Theorems 5 and 6)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb

from intertwine.calculus.asymptotics import Asymptotic, far_cell
from intertwine.calculus.behaviour import behaviour
from intertwine.calculus.cases import Region, TooManyCases, explore
from intertwine.calculus.enclosure import PRECISIONS, Unclear, UndefinedAt, enclose
from intertwine.calculus.tower import NoNormalForm
from intertwine.solve.witness import NotMember, Sampler, shown
from intertwine.terms import Term, X, num, power


@dataclass(frozen=True)
class Leading:
    """As ``t`` tends to ``end`` on ``side * (0, oo)``: ``s = lead + o(A)``; ``lead`` is a term in ``y``, ``y -> oo``.

    ``y = t`` at infinity and ``y = 1/t`` at 0.  ``wave`` is "constant", "log" or "drifting"; ``pure_power`` says
    that ``A`` is a power.  For "log", the leading term is not 0 at ``nonzero``.
    """

    side: int
    end: str
    wave: str
    pure_power: bool
    lead: Term
    nonzero: Fraction | None = None


@dataclass(frozen=True)
class NotEqual:
    """A point ``y > 0`` at which the activation (as a function of ``y``) differs from its leading term."""

    side: int
    end: str
    point: Fraction
    values: tuple[str, str]
    bits: int


def oscillation(positive: Term, side: int, witness: NotMember | None) -> list[Any]:
    """Facts that leave 1 as the only positive scaling of a half-line; empty if none were found."""
    for end, term in (("oo", positive), ("0", positive.subs(power(X, num(-1))))):
        found = leading(term)
        if found is None or found.wave is None or found.lead is None:
            continue
        pure = found.growth[0] == found.growth[2] == found.growth[3] == 0
        if found.wave == "drifting":
            return [Leading(side, end, found.wave, pure, found.lead)]
        if found.wave == "constant":
            if witness is not None:
                return [Leading(side, end, found.wave, pure, found.lead), witness]
            continue
        point = _nonzero_point(found.lead)
        if point is None:
            continue
        fact = Leading(side, end, found.wave, pure, found.lead, point)
        different = _differs(term, found.lead, side, end) if pure else None
        if not pure or different is not None:
            return [fact, *([different] if different else [])]
    return []


def leading(term: Term) -> Asymptotic | None:
    """The leading behaviour at infinity of a core term, where it is smooth far out without further cases.

    If it is not, absolute values of unknown sign are left in the term.
    """
    return _leading(term, lazy=False) or _leading(term, lazy=True)


def _leading(term: Term, lazy: bool) -> Asymptotic | None:
    found: list[Asymptotic] = []

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        if terms[0] is None or not region.connected or region.cell.high is not None:
            return region.cell.high is not None
        answer = behaviour(region)(terms[0])
        if answer is not None:
            found.append(answer)
        return False

    try:
        explore((term,), visit, far_cell(), lazy)
    except (TooManyCases, NoNormalForm):
        return None
    return found[0] if found else None


_POINTS = [Fraction(p) for p in ("1", "2", "3", "1/2", "5", "7/3", "1/3", "1/5", "9", "20")]


def _nonzero_point(lead: Term) -> Fraction | None:
    sampler = Sampler(lead)
    return next((p for p in _POINTS if isinstance(v := sampler.at(p, 160), arb) and v != 0), None)


def _differs(term: Term, lead: Term, side: int, end: str) -> NotEqual | None:
    """A point where the term is not its leading term."""
    for bits in PRECISIONS[:3]:
        for p in _POINTS:
            try:
                v, w = enclose(term, p, bits), enclose(lead, p, bits)
            except (Unclear, UndefinedAt):
                continue
            if v != w:
                return NotEqual(side, end, p, (shown(v), shown(w)), bits)
    return None
