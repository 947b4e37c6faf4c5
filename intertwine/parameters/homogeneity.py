"""Is the activation ``c t**p`` on a half-line, for all values of the parameters?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from intertwine.parameters.conditions import Conditions, Unsupported
from intertwine.parameters.identities import same
from intertwine.parameters.ring import Element
from intertwine.parameters.tree import Fact
from intertwine.parameters.witnesses import Values
from intertwine.terms import ONE, ZERO, Term, X, mul, num, power


@dataclass(frozen=True)
class Half:
    """``s(side*t) = coefficient * t**degree`` for ``t > 0``."""

    side: int
    coefficient: Term
    degree: Term

    @property
    def zero(self) -> bool:
        """Whether the half-line imposes no condition."""
        return self.coefficient == ZERO

    @property
    def fact(self) -> Fact:
        """As the data of a certificate."""
        return {"fact": "homogeneous", "side": self.side, "coefficient": str(self.coefficient),
                "degree": str(self.degree)}


def half(term: Term, side: int, values: Values, conditions: Conditions, broken: frozenset[str]) -> Half | None:
    """The power that a half-line is, if it is one; ``term`` is the activation there as a function of ``t > 0``."""
    one, two = values.at(num(side)), values.at(num(2 * side))
    if one is None or two is None:
        return None
    if values.field.simplified(one).top.is_zero():
        return Half(side, ZERO, ZERO) if same(term, ZERO, conditions, broken, fill=True) else None
    coefficient = values.field.ring.term(values.field.simplified(one))
    for degree in dict.fromkeys(_degrees(term, values, one, two)):
        if same(term, mul(coefficient, power(X, degree)), conditions, broken, fill=True):
            return Half(side, coefficient, degree)
    return None


def _degrees(term: Term, values: Values, one: Element, two: Element) -> Iterator[Term]:
    """Exponents ``p`` with ``s(2t) = 2**p s(t)`` at the points known."""
    for candidate in _candidates(term):
        try:
            factor = values.field.of(power(num(2), candidate))
            if values.field.simplified(two - factor * one).top.is_zero():
                yield candidate
        except Unsupported:
            continue


def _candidates(term: Term) -> Iterator[Term]:
    yield from (num(n) for n in (1, 2, 0, 3, -1))
    ratio: set[Fraction] = set()
    for node in term.walk():
        if node.op != "pow" or not node.has_x:
            continue
        e = node.args[1]
        if e.parameters:
            yield from (e, e + 1, e - 1, mul(num(-1), e), mul(num(2), e), ONE - e, mul(num(-1), e) - 1)
        elif e.value is not None:
            ratio.add(e.value)
    for a in sorted(ratio):
        yield from (num(a), num(a + 1), num(a - 1), num(-a))
    for a in sorted(ratio):
        for b in sorted(ratio):
            yield num(a + b)
            yield num(a * b)
    yield from (num(n) for n in (*range(4, 13), *range(-12, -1)))


