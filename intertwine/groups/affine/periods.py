"""Whether numbers are integer multiples of a period, and where two periodic sets of centres meet."""

from __future__ import annotations

import math
from fractions import Fraction

import sympy as sp

from intertwine.errors import Undecided
from intertwine.groups import exact, ratios
from intertwine.groups.balls import interval
from intertwine.groups.text import show


def multiple(c: object, period: object) -> int | None:
    """The integer k with c = k·T; ``None`` when it is proved that there is none.

    Raises
    ------
    Undecided
        If neither could be shown.

    Examples
    --------
    >>> multiple(6 * sp.pi, 2 * sp.pi), multiple(1, sp.pi)
    (3, None)
    """
    shift, step = exact.as_exact(c), exact.as_exact(period)
    for ball in exact.refinements(shift / step, 64, 1 << 12):
        low, high = interval(ball)
        k = math.ceil(low)
        if k > high:
            return None
        if high - low < Fraction(1, 4):
            return k if exact.equal(shift, k * step) else None
    raise Undecided(f"it could not be settled whether {show(shift)} is a multiple of {show(step)}")


def common_centre(p: sp.Expr, step: sp.Expr, q: sp.Expr, other: sp.Expr, ratio: Fraction | None) -> sp.Expr | None:
    """A point of both p + Z·T/2 and q + Z·U/2, or ``None`` when they are disjoint.

    Parameters
    ----------
    p, step, q, other : sympy.Expr
        The centres p, q and the periods T, U > 0.
    ratio : Fraction or None
        T/U, ``None`` if it is irrational.

    Raises
    ------
    Undecided
        If the periods have an irrational ratio and 2(q - p) is in no rational ratio to either.

    Examples
    --------
    >>> common_centre(sp.S.Zero, sp.pi, sp.pi / 4, 3 * sp.pi / 2, Fraction(2, 3))
    pi
    """
    gap = 2 * (q - p)  # the question is whether it is kT - lU
    if exact.is_zero(gap):
        return p
    if ratio is not None:  # T = mu and U = nu with coprime m, n: the gap must be ju, and k solves km = j modulo n
        m, n = ratio.numerator, ratio.denominator
        j = multiple(gap, step / m)
        return None if j is None else sp.expand_mul(p + j * pow(m, -1, n) % n * step / 2)
    # When the gap is rT with r rational, then l = 0 and k = r; and likewise for U.
    for period, point in ((step, q), (other, p)):
        if ratios.rational_ratio(gap, period) is not None:
            return point if multiple(gap, period) is not None else None
    raise Undecided(f"it could not be settled whether reflections in {show(p)} and {show(q)} have a centre in common")
