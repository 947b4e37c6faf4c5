"""All relations ``sum(c_k f_k) = 0`` between functions: a proven rank from below, and proven relations.

Theorem.  Let ``f_1, …, f_n`` be functions on a set ``D`` and ``R`` the space of their linear relations with constant
coefficients.  If the values at some points of ``D`` have a nonzero ``r x r`` minor, then ``dim R <= n - r``; if ``m``
independent relations hold, then ``dim R >= m``.  When both meet, the relations are a basis of ``R``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from intertwine.calculus.budget import check
from intertwine.calculus.enclosure import Unclear, UndefinedAt, enclose, precision
from intertwine.dependence.coefficients import solve_exactly
from intertwine.dependence.comparison import Row, comparisons
from intertwine.dependence.elimination import Eliminated, eliminate, plain_fraction
from intertwine.dependence.family import Family
from intertwine.dependence.named import constants_of, named_constant, negative
from intertwine.dependence.values import STAGE, Table, literal_bits, sample_points
from intertwine.dependence.vanishing import Vanishing, prove_vanishing
from intertwine.errors import DomainError
from intertwine.terms import ONE, ZERO, Term, num

STAGES = (STAGE, STAGE, 2048, 8192)  # the second time with more points


@dataclass(frozen=True)
class Independence:
    """The functions in ``columns`` have a nonzero minor at ``points`` of the common domain."""

    columns: tuple[int, ...]
    points: tuple[Term, ...]
    bits: int


@dataclass(frozen=True)
class Found:
    """A relation, proved; ``free`` is the function whose coefficient is 1 here and 0 in the other relations."""

    free: int
    proof: Vanishing


@dataclass(frozen=True)
class Solution:
    """The relations that were proved, the rank that was proved, and for which functions it is open."""

    family: Family
    relations: tuple[Found, ...]
    independence: Independence
    open: tuple[int, ...]

    @property
    def lower(self) -> int:
        """A proven lower bound of the dimension."""
        return len(self.relations)

    @property
    def upper(self) -> int:
        """A proven upper bound of the dimension."""
        return len(self.family) - len(self.independence.columns)

    @property
    def exact(self) -> bool:
        """Whether the bounds meet."""
        return self.lower == self.upper


def solve_relations(family: Family, accept: Callable[[Found], bool] = lambda found: True) -> Solution:
    """The space of relations, or bounds of it; a proof that ``accept`` refuses does not count.

    Raises
    ------
    DomainError
        No point is known at which all the functions are defined.
    """
    functions = family.functions
    table = Table(functions, sample_points(functions))
    if not table.has_interval():
        raise DomainError(f"no interval is known on which all of {', '.join(family.labels)} are defined "
                          f"({len(table.points)} points were tried); relations need a common domain")
    longest = literal_bits(functions)
    search = _Search(functions, accept)
    solution: Solution | None = None
    for number, stage in enumerate(sorted([*STAGES, 4 * longest + STAGE] if longest > 60 else STAGES)):
        if number == 1:
            table.refine()
        points, rows = table.rows(stage)
        if not rows:
            continue
        result = _eliminated(family, rows, stage)
        independence = Independence(result.columns, tuple(points[i] for i, _ in result.pivots), stage)
        if solution is not None and independence.columns == solution.independence.columns:
            continue  # more digits show nothing new
        solution = search.relations(family, result, independence)
        if solution.exact:
            break
    assert solution is not None  # there is an interval
    return solution


def _eliminated(family: Family, rows: list[list[arb]], bits: int) -> Eliminated:
    """The elimination with the admitted functions first: the activation's values are expressed by them."""
    first = len(family.arguments)
    order = (*range(first, len(family)), *range(first))
    result = eliminate([[row[k] for k in order] for row in rows], len(family), bits)
    pivots = tuple((i, order[c]) for i, c in result.pivots)
    return Eliminated(pivots, {order[k]: balls for k, balls in result.guesses.items()})


class _Search:
    """Candidates for the coefficients of a dependent column, from the plainest to the hardest, each put to proof."""

    def __init__(self, functions: tuple[Term, ...], accept: Callable[[Found], bool]) -> None:
        self.functions, self.accept = functions, accept
        self.constants = constants_of(functions)
        self._comparisons: list[Row] | None = None
        self._proved: dict[tuple[Term, ...], Vanishing | None] = {}

    def relations(self, family: Family, result: Eliminated, independence: Independence) -> Solution:
        found: list[Found] = []
        unknown: list[int] = []
        for k, balls in sorted(result.guesses.items()):
            columns = result.columns[: len(balls)]
            proof = self._relation(k, columns, balls, independence)
            if proof is None and unknown:
                proof = self._beside(k, (*columns, *unknown)) or self._combined(k, unknown, result, independence.bits)
            if proof is None:
                unknown.append(k)
            else:
                found.append(Found(k, proof))
        return Solution(family, tuple(found), independence, tuple(unknown))

    def _relation(
        self, k: int, columns: tuple[int, ...], balls: tuple[arb, ...], independence: Independence
    ) -> Vanishing | None:
        fractions = [plain_fraction(b, independence.bits) for b in balls]
        named = [named_constant(b, independence.bits, self.constants) for b in balls]
        if all(c is not None for c in named):
            proof = self._prove(k, columns, tuple(c for c in named if c is not None))
            if proof is not None:
                return proof
        for rows in (self._compared, lambda: self._evaluated(independence.points)):
            check()
            constants = solve_exactly(rows(), columns, k)
            if constants is not None and _close(constants, balls, independence.bits):
                tidy = tuple(c if q is None else num(q) for c, q in zip(constants, fractions, strict=True))
                proof = self._prove(k, columns, tidy) or self._prove(k, columns, constants)
                if proof is not None:
                    return proof
        return None

    def _beside(self, k: int, columns: tuple[int, ...]) -> Vanishing | None:
        """A relation in which functions occur that seem to be dependent, but are not known to be."""
        constants = solve_exactly(self._compared(), columns, k)
        return None if constants is None else self._prove(k, columns, constants)

    def _combined(self, k: int, unknown: list[int], result: Eliminated, bits: int) -> Vanishing | None:
        """The same, from what the values say: one open column minus a multiple of another, one pivot cancelled."""
        for u in unknown:
            for factor, rest in _differences(result.guesses[k], result.guesses[u], bits):
                names = [named_constant(b, bits, self.constants) for b in (factor, *rest)]
                if all(c is not None for c in names):
                    columns = (u, *result.columns[: len(rest)])
                    proof = self._prove(k, columns, tuple(c for c in names if c is not None))
                    if proof is not None:
                        return proof
        return None

    def _prove(self, k: int, columns: tuple[int, ...], constants: tuple[Term, ...]) -> Vanishing | None:
        vector = [ZERO] * len(self.functions)
        vector[k] = ONE
        for c, value in zip(columns, constants, strict=True):
            vector[c] = negative(value)
        key = tuple(vector)
        if key not in self._proved:
            proof = prove_vanishing(key, self.functions)
            self._proved[key] = proof if proof is not None and self.accept(Found(k, proof)) else None
        return self._proved[key]

    def _compared(self) -> list[Row]:
        if self._comparisons is None:
            self._comparisons = comparisons(self.functions)
        return self._comparisons

    def _evaluated(self, points: tuple[Term, ...]) -> list[Row]:
        return [tuple(f.subs(p) for f in self.functions) for p in points]


def _differences(first: tuple[arb, ...], second: tuple[arb, ...], bits: int) -> Iterator[tuple[arb, list[arb]]]:
    """Factors ``q`` with ``first - q second`` zero at a place where neither is, and the difference."""
    size = max(len(first), len(second))
    a, b = ([*v, *[arb(0)] * (size - len(v))] for v in (first, second))
    for p in range(size):
        if a[p] != 0 and b[p] != 0:
            with precision(bits):
                factor = a[p] / b[p]
                rest = [x - factor * y for x, y in zip(a, b, strict=True)]
            rest[p] = arb(0)
            yield factor, rest


def _close(constants: tuple[Term, ...], balls: tuple[arb, ...], bits: int) -> bool:
    """Whether exact candidates lie in the balls that the values gave."""
    for c, ball in zip(constants, balls, strict=True):
        try:
            if not enclose(c, Fraction(1), bits).overlaps(ball):
                return False
        except (Unclear, UndefinedAt):
            return False
    return True
