"""Classes of components from the normaliser of the Lie algebra: of so(S), and of a split torus.

**A form.** If the traceless part of g is so(S) for a nondegenerate form S that is unique up to factors, an element of
the group, which normalises g, satisfies AᵀSA = λS. Up to positive factors and the identity component there are 2 such
classes for definite S, 4 for another, and as many again with λ < 0 if S has as many positive squares as negative.

**A torus.** If the diagonal matrices t of g (in some basis) tell all coordinates apart, t is a Cartan subalgebra of g,
and any other one with real weights is conjugate to it under the identity component. So every component has an element
that normalises t: a permutation of the axes that keeps t, times signs, times positive factors. With no two opposite
roots, the identity component has no other such elements than exp t, and different classes are different components.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, permutations, product

from flint import arb, arb_mat, fmpq, fmpq_mat, fmpq_mpoly

from intertwine.certificates.maps.counting import Balls, Open, Verified, exact
from intertwine.certificates.maps.removable import polynomial_of

Signed = tuple[tuple[int, int], ...]  # for every column the row and the sign of its entry
MOST_CHECKS = 400


def kernel(rows: Sequence[Sequence[fmpq]], width: int) -> list[list[fmpq]]:
    """Vectors that span the solutions of homogeneous equations."""
    if not rows:
        return [[fmpq(int(i == j)) for j in range(width)] for i in range(width)]
    reduced, rank = fmpq_mat([list(r) for r in rows]).rref()
    pivots = [next(j for j in range(width) if reduced[i, j] != 0) for i in range(rank)]
    result = []
    for j in (j for j in range(width) if j not in pivots):
        vector = [fmpq(int(k == j)) for k in range(width)]
        for i, p in enumerate(pivots):
            vector[p] = -fmpq(reduced[i, j])
        result.append(vector)
    return result


# -- a form ------------------------------------------------------------------------------------
def by_form(known: Verified) -> int:
    """The number of components, when g is so(S) with or without the multiples of the identity."""
    n, algebra = known.n, known.rational_algebra()
    size = n * (n - 1) // 2
    if n < 2 or len(algebra) not in (size, size + 1) or not known.tame:
        raise Open
    one = fmpq_mat([[int(i == j) for j in range(n)] for i in range(n)])
    plain = [x - one * (_trace(x, n) / n) for x in algebra]
    scaled = len(algebra) == size + 1
    if scaled and _rank([*algebra, one]) != len(algebra) or not scaled and any(_trace(x, n) != 0 for x in algebra):
        raise Open
    form = _invariant_form(plain, n)
    plus, minus = _frame(form, n)
    candidates = list(_classes(plus, minus, n))
    labels = [label for label, _ in candidates]
    reached = _reached(known, form, plus, minus, candidates)
    for label, a in candidates:
        if label not in reached and not known.excluded(a):
            raise Open
    assert len(set(labels)) == len(labels)
    return len(reached)


def _trace(x: fmpq_mat, n: int) -> fmpq:
    return sum((fmpq(x[i, i]) for i in range(n)), fmpq(0))


def _rank(matrices: Sequence[fmpq_mat]) -> int:
    return int(fmpq_mat([[e for row in m.tolist() for e in row] for m in matrices]).rank())


def _invariant_form(plain: Sequence[fmpq_mat], n: int) -> fmpq_mat:
    places = [(i, j) for i in range(n) for j in range(i, n)]
    rows = []
    for x in plain:
        images = []
        for i, j in places:
            s = fmpq_mat([[int((a, b) in ((i, j), (j, i))) for b in range(n)] for a in range(n)])
            images.append([e for row in (x.transpose() * s + s * x).tolist() for e in row])
        rows += [list(r) for r in zip(*images, strict=True)]
    found = kernel(rows, len(places))
    if len(found) != 1:
        raise Open
    entries = dict(zip(places, found[0], strict=True))
    form = fmpq_mat([[entries[min(i, j), max(i, j)] for j in range(n)] for i in range(n)])
    if form.det() == 0:
        raise Open
    return form


def _frame(form: fmpq_mat, n: int) -> tuple[list[list[arb]], list[list[arb]]]:
    """Orthogonal vectors with squares 1 and -1, as balls; exact until they are scaled."""
    left = [fmpq_mat([[int(i == j)] for i in range(n)]) for j in range(n)]
    plus: list[list[arb]] = []
    minus: list[list[arb]] = []
    while left:
        k = next((k for k, v in enumerate(left) if _pair(form, v, v) != 0), None)
        if k is None:
            i, j = next((i, j) for i, j in combinations(range(len(left)), 2) if _pair(form, left[i], left[j]) != 0)
            left[i] = left[i] + left[j]
            continue
        v = left.pop(k)
        square = _pair(form, v, v)
        left = [w - v * (_pair(form, v, w) / square) for w in left]
        factor = 1 / arb(abs(square)).sqrt()
        (plus if square > 0 else minus).append([arb(fmpq(v[i, 0])) * factor for i in range(n)])
    return plus, minus


def _pair(form: fmpq_mat, v: fmpq_mat, w: fmpq_mat) -> fmpq:
    return fmpq((v.transpose() * form * w)[0, 0])


Label = tuple[bool, int, int]


def _classes(plus: list[list[arb]], minus: list[list[arb]], n: int) -> Iterator[tuple[Label, Balls]]:
    into = arb_mat([[v[i] for v in plus + minus] for i in range(n)]).inv()
    for flip in (False, True):
        if flip and len(plus) != len(minus):
            continue
        for a in (1, -1) if plus else (1,):
            for b in (1, -1) if minus else (1,):
                # The images of the positive vectors, then of the negative ones.
                first, second = (minus, plus) if flip else (plus, minus)
                columns = [[e * (a if k == 0 else 1) for e in v] for k, v in enumerate(first)]
                columns += [[e * (b if k == 0 else 1) for e in v] for k, v in enumerate(second)]
                outer = arb_mat([[c[i] for c in columns] for i in range(n)]) * into
                yield (flip, a, b), [[outer[i, j] for j in range(n)] for i in range(n)]


def _reached(known: Verified, form: fmpq_mat, plus: list[list[arb]], minus: list[list[arb]],
             candidates: Sequence[tuple[Label, Balls]]) -> set[Label]:
    """The classes that the products of the elements reach."""
    n = known.n
    s = arb_mat([[arb(fmpq(form[i, j])) for j in range(n)] for i in range(n)])
    moves = [arb_mat(known.balls(a)) for a in known.elements]
    one = arb_mat([[arb(int(i == j)) for j in range(n)] for i in range(n)])
    found = {(False, 1, 1)}
    queue = [one]
    while queue:
        a = queue.pop()
        for m in moves:
            moved = a * m
            label = _label(moved, s, plus, minus)
            if label not in found:
                found.add(label)
                queue.append(moved)
    if not found <= {label for label, _ in candidates}:
        raise Open
    return found


def _label(a: arb_mat, s: arb_mat, plus: list[list[arb]], minus: list[list[arb]]) -> Label:
    n = a.nrows()
    image = a.transpose() * s * a
    k, m = max(((i, j) for i in range(n) for j in range(n)), key=lambda p: float(abs(s[p]).mid()))
    ratio = image[k, m] / s[k, m]
    if not (ratio > 0 or ratio < 0):
        raise Open
    flip = bool(ratio < 0)
    first, second = (minus, plus) if flip else (plus, minus)
    return flip, _orientation(a, s, plus, first, n), _orientation(a, s, minus, second, n)


def _orientation(a: arb_mat, s: arb_mat, source: list[list[arb]], target: list[list[arb]], n: int) -> int:
    """The sign with which a definite space is carried to another."""
    if not source:
        return 1
    u = arb_mat([[v[i] for v in source] for i in range(n)])
    w = arb_mat([[v[i] for v in target] for i in range(n)])
    value = (w.transpose() * s * a * u).det() / (w.transpose() * s * w).det()
    if not (value > 0 or value < 0):
        raise Open
    return 1 if value > 0 else -1


# -- a torus -----------------------------------------------------------------------------------
def by_torus(known: Verified) -> int:
    """The number of components, when g has a split torus with distinct weights and no two opposite roots."""
    n = known.n
    frame = exact(known.frame)
    if not known.tame or frame.det() == 0:
        raise Open
    back = frame.inv()
    algebra = [back * x * frame for x in known.rational_algebra()]
    off = [[m[i, j] for m in algebra] for i in range(n) for j in range(n) if i != j]
    weights = [[sum((c * fmpq(m[i, i]) for c, m in zip(v, algebra, strict=True)), fmpq(0)) for i in range(n)]
               for v in (kernel(off, len(algebra)) if algebra else [])]
    if not weights or any(all(row[i] == row[j] for row in weights) for i, j in combinations(range(n), 2)):
        raise Open
    roots = {tuple(str(row[i] - row[j]) for row in weights) for i in range(n) for j in range(n)
             if i != j and any(m[i, j] != 0 for m in algebra)}
    if any(tuple(str(row[j] - row[i]) for row in weights) in roots for i in range(n) for j in range(n) if i != j
           and tuple(str(row[i] - row[j]) for row in weights) in roots):
        raise Open
    group = _generated([_signed(back * exact(a) * frame, n) for a in known.elements], n)
    scales = _Scales(known, frame, len(weights))
    left = MOST_CHECKS
    seen = set(group)
    ways = {tuple(i for i, _ in g) for g in group}
    tried = set(ways)
    for way in permutations(range(n)):
        if way in tried and way != tuple(range(n)):
            continue
        rank = len(weights)
        if fmpq_mat([*weights, *([row[j] for j in way] for row in weights)]).rank() != rank:
            continue
        tried |= {tuple(way[i] for i in w) for w in ways}
        for signs in product((1, -1), repeat=n):
            candidate: Signed = tuple(zip(way, signs, strict=True))
            if candidate in seen:
                continue
            left -= 1
            if left < 0 or not scales.excluded(candidate, way in ways):
                raise Open
            seen |= {_times(candidate, g) for g in group}
    return len(group)


def _times(a: Signed, b: Signed) -> Signed:
    return tuple((a[i][0], a[i][1] * s) for i, s in b)


def _signed(m: fmpq_mat, n: int) -> Signed:
    columns = []
    for j in range(n):
        rows = [i for i in range(n) if m[i, j] != 0]
        if len(rows) != 1:
            raise Open
        columns.append((rows[0], 1 if m[rows[0], j] > 0 else -1))
    return tuple(columns)


def _generated(moves: Sequence[Signed], n: int) -> set[Signed]:
    one: Signed = tuple((j, 1) for j in range(n))
    found, queue = {one}, [one]
    while queue:
        a = queue.pop()
        for m in moves:
            b = _times(a, m)
            if b not in found:
                found.add(b)
                queue.append(b)
    return found


class _Scales:
    """Exclusion of a signed permutation times all positive diagonal matrices."""

    def __init__(self, known: Verified, frame: fmpq_mat, torus: int) -> None:
        self.known, self.frame, self.torus, self.n = known, frame, torus, known.n
        self.outer = arb_mat([[arb(fmpq(frame[i, j])) for j in range(self.n)] for i in range(self.n)])
        self.inner = self.outer.inv()

    def excluded(self, candidate: Signed, in_place: bool) -> bool:
        """In place, or with a full torus, the factors do not matter; otherwise monomials give equations."""
        if in_place or self.torus == self.n:
            return self._refuted(candidate, [arb(1)] * self.n)
        return self._by_monomials(candidate)

    def _refuted(self, candidate: Signed, factors: Sequence[arb]) -> bool:
        local = [[arb(0)] * self.n for _ in range(self.n)]
        for j, (i, s) in enumerate(candidate):
            local[i][j] = factors[j] * s
        moved = self.outer * arb_mat(local) * self.inner
        return self.known.excluded([[moved[i, j] for j in range(self.n)] for i in range(self.n)])

    def _by_monomials(self, candidate: Signed) -> bool:
        """``Σ u_m m`` over the monomials m of f∘A has to be in V for u_m = c^m > 0: a linear problem."""
        space = [polynomial_of(t) for t in self.known.tau]
        if any(p is None for p in space):
            raise Open
        gens = [p for p in space if p is not None][0].context().gens()
        images = [sum((gens[j] * fmpq(self.frame[i, j]) for j in range(self.n)), gens[0] * 0) for i in range(self.n)]
        images += list(gens[self.n :])
        own = [p.compose(*images) for p in space if p is not None]
        turned = list(gens)
        for j, (i, s) in enumerate(candidate):
            turned[i] = gens[j] * s
        equations: list[tuple[list[Fraction], Fraction]] = []
        for f in own:
            moved = {tuple(map(int, m)): fmpq(c) for m, c in f.compose(*turned).to_dict().items()}
            ray = self._ray(moved, own)
            if ray is None:
                return True
            equations += ray
        return _inconsistent(equations)

    def _ray(self, moved: dict[tuple[int, ...], fmpq], own: Sequence[fmpq_mpoly],
             ) -> list[tuple[list[Fraction], Fraction]] | None:
        names = list(moved)
        monomials = sorted({*names, *(tuple(map(int, m)) for p in own for m in p.monoms())})
        rows = [[moved[m] if m == k else fmpq(0) for k in names] + [fmpq(p[m]) for p in own] for m in monomials]
        found = [v[: len(names)] for v in kernel(rows, len(names) + len(own))]
        # A monomial whose factor vanishes in all solutions, or one ray with both signs: impossible.
        if any(all(v[k] == 0 for v in found) for k in range(len(names))):
            return None
        if len(found) > 1:
            return []
        values = found[0] if found[0][0] > 0 else [-v for v in found[0]]
        if any(v <= 0 for v in values):
            return None
        plain = [Fraction(int(v.p), int(v.q)) for v in values]
        return [([Fraction(x - y) for x, y in zip(m, names[0], strict=True)][: self.n], v / plain[0])
                for m, v in zip(names[1:], plain[1:], strict=True)]


def _inconsistent(equations: Sequence[tuple[list[Fraction], Fraction]]) -> bool:
    """Whether ``c^a = r`` has no positive solution: some integers k have Σ k a = 0, and the product of r^k is not 1."""
    if not equations:
        return False
    rows = [[fmpq(e.numerator, e.denominator) for e in a] for a, _ in equations]
    for relation in kernel([list(c) for c in zip(*rows, strict=True)], len(rows)):
        common = 1
        for k in relation:
            common = common * int(k.q) // _gcd(common, int(k.q))
        total = Fraction(1)
        for k, (_, r) in zip(relation, equations, strict=True):
            total *= r ** int(k * common)
        if total != 1:
            return True
    return False


def _gcd(a: int, b: int) -> int:
    while b:
        a, b = b, a % b
    return a
