"""Values of a plain term in ball arithmetic, with derivatives: at one point or over a whole ball of points.

Every answer is an enclosure that is valid for each point of the ball at which the term is evaluated;
``Undefined`` is raised only when the term is undefined at all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from flint import arb, ctx, fmpq

from intertwine.certificates.analysis.clock import Obstacle, tick
from intertwine.certificates.analysis.plain import BESSEL
from intertwine.terms import Term

BITS = (64, 128, 384, 1024, 2560)


class Undefined(Obstacle):
    """Not defined at the point, or at any point of the ball: proved."""


class Unclear(Obstacle):
    """The balls are too wide to tell."""


def exact(value: Fraction) -> arb:
    """A ball around a rational number."""
    return arb(fmpq(value.numerator, value.denominator))


def _sure(yes: bool, no: bool) -> None:
    """Continue where a condition of the domain holds for all points of the ball."""
    if yes:
        return
    raise Undefined if no else Unclear


class Evaluation:
    """Enclosures of plain terms over one ball of points."""

    def __init__(self, point: arb) -> None:
        self.point = point
        self._known: dict[Term, arb | type[Exception]] = {}

    def of(self, t: Term) -> arb:
        """The values of a term.

        Raises
        ------
        Undefined, Unclear
        """
        known = self._known.get(t)
        if known is None:
            tick()
            try:
                known = self._compute(t)
                if not known.is_finite():
                    known = Unclear
            except (Undefined, Unclear) as problem:
                known = type(problem)
            self._known[t] = known
        if isinstance(known, arb):
            return known
        raise known

    def _all(self, terms: tuple[Term, ...]) -> list[arb]:
        """Every argument; undefined if one of them is, even where another is unclear."""
        values, unclear = [], False
        for t in terms:
            try:
                values.append(self.of(t))
            except Unclear:
                unclear = True
        if unclear:
            raise Unclear
        return values

    def _compute(self, t: Term) -> arb:
        if t.value is not None:
            return exact(t.value)
        if t.op == "x":
            return self.point
        if t.op == "pi":
            return arb.pi()
        if t.op == "E":
            return arb(1).exp()
        if t.is_parameter:
            raise Unclear  # its value is not known
        if t.op == "piecewise":
            for value, condition in zip(t.args[::2], t.args[1::2], strict=True):
                if self.holds(condition):
                    return self.of(value)
            raise Undefined
        args = self._all(t.args)
        if t.op == "add":
            return sum(args[1:], args[0])
        if t.op == "mul":
            product = args[0]
            for a in args[1:]:
                product = product * a
            return product
        if t.op == "pow":
            return _power(args[0], args[1], t.args[1])
        if t.op == "Max":
            top = args[0]
            for a in args[1:]:
                top = top.max(a)
            return top
        if t.op in BESSEL:
            return _bessel(t.op, t.args[0].value, args[0], args[1])
        return _function(t.op, args[0])

    def holds(self, c: Term) -> bool:
        """A condition that holds everywhere on the ball, or nowhere."""
        if c.op in ("true", "false"):
            return c.op == "true"
        if c.op == "not":
            return not self.holds(c.args[0])
        if c.op in ("and", "or"):
            return self._connected(c)
        left, right = self._all(c.args)
        d = left - right
        if c.op == "lt" and (d < 0 or d >= 0):
            return bool(d < 0)
        if c.op == "le" and (d <= 0 or d > 0):
            return bool(d <= 0)
        if c.op in ("eq", "ne") and (d == 0 or d != 0):
            return bool(d == 0) == (c.op == "eq")
        raise Unclear

    def _connected(self, c: Term) -> bool:
        """``and`` and ``or``: one part that settles the matter is enough, the others need not be defined."""
        settles, clear, defined = c.op == "or", True, True
        for a in c.args:
            try:
                if self.holds(a) is settles:
                    return settles
            except Unclear:
                clear = False
            except Undefined:
                defined = False
        if not clear:
            raise Unclear
        if not defined:
            raise Undefined
        return not settles


def _power(u: arb, e: arb, exponent: Term) -> arb:
    r = exponent.value
    if r is not None and r.denominator == 1:
        n = int(r)
        if n < 0:
            _sure(bool(u != 0), bool(u == 0))
        if n > 0 and u.contains(0) and not u.is_exact():  # the library has no power of a ball around 0
            most = abs(u).upper() ** n if n <= 4096 else (abs(u).upper().log() * n).exp()
            return most.union(arb(0) if n % 2 == 0 else -most)
        if abs(n) <= 4096 or u == 0:
            return u**n
        _sure(bool(u != 0), False)
        size = (abs(u).log() * n).exp()
        return size if n % 2 == 0 or u > 0 else -size
    if r is None and not u > 0 and e.contains_integer():
        raise Unclear  # a constant that may be a whole number in disguise
    if u == 0:
        _sure(bool(e > 0), bool(e <= 0))
        return arb(0)
    if r is not None and r > 0 and u >= 0 and not u > 0:
        return u.sqrt() ** int(2 * r) if r.denominator == 2 else (u.upper().log() * e).exp().union(arb(0))
    else:
        _sure(bool(u > 0), bool(u < 0) or bool(u <= 0 and e <= 0))
    return (u.log() * e).exp()


def _bessel(name: str, order: Fraction | None, nu: arb, u: arb) -> arb:
    if order is None:
        raise Unclear
    whole = order.denominator == 1 and name != "bessely"
    if whole and u == 0:
        return arb(1 if order == 0 else 0)
    if not whole:
        if u == 0 and name != "bessely" and order > 0:
            return arb(0)
        _sure(bool(u > 0), bool(u < 0) or bool(u <= 0 and (name == "bessely" or order < 0)))
    functions: dict[str, Callable[[arb], arb]] = {
        "besselj": u.bessel_j, "besseli": u.bessel_i, "bessely": u.bessel_y,
    }  # fmt: skip
    return functions[name](nu)


_TOTAL: dict[str, Callable[[arb], arb]] = {
    "exp": arb.exp, "sin": arb.sin, "cos": arb.cos, "atan": arb.atan, "sinh": arb.sinh, "cosh": arb.cosh,
    "tanh": arb.tanh, "asinh": arb.asinh, "erf": arb.erf, "airyai": arb.airy_ai, "airybi": arb.airy_bi, "Si": arb.si,
    "fresnels": arb.fresnel_s, "fresnelc": arb.fresnel_c, "Abs": abs, "floor": arb.floor,
    # derivatives that the language has no names for
    "airyaiprime": lambda u: u.airy_ai(derivative=1), "airybiprime": lambda u: u.airy_bi(derivative=1),
}  # fmt: skip
# Functions that are not defined everywhere: where they are, where they are not, their values.
_PARTIAL: dict[str, tuple[Callable[[arb], bool], Callable[[arb], bool], Callable[[arb], arb]]] = {
    "log": (lambda u: u > 0, lambda u: u <= 0, arb.log),
    "loggamma": (lambda u: u > 0, lambda u: u <= 0, arb.lgamma),
    "Ci": (lambda u: u > 0, lambda u: u <= 0, arb.ci),
    "asin": (lambda u: abs(u) <= 1, lambda u: abs(u) > 1, arb.asin),
    "acosh": (lambda u: u >= 1, lambda u: u < 1, arb.acosh),
    "atanh": (lambda u: abs(u) < 1, lambda u: abs(u) >= 1, arb.atanh),
    "LambertW": (lambda u: u >= -((-arb(1)).exp()), lambda u: u < -((-arb(1)).exp()), arb.lambertw),
    "gamma": (lambda u: u > 0 or not u.contains_integer(), lambda u: u <= 0 and u.is_integer(), arb.gamma),
    # derivatives that the language has no names for
    "digamma": (lambda u: u > 0 or not u.contains_integer(), lambda u: False, arb.digamma),
    "trigamma": (lambda u: u > 0 or not u.contains_integer(), lambda u: False, lambda u: arb(2).zeta(u)),
}


def _function(name: str, u: arb) -> arb:
    if name in _TOTAL:
        return _TOTAL[name](u)
    if name in _PARTIAL:
        inside, outside, function = _PARTIAL[name]
        _sure(inside(u), outside(u))
        return function(u)
    if name == "sign":
        low, high = _step(u.lower()), _step(u.upper())
        return low.union(high) if low != high else low
    if name == "cbrt":
        if u > 0 or u < 0:
            return u.root(3) if u > 0 else -((-u).root(3))
        return -_cube_root(-u.lower()) if u == 0 else (-_cube_root(-u.lower())).union(_cube_root(u.upper()))
    raise Unclear


def _cube_root(u: arb) -> arb:
    return u.root(3) if u > 0 else arb(0)


def _step(u: arb) -> arb:
    return arb(1 if u > 0 else -1 if u < 0 else 0)


def value_at(t: Term, point: Fraction, bits: int) -> arb:
    """The value of a plain term at a rational point, computed with this many bits."""
    with ctx.workprec(bits):
        return Evaluation(exact(point)).of(t)


def neighbourhood(point: Fraction, bits: int) -> arb:
    """A ball of radius at least ``2**-bits`` times the point around it."""
    radius = max(abs(point), Fraction(1, 2**bits)) / 2**bits
    return exact(point - radius).union(exact(point + radius))


def undefined_around(t: Term, point: Fraction) -> bool:
    """Whether a plain term is undefined on a whole neighbourhood of a point: proved."""
    for bits in (30, 60, 200):
        with ctx.workprec(4 * bits):
            try:
                Evaluation(neighbourhood(point, bits)).of(t)
            except Undefined:
                return True
            except Unclear:
                continue
    return False


def defined_around(t: Term, point: Fraction) -> bool:
    """Whether a plain term is defined on a whole neighbourhood of a point: proved."""
    for bits in (30, 60, 200):
        with ctx.workprec(4 * bits):
            try:
                Evaluation(neighbourhood(point, bits)).of(t)
                return True
            except Undefined:
                return False
            except Unclear:
                continue
    return False


def constant_sign(t: Term, precisions: tuple[int, ...] = BITS) -> int | None:
    """The sign of a constant when balls can tell; None when it may be zero or is unclear."""
    for bits in precisions:
        try:
            v = value_at(t, Fraction(1), bits)
        except Unclear:
            continue
        except Undefined:
            return None
        if v > 0 or v < 0:
            return 1 if v > 0 else -1
        if v == 0:
            return 0
    return None
