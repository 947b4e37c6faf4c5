"""Which ``d`` can satisfy ``τ(dt) = b σ(t)``: 0 is a fixed point, so the expansions at 0 answer.

If ``σ(±h) = Σ α_k h**k`` and ``τ(±h) = Σ β_k h**k`` for small ``h > 0``, then ``|d|**k β_k = b α_k`` for all ``k``, on
both sides (exchanged for negative ``d``). So the same exponents occur; two of them give ``|d|``; and when both
functions are powers near 0, the places where they cease to be give it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from intertwine.calculus.constants import constants_equal, simplified
from intertwine.pairs.local import Local, Side
from intertwine.pieces.locations import constant_sign
from intertwine.terms import ONE, Term, mul, num, power


@dataclass(frozen=True)
class Scaling:
    """What the expansions say about the ``d`` of one sign.

    ``size`` None: nothing is left, if ``excluded``; otherwise ``|d|`` is not determined. ``free``: nothing depends on
    ``|d|``, so that ``size`` 1 stands for all.
    """

    sign: int
    size: Term | None = None
    excluded: str = ""
    free: bool = False

    @property
    def d(self) -> Term | None:
        """The number, with its sign."""
        return None if self.size is None else self.size if self.sign > 0 else mul(num(-1), self.size)


@dataclass(frozen=True)
class _Equation:
    """``|d|**degree * second = b * first``."""

    degree: Fraction
    first: Term
    second: Term


def scaling(first: Local, second: Local, sign: int) -> Scaling:
    """The ``d`` of one sign that the two sides of the points leave.

    Examples
    --------
    >>> from intertwine.calculus.core import to_core
    >>> from intertwine.pairs.local import look
    >>> from intertwine.parsing import parse_term
    >>> from intertwine.pieces import pieces
    >>> from intertwine.terms import ZERO
    >>> def at_zero(text):
    ...     t = parse_term(text)
    ...     return look(to_core(t), pieces(t), ZERO, False)
    >>> scaling(at_zero("silu"), at_zero("quick_gelu"), 1).size
    500/851
    >>> scaling(at_zero("relu"), at_zero("sin(x)"), 1).excluded
    'the exponents of the expansions on the right'
    """
    pairs = [(first.side(k), second.side(k * sign), "right" if k > 0 else "left") for k in (1, -1)]
    equations: list[_Equation] = []
    known = True
    for a, b, name in pairs:
        if a.defined is None or b.defined is None:
            known = False
            continue
        if a.defined is not b.defined:
            return Scaling(sign, excluded=f"the domains near the point on the {name}")
        if not a.defined:
            continue
        if a.expansion is None or b.expansion is None:
            known = False
            continue
        if _exponents_differ(a, b):
            return Scaling(sign, excluded=f"the exponents of the expansions on the {name}")
        equations += [_Equation(k, c, b.coefficients[k]) for k, c in a.coefficients.items() if k in b.coefficients]
    at_point = _at_point(first, second)
    if at_point == "differ":
        return Scaling(sign, excluded="the values there (zero or not)")
    known = known and at_point != "open"
    if isinstance(at_point, _Equation):
        equations.append(at_point)
    signs = {_sign(e.first) * _sign(e.second) for e in equations}
    if len(signs) > 1:
        return Scaling(sign, excluded="the signs of the coefficients of the expansions")
    size = _from_two(equations)
    if size is not None:
        broken = _third(equations, size)
        return Scaling(sign, excluded=broken) if broken else Scaling(sign, size)
    return _from_reach(pairs, sign) if known else Scaling(sign)


def _at_point(first: Local, second: Local) -> _Equation | str:
    """The equation at the point itself, or "none", "differ", "open"."""
    if first.rest is None or second.rest is None:
        return "none" if first.defined is second.defined is False else "open"
    signs = constant_sign(first.rest), constant_sign(second.rest)
    if None in signs:
        return "open"
    if 0 in signs:
        return "none" if signs == (0, 0) else "differ"
    return _Equation(Fraction(0), first.rest, second.rest)


def _exponents_differ(a: Side, b: Side) -> bool:
    orders = [o for o in (a.order, b.order) if o is not None]
    low = min(orders) if orders else None
    return any(low is None or k < low for k in a.coefficients.keys() ^ b.coefficients.keys())


def _sign(t: Term) -> int:
    found = constant_sign(t)
    assert found  # the coefficients of an expansion are proved not to be zero
    return found


def _from_two(equations: list[_Equation]) -> Term | None:
    """``|d|`` from two different exponents, as near to each other as possible."""
    couples = [(e, f) for i, e in enumerate(equations) for f in equations[:i] if e.degree != f.degree]
    if not couples:
        return None
    e, f = min(couples, key=lambda c: (abs(c[0].degree - c[1].degree), c[0].degree + c[1].degree))
    return simplified(power(simplified(_ratio(e, f)), num(1 / (e.degree - f.degree))))


def _ratio(e: _Equation, f: _Equation) -> Term:
    """What ``|d|**(e.degree - f.degree)`` is; positive, since the signs agree."""
    return (e.first * f.second) / (e.second * f.first)


def _third(equations: list[_Equation], size: Term) -> str:
    """An equation that the size found from two others does not satisfy."""
    e = equations[0]
    for f in equations[1:]:
        wanted = power(size, num(e.degree - f.degree)) if e.degree != f.degree else ONE
        if constants_equal(wanted, _ratio(e, f)) is False:
            return f"the coefficients of the expansions (exponents {e.degree} and {f.degree})"
    return ""


def _from_reach(pairs: list[tuple[Side, Side, str]], sign: int) -> Scaling:
    """Powers (or nothing) on both sides: ``|d|`` from where they end."""
    sizes: list[Term] = []
    decided = True
    for a, b, name in pairs:
        if not (_simple(a) and _simple(b)):
            decided = False
        elif a.whole is True and b.whole is True:
            continue
        elif {a.whole, b.whole} == {True, False}:
            return Scaling(sign, excluded=f"the places up to which the functions are a power on the {name}")
        elif a.whole is False and b.whole is False and a.reach is not None and b.reach is not None:
            sizes.append(simplified(b.reach / a.reach))
        else:
            decided = False
    for other in sizes[1:]:
        if constants_equal(sizes[0], other) is False:
            return Scaling(sign, excluded="the places up to which the functions are powers")
    if sizes:
        return Scaling(sign, sizes[0])
    return Scaling(sign, ONE, free=True) if decided else Scaling(sign)


def _simple(a: Side) -> bool:
    if a.defined is False:
        return True
    return a.expansion is not None and a.order is None and len(a.coefficients) <= 1


def both_signs(first: Local, second: Local) -> Iterator[Scaling]:
    """The positive and the negative scalings."""
    for sign in (1, -1):
        yield scaling(first, second, sign)
