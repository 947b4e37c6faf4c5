"""Entries in a cubic field with one real embedding, in real radicals. A guess, to be proved by whoever uses it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flint import arb

from intertwine.maps.recognise import relation
from intertwine.terms import ONE, ZERO, Term, add, mul, num, power


def in_cubic_field(entries: Sequence[arb]) -> list[Term] | None:
    """Closed forms ``a + b*t + c*t**2`` for a common t, the real root of a cubic with one real root."""
    t = next((e for e in entries if relation([arb(1), e]) is None), None)
    cubic = None if t is None else relation([arb(1), t, t * t, t * t * t])
    if t is None or cubic is None or cubic[3] == 0:
        return None
    root = real_root([Fraction(c, cubic[3]) for c in cubic])
    if root is None:
        return None
    result = []
    for e in entries:
        found = relation([arb(1), t, t * t, e])
        if found is None or found[3] == 0:
            return None
        a, b, c = (Fraction(-found[k], found[3]) for k in range(3))
        powers = ((a, ONE), (b, root), (c, root * root))
        parts = [mul(num(k), power_of) for k, power_of in powers if k]
        result.append(add(*parts) if parts else ZERO)
    return result


def real_root(monic: Sequence[Fraction]) -> Term | None:
    """Cardano's formula for ``t³ + c_2 t² + c_1 t + c_0`` with one real root; the second cube root by the first."""
    c0, c1, c2 = monic[0], monic[1], monic[2]
    p, q = c1 - c2 * c2 / 3, 2 * c2**3 / 27 - c1 * c2 / 3 + c0  # u³ + pu + q = 0 for t = u - c_2/3
    inside = q * q / 4 + p**3 / 27
    if inside <= 0:
        return None
    sign = -1 if q > 0 else 1  # no cancellation: -q/2 and the square root have one sign
    cube = num(abs(q) / 2) + power(num(inside), num(1, 2))
    u = power(cube, num(1, 3))
    other = num(-p / 3) * power(u, num(-1))
    return num(-c2 / 3) + num(sign) * (u + other)
