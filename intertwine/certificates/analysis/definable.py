"""Which expressions are definable in an o-minimal structure, and where (the table of the theory page).

Everything in the language is definable in the Pfaffian closure of the reals with restricted analytic functions
where its argument runs through a range on which the function does not oscillate: the whole domain for most
functions, bounded ranges for the oscillating ones, ranges that are bounded below for gamma and the Airy functions.
"""

from __future__ import annotations

from fractions import Fraction

from flint import ctx

from intertwine.certificates.analysis.spans import BITS, Spans
from intertwine.terms import Term

BOUNDED = frozenset({"sin", "cos", "floor", "Si", "Ci", "fresnels", "fresnelc", "besselj", "bessely"})
BOUNDED_BELOW = frozenset({"gamma", "airyai", "airybi"})
ALWAYS = frozenset(
    "x num pi E add mul pow piecewise exp log asin atan sinh cosh tanh asinh acosh atanh erf loggamma LambertW besseli "
    "Abs sign Max cbrt lt le eq ne and or not true false".split()
)
ENDS = ("everywhere", "0+", "0-", "oo", "-oo")


def is_neighbourhood(end: str, low: Fraction | None, high: Fraction | None) -> bool:
    """Whether an open interval reaches to an end."""
    if end == "everywhere":
        return low is None and high is None
    if end == "0+":
        return low == 0 and (high is None or high > 0)
    if end == "0-":
        return high == 0 and (low is None or low < 0)
    return high is None if end == "oo" else end == "-oo" and low is None


def obstacle(t: Term, low: Fraction | None, high: Fraction | None) -> Term | None:
    """A part of a plain term that is not shown to be definable on an open interval."""
    with ctx.workprec(BITS):
        spans = Spans(low, high)
        for node in t.walk():
            if not node.has_x or node.op in ALWAYS:
                continue
            s = spans.of(node.args[-1])
            if node.op in BOUNDED and s.bounded or node.op in BOUNDED_BELOW and s.low.is_finite():
                continue
            return node
    return None
