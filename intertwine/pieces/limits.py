"""One-sided limits and slopes of smooth terms at an algebraic number."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from fractions import Fraction

from intertwine.calculus.asymptotics import FLAT, Asymptotic, Asymptotics, far_cell
from intertwine.calculus.cases import Region, TooManyCases, explore
from intertwine.calculus.constants import rational_constant
from intertwine.calculus.core import to_core
from intertwine.calculus.differentiate import NoDerivative, differentiate
from intertwine.calculus.enclosure import UndefinedAt, sign_at
from intertwine.calculus.tower import Element, NoNormalForm
from intertwine.pieces.analyticity import analytic
from intertwine.pieces.expansions import Expansion, NoExpansion, expand
from intertwine.pieces.locations import Location, constant_sign
from intertwine.terms import ZERO, Term, X, add, mul, num, power, rebuild

INFINITE = ("oo", "-oo")
Limit = Term | str | None
"""A term (finite: its value at the location), "oo", "-oo", "none" (proved not to exist), or None (not known)."""


@dataclass(frozen=True)
class Side:
    """The limit of a function from one side of a location, and the limit of its difference quotient there."""

    limit: Limit = None
    slope: Limit = None

    @property
    def finite(self) -> Term | None:
        """The limit, if it is a number."""
        return self.limit if isinstance(self.limit, Term) else None


def one_sided(expression: Term, place: Location, side: int) -> Side:
    """Limit and slope of a term that is smooth beside a location, on the right (1) or on the left (-1).

    Examples
    --------
    >>> from intertwine.calculus.cells import rational_root
    >>> from intertwine.terms import X, apply
    >>> zero = Location(rational_root(0))
    >>> one_sided(apply("sin", X) / X, zero, 1)
    Side(limit=1, slope=0)
    >>> one_sided(apply("exp", 1 / X), zero, -1), one_sided(apply("sin", 1 / X), zero, 1).limit
    (Side(limit=0, slope=0), 'none')
    """
    frozen = _without_steps(expression, place, side)
    if frozen is None:
        return Side()
    known = _by_expansion(frozen, place, side)
    if known is not None and known.slope is not None:
        return known
    limit = _limit(frozen, place, side) if known is None else known.limit
    if not isinstance(limit, Term):
        return Side(limit)
    try:
        slope = _limit(differentiate(frozen), place, side)
    except NoDerivative:
        return Side(limit)
    # A derivative that oscillates says nothing about the difference quotient.
    return Side(limit, None if slope == "none" else slope)


def sign_beside(t: Term, place: Location, side: int) -> int | None:
    """The sign of a term of the core or a fractional part immediately to one side of a location."""
    frozen = _without_steps(to_core(t), place, side)
    if frozen is None:
        return None
    here = place.sign(frozen)
    if here:  # without steps, terms are continuous where they are defined
        return here
    if place.constant is not None:
        try:
            return constant_sign(expand(frozen, place.constant, side, lambda e: bool(e.coefficients))[0].lead[1])
        except NoExpansion:
            pass
    limit = one_sided(frozen, place, side).limit if here is None else None
    if isinstance(limit, Term):
        return place.sign(limit) or None
    return {"oo": 1, "-oo": -1}.get(limit or "")


def regular(expression: Term, place: Location) -> bool:
    """Whether a term with a finite limit at a location extends analytically over it, as proved by an expansion."""
    if place.constant is None:
        return False
    try:
        _, branched = expand(expression, place.constant, 1, lambda e: e.least is None or e.least >= 0)
    except NoExpansion:
        return False
    return not branched


def _by_expansion(t: Term, place: Location, side: int) -> Side | None:
    """Limit and slope, or the limit alone if more is not to be had."""
    if place.constant is None:
        return None
    best: list[Side] = []

    def enough(e: Expansion) -> bool:
        side_found = _read(e, side)
        if side_found is not None:
            best.append(side_found)
        return side_found is not None and (side_found.slope is not None or not isinstance(side_found.limit, Term))

    with contextlib.suppress(NoExpansion):
        expand(t, place.constant, side, enough)
    return best[-1] if best else None


def _read(e: Expansion, side: int) -> Side | None:
    """Limit and slope from an expansion."""
    exponents = list(e.coefficients)
    if exponents and exponents[0] < 0:
        return Side(_infinity(e.coefficients[exponents[0]]))
    if e.order is not None and e.order <= 0:
        return None
    limit = e.coefficients.get(Fraction(0), ZERO)
    rest = next((k for k in exponents if k > 0), None)
    if rest is None or rest > 1:
        return Side(limit, ZERO if e.order is None or e.order > 1 else None)
    coefficient = mul(num(side), e.coefficients[rest])
    return Side(limit, coefficient if rest == 1 else _infinity(coefficient))


def _infinity(t: Term) -> str:
    return "oo" if constant_sign(t) == 1 else "-oo"


def _without_steps(t: Term, place: Location, side: int) -> Term | None:
    """The term with step functions replaced by their values immediately beside the location."""
    memo: dict[Term, Term] = {}
    for node in t.walk():
        built = rebuild(node, tuple(memo[a] for a in node.args))
        if node.op == "floor":
            value = _step_beside(built.args[0], place, side)
            if value is None:
                return None
            built = num(value)
        memo[node] = built
    return memo[t]


def _step_beside(u: Term, place: Location, side: int) -> int | None:
    """``floor(u)`` beside the location."""
    if not u.has_x:
        value = rational_constant(u)
        return None if value is None else int(value.floor())
    if not analytic(u, place.sign):
        return None
    estimate = place.approximate(u)
    if estimate is None or abs(estimate) > 2**40:
        return None
    nearest = round(estimate)
    sign = place.sign(u - nearest)
    if sign == 0:
        sign = sign_beside(u - nearest, place, side)
    if not sign:
        return None
    return nearest if sign > 0 else nearest - 1


def _limit(t: Term, place: Location, side: int) -> Limit:
    """By continuity, else from the leading behaviour, else from the limits of the parts."""
    here = place.resolve(t)
    if here.defined and here.term is not None:
        return place.at(here.term)
    if place.constant is not None:
        known = _by_expansion(t, place, side)
        if known is not None:
            return known.limit
        limit = _from_behaviour(_leading(t.subs(place.constant + num(side) * power(X, num(-1)))))
        if limit is not None:
            return limit
    return _from_parts(t, place, side)


def _from_parts(t: Term, place: Location, side: int) -> Limit:
    if not t.args or t.op == "floor":
        return None
    limits = [_limit(a, place, side) for a in t.args]
    if any(limit is None or limit == "none" for limit in limits):
        return None
    u = limits[-1]
    vanishes = isinstance(u, Term) and place.sign(u) == 0
    if t.op == "log" and (vanishes or u in INFINITE):
        return "-oo" if vanishes else "oo"
    if t.op in ("Ci", "loggamma") and vanishes:
        return "-oo" if t.op == "Ci" else "oo"
    if t.op == "exp" and u in INFINITE:
        return "oo" if u == "oo" else ZERO
    if t.op == "pow" and t.args[1].value is not None and t.args[1].value < 0:
        if limits[0] in INFINITE:
            return ZERO
        sign = sign_beside(t.args[0], place, side)
        if isinstance(limits[0], Term) and place.sign(limits[0]) == 0 and sign:
            return "-oo" if sign < 0 and t.args[1].value.numerator % 2 else "oo"
    if t.op in ("add", "mul"):
        return _combination(t.op, limits, place)
    return None


def _combination(op: str, limits: list[Limit], place: Location) -> Limit:
    """The limit of a sum or product with exactly one kind of infinity, or none."""
    infinite = [limit for limit in limits if isinstance(limit, str)]
    finite = [limit for limit in limits if isinstance(limit, Term)]
    if not infinite:
        return add(*finite) if op == "add" else mul(*finite)
    if op == "add":
        return infinite[0] if len(set(infinite)) == 1 else None
    signs = [place.sign(limit) for limit in finite] + [1 if limit == "oo" else -1 for limit in infinite]
    product = 1
    for s in signs:
        if not s:
            return None
        product *= s
    return INFINITE[product < 0]


def _from_behaviour(a: Asymptotic | None) -> Limit:
    if a is None:
        return None
    if a.growth < FLAT:
        return ZERO
    if a.wave is None or a.lead is None:
        return None
    if a.wave != "constant":
        return "none"
    if a.growth == FLAT:
        return None if a.lead.has_x else a.lead
    try:
        sign = sign_at(a.lead, Fraction(2) ** 64)
    except UndefinedAt:
        return None
    return INFINITE[sign < 0] if sign else None


def _leading(t: Term) -> Asymptotic | None:
    """The leading behaviour at infinity where the term is smooth far out without further cases."""
    found: list[Asymptotic | None] = []

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        if terms[0] is None or not region.connected or region.cell.high is not None:
            return region.cell.high is not None

        def normal(u: Term) -> Element | None:
            try:
                return region.normal.of(u)
            except NoNormalForm:
                return None

        def zero(u: Term) -> bool:
            e = normal(u)
            return e is not None and region.tower.is_zero(e)

        def constant(u: Term) -> bool:
            e = normal(u)
            return e is not None and region.tower.is_constant(e)

        found.append(Asymptotics(zero, constant).of(terms[0]))
        return False

    try:
        explore((t,), visit, far_cell())
    except (TooManyCases, NoNormalForm):
        return None
    return found[-1] if found else None
