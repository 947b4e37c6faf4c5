"""Facts about the centres of reflections: where they can be, and that there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import ceil

from flint import arb, ctx

from intertwine.certificates import reading
from intertwine.certificates.affine import established as aff
from intertwine.certificates.affine.balance import behaviour_at_infinity
from intertwine.certificates.affine.derivatives import derivative
from intertwine.certificates.affine.facts import agrees, analytic_law, interval, ray, seen, triangle
from intertwine.certificates.analysis.asymptotics import CONSTANT, DRIFT, FLAT
from intertwine.certificates.analysis.cases import explore
from intertwine.certificates.analysis.cells import Cell, point
from intertwine.certificates.analysis.clock import TooHard
from intertwine.certificates.analysis.constants import is_zero
from intertwine.certificates.analysis.identities import everywhere, nearly_everywhere, nowhere, nowhere_zero
from intertwine.certificates.analysis.numbers import different
from intertwine.certificates.analysis.plain import minus, over
from intertwine.certificates.analysis.regions import Region
from intertwine.certificates.analysis.signs import analytic
from intertwine.certificates.analysis.spans import exact
from intertwine.certificates.analysis.values import (
    Evaluation,
    Unclear,
    Undefined,
    defined_around,
    sign_at,
    undefined_around,
    value_at,
)
from intertwine.certificates.established import Subject
from intertwine.certificates.reading import Json
from intertwine.errors import CertificateError
from intertwine.terms import Term, X, add, mul, num

AtPoint = Callable[[Term, Fraction], bool]
OnCells = Callable[[Term, list[Cell]], bool]
Ends = list[tuple[Fraction, Fraction]]
MOST_PARTS, MOST_TRIPLES, HIGHEST_ORDER = 30_000, 40, 6
BITS = 192
REACHES, NEARBY = (1, 4, 16, 64, 1024), Fraction(1, 1024)
FINEST = Fraction(1, 2**170)  # of the parts that an interval is divided into


def centres_within(s: Subject, data: Json) -> aff.Confined:
    """A non-empty set that every element preserves, with the places of its first and of its last point.

    So it has its midpoint, which a reflection keeps, in the interval half-way between.
    """
    methods: dict[str, Callable[[Subject, Ends, Json], bool]] = {"zeros": _zeros, "kinks": _kinks, "domain": _domain}
    holds = methods.get(str(data.get("method")))
    if holds is None:
        raise CertificateError("centres within: an unknown method")
    ends = [_end(data, "first"), _end(data, "last")]
    (start, first), (last, stop) = ends
    if not holds(s, ends, data):
        raise CertificateError(f"centres within: nothing is seen to keep to [{start}, {stop}]")
    return aff.Confined((start + last) / 2, (first + stop) / 2, wide=first < last)


def _end(data: Json, key: str) -> tuple[Fraction, Fraction]:
    found = data.get(key)
    listed = found.get("interval") if isinstance(found, Mapping) else found
    low, high = reading.rationals(listed, f"the {key} of 'centres within'", 2)
    if low > high:
        raise CertificateError(f"centres within: the {key} interval is empty")
    return low, high


def _beyond(t: Term, ends: Ends) -> list[Term]:
    """A term on the two rays outside of the set."""
    return [ray(t, ends[0][0], -1), ray(t, ends[1][1], 1)]


def _zeros(s: Subject, ends: Ends, data: Json) -> bool:
    """The zeros of a derivative, on the set where the function is analytic."""
    order = data.get("order")
    if isinstance(order, bool) or not isinstance(order, int) or not 1 <= order <= HIGHEST_ORDER:
        raise CertificateError(f"centres within: an order is between 1 and {HIGHEST_ORDER}")
    slope = s.term
    for _ in range(order):
        slope = derivative(slope)
    return (
        _no_zero(slope, ends[0][0], -1)
        and _no_zero(slope, ends[1][1], 1)
        and all(_zero_in(slope, low, high, data) for low, high in ends)
    )


def _zero_in(slope: Term, low: Fraction, high: Fraction, data: Json) -> bool:
    if low == high:
        return is_zero(slope.subs(num(low)))
    if not everywhere(ray(slope, low, 1), [Cell(None, point(high - low))]):
        return False
    return seen(data, lambda: bool(Evaluation(exact(low)).of(slope) * Evaluation(exact(high)).of(slope) < 0))


def _no_zero(t: Term, start: Fraction, side: int) -> bool:
    """Whether a term is defined and not zero beyond a point."""
    beyond = ray(t, start, side)
    if everywhere(beyond, [Cell()]) and nowhere_zero(beyond, [Cell()]):
        return True
    far = t.subs(mul(num(side), X))
    for reach in REACHES:
        until = max(ceil(side * start), 0) + reach
        tail = [Cell(point(Fraction(until)), None)]
        if everywhere(far, tail) and nowhere_zero(far, tail):
            return _no_zero_until(beyond, until - side * start)
    return False


def _no_zero_until(t: Term, reach: Fraction) -> bool:
    """Whether a term is defined and not zero for ``0 < x <= reach``, by parts that are halved where need be.

    Near 0 it is enough that the derivative has no zero, if the term is zero at 0.
    """
    slope = derivative(t) if is_zero(t.subs(num(0))) else None
    parts = [(Fraction(0), reach)]
    with ctx.workprec(BITS):
        for _ in range(MOST_PARTS):
            if not parts:
                return True
            low, high = parts.pop()
            part = Evaluation(exact(low).union(exact(high)))
            try:
                if part.of(slope if slope is not None and low == 0 else t) != 0:
                    continue
            except (Undefined, Unclear):
                pass
            if high - low < reach * FINEST:
                return False
            middle = (low + high) / 2
            parts += [(middle, high), (low, middle)]
    return False


def _kinks(s: Subject, ends: Ends, data: Json) -> bool:
    """The points where the function is not analytic.

    Up to the first of them it follows a law that is analytic on the whole line, and not up to a point beyond.
    """
    sides = ((ends[0][0], ends[0][1], -1, "first"), (ends[1][1], ends[1][0], 1, "last"))
    for start, off, side, key in sides:
        found = reading.fields(data.get(key), f"the {key} of 'centres within'")
        law = analytic_law(found)
        if not agrees(s, law, start, side):
            return False
        if not undefined_around(s.term, off) and sign_at(minus(s.term, law), off) not in (1, -1):
            return False
    return True


def _domain(s: Subject, ends: Ends, data: Json) -> bool:
    """The part where the function is defined, or where it is not, isolated points aside, that is bounded.

    Or else the points where it is undefined, of which the first and the last are not removable.
    """
    outside = _beyond(s.term, ends)
    if all(low == high and _pole(s, low) for low, high in ends):
        return all(everywhere(t, [Cell()]) for t in outside)
    if all(nowhere(t, [Cell()]) for t in outside):
        return _inner(s, ends, defined_around, everywhere)
    return all(nearly_everywhere(t, [Cell()]) for t in outside) and _inner(s, ends, undefined_around, nowhere)


def _pole(s: Subject, at: Fraction) -> bool:
    """Whether the function is undefined at a point and unbounded on a side of it."""
    if not nowhere(s.term.subs(num(at)), [Cell(at=point(Fraction(1)))]):
        return False
    for side in (1, -1):
        try:
            found = behaviour_at_infinity(s.term.subs(add(num(at), mul(num(side), over(X)))))
        except TooHard:
            continue
        if found.size is not None and found.size > FLAT and found.kind in (CONSTANT, DRIFT):
            return True
    return False


def _inner(s: Subject, ends: Ends, around: AtPoint, along: OnCells) -> bool:
    """Whether something holds around the inner ends, or right next to an end that is known exactly."""
    nearby = [Cell(None, point(NEARBY))]
    return all(
        along(ray(s.term, low, side), nearby) if low == high else around(s.term, high if side > 0 else low)
        for (low, high), side in zip(ends, (1, -1), strict=True)
    )


def only_centre(s: Subject, data: Json) -> aff.OnlyCentre:
    """A jump, or a value apart, at one point of an interval: a reflection that keeps it near has it as its centre.

    On the left and on the right of the point the function follows laws that are analytic on the whole interval.
    """
    low, high = interval(data, "only centre")
    at = reading.rational(data.get("point"), "the point of 'only centre'")
    if not low < at < high:
        raise CertificateError("only centre: the point is not inside of the interval")
    moved, whole = ray(s.term, low, 1), Cell(None, point(high - low))
    inner = point(at - low)
    laws = [_law(moved, cell, whole) for cell in (Cell(None, inner), Cell(inner, whole.high))]
    left, right = (law.subs(num(at - low)) for law in laws)
    value = s.term.subs(num(at))
    if different(left, right) or different(value, left):
        return aff.OnlyCentre(low, high, at)
    raise CertificateError(f"only centre: the activation is not seen to be discontinuous at {at}")


def _law(t: Term, cell: Cell, whole: Cell) -> Term:
    """The term without cases that a term is on a cell; it is analytic on a larger one."""
    found: list[Term] = []

    def visit(region: Region) -> None:
        if region.cell != cell or not region.connected:
            raise TooHard("cases inside the interval")
        found.append(region.resolve(t))

    explore([cell], visit)
    if not analytic(whole, found[0]):
        raise CertificateError("only centre: a law is not seen to be analytic on the interval")
    return found[0]


def no_dilation(s: Subject, data: Json) -> aff.NoDilation:
    """For every ``p`` of an interval three points show that ``t -> p + a*(t - p)`` is not in the group.

    The interval is divided until each part is excluded by one of the triples of points, with a ball for ``p``.  With
    ``a = -1`` the fact is that there is no centre of a reflection.
    """
    low, high = interval(data, "no dilation")
    mirror = data.get("fact") == "no centre"
    a = Fraction(-1) if mirror else reading.rational(data.get("scale"), "the scale of 'no dilation'")
    if a in (0, 1):
        raise CertificateError("no dilation: a scale other than 0 and 1 is needed")
    listed = reading.items(data.get("triples"), "the triples of 'no dilation'", MOST_TRIPLES)
    triples = [_Triple(s.term, reading.rationals(t, "a triple of 'no dilation'", 3), a) for t in listed]
    parts = [(low, high)]
    with ctx.workprec(BITS):
        for _ in range(MOST_PARTS):
            if not parts:
                return aff.NoDilation(a, low, high)
            left, right = parts.pop()
            if any(t.excludes(exact(left).union(exact(right))) for t in triples):
                continue
            if right - left <= (high - low) * FINEST:
                break
            middle = (left + right) / 2
            parts += [(middle, right), (left, middle)]
    raise CertificateError(f"no dilation: a centre near {float(left):.6g} is not excluded")


class _Triple:
    """Three points with the values there."""

    def __init__(self, s: Term, points: list[Fraction], a: Fraction) -> None:
        self.s, self.points, self.a = s, points, a
        self.values = [_value(s, t) for t in points]
        self.outside = [v is None and undefined_around(s, t) for t, v in zip(points, self.values, strict=True)]

    def excludes(self, p: arb) -> bool:
        """Whether no ``p`` of a ball is a centre."""
        images: list[arb] = []
        for t, v, outside in zip(self.points, self.values, self.outside, strict=True):
            place = exact(1 - self.a) * p + exact(self.a * t)
            try:
                image = Evaluation(place).of(self.s)
            except Undefined:
                if v is not None and not place.is_exact():  # at a single point it may be removable
                    return True
                continue
            except Unclear:
                continue
            if outside:
                return True
            images.append(image)
        known = [v for v in self.values if v is not None]
        return len(images) == len(known) == 3 and bool(triangle(images, known) != 0)


def _value(s: Term, at: Fraction) -> arb | None:
    try:
        return value_at(s, at, BITS)
    except (Undefined, Unclear):
        return None
