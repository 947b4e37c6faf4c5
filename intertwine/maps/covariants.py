"""Covariants of forms: constructions that a linear substitution carries over, up to factors.

Hessians and Jacobians are determinants. A form that depends on fewer linear forms than there are variables has its
Hessian in those. A ternary cubic F spans a pencil with its Hessian H, and ``Hess(F + tH) = a(t) F + b(t) H`` (Hesse
1844); the members with b = t·a are the triangles and other cubics that are their own Hessian. A symmetry multiplies t
by a positive number, and permutes the finitely many zeros: it keeps each of those members.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from flint import Ordering, acb, fmpq, fmpq_mat, fmpq_mpoly, fmpq_mpoly_ctx, fmpq_poly

Form = fmpq_mpoly


@cache
def ring(n: int) -> Any:
    """The ring of polynomials in n variables with rational coefficients."""
    return fmpq_mpoly_ctx.get([f"y{i + 1}" for i in range(n)], Ordering.degrevlex)


def determinant(matrix: Sequence[Sequence[Form]]) -> Form:
    """The determinant of a small matrix of forms."""
    size = len(matrix)
    if size == 1:
        return matrix[0][0]
    total = matrix[0][0] * 0
    for j in range(size):
        if not matrix[0][j].is_zero():
            minor = [[row[k] for k in range(size) if k != j] for row in matrix[1:]]
            total = total + matrix[0][j] * determinant(minor) * (-1) ** j
    return total


def jacobian(forms: Sequence[Form], n: int) -> Form:
    """The determinant of the first derivatives of n forms."""
    return determinant([[f.derivative(j) for j in range(n)] for f in forms])


def wronskian(forms: Sequence[Form]) -> Form:
    """The determinant of the derivatives of order m - 1 of m binary forms: it depends on their span, up to a factor."""
    m = len(forms)
    rows = []
    for f in forms:
        row = []
        for j in range(m):
            g = f
            for k in range(m - 1):
                g = g.derivative(1 if k < j else 0)
            row.append(g)
        rows.append(row)
    return determinant(rows)


def hessian(f: Form, n: int) -> Form:
    """The determinant of the second derivatives; in the linear forms that f depends on, if these are fewer than n."""
    whole = determinant([[f.derivative(i).derivative(j) for j in range(n)] for i in range(n)])
    if not whole.is_zero():
        return whole
    linear = essential(f, n)
    k = len(linear)
    if not 1 < k < n:
        return whole
    section = _section(linear, n)
    y = ring(k).gens()
    images = [sum((y[i] * section[i][j] for i in range(k)), ring(k).constant(0)) for j in range(n)]
    inner = hessian(f.compose(*images), k)
    x = ring(n).gens()
    return inner.compose(*[sum((x[j] * row[j] for j in range(n)), ring(n).constant(0)) for row in linear])


def essential(f: Form, n: int) -> list[list[fmpq]]:
    """A basis of the linear forms that a form depends on: those that vanish on the directions along which it does not
    change."""
    slopes = [f.derivative(j) for j in range(n)]
    monomials = sorted({tuple(map(int, m)) for s in slopes for m in s.monoms()})
    if not monomials:
        return []
    table = fmpq_mat([[fmpq(s[m]) for s in slopes] for m in monomials])
    reduced, rank = table.rref()
    return [[fmpq(reduced[i, j]) for j in range(n)] for i in range(rank)]


def _section(linear: Sequence[Sequence[fmpq]], n: int) -> list[list[fmpq]]:
    """Vectors dual to linear forms in reduced echelon form: the unit vectors of the pivots."""
    pivots = [next(j for j in range(n) if row[j] != 0) for row in linear]
    return [[fmpq(int(j == p)) for j in range(n)] for p in pivots]


def own_hessians(f: Form) -> list[tuple[str, Form]]:
    """The members of the pencil of a ternary cubic and its Hessian that are multiples of their own Hessian.

    Only members with rational parameters; each with its parameter, which is part of its name.
    """
    if len(essential(f, 3)) < 3:
        return []
    h = hessian(f, 3)
    excess = None if h.is_zero() else _own(f, h)
    return [] if excess is None else _members(f, h, excess)


def syzygetic(f: Form, g: Form) -> list[Form] | None:
    """The members of a pencil of ternary cubics that are their own Hessian, if Hessians stay in the pencil.

    None if they do not, if all members are, or if some parameter is real but not rational.
    """
    excess = _own(f, g)
    if excess is None or excess.degree() < 0:
        return None
    roots: list[tuple[acb, int]] = excess.complex_roots() if excess.degree() > 0 else []  # type: ignore[assignment]
    real = sum(1 for r, _ in roots if r.imag.contains(0))
    members = _members(f, g, excess)
    finite = [m for name, m in members if name != "infinity"]
    return [m for _, m in members] if real == len(finite) else None


def _own(f: Form, h: Form) -> fmpq_poly | None:
    """With ``Hess(f + th) = a(t) f + b(t) h`` the polynomial b - ta; None if Hessians leave the pencil."""
    values = []
    for t in range(4):
        solved = _combination(hessian(f + h * t, 3), f, h)
        if solved is None:
            return None
        values.append(solved)
    a, b = (_interpolated([v[k] for v in values]) for k in (0, 1))
    return b - fmpq_poly([0, 1]) * a


def _members(f: Form, h: Form, excess: fmpq_poly) -> list[tuple[str, Form]]:
    result: list[tuple[str, Form]] = []
    if excess.degree() < 0:
        return result
    for q, _ in excess.factor()[1] if excess.degree() > 0 else []:
        if q.degree() == 1:
            t = -fmpq(q[0]) / fmpq(q[1])
            result.append((str(t), f + h * t))
    again = _combination(hessian(h, 3), f, h)
    if again is not None and again[0] == 0:
        result.append(("infinity", h))
    return result


def _combination(g: Form, f: Form, h: Form) -> tuple[fmpq, fmpq] | None:
    """g as a combination of two independent forms."""
    monomials = sorted({tuple(map(int, m)) for p in (f, g, h) for m in p.monoms()})
    rows = fmpq_mat([[fmpq(p[m]) for p in (f, h, g)] for m in monomials])
    reduced, rank = rows.rref()
    if rank != 2 or reduced[0, 0] != 1 or reduced[1, 1] != 1:
        return None
    return fmpq(reduced[0, 2]), fmpq(reduced[1, 2])


def _interpolated(values: Sequence[fmpq]) -> fmpq_poly:
    """The polynomial with given values at 0, 1, 2, ..."""
    total = fmpq_poly([0])
    for i, v in enumerate(values):
        part = fmpq_poly([v])
        for j in range(len(values)):
            if j != i:
                part = part * fmpq_poly([-j, 1]) / (i - j)
        total = total + part
    return total


def laplacian(m: list[list[Fraction]], f: Form, n: int) -> Form:
    """The second-order operator that belongs to a nondegenerate quadratic form."""
    inverse = fmpq_mat([[fmpq(c.numerator, c.denominator) for c in row] for row in m]).inv()
    total = f * 0
    for i in range(n):
        for j in range(n):
            total = total + f.derivative(i).derivative(j) * fmpq(inverse[i, j])
    return total
