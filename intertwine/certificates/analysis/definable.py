"""Which expressions are definable in an o-minimal structure, and where (the table of the theory page).

Everything in the language is definable in the Pfaffian closure of the reals with restricted analytic functions
where its argument runs through a range on which the function does not oscillate: the whole domain for most
functions, bounded ranges for the oscillating ones, ranges that are bounded below for gamma and the Airy functions.
"""

from __future__ import annotations

from fractions import Fraction

from flint import ctx

from intertwine.certificates.analysis.functions import FUNCTIONS
from intertwine.certificates.analysis.plain import BESSEL
from intertwine.certificates.analysis.spans import BITS, Spans, between
from intertwine.terms import Term

_ALWAYS = frozenset("x num pi E add mul pow piecewise besseli Max lt le eq ne and or not true false".split())
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


def always(op: str) -> bool:
    """Whether an operation is definable on the whole of its domain."""
    return op in _ALWAYS or (op in FUNCTIONS and FUNCTIONS[op].tame == "always")


def obstacle(t: Term, low: Fraction | None, high: Fraction | None) -> Term | None:
    """A part of a plain term that is not shown to be definable on an open interval."""
    with ctx.workprec(BITS):
        spans = Spans(between(low, high))
        for node in t.walk():
            if not node.has_x or always(node.op):
                continue
            tame = "bounded" if node.op in BESSEL else FUNCTIONS[node.op].tame
            s = spans.of(node.args[-1])
            if not (tame == "bounded" and s.bounded or tame == "bounded below" and s.low.is_finite()):
                return node
    return None
