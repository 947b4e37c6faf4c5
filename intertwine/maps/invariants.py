"""Lines, forms and spaces of forms that every symmetry has to permute.

A symmetry A maps V to V by f ↦ f∘A, so it permutes everything that is attached to V without a choice: the filtration
of V by the order of vanishing at the origin and its homogeneous parts, the spaces that V restricts to on its pieces,
greatest common divisors, Jacobians, Hessians, the degenerate members of a pencil of quadrics, the walls along which
some function of V is not analytic, and the irreducible factors of all these. Everything carries a label that says
where it comes from; a symmetry preserves labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from itertools import combinations
from typing import Any

from flint import acb, fmpq, fmpq_mat, fmpq_poly

from intertwine.calculus.budget import check
from intertwine.calculus.tower import rational
from intertwine.maps.covariants import (
    Form,
    determinant,
    hessian,
    jacobian,
    laplacian,
    own_hessians,
    ring,
    syzygetic,
    wronskian,
)
from intertwine.maps.feasible import signature
from intertwine.maps.space import Mixed
from intertwine.terms import Term, mul, num, power

Label = tuple[Any, ...]
Vector = tuple[Term, ...]
DEEPEST = 2
LARGEST_DEGREE = 12


@dataclass
class Invariants:
    """What the symmetries permute.

    Attributes
    ----------
    lines : dict
        Each line of linear forms (first nonzero coefficient 1, as terms) with the set of its labels.
    forms : dict
        Classes of forms up to scale, by label.
    """

    n: int
    mixed: Mixed
    lines: dict[Vector, set[Label]] = field(default_factory=dict)
    unsure: dict[Vector, None] = field(default_factory=dict)
    forms: dict[Label, list[Form]] = field(default_factory=dict)
    done: set[Label] = field(default_factory=set)
    subspaces: dict[Label, Sequence[Form]] = field(default_factory=dict)
    spaces: list[Sequence[Form]] = field(default_factory=list)

    # -- adding ------------------------------------------------------------------------
    def add_line(self, label: Label, coefficients: Sequence[Term]) -> None:
        """A line of linear forms."""
        line = self.normalised(coefficients)
        if line is not None:
            self.lines.setdefault(self._known(line), set()).add(label)

    def _known(self, line: Vector) -> Vector:
        """The way in which an equal line was written before: labels belong to lines, not to ways to write them."""
        if line in self.lines or all(c.value is not None for c in line):
            return line
        field, of = self.mixed.field, self.mixed.of
        for other in self.lines:
            if all(field.is_zero(of(a) - of(b)) for a, b in zip(line, other, strict=True)):
                return other
        return line

    def normalised(self, coefficients: Sequence[Term]) -> Vector | None:
        """The form with first nonzero coefficient 1."""
        field, of = self.mixed.field, self.mixed.of
        values = [of(c) for c in coefficients]
        lead = next((v for v in values if not field.is_zero(v)), None)
        if lead is None:
            return None
        return tuple(field.term(field.tower.reduce(v / lead)) for v in values)

    def add_space(self, label: Label, spaces: Sequence[Sequence[Form]], depth: int = 0) -> None:
        """A class of spaces of forms of one degree, permuted by the symmetries."""
        spaces = _distinct_spaces([s for s in spaces if s])
        if not spaces or label in self.done or len(label) > 8:
            return
        check()
        self.done.add(label)
        by_size: dict[int, list[Sequence[Form]]] = {}
        for s in spaces:
            by_size.setdefault(len(s), []).append(s)
        for size, members in by_size.items():
            here = (*label, size)
            if size == 1:
                self.add_forms((*here, "form"), [s[0] for s in members], depth)
                continue
            common = [reduce(lambda a, b: a.gcd(b), s) for s in members]
            self.add_forms((*here, "gcd"), [g for g in common if not g.is_constant()], depth)
            if int(members[0][0].total_degree()) == 1:
                if len(members) == 1:
                    self.subspaces[here] = members[0]
                self._meets((*here, "meet"), members)
            if len(members) == 1:
                self.spaces.append(members[0])
            if size == self.n:
                self.add_forms((*here, "jacobian"), [jacobian(s, self.n) for s in members], depth + 1)
            if self.n == 2 < size and size <= 5:
                self.add_forms((*here, "wronskian"), [wronskian(s) for s in members], depth + 1)
            if int(members[0][0].total_degree()) == 2 and self.n > 1:
                self._pencil((*here, "discriminant"), members, depth + 1)
            if int(members[0][0].total_degree()) == 3 and self.n == 3 and size == 2 and len(members) == 1:
                own = syzygetic(*members[0])
                self.add_forms((*here, "own hessian"), own or [], DEEPEST)

    def add_forms(self, label: Label, forms: Sequence[Form], depth: int = 0) -> None:
        """A class of forms, each up to scale."""
        kept = _distinct([f for f in forms if not f.is_zero() and not f.is_constant()])
        if not kept or label in self.forms or int(max(f.total_degree() for f in kept)) > LARGEST_DEGREE:
            return
        check()
        self.forms[label] = kept
        # Only what real symmetries respect: the multiplicities of factors, not their degrees over the rationals.
        parts: dict[int, list[Form]] = {}
        for f in kept:
            for k, part in _by_multiplicity(f).items():
                parts.setdefault(k, []).append(part)
        for k, found in parts.items():
            lines = [real_lines(part, self.n) for part in found]
            if None not in lines:
                for line in (line for several in lines if several is not None for line in several):
                    self.add_line((*label, "factor", k), line)
            if len(parts) > 1 or k > 1:
                self.add_forms((*label, "multiplicity", k), found, depth + 1)
        if depth < DEEPEST:
            hessians = [hessian(f, self.n) for f in kept if int(f.total_degree()) >= 3]
            self.add_forms((*label, "hessian"), hessians, depth + 1)
        if self.n == 3 and len(kept) == 1 and int(kept[0].total_degree()) == 3:
            for name, member in own_hessians(kept[0]):
                self.add_forms((*label, "own hessian", name), [member], DEEPEST)

    def _meets(self, label: Label, members: Sequence[Sequence[Form]]) -> None:
        """The lines in which two spaces of linear forms of a class meet."""
        for a, b in combinations(members, 2):
            rows = [_numbers(f, self.n) for f in a] + [[-c for c in _numbers(f, self.n)] for f in b]
            columns = [[rational(_q(row[i])) for row in rows] for i in range(self.n)]
            kernel = self.mixed.field.kernel(columns, len(rows))
            if len(kernel) == 1:
                common = [sum((kernel[0][k].rational_value or fmpq(0)) * _q(rows[k][i]) for k in range(len(a)))
                          for i in range(self.n)]
                self.add_line(label, [num(_f(c)) for c in common])

    def _pencil(self, label: Label, spaces: Sequence[Sequence[Form]], depth: int) -> None:
        """Members of spaces of quadrics that the linear factors of the discriminant single out."""
        members: dict[Label, list[Form]] = {}
        for s in spaces:
            grams = [gram(f, self.n) for f in s]
            if any(g is None for g in grams):
                return
            size = len(s)
            parameters = ring(size).gens()
            matrix = [[sum((parameters[k] * _q(g[i][j]) for k, g in enumerate(grams) if g is not None),
                           ring(size).constant(0)) for j in range(self.n)] for i in range(self.n)]
            discriminant = determinant(matrix)
            if discriminant.is_zero():
                continue
            for k, part in _by_multiplicity(discriminant).items():
                lines = real_lines(part, size)
                if lines is None:
                    return
                rows = [[c.value for c in line] for line in lines]
                if not rows or any(c is None for row in rows for c in row):
                    if rows:
                        return
                    continue
                if size == 2:
                    for a, b in rows:
                        assert a is not None and b is not None
                        members.setdefault((*label, k), []).append(s[0] * _q(b) - s[1] * _q(a))
                elif len(rows) == size:
                    matrix_of_rows = fmpq_mat([[_q(c) for c in row if c is not None] for row in rows])
                    if matrix_of_rows.det() != 0:
                        inverse = matrix_of_rows.inv()
                        for j in range(size):
                            member = sum((s[i] * fmpq(inverse[i, j]) for i in range(size)), ring(self.n).constant(0))
                            members.setdefault((*label, k, "dual"), []).append(member)
        for key, found in members.items():
            self.add_forms(key, found, depth)
            if len(spaces) == 1:
                self._vertices((*key, "vertex"), found, spaces[0])

    def _vertices(self, label: Label, members: Sequence[Form], space: Sequence[Form]) -> None:
        """The polar of a vertex with respect to a space of quadrics, where it is the same for all of them."""
        for f in members:
            m = gram(f, self.n)
            rows = [] if m is None else [[rational(_q(c)) for c in row] for row in m]
            kernel = self.mixed.field.kernel(rows, self.n) if rows else []
            if len(kernel) != 1:
                continue
            vertex = [fmpq(e.rational_value or 0) for e in kernel[0]]
            polars = [[sum((v * _q(c) for v, c in zip(vertex, row, strict=True)), fmpq(0)) for row in g]
                      for q in space if (g := gram(q, self.n)) is not None]
            reduced, rank = fmpq_mat(polars).rref()
            if rank == 1:
                self.add_line(label, [num(_f(reduced[0, j])) for j in range(self.n)])

    def combine(self) -> None:
        """Covariants of pairs of forms that are alone in their class."""
        alone = [(label, f[0]) for label, f in self.forms.items() if len(f) == 1]
        if self.n == 2:
            small = [(label, f) for label, f in alone if int(f.total_degree()) <= 6]
            for (la, f), (lb, g) in combinations(small[:6], 2):
                j = jacobian((f, g), 2)
                if not j.is_zero():
                    self.add_forms(("pair", la, lb), [j], DEEPEST)
        quadrics = [(label, m) for label, f in alone if (m := gram(f, self.n)) is not None and _regular(m)]
        for lq, m in quadrics[:1]:
            for lf, f in alone[:6]:
                if int(f.total_degree()) >= 3:
                    self.add_forms(("laplace", lq, lf), [laplacian(m, f, self.n)], 1)
            if self.n == 2:
                # The labels as they are now: a polar line must not be treated again for some lines of a class only.
                # Walls are left out: whether they count is decided later.
                before = [(line, labels - {("wall",), ("affine wall",)}) for line, labels in self.lines.items()]
                for line, labels in before:
                    polar = _polar(m, line)
                    for label in labels:
                        self.add_line(("polar", lq, label), polar)

    def colour(self) -> None:
        """Tell lines apart by the canonical spaces of linear forms that contain them."""
        field, of = self.mixed.field, self.mixed.of
        for label, space in self.subspaces.items():
            rows = [[rational(_q(c)) for c in _numbers(f, self.n)] for f in space]
            for line, labels in self.lines.items():
                if len(field.echelon([*rows, [of(c) for c in line]], self.n)[1]) == len(rows):
                    labels.add(("in", label))

    @property
    def alone(self) -> list[Form]:
        """Forms that every symmetry maps to multiples of themselves."""
        return _distinct([f[0] for f in self.forms.values() if len(f) == 1])


def _q(c: Fraction) -> fmpq:
    return fmpq(c.numerator, c.denominator)


def _f(c: Any) -> Fraction:
    value = fmpq(c)
    return Fraction(int(value.p), int(value.q))


def _numbers(q: Form, n: int) -> list[Fraction]:
    values = [Fraction(0)] * n
    for monomial, c in q.to_dict().items():
        values[list(map(int, monomial)).index(1)] = _f(c)
    return values


def _coefficients(q: Form, n: int) -> list[Term]:
    return [num(c) for c in _numbers(q, n)]


def _distinct(forms: Sequence[Form]) -> list[Form]:
    seen: dict[str, Form] = {}
    for f in forms:
        monic = f / f.leading_coefficient()
        seen.setdefault(str(monic), monic)
    return list(seen.values())


def _distinct_spaces(spaces: Sequence[Sequence[Form]]) -> list[Sequence[Form]]:
    return list({tuple(str(f) for f in s): s for s in spaces}.values())


def gram(f: Form, n: int) -> list[list[Fraction]] | None:
    """The symmetric matrix of a quadratic form; None if it is not one."""
    m = [[Fraction(0)] * n for _ in range(n)]
    for monomial, c in f.to_dict().items():
        where = [k for k, d in enumerate(monomial) for _ in range(int(d))]
        if len(where) != 2:
            return None
        m[where[0]][where[1]] += _f(c) / 2
        m[where[1]][where[0]] += _f(c) / 2
    return m


def _regular(m: list[list[Fraction]]) -> bool:
    return sum(signature(m)) == len(m)


def _polar(m: list[list[Fraction]], line: Vector) -> Vector:
    """In the plane: the form that vanishes on the vector dual to the line with respect to the quadratic form."""
    first = mul(num(m[1][1]), line[0]) + mul(num(-m[0][1]), line[1])
    second = mul(num(-m[0][1]), line[0]) + mul(num(m[0][0]), line[1])
    return (second, mul(num(-1), first))


def _by_multiplicity(f: Form) -> dict[int, Form]:
    """The product of the irreducible factors of each multiplicity."""
    result: dict[int, Form] = {}
    for q, k in f.factor()[1]:
        result[int(k)] = result[int(k)] * q if int(k) in result else q
    return result


def real_lines(f: Form, n: int) -> list[Vector] | None:
    """All linear forms over the reals that divide a form without repeated factors; None if some may be missing."""
    found: list[Vector] = []
    for q, _ in f.factor()[1]:
        degree = int(q.total_degree())
        if degree == 1:
            found.append(tuple(_coefficients(q, n)))
        elif degree == 2:
            pair = _split_quadric(q, n)
            if pair is None:
                return None
            found += pair
        elif not _without_lines(q, n):
            return None
    return found


def _split_quadric(q: Form, n: int) -> list[Vector] | None:
    """The real linear factors of a quadratic form that does not factor over the rationals."""
    m = gram(q, n)
    if m is None:
        return None
    if signature(m) != (1, 1):
        return []
    i = next((i for i in range(n) if m[i][i] != 0), None)
    if i is None:
        return None
    # With w_jk = m_jk m_ii - m_ij m_ik of rank one: m_ii q = (Σ m_ij x_j)² + Σ w_jk x_j x_k, and w_jj < 0.
    row = [num(c) for c in m[i]]
    rest = [[m[j][k] * m[i][i] - m[i][j] * m[i][k] for k in range(n)] for j in range(n)]
    j = next(j for j in range(n) if rest[j][j] != 0)
    root = power(num(-rest[j][j]), num(-1, 2))
    other = [mul(num(c), root) for c in rest[j]]
    return [tuple(a + mul(num(s), b) for a, b in zip(row, other, strict=True)) for s in (1, -1)]


def _without_lines(q: Form, n: int) -> bool:
    """Whether an irreducible form of degree at least three is proved to have no real linear factor.

    Over the rationals irreducible, it has a linear factor only if it is a product of conjugate ones. In the plane
    its real zeros are counted; in three variables a product of lines divides its Hessian.
    """
    if n == 2:
        return _real_zeros(q) == 0
    x, y, z = ring(3).gens()
    for weights in ((1, 2, 3), (2, -1, 5), (-3, 1, 1)):
        values = [x, y, z] + [x * (weights[0] + i) + y * (weights[1] - i) + z * (weights[2] + 2 * i)
                              for i in range(n - 3)]
        section = q.compose(*values)
        if not section.is_zero() and not divmod(hessian(section, 3), section)[1].is_zero():
            return True
    return False


def _real_zeros(q: Form) -> int:
    """The number of real zeros of a binary form in the projective line."""
    degree = int(q.total_degree())
    coefficients = [fmpq(0)] * (degree + 1)
    for monomial, c in q.to_dict().items():
        coefficients[int(monomial[0])] = fmpq(c)
    p = fmpq_poly(coefficients)
    at_infinity = int(p.degree() < degree)
    roots: list[tuple[acb, int]] = p.complex_roots()  # type: ignore[assignment]
    return at_infinity + sum(1 for root, _ in roots if root.imag.contains(0))
