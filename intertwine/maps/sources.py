"""Where the invariants of a map come from: its jets at the origin, its pieces, and its walls."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations_with_replacement

from flint import arb, fmpq

from intertwine.calculus.budget import check
from intertwine.calculus.differentiate import NoDerivative
from intertwine.calculus.enclosure import Unclear, UndefinedAt, ball, precision
from intertwine.calculus.tower import Element, NoNormalForm, Poly, Rescale, constant_poly, rational
from intertwine.maps.balls import Point, PointEvaluator
from intertwine.maps.covariants import Form, ring
from intertwine.maps.field import Constants
from intertwine.maps.invariants import Invariants, Label, real_lines
from intertwine.maps.jets import Jets, NoJet
from intertwine.maps.regions import Region, Units
from intertwine.maps.space import Cell, Space
from intertwine.maps.walls import _beside, _points_on
from intertwine.terms import Term, num

ORDER = 6
POWERS = 4
NEAR = Fraction(1, 2**20)


def invariants(space: Space) -> tuple[Invariants, bool]:
    """What the symmetries of a map permute, and whether the map is analytic at the origin."""
    found = Invariants(space.n, space.mixed)
    analytic = _from_jets(space, found)
    _from_pieces(space, found)
    _from_walls(space, found)
    found.combine()
    found.colour()
    return found, analytic


# -- homogeneous parts ---------------------------------------------------------------------
def _from_jets(space: Space, found: Invariants) -> bool:
    units: Units = {}
    for _ in range(4):
        try:
            region = Region(space.n, units=dict(units))
            jets = Jets(region, ORDER)
            series = [jets.of(space.terms[b]) for b in space.basis]
            graded(space, found, ("jet",), [(region, series)])
            if space.n == 2:
                _equivariant_fields(space, found, region, series)
            return True
        except (NoJet, NoNormalForm):
            return False
        except Rescale as rescale:
            units[rescale.family] = rescale.unit
    return False


def _equivariant_fields(space: Space, found: Invariants, region: Region, series: Sequence[Sequence[Poly]]) -> None:
    """In the plane, a part of the filtration with all linear forms as leading parts is an equivariant vector field.

    With F(x) = x + Q_2(x) + ..., F(Ax) = A F(x), so the forms det(x, Q_k(x)) are mapped to multiples of themselves.
    """
    for order_label, rows in _leading_fields(space, region, series).items():
        for k, field in rows.items():
            x, y = ring(2).gens()
            found.add_forms(("field", order_label, k), [x * field[1] - y * field[0]], 1)
            found.add_forms(("divergence", order_label, k), [field[0].derivative(0) + field[1].derivative(1)], 1)


def _leading_fields(space: Space, region: Region, series: Sequence[Sequence[Poly]],
                    ) -> dict[int, dict[int, list[Form]]]:
    """The homogeneous parts of the functions of V that vanish at the origin, normalised to linear parts x and y."""
    table, monomials = _table(space.n, region, series)
    reduced, pivots = Constants(region.tower).echelon(table, len(monomials))
    orders = [sum(monomials[p]) for p in pivots]
    if orders.count(1) != 2 or any(o > 1 for o in orders):
        return {}
    members = [row for row, o in zip(reduced, orders, strict=True) if o == 1]
    result: dict[int, list[Form]] = {}
    for k in range(2, ORDER + 1):
        columns = [c for c, m in enumerate(monomials) if sum(m) == k]
        values = [[row[c].rational_value for c in columns] for row in members]
        if columns and not any(v is None for row in values for v in row):
            result[k] = [ring(2).from_dict({monomials[c]: v for c, v in zip(columns, row, strict=True) if v})
                         for row in values]
    return {1: result}


def graded(space: Space, found: Invariants, label: Label, families: Sequence[tuple[Region, Sequence[Sequence[Poly]]]],
           ) -> None:
    """The homogeneous parts of the filtration by the order at the origin, for a class of spaces of polynomials."""
    spaces: dict[Label, list[list[Form] | None]] = {}
    for region, functions in families:
        for key, basis in _graded(space.n, region, functions).items():
            spaces.setdefault((*label, *key), []).append(basis)
    for key in sorted(spaces, key=lambda k: (k[-1], k[-2])):
        if None not in spaces[key]:  # a class counts only if all of it is known
            found.add_space(key, [s for s in spaces[key] if s is not None])


def _graded(n: int, region: Region, functions: Sequence[Sequence[Poly]]) -> dict[Label, list[Form] | None]:
    """The parts by (order, degree); None for a space without a rational basis."""
    field = Constants(region.tower)
    rows, monomials = _table(n, region, functions)
    if not monomials:
        return {}
    reduced, pivots = field.echelon(rows, len(monomials))
    orders = [sum(monomials[p]) for p in pivots]
    top = max(sum(m) for m in monomials)
    result: dict[Label, list[Form] | None] = {}
    for j in sorted(set(orders)):
        members = [row for row, o in zip(reduced, orders, strict=True) if o >= j]
        for k in range(max(j, 1), top + 1):
            check()
            columns = [c for c, m in enumerate(monomials) if sum(m) == k]
            if not columns:
                continue
            part, _ = field.echelon([[row[c] for c in columns] for row in members], len(columns))
            values = [[e.rational_value for e in row] for row in part]
            if not part:
                continue
            if any(v is None for row in values for v in row):
                result[j, k] = None
                continue
            result[j, k] = [
                ring(n).from_dict({monomials[c]: v for c, v in zip(columns, row, strict=True) if v})
                for row in values
            ]
    return result


def _table(n: int, region: Region, functions: Sequence[Sequence[Poly]],
           ) -> tuple[list[list[Element]], list[tuple[int, ...]]]:
    """The coefficients of polynomials, one row each, and the monomials of the columns by degree."""
    where = {i: g.family[1] for i, g in enumerate(region.tower.generators) if g.family[0] == "x"}
    context = constant_poly(1).context()
    table: list[dict[tuple[int, ...], dict[tuple[int, ...], fmpq]]] = []
    for parts in functions:
        row: dict[tuple[int, ...], dict[tuple[int, ...], fmpq]] = {}
        for p in parts:
            for monomial, c in p.to_dict().items():
                key = [0] * n
                rest = [int(d) for d in monomial]
                for i, j in where.items():
                    key[j], rest[i] = rest[i], 0
                row.setdefault(tuple(key), {})[tuple(rest)] = fmpq(c)
        table.append(row)
    monomials = sorted({m for row in table for m in row}, key=lambda m: (sum(m), tuple(-d for d in m)))
    rows = [[Element(context.from_dict(row[m]), constant_poly(1)) if m in row else rational(0) for m in monomials]
            for row in table]
    return rows, monomials


# -- pieces -----------------------------------------------------------------------------------
def _from_pieces(space: Space, found: Invariants) -> None:
    """Rational functions on every piece: numerators over one denominator; products, where only those are rational."""
    cells = [c for c in space.cells if not c.region.thin]
    for k in range(1, POWERS + 1):
        families, bottoms = [], []
        for cell in cells:
            products = _products(space, cell, k)
            shared = None if products is None else _over_one_denominator(cell.region, products)
            if shared is None:
                break
            families.append((cell.region, [[p] for p in shared[0]]))
            bottoms.append((cell.region, [[shared[1]]]))
        else:
            graded(space, found, ("piece", k), families)
            graded(space, found, ("denominator", k), bottoms)
            if k == 1 and len(cells) > 1:
                _smooth_part(space, found, cells)
            break


def _smooth_part(space: Space, found: Invariants, cells: Sequence[Cell]) -> None:
    """The functions of V that are one rational function on all pieces."""
    region = Region(space.n)
    everywhere = [[_moved(region, cell, cell.elements[b]) for b in space.basis] for cell in cells]
    first = everywhere[0]
    rows = []
    for other in everywhere[1:]:
        rows += space.mixed.rows(region, [a - b for a, b in zip(first, other, strict=True)])
    kernel = space.mixed.field.kernel(rows, space.d)
    members = []
    for vector in kernel:
        total = rational(0)
        for c, e in zip(vector, first, strict=True):
            total = total + region.element(space.mixed.field.term(c)) * e
        members.append(region.tower.reduce(total))
    shared = _over_one_denominator(region, members) if members else None
    if shared is not None:
        graded(space, found, ("smooth",), [(region, [[p] for p in shared[0]])])


def _moved(region: Region, cell: Cell, e: Element) -> Element:
    """A rational function of another region."""
    tower = cell.region.tower
    return region.element(tower.term_of(e.num)) / region.element(tower.term_of(e.den))


def _products(space: Space, cell: Cell, k: int) -> list[Element] | None:
    basis = [cell.elements[b] for b in space.basis]
    result = []
    for chosen in combinations_with_replacement(basis, k):
        total = rational(1)
        for e in chosen:
            total = total * e
        total = cell.region.tower.reduce(total)
        for p in (total.num, total.den):
            for i in cell.region.tower.used(p):
                g = cell.region.tower.generators[i]
                if g.imaginary or not (g.constant or g.family[0] == "x"):
                    return None
        result.append(total)
    return result


def _over_one_denominator(region: Region, elements: Sequence[Element]) -> tuple[list[Poly], Poly] | None:
    common = constant_poly(1)
    for e in elements:
        common = common if e.den.is_constant() else common * divmod(e.den, common.gcd(e.den))[0]
    tops = [e.num * divmod(common, e.den)[0] for e in elements]
    divisor = common
    for p in tops:
        if not p.is_zero():
            divisor = divisor.gcd(p)
    if not divisor.is_constant():
        tops, common = [divmod(p, divisor)[0] for p in tops], divmod(common, divisor)[0]
    return tops, common


# -- walls ---------------------------------------------------------------------------------------
def _from_walls(space: Space, found: Invariants) -> None:
    """Linear walls: those where some function is proved not to be analytic, and those where it is not known.

    Nothing is said if a curved wall may contain a hyperplane that is not seen.
    """
    # The zeros of several forms at once contain no hyperplane.
    hard = [w.forms[0] if w.forms else w.atom for w in space.hard_walls if len(w.forms) < 2]
    roots = [node.args[0] for t in space.terms for node in t.walk() if node.op == "cbrt"]  # singular, but no case
    atoms = hard + space.soft_walls + roots
    rows: list[tuple[Fraction, ...]] = []
    others: list[tuple[Term, ...]] = []
    for atom in atoms:
        parts = _hyperplanes(space.n, atom)
        if parts is None:
            return
        rows += [r for r in parts[0] if any(r[: space.n])]
        others += parts[1]
    sure: dict[str, list[tuple[Fraction, ...]]] = {}
    for row in rows:
        kind = next((k for p in _points_on(row, space.n) if (k := _singular(space, row, p)) is not None), None)
        if kind is not None:
            sure.setdefault("wall" if row[space.n] == 0 else "affine wall", []).append(row)
        else:
            others.append(tuple(num(c) for c in row[: space.n]))
    for kind, several in sure.items():
        for row in several:
            found.add_line((kind,), [num(c) for c in row[: space.n]])
    for normal in others:
        line = found.normalised(normal)
        if line is not None:
            found.unsure.setdefault(line)


def _hyperplanes(n: int, atom: Term) -> tuple[list[tuple[Fraction, ...]], list[tuple[Term, ...]]] | None:
    """The hyperplanes in the zeros of an atom: with rational coefficients, and others; None if some may be missing."""
    region = Region(n)
    try:
        e = region.element(atom)
        row = region._linear_row(e.num)
        if row is not None:
            return [row], []
        polynomial = region._polynomial(e.num)
    except (NoNormalForm, Rescale):
        return None
    if polynomial is None:
        slopes = _linear_with_constants(region, e.num, n)
        return None if slopes is None else ([], [slopes])
    degrees = {sum(m) for m in polynomial}
    if len(degrees) > 1:  # a factor of the polynomial is one of its part of highest degree
        top = max(degrees)
        polynomial = {m: c for m, c in polynomial.items() if sum(m) == top}
    form = ring(n).from_dict({m: fmpq(c.numerator, c.denominator) for m, c in polynomial.items()})
    if len(degrees) > 1:
        parts = [real_lines(q, n) for q, _ in form.factor()[1]]
        return ([], [line for p in parts if p is not None for line in p]) if None not in parts else None
    lines = real_lines(form, n)
    return None if lines is None else ([], list(lines))


def _linear_with_constants(region: Region, p: Poly, n: int) -> tuple[Term, ...] | None:
    """The coefficients of a polynomial that is linear in the variables, with constants that are not rational."""
    where = {i: g.family[1] for i, g in enumerate(region.tower.generators) if g.family[0] == "x"}
    if any(not region.tower.generators[i].constant and i not in where for i in region.tower.used(p)):
        return None
    context = constant_poly(1).context()
    parts: dict[int, dict[tuple[int, ...], fmpq]] = {}
    for monomial, c in p.to_dict().items():
        used = [i for i in where if int(monomial[i])]
        if len(used) > 1 or any(int(monomial[i]) > 1 for i in used):
            return None
        if used:
            rest = tuple(0 if i == used[0] else int(d) for i, d in enumerate(monomial))
            parts.setdefault(where[used[0]], {})[rest] = fmpq(c)
    return tuple(region.tower.term_of(context.from_dict(parts.get(j, {}))) for j in range(n))


def _singular(space: Space, row: tuple[Fraction, ...], p: Point) -> str | None:
    """Why some function of V is not analytic at a point of a wall."""
    sides: list[Cell | None] = []
    for s in (1, -1):
        cell = next((c for c in space.cells if not c.region.thin and _beside(c.region, row, p, s)), None)
        if cell is None and not any(not r.thin and _beside(r, row, p, s) for r in space.outside):
            return None
        sides.append(cell)
    if (sides[0] is None) != (sides[1] is None):
        return "border"
    if sides[0] is None or sides[1] is None:
        return None
    for b in space.basis:
        if any(s is not None and _branch(s, s.elements[b], row, p) for s in sides):
            return "branch"
        if _pole(sides[0], sides[0].elements[b], row, p):
            return "pole"
    for b in space.basis:
        try:
            with precision(192):
                evaluator = PointEvaluator(p)
                left, right = (evaluator.value(s.resolved[b]) for s in sides if s is not None)
                if left != right:
                    return "jump"
                slopes = [evaluator.gradient(s.resolved[b]) for s in sides if s is not None]
                if any(u != v for u, v in zip(*slopes, strict=True)):
                    return "kink"
        except (UndefinedAt, Unclear, NoDerivative):
            continue
    return None


def _branch(cell: Cell, e: Element, row: tuple[Fraction, ...], p: Point) -> bool:
    """Whether an element is a polynomial in a root r of the wall, with powers of r that are no powers of the wall.

    Around the wall r is multiplied by a root of unity. If Σ c_k r^k were analytic near p, with c_k analytic there, the
    part of each power by itself would be, so c_k = 0 unless r^k is a power of the wall.
    """
    tower = cell.region.tower
    for i in set(tower.used(e.num)) - set(tower.used(e.den)):
        g = tower.generators[i]
        if g.family[0] not in ("root", "cbrt") or g.argument is None or not g.argument.den.is_constant():
            continue
        wall = cell.region._linear_row(g.argument.num)
        if wall is None or not _same_line(wall, row):
            continue
        parts: dict[int, dict[tuple[int, ...], fmpq]] = {}
        for monomial, c in e.num.to_dict().items():
            rest = tuple(0 if k == i else int(d) for k, d in enumerate(monomial))
            parts.setdefault(int(monomial[i]) % g.power, {})[rest] = fmpq(c)
        tops = [tower.term_of(constant_poly(1).context().from_dict(q)) for k, q in parts.items() if k]
        try:
            with precision(192):
                evaluator = PointEvaluator([ball(c) + arb(0, ball(NEAR)) for c in p])  # a neighbourhood of p
                side = 1 if _beside(cell.region, row, p, 1) else -1
                beside = PointEvaluator([c + side * v * NEAR / (1 + abs(v)) for c, v in zip(p, row, strict=False)])
                if evaluator.value(tower.term_of(e.den)) != 0 and any(beside.value(t) != 0 for t in tops):
                    return all(_analytic_beside(cell, k, i, p, evaluator) for q in (e.num, e.den)
                               for k in tower.used(q) if k != i)
        except (UndefinedAt, Unclear):
            continue
    return False


def _analytic_beside(cell: Cell, position: int, root: int, p: Point, evaluator: PointEvaluator) -> bool:
    """Whether another generator is analytic near the point, where the one at ``root`` is not."""
    tower = cell.region.tower
    g = tower.generators[position]
    if g.constant or g.family[0] == "x":
        return True
    if g.argument is None or g.imaginary or g.family[0] not in ("root", "cbrt", "log", "exp"):
        return False
    top, bottom = (evaluator.value(tower.term_of(q)) for q in (g.argument.num, g.argument.den))
    if bottom.contains(0) or (g.family[0] != "exp" and top.contains(0)):
        return False
    below = {k for q in (g.argument.num, g.argument.den) for k in tower.used(q)}
    return root not in below and all(_analytic_beside(cell, k, root, p, evaluator) for k in below)


def _same_line(a: tuple[Fraction, ...], b: tuple[Fraction, ...]) -> bool:
    return all(x * w == y * z for x, y in zip(a, b, strict=True) for z, w in zip(a, b, strict=True))


def _pole(cell: Cell, e: Element, row: tuple[Fraction, ...], p: Point) -> bool:
    """Whether a rational function has the wall in its denominator."""
    tower = cell.region.tower
    if any(tower.generators[i].family[0] != "x" for q in (e.num, e.den) for i in tower.used(q)):
        return False
    wall = constant_poly(row[-1].numerator)
    for j, c in enumerate(row[:-1]):
        if c:
            wall = wall + cell.region.element(Term(f"x{j + 1}")).num * fmpq(c.numerator, c.denominator)
    return bool(divmod(e.den, wall)[1].is_zero())
