"""Steps at rational points: near an isolated jump, only the jump itself can be the centre of a reflection."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from intertwine.affine.analyticity import analytic_on
from intertwine.affine.candidates import linear
from intertwine.affine.members import NotAffineMember, not_affine_member
from intertwine.affine.subject import Subject, on_cell
from intertwine.calculus.cells import Cell, rational_root
from intertwine.calculus.constants import constants_equal
from intertwine.terms import Term, X, add, mul, num, rebuild

MOST = 60


@dataclass(frozen=True)
class OnlyCentre:
    """A reflection in T with a centre in ``((low + point)/2, (point + high)/2)`` has the centre ``point``.

    ``s`` is analytic on ``(low, point)`` and on ``(point, high)``, with laws analytic at the point too, and is not
    continuous
    there: so the reflection, which maps points of no continuity to such points, fixes this one.
    """

    point: Fraction
    low: Fraction
    high: Fraction


def isolated(subject: Subject, start: Fraction, end: Fraction) -> list[OnlyCentre] | None:
    """Jumps whose intervals of centres cover ``[start, end]`` up to the points between, or None."""
    points = _steps(subject, start, end)
    if points is None or len(points) < 3:
        return None
    found: list[OnlyCentre] = []
    for low, q, high in zip(points, points[1:], points[2:], strict=False):
        if (q + high) / 2 < start or (low + q) / 2 > end:
            continue
        if not _jumps(subject, low, q, high):
            return None
        found.append(OnlyCentre(q, low, high))
    if not found or (found[0].low + found[0].point) / 2 > start or (found[-1].point + found[-1].high) / 2 < end:
        return None
    return found


def isolated_jumps(subject: Subject, start: Fraction, end: Fraction) -> list[OnlyCentre | NotAffineMember] | None:
    """Facts that exclude every centre in ``[start, end]``: jumps, and the exact points that they leave."""
    found = isolated(subject, start, end)
    if found is None:
        return None
    facts: list[OnlyCentre | NotAffineMember] = list(found)
    left = [f.point for f in found] + [(f.low + f.point) / 2 for f in found] + [(f.point + f.high) / 2 for f in found]
    for p in sorted(set(left)):
        if start <= p <= end:
            outside = not_affine_member(subject, num(-1), num(2 * p))
            if outside is None:
                return None
            facts.append(outside)
    return facts


def exceptional(subject: Subject, start: Fraction, end: Fraction) -> list[Fraction]:
    """The points that can be centres in spite of the jumps."""
    found = isolated(subject, start, end) or []
    left = [f.point for f in found] + [(f.low + f.point) / 2 for f in found] + [(f.point + f.high) / 2 for f in found]
    return sorted({p for p in left if start <= p <= end})


def _steps(subject: Subject, start: Fraction, end: Fraction) -> list[Fraction] | None:
    """The points at which a ``floor`` of a linear argument jumps, with some room on both sides; None for others."""
    found: set[Fraction] = set()
    length = max(end - start, Fraction(1, 1024))
    for t in subject.core.walk():
        if t.op != "floor" or not t.has_x:
            continue
        line = linear(t.args[0])
        if line is None or line[0].value is None or line[1].value is None:
            return None
        slope, offset = line[0].value, line[1].value
        a, b = sorted((slope * (start - 4 * length) + offset, slope * (end + 4 * length) + offset))
        if b - a > MOST:
            return None
        found |= {(n - offset) / slope for n in range(a.__ceil__(), b.__floor__() + 1)}
    return sorted(found)


def _jumps(subject: Subject, low: Fraction, q: Fraction, high: Fraction) -> bool:
    left, right = _law(subject, q, -1, q - low), _law(subject, q, 1, high - q)
    if left is None or right is None:
        return False
    here = subject.core.subs(num(q))
    sides = left.subs(num(0)), right.subs(num(0))
    return any(constants_equal(a, b) is False for a, b in pairwise((sides[0], sides[1], here)))


def _law(subject: Subject, q: Fraction, side: int, size: Fraction) -> Term | None:
    """The smooth law beside a point, as a function of the distance, analytic at the point itself too."""
    low, high = sorted((q, q + side * size))
    frozen = _frozen(subject.core, low, high).subs(add(mul(num(side), X), num(q)))
    law = on_cell(frozen, Cell(rational_root(Fraction(0)), rational_root(size)), lambda region, term: term)
    if law is None or not analytic_on(law, -size / 2, size):
        return None
    return law


def _frozen(t: Term, low: Fraction, high: Fraction) -> Term:
    """Each ``floor`` of a linear argument as the integer that it is on an open interval, where it is one."""
    memo: dict[Term, Term] = {}
    for node in t.walk():
        memo[node] = rebuild(node, tuple(memo[a] for a in node.args))
        line = linear(node.args[0]) if node.op == "floor" and node.has_x else None
        if line is None or line[0].value is None or line[1].value is None:
            continue
        a, b = sorted(line[0].value * x + line[1].value for x in (low, high))
        if b <= a.__floor__() + 1:
            memo[node] = num(a.__floor__())
    return memo[t]
