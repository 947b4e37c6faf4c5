"""Case distinctions: the regions cover the half-line, and a resolved term has the value of the original."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given

from intertwine.calculus.cases import Assumption, Region, TooManyCases, explore
from intertwine.calculus.cells import Cell, rational_root
from intertwine.calculus.core import to_core
from intertwine.calculus.tower import NoNormalForm
from intertwine.parsing import parse_term
from intertwine.terms import Term, X
from tests.calculus.reference import MISSING, close, examples, holds, known, value
from tests.terms.strategies import terms

POINTS = [Fraction(p) for p in ("1", "2", "3", "1/2", "7/3", "1/9", "5/4", "11/2", "17", "99/100", "4", "1/1000", "30")]
Found = list[tuple[Cell, tuple[Assumption, ...], "Term | None"]]


def regions(term: Term, start: Cell | None = None) -> Found | None:
    """All regions of an exploration with the term resolved; None when it was given up."""
    found: Found = []

    def visit(region: Region, resolved: tuple[Term | None, ...]) -> bool:
        found.append((region.cell, region.assumptions, resolved[0]))
        return True

    try:
        explore((term,), visit, start)
    except (TooManyCases, NoNormalForm):
        return None
    return found


def satisfied(assumptions: tuple[Assumption, ...], p: Fraction) -> bool | None:
    """Whether a point satisfies the assumptions; None where the oracle cannot tell."""
    for a in assumptions:
        v = value(a.atom, p, 60)
        if v is None or v is MISSING or 0 < abs(v) < 1e-40:
            return None
        s = (v > 0) - (v < 0)
        if not (s == a.sign or (a.weak and s == 0)):
            return False
    return True


def objection(term: Term) -> str | None:
    found = regions(term)
    for p in POINTS if found is not None else ():
        assert found is not None
        v = value(term, p, 60)
        at = [(c, a, t) for c, a, t in found if holds(c, p)]
        if not at:
            return f"no cell contains {p}"
        verdicts = [satisfied(a, p) for _, a, _ in at]
        if True not in verdicts and None not in verdicts:
            return f"no region contains {p}"
        for (cell, a, resolved), verdict in zip(at, verdicts, strict=True):
            if verdict is not True or v is MISSING:
                continue
            if resolved is None or v is None:
                if (resolved is None) != (v is None):
                    return f"{resolved} on {cell} with {a}, but {v} at {p}"
                continue
            w = value(resolved, p, 60)
            if w is None or (known(w) and not close(v, w, 25)):
                return f"{resolved} on {cell} with {a} is {w} at {p}, not {v}"
    return None


@examples(80)
@given(terms)
def test_random_terms(term: Term) -> None:
    assume(not term.is_condition and term.size <= 30)
    assert objection(to_core(term)) is None


BROKEN = (
    "Abs(x-1)", "Max(x,x**3)", "Max(x,1/x,2)", "Min(x,x**2,3)", "sign(x**3-2*x)", "floor(x)*x", "floor(x/2)-floor(x)",
    "frac(x)", "Mod(x,2)",
    "Piecewise((x,x<2),(x**2,x<5),(1,True))", "Piecewise((1,Eq(x,2)),(x,True))", "Piecewise((1,x<2),(2,x>2))",
    "sqrt(x-1)", "log(Abs(x-2))",
    "1/(x-3)", "Abs(sin(x))", "Max(sin(x),0)", "sign(sin(x))*cos(x)", "sqrt(sin(x))", "tan(x)", "log(cos(x))",
    "sqrt(2-exp(x))",
    "Abs(exp(x)-2)", "asin(x)", "acosh(x)", "atanh(x/2)", "LambertW(-x)", "gamma(1-x)", "loggamma(x-1)",
    "besselj(1/2,x-1)",
    "Max(Abs(x-1),Abs(x-2),x/2)", "Heaviside(x**2-3)", "(x-1)**(1/3)", "cbrt(x-2)", "(x-1)**x",
    "x**(sin(1)**2+cos(1)**2)", "Abs(x)**pi",
    "sign((1+sin(x)**2)**pi-1)", "Abs(E**Abs(sin(x))-1)", "sign(acosh(x))",
    "Piecewise((1,(x>1)&(x<3)),(2,(x>5)|(x<1/2)),(3,True))",
    "Piecewise((1,~(x<2)),(0,True))", "Piecewise((sin(x),sin(x)>cos(x)),(cos(x),True))", "ceiling(sin(x))",
    "floor(exp(x))", "acot(x-1)",
    "sign(x**sqrt(4)-4)", "sign(2**floor(x)-1)", "Max(1-x**floor(x/4),0)",
)  # fmt: skip


@pytest.mark.parametrize("text", BROKEN)
def test_terms_with_breaks(text: str) -> None:
    term = to_core(parse_term(text))
    assert regions(term) is not None
    assert objection(term) is None


def test_a_start_cell_is_all_that_is_covered() -> None:
    start = Cell(rational_root(Fraction(2)), rational_root(Fraction(4)))
    found = regions(to_core(parse_term("Abs(x-3)")), start)
    assert found is not None and [repr(c) for c, _, _ in found] == ["2 < x < 3", "x = 3", "3 < x < 4"]


def test_breaks_are_gone_after_resolution() -> None:
    found = regions(to_core(parse_term("Max(Abs(x-1), sign(x-2), Piecewise((x,x<3),(4,True)))")))
    assert found is not None
    for _, _, t in found:
        assert t is not None and not {n.op for n in t.walk()} & {"Abs", "Max", "sign", "piecewise"}


def test_thin_and_connected_regions() -> None:
    kinds = {}

    def visit(region: Region, resolved: tuple[Term | None, ...]) -> bool:
        kinds[repr(region.cell), region.assumptions and region.assumptions[-1].sign] = (region.thin, region.connected)
        return True

    explore((to_core(parse_term("sign(sin(x))")),), visit)
    assert sorted(kinds.values()) == [(False, False), (False, False), (True, False)]
    kinds.clear()
    explore((to_core(parse_term("sign(x-1)")),), visit)
    assert sorted(kinds.values()) == [(False, True), (False, True), (True, False)]


def test_too_many_cases_is_an_error_not_a_wrong_answer() -> None:
    many = "+".join(f"Abs(sin({k}*x))" for k in range(1, 12))
    with pytest.raises(TooManyCases):
        explore((to_core(parse_term(many)),), lambda region, terms: True)
    assert explore((X,), lambda region, terms: False) is False
