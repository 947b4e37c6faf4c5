"""The parts of space that symmetries permute, and the finitely many ways to map one to another up to connected groups.

Blocks of the Lie algebra are parts; a block on which the Lie algebra says nothing is divided by lines of linear forms
that are permuted. On a part the symmetries act, up to a positive scale and up to the identity component of an
orthogonal or special linear group, in finitely many ways.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from intertwine.calculus.budget import check
from intertwine.calculus.tower import Element, rational
from intertwine.maps.blocks import Block, Columns, diagonalised, inverse, positive
from intertwine.maps.field import Constants, Matrix
from intertwine.maps.invariants import Invariants, Label, Vector
from intertwine.terms import num, power

Colour = frozenset[Label]
MOST_MAPS = 4000


@dataclass
class Piece:
    """A part of space with a basis; ``lines`` are covectors in that basis with their colours."""

    basis: Columns
    kind: str
    form: Matrix | None = None
    lines: list[tuple[list[Element], Colour]] = field(default_factory=list)
    tag: int = 0  # parts with different tags are told apart

    @property
    def size(self) -> int:
        """The dimension."""
        return len(self.basis)

    @property
    def type(self) -> tuple[object, ...]:
        """Pieces of different type are not mapped to each other."""
        return (self.kind, self.size, self.tag, tuple(sorted(str(sorted(map(str, c))) for _, c in self.lines)))


def pieces_of(constants: Constants, blocks: Sequence[Block], found: Invariants, tagged: bool = False,
              ) -> list[Piece] | None:
    """The parts that the symmetries permute; None if lines are missing on a plain block.

    With ``tagged``, no block is mapped to another.
    """
    matrix = [[v[i] for b in blocks for v in b.basis] for i in range(found.n)]
    lines = [([found.mixed.of(c) for c in line], frozenset(labels)) for line, labels in _usable(found)]
    result: list[Piece] = []
    start = 0
    for tag, b in enumerate(blocks):
        local = _local_lines(constants, lines, matrix, start, b.size)
        basis = [list(v) for v in b.basis]
        if b.kind == "plain":
            parts = _clusters(constants, basis, local)
            if parts is None:
                return None
            new = parts
        elif b.kind == "line":
            colours = frozenset(label for _, c in local for label in c)
            new = [Piece(basis, "lines", None, [([rational(1)], colours)])]
        else:
            new = [Piece(basis, b.kind, None if b.form is None else [list(r) for r in b.form])]
        for piece in new:
            piece.tag = tag if tagged else 0
        result += new
        start += b.size
    return result


def _usable(found: Invariants) -> Iterator[tuple[Vector, set[Label]]]:
    """Lines with their labels; walls count only if all of them are known."""
    unknown = [line for line in found.unsure if ("wall",) not in found.lines.get(line, set())]
    for line, labels in found.lines.items():
        kept = {label for label in labels if not unknown or label not in (("wall",), ("affine wall",))}
        if kept:
            yield line, kept


def _local_lines(constants: Constants, lines: Sequence[tuple[list[Element], Colour]], matrix: Matrix, start: int,
                 size: int) -> list[tuple[list[Element], Colour]]:
    """The lines that vanish on all other blocks, in the coordinates of one block."""
    result = []
    n = len(matrix)
    for line, colour in lines:
        values = []
        for k in range(n):
            total = rational(0)
            for i in range(n):
                total = total + line[i] * matrix[i][k]
            values.append(constants.tower.reduce(total))
        zero = [constants.is_zero(v) for v in values]
        if all(zero[k] for k in range(n) if not start <= k < start + size):
            result.append(([rational(0) if z else v for v, z in zip(values, zero, strict=True)][start : start + size],
                           colour))
    return result


def _clusters(constants: Constants, basis: Columns, lines: list[tuple[list[Element], Colour]]) -> list[Piece] | None:
    """The connected parts of an arrangement of lines that span."""
    size = len(basis)
    count: dict[Colour, int] = {}
    for _, colour in lines:
        count[colour] = count.get(colour, 0) + 1
    lines = sorted(lines, key=lambda item: count[item[1]])  # rare colours first: fewer images to try
    chosen: list[int] = []
    for k in range(len(lines)):
        rows = [lines[i][0] for i in [*chosen, k]]
        if len(constants.echelon(rows, size)[1]) == len(rows):
            chosen.append(k)
        if len(chosen) == size:
            break
    if len(chosen) < size:
        return None
    change = inverse(constants, [lines[i][0] for i in chosen])  # columns: the dual vectors in the block's coordinates
    moved = []
    for line, colour in lines:
        values = []
        for k in range(size):
            total = rational(0)
            for i in range(size):
                total = total + line[i] * change[i][k]
            total = constants.tower.reduce(total)
            values.append(rational(0) if constants.is_zero(total) else total)
        moved.append((values, colour))
    groups = list(range(size))
    for values, _ in moved:
        support = [k for k in range(size) if not values[k].num.is_zero()]
        low = min(groups[k] for k in support)
        joined = {groups[k] for k in support}
        groups = [low if g in joined else g for g in groups]
    result = []
    for g in sorted(set(groups)):
        places = [k for k in range(size) if groups[k] == g]
        vectors = []
        for k in places:
            vector = [rational(0)] * len(basis[0])
            for i in range(size):
                vector = [a + change[i][k] * b for a, b in zip(vector, basis[i], strict=True)]
            vectors.append([constants.tower.reduce(v) for v in vector])
        own = [([v[k] for k in places], c) for v, c in moved if any(not v[k].num.is_zero() for k in places)]
        own.sort(key=lambda item: sum(not e.num.is_zero() for e in item[0]))
        result.append(Piece(vectors, "lines", None, own))
    return result


def maps_between(constants: Constants, p: Piece, q: Piece) -> list[Matrix] | None:
    """The maps from p to q in their bases, up to positive scales and connected groups; None if there are too many."""
    if p.type != q.type:
        return []
    if p.kind == "lines":
        return _line_maps(constants, p, q)
    if p.kind == "linear":
        plain = [[rational(int(i == j)) for j in range(p.size)] for i in range(p.size)]
        turned = [[rational(-1 if i == j == 0 else int(i == j)) for j in range(p.size)] for i in range(p.size)]
        return [plain, turned]
    return _isometries(constants, p, q)


def _isometries(constants: Constants, p: Piece, q: Piece) -> list[Matrix]:
    """Maps that take one form to plus or minus the other, one for each component."""
    assert p.form is not None and q.form is not None
    source, target = _frame(constants, p.form), _frame(constants, q.form)
    result: list[Matrix] = []
    into = inverse(constants, [[v[i] for v in source[0] + source[1]] for i in range(p.size)])
    for flip in (False, True):
        positives, negatives = (target[1], target[0]) if flip else target
        if (len(positives), len(negatives)) != (len(source[0]), len(source[1])):
            continue
        for plus in (1, -1) if positives else (1,):
            for minus in (1, -1) if negatives else (1,):
                columns = [list(v) for v in positives] + [list(v) for v in negatives]
                if plus < 0:
                    columns[0] = [-e for e in columns[0]]
                if minus < 0:
                    columns[len(positives)] = [-e for e in columns[len(positives)]]
                outer = [[c[i] for c in columns] for i in range(q.size)]
                result.append(_times(constants, outer, into))
    return result


def _times(constants: Constants, a: Matrix, b: Matrix) -> Matrix:
    from intertwine.maps.blocks import times

    return times(constants, a, b)


def _frame(constants: Constants, form: Matrix) -> tuple[Columns, Columns]:
    """Orthogonal vectors with squares 1 and -1."""
    vectors, squares = diagonalised(constants, form)
    plus: Columns = []
    minus: Columns = []
    for v, s in zip(vectors, squares, strict=True):
        up = positive(constants, s)
        value = (s if up else -s).rational_value
        term = constants.term(s if up else -s) if value is None else num(int(value.p), int(value.q))
        factor = power(term, num(-1, 2))
        scale = constants.of(factor)
        (plus if up else minus).append([constants.tower.reduce(scale * e) for e in v])
    return plus, minus


def _line_maps(constants: Constants, p: Piece, q: Piece) -> list[Matrix] | None:
    """The linear maps, up to positive scale, that carry the lines of p to those of q."""
    size = p.size
    found: list[Matrix] = []
    first = [next(i for i, (v, _) in enumerate(q.lines) if _unit(v, k)) for k in range(size)]
    rest = [i for i in range(len(q.lines)) if i not in first]
    count = 0
    for images in _injections([q.lines[i][1] for i in first], p.lines):
        count += 1
        if count > MOST_MAPS:
            return None
        check()
        rows = [p.lines[i][0] for i in images]
        if len(constants.echelon(rows, size)[1]) < size:
            continue
        found += _scaled(constants, p, q, rows, rest)
    signed = []
    for m in found:
        scaled = _normalised(constants, m)
        signed += [scaled, [[-e for e in row] for row in scaled]]
    return signed


def _unit(v: Sequence[Element], k: int) -> bool:
    return all(e.num.is_zero() != (i == k) for i, e in enumerate(v))


def _injections(colours: Sequence[Colour], lines: Sequence[tuple[list[Element], Colour]],
                taken: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    if len(taken) == len(colours):
        yield taken
        return
    for i, (_, colour) in enumerate(lines):
        if i not in taken and colour == colours[len(taken)]:
            yield from _injections(colours, lines, (*taken, i))


def _scaled(constants: Constants, p: Piece, q: Piece, rows: Matrix, rest: Sequence[int]) -> list[Matrix]:
    """Scales c_i of the rows so that every other line of q is carried to a line of p."""
    size = p.size
    dual = inverse(constants, rows)
    expressed = []
    for line, colour in p.lines:
        values = []
        for k in range(size):
            total = rational(0)
            for i in range(size):
                total = total + line[i] * dual[i][k]
            total = constants.tower.reduce(total)
            values.append(rational(0) if constants.is_zero(total) else total)
        expressed.append((values, colour))
    states: list[list[Element | None]] = [[rational(1)] + [None] * (size - 1)]
    pending = list(rest)
    while pending and states:
        check()
        known = {k for k in range(size) if states[0][k] is not None}
        index = next((i for i in pending if any(not q.lines[i][0][k].num.is_zero() for k in known)), None)
        if index is None:
            return []
        pending.remove(index)
        line, colour = q.lines[index]
        following: list[list[Element | None]] = []
        for state in states:
            for values, other in expressed:
                if other == colour and (extended := _extend(constants, line, values, state)) is not None:
                    following.append(extended)
        states = following
    result = []
    for state in states:
        if None not in state:
            result.append([[c * e for e in row] for c, row in zip(state, rows, strict=True) if c is not None])
    return result


def _extend(constants: Constants, line: Sequence[Element], values: Sequence[Element],
            state: Sequence[Element | None]) -> list[Element | None] | None:
    """The scales after ``Σ a_i c_i r_i = λ Σ b_i r_i``: c_i = λ b_i / a_i."""
    if any(a.num.is_zero() != b.num.is_zero() for a, b in zip(line, values, strict=True)):
        return None
    support = [k for k in range(len(line)) if not line[k].num.is_zero()]
    anchor = next(k for k in support if state[k] is not None)
    known = state[anchor]
    assert known is not None
    scale = known * line[anchor] / values[anchor]
    result = list(state)
    for k in support:
        value = constants.tower.reduce(scale * values[k] / line[k])
        old = result[k]
        if old is None:
            result[k] = value
        elif not constants.is_zero(old - value):
            return None
    return result


def _normalised(constants: Constants, m: Matrix) -> Matrix:
    """The matrix with determinant 1 or -1."""
    size = len(m)
    determinant = _determinant(m)
    determinant = constants.tower.reduce(determinant)
    size_term = constants.term(determinant if positive(constants, determinant) else -determinant)
    if size_term.value == 1:
        return [[constants.tower.reduce(e) for e in row] for row in m]
    factor = constants.of(power(size_term, num(-1, size)))
    return [[constants.tower.reduce(factor * e) for e in row] for row in m]


def _determinant(m: Sequence[Sequence[Element]]) -> Element:
    if len(m) == 1:
        return m[0][0]
    total = rational(0)
    for j, e in enumerate(m[0]):
        if not e.num.is_zero():
            minor = [[row[k] for k in range(len(m)) if k != j] for row in m[1:]]
            total = total + e * _determinant(minor) * rational((-1) ** j)
    return total
