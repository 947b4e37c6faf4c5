"""The positive part of S: everything, nothing, or the powers of one number (Theorems 2, 3, 5 to 8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from flint import fmpq

from intertwine.calculus.constants import constants_equal, simplified
from intertwine.calculus.tame import Tame
from intertwine.errors import Undecided
from intertwine.groups.constants import constant_to_sympy
from intertwine.groups.ratios import commensurability
from intertwine.solve.affine import value_at_zero
from intertwine.solve.halves import TEST_SCALES, Half, HalfSolver
from intertwine.solve.witness import Sampler, not_member
from intertwine.terms import ONE, ZERO, Term, num, power


@dataclass
class PositivePart:
    """``kind``: "trivial", "all" (χ = |a|**degree), "cyclic" (χ(generator) = value) or "open"."""

    kind: str
    theorem: str
    facts: list[Any] = field(default_factory=list)
    degree: Term = ZERO
    generator: Term | None = None
    value: Term | None = None
    question: str = ""


def positive_part(core: Term, sampler: Sampler, points: list[Fraction], everywhere: Tame | None) -> PositivePart:
    """The positive scalings that an activation intertwines, with the facts that prove it."""
    for d in TEST_SCALES if everywhere is not None else ():
        witness = not_member(sampler, d, points)
        if witness is not None:
            return PositivePart("trivial", "dichotomy", [everywhere, witness])
    halves = []
    for side in (1, -1):
        half = HalfSolver(core, sampler, points, side).solve()
        if half.kind == "trivial":
            return PositivePart("trivial", half.theorem, half.facts)
        halves.append(half)
    return _combine(core, sampler, points, halves)


def _combine(core: Term, sampler: Sampler, points: list[Fraction], halves: list[Half]) -> PositivePart:
    facts = [f for h in halves for f in h.facts]
    active = [h for h in halves if h.kind != "free"]
    questions = [h.question for h in halves if h.kind == "open"]
    at_zero = value_at_zero(core)
    if questions:
        return _open(active, facts, questions, at_zero in ("undefined", "zero"))
    if at_zero is None:
        return PositivePart("open", "open", facts, question="whether s(0) is zero")
    if at_zero == "nonzero":  # b = 1: like a half-line on which s is constant
        active = [*active, Half("power", degree=ZERO)]
    if not active:
        return PositivePart("all", "homogeneous", facts)
    meet: Half | None = active[0]
    for other in active[1:]:
        assert meet is not None
        try:
            meet = _meet(meet, other)
        except Undecided as error:
            return PositivePart("open", "open", facts, question=str(error))
        if meet is None:
            return PositivePart("trivial", "two half-lines", facts)
    assert meet is not None
    if meet.kind == "power":
        return PositivePart("all", "homogeneous", facts, degree=simplified(meet.degree))
    return PositivePart("cyclic", "least period", facts, generator=meet.generator, value=meet.value)


def _open(active: list[Half], facts: list[Any], questions: list[str], free: bool) -> PositivePart:
    """A lower bound survives when the open half is the only one that imposes a condition, s(0) included."""
    known = active[0] if len(active) == 1 and active[0].generator != ONE else None
    if known is not None and not free and constants_equal(known.value, ONE) is not True:
        known = None
    return PositivePart("open", "open", facts, generator=known.generator if known else None,
                        value=known.value if known else None, question="; ".join(questions))


def _meet(a: Half, b: Half) -> Half | None:
    """The common pairs ``(d, b)`` of two half-lines; None when only ``d = 1`` is common.

    Raises
    ------
    Undecided
        An exact comparison of constants did not settle.
    """
    if a.kind == b.kind == "power":
        return a if _equal(a.degree, b.degree) else None
    if a.kind == "power":
        a, b = b, a
    if b.kind == "power":
        target = power(a.generator, b.degree)
        if _equal(a.value, target):
            return a
        if _equal(a.value, num(-1) * target):
            g, b_value = (simplified(power(t, num(2))) for t in (a.generator, a.value))
            return Half("cyclic", generator=g, value=b_value)
        return None
    ratio = commensurability(constant_to_sympy(a.generator), constant_to_sympy(b.generator))
    if ratio is None:
        return None
    return _common_power(a, b, fmpq(ratio.numerator, ratio.denominator))


def _common_power(a: Half, b: Half, ratio: fmpq) -> Half | None:
    """Both cyclic with ``log g_a / log g_b = ratio = k/m``: then ``g_a**m = g_b**k`` is the first common one."""
    m, k = int(ratio.q), int(ratio.p)
    for times in (1, 2):
        left = simplified(power(a.value, num(m * times)))
        if _equal(left, power(b.value, num(k * times))):
            return Half("cyclic", generator=simplified(power(a.generator, num(m * times))), value=left)
    return None


def _equal(a: Term, b: Term) -> bool:
    answer = constants_equal(a, b)
    if answer is None:
        raise Undecided(f"whether {a} equals {b}")
    return answer


