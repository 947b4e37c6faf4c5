"""Where the centre of a one-parameter group of dilations in T can be.

On each side of the centre ``p`` of such a group ``s`` is ``c|t - p|^r + β`` or ``c log|t - p| + β``, or undefined.  A
span
is an interval outside of which no point can be such a centre: three points at which ``(t - p) s'' = (r - 1) s'`` has no
solution, an affine piece beside a point off its line, an edge of the domain, or an exponential piece.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from flint import arb

from intertwine.affine.exponential import exponential_rate
from intertwine.affine.members import defined_near
from intertwine.affine.subject import Subject
from intertwine.calculus.cases import Region, TooManyCases, explore
from intertwine.calculus.constants import constants_equal
from intertwine.calculus.derivation import derivative
from intertwine.calculus.enclosure import PRECISIONS, Unclear, UndefinedAt, ball, precision
from intertwine.calculus.jets import derivatives_at
from intertwine.calculus.tower import NoNormalForm
from intertwine.solve.witness import UNDEFINED
from intertwine.terms import ZERO, Term


@dataclass(frozen=True)
class Span:
    """No group of dilations about a point outside of ``[start, end]`` is in T; "exponential": about no point at all."""

    method: str
    points: tuple[Fraction, ...] = ()
    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def start(self) -> Fraction:
        """The left end."""
        return min(p for p in (*self.points, self.low, self.high) if p is not None)

    @property
    def end(self) -> Fraction:
        """The right end."""
        return max(p for p in (*self.points, self.low, self.high) if p is not None)


def excluding(subject: Subject) -> tuple[Span, ...]:
    """Spans that exclude as many centres as were found: two disjoint ones or an exponential one exclude all.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> first, second = excluding(Subject(parse_term("tanh(x)")))
    >>> first.end < second.start
    True
    """
    points = grid(subject)
    spans: list[Span] = []
    for reach in (Fraction(8), None):  # simple points are enough for most
        spans = list(_jets(subject, [t for t in points if reach is None or abs(t) <= reach]))
        best = _best(spans)
        if disjoint(best):
            return best
    spans += _edges(subject)
    best = _best(spans)
    if disjoint(best):
        return best
    pieces = list(_pieces(subject))
    for kind, low, high in pieces:
        if kind == "exponential":
            return (Span("exponential", (), low, high),)
    spans += [bend for _, low, high in pieces for bend in _bends(subject, low, high)]
    return _best(spans)


def disjoint(spans: tuple[Span, ...]) -> bool:
    """Whether the spans leave no centre."""
    if any(s.method == "exponential" for s in spans):
        return True
    return len(spans) == 2 and spans[0].end < spans[1].start


def _best(spans: list[Span]) -> tuple[Span, ...]:
    if not spans:
        return ()
    first, last = min(spans, key=lambda s: s.end), max(spans, key=lambda s: s.start)
    if first.end < last.start:
        return first, last
    return (first,) if first is last else (first, last)


def grid(subject: Subject) -> list[Fraction]:
    """Points at which pieces, curves and edges are likely to show, in order."""
    breaks = [b.rational if b.rational is not None else _near(b.enclosure(64)) for b in subject.breaks[:12]]
    ordered = sorted(set(breaks))
    found = {Fraction(k, 2) for k in (-12, -7, -5, -3, -2, -1, 1, 2, 3, 5, 7, 12)}
    for b in ordered:
        found |= {b + Fraction(k, 8) for k in (-6, -3, -1, 1, 3, 6)}
    for a, b in pairwise(ordered):
        found |= {a + (b - a) * Fraction(k, 8) for k in (1, 2, 3, 5, 6, 7)}
    found |= set(subject.points)
    return sorted(found)


def _near(value: arb) -> Fraction:
    return Fraction(float(value.mid())).limit_denominator(1000)


def _jets(subject: Subject, points: list[Fraction]) -> Iterator[Span]:
    rows: list[tuple[Fraction, arb, arb]] = []
    for t in points:
        try:
            _, first, second = derivatives_at(subject.core, t, 192)
        except (Unclear, UndefinedAt):
            continue
        rows.append((t, first, second))
    for k in range(len(rows) - 2):
        triple = rows[k : k + 3]
        if _independent(triple):
            yield Span("jets", tuple(t for t, _, _ in triple))


def _independent(rows: list[tuple[Fraction, arb, arb]]) -> bool:
    with precision(192):
        (a1, b1, c1), (a2, b2, c2), (a3, b3, c3) = ((ball(t) * s, s, f) for t, f, s in rows)
        determinant = a1 * (b2 * c3 - b3 * c2) - b1 * (a2 * c3 - a3 * c2) + c1 * (a2 * b3 - a3 * b2)
    return bool(determinant != 0)


def _edges(subject: Subject) -> Iterator[Span]:
    """An interval with a point of the domain at one end and one outside at the other."""
    known: list[tuple[Fraction, bool]] = []
    for t in grid(subject):
        if subject.sampler.undefined_near(t):
            known.append((t, False))
        elif defined_near(subject, t):
            known.append((t, True))
    for (a, inside), (b, other) in pairwise(known):
        if inside != other:
            yield Span("domain", (a, b) if inside else (b, a))


def _pieces(subject: Subject) -> Iterator[tuple[str, Fraction, Fraction]]:
    """Intervals on which the activation is affine or exponential."""
    for side in (1, -1):
        found: list[tuple[str, Fraction, Fraction]] = []

        def visit(region: Region, terms: tuple[Term | None, ...], into: list[tuple[str, Fraction, Fraction]] = found,
                  side: int = side) -> bool:
            if terms[0] is not None and region.connected:
                kind = _kind(region, terms[0])
                low, high = _inside(region)
                if kind is not None and low < high:
                    into.append((kind, *((low, high) if side > 0 else (-high, -low))))
            return True

        try:
            explore((subject.seen_from(Fraction(0), side),), visit)
        except (TooManyCases, NoNormalForm):
            continue
        yield from found


def _kind(region: Region, term: Term) -> str | None:
    try:
        nf = region.normal
        bend = derivative(nf, derivative(nf, nf.of(term)))
        if not nf.floors and region.tower.is_zero(bend):
            return "affine"
        rate = exponential_rate(region, term)
    except NoNormalForm:
        return None
    return "exponential" if rate is not None and constants_equal(rate, ZERO) is False else None


def _inside(region: Region) -> tuple[Fraction, Fraction]:
    """A bounded interval inside of the cell, at its ends where they are rational."""
    low = Fraction(0) if region.cell.low is None else region.cell.low.rational
    high = None if region.cell.high is None else region.cell.high.rational
    sample = region.cell.sample()
    start = sample if low is None else low
    if region.cell.high is None:
        return start, start + 1
    return (start, high) if high is not None else (start, sample if sample > start else start)


def _bends(subject: Subject, low: Fraction, high: Fraction) -> Iterator[Span]:
    """A point near each end of an affine piece that is off its line, and the third of the piece at that end."""
    third = (high - low) / 3
    inner = low + third, low + 2 * third
    for edge, way in ((low, -1), (high, 1)):
        for step in (third / 2, Fraction(1, 16), Fraction(1, 2), Fraction(1), Fraction(8)):
            point = edge + way * step
            if _off_line(subject, inner, point):
                a, b = sorted((edge, edge - way * min(step, third)))
                yield Span("bend", tuple(sorted((a + (b - a) / 3, b - (b - a) / 3, point))), a, b)
                break


def _off_line(subject: Subject, inner: tuple[Fraction, Fraction], point: Fraction) -> bool:
    for bits in PRECISIONS[:3]:
        u, v, w = (subject.sampler.at(t, bits) for t in (*inner, point))
        if w == UNDEFINED:
            return False
        if isinstance(u, arb) and isinstance(v, arb) and isinstance(w, arb):
            with precision(bits):
                if (v - u) * ball(point - inner[0]) != (w - u) * ball(inner[1] - inner[0]):
                    return True
    return False
