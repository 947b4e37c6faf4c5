"""Candidates for translation periods: from periodic functions of arguments that are linear in ``x``."""

from __future__ import annotations

from intertwine.calculus.cases import Region, TooManyCases, explore
from intertwine.calculus.constants import simplified
from intertwine.calculus.derivation import derivative
from intertwine.calculus.tower import NoNormalForm
from intertwine.solve.logperiodic import PERIOD, common_period
from intertwine.terms import Term, apply


def period_candidates(core: Term) -> list[Term]:
    """The least common multiple of the periods of ``sin, cos, tan, floor`` of linear arguments.

    Examples
    --------
    >>> from intertwine.terms import X, apply
    >>> period_candidates(apply("sin", 2*X) + apply("cos", 3*X))
    [2*pi]
    """
    found: list[Term] = []
    for node in core.walk():
        if node.op in PERIOD and node.has_x:
            slope = _slope(node.args[0])
            if slope is not None:
                found.append(simplified(PERIOD[node.op] / apply("Abs", slope)))
    common = common_period(list(dict.fromkeys(found)))
    return [common] if common is not None else []


def _slope(argument: Term) -> Term | None:
    found: list[Term] = []

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        if terms[0] is None:
            return True
        nf = region.normal
        slope = derivative(nf, nf.of(terms[0]))
        if region.tower.is_constant(slope) and not slope.num.is_zero() and not region.tower.is_imaginary(slope.num):
            found.append(nf.term(slope))
        return False

    try:
        explore((argument,), visit)
    except (TooManyCases, NoNormalForm):
        return None
    return found[0] if found else None
