"""Values of all functions of a family at common exact points, in ball arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain, zip_longest

from flint import arb

from intertwine.calculus.budget import check
from intertwine.calculus.cases import Region, TooManyCases, explore
from intertwine.calculus.constants import simplified
from intertwine.calculus.enclosure import Evaluator, Unclear, UndefinedAt, enclose, precision
from intertwine.calculus.tower import NoNormalForm
from intertwine.dependence.reading import straight
from intertwine.solve.probes import probe_points
from intertwine.terms import Term, mul, num

MOST_POINTS = 260
LONGEST_LITERAL = 200_000
_JUMPS = frozenset({"lt", "le", "eq", "ne", "sign"})


def sample_points(functions: tuple[Term, ...]) -> list[Term]:
    """Points that the functions themselves suggest, simple ones first; irrational ones only where a jump may be."""
    distinct = list(dict.fromkeys(functions))
    lists = [probe_points(f) for f in distinct]
    merged = chain.from_iterable(zip_longest(*lists))
    points = list(dict.fromkeys(p for p in merged if p is not None))[:MOST_POINTS]
    jumps = dict.fromkeys(j for f in distinct for j in _jumps(f))
    fractions = {*points, *(j.value for j in jumps if j.value is not None)}
    rational = [num(p) for p in sorted(fractions, key=_plainness)]
    return [*rational, *(j for j in jumps if j.value is None)]


def _jumps(f: Term) -> Iterator[Term]:
    """Zeros of the arguments ``b x + c`` whose sign is asked for."""
    for node in f.walk():
        if node.op in _JUMPS and node.has_x:
            difference = node.args[0] if node.op == "sign" else node.args[0] - node.args[1]
            line = straight(difference)
            if line is not None and line[0].value != 0:
                yield simplified(mul(num(-1), line[1]) / line[0])


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
        """The points with a known row, and the rows."""
        if bits not in self._known:
            points, rows = [], []
            for p in self.points:
                row = self._row(p, bits)
                if row is not None:
                    points.append(p)
                    rows.append(row)
            self._known[bits] = points, rows
        return self._known[bits]

    def _row(self, point: Term, bits: int) -> list[arb] | None:
        check()
        try:
            with precision(bits):
                evaluator = Evaluator(point.value if point.value is not None else enclose(point, Fraction(1), bits))
                return [self._value(evaluator, f, point, bits) for f in self.functions]
        except (UndefinedAt, Unclear):
            return None

    def _value(self, evaluator: Evaluator, f: Term, point: Term, bits: int) -> arb:
        try:
            return evaluator.value(f)
        except Unclear:
            return exact_value(f, point, bits)

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
