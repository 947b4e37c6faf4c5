"""Components in the plane, from forms whose complex roots the symmetries permute.

Let f_1, ..., f_k be binary forms that every symmetry maps to multiples of themselves, with at least three roots in the
complex projective line in all. A symmetry permutes the roots and keeps their multiplicities in each f_i, and a linear
map is determined up to a factor by the images of three of them. So the symmetries are, up to factors, among finitely
many maps: one for each choice of three images. Balls around the roots exclude all that are not real or move some other
root to where no root is. What is left is excluded by values of the map, or recognised in closed form and proved. If no
multiples of the identity are symmetries, the group is finite, and the factor is known: the determinants are 1 or -1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from flint import acb, arb, fmpq, fmpq_poly

from intertwine.calculus.budget import check
from intertwine.calculus.enclosure import precision
from intertwine.calculus.tower import NoNormalForm
from intertwine.maps.cardano import in_cubic_field
from intertwine.maps.covariants import Form
from intertwine.maps.invariants import Invariants
from intertwine.maps.membership import Proof, Refutation, Terms, excluded, prove
from intertwine.maps.recognise import recognised
from intertwine.maps.regions import constant_sign
from intertwine.maps.space import Space
from intertwine.terms import ZERO, mul, num, power

BITS = (320, 1280)
MOST_ROOTS = 14

Vector = tuple[acb, acb]
Balls = list[list[acb]]


@dataclass
class Found:
    """What is left of the finitely many maps: proved ones, refuted ones, and how many are undecided."""

    proofs: list[Proof]
    refuted: list[Refutation]
    open: int
    classes: int  # maps up to factors that the roots do not exclude


def by_roots(space: Space, found: Invariants, scalars: bool) -> Found | None:
    """The symmetries of a map in the plane up to positive factors, where roots of forms determine them.

    Parameters
    ----------
    scalars : bool
        Whether the positive multiples of the identity are symmetries; otherwise the group has to be finite.
    """
    if space.n != 2:
        return None
    colours = _colours(_enough(found.alone))
    if not 3 <= sum(int(q.total_degree()) for q, _ in colours) <= MOST_ROOTS:
        return None
    for bits in BITS:
        with precision(bits):
            left = list(_survivors([(v, c) for q, c in colours for v in roots(q)]))
            names = [_named(m) for m in left]
            out = [{s: excluded(space, _normalised(m, s)) is not None for s in (1, -1)} for m in left]
        if all(name is not None or all(o.values()) for name, o in zip(names, out, strict=True)):
            break
    result = Found([], [], 0, len(left))
    seen: set[Terms] = set()
    for name, gone in zip(names, out, strict=True):
        check()
        for sign in (1, -1):
            if not gone[sign]:
                matrix = None if name is None else _signed(name if scalars else _unimodular(name), sign)
                _decided(space, matrix, seen, result)
    return result


def _named(m: list[list[arb]]) -> Terms | None:
    """Closed forms of the entries, in the balls; None if some are not recognised."""
    entries = [e for row in m for e in row]
    plain = [recognised(e) for e in entries]
    found = [e for e in plain if e is not None]
    if len(found) < 4:
        found = in_cubic_field(entries) or []
    return ((found[0], found[1]), (found[2], found[3])) if len(found) == 4 else None


def _normalised(m: list[list[arb]], sign: int) -> list[list[arb]]:
    """The multiple with determinant 1 or -1: without multiples of the identity there is no other in a finite group."""
    size = abs(m[0][0] * m[1][1] - m[0][1] * m[1][0]).sqrt()
    return [[sign * e / size for e in row] for row in m]


def _signed(matrix: Terms, sign: int) -> Terms:
    return tuple(tuple(mul(num(sign), e) for e in row) for row in matrix)


def _decided(space: Space, matrix: Terms | None, seen: set[Terms], result: Found) -> None:
    """A proof for a matrix in closed form; without one the class that it stands for is open, refuted or not."""
    verdict = None
    if matrix is not None and matrix not in seen:
        seen.add(matrix)
        try:
            verdict = prove(space, matrix)
        except NoNormalForm:
            verdict = None
    if isinstance(verdict, Proof):
        result.proofs.append(verdict)
    else:
        result.open += 1


def _unimodular(matrix: Terms) -> Terms:
    """The multiple with determinant 1 or -1."""
    (a, b), (c, d) = matrix
    determinant = a * d - b * c
    size = determinant if constant_sign(determinant) == 1 else -determinant
    factor = power(size, num(-1, 2))
    return tuple(tuple(mul(factor, t) if t.value != 0 else ZERO for t in row) for row in matrix)


def _enough(forms: Sequence[Form]) -> list[Form]:
    """Forms of few roots first, as long as there are not too many in all."""
    chosen: list[Form] = []
    for f in sorted(forms, key=lambda f: int(f.total_degree())):
        if sum(int(q.total_degree()) for q, _ in _colours([*chosen, f])) <= MOST_ROOTS:
            chosen.append(f)
    return chosen


def _colours(forms: Sequence[Form]) -> list[tuple[Form, tuple[int, ...]]]:
    """The irreducible factors of some forms, with their multiplicities in each of them."""
    factors: dict[str, Form] = {}
    powers: dict[str, list[int]] = {}
    for k, f in enumerate(forms):
        for q, e in f.factor()[1]:
            factors.setdefault(str(q), q)
            powers.setdefault(str(q), [0] * len(forms))[k] = int(e)
    return [(q, tuple(powers[name])) for name, q in factors.items()]


def roots(q: Form) -> list[Vector]:
    """The roots of a squarefree binary form in the complex projective line, as vectors of balls."""
    degree = int(q.total_degree())
    coefficients = [fmpq(0)] * (degree + 1)
    for monomial, c in q.to_dict().items():
        coefficients[int(monomial[0])] = fmpq(c)
    p = fmpq_poly(coefficients)
    finite: list[tuple[acb, int]] = p.complex_roots() if p.degree() > 0 else []  # type: ignore[assignment]
    found: list[Vector] = [(r, acb(1)) for r, _ in finite]
    return found + [(acb(1), acb(0))] * (degree - int(p.degree()))


def _cross(v: Vector, w: Vector) -> acb:
    return v[0] * w[1] - v[1] * w[0]


def _survivors(points: Sequence[tuple[Vector, tuple[int, ...]]]) -> Iterator[list[list[arb]]]:
    """The real maps, up to factors, that may permute the coloured points."""
    by_colour: dict[tuple[int, ...], list[Vector]] = {}
    for v, c in points:
        by_colour.setdefault(c, []).append(v)
    frame = min(combinations(points, 3), key=lambda some: _count([c for _, c in some], by_colour))
    seen: list[list[list[arb]]] = []
    for images in product(*(by_colour[c] for _, c in frame)):
        check()
        if any(a is b for a, b in combinations(images, 2)):
            continue
        m = _through([v for v, _ in frame], images)
        if all(any(_cross(_apply(m, v), w).contains(0) for w in by_colour[c]) for v, c in points):
            real = _real(m)
            if real is not None:
                seen.append(real)
    yield from seen


def _count(colours: Sequence[tuple[int, ...]], by_colour: dict[tuple[int, ...], list[Vector]]) -> int:
    total = 1
    for c in colours:
        total *= len(by_colour[c])
    return total


def _through(sources: Sequence[Vector], targets: Sequence[Vector]) -> Balls:
    """The linear map, up to a factor, that takes three directions to three others."""
    (v1, v2, v3), (w1, w2, w3) = sources, targets
    # v3 = (v1 × v2)⁻¹((v3 × v2) v1 + (v1 × v3) v2), and the same for w.
    c1 = _cross(w3, w2) / _cross(v3, v2)
    c2 = _cross(w1, w3) / _cross(v1, v3)
    bottom = _cross(v1, v2)
    return [[(c1 * w1[i] * v2[1] - c2 * w2[i] * v1[1]) / bottom, (c2 * w2[i] * v1[0] - c1 * w1[i] * v2[0]) / bottom]
            for i in range(2)]


def _apply(m: Balls, v: Vector) -> Vector:
    return m[0][0] * v[0] + m[0][1] * v[1], m[1][0] * v[0] + m[1][1] * v[1]


def _real(m: Balls) -> list[list[arb]] | None:
    """The map with one entry 1; None if it is no multiple of a real one."""
    lead = max((e for row in m for e in row), key=lambda e: float(abs(e).mid()))
    scaled = [[e / lead for e in row] for row in m]
    return [[e.real for e in row] for row in scaled] if all(e.imag.contains(0) for r in scaled for e in r) else None
