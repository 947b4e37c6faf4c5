"""The scalings that keep the span of several functions, where two scalings decide (theory, "Stacks").

For definable functions these d form {1}, {±1}, R>0 or R*, so that d = 2 and d = -1 decide. For functions that are
analytic on the line they form an algebraic group, {1}, {±1} or R*: the same.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb, arb_mat

from intertwine.calculus.budget import check
from intertwine.calculus.cases import Region, TooManyCases, explore
from intertwine.calculus.constants import constant_is_zero
from intertwine.calculus.core import reflected, to_core
from intertwine.calculus.enclosure import precision
from intertwine.calculus.identity import prove_equal
from intertwine.calculus.tame import tame
from intertwine.calculus.tower import NoNormalForm
from intertwine.groups.scalars import NONZERO, POSITIVE, SIGN, TRIVIAL, ScalarGroup
from intertwine.groups.vectors import BlockWreath, Represented, ScaledUnit
from intertwine.solve.affine import value_at_zero
from intertwine.solve.probes import probe_points
from intertwine.solve.witness import Sampler
from intertwine.terms import ONE, ZERO, Term, X, add, mul, num, rebuild
from intertwine.vectors.elementwise import defined_around
from intertwine.vectors.solution import Family, FamilySolution, N, bounded, exact
from intertwine.vectors.values import Stack

BITS = 320
LARGEST_DENOMINATOR = 5040
#: One scaling decides; by 2^q it has rational coefficients where the functions are like |x|^(p/q).
STRETCHES = (2, 4, 8, 16, 64)


class Span:
    """The span of some core terms: coefficients of others in it, proved, and proofs that there are none."""

    def __init__(self, cores: list[Term]) -> None:
        self.cores = cores
        self.samplers = [Sampler(c) for c in cores]
        points = dict.fromkeys(p for c in cores for p in probe_points(c))
        self.points = sorted(points, key=lambda p: (abs(p) > 64, abs(p) < Fraction(1, 16), len(str(p))))[:60]

    def rows(self, cores: list[Term], points: list[Fraction]) -> arb_mat | None:
        """The values of terms at points, as a matrix of balls."""
        table: list[list[arb]] = []
        for p in points:
            check()
            row = [v for c in cores if isinstance(v := Sampler(c).at(p, BITS), arb)]
            if len(row) < len(cores):
                return None
            table.append(row)
        return arb_mat(table)

    def independent(self, cores: list[Term]) -> list[Fraction] | None:
        """Points at which the values of the terms form an invertible matrix."""
        chosen: list[Fraction] = []
        for size in range(1, len(cores) + 1):
            for p in self.points:
                if p in chosen:
                    continue
                table = self.rows(cores[:size], [*chosen, p])
                if table is None:
                    continue
                with precision(BITS):
                    det = table.det()
                if det > 0 or det < 0:
                    chosen.append(p)
                    break
            else:
                return None
        return chosen

    def moved(self, d: int) -> Fraction | None:
        """A point of the common domain that the scaling by d carries out of it, or that it carries into it."""
        for p in self.points:
            for q in (d * p, p / d):
                if all(isinstance(s.at(p, BITS), arb) for s in self.samplers) and any(
                    s.undefined_near(q) for s in self.samplers
                ):
                    return p if q == d * p else q
        return None

    def coefficients(self, target: Term, points: list[Fraction]) -> list[Fraction] | None:
        """Rational c with ``target = Σ c_j cores[j]``, proved; ``points`` show the independence of the terms."""
        table, values = self.rows(self.cores, points), self.rows([target], points)
        if table is None or values is None:
            return None
        with precision(BITS):
            solution = table.solve(values)
        found: list[Fraction] = []
        for i in range(len(self.cores)):
            ball = solution[i, 0]
            guess = Fraction(float(ball.mid())).limit_denominator(LARGEST_DENOMINATOR)
            with precision(BITS):
                if not ball.contains(num_ball(guess)):
                    return None
            found.append(guess)
        terms = [mul(num(c), t) for c, t in zip(found, self.cores, strict=True) if c]
        return found if agree(target, add(*terms)) else None


#: Functions that are analytic on the whole line.
ANALYTIC = frozenset({"x", "num", "pi", "E", "add", "mul", "exp", "sin", "cos", "sinh", "cosh", "tanh", "erf", "atan",
                      "sinc"})


def entire(term: Term) -> bool:
    """Whether a term is visibly analytic on the whole line: no quotients, roots or cases of what depends on x."""
    return all(_whole_power(t) if t.op == "pow" else t.op in ANALYTIC for t in term.walk() if t.has_x)


def _whole_power(t: Term) -> bool:
    e = t.args[1].value
    return e is not None and e.denominator == 1 and e >= 0


def _two_scalings_decide(cores: list[Term]) -> bool:
    """Whether the scalings that keep the span of the functions are definable, or algebraic."""
    if all(tame(c, "everywhere") is not None for c in cores) or all(map(entire, cores)):
        return True
    left = [reflected(c) for c in cores]
    return all(_one_end(cores, side, ends) for side, ends in ((cores, ("0+", "oo")), (left, ("0-", "-oo"))))


def _one_end(cores: list[Term], side: list[Term], ends: tuple[str, str]) -> bool:
    """Whether functions are analytic on a half-line and tame at one of its ends, or undefined there.

    An identity between them holds if it does near that end, so that the scalings in question are definable.
    """
    try:
        smooth = [_smooth(t) for t in side]
    except (TooManyCases, NoNormalForm):
        return False
    if "undefined" in smooth:
        return True
    return all(s == "analytic" for s in smooth) and any(all(tame(c, e) is not None for c in cores) for e in ends)


def _smooth(side: Term) -> str:
    """Whether a core term is "analytic" or "undefined" for all x > 0; "cases" otherwise."""
    found: list[str] = []

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        low, high = region.cell.bounds()
        whole = region.connected and low == 0 and high is None
        word = "cases" if not whole else "undefined" if terms[0] is None else _regular(region, terms[0])
        found.append(word)
        return whole

    explore((side,), visit)
    return found[-1]


def _regular(region: Region, t: Term) -> str:
    roots = [n for n in t.walk() if n.has_x and (n.op == "cbrt" or (n.op == "pow" and not _whole_power(n)))]
    steps = any(n.has_x and n.op in ("floor", "Abs", "digamma") for n in t.walk())
    return "cases" if steps or any(region.sign(n.args[0]) == 0 for n in roots) else "analytic"


def num_ball(value: Fraction) -> Any:
    """A fraction as a ball."""
    from intertwine.calculus.enclosure import ball

    return ball(value)


def _at_zero(t: Term) -> Term:
    """The constant t(0), with sinc(0) = 1."""
    memo: dict[Term, Term] = {}
    for node in t.subs(ZERO).walk():
        args = tuple(memo[a] for a in node.args)
        memo[node] = ONE if node.op == "sinc" and constant_is_zero(args[0]) else rebuild(node, args)
    return memo[t.subs(ZERO)]


def agree(left: Term, right: Term) -> bool:
    """A proof that two terms are equal on the line."""
    undefined = value_at_zero(left) == value_at_zero(right) == "undefined"
    if not undefined and not constant_is_zero(_at_zero(left) - _at_zero(right)):
        return False
    return prove_equal(left, right) is not None and prove_equal(reflected(left), reflected(right)) is not None


def solve_span(value: Stack, facts: list[dict[str, Any]]) -> FamilySolution:
    """S_U ≀ Sym(n) for functions of which not all are affine, and that are all defined on some interval."""
    cores = [to_core(s) for s in value.profiles]
    m = len(cores)
    least = least_family(m)
    together = defined_around("function", *value.profiles)
    if together is None:
        return bounded(value, "stack", least, "where the functions are defined together", *facts)
    facts.append(together)
    basis, rest = independent(cores)
    if basis is None:
        return bounded(value, "stack", least, "which of the functions are linearly independent", *facts)
    span = Span([cores[i] for i in basis])
    points = span.independent(span.cores)
    assert points is not None
    facts.append({"fact": "independent", "indices": basis, "points": [str(p) for p in points]})
    for k, row in rest.items():
        facts.append({"fact": "combination", "index": k, "coefficients": [str(c) for c in row]})
    if not _two_scalings_decide(cores):
        return bounded(value, "stack", least, "which scalings map the span of the functions to itself", *facts)
    constant = _holds_constants(span, points, facts)
    if constant is None:
        return bounded(value, "stack", least, "whether the constants are in the span of the functions", *facts)
    images: list[tuple[int, list[list[Fraction]] | None]] = []
    for scales in (STRETCHES, (-1,)):
        tried = ((d, _image(span, points, d, facts)) for d in scales)
        settled = next(((d, rows) for d, rows in tried if not isinstance(rows, str)), None)
        if settled is None:
            return bounded(value, "stack", least,
                           f"whether the functions of {scales[0]}*x are in the span of the functions", *facts)
        images.append(settled)
    (stretch, double), (_, mirror) = images
    block = _block(m, basis, rest, double, mirror, constant, stretch)
    if block is None:
        return bounded(value, "stack", least, "the powers by which scalings act on the span", *facts)
    return exact(value, "stack", _family(block, not rest), *facts)


def independent(cores: list[Term]) -> tuple[list[int] | None, dict[int, list[Fraction]]]:
    """Indices of independent functions, and the coefficients of the others in them."""
    chosen: list[int] = []
    rest: dict[int, list[Fraction]] = {}
    for k in range(len(cores)):
        trial = Span([cores[i] for i in (*chosen, k)])
        if trial.independent(trial.cores) is not None:
            chosen.append(k)
            continue
        span = Span([cores[i] for i in chosen])
        points = span.independent(span.cores) if chosen else []
        row = span.coefficients(cores[k], points) if points else ([] if agree(cores[k], ZERO) else None)
        if row is None:
            return None, {}
        rest[k] = row
    return chosen, {k: [*row, *[Fraction(0)] * (len(chosen) - len(row))] for k, row in rest.items()}


def _holds_constants(span: Span, points: list[Fraction], facts: list[dict[str, Any]]) -> bool | None:
    """Whether 1 is in the span: then the functions of several coordinates are dependent, and B is not unique."""
    bigger = Span([*span.cores, ONE])
    outside = bigger.independent(bigger.cores)
    if outside is not None:
        facts.append({"fact": "no constants", "points": [str(p) for p in outside]})
        return False
    row = span.coefficients(ONE, points)
    if row is None:
        return None
    facts.append({"fact": "constants", "coefficients": [str(c) for c in row]})
    return True


def _image(
    span: Span, points: list[Fraction], d: int, facts: list[dict[str, Any]]
) -> list[list[Fraction]] | str | None:
    """The matrix of f ↦ f(d·) on the span; None if it leaves the span; "open"."""
    moved = span.moved(d)
    if moved is not None:
        facts.append({"fact": "moved domain", "scale": d, "point": str(moved)})
        return None
    rows: list[list[Fraction]] = []
    for k, core in enumerate(span.cores):
        scaled = core.subs(mul(num(d), X)) if d > 0 else reflected(core)
        bigger = Span([*span.cores, scaled])
        outside = bigger.independent(bigger.cores)
        if outside is not None:
            facts.append({"fact": "outside", "scale": d, "index": k, "points": [str(p) for p in outside]})
            return None
        row = span.coefficients(scaled, points)
        if row is None:
            return "open"
        rows.append(row)
    facts.append({"fact": "image", "scale": d, "matrix": [[str(c) for c in row] for row in rows]})
    return rows


def _block(
    m: int,
    basis: list[int],
    rest: dict[int, list[Fraction]],
    double: list[list[Fraction]] | None,
    mirror: list[list[Fraction]] | None,
    constant: bool,
    stretch: int = 2,
) -> Represented | None:
    """The scalings with their action on all m functions."""
    scalars: ScalarGroup = (NONZERO if mirror else POSITIVE) if double else (SIGN if mirror else TRIVIAL)
    r = len(basis)
    turn, exponents = sp.eye(r), [sp.S.Zero] * r
    if double is not None:
        powers = action(double, stretch)
        if powers is None:
            return None
        turn, exponents = powers
    # The dependent functions follow: with C their coefficients, L = [[1, 0], [C, 1]] carries diag(ρ, 1) to the action.
    order = [*basis, *rest]
    lower = sp.eye(m)
    for i, k in enumerate(rest):
        for j, c in enumerate(rest[k]):
            lower[r + i, j] = sp.Rational(c.numerator, c.denominator)
    place = sp.zeros(m)
    for i, k in enumerate(order):
        place[k, i] = 1
    frame = place * lower * sp.diag(turn, sp.eye(m - r)) if m > r else place * turn
    flip = None
    if mirror is not None:
        inner = sp.Matrix([[sp.Rational(c.numerator, c.denominator) for c in row] for row in mirror])
        whole = lower * (sp.diag(inner, sp.eye(m - r)) if m > r else inner) * lower.inv()
        flip = place * whole * place.T
    return Represented(scalars, frame, [*exponents, *[sp.S.Zero] * (m - r)], flip, unique=m == r and not constant)


def action(double: list[list[Fraction]], stretch: int = 2) -> tuple[sp.Matrix, list[sp.Expr]] | None:
    """T and e with T·diag(d^e)·T⁻¹ the given matrix for the scaling d, or None if it is not of this form.

    Examples
    --------
    >>> action([[Fraction(2), Fraction(0)], [Fraction(0), Fraction(8)]])[1]
    [1, 3]
    """
    matrix = sp.Matrix([[sp.Rational(c.numerator, c.denominator) for c in row] for row in double])
    frame, exponents = sp.zeros(len(double), 0), []
    for root in sorted(sp.roots(matrix.charpoly().as_expr(), multiple=False).items(), key=lambda item: str(item[0])):
        value, multiplicity = root
        if not (value.is_Rational and value > 0):
            return None
        exponent = sp.log(value, 2) / (stretch.bit_length() - 1)
        if not exponent.is_Rational:
            return None
        space = (matrix - value * sp.eye(matrix.rows)).nullspace()
        if len(space) != multiplicity:
            return None
        frame = frame.row_join(sp.Matrix.hstack(*space))
        exponents += [exponent] * multiplicity
    return (frame, exponents) if frame.cols == matrix.rows else None


def least_family(m: int) -> Family:
    """The permutations, which every stack of m functions allows."""
    return _family(Represented(TRIVIAL, sp.eye(m), [0] * m), True)


def _family(block: Represented, independent_functions: bool) -> Family:
    alone = Represented(block.scalars, block.basis, block.exponents, block.minus_one, independent_functions)
    data = {"scalars": block.scalars.to_json(), "unique": block.unique,
            "exponents": [str(e) for e in block.exponents], "basis": _texts(block.basis)}
    if block.minus_one is not None:
        data["minus_one"] = _texts(block.minus_one)
    return scaled_units(block, alone, data)


def scaled_units(block: Represented | ScaledUnit, alone: Represented | ScaledUnit, data: dict[str, Any]) -> Family:
    """S ≀ Sym(n) for the scalings of one unit; ``alone`` is the same group where n = 1."""
    sample = BlockWreath(block, 2, images_interleaved=True)
    text = "S_n" if block.scalars.type == "trivial" else f"{block.scalars} ≀ S_n"
    return Family(sample.kind, lambda n: BlockWreath(block if n > 1 else alone, n, images_interleaved=True),
                  N * block.scalars.dimension, sp.factorial(N) * block.scalars.components**N, block.unique, text,
                  {"kind": sample.kind, **data})


def _texts(matrix: sp.MatrixBase) -> list[list[str]]:
    return [[str(v) for v in row] for row in matrix.tolist()]
