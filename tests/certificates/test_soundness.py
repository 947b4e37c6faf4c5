"""The parts of the checker against values: what it says of an expression holds at every point that is tried."""

from __future__ import annotations

from fractions import Fraction

from flint import arb, ctx
from hypothesis import given
from hypothesis import strategies as st

from intertwine.certificates.analysis.cases import attempt, explore
from intertwine.certificates.analysis.cells import Cell, point
from intertwine.certificates.analysis.clock import TooHard
from intertwine.certificates.analysis.plain import plain
from intertwine.certificates.analysis.regions import Region
from intertwine.certificates.analysis.spans import Span, Spans, exact, span, span_of
from intertwine.certificates.analysis.values import Unclear, Undefined, value_at
from intertwine.errors import ExpressionError
from intertwine.parsing import parse_term
from intertwine.terms import Term

LEAVES = ["x", "-x", "2*x", "x/3", "x+1", "1-x", "x**2", "1/x", "log(abs(x))", "2", "-1/2", "pi"]
UNARY = (
    "exp log sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh erf gamma loggamma LambertW airyai airybi Si "
    "Ci fresnels abs sign floor ceiling frac cbrt sqrt sinc acot relu"
).split()
BESSEL = ["besselj", "bessely", "besseli"]
ORDERS = ["0", "1", "1/2", "-1/2", "-1"]
POINTS = [Fraction(p) for p in ("1", "2", "1/2", "3", "5/4", "1/3", "7", "1/10", "22/7", "100/7", "1/1000")]
RADII = [Fraction(0), Fraction(1, 2**60), Fraction(1, 100), Fraction(1)]


def texts() -> st.SearchStrategy[str]:
    def deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.builds("{}({})".format, st.sampled_from(UNARY), inner),
            st.builds("({}){}({})".format, inner, st.sampled_from("+*/"), inner),
            st.builds("({})**({})".format, inner, st.sampled_from(["2", "3", "-1", "1/2", "1/3", "-1/2", "pi"])),
            st.builds("{}({}, {})".format, st.sampled_from(BESSEL), st.sampled_from(ORDERS), inner),
            st.builds("Max({}, {})".format, inner, inner),
            st.builds("Piecewise(({}, {}<{}), ({}, True))".format, inner, inner, inner, inner),
        )

    return st.recursive(st.sampled_from(LEAVES), deeper, max_leaves=5)


def read(text: str) -> Term | None:
    try:
        return plain(parse_term(text))
    except ExpressionError:
        return None


def value(t: Term, at: Fraction, bits: int = 256) -> arb | str | None:
    try:
        return value_at(t, at, bits)
    except Undefined:
        return "undefined"
    except Unclear:
        return None


def sign(v: arb) -> int | None:
    return 1 if v > 0 else -1 if v < 0 else 0 if v == 0 else None


@given(texts())
def test_spans_hold_every_value(text: str) -> None:
    t = read(text)
    if t is None:
        return
    for low, high in ((Fraction(0), None), (None, Fraction(0)), (Fraction(1, 4), Fraction(4)), (None, None)):
        s = span_of(t, low, high)
        for at in (*POINTS, *(-p for p in POINTS)):
            if (low is None or low < at) and (high is None or at < high):
                check_span(s, value(t, at), (text, at))


def check_span(s: Span, v: arb | str | None, place: object) -> None:
    """Bounds, signs, and what is said of the domain, against the value at one point."""
    if isinstance(v, arb):
        assert not (v < s.low or v > s.high), place
        assert sign(v) is None or sign(v) in s.signs, place
        assert s.defined is not False, place
    elif v == "undefined":
        assert s.defined is not True, place


@given(texts(), st.sampled_from(POINTS), st.sampled_from(RADII))
def test_balls_hold_every_value(text: str, middle: Fraction, radius: Fraction) -> None:
    t = read(text)
    if t is None:
        return
    with ctx.workprec(128):
        s = Spans(span(exact(middle - radius), exact(middle + radius)), parts=1).of(t)
        for at in {middle, middle - radius, middle + radius, middle + radius / 3}:
            check_span(s, value(t, at), (text, at))


def holds(region: Region, at: Fraction) -> bool | None:
    """Whether a point is in a region, if that is clear."""
    cell = region.cell
    if not (cell.at.rational == at if cell.at is not None else bool(cell.inside([point(at)]))):
        return False
    for a in region.assumptions:
        v = value(a.atom, at)
        if not isinstance(v, arb) or sign(v) is None:
            return None
        if sign(v) not in a.signs:
            return False
    return True


@given(texts())
def test_regions_cover_the_half_line_and_keep_the_function(text: str) -> None:
    t = read(text)
    if t is None:
        return
    seen: list[tuple[Region, Term | None, Term | None, frozenset[int]]] = []

    def visit(region: Region) -> None:
        resolved = attempt(region, t)
        if resolved is None:
            seen.append((region, None, None, frozenset()))
            return
        try:
            e = region.forms.of(resolved)
        except TooHard:
            seen.append((region, resolved, None, frozenset()))
            return
        seen.append((region, resolved, region.generators.term(e), region.known_element(e)))

    try:
        explore([Cell()], visit)
    except TooHard:
        return
    for at in POINTS:
        here = [(holds(region, at), resolved, form, signs) for region, resolved, form, signs in seen]
        assert any(inside is not False for inside, *_ in here), (text, at)
        truth = value(t, at)
        for inside, resolved, form, signs in here:
            if inside is not True or truth is None:
                continue
            assert (truth == "undefined") == (resolved is None), (text, at)
            if isinstance(truth, arb) and form is not None:
                assert sign(truth) is None or sign(truth) in signs, (text, at)
                again = value(form, at)
                assert again is None or (isinstance(again, arb) and again.overlaps(truth)), (text, at)
