"""Powers and logarithms about a centre: ``s(p + side*τ) = c τ^r + β`` or ``c log τ + β`` on the two sides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from intertwine.affine.recognition import constants_of, recognised
from intertwine.affine.subject import Subject, on_cell
from intertwine.calculus.cases import Region, TooManyCases, explore
from intertwine.calculus.cells import Cell
from intertwine.calculus.constants import constants_equal, simplified
from intertwine.calculus.derivation import derivative
from intertwine.calculus.enclosure import enclose, precision
from intertwine.calculus.identity import Identity, prove_equal
from intertwine.calculus.tower import NoNormalForm
from intertwine.solve.halfline import undefined_throughout
from intertwine.terms import ONE, ZERO, Term, X, add, apply, mul, num, power


@dataclass(frozen=True)
class About:
    """One side of a centre: ``form`` is "power", "log" or "undefined"; a coefficient 0 means a constant side."""

    centre: Term
    side: int
    form: str
    coefficient: Term
    degree: Term
    offset: Term
    identity: Identity | None

    @property
    def constant(self) -> bool:
        """Whether the side has one value."""
        return self.form == "power" and self.coefficient == ZERO


@dataclass(frozen=True)
class ValueAt:
    """``s(point)``; None where it is undefined."""

    point: Term
    value: Term | None


def about(subject: Subject, p: Term, side: int) -> About | None:
    """The form of one side of a point, if it is one of these.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> found = about(Subject(parse_term("(x - 1)**2 + 5")), ONE, 1)
    >>> found.form, found.coefficient, found.degree, found.offset
    ('power', 1, 2, 5)
    """
    term = subject.seen_from(p, side)
    shape = _first_shape(term)
    if shape is None:
        if not undefined_throughout(term):
            return None
        return About(p, side, "undefined", ZERO, ZERO, ZERO, None)
    form, coefficient, degree = shape
    value = simplified(term.subs(ONE))
    offset = simplified(value - coefficient) if form == "power" else value
    target = apply("log", X) if form == "log" else power(X, degree)
    right = offset if coefficient == ZERO else add(mul(coefficient, target), offset)
    identity = prove_equal(term, right, fill=True)
    return None if identity is None else About(p, side, form, coefficient, degree, offset, identity)


def _first_shape(term: Term) -> tuple[str, Term, Term] | None:
    """Form, coefficient and degree from the normal form on the first region where the term is defined."""
    found: list[tuple[str, Term, Term]] = []

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        if terms[0] is None or region.cell.point is not None:
            return True
        nf = region.normal
        slope = derivative(nf, nf.of(terms[0]))
        if nf.floors:
            return False
        if region.tower.is_zero(slope):
            found.append(("power", ZERO, ZERO))
            return False
        e = region.tower.reduce(nf.x * derivative(nf, slope) / slope)
        if not region.tower.is_constant(e) or any(region.tower.is_imaginary(q) for q in (e.num, e.den)):
            return False
        scaled = region.tower.reduce(nf.x * slope)
        degree = simplified(nf.term(e) + 1)
        log = constants_equal(degree, ZERO)
        if log is not None:
            at_one = nf.term(scaled).subs(ONE)
            found.append(("log", simplified(at_one), ZERO) if log else ("power", simplified(at_one / degree), degree))
        return False

    try:
        explore((term,), visit)
    except (TooManyCases, NoNormalForm):
        return None
    return found[0] if found else None


# -- where the centre is -------------------------------------------------------------------------------


def centres(subject: Subject) -> Iterator[Term]:
    """The points about which all dilations may be in T: at most a few."""
    laws = [subject.law(side) for side in (1, -1)]
    lines: list[tuple[Term, Term] | None] = []
    for law in laws:
        if law is None:
            return
        found = None if law.term is None else _far(subject, law.side, Cell(law.start, None))
        if found is not None and found.centre is not None:
            yield found.centre
            return
        if law.term is not None and found is None:
            return
        lines.append(None if found is None else found.line)
    first, second = lines
    if first is not None and second is not None and constants_equal(first[0], second[0]) is False:
        yield simplified((second[1] - first[1]) / (first[0] - second[0]))
        return
    yield from _jump(subject, first, second)


@dataclass(frozen=True)
class _Far:
    """What a law is: a power or logarithm about ``centre``, or a ``line`` (slope and value at 0)."""

    centre: Term | None = None
    line: tuple[Term, Term] | None = None


def _far(subject: Subject, side: int, cell: Cell) -> _Far | None:
    """The centre of a power or logarithm far out, or the line that it is there; None for anything else."""

    def use(region: Region, term: Term | None) -> _Far | None:
        if term is None:
            return None
        nf = region.normal
        e = nf.of(term)
        slope = derivative(nf, e)
        bend = derivative(nf, slope)
        if nf.floors:
            return None
        if region.tower.is_zero(bend):
            line = nf.term(slope), nf.term(region.tower.reduce(e - slope * nf.x))
            return _Far(line=(simplified(mul(num(side), line[0])), simplified(line[1])))
        u = region.tower.reduce(slope / bend)
        rate = derivative(nf, u)
        if region.tower.is_zero(rate) or not region.tower.is_constant(rate):
            return None
        centre = region.tower.reduce(nf.x - u / rate)
        if not region.tower.is_constant(centre):
            return None
        return _Far(simplified(mul(num(side), nf.term(centre))))

    return on_cell(subject.seen_from(Fraction(0), side), cell, use)


def _jump(subject: Subject, right: tuple[Term, Term] | None, left: tuple[Term, Term] | None) -> Iterator[Term]:
    """The point between two half-lines on which ``s`` is a line or undefined: by bisection, then exactly."""
    low, high = Fraction(-(2**20)), Fraction(2**20)
    for b in subject.breaks:
        if b.rational is not None:
            yield num(b.rational)
    bits = 512
    for _ in range(440):
        middle = (low + high) / 2
        v = subject.sampler.at(middle, bits)
        on_left = _on(v, left, middle, bits)
        if on_left == _on(v, right, middle, bits):
            yield num(middle)
            return
        low, high = (middle, high) if on_left else (low, middle)
    with precision(bits):
        point = arb(low.numerator) / low.denominator
        yield from recognised(point, constants_of(subject.core), [ONE])


def _on(v: object, line: tuple[Term, Term] | None, t: Fraction, bits: int) -> bool:
    if line is None or not isinstance(v, arb):
        return line is None and not isinstance(v, arb)
    return bool(v.overlaps(enclose(add(mul(line[0], num(t)), line[1]), Fraction(1), bits)))


def value_at(subject: Subject, p: Term) -> ValueAt | None:
    """``s(p)``, exactly."""
    here = subject.core.subs(p)
    found: list[ValueAt] = []

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        found.append(ValueAt(p, None if terms[0] is None else simplified(terms[0])))
        return False

    try:
        explore((here,), visit)
    except (TooManyCases, NoNormalForm):
        return None
    return found[0] if found and not found[1:] else None
