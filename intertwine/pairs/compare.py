"""Are two activations related by scalings, or by affine maps?  What must match, and what it leaves to be tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from intertwine.calculus.asymptotics import Growth
from intertwine.calculus.constants import constants_equal, simplified
from intertwine.groups import exact
from intertwine.pairs.ends import match_ends
from intertwine.pairs.guesses import guessed
from intertwine.pairs.local import Local
from intertwine.pairs.logarithm import between_logarithms
from intertwine.pairs.models import between, is_none_like
from intertwine.pairs.profile import Profile
from intertwine.pairs.reasons import Carries, Differs, Excluded, Reason, Relation, Separated
from intertwine.pairs.scaling import scaling
from intertwine.pairs.sweep import Swept, sweep
from intertwine.pairs.symmetry import by_groups
from intertwine.pairs.trial import related, tried
from intertwine.pieces.locations import constant_sign
from intertwine.terms import ONE, ZERO, Term, mul

LARGEST_SWEEP = 10**7


@dataclass(frozen=True)
class Verdict:
    """``answer``: whether the two are related (None: open), with the relation and the reasons."""

    answer: bool | None
    reasons: tuple[Reason, ...]
    relation: Relation | None = None
    question: str = ""


@dataclass(frozen=True)
class Outcome:
    """For one sign of ``a``: the maps that are left (None: not known), and why."""

    maps: list[tuple[Term, Term]] | None = None
    reason: Reason | None = None


def compare(first: Profile, second: Profile, affine: bool) -> Verdict:
    """Decide whether ``second(a*t + c) = b*first(t) + d`` for some numbers, with ``c = d = 0`` unless ``affine``.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> of = lambda text: Profile(parse_term(text))
    >>> compare(of("silu"), of("quick_gelu"), False).relation.describe()
    'τ(500/851*t) = 500/851*σ(t) for every t, by an identity'
    >>> compare(of("relu"), of("leaky_relu(x, 0.1)"), True).answer
    False
    """
    lines = _lines(first, second, affine)
    if lines is not None:
        return lines
    one, other = first.simpler(affine), second.simpler(affine)
    verdict = _affine(one, other) if affine else _linear(one, other)
    if verdict.answer is None:
        verdict = _by_groups(one, other, affine, verdict)
    if verdict.answer is None and not affine:
        verdict = _not_even_affine(first, second, verdict)
    if verdict.relation is None or (one is first and other is second):
        return verdict
    return _carried_back(first, second, verdict.relation, affine)


def _by_groups(first: Profile, second: Profile, affine: bool, verdict: Verdict) -> Verdict:
    """An open question again, with the groups of affine intertwiners of both."""
    found = by_groups(first, second, affine)
    if isinstance(found, Differs):
        return Verdict(False, (found,))
    if found is None:
        return verdict
    maps, what = found.maps, "centres and periods of the groups of affine intertwiners, up to these groups"
    if found.points is not None:  # the reflection is in the group, so a may be positive
        points = [p.seen(point, True) for p, point in zip((first, second), found.points, strict=True)]
        if points[0] is None or points[1] is None:
            return verdict
        outcome = _from_point(points[0], points[1], 1, "at the centres of reflections", True)
        if outcome.maps is None and isinstance(outcome.reason, Excluded):
            return Verdict(False, (Carries(what, ()), outcome.reason))
        maps = outcome.maps
    if maps is None:
        return verdict
    outcomes = _try(first, second, maps, affine)
    if isinstance(outcomes, Relation):
        return Verdict(True, (outcomes,), outcomes)
    return verdict if outcomes is None else Verdict(False, (Carries(what, tuple(maps)), *outcomes))


def _not_even_affine(first: Profile, second: Profile, verdict: Verdict) -> Verdict:
    """An open question about scalings is settled when no affine map relates the two."""
    wider = compare(first, second, True)
    return Verdict(False, wider.reasons) if wider.answer is False else verdict


def _carried_back(first: Profile, second: Profile, found: Relation, affine: bool) -> Verdict:
    """The relation between two activations from the one between what :mod:`intertwine.pairs.reduce` leaves of them.

    ``τ(α x + β) = b σ(γ t + δ) + d`` with ``α x + β = a (γ t + δ) + c``.
    """
    one, other = first.reduced(affine), second.reduced(affine)
    a = simplified(found.a * one.scale / other.scale)
    c = simplified((found.a * one.shift + found.c - other.shift) / other.scale)
    relation = tried(first.sampler, second.sampler, first.points, a, c, affine)
    if isinstance(relation, Relation):
        return Verdict(True, (relation,), relation)
    return Verdict(None, (), question=f"whether the map {a}*t + {c} relates them")


# -- functions that are affine on the line
def _lines(first: Profile, second: Profile, affine: bool) -> Verdict | None:
    """The verdict when one of the two is an affine function; None when both are bent."""
    if first.bent and second.bent:
        return None
    if first.line is None and second.line is None:
        return Verdict(None, (), question="whether the two activations are affine")
    if first.line is None or second.line is None:
        bent = second if first.line is not None else first
        if not bent.bent:
            return Verdict(None, (), question=f"whether {bent.activation} is affine")
        names = ("it is", "it is not") if first.line is not None else ("it is not", "it is")
        return Verdict(False, (Differs("whether the activation is affine", *names),))
    slopes = [constant_sign(p.slope) for p in (first.line, second.line)]
    if None in slopes:
        return Verdict(None, (), question="whether a slope is zero")
    if (slopes[0] == 0) is not (slopes[1] == 0):
        return Verdict(False, (Differs("whether the activation is constant", *(_yes(s == 0) for s in slopes)),))
    m, q, k, r = first.line.slope, first.line.intercept, second.line.slope, second.line.intercept
    if affine:
        a, b = (ONE, ONE) if slopes[0] == 0 else (ONE, simplified(k / m))
        return _confirmed(first, second, a, ZERO, b, simplified(r - b * q))
    through = [constant_sign(t) for t in (q, r)]
    if None in through:
        return Verdict(None, (), question="whether a value at 0 is zero")
    if (through[0] == 0) is not (through[1] == 0):
        return Verdict(False, (Differs("whether the value at 0 is zero", *(_yes(s == 0) for s in through)),))
    ratio = ONE if through[0] == 0 else simplified(r / q)
    a = ONE if slopes[0] == 0 or through[0] == 0 else simplified(m * ratio / k)
    b = ratio if through[0] != 0 else ONE if slopes[0] == 0 else simplified(k / m)
    return _confirmed(first, second, a, ZERO, b, ZERO)


def _yes(holds: bool) -> str:
    return "it is" if holds else "it is not"


def _confirmed(first: Profile, second: Profile, a: Term, c: Term, b: Term, d: Term) -> Verdict:
    relation = related(first.core, second.core, a, c, b, d)
    if relation is None:
        return Verdict(None, (), question="whether two affine functions are related")
    return Verdict(True, (relation,), relation)


# -- scalings
def _linear(first: Profile, second: Profile) -> Verdict:
    return _by_signs(first, second, lambda sign: _scalings(first, second, sign), False)


def _scalings(first: Profile, second: Profile, sign: int) -> Outcome:
    """The scalings of one sign that are left, from the expansions at 0 or, where there are none, otherwise."""
    here, there = first.at_zero, second.at_zero
    if here is not None and there is not None:
        outcome = _from_point(here, there, sign, "at 0", False)
        if outcome.maps is not None or outcome.reason is not None:
            return outcome
    what = f"half-lines and logarithms, a {_sign(sign)}"
    if first.logarithms is not None and second.logarithms is not None:
        d = between_logarithms(first.logarithms, second.logarithms, sign)
        if isinstance(d, Term):
            return Outcome([(d, ZERO)], Carries(what, ((d, ZERO),)))
        if d is not None:
            return Outcome(reason=Excluded(sign, "on the half-lines", "the logarithms"))
    one, other = first.linear, second.linear
    if one.status != "exact" or other.status != "exact":
        return Outcome()
    if one.lower.scalars != other.lower.scalars or one.lower.character != other.lower.character:
        return Outcome(reason=Differs("scalars d with s(dt) = b s(t), and b", *(
            f"{g.lower.scalars} with {g.lower.character}" for g in (one, other))))
    g = one.lower.scalars.generator
    if g is None:
        return Outcome()
    top = Fraction(int(abs(exact.to_float(g)) ** 2) + 1)
    swept = sweep(first.sampler, second.sampler, first.points, sign, top) if top < LARGEST_SWEEP else None
    return Outcome(reason=swept)


def _from_point(here: Local, there: Local, sign: int, where: str, affine: bool) -> Outcome:
    """What the expansions at two matching points leave for one sign of ``a``."""
    found = scaling(here, there, sign)
    if found.excluded:
        return Outcome(reason=Excluded(sign, where, found.excluded))
    d = found.d
    if d is None:
        return Outcome()
    c = simplified(there.point - mul(d, here.point)) if affine else ZERO
    return Outcome([(d, c)], Carries(f"expansions {where}, a {_sign(sign)}", ((d, c),)))


def _sign(sign: int) -> str:
    return "positive" if sign > 0 else "negative"


def _by_signs(first: Profile, second: Profile, find: Callable[[int], Outcome], affine: bool) -> Verdict:
    """Try what is left for positive and for negative ``a``."""
    reasons: list[Reason] = []
    open_signs: list[str] = []
    for sign in (1, -1):
        outcome = find(sign)
        maps = outcome.maps
        if maps is None and not isinstance(outcome.reason, Differs | Excluded | Swept):
            open_signs.append(_sign(sign))
            continue
        if outcome.reason is not None:
            reasons.append(outcome.reason)
        verdict = _try(first, second, maps or [], affine)
        if isinstance(verdict, Relation):
            return Verdict(True, (verdict,), verdict)
        if verdict is None:
            open_signs.append(_sign(sign))
        else:
            reasons += verdict
    if open_signs:
        lucky = guessed(first, second, affine)
        if lucky is not None:
            return Verdict(True, (lucky,), lucky)
        return Verdict(None, tuple(reasons), question=f"whether there is a relation with a {' or '.join(open_signs)}")
    return Verdict(False, tuple(reasons))


def _try(first: Profile, second: Profile, maps: list[tuple[Term, Term]],
         affine: bool) -> Relation | list[Separated] | None:
    """The first map that relates the two; or the refutations of all of them; None when some are not settled."""
    refuted: list[Separated] = []
    for a, c in maps:
        found = tried(first.sampler, second.sampler, first.points, a, c, affine)
        if isinstance(found, Relation):
            return found
        if found is not None:
            refuted.append(found)
    return refuted if len(refuted) == len(maps) else None


# -- affine maps
def _affine(first: Profile, second: Profile) -> Verdict:
    different = next(_different(first, second), None)
    if different is not None:
        return Verdict(False, (different,))
    if first.model is not None and second.model is not None:
        maps = between(first.model, second.model)
        if maps is not None:
            verdict = _try(first, second, maps, True)
            if isinstance(verdict, Relation):
                return Verdict(True, (verdict,), verdict)
            if verdict is not None:
                name = type(first.model).__name__.lower()
                return Verdict(False, (Carries(f"both are of one model ({name})", tuple(maps)), *verdict))
    return _by_signs(first, second, lambda sign: _maps(first, second, sign), True)


def _different(first: Profile, second: Profile) -> Iterator[Differs]:
    """What affine maps carry over and the two do not share."""
    here, there = first.orders, second.orders
    if here is not None and there is not None and there not in (here, here[::-1]):
        yield Differs("orders of the break points", _listed(here), _listed(there))
    for one, other, turn in ((first, second, 1), (second, first, -1)):
        if one.definable is not None and other.wild:
            yield Differs("definable in an o-minimal structure", *("yes", "no")[::turn])
        if one.model is not None and other.breaks == () and other.at_zero is not None and (
            type(one.model) is not type(other.model) and is_none_like(other.core, other.at_zero, one.model)
        ):
            name = type(one.model).__name__.lower()
            yield Differs(f"{name} or not", *("yes", "no")[::turn])
    if None not in (*first.tendencies, *second.tendencies):
        kinds = [tuple(t.kind for t in p.tendencies if t is not None) for p in (first, second)]
        if sorted(kinds[0]) != sorted(kinds[1]):
            yield Differs("behaviour at the two ends", *(", ".join(k) for k in kinds))
        decays = [[t.decay for t in p.tendencies if t is not None] for p in (first, second)]
        if None not in (*decays[0], *decays[1]) and sorted(map(_key, decays[0])) != sorted(map(_key, decays[1])):
            yield Differs("decay at the two ends", *(str([_numbers(g) for g in d if g]) for d in decays))
    for one, other, turn in ((first, second, 1), (second, first, -1)):
        if one.centre is not None and other.lopsided:
            yield Differs("symmetric about a point, up to a line", *("yes", "no")[::turn])
    if first.centre is not None and second.centre is not None and first.centre.kind != second.centre.kind and (
        first.one_centre or second.one_centre
    ):
        yield Differs("symmetry", first.centre.kind, second.centre.kind)


def _key(growth: Growth | None) -> Growth:
    assert growth is not None
    return growth


def _numbers(growth: Growth) -> tuple[str, ...]:
    return tuple(map(str, growth))


def _listed(orders: tuple[object, ...]) -> str:
    return ", ".join(map(str, orders)) or "none"


def _maps(first: Profile, second: Profile, sign: int) -> Outcome:
    """The maps with one sign of ``a`` that are left, from break points, ends or centres."""
    if first.breaks and second.breaks:
        return _from_breaks(first.breaks, second.breaks, first, second, sign)
    if first.breaks != () or second.breaks != ():
        return Outcome()
    if first.centre is not None and second.centre is not None and (first.one_centre or second.one_centre):
        points = [p.seen(p.centre.point, True) for p in (first, second) if p.centre is not None]
        if points[0] is not None and points[1] is not None:
            outcome = _from_point(points[0], points[1], sign, "at the centres of symmetry", True)
            if outcome.maps is not None or outcome.reason is not None:
                return outcome
    if first.ends is None or second.ends is None:
        return Outcome()
    found = match_ends(first.ends, second.ends, sign)
    if found.excluded:
        return Outcome(reason=Excluded(sign, "far out", found.excluded))
    if found.a is None or found.c is None:
        return Outcome()
    return Outcome([(found.a, found.c)], Carries(f"the ends, a {_sign(sign)}", ((found.a, found.c),)))


def _from_breaks(breaks: tuple[Local, ...], others: tuple[Local, ...], first: Profile, second: Profile,
                 sign: int) -> Outcome:
    """Break points go to break points, in order or in reverse."""
    turned = others if sign > 0 else others[::-1]
    orders = second.orders if sign > 0 else (second.orders or ())[::-1]
    if first.orders != orders:
        return Outcome(reason=Excluded(sign, "at the break points", "their orders"))
    if len(breaks) == 1:
        return _from_point(breaks[0], turned[0], sign, "at the break points", True)
    (p, q), (u, v) = (breaks[0].point, breaks[-1].point), (turned[0].point, turned[-1].point)
    a = simplified((v - u) / (q - p))
    c = simplified(u - a * p)
    for here, there in zip(breaks[1:-1], turned[1:-1], strict=True):
        if constants_equal(a * here.point + c, there.point) is False:
            return Outcome(reason=Excluded(sign, "at the break points", "the ratios of their distances"))
    return Outcome([(a, c)], Carries(f"the break points, a {_sign(sign)}", ((a, c),)))
