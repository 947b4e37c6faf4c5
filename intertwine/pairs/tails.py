"""Expansions at infinity in the scale ``t**m * exp(l*t)``, with exact coefficients.

``f(t) = sum of c * t**m * exp(l*t) + O(t**m0 * exp(l0*t))`` for ``t -> oo``. Every listed coefficient is proved not to
be zero. What is smaller than every ``exp(-k*t)`` is *beyond* the scale: the order is then ``BEYOND``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from intertwine.calculus.budget import check
from intertwine.calculus.constants import rational_constant, simplified
from intertwine.calculus.taylor import taylor
from intertwine.pieces.analyticity import analytic
from intertwine.pieces.locations import constant_sign
from intertwine.terms import ONE, PI, ZERO, Term, X, add, apply, mul, num, power

Scale = tuple[Fraction | float, Fraction]
"""``(l, m)`` of ``t**m * exp(l*t)``; compared in this order."""

FLAT: Scale = (Fraction(0), Fraction(0))
BEYOND: Scale = (-math.inf, Fraction(0))
TERMS = 8
MOST_TERMS = 24
_TAYLOR = frozenset({"sin", "cos", "tan", "atan", "asin", "erf", "tanh", "sinh", "cosh", "asinh", "atanh"})


class NoTail(Exception):
    """The term has no expansion in this scale, or a sign was not decided."""


@dataclass(frozen=True)
class Tail:
    """Terms from large to small; ``order`` None: exact."""

    terms: tuple[tuple[Scale, Term], ...]
    order: Scale | None = None

    @property
    def lead(self) -> tuple[Scale, Term]:
        """The largest term."""
        if not self.terms:
            raise NoTail
        return self.terms[0]

    @property
    def vanishes_beyond(self) -> bool:
        """Whether the function is smaller than every ``exp(-k*t)``, and perhaps zero."""
        return not self.terms and (self.order is None or self.order[0] == -math.inf)


def tail(t: Term) -> Tail:
    """The expansion of a smooth core term for ``x -> oo``.

    Raises
    ------
    NoTail
        There is none in this scale, or it was not found.

    Examples
    --------
    >>> found = tail(X / (1 + apply("exp", X)))
    >>> [(int(l), int(m), c) for (l, m), c in found.terms][:2]
    [(-1, 1, 1), (-2, 1, -1)]
    """
    return _Expander().of(t)


def _clean(parts: dict[Scale, list[Term]], order: Scale | None) -> Tail:
    check()
    kept: list[tuple[Scale, Term]] = []
    for k in sorted(parts, reverse=True):
        if order is not None and k <= order:
            break
        if len(kept) == MOST_TERMS:
            return Tail(tuple(kept), k)
        c = add(*parts[k])
        c = c if c.value is not None else simplified(c)
        sign = constant_sign(c)
        if sign is None:
            raise NoTail
        if sign:
            kept.append((k, c))
    return Tail(tuple(kept), order)


def _later(*orders: Scale | None) -> Scale | None:
    known = [o for o in orders if o is not None]
    return max(known) if known else None


def _plus(a: Scale, b: Scale) -> Scale:
    return a[0] + b[0], a[1] + b[1]


def _sum(summands: list[Tail]) -> Tail:
    parts: dict[Scale, list[Term]] = {}
    for e in summands:
        for k, c in e.terms:
            parts.setdefault(k, []).append(c)
    return _clean(parts, _later(*(e.order for e in summands)))


def _top(a: Tail) -> Scale | None:
    """A bound of the size; None for zero."""
    return a.terms[0][0] if a.terms else a.order


def _product(a: Tail, b: Tail) -> Tail:
    top_a, top_b = _top(a), _top(b)
    if top_a is None or top_b is None:
        return Tail(())
    order = _later(
        None if a.order is None else _plus(a.order, top_b), None if b.order is None else _plus(b.order, top_a)
    )
    parts: dict[Scale, list[Term]] = {}
    for k, c in a.terms:
        for m, d in b.terms:
            key = _plus(k, m)
            if order is None or key > order:
                parts.setdefault(key, []).append(mul(c, d))
    return _clean(parts, order)


def _one(scale: Scale, c: Term) -> Tail:
    return Tail(((scale, c),))


class _Expander:
    def __init__(self) -> None:
        self.memo: dict[Term, Tail] = {}

    def of(self, t: Term) -> Tail:
        if t not in self.memo:
            self.memo[t] = self._of(t)
        return self.memo[t]

    def _of(self, t: Term) -> Tail:
        if not t.has_x:
            return _clean({FLAT: [t]}, None)
        if t.op == "x":
            return _one((Fraction(0), Fraction(1)), ONE)
        if t.op == "add":
            return _sum([self.of(a) for a in t.args])
        if t.op == "mul":
            product = self.of(t.args[0])
            for a in t.args[1:]:
                product = _product(product, self.of(a))
            return product
        if t.op == "pow":
            return self._power(t)
        if len(t.args) != 1:
            raise NoTail
        return self._function(t.op, self.of(t.args[0]))

    def _power(self, t: Term) -> Tail:
        r = t.args[1].value
        if r is None:
            if t.args[1].has_x:
                return self.of(apply("exp", t.args[1] * apply("log", t.args[0])))
            raise NoTail
        if t.args[0].op == "cosh" and r.denominator == 1 and r < 0 and r.numerator % 2 == 0:
            return self.of(power(ONE - power(apply("tanh", *t.args[0].args), num(2)), num(-r / 2)))
        u = self.of(t.args[0])
        if r.denominator == 1 and 0 <= r <= 8:
            result = _one(FLAT, ONE)
            for _ in range(int(r)):
                result = _product(result, u)
            return result
        (rate, m), c = u.lead
        if r.denominator > 1 and constant_sign(c) != 1:
            raise NoTail
        rest = _product(Tail(u.terms[1:], u.order), _one((-rate, -m), power(c, num(-1))))

        def binomial(k: int) -> Term | None:
            value = Fraction(1)
            for j in range(k):
                value *= (r - j) / (j + 1)
            return num(value)

        return _product(_one((rate * r, m * r), power(c, num(r))), _composed(rest, binomial))

    def _function(self, op: str, u: Tail) -> Tail:
        if op == "exp":
            return self._exp(u)
        if op == "log":
            return self._log(u)
        top = _top(u)
        if top is not None and top > FLAT:
            return self._at_infinity(op, u)
        if u.order is not None and u.order >= FLAT:
            raise NoTail
        start = dict(u.terms).get(FLAT, ZERO)
        f = apply(op, X)
        if op not in _TAYLOR or not analytic(f, lambda v: constant_sign(v.subs(start))):
            raise NoTail
        return _composed(_without_constant(u), taylor(f, start))

    def _exp(self, u: Tail) -> Tail:
        if u.order is not None and u.order >= FLAT:
            raise NoTail
        large = [(k, c) for k, c in u.terms if k > FLAT]
        rate = Fraction(0)
        if large:
            (growth, m), c = large[0]
            if growth > 0 or m > 1:
                if constant_sign(c) == -1:
                    return Tail((), BEYOND)
                raise NoTail
            value = rational_constant(c) if m == 1 and len(large) == 1 else None
            if value is None:
                raise NoTail
            rate = Fraction(int(value.p), int(value.q))
        start = dict(u.terms).get(FLAT, ZERO)
        small = Tail(tuple((k, c) for k, c in u.terms if k < FLAT), u.order)
        series = _composed(small, lambda k: num(Fraction(1, math.factorial(k))))
        return _product(_one((rate, Fraction(0)), simplified(apply("exp", start))), series)

    def _log(self, u: Tail) -> Tail:
        (rate, m), c = u.lead
        if m or constant_sign(c) != 1:
            raise NoTail
        rest = _product(Tail(u.terms[1:], u.order), _one((-rate, -m), power(c, num(-1))))
        series = _composed(rest, lambda k: num(Fraction((-1) ** (k + 1), k)) if k else ZERO)
        constant = _clean({FLAT: [apply("log", c)]}, None)
        linear = _clean({(Fraction(0), Fraction(1)): [num(Fraction(rate))]}, None)
        return _sum([constant, linear, series])

    def _at_infinity(self, op: str, u: Tail) -> Tail:
        if not u.terms:
            raise NoTail
        (rate, m), c = u.lead
        sign = constant_sign(c)
        if not sign:
            raise NoTail
        up = _product(u, _one(FLAT, num(sign)))
        if op == "erf" and (rate > 0 or m > Fraction(1, 2)):
            return Tail(((FLAT, num(sign)),), BEYOND)
        if op in ("tanh", "sinh", "cosh"):
            small = self._exp(_product(up, _one(FLAT, num(-2 if op == "tanh" else -1))))
            if op == "tanh":
                minus = _sum([_one(FLAT, ONE), _product(small, _one(FLAT, num(-1)))])
                inverse = _composed(small, lambda k: num((-1) ** k))
                return _product(_product(minus, inverse), _one(FLAT, num(sign)))
            other = _product(small, _one(FLAT, num(1 if op == "cosh" else -1)))
            both = _sum([self._exp(up), other])
            return _product(both, _one(FLAT, num(1 if op == "cosh" else sign) / 2))
        if op == "atan":
            inverse = self._power_of(up, Fraction(-1))
            arc = _product(_composed(inverse, taylor(apply("atan", X), ZERO)), _one(FLAT, num(-1)))
            return _product(_sum([_one(FLAT, PI / 2), arc]), _one(FLAT, num(sign)))
        raise NoTail

    def _power_of(self, u: Tail, r: Fraction) -> Tail:
        placeholder = apply("tail", X)  # a name for something that has its expansion already
        self.memo[placeholder] = u
        try:
            return self._power(power(placeholder, num(r)))
        finally:
            del self.memo[placeholder]


def _without_constant(u: Tail) -> Tail:
    return Tail(tuple((k, c) for k, c in u.terms if k != FLAT), u.order)


def _composed(w: Tail, coefficient: Callable[[int], Term | None]) -> Tail:
    """``sum of coefficient(k) * w**k`` for a ``w`` that tends to zero."""
    first = coefficient(0)
    if first is None:
        raise NoTail
    total = [_clean({FLAT: [first]}, None)]
    top = _top(w)
    if top is None:
        return total[0]
    if top >= FLAT:
        raise NoTail
    powers, k = _one(FLAT, ONE), 0
    rest: Scale = top
    while k < TERMS:
        k += 1
        c = coefficient(k)
        if c is None:
            break
        powers = _product(powers, w)
        total.append(_product(powers, _clean({FLAT: [c]}, None)))
        if not powers.terms:
            break
        rest = (top[0] * (k + 1), top[1] * (k + 1))
    if top[0] == -math.inf:
        rest = BEYOND
    result = _sum(total)
    order = _later(result.order, rest)
    return Tail(tuple((k, c) for k, c in result.terms if order is None or k > order), order)
