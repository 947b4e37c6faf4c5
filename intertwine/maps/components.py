"""The components of the group: candidates that are complete by a theorem, each decided by the definition.

Let G be the group, a closed subgroup of GL_n with finitely many components and known Lie algebra. The parts of space
found by :mod:`intertwine.maps.pieces` are permuted by G. Consider the elements that permute them in one way, with
fixed choices among the finitely many maps between parts up to positive scales and connected groups that lie in G.

- *Parts in place.* The logarithms of the scales form a subgroup of R^k with finitely many components, so it is the
  linear space t that the Lie algebra gives: up to the identity component of G all scales are 1.
- *Parts permuted.* Any two elements differ by one with parts in place, so up to t there is at most one solution for the
  scales. Forms that are alone in their class give linear equations for it; where these leave no more freedom than t,
  the solution is the only candidate.

So the components of G are among finitely many candidates, and different candidates lie in different components.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import permutations, product

from flint import fmpq

from intertwine.calculus.budget import check
from intertwine.calculus.tower import NoNormalForm, rational
from intertwine.maps.algebra import LieAlgebra
from intertwine.maps.blocks import Columns, decompose, inverse, rational_signature, times
from intertwine.maps.covariants import Form, ring
from intertwine.maps.expressions import substitute
from intertwine.maps.field import Constants, Matrix
from intertwine.maps.found import UNKNOWN_PARTS, Components, fallback, from_roots
from intertwine.maps.guess import guesses
from intertwine.maps.invariants import Invariants
from intertwine.maps.membership import Proof, Refutation, Terms, Verdict, decide
from intertwine.maps.pieces import Piece, maps_between, pieces_of
from intertwine.maps.radical import split_by_radical
from intertwine.maps.scales import Scales, is_graded, keeps, solve_scales
from intertwine.maps.space import Space
from intertwine.maps.torus import Rows, Signed, find_torus, inner_permutations, weight_forms
from intertwine.terms import ONE, Term, X, mul

MOST_CANDIDATES = 60_000
MOST_PRODUCTS = 2_000


def components(space: Space, lie: LieAlgebra, found: Invariants, tame: str | None) -> Components:
    """The components of the group of a map."""
    constants = space.mixed.field
    blocks = decompose(constants, lie.x_matrices, space.n)
    algebra: Sequence[Matrix] = lie.x_matrices
    pieces = pieces_of(constants, blocks, found)
    if pieces is None and (split := split_by_radical(constants, algebra, found)) is not None:
        blocks, algebra = split
        if blocks[0].kind != "plain":  # lines say nothing of K: they would have to vanish on the complement
            pieces = pieces_of(constants, blocks, found, tagged=True)
    inner: set[Signed] | None = None
    torus = find_torus(constants, lie.x_matrices, space.n) if pieces is None and lie.exact else None
    if torus is not None:
        inner = inner_permutations(constants, torus.algebra, torus.weights, space.n)
        pieces, algebra = (None if inner is None else torus.axes()), lie.x_matrices
    if pieces is None:
        return from_roots(space, lie, found, tame) or fallback(space, UNKNOWN_PARTS, lie)
    search = _Search(space, algebra, found, pieces, None if torus is None else torus.weights)
    result = search.run()
    if inner is not None and result.complete:
        result.divide(len(inner))
    if tame is None and not _only_rotations(space, pieces):
        result.complete = False
        result.theorem = "it is not proved that the group has finitely many components"
    if not lie.exact:
        result.complete = False
        result.theorem = "the Lie algebra is not determined"
    if not result.complete:
        return from_roots(space, lie, found, tame) or result
    return result


def _only_rotations(space: Space, pieces: Sequence[Piece]) -> bool:
    """For one function of a definite form: whether the theorem of one variable excludes scales on a ray.

    A symmetry is a multiple λQ of an isometry; then λ is in the scalar group of the function on a ray.
    """
    if len(pieces) != 1 or pieces[0].kind != "orthogonal" or space.d != 1 or space.n < 2:
        return False
    from intertwine.solve.linear import solve_linear

    form = pieces[0].form
    assert form is not None
    if rational_signature(form) not in ((space.n, 0), (0, space.n)):
        return False
    ray = {j: mul(space.mixed.field.term(e), X) for j, e in enumerate(pieces[0].basis[0])}
    solution = solve_linear(substitute(space.source.terms[space.basis[0]], ray))
    return solution.status == "exact" and solution.lower.scalars.type in ("trivial", "sign")


class _Search:
    """Candidates for one decomposition."""

    def __init__(self, space: Space, algebra: Sequence[Matrix], found: Invariants, pieces: list[Piece],
                 weights: Rows | None = None) -> None:
        self.space, self.algebra, self.found, self.pieces = space, algebra, found, pieces
        self.weights = weights
        self.constants: Constants = space.mixed.field
        self.columns: Columns = [v for p in pieces for v in p.basis]
        self.frame: Matrix = [[v[i] for v in self.columns] for i in range(space.n)]
        self.back = inverse(self.constants, self.frame)
        self.parts = [k for k, p in enumerate(pieces) for _ in range(p.size)]
        self.starts = [sum(p.size for p in pieces[:k]) for k in range(len(pieces))]
        self.torus = self._torus()
        self.forms = self._adapted()
        self.spaces = self._graded_spaces()
        self.whole = self._small_spaces()
        self.missing = ""
        self.accepted: list[tuple[int, ...]] = []  # members that keep every part in place, as places in the table

    def _torus(self) -> int:
        """The dimension of the space t of logarithms of scales."""
        rows = []
        if self.weights is not None:  # only the diagonal matrices: not the diagonals of all
            rows = [[rational(w) for w in row] for row in self.weights]
        for x in self.algebra if self.weights is None else ():
            local = times(self.constants, times(self.constants, self.back, x), self.frame)
            traces = []
            for p, s in zip(self.pieces, self.starts, strict=True):
                total = rational(0)
                for i in range(s, s + p.size):
                    total = total + local[i][i]
                traces.append(self.constants.tower.reduce(total / rational(p.size)))
            rows.append(traces)
        self.torus_rows, pivots = self.constants.echelon(rows, len(self.pieces))
        return len(pivots)

    def _adapted(self) -> list[list[Form]]:
        """Classes of forms in coordinates adapted to the parts."""
        images = self._images()
        if images is None:
            return []
        classes = [] if self.weights is None else weight_forms(self.space, self.weights, images)
        classes += [[f] for f in self.found.alone][:12]
        classes += [c for c in self.found.forms.values() if 1 < len(c) <= 6][:12]
        return [[f.compose(*images) for f in c] for c in classes if all(int(f.total_degree()) <= 8 for f in c)]

    def _images(self) -> list[Form] | None:
        """The coordinates of the map in those of the parts, where these are rational."""
        values = [[e.rational_value for e in row] for row in self.frame]
        if any(v is None for row in values for v in row):
            return None
        gens = ring(self.space.n).gens()
        zero = ring(self.space.n).constant(0)
        return [sum((g * v for g, v in zip(gens, row, strict=True)), zero) for row in values]

    def _graded_spaces(self) -> list[list[Form]]:
        """Canonical spaces of forms that are sums of their multihomogeneous parts: scales do not move them."""
        images = self._images()
        if images is None:
            return []
        result = []
        for space in self.found.spaces[:24]:
            if int(space[0].total_degree()) <= 6 and len(space) <= 12:
                moved = [f.compose(*images) for f in space]
                if is_graded(moved, self.parts):
                    result.append(moved)
        return result

    def _small_spaces(self) -> list[list[Form]]:
        """Canonical spaces of forms in coordinates adapted to the parts."""
        images = self._images()
        if images is None:
            return []
        small = [s for s in self.found.spaces if int(s[0].total_degree()) <= 4 and len(s) <= 6]
        return [[f.compose(*images) for f in s] for s in small[:8]]

    # -- the search ----------------------------------------------------------------------------
    def run(self) -> Components:
        result = Components(complete=True, parts=tuple(f"{p.kind} of dimension {p.size}" for p in self.pieces))
        table: dict[tuple[int, int], list[Matrix]] = {}
        for i, p in enumerate(self.pieces):
            for j, q in enumerate(self.pieces):
                maps = maps_between(self.constants, p, q)
                if maps is None:
                    return fallback(self.space, "too many lines are permuted")
                table[i, j] = maps
        here = tuple(range(len(self.pieces)))
        if len(here) == self.space.n:
            result.frame = tuple(tuple(self.constants.term(e) for e in row) for row in self.frame)
        if not self._inside(here, table, result):
            return fallback(self.space, "too many candidates")
        orders, out = {here}, set[tuple[int, ...]]()
        for way in permutations(here):
            unlike = any(self.pieces[i].type != self.pieces[j].type for i, j in enumerate(way))
            if way in orders or way in out or unlike or not self._keeps_torus(way):
                continue
            first = self._first(way, table, result)
            if first is not None:
                result.proofs.append(first)
                orders = _closure(orders | {way})
            elif result.complete:  # none that permutes the parts in this way, so none that differs by one that exists
                out |= {tuple(way[k] for k in g) for g in orders}
        result.permuted = len(orders)
        result.theorem = self.missing if not result.complete else (
            "every symmetry permutes the parts; up to the identity component their scales are determined"
        )
        return result

    def _keeps_torus(self, way: tuple[int, ...]) -> bool:
        """Whether a permutation of the parts keeps t: a symmetry normalises the Lie algebra."""
        moved = [[row[j] for j in way] for row in self.torus_rows]
        return len(self.constants.echelon([*self.torus_rows, *moved], len(way))[1]) == self.torus

    def _inside(self, here: tuple[int, ...], table: dict[tuple[int, int], list[Matrix]], result: Components) -> bool:
        """Decide the candidates that keep every part in place; False if there are too many.

        A product of members is a member, and a product of a member and a matrix that is none is none, so that
        only some of the candidates have to be looked at.
        """
        choices = [table[i, i] for i in here]
        total = 1
        for c in choices:
            total *= len(c)
        if total > MOST_CANDIDATES:
            return False
        members: dict[str, Matrix] = {}
        out: set[str] = set()
        generators: list[Matrix] = []
        count = 0
        self.accepted = []
        for places in product(*(range(len(c)) for c in choices)):
            check()
            chosen = [c[k] for c, k in zip(choices, places, strict=True)]
            local = self._local(here, chosen)
            key = _key(local)
            if key in members:
                count += 1
                self.accepted.append(places)
                continue
            if key in out:
                continue
            verdict = self._decide(self._moved_back(local))
            if isinstance(verdict, Proof):
                result.proofs.append(verdict)
                count += 1
                self.accepted.append(places)
                generators.append(local)
                members = self._products(generators)
            elif isinstance(verdict, Refutation):
                result.refuted.append(verdict)
                out.add(key)
                out |= {_key(times(self.constants, local, h)) for h in members.values()}
            else:
                result.complete = False
                self.missing = "for a candidate neither a proof nor a refutation is found"
        result.internal = max(1, count)
        return True

    def _products(self, generators: Sequence[Matrix]) -> dict[str, Matrix]:
        """All products of some matrices, or some of them when there are many."""
        known: dict[str, Matrix] = {_key(g): g for g in generators}
        if any(e.rational_value is None for g in generators for row in g for e in row):
            return known  # equal products of irrational matrices may look different, and grow
        known = {}
        queue = list(generators)
        while queue and len(known) < MOST_PRODUCTS:
            check()
            a = queue.pop()
            if _key(a) not in known:
                known[_key(a)] = a
                queue += [times(self.constants, a, g) for g in generators]
        return known

    def _first(self, way: tuple[int, ...], table: dict[tuple[int, int], list[Matrix]],
               result: Components) -> Proof | None:
        """An element that permutes the parts in one way; what is not decided is noted."""
        open_questions = ""
        for chosen in self._representatives(way, table):
            check()
            scales, determined = self._scales(way, chosen)
            if scales is None and determined:
                continue
            verdict = self._decide(self._assembled(way, chosen, scales))
            if isinstance(verdict, Proof):
                return verdict
            if isinstance(verdict, Refutation) and determined:
                result.refuted.append(verdict)
                continue
            if not determined and not isinstance(verdict, Proof):
                better = self._guessed(way, chosen)
                if better is not None:
                    return better
            open_questions = "the scales of a candidate that permutes the parts are not determined"
        if open_questions:
            result.complete = False
            self.missing = open_questions
        return None

    def _representatives(self, way: tuple[int, ...], table: dict[tuple[int, int], list[Matrix]],
                         ) -> Iterator[list[Matrix]]:
        """Choices of maps between parts, one of those that differ by members that keep every part in place."""
        choices = [table[i, j] for i, j in enumerate(way)]
        products: list[dict[tuple[int, int], int]] = []
        for i, several in enumerate(choices):
            names = {_key(m): k for k, m in enumerate(several)}
            own = table[i, i]
            products.append({(k, h): names.get(_key(times(self.constants, m, own[h])), -1)
                             for k, m in enumerate(several) for h in range(len(own))}
                            if len(several) * len(own) <= MOST_PRODUCTS else {})
        seen: set[tuple[int, ...]] = set()
        for places in product(*(range(len(c)) for c in choices)):
            if places in seen:
                continue
            yield [c[k] for c, k in zip(choices, places, strict=True)]
            for h in self.accepted:
                seen.add(tuple(p.get((k, m), -1) for p, k, m in zip(products, places, h, strict=True)))

    def _guessed(self, way: tuple[int, ...], chosen: Sequence[Matrix]) -> Proof | None:
        """An element with scales that are guessed from values and then proved."""
        matrix = times(self.constants, times(self.constants, self.frame, self._local(way, chosen)), self.back)
        for scales in guesses(self.space, matrix, self.frame, self.back, self.parts, self.torus_rows):
            verdict = self._decide(self._assembled(way, chosen, scales))
            if isinstance(verdict, Proof):
                return verdict
        return None

    def _scales(self, way: tuple[int, ...], chosen: Sequence[Matrix]) -> tuple[tuple[Term, ...] | None, bool]:
        """Scales of the parts, and whether there are no others up to t."""
        if self.torus == len(self.pieces):
            return (ONE,) * len(self.pieces), True
        local = self._local(way, chosen)
        values = [[e.rational_value for e in row] for row in local]
        if not (self.forms or self.spaces or self.whole) or any(v is None for row in values for v in row):
            return (ONE,) * len(self.pieces), False
        plain = [[_fraction(v) for v in row if v is not None] for row in values]
        if any(not keeps(space, plain, self.space.n) for space in self.spaces):
            return None, True
        solved: Scales | None = solve_scales(self.forms, plain, self.parts, self.space.n, self.whole)
        if solved is None:
            return None, True
        return solved.values, solved.freedom == self.torus

    def _local(self, way: tuple[int, ...], chosen: Sequence[Matrix]) -> Matrix:
        n = self.space.n
        local = [[rational(0)] * n for _ in range(n)]
        for i, (j, m) in enumerate(zip(way, chosen, strict=True)):
            for a, row in enumerate(m):
                for b, e in enumerate(row):
                    local[self.starts[j] + a][self.starts[i] + b] = e
        return local

    def _assembled(self, way: tuple[int, ...], chosen: Sequence[Matrix], scales: tuple[Term, ...] | None) -> Terms:
        local = self._local(way, chosen)
        if scales is not None:
            factors = [self.space.mixed.of(scales[p]) for p in self.parts]
            local = [[e * f for e, f in zip(row, factors, strict=True)] for row in local]
        return self._moved_back(local)

    def _moved_back(self, local: Matrix) -> Terms:
        """A matrix in the coordinates of the parts, in those of the map."""
        matrix = times(self.constants, times(self.constants, self.frame, local), self.back)
        return tuple(tuple(self.constants.term(e) for e in row) for row in matrix)

    def _decide(self, matrix: Terms) -> Verdict:
        try:
            return decide(self.space, matrix)
        except NoNormalForm:
            return None


def _key(m: Matrix) -> str:
    return str([[e.key for e in row] for row in m])


def _fraction(v: fmpq) -> Fraction:
    return Fraction(int(v.p), int(v.q))


def _closure(elements: set[tuple[int, ...]]) -> set[tuple[int, ...]]:
    """The group that permutations generate."""
    known = set(elements)
    queue = list(known)
    while queue:
        a = queue.pop()
        for b in list(known):
            for c in (tuple(a[i] for i in b), tuple(b[i] for i in a)):
                if c not in known:
                    known.add(c)
                    queue.append(c)
    return known
