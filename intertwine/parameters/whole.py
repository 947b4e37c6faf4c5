"""Powers whose exponent is a parameter: what they are when it is even, odd, or no whole number.

``u**p`` with a whole exponent other than 0 has a value for negative ``u``, too; otherwise only for ``u > 0``,
and for ``u = 0`` if ``p > 0``.
"""

from __future__ import annotations

from intertwine.terms import ZERO, Term, apply, mul, piecewise, power, rebuild

CLASSES = ("even", "odd", "broken")


def for_class(term: Term, p: Term, name: str) -> Term:
    """The term with every power ``u**p`` written for a class of exponents, in powers of positive numbers.

    Examples
    --------
    >>> from intertwine.terms import X, parameter
    >>> p = parameter("p")
    >>> for_class(X**p, p, "odd")
    Piecewise((Abs(x)**p*sign(x), Ne(x, 0)), (0, 0 < p))
    """
    memo: dict[Term, Term] = {}
    for node in term.walk():
        args = tuple(memo[a] for a in node.args)
        memo[node] = _power(args[0], p, name) if node.op == "pow" and args[1] == p else rebuild(node, args)
    return memo[term]


def _power(base: Term, p: Term, name: str) -> Term:
    at_zero = (ZERO, apply("lt", ZERO, p))
    if name == "broken":
        return piecewise((power(base, p), apply("lt", ZERO, base)), (ZERO, apply("and", apply("eq", base, ZERO),
                                                                              apply("lt", ZERO, p))))
    size = power(apply("Abs", base), p)
    value = size if name == "even" else mul(size, apply("sign", base))
    return piecewise((value, apply("ne", base, ZERO)), at_zero)


