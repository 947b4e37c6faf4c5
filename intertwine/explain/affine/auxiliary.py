"""What the linear theory says about an auxiliary function of s, in words about that function."""

from __future__ import annotations

import re
from typing import Any

from intertwine.affine.through import Through
from intertwine.calculus.core import to_core
from intertwine.calculus.differentiate import differentiate
from intertwine.errors import IntertwineError
from intertwine.explain.affine.wording import near
from intertwine.explain.facts import describe
from intertwine.explain.wording import text
from intertwine.terms import ZERO, Term, X, add, apply, mul, num

_NAMES = re.compile(r"\bs\b")
_GROUP = re.compile(r"\bin S\b")


def through(fact: Through, core: Term) -> str:
    """Which function is looked at, how T acts on it, and what is found."""
    g = auxiliary_term(fact, core)
    return " ".join([_introduction(fact, g), *(_about_g(f, g) for f in fact.facts)])


def auxiliary_term(fact: Through, core: Term) -> Term | None:
    """The term of g; None if it cannot be had again.

    Examples
    --------
    >>> auxiliary_term(Through("translations", "derivative", ()), X**2)
    2*log(x)
    """
    s = core if fact.law is None else fact.law
    try:
        if fact.kind == "translations":
            f = differentiate(s) if fact.via == "derivative" else s.subs(add(X, num(fact.step or 1))) - s
            return to_core(f.subs(apply("log", X)))
        p = ZERO if fact.centre is None else fact.centre
        if fact.via == "derivative":
            return to_core(differentiate(s).subs(add(X, p)))
        return to_core(s.subs(add(mul(num(2), X), p)) - s.subs(add(X, p)))
    except (IntertwineError, ArithmeticError, ValueError):
        return None


def _introduction(fact: Through, g: Term | None) -> str:
    shown = "" if g is None else f", here {text(g)}"
    if fact.kind == "translations":
        law = "" if fact.law is None else (
            f"For x > {near(fact.start)}, s is the analytic function {text(fact.law)}, and a translation of s is one "
            "of this function. " if fact.start is not None else "")
        f = "s'(log(x))" if fact.via == "derivative" else f"s(log(x) + {text(fact.step or ZERO)}) - s(log(x))"
        return (f"{law}Translations: let g(x) = {f} for x > 0{shown}. If x -> x + c is in T, then g(exp(c)*x) = "
                "b*g(x), so exp(c) is a scaling of g.")
    p = text(ZERO if fact.centre is None else fact.centre)
    from_p = "" if p == "0" else f"{p} + "
    f = f"s'({from_p}x)" if fact.via == "derivative" else f"s({from_p}2*x) - s({from_p}x)"
    return (f"Dilations about {p}: let g(x) = {f}{shown}. If the dilation by a about {p} is in T, then g(a*x) is a "
            "multiple of g(x), so a is a scaling of g.")


def _about_g(fact: Any, g: Term | None) -> str:
    """The words for a fact about s, said of g."""
    said = describe(fact, g if g is not None else apply("log", num(-1)))
    return _GROUP.sub("a scaling of g", _NAMES.sub("g", said.replace("d in S", "a scaling d of g")))
