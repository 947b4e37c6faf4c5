"""Facts that balls around values show: witnesses, gaps in the domain, and ranges that make an end tame.

Every function takes the data of a fact, raises :class:`~intertwine.errors.CertificateError` if it does not hold, and
returns what has been established, as a small value.
"""

from __future__ import annotations

from fractions import Fraction

from flint import arb, ctx

from intertwine.certificates import established as est
from intertwine.certificates import reading
from intertwine.certificates.analysis import definable
from intertwine.certificates.analysis.plain import minus
from intertwine.certificates.analysis.spans import exact
from intertwine.certificates.analysis.values import (
    Evaluation,
    Unclear,
    Undefined,
    constant_sign,
    defined_around,
    undefined_around,
    value_at,
)
from intertwine.certificates.established import Subject
from intertwine.certificates.reading import Json
from intertwine.errors import CertificateError
from intertwine.terms import ONE, Term, mul, num


def not_affine(s: Subject, data: Json) -> est.NotAffine:
    """Three points of the graph that are not on a line."""
    a, b, c = reading.rationals(data.get("points"), "the points of 'not affine'", 3)
    u, v, w = (s.term.subs(num(t)) for t in (a, b, c))
    off = minus(mul(num(c - a), minus(v, u)), mul(num(b - a), minus(w, u)))
    if constant_sign(off, reading.bits(data)) not in (1, -1):
        raise CertificateError(f"not affine: the points {a}, {b}, {c} of the graph are not seen to be off one line")
    return est.NotAffine()


def not_constant(s: Subject, data: Json) -> est.NotConstant:
    """Two different values."""
    a, b = reading.rationals(data.get("points"), "the points of 'not constant'", 2)
    if constant_sign(minus(s.term.subs(num(a)), s.term.subs(num(b))), reading.bits(data)) not in (1, -1):
        raise CertificateError(f"not constant: the values at {a} and {b} are not seen to be different")
    return est.NotConstant()


def undefined_near(s: Subject, data: Json) -> est.Hole:
    """A point with a neighbourhood outside the domain."""
    at = reading.rational(data.get("point"), "the point of 'undefined near'")
    if not undefined_around(s.term, at):
        raise CertificateError(f"undefined near: the activation is not seen to be undefined around {at}")
    return est.Hole()


def domain(s: Subject, data: Json) -> est.Domain:
    """One of the conditions of Theorem 1': the activation is definable, or another one, by the laws."""
    if data.get("case") != "definable":
        from intertwine.certificates import laws

        return laws.domain(s, data)
    part = definable.obstacle(s.term, None, None)
    if part is not None:
        raise CertificateError(f"domain: {part} is not definable everywhere")
    return est.Domain()


def tame(s: Subject, data: Json) -> est.Definable:
    """Definable near an end, or everywhere."""
    end = data.get("end")
    low, high = (None if data.get(k) is None else reading.rational(data[k], f"definable: {k}") for k in ("low", "high"))
    if end not in definable.ENDS or not definable.is_neighbourhood(str(end), low, high):
        raise CertificateError("definable: the interval does not reach to the end")
    part = definable.obstacle(s.term, low, high)
    if part is not None:
        raise CertificateError(f"definable: {part} is not seen to be definable there")
    return est.Definable(str(end))


def not_member(s: Subject, data: Json) -> est.Outside:
    """A number that is not in S, by its witness."""
    d = reading.constant(data.get("d"), "the number of 'not member'")
    sign = constant_sign(d)
    if sign not in (1, -1):
        raise CertificateError(f"not member: {d} is not seen to be positive or negative")
    points = reading.rationals(data.get("points"), "the points of 'not member'", 1, 2)
    holds = {"determinant": _determinant, "domain": _other_domain}.get(str(data.get("method")))
    if holds is None:
        raise CertificateError("not member: an unknown method")
    if not holds(s, d, points, reading.bits(data)):
        raise CertificateError(f"not member: {', '.join(map(str, points))} do not show that {d} is not in S")
    side = (1 if points[0] > 0 else -1) if sign > 0 and all(p * points[0] > 0 for p in points) else None
    return est.Outside(d, side, hole=holds is _other_domain)


def _defined_at(s: Subject, at: Fraction, precisions: tuple[int, ...]) -> bool:
    for bits in precisions:
        try:
            value_at(s.term, at, bits)
            return True
        except (Undefined, Unclear):
            continue
    return False


def _determinant(s: Subject, d: Term, points: list[Fraction], precisions: tuple[int, ...]) -> bool:
    if len(points) != 2:
        return False
    (u, v), (du, dv) = ([s.term.subs(mul(factor, num(t))) for t in points] for factor in (ONE, d))
    return constant_sign(minus(mul(du, v), mul(dv, u)), precisions) in (1, -1)


def _times(d: Term, t: Fraction) -> arb:
    return Evaluation(exact(Fraction(1))).of(mul(d, num(t)))


def _other_domain(s: Subject, d: Term, points: list[Fraction], precisions: tuple[int, ...]) -> bool:
    """Defined at the first point, undefined around the second, which is ``d`` or ``1/d`` times the first."""
    here, there = points[0], points[-1]
    if not _defined_at(s, here, precisions):
        return False
    if len(points) == 2:
        related = d.value is not None and (here == d.value * there or there == d.value * here)
        return related and undefined_around(s.term, there)
    with ctx.workprec(160):
        try:
            target = _times(d, here)
            around = (target * (1 - arb(2) ** -30)).union(target * (1 + arb(2) ** -30))
            Evaluation(around).of(s.term)
        except Undefined:
            return True
        except Unclear:
            return False
    return False


def seen_at_zero(s: Subject) -> str | None:
    """``"undefined"``, ``"zero"`` or ``"nonzero"``: what balls show of ``s(0)``; None if they do not."""
    try:
        for bits in (64, 512, 2560):
            try:
                v = value_at(s.term, Fraction(0), bits)
            except Unclear:
                continue
            if v != 0 or v == 0:
                return "nonzero" if v != 0 else "zero"
    except Undefined:
        return "undefined"
    return None


def defined_near(s: Subject, points: list[Fraction]) -> bool:
    """Whether balls show that the activation is defined on an interval."""
    tried = [*points, *(t + d for t in points for d in (Fraction(1, 97), Fraction(-1, 89)))]
    tried += [Fraction(k, 7) for k in (3, -3, 9, -9, 40, -40)]
    return any(defined_around(s.term, t) for t in dict.fromkeys(tried))


RULES = {
    "not affine": not_affine,
    "not constant": not_constant,
    "undefined near": undefined_near,
    "domain": domain,
    "definable": tame,
    "not member": not_member,
}
