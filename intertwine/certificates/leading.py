"""Facts about the leading behaviour at an end of a half-line (Theorems 5 and 6)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction

from intertwine.certificates import established as est
from intertwine.certificates import reading
from intertwine.certificates.analysis.asymptotics import CONSTANT, DRIFT, LOG, Behaviour, Behaviours, Size, size_term
from intertwine.certificates.analysis.cases import explore
from intertwine.certificates.analysis.cells import Cell, point
from intertwine.certificates.analysis.clock import TooHard
from intertwine.certificates.analysis.identities import everywhere
from intertwine.certificates.analysis.plain import minus, over
from intertwine.certificates.analysis.regions import Region
from intertwine.certificates.analysis.values import BITS, constant_sign
from intertwine.certificates.reading import Json
from intertwine.errors import CertificateError
from intertwine.terms import ZERO, Term, X, mul, num

FAR = Fraction(2**40)
Views = tuple[Callable[[Region, Term], Term], ...]  # forms that are equal to a term on a region


def _towards(s: est.Subject, data: Json) -> tuple[int, str, Term]:
    """The activation on a half-line as a function of ``y``, which tends to infinity at the end."""
    side, end = reading.side(data), data.get("end")
    if end not in ("0", "oo"):
        raise CertificateError("leading: the end is 0 or oo")
    t = s.on(side)
    return side, str(end), t if end == "oo" else t.subs(over(X))


def behaviour_at_infinity(t: Term, views: Views = (lambda region, smooth: smooth,)) -> Behaviour:
    """The behaviour on the last region before infinity, the sharpest that is seen of equal forms of the term there.

    Raises
    ------
    TooHard
        Nothing is known about it.
    """
    found: list[Behaviour] = []

    def visit(region: Region) -> None:
        if region.cell.high is not None or region.cell.at is not None:
            return
        smooth = region.resolve(t)
        if not region.connected:
            raise TooHard("cases near the end")
        found.append(_sharpest(region, [view(region, smooth) for view in views]))

    far = [Cell(point(FAR), None)]
    try:
        explore(far, visit)
    except TooHard:
        if not everywhere(t, far):
            raise
        return Behaviours(Region(far[0])).of(t)  # cases that are not told apart
    if len(found) != 1:
        raise TooHard("no behaviour near the end")
    return found[0]


def _sharpest(region: Region, forms: list[Term]) -> Behaviour:
    seen: list[Behaviour] = []
    for form in forms:
        with suppress(TooHard):
            seen.append(Behaviours(region).of(form))
    if not seen:
        raise TooHard("no behaviour near the end")
    return min(seen, key=lambda b: (b.kind is None and b.size is not None, b.size or Size()))


def _leading_term(t: Term) -> Behaviour:
    found = behaviour_at_infinity(t)
    if found.size is None or found.kind is None:
        raise TooHard("no leading term")
    return found


def verify_leading(s: est.Subject, data: Json) -> est.Leading:
    """The kind of the leading behaviour, found again."""
    side, end, t = _towards(s, data)
    try:
        found = _leading_term(t)
    except TooHard as problem:
        raise CertificateError(f"leading: {problem}") from None
    assert found.size is not None
    if data.get("wave") != found.kind:
        raise CertificateError(f"leading: the behaviour at the end is {found.kind}")
    if data.get("pure power") is not found.size.is_power:
        raise CertificateError("leading: whether the size is a power is said wrongly")
    if found.kind == LOG and not _differ(found.wave, ZERO, data.get("nonzero"), BITS):
        raise CertificateError("leading: the wave is not seen to be different from 0")
    return est.Leading(side, end, rigid=found.kind == DRIFT or (found.kind == LOG and not found.size.is_power),
                       unless_power=found.kind == CONSTANT, unless_equal=found.kind == LOG and found.size.is_power)


def verify_not_leading(s: est.Subject, data: Json) -> est.NotLeading:
    """A point at which the activation is not its leading term."""
    side, end, t = _towards(s, data)
    try:
        found = _leading_term(t)
        assert found.size is not None
        lead = mul(found.wave, size_term(found.size))
    except TooHard as problem:
        raise CertificateError(f"not leading: {problem}") from None
    if found.kind != LOG or not found.size.is_power or not _differ(t, lead, data.get("point"), reading.bits(data)):
        raise CertificateError("not leading: the activation is not seen to differ from its leading term at the point")
    return est.NotLeading(side, end)


def _differ(a: Term, b: Term, point: object, precisions: tuple[int, ...]) -> bool:
    """Whether two functions on ``y > 0`` have different values at a point."""
    at = reading.rational(point, "leading: a point")
    return at > 0 and constant_sign(minus(a, b).subs(num(at)), precisions) in (1, -1)


RULES = {"leading": verify_leading, "not leading": verify_not_leading}
