"""A point on both sides of which the function is undefined, constant, a power plus a constant, or a logarithm.

If the function is not affine on the line, then all of T fixes the point: it is the only one where the function is not
analytic, or the edge of the domain, or the function is a constant plus a power of ``t - p`` of degree 2 at least.
An element with ``a > 0`` is in T if and only if there are ``b, d`` with

- ``b = a**r`` and ``d = beta*(1 - b)`` for a side ``c*y**r + beta``, and ``b = 1``, ``d = c*log a`` for a side
  ``c*log y + beta``, where ``c`` and ``r`` are not 0;
- ``v = b*v + d`` for a constant side ``v``, and for the value ``v`` at the point itself.

So all ``a`` are, or ``a = 1`` alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from intertwine.certificates.affine import established as aff
from intertwine.certificates.analysis.numbers import different, equal
from intertwine.terms import ZERO, Term


@dataclass(frozen=True)
class Pair:
    """The demands of the two sides and of the value, and whether they go together (if neither, it is not known).

    ``coefficient`` is that of logarithms, ``degree`` and ``offset`` those of powers; None where there are none.
    """

    centre: Term
    compatible: bool
    incompatible: bool
    coefficient: Term | None = None
    degree: Term | None = None
    offset: Term = ZERO


def pairs(sides: list[aff.About], values: list[aff.ValueAt]) -> list[Pair]:
    """What is known of the points that the facts name."""
    found: list[Pair] = []
    for right, left, there in product(sides, sides, values):
        p = right.centre
        if right.side == 1 and left.side == -1 and equal(left.centre, p) and equal(there.point, p):
            found.append(_pair(p, [right, left], there.value))
    return found


def _pair(p: Term, sides: list[aff.About], value: Term | None) -> Pair:
    logs, powers = ([f for f in sides if f.form == form] for form in ("log", "power"))
    fixed = [f.offset for f in sides if f.form == "constant"] + ([] if value is None else [value])
    if logs:
        same = equal(logs[0].coefficient, logs[-1].coefficient)
        apart = bool(fixed or powers) or different(logs[0].coefficient, logs[-1].coefficient)
        return Pair(p, same and not fixed and not powers, apart, coefficient=logs[0].coefficient)
    if not powers:
        return Pair(p, True, False)
    r, beta = powers[0].degree, powers[0].offset
    offsets = [powers[-1].offset, *fixed]
    same = equal(powers[-1].degree, r) and all(equal(v, beta) for v in offsets)
    apart = different(powers[-1].degree, r) or any(different(v, beta) for v in offsets)
    return Pair(p, same, apart, degree=r, offset=beta)
