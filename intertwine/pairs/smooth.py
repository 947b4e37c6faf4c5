"""Is a smooth term analytic at every point of an interval?  By the signs that the arguments of its operations take."""

from __future__ import annotations

from fractions import Fraction

from flint import arb

from intertwine.calculus.cases import Region, TooManyCases, explore
from intertwine.calculus.cells import RealRoot, compare, rational_root
from intertwine.calculus.enclosure import Unclear, UndefinedAt, enclose
from intertwine.calculus.tower import NoNormalForm
from intertwine.pieces.analyticity import ENTIRE
from intertwine.pieces.locations import ORIGIN, constant_sign
from intertwine.pieces.strips import Span
from intertwine.terms import ONE, ZERO, E, Term, apply, num, power

Signs = frozenset[int]
POSITIVE, NONZERO = frozenset({1}), frozenset({1, -1})


def analytic_on(core: Term, low: Term | None, high: Term | None) -> bool:
    """Whether a core term is proved analytic on an open interval between constants (None: infinite).

    Examples
    --------
    >>> from intertwine.terms import X, num
    >>> analytic_on(apply("log", 1 + X**2), None, None), analytic_on(apply("cbrt", X - 2), None, None)
    (True, False)
    >>> analytic_on(apply("cbrt", X - 2), num(2), None)
    True
    """
    ends = [_outer(low, -1), _outer(high, 1)]
    if (low is not None and ends[0] is None) or (high is not None and ends[1] is None):
        return False
    spans = _halves(ends[0], ends[1])
    return all(_fits(node, spans) for node in core.walk())


def _outer(end: Term | None, side: int) -> RealRoot | None:
    """An end, or a rational number just outside."""
    if end is None:
        return None
    if end.value is not None:
        return rational_root(end.value)
    try:
        ball: arb = enclose(end, Fraction(1), 128)
    except (Unclear, UndefinedAt):
        return None
    edge = ball.lower() if side < 0 else ball.upper()
    mantissa, exponent = edge.man_exp()
    return rational_root(Fraction(int(mantissa)) * Fraction(2) ** int(exponent))


def _halves(low: RealRoot | None, high: RealRoot | None) -> tuple[list[Span], bool]:
    """The parts on the two sides of 0, and whether 0 lies between."""
    left = low is None or compare(low, ORIGIN) < 0
    right = high is None or compare(high, ORIGIN) > 0
    if left and right:
        return [Span(low, ORIGIN), Span(ORIGIN, high)], True
    return [Span(low, high)], False


def _fits(node: Term, spans: tuple[list[Span], bool]) -> bool:
    if node.op in ENTIRE or not node.has_x:
        return True
    found = _condition(node)
    if found is None:
        return False
    atom, allowed = found
    if allowed is None:
        return True
    parts, through = spans
    if through and constant_sign(atom.subs(ZERO)) not in allowed:
        return False
    return all(span.possible(atom) <= allowed or _one_sign(span, atom, allowed) for span in parts)


def _one_sign(span: Span, atom: Term, allowed: Signs) -> bool:
    """Whether a continuous atom, nowhere zero because its reciprocal is defined, has a sign that is allowed."""

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        return terms[0] is not None

    turned = span.turn(atom)
    try:
        if not explore((power(turned, num(-1)),), visit, span.cell):
            return False
    except (TooManyCases, NoNormalForm):
        return False
    return constant_sign(turned.subs(num(span.cell.sample()))) in allowed


def _condition(node: Term) -> tuple[Term, Signs | None] | None:
    """The sign that makes an operation analytic; no sign where it always is; None where it never is."""
    u = node.args[-1]
    match node.op:
        case "pow":
            base, r = node.args[0], u.value
            if r is not None and r.denominator == 1:
                return base, None if r >= 0 else NONZERO
            return base, POSITIVE
        case "log" | "loggamma" | "Ci" | "bessely" | "gamma" | "digamma":
            return u, POSITIVE
        case "besselj" | "besseli":
            order = node.args[0].value
            return u, None if order is not None and order.denominator == 1 else POSITIVE
        case "asin" | "atanh":
            return ONE - u**2, POSITIVE
        case "acosh":
            return u - 1, POSITIVE
        case "LambertW":
            return E * u + 1, POSITIVE
        case "tan":
            return apply("cos", u), NONZERO
        case "cbrt":
            return u, NONZERO
    return None
