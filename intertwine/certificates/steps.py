"""Identities between step functions: settled on one period and repeated.

``f(x) = r(x) + sum(c_i floor(a_i x + d_i))`` with rational ``a_i, d_i`` is zero for ``x > 0`` if it is zero on
``0 < x <= P``, every ``a_i P`` is whole, and ``r(x + P) + sum(c_i a_i P) = r(x)``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from intertwine.certificates.analysis.cells import Cell, point
from intertwine.certificates.analysis.constants import is_zero
from intertwine.certificates.analysis.identities import Unproved, prove
from intertwine.terms import ONE, ZERO, Term, X, add, apply, mul, num

Summand = tuple[Term, Fraction, Fraction]  # c floor(a x + d)


def prove_steps(total: Term, period: Fraction, cuts: list[Fraction]) -> None:
    """Establish that a combination of step functions is zero for all ``x > 0``.

    Raises
    ------
    Unproved
        It could not be established.
    """
    rest, floors = [], []
    for factor, part in _summands(ONE, total):
        if part.op == "floor":
            floors.append((factor, *_line(part.args[0])))
        else:
            rest.append(mul(factor, part))
    smooth = add(*rest)
    if any((a * period).denominator != 1 for _, a, _ in floors):
        raise Unproved(f"{period} is not a period of the steps")
    rise = add(*(mul(c, num(a * period)) for c, a, _ in floors))
    prove(add(smooth.subs(add(X, num(period))), rise), smooth)
    low = Fraction(0)
    for high in (*cuts, period):
        _zero_between(smooth, floors, low, high)
        low = high


def _zero_between(smooth: Term, floors: list[Summand], low: Fraction, high: Fraction) -> None:
    """Zero for ``low < x < high``, where no step function jumps, and at ``high``."""
    heights = []
    for c, a, d in floors:
        height = math.floor(a * (low + high) / 2 + d)
        if not all(height <= a * end + d <= height + 1 for end in (low, high)):
            raise Unproved(f"a step between {low} and {high}")
        heights.append(mul(c, num(height)))
    open_part = Cell(point(low) if low else None, point(high))
    prove(add(smooth, *heights), ZERO, cells=[open_part])
    there = [mul(c, num(math.floor(a * high + d))) for c, a, d in floors]
    if not is_zero(add(smooth, *there).subs(num(high))):
        raise Unproved(f"not zero at {high}")


def _summands(factor: Term, node: Term) -> Iterator[tuple[Term, Term]]:
    """Factors and parts whose products add up to ``factor*node``; a part is a step function or has none in it."""
    if not any(t.op == "floor" and t.has_x for t in node.walk()):
        yield factor, node
    elif node.op == "floor":
        yield factor, apply("floor", *node.args)
    elif node.op == "add":
        for a in node.args:
            yield from _summands(factor, a)
    elif node.op == "mul" and len([a for a in node.args if a.has_x]) == 1:
        (moving,) = (a for a in node.args if a.has_x)
        yield from _summands(mul(factor, *(a for a in node.args if not a.has_x)), moving)
    else:
        raise Unproved(f"not a combination of step functions: {node}")


def _line(t: Term) -> tuple[Fraction, Fraction]:
    """``(a, d)`` for the argument ``a x + d`` of a step function."""
    if t.op == "x":
        return Fraction(1), Fraction(0)
    if t.value is not None:
        return Fraction(0), t.value
    if t.op not in ("add", "mul"):
        raise Unproved(f"a step function of {t}")
    lines = [_line(a) for a in t.args]
    if t.op == "add":
        return sum((a for a, _ in lines), Fraction(0)), sum((d for _, d in lines), Fraction(0))
    slope, shift = Fraction(0), Fraction(1)
    for a, d in lines:
        if slope and a:
            raise Unproved(f"a step function of {t}")
        slope, shift = slope * d + shift * a, shift * d
    return slope, shift
