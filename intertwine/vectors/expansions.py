"""Functions written as powers of |x|, times powers and waves of log|x|, on the two half-lines."""

from __future__ import annotations

from typing import Any, TypeAlias

import sympy as sp

from intertwine.calculus.cases import Region, TooManyCases, explore
from intertwine.calculus.constants import simplified
from intertwine.calculus.core import reflected, to_core
from intertwine.calculus.tower import NoNormalForm
from intertwine.errors import IntertwineError
from intertwine.groups import exact
from intertwine.groups.constants import constant_to_sympy
from intertwine.groups.vectors import OnHalfLines, Part
from intertwine.solve.affine import value_at_zero
from intertwine.terms import ZERO, Term

#: (α, j, β) → the coefficient of x^α·(log x)^j·e^{iβ log x}, as real and imaginary part.
Key: TypeAlias = tuple[sp.Expr, int, sp.Expr]
Sum: TypeAlias = dict[Key, tuple[sp.Expr, sp.Expr]]
_CONSTANT: Key = (sp.S.Zero, 0, sp.S.Zero)
MOST_PARTS = 24


class NotOfThisForm(Exception):
    """The function is not visibly such a sum."""


def on_half_lines(term: Term) -> OnHalfLines | None:
    """A function in this form, or None if it is not visibly one.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> on_half_lines(parse_term("x*log(abs(2*x))")).right
    (Part(coefficient=log(2), power=1, log=0, frequency=0, sine=False), \
Part(coefficient=1, power=1, log=1, frequency=0, sine=False))
    >>> on_half_lines(parse_term("exp(x)")) is None
    True
    """
    core = to_core(term)
    try:
        sides = [_on_side(side) for side in (core, reflected(core))]
        zero = value_at_zero(core)
        if zero is None:
            return None
        value = {"undefined": None, "zero": sp.S.Zero}.get(zero, sp.nan)
        if value is sp.nan:
            value = exact.as_exact(constant_to_sympy(simplified(core.subs(ZERO))))
    except (NotOfThisForm, TooManyCases, NoNormalForm, IntertwineError):
        return None
    return OnHalfLines(sides[0], sides[1], value)


def _on_side(side: Term) -> tuple[Part, ...] | None:
    """The parts at x > 0 of a core term that is one smooth term there; None where it is undefined."""
    found: list[Term | None] = []

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        low, high = region.cell.bounds()
        if not region.connected or low > 0 or high is not None:
            raise NotOfThisForm
        found[:] = [terms[0]]
        return True

    explore((side,), visit)
    if found[0] is None:
        return None
    return _parts(_sum(found[0]))


def _parts(total: Sum) -> tuple[Part, ...]:
    """The real sum that a sum of complex waves is."""
    found: list[Part] = []
    for (power, log, frequency), (re, im) in total.items():
        if exact.is_zero(frequency):
            found.append(Part(re, power, log))
        elif exact.sign(frequency) > 0:  # with its conjugate: twice the real part
            found += [Part(2 * re, power, log, frequency), Part(-2 * im, power, log, frequency, True)]
    return tuple(p for p in found if not exact.is_zero(p.coefficient))


def _add(a: Sum, b: Sum) -> Sum:
    out = dict(a)
    for key, (re, im) in b.items():
        old = next((k for k in out if _same(k, key)), None)
        place = key if old is None else old
        x, y = out.get(place, (sp.S.Zero, sp.S.Zero))
        out[place] = (sp.expand(x + re), sp.expand(y + im))
    if len(out) > MOST_PARTS:
        raise NotOfThisForm
    return out


def _same(a: Key, b: Key) -> bool:
    return a[1] == b[1] and exact.equal(a[0], b[0]) and exact.equal(a[2], b[2])


def _mul(a: Sum, b: Sum) -> Sum:
    out: Sum = {}
    for (p, j, f), (x, y) in a.items():
        for (q, k, g), (u, v) in b.items():
            out = _add(out, {(p + q, j + k, f + g): (sp.expand(x * u - y * v), sp.expand(x * v + y * u))})
    return out


def _number(value: sp.Expr) -> Sum:
    return {_CONSTANT: (value, sp.S.Zero)}


def _sum(t: Term) -> Sum:
    if not t.has_x:
        return _number(exact.as_exact(constant_to_sympy(t)))
    if t.op == "x":
        return {(sp.S.One, 0, sp.S.Zero): (sp.S.One, sp.S.Zero)}
    if t.op == "add":
        out: Sum = {}
        for a in t.args:
            out = _add(out, _sum(a))
        return out
    if t.op == "mul":
        out = _number(sp.S.One)
        for a in t.args:
            out = _mul(out, _sum(a))
        return out
    rule: Any = {"pow": _power, "log": _log, "exp": _exp, "sin": _wave, "cos": _wave, "cbrt": _cube_root}.get(t.op)
    if rule is None:
        raise NotOfThisForm
    found: Sum = rule(t)
    return found


def _monomial(t: Term) -> tuple[sp.Expr, sp.Expr]:
    """c and α of c·x^α."""
    total = {k: v for k, v in _sum(t).items() if not (exact.is_zero(v[0]) and exact.is_zero(v[1]))}
    if len(total) != 1:
        raise NotOfThisForm
    [((power, log, frequency), (re, im))] = total.items()
    if log or not exact.is_zero(frequency) or not exact.is_zero(im):
        raise NotOfThisForm
    return re, power


def _power(t: Term) -> Sum:
    base, exponent = t.args
    if exponent.has_x:
        raise NotOfThisForm
    whole = exponent.value is not None and exponent.value.denominator == 1
    if whole and exponent.value is not None and 0 <= exponent.value <= 6:
        out, factor = _number(sp.S.One), _sum(base)
        for _ in range(int(exponent.value)):
            out = _mul(out, factor)
        return out
    c, power = _monomial(base)
    e = exact.as_exact(constant_to_sympy(exponent))
    if exact.sign(c) <= 0 and not whole:
        raise NotOfThisForm
    return {(sp.expand(power * e), 0, sp.S.Zero): (c**e, sp.S.Zero)}


def _cube_root(t: Term) -> Sum:
    c, power = _monomial(t.args[0])
    size = sp.Abs(c) ** sp.Rational(1, 3)
    return {(power / 3, 0, sp.S.Zero): (size if exact.sign(c) >= 0 else -size, sp.S.Zero)}


def _log(t: Term) -> Sum:
    c, power = _monomial(t.args[0])
    if exact.sign(c) <= 0:
        raise NotOfThisForm
    return _add(_number(sp.log(c)), {(sp.S.Zero, 1, sp.S.Zero): (power, sp.S.Zero)})


def _phase(t: Term) -> tuple[sp.Expr, sp.Expr]:
    """a and b of a + b·log x."""
    total = _sum(t)
    shift = rate = sp.S.Zero
    for (power, log, frequency), (re, im) in total.items():
        if exact.is_zero(re) and exact.is_zero(im):
            continue
        if log > 1 or not all(map(exact.is_zero, (power, frequency, im))):
            raise NotOfThisForm
        shift, rate = (re, rate) if log == 0 else (shift, re)
    return shift, rate


def _exp(t: Term) -> Sum:
    shift, rate = _phase(t.args[0])
    return {(rate, 0, sp.S.Zero): (sp.exp(shift), sp.S.Zero)}


def _wave(t: Term) -> Sum:
    """cos(a + bL) = (e^{ia}·e^{ibL} + its conjugate)/2, and sin(a + bL) = cos(a - π/2 + bL)."""
    a, b = _phase(t.args[0])
    re, im = (sp.cos(a), sp.sin(a)) if t.op == "cos" else (sp.sin(a), -sp.cos(a))
    half = sp.Rational(1, 2)
    return _add({(sp.S.Zero, 0, b): (half * re, half * im)}, {(sp.S.Zero, 0, -b): (half * re, -half * im)})
