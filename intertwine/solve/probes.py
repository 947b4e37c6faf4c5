"""Exact points at which an activation is worth looking at."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from flint import fmpq_poly

from intertwine.calculus.cells import RealRoot, polynomial_ratio, roots
from intertwine.terms import Term

_BASIC = [Fraction(p) for p in (1, 2, "1/2", 3, "5/4", 4, "1/4", "3/2", 8, "7/8", "1/16", 5, 13, 64)]
_FAR = [Fraction(2) ** k for k in (10, -10, 20, -20, 34, -34, 60, -60)]
MOST = 90


def probe_points(core: Term) -> list[Fraction]:
    """Points of both half-lines and zero: simple ones first, then those that the expression itself suggests.

    Examples
    --------
    >>> from intertwine.terms import X, apply
    >>> Fraction(1000) in probe_points(apply("exp", -(X - 1000)**2))
    True
    """
    suggested: list[Fraction] = []
    for t in core.walk():
        if t.value is not None:
            suggested += _around(abs(t.value))
        elif t.has_x and t.op not in ("x", "piecewise"):
            suggested += _critical(t)
    chosen = sorted(set(suggested), key=_cost)[:MOST]
    ordered = sorted(chosen)
    between = [(a + b) / 2 for a, b in pairwise(ordered)]  # inside every cell that the constants mark off
    points = [*_BASIC, *chosen, *between[:MOST], *_FAR]
    signed = [Fraction(0)] + [s * p for p in points if p for s in (1, -1)]
    return list(dict.fromkeys(signed))


def _cost(p: Fraction) -> tuple[int, Fraction]:
    return (p.numerator.bit_length() + p.denominator.bit_length(), p)


def _around(c: Fraction) -> list[Fraction]:
    if c.numerator.bit_length() > 400 or c.denominator.bit_length() > 400:
        return []
    nearby = [c, c + 1, c * 2, c / 2, c + Fraction(1, 2)]
    if c:
        nearby += [1 / c, 2 / c, c - 1, c * c]
    return [abs(p) for p in nearby]


def _critical(t: Term) -> list[Fraction]:
    """Near the points where a rational argument is 0, 1 or -1, or two compared sides meet."""
    found: list[Fraction] = []
    compared = t.op in ("lt", "le", "eq", "ne", "Max") and len(t.args) == 2
    arguments: tuple[Term, ...] = ()
    if len(t.args) == 1 or (t.op == "pow" and t.args[0].op != "x"):
        arguments = t.args[:1]
    elif compared:
        arguments = (t.args[0] - t.args[1],)
    for u in arguments:
        ratio = polynomial_ratio(u) if u.has_x and u.op != "x" else None
        if ratio is None or max(ratio[0].degree(), ratio[1].degree()) > 12:
            continue
        num, den = ratio
        for p in (num, den, num - den, num + den):
            if p.degree() > 0:
                for r in roots(fmpq_poly(p))[:6]:
                    found += _near(r)
    return found


def _near(r: RealRoot) -> list[Fraction]:
    value = r.rational
    if value is None:
        mantissa, exponent = r.enclosure(64).mid().man_exp()
        value = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
        scale = 2**24
        value = Fraction(round(value * scale), scale) if abs(value) > Fraction(1, 2**12) else value
        return [abs(value)]
    return [abs(value), abs(value) * Fraction(9, 8), abs(value) * Fraction(7, 8), abs(value) * 2, abs(value) / 2]
