"""The decomposition of space that the Lie algebra gives, and what it does on each part.

Every symmetry A normalises the Lie algebra g, hence its commutant and the centre of that: a commutative algebra whose
real idempotents are permuted. Their images are the isotypic parts of Rⁿ when g acts completely reducibly.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq, fmpq_mat, fmpq_poly

from intertwine.calculus.budget import check
from intertwine.calculus.tower import Element, NoNormalForm, rational
from intertwine.maps.feasible import signature
from intertwine.maps.field import Constants, Matrix

Columns = list[list[Element]]  # basis vectors of a subspace


@dataclass(frozen=True)
class Block:
    """A part of the decomposition.

    ``kind`` is ``"line"`` (one dimension), ``"orthogonal"`` (g contains the rotations so(q) of a nondegenerate form q
    on the block, acting by zero on the others), ``"linear"`` (g contains sl of the block), or ``"plain"``.
    """

    basis: tuple[tuple[Element, ...], ...]
    kind: str
    form: tuple[tuple[Element, ...], ...] | None = None

    @property
    def size(self) -> int:
        """The dimension."""
        return len(self.basis)


def plain(a: Sequence[Sequence[Element]]) -> fmpq_mat | None:
    """A matrix of rational numbers; None if some entry is not literally one."""
    rows = []
    for row in a:
        values = [e.rational_value for e in row]
        if any(v is None for v in values):
            return None
        rows.append([v for v in values if v is not None])
    return fmpq_mat(rows) if rows and rows[0] else None


def times(field: Constants, a: Sequence[Sequence[Element]], b: Sequence[Sequence[Element]]) -> Matrix:
    """The product of two matrices."""
    left, right = plain(a), plain(b)
    if left is not None and right is not None:
        return [[rational(fmpq(e)) for e in row] for row in (left * right).tolist()]
    columns = list(zip(*b, strict=True))
    result = []
    for row in a:
        line = []
        for column in columns:
            total = rational(0)
            for x, y in zip(row, column, strict=True):
                if not x.num.is_zero() and not y.num.is_zero():
                    total = total + x * y
            line.append(field.tower.reduce(total))
        result.append(line)
    return result


def inverse(field: Constants, a: Sequence[Sequence[Element]]) -> Matrix:
    """The inverse of a square matrix.

    Raises
    ------
    NoNormalForm
        The matrix is singular.
    """
    n = len(a)
    rows = [[*row, *(rational(int(i == j)) for j in range(n))] for i, row in enumerate(a)]
    solved = field.solve(rows, n)
    reduced, pivots = field.echelon([list(row) for row in a], n)
    if solved is None or len(pivots) < n:
        raise NoNormalForm("a singular matrix")
    return [[solved[j][i] for j in range(n)] for i in range(n)]


def transpose(a: Sequence[Sequence[Element]]) -> Matrix:
    """The transpose."""
    return [list(column) for column in zip(*a, strict=True)]


def flat(a: Sequence[Sequence[Element]]) -> list[Element]:
    """The entries in a row."""
    return [e for row in a for e in row]


def bracket(field: Constants, a: Matrix, b: Matrix) -> Matrix:
    """``ab - ba``."""
    return [[x - y for x, y in zip(r, s, strict=True)]
            for r, s in zip(times(field, a, b), times(field, b, a), strict=True)]


def span(field: Constants, matrices: Sequence[Matrix], size: int) -> list[Matrix]:
    """A basis of the span of matrices of one shape."""
    if not matrices:
        return []
    rows, _ = field.echelon([flat(m) for m in matrices], len(matrices[0]) * size)
    return [[row[i * size : (i + 1) * size] for i in range(len(matrices[0]))] for row in rows]


def derived(field: Constants, algebra: Sequence[Matrix], size: int) -> list[Matrix]:
    """The span of all brackets."""
    brackets = [bracket(field, a, b) for i, a in enumerate(algebra) for b in algebra[:i]]
    return span(field, brackets, size)


def decompose(field: Constants, algebra: Sequence[Matrix], n: int) -> list[Block]:
    """The blocks of the isotypic decomposition, or the whole space as one block."""
    whole = [[rational(int(i == j)) for j in range(n)] for i in range(n)]
    single = classify(field, algebra, whole, n)
    if single.kind != "plain" or not algebra:
        return [single]
    try:
        parts = _isotypic(field, algebra, n)
    except NoNormalForm:
        return [single]
    if parts is None or len(parts) == 1:
        return [single]
    return [classify(field, algebra, part, n, parts) for part in parts]


def _commuting(field: Constants, algebra: Sequence[Matrix], among: Sequence[Matrix], n: int) -> list[Matrix]:
    """The combinations of some matrices that commute with all of an algebra."""
    rows = []
    for x in algebra:
        check()
        columns = [flat(bracket(field, z, x)) for z in among]
        rows += [list(row) for row in zip(*columns, strict=True)]
    kernel = field.kernel(rows, len(among))
    result = []
    for vector in kernel:
        total = [[rational(0)] * n for _ in range(n)]
        for c, z in zip(vector, among, strict=True):
            if not c.num.is_zero():
                total = [[a + c * b for a, b in zip(r, s, strict=True)] for r, s in zip(total, z, strict=True)]
        result.append(total)
    return result


def _isotypic(field: Constants, algebra: Sequence[Matrix], n: int) -> list[Columns] | None:
    units = [[[rational(int((i, j) == (a, b))) for b in range(n)] for a in range(n)]
             for i in range(n) for j in range(n)]
    commutant = _commuting(field, algebra, units, n)
    centre = _commuting(field, commutant, commutant, n)
    plain = []
    for z in centre:
        values = [[e.rational_value for e in row] for row in z]
        if any(v is None for row in values for v in row):
            return None
        plain.append(values)
    rng = random.Random(5)
    for _ in range(6):
        weights = [rng.randint(-50, 50) for _ in plain]
        generic = fmpq_mat([[sum((w * (p[i][j] or fmpq(0)) for w, p in zip(weights, plain, strict=True)), fmpq(0))
                             for j in range(n)] for i in range(n)])
        _, factors = fmpq_poly(generic.charpoly()).factor()
        if sum(q.degree() for q, _ in factors) != len(centre):
            continue  # not generic, or the centre has nilpotent elements
        if any(q.degree() > 2 or (q.degree() == 2 and _discriminant(q) > 0) for q, _ in factors):
            return None  # the idempotents over the rationals are not primitive over the reals
        return [_kernel_of(field, q, generic, n) for q, _ in factors]
    return None


def _discriminant(q: fmpq_poly) -> fmpq:
    return q[1] ** 2 - 4 * q[0] * q[2]


def _kernel_of(field: Constants, q: fmpq_poly, z: fmpq_mat, n: int) -> Columns:
    total = fmpq_mat(n, n)
    one = fmpq_mat([[int(i == j) for j in range(n)] for i in range(n)])
    for c in reversed(q.coeffs()):
        total = total * z + one * c
    return field.kernel([[rational(fmpq(total[i, j])) for j in range(n)] for i in range(n)], n)


def classify(field: Constants, algebra: Sequence[Matrix], basis: Columns, n: int,
             parts: Sequence[Columns] | None = None) -> Block:
    """What the part of the algebra does that acts on one block alone."""
    frozen = tuple(tuple(v) for v in basis)
    size = len(basis)
    if size == 1:
        return Block(frozen, "line")
    others = [v for p in parts or [] if p is not basis for v in p]
    own = _acting_on(field, algebra, basis, others)
    if not own:
        return Block(frozen, "plain")
    inner = derived(field, own, size) if size > 2 else own
    if len(derived(field, own, size)) == size * size - 1:
        return Block(frozen, "linear")
    if size == 2:
        inner = _rotation(field, own)
    if len(inner) == size * (size - 1) // 2:
        form = _invariant_form(field, inner, size)
        if form is not None:
            return Block(frozen, "orthogonal", tuple(tuple(row) for row in form))
    return Block(frozen, "plain")


def _acting_on(field: Constants, algebra: Sequence[Matrix], basis: Columns, others: Columns) -> list[Matrix]:
    """The elements that are zero on the other blocks, restricted to one block."""
    if not algebra:
        return []
    rows: list[list[Element]] = []
    for v in others:
        images = [[row[0] for row in times(field, x, [[e] for e in v])] for x in algebra]
        rows += [list(row) for row in zip(*images, strict=True)]
    kernel = field.kernel(rows, len(algebra)) if rows else [
        [rational(int(i == j)) for j in range(len(algebra))] for i in range(len(algebra))
    ]
    n = len(algebra[0])
    result = []
    for vector in kernel:
        total = [[rational(0)] * n for _ in range(n)]
        for c, x in zip(vector, algebra, strict=True):
            if not c.num.is_zero():
                total = [[a + c * b for a, b in zip(r, s, strict=True)] for r, s in zip(total, x, strict=True)]
        images = transpose(times(field, total, transpose(basis)))
        solved = field.solve([[*(v[i] for v in basis), *(w[i] for w in images)] for i in range(n)], len(basis))
        if solved is None:
            raise NoNormalForm("a block that is not invariant")
        result.append(transpose(solved))
    return span(field, result, len(basis))


def _rotation(field: Constants, own: Sequence[Matrix]) -> list[Matrix]:
    """In two dimensions: the traceless element with negative square, if the traceless elements are its multiples."""
    kernel = field.kernel([[x[0][0] + x[1][1] for x in own]], len(own))
    if len(kernel) != 1:
        return []
    j = [[rational(0)] * 2 for _ in range(2)]
    for c, x in zip(kernel[0], own, strict=True):
        j = [[a + c * b for a, b in zip(r, s, strict=True)] for r, s in zip(j, x, strict=True)]
    determinant = field.tower.reduce(j[0][0] * j[1][1] - j[0][1] * j[1][0])
    return [j] if positive(field, determinant) else []


def positive(field: Constants, e: Element) -> bool:
    """Whether a constant is positive."""
    from intertwine.maps.regions import constant_sign

    return not field.is_zero(e) and constant_sign(field.term(e)) == 1


def _invariant_form(field: Constants, rotations: Sequence[Matrix], size: int) -> Matrix | None:
    """The nondegenerate symmetric S with XᵀS + SX = 0, if it is unique up to scale."""
    places = [(i, j) for i in range(size) for j in range(i, size)]
    rows = []
    for x in rotations:
        images = []
        for i, j in places:
            s = [[rational(int((a, b) in ((i, j), (j, i)))) for b in range(size)] for a in range(size)]
            sx = times(field, s, x)
            images.append([sx[a][b] + sx[b][a] for a in range(size) for b in range(size)])
        rows += [list(row) for row in zip(*images, strict=True)]
    kernel = field.kernel(rows, len(places))
    if len(kernel) != 1:
        return None
    form = [[rational(0)] * size for _ in range(size)]
    for (i, j), c in zip(places, kernel[0], strict=True):
        form[i][j] = form[j][i] = c
    _, pivots = field.echelon(form, size)
    return form if len(pivots) == size else None


def diagonalised(field: Constants, form: Sequence[Sequence[Element]]) -> tuple[Columns, list[Element]]:
    """Vectors that are orthogonal for a nondegenerate symmetric form, with their squares."""
    size = len(form)
    vectors = [[rational(int(i == j)) for j in range(size)] for i in range(size)]

    def product(u: Sequence[Element], v: Sequence[Element]) -> Element:
        total = rational(0)
        for i in range(size):
            for j in range(size):
                if not (u[i].num.is_zero() or v[j].num.is_zero() or form[i][j].num.is_zero()):
                    total = total + u[i] * form[i][j] * v[j]
        return field.tower.reduce(total)

    chosen: Columns = []
    squares: list[Element] = []
    while vectors:
        check()
        k = next((k for k, v in enumerate(vectors) if not field.is_zero(product(v, v))), None)
        if k is None:
            pair = next((i, j) for i in range(len(vectors)) for j in range(i)
                        if not field.is_zero(product(vectors[i], vectors[j])))
            vectors[pair[0]] = [a + b for a, b in zip(vectors[pair[0]], vectors[pair[1]], strict=True)]
            continue
        v = vectors.pop(k)
        square = product(v, v)
        chosen.append(v)
        squares.append(square)
        vectors = [
            [field.tower.reduce(a - product(w, v) / square * b) for a, b in zip(w, v, strict=True)] for w in vectors
        ]
    return chosen, squares


def rational_signature(form: Sequence[Sequence[Element]]) -> tuple[int, int] | None:
    """The signature of a form with rational entries."""
    values = [[e.rational_value for e in row] for row in form]
    if any(v is None for row in values for v in row):
        return None
    return signature([[Fraction(int(v.p), int(v.q)) for v in row if v is not None] for row in values])
