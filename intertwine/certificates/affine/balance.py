"""Quotients in which exponentials compete, with the largest ones divided out: ``e/(e + 1) = 1/(1 + 1/e)``."""

from __future__ import annotations

from intertwine.certificates import leading
from intertwine.certificates.analysis.algebra import Poly
from intertwine.certificates.analysis.asymptotics import Behaviour
from intertwine.certificates.analysis.regions import Region
from intertwine.terms import Term, add, mul, num, power


def behaviour_at_infinity(t: Term) -> Behaviour:
    """The behaviour of a term as it is, or with its exponentials balanced; the sharper of the two.

    Raises
    ------
    TooHard
        Nothing is known about it.
    """
    return leading.behaviour_at_infinity(t, (lambda region, smooth: smooth, balanced))


def balanced(region: Region, t: Term) -> Term:
    """The same function on a region: both parts of the quotient divided by the largest exponentials below.

    Raises
    ------
    TooHard
        The term has no normal form.
    """
    e = region.generators.reduced(region.forms.of(t))
    divisors: dict[int, int] = {}
    for place, g in enumerate(region.generators.all):
        if g.name[0] != "exp" or g.argument is None or g.constant:
            continue
        degrees = [int(m[place]) for m in e.bottom.monoms()]
        divisors[place] = min(degrees) if region.known_element(g.argument) <= {-1} else max(degrees)
    top, bottom = (_divided(region, p, divisors) for p in (e.top, e.bottom))
    return mul(top, power(bottom, num(-1)))


def _divided(region: Region, p: Poly, divisors: dict[int, int]) -> Term:
    summands: list[Term] = []
    for exponents, c in p.to_dict().items():
        degrees = ((i, int(d) - divisors.get(i, 0)) for i, d in enumerate(exponents))
        factors = [power(region.generators.all[i].term, num(d)) for i, d in degrees if d]
        summands.append(mul(num(int(c.p), int(c.q)), *factors))
    return add(*summands)
