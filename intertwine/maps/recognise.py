"""Numbers in closed form that a ball may contain. A guess: whatever uses it has to be proved."""

from __future__ import annotations

from fractions import Fraction

from flint import arb, ctx, fmpz, fmpz_mat

from intertwine.calculus.enclosure import Evaluator
from intertwine.terms import Term, num, power

SMALL = 2**24


def recognised(value: arb) -> Term | None:
    """A rational number, a number ``a + b*sqrt(c)``, or a root of one; None if none of small height fits."""
    found = _recognised(value)
    return found if found is not None and Evaluator(arb(0)).value(found).overlaps(value) else None


def _recognised(value: arb) -> Term | None:
    plain = _plain(value)
    if plain is not None:
        return plain
    square = _plain(value * value)
    if square is not None:
        root = power(square, num(1, 2))
        return root if value > 0 else -root
    for k in (3, 4, 6):
        inner = _rational(abs(value) ** k)
        if inner is not None:
            root = power(num(inner), num(1, k))
            return root if value > 0 else -root
    return None


def _plain(value: arb) -> Term | None:
    q = _rational(value)
    return num(q) if q is not None else _quadratic(value)


def _rational(value: arb) -> Fraction | None:
    found = relation([arb(1), value])
    if found is None or found[1] == 0:
        return None
    return Fraction(-found[0], found[1])


def _quadratic(value: arb) -> Term | None:
    found = relation([arb(1), value, value * value])
    if found is None or found[2] == 0:
        return None
    c, b, a = found
    inside = b * b - 4 * a * c
    if inside < 0:
        return None
    outer, left = 1, inside
    for p in (2, 3, 5, 7, 11, 13):
        while left % (p * p) == 0 and left:
            left, outer = left // (p * p), outer * p
    root = power(num(left), num(1, 2))
    for sign in (1, -1):
        exact = (-b + sign * arb(inside).sqrt()) / (2 * a)
        if exact.overlaps(value):
            return num(Fraction(-b, 2 * a)) + num(Fraction(sign * outer, 2 * a)) * root
    return None


def relation(values: list[arb]) -> list[int] | None:
    """Small integers c with Σ c_i v_i = 0, as far as the digits tell."""
    bits = ctx.prec * 2 // 3
    if not all(v.is_finite() for v in values):
        return None
    rows = []
    for i, v in enumerate(values):
        scaled = (v * arb(2) ** bits).mid().unique_fmpz()
        whole = scaled if scaled is not None else (v * arb(2) ** bits).mid().floor().unique_fmpz()
        if whole is None:
            return None
        rows.append([fmpz(int(i == j)) for j in range(len(values))] + [whole])
    reduced = fmpz_mat(rows).lll()
    best = [int(reduced[0, j]) for j in range(len(values))]
    total = sum((c * v for c, v in zip(best, values, strict=True)), arb(0))
    return best if max(map(abs, best)) <= SMALL and total.contains(0) else None
