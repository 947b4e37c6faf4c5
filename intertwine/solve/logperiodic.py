"""Discrete scale invariance: ``s(gt) = b s(t)``, that is, periods in ``u = log|t|``.

A candidate comes from the periodic functions in the expression (sin, cos, tan, floor) whose
arguments are linear in ``log|t|``: the least common multiple ``g`` of their periods.  Membership is
then an identity like any other.  That a generator is the least one follows from an
interval on which the logarithmic derivative ``q`` is strictly monotone, or constant without ``s``
being homogeneous: no element of S between 1 and the ratio of its ends can exist.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from flint import arb, fmpq

from intertwine.calculus.cases import Region, TooManyCases, explore
from intertwine.calculus.cells import Cell, rational_root
from intertwine.calculus.constants import rational_constant, simplified
from intertwine.calculus.core import reflected
from intertwine.calculus.derivation import derivative
from intertwine.calculus.enclosure import Unclear, UndefinedAt, enclose, precision
from intertwine.calculus.identity import Identity, prove_equal
from intertwine.calculus.jets import log_derivative_slope
from intertwine.calculus.ranges import range_of
from intertwine.calculus.tower import NoNormalForm
from intertwine.solve.witness import Sampler
from intertwine.terms import PI, Term, X, apply, mul, num, power, rebuild

PERIOD = {"sin": mul(num(2), PI), "cos": mul(num(2), PI), "tan": PI, "floor": num(1)}


@dataclass(frozen=True)
class Member:
    """``s(d t) = b s(t)`` for all ``t``: an identity on each half-line."""

    d: Term
    b: Term
    identities: tuple[Identity, ...]


@dataclass(frozen=True)
class Gap:
    """No element of S lies strictly between 1 and ``high/low``.

    On ``side * (low, high)`` the logarithmic derivative is strictly monotone (``monotone``), or
    ``s = c t^p`` there while it is not on the whole half-line (``plateau``).
    """

    side: int
    low: Fraction
    high: Fraction
    method: str


def member(core: Term, d: Term, b: Term) -> Member | None:
    """A proof that ``d`` is in S with character value ``b``, or None."""
    identities: list[Identity] = []
    for argument in (X, mul(num(-1), X)):
        proof = prove_equal(core.subs(mul(d, argument)), mul(b, core.subs(argument)))
        if proof is None:
            return None
        identities.append(proof)
    return Member(d, b, tuple(identities))


def log_periods(positive: Term) -> list[Term]:
    """The periods in ``log t`` of the periodic subterms of a core term on ``t > 0``.

    Examples
    --------
    >>> from intertwine.terms import X, apply
    >>> log_periods(apply("sin", apply("log", X)))
    [2*pi]
    """
    results: dict[Term, Term] = {}

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        for t in terms:
            for node in () if t is None else t.walk():
                if node.op in PERIOD and node.has_x and node not in results:
                    slope = _log_slope(region, node.args[0])
                    if slope is not None:
                        results[node] = slope
        return True

    nodes = tuple(dict.fromkeys(n for n in positive.walk() if n.op in PERIOD and n.has_x))
    try:
        explore(nodes, visit)
    except (TooManyCases, NoNormalForm):
        return []
    return list(dict.fromkeys(simplified(PERIOD[node.op] / slope) for node, slope in results.items()))


def _log_slope(region: Region, argument: Term) -> Term | None:
    """``k`` when the argument is ``k log x + constant``, with ``k`` not zero and made positive."""
    nf = region.normal
    try:
        slope = region.tower.reduce(nf.x * derivative(nf, nf.of(argument)))
    except NoNormalForm:
        return None
    if not region.tower.is_constant(slope) or slope.num.is_zero():
        return None
    if region.tower.is_imaginary(slope.num) or region.tower.is_imaginary(slope.den):
        return None
    term = nf.term(slope)
    try:
        positive = enclose(term, Fraction(1), 128) > 0
    except (Unclear, UndefinedAt):
        return None
    return term if positive else mul(num(-1), term)


def common_period(periods: list[Term]) -> Term | None:
    """The least common multiple of periods with rational ratios; None if some ratio is not (visibly) rational."""
    if not periods:
        return None
    multiple = fmpq(1)
    for p in periods[1:]:
        ratio = _magnitude(rational_constant(p / periods[0]))
        if ratio is None:
            return None
        multiple = _lcm(multiple, ratio)
    return simplified(mul(num(int(multiple.p), int(multiple.q)), periods[0]))


def _magnitude(value: fmpq | None) -> fmpq | None:
    return None if value is None else abs(value)


def _lcm(a: fmpq, b: fmpq) -> fmpq:
    top = math.lcm(int(a.p) * int(b.q), int(b.p) * int(a.q))
    return fmpq(top, int(a.q) * int(b.q))


def exponential(t: Term) -> Term:
    """``exp(t)`` in simplest form (``exp(2 log 3)`` is 9)."""
    return simplified(apply("exp", t))


def value_ratio(core: Term, sampler: Sampler, d: Term) -> list[Term]:
    """Candidates for ``b`` in ``s(dt) = b s(t)``: the ratio at a point, and 1 or -1 when it is that."""
    for t in (Fraction(1), Fraction(2), Fraction(3), Fraction(-1), Fraction(-2), Fraction(5, 4), Fraction(1, 3)):
        v = sampler.at(t, 160)
        try:
            with precision(192):
                w = sampler.at_ball(enclose(mul(d, num(t)), Fraction(1), 192), 160)
        except (Unclear, UndefinedAt):  # a factor beyond all exponents
            return []
        if not isinstance(v, arb) or not isinstance(w, arb) or v.contains(0) or w.contains(0):
            continue
        with precision(160):
            ratio = w / v
        signs = [num(s) for s in (1, -1) if ratio.overlaps(arb(s))]
        exact = simplified(core.subs(simplified(mul(d, num(t)))) / core.subs(num(t)))
        guesses: list[Term | None] = [*signs] or [_as_power(d, ratio)]
        return [g for g in [*guesses, exact] if g is not None]
    return []


def _as_power(d: Term, ratio: arb) -> Term | None:
    """``+-|d|**p`` with a simple rational ``p`` near the ratio."""
    with precision(160):
        base = abs(enclose(d, Fraction(1), 160)).log()
        if base.contains(0):
            return None
        estimate = abs(ratio).log() / base
        value = Fraction(float(estimate.mid())).limit_denominator(60)
        if abs(float(estimate.mid()) - float(value)) > 1e-12:
            return None
        size = simplified(power(simplified(apply("Abs", d)), num(value)))
        return size if ratio > 0 else simplified(mul(num(-1), size))


def gap(core: Term, side: int, generator: Term) -> Gap | None:
    """A lower bound for the elements above 1 of S, from one interval inside one period."""
    positive = core if side > 0 else reflected(core)
    try:
        with precision(64):
            total = float(enclose(generator, Fraction(1), 64).log().mid())
    except Unclear:  # a generator beyond all exponents
        return None
    if not math.isfinite(total):
        return None
    total = min(total, 300.0)  # so that the ends stay within the range of floating point
    for parts in (1, 2, 4, 8, 16, 48):
        step = total / parts
        for k in range(2 * parts):
            low, high = (Fraction(math.exp(step * (k / 2 + offset))) for offset in (0.01, 0.99))
            if (method := _behaviour(positive, low, high)) is not None:
                return Gap(side, low, high, method)
    return None


def _behaviour(positive: Term, low: Fraction, high: Fraction) -> str | None:
    """``monotone`` or ``plateau`` for the logarithmic derivative on an interval, if either is proved."""
    if _monotone(positive, low, high):
        return "monotone"
    return "plateau" if plateau(positive, low, high) is not None else None


def _monotone(positive: Term, low: Fraction, high: Fraction) -> bool:
    """Whether the logarithmic derivative has a slope of one sign, on pieces that are halved where it is not seen."""
    direction: int | None = None
    stack = [(a, b, 4) for a, b in pairwise(geometric(low, high))]
    while stack:
        a, b, depth = stack.pop()
        sign = log_derivative_slope(positive, a, b)
        if sign is None and depth:
            middle = (a + b) / 2
            stack += [(a, middle, depth - 1), (middle, b, depth - 1)]
        elif sign is None or sign == -(direction or sign):
            return False
        else:
            direction = sign
    return True


def geometric(low: Fraction, high: Fraction) -> list[Fraction]:
    """Points from ``low`` to ``high`` in about constant ratio, more of them for a longer way."""
    parts = 20 + min(1000, int(8 * math.log(high / low)))
    ratio = math.exp(math.log(high / low) / parts)
    inner = [Fraction(float(low) * ratio**k) for k in range(1, parts)]
    return [low, *(p for p in inner if low < p < high), high]


def plateau(positive: Term, low: Fraction, high: Fraction) -> tuple[Term, Term] | None:
    """``(c, p)`` when ``s = c t^p`` on an interval, from its normal form there."""
    answer: list[tuple[Term, Term]] = []

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        t = terms[0]
        if t is None or not region.connected or (region.cell.low, region.cell.high) != ends:
            return False
        nf = region.normal
        e = nf.of(t)
        if e.num.is_zero() or nf.floors:
            return False
        q = region.tower.reduce(nf.x * derivative(nf, e) / e)
        if region.tower.is_constant(q) and not region.tower.is_imaginary(q.num):
            p = nf.term(q)
            point = num((low + high) / 2)
            answer.append((simplified(t.subs(point) * power(point, mul(num(-1), p))), p))
        return False

    ends = (rational_root(low), rational_root(high))
    try:
        explore((freeze_steps(positive, low, high),), visit, Cell(*ends))
    except (TooManyCases, NoNormalForm, Unclear):
        return None
    return answer[0] if answer else None


def freeze_steps(t: Term, low: Fraction, high: Fraction) -> Term:
    """Each ``floor`` that is constant on the open interval, replaced by its value."""
    memo: dict[Term, Term] = {}
    for node in t.walk():
        memo[node] = rebuild(node, tuple(memo[a] for a in node.args))
        if node.op == "floor" and node.has_x:
            r = range_of(memo[node], low, high)
            value = r.lo.unique_fmpz() if r.bounded and r.total and r.lo == r.hi else None
            if value is not None:
                memo[node] = num(int(value))
    return memo[t]
