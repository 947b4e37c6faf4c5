"""Where a map may jump or end, and the check that an infinitesimal symmetry is tangent to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from flint import Ordering, fmpq, fmpq_mat, fmpq_mpoly_ctx

from intertwine.certificates.maps.functions import At, Outside, Unclear, place, slope
from intertwine.certificates.maps.quotients import Forms, Sum, TooHard
from intertwine.terms import ONE, Term, add, mul, power


def atoms(t: Term) -> Iterator[Term]:
    """The expressions whose zeros may be jumps, or borders of the domain."""
    for node in t.walk():
        if node.op in ("sign", "Heaviside", "log"):
            yield node.args[0]
        elif node.op in ("lt", "le", "eq", "ne"):
            yield add(node.args[0], mul(Term("num", (), Fraction(-1)), node.args[1]))
        elif node.op == "pow":
            e = node.args[1].value
            if e is None or e.denominator != 1 or e < 0:
                yield node.args[0]
        elif node.op in ("asin", "acos", "atanh"):
            yield ONE - power(node.args[0], Term("num", (), Fraction(2)))
        elif node.op in ("coth", "csch"):
            yield node.args[0]
        elif node.op in ("tan", "sec", "cot", "csc"):
            raise TooHard


def tangent(t: Term, x: Sequence[Sequence[Term]], points: Sequence[Sequence[Fraction]], forms: Forms) -> bool:
    """Whether X is tangent to every border of an expression: X·g vanishes where g does."""
    n = len(x)
    images = [add(*(mul(x[j][k], Term(f"x{k + 1}")) for k in range(n))) for j in range(n)]
    seen: set[Term] = set()
    for atom in atoms(t):
        if not any(place(node) is not None for node in atom.walk()):
            continue
        for p in points:
            try:
                g = At(p).smooth(atom)
            except (Outside, Unclear):
                continue
            if g not in seen:
                seen.add(g)
                moved = add(*(mul(slope(g, j), images[j]) for j in range(n)))
                if not _divides(forms, g, moved, n):
                    return False
    return True


def _divides(forms: Forms, g: Term, moved: Term, n: int) -> bool:
    own = forms.of(g).top
    if _positive(own):
        return True
    ring = fmpq_mpoly_ctx.get([f"x{k + 1}" for k in range(n)] + [f"c{k}" for k in range(24)], Ordering.lex)
    constants: dict[object, int] = {}
    p, image = _polynomial(own, ring, n, constants), forms.of(moved)
    if any(m for m in image.bottom if any(str(a[0]).startswith("x") for a, _ in m)):
        raise TooHard
    q = _polynomial(image.top, ring, n, constants)
    for factor, k in p.factor()[1]:
        if all(int(d) == 0 for d in factor.degrees()[:n]) or _definite(factor, n):
            continue
        # With p = f^k·r, f^k divides X·p exactly when f divides X·f.
        if not divmod(q, factor ** int(k))[1].is_zero():
            return False
    return True


def _polynomial(s: Sum, ring: Any, n: int, constants: dict[object, int]) -> Any:
    """A sum as a polynomial in the variables and in constants."""
    values: dict[tuple[int, ...], fmpq] = {}
    size = n + 24
    for m, c in s.items():
        exponents = [0] * size
        for atom, e in m:
            name = str(atom[0])
            if name[0] == "x" and name[1:].isdigit() and e.denominator == 1 and e > 0:
                exponents[int(name[1:]) - 1] += int(e)
            elif _constant(atom) and e > 0:
                key = (atom, e)
                where = constants.setdefault(key, len(constants))
                if where >= 24:
                    raise TooHard
                exponents[n + where] = 1
            else:
                raise TooHard
        values[tuple(exponents)] = values.get(tuple(exponents), fmpq(0)) + fmpq(c.numerator, c.denominator)
    return ring.from_dict(values)


def _constant(atom: tuple[object, ...]) -> bool:
    return atom[0] in ("base", "pi", "exp", "log") and "'x" not in repr(atom)


def _positive(s: Sum) -> bool:
    """Whether all monomials are positive, or squares with one that is positive."""
    strict = False
    for m, c in s.items():
        if c < 0:
            return False
        kinds = [a[0] == "exp" or _constant(a) or (e.denominator == 1 and e % 2 == 0) for a, e in m]
        if not all(kinds):
            return False
        strict |= all(a[0] == "exp" for a, _ in m)
    return strict


def _definite(factor: Any, n: int) -> bool:
    """Whether a polynomial of degree two is never negative, or never positive: its zeros are a linear space.

    A symmetric matrix has no negative eigenvalue when the signs of its characteristic polynomial alternate.
    """
    matrix = [[fmpq(0)] * (n + 1) for _ in range(n + 1)]
    for monomial, c in factor.to_dict().items():
        where = [k for k, d in enumerate(monomial[:n]) for _ in range(int(d))]
        if len(where) > 2 or any(int(d) for d in monomial[n:]):
            return False
        where += [n] * (2 - len(where))
        matrix[where[0]][where[1]] += fmpq(c) / 2
        matrix[where[1]][where[0]] += fmpq(c) / 2
    for sign in (1, -1):
        p = fmpq_mat([[sign * e for e in row] for row in matrix]).charpoly()
        if all(p[k] * (-1) ** (n + 1 - k) >= 0 for k in range(n + 2)):
            return True
    return False
