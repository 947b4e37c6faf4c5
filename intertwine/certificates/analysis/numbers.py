"""Exact comparisons of constants: equal or different by proof, otherwise not known."""

from __future__ import annotations

from fractions import Fraction

from flint import arb, ctx

from intertwine.certificates.analysis.constants import is_zero
from intertwine.certificates.analysis.plain import minus
from intertwine.certificates.analysis.spans import exact
from intertwine.certificates.analysis.values import Evaluation, Unclear, Undefined, constant_sign
from intertwine.errors import IntertwineError
from intertwine.terms import ONE, Term, apply


def equal(a: Term, b: Term) -> bool:
    """Whether two constants are proved to be equal.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> equal(parse_term("exp(log(8)/3)"), parse_term("2"))
    True
    """
    return a == b or (not different(a, b) and is_zero(minus(a, b)))


def different(a: Term, b: Term) -> bool:
    """Whether two constants are proved to be different."""
    return constant_sign(minus(a, b)) in (1, -1)


def above_one(a: Term) -> bool:
    """Whether a constant is proved to be greater than 1."""
    return constant_sign(minus(a, ONE)) == 1


def size(a: Term) -> Term:
    """The absolute value of a constant other than 0."""
    return a if constant_sign(a) == 1 else apply("Abs", a)


def log_ratio(a: Term, b: Term) -> arb | None:
    """A ball around ``log a/log b``."""
    with ctx.workprec(256):
        try:
            top, bottom = (Evaluation(exact(Fraction(1))).of(t).log() for t in (a, b))
        except (Unclear, Undefined):
            return None
        ratio = top / bottom
        return ratio if ratio.is_finite() else None


def whole_log(a: Term, b: Term) -> tuple[bool, int]:
    """``(True, m)`` if ``a = b**m`` for a whole number, ``(True, 0)`` if there is none; ``(False, 0)`` if not known."""
    ratio = log_ratio(a, b)
    if ratio is None:
        return False, 0
    if not ratio.contains_integer():
        return True, 0
    m = ratio.unique_fmpz()
    if m is None or abs(int(m)) > 10_000:
        return False, 0
    return (True, int(m)) if equal(a, b ** Fraction(int(m))) else (False, 0)


def rational_log(a: Term, b: Term) -> tuple[bool, Fraction | None]:
    """Whether ``log a/log b`` is known to be rational or not, and the fraction."""
    from intertwine.groups.constants import constant_to_sympy
    from intertwine.groups.ratios import commensurability

    try:
        return True, commensurability(constant_to_sympy(a), constant_to_sympy(b))
    except IntertwineError:
        return False, None


def irrational_ratio(a: Term, b: Term) -> bool:
    """Whether the ratio of two constants is proved to be irrational."""
    from intertwine.groups.constants import constant_to_sympy
    from intertwine.groups.ratios import rational_ratio

    try:
        return rational_ratio(constant_to_sympy(a), constant_to_sympy(b)) is None
    except IntertwineError:
        return False
