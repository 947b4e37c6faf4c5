"""One map ``t -> a*t + c`` on trial: is ``τ(at + c) = b σ(t) + d`` for some ``b, d``?  Proved, refuted, or open.

Without ``free`` constants ``d`` is 0. Proofs are identities on both half-lines and the value at 0; refutations are
values that balls keep apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from flint import arb

from intertwine.calculus.budget import check
from intertwine.calculus.constants import constants_equal, simplified
from intertwine.calculus.core import reflected
from intertwine.calculus.enclosure import Evaluator, ball, precision
from intertwine.calculus.identity import prove_equal
from intertwine.pairs.local import value_at
from intertwine.pairs.reasons import Relation, Separated
from intertwine.pieces.locations import constant_sign
from intertwine.solve.witness import UNDEFINED, Sampler, shown
from intertwine.terms import ONE, ZERO, Term, X, mul, num

PRECISIONS = (64, 256, 1024)
MOST_POINTS = 60


def tried(first: Sampler, second: Sampler, points: list[Fraction], a: Term, c: Term,
          free: bool) -> Relation | Separated | None:
    """The verdict on one map, or None.

    Examples
    --------
    >>> from intertwine.calculus.core import to_core
    >>> from intertwine.parsing import parse_term
    >>> sampler = lambda text: Sampler(to_core(parse_term(text)))
    >>> points = [Fraction(k, 2) for k in range(-3, 4)]
    >>> tried(sampler("sigmoid"), sampler("tanh"), points, ONE / 2, ZERO, True).describe()
    'τ(1/2*t) = 2*σ(t) - 1 for every t, by an identity'
    >>> tried(sampler("sigmoid"), sampler("tanh"), points, ONE, ZERO, True).method
    'determinant'
    """
    found = separated(first, second, points, a, c, free)
    if found is not None:
        return found
    for b, d in _constants(first, second, points, a, c, free):
        relation = related(first.core, second.core, a, c, b, d)
        if relation is not None:
            return relation
    return None


def related(first: Term, second: Term, a: Term, c: Term, b: Term, d: Term) -> Relation | None:
    """A proof of ``second(a*t + c) = b*first(t) + d`` for every ``t``, domains included, with ``a, b`` not zero."""
    if constant_sign(a) not in (1, -1) or constant_sign(b) not in (1, -1):
        return None
    left, right = second.subs(mul(a, X) + c), mul(b, first) + d
    identities = []
    for turn in (lambda t: t, reflected):
        proof = prove_equal(turn(left), turn(right))
        if proof is None:
            return None
        identities.append(proof)
    return Relation(a, c, b, d, tuple(identities)) if _agree_at_zero(left, right) else None


def _agree_at_zero(left: Term, right: Term) -> bool:
    """Whether both are undefined at 0, or defined with one value there."""
    (here, u), (there, v) = value_at(left, ZERO), value_at(right, ZERO)
    if here is False and there is False:
        return True
    return u is not None and v is not None and constants_equal(u, v) is True


def _constants(first: Sampler, second: Sampler, points: list[Fraction], a: Term, c: Term,
               free: bool) -> Iterator[tuple[Term, Term]]:
    """The ``b`` and ``d`` that the values at exact points give."""
    values: list[tuple[Term, Term]] = []
    for t in points[:MOST_POINTS]:
        if not isinstance(first.at(t, 64), arb):
            continue
        u = value_at(second.core, simplified(mul(a, num(t)) + c))[1]
        v = value_at(first.core, num(t))[1]
        if u is None or v is None or max(u.size, v.size) > 200:
            continue
        if not free:
            if constant_sign(v) in (1, -1):
                yield simplified(u / v), ZERO
                return
            continue
        for u0, v0 in values:
            if constant_sign(v - v0) in (1, -1):
                b = simplified((u - u0) / (v - v0))
                yield b, simplified(u - b * v)
                return
        values.append((u, v))
    if not free:
        yield ONE, ZERO  # both are zero wherever they are defined, as far as is seen


def separated(first: Sampler, second: Sampler, points: list[Fraction], a: Term, c: Term,
              free: bool) -> Separated | None:
    """A refutation of one map by values at exact points, or None."""
    for bits in PRECISIONS:
        pairs: list[tuple[Fraction, arb, arb]] = []
        for t in points[:MOST_POINTS]:
            check()
            v, w = first.at(t, bits), _moved(second, t, a, c, bits)
            if isinstance(v, arb) and isinstance(w, arb):
                pairs.append((t, v, w))
            elif bits == PRECISIONS[0]:
                domain = _domain(first, second, t, a, c, v, w)
                if domain is not None:
                    return domain
            found = _apart(pairs, bits, free) if pairs and pairs[-1][0] == t else None
            if found is not None:
                chosen, values = found
                return Separated(a, c, "determinant", chosen, values, bits)
    return None


def _moved(second: Sampler, t: Fraction, a: Term, c: Term, bits: int) -> arb | str | None:
    if a.value is not None and c.value is not None:
        return second.at(a.value * t + c.value, bits)
    return second.at_ball(_image(t, a, c, bits), bits)


def _image(t: Fraction, a: Term, c: Term, bits: int) -> arb:
    with precision(bits + 32):
        at = Evaluator(Fraction(1))
        return at.value(a) * ball(t) + at.value(c)


def _apart(pairs: list[tuple[Fraction, arb, arb]], bits: int,
           free: bool) -> tuple[tuple[Fraction, ...], tuple[str, ...]] | None:
    """The newest point with earlier ones, if no ``b`` (and ``d``) fits them all."""
    t, v, w = pairs[-1]
    with precision(bits + 32):
        if not free:
            for t0, v0, w0 in pairs[:-1][:4]:
                if v * w0 - v0 * w != 0:
                    return (t0, t), tuple(shown(y) for y in (v0, w0, v, w))
            # b is not 0, so the zeros are the same
            if (v == 0 and w != 0) or (w == 0 and v != 0):
                return (t,), (shown(v), shown(w))
            return None
        if len(pairs) < 2:
            return None
        t0, v0, w0 = pairs[0]
        for t1, v1, w1 in pairs[1:-1][:4]:
            if (v - v0) * (w1 - w0) - (v1 - v0) * (w - w0) != 0:
                return (t0, t1, t), tuple(shown(y) for y in (v0, w0, v1, w1, v, w))
        if (v == v0 and w != w0) or (w == w0 and v != v0):
            return (t0, t), tuple(shown(y) for y in (v0, w0, v, w))
    return None


def _domain(first: Sampler, second: Sampler, t: Fraction, a: Term, c: Term, v: arb | str | None,
            w: arb | str | None) -> Separated | None:
    """One side defined at the point, the other undefined on a neighbourhood of it."""
    if isinstance(v, arb) and w == UNDEFINED:
        with precision(64):
            here = _image(t, a, c, 64)
            wide = here + arb(0, 2.0**-30) * (abs(here) + ball(Fraction(1, 2**40)))
        if second.at_ball(wide, 64) == UNDEFINED:
            return Separated(a, c, "domain", (t,), (shown(v), UNDEFINED), 64)
    if v == UNDEFINED and isinstance(w, arb) and first.undefined_near(t):
        return Separated(a, c, "domain", (t,), (UNDEFINED, shown(w)), 64)
    return None


