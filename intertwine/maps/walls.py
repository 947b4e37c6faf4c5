"""Where the domain really ends and where the map really jumps: conditions on infinitesimal symmetries."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from intertwine.calculus.budget import check
from intertwine.calculus.enclosure import Unclear, UndefinedAt, precision
from intertwine.maps.balls import Point, PointEvaluator
from intertwine.maps.regions import Region
from intertwine.terms import Term

if TYPE_CHECKING:
    from intertwine.maps.space import Space

PRIMES = (3, -5, 7, -11, 13, -17, 2, -1, 19, 23)


@dataclass(frozen=True)
class JumpPoint:
    """A point where the domain ends or the map jumps along a smooth wall, and the condition ``∇g(p)·Xp = 0``."""

    point: Point
    normal: tuple[Fraction, ...]
    why: str

    @property
    def row(self) -> list[Fraction]:
        """The coefficients of the entries of X."""
        return [a * b for a in self.normal for b in self.point]


def jump_points(space: Space) -> tuple[JumpPoint, ...]:
    """Points on linear hard walls at which the wall is proved to be one."""
    found: list[JumpPoint] = []
    for wall in space.hard_walls:
        row = _linear(space.n, wall.atom) if len(wall.forms) == 1 else None
        if row is None:
            continue
        for p in _points_on(row, space.n):
            check()
            why = _break(space, row, p)
            if why is not None:
                found.append(JumpPoint(p, row[:-1], why))
    return tuple(found)


def _linear(n: int, wall: Term) -> tuple[Fraction, ...] | None:
    region = Region(n)
    return region._linear_row(region.element(wall).num)


def _points_on(row: tuple[Fraction, ...], n: int) -> list[Point]:
    """Rational points of a hyperplane, in general position."""
    lead = next(j for j in range(n) if row[j])
    points = []
    for shift in range(3 * n):
        values = [Fraction(PRIMES[(j * 3 + shift * (j + 1)) % len(PRIMES)], 1 + (shift + j) % 3) for j in range(n)]
        rest = row[n] + sum((row[j] * values[j] for j in range(n) if j != lead), Fraction(0))
        values[lead] = -rest / row[lead]
        points.append(tuple(values))
    return points


def _break(space: Space, row: tuple[Fraction, ...], p: Point) -> str | None:
    """Why the wall is a border of the domain or a jump at the point; None if that is not proved."""
    sides: list[list[Term] | None] = []
    for s in (1, -1):
        found = False
        for cell in space.cells:
            if not cell.region.thin and _beside(cell.region, row, p, s):
                sides.append(list(cell.resolved))
                found = True
                break
        if not found:
            if any(not r.thin and _beside(r, row, p, s) for r in space.outside):
                sides.append(None)
            else:
                return None
    if (sides[0] is None) != (sides[1] is None):
        return "the domain ends"
    if sides[0] is None or sides[1] is None:
        return None
    for a, b in zip(sides[0], sides[1], strict=True):
        try:
            with precision(192):
                evaluator = PointEvaluator(p)
                if evaluator.value(a) != evaluator.value(b):
                    return "a jump"
        except (UndefinedAt, Unclear):
            continue
    return None


def _beside(region: Region, row: tuple[Fraction, ...], p: Point, side: int) -> bool:
    """Whether the points near p on one side of the wall are in the region."""
    for a in region.assumptions:
        e = region.normal.of(a.atom)
        own = region._linear_row(e.num)
        if own is not None and _parallel(own, row):
            lead = next(j for j in range(len(row)) if row[j])
            here = side * (1 if own[lead] / row[lead] > 0 else -1)
            if a.sign != here and a.sign != 2:
                return False
            continue
        try:
            with precision(128):
                value = PointEvaluator(p).value(a.atom)
        except (UndefinedAt, Unclear):
            return False
        actual = 1 if value > 0 else -1 if value < 0 else None
        if actual is None or a.sign not in (actual, 2):
            return False
    return True


def _parallel(a: tuple[Fraction, ...], b: tuple[Fraction, ...]) -> bool:
    return all(x * y2 == y * x2 for x, y in zip(a, b, strict=True) for x2, y2 in zip(a, b, strict=True))

