"""Terms whose leading behaviour can be read off: the dominating exponentials factored out, small logarithms seen."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cmp_to_key

from flint import fmpq

from intertwine.calculus.asymptotics import LOG, Asymptotic
from intertwine.calculus.cases import Region
from intertwine.calculus.constants import constants_equal
from intertwine.calculus.enclosure import UndefinedAt, sign_at
from intertwine.calculus.tower import Element, NoNormalForm, Poly, rational
from intertwine.terms import ONE, Term, add, apply, mul, num, power, rebuild

Behaviour = Callable[[Term], "Asymptotic | None"]
FAR = Fraction(2) ** 64


def balanced(region: Region, e: Element, of: Behaviour) -> Term:
    """A term for an element, ``exp(E) N/D``, where the exponentials left in ``N`` and ``D`` are small.

    Raises
    ------
    NoNormalForm
        The imaginary unit occurs, or two exponentials cannot be compared.
    """
    if region.tower.is_imaginary(e.num) or region.tower.is_imaginary(e.den):
        raise NoNormalForm("no real term")
    top, above = _factored(region, e.num, of)
    bottom, below = _factored(region, e.den, of)
    exponent = region.tower.reduce(top - bottom)
    front = () if exponent.num.is_zero() else (apply("exp", region.normal.term(exponent)),)
    return mul(*front, above, *(() if below == ONE else (power(below, num(-1)),)))


def _factored(region: Region, p: Poly, of: Behaviour) -> tuple[Element, Term]:
    """``(E, N)`` with ``p = exp(E) N``."""
    parts = [_split(region, monomial, fmpq(c)) for monomial, c in p.to_dict().items()]
    if len(parts) > 200:
        raise NoNormalForm("too many terms")
    signs: dict[tuple[str, str], int] = {}

    def compare(a: tuple[Element, Term], b: tuple[Element, Term]) -> int:
        difference = region.tower.reduce(a[0] - b[0])
        if difference.key not in signs:
            signs[difference.key] = _size(region.normal.term(difference), of)
        return signs[difference.key]

    largest = max(parts, key=cmp_to_key(compare))[0] if parts else rational(0)
    summands = []
    for exponent, factor in parts:
        rest = region.tower.reduce(exponent - largest)
        summands.append(factor if rest.num.is_zero() else mul(factor, apply("exp", region.normal.term(rest))))
    return largest, add(*summands)


def _split(region: Region, monomial: tuple[int, ...], c: fmpq) -> tuple[Element, Term]:
    exponent = rational(0)
    factors = [num(int(c.p), int(c.q))]
    for position, degree in enumerate(monomial):
        if not degree:
            continue
        g = region.tower.generators[position]
        if g.family[0] == "exp" and g.argument is not None and not g.constant:
            exponent = exponent + rational(int(degree)) * g.argument
        else:
            factors.append(power(g.term, num(int(degree))))
    return exponent, mul(*factors)


def _size(difference: Term, of: Behaviour) -> int:
    """Whether the exponential of a term is beyond all powers (1), below (-1), or neither."""
    if not difference.has_x:
        return 0
    found = of(difference)
    if found is None:
        raise NoNormalForm("exponentials that are not compared")
    if found.growth <= LOG:
        return 0
    if found.wave != "constant" or found.lead is None:
        raise NoNormalForm("exponentials that are not compared")
    try:
        return sign_at(found.lead, FAR) or 0
    except UndefinedAt:
        return 0


def small_logarithms(region: Region, t: Term, of: Behaviour) -> Term:
    """``log(u)`` with ``u`` tending to 1 as ``asinh((u - 1/u)/2)``, with the argument balanced."""
    memo: dict[Term, Term] = {}
    for node in t.walk():
        memo[node] = rebuild(node, tuple(memo[a] for a in node.args))
        if node.op != "log" or not node.has_x:
            continue
        u = of(memo[node.args[0]])
        if u is None or u.wave != "constant" or u.lead is None or u.lead.has_x or not _is_one(u.lead):
            continue
        try:
            e = region.normal.of(node.args[0])
            half = region.tower.reduce((e - rational(1) / e) / rational(2))
            memo[node] = apply("asinh", balanced(region, half, of))
        except NoNormalForm:
            continue
    return memo[t]


def _is_one(t: Term) -> bool:
    return constants_equal(t, ONE) is True
