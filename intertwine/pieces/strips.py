"""The line cut at located points into strips, each with its cases, and strips put together again where nothing happens.

A *case* is a smooth term under conditions on signs whose zeros are not located. Most strips have one case without
conditions. Strips begin as the common refinement of a case distinction on both half-lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cmp_to_key

from intertwine.calculus.cases import Assumption, Region, TooManyCases, explore
from intertwine.calculus.cells import Cell, RealRoot, compare
from intertwine.calculus.core import reflected, to_core
from intertwine.calculus.identity import prove_zero
from intertwine.calculus.tower import NoNormalForm
from intertwine.pieces.analyticity import analytic, entire
from intertwine.pieces.conditions import (
    Case,
    Signs,
    case_from,
    contains,
    disjoint,
    joined,
    possible_signs,
    pruned,
)
from intertwine.pieces.limits import one_sided, regular, sign_beside
from intertwine.pieces.locations import ORIGIN, Location, Outcome, brief, constant_sign, mirrored
from intertwine.terms import Term, add, mul, num, power, rebuild


class Uncut(Exception):
    """The case distinction failed."""


@dataclass(frozen=True)
class Span:
    """An open interval on one side of 0; an end None is infinite."""

    low: RealRoot | None
    high: RealRoot | None

    @property
    def left(self) -> bool:
        """Whether this is a part of ``x < 0``."""
        return self.low is None or compare(self.low, ORIGIN) < 0

    @property
    def cell(self) -> Cell:
        """The interval, mirrored to ``x > 0``."""
        low, high = self.low, self.high
        if self.left:
            low, high = None if high is None else mirrored(high), None if low is None else mirrored(low)
        return Cell(None if low == ORIGIN else low, high)

    def turn(self, t: Term) -> Term:
        """A term for the mirrored interval."""
        return reflected(t) if self.left else t

    def possible(self, atom: Term) -> Signs:
        """The signs of an atom that are not excluded here."""
        return possible_signs(self.turn(atom), self.cell)

    def defined(self, t: Term) -> bool:
        """Whether a term is proved to be defined on the whole interval."""
        try:
            return explore((self.turn(to_core(t)),), lambda region, terms: terms[0] is not None, self.cell)
        except (TooManyCases, NoNormalForm):
            return False

    def equal(self, a: Term | None, b: Term | None) -> bool:
        """Whether two smooth terms are proved to be the same function here."""
        if a is None or b is None or a == b:
            return a == b

        def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
            if terms[0] is None or terms[1] is None:
                return terms[0] is terms[1]
            if _apart(terms[0] - terms[1], region.cell):
                return False
            return terms[0] == terms[1] or prove_zero(region, terms[0] - terms[1]) is not None

        try:
            return explore((self.turn(a), self.turn(b)), visit, self.cell)
        except (TooManyCases, NoNormalForm):
            return False


def _apart(difference: Term, cell: Cell) -> bool:
    """Whether a smooth term is seen to differ from zero at one point: quicker than a proof that fails."""
    return cell.point is None and constant_sign(difference.subs(num(cell.sample()))) in (1, -1)


@dataclass
class Strip:
    """Spans and inner points with the same cases."""

    spans: list[Span]
    cases: list[Case]
    inner: list[Location] = field(default_factory=list)

    @property
    def low(self) -> RealRoot | None:
        """The left end."""
        return self.spans[0].low

    @property
    def high(self) -> RealRoot | None:
        """The right end."""
        return self.spans[-1].high

    def possible(self, atom: Term) -> Signs:
        """The signs of an atom that are not excluded on the spans."""
        return frozenset().union(*(s.possible(atom) for s in self.spans))


@dataclass
class Cut:
    """Strips from left to right and the locations between them, with the function's value at each."""

    core: Term
    strips: list[Strip]
    values: dict[RealRoot, Outcome] = field(default_factory=dict)
    filled: dict[RealRoot, Term] = field(default_factory=dict)  # removable singularities with their limits

    def outcome(self, place: Location) -> Outcome:
        """What the literal term is at a location."""
        if place.root not in self.values:
            self.values[place.root] = place.resolve(self.core)
        return self.values[place.root]


def cut_line(core: Term) -> Cut:
    """The strips of a core term, put together as far as possible.

    Raises
    ------
    Uncut
        The case distinction grew too large.
    """
    spans, leaves = _refined(_leaves(reflected(core), True) + _leaves(core, False))
    strips = [_strip(span, [leaf for leaf in leaves if _covers(leaf.span, span)]) for span in spans]
    cut = Cut(core, strips[:1])
    for right in strips[1:]:
        left = cut.strips[-1]
        assert left.high is not None
        together = _united(cut, left, Location(left.high), right)
        if together is None:
            cut.strips.append(right)
        else:
            cut.strips[-1] = together
    return cut


# -- exploring ---------------------------------------------------------------------
@dataclass(frozen=True)
class _Leaf:
    span: Span
    assumptions: tuple[Assumption, ...]
    expression: Term | None


def _leaves(half: Term, left: bool) -> list[_Leaf]:
    found: list[_Leaf] = []

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        t = terms[0]
        for node in () if t is None else t.walk():
            if node.op == "cbrt":  # not analytic at zeros of its argument
                region.sign(node.args[0])
        cell = region.cell
        if cell.point is None:
            low, high = cell.low or ORIGIN, cell.high
            span = Span(None if high is None else mirrored(high), mirrored(low)) if left else Span(low, high)
            found.append(_Leaf(span, region.assumptions, None if t is None else _short(region, t, span)))
        return True

    try:
        explore((half,), visit)
    except (TooManyCases, NoNormalForm) as error:
        raise Uncut from error
    return found


def _short(region: Region, t: Term, span: Span) -> Term:
    """A term of the mirrored interval as one of the span, in normal form if that is shorter (``0*x`` is 0)."""
    plain = tidy(span.turn(t))
    if any(node.op == "floor" for node in t.walk()):
        return plain
    try:
        e = region.normal.of(t)
    except NoNormalForm:
        return plain
    if any(region.tower.is_imaginary(p) for p in (e.num, e.den)):
        return plain
    normal = tidy(span.turn(region.normal.term(e)))
    usable = brief(normal) and all(node.op != "Abs" for node in normal.walk())
    return normal if usable and normal.size < plain.size and len(repr(normal)) < len(repr(plain)) else plain


def tidy(t: Term) -> Term:
    """The term with minus signs moved out of whole powers and into sums.

    Examples
    --------
    >>> from intertwine.terms import X
    >>> tidy(-((-X) ** 2 - 2))
    2 - x**2
    """
    memo: dict[Term, Term] = {}
    for node in t.walk():
        built = rebuild(node, tuple(memo[a] for a in node.args))
        n = built.args[1].value if built.op == "pow" and _minus(built.args[0]) else None
        if n is not None and n.denominator == 1:
            positive = power(mul(num(-1), built.args[0]), num(n))
            built = positive if n % 2 == 0 else mul(num(-1), positive)
        elif built.op == "mul" and len(built.args) == 2 and built.args[0].value == -1 and built.args[1].op == "add":
            built = add(*(mul(num(-1), a) for a in built.args[1].args))
        memo[node] = built
    return memo[t]


def _minus(t: Term) -> bool:
    return t.op == "mul" and t.args[0].value is not None and t.args[0].value < 0


def _refined(leaves: list[_Leaf]) -> tuple[list[Span], list[_Leaf]]:
    ends = {e for leaf in leaves for e in (leaf.span.low, leaf.span.high) if e is not None}
    ordered = sorted(ends, key=cmp_to_key(compare))
    return [Span(a, b) for a, b in zip([None, *ordered], [*ordered, None], strict=True)], leaves


def _covers(outer: Span, inner: Span) -> bool:
    after = outer.low is None or (inner.low is not None and compare(outer.low, inner.low) <= 0)
    before = outer.high is None or (inner.high is not None and compare(inner.high, outer.high) <= 0)
    return after and before


def _strip(span: Span, leaves: list[_Leaf]) -> Strip:
    found = [case_from(leaf.assumptions, leaf.expression, span.turn) for leaf in leaves]
    cases = pruned([c for c in found if c is not None], span.possible)
    cases = joined(cases, span.possible, span.equal)
    return Strip([span], cases or [Case((), None)])


# -- putting together ----------------------------------------------------------------
def _united(cut: Cut, left: Strip, place: Location, right: Strip) -> Strip | None:
    """Both strips and the location between them as one strip, if one list of cases is true of all of them."""
    for cases in (_extended(right, left), _extended(left, right), _combined(left, right)):
        if cases is None:
            continue
        strip = Strip(left.spans + right.spans, cases, [*left.inner, place, *right.inner])
        limit = _removable(cut, strip, place)
        if limit is not None:
            cut.filled[place.root] = limit
        if all(p.root in cut.filled or _true_at(cut, p, cases) for p in strip.inner):
            return strip
        cut.filled.pop(place.root, None)
    return None


def _combined(left: Strip, right: Strip) -> list[Case] | None:
    """Cases under the conditions of both strips, then with as few of them as possible."""

    def narrowed(strip: Strip, other: Strip) -> list[Case]:
        atoms = {c.atom for case in other.cases for c in case.conditions}
        return [
            case.narrowed({a: strip.possible(a) for a in atoms if case.signs(a) is None}) for case in strip.cases
        ]

    whole = Strip(left.spans + right.spans, [])
    if not (any(c.conditions for c in left.cases) and any(c.conditions for c in right.cases)):
        return None
    cases = joined(narrowed(left, right) + narrowed(right, left), whole.possible, lambda a, b: a == b)
    for i, case in enumerate(cases):
        for c in case.conditions:
            shorter = [*cases[:i], cases[i].without(c), *cases[i + 1 :]]
            if all(_holds(shorter, s) for s in (left, right)):
                cases = shorter
    return cases if all(_holds(cases, s) for s in (left, right)) else None


def _holds(cases: list[Case], strip: Strip) -> bool:
    extended = _extended(Strip(strip.spans, cases), strip)
    return extended == cases


def _removable(cut: Cut, strip: Strip, place: Location) -> Term | None:
    """The limit where the term is undefined but one expression extends analytically over the location."""
    if cut.outcome(place).defined is not False:
        return None
    near = {case.expression for side in (-1, 1) for case in beside(strip, place, side)}
    expression = near.pop() if len(near) == 1 else None
    if expression is None or not regular(expression, place):
        return None
    return one_sided(expression, place, 1).finite


def _extended(source: Strip, target: Strip) -> list[Case] | None:
    """The cases of one strip if they hold on the other as well, expressions replaced by shorter ones if possible."""
    atoms = {c.atom for case in source.cases for c in case.conditions}
    if not all(s.defined(a) for a in atoms for s in target.spans):
        return None
    result = list(source.cases)
    known = {case.conditions for case in target.cases}
    for case in target.cases:  # it has to be a part of one case, and to keep out of those that the target knows not
        inside = [i for i, c in enumerate(result) if contains(c, case, target.possible)]
        if len(inside) != 1 or any(
            i not in inside and c.conditions not in known and not disjoint(c, case, target.possible)
            for i, c in enumerate(result)
        ):
            return None
        expression = _one_expression(result[inside[0]], case, source, target)
        if isinstance(expression, bool):
            return None
        # conditions that are dropped may have kept points apart at which the expression is not analytic (cbrt at 0)
        dropped = any(result[inside[0]].signs(c.atom) is None for c in case.conditions)
        if dropped and expression is not None and not entire(expression):
            return None
        result[inside[0]] = Case(result[inside[0]].conditions, expression)
    return result


def _one_expression(a: Case, b: Case, source: Strip, target: Strip) -> Term | None | bool:
    """An expression that is right on both strips; False if none was found."""
    if a.expression == b.expression:
        return a.expression
    if a.expression is None or b.expression is None or a.conditions or b.conditions:
        return False
    choices = [(a.expression, b.expression, target.spans), (b.expression, a.expression, source.spans)]
    for wanted, there, spans in sorted(choices, key=lambda c: c[0].size):
        if all(s.equal(wanted, there) for s in spans):
            return wanted
    return False


def _true_at(cut: Cut, place: Location, cases: list[Case]) -> bool:
    """Whether the cases are right at a location, and analytic (but for steps) where they hold on both sides of it."""
    outcome = cut.outcome(place)
    if outcome.defined is None:
        return False
    holding = False
    for case in cases:
        signs = [(c.signs, place.sign(c.atom)) for c in case.conditions]
        if any(s is None for _, s in signs):
            return False
        if not all(s in allowed for allowed, s in signs):
            continue
        holding = True
        if (case.expression is None) is outcome.defined:
            return False
        if case.expression is None:
            continue
        if _around(case, place) and not analytic(case.expression, place.sign, steps=True):
            return False
        if not _has_value(case.expression, place, outcome):
            return False
    return holding


def _around(case: Case, place: Location) -> bool:
    """Whether the conditions may hold on both sides of a location."""
    return all(_may_hold(case, place, side) for side in (-1, 1))


def _may_hold(case: Case, place: Location, side: int) -> bool:
    signs = [(c.signs, sign_beside(c.atom, place, side)) for c in case.conditions]
    return all(s is None or s in allowed for allowed, s in signs)


def _has_value(expression: Term, place: Location, outcome: Outcome) -> bool:
    here = place.resolve(expression)
    if here.term is None or outcome.term is None:
        return False
    return place.equal(here.term, outcome.term) is True


def beside(strip: Strip, place: Location, side: int) -> Iterator[Case]:
    """The cases of a strip that may hold immediately to one side of a location at its end."""
    return (case for case in strip.cases if _may_hold(case, place, side))
