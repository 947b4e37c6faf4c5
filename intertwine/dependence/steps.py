"""Combinations of step functions: zero on one period, and periodic.

Theorem.  Let ``f(x) = r(x) + sum(c_i floor(a_i x + d_i))`` with rational ``a_i, d_i``, and let ``P > 0`` make every
``a_i P`` whole.  If ``r(x + P) + sum(c_i a_i P) = r(x)`` for ``x > 0`` and ``f = 0`` on ``0 < x <= P``, then ``f = 0``
for all ``x > 0``.  Between two jumps each floor is a number; so Hermite's ``floor(2x) = floor(x) + floor(x + 1/2)``
is an identity between numbers on finitely many parts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from intertwine.calculus.budget import check
from intertwine.calculus.cases import Region, TooManyCases, explore
from intertwine.calculus.cells import Cell, rational_root
from intertwine.calculus.constants import constant_is_zero
from intertwine.calculus.identity import Identity, prove_equal, prove_zero
from intertwine.calculus.tower import NoNormalForm
from intertwine.dependence.reading import straight
from intertwine.terms import ONE, ZERO, Term, X, add, apply, mul, num

MOST_PARTS = 120
Line = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Periodic:
    """``identity`` shows the period; on one period, cut at ``cuts``, the function is zero."""

    period: Fraction
    cuts: tuple[Fraction, ...]
    identity: Identity


@dataclass(frozen=True)
class Steps:
    """``rest + sum(c floor(a x + d))`` with ``floors[a, d] = c``."""

    rest: Term
    floors: dict[Line, Term]

    def between(self, low: Fraction, high: Fraction) -> Term:
        """The function between two neighbouring cuts."""
        middle = (low + high) / 2
        return add(self.rest, *(mul(c, num(math.floor(a * middle + d))) for (a, d), c in self.floors.items()))

    @property
    def whole(self) -> Term:
        """The function itself."""
        floors = (mul(c, apply("floor", add(mul(num(a), X), num(d)))) for (a, d), c in self.floors.items())
        return add(self.rest, *floors)


def prove_periodic(total: Term) -> Periodic | None:
    """A proof that a combination of step functions is zero for ``x > 0``, or None.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> proof = prove_periodic(parse_term("floor(3*x) - floor(x) - floor(x + 1/3) - floor(x + 2/3)"))
    >>> print(proof.period, *proof.cuts)
    1 1/3 2/3
    """
    f = split(total)
    if f is None or not f.floors:
        return None
    period = _common_multiple([1 / abs(a) for a, _ in f.floors])
    cuts = _cuts(list(f.floors), period)
    if cuts is None or not _zero_on(f, period, cuts):
        return None
    rise = add(*(mul(c, num(a * period)) for (a, _), c in f.floors.items()))
    identity = prove_equal(add(f.rest.subs(X + num(period)), rise), f.rest)
    return None if identity is None else Periodic(period, cuts, identity)


def split(total: Term) -> Steps | None:
    """The step functions of a term and what else it is, if it is a linear combination of them."""
    floors: dict[Line, Term] = {}
    rest: list[Term] = []
    stack = [(ONE, total)]
    while stack:
        factor, node = stack.pop()
        if not any(part.op == "floor" and part.has_x for part in node.walk()):
            rest.append(mul(factor, node))
        elif node.op == "add":
            stack += [(factor, a) for a in node.args]
        elif node.op == "mul" and sum(a.has_x for a in node.args) == 1:
            constants = [a for a in node.args if not a.has_x]
            stack.append((mul(factor, *constants), next(a for a in node.args if a.has_x)))
        elif node.op == "floor":
            line = straight(node.args[0])
            if line is None or line[0].value is None or line[1].value is None:
                return None
            key = (line[0].value, line[1].value)
            floors[key] = add(floors.get(key, ZERO), factor)
        else:
            return None
    return Steps(add(*rest), floors)


def _common_multiple(values: list[Fraction]) -> Fraction:
    return Fraction(math.lcm(*(v.numerator for v in values)), math.gcd(*(v.denominator for v in values)))


def _cuts(lines: list[Line], period: Fraction) -> tuple[Fraction, ...] | None:
    """Where the step functions jump, inside one period."""
    found: set[Fraction] = set()
    for a, d in lines:
        if abs(a) * period > MOST_PARTS:
            return None
        low, high = sorted((d, a * period + d))
        found.update((m - d) / a for m in range(math.floor(low), math.ceil(high) + 1))
    inside = tuple(sorted(p for p in found if 0 < p < period))
    return inside if len(inside) <= MOST_PARTS else None


def _zero_on(f: Steps, period: Fraction, cuts: tuple[Fraction, ...]) -> bool:
    ends = (Fraction(0), *cuts, period)
    if not all(constant_is_zero(f.whole.subs(num(p))) for p in ends[1:]):
        return False
    for low, high in pairwise(ends):
        check()
        cell = Cell(rational_root(low) if low else None, rational_root(high))
        try:
            if not explore((f.between(low, high),), _zero, cell):
                return False
        except (TooManyCases, NoNormalForm):
            return False
    return True


def _zero(region: Region, terms: tuple[Term | None, ...]) -> bool:
    return terms[0] is not None and prove_zero(region, terms[0]) is not None
