"""Classes of components in the plane, from binary forms whose complex roots every symmetry permutes.

For one polynomial, its homogeneous parts go to multiples of themselves; for a space spanned by forms of different
degrees, each form; for two forms of one degree, their Jacobian. Hessians and Jacobians of such forms follow. With three
roots or more in all, a symmetry is one of finitely many linear maps up to a factor: it is determined by the images
of three roots. A map that is not real, or moves some root to where none with the same multiplicities is, is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, permutations

from flint import acb, arb, arb_mat, fmpq, fmpq_mpoly, fmpq_poly

from intertwine.certificates.maps.counting import Balls, Open, Verified
from intertwine.certificates.maps.removable import polynomial_of

MOST_ROOTS = 14
Direction = tuple[acb, acb]
Colour = tuple[int, ...]


def by_roots(known: Verified) -> int:
    """The number of components, when roots of forms determine the symmetries up to factors."""
    if known.n != 2 or not known.tame:
        raise Open
    algebra = known.rational_algebra()
    scalars = len(algebra) == 1 and algebra[0][0, 1] == algebra[0][1, 0] == 0 and algebra[0][0, 0] == algebra[0][1, 1]
    if len(algebra) > int(scalars):
        raise Open
    points = _points(_kept(known))
    if len(points) < 3:
        raise Open
    maps = list(_maps(points))
    labels = _reached(known, maps)
    for k, m in enumerate(maps):
        for sign in (1, -1):
            if (k, sign) not in labels and not known.excluded(_scaled(m, sign)):
                raise Open
    return len(labels)


def _kept(known: Verified) -> list[fmpq_mpoly]:
    """Forms that every symmetry maps to multiples of themselves."""
    found = [polynomial_of(t) for t in known.tau]
    if not found or any(p is None for p in found):
        raise Open
    polynomials = [p for p in found if p is not None]
    parts = [_parts(p) for p in polynomials]
    degrees: dict[int, list[fmpq_mpoly]] = {}
    if len(parts) == 1:
        degrees = {k: [f] for k, f in parts[0].items()}
    elif all(len(p) == 1 for p in parts):
        for p in parts:
            for k, f in p.items():
                degrees.setdefault(k, []).append(f)
    forms = []
    for k, several in degrees.items():
        if len(several) == 1 and k > 0:
            forms += several
        elif len(several) == 2:
            forms.append(_jacobian(*several))
    forms = [f for f in forms if not f.is_zero() and int(f.total_degree()) > 0]
    forms += [h for f in forms if int(f.total_degree()) > 2 and not (h := _hessian(f)).is_zero()]
    forms += [j for f, g in combinations(forms[:4], 2) if not (j := _jacobian(f, g)).is_zero()
              and int(j.total_degree()) > 0]
    chosen: list[fmpq_mpoly] = []
    for f in sorted(forms, key=lambda f: int(f.total_degree())):
        if len(_factors([*chosen, f])) and sum(int(q.total_degree()) for q, _ in _factors([*chosen, f])) <= MOST_ROOTS:
            chosen.append(f)
    return chosen


def _parts(p: fmpq_mpoly) -> dict[int, fmpq_mpoly]:
    split: dict[int, dict[tuple[int, ...], fmpq]] = {}
    for m, c in p.to_dict().items():
        split.setdefault(sum(map(int, m)), {})[tuple(map(int, m))] = fmpq(c)
    return {k: p.context().from_dict(part) for k, part in split.items()}


def _jacobian(f: fmpq_mpoly, g: fmpq_mpoly) -> fmpq_mpoly:
    return f.derivative(0) * g.derivative(1) - f.derivative(1) * g.derivative(0)


def _hessian(f: fmpq_mpoly) -> fmpq_mpoly:
    return _jacobian(f.derivative(0), f.derivative(1))


def _factors(forms: Sequence[fmpq_mpoly]) -> list[tuple[fmpq_mpoly, Colour]]:
    """Irreducible factors with their multiplicities in the forms."""
    found: dict[str, tuple[fmpq_mpoly, list[int]]] = {}
    for k, f in enumerate(forms):
        for q, e in f.factor()[1]:
            found.setdefault(str(q), (q, [0] * len(forms)))[1][k] = int(e)
    return [(q, tuple(powers)) for q, powers in found.values()]


def _points(forms: Sequence[fmpq_mpoly]) -> list[tuple[Direction, Colour]]:
    points: list[tuple[Direction, Colour]] = []
    for q, colour in _factors(forms):
        degree = int(q.total_degree())
        values = {int(m[0]): fmpq(c) for m, c in q.to_dict().items()}
        p = fmpq_poly([values.get(k, fmpq(0)) for k in range(degree + 1)])
        roots: list[tuple[acb, int]] = p.complex_roots() if p.degree() > 0 else []  # type: ignore[assignment]
        points += [((r, acb(1)), colour) for r, _ in roots]
        points += [((acb(1), acb(0)), colour)] * (degree - int(p.degree()))
    return points


def _area(v: Direction, w: Direction) -> acb:
    return v[0] * w[1] - v[1] * w[0]


def _maps(points: Sequence[tuple[Direction, Colour]]) -> list[Balls]:
    """The real maps, up to factors, that the roots do not exclude."""
    first = points[:3]
    found = []
    for images in permutations(points, 3):
        if any(c != d for (_, c), (_, d) in zip(first, images, strict=True)):
            continue
        m = _taking([v for v, _ in first], [w for w, _ in images])
        if not all(any(c == d and _area(_image(m, v), w).contains(0) for w, d in points)
                                for v, c in points):
            continue
        lead = max((e for row in m for e in row), key=lambda e: float(abs(e).mid()))
        scaled = [[e / lead for e in row] for row in m]
        if all(e.imag.contains(0) for row in scaled for e in row):
            found.append([[e.real for e in row] for row in scaled])
    return found


def _taking(sources: Sequence[Direction], images: Sequence[Direction]) -> list[list[acb]]:
    """M with M v_i a multiple of w_i: M = Σ over i = 1, 2 of r_i w_i ℓ_i, for ℓ_i dual to v_i."""
    (v, u, s), (w, z, t) = sources, images
    r1 = _area(t, z) * _area(v, u) / (_area(s, u) * _area(w, z))
    r2 = _area(w, t) * _area(v, u) / (_area(v, s) * _area(w, z))
    d = _area(v, u)
    dual1, dual2 = (u[1] / d, -u[0] / d), (-v[1] / d, v[0] / d)
    return [[r1 * w[i] * dual1[j] + r2 * z[i] * dual2[j] for j in range(2)] for i in range(2)]


def _image(m: list[list[acb]], v: Direction) -> Direction:
    return m[0][0] * v[0] + m[0][1] * v[1], m[1][0] * v[0] + m[1][1] * v[1]


def _reached(known: Verified, maps: Sequence[Balls]) -> set[tuple[int, int]]:
    """The maps, with signs, that products of the elements are; each product fits exactly one."""
    moves = [arb_mat(known.balls(a)) for a in known.elements]
    one = arb_mat([[arb(int(i == j)) for j in range(2)] for i in range(2)])
    found: set[tuple[int, int]] = set()
    queue = [one]
    while queue:
        a = queue.pop()
        label = _label(a, maps)
        if label not in found:
            found.add(label)
            queue += [a * m for m in moves]
    return found


def _label(a: arb_mat, maps: Sequence[Balls]) -> tuple[int, int]:
    fitting = []
    for k, m in enumerate(maps):
        entries = [(a[i, j], m[i][j]) for i in range(2) for j in range(2)]
        if all((x * w - y * z).contains(0) for (x, z), (y, w) in combinations(entries, 2)):
            x, z = max(entries, key=lambda e: float(abs(e[1]).mid()))
            if not (x * z > 0 or x * z < 0):
                raise Open
            fitting.append((k, 1 if x * z > 0 else -1))
    if len(fitting) != 1:
        raise Open
    return fitting[0]


def _scaled(m: Balls, sign: int) -> Balls:
    """The multiple with determinant 1 or -1: in a finite group there is no other."""
    size = abs(m[0][0] * m[1][1] - m[0][1] * m[1][0]).sqrt()
    return [[sign * e / size for e in row] for row in m]
