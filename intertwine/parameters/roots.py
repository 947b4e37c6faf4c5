"""Where a term in one parameter is zero: the question is made one about the parameter itself."""

from __future__ import annotations

from fractions import Fraction

from flint import fmpq_poly

from intertwine.calculus.cells import polynomial_ratio
from intertwine.calculus.cells import roots as real_roots
from intertwine.calculus.core import to_core
from intertwine.calculus.enclosure import Unclear, UndefinedAt, enclose
from intertwine.parameters.conditions import Ask
from intertwine.parameters.field import Field
from intertwine.parameters.onevariable import constant_signs
from intertwine.parameters.witnesses import PERIODIC
from intertwine.terms import Term, X, num

_SIMPLE = [Fraction(p) for p in (0, 1, -1, 2, -2, "1/2", "-1/2", 3, -3, 4, -4, "1/3", "-1/3", "2/3", "3/2", "-3/2")]
_GRID = [Fraction(p) for p in ("1/64", "1/8", "1/4", "1/2", 1, 2, 4, 8, 32)]
CLOSE = Fraction(1, 2**14)
THREE_WAYS = (frozenset({-1}), frozenset({0}), frozenset({1}))


def sharper(ask: Ask, field: Field) -> Ask:
    """The same question, about a parameter minus a number if that helps."""
    names = sorted(ask.atom.parameters)
    if len(names) != 1 or _linear(ask.atom, names[0]) or any(node.op in PERIODIC for node in ask.atom.walk()):
        return ask  # the zeros of sin(b) are all multiples of pi: the condition is left as it is
    term, p = to_core(ask.atom.with_parameters({names[0]: X})), Term(f"@{names[0]}")
    low, high, without = field.range_of(names[0])

    def inside(q: Fraction) -> bool:
        return q not in without and (low is None or low < q) and (high is None or q < high)

    for q in _exact_zeros(term):
        if inside(q) and constant_signs(term.subs(num(q))) == {0}:
            return Ask(p - num(q), ask.parts)
    if polynomial_ratio(term) is not None:
        return ask
    cut = _beside_a_zero(term, low, high)
    return ask if cut is None else Ask(p - num(cut), THREE_WAYS)


def _linear(atom: Term, name: str) -> bool:
    """Whether a term is linear in a parameter, as it is written."""
    p = f"@{name}"
    if atom.op == p or name not in atom.parameters:
        return True
    if atom.op == "add":
        return all(_linear(a, name) for a in atom.args)
    if atom.op == "mul":
        return sum(name in a.parameters for a in atom.args) == 1 and all(_linear(a, name) for a in atom.args)
    return False


def _exact_zeros(term: Term) -> list[Fraction]:
    """Candidates: the rational zeros of a polynomial, or simple numbers."""
    ratio = polynomial_ratio(term)
    if ratio is None:
        return _SIMPLE
    return [q for q in (r.rational for r in real_roots(fmpq_poly(ratio[0]))) if q is not None]


def _sign(term: Term, q: Fraction) -> int | None:
    try:
        v = enclose(term, q, 128)
    except (Unclear, UndefinedAt):
        return None
    return 1 if v > 0 else -1 if v < 0 else None


def _beside_a_zero(term: Term, low: Fraction | None, high: Fraction | None) -> Fraction | None:
    """A number close to a change of sign within the range, which no exact zero explains."""
    grid = sorted({*_GRID, *(-q for q in _GRID), Fraction(0)})
    grid = [q for q in grid if (low is None or low < q) and (high is None or q < high)]
    ends = [*([low] if low is not None else []), *grid, *([high] if high is not None else [])]
    for a, b in zip(ends, ends[1:], strict=False):
        left, right = _sign(term, a), _sign(term, b)
        if left is None or right is None or left == right or b - a <= 2 * CLOSE:
            continue
        start, stop = a, b
        while b - a > CLOSE:
            middle = (a + b) / 2
            a, b = (middle, b) if _sign(term, middle) == left else (a, middle)
        return a if a != start else b if b != stop else None
    return None
