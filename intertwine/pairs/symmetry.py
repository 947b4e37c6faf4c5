"""What the groups of affine intertwiners of two activations say about maps between them.

A map ℓ with ``u(ℓ(t)) = b s(t) + d`` conjugates the group of ``s`` to that of ``u``. So groups of different types
exclude it, a centre goes to a centre, and a least period to a least period. With a group that is large enough it is
enough to try few maps, because any other one differs from one of them by an element of the group.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from intertwine.calculus.constants import simplified
from intertwine.errors import IntertwineError
from intertwine.groups import AffineCharacter, AffineScalarGroup, exact
from intertwine.pairs.profile import Profile
from intertwine.pairs.reasons import Differs
from intertwine.terms import Term
from intertwine.terms.sympy_bridge import from_sympy


@dataclass(frozen=True)
class Conjugate:
    """What is left: ``maps`` to be tried (None: not known), up to the group, or a pair of points that must match."""

    maps: list[tuple[Term, Term]] | None = None
    points: tuple[Term, Term] | None = None


def by_groups(first: Profile, second: Profile, affine: bool) -> Differs | Conjugate | None:
    """What exact groups of both activations leave; None if one of them is not known exactly, or they leave too much.

    Without ``affine`` only scalings ``t -> at`` are of interest.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> of = lambda text: Profile(parse_term(text))
    >>> by_groups(of("floor(x)"), of("exp(x)"), True).describe()
    'the group of affine intertwiners: lattice for σ, but translations for τ'
    >>> by_groups(of("exp(sin(x))"), of("exp(cos(2*x))"), True).maps
    [(1/2, -pi/4), (1/2, pi/4)]
    >>> by_groups(of("exp(sin(x))"), of("exp(cos(2*x))"), False).maps
    [(1/2, 0), (-1/2, 0)]
    """
    here, there = first.affine, second.affine
    if here is None or there is None:
        return None
    try:
        return _different(here, there) or (_left if affine else _scalings)(here.group, there.group)
    except IntertwineError:  # an exact comparison of numbers was not settled
        return None


def _different(here: AffineCharacter, there: AffineCharacter) -> Differs | None:
    """A difference between two groups that conjugation would not change."""
    what = "the group of affine intertwiners"
    one, other = here.group, there.group
    if one.type != other.type:
        return Differs(what, one.type, other.type)
    if one.scalars != other.scalars:
        return Differs(f"{what}: factors", str(one.scalars), str(other.scalars))
    if one.centre is not None and one.period is None:  # dilations go to dilations by the same factor
        for f, g in zip(one.generators(), other.generators(), strict=True):
            factors = here(f).a, there(g).a
            if not exact.is_zero(factors[0] - factors[1]):
                return Differs(f"{what}: the factor of the value for a dilation by {f.a}", *map(str, factors))
    if one.period is not None:  # a negative a takes the translation by one period to the inverse of the other one
        f, g = (chi(chi.group.generator_map) for chi in (here, there))
        if not (exact.is_zero(f.a - g.a) or exact.is_zero(f.a * g.a - 1)):
            return Differs(f"{what}: the factor of the value for one period", str(f.a), str(g.a))
        still = [exact.is_zero(m.a - 1) and exact.is_zero(m.c) for m in (f, g)]
        if still[0] is not still[1]:
            return Differs("periodic with the least period of the group", *("yes" if k else "no" for k in still))
    return None


def _left(one: AffineScalarGroup, other: AffineScalarGroup) -> Conjugate | None:
    p, q = one.centre, other.centre
    if p is None or q is None:
        return None
    if one.period is not None and other.period is not None:
        # a may be positive, as there is a reflection; and centres are half a period apart
        a = other.period / one.period
        return Conjugate([_through(p, c, a) for c in (q, q + other.period / 2)])
    if one.type in ("dilations", "signed-dilations"):
        factors = (1, -1) if one.type == "dilations" else (1,)
        return Conjugate([_through(p, q, a) for a in factors])
    if one.type == "reflection":
        return Conjugate(points=(_term(p), _term(q)))
    return None


def _scalings(one: AffineScalarGroup, other: AffineScalarGroup) -> Differs | Conjugate | None:
    """The same for scalings: they keep 0, and no element of the group has to be composed with them."""
    if one.period is not None and other.period is not None:
        a = other.period / one.period
        return Conjugate([_through(sp.S.Zero, sp.S.Zero, k) for k in (a, -a)])
    p, q = one.centre, other.centre
    if p is None or q is None:
        return None
    zero = [exact.is_zero(point) for point in (p, q)]
    if zero[0] is not zero[1]:
        return Differs("the centre is 0", *("yes" if k else "no" for k in zero))
    return None if zero[0] else Conjugate([_through(sp.S.Zero, sp.S.Zero, q / p)])


def _through(p: sp.Expr, q: sp.Expr, a: sp.Expr | int) -> tuple[Term, Term]:
    """The map with factor a that takes p to q."""
    return _term(a), _term(q - a * p)


def _term(number: object) -> Term:
    return simplified(from_sympy(exact.as_exact(number)))
