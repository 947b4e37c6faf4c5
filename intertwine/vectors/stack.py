"""Several elementwise functions of the same input (theory, "Stacks").

With U the span of the functions s_1, …, s_m, and not all of them affine, an intertwiner is monomial with entries d for
which U is mapped to itself by f ↦ f(d·). For definable functions these d form {1}, {±1}, R>0 or R*, so that d = 2 and
d = -1 decide.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb, arb_mat

from intertwine.calculus.budget import check
from intertwine.calculus.constants import constant_is_zero
from intertwine.calculus.core import reflected, to_core
from intertwine.calculus.enclosure import precision
from intertwine.calculus.identity import prove_equal
from intertwine.calculus.tame import tame
from intertwine.groups.scalars import NONZERO, POSITIVE, SIGN, TRIVIAL, ScalarGroup
from intertwine.groups.vectors import BlockWreath, Represented
from intertwine.solve.probes import probe_points
from intertwine.solve.witness import Sampler, non_affine
from intertwine.terms import ONE, ZERO, Term, X, add, mul, num, to_text
from intertwine.vectors.elementwise import defined, defined_on_the_line
from intertwine.vectors.solution import Family, FamilySolution, N, bounded, exact
from intertwine.vectors.values import Stack

BITS = 320
LARGEST_DENOMINATOR = 5040


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


def num_ball(value: Fraction) -> Any:
    """A fraction as a ball."""
    from intertwine.calculus.enclosure import ball

    return ball(value)


def agree(left: Term, right: Term) -> bool:
    """A proof that two terms are equal on the line."""
    if not constant_is_zero(left.subs(ZERO) - right.subs(ZERO)):
        return False
    return prove_equal(left, right) is not None and prove_equal(reflected(left), reflected(right)) is not None


def solve_stack(value: Stack) -> FamilySolution:
    """S_U ≀ Sym(n)."""
    cores = [to_core(s) for s in value.profiles]
    m = len(cores)
    least = _family(Represented(TRIVIAL, sp.eye(m), [0] * m), m)
    facts: list[dict[str, Any]] = []
    for s in value.profiles:
        if not defined_on_the_line(s):
            return bounded(value, "stack", least, f"what happens outside the domain of {to_text(s)}")
        facts.append(defined("function", s))
    bends = [non_affine(Sampler(c), probe_points(c)) for c in cores]
    bent = next((k for k, b in enumerate(bends) if b is not None), None)
    if bent is None:
        return bounded(value, "stack", least, "whether one of the functions is not affine")
    witness = bends[bent]
    assert witness is not None
    facts.append({"fact": "not affine", "index": bent, "points": [str(p) for p in witness.points]})
    return _decide(value, cores, facts, least)


def _decide(value: Stack, cores: list[Term], facts: list[dict[str, Any]], least: Family) -> FamilySolution:
    m = len(cores)
    basis, rest = _basis(cores)
    if basis is None:
        return bounded(value, "stack", least, "which of the functions are linearly independent", *facts)
    span = Span([cores[i] for i in basis])
    points = span.independent(span.cores)
    assert points is not None
    facts.append({"fact": "independent", "indices": basis, "points": [str(p) for p in points]})
    for k, row in rest.items():
        facts.append({"fact": "combination", "index": k, "coefficients": [str(c) for c in row]})
    if any(tame(c, "everywhere") is None for c in cores):
        return bounded(value, "stack", least, "which scalings map the span of the functions to itself", *facts)
    constant = _holds_constants(span, points, facts)
    if constant is None:
        return bounded(value, "stack", least, "whether the constants are in the span of the functions", *facts)
    images: dict[int, list[list[Fraction]] | None] = {}
    for d in (2, -1):
        rows = _image(span, points, d, facts)
        if rows == "open":
            return bounded(value, "stack", least, f"whether the functions of {d}*x are in the span of the functions",
                           *facts)
        images[d] = rows  # type: ignore[assignment]
    block = _block(m, basis, rest, images[2], images[-1], constant)
    if block is None:
        return bounded(value, "stack", least, "the powers by which scalings act on the span", *facts)
    return exact(value, "stack", _family(block, m), *facts)


def _basis(cores: list[Term]) -> tuple[list[int] | None, dict[int, list[Fraction]]]:
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
) -> Represented | None:
    """The scalings with their action on all m functions."""
    scalars: ScalarGroup = (NONZERO if mirror else POSITIVE) if double else (SIGN if mirror else TRIVIAL)
    r = len(basis)
    turn, exponents = sp.eye(r), [sp.S.Zero] * r
    if double is not None:
        powers = action(double)
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


def action(double: list[list[Fraction]]) -> tuple[sp.Matrix, list[sp.Expr]] | None:
    """T and e with T·diag(2^e)·T⁻¹ the given matrix, or None if it is not of this form.

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
        exponent = sp.log(value, 2)
        if not exponent.is_Rational:
            return None
        space = (matrix - value * sp.eye(matrix.rows)).nullspace()
        if len(space) != multiplicity:
            return None
        frame = frame.row_join(sp.Matrix.hstack(*space))
        exponents += [exponent] * multiplicity
    return (frame, exponents) if frame.cols == matrix.rows else None


def _family(block: Represented, m: int) -> Family:
    sample = BlockWreath(block, 2, images_interleaved=True)
    text = "S_n" if block.scalars.type == "trivial" else f"{block.scalars} ≀ S_n"
    data = {"kind": sample.kind, "scalars": block.scalars.to_json(), "unique": block.unique,
            "exponents": [str(e) for e in block.exponents], "basis": _texts(block.basis)}
    if block.minus_one is not None:
        data["minus_one"] = _texts(block.minus_one)
    return Family(sample.kind, lambda n: BlockWreath(block, n, images_interleaved=True),
                  N * block.scalars.dimension, sp.factorial(N) * block.scalars.components**N, block.unique, text, data)


def _texts(matrix: sp.MatrixBase) -> list[list[str]]:
    return [[str(v) for v in row] for row in matrix.tolist()]
