"""Constants that are zero, although neither their form nor a ball around them says so."""

from __future__ import annotations

from contextvars import ContextVar
from fractions import Fraction

from flint import arb, ctx

from intertwine.certificates.analysis.clock import TooHard, tick
from intertwine.certificates.analysis.functions import Signs
from intertwine.certificates.analysis.plain import minus
from intertwine.certificates.analysis.values import Evaluation, Unclear, Undefined, constant_sign
from intertwine.errors import IntertwineError
from intertwine.terms import Term, num, rebuild

_asking: ContextVar[bool] = ContextVar("asking", default=False)  # the proofs below do not start themselves again
_LARGEST = 60  # parts of a constant
_LONGEST = 200  # bits of a number in it


def looks_like_zero(t: Term, bits: int = 320) -> bool:
    """Whether a constant is so small that a proof that it is zero is worth trying."""
    with ctx.workprec(bits):
        try:
            v = Evaluation(arb(1)).of(t)
        except (Undefined, Unclear):
            return False
        return bool(v.contains(0)) and bool(abs(v) < arb(2) ** (-bits // 2))


def is_zero(t: Term) -> bool:
    """Whether a constant term is defined and zero: proved."""
    return signs(t) == frozenset({0})


def signs(t: Term) -> Signs:
    """The sign of a constant; empty if it is not known."""
    sign = constant_sign(t)
    if sign is None and (_reduces_to_zero(t) or vanishes(t)):
        sign = 0
    return frozenset() if sign is None else frozenset({sign})


def _reduces_to_zero(t: Term) -> bool:
    """Whether a constant term is defined and has the normal form 0."""
    from intertwine.certificates.analysis.identities import reduces_to_zero

    return reduces_to_zero(t)


def vanishes(t: Term) -> bool:
    """Whether a constant is proved to be zero, by Liouville's bound or a normal form.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> vanishes(parse_term("sqrt(2) + sqrt(3) - sqrt(5 + 2*sqrt(6))"))
    True
    """
    if _asking.get() or t.size > _LARGEST or not looks_like_zero(t) or any(_long(node) for node in t.walk()):
        return False
    tick()
    token = _asking.set(True)
    try:
        return _zero_number(t)
    finally:
        _asking.reset(token)


def settled(t: Term) -> Term:
    """The same function with constant exponents that are rational numbers in disguise written as such."""
    memo: dict[Term, Term] = {}
    for node in t.walk():
        args = tuple(memo[a] for a in node.args)
        if node.op == "pow" and not args[1].has_x and args[1].value is None:
            value = _rational(args[1])
            args = args if value is None else (args[0], num(value))
        memo[node] = rebuild(node, args)
    return memo[t]


def _rational(t: Term) -> Fraction | None:
    """The value of a constant that is proved to be a simple rational number."""
    with ctx.workprec(320):
        try:
            v = Evaluation(arb(1)).of(t)
        except (Undefined, Unclear):
            return None
        if not v.is_finite() or abs(v) > 10**6:
            return None
        guess = Fraction(float(v.mid())).limit_denominator(60)
        exact = arb(guess.numerator) / guess.denominator
        if v.is_exact() and exact.is_exact():
            return guess if v == exact else None
    return guess if vanishes(minus(t, num(guess))) else None


def _long(t: Term) -> bool:
    return t.value is not None and max(abs(t.value.numerator), t.value.denominator).bit_length() > _LONGEST


def _zero_number(t: Term) -> bool:
    from intertwine.groups.constants import constant_to_sympy
    from intertwine.groups.exact import is_zero

    try:
        return is_zero(constant_to_sympy(t))
    except (IntertwineError, TooHard):
        return False
