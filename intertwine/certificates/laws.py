"""Facts that are laws: identities on half-lines, and where the activation is defined or zero.

Every function takes the data of a fact, raises :class:`~intertwine.errors.CertificateError` if it does not hold, and
returns what has been established, as a small value.
"""

from __future__ import annotations

from fractions import Fraction

from intertwine.certificates import established as est
from intertwine.certificates import reading
from intertwine.certificates.analysis.cells import Cell, point
from intertwine.certificates.analysis.constants import is_zero
from intertwine.certificates.analysis.identities import (
    FILL,
    STRICT,
    WHERE_DEFINED,
    Unproved,
    everywhere,
    nearly_everywhere,
    nowhere,
    nowhere_zero,
    prove,
)
from intertwine.certificates.analysis.plain import minus
from intertwine.certificates.analysis.values import constant_sign, defined_around, undefined_around
from intertwine.certificates.established import Subject
from intertwine.certificates.reading import Json
from intertwine.certificates.witnesses import seen_at_zero
from intertwine.errors import CertificateError
from intertwine.terms import ONE, ZERO, Term, X, add, mul, num, power


def prove_identity(left: Term, right: Term, what: str, mode: str = STRICT) -> None:
    try:
        prove(left, right, mode)
    except Unproved as problem:
        raise CertificateError(f"{what}: {problem}") from None


def at_zero(s: Subject) -> str | None:
    """``"undefined"``, ``"zero"`` or ``"nonzero"``: what ``s(0)`` is as written; None if unknown."""
    seen = seen_at_zero(s)
    if seen is not None:
        return seen
    if nowhere(s.term.subs(ZERO), [Cell(at=point(Fraction(1)))]):
        return "undefined"
    return "zero" if is_zero(s.term.subs(ZERO)) else None


def has_interior(s: Subject) -> bool:
    """Whether the activation is defined on a half-line, isolated points aside."""
    return any(nearly_everywhere(s.on(side), [Cell()]) for side in (1, -1))


def affine(s: Subject, data: Json) -> est.Affine:
    """A line, in disguise: on both half-lines and at 0."""
    slope, intercept = (reading.constant(data.get(k), f"the {k} of 'affine'") for k in ("slope", "intercept"))
    for side in (1, -1):
        line = add(mul(num(side), slope, X), intercept)
        prove_identity(s.on(side), line, f"affine, for {'x > 0' if side > 0 else 'x < 0'}", FILL)
    if at_zero(s) != "undefined" and not is_zero(minus(s.term.subs(ZERO), intercept)):
        raise CertificateError("affine: the value at 0 is not the intercept")
    return est.Affine(slope, intercept)


def constant_on_domain(s: Subject, data: Json) -> est.Constant:
    """One value wherever the activation is defined."""
    value = reading.constant(data.get("value"), "the value of 'constant on domain'")
    for side in (1, -1):
        prove_identity(s.on(side), value, "constant on domain", WHERE_DEFINED)
    if at_zero(s) != "undefined" and not is_zero(minus(s.term.subs(ZERO), value)):
        raise CertificateError("constant on domain: the value at 0 is another one")
    return est.Constant()


def domain(s: Subject, data: Json) -> est.Domain:
    """One of the conditions of Theorem 1'."""
    case = data.get("case")
    if case == "thin complement":
        if not all(nearly_everywhere(s.on(side), [Cell()]) for side in (1, -1)):
            raise CertificateError("domain: the activation is not seen to be defined nearly everywhere")
    elif case == "unbounded piece":
        t, start = s.on(reading.side(data)), reading.rational(data.get("from"), "the start of 'domain'")
        piece = [Cell(point(start) if start else None, None)]
        if start < 0 or not (nearly_everywhere(t, piece) or nowhere(t, piece)):
            raise CertificateError("domain: neither defined nearly everywhere nor nowhere on the unbounded piece")
    elif case == "periodic":
        period = reading.constant(data.get("period"), "the period of 'domain'")
        if constant_sign(period) != 1:
            raise CertificateError("domain: the period is not positive")
        for side in (1, -1):
            t = s.on(side)
            prove_identity(t.subs(add(X, period)), t, "domain: the translation by the period")
    elif case == "scaled":
        return est.Domain(_scaled(s, data))
    else:
        raise CertificateError("domain: an unknown case")
    return est.Domain()


def _scaled(s: Subject, data: Json) -> Term:
    """Condition (e): a gap on each half-line, and a number in S that is not 1 (established by another fact)."""
    gaps = reading.rationals(data.get("gaps"), "the gaps of 'domain'", 2)
    if gaps[0] <= 0 or gaps[1] >= 0 or not all(undefined_around(s.term, t) for t in gaps):
        raise CertificateError("domain: no gap is seen on each of the half-lines")
    return reading.constant(data.get("factor"), "the factor of 'domain'")


def member(s: Subject, data: Json) -> est.Member:
    """A number that is in S, with the value of the character."""
    d, b = (reading.constant(data.get(k), f"the {k} of 'member'") for k in ("d", "b"))
    if constant_sign(d) not in (1, -1) or constant_sign(b) not in (1, -1):
        raise CertificateError("member: d and b are not seen to be different from 0")
    for side in (1, -1):
        t = s.on(side)
        prove_identity(t.subs(mul(d, X)), mul(b, t), f"member {d}, for {'x > 0' if side > 0 else 'x < 0'}")
    if at_zero(s) not in ("undefined", "zero") and not is_zero(minus(b, ONE)):
        raise CertificateError(f"member {d}: the value at 0 is perhaps not 0, and {b} is not 1")
    return est.Member(d, b, None)


def half_member(s: Subject, data: Json) -> est.Member:
    """A positive number that scales one half-line."""
    d, b = (reading.constant(data.get(k), f"the {k} of 'half member'") for k in ("d", "b"))
    if constant_sign(d) != 1 or constant_sign(b) not in (1, -1):
        raise CertificateError("half member: d is not seen to be positive, or b to be different from 0")
    side = reading.side(data)
    t = s.on(side)
    prove_identity(t.subs(mul(d, X)), mul(b, t), f"half member {d}")
    return est.Member(d, b, side)


def homogeneous(s: Subject, data: Json) -> est.Homogeneous:
    """A multiple of a power on a half-line; zero or undefined there."""
    side = reading.side(data)
    t = s.on(side)
    degree = reading.constant(data.get("degree"), "the degree of 'homogeneous'")
    if data.get("coefficient") is None:
        if not nowhere(t, [Cell()]):
            raise CertificateError("homogeneous: the activation is not seen to be undefined on the half-line")
        return est.Homogeneous(side, ZERO, True, True)
    c = reading.constant(data.get("coefficient"), "the coefficient of 'homogeneous'")
    free = is_zero(c)
    if not free and constant_sign(c) not in (1, -1):
        raise CertificateError("homogeneous: it is not clear whether the coefficient is 0")
    right = ZERO if free else mul(c, power(X, degree))
    prove_identity(t, right, f"homogeneous, for {'x > 0' if side > 0 else 'x < 0'}", FILL)
    return est.Homogeneous(side, degree, free, False)


def one_sided(s: Subject, data: Json) -> est.OneSided:
    """Defined around a point of one half-line, and nowhere on the other."""
    side, at = reading.side(data), reading.rational(data.get("point"), "the point of 'one-sided'")
    if at * side <= 0 or not any(defined_around(s.term, t) for t in (at, at * Fraction(98, 97), at * Fraction(88, 89))):
        raise CertificateError("one-sided: the activation is not seen to be defined around the point")
    if not nowhere(s.on(-side), [Cell()]):
        raise CertificateError("one-sided: the activation is not seen to be undefined on the other half-line")
    return est.OneSided()


def preserved_set(s: Subject, data: Json) -> est.Rigid:
    """Zeros, or points of the domain, that keep away from one end of a half-line."""
    side, end = reading.side(data), data.get("end")
    bound, at = (reading.rational(data.get(k), f"'preserved set': {k}") for k in ("bound", "point"))
    if bound <= 0 or at <= 0 or end not in ("0", "oo"):
        raise CertificateError("preserved set: a bound or a point is not positive, or the end is not 0 or oo")
    piece = [Cell(None, point(bound)) if end == "0" else Cell(point(bound), None)]
    t = s.on(side)
    if data.get("set") == "zeros":
        if not is_zero(t.subs(num(at))):
            raise CertificateError(f"preserved set: {side * at} is not seen to be a zero")
        if not nowhere_zero(t, piece) or not everywhere(t, piece):
            raise CertificateError("preserved set: zeros near the end are not excluded")
    elif data.get("set") == "domain":
        if not defined_around(t, at) or not nowhere(t, piece):
            raise CertificateError("preserved set: the domain is not as it is said to be")
    else:
        raise CertificateError("preserved set: an unknown set")
    return est.Rigid(side, "preserved sets")


RULES = {
    "affine": affine,
    "constant on domain": constant_on_domain,
    "member": member,
    "half member": half_member,
    "homogeneous": homogeneous,
    "one-sided": one_sided,
    "preserved set": preserved_set,
}
