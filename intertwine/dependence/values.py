"""Values of all functions of a family at common exact points, in ball arithmetic."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain, zip_longest

from flint import arb

from intertwine.calculus.budget import check
from intertwine.calculus.enclosure import Evaluator, Unclear, UndefinedAt, precision
from intertwine.solve.probes import probe_points
from intertwine.terms import Term

MOST_POINTS = 260
LONGEST_LITERAL = 200_000


def sample_points(functions: tuple[Term, ...]) -> list[Fraction]:
    """Points that the functions themselves suggest, simple ones first, each function in its turn."""
    distinct = list(dict.fromkeys(functions))
    lists = [probe_points(f) for f in distinct]
    merged = chain.from_iterable(zip_longest(*lists))
    points = list(dict.fromkeys(p for p in merged if p is not None))[:MOST_POINTS]
    return sorted(points, key=_plainness)


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

    def __init__(self, functions: tuple[Term, ...], points: list[Fraction]) -> None:
        self.functions, self.points = functions, points
        self._known: dict[int, tuple[list[Fraction], list[list[arb]]]] = {}

    def rows(self, bits: int) -> tuple[list[Fraction], list[list[arb]]]:
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

    def _row(self, point: Fraction, bits: int) -> list[arb] | None:
        check()
        with precision(bits):
            evaluator = Evaluator(point)
            try:
                return [evaluator.value(f) for f in self.functions]
            except (UndefinedAt, Unclear):
                return None
