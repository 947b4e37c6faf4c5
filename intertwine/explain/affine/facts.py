"""One fact about affine maps in plain words, with its numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from intertwine.affine.about import About, ValueAt
from intertwine.affine.cover import NoCentre
from intertwine.affine.ends import EndsDiffer
from intertwine.affine.exponential import Exponential, NotExponential
from intertwine.affine.filled import Filled
from intertwine.affine.jumps import OnlyCentre
from intertwine.affine.level import Level
from intertwine.affine.limits import Limits
from intertwine.affine.members import AffineMember, NotAffineMember
from intertwine.affine.oneends import End
from intertwine.affine.spans import Span
from intertwine.affine.through import Through
from intertwine.affine.waves import Waves, law
from intertwine.affine.within import CentresWithin
from intertwine.explain.affine.auxiliary import through
from intertwine.explain.affine.wording import between, image, is_reflection, middle, moved, near
from intertwine.explain.facts import describe as describe_linear
from intertwine.explain.proofs import proof
from intertwine.explain.wording import enclosure, text
from intertwine.solve.linear import NotConstant
from intertwine.terms import ZERO, Term, X, apply, mul, power

_ENDS = {1: "infinity", -1: "minus infinity"}
_SETS = {"kinks": "points where s is not analytic", "domain": "boundary points of the domain"}


def describe(fact: Any, core: Term) -> str:
    """A fact about the activation with core term ``core``, as a few sentences.

    Examples
    --------
    >>> print(describe(Span("domain", (Fraction(1), Fraction(-1))), X))  # doctest: +NORMALIZE_WHITESPACE
    If all dilations about a point p are in T, then -1 <= p <= 1: s is defined around 1 and undefined around -1, so
    these are on different sides of p.
    """
    match fact:
        case Filled():
            return (f"s(x) = {text(fact.law)} wherever s is defined, and the points that are missing are isolated. "
                    "They are filled in; from here on s is this function.")
        case AffineMember():
            return _member(fact)
        case NotAffineMember():
            return _not_member(fact)
        case Exponential():
            return _exponential(fact)
        case NotExponential():
            places = ", ".join(f"s({text(p)}) = {enclosure(v)}" for p, v in zip(fact.points, fact.values, strict=False))
            return (f"s is not of the form α*exp(λ*x) + β, nor affine: {places} at equal distances, and the "
                    f"differences of these values are not in geometric progression{_with(fact.bits)}. So the "
                    "translations in T, if there are any, are the multiples of a least one.")
        case About():
            return _about(fact)
        case ValueAt():
            return _value(fact)
        case Span():
            return _span(fact)
        case EndsDiffer():
            return _ends_differ(fact)
        case CentresWithin():
            return _centres_within(fact)
        case NoCentre():
            return _no_centre(fact)
        case Level():
            return _level(fact)
        case NotConstant():
            a, b = map(text, fact.points)
            return f"s is not constant: its values at {a} and {b} differ. So (B, d) is determined by (A, c)."
        case Limits():
            points = ", ".join(map(text, fact.points))
            return (f"s has finite limits at both ends, is bounded, and takes four different values (at {points}). "
                    "Following the orbit of a point under a translation or a dilation in T to the ends would leave "
                    "only the two limits and the value at the fixed point (Theorem 10).")
        case OnlyCentre():
            return (f"s jumps at {near(fact.point)}, and has no other discontinuity between {near(fact.low)} and "
                    f"{near(fact.high)}. A reflection with a centre nearer to this point than half the way to these "
                    "ends maps it to a discontinuity in between, so to itself: the point is its centre.")
        case Waves():
            return (f"s(x) = {text(law(fact))} for all x. Waves of different frequencies are linearly independent, so "
                    "|a| = 1 for all of T. Two frequencies have an irrational ratio: no translation takes both waves "
                    "to multiples of themselves, and no reflection does, unless its centre is "
                    f"{text(fact.centre)}.")
        case End():
            return _end(fact)
        case Through():
            return through(fact, core)
    return describe_linear(fact, core)


def _with(bits: int) -> str:
    return f" ({bits} bits of ball arithmetic)"


def _member(fact: AffineMember) -> str:
    where = f" (the reflection in {text(middle(fact.c))})" if is_reflection(fact.a) else ""
    return (f"x -> {moved(fact.a, fact.c)}{where} is in T: s({moved(fact.a, fact.c)}) = {image(fact.b, fact.d)} for "
            f"all x. {proof(list(zip((1, -1), fact.identities, strict=True)))}")


def _not_member(fact: NotAffineMember) -> str:
    map_ = moved(fact.a, fact.c)
    if fact.method == "domain":
        point = text(fact.points[0])
        here, there = ("undefined", "defined") if fact.inverse else ("defined", "undefined")
        return (f"x -> {map_} is not in T: s is {here} around x = {point}, and {there} around the point that it is "
                "moved to.")
    values = [enclosure(v) for v in fact.values]
    pairs = ", ".join(f"({v}, {u})" for v, u in zip(values[::2], values[1::2], strict=True))
    return (f"x -> {map_} is not in T: otherwise all points (s(x), s({map_})) would be on one line. But for x = "
            f"{', '.join(map(text, fact.points))} they are {pairs}{_with(fact.bits)}.")


def _exponential(fact: Exponential) -> str:
    form = text(mul(fact.coefficient, apply("exp", mul(fact.rate, X))) + fact.offset)
    return f"s(x) = {form} for all x. {proof(list(zip((1, -1), fact.identities, strict=True)))}"


def _about(fact: About) -> str:
    p = text(fact.centre)
    line = f"x {'>' if fact.side > 0 else '<'} {p}"
    if fact.form == "undefined":
        return f"On {line}, s is undefined (except perhaps at isolated points)."
    distance = apply("Abs", X - fact.centre) if fact.side < 0 else X - fact.centre
    if fact.coefficient == ZERO:
        form, kind = text(fact.offset), "a constant"
    elif fact.form == "log":
        form, kind = text(mul(fact.coefficient, apply("log", distance)) + fact.offset), "a logarithm of the distance"
    else:
        form = text(mul(fact.coefficient, power(distance, fact.degree)) + fact.offset)
        kind = "a power of the distance with an offset"
    side = [] if fact.identity is None else [(1, fact.identity)]
    shown = f" (In y, the distance to {p}.) {proof(side)}".replace("x > 0", "y > 0") if side else ""
    return f"On {line}, s(x) = {form}: {kind}.{shown}"


def _value(fact: ValueAt) -> str:
    p = text(fact.point)
    return f"s is undefined at {p}." if fact.value is None else f"s({p}) = {text(fact.value)}."


def _span(fact: Span) -> str:
    if fact.method == "exponential":
        return (f"For {near(fact.low or Fraction(0))} < x < {near(fact.high or Fraction(0))} s is an exponential "
                "function with an offset, which is no power or logarithm of a distance to any point: no group of "
                "dilations is in T.")
    head = f"If all dilations about a point p are in T, then {near(fact.start)} <= p <= {near(fact.end)}"
    if fact.method == "domain":
        u, v = map(text, fact.points)
        return f"{head}: s is defined around {u} and undefined around {v}, so these are on different sides of p."
    points = ", ".join(map(text, fact.points))
    if fact.method == "bend":
        return (f"{head}: s is affine for {near(fact.low or Fraction(0))} < x < {near(fact.high or Fraction(0))}, but "
                f"the points {points} of its graph are not on one line, while each side of p has one formula.")
    return (f"{head}: on one side of p, s would be a power or logarithm of |x - p|, so that (x - p)*s''(x) is a "
            f"multiple of s'(x), but no p and no factor do this at {points} together.")


def _ends_differ(fact: EndsDiffer) -> str:
    last = "so no reflection is in T, which would exchange the ends."
    if fact.side is not None:
        beyond = f"x {'>' if fact.side > 0 else '<'} {text(fact.start or Fraction(0))}"
        if fact.method == "domain":
            return f"s is undefined for {beyond}, but not near the other end, {last}"
        return f"s is bounded for {beyond}, but unbounded near the other end, {last}"
    if fact.method == "growth":
        return f"The derivative of s has different growth, or leading terms of different size, at the two ends, {last}"
    if fact.method == "rate":
        return ("The ratio s''/s' has different leading terms at the two ends (up to the sign that a reflection gives "
                f"it), {last}")
    return f"The two ends of s differ ({fact.method}), {last}"


def _centres_within(fact: CentresWithin) -> str:
    what = f"zeros of the derivative of s of order {fact.order}" if fact.method == "zeros" else _SETS.get(
        fact.method, fact.method)
    first, last = fact.first, fact.last
    where = (f"The {what} are all {between(*first)}" if first == last else
             f"The first of the {what} is {between(*first)}, the last {between(*last)}")
    return f"{where}. A reflection in T exchanges first and last, so its centre is {between(fact.low, fact.high)}."


def _level(fact: Level) -> str:
    where, point = between(fact.low, fact.high), text(fact.point)
    if fact.limit is None:
        infinity, sign = ("infinity", "") if fact.sign > 0 else ("minus infinity", "-")
        return (f"s tends to {infinity} at both ends, so a reflection in T has s(2*p - x) = s(x). Outside of the "
                f"interval from {near(fact.low)} to {near(fact.high)}, {sign}s is larger than at {point}. A reflection "
                f"maps the set where it is not larger to itself, so its centre is {where}. A translation is not "
                "in T either: along x + k*c, s would be bounded, or tend to different infinities, for k -> oo or k -> "
                "-oo.")
    return (f"s tends to {text(fact.limit)} at both ends, so a reflection in T keeps the distance of s from this "
            f"limit. Outside of the interval from {near(fact.low)} to {near(fact.high)} this distance is smaller than "
            f"at {point}. A reflection maps the set where it is not smaller to itself, so its centre is {where}.")


def _no_centre(fact: NoCentre) -> str:
    triple = ", ".join(text(t) for t in fact.triples[0]) if fact.triples else ""
    one = len(fact.triples) == 1
    shown = f"with x = {triple}" if one else f"with x from one of {len(fact.triples)} triples (such as {triple})"
    where = between(fact.low, fact.high)
    if fact.scale == -1:
        head, image_ = f"No reflection with a centre p {where}", "2*p - x"
    else:
        head, image_ = f"No dilation by {text(fact.scale)} about a point p {where}", f"p + {text(fact.scale)}*(x - p)"
    return (f"{head} is in T: for each such p the three points (s(x), s({image_})) {shown} are not on one line, by "
            "ball arithmetic with balls for p.")


def _end(fact: End) -> str:
    lead = text(fact.lead).replace("exp", "EXP").replace("x", "y").replace("EXP", "exp")
    y = "x" if fact.side > 0 else "-x"
    what = "s" if fact.of == "value" else "s'"
    says = f"As x tends to {_ENDS[fact.side]}, the leading term of {what} is {lead} with y = {y}"
    if fact.rigid:
        why = "it oscillates, and not in log(y)" if fact.wave == "drifting" else "it grows or decays beyond all powers"
        return f"{says}; {why}. So (Theorem 14) every element of T has a = 1 or a = -1."
    return (f"{says}, of the order of a power. So (Theorem 14) an element of T with |a| != 1 and the fixed point p "
            f"would make s a power or logarithm of |x - p| with an offset on the side of p towards {_ENDS[fact.side]}.")
