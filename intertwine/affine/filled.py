"""Removable singularities that are filled in before anything else is asked: ``x**2*(x - 1)/(x - 1)`` is ``x**2``."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from intertwine.calculus.cells import polynomial_ratio
from intertwine.calculus.core import reflected, to_core
from intertwine.calculus.identity import prove_equal
from intertwine.terms import ONE, ZERO, Term, X, add, mul, num, power, rebuild


@dataclass(frozen=True)
class Filled:
    """``s`` is this function off isolated points where it is undefined.

    That the function is continuous at these points is left to the check of the certificate.
    """

    law: Term


def filled(activation: Term) -> Filled | None:
    """The activation without factors that cancel and without points that are cut out, or None if there are none.

    Examples
    --------
    >>> filled(X**2*(X - 1)/(X - 1))
    Filled(law=x**2)
    >>> filled(X**2) is None
    True
    """
    law = _cancelled(activation)
    if law == activation or law.is_condition or not law.has_x:
        return None
    s, f = to_core(activation), to_core(law)
    sides = ((s, f), (reflected(s), reflected(f)))
    if prove_equal(s.subs(ZERO), f.subs(ZERO)) is not None and all(prove_equal(*pair) is not None for pair in sides):
        return None  # nothing but another way to write it
    return Filled(law) if all(prove_equal(*pair, fill=True) is not None for pair in sides) else None


def _cancelled(t: Term) -> Term:
    memo: dict[Term, Term] = {}
    for node in t.walk():
        args = tuple(memo[a] for a in node.args)
        if node.op == "mul":
            memo[node] = _product(args)
        elif node.op == "piecewise" and len(set(args[::2])) == 1 and not node.is_condition:
            memo[node] = _one_value(node, args)
        else:
            memo[node] = rebuild(node, args)
    return memo[t]


def _product(factors: tuple[Term, ...]) -> Term:
    """A product in which equal factors of the numerator and the denominator are gone."""
    exponents: Counter[Term] = Counter()
    for f in factors:
        base, e = f.args if f.op == "pow" else (f, ONE)
        whole = e.value is not None and e.value.denominator == 1
        exponents[base if whole else f] += int(e.value) if whole and e.value is not None else 1
    product = mul(*(b if e == 1 else power(b, num(e)) for b, e in exponents.items() if e))
    ratio = polynomial_ratio(product)
    if ratio is None or ratio[1].degree() == 0:
        return product
    common = ratio[0].gcd(ratio[1])
    if common.degree() == 0:
        return product
    top, bottom = (_polynomial(p // common) for p in ratio)
    return top / bottom


def _polynomial(p: object) -> Term:
    coefficients = [num(int(c.p), int(c.q)) for c in p.coeffs()]  # type: ignore[attr-defined]
    return add(*(mul(c, power(X, num(k))) for k, c in enumerate(coefficients)))


def _one_value(node: Term, args: tuple[Term, ...]) -> Term:
    """A case distinction with one value that leaves out points only: no condition has to be an interval."""
    conditions = node.args[1::2]
    if all(c.op in ("ne", "lt") for c in conditions):
        return args[0]
    return rebuild(node, args)
