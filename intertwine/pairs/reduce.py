"""Activations with affine maps taken off: ``s(t) = factor*core(scale*t + shift) + constant``, ``core`` simpler.

Whatever is irrational in the argument and around the whole moves into these four numbers, so that break points and
centres of what is left are rational more often.
"""

from __future__ import annotations

from dataclasses import dataclass

from intertwine.calculus.constants import simplified
from intertwine.pieces.locations import constant_sign
from intertwine.terms import ONE, ZERO, Term, X, add, mul, num, rebuild

Line = tuple[Term, Term]


@dataclass(frozen=True)
class Reduced:
    """What is left, and the map of the argument; constants around the whole are found again from values."""

    core: Term
    scale: Term
    shift: Term


def reduced(core: Term, affine: bool) -> Reduced:
    """Take off what may be taken off: factors and scalings, and constants and shifts if ``affine``.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> found = reduced(parse_term("pi*tanh(sqrt(2)*x + 1) - log(3)"), True)
    >>> found.core, found.scale, found.shift
    (tanh(x), sqrt(2), 1)
    """
    left = _outside(core, affine)
    lines = list(dict.fromkeys(_lines(left)))
    # the argument of a function rather than a factor, so that x*f(pi*x) loses its pi
    pivot = next((line for line in inner_lines(left) if not _rational(line)), None)
    pivot = pivot or next((line for line in lines if not _rational(line)), None)
    if pivot is None:
        return Reduced(left, ONE, ZERO)
    sign = num(constant_sign(pivot[0]) or 1)
    taken = simplified(mul(sign, pivot[0])), simplified(mul(sign, pivot[1])) if affine else ZERO
    memo = {line: _in_terms_of(line, taken) for line in lines}
    found = _outside(_rewritten(left, memo), affine)
    return Reduced(found, *taken) if _irrationals(found) < _irrationals(left) else Reduced(left, ONE, ZERO)


def _irrationals(t: Term) -> int:
    """How many constants other than rational numbers are written in a term."""
    if not t.has_x:
        return 0 if t.value is not None else 1
    return sum(map(_irrationals, t.args))


def _outside(t: Term, affine: bool) -> Term:
    """Without constant factors, and without constant summands if ``affine``."""
    while True:
        kept = [a for a in t.args if a.has_x]
        if t.op == "mul" and len(kept) < len(t.args):
            if constant_sign(mul(*(a for a in t.args if not a.has_x))) not in (1, -1):
                return t
            t = mul(*kept)
        elif affine and t.op == "add" and kept and len(kept) < len(t.args):
            t = add(*kept)
        else:
            return t


def line_of(t: Term) -> Line | None:
    """``(m, q)`` if the term is ``m*x + q`` as written, with constants."""
    if not t.has_x:
        return ZERO, t
    if t.op == "x":
        return ONE, ZERO
    if t.op == "add":
        parts = [line_of(a) for a in t.args]
        known = [p for p in parts if p is not None]
        return (add(*(m for m, _ in known)), add(*(q for _, q in known))) if len(known) == len(parts) else None
    if t.op == "mul" and sum(a.has_x for a in t.args) == 1:
        inner = line_of(next(a for a in t.args if a.has_x))
        factor = mul(*(a for a in t.args if not a.has_x))
        return None if inner is None else (mul(factor, inner[0]), mul(factor, inner[1]))
    return None


def _lines(t: Term) -> list[Line]:
    """The lines in a term that are no part of other lines."""
    found = _line(t)
    if found is not None:
        return [found]
    return [line for a in t.args for line in _lines(a)] if t.has_x else []


def _line(t: Term) -> Line | None:
    found = line_of(t) if t.has_x else None
    if found is None:
        return None
    m, q = simplified(found[0]), simplified(found[1])
    return (m, q) if constant_sign(m) in (1, -1) else None


def _rational(line: Line) -> bool:
    return line[0].value is not None and line[1].value is not None


def inner_lines(t: Term) -> list[Line]:
    """Those of the lines that are arguments of functions."""
    if t.op not in ("add", "mul", "pow"):
        return _lines(t) if _line(t) is None else []
    return [line for a in t.args for line in inner_lines(a)]


def _in_terms_of(line: Line, taken: Line) -> Term:
    """``m*x + q`` as ``r*y + k`` with ``y = scale*x + shift``."""
    ratio = simplified(line[0] / taken[0])
    rest = simplified(line[1] - ratio * taken[1])
    return mul(ratio, X) if constant_sign(rest) == 0 else mul(ratio, X) + rest


def _rewritten(t: Term, memo: dict[Line, Term]) -> Term:
    found = _line(t)
    if found is not None:
        return memo[found]
    return rebuild(t, tuple(_rewritten(a, memo) for a in t.args)) if t.has_x else t
