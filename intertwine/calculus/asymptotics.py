"""The leading behaviour of a smooth core term as ``x`` tends to infinity.

``f = lead + o(A)`` where ``A > 0`` is a germ of known growth and ``lead/A`` is a nonzero constant
("constant"), or a nonconstant almost periodic function of ``log x`` ("log"), or a nonconstant continuous
periodic function of a definable phase that runs faster than every multiple of ``log x``, or tends to
infinity relative to all of them ("drifting").  With ``wave`` None only ``f = O(A)`` is known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from intertwine.calculus.budget import check
from intertwine.calculus.cells import Cell, rational_root
from intertwine.calculus.constants import rational_constant
from intertwine.calculus.enclosure import UndefinedAt, sign_at
from intertwine.calculus.tame import tame
from intertwine.terms import ONE, PI, ZERO, Term, X, add, apply, mul, num, power

Growth = tuple[Fraction, Fraction, Fraction, Fraction]
"""Exponents of: a germ beyond all powers (sign only), ``x``, ``log x``, ``log log x``; compared in this order."""

FLAT: Growth = (Fraction(0),) * 4
LOG: Growth = (Fraction(0), Fraction(0), Fraction(1), Fraction(0))
NOTHING: Growth = (Fraction(-2), Fraction(0), Fraction(0), Fraction(0))  # identically zero
LOG_X = apply("log", X)


@dataclass(frozen=True)
class Asymptotic:
    """``f = lead + o(A)``, or only ``f = O(A)`` when ``wave`` is None."""

    growth: Growth
    lead: Term | None = None
    wave: str | None = None


def bounded_by(growth: Growth) -> Asymptotic:
    """Only an upper bound."""
    return Asymptotic(growth)


class Asymptotics:
    """Leading behaviour of subterms of one smooth term.

    ``zero`` and ``constant`` prove that a term reduces to zero, or to a constant, far out.
    """

    def __init__(self, zero: Callable[[Term], bool], constant: Callable[[Term], bool]) -> None:
        self.zero, self.constant = zero, constant
        self.memo: dict[Term, Asymptotic | None] = {}

    def of(self, t: Term) -> Asymptotic | None:
        """The behaviour of a subterm, or None when nothing is known."""
        if t not in self.memo:
            check()
            self.memo[t] = self._of(t)
        return self.memo[t]

    def _of(self, t: Term) -> Asymptotic | None:
        if not t.has_x:
            return self._constant(t)
        if t.op == "x":
            return Asymptotic((Fraction(0), Fraction(1), Fraction(0), Fraction(0)), X, "constant")
        if t.op == "add":
            return self._sum(t)
        if t.op == "mul":
            return self._product(t)
        if t.op == "pow":
            return self._power(t)
        u = self.of(t.args[-1])
        if u is None:
            return None
        match t.op:
            case "exp":
                return self._exp(t, u)
            case "log":
                return self._log(u)
            case "sin" | "cos":
                return self._circular(t, u)
            case "atan" | "tanh" | "erf":
                return self._saturating(t, u)
            case "sinh" | "asinh" if u.growth <= FLAT:
                return self._through_zero(t, u)
            case "sinh" | "cosh":
                e = apply("exp", t.args[0])
                return self.of(mul(num(1, 2), add(e, mul(num(1 if t.op == "cosh" else -1), power(e, num(-1))))))
            case "sinc":
                return self.of(apply("sin", t.args[0]) / t.args[0])
            case "besselj" | "bessely":
                return self._bessel(t, u)
            case "floor":
                return self._floor(u)
            case "Abs":
                lead = None if u.lead is None else apply("Abs", u.lead)
                return Asymptotic(u.growth, lead, u.wave)
        return None

    def _constant(self, t: Term) -> Asymptotic | None:
        try:
            sign = sign_at(t, Fraction(2) ** 64)
        except UndefinedAt:
            return None
        if sign == 0 or (sign is None and self.zero(t)):
            return Asymptotic(NOTHING)
        return Asymptotic(FLAT, t, "constant") if sign else bounded_by(FLAT)

    def _limit(self, image: Term) -> Asymptotic | None:
        """A function that tends to a constant; a limit of 0 leaves the growth unknown."""
        limit = self._constant(image)
        return bounded_by(FLAT) if limit is not None and limit.growth == NOTHING else limit

    def _sum(self, t: Term) -> Asymptotic | None:
        parts = [self.of(a) for a in t.args]
        known = [p for p in parts if p is not None]
        if len(known) != len(parts):
            return None
        top = max(p.growth for p in known)
        leaders = [p for p in known if p.growth == top]
        if len(leaders) == 1:
            return leaders[0]
        if top[0]:  # germs beyond all powers are not compared with each other; a sum of small ones is small
            return bounded_by(top) if top[0] < 0 else None
        waves = [p.wave for p in leaders]
        if None in waves:
            return bounded_by(top)
        lead = add(*(p.lead for p in leaders if p.lead is not None))
        moving = [w for w in waves if w != "constant"]
        if not moving:
            return self._constant_ratio(top, lead, leaders[0].lead)
        if len(moving) == 1 or set(moving) == {"log"}:
            return Asymptotic(top, lead, moving[0])
        return bounded_by(top)

    def _constant_ratio(self, growth: Growth, lead: Term, unit: Term | None) -> Asymptotic | None:
        """A sum of constants times one germ: no cancellation if it is not zero at some point."""
        if unit is None or not self.constant(lead / unit):
            return bounded_by(growth)
        try:
            point = Fraction(2) ** 64
            return Asymptotic(growth, lead, "constant") if sign_at(lead, point) else bounded_by(growth)
        except UndefinedAt:
            return bounded_by(growth)

    def _product(self, t: Term) -> Asymptotic | None:
        result: Asymptotic | None = Asymptotic(FLAT, ONE, "constant")
        for a in t.args:
            u = self.of(a)
            if u is None or result is None:
                return None
            if u.growth == NOTHING or result.growth == NOTHING:
                result = Asymptotic(NOTHING)
                continue
            if u.growth[0] and result.growth[0] and u.growth[0] != result.growth[0]:
                return None
            growth = _plus(u.growth, result.growth)
            waves = {u.wave, result.wave}
            if None in waves or u.lead is None or result.lead is None:
                result = bounded_by(growth)
            elif "constant" in waves or waves == {"log"}:
                wave = u.wave if result.wave == "constant" else result.wave
                result = Asymptotic(growth, mul(result.lead, u.lead), wave)
            else:
                result = bounded_by(growth)
        return result

    def _power(self, t: Term) -> Asymptotic | None:
        u, r = self.of(t.args[0]), t.args[1].value
        if u is None:
            return None
        if r is None:
            return self.of(apply("exp", t.args[1] * apply("log", t.args[0])))
        if u.wave is None or u.lead is None:
            return bounded_by(_scaled(u.growth, r)) if r > 0 and u.growth[0] == 0 else None
        whole = r.denominator == 1
        if u.wave != "constant" and not (whole and r > 0):
            return None
        return Asymptotic(_scaled(u.growth, r), power(u.lead, num(r)), u.wave)

    def _exp(self, t: Term, u: Asymptotic) -> Asymptotic | None:
        if u.growth < FLAT:
            return Asymptotic(FLAT, ONE, "constant")
        if u.growth == FLAT:
            return bounded_by(FLAT) if u.lead is None else Asymptotic(FLAT, apply("exp", u.lead), u.wave)
        if u.wave != "constant" or u.lead is None:
            return None
        if u.growth == LOG:
            return self._power_of_x(t, u.lead)
        if u.growth < LOG:
            return None
        sign = _sign_far_out(u.lead)
        if not sign or tame(t.args[0], "oo") is None:  # the germ itself has to be definable
            return None
        return Asymptotic((Fraction(sign), Fraction(0), Fraction(0), Fraction(0)), t, "constant")

    def _power_of_x(self, t: Term, lead: Term) -> Asymptotic | None:
        """``exp(c log x + k + o(1))``."""
        split = self._logarithmic(t.args[0], lead)
        if split is None or split[0].value is None or split[1] is None:
            return None
        c, k = split[0].value, split[1]
        growth = (Fraction(0), c, Fraction(0), Fraction(0))
        return Asymptotic(growth, mul(apply("exp", k), power(X, num(c))), "constant")

    def _logarithmic(self, u: Term, lead: Term) -> tuple[Term, Term | None] | None:
        """``(c, k)`` when ``u = c log x + k + o(1)``; ``k`` None when the rest tends to infinity."""
        c = lead.subs(num(2)) / apply("log", num(2)) if lead.op != "log" else ONE
        if not self.zero(lead - c * LOG_X):
            return None
        c = simple_constant(c)
        rest = self.of(u - c * LOG_X) if not self.zero(u - c * LOG_X) else Asymptotic(NOTHING)
        rest = self._rest(u, c) if rest is None or rest.growth >= LOG else rest
        if rest is None:
            return None
        if rest.growth < FLAT:
            return c, ZERO
        if rest.growth == FLAT and rest.wave == "constant" and rest.lead is not None and not rest.lead.has_x:
            return c, rest.lead
        if rest.growth > FLAT and rest.wave == "constant":
            return c, None
        return None

    def _rest(self, u: Term, c: Term) -> Asymptotic | None:
        """The rest of a sum after its logarithmic summands."""
        if u.op != "add":
            return None
        others = [a for a in u.args if not self.zero(a - c * LOG_X)]
        return self.of(add(*others)) if len(others) == len(u.args) - 1 else None

    def _log(self, u: Asymptotic) -> Asymptotic | None:
        if u.wave != "constant" or u.lead is None:
            return None
        if u.growth[0]:
            return self.of(u.lead.args[0]) if u.lead.op == "exp" else None
        if u.growth[1]:
            return Asymptotic(LOG, mul(num(u.growth[1]), LOG_X), "constant")
        if u.growth[2]:
            deep = (Fraction(0), Fraction(0), Fraction(0), Fraction(1))
            return Asymptotic(deep, mul(num(u.growth[2]), apply("log", LOG_X)), "constant")
        if u.growth == FLAT and not u.lead.has_x:
            return self._limit(apply("log", u.lead))
        return None

    def _circular(self, t: Term, u: Asymptotic) -> Asymptotic | None:
        if u.growth < FLAT:
            if t.op == "cos":
                return Asymptotic(FLAT, ONE, "constant")
            return u
        if u.growth == FLAT:
            return self._continuous(t, u)
        if u.wave != "constant" or u.lead is None or tame(t.args[0], "oo") is None:
            return bounded_by(FLAT)
        if u.growth != LOG:
            return Asymptotic(FLAT, t, "drifting")
        split = self._logarithmic(t.args[0], u.lead)
        if split is None:
            return bounded_by(FLAT)
        if split[1] is None:
            return Asymptotic(FLAT, t, "drifting")
        return Asymptotic(FLAT, apply(t.op, mul(split[0], LOG_X) + split[1]), "log")

    def _continuous(self, t: Term, u: Asymptotic) -> Asymptotic | None:
        """A continuous function, nowhere locally constant, of something bounded."""
        if u.lead is None:
            return bounded_by(FLAT)
        image = apply(t.op, u.lead)
        if u.wave == "constant":
            return self._limit(image) if not image.has_x or self.constant(image) else bounded_by(FLAT)
        return Asymptotic(FLAT, image, u.wave)

    def _saturating(self, t: Term, u: Asymptotic) -> Asymptotic | None:
        if u.growth <= FLAT:
            return self._through_zero(t, u)
        if u.wave != "constant" or u.lead is None:
            return bounded_by(FLAT)
        sign = _sign_far_out(u.lead)
        limit = PI / 2 if t.op == "atan" else ONE
        return Asymptotic(FLAT, mul(num(sign), limit), "constant") if sign else bounded_by(FLAT)

    def _through_zero(self, t: Term, u: Asymptotic) -> Asymptotic | None:
        """Odd functions with slope 1 (erf: 2/sqrt(pi)) at 0."""
        if u.growth < FLAT:
            slope = mul(num(2), power(PI, num(-1, 2))) if t.op == "erf" else ONE
            return Asymptotic(u.growth, None if u.lead is None else mul(slope, u.lead), u.wave)
        if u.growth == FLAT:
            return self._continuous(t, u)
        return None

    def _bessel(self, t: Term, u: Asymptotic) -> Asymptotic | None:
        """``J_v(u) ~ sqrt(2/(pi u)) cos(u - v pi/2 - pi/4)`` for ``u`` tending to infinity."""
        nu, argument = t.args
        if u.growth <= FLAT or u.wave != "constant" or u.lead is None or _sign_far_out(u.lead) != 1:
            return None
        phase = argument - mul(nu, PI) / 2 - PI / 4
        wave = apply("cos" if t.op == "besselj" else "sin", phase)
        return self.of(mul(power(mul(num(2), power(PI, num(-1)), power(argument, num(-1))), num(1, 2)), wave))

    def _floor(self, u: Asymptotic) -> Asymptotic | None:
        if u.growth < FLAT and u.wave == "constant" and u.lead is not None:
            sign = _sign_far_out(u.lead)
            return None if not sign else Asymptotic(NOTHING) if sign > 0 else Asymptotic(FLAT, num(-1), "constant")
        return bounded_by(max(u.growth, FLAT))


def simple_constant(c: Term) -> Term:
    """A constant as a literal when it reduces to a rational number."""
    value = rational_constant(c)
    return c if value is None else num(int(value.p), int(value.q))


def _plus(a: Growth, b: Growth) -> Growth:
    e = a[0] + b[0]
    head = Fraction((e > 0) - (e < 0))
    return (head, a[1] + b[1], a[2] + b[2], a[3] + b[3]) if not head else (head, *FLAT[1:])


def _scaled(a: Growth, r: Fraction) -> Growth:
    head = Fraction((a[0] * r > 0) - (a[0] * r < 0))
    return (head, a[1] * r, a[2] * r, a[3] * r) if not head else (head, *FLAT[1:])


def _sign_far_out(t: Term) -> int | None:
    """The sign of a leading term (a constant times one germ) for large ``x``."""
    try:
        return sign_at(t, Fraction(2) ** 64)
    except UndefinedAt:
        return None


def far_cell() -> Cell:
    """A neighbourhood of infinity."""
    return Cell(rational_root(Fraction(2**40)), None)


