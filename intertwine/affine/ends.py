"""The two ends of the line, compared: a reflection exchanges them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from intertwine.affine.forms import balanced, gathered, small_logarithms
from intertwine.affine.subject import Subject, on_cell
from intertwine.calculus.asymptotics import FLAT, NOTHING, Asymptotic, Growth
from intertwine.calculus.behaviour import Behaviour, behaviour
from intertwine.calculus.cases import Region
from intertwine.calculus.cells import Cell, RealRoot, rational_root
from intertwine.calculus.derivation import derivative
from intertwine.calculus.differentiate import NoDerivative, differentiate
from intertwine.calculus.enclosure import Unclear, UndefinedAt, enclose
from intertwine.calculus.ranges import range_of
from intertwine.calculus.tower import NoNormalForm
from intertwine.solve.halfline import undefined_throughout
from intertwine.terms import Term, mul, num

STARTS = (Fraction(2**40), Fraction(16))


@dataclass(frozen=True)
class EndsDiffer:
    """No reflection is in T: by the ``domain``, by a ``bounded`` side, by ``growth`` of s', or by the ``rate``
    s''/s'.
    """

    method: str
    side: int | None = None
    start: Fraction | None = None
    forms: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Seen:
    """A leading behaviour, and the form in which it was seen."""

    form: Term
    start: Fraction
    growth: Growth
    lead: Term | None
    wave: str | None


@dataclass(frozen=True)
class FarOut:
    """Leading behaviours as ``y`` tends to infinity of ``t -> s(side*y)``, of its derivative, and of ``s''/s'``."""

    value: Asymptotic | None
    slope: Seen | None
    rate: Seen | None
    term: Term
    start: Fraction


def far_out(subject: Subject, side: int) -> FarOut | None:
    """What the activation does at one end, where it is smooth far out without further cases."""
    return next((far for start in STARTS if (far := _beyond(subject, side, start)) is not None), None)


def _beyond(subject: Subject, side: int, start: Fraction) -> FarOut | None:
    cell = Cell(rational_root(start), None)

    def use(region: Region, term: Term | None) -> FarOut | None:
        return None if term is None else _behaviours(region, term, start)

    term = subject.seen_from(Fraction(0), side)
    smooth = on_cell(term, cell, use)
    if smooth is not None or subject.kink_free:
        return smooth

    def kinked(region: Region, term: Term | None) -> FarOut | None:
        """The behaviour of the activation alone, where it has kinks however far out."""
        return None if term is None else FarOut(behaviour(region)(term), None, None, term, start)

    return on_cell(term, cell, kinked, lazy=True)


def _behaviours(region: Region, term: Term, start: Fraction) -> FarOut:
    of = behaviour(region)

    def first(terms: Iterator[Term]) -> Seen | None:
        best: Seen | None = None
        for t in terms:
            a = of(t)
            if a is None:
                continue
            seen = Seen(t, start, a.growth, a.lead, a.wave)
            if a.wave is not None or a.growth == NOTHING:
                return seen
            best = seen if best is None or a.growth < best.growth else best
        return best

    return FarOut(of(term), first(_slopes(region, term, of)), first(_rates(region, term, of)), term, start)


def _slopes(region: Region, term: Term, of: Behaviour) -> Iterator[Term]:
    """``s'`` as terms: as differentiated, in normal form, and with small logarithms."""
    raw = _raw(term)
    if raw is not None and raw.size < 3000:
        yield raw
    try:
        nf = region.normal
        e = derivative(nf, nf.of(term))
        if not nf.floors:
            form = balanced(region, e, of)
            yield form
            yield small_logarithms(region, form, of)
    except NoNormalForm:
        pass
    if raw is not None and raw.size < 3000:
        yield from gathered(region, raw, of)
        plain = small_logarithms(region, raw, of)
        if plain != raw:
            yield plain
            yield from gathered(region, plain, of)


def _rates(region: Region, term: Term, of: Behaviour) -> Iterator[Term]:
    """``s''/s'`` as terms."""
    try:
        nf = region.normal
        e = derivative(nf, nf.of(term))
        if not nf.floors and not region.tower.is_zero(e):
            yield balanced(region, region.tower.reduce(derivative(nf, e) / e), of)
    except NoNormalForm:
        pass
    slope = _raw(term)
    bend = None if slope is None else _raw(slope)
    if slope is not None and bend is not None and bend.size < 3000:
        yield bend / slope


def _raw(term: Term) -> Term | None:
    try:
        return differentiate(term)
    except NoDerivative:
        return None


def ends_differ(subject: Subject) -> EndsDiffer | None:
    """A proof that no reflection is in T, or None.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> [ends_differ(Subject(parse_term(e))).method for e in ("log(x)", "relu", "x + exp(x)", "loglog")]
    ['domain', 'growth', 'growth', 'rate']
    """
    domain = _domain(subject)
    if domain is not None:
        return domain
    right, left = far_out(subject, 1), far_out(subject, -1)
    if right is None or left is None:
        return None
    if right.slope and left.slope and (_growth(right.slope, left.slope) or _growth(left.slope, right.slope)):
        return EndsDiffer("growth", None, _start(right.slope, left.slope), (right.slope.form, left.slope.form))
    for side, far, other in ((-1, left, right), (1, right, left)):
        start = _bounded(subject, side)
        unbounded = other.value is not None and other.value.wave is not None and other.value.growth > FLAT
        if start is not None and unbounded and far is not None:
            return EndsDiffer("bounded", side, start)
    if right.rate and left.rate and _rate(right.rate, left.rate):
        return EndsDiffer("rate", None, _start(right.rate, left.rate), (right.rate.form, left.rate.form))
    return None


def _start(right: Seen, left: Seen) -> Fraction:
    return max(right.start, left.start)


def _domain(subject: Subject) -> EndsDiffer | None:
    for side in (1, -1):
        other = subject.law(-side)
        if other is None or other.term is None:
            continue
        mine = subject.law(side)
        if mine is not None and mine.term is None:
            reach = max(_above(mine.start), _above(other.start))
            term = subject.seen_from(Fraction(0), side)
            if undefined_throughout(term, Cell(mine.start, None)):
                return EndsDiffer("domain", side, reach)
    return None


def _above(start: RealRoot) -> Fraction:
    """A rational number that is not smaller."""
    exact = start.rational
    return exact if exact is not None else Fraction(int(start.enclosure(64).upper().ceil().unique_fmpz() or 0))


def _bounded(subject: Subject, side: int) -> Fraction | None:
    term = subject.seen_from(Fraction(0), side)
    for start in (Fraction(0), Fraction(16), Fraction(2**20)):
        try:
            if range_of(term, start, None).bounded:
                return start
        except (Unclear, ValueError):
            continue
    return None


def _growth(strong: Seen, weak: Seen) -> bool:
    """Whether ``|s'|`` at one end is larger by far, or by a factor, than at the other."""
    if strong.wave in ("constant", "drifting") and weak.growth < strong.growth:
        return True
    if strong.wave != "constant" or weak.wave != "constant" or weak.growth != strong.growth or strong.growth[0]:
        return False
    return _different_sizes(strong.lead, weak.lead, 1) and _different_sizes(strong.lead, weak.lead, -1)


def _different_sizes(a: Term | None, b: Term | None, sign: int) -> bool:
    """Whether ``a != sign*b`` far out, for two constants times the same germ."""
    if a is None or b is None:
        return False
    for bits in (160, 1024):
        try:
            u, v = (enclose(t, Fraction(2) ** 64, bits) for t in (a, mul(num(sign), b)))
        except (Unclear, UndefinedAt):
            continue
        if u != v:
            return True
    return False


def _rate(right: Seen, left: Seen) -> bool:
    """Whether ``r(y)`` and ``-r(-y)``, for ``r = s''/s'``, differ far out.

    Seen from the left, ``y -> s(-y)`` has the rate ``-r(-y)`` itself, so the two behaviours are compared as they are.
    """
    if right.wave != "constant" or left.wave != "constant":
        return False
    if NOTHING in (right.growth, left.growth):
        return right.growth != left.growth
    if right.growth != left.growth:
        return True
    flat = right.growth[0] == 0
    return flat and _different_sizes(right.lead, left.lead, 1)
