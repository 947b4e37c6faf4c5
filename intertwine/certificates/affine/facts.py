"""Facts about the elements of the affine group, and about the forms that continuous groups give to a function.

Every function takes the data of a fact, raises :class:`~intertwine.errors.CertificateError` if it does not hold, and
returns what has been established. Fractions are points; other numbers are constants of the expression language.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from flint import arb, ctx

from intertwine.certificates import reading
from intertwine.certificates.affine import established as aff
from intertwine.certificates.affine.derivatives import derivative
from intertwine.certificates.analysis.cells import Cell, point
from intertwine.certificates.analysis.constants import is_zero
from intertwine.certificates.analysis.identities import FILL, Unproved, everywhere, nowhere, prove
from intertwine.certificates.analysis.numbers import different
from intertwine.certificates.analysis.plain import minus, over
from intertwine.certificates.analysis.spans import exact
from intertwine.certificates.analysis.values import (
    BITS,
    Evaluation,
    Unclear,
    Undefined,
    constant_sign,
    defined_around,
    undefined_around,
    value_at,
)
from intertwine.certificates.established import Subject
from intertwine.certificates.laws import prove_identity
from intertwine.certificates.reading import Json
from intertwine.errors import CertificateError
from intertwine.terms import ZERO, Term, X, add, apply, mul, num, power

HERE = [Cell(at=point(Fraction(1)))]


# -- reading and evaluating -------------------------------------------------------------------------


def number(data: Json, key: str, what: str) -> Term:
    """A constant that has a value."""
    found = reading.constant(data.get(key), f"the {key} of {what!r}")
    for bits in BITS:
        try:
            value_at(found, Fraction(1), bits)
        except Unclear:
            continue
        except Undefined:
            break
        return found
    raise CertificateError(f"the {key} of {what!r} is not seen to be a number")


def nonzero(data: Json, key: str, what: str) -> Term:
    """A constant other than 0."""
    found = number(data, key, what)
    if constant_sign(found) not in (1, -1):
        raise CertificateError(f"the {key} of {what!r} is not seen to be different from 0")
    return found


def interval(data: Json, what: str) -> tuple[Fraction, Fraction]:
    """Two fractions in order."""
    low, high = (reading.rational(data.get(key), f"the {key} of {what!r}") for key in ("low", "high"))
    if low > high:
        raise CertificateError(f"the interval of {what!r} is empty")
    return low, high


def ray(t: Term, start: Fraction, side: int) -> Term:
    """``y -> t(start + side*y)``, for ``y > 0``."""
    return t.subs(add(mul(num(side), X), num(start)))


def seen(data: Json, holds: Callable[[], bool]) -> bool:
    """Whether something shows at one of the working precisions; balls that are too wide show nothing."""
    for bits in reading.bits(data):
        with ctx.workprec(bits + 32):
            try:
                if holds():
                    return True
            except (Undefined, Unclear):
                continue
    return False


def graph(t: Term, points: list[Fraction]) -> list[arb]:
    """The values at points; they are put in first, so that a step of ``floor(x/3)`` is met exactly."""
    return [Evaluation(exact(p)).of(t.subs(num(p))) for p in points]


def moved(a: Term, c: Term, t: Fraction) -> arb:
    """A ball around ``a*t + c``."""
    e = Evaluation(exact(Fraction(1)))
    return e.of(a) * exact(t) + e.of(c)


def triangle(u: list[arb], v: list[arb]) -> arb:
    """``det[u_i, v_i, 1]``: different from 0 if no line contains the points ``(u_i, v_i)``."""
    return (u[1] - u[0]) * (v[2] - v[0]) - (u[2] - u[0]) * (v[1] - v[0])


def off_one_line(s: Subject, points: list[Fraction], data: Json) -> bool:
    """Whether three points of the graph are not on a line."""
    return seen(data, lambda: bool(triangle([exact(p) for p in points], graph(s.term, points)) != 0))


def _same_number(left: Term, right: Term) -> bool:
    """Whether two constants are equal, or both undefined."""
    try:
        prove(left, right, cells=HERE)
    except Unproved:
        return is_zero(minus(left, right))
    return True


# -- elements ---------------------------------------------------------------------------------------


def affine_member(s: Subject, data: Json) -> aff.AffineMember:
    """An element of the group, with its image."""
    what = "affine member"
    a, b = nonzero(data, "a", what), nonzero(data, "b", what)
    c, d = number(data, "c", what), number(data, "d", what)
    for side in (1, -1):
        left = s.term.subs(add(mul(a, num(side), X), c))
        where = f"{what} ({a}, {c}), for {'x > 0' if side > 0 else 'x < 0'}"
        prove_identity(left, add(mul(b, s.on(side)), d), where)
    if not _same_number(s.term.subs(c), add(mul(b, s.term.subs(ZERO)), d)):
        raise CertificateError(f"affine member ({a}, {c}): the two sides are not seen to agree at 0")
    return aff.AffineMember(a, c, b, d)


def not_affine_member(s: Subject, data: Json) -> aff.NotAffineMember:
    """A map that is not in the group, by its witness."""
    a, c = nonzero(data, "a", "not affine member"), number(data, "c", "not affine member")
    points = reading.rationals(data.get("points"), "the points of 'not affine member'", 1, 3)
    holds = {"determinant": _determinant, "domain": _other_domain}.get(str(data.get("method")))
    if holds is None or not holds(s, a, c, points, data):
        raise CertificateError(f"not affine member: {', '.join(map(str, points))} do not exclude ({a}, {c})")
    return aff.NotAffineMember(a, c)


def _determinant(s: Subject, a: Term, c: Term, points: list[Fraction], data: Json) -> bool:
    def apart() -> bool:
        if a.value is not None and c.value is not None:
            images = graph(s.term, [a.value * t + c.value for t in points])
        else:
            images = [Evaluation(moved(a, c, t)).of(s.term) for t in points]
        return bool(triangle(images, graph(s.term, points)) != 0)

    return len(points) == 3 and seen(data, apart)


def _other_domain(s: Subject, a: Term, c: Term, points: list[Fraction], data: Json) -> bool:
    """Defined around the point and undefined around its image, or the other way round."""
    if len(points) != 1:
        return False
    here = points[0]
    with ctx.workprec(256):
        target = moved(a, c, here)
        try:
            if data.get("inverse") is True:
                Evaluation(target).of(s.term)
                return undefined_around(s.term, here)
            Evaluation(target + arb(0, 2.0**-40)).of(s.term)
        except Undefined:
            return data.get("inverse") is not True and defined_around(s.term, here)
        except Unclear:
            return False
    return False


# -- forms ------------------------------------------------------------------------------------------


def exponential(s: Subject, data: Json) -> aff.Exponential:
    """``alpha*exp(lambda*t) + beta`` on the whole line."""
    what = "exponential"
    alpha, rate, beta = nonzero(data, "coefficient", what), nonzero(data, "rate", what), number(data, "offset", what)
    for side in (1, -1):
        right = add(mul(alpha, apply("exp", mul(num(side), rate, X))), beta)
        prove_identity(s.on(side), right, f"{what}, for {'x > 0' if side > 0 else 'x < 0'}", FILL)
    value = s.term.subs(ZERO)
    if not nowhere(value, HERE) and not is_zero(minus(value, add(alpha, beta))):
        raise CertificateError("exponential: the value at 0 is not that of the exponential function")
    return aff.Exponential(rate, beta)


def about(s: Subject, data: Json) -> aff.About:
    """The form of one side of a point."""
    what = "about"
    p, side, form = number(data, "centre", what), reading.side(data), data.get("form")
    t = s.term.subs(add(mul(num(side), X), p))
    if form == "undefined":
        if not nowhere(t, [Cell()]):
            raise CertificateError(f"about {p}: the side is not seen to be undefined")
        return aff.About(p, side, "undefined", ZERO, ZERO, ZERO)
    c, beta = number(data, "coefficient", what), number(data, "offset", what)
    r = number(data, "degree", what) if form == "power" else ZERO
    if form not in ("power", "log"):
        raise CertificateError("about: an unknown form")
    free = is_zero(c) or (form == "power" and is_zero(r))
    if not free and (constant_sign(c) not in (1, -1) or (form == "power" and constant_sign(r) not in (1, -1))):
        raise CertificateError(f"about {p}: it is not clear whether the side is constant")
    if free:
        form, beta, c = "constant", beta if is_zero(c) else add(c, beta), ZERO
    shape = {"constant": ZERO, "power": power(X, r), "log": apply("log", X)}[str(form)]
    right = beta if free else add(mul(c, shape), beta)
    prove_identity(t, right, f"about {p}, on the side {side}", FILL)
    return aff.About(p, side, str(form), beta, c, r)


def value_there(s: Subject, data: Json) -> aff.ValueAt:
    """The value at a point, as it is written."""
    p = number(data, "point", "value at")
    there = s.term.subs(p)
    if nowhere(there, HERE):  # then it does not matter whether a limit is filled in: nothing is demanded of it
        return aff.ValueAt(p, None)
    v = number(data, "value", "value at")
    if not is_zero(minus(there, v)):
        raise CertificateError(f"value at {p}: the value is not seen to be {v}")
    return aff.ValueAt(p, v)


def not_exponential(s: Subject, data: Json) -> aff.NotExponential:
    """Four values at equal distances whose differences are no geometric sequence."""
    points = reading.rationals(data.get("points"), "the points of 'not exponential'", 4)
    steps = {q - p for p, q in zip(points, points[1:], strict=False)}
    if len(steps) != 1 or 0 in steps:
        raise CertificateError("not exponential: the points do not have equal distances")

    def apart() -> bool:
        v = graph(s.term, points)
        return bool((v[1] - v[0]) * (v[3] - v[2]) - (v[2] - v[1]) * (v[2] - v[1]) != 0)

    if not seen(data, apart):
        raise CertificateError("not exponential: the values are not seen to exclude an exponential function")
    return aff.NotExponential()


def span(s: Subject, data: Json) -> aff.Span:
    """Where a group of all dilations may have its centre."""
    methods = {"jets": _jets, "bend": _bend, "domain": _edge, "exponential": _exponential_part}
    holds = methods.get(str(data.get("method")))
    if holds is None:
        raise CertificateError("span: an unknown method")
    found = holds(s, data)
    if found is None:
        raise CertificateError(f"span: {data.get('method')} does not show it")
    return found


def _jets(s: Subject, data: Json) -> aff.Span | None:
    """All one-parameter groups have ``(u + v*t)*s'' = w*s'`` where ``s`` is analytic, with numbers ``u, v, w``."""
    points = reading.rationals(data.get("points"), "the points of 'span'", 3)
    first = derivative(s.term)
    second = derivative(first)

    def independent() -> bool:
        f, g = graph(first, points), graph(second, points)
        h = [exact(p) * y for p, y in zip(points, g, strict=True)]
        return bool(h[0] * _minor(g, f, 1, 2) - h[1] * _minor(g, f, 0, 2) + h[2] * _minor(g, f, 0, 1) != 0)

    return aff.Span(None, None, rigid=True) if seen(data, independent) else None


def _minor(u: list[arb], v: list[arb], i: int, j: int) -> arb:
    return u[i] * v[j] - u[j] * v[i]


def _vanishes(t: Term, width: Fraction) -> bool:
    """Whether a term is defined and zero for ``0 < x < width``."""
    try:
        prove(t, ZERO, cells=[Cell(None, point(width))])
    except Unproved:
        return False
    return True


def _bend(s: Subject, data: Json) -> aff.Span | None:
    """Affine on an interval, so on all of a side that contains it: not if that side has three points off a line."""
    low, high = interval(data, "span")
    points = reading.rationals(data.get("points"), "the points of 'span'", 3)
    straight = low < high and _vanishes(ray(derivative(derivative(s.term)), low, 1), high - low)
    if not straight or not off_one_line(s, points, data):
        return None
    return aff.Span(min(low, *points), max(high, *points))


def _edge(s: Subject, data: Json) -> aff.Span | None:
    """Defined at one point, undefined at another: not on one side of the centre."""
    u, v = reading.rationals(data.get("points"), "the points of 'span'", 2)
    return aff.Span(min(u, v), max(u, v)) if defined_around(s.term, u) and undefined_around(s.term, v) else None


def _exponential_part(s: Subject, data: Json) -> aff.Span | None:
    """Exponential on an interval, where no power and no logarithm is."""
    low, high = interval(data, "span")
    first = derivative(ray(s.term, low, 1))
    rate = derivative(first) * over(first)
    if low == high or not _vanishes(derivative(rate), high - low):
        return None
    return aff.Span(None, None) if different(rate.subs(num((high - low) / 2)), ZERO) else None


def analytic_law(data: Json) -> Term:
    """A function that is analytic on the whole line."""
    law = reading.term(data.get("law"), "a law")
    slope = derivative(law)
    rays = [ray(slope, Fraction(0), side) for side in (1, -1)]
    if not all(everywhere(t, [Cell()]) for t in rays) or not everywhere(slope.subs(ZERO), HERE):
        raise CertificateError("a law is not seen to be analytic on the whole line")
    return law


def agrees(s: Subject, law: Term, start: Fraction, side: int) -> bool:
    """Whether the activation is this function beyond a point."""
    prove_identity(ray(s.term, start, side), ray(law, start, side), "a law beyond a point", FILL)
    return True


def analytic_off(s: Subject, data: Json) -> aff.AnalyticOff:
    """Analytic on both sides of a point."""
    p = number(data, "point", "analytic off")
    slope = derivative(s.term)
    for side in (1, -1):
        place = add(mul(num(side), X), p)
        if not everywhere(slope.subs(place), [Cell()]) and not nowhere(s.term.subs(place), [Cell()]):
            raise CertificateError(f"analytic off {p}: the activation is not seen to be analytic on both sides")
    return aff.AnalyticOff(p)
