"""From the facts to the group: the theorems, as rules.

The group is drawn from what was established alone; the claim says only which group to look for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import TypeVar

from flint import fmpz

from intertwine.certificates import established as est
from intertwine.certificates import facts as known
from intertwine.certificates.analysis.numbers import (
    above_one,
    different,
    equal,
    log_ratio,
    rational_log,
    size,
    whole_log,
)
from intertwine.certificates.analysis.values import constant_sign
from intertwine.certificates.claims import Claim
from intertwine.errors import CertificateError
from intertwine.terms import ONE, ZERO, Term, num, power

T = TypeVar("T")
MINUS_ONE = num(-1)
ENDS = {1: ("0+", "oo", "everywhere"), -1: ("0-", "-oo", "everywhere")}
LARGEST_PRIME = 5_000


@dataclass(frozen=True)
class Power:
    """All ``d > 0`` with ``b = d**degree``."""

    degree: Term


@dataclass(frozen=True)
class Cycle:
    """The powers of ``(d, b)``, ``d > 1``, and no other pairs with ``d > 0``."""

    d: Term
    b: Term


def refuse(why: str) -> CertificateError:
    """The conclusion does not follow."""
    return CertificateError(f"the claim does not follow: {why}")


class Evidence:
    """What has been established about one activation."""

    def __init__(self, subject: est.Subject, facts: list[object], points: list[Fraction]) -> None:
        self.subject, self.facts, self.points = subject, facts, points
        self.zero = known.at_zero(subject)

    def all(self, kind: type[T], holds: Callable[[T], bool] = lambda _: True) -> list[T]:
        """The facts of a kind."""
        return [f for f in self.facts if isinstance(f, kind) and holds(f)]

    def outside(self, d: Term, side: int | None = None) -> bool:
        """Whether a number is established to be outside of S (already on a half-line, if one is given)."""
        return any(equal(f.d, d) for f in self.all(est.Outside) if side is None or f.side == side)

    def in_group(self, d: Term) -> est.Member | None:
        """The fact that a number is in S."""
        return next((m for m in self.all(est.Member) if m.side is None and equal(m.d, d)), None)

    # -- Theorems 1 and 1' ------------------------------------------------------------------------
    @property
    def hole(self) -> bool:
        """Whether the domain is not the line."""
        halves = self.all(est.Homogeneous, lambda h: h.undefined)
        return bool(halves or self.all(est.Hole) or self.all(est.OneSided) or self.all(est.Outside, lambda o: o.hole))

    def monomial(self) -> None:
        """Every intertwiner is a monomial matrix with entries from S."""
        if not self.all(est.NotAffine) and not self.hole:
            raise refuse("the activation may be affine on the whole line")
        if not self.all(est.NotAffine) and not self.all(est.NotConstant) and not self.all(est.Constant):
            raise refuse("it is not established whether the activation is constant")
        if not any(d.scale is None or self._scales(d.scale) for d in self.all(est.Domain)):
            raise refuse("no condition on the domain is established")
        if not known.has_interior(self.subject, self.points):
            raise refuse("the activation is not seen to be defined on an interval")

    def _scales(self, g: Term) -> bool:
        return constant_sign(g) == 1 and different(g, ONE) and self.in_group(g) is not None

    # -- one half-line ----------------------------------------------------------------------------
    def not_power(self, side: int) -> bool:
        """Whether a half-line is neither undefined nor a multiple of a power: a witness with points on it."""
        return bool(self.all(est.Outside, lambda o: o.side == side))

    def rigid(self, side: int, theorem: str) -> bool:
        """Whether, by this theorem, a half-line leaves 1 as the only positive scaling."""
        if theorem == "one tame end":
            return self.not_power(side) and bool(self.all(est.Definable, lambda d: d.end in ENDS[side]))
        if theorem == "asymptotics":
            unequal = {f.end for f in self.all(est.NotLeading, lambda f: f.side == side)}
            return any(
                lead.rigid
                or (lead.unless_power and self.not_power(side))
                or (lead.unless_equal and lead.end in unequal)
                for lead in self.all(est.Leading, lambda f: f.side == side)
            )
        return bool(self.all(est.Rigid, lambda r: r.side == side and r.theorem == theorem))

    def half(self, side: int) -> Power | None:
        """The degree of a half-line on which the activation is a multiple of a power other than 0."""
        found = self.all(est.Homogeneous, lambda h: h.side == side and not h.free)
        return Power(found[0].degree) if found else None

    def free(self, side: int) -> bool:
        """Whether a half-line imposes nothing."""
        return bool(self.all(est.Homogeneous, lambda h: h.side == side and h.free))

    def cycles(self, side: int) -> Iterator[Cycle]:
        """The pairs of a half-line, where they are the powers of one."""
        not_power = self.not_power(side)
        gaps = self.all(est.Gap, lambda g: g.side == side and (not_power or not g.plateau))
        for m in self.all(est.Member, lambda m: m.side in (None, side)):
            if not above_one(m.d):
                continue
            for gap in gaps:
                if all(self.outside(power(m.d, num(1, p)), side) for p in primes_below(m.d, gap.ratio)):
                    yield Cycle(m.d, m.b)
                    break

    def conditions(self) -> list[Power | Cycle]:
        """What the half-lines and the value at 0 demand of ``(d, b)``, ``d > 0``."""
        found: list[Power | Cycle] = []
        for side in (1, -1):
            half = self.half(side)
            found += [half] if half is not None else list(self.cycles(side))
        return [*found, Power(ZERO)] if self.zero == "nonzero" else found

    # -- the positive part ------------------------------------------------------------------------
    def only_one(self, theorem: str) -> bool:
        """Whether, by this theorem, 1 is the only positive number in S."""
        if theorem == "dichotomy":
            everywhere = self.all(est.Definable, lambda d: d.end == "everywhere")
            return bool(everywhere) and bool(self.all(est.Outside, lambda o: constant_sign(o.d) == 1))
        if theorem == "two half-lines":
            return any(incompatible(a, b) for a, b in combinations(self.conditions(), 2))
        return any(self.rigid(side, theorem) for side in (1, -1))

    def all_positive(self, degree: Term) -> None:
        """All positive numbers are in S, with ``b = d**degree``."""
        if not all(self.free(side) or self.half(side) for side in (1, -1)):
            raise refuse("a half-line is not established to be homogeneous")
        halves = [h for h in map(self.half, (1, -1)) if h is not None]
        if not all(equal(h.degree, degree) for h in halves):
            raise refuse("the degree of a half-line is another one")
        if (not halves or self.zero not in ("undefined", "zero")) and not equal(degree, ZERO):
            raise refuse("the value at 0 may be different from 0, or the activation zero, and the character is not 1")

    def generated(self, g: Term, b: Term) -> None:
        """The positive numbers in S are the powers of ``g > 1``, and ``b`` belongs to ``g``."""
        if not above_one(g):
            raise refuse("the generator is not seen to be greater than 1")
        for side in (1, -1):
            for cycle in self.cycles(side):
                sure, m = whole_log(g, cycle.d)
                if sure and m >= 1 and equal(b, power(cycle.b, num(m))):
                    self._in_all(g, b)
                    self._least(cycle, m, -side)
                    return
        raise refuse("no half-line shows that the positive part is generated by this number")

    def _in_all(self, g: Term, b: Term) -> None:
        whole = self.in_group(g)
        if whole is not None and equal(b, whole.b):
            return
        for side in (1, -1):
            half = self.half(side)
            if self.free(side) or (half is not None and equal(b, power(g, half.degree))):
                continue
            if not any(m.side in (None, side) and self._power_of(g, b, m) for m in self.all(est.Member)):
                raise refuse("the generator is not established to scale both half-lines alike")
        if self.zero not in ("undefined", "zero") and not equal(b, ONE):
            raise refuse("the value at 0 may be different from 0")

    def _power_of(self, g: Term, b: Term, m: est.Member) -> bool:
        if constant_sign(m.d) != 1 or not different(m.d, ONE):
            return False
        sure, k = whole_log(g, m.d)
        return sure and k != 0 and equal(b, power(m.b, num(k)))

    def _least(self, cycle: Cycle, m: int, other: int) -> None:
        """No smaller power of a half-line's generator passes."""
        for r in sorted({int(p) for p, _ in fmpz(m).factor()}):
            d, b = power(cycle.d, num(m // r)), power(cycle.b, num(m // r))
            half = self.half(other)
            fails = (
                self.outside(d)
                or (half is not None and different(b, power(d, half.degree)))
                or (self.zero == "nonzero" and different(b, ONE))
                or any(self._not_in(d, b, c) for c in self.cycles(other))
            )
            if not fails:
                raise refuse(f"{d} may be in S")

    def _not_in(self, d: Term, b: Term, c: Cycle) -> bool:
        sure, k = whole_log(d, c.d)
        return sure and (k == 0 or different(b, power(c.b, num(k))))

    # -- the negative part ------------------------------------------------------------------------
    def none_negative(self, *candidates: Term) -> None:
        """None of these is in S."""
        if self.all(est.OneSided):
            return
        for d in candidates:
            if not self.outside(d):
                raise refuse(f"{d} is not established to be outside")

    def negative(self, d: Term, b: Term) -> None:
        """A negative number is in S, with this value of the character."""
        if not any(equal(m.d, d) and equal(m.b, b) for m in self.all(est.Member, lambda m: m.side is None)):
            raise refuse(f"{d} is not established to be in S with the value {b}")


def primes_below(g: Term, ratio: Fraction) -> Iterator[int]:
    """The primes ``p`` for which the ``p``-th root of ``g`` is not below the ratio."""
    bound = log_ratio(g, num(ratio))
    if bound is None or bound > LARGEST_PRIME:
        raise refuse("the gap is too small")
    for p in range(2, int(bound.upper().floor().unique_fmpz() or 0) + 1):
        if fmpz(p).is_prime():
            yield p


def incompatible(a: Power | Cycle, b: Power | Cycle) -> bool:
    """Whether two conditions have only ``d = 1`` in common: proved."""
    if isinstance(a, Power) and isinstance(b, Power):
        return different(a.degree, b.degree)
    if isinstance(a, Cycle) and isinstance(b, Cycle):
        settled, ratio = rational_log(a.d, b.d)
        if not settled:
            return False
        if ratio is None:
            return True
        m, k = ratio.denominator, ratio.numerator  # a.d**m = b.d**k
        return different(size(power(a.b, num(m))), size(power(b.b, num(k))))
    if isinstance(a, Power):
        a, b = b, a
    assert isinstance(a, Cycle) and isinstance(b, Power)
    return different(size(a.b), power(a.d, b.degree))


THEOREMS = {
    "affine": ("general linear", "unit row sums"),
    "constant": ("general linear",),
    "dichotomy": ("trivial", "sign"),
    "one tame end": ("trivial", "sign"),
    "preserved sets": ("trivial", "sign"),
    "exponents": ("trivial", "sign"),
    "asymptotics": ("trivial", "sign"),
    "two half-lines": ("trivial", "sign"),
    "homogeneous": ("positive", "nonzero"),
    "least period": ("cyclic", "sign-cyclic"),
}


def conclude(evidence: Evidence, claim: Claim, theorem: str) -> None:
    """Whether the claim follows by the theorem.

    Raises
    ------
    CertificateError
        With the reason why it does not.
    """
    lines = evidence.all(est.Affine)
    if (claim.kind if theorem in ("affine", "constant") else claim.scalars) not in THEOREMS.get(theorem, ()):
        raise refuse(f"the theorem {theorem[:40]!r} has no such conclusion")
    if theorem in ("affine", "constant"):
        if not lines or (theorem == "constant") != equal(lines[0].slope, ZERO):
            raise refuse("the activation is not established to be affine, or constant, as the theorem has it")
        claim.must_be(*_affine(lines[0]))
        return
    if lines:
        raise refuse("the activation is affine, and the theorem is about others")
    evidence.monomial()
    constant = bool(evidence.all(est.Constant))
    if claim.kind != claim.monomial_kind or claim.unique == constant:
        raise refuse("the kind, or whether B is unique, is another one")
    if constant and not (claim.trivial_character and evidence.hole):
        raise refuse("the character of a constant is 1, and a constant on the whole line is another case")
    if claim.scalars in ("trivial", "sign"):
        if not evidence.only_one(theorem):
            raise refuse(f"{theorem}: it is not established that 1 is the only positive number in S")
        _signs(evidence, claim)
    elif claim.scalars in ("positive", "nonzero"):
        evidence.all_positive(claim.degree)
        _signs(evidence, claim)
    else:
        _discrete(evidence, claim)


def _signs(evidence: Evidence, claim: Claim) -> None:
    if claim.scalars in ("trivial", "positive"):
        evidence.none_negative(MINUS_ONE)
    else:
        evidence.negative(MINUS_ONE, num(claim.minus_one))


def _discrete(evidence: Evidence, claim: Claim) -> None:
    g, value = claim.generator, claim.value
    if constant_sign(g) == -1:
        if claim.scalars != "cyclic":
            raise refuse("the generator is negative")
        evidence.negative(g, value)
        evidence.generated(power(g, num(2)), power(value, num(2)))
        return
    evidence.generated(g, value)
    if claim.scalars == "cyclic":
        evidence.none_negative(MINUS_ONE, num(-1) * power(g, num(1, 2)))
    else:
        evidence.negative(MINUS_ONE, num(claim.minus_one))


def _affine(line: est.Affine) -> tuple[str, str, Term, int, bool]:
    """Kind, scalars, degree and sign of the character, uniqueness."""
    if equal(line.slope, ZERO):
        return "general linear", "nonzero", ZERO, 1, False
    if not different(line.slope, ZERO):
        raise refuse("it is not clear whether the slope is 0")
    if equal(line.intercept, ZERO):
        return "general linear", "nonzero", ONE, -1, True
    if not different(line.intercept, ZERO):
        raise refuse("it is not clear whether the value at 0 is 0")
    return "unit row sums", "trivial", ZERO, 1, True

