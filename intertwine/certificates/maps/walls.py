"""Points on every side of the walls where an expression changes its branch, far ones and thin strips included.

The points of a check have to meet every piece of a map. Random points miss what is small or far away, so the walls are
looked for: those that are affine with rational coefficients are intersected, and the sides of each intersection are
entered; the others are met along lines, from very near to very far.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product

from flint import fmpq, fmpq_mat

from intertwine.certificates.maps.functions import At, Outside, Unclear, place
from intertwine.terms import Term, add, mul, num

Point = tuple[Fraction, ...]
MOST_WALLS = 24
MOST_FLATS = 200
MOST_PIECES = 160
ROUNDS = 3
NEAR = Fraction(1, 2**60)
STEPS = [Fraction(2) ** k for k in range(-24, 41, 2)]


def _minus(a: Term, b: Term) -> Term:
    return add(a, mul(num(-1), b))


def breaks(t: Term) -> Iterator[Term]:
    """The expressions at whose zeros a term may change its branch."""
    for node in t.walk():
        if node.op in ("Abs", "sign", "Heaviside"):
            yield node.args[0]
        elif node.op in ("Max", "Min"):
            yield from (_minus(a, b) for a, b in combinations(node.args, 2))
        elif node.op in ("lt", "le", "eq", "ne"):
            yield _minus(*node.args)


def with_all_sides(terms: Sequence[Term], points: list[Point], n: int) -> list[Point]:
    """The points, and others where the terms have other branches."""
    atoms = list(dict.fromkeys(a for t in terms for a in breaks(t) if any(place(s) is not None for s in a.walk())))
    if not atoms:
        return points
    rng = random.Random(271828)
    result = list(points)
    known = {_pieces(terms, p) for p in points}
    new = result
    walls: list[Term] = []
    for _ in range(ROUNDS):
        fresh = [g for g in dict.fromkeys(_smooth(a, p) for a in atoms for p in new) if g is not None]
        walls = list(dict.fromkeys([*walls, *fresh]))[:MOST_WALLS]
        new = []
        for p in _beside(walls, points, n, rng):
            pieces = _pieces(terms, p)
            if pieces is not None and pieces not in known and len(known) < MOST_PIECES:
                known.add(pieces)
                new.append(p)
        if not new:
            break
        result += new
    return result


def _smooth(t: Term, p: Point) -> Term | None:
    try:
        return At(p).smooth(t)
    except (Outside, Unclear):
        return None


def _pieces(terms: Sequence[Term], p: Point) -> tuple[Term, ...] | None:
    at = At(p)
    try:
        for t in terms:
            at.of(t)
        return tuple(at.smooth(t) for t in terms)
    except (Outside, Unclear):
        return None


def _beside(walls: Sequence[Term], points: Sequence[Point], n: int, rng: random.Random) -> Iterator[Point]:
    planes = [f for f in (affine(g, n) for g in walls) if f is not None and any(f[:n])]
    yield from _by_flats(list(dict.fromkeys(planes)), n, rng)
    for g in walls:
        if affine(g, n) is None:
            yield from _along_lines(g, points, n, rng)


def _by_flats(planes: Sequence[Point], n: int, rng: random.Random) -> Iterator[Point]:
    """Points near the intersections of some planes, on all of their sides."""
    chosen = [c for size in range(min(n, len(planes)), 0, -1) for c in combinations(planes, size)]
    for some in chosen[:MOST_FLATS]:
        normals = [f[:n] for f in some]
        foot = _solve(normals, [-f[n] for f in some], n, rng)
        if foot is None:
            continue
        for signs in product((1, -1), repeat=len(some)):
            way = _solve(normals, [s * Fraction(rng.randint(1, 99), 50) for s in signs], n, rng)
            if way is not None:
                yield tuple(a + NEAR * b for a, b in zip(foot, way, strict=True))


def _solve(normals: Sequence[Point], values: Sequence[Fraction], n: int, rng: random.Random) -> Point | None:
    """A random solution of a few linear equations; None if they are dependent."""
    rows = [list(r) for r in normals]
    sides = list(values)
    while len(rows) < n:
        rows.append([Fraction(rng.randint(-99, 99), 37) for _ in range(n)])
        sides.append(Fraction(rng.randint(-99, 99), 41))
    matrix = fmpq_mat([[fmpq(e.numerator, e.denominator) for e in row] for row in rows])
    if matrix.det() == 0:
        return None
    found = matrix.solve(fmpq_mat([[fmpq(v.numerator, v.denominator)] for v in sides]))
    return tuple(Fraction(int(found[i, 0].p), int(found[i, 0].q)) for i in range(n))


def affine(g: Term, n: int) -> Point | None:
    """The coefficients and the constant of an affine expression with rational ones; None for another."""
    if g.value is not None:
        return (*[Fraction(0)] * n, g.value)
    j = place(g)
    if j is not None:
        return tuple(Fraction(int(k == j)) for k in range(n + 1))
    if g.op not in ("add", "mul"):
        return None
    parts = [affine(a, n) for a in g.args]
    if any(p is None for p in parts):
        return None
    known = [p for p in parts if p is not None]
    if g.op == "add":
        return tuple(sum((p[k] for p in known), Fraction(0)) for k in range(n + 1))
    varying = [p for p in known if any(p[:n])]
    if len(varying) > 1:
        return None
    factor = Fraction(1)
    for p in known:
        factor *= Fraction(1) if any(p[:n]) else p[n]
    whole = varying[0] if varying else (*[Fraction(0)] * n, Fraction(1))
    return tuple(factor * c for c in whole)


def _along_lines(g: Term, points: Sequence[Point], n: int, rng: random.Random) -> Iterator[Point]:
    """Points on both sides of the zeros of an expression that some lines meet."""
    for start in [tuple(Fraction(0) for _ in range(n)), *points[:3]]:
        way = tuple(Fraction(rng.randint(-999, 999), 499) for _ in range(n))
        steps = [-s for s in reversed(STEPS)] + STEPS
        before: tuple[Fraction, bool] | None = None
        for s in steps:
            side = _side(g, start, way, s)
            if side is not None and before is not None and side != before[1]:
                yield from _narrowed(g, start, way, before, (s, side))
            before = before if side is None else (s, side)


def _narrowed(g: Term, start: Point, way: Point, left: tuple[Fraction, bool], right: tuple[Fraction, bool],
              ) -> Iterator[Point]:
    for _ in range(16):
        middle = (left[0] + right[0]) / 2
        side = _side(g, start, way, middle)
        if side is None:
            break
        left, right = ((middle, side), right) if side == left[1] else (left, (middle, side))
    for s, _ in (left, right):
        yield tuple(a + s * b for a, b in zip(start, way, strict=True))


def _side(g: Term, start: Point, way: Point, s: Fraction) -> bool | None:
    try:
        value = At(tuple(a + s * b for a, b in zip(start, way, strict=True))).of(g)
    except (Outside, Unclear):
        return None
    return True if value > 0 else False if value < 0 else None
