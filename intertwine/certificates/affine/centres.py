"""Facts about the centres of reflections: where they can be, and that there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from flint import arb, ctx

from intertwine.certificates import reading
from intertwine.certificates.affine import established as aff
from intertwine.certificates.affine.derivatives import derivative
from intertwine.certificates.affine.facts import agrees, analytic_law, interval, ray, seen, triangle
from intertwine.certificates.analysis.cells import Cell, point
from intertwine.certificates.analysis.identities import everywhere, is_zero, nearly_everywhere, nowhere, nowhere_zero
from intertwine.certificates.analysis.plain import minus
from intertwine.certificates.analysis.signs import sign_at
from intertwine.certificates.analysis.values import (
    Evaluation,
    Unclear,
    Undefined,
    defined_around,
    exact,
    undefined_around,
    value_at,
)
from intertwine.certificates.established import Subject
from intertwine.certificates.reading import Json
from intertwine.errors import CertificateError
from intertwine.terms import Term, num

Ends = list[tuple[Fraction, Fraction]]
MOST_PARTS, MOST_TRIPLES, HIGHEST_ORDER = 30_000, 40, 6
BITS = 192


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
    if last < start or stop < first or not holds(s, ends, data):
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
    outside = all(everywhere(t, [Cell()]) and nowhere_zero(t, [Cell()]) for t in _beyond(slope, ends))
    return outside and all(_zero_in(slope, low, high, data) for low, high in ends)


def _zero_in(slope: Term, low: Fraction, high: Fraction, data: Json) -> bool:
    if low == high:
        return is_zero(slope.subs(num(low)))
    if not everywhere(ray(slope, low, 1), [Cell(None, point(high - low))]):
        return False
    return seen(data, lambda: bool(Evaluation(exact(low)).of(slope) * Evaluation(exact(high)).of(slope) < 0))


def _kinks(s: Subject, ends: Ends, data: Json) -> bool:
    """The points where the function is not analytic.

    Up to the first of them it follows a law that is analytic on the whole line, and not up to a point beyond.
    """
    sides = ((ends[0][0], ends[0][1], -1, "first"), (ends[1][1], ends[1][0], 1, "last"))
    for start, off, side, key in sides:
        found = reading.fields(data.get(key), f"the {key} of 'centres within'")
        law = analytic_law(found)
        if not agrees(s, law, start, side, found.get("identity")):
            return False
        if not undefined_around(s.term, off) and sign_at(minus(s.term, law), off) not in (1, -1):
            return False
    return True


def _domain(s: Subject, ends: Ends, data: Json) -> bool:
    """The part where the function is defined, or where it is not, isolated points aside, that is bounded."""
    outside, inner = _beyond(s.term, ends), (ends[0][1], ends[1][0])
    if all(nowhere(t, [Cell()]) for t in outside):
        return all(defined_around(s.term, t) for t in inner)
    return all(nearly_everywhere(t, [Cell()]) for t in outside) and all(undefined_around(s.term, t) for t in inner)


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
            if left == right:
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
