"""Terms whose leading behaviour can be read off: dominating exponentials factored out, small parts made visible.

A generator that tends to a constant is written as that constant and a term that tends to 0:
``exp(v) = 1 + sinh(v) (1 + sinh(v)/(cosh(v) + 1))`` for small ``v``, ``atan(u) = ±pi/2 - atan(1/u)`` for large ``u``,
and
``log(u) = asinh((u - 1/u)/2)`` for ``u`` near 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key

from flint import fmpq

from intertwine.calculus.asymptotics import FLAT, LOG
from intertwine.calculus.behaviour import Behaviour
from intertwine.calculus.cases import Region
from intertwine.calculus.constants import constants_equal
from intertwine.calculus.enclosure import UndefinedAt, sign_at
from intertwine.calculus.tower import Element, NoNormalForm, Poly, rational
from intertwine.terms import ONE, Term, add, apply, mul, num, power, rebuild

FAR = Fraction(2) ** 64


@dataclass(frozen=True)
class _Small:
    """A generator as ``limit + rest``, where the rest tends to 0; ``limit`` as a polynomial."""

    position: int
    limit: Poly
    rest: Term


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
    small = {s.position: s for q in region.tower.used(p) if (s := _small(region, q, of)) is not None}
    for position, s in small.items():
        own = region.tower.generator(region.tower.generators[position]).num
        p = _substituted(p, position, own + s.limit)
    parts = [_split(region, monomial, fmpq(c), small) for monomial, c in p.to_dict().items()]
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


def _substituted(p: Poly, position: int, value: Poly) -> Poly:
    """The polynomial with one variable replaced."""
    context = p.context()
    gens = list(context.gens())
    gens[position] = value
    if max(p.degrees()) * max(len(p), 1) > 2000:
        raise NoNormalForm("too many terms")
    result: Poly = p.compose(*gens)
    return result


def _small(region: Region, position: int, of: Behaviour) -> _Small | None:
    """The split of a generator that tends to a constant, if it has one of the known forms."""
    g = region.tower.generators[position]
    if g.constant or g.argument is None or g.imaginary:
        return None
    if g.family[0] == "exp":
        v = region.normal.term(g.argument)
        found = of(v)
        if found is not None and found.growth < FLAT:
            sinh, cosh = apply("sinh", v), apply("cosh", v)
            return _Small(position, rational(1).num, mul(sinh, add(ONE, mul(sinh, power(add(cosh, ONE), num(-1))))))
    if g.family[0] == "atan":
        u = region.normal.term(g.argument)
        sign = _size(u, of, FLAT)
        if sign:
            limit = region.normal.pi.num * fmpq(sign, 2)
            return _Small(position, limit, mul(num(-1), apply("atan", power(u, num(-1)))))
    return None


def _split(region: Region, monomial: tuple[int, ...], c: fmpq, small: dict[int, _Small]) -> tuple[Element, Term]:
    exponent = rational(0)
    factors = [num(int(c.p), int(c.q))]
    for position, degree in enumerate(monomial):
        if not degree:
            continue
        g = region.tower.generators[position]
        if position in small:
            factors.append(power(small[position].rest, num(int(degree))))
        elif g.family[0] == "exp" and g.argument is not None and not g.constant:
            exponent = exponent + rational(int(degree)) * g.argument
        else:
            factors.append(power(g.term, num(int(degree))))
    return exponent, mul(*factors)


def _size(t: Term, of: Behaviour, above: tuple[Fraction, ...] = LOG) -> int:
    """The sign of a term that tends to infinity faster than a germ; 0 for one that does not.

    Raises
    ------
    NoNormalForm
        The behaviour is unknown.
    """
    if not t.has_x:
        return 0
    found = of(t)
    if found is None:
        raise NoNormalForm("a term of unknown behaviour")
    if found.growth <= above:
        return 0
    if found.wave != "constant" or found.lead is None:
        raise NoNormalForm("a term of unknown behaviour")
    try:
        return sign_at(found.lead, FAR) or 0
    except UndefinedAt:
        return 0


def gathered(region: Region, t: Term, of: Behaviour) -> Iterator[Term]:
    """A sum with its real summands balanced together, or those alone whose behaviour is not seen."""
    parts = t.args if t.op == "add" else (t,)
    for everything in (True, False):
        real = rational(0)
        others: list[Term] = []
        try:
            for a in parts:
                e = region.normal.of(a)
                if not everything and of(a) is not None:
                    others.append(a)
                elif _imaginary(region, e):
                    others.append(_by_factors(region, a, of))
                else:
                    real = real + e
            real = region.tower.reduce(real)
            yield add(*others) if real.num.is_zero() else add(*others, balanced(region, real, of))
        except NoNormalForm:
            continue


def _imaginary(region: Region, e: Element) -> bool:
    return region.tower.is_imaginary(e.num) or region.tower.is_imaginary(e.den)


def _by_factors(region: Region, t: Term, of: Behaviour) -> Term:
    """A product with its real factors balanced together."""
    if t.op != "mul":
        return t
    factors = [(a, region.normal.of(a)) for a in t.args]
    real = rational(1)
    for _, e in factors:
        real = real if _imaginary(region, e) else real * e
    return mul(*(a for a, e in factors if _imaginary(region, e)), balanced(region, region.tower.reduce(real), of))


def small_logarithms(region: Region, t: Term, of: Behaviour) -> Term:
    """``log(u)`` with ``u`` tending to 1 as ``asinh((u - 1/u)/2)``, with the argument balanced."""
    memo: dict[Term, Term] = {}
    for node in t.walk():
        memo[node] = rebuild(node, tuple(memo[a] for a in node.args))
        if node.op != "log" or not node.has_x:
            continue
        try:
            e = region.normal.of(node.args[0])
            u = of(memo[node.args[0]])
            if u is None or u.wave is None:
                u = of(balanced(region, e, of))
            if u is None or u.wave != "constant" or u.lead is None or constants_equal(u.lead, ONE) is not True:
                continue
            half = region.tower.reduce((e - rational(1) / e) / rational(2))
            memo[node] = apply("asinh", balanced(region, half, of))
        except NoNormalForm:
            continue
    return memo[t]

