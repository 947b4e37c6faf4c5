"""Constants in disguise (zero, or rational): settled exactly before anything else looks at them."""

from __future__ import annotations

from fractions import Fraction

from intertwine.calculus.constants import rational_constant
from intertwine.calculus.enclosure import Unclear, UndefinedAt, enclose
from intertwine.errors import IntertwineError
from intertwine.groups.constants import constant_to_sympy
from intertwine.groups.exact import is_zero
from intertwine.terms import ZERO, Term, num, rebuild


def settle_constants(core: Term) -> Term:
    """The same function with constant subterms replaced by their rational value, where that can be proved.

    So ``x**sqrt(4)`` is ``x**2``, also for negative ``x``.

    Examples
    --------
    >>> from intertwine.terms import X, num
    >>> root = lambda a: num(a) ** num(1, 2)
    >>> settle_constants(X * (root(2) * root(3) - root(6)))
    0*x
    """
    memo: dict[Term, Term] = {}
    for node in core.walk():
        built = rebuild(node, tuple(memo[a] for a in node.args))
        memo[node] = _settled(built)
    return memo[core]


def _settled(t: Term) -> Term:
    if t.has_x or t.is_condition or t.value is not None or t.op in ("pi", "E"):
        return t
    value = rational_constant(t) if t.size <= 60 else None
    if value is not None and value.height_bits() <= 4096:
        return num(int(value.p), int(value.q))
    return ZERO if _is_hidden_zero(t) else t


def _is_hidden_zero(t: Term) -> bool:
    if t.op not in ("add", "mul") or t.size > 60:
        return False
    try:
        if not enclose(t, Fraction(1), 160).contains(0):
            return False
        return is_zero(constant_to_sympy(t))
    except (Unclear, UndefinedAt, IntertwineError):
        return False
