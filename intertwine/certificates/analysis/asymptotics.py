"""The leading behaviour of an expression as ``y`` tends to infinity (hypotheses of Theorems 5 and 6).

What is found about a subterm ``f`` is ``f = size(y)*(wave(y) + o(1))`` where ``size`` is a product of powers
of ``y``, ``log y`` and ``log log y`` (or a definable germ beyond all powers) and ``wave`` is a constant other than
0, or an almost periodic function of ``log y``, or a continuous periodic function, not constant, of a
phase that drifts against ``log y``; or else only the bound ``f = O(size)``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from intertwine.certificates.analysis.clock import TooHard, tick
from intertwine.certificates.analysis.definable import obstacle
from intertwine.certificates.analysis.numbers import equal
from intertwine.certificates.analysis.plain import flip, minus, over
from intertwine.certificates.analysis.regions import Region
from intertwine.certificates.analysis.values import constant_sign
from intertwine.terms import ONE, PI, ZERO, Term, X, add, apply, mul, num, power

CONSTANT, LOG, DRIFT = "constant", "log", "drifting"
LOG_Y = apply("log", X)
LIMITS = {  # slope at 0 and limit at infinity
    "atan": (ONE, PI * num(1, 2)), "tanh": (ONE, ONE), "erf": (mul(num(2), power(PI, num(-1, 2))), ONE),
}  # fmt: skip


@dataclass(frozen=True, order=True)
class Size:
    """Exponents of a germ beyond all powers (its sense only), of ``y``, of ``log y``, of ``log log y``."""

    beyond: int = 0
    power: Fraction = Fraction(0)
    log: Fraction = Fraction(0)
    loglog: Fraction = Fraction(0)

    @property
    def is_power(self) -> bool:
        """Whether it is a power of ``y``."""
        return self.beyond == 0 and self.log == 0 and self.loglog == 0

    def times(self, other: Size) -> Size:
        """The product of two sizes."""
        if self.beyond and other.beyond and self.beyond != other.beyond:
            raise TooHard("germs beyond all powers that may cancel")
        beyond = self.beyond or other.beyond
        if beyond:
            return Size(beyond)
        return Size(0, self.power + other.power, self.log + other.log, self.loglog + other.loglog)

    def raised(self, r: Fraction) -> Size:
        """A power of a size."""
        beyond = self.beyond if r > 0 else -self.beyond
        return Size(beyond) if beyond else Size(0, self.power * r, self.log * r, self.loglog * r)


FLAT, LOGARITHM, DEEP = Size(), Size(log=Fraction(1)), Size(loglog=Fraction(1))


@dataclass(frozen=True)
class Behaviour:
    """``f = size*(wave + o(1))``; with ``kind`` None only ``f = O(size)``; with ``size`` None ``f`` is zero."""

    size: Size | None
    kind: str | None = None
    wave: Term = ONE


NOTHING = Behaviour(None)


class Behaviours:
    """Behaviours of resolved terms on a region that reaches to infinity."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self.start = region.cell.bounds()[0]
        self._known: dict[Term, Behaviour | None] = {}
        self._rules: dict[str, Callable[[Term], Behaviour]] = {
            "add": self._sum, "mul": self._product, "pow": self._power, "exp": self._exp, "log": self._log,
            "sin": self._circular, "cos": self._circular, "besselj": self._bessel, "bessely": self._bessel,
            "floor": self._floor, "Abs": self._bound, "Max": self._bound,
        }  # fmt: skip

    def of(self, t: Term) -> Behaviour:
        """The behaviour of a term.

        Raises
        ------
        TooHard
            Nothing is known about it.
        """
        if t not in self._known:
            tick()
            try:
                self._known[t] = self._of(t)
            except TooHard:
                self._known[t] = None
        found = self._known[t]
        if found is None:
            raise TooHard(f"the behaviour of {t}")
        return found

    def _of(self, t: Term) -> Behaviour:
        if not t.has_x:
            return constant(t)
        if t.op == "x":
            return Behaviour(Size(power=Fraction(1)), CONSTANT)
        if t.op in self._rules:
            return self._rules[t.op](t)
        if t.op in LIMITS:
            return self._bounded(t)
        if t.op in ("sinh", "asinh"):
            u = self.of(t.args[0])
            if u.size is None or u.size < FLAT:  # the slope at 0 is 1
                return u
        if t.op in ("sinh", "cosh"):
            e = apply("exp", t.args[0])
            return self.of(mul(num(1, 2), add(e, over(e)) if t.op == "cosh" else minus(e, over(e))))
        raise TooHard(f"the behaviour of {t.op}")

    # -- arithmetic -------------------------------------------------------------------------------
    def _sum(self, t: Term) -> Behaviour:
        parts = [p for p in map(self.of, t.args) if p.size is not None]
        if not parts:
            return NOTHING
        top = max(p.size for p in parts if p.size is not None)
        leaders = [p for p in parts if p.size == top]
        if len(leaders) == 1:
            return leaders[0]
        if top.beyond < 0:
            return Behaviour(top)  # a sum of germs below all powers is below all powers
        if top.beyond:
            raise TooHard("a sum of germs beyond all powers")
        kinds = [p.kind for p in leaders]
        total = add(*(p.wave for p in leaders))
        if None in kinds or kinds.count(DRIFT) > 1 or (DRIFT in kinds and LOG in kinds):
            return Behaviour(top)
        if DRIFT in kinds or LOG in kinds:
            return Behaviour(top, DRIFT if DRIFT in kinds else LOG, total)
        return Behaviour(top, CONSTANT, total) if constant_sign(total) in (1, -1) else Behaviour(top)

    def _product(self, t: Term) -> Behaviour:
        result = Behaviour(FLAT, CONSTANT)
        for a in t.args:
            result = _times(result, self.of(a))
        return result

    def _power(self, t: Term) -> Behaviour:
        r = t.args[1].value
        if r is None:
            return self.of(apply("exp", mul(t.args[1], apply("log", t.args[0]))))
        u = self.of(t.args[0]) if r else Behaviour(FLAT, CONSTANT)
        if u.size is None:
            if r > 0:
                return NOTHING
            raise TooHard("a power of zero")
        if u.kind is None:
            if r > 0 and u.size.beyond == 0:
                return Behaviour(u.size.raised(r))
            raise TooHard("a power of something that is only bounded")
        if u.kind != CONSTANT and not (r.denominator == 1 and r > 0):
            raise TooHard("a root or quotient of a wave")
        if r.denominator > 1 and constant_sign(u.wave) != 1:
            raise TooHard("a root of something negative")
        return Behaviour(u.size.raised(r), u.kind, power(u.wave, num(r)))

    # -- functions --------------------------------------------------------------------------------
    def _exp(self, t: Term) -> Behaviour:
        u = self.of(t.args[0])
        if u.size is None or u.size < FLAT:
            return Behaviour(FLAT, CONSTANT)
        if u.size == FLAT:
            return Behaviour(FLAT, u.kind, apply("exp", u.wave)) if u.kind else Behaviour(FLAT)
        if u.kind != CONSTANT:
            raise TooHard("an exponential of something unbounded that oscillates")
        if u.size == LOGARITHM:
            rate = _rational(u.wave)
            rest = self._rest(t.args[0], num(rate))
            if rest.size is not None and rest.size >= FLAT and (rest.size > FLAT or rest.kind != CONSTANT):
                raise TooHard("a power with a factor between powers")
            factor = ONE if rest.size is None or rest.size < FLAT else apply("exp", rest.wave)
            return Behaviour(Size(power=rate), CONSTANT, factor)
        if u.size < LOGARITHM or not self._definable(t.args[0]):
            raise TooHard("an exponential of such a size")
        return Behaviour(Size(constant_sign(u.wave) or 0), CONSTANT)

    def _definable(self, t: Term) -> bool:
        return obstacle(t, self.start, None) is None

    def _rest(self, t: Term, rate: Term) -> Behaviour:
        """The behaviour of ``t - rate*log y``, where ``t = rate*log y*(1 + o(1))``."""
        logs: list[Term] = []
        others: list[Term] = []
        for a in t.args if t.op == "add" else (t,):
            u = self.of(a)
            (logs if u.size == LOGARITHM and u.kind == CONSTANT else others).append(a)
        forms = self.region.forms
        e = self.region.generators.reduced(forms.of(add(*logs)) - forms.of(mul(rate, LOG_Y)))
        if e.top.is_zero():
            return self.of(add(*others)) if others else NOTHING
        return self.of(add(self.region.generators.term(e), *others))

    def _log(self, t: Term) -> Behaviour:
        u = self.of(t.args[0])
        if u.size is None or u.kind != CONSTANT or u.size.beyond or constant_sign(u.wave) != 1:
            raise TooHard("a logarithm of such a behaviour")
        if u.size.power:
            return Behaviour(LOGARITHM, CONSTANT, num(u.size.power))
        if u.size.log:
            return Behaviour(DEEP, CONSTANT, num(u.size.log))
        if u.size == FLAT:
            limit = constant(apply("log", u.wave))
            if limit.kind is not None:
                return limit
        raise TooHard("a logarithm of such a size")

    def _circular(self, t: Term) -> Behaviour:
        try:
            u = self.of(t.args[0])
        except TooHard:
            return Behaviour(FLAT)
        if u.size is None or u.size < FLAT:
            return Behaviour(FLAT, CONSTANT) if t.op == "cos" else u
        if u.size == FLAT or u.kind != CONSTANT or not self._definable(t.args[0]):
            return Behaviour(FLAT)
        if u.size != LOGARITHM:
            return Behaviour(FLAT, DRIFT, t)
        rest = self._rest(t.args[0], u.wave)
        if rest.size is None or rest.size < FLAT:
            return Behaviour(FLAT, LOG, apply(t.op, mul(u.wave, LOG_Y)))
        if rest.kind != CONSTANT:
            return Behaviour(FLAT)
        if rest.size == FLAT:
            return Behaviour(FLAT, LOG, apply(t.op, add(mul(u.wave, LOG_Y), rest.wave)))
        return Behaviour(FLAT, DRIFT, t)

    def _bounded(self, t: Term) -> Behaviour:
        """Increasing odd functions with a slope at 0 and a limit at infinity."""
        u, (slope, limit) = self.of(t.args[0]), LIMITS[t.op]
        if u.size is None:
            return NOTHING
        if u.size < FLAT:
            return Behaviour(u.size, u.kind, mul(slope, u.wave)) if u.kind else u
        if u.size == FLAT or u.kind != CONSTANT:
            return Behaviour(FLAT)
        return Behaviour(FLAT, CONSTANT, limit if constant_sign(u.wave) == 1 else flip(limit))

    def _bessel(self, t: Term) -> Behaviour:
        """``sqrt(2/(pi u))`` times ``cos`` or ``sin`` of ``u - nu pi/2 - pi/4``, and smaller, for ``u -> oo``."""
        nu, u = t.args
        b = self.of(u)
        if b.size is None or b.size <= FLAT or b.kind != CONSTANT or constant_sign(b.wave) != 1:
            raise TooHard("a Bessel function of such an argument")
        phase = add(u, mul(num(-1, 2), nu, PI), mul(num(-1, 4), PI))
        wave = self.of(apply("cos" if t.op == "besselj" else "sin", phase))
        return _times(self.of(power(mul(num(1, 2), PI, u), num(-1, 2))), wave)

    def _bound(self, t: Term) -> Behaviour:
        """No more than the largest of the arguments."""
        sizes = [u.size for u in map(self.of, t.args) if u.size is not None]
        return Behaviour(max(sizes)) if sizes else NOTHING

    def _floor(self, t: Term) -> Behaviour:
        u = self.of(t.args[0])
        if u.size is None or (u.size < FLAT and u.kind == CONSTANT and constant_sign(u.wave) == 1):
            return NOTHING
        if u.size < FLAT and u.kind == CONSTANT and constant_sign(u.wave) == -1:
            return Behaviour(FLAT, CONSTANT, num(-1))
        return Behaviour(max(u.size, FLAT))


def constant(t: Term) -> Behaviour:
    """The behaviour of a constant."""
    sign = constant_sign(t)
    if sign in (1, -1):
        return Behaviour(FLAT, CONSTANT, t)
    return NOTHING if sign == 0 or equal(t, ZERO) else Behaviour(FLAT)


def _times(a: Behaviour, b: Behaviour) -> Behaviour:
    if a.size is None or b.size is None:
        return NOTHING
    size, kinds = a.size.times(b.size), {a.kind, b.kind}
    if None in kinds or kinds == {DRIFT} or kinds == {DRIFT, LOG}:
        return Behaviour(size)
    kind = next((k for k in (DRIFT, LOG) if k in kinds), CONSTANT)
    return Behaviour(size, kind, mul(a.wave, b.wave))


def _rational(t: Term) -> Fraction:
    from intertwine.certificates.analysis.cells import Cell, point

    value = t.value
    if value is None:
        value = Region(Cell(at=point(Fraction(1)))).forms.of(t).rational
    if value is None:
        raise TooHard("an irrational power")
    return value


def size_term(size: Size) -> Term:
    """A size that is a product of powers and logarithms, as a term."""
    if size.beyond:
        raise TooHard("a germ beyond all powers")
    logs = mul(power(LOG_Y, num(size.log)), power(apply("log", LOG_Y), num(size.loglog))) if not size.is_power else ONE
    return mul(power(X, num(size.power)), logs)
