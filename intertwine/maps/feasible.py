"""Which sign patterns of polynomials of degree at most two can occur: exact linear programming and definite forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from intertwine.calculus.budget import check

Vector = tuple[Fraction, ...]


def feasible(rows: Sequence[Vector], size: int) -> bool:
    """Whether some point has ``a_1 x_1 + ... + a_n x_n + a_0 > 0`` for every row ``(a_1, ..., a_n, a_0)``."""
    return interior_point(rows, size) is not None


def interior_point(rows: Sequence[Vector], size: int) -> Vector | None:
    """A point with ``a·x + a_0 > 0`` for every row, by an exact simplex method; None if there is none.

    The largest ``t <= 1`` with ``a·x + a_0 >= t`` is found with Bland's rule, which cannot cycle.
    """
    if not rows:
        return (Fraction(0),) * size
    # Columns: x+ (size), x- (size), t, one slack for each row, the slack of t <= 1; t starts at the least constant.
    low = min(r[size] for r in rows)
    if low > 0:
        return (Fraction(0),) * size
    count = len(rows)
    width = 2 * size + 1 + count + 1
    table: list[list[Fraction]] = []
    zero, one = Fraction(0), Fraction(1)
    # With t = low + s, s >= 0:  s - a·x + slack = a_0 - low >= 0  and  s + slack = 1 - low.
    for i, r in enumerate(rows):
        line = [-r[k] for k in range(size)] + [r[k] for k in range(size)] + [one] + [zero] * (count + 1)
        line[2 * size + 1 + i] = one
        table.append([*line, r[size] - low])
    last = [zero] * (2 * size) + [one] + [zero] * count + [one]
    table.append([*last, one - low])
    basis = [2 * size + 1 + i for i in range(count + 1)]
    cost = [zero] * width + [zero]
    cost[2 * size] = one  # maximise s
    while True:
        check()
        enter = next((k for k in range(width) if cost[k] > 0), None)
        if enter is None:
            break
        ratios = [(table[i][width] / table[i][enter], basis[i], i) for i in range(count + 1) if table[i][enter] > 0]
        if not ratios:
            break
        _, _, leave = min(ratios)
        pivot = table[leave][enter]
        table[leave] = [v / pivot for v in table[leave]]
        for i in range(count + 1):
            if i != leave and table[i][enter] != 0:
                factor = table[i][enter]
                table[i] = [v - factor * w for v, w in zip(table[i], table[leave], strict=True)]
        if cost[enter] != 0:
            factor = cost[enter]
            cost = [v - factor * w for v, w in zip(cost, table[leave], strict=True)]
        basis[leave] = enter
    values = [zero] * width
    for i, b in enumerate(basis):
        values[b] = table[i][width]
    if low + values[2 * size] <= 0:
        return None
    return tuple(values[k] - values[size + k] for k in range(size))


def quadratic_sign(coefficients: Mapping[tuple[int, ...], Fraction], size: int) -> tuple[int, bool] | None:
    """The sign of a polynomial of degree at most two on all of space, and whether it is strict; None if both occur.

    The polynomial is homogenised; its symmetric matrix is reduced by exact symmetric elimination.
    """
    matrix = [[Fraction(0)] * (size + 1) for _ in range(size + 1)]
    for monomial, c in coefficients.items():
        where = [k for k, d in enumerate(monomial) for _ in range(d)]
        if len(where) > 2:
            return None
        where += [size] * (2 - len(where))
        matrix[where[0]][where[1]] += c / 2
        matrix[where[1]][where[0]] += c / 2
    found = signature(matrix)
    if found[0] and found[1]:
        return None
    sign = 1 if found[0] else -1
    # Strict where the form cannot vanish on a vector (x, 1): its radical lies in the space of the x.
    linear = signature([row[:size] for row in matrix[:size]])
    return sign, sum(found) > sum(linear)


def signature(matrix: Sequence[Sequence[Fraction]]) -> tuple[int, int]:
    """The numbers of positive and negative squares of a symmetric matrix."""
    m = [list(row) for row in matrix]
    positive = negative = 0
    while m:
        size = len(m)
        k = next((i for i in range(size) if m[i][i] != 0), None)
        if k is None:
            pair = next(((i, j) for i in range(size) for j in range(i) if m[i][j] != 0), None)
            if pair is None:
                break
            i, j = pair  # the row and column j are added to i, which gives a diagonal entry
            m[i] = [a + b for a, b in zip(m[i], m[j], strict=True)]
            for row in m:
                row[i] += row[j]
            k = i
        d = m[k][k]
        positive, negative = positive + (d > 0), negative + (d < 0)
        rest = [i for i in range(size) if i != k]
        m = [[m[i][j] - m[i][k] * m[k][j] / d for j in rest] for i in rest]
    return positive, negative
