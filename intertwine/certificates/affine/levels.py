"""Level sets that a reflection keeps, since it can change the function by ``b = 1`` or ``b = -1`` only."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from flint import ctx

from intertwine.certificates import reading
from intertwine.certificates.affine import established as aff
from intertwine.certificates.affine.balance import behaviour_at_infinity
from intertwine.certificates.affine.centres import BITS, FINEST, MOST_PARTS, REACHES
from intertwine.certificates.affine.facts import interval, number, ray
from intertwine.certificates.analysis.asymptotics import CONSTANT, FLAT, Behaviour
from intertwine.certificates.analysis.cases import attempt, explore
from intertwine.certificates.analysis.cells import Cell, point
from intertwine.certificates.analysis.clock import TooHard
from intertwine.certificates.analysis.constants import is_zero
from intertwine.certificates.analysis.functions import Signs
from intertwine.certificates.analysis.numbers import equal
from intertwine.certificates.analysis.plain import minus
from intertwine.certificates.analysis.regions import Region
from intertwine.certificates.analysis.spans import exact
from intertwine.certificates.analysis.values import Evaluation, Unclear, Undefined, constant_sign
from intertwine.certificates.established import Subject
from intertwine.certificates.reading import Json
from intertwine.errors import CertificateError
from intertwine.terms import Term, X, mul, num

POSITIVE: Signs = frozenset({1})


def level(s: Subject, data: Json) -> aff.MirrorsWithin:
    """Outside of an interval the function is nearer to its limit at both ends than at a point of it.

    With the limit ``l`` at both ends ``|s - l|`` is the same at points that a reflection exchanges; with the limit plus
    or minus infinity at both ends ``s`` is.
    """
    low, high = interval(data, "centres within")
    at = reading.rational(data.get("point"), "the point of 'centres within'")
    there = s.term.subs(num(at))
    if data.get("limit") is not None:
        limit = number(data, "limit", "centres within")
        above = minus(s.term, limit)
        tends = all(_tends(s.on(side), limit) for side in (1, -1))
        way = constant_sign(minus(there, limit))
        size = mul(num(way or 0), minus(there, limit))
        gaps = [minus(size, above), size + above]
    else:
        way = data.get("sign")
        if isinstance(way, bool) or way not in (1, -1):
            raise CertificateError("centres within: a level has a limit or a sign")
        tends = all(_tends_to_infinity(behaviour_at_infinity(s.on(side)), way) for side in (1, -1))
        gaps = [mul(num(way), minus(s.term, there))]
    if not low <= at <= high or not tends or not way or constant_sign(there) is None:
        raise CertificateError("centres within: the limits, or the value at the point, are not as they are said to be")
    for start, side in ((low, -1), (high, 1)):
        if not all(_positive(g, start, side) for g in gaps):
            raise CertificateError(f"centres within: the level is perhaps reached outside of [{low}, {high}]")
    return aff.MirrorsWithin(low, high)


def _tends(t: Term, limit: Term) -> bool:
    found = behaviour_at_infinity(t)
    if found.size is None or found.size < FLAT:
        return is_zero(limit)
    return found.size == FLAT and found.kind == CONSTANT and equal(found.wave, limit)


def _tends_to_infinity(found: Behaviour, way: int) -> bool:
    return found.size is not None and found.size > FLAT and found.kind == CONSTANT and constant_sign(found.wave) == way


def _positive(t: Term, start: Fraction, side: int) -> bool:
    """Whether a term is positive beyond a point, wherever it is defined; and defined, or undefined, on intervals.

    At a single point that is filled in, a positive term could have the limit 0.
    """
    beyond = ray(t, start, side)
    if _positive_on(beyond, Cell()):
        return True
    far = t.subs(mul(num(side), X))
    for reach in REACHES:
        until = max(ceil(side * start), 0) + reach
        if _positive_on(far, Cell(point(Fraction(until)), None)):
            return _positive_until(beyond, until - side * start)
    return False


def _positive_on(t: Term, cell: Cell) -> bool:
    def visit(region: Region) -> None:
        a = attempt(region, t)
        if a is None and (region.cell.at is not None or any(0 in f.signs for f in region.assumptions)):
            raise TooHard("undefined, perhaps at single points only")
        if a is not None and not region.decide(a, POSITIVE):
            raise TooHard("not positive")

    try:
        explore([cell], visit)
    except TooHard:
        return False
    return True


def _positive_until(t: Term, reach: Fraction) -> bool:
    """Whether a term is positive for ``0 < x <= reach``, by parts that are halved where need be."""
    parts = [(Fraction(0), reach)]
    with ctx.workprec(BITS):
        for _ in range(MOST_PARTS):
            if not parts:
                return True
            low, high = parts.pop()
            try:
                if Evaluation(exact(low).union(exact(high))).of(t) > 0:
                    continue
            except Undefined:
                continue
            except Unclear:
                pass
            if high - low < reach * FINEST:
                return False
            middle = (low + high) / 2
            parts += [(middle, high), (low, middle)]
    return False
