"""The facts of a certificate, each verified from the activation and nothing else.

Every function takes the data of a fact, raises :class:`~intertwine.errors.CertificateError` if it does not hold, and
returns what has been established, as a small value.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from flint import arb, ctx

from intertwine.certificates import established as est
from intertwine.certificates import reading
from intertwine.certificates.analysis import definable, slopes
from intertwine.certificates.analysis.cells import Cell, TooHard, point
from intertwine.certificates.analysis.identities import (
    FILL,
    STRICT,
    WHERE_DEFINED,
    Unproved,
    everywhere,
    is_zero,
    nearly_everywhere,
    nowhere,
    nowhere_zero,
    power_on,
    prove,
)
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
from intertwine.certificates.exponents import verify_exponents
from intertwine.certificates.leading import verify_leading, verify_not_leading
from intertwine.certificates.reading import Json
from intertwine.errors import CertificateError
from intertwine.terms import ONE, ZERO, Term, X, add, mul, num, power

Subject = est.Subject


def value_or_none(s: Subject, at: Fraction, bits: int) -> arb | None:
    try:
        return value_at(s.term, at, bits)
    except (Undefined, Unclear):
        return None


def prove_identity(left: Term, right: Term, what: str, mode: str = STRICT) -> None:
    try:
        prove(left, right, mode)
    except Unproved as problem:
        raise CertificateError(f"{what}: {problem}") from None


def at_zero(s: Subject) -> str | None:
    """``"undefined"``, ``"zero"`` or ``"nonzero"``: what ``s(0)`` is as written; None if unknown."""
    for bits in (64, 512, 2560):
        try:
            v = value_at(s.term, Fraction(0), bits)
        except Undefined:
            return "undefined"
        except Unclear:
            continue
        if v != 0 or v == 0:
            return "nonzero" if v != 0 else "zero"
    if nowhere(s.term.subs(ZERO), [Cell(at=point(Fraction(1)))]):
        return "undefined"
    return "zero" if is_zero(s.term.subs(ZERO)) else None


# -- shape ---------------------------------------------------------------------------------------


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


# -- domain --------------------------------------------------------------------------------------


def undefined_near(s: Subject, data: Json) -> est.Hole:
    """A point with a neighbourhood outside the domain."""
    at = reading.rational(data.get("point"), "the point of 'undefined near'")
    if not undefined_around(s.term, at):
        raise CertificateError(f"undefined near: the activation is not seen to be undefined around {at}")
    return est.Hole()


def domain(s: Subject, data: Json) -> est.Domain:
    """One of the conditions of Theorem 1'."""
    case = data.get("case")
    if case == "definable":
        part = definable.obstacle(s.term, None, None)
        if part is not None:
            raise CertificateError(f"domain: {part} is not definable everywhere")
    elif case == "thin complement":
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


def has_interior(s: Subject, points: list[Fraction]) -> bool:
    """Whether the activation is defined on an interval."""
    tried = [*points, *(t + d for t in points for d in (Fraction(1, 97), Fraction(-1, 89)))]
    tried += [Fraction(k, 7) for k in (3, -3, 9, -9, 40, -40)]
    if any(defined_around(s.term, t) for t in dict.fromkeys(tried)):
        return True
    return any(nearly_everywhere(s.on(side), [Cell()]) for side in (1, -1))


# -- members and others --------------------------------------------------------------------------


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
    if not any(value_or_none(s, here, bits) is not None for bits in precisions):
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


# -- why there is nothing else -------------------------------------------------------------------


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


def gap(s: Subject, data: Json) -> est.Gap:
    """An interval on which the logarithmic derivative takes no value twice, or the function is a power."""
    side = reading.side(data)
    low, high = (reading.rational(data.get(k), f"'gap': {k}") for k in ("low", "high"))
    if not 0 < low < high:
        raise CertificateError("gap: the interval is empty, or not on one half-line")
    method, t = data.get("method"), s.on(side)
    cell = Cell(point(low), point(high))
    if method == "monotone" and slopes.strictly_monotone(t, low, high):
        return est.Gap(side, high / low, False)
    if method == "plateau" and power_on(t, cell):
        return est.Gap(side, high / low, True)
    raise CertificateError(f"gap: nothing is established between {float(low):.6g} and {float(high):.6g}")


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


Rules = dict[str, Callable[[Subject, Json], object]]
LINEAR: Rules = {
    "not affine": not_affine,
    "not constant": not_constant,
    "affine": affine,
    "constant on domain": constant_on_domain,
    "undefined near": undefined_near,
    "domain": domain,
    "not member": not_member,
    "member": member,
    "half member": half_member,
    "homogeneous": homogeneous,
    "one-sided": one_sided,
    "definable": tame,
    "gap": gap,
    "preserved set": preserved_set,
    "exponents": verify_exponents,
    "leading": verify_leading,
    "not leading": verify_not_leading,
}


def verify(s: Subject, data: object, number: int, rules: Rules = LINEAR) -> object:
    """What one fact of a certificate establishes, by the rules for facts of each name."""
    fact = reading.fields(data, f"fact {number}")
    name = fact.get("fact")
    rule = rules.get(name) if isinstance(name, str) else None
    if rule is None:
        raise CertificateError(f"fact {number} is of an unknown kind")
    try:
        return rule(s, fact)
    except TooHard as problem:
        raise CertificateError(f"fact {number} ({name}) is out of reach: {problem}") from None
