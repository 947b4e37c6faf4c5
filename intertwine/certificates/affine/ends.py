"""Facts about the two ends of the line: what a reflection exchanges, and what a dilation repeats.

A reflection in ``p`` takes ``u(y) = s(y)`` to ``v(y) = s(-y)``, up to a shift: ``v(y - 2*p) = b*u(y) + d`` with
``b = 1`` or ``b = -1``.  So ``|v'|`` has the growth of ``|u'|``, and ``v''/v'`` is asymptotically ``u''/u'``.  A shift
changes no leading term in powers of ``y`` and ``log y``, nor whether a growth is beyond all powers; it does change the
growth itself then, and nothing but its sense is compared.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations

from intertwine.certificates import reading
from intertwine.certificates.affine import established as aff
from intertwine.certificates.affine.balance import behaviour_at_infinity
from intertwine.certificates.affine.derivatives import derivative
from intertwine.certificates.affine.facts import graph, ray, seen
from intertwine.certificates.analysis.asymptotics import CONSTANT, DRIFT, FLAT, LOG, LOGARITHM, Behaviour
from intertwine.certificates.analysis.cases import attempt, explore
from intertwine.certificates.analysis.cells import Cell, point
from intertwine.certificates.analysis.clock import TooHard
from intertwine.certificates.analysis.identities import Unproved, nearly_everywhere, nowhere, prove
from intertwine.certificates.analysis.numbers import different, size
from intertwine.certificates.analysis.plain import over
from intertwine.certificates.analysis.regions import Region
from intertwine.certificates.analysis.spans import span_of
from intertwine.certificates.analysis.values import sign_at
from intertwine.certificates.established import Subject
from intertwine.certificates.leading import FAR
from intertwine.certificates.reading import Json
from intertwine.errors import CertificateError
from intertwine.terms import Term


def ends_differ(s: Subject, data: Json) -> aff.EndsDiffer:
    """No reflection exchanges the ends."""
    methods: dict[str, Callable[[Subject, Json], bool]] = {
        "domain": _domain, "bounded": _bounded, "growth": _growth, "rate": _rate, "signs": _signs,
    }  # fmt: skip
    holds = methods.get(str(data.get("method")))
    if holds is None or not holds(s, data):
        raise CertificateError(f"ends differ: {str(data.get('method'))[:40]!r} does not tell the ends apart")
    return aff.EndsDiffer()


def _domain(s: Subject, data: Json) -> bool:
    """Undefined near one end, defined near the other."""
    side, start = reading.side(data), reading.rational(data.get("start"), "the start of 'ends differ'")
    beyond = [Cell(point(FAR), None)]
    return nowhere(ray(s.term, start * side, side), [Cell()]) and nearly_everywhere(s.on(-side), beyond)


def _bounded(s: Subject, data: Json) -> bool:
    """Bounded near one end, unbounded near the other."""
    side, start = reading.side(data), reading.rational(data.get("start"), "the start of 'ends differ'")
    beyond = Cell(point(start) if start > 0 else None, None)
    return _values_bounded(s.on(side), beyond) and _smaller(Behaviour(FLAT), behaviour_at_infinity(s.on(-side)))


def _values_bounded(t: Term, cell: Cell) -> bool:
    """Whether the values of a term on a cell are bounded: in each case of it."""

    def visit(region: Region) -> None:
        a = attempt(region, t)
        if a is not None and not region.span(a).bounded:
            raise TooHard("unbounded, perhaps")

    try:
        explore([cell], visit)
    except TooHard:
        return False
    return True


def _slopes(s: Subject, data: Json) -> tuple[Behaviour, Behaviour]:
    right, left = (_towards(derivative(s.on(side)), data, i) for i, side in enumerate((1, -1)))
    return right, left


def _towards(t: Term, data: Json, place: int) -> Behaviour:
    """The behaviour of a term, perhaps seen in an equal form."""
    forms = reading.items(data.get("forms", []), "the forms of an end", 2)
    given = place < len(forms)
    found: Behaviour | None = None
    try:
        found = behaviour_at_infinity(t)
        if found.kind is not None or found.size is None or not given:
            return found
    except TooHard:
        if not given:
            raise
    form = reading.term(forms[place], "a form")
    try:
        prove(t, form, cells=[Cell(point(FAR), None)])
    except Unproved as problem:
        if found is not None:
            return found
        raise CertificateError(f"a form near the end: {problem}") from None
    return behaviour_at_infinity(form)


def _growth(s: Subject, data: Json) -> bool:
    """The derivatives do not have the same growth, or not the same coefficient up to the sign."""
    u, v = _slopes(s, data)
    return _smaller(u, v) or _smaller(v, u) or (_comparable(u, v) and different(size(u.wave), size(v.wave)))


def _rate(s: Subject, data: Json) -> bool:
    """The logarithmic derivatives of the derivatives are not asymptotically equal."""
    u, v = (_towards(_logarithmic(derivative(s.on(side))), data, i) for i, side in enumerate((1, -1)))
    return _smaller(u, v) or _smaller(v, u) or (_comparable(u, v) and different(u.wave, v.wave))


def _signs(s: Subject, data: Json) -> bool:
    """The derivative has one sign near one end, and both at the other."""
    ends = _slopes(s, data)
    return any(u.kind == CONSTANT and _both_signs(v) for u, v in (ends, ends[::-1]))


def _both_signs(v: Behaviour) -> bool:
    """Whether a wave has two signs: then it has them again and again."""
    if v.kind not in (DRIFT, LOG):
        return False
    found = {sign_at(v.wave, FAR + Fraction(k, 7)) for k in range(60)} | {
        sign_at(v.wave, FAR * 2**k) for k in range(60)
    }
    return {1, -1} <= found


def _logarithmic(t: Term) -> Term:
    return derivative(t) * over(t)


def _smaller(u: Behaviour, v: Behaviour) -> bool:
    """Whether ``u = o(v)`` along points that tend to infinity, since ``v`` has exactly its size."""
    if v.size is None or v.kind not in (CONSTANT, DRIFT):
        return False
    return u.size is None or u.size < v.size


def _comparable(u: Behaviour, v: Behaviour) -> bool:
    """Whether both are constants times one growth that a shift leaves as it is."""
    return u.kind == v.kind == CONSTANT and u.size is not None and u.size == v.size and not u.size.beyond


def limits(s: Subject, data: Json) -> aff.Limits:
    """Bounded, with a limit at each end, and four values.

    A map other than the identity and reflections would repeat the function at distances that grow beyond every bound:
    it would have at most the two limits, and the value at a fixed point.
    """
    points = reading.rationals(data.get("points"), "the points of 'limits'", 4)
    if not seen(data, lambda: all(p != q for p, q in combinations(graph(s.term, points), 2))):
        raise CertificateError("limits: four different values are not seen")
    if not (span_of(s.term, None, None).bounded or all(_values_bounded(s.on(side), Cell()) for side in (1, -1))):
        raise CertificateError("limits: the activation is not seen to be bounded")
    for side in (1, -1):
        found = behaviour_at_infinity(s.on(side))
        if not (found.size is None or found.size < FLAT or (found.size == FLAT and found.kind == CONSTANT)):
            raise CertificateError("limits: no limit is seen at an end")
    return aff.Limits()


def end(s: Subject, data: Json) -> aff.End:
    """The leading behaviour of the derivative, or of the function itself, at one end of the line.

    A constant wave with a growth that is no power excludes every dilation, too: Theorem 5 with the wave 1.  Of the
    function itself, ``s(p + a*y) = b*s(p + y) + d``: if it grows faster than every multiple of ``log y``, then ``b`` is
    not 1 and ``s - d/(1 - b)`` has the same leading term.
    """
    side, of = reading.side(data), data.get("of", "derivative")
    if of not in ("derivative", "value"):
        raise CertificateError("end: an unknown function")
    t = s.on(side)
    found = _towards(derivative(t) if of == "derivative" else t, data, 0)
    if found.size is None or found.kind is None:
        raise CertificateError("end: no leading term is seen")
    if found.kind == DRIFT:
        return aff.End(side, rigid=True)
    if of == "value" and not found.size > LOGARITHM:
        raise CertificateError("end: the activation does not grow faster than a logarithm")
    if found.kind == CONSTANT:
        return aff.End(side, rigid=not found.size.is_power)
    nonzero = reading.rational(data.get("nonzero"), "end: nonzero")
    if found.size.is_power or nonzero <= 0 or sign_at(found.wave, nonzero) not in (1, -1):
        raise CertificateError("end: a wave of log y times a power says nothing by itself")
    return aff.End(side, rigid=True)
