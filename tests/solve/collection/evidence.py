"""Numeric objections to a claimed intertwiner group, by the reference evaluator alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy

from intertwine.parsing import parse_term
from tests.solve.collection import traps
from tests.solve.collection.case import Case
from tests.solve.collection.sampling import FAR, GENERIC, ORIGIN, SPECIAL, Samples, number

A = sympy.Symbol("a", real=True)
_IN = {"sign": ("-1",), "positive": ("2", "1/3", "7/5", "pi"), "nonzero": ("-1", "2", "-1/3", "7/5", "-pi")}
_POSITIVE = ("2", "1/3", "10", "64", "sqrt(2)", "sqrt(3)", "E", "sqrt(E)", "exp(pi)", "exp(2*pi)", "exp(pi/2)")
_NEGATIVE = ("-1", "-2", "-3", "-1/5", "-exp(pi)", "-exp(2*pi)")
# With g for the size of the generator and s for its sign.
_ROOTS = ("sqrt(g)", "g**(1/3)", "g**(1/4)", "g**(2/3)", "g**(1/5)", "17/10")
_OUT: dict[str, tuple[str, ...]] = {
    "trivial": _NEGATIVE + _POSITIVE,
    "sign": _NEGATIVE[1:] + _POSITIVE,
    "positive": _NEGATIVE,
    "nonzero": (),
    "cyclic": (*_ROOTS, "-1", "-sqrt(g)", "-g**(1/3)", "-s*g"),
    "sign-cyclic": _ROOTS,
}

# Truths that samples cannot see, with what it would take.
INVISIBLE = {
    "Piecewise((1, Eq(sin(x),0)), (0, True))": "values at multiples of pi exactly",
    "Piecewise((x, sin(x)>0), (-x, True))": "values at multiples of pi exactly",
    "Piecewise((tanh(x), x<10**6), (1, True))": "a million digits",
    "1/(sin(x)**2+cos(x)**2-1)": "exact zeros",
} | {case.text: "built to escape sample points" for case in traps.CASES}


def objections(case: Case) -> list[str]:
    """Everything that sample points say against a case; empty if nothing."""
    return list(_objections(case))


def _objections(case: Case) -> Iterator[str]:
    term = parse_term(case.text)
    samples = Samples(term)
    points = ORIGIN + GENERIC + (SPECIAL if case.generator is None else ())
    defined = [t for t in points if samples(t) is not None]
    if case.kind == "refused":
        if len(defined) > 1:
            yield f"defined at {defined[:3]}"
        return
    if len(defined) < 3:
        yield "hardly defined anywhere"
    # Near misses need more digits, and points far out.
    closer = Samples(term, 400)
    if case.unique == (samples.is_constant(points) and (not case.unique or closer.is_constant(points + FAR))):
        yield "uniqueness"
    whole = case.kind in ("general linear", "unit row sums")
    line = samples.line(points)
    if not whole and line is not None and closer.line(points + SPECIAL + FAR) is not None:
        yield "affine"
    if whole:
        if line is None or not _right_line(case, *line):
            yield "not the right kind of affine function"
        return
    for d, factor in _members(case):
        tries = [(samples, points)]
        if "10" in case.text and case.generator is None:
            tries.append((closer, points + FAR))
        if not all(s.holds(number(d, s.digits), number(factor, s.digits), p) for s, p in tries):
            yield f"{d} should be in the group"
    for d in _strangers(case):
        tries = [(samples, points), (closer, points)]
        if "10" in case.text:
            tries += [(samples, FAR), (closer, FAR)]
        if not any(s.refutes(number(d, s.digits), p) for s, p in tries):
            yield f"{d} should not be in the group"


def _right_line(case: Case, slope: Any, start: Any) -> bool:
    has_slope, has_start = abs(slope) > 1e-50, abs(start) > 1e-65
    if case.kind == "unit row sums":
        return has_slope and has_start
    return has_slope and abs(start) < 1e-50 if case.unique else not has_slope


def _members(case: Case) -> Iterator[tuple[sympy.Expr, sympy.Expr]]:
    if case.generator is not None:
        g, value = sympy.sympify(case.generator), sympy.sympify(case.character)
        yield from ((g, value), (1 / g, 1 / value))
        if case.minus_one is not None:
            yield sympy.Integer(-1), sympy.sympify(case.minus_one)
        return
    chi = sympy.sympify(case.character, locals={"a": A})
    for text in _IN.get(case.scalars, ()):
        d = sympy.sympify(text)
        yield d, chi.subs(A, d)


def _strangers(case: Case) -> Iterator[sympy.Expr]:
    names: dict[str, sympy.Expr] = {}
    if case.generator is not None:
        g = sympy.sympify(case.generator)
        names = {"g": abs(g), "s": sympy.sign(g)}
    for text in _OUT[case.scalars]:
        yield sympy.sympify(text, locals=names)
