"""What is known of the parameters on one cell: the signs that conditions leave, and what follows from them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from intertwine.certificates.analysis.algebra import Poly, divide
from intertwine.certificates.analysis.cases import explore
from intertwine.certificates.analysis.cells import Cell, point
from intertwine.certificates.analysis.clock import TooHard
from intertwine.certificates.analysis.constants import signs as constant_signs
from intertwine.certificates.analysis.functions import ANY, Signs
from intertwine.certificates.analysis.plain import flip, plain
from intertwine.certificates.analysis.regions import Region
from intertwine.certificates.analysis.splits import Assumption
from intertwine.parameters.checking.given import Parameters
from intertwine.terms import Term, X, num

SOMEWHERE = [Cell(at=point(Fraction(1)))]  # for terms without x


class Knowledge:
    """Conditions on the parameters, and whether terms in them vanish where the conditions hold."""

    def __init__(self, conditions: tuple[tuple[Term, Signs], ...]) -> None:
        self.conditions = tuple((plain(t), signs) for t, signs in conditions)
        self.impossible = any(not self._constant(t) & signs for t, signs in self.conditions if not t.parameters)
        self._possible: dict[Term, Signs] = {}
        kept = [Assumption(t, signs) for t, signs in self.conditions if t.parameters]
        self.given = Parameters(tuple(kept), self.possible)

    @staticmethod
    def _constant(t: Term) -> Signs:
        return constant_signs(t) or ANY

    # -- one parameter -----------------------------------------------------------
    def possible(self, t: Term) -> Signs:
        """The signs that a term in one parameter may have, by the analysis of one variable."""
        if t.has_x or len(t.parameters) > 1:
            return ANY
        if not t.parameters:
            return self._constant(t)
        if t not in self._possible:
            self._possible[t] = ANY
            self._possible[t] = self._in_one_parameter(t, next(iter(t.parameters)))
        return self._possible[t]

    def _in_one_parameter(self, t: Term, name: str) -> Signs:
        low, high, without = self.range_of(name)
        term = t.with_parameters({name: X})
        found: Signs = frozenset()
        zero = Fraction(0)
        if zero not in without and (low is None or low < 0) and (high is None or high > 0):
            found |= self._constant(term.subs(num(0)))
        right = _cells(low, high, without)
        left = _cells(None if high is None else -high, None if low is None else -low, [-q for q in without])
        for cells, side in ((right, term), (left, term.subs(flip(X)))):
            found |= _signs_on(side, cells)
        return found

    def range_of(self, name: str) -> tuple[Fraction | None, Fraction | None, list[Fraction]]:
        """Bounds of a parameter and values it does not have, where a condition is linear in it alone."""
        low: Fraction | None = None
        high: Fraction | None = None
        without: list[Fraction] = []
        for t, signs in self.conditions:
            line = linear(t, name)
            if line is None or line[0] == 0:
                continue
            root = -line[1] / line[0]
            sense = 1 if line[0] > 0 else -1
            if 0 not in signs:
                without.append(root)
            if -sense not in signs:
                low = root if low is None else max(low, root)
            if sense not in signs:
                high = root if high is None else min(high, root)
        return low, high, without

    # -- several parameters ------------------------------------------------------
    def nowhere_zero(self, t: Term) -> bool:
        """Whether a term without ``x`` is defined and not zero for all values of the parameters."""
        t = plain(t)

        def visit(region: Region) -> None:
            e = region.generators.reduced(region.forms.of(region.resolve(t)))
            e = type(e)(_modulo_conditions(region, e.top), e.bottom)
            if e.top.is_zero() or not all(self._factor(region, p) for p, k in region._factored(e)[1] if k > 0):
                raise TooHard("zero somewhere")

        return self._holds(visit)

    def _factor(self, region: Region, p: Poly) -> bool:
        """Whether an irreducible polynomial vanishes nowhere: by its sign, or because a condition would fail."""
        if 0 not in region._irreducible(p):
            return True
        term = region.generators.polynomial_term(p)
        if 0 not in self.possible(term):
            return True
        own = region.forms.of(term)
        for a in region.assumptions:
            z = region.generators.reduced(region.forms.of(a.atom))
            if 0 not in a.signs:
                for power in (z, region.generators.reduced(z * z)):
                    if not power.top.is_zero() and divide(power.top, p)[1].is_zero():
                        return True
            elif a.signs == {0}:
                squares = region.generators.reduced(own * own + z * z)
                if not squares.top.is_zero() and 0 not in region.known_element(squares):
                    return True
        return False

    def zero(self, t: Term) -> bool:
        """Whether a term without ``x`` is defined and zero for all values of the parameters."""
        t = plain(t)

        def visit(region: Region) -> None:
            e = region.generators.reduced(region.forms.of(region.resolve(t)))
            if not _modulo_conditions(region, e.top).is_zero():
                raise TooHard("not zero")

        return self._holds(visit)

    def positive(self, t: Term) -> bool:
        """Whether a term without ``x`` is defined and positive for all values of the parameters."""
        t = plain(t)

        def visit(region: Region) -> None:
            if not region.decide(region.resolve(t), frozenset({1})):
                raise TooHard("not positive")

        return self._holds(visit)

    def undefined(self, t: Term) -> bool:
        """Whether a term without ``x`` is undefined for all values of the parameters."""
        from intertwine.certificates.analysis.identities import nowhere

        return nowhere(plain(t), SOMEWHERE, self.given)

    def _holds(self, visit: Callable[[Region], None]) -> bool:
        try:
            explore(SOMEWHERE, visit, self.given)
        except TooHard:
            return False
        return True


def _modulo_conditions(region: Region, top: Poly) -> Poly:
    """A numerator less multiples of terms that are zero by condition, and of the squares of these."""
    for a in region.assumptions:
        if a.signs == {0}:
            z = region.forms.of(a.atom)
            for zero in (region.generators.reduced(z).top, region.generators.reduced(z * z).top):
                if not zero.is_constant():
                    top = divide(top, zero)[1]
    return top


def _cells(low: Fraction | None, high: Fraction | None, without: list[Fraction]) -> list[Cell]:
    """The part of a range that is on the right of 0, cut at the points left out."""
    if high is not None and high <= 0:
        return []
    start = max(low or Fraction(0), Fraction(0))
    inside = sorted({q for q in without if q > start and (high is None or q < high)})
    ends: list[Fraction | None] = [start, *inside, high]
    return [Cell(low=None if not a else point(a), high=None if b is None else point(b))
            for a, b in zip(ends, ends[1:], strict=False)]


def _signs_on(t: Term, cells: list[Cell]) -> Signs:
    found: set[int] = set()

    def visit(region: Region) -> None:
        found.update(region.known_element(region.forms.of(region.resolve(plain(t)))))

    try:
        explore(cells, visit)
    except TooHard:
        return ANY
    return frozenset(found)


def linear(t: Term, name: str) -> tuple[Fraction, Fraction] | None:
    """``(a, b)`` when a term is literally ``a*name + b`` with rational numbers.

    Examples
    --------
    >>> from intertwine.terms import parameter
    >>> linear(2 * parameter("c") - 3, "c")
    (Fraction(2, 1), Fraction(-3, 1))
    """
    if t.value is not None:
        return Fraction(0), t.value
    if t.is_parameter:
        return (Fraction(1), Fraction(0)) if t.op[1:] == name else None
    parts = [linear(a, name) for a in t.args]
    if t.op not in ("add", "mul") or None in parts:
        return None
    known = [p for p in parts if p is not None]
    if t.op == "add":
        return sum((a for a, _ in known), Fraction(0)), sum((b for _, b in known), Fraction(0))
    a, b = Fraction(0), Fraction(1)
    for c, d in known:
        if a and c:
            return None
        a, b = a * d + c * b, b * d
    return a, b
