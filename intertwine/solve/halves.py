"""What one half-line says: the pairs ``(d, b)``, ``d > 0``, with ``s(dt) = b s(t)`` on ``side * (0, oo)``."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from flint import fmpz

from intertwine.calculus.constants import simplified
from intertwine.calculus.core import reflected
from intertwine.calculus.enclosure import enclose, precision
from intertwine.calculus.identity import Identity, prove_equal
from intertwine.calculus.tame import tame
from intertwine.solve.exponents import exponents
from intertwine.solve.halfline import homogeneous
from intertwine.solve.logperiodic import common_period, exponential, gap, log_periods, value_ratio
from intertwine.solve.oscillation import oscillation
from intertwine.solve.preserved import preserved_set
from intertwine.solve.witness import NotMember, Sampler, not_member
from intertwine.terms import ONE, ZERO, Term, X, mul, num, power

TEST_SCALES = (num(2), num(3))
ENDS = {1: ("0+", "oo"), -1: ("0-", "-oo")}
MOST_ROOTS = 200


@dataclass(frozen=True)
class HalfMember:
    """``s(d t) = b s(t)`` on the half-line ``side * (0, oo)``."""

    side: int
    d: Term
    b: Term
    identity: Identity


@dataclass
class Half:
    """``kind``: "free" (no condition), "power" (all ``d``, ``b = d**degree``), "cyclic", "trivial" or "open"."""

    kind: str
    facts: list[Any] = field(default_factory=list)
    degree: Term = ZERO
    generator: Term = ONE
    value: Term = ONE
    theorem: str = ""
    question: str = ""


class HalfSolver:
    """Decides one half-line of one activation."""

    def __init__(self, core: Term, sampler: Sampler, points: list[Fraction], side: int) -> None:
        self.core, self.sampler, self.side = core, sampler, side
        self.positive = core if side > 0 else reflected(core)
        self.points = [p for p in points if p * side > 0]

    def solve(self) -> Half:
        """The pairs of this half-line, with the facts that prove it."""
        witness = self._outside()
        if witness is None:
            power_like = self._power()
            if power_like is not None:
                return power_like
        else:
            for end in ENDS[self.side]:
                found = tame(self.core, end)
                if found is not None:
                    return Half("trivial", [found, witness], theorem="one tame end")
            preserved = preserved_set(self.core, self.sampler, self.side, self.points)
            if preserved is not None:
                return Half("trivial", [preserved], theorem="preserved sets")
        return self._cyclic(witness) or self._asymptotic(witness) or self._open(witness)

    def _outside(self) -> NotMember | None:
        return next((w for d in TEST_SCALES if (w := not_member(self.sampler, d, self.points)) is not None), None)

    def _power(self) -> Half | None:
        found = homogeneous(self.core, self.sampler, self.side, self.positive)
        if found is None:
            return None
        if found.trivial:
            return Half("free", [found], theorem="homogeneous")
        return Half("power", [found], degree=found.degree, theorem="homogeneous")

    # -- discrete ----------------------------------------------------------------
    def member(self, d: Term) -> HalfMember | None:
        """A proof that ``d`` scales this half-line, with its ``b``."""
        for b in value_ratio(self.positive, Sampler(self.positive), d) or [ONE, num(-1)]:
            proof = prove_equal(self.positive.subs(mul(d, X)), mul(b, self.positive))
            if proof is not None:
                return HalfMember(self.side, d, b, proof)
        return None

    def _cyclic(self, witness: NotMember | None) -> Half | None:
        period = common_period(log_periods(self.positive))
        current = None if period is None else self.member(exponential(period))
        if current is None:
            return None
        bound = gap(self.core, self.side, current.d)
        if bound is None or (bound.method == "plateau" and witness is None):
            return self._undecided(current, f"whether {current.d} is the least element above 1 of S")
        excluded: list[NotMember] = []
        prime = 2
        while prime <= _most_roots(current.d, bound.low, bound.high):
            root = simplified(power(current.d, num(1, prime)))
            smaller = self.member(root)
            if smaller is not None:
                current, prime, excluded = smaller, 2, []
                continue
            outside = not_member(self.sampler, root, self.points) if prime <= MOST_ROOTS else None
            if outside is None:
                return self._undecided(current, f"whether {root} is in S")
            excluded.append(outside)
            prime = _next_prime(prime)
        facts = [current, bound, *([witness] if bound.method == "plateau" else []), *excluded]
        return Half("cyclic", facts, generator=current.d, value=current.b, theorem="least period")

    def _undecided(self, current: HalfMember, question: str) -> Half:
        return Half("open", [current], generator=current.d, value=current.b, theorem="periods", question=question)

    def _asymptotic(self, witness: NotMember | None) -> Half | None:
        found = exponents(self.positive, self.side)
        if found is not None:
            return Half("trivial", [found], theorem="exponents")
        facts = oscillation(self.positive, self.side, witness)
        return Half("trivial", facts, theorem="asymptotics") if facts else None

    def _open(self, witness: NotMember | None) -> Half:
        line = "x > 0" if self.side > 0 else "x < 0"
        return Half("open", [], theorem="open", question=f"which scalings d > 0 satisfy s(dt) = b s(t) on {line}")


def _most_roots(generator: Term, low: Fraction, high: Fraction) -> int:
    with precision(128):
        top = enclose(generator, Fraction(1), 128).log()
        step = enclose(num(high / low), Fraction(1), 128).log()
        return int(float((top / step).upper().floor().mid()))


def _next_prime(p: int) -> int:
    n = p + 1
    while not fmpz(n).is_prime():
        n += 1
    return n


