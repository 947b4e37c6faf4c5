"""Affine maps held against numbers: 30 digits and more, both directions, no shared code.

The evaluator is ``tests/oracle.py``. A claimed element has to keep to s(at + c) = b s(t) + d at every point tried; a
map that is claimed to be outside has to break it, at a point that goes into or out of the domain or at three points
whose pairs (s(t), s(at + c)) are not on a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import mpmath
import sympy

from intertwine.terms import Term
from tests.oracle import evaluate

_SIZES = "1/7 5/11 3/4 17/13 2 23/9 31/8 7 40/3 101/2 1/100 990".split(" ")
#: Moves simple points away from steps, where an image that is not computed exactly may fall on the wrong side.
OFF = Fraction(1, 1000003)
PLAIN = tuple(s * Fraction(p) for p in _SIZES for s in (1, -1))


def interesting(term: Term) -> list[Fraction]:
    """Rational numbers that occur in a term, with points near them."""
    found = [Fraction(0)]
    stack = [term]
    while stack:
        t = stack.pop()
        stack.extend(t.args)
        if t.value is not None and t.value not in found and abs(t.value) >= Fraction(1, 10**12):
            found.append(t.value)
    near = [Fraction(0), Fraction(1, 1999), Fraction(-1, 2999), Fraction(3, 7)]
    return [v * s + e for v in found[:12] for s in (1, -1) for e in near] + [v / 3 for v in found[:12]]


def points(term: Term, a: Number, c: Number, rich: bool = False) -> list[Fraction]:
    """Where to look; whole numbers, and points that map to numbers of the term, only where images are exact."""
    found = [*PLAIN, *interesting(term)]
    if rich:
        found += [Fraction(k, 9) + Fraction(1, 1013) for k in range(-45, 46)]
    if a.fraction is None or c.fraction is None:
        return [t + OFF for t in dict.fromkeys(found)]
    if rich:
        found += [(t - c.fraction) / a.fraction for t in interesting(term)]
    return list(dict.fromkeys(found))


class Number:
    """A constant: exact if it is rational, otherwise with as many digits as asked for."""

    def __init__(self, value: Any) -> None:
        self.expr = sympy.sympify(value)
        rational = self.expr.is_Rational
        self.fraction = Fraction(int(self.expr.p), int(self.expr.q)) if rational else None

    def at(self, digits: int) -> Any:
        with mpmath.workdps(digits + 20):
            if self.fraction is not None:
                return mpmath.mpf(self.fraction.numerator) / self.fraction.denominator
            return mpmath.mpf(str(sympy.N(self.expr, digits + 20)))


def value(term: Term, point: Any, digits: int) -> Any:
    """A number, None (undefined as written), or ``"?"`` where the evaluator gives up."""
    try:
        return evaluate(term, point, digits)
    except (OverflowError, ZeroDivisionError, mpmath.libmp.NoConvergence):
        return "?"


def image(a: Number, c: Number, t: Fraction, digits: int) -> Any:
    """The point at + c."""
    if a.fraction is not None and c.fraction is not None:
        return a.fraction * t + c.fraction
    with mpmath.workdps(digits + 20):
        return a.at(digits) * t.numerator / t.denominator + c.at(digits)


def pairs(
    term: Term, a: Number, c: Number, digits: int, rich: bool = False, generic: bool = False
) -> Iterator[tuple[Fraction, Any, Any]]:
    """Points with s(t) and s(at + c), as far as they are known."""
    found = points(term, a, c, rich)
    for t in [t + OFF for t in found] if generic else found:
        v = value(term, t, digits)
        if v == "?":
            continue
        u = value(term, image(a, c, t, digits), digits)
        if u != "?":
            yield t, v, u


def violation(term: Term, a: Any, c: Any, b: Any, d: Any, generic: bool = False) -> str | None:
    """A point at which s(at + c) = b s(t) + d fails; None: there is none among those tried.

    With ``generic``, no simple points are tried, at which steps like floor(log(x)) are not evaluated exactly.

    Where a large factor multiplies a value near 0, few digits are left, so what is seen is looked at again with more.
    """
    numbers = tuple(map(Number, (a, c, b, d)))
    return _violation(term, *numbers, 60, generic) and _violation(term, *numbers, 700, generic)


def _violation(
    term: Term, a: Number, c: Number, b: Number, d: Number, digits: int, generic: bool
) -> str | None:
    for t, v, u in pairs(term, a, c, digits, generic=generic):
        if v is None or u is None:
            # A hole that is filled in by both sides of the definition is a single point: look beside it.
            if (v is None) is not (u is None) and _beside(term, a, c, t, digits):
                return f"only one of s(t), s({a.expr}*t + {c.expr}) is defined at t = {t}"
            continue
        with mpmath.workdps(digits + 20):
            error = abs(u - b.at(digits) * v - d.at(digits))
            size = 1 + abs(u) + abs(b.at(digits) * v) + abs(d.at(digits))
            if error > size * mpmath.mpf(10) ** (-30):
                size = mpmath.nstr(error, 5)
                return f"s({a.expr}*t + {c.expr}) differs from {b.expr}*s(t) + {d.expr} by {size} at {t}"
    return None


def _beside(term: Term, a: Number, c: Number, t: Fraction, digits: int) -> bool:
    """Whether exactly one of s(t), s(at + c) is defined at points near t, too."""
    for step in (Fraction(1, 10**9 + 7), Fraction(-1, 10**9 + 9)):
        v, u = value(term, t + step, digits), value(term, image(a, c, t + step, digits), digits)
        if "?" in (v, u) or (v is None) is (u is None):
            return False
    return True


def refuted(term: Term, a: Any, c: Any) -> bool:
    """Whether the numbers show that t -> at + c is no affine intertwiner of s."""
    a, c = Number(a), Number(c)
    attempts = ((40, False), (40, True), (130, True), (420, True))
    return any(_refuted(term, a, c, digits, rich) for digits, rich in attempts)


def _refuted(term: Term, a: Number, c: Number, digits: int, rich: bool) -> bool:
    seen: list[tuple[Any, Any]] = []
    for t, v, u in pairs(term, a, c, digits, rich):
        if v is None or u is None:
            if (v is None) is not (u is None) and _beside(term, a, c, t, digits):
                return True
            continue
        with mpmath.workdps(digits + 20):
            if len(seen) < 2:
                if not seen or abs(v - seen[0][0]) + abs(u - seen[0][1]) > mpmath.mpf(10) ** (-digits // 2):
                    seen.append((v, u))
                continue
            (v1, u1), (v2, u2) = seen
            bent = (u2 - u1) * (v - v1) - (u - u1) * (v2 - v1)
            size = (abs(u2) + abs(u1)) * (abs(v) + abs(v1)) + (abs(u) + abs(u1)) * (abs(v2) + abs(v1))
            if abs(bent) > size * mpmath.mpf(10) ** (5 - digits):
                return True
    return False
