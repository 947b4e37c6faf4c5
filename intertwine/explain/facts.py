"""One fact of a derivation in plain words, with its numbers."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from typing import Any

from intertwine.calculus.tame import Tame
from intertwine.explain.proofs import proof
from intertwine.explain.wording import determinant, enclosure, monomial, scaled, text
from intertwine.solve.affine import Affine, ConstantOnDomain
from intertwine.solve.domain import Domain
from intertwine.solve.evidence import fact_to_json
from intertwine.solve.exponents import Exponents
from intertwine.solve.halfline import Homogeneous
from intertwine.solve.halves import HalfMember
from intertwine.solve.linear import NotConstant, UndefinedNear
from intertwine.solve.logperiodic import Gap, Member
from intertwine.solve.negative import OneSided
from intertwine.solve.oscillation import Leading, NotEqual
from intertwine.solve.preserved import PreservedSet
from intertwine.solve.witness import NonAffine, NotMember
from intertwine.terms import ONE, ZERO, Term, X, mul, num

_ENDS = {"everywhere": "on the whole line", "0+": "near 0 from the right", "0-": "near 0 from the left",
         "oo": "near infinity", "-oo": "near minus infinity"}  # fmt: skip
_LINES = {1: "x > 0", -1: "x < 0"}
_VARIABLE = re.compile(r"\bx\b")
MOST_REASONS = 4


def describe(fact: Any, core: Term) -> str:
    """A fact about the activation with core term ``core``, as one or two sentences.

    Examples
    --------
    >>> from fractions import Fraction
    >>> describe(OneSided(1, Fraction(2)), X)
    's is undefined on x < 0, except perhaps at isolated points, but defined at 2. So no negative number is in S.'
    """
    match fact:
        case NonAffine():
            places = ", ".join(f"({text(p)}, {enclosure(v)})" for p, v in zip(fact.points, fact.values, strict=True))
            return f"s is not affine: the points {places} of its graph are not on one line{_with(fact.bits)}."
        case UndefinedNear():
            return f"s is undefined on a neighbourhood of {text(fact.point)}, so its domain is not the whole line."
        case NotConstant():
            a, b = fact.points
            return f"s is not constant: its values at {text(a)} and {text(b)} differ. So B is determined by A."
        case ConstantOnDomain():
            return (f"s has the value {text(fact.value)} wherever it is defined. So B is not determined by A. "
                    + proof(list(zip((1, -1), fact.identities, strict=True))))
        case Affine():
            return _affine(fact)
        case Domain():
            return _domain(fact)
        case Tame():
            return _tame(fact)
        case NotMember():
            return _not_member(fact, core)
        case Member():
            return (f"{text(fact.d)} is in S: s({scaled(fact.d, 'x')}) = {_times(fact.b)} for all x. "
                    + proof(list(zip((1, -1), fact.identities, strict=True))))
        case HalfMember():
            return (f"On {_LINES[fact.side]}: s({scaled(fact.d, 'x')}) = {_times(fact.b)}. "
                    + proof([(fact.side, fact.identity)]))
        case Homogeneous():
            return _homogeneous(fact)
        case Gap():
            return _gap(fact)
        case PreservedSet():
            return _preserved(fact)
        case OneSided():
            return (f"s is undefined on {_LINES[-fact.side]}, except perhaps at isolated points, but defined at "
                    f"{text(fact.point)}. So no negative number is in S.")
        case Leading():
            return _leading(fact)
        case NotEqual():
            y = _far_variable(fact.side, fact.end)
            s, lead = map(enclosure, fact.values)
            return (f"But s is not equal to this leading term: at y = {text(fact.point)}, where y = {y}, s is {s} and "
                    f"the leading term {lead}{_with(fact.bits)}.")
        case Exponents():
            return _exponents(fact)
    return _other(fact)


def _with(bits: int) -> str:
    return f" ({bits} bits of ball arithmetic)"


def _times(b: Term) -> str:
    return "s(x)" if b == ONE else "-s(x)" if b == num(-1) else f"{scaled(b, 's(x)')}"


def _affine(fact: Affine) -> str:
    line = text(mul(fact.slope, X) + fact.intercept) if fact.slope.value != 0 else text(fact.intercept)
    return f"s(x) = {line} for all x. " + proof(list(zip((1, -1), fact.identities, strict=True)))


def _domain(fact: Domain) -> str:
    reason = {
        "definable": "s is definable in an o-minimal structure, so its domain is a finite union of intervals and "
                     "points",
        "thin complement": "s is defined everywhere, except perhaps at isolated points",
        "unbounded piece": f"on a half-line beyond {fact.start} ({'right' if fact.side > 0 else 'left'}) "
                           "s is either defined everywhere or nowhere",
    }.get(fact.case, fact.case)
    if fact.case == "periodic" and fact.identity is not None:
        return (f"The domain is one that Theorem 1 covers: it is periodic, since s(x + {text(fact.period or ONE)}) = "
                f"s(x). "
                + proof([(1, fact.identity)]))
    return f"The domain is one that Theorem 1 covers: {reason}."


def _tame(fact: Tame) -> str:
    where = _ENDS[fact.end]
    if fact.end != "everywhere":
        where += f" ({_interval(fact)})"
    built = "it is built from functions that are definable in an o-minimal structure"
    if not fact.reasons:
        return f"s is tame {where}: {built}."
    shown = ", ".join(f"{text(t)} (argument {r})" for t, r in fact.reasons[:MOST_REASONS])
    more = f" and {len(fact.reasons) - MOST_REASONS} more" if len(fact.reasons) > MOST_REASONS else ""
    return f"s is tame {where}: {built}, where the argument of each oscillating one keeps to a range: {shown}{more}."


def _interval(fact: Tame) -> str:
    if fact.low is None or fact.high is None:
        return f"x > {text(fact.low)}" if fact.low is not None else f"x < {text(fact.high or ZERO)}"
    return f"{text(fact.low)} < x < {text(fact.high)}"


def _not_member(fact: NotMember, core: Term) -> str:
    d = text(fact.d)
    if fact.method == "domain":
        if len(fact.points) == 1:
            here, there = text(fact.points[0]), scaled(fact.d, fact.points[0])
        else:
            here, there = map(text, fact.points)
        return f"{d} is not in S: s is defined at {here}, but undefined on a neighbourhood of {there}."
    first, second = fact.points
    images = scaled(fact.d, first), scaled(fact.d, second)
    v, dv, w, dw = map(enclosure, fact.values)
    values = dict(zip((text(first), images[0], text(second), images[1]), (v, dv, w, dw), strict=False))
    table = ", ".join(f"s({p}) = {value}" for p, value in values.items())
    gap = determinant(core, fact.d, (first, second), fact.bits)
    difference = f"The difference is {gap}, so not zero" if gap is not None else "The enclosures separate them"
    return (f"{d} is not in S: otherwise s({images[0]})*s({text(second)}) would equal s({images[1]})*s({text(first)}). "
            f"But {table}. {difference}{_with(fact.bits)}.")


def _homogeneous(fact: Homogeneous) -> str:
    line = _LINES[fact.side]
    if fact.coefficient is None:
        return f"On {line}, s is undefined (except perhaps at isolated points): this half-line imposes nothing."
    reason = "" if fact.identity is None else " " + proof([(fact.side, fact.identity)])
    if fact.trivial:
        return f"On {line}, s is zero: this half-line imposes nothing.{reason}"
    rule = "b = 1" if fact.degree.value == 0 else f"b = d**{_exponent(fact.degree)}" if fact.degree != ONE else "b = d"
    return (f"On {line}, s(x) = {monomial(fact.coefficient, fact.degree, fact.side)}: here s(d*x) = b*s(x) for every "
            f"d > 0, with {rule}.{reason}")


def _exponent(degree: Term) -> str:
    shown = text(degree)
    return shown if shown.isalnum() else f"({shown})"


def _gap(fact: Gap) -> str:
    sign = "-" if fact.side < 0 else ""
    ends = [f"{sign}{_rounded(p)}" for p in (fact.low, fact.high)][:: fact.side]
    ratio = f"{float(fact.high / fact.low):.6g}"
    if fact.method == "monotone":
        return (f"For {ends[0]} < x < {ends[1]} the function q(x) = x*s'(x)/s(x) is strictly monotone. As q(d*x) = "
                f"q(x) for a scaling d of this half-line, no such d lies strictly between 1 and {ratio}, the ratio of "
                f"the ends.")
    return (f"For {ends[0]} < x < {ends[1]} s(x) is a multiple of a power of x. A scaling d of this half-line strictly "
            f"between 1 and {ratio}, the ratio of the ends, would carry this to the whole half-line, where it is "
            f"false.")


def _rounded(value: Fraction) -> str:
    """A fraction with many digits as a decimal that is near it; the exact one is in the certificate."""
    exact = text(value)
    return exact if len(exact) <= 12 else f"{float(value):.6f}..."


def _preserved(fact: PreservedSet) -> str:
    sign = "-" if fact.side < 0 else ""
    bound = f"{sign}{text(fact.bound)}"
    beyond = f"between 0 and {bound}" if fact.end == "0" else f"beyond {bound}"
    what = "zeros" if fact.set == "zeros" else fact.set
    return (f"The {what} of s on {_LINES[fact.side]} keep away from one end: there is one at {sign}{text(fact.point)}, "
            f"but none {beyond}. Multiplication with d in S maps them to themselves, so no positive d but 1 is in S.")


def _far_variable(side: int, end: str) -> str:
    """The variable that tends to infinity, in terms of ``x``."""
    x = "x" if side > 0 else "-x"
    return x if end == "oo" else f"1/{x}" if side > 0 else "-1/x"


def _leading(fact: Leading) -> str:
    y = _far_variable(fact.side, fact.end)
    goal = {("oo", 1): "x tends to infinity", ("oo", -1): "x tends to minus infinity", ("0", 1): "x > 0 tends to 0",
            ("0", -1): "x < 0 tends to 0"}[fact.end, fact.side]  # fmt: skip
    lead = text(_VARIABLE.sub("y", repr(fact.lead)))
    says = f"As {goal}, the leading term of s is {lead} with y = {y}, up to terms of smaller order"
    if fact.wave == "constant":
        return (f"{says}; it does not oscillate. So (Theorem 5) a scaling d > 0 other than 1 would make s a multiple "
                f"of a power on {_LINES[fact.side]}.")
    if fact.wave == "drifting":
        return f"{says}; its oscillation is not one in log(y), which no scaling repeats (Theorem 6)."
    zero = "" if fact.nonzero is None else f", and it is not zero at y = {text(fact.nonzero)}"
    size = "" if fact.pure_power else ", which the size of this one excludes"
    return (f"{says}; it oscillates in log(y){zero}. So (Theorem 5) a scaling d > 0 other than 1 would make s equal "
            f"to a power times an oscillation in log(y) on {_LINES[fact.side]}{size}.")


def _exponents(fact: Exponents) -> str:
    x, log = ("x", "log(x)") if fact.side > 0 else ("(-x)", "log(-x)")
    parts = [f"{x}**({text(p)}) with frequency {text(w)}" for p, w in (fact.first, fact.second)]
    why = {"powers": "their exponents differ", "frequencies": "their frequencies have an irrational ratio"}
    return (f"On {_LINES[fact.side]}, s is a finite sum of powers times oscillations in {log}. Among its terms are one "
            f"with {parts[0]} and one with {parts[1]}: {why.get(fact.method, fact.method)}, so no d > 0 but 1 "
            "multiplies both by the same b.")


def _other(fact: Any) -> str:
    """A fact that has no sentence of its own: its data."""
    data = fact_to_json(fact)
    name = str(data.pop("fact", type(fact).__name__))
    shown = {key: value for key, value in data.items() if key not in ("identity", "identities", "bits", "values")}
    details = ", ".join(f"{key} {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
                        for key, value in shown.items())
    return f"{name[0].upper()}{name[1:]}: {text(details)}."
