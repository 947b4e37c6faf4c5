"""From the facts to the group of affine maps: the theorems, as rules.

``T`` is the group of all ``(a, c)``.  The discrete cases are drawn from three questions, whichever theorem is
named: is there a least translation, or none; is ``|a| = 1`` throughout; which reflections are there.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from intertwine.certificates import established as est
from intertwine.certificates.affine import established as aff
from intertwine.certificates.affine.derivatives import derivative
from intertwine.certificates.affine.pairs import Pair, pairs
from intertwine.certificates.affine.through import Auxiliary
from intertwine.certificates.analysis.clock import TooHard
from intertwine.certificates.analysis.numbers import above_one, different, equal, size
from intertwine.certificates.analysis.plain import flip, minus, over
from intertwine.certificates.analysis.values import constant_sign, defined_around
from intertwine.certificates.conclusions import MINUS_ONE, Evidence, primes_below, refuse
from intertwine.groups.affine.characters import AffineCharacter
from intertwine.groups.affine.scalars import AffineScalarGroup
from intertwine.groups.constants import constant_to_sympy as exact
from intertwine.terms import ONE, ZERO, Term, apply, mul, num, power

T = TypeVar("T")
SAMPLES = [Fraction(k, 7) for k in (3, -3, 9, -9, 40, -40)]
DISCRETE = (
    "definable", "limits", "lattice", "one centre", "regular ends", "cyclic dilations", "waves", "preserved set",
)  # fmt: skip


class AffineEvidence(Evidence):
    """What has been established about one activation."""

    def __init__(self, subject: est.Subject, facts: list[object], points: list[Fraction]) -> None:
        super().__init__(subject, facts, points)
        self.auxiliary = [Auxiliary(f) for f in self.all(aff.Through)]

    @property
    def hole(self) -> bool:
        """Whether the domain is not the line."""
        return super().hole or self.has(aff.About, lambda f: f.form == "undefined")

    def has(self, kind: type[T], holds: Callable[[T], bool] = lambda _: True) -> bool:
        """Whether there is a fact of a kind."""
        return bool(self.all(kind, holds))

    # -- elements ----------------------------------------------------------------------------------
    def members(self, holds: Callable[[aff.AffineMember], bool]) -> list[aff.AffineMember]:
        """The elements of a kind."""
        return self.all(aff.AffineMember, holds)

    def reflection(self, centre: Term | None = None) -> aff.AffineMember | None:
        """A reflection in the group, perhaps that in a given point."""
        found = self.members(lambda m: equal(m.a, MINUS_ONE) and (centre is None or equal(m.c, mul(num(2), centre))))
        return found[0] if found else None

    def excluded(self, a: Term, c: Term) -> bool:
        """Whether a map is established to be outside of T."""
        return self.has(aff.NotAffineMember, lambda f: equal(f.a, a) and equal(f.c, c))

    def excluded_about(self, p: Term, a: Term) -> bool:
        """Whether the dilation about a point by a number is established to be outside of T."""
        return self.excluded(a, p * minus(ONE, a)) or any(g.outside(a) for g in self.about(p))

    def about(self, p: Term | None) -> list[Auxiliary]:
        """The auxiliary functions of a centre; None: of the translations."""

        def here(g: Auxiliary) -> bool:
            return g.centre is None if p is None else g.centre is not None and equal(g.centre, p)

        return [g for g in self.auxiliary if here(g)]

    # -- translations --------------------------------------------------------------------------------
    @property
    def definable(self) -> bool:
        """Whether the activation is definable everywhere; then T is, too."""
        return self.has(est.Definable, lambda f: f.end == "everywhere")

    @property
    def formless(self) -> bool:
        """Whether the function is not exponential or affine on the whole line."""
        return self.hole or self.has(aff.Span, lambda f: f.rigid) or self.has(aff.NotExponential)

    def smooth_somewhere(self) -> bool:
        """Whether the function is analytic near some point."""
        try:
            slope = derivative(self.subject.term)
        except TooHard:
            return False
        return any(defined_around(slope, t) for t in [*self.points, *SAMPLES])

    def no_translation(self) -> bool:
        """Whether the identity is the only translation in T."""
        if any(map(self.has, (aff.Limits, aff.Confined, aff.MirrorsWithin, aff.Waves))) or self.pairs:
            return True
        if any(g.only_isometries() for g in self.about(None)) or (self.definable and self.formless):
            return True
        # A dense group of translations would make the function analytic on the line and s''/s' constant, and no
        # exponential function has an element with |a| != 1; with a discrete one that is not trivial |a| = 1 throughout.
        return bool(self.members(lambda m: different(size(m.a), ONE))) and self.smooth_somewhere()

    def least_translation(self, m: aff.AffineMember) -> bool:
        """Whether the translations in T are the multiples of this one."""
        step = apply("exp", m.c)
        return any(
            all(self.excluded(ONE, m.c * num(1, q)) or g.outside(power(step, num(1, q)), 1) for q in primes)
            for g in self.about(None)
            for primes in (list(primes_below(step, gap.ratio)) for gap in g.gaps())
        )

    # -- |a| = 1 ---------------------------------------------------------------------------------------
    def no_dilations(self) -> bool:
        """Whether no point is the centre of a group of all dilations in T."""
        # A group of dilations that keeps a bounded set has its one point as its centre.
        spans: list[aff.Span | aff.Confined] = [*self.all(aff.Span), *self.all(aff.Confined)]
        if any(f.low is None or f.high is None for f in spans):
            return True
        low = max((f.low for f in spans if f.low is not None), default=None)
        high = min((f.high for f in spans if f.high is not None), default=None)
        if low is None or high is None:
            return False
        return low > high or self.covered(low, high, lambda a: a > 0)

    def isometric(self) -> bool:
        """Whether ``|a| = 1`` for all elements."""
        if self.has(aff.Limits) or self.has(aff.Confined, lambda f: f.wide) or self.has(aff.End, lambda f: f.rigid):
            return True
        if self.has(aff.Waves):
            return True
        # A definable T, or one whose function is a power at both ends, has all dilations about a centre or none.
        ends = {f.side for f in self.all(aff.End)}
        if (self.definable or ends == {1, -1}) and self.no_dilations():
            return True
        if any(pair.incompatible for pair in self.pairs):
            return True
        p = self.fixed()
        return p is not None and any(g.only_isometries() for g in self.about(p))

    def fixed(self) -> Term | None:
        """A point that all of T fixes.

        Without translations T is abelian, and all its elements other than the identity have the same fixed point.
        """
        if self.pairs:
            return self.pairs[0].centre
        found = self.members(lambda m: different(m.a, ONE))
        if not found or not self.no_translation():
            return None
        return mul(found[0].c, over(minus(ONE, found[0].a)))

    @cached_property
    def pairs(self) -> list[Pair]:
        """Points on both sides of which the function is known."""
        return pairs(self.all(aff.About), self.all(aff.ValueAt))

    # -- reflections -----------------------------------------------------------------------------------
    def no_reflection(self, period: Term | None = None) -> bool:
        """Whether there is no reflection; a ``period`` moves their centres by half of it."""
        if self.has(aff.EndsDiffer) or self.has(aff.Waves, lambda f: self.excluded_about(f.centre, MINUS_ONE)):
            return True
        if period is not None:
            empty = self.all(aff.NoDilation, lambda f: f.scale == -1)
            if any(constant_sign(minus(num(2 * (f.high - f.low)), period)) in (0, 1) for f in empty):
                return True
            return any(constant_sign(minus(num(2 * size), period)) == 1 for size in self.free_of_centres())
        intervals = [(f.low, f.high) for f in self.all(aff.Confined)]
        intervals += [(f.low, f.high) for f in self.all(aff.MirrorsWithin)]
        if any(self.covered(low, high, lambda a: a == -1) for low, high in intervals):
            return True
        p = self.fixed()
        return p is not None and self.excluded_about(p, MINUS_ONE)

    def free_of_centres(self) -> list[Fraction]:
        """The lengths of open intervals, as large as they are known to be, in which no reflection has its centre."""
        found: list[Fraction] = []
        low = high = None
        for f in sorted(self.all(aff.OnlyCentre), key=lambda f: f.low + f.point):
            if not self.excluded(MINUS_ONE, num(2 * f.point)):
                continue
            start, end = (f.low + f.point) / 2, (f.point + f.high) / 2
            if low is None or high is None or start > high or (
                start == high and not self.excluded(MINUS_ONE, num(2 * start))
            ):
                low, high = start, end
            high = max(high, end)
            found.append(high - low)
        return found

    def covered(self, low: Fraction, high: Fraction, scale: Callable[[Fraction], bool]) -> bool:
        """Whether every point of an interval is the centre of no dilation by some number of a kind."""
        if low == high and scale(Fraction(-1)) and self.excluded_about(num(low), MINUS_ONE):
            return True
        reached = low
        for f in sorted(self.all(aff.NoDilation, lambda f: scale(f.scale)), key=lambda f: f.low):
            if f.low <= reached <= f.high:
                reached = f.high
                if reached >= high:
                    return True
        return False

    # -- dilations -------------------------------------------------------------------------------------
    def generates(self, m: aff.AffineMember, p: Term) -> bool:
        """Whether the positive ``a`` of the dilations about a point are the powers of ``m.a``, or of its square."""
        if not above_one(size(m.a)):
            return False
        step = m.a if constant_sign(m.a) == 1 else power(m.a, num(2))
        return any(
            all(self.excluded_about(p, power(step, num(1, q))) for q in primes)
            for g in self.about(p)
            for primes in (list(primes_below(step, gap.ratio)) for gap in g.gaps())
        )


def conclude(e: AffineEvidence, theorem: str) -> tuple[AffineCharacter, bool]:
    """The character on the group T, and whether it is unique, by a theorem.

    Raises
    ------
    CertificateError
        With the reason why nothing follows.
    """
    lines = e.all(est.Affine)
    if theorem == "affine line":
        if not lines:
            raise refuse("the activation is not established to be affine")
        line = AffineCharacter.affine(exact(lines[0].slope), exact(lines[0].intercept))
        return line, line.unique
    if lines:
        raise refuse("the activation is affine, and the theorem is about others")
    if theorem == "exponential":
        found = e.all(aff.Exponential)
        if not found:
            raise refuse("the activation is not established to be exponential")
        return AffineCharacter.exponential(exact(found[0].rate), exact(found[0].offset)), True
    e.monomial()
    if theorem not in ("dilations", *DISCRETE):
        raise refuse(f"the theorem {theorem[:40]!r} is unknown")
    character = _dilations(e) if theorem == "dilations" else _discrete(e)
    constant = e.has(est.Constant)
    return (AffineCharacter.trivial(character.group) if constant else character), not constant


# -- all dilations about a point ---------------------------------------------------------------------------


def _dilations(e: AffineEvidence) -> AffineCharacter:
    for pair in e.pairs:
        if pair.compatible:
            return _all_dilations(e, pair)
    raise refuse("the forms on the two sides of a point, and the value there, are not seen to go together")


def _all_dilations(e: AffineEvidence, pair: Pair) -> AffineCharacter:
    p = pair.centre
    mirror = e.reflection(p)
    if mirror is None and not e.excluded_about(p, MINUS_ONE):
        raise refuse("it is not established whether the reflection in the centre is in the group")
    group = (AffineScalarGroup.dilations if mirror is None else AffineScalarGroup.signed_dilations)(exact(p))
    if pair.coefficient is not None:
        return AffineCharacter.logarithmic(group, exact(pair.coefficient))
    odd = mirror is not None and constant_sign(mirror.b) == -1
    if pair.degree is not None:
        return AffineCharacter.power(group, exact(pair.degree), int(odd), exact(pair.offset))
    offset = mul(mirror.d, num(1, 2)) if odd and mirror is not None else ZERO
    return AffineCharacter.power(group, 0, int(odd), exact(offset))


# -- the discrete groups -------------------------------------------------------------------------------------


def _discrete(e: AffineEvidence) -> AffineCharacter:
    for step in e.members(lambda m: equal(m.a, ONE) and constant_sign(m.c) == 1):
        if e.least_translation(step):
            return _periodic(e, step)
    p = e.fixed()
    if p is not None:
        about = e.members(lambda m: equal(m.c, p * minus(ONE, m.a)))
        for m in sorted(
            about, key=lambda m: constant_sign(m.a) == 1
        ):  # a negative number generates more than its square
            if e.generates(m, p):
                return _cyclic(e, m, p)
    if not e.no_translation():
        raise refuse("it is not established that there is no translation, or which is the least")
    if not e.isometric():
        raise refuse("it is not established that |a| = 1 for all elements")
    mirror = e.reflection()
    if mirror is not None:
        return AffineCharacter.on_generators(AffineScalarGroup.reflection(_centre(mirror)), reflection=_image(mirror))
    if not e.no_reflection():
        raise refuse("it is not established that there is no reflection")
    return AffineCharacter.trivial(AffineScalarGroup.trivial())


def _periodic(e: AffineEvidence, step: aff.AffineMember) -> AffineCharacter:
    """Since the translations are discrete and not trivial, ``|a| = 1`` for all elements."""
    mirror = e.reflection()
    if mirror is not None:
        group = AffineScalarGroup.dihedral(exact(step.c), _centre(mirror))
        return AffineCharacter.on_generators(group, translation=_image(step), reflection=_image(mirror))
    if not e.no_reflection(step.c):
        raise refuse("it is not established that there is no reflection")
    return AffineCharacter.on_generators(AffineScalarGroup.lattice(exact(step.c)), translation=_image(step))


def _cyclic(e: AffineEvidence, m: aff.AffineMember, p: Term) -> AffineCharacter:
    mirror = e.reflection(p) if constant_sign(m.a) == 1 else None
    if constant_sign(m.a) == 1 and mirror is None:
        for a in (MINUS_ONE, flip(power(m.a, num(1, 2)))):
            if not e.excluded_about(p, a):
                raise refuse(f"the dilation by {a} is not established to be outside")
    group = AffineScalarGroup.cyclic_dilations(exact(p), exact(m.a), mirror is not None)
    return AffineCharacter.on_generators(
        group, dilation=_image(m), reflection=None if mirror is None else _image(mirror)
    )


def _centre(mirror: aff.AffineMember) -> object:
    return exact(mul(mirror.c, num(1, 2)))


def _image(m: aff.AffineMember) -> tuple[object, object]:
    return exact(m.b), exact(m.d)
