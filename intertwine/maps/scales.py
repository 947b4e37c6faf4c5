"""The positive scales of a candidate that permutes the parts of space.

A form f of a class that is permuted has f∘A = b·g with g in the class. With A = A_0·S, where S scales part i by
c_i > 0, every component of one multidegree a in the parts gives c^a·(f∘A_0)_a = b·g_a: a linear equation for the
logarithms of the c_i and of b.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq, fmpq_mat

from intertwine.maps.covariants import Form, ring
from intertwine.terms import ONE, Term, mul, num, power

Degrees = tuple[int, ...]


@dataclass(frozen=True)
class Scales:
    """Solutions for the c_i: one of them, and how many dimensions of them there are; ``None`` if there are none."""

    values: tuple[Term, ...]
    freedom: int


def solve_scales(classes: Sequence[Sequence[Form]], matrix: Sequence[Sequence[Fraction]], parts: Sequence[int], n: int,
                 spaces: Sequence[Sequence[Form]] = ()) -> Scales | None:
    """Positive scales for which the forms of every class are mapped to multiples of forms of that class.

    A form that can only be mapped to one of its class gives equations; one that cannot be mapped to any excludes the
    candidate, whatever the scales.

    Parameters
    ----------
    classes : sequence of sequences of Form
        In coordinates adapted to the parts.
    matrix : n×n rational numbers
        The candidate A_0 in these coordinates.
    parts : sequence of int
        The part that each coordinate belongs to.
    spaces : sequence of sequences of Form
        Bases of spaces that are mapped to themselves: those f∘A = Σ c^a g_a over multidegrees a, and positive c^a with
        this sum in the space are a linear problem, which may leave one ray, or none.
    """
    count = max(parts) + 1
    equations: list[tuple[list[Fraction], Fraction]] = []
    for forms in classes:
        for f in forms:
            found = [e for g in forms if (e := _equations(f, g, matrix, parts, count, n)) is not None]
            if not found:
                return None
            if len(found) == 1:
                equations += found[0]
    for space in spaces:
        for f in space:
            more = _ray(f, space, matrix, parts, count, n)
            if more is None:
                return None
            equations += more
    return _solve(equations, count)


def _ray(f: Form, space: Sequence[Form], matrix: Sequence[Sequence[Fraction]], parts: Sequence[int], count: int, n: int,
         ) -> list[tuple[list[Fraction], Fraction]] | None:
    """Equations from ``Σ c^a g_a`` being in a space; none if this leaves more than a ray, None if it is impossible."""
    moved = _components(f.compose(*_images(matrix, n)), parts, count)
    degrees = list(moved)
    monomials = sorted({tuple(map(int, m)) for g in [*moved.values(), *space] for m in g.monoms()})
    columns = [*moved.values(), *space]
    reduced, rank = fmpq_mat([[fmpq(g[m]) for g in columns] for m in monomials]).rref()
    pivots = [next(j for j in range(len(columns)) if reduced[i, j] != 0) for i in range(rank)]
    free = [j for j in range(len(columns)) if j not in pivots]
    kernel = []  # the relations, on the moved parts (the space itself is independent)
    for j in free:
        vector = [fmpq(0)] * len(columns)
        vector[j] = fmpq(1)
        for i, p in enumerate(pivots):
            vector[p] = -fmpq(reduced[i, j])
        kernel.append(vector[: len(degrees)])
    if not kernel:
        return None
    if len(kernel) > 1:
        return []
    values = kernel[0] if kernel[0][0] > 0 else [-v for v in kernel[0]]
    if any(v <= 0 for v in values):
        return None
    plain = [Fraction(int(v.p), int(v.q)) for v in values]
    return [([Fraction(x - y) for x, y in zip(a, degrees[0], strict=True)], v / plain[0])
            for a, v in zip(degrees[1:], plain[1:], strict=True)]


def is_graded(space: Sequence[Form], parts: Sequence[int]) -> bool:
    """Whether a space of forms contains the multihomogeneous parts of its members."""
    count = max(parts) + 1
    components = [g for f in space for g in _components(f, parts, count).values()]
    return _rank([*space, *components]) == _rank(space)


def keeps(space: Sequence[Form], matrix: Sequence[Sequence[Fraction]], n: int) -> bool:
    """Whether a matrix carries a space of forms to itself."""
    images = _images(matrix, n)
    return _rank([*space, *(f.compose(*images) for f in space)]) == _rank(space)


def _rank(forms: Sequence[Form]) -> int:
    monomials = sorted({tuple(map(int, m)) for f in forms for m in f.monoms()})
    if not monomials:
        return 0
    return int(fmpq_mat([[fmpq(f[m]) for m in monomials] for f in forms]).rank())


def _images(matrix: Sequence[Sequence[Fraction]], n: int) -> list[Form]:
    """The coordinates after the substitution."""
    gens = ring(n).gens()
    images = []
    for row in matrix:
        total = ring(n).constant(0)
        for g, e in zip(gens, row, strict=True):
            total = total + g * fmpq(e.numerator, e.denominator)
        images.append(total)
    return images


def _components(f: Form, parts: Sequence[int], count: int) -> dict[Degrees, Form]:
    split: dict[Degrees, dict[tuple[int, ...], fmpq]] = {}
    for monomial, c in f.to_dict().items():
        degrees = [0] * count
        for k, d in enumerate(monomial):
            degrees[parts[k]] += int(d)
        split.setdefault(tuple(degrees), {})[tuple(int(d) for d in monomial)] = fmpq(c)
    return {a: f.context().from_dict(part) for a, part in split.items()}


def _equations(f: Form, target: Form, matrix: Sequence[Sequence[Fraction]], parts: Sequence[int], count: int, n: int,
               ) -> list[tuple[list[Fraction], Fraction]] | None:
    """Differences of exponents and ratios for ``f∘A = b·target``: ``c^(a - a') = ratio``."""
    images = _images(matrix, n)
    moved = _components(f.compose(*images), parts, count)
    own = _components(target, parts, count)
    if set(moved) != set(own):
        return None
    ratios: list[tuple[Degrees, Fraction]] = []
    for a, part in own.items():
        ratio = fmpq(part.leading_coefficient()) / fmpq(moved[a].leading_coefficient())
        if moved[a] * ratio != part:
            return None
        ratios.append((a, Fraction(int(ratio.p), int(ratio.q))))
    first, base = ratios[0]
    result = []
    for a, r in ratios[1:]:
        quotient = r / base
        if quotient <= 0:
            return None
        result.append(([Fraction(x - y) for x, y in zip(a, first, strict=True)], quotient))
    return result


def _solve(equations: Sequence[tuple[list[Fraction], Fraction]], count: int) -> Scales | None:
    """Gaussian elimination for logarithms: right-hand sides are products of powers of rational numbers."""
    rows: list[tuple[list[Fraction], dict[Fraction, Fraction]]] = []
    pivots: list[int] = []
    for left, right in equations:
        line = list(left)
        value: dict[Fraction, Fraction] = {right: Fraction(1)} if right != 1 else {}
        for (base, known), p in zip(rows, pivots, strict=True):
            if line[p]:
                factor = line[p]
                line = [x - factor * y for x, y in zip(line, base, strict=True)]
                value = _combined(value, known, -factor)
        p = next((k for k in range(count) if line[k]), -1)
        if p < 0:
            if not _is_one(value):
                return None
            continue
        lead = line[p]
        line = [x / lead for x in line]
        value = {b: e / lead for b, e in value.items()}
        for i, (base, known) in enumerate(rows):
            if base[p]:
                factor = base[p]
                rows[i] = ([x - factor * y for x, y in zip(base, line, strict=True)], _combined(known, value, -factor))
        rows.append((line, value))
        pivots.append(p)
    values: list[Term] = [ONE] * count
    for (_, value), p in zip(rows, pivots, strict=True):
        values[p] = mul(*(power(num(b), num(e)) for b, e in value.items())) if value else ONE
    return Scales(tuple(values), count - len(pivots))


def _combined(a: dict[Fraction, Fraction], b: dict[Fraction, Fraction], factor: Fraction) -> dict[Fraction, Fraction]:
    result = dict(a)
    for base, e in b.items():
        result[base] = result.get(base, Fraction(0)) + factor * e
    return {base: e for base, e in result.items() if e}


def _is_one(value: dict[Fraction, Fraction]) -> bool:
    """Whether a product of powers of positive rational numbers is one."""
    common = 1
    for e in value.values():
        common = common * e.denominator // _gcd(common, e.denominator)
    product = Fraction(1)
    for b, e in value.items():
        product *= b ** int(e * common)
    return product == 1


def _gcd(a: int, b: int) -> int:
    while b:
        a, b = b, a % b
    return a
