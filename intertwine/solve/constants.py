"""Constants that are zero in disguise: settled exactly before anything else looks at them."""

from __future__ import annotations

from fractions import Fraction

from intertwine.calculus.enclosure import Unclear, UndefinedAt, enclose
from intertwine.errors import IntertwineError
from intertwine.groups.constants import constant_to_sympy
from intertwine.groups.exact import is_zero
from intertwine.terms import ZERO, Term, rebuild


def settle_constants(core: Term) -> Term:
    """The same function with every constant subterm that is exactly zero replaced by 0.

    Examples
    --------
    >>> from intertwine.terms import X, num
    >>> root = lambda a: num(a) ** num(1, 2)
    >>> settle_constants(X * (root(2) * root(3) - root(6)))
    x*0
    """
    memo: dict[Term, Term] = {}
    for node in core.walk():
        built = rebuild(node, tuple(memo[a] for a in node.args))
        memo[node] = ZERO if _is_hidden_zero(built) else built
    return memo[core]


def _is_hidden_zero(t: Term) -> bool:
    if t.has_x or t.op not in ("add", "mul") or t.is_condition or t.size > 60:
        return False
    try:
        if not enclose(t, Fraction(1), 160).contains(0):
            return False
        return is_zero(constant_to_sympy(t))
    except (Unclear, UndefinedAt, IntertwineError):
        return False
