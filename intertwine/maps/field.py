"""Linear algebra over exact real constants: rational numbers, and elements of a tower with constant generators only."""

from __future__ import annotations

from collections.abc import Sequence

from flint import arb, fmpq, fmpq_mat

from intertwine.calculus.budget import check
from intertwine.calculus.enclosure import PRECISIONS, Evaluator, Unclear, UndefinedAt, precision
from intertwine.calculus.normal import NormalForm
from intertwine.calculus.tower import Element, Family, NoNormalForm, Rescale, Tower, rational
from intertwine.terms import Term, num

Matrix = list[list[Element]]


class Coarse(Exception):
    """The tower of the constants needs a smaller unit for one family of exponents: start again with it."""

    def __init__(self, family: Family, unit: fmpq) -> None:
        super().__init__()
        self.family, self.unit = family, unit


class Constants:
    """The field of constants of one tower, with an exact test for zero."""

    def __init__(self, tower: Tower, normal: NormalForm | None = None) -> None:
        self.tower, self.normal = tower, normal

    def of(self, t: Term) -> Element:
        """The element of a closed term.

        Raises
        ------
        Coarse
            The derivation has to start again with a smaller unit of exponents.
        """
        if self.normal is None:
            raise NoNormalForm("no normal form for constants")
        try:
            return self.normal.of(t)
        except Rescale as rescale:
            raise Coarse(rescale.family, rescale.unit) from None

    def is_zero(self, e: Element) -> bool:
        """Whether a constant is zero.

        Raises
        ------
        NoNormalForm
            Neither a normal form nor balls decide.
        """
        value = e.rational_value
        if value is not None:
            return bool(value == 0)
        if self.tower.is_zero(e):
            return True
        term = self.term(e)
        for bits in PRECISIONS[:4]:
            try:
                with precision(bits):
                    ball = Evaluator(arb(0)).value(term)
            except (Unclear, UndefinedAt):
                continue
            if ball > 0 or ball < 0:
                return False
        raise NoNormalForm("a constant that may be zero")

    def term(self, e: Element) -> Term:
        """A constant as a closed term."""
        value = e.rational_value
        if value is not None:
            return num(int(value.p), int(value.q))
        if self.tower.is_imaginary(e.num) or self.tower.is_imaginary(e.den):
            raise NoNormalForm("no real term")
        top = self.tower.term_of(e.num)
        return top if e.den.is_constant() else top / self.tower.term_of(e.den)

    def echelon(self, rows: Sequence[Sequence[Element]], width: int) -> tuple[Matrix, list[int]]:
        """The reduced echelon form (without zero rows) and its pivot columns."""
        plain = [[e.rational_value for e in row] for row in rows]
        if all(v is not None for row in plain for v in row):
            return _rational_echelon(plain, width)  # type: ignore[arg-type]
        simple = [row for row, values in zip(rows, plain, strict=True) if None not in values]
        start: Matrix = []
        if simple:
            start, _ = _rational_echelon([[e.rational_value for e in row] for row in simple], width)  # type: ignore
        others = [list(row) for row, values in zip(rows, plain, strict=True) if None in values]
        return self._eliminate(start + others, width)

    def _eliminate(self, rows: Matrix, width: int) -> tuple[Matrix, list[int]]:
        done: Matrix = []
        pivots: list[int] = []
        for row in rows:
            check()
            row = list(row)
            for base, p in zip(done, pivots, strict=True):
                if not row[p].num.is_zero():
                    row = self._minus(row, row[p], base)
            p = next((k for k in range(width) if not self._zero(row, k)), -1)
            if p < 0:
                continue
            lead = row[p]
            row = [rational(0) if e.num.is_zero() else self.tower.reduce(e / lead) for e in row]
            done = [base if base[p].num.is_zero() else self._minus(base, base[p], row) for base in done]
            done.append(row)
            pivots.append(p)
        order = sorted(range(len(done)), key=lambda i: pivots[i])
        return [done[i] for i in order], [pivots[i] for i in order]

    def _zero(self, row: list[Element], k: int) -> bool:
        if row[k].num.is_zero():
            return True
        if self.is_zero(row[k]):
            row[k] = rational(0)
            return True
        return False

    def _minus(self, row: list[Element], factor: Element, base: list[Element]) -> list[Element]:
        return [r if b.num.is_zero() else self.tower.reduce(r - factor * b) for r, b in zip(row, base, strict=True)]

    def kernel(self, rows: Sequence[Sequence[Element]], width: int) -> Matrix:
        """A basis of the vectors c with ``sum(row_k c_k) = 0`` for every row."""
        reduced, pivots = self.echelon(rows, width)
        free = [k for k in range(width) if k not in pivots]
        basis = []
        for k in free:
            vector = [rational(0)] * width
            vector[k] = rational(1)
            for row, p in zip(reduced, pivots, strict=True):
                vector[p] = -row[k]
            basis.append(vector)
        return basis

    def solve(self, rows: Sequence[Sequence[Element]], width: int) -> list[list[Element]] | None:
        """For rows ``(a | b_1, ..., b_r)``: the c with ``sum(a_k c_k) = b_j``, one for each j; None if one has none."""
        total = len(rows[0]) if rows else width
        if total == width:
            return []
        reduced, pivots = self.echelon(rows, total)
        if any(p >= width for p in pivots):
            return None
        solutions = []
        for j in range(width, total):
            vector = [rational(0)] * width
            for row, p in zip(reduced, pivots, strict=True):
                vector[p] = row[j]
            solutions.append(vector)
        return solutions


def _rational_echelon(rows: Sequence[Sequence[fmpq]], width: int) -> tuple[Matrix, list[int]]:
    if not rows:
        return [], []
    reduced, rank = fmpq_mat([list(row) for row in rows]).rref()
    result, pivots = [], []
    for i in range(int(rank)):
        row = [fmpq(reduced[i, k]) for k in range(width)]
        pivots.append(next(k for k in range(width) if row[k] != 0))
        result.append([rational(v) for v in row])
    return result, pivots
