"""Powers with a parameter as exponent, when it is an even or an odd number, or no whole number."""

from __future__ import annotations

from intertwine.terms import Term, apply, mul, num, piecewise, power, rebuild


def rewritten(s: Term, p: Term, name: str) -> Term:
    """``u**p`` in powers of positive numbers: the same function of ``x`` for every exponent of the class but 0.

    ``even``: ``|u|**p``; ``odd``: ``sign(u)*|u|**p``, both for ``u`` other than 0; else ``u**p`` for ``u > 0``
    only. At ``u = 0`` all of them are 0 if ``p > 0`` and undefined otherwise.
    """
    zero = num(0)
    memo: dict[Term, Term] = {}
    for node in s.walk():
        args = tuple(memo[a] for a in node.args)
        if node.op != "pow" or args[1] != p:
            memo[node] = rebuild(node, args)
            continue
        u, positive = args[0], apply("lt", zero, p)
        if name == "broken":
            at_zero = apply("and", apply("eq", u, zero), positive)
            memo[node] = piecewise((power(u, p), apply("lt", zero, u)), (zero, at_zero))
            continue
        size = power(apply("Abs", u), p)
        size = size if name == "even" else mul(size, apply("sign", u))
        memo[node] = piecewise((size, apply("ne", u, zero)), (zero, positive))
    return memo[s]
