"""Values of all functions of a family at common exact points, in ball arithmetic."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain, pairwise, zip_longest

from flint import arb

from intertwine.calculus.budget import check
from intertwine.calculus.cases import Region, TooManyCases, explore
from intertwine.calculus.constants import simplified
from intertwine.calculus.enclosure import Evaluator, Unclear, UndefinedAt, enclose, precision
from intertwine.calculus.tower import NoNormalForm
from intertwine.dependence.elimination import bounded
from intertwine.dependence.reading import straight
from intertwine.solve.probes import probe_points
from intertwine.terms import ZERO, Term, mul, num

MOST_POINTS = 260
LONGEST_LITERAL = 200_000
STAGE = 320  # bits to begin with
_JUMPS = frozenset({"lt", "le", "eq", "ne", "sign"})
_BREAKS = _JUMPS | {"Max", "Abs"}


def sample_points(functions: tuple[Term, ...]) -> list[Term]:
    """Points that the functions themselves suggest, simple ones first; irrational ones only where a jump may be."""
    distinct = list(dict.fromkeys(functions))
    lists = [probe_points(f) for f in distinct]
    merged = chain.from_iterable(zip_longest(*lists))
    points = list(dict.fromkeys(p for p in merged if p is not None))[:MOST_POINTS]
    found = dict.fromkeys((node.op in _JUMPS, c) for f in distinct for node in f.walk() for c in _breaks(node))
    jumps = dict.fromkeys(c for jump, c in found if jump)
    between = _between(dict.fromkeys(c for _, c in found))
    fractions = {*points, *between, *(j.value for j in jumps if j.value is not None)}
    rational = [num(p) for p in sorted(fractions, key=_plainness)]
    return [*rational, *(j for j in jumps if j.value is None)]


def _breaks(node: Term) -> Iterator[Term]:
    """Zeros of the arguments ``b x + c`` whose sign a node asks for."""
    if not node.has_x or node.op not in _BREAKS:
        return
    first = node.args[0]
    for other in node.args[1:] or (ZERO,):
        line = straight(first - other)
        if line is not None and line[0].value != 0:
            yield simplified(mul(num(-1), line[1]) / line[0])


def _between(breaks: Iterable[Term]) -> list[Fraction]:
    """A fraction in each of the intervals into which breaks divide the line."""
    ends: list[arb] = []
    with contextlib.suppress(Unclear, UndefinedAt):
        for c in breaks:
            ends.append(enclose(c, Fraction(1), 128))
    ends.sort(key=lambda b: float(b.mid()))
    found = [bounded(low.upper(), high.lower()) for low, high in pairwise(ends) if low < high]
    if ends:
        found += [Fraction(int(ends[0].lower().floor().unique_fmpz() or 0)) - 1,
                  Fraction(int(ends[-1].upper().ceil().unique_fmpz() or 0)) + 1]
    return found


def refined(points: list[Term], known: list[Term]) -> list[Term]:
    """More points: near those where all functions are known to be defined, and half way between neighbours."""
    values = sorted(p.value for p in known if p.value is not None)
    middles = [(a + b) / 2 for a, b in pairwise(values)]
    near = [v + s * Fraction(1, d) for v in values for d in (3, 50, 1000) for s in (1, -1)]
    more = sorted({*middles, *near} - {p.value for p in points}, key=_plainness)
    return [num(p) for p in more[:MOST_POINTS]]


def _plainness(p: Fraction) -> tuple[int, Fraction, bool]:
    return max(abs(p.numerator).bit_length(), p.denominator.bit_length()), abs(p), p < 0


def literal_bits(functions: tuple[Term, ...]) -> int:
    """The length of the longest number in the functions: how small a summand they may hide."""
    sizes = [
        max(abs(node.value.numerator).bit_length(), node.value.denominator.bit_length())
        for f in functions for node in f.walk() if node.value is not None
    ]
    return min(max(sizes, default=1), LONGEST_LITERAL)


class Table:
    """Rows of values, one for each point at which every function is defined, remembered for each precision."""

    def __init__(self, functions: tuple[Term, ...], points: list[Term]) -> None:
        self.functions, self.points = functions, points
        self._known: dict[int, tuple[list[Term], list[list[arb]]]] = {}

    def rows(self, bits: int) -> tuple[list[Term], list[list[arb]]]:
        """The points with a known row, and the rows; those at jumps last."""
        if bits not in self._known:
            found = [(p, row) for p in self.points if (row := self._row(p, bits)) is not None]
            found.sort(key=lambda pair: not all(clear for _, clear in pair[1]))
            self._known[bits] = [p for p, _ in found], [[v for v, _ in row] for _, row in found]
        return self._known[bits]

    def refine(self) -> None:
        """Look at more points."""
        self.points += refined(self.points, self.rows(STAGE)[0])
        self._known.clear()

    def _row(self, point: Term, bits: int) -> list[tuple[arb, bool]] | None:
        check()
        try:
            with precision(bits):
                evaluator = Evaluator(point.value if point.value is not None else enclose(point, Fraction(1), bits))
                return [self._value(evaluator, f, point, bits) for f in self.functions]
        except (UndefinedAt, Unclear):
            return None

    def _value(self, evaluator: Evaluator, f: Term, point: Term, bits: int) -> tuple[arb, bool]:
        """The value, and whether balls alone gave it."""
        wide: arb | None = None
        try:
            wide = evaluator.value(f)
            # Half of the bits are lost where a jump, however small, may lie in the ball.
            if wide.is_exact() or wide.rel_accuracy_bits() >= bits // 2:
                return wide, True
        except Unclear:
            pass
        try:
            return exact_value(f, point, bits), False
        except Unclear:
            if wide is None:
                raise
            return wide, False

    def has_interval(self) -> bool:
        """Whether all functions are defined on both sides of a point, close to it."""
        for bits in (64, 512):
            for p in self.rows(bits)[0]:
                if p.value is not None:
                    step = Fraction(1, 2**20) * (abs(p.value) or 1)
                    if any(self._row(num(p.value + s * step), bits) is not None for s in (1, -1, 7, -7)):
                        return True
        return False


def exact_value(f: Term, point: Term, bits: int) -> arb:
    """The value at a point where balls cannot tell which case applies: ``x = 7/3`` in a condition on ``x - 7/3``.

    Raises
    ------
    UndefinedAt, Unclear
    """
    found: list[Term | None] = []

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        found.extend(terms if not region.assumptions else ())
        return False

    try:
        explore((f.subs(point),), visit)
    except (TooManyCases, NoNormalForm):
        raise Unclear from None
    if not found:
        raise Unclear
    if found[0] is None:
        raise UndefinedAt
    return enclose(found[0], Fraction(1), bits)
