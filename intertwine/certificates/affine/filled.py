"""The activation with its isolated removable singularities filled in, by a law that is analytic at these points.

It has to be the first fact: the others speak of the law.
"""

from __future__ import annotations

from intertwine.certificates import reading
from intertwine.certificates.affine.derivatives import derivative
from intertwine.certificates.affine.facts import HERE
from intertwine.certificates.analysis.cases import attempt, explore
from intertwine.certificates.analysis.cells import Cell
from intertwine.certificates.analysis.clock import TooHard
from intertwine.certificates.analysis.identities import FILL, Unproved, prove
from intertwine.certificates.analysis.regions import Region
from intertwine.certificates.established import Subject
from intertwine.certificates.reading import Json
from intertwine.errors import CertificateError
from intertwine.terms import Term, X, mul, num

_CONTINUOUS = frozenset("x add mul exp sin cos sinh cosh tanh atan erf Abs Max".split())


def is_filled(fact: object) -> bool:
    """Whether a fact is one of this kind."""
    return isinstance(fact, dict) and fact.get("fact") == "filled"


def filled(s: Subject, data: Json) -> Term:
    """The law, after the proof that ``s`` is the law but for isolated points, at which the law is analytic.

    Raises
    ------
    CertificateError
        It is not seen to be so.
    """
    law = reading.term(data.get("law"), "a law")
    if law.is_condition:
        raise CertificateError("filled: a law is a condition, not a number")
    try:
        slope = law if _continuous(law) else derivative(law)
        for place, cells in ((X, [Cell()]), (mul(num(-1), X), [Cell()]), (X - 1, HERE)):
            _agree(s.term.subs(place), law.subs(place), slope.subs(place), cells)
    except (TooHard, Unproved) as problem:
        raise CertificateError(f"filled: {problem}") from None
    return law


def _continuous(t: Term) -> bool:
    """Whether a term is defined and continuous on the whole line, as it is written."""
    return all(
        node.op in _CONTINUOUS
        or not node.has_x
        or (node.op == "pow" and node.args[1].value is not None and node.args[1].value in range(1, 10**6))
        for node in t.walk()
    )


def _agree(s: Term, law: Term, slope: Term, cells: list[Cell]) -> None:
    def visit(region: Region) -> None:
        # Where the derivative is defined the law is analytic, so continuous: it has the limit of s as its value.
        if attempt(region, s) is None and attempt(region, law) is not None and attempt(region, slope) is None:
            raise TooHard("the law is not seen to be continuous at a point that is filled in")

    prove(s, law, FILL, cells)
    explore(cells, visit)
