"""Taylor polynomials at the origin, as homogeneous parts in the polynomial ring of a tower."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from flint import fmpq

from intertwine.calculus.budget import check
from intertwine.calculus.tower import Element, Generator, NoNormalForm, Poly, constant_poly
from intertwine.maps.expressions import index_of
from intertwine.maps.regions import Region, constant_sign
from intertwine.terms import ONE, PI, ZERO, Term, apply, num, power

Series = tuple[Poly, ...]


class NoJet(Exception):
    """The function is not seen to be analytic at the origin."""


class Jets:
    """Taylor polynomials of core terms up to an order."""

    def __init__(self, region: Region, order: int) -> None:
        self.region, self.order = region, order
        self.memo: dict[Term, Series] = {}

    def of(self, t: Term) -> Series:
        """The homogeneous parts of degree 0, 1, ..., order.

        Raises
        ------
        NoJet
            No rule shows that the term is analytic at the origin.
        """
        known = self.memo.get(t)
        if known is None:
            check()
            known = self.memo[t] = self._of(t)
        return known

    def constant(self, t: Term) -> Poly:
        """A closed term as a polynomial in constant generators."""
        try:
            e = self.region.normal.of(t)
        except NoNormalForm as error:
            raise NoJet from error
        if self.region.tower.is_imaginary(e.num) or self.region.tower.is_imaginary(e.den):
            raise NoJet
        if e.den.is_constant():
            return e.num / fmpq(e.den.leading_coefficient())
        # A constant of its own for the inverse: relations may be lost, and no proof with them.
        inverse = power(self.region.tower.term_of(e.den), num(-1))
        g = self.region.tower.generator(Generator(("inverse", str(e.den)), inverse, constant=True))
        return e.num * g.num

    def _constant_series(self, p: Poly) -> Series:
        return (p, *[constant_poly(0)] * self.order)

    def _of(self, t: Term) -> Series:
        j = index_of(t)
        if j is not None:
            x = self.region.element(t).num
            return (constant_poly(0), x, *[constant_poly(0)] * (self.order - 1))
        if not t.args:
            return self._constant_series(self.constant(t))
        if t.op == "piecewise":
            for value, condition in zip(t.args[::2], t.args[1::2], strict=True):
                if self._truth(condition):
                    return self.of(value)
            raise NoJet
        parts = [self.of(a) for a in t.args]
        if t.op == "add":
            total = parts[0]
            for s in parts[1:]:
                total = tuple(a + b for a, b in zip(total, s, strict=True))
            return total
        if t.op == "mul":
            product = parts[0]
            for s in parts[1:]:
                product = self.times(product, s)
            return product
        if t.op == "pow":
            return self._power(parts[0], parts[1], t)
        if t.op in ("Abs", "sign"):
            sign = constant_poly(self._sign(parts[0]))
            return self._constant_series(sign) if t.op == "sign" else self.scale(parts[0], sign)
        if t.op == "Max":
            best = parts[0]
            for s in parts[1:]:
                if self._sign(tuple(a - b for a, b in zip(best, s, strict=True))) < 0:
                    best = s
            return best
        if len(parts) != 1:
            raise NoJet
        return self.compose(self._taylor(t.op, self.center(parts[0])), parts[0])

    def _truth(self, c: Term) -> bool:
        if c.op in ("true", "false"):
            return c.op == "true"
        if c.op == "not":
            return not self._truth(c.args[0])
        if c.op in ("and", "or"):
            values = [self._truth(a) for a in c.args]
            return all(values) if c.op == "and" else any(values)
        s = self._sign(tuple(a - b for a, b in zip(self.of(c.args[0]), self.of(c.args[1]), strict=True)))
        return {"lt": s < 0, "le": s < 0, "eq": False, "ne": True}[c.op]

    def _sign(self, s: Series) -> int:
        sign = constant_sign(self.center(s))
        if not sign:
            raise NoJet
        return sign

    def center(self, s: Series) -> Term:
        """The value at the origin as a closed term."""
        return self.region.tower.term_of(s[0]) if not s[0].is_constant() else _literal(s[0])

    def times(self, a: Series, b: Series) -> Series:
        """The truncated product."""
        result = []
        for k in range(self.order + 1):
            total = constant_poly(0)
            for i in range(k + 1):
                if not a[i].is_zero() and not b[k - i].is_zero():
                    total = total + a[i] * b[k - i]
            result.append(self.reduce(total))
        return tuple(result)

    def reduce(self, p: Poly) -> Poly:
        """A polynomial with the relations of the constants applied."""
        e = self.region.tower.reduce(Element(p, constant_poly(1)))
        if not e.den.is_constant():
            raise NoJet
        return e.num / fmpq(e.den.leading_coefficient())

    def scale(self, s: Series, c: Poly) -> Series:
        """A series times a constant."""
        return tuple(self.reduce(c * p) for p in s)

    def compose(self, coefficients: Sequence[Poly], s: Series) -> Series:
        """``Σ c_k (s - s(0))^k``."""
        inner = (constant_poly(0), *s[1:])
        result = self._constant_series(coefficients[-1])
        for c in reversed(coefficients[:-1]):
            result = self.times(result, inner)
            result = (result[0] + c, *result[1:])
        return result

    # -- Taylor coefficients of functions of one variable --------------------------------------
    def _power(self, base: Series, exponent: Series, t: Term) -> Series:
        if any(not p.is_zero() for p in exponent[1:]):
            product = self.times(exponent, self.compose(self.logarithm(self.center(base)), base))
            return self.compose(self._taylor("exp", self.center(product)), product)
        r = t.args[1].value
        if r is not None and r.denominator == 1 and 0 <= r <= 64:
            result = self._constant_series(constant_poly(1))
            for _ in range(int(r)):
                result = self.times(result, base)
            return result
        return self.compose(self._binomial(self.center(base), t.args[1]), base)

    def _binomial(self, u: Term, r: Term) -> list[Poly]:
        """The coefficients of ``(u + t)**r``."""
        sign = constant_sign(u)
        if not sign or (sign < 0 and (r.value is None or r.value.denominator != 1)):
            raise NoJet
        result, factor = [], ONE
        for k in range(self.order + 1):
            result.append(self.constant(factor * power(u, r - k)))
            factor = factor * (r - k) / (k + 1)
        return result

    def _taylor(self, op: str, u: Term) -> list[Poly]:
        """The Taylor coefficients of a function of one variable at a constant."""
        rule = _RULES.get(op)
        if rule is not None:
            return rule(self, u)
        raise NoJet

    def derivatives(self, cycle: Sequence[Term]) -> list[Poly]:
        """Coefficients of a function whose derivatives repeat."""
        result, factor = [], Fraction(1)
        for k in range(self.order + 1):
            result.append(self.constant(cycle[k % len(cycle)]) * fmpq(factor.numerator, factor.denominator))
            factor /= k + 1
        return result

    def logarithm(self, u: Term) -> list[Poly]:
        """``log(u + t)``."""
        if constant_sign(u) != 1:
            raise NoJet
        rest = [self.constant(num(Fraction((-1) ** (k + 1), k)) * power(u, num(-k))) for k in range(1, self.order + 1)]
        return [self.constant(apply("log", u)), *rest]

    def riccati(self, start: Term, sign: int) -> list[Poly]:
        """The solution of ``y' = 1 + sign*y²``."""
        y = [self.constant(start)]
        for k in range(self.order):
            square = constant_poly(0)
            for i in range(k + 1):
                square = square + y[i] * y[k - i]
            y.append(self.reduce((square * sign + (1 if k == 0 else 0)) / (k + 1)))
        return y

    def integral(self, start: Term, slope: Callable[[Series], Series], u: Term) -> list[Poly]:
        """A function with the given derivative, as a function of one variable at u."""
        x = self.region.element(Term("x1")).num
        variable = (self.constant(u), x, *[constant_poly(0)] * (self.order - 1))
        position = self.region.tower.index[("x", 0)]
        values = [_coefficient(p, position) for p in slope(variable)]
        return [self.constant(start), *(v / (k + 1) for k, v in enumerate(values[:-1]))]


def _coefficient(p: Poly, position: int) -> Poly:
    """A homogeneous polynomial in one variable without the power of that variable."""
    lowered = {tuple(0 if i == position else int(d) for i, d in enumerate(m)): c for m, c in p.to_dict().items()}
    result: Poly = p.context().from_dict(lowered)
    return result


Rule = Callable[[Jets, Term], "list[Poly]"]


def _literal(p: Poly) -> Term:
    if p.is_zero():
        return ZERO
    c = fmpq(p.leading_coefficient())
    return num(int(c.p), int(c.q))


def _derived(op: str, exponent: Fraction, inside: Callable[[Jets, Series], Series]) -> Rule:
    def rule(jets: Jets, u: Term) -> list[Poly]:
        def slope(v: Series) -> Series:
            w = inside(jets, v)
            return jets.compose(jets._binomial(jets.center(w), num(exponent)), w)

        return jets.integral(apply(op, u), slope, u)

    return rule


def _square_plus(constant: int, sign: int = 1) -> Callable[[Jets, Series], Series]:
    def inside(jets: Jets, v: Series) -> Series:
        s = jets.scale(jets.times(v, v), constant_poly(sign))
        return (s[0] + constant, *s[1:])

    return inside


def _erf(jets: Jets, u: Term) -> list[Poly]:
    def slope(v: Series) -> Series:
        w = jets.scale(jets.times(v, v), constant_poly(-1))
        bell = jets.compose(jets._taylor("exp", jets.center(w)), w)
        return jets.scale(bell, jets.constant(num(2) * power(PI, num(-1, 2))))

    return jets.integral(apply("erf", u), slope, u)


def _sinc(jets: Jets, u: Term) -> list[Poly]:
    if u.value != 0:
        raise NoJet
    result, factor = [], Fraction(1)
    for k in range(jets.order + 1):
        result.append(constant_poly(0) if k % 2 else constant_poly(fmpq(factor.numerator, factor.denominator)))
        factor /= -(k + 2) if k % 2 else k + 2
    return result


def _cycle(*names: tuple[str, int]) -> Rule:
    def rule(jets: Jets, u: Term) -> list[Poly]:
        return jets.derivatives([num(s) * apply(name, u) for name, s in names])

    return rule


_RULES: dict[str, Rule] = {
    "exp": _cycle(("exp", 1)),
    "sin": _cycle(("sin", 1), ("cos", 1), ("sin", -1), ("cos", -1)),
    "cos": _cycle(("cos", 1), ("sin", -1), ("cos", -1), ("sin", 1)),
    "sinh": _cycle(("sinh", 1), ("cosh", 1)),
    "cosh": _cycle(("cosh", 1), ("sinh", 1)),
    "log": lambda jets, u: jets.logarithm(u),
    "tanh": lambda jets, u: jets.riccati(apply("tanh", u), -1),
    "tan": lambda jets, u: jets.riccati(apply("tan", u), 1),
    "atan": _derived("atan", Fraction(-1), _square_plus(1)),
    "asinh": _derived("asinh", Fraction(-1, 2), _square_plus(1)),
    "atanh": _derived("atanh", Fraction(-1), _square_plus(1, -1)),
    "asin": _derived("asin", Fraction(-1, 2), _square_plus(1, -1)),
    "erf": _erf,
    "sinc": _sinc,
    "cbrt": lambda jets, u: jets._binomial(u, num(1, 3)),
}
