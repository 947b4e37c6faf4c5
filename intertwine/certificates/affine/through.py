"""Auxiliary functions, which carry the linear theorems about one or two half-lines over to affine maps.

With ``s(a*t + c) = b*s(t) + d``:

- translations, ``a = 1``: ``g(y) = f(log y)`` for ``y > 0`` has ``g(exp(c)*y) = b*g(y)``, where ``f`` is ``s'``, or
  ``s(t + h) - s(t)``;
- dilations, ``c = p*(1 - a)``: ``g(y) = s'(p + y)`` has ``g(a*y) = (b/a)*g(y)``, and ``g(y) = s(p + k*y) - s(p + y)``
  has ``g(a*y) = b*g(y)``.

The derivative stands for that of ``s`` on the set where ``s`` is analytic; the term that is written is perhaps defined
on a part of it only.  So from facts about where it is undefined nothing follows.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from intertwine.certificates import established as est
from intertwine.certificates import reading
from intertwine.certificates.affine import established as aff
from intertwine.certificates.affine.derivatives import derivative
from intertwine.certificates.affine.facts import agrees, analytic_law, number
from intertwine.certificates.analysis.plain import minus
from intertwine.certificates.conclusions import Evidence
from intertwine.certificates.facts import verify
from intertwine.certificates.reading import Json
from intertwine.errors import CertificateError
from intertwine.terms import Term, X, add, apply, mul, num

MOST_FACTS = 60
IDLE = ("half member", "member", "homogeneous", "one-sided")  # of these nothing follows, so they may be as they are
THEOREMS = ("one tame end", "preserved sets", "exponents", "asymptotics")


def through(s: est.Subject, data: Json) -> aff.Through:
    """An auxiliary function, and the linear facts about it."""
    kind, via = data.get("kind"), data.get("via")
    if kind not in ("translations", "centre") or via not in ("derivative", "difference"):
        raise CertificateError("through: an unknown kind of auxiliary function")
    centre = number(data, "centre", "through") if kind == "centre" else None
    subject = est.Subject(_translated(s, data) if centre is None else _about(s.term, centre, data))
    facts = []
    for place, fact in enumerate(reading.items(data.get("facts"), "the facts of 'through'", MOST_FACTS), 1):
        if via == "derivative" and reading.fields(fact, "a fact of 'through'").get("set") == "domain":
            raise CertificateError("through: the domain of a derivative proves nothing")
        if reading.fields(fact, "a fact of 'through'").get("fact") not in IDLE:
            facts.append(verify(subject, fact, place))
    return aff.Through(centre, subject, tuple(facts))


def _translated(s: est.Subject, data: Json) -> Term:
    f = s.term
    if data.get("law") is not None:  # what holds of it far out holds on the line: translations of s are its own
        f = analytic_law(data)
        agrees(s, f, reading.rational(data.get("from"), "the start of a law"), 1)
    if data.get("via") == "derivative":
        return derivative(f).subs(apply("log", X))
    h = reading.rational(data.get("step"), "the step of 'through'")
    if h <= 0:
        raise CertificateError("through: the step is not positive")
    return minus(f.subs(add(X, num(h))), f).subs(apply("log", X))


def _about(s: Term, p: Term, data: Json) -> Term:
    if data.get("via") == "derivative":
        return derivative(s).subs(add(X, p))
    k = Fraction(2) if data.get("step") is None else reading.rational(data["step"], "the step of 'through'")
    if k in (0, 1):
        raise CertificateError("through: a step about a centre is not 0 or 1")
    return minus(s.subs(add(mul(num(k), X), p)), s.subs(add(X, p)))


class Auxiliary(Evidence):
    """What the facts about an auxiliary function say of the group.

    Only those count that speak of its values, not of where it is undefined; a "preserved set" may be the domain of a
    difference, which is undefined on open sets only where the function is.
    """

    _COUNT: tuple[type, ...] = (est.Outside, est.Definable, est.Gap, est.Rigid, est.Leading, est.NotLeading)

    def __init__(self, found: aff.Through) -> None:
        self.centre = found.centre
        facts = [f for f in found.facts if isinstance(f, self._COUNT) and not (isinstance(f, est.Outside) and f.hole)]
        super().__init__(found.subject, facts, [])

    def only_isometries(self) -> bool:
        """Whether no translation, or no dilation about the centre with ``a > 0``, is left but the identity."""
        sides = (1,) if self.centre is None else (1, -1)
        if any(self.rigid(side, theorem) for side in sides for theorem in THEOREMS):
            return True
        return self.centre is not None and self.only_one("dichotomy")

    def gaps(self) -> list[est.Gap]:
        """Intervals above 1 without elements."""
        sides: Callable[[est.Gap], bool] = lambda g: g.side == 1 or self.centre is not None  # noqa: E731
        return [g for g in self.all(est.Gap, sides) if not g.plateau or self.not_power(g.side)]
