"""Elimination in ball arithmetic: columns that are proved to be independent, and what the others seem to be.

A column with an entry that is not zero after elimination is independent of those before it: that is proved by the
balls.  A column without such an entry *looks* dependent; its coefficients are then only the place where to look.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from intertwine.calculus.budget import check
from intertwine.calculus.enclosure import precision

_CLEAR = 24  # bits of a pivot that is good enough to stop looking


@dataclass(frozen=True)
class Eliminated:
    """``pivots`` (row, column) are proved; ``guesses[k][j]`` is the coefficient of pivot ``j`` in column ``k``."""

    pivots: tuple[tuple[int, int], ...]
    guesses: dict[int, tuple[arb, ...]]

    @property
    def columns(self) -> tuple[int, ...]:
        """The independent columns."""
        return tuple(c for _, c in self.pivots)


def eliminate(matrix: list[list[arb]], width: int, bits: int) -> Eliminated:
    """Reduce a matrix from left to right, taking the earliest clear row as pivot.

    Examples
    --------
    >>> result = eliminate([[arb(1), arb(2), arb(0)], [arb(1), arb(2), arb(1)]], 3, 64)
    >>> result.columns, result.guesses[1]
    ((0, 2), (2.00000000000000,))
    """
    rows = [list(row) for row in matrix]
    pivots: list[tuple[int, int]] = []
    dependent: list[int] = []
    free = set(range(len(rows)))
    with precision(bits):
        for k in range(width):
            check()
            place = _pivot(rows, free, k)
            if place is None:
                dependent.append(k)
                continue
            pivots.append((place, k))
            free.discard(place)
            _clear(rows, place, k, width)
        guesses = {k: tuple(rows[i][k] for i, c in pivots if c < k) for k in dependent}
    return Eliminated(tuple(pivots), guesses)


def _pivot(rows: list[list[arb]], free: set[int], k: int) -> int | None:
    """The first row with a clear entry; else the one whose entry is clearest of those that are not zero."""
    best: tuple[int, int] | None = None
    for i in sorted(free):
        entry = rows[i][k]
        if entry != 0:
            accuracy = int(entry.rel_accuracy_bits())
            if accuracy >= _CLEAR:
                return i
            if best is None or accuracy > best[0]:
                best = accuracy, i
    return None if best is None else best[1]


def _clear(rows: list[list[arb]], place: int, k: int, width: int) -> None:
    lead = rows[place]
    pivot = lead[k]
    for j in range(k, width):
        lead[j] = lead[j] / pivot
    lead[k] = arb(1)
    for i, row in enumerate(rows):
        if i != place and not (row[k].is_exact() and row[k] == 0):
            factor = row[k]
            for j in range(k + 1, width):
                row[j] = row[j] - factor * lead[j]
            row[k] = arb(0)


def plain_fraction(value: arb, bits: int) -> Fraction | None:
    """The simplest fraction in a ball, if it is so much shorter than the ball is narrow that chance is unlikely.

    Examples
    --------
    >>> plain_fraction(arb(1) / 3, 64)
    Fraction(1, 3)
    """
    if not value.is_finite():
        return None
    low, high = _exact(value.lower()), _exact(value.upper())
    found = simplest(low, high)
    length = abs(found.numerator).bit_length() + found.denominator.bit_length()
    width = bits if high == low else -_exponent(high - low)
    return found if 2 * length < min(width, bits) else None


def bounded(low: arb, high: arb) -> Fraction:
    """A short fraction strictly between two numbers.

    Examples
    --------
    >>> bounded(arb(1), arb(2))
    Fraction(3, 2)
    """
    a, b = _exact(low), _exact(high)
    third = (b - a) / 3
    return simplest(a + third, b - third)


def _exact(x: arb) -> Fraction:
    mantissa, exponent = x.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _exponent(x: Fraction) -> int:
    return x.numerator.bit_length() - x.denominator.bit_length()


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction with the least denominator between two numbers.

    Examples
    --------
    >>> simplest(Fraction(33, 100), Fraction(34, 100))
    Fraction(1, 3)
    """
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -simplest(-high, -low)
    whole: list[int] = []
    while True:
        first = low.__floor__()
        if first == low or first + 1 <= high:
            last = Fraction(first if first == low else first + 1)
            break
        whole.append(first)
        low, high = 1 / (high - first), 1 / (low - first)
    for w in reversed(whole):
        last = w + 1 / last
    return last
