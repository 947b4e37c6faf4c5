"""Where the centre of a reflection in T can be: the midpoint of sets that every element of T preserves.

Such sets are the zeros of a derivative, the points at which ``s`` is not analytic, and the edge of the domain.  When
their
first and last points are enclosed, so is the centre.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from intertwine.affine.analyticity import analytic_on
from intertwine.affine.forms import balanced
from intertwine.affine.subject import BREAKS, Subject, on_cell
from intertwine.calculus.asymptotics import FLAT
from intertwine.calculus.behaviour import behaviour
from intertwine.calculus.budget import check
from intertwine.calculus.cases import Region, TooManyCases, explore
from intertwine.calculus.cells import Cell, rational_root
from intertwine.calculus.enclosure import Evaluator, Unclear, UndefinedAt, ball, precision
from intertwine.calculus.identity import Identity, prove_equal
from intertwine.calculus.ranges import range_of
from intertwine.calculus.tower import NoNormalForm
from intertwine.solve.halfline import undefined_throughout
from intertwine.solve.oscillation import leading
from intertwine.solve.witness import UNDEFINED
from intertwine.terms import Term, X, add, mul, num, power

LARGEST = 1500  # nodes of a derivative that is still worth its time
Interval = tuple[Fraction, Fraction]
REACHES = (4, 16, 1, 64, 1024, 2**22, 2**44)


@dataclass(frozen=True)
class CentresWithin:
    """Every reflection in T has its centre in ``[low, high]``.

    ``first`` and ``last`` enclose the first and last points of a preserved set: the zeros of the derivative of order
    ``order`` ("zeros"), the points of no analyticity ("kinks", with the laws before and after), or the edge of the
    domain.
    """

    method: str
    first: Interval
    last: Interval
    order: int | None = None
    laws: tuple[Term, ...] = ()
    identities: tuple[Identity, ...] = ()

    @property
    def low(self) -> Fraction:
        """The least possible centre."""
        return (self.first[0] + self.last[0]) / 2

    @property
    def high(self) -> Fraction:
        """The greatest possible centre."""
        return (self.first[1] + self.last[1]) / 2


# -- zeros of a derivative -----------------------------------------------------------------------------


def zeros(subject: Subject, order: int, bits: int = 110) -> CentresWithin | None:
    """Enclosures of the first and last zero of a derivative, or None.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> found = zeros(Subject(parse_term("x**3 + x**2")), 2)
    >>> found.low < Fraction(-1, 3) < found.high
    True
    """
    d = subject.derivative(order)
    if d is None or d.size > LARGEST:
        return None
    reaches = [_reach(d, subject.core, side) for side in (1, -1)]
    if None in reaches:
        return None
    right, left = (Fraction(r) for r in reaches if r is not None)
    work = _Zeros(d, subject.core, bits)
    first = work.first(-left, right)
    last = None if first is None else work.last(first[0], right)
    if first is None or last is None:
        return None
    return CentresWithin("zeros", first, last, order)


def _reach(d: Term, core: Term, side: int) -> int | None:
    """Beyond which point on a side the term has no zero."""
    seen, own = (d, core) if side > 0 else (t.subs(mul(num(-1), X)) for t in (d, core))
    return next((reach for reach in REACHES if never_zero(seen, own, Fraction(reach))), None)


def never_zero(term: Term, core: Term, start: Fraction) -> bool:
    """Whether a derivative of ``core`` has no zero on ``(start, oo)``: a proof.

    The function may be undefined on intervals, but at no single points: the derivative may be 0 there when they are
    filled; nor may a formula for the derivative be undefined where the function is defined.
    """
    try:
        r = range_of(term, start, None)
        if r.sign in (1, -1) and r.total:
            return True
    except (Unclear, ValueError):
        pass

    if on_cell(term, Cell(rational_root(start), None), _sign_in_form):
        return True

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        if terms[0] is None:
            return terms[1] is None and region.cell.point is None and all(a.sign for a in region.assumptions)
        return region.sign(terms[0]) != 0

    try:
        return explore((term, core), visit, Cell(rational_root(start), None))
    except (TooManyCases, NoNormalForm):
        return False


def _sign_in_form(region: Region, term: Term | None) -> bool:
    """Whether the sign is seen when the dominating exponentials are factored out."""
    if term is None:
        return False
    try:
        e = region.normal.of(term)
        if e.num.is_zero() or region.normal.floors:
            return False
        form = balanced(region, e, behaviour(region))
        return range_of(form, *region.cell.bounds()).sign in (1, -1)
    except (NoNormalForm, Unclear, ValueError):
        return False


def _scan(low: Fraction, high: Fraction) -> list[Fraction]:
    """Points of an interval about 0, evenly spaced near it and in constant ratio far from it."""
    near = [Fraction(k, 16) for k in range(-128, 129)]
    far = [sign * Fraction(2) ** k * m for sign in (1, -1) for k in range(3, 45) for m in (1, Fraction(3, 2))]
    return sorted({low, high, *(t for t in (*near, *far) if low < t < high)})


class _Zeros:
    """The first and last zeros of a smooth term on an interval, by signs and by bisection."""

    def __init__(self, term: Term, core: Term, bits: int) -> None:
        self.term, self.core, self.bits = term, core, bits

    def sign(self, low: Fraction, high: Fraction, bits: int = 0) -> int | None:
        """The sign on a closed interval; 2 where the function is undefined throughout (and the interval no point)."""
        check()
        with precision(bits or self.bits + 80):
            try:
                v = Evaluator(ball(low).union(ball(high))).value(self.term)
            except UndefinedAt:
                return 2 if low < high and self._undefined(low, high) else None
            except (Unclear, ValueError):
                return None
        return 1 if v > 0 else -1 if v < 0 else None

    def _undefined(self, low: Fraction, high: Fraction) -> bool:
        try:
            Evaluator(ball(low).union(ball(high))).value(self.core)
        except UndefinedAt:
            return True
        except (Unclear, ValueError):
            return False
        return False

    def first(self, low: Fraction, high: Fraction) -> Interval | None:
        """An enclosure of the first zero, if it is a change of sign."""
        found = self._change(_scan(low, high))
        if found is None:
            return None
        start, end = self._narrow(*found)
        return (start, end) if self._continuous(start, end) and self._free(low, start) else None

    def last(self, low: Fraction, high: Fraction) -> Interval | None:
        """An enclosure of the last zero, if it is a change of sign."""
        found = self._change(_scan(low, high)[::-1])
        if found is None:
            return None
        start, end = self._narrow(found[1], found[0])
        return (start, end) if self._continuous(start, end) and self._free(end, high) else None

    def _change(self, points: list[Fraction]) -> Interval | None:
        before: tuple[Fraction, int] | None = None
        for t in points:
            s = self.sign(t, t, 64) or self.sign(t, t)
            if s not in (1, -1):
                continue
            if before is not None and before[1] != s:
                return before[0], t
            before = t, s
        return None

    def _narrow(self, low: Fraction, high: Fraction) -> Interval:
        """The same change of sign between two close points."""
        left = self.sign(low, low)
        size = max(abs(low), abs(high), Fraction(1, 16))
        while high - low > size / 2**self.bits:
            middle = (low + high) / 2
            s = self.sign(middle, middle)
            if s is None:  # the zero itself, perhaps: points a little off it
                quarter = (high - low) / 8
                signs = self.sign(middle - quarter, middle - quarter), self.sign(middle + quarter, middle + quarter)
                if None in signs or signs[0] == signs[1]:
                    break
                low, high = middle - quarter, middle + quarter
            elif s == left:
                low = middle
            else:
                high = middle
        return low, high

    def _continuous(self, low: Fraction, high: Fraction) -> bool:
        """Whether the term, which has no breaks, has a finite enclosure between two points: a pole is no zero."""
        with precision(self.bits + 80):
            try:
                return bool(Evaluator(ball(low).union(ball(high))).value(self.term).is_finite())
            except (UndefinedAt, Unclear, ValueError):
                return False

    def _free(self, low: Fraction, high: Fraction) -> bool:
        """Whether there is no zero on a closed interval."""
        if low >= high:
            return True
        stack = [(low, high)]
        for _ in range(4000):
            if not stack:
                return True
            a, b = stack.pop()
            if self.sign(a, b) is not None:
                continue
            if b - a <= (high - low) / 2 ** (self.bits + 20):
                return False
            middle = (a + b) / 2
            stack += [(a, middle), (middle, b)]
        return False


# -- points of no analyticity --------------------------------------------------------------------------


def kinks(subject: Subject) -> CentresWithin | None:
    """Enclosures of the first and last point at which ``s`` is not analytic, or None.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> found = kinks(Subject(parse_term("hard_sigmoid")))
    >>> found.low <= 0 <= found.high, found.first[0]
    (True, Fraction(-3, 1))
    """
    start, end = _kink(subject, -1), _kink(subject, 1)
    if start is None or end is None:
        return None
    (before, first, left), (after, last, right) = start, end
    return CentresWithin("kinks", first, last, None, (before, after), (left, right))


def _kink(subject: Subject, side: int) -> tuple[Term, Interval, Identity] | None:
    law = subject.law(side)
    if law is None or law.term is None or any(t.op in BREAKS and t.has_x for t in law.term.walk()):
        return None
    if not analytic_on(law.term, None, None):
        return None
    f = law.term

    def same(t: Fraction) -> bool | None:
        return _same(subject, f, t)

    found = _last_agreement(subject, side, same)
    if found is None:
        return None
    edge, off = found
    identity = prove_equal(subject.seen_from(edge, side), f.subs(add(mul(num(side), X), num(edge))))
    if identity is None:
        return None
    return f, (edge, off) if side < 0 else (off, edge), identity


def _same(subject: Subject, f: Term, t: Fraction) -> bool | None:
    """Whether ``s`` and ``f`` are seen to differ at a point; True when they are not, to many bits."""
    v = subject.sampler.at(t, 512)
    if v == UNDEFINED:
        return False
    if not isinstance(v, arb):
        return None
    with precision(512):
        try:
            return bool(v.overlaps(Evaluator(t).value(f)))
        except (Unclear, UndefinedAt):
            return None


def _last_agreement(subject: Subject, side: int, same: Callable[[Fraction], bool | None]) -> Interval | None:
    """Close points, at the first of which (coming from the end on a side) ``s`` follows its law, and not at the
    second.
    """
    candidates = sorted({b.rational for b in subject.breaks if b.rational is not None}, reverse=side > 0)
    step = Fraction(1, 2**100)
    for b in candidates:  # exact edges
        if same(b - side * step) is False:
            return b, b - side * step
        if same(b) is False:
            return b, b
    far = side * Fraction(2**20)
    near = next((t for t in sorted(subject.points, reverse=side > 0) if same(t) is False), None)
    if near is None or same(far) is not True:
        return None
    while abs(far - near) > Fraction(1, 2**60):  # wide enough for the signs of an identity to be seen
        middle = (far + near) / 2
        if same(middle) is True:
            far = middle
        else:
            near = middle
    return (far, near) if same(near) is False else None


# -- the edge of the domain ----------------------------------------------------------------------------


def edges(subject: Subject) -> CentresWithin | None:
    """Enclosures of the first and last edge of the domain, or None.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> found = edges(Subject(parse_term("sqrt(1 - x**2)*exp(x)")))
    >>> found.low <= 0 <= found.high
    True
    """
    ends = [_edge(subject, side) or _pole(subject, side) for side in (-1, 1)]
    if ends[0] is None or ends[1] is None:
        return None
    return CentresWithin("domain", ends[0], ends[1])


def _pole(subject: Subject, side: int) -> Interval | None:
    """The last point on a side at which ``s`` is undefined, and unbounded beside it."""
    candidates = [b.rational for b in subject.breaks if b.rational is not None]
    for q in candidates if side < 0 else candidates[::-1]:
        if subject.sampler.at(q, 160) != UNDEFINED:
            continue
        beyond = subject.seen_from(q, side)
        try:
            if not range_of(beyond, Fraction(0), None).total:
                return None
        except (Unclear, ValueError):
            return None
        return (q, q) if any(_unbounded(subject.seen_from(q, way)) for way in (side, -side)) else None
    return None


def _unbounded(beside: Term) -> bool:
    """Whether ``x -> term`` tends to infinity as ``x`` tends to 0."""
    found = leading(beside.subs(power(X, num(-1))))
    return found is not None and found.wave == "constant" and found.growth > FLAT


def _edge(subject: Subject, side: int) -> Interval | None:
    law = subject.law(side)
    if law is None or law.term is not None:
        return None  # only domains that end are looked at
    start = law.start.rational
    low = start if start is not None else Fraction(int(law.start.enclosure(64).upper().ceil().unique_fmpz() or 0))
    far = side * low
    inside = [t for t, _ in subject.sampler.values(subject.points, 160)]
    if not inside:
        return None
    near = max(inside) if side > 0 else min(inside)
    far = far if (far - near) * side > 0 else side * (abs(near) + 1)
    for _ in range(130):
        middle = (far + near) / 2
        if subject.sampler.at(middle, 512) == UNDEFINED:
            far = middle
        elif isinstance(subject.sampler.at(middle, 512), arb):
            near = middle
        else:
            near, far = middle - side * abs(far - near) / 8, middle + side * abs(far - near) / 8
    if subject.sampler.at(far, 512) != UNDEFINED or not isinstance(subject.sampler.at(near, 512), arb):
        return None
    rounded = start if start is not None and abs(side * start - far) < abs(far - near) * 2 else None
    far = side * rounded if rounded is not None else far
    if not undefined_throughout(subject.seen_from(far, side)):
        return None
    return (far, near) if side < 0 else (near, far)

