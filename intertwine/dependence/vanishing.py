"""Proofs that a combination of functions is zero wherever all of them are defined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from intertwine.calculus.budget import check
from intertwine.calculus.constants import constant_is_zero
from intertwine.calculus.core import reflected
from intertwine.calculus.enclosure import PRECISIONS, Unclear, UndefinedAt, enclose
from intertwine.calculus.identity import Identity, prove_equal
from intertwine.dependence.steps import Periodic, prove_periodic
from intertwine.terms import ONE, ZERO, Term, add, mul, num


@dataclass(frozen=True)
class Vanishing:
    """``sum(c_k f_k) = 0`` for ``x > 0``, for ``x < 0`` (the two proofs) and at 0.

    ``guarded``: the functions with coefficient 0 were needed to know where the identity has to hold.
    """

    coefficients: tuple[Term, ...]
    sides: tuple[Identity | Periodic, Identity | Periodic]
    guarded: bool


def combination(coefficients: Sequence[Term], functions: Sequence[Term], guarded: bool = False) -> Term:
    """``sum(c_k f_k)``; with ``guarded``, on the common domain of all functions.

    Examples
    --------
    >>> from intertwine.terms import X, apply
    >>> combination([num(2), ZERO], [X, apply("log", X)], guarded=True)
    2*x + 0*log(x)
    """
    summands = []
    for c, f in zip(coefficients, functions, strict=True):
        if c != ZERO:
            summands.append(f if c == ONE else mul(c, f))
        elif guarded and f.has_x:
            summands.append(mul(ZERO, f))
    return add(*summands)


def prove_vanishing(coefficients: Sequence[Term], functions: Sequence[Term]) -> Vanishing | None:
    """A proof that the combination is zero on the common domain, or None if none was found."""
    plain = combination(coefficients, functions)
    guarded = combination(coefficients, functions, guarded=True)
    for total in (plain, guarded) if guarded != plain else (plain,):
        check()
        right = _half_line(total)
        left = None if right is None else _half_line(reflected(total))
        if right is not None and left is not None and _at_zero(total):
            return Vanishing(tuple(coefficients), (right, left), total != plain)
    return None


def _half_line(total: Term) -> Identity | Periodic | None:
    # Multiplied by 0 the right side has the domain of the left: nothing is asked where that is undefined.
    return prove_equal(total, mul(ZERO, total)) or prove_periodic(total)


def _at_zero(total: Term) -> bool:
    """Whether the combination is zero or undefined at 0."""
    value = total.subs(num(0))
    for bits in PRECISIONS[:3]:
        try:
            ball = enclose(value, Fraction(1), bits)
            if ball != 0 or ball == 0:
                return bool(ball == 0)
        except UndefinedAt:
            return True
        except Unclear:
            continue
    return constant_is_zero(value)
