"""Is a smooth term analytic at a point?  By the signs of the arguments of its operations there."""

from __future__ import annotations

from collections.abc import Callable

from intertwine.terms import ONE, PI, E, Term, apply

Sign = Callable[[Term], "int | None"]

ENTIRE = frozenset({
    "x", "num", "pi", "E", "add", "mul", "exp", "sin", "cos", "sinh", "cosh", "tanh", "sinc", "erf", "atan", "asinh",
    "airyai", "airybi", "airyaiprime", "airybiprime", "Si", "fresnels", "fresnelc",
})  # fmt: skip


def analytic(term: Term, sign: Sign, steps: bool = False) -> bool:
    """Whether a smooth core term is proved analytic at the point where ``sign`` answers for terms.

    With ``steps``, step functions count as constant.

    Examples
    --------
    >>> from intertwine.calculus.cells import rational_root
    >>> from intertwine.pieces.locations import Location
    >>> from intertwine.terms import X, num
    >>> zero = Location(rational_root(0)).sign
    >>> analytic(apply("erf", X), zero), analytic((X**2) ** num(1, 2), zero)
    (True, False)
    """
    return all(_analytic(node, sign, steps) for node in term.walk())


def entire(term: Term) -> bool:
    """Whether a term is built from functions that are analytic on the whole line."""
    return all(
        node.op in ENTIRE or not node.has_x or (node.op == "pow" and _is_natural(node.args[1])) for node in term.walk()
    )


def _is_natural(exponent: Term) -> bool:
    return exponent.value is not None and exponent.value.denominator == 1 and exponent.value >= 0


def _analytic(node: Term, sign: Sign, steps: bool) -> bool:
    if node.op in ENTIRE or not node.has_x:
        return True
    u = node.args[-1]
    match node.op:
        case "pow":
            if _is_natural(u):
                return True
            whole = u.value is not None and u.value.denominator == 1
            base = sign(node.args[0])
            return base == 1 or (whole and base == -1)
        case "log" | "loggamma" | "Ci" | "bessely":
            return sign(u) == 1
        case "besselj" | "besseli":
            order = node.args[0].value
            return (order is not None and order.denominator == 1) or sign(u) == 1
        case "asin" | "atanh":
            return sign(ONE - u**2) == 1
        case "acosh":
            return sign(u - 1) == 1
        case "LambertW":
            return sign(E * u + 1) == 1
        case "tan":
            return sign(apply("cos", u)) in (1, -1)
        case "gamma" | "digamma":
            return sign(u) == 1 or sign(apply("sin", PI * u)) in (1, -1)
        case "cbrt":
            return sign(u) in (1, -1)
        case "floor":
            return steps or sign(apply("sin", PI * u)) in (1, -1)
    return False
