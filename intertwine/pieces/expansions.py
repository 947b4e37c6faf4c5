"""Puiseux expansions of smooth terms on one side of a point, with exact coefficients.

``f(p + s h) = sum of c_k h**k + O(h**order)`` for ``h -> 0+``, where ``s`` is 1 or -1, the exponents are
rational and every listed coefficient is proved to be different from zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from intertwine.calculus.budget import check
from intertwine.calculus.constants import simplified
from intertwine.calculus.taylor import taylor
from intertwine.pieces.analyticity import analytic
from intertwine.pieces.locations import constant_sign
from intertwine.terms import ONE, Term, X, add, apply, mul, num, power

ORDERS = (Fraction(2), Fraction(6))  # the first is enough unless something cancels
MOST_TERMS = 40


class NoExpansion(Exception):
    """The term has no expansion that could be found (a logarithm, an essential singularity, an undecided sign)."""


@dataclass(frozen=True)
class Expansion:
    """Nonzero coefficients by exponent, ascending; ``order`` None: exact."""

    coefficients: Mapping[Fraction, Term]
    order: Fraction | None = None

    @property
    def lead(self) -> tuple[Fraction, Term]:
        """The first exponent and its coefficient."""
        if not self.coefficients:
            raise NoExpansion
        return next(iter(self.coefficients.items()))

    @property
    def least(self) -> Fraction | None:
        """No exponent is below this one; None for zero."""
        return next(iter(self.coefficients), self.order)

    @property
    def tail(self) -> Expansion:
        """All but the leading term."""
        first = self.lead[0]
        return Expansion({k: c for k, c in self.coefficients.items() if k != first}, self.order)


EMPTY = Expansion({})
UNIT = Expansion({Fraction(0): ONE})


def expand(t: Term, point: Term, side: int, enough: Callable[[Expansion], bool]) -> tuple[Expansion, bool]:
    """An expansion, as short as is enough, and whether it branched.

    Raises
    ------
    NoExpansion
        None was found, or the longest does not suffice.
    """
    for order in ORDERS:
        expander = Expander(point, side, order)
        try:
            found = expander.of(t)
        except NoExpansion:
            continue
        if enough(found):
            return found, expander.branched
    raise NoExpansion


def _clean(parts: Mapping[Fraction, list[Term]], order: Fraction | None) -> Expansion:
    check()
    kept: dict[Fraction, Term] = {}
    for k in sorted(parts):
        if order is not None and k >= order:
            break
        c = add(*parts[k])
        c = c if c.value is not None else simplified(c)
        sign = constant_sign(c)
        if sign is None:
            raise NoExpansion
        if sign:
            kept[k] = c
        if len(kept) > MOST_TERMS:
            raise NoExpansion
    return Expansion(kept, order)


def _earlier(*orders: Fraction | None) -> Fraction | None:
    known = [o for o in orders if o is not None]
    return min(known) if known else None


def _sum(summands: list[Expansion]) -> Expansion:
    parts: dict[Fraction, list[Term]] = {}
    for e in summands:
        for k, c in e.coefficients.items():
            parts.setdefault(k, []).append(c)
    return _clean(parts, _earlier(*(e.order for e in summands)))


def _product(a: Expansion, b: Expansion) -> Expansion:
    if a.least is None or b.least is None:
        return EMPTY
    order = _earlier(
        None if a.order is None else a.order + b.least,
        None if b.order is None else b.order + a.least,
    )
    if order is None and len(a.coefficients) * len(b.coefficients) > MOST_TERMS:
        order = a.least + b.least + ORDERS[-1]
    parts: dict[Fraction, list[Term]] = {}
    for k, c in a.coefficients.items():
        for m, d in b.coefficients.items():
            if order is None or k + m < order:
                parts.setdefault(k + m, []).append(mul(c, d))
    return _clean(parts, order)


def _shifted(a: Expansion, exponent: Fraction, factor: Term) -> Expansion:
    return _product(a, Expansion({exponent: factor}))


class Expander:
    """Expansions of the subterms of a term at ``point + side*h``.

    Attributes
    ----------
    branched : bool
        A root of something that vanishes or has a pole occurred: the two sides need not be one analytic function.

    Examples
    --------
    >>> from intertwine.terms import ZERO
    >>> Expander(ZERO, 1).of(apply("sin", X) / X - 1).lead
    (Fraction(2, 1), -1/6)
    """

    def __init__(self, point: Term, side: int, order: Fraction = ORDERS[-1]) -> None:
        self.point, self.side, self.order = point, side, order
        self.branched = False
        self.memo: dict[Term, Expansion] = {}

    def of(self, t: Term) -> Expansion:
        """The expansion of a smooth core term.

        Raises
        ------
        NoExpansion
            None was found.
        """
        if t not in self.memo:
            self.memo[t] = self._of(t)
        return self.memo[t]

    def _of(self, t: Term) -> Expansion:
        if not t.has_x:
            return _clean({Fraction(0): [t]}, None)
        if t.op == "x":
            return _clean({Fraction(0): [self.point], Fraction(1): [num(self.side)]}, None)
        if t.op == "add":
            return _sum([self.of(a) for a in t.args])
        if t.op == "mul":
            product = self.of(t.args[0])
            for a in t.args[1:]:
                product = _product(product, self.of(a))
            return product
        if t.op == "pow":
            return self._power(t)
        if t.op == "sinc":
            return self.of(apply("sin", t.args[0]) / t.args[0])
        if t.op == "cbrt":
            u = self.of(t.args[0])
            self.branched |= bool(u.lead[0])
            sign = num(constant_sign(u.lead[1]) or 1)
            positive = _shifted(u, Fraction(0), sign)
            return _shifted(_rational_power(positive, Fraction(1, 3), self.order), Fraction(0), sign)
        u = self.of(t.args[-1])
        if t.op == "gamma" and (k := _pole_of_gamma(u)) is not None:
            shifted = mul(*(t.args[0] + j for j in range(k + 1)))
            return self.of(apply("gamma", t.args[0] + (k + 1)) / shifted)
        return self._function(apply(t.op, *t.args[:-1], X), u)

    def _power(self, t: Term) -> Expansion:
        base, exponent = t.args
        r = exponent.value
        if r is None:
            return self.of(apply("exp", exponent * apply("log", base)))
        u = self.of(base)
        if r.denominator == 1 and r >= 0 and not u.coefficients:
            if r == 0:
                return UNIT
            return EMPTY if u.order is None else Expansion({}, u.order * r)
        if r.denominator > 1:
            self.branched |= bool(u.lead[0])
            if constant_sign(u.lead[1]) != 1:
                raise NoExpansion
        return _rational_power(u, r, self.order)

    def _function(self, f: Term, u: Expansion) -> Expansion:
        """Taylor's formula at the value of the argument."""
        if u.least is not None and u.least < 0 or (u.order is not None and u.order <= 0):
            raise NoExpansion
        start = u.coefficients.get(Fraction(0), num(0))
        if not analytic(f, lambda v: constant_sign(v.subs(start))):
            raise NoExpansion
        rest = Expansion({k: c for k, c in u.coefficients.items() if k}, u.order)
        return _composed(rest, taylor(f, start, lambda value: constant_sign(value) is not None), self.order)


def _pole_of_gamma(u: Expansion) -> int | None:
    """``k`` when the argument of gamma tends to ``-k`` without being constant."""
    start = u.coefficients.get(Fraction(0), num(0)).value
    tends = len(u.coefficients) > (start != 0) and (u.least is None or u.least >= 0)
    return int(-start) if tends and start is not None and start.denominator == 1 and -40 < start <= 0 else None


def _rational_power(u: Expansion, r: Fraction, most: Fraction) -> Expansion:
    """``u**r`` where the leading coefficient may be raised to ``r``."""
    exponent, lead = u.lead
    rest = _shifted(u.tail, -exponent, power(lead, num(-1)))  # u = lead h**exponent (1 + rest)

    def binomial(k: int) -> Term:
        value = Fraction(1)
        for j in range(k):
            value *= (r - j) / (j + 1)
        return num(value)

    return _shifted(_composed(rest, binomial, most), exponent * r, power(lead, num(r)))


def _composed(w: Expansion, coefficient: Callable[[int], Term | None], most: Fraction) -> Expansion:
    """``sum of coefficient(k) w**k`` for a ``w`` that tends to zero, as far as the coefficients are known."""
    first = coefficient(0)
    if first is None:
        raise NoExpansion
    total = [_clean({Fraction(0): [first]}, None)]
    if w.least is None:
        return total[0]
    order = most if w.order is None else min(w.order, most)
    powers, k = UNIT, 0
    while (k + 1) * w.least < order:
        k += 1
        c = coefficient(k)
        if c is None:
            order = k * w.least
            break
        powers = _product(powers, w)
        total.append(_shifted(powers, Fraction(0), c))
    result = _sum(total)
    return Expansion({k: c for k, c in result.coefficients.items() if k < order}, _earlier(result.order, order))
