"""Several elementwise functions of the same input (theory, "Stacks").

With U the span of the functions s_1, …, s_m, an intertwiner is monomial with entries d for which U is mapped to itself
by f ↦ f(d·), unless all of them are affine. Which d these are is decided by linear algebra for powers and logarithms,
by the theorems on one function where U has dimension 1, and by two scalings for definable functions.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from intertwine.calculus.core import to_core
from intertwine.errors import IntertwineError
from intertwine.groups.constants import constant_to_sympy
from intertwine.groups.vectors import AffineStack, LogPowers, LogSpace, Multiples, OnHalfLines, Part
from intertwine.solve.affine import Affine
from intertwine.solve.probes import probe_points
from intertwine.solve.witness import Sampler, non_affine
from intertwine.terms import Term
from intertwine.vectors.elementwise import Elementwise, on_the_line, undefined_around
from intertwine.vectors.expansions import on_half_lines
from intertwine.vectors.solution import Family, FamilySolution, N, bounded, exact
from intertwine.vectors.spans import Span, least_family, scaled_units, solve_span
from intertwine.vectors.values import Stack


def solve_stack(value: Stack) -> FamilySolution:
    """S_U ≀ Sym(n), or GL_n or the matrices with unit row sums for affine functions."""
    bent = _bent(value)
    if bent is None:
        found = _affine(value)
        if found is not None:
            return found
        bent = undefined_around("function", value.profiles[0])
        if bent is None:
            question = "whether one of the functions is not affine"
            return bounded(value, "stack", least_family(len(value.profiles)), question)
    return _powers(value, bent) or _multiples(value, bent) or solve_span(value, [bent])


def _bent(value: Stack) -> dict[str, Any] | None:
    """The fact that one of the functions is not affine where it is defined, or None."""
    for k, s in enumerate(value.profiles):
        core = to_core(s)
        witness = non_affine(Sampler(core), probe_points(core))
        if witness is not None:
            return {"fact": "not affine", "index": k, "points": [str(p) for p in witness.points]}
    return None


# -- affine functions -----------------------------------------------------------------
def _affine(value: Stack) -> FamilySolution | None:
    """GL_n or the unit row sums for functions that are affine on the line; None if they are not seen to be."""
    functions = [on_the_line(s) for s in value.profiles]
    lines = [_line(f) for f in functions]
    if any(line is None for line in lines):
        return None
    try:
        slopes, shifts = ([constant_to_sympy(t) for t in side] for side in zip(*(t for t in lines if t), strict=True))
        sample = AffineStack(slopes, shifts, 3)
    except IntertwineError:
        return None
    tied = sample.kind == "unit row sums"
    family = Family(sample.kind, lambda n: AffineStack(slopes, shifts, n), N**2 - N if tied else N**2, sp.Integer(2),
                    sample.unique, "{A in GL_n : A·1 = 1}" if tied else "GL_n",
                    {"kind": sample.kind, "unique": sample.unique})
    return exact(value, "affine stack", family, *(f.fact(f"function {k}") for k, f in enumerate(functions)))


def _line(function: Elementwise) -> tuple[Term, Term] | None:
    line = next((f for f in function.group.solution.facts if isinstance(f, Affine)), None)
    return (line.slope, line.intercept) if function.settled and line is not None else None


# -- powers, logarithms, and waves of the logarithm ------------------------------------------
def _powers(value: Stack, bent: dict[str, Any]) -> FamilySolution | None:
    """The answer for sums of powers and logarithms; None if the functions are not visibly such sums."""
    functions = [on_half_lines(s) for s in value.profiles]
    known = [f for f in functions if f is not None]
    if len(known) < len(functions) or not any(f.right is not None or f.left is not None for f in known):
        return None
    try:
        space = LogSpace(known)
        if not space.sides:
            return None
        block, alone = LogPowers(space, alone=False), LogPowers(space)
    except IntertwineError:
        return None
    data = {"scalars": space.scalars.to_json(), "unique": block.unique}
    facts = [half_lines_fact(k, f) for k, f in enumerate(known)]
    return exact(value, "stack of powers", scaled_units(block, alone, data), bent, *facts)


def half_lines_fact(index: int, function: OnHalfLines) -> dict[str, Any]:
    """What a function is on the two half-lines, as a fact."""
    sides = {name: None if parts is None else [_part(p) for p in parts]
             for name, parts in (("right", function.right), ("left", function.left))}
    zero = None if function.zero is None else str(function.zero)
    return {"fact": "half-lines", "index": index, **sides, "zero": zero}


def _part(p: Part) -> dict[str, Any]:
    found: dict[str, Any] = {"coefficient": str(p.coefficient), "power": str(p.power)}
    if p.log:
        found["log"] = p.log
    if p.frequency != 0:
        found |= {"frequency": str(p.frequency), "wave": "sin" if p.sine else "cos"}
    return found


# -- multiples of one function ----------------------------------------------------------
def _multiples(value: Stack, bent: dict[str, Any]) -> FamilySolution | None:
    """S_s ≀ Sym(n) where all functions are multiples of one of them, s; None if they are not seen to be."""
    cores = [to_core(s) for s in value.profiles]
    base = next((k for k, c in enumerate(cores) if Span([c]).independent([c])), None)
    if base is None:
        return None
    span = Span([cores[base]])
    points = span.independent(span.cores)
    assert points is not None
    facts, coefficients = [bent], [sp.S.One] * len(cores)
    for k, core in enumerate(cores):
        if k == base:
            continue
        row = [1] if core == cores[base] else span.coefficients(core, points)
        if row is None:
            return None
        coefficients[k] = sp.Rational(row[0].numerator, row[0].denominator)
        facts.append({"fact": "combination", "index": k, "coefficients": [str(row[0])]})
    function = on_the_line(value.profiles[base])
    group = function.group
    if not function.settled or function.is_constant or group.kind in ("general linear", "unit row sums"):
        return None
    block = Multiples(function.scalars, function.character, base, coefficients)
    data = {"scalars": function.scalars.to_json(), "character": function.character.to_json(), "unique": block.unique}
    facts.append(function.fact(f"function {base}"))
    return exact(value, "stack of multiples", scaled_units(block, block, data), *facts)
