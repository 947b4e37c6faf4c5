"""Which ``(a, c)`` can satisfy ``τ(at + c) = b σ(t) + d``: the second derivatives far out answer.

``f = σ''`` and ``g = τ''`` satisfy ``a**2 g(at + c) = b f(t)``. Where ``f(t) = κ t**m exp(λt) (1 + ...)`` and ``g``
alike, the rates give ``a``; the next term gives ``c``, because a shift changes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from intertwine.calculus.constants import constants_equal, simplified
from intertwine.calculus.core import reflected, to_core
from intertwine.calculus.differentiate import NoDerivative, differentiate
from intertwine.pairs.tails import BEYOND, NoTail, Tail, tail
from intertwine.pieces import Pieces
from intertwine.pieces.locations import constant_sign, strict_powers
from intertwine.terms import ZERO, Term, apply, mul, num, power, rebuild


@dataclass(frozen=True)
class Ends:
    """The expansions of ``s''(±t)`` for ``t -> oo``; None where there is none in the scale."""

    right: Tail | None
    left: Tail | None

    def side(self, sign: int) -> Tail | None:
        """The right (1) or the left (-1) end."""
        return self.right if sign > 0 else self.left


@dataclass(frozen=True)
class Found:
    """What the ends leave for one sign of ``a``: one map, nothing (``excluded`` says why), or no answer."""

    a: Term | None = None
    c: Term | None = None
    excluded: str = ""


def ends_of(cut: Pieces) -> Ends:
    """The ends of an activation, from its outermost pieces."""
    return Ends(_end(cut, 1), _end(cut, -1))


def _end(cut: Pieces, sign: int) -> Tail | None:
    piece = cut.pieces[-1 if sign > 0 else 0]
    if piece.expression is None or piece.where or piece.steps:
        return None
    expression = strict_powers(to_core(piece.expression))
    for way in (0, 1, -1):
        try:
            second = differentiate(differentiate(_without_tanh(expression, way)))
            return tail(second if sign > 0 else reflected(second))
        except (NoDerivative, NoTail):
            if all(node.op != "tanh" for node in expression.walk()):
                break
    return None


def _without_tanh(t: Term, way: int) -> Term:
    """``tanh(u)`` through ``exp(-2u)`` (1) or ``exp(2u)`` (-1): one of them is small where ``u`` is large."""
    if not way:
        return t
    memo: dict[Term, Term] = {}
    for node in t.walk():
        args = tuple(memo[a] for a in node.args)
        if node.op == "tanh":
            e = apply("exp", mul(num(-2 * way), args[0]))
            memo[node] = mul(num(way), 1 - e, power(1 + e, num(-1)))
        else:
            memo[node] = rebuild(node, args)
    return memo[t]


def match_ends(first: Ends, second: Ends, sign: int) -> Found:
    """The maps with one sign of ``a`` that the ends leave.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> from intertwine.pieces import pieces
    >>> ends = lambda text: ends_of(pieces(parse_term(text)))
    >>> match_ends(ends("silu"), ends("x*sigmoid(2*x - 4)"), 1).excluded
    ''
    >>> match_ends(ends("mish"), ends("logish"), 1).excluded
    'the rates at the two ends'
    """
    best = Found()
    size: Fraction | None = None
    for side in (1, -1):
        f, g = first.side(side), second.side(side * sign)
        if f is None or g is None:
            continue
        name = "right" if side > 0 else "left"
        if f.terms and g.terms:
            (rate_f, m_f), (rate_g, m_g) = f.terms[0][0], g.terms[0][0]
            if m_f != m_g or (rate_f == 0) is not (rate_g == 0) or rate_f * rate_g < 0:
                return Found(excluded=f"the leading terms of the second derivatives on the {name}")
            if not rate_f:
                continue
            ratio = Fraction(rate_f) / Fraction(rate_g)
            if size is not None and size != ratio:
                return Found(excluded="the rates at the two ends")
            size = ratio
            found = _from_shift(f, g, size, sign * side, name)
            if found.excluded:
                return found
            if found.c is not None:
                if best.c is not None and constants_equal(best.c, found.c) is False:
                    return Found(excluded="the shifts at the two ends")
                best = Found(num(sign * size), found.c)
        elif _unlike(f, g):
            return Found(excluded=f"the leading terms of the second derivatives on the {name}")
    return best


def _unlike(f: Tail, g: Tail) -> bool:
    """Whether one has a leading term that the other is smaller than: or one is zero and the other is not."""
    for a, b in ((f, g), (g, f)):
        if a.terms and not b.terms and (b.order is None or b.order == BEYOND or b.order[0] == BEYOND[0]):
            return True
    return False


def _from_shift(f: Tail, g: Tail, size: Fraction, direction: int, name: str) -> Found:
    """``c`` from the terms after the leading ones: ``direction * c`` is added to the argument on this side."""
    (_, m), k_f = f.terms[0]
    k_g = g.terms[0][1]
    if m:
        below_f, below_g = _at(f, -1), _at(g, -1)
        if below_f is None or below_g is None:
            return Found()
        # (at + c)**m (1 + n/(at + c)) = a**m t**m (1 + (m c + n)/(a t) + ...)
        shift = simplified(mul(num(1 / m), num(size) * below_f / k_f - below_g / k_g))
        return Found(c=mul(num(direction), shift))
    if len(f.terms) < 2 or len(g.terms) < 2:
        return Found()
    (rate_f, n_f), r_f = f.terms[1]
    (rate_g, n_g), r_g = g.terms[1]
    gap_f, gap_g = Fraction(rate_f) - Fraction(f.terms[0][0][0]), Fraction(rate_g) - Fraction(g.terms[0][0][0])
    if n_f != n_g or size * gap_g != gap_f:
        return Found(excluded=f"the next terms of the second derivatives on the {name}")
    if not gap_g:
        return Found()
    quotient = simplified((r_f / k_f) / (r_g / k_g) * power(num(size), num(-n_g)))
    if constant_sign(quotient) != 1:
        return Found(excluded=f"the next terms of the second derivatives on the {name}")
    return Found(c=mul(num(direction), simplified(apply("log", quotient) / gap_g)))


def _at(f: Tail, step: int) -> Term | None:
    """The coefficient one power below the leading one, zero if there is none; None: not known."""
    (rate, m), _ = f.terms[0]
    key = (rate, m + step)
    if f.order is not None and key <= f.order:
        return None
    return next((c for k, c in f.terms if k == key), ZERO)


