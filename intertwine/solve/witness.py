"""Non-membership: ``d`` is not in S because two exact points separate the two sides.

If ``s(dt) = b s(t)`` for all ``t`` then ``s(d t1) s(t2) = s(d t2) s(t1)`` for any two points,
and ``dt`` lies in the domain exactly when ``t`` does.  Rigorous enclosures refute either.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from flint import arb

from intertwine.calculus.budget import check
from intertwine.calculus.enclosure import PRECISIONS, Evaluator, Unclear, UndefinedAt, ball, enclose, precision
from intertwine.terms import Term, num

UNDEFINED = "undefined"
STEPS = frozenset({"floor", "sign", "piecewise"})


@dataclass(frozen=True)
class NotMember:
    """``d`` is not in S: by a ``determinant`` at two points, or by the ``domain`` at one.

    For ``domain``: the term is defined at ``points[0]`` and undefined on a neighbourhood of ``points[1]``,
    and one of the two points is ``d`` times the other; a single point stands for itself and ``d`` times it.
    """

    d: Term
    points: tuple[Fraction, ...]
    method: str
    values: tuple[str, ...]
    bits: int


@dataclass(frozen=True)
class NonAffine:
    """Three points that do not lie on one line."""

    points: tuple[Fraction, Fraction, Fraction]
    values: tuple[str, ...]
    bits: int


class Sampler:
    """Values of one core term at exact points, remembered."""

    def __init__(self, core: Term) -> None:
        self.core = core
        self._known: dict[tuple[Fraction, int], arb | str | None] = {}

    def at(self, point: Fraction, bits: int) -> arb | str | None:
        """A ball, ``"undefined"``, or None when undecided at this precision."""
        key = (point, bits)
        if key not in self._known:
            check()
            self._known[key] = self._evaluate(point, bits)
        return self._known[key]

    def _evaluate(self, point: Fraction, bits: int) -> arb | str | None:
        try:
            v = enclose(self.core, point, bits)
        except UndefinedAt:
            return UNDEFINED
        except Unclear:
            v = None
        if (v is None or v.rad() > 0.25) and bits == PRECISIONS[0] and self._steps:
            return self._exactly(point, bits) or v
        return v

    @cached_property
    def _steps(self) -> bool:
        return any(t.op in STEPS and t.has_x for t in self.core.walk())

    def _exactly(self, point: Fraction, bits: int) -> arb | str | None:
        """The value after rational arithmetic on the literals: ``floor(x/3)`` at 3 is in no doubt then."""
        try:
            return enclose(self.core.subs(num(point)), Fraction(1), bits)
        except UndefinedAt:
            return UNDEFINED
        except Unclear:
            return None

    def at_ball(self, point: arb, bits: int) -> arb | str | None:
        """The same at a ball, for points that are irrational."""
        check()
        try:
            with precision(bits):
                return Evaluator(point).value(self.core)
        except UndefinedAt:
            return UNDEFINED
        except Unclear:
            return None

    def undefined_near(self, point: Fraction) -> bool:
        """Whether the term is provably undefined on a whole neighbourhood of the point."""
        with precision(64):
            wide = ball(point) + arb(0, 2.0**-30) * max(abs(point), Fraction(1, 2**40)).__float__()
        return self.at_ball(wide, 64) == UNDEFINED

    def values(self, points: list[Fraction], bits: int) -> list[tuple[Fraction, arb]]:
        """The points with a known value."""
        pairs = [(p, self.at(p, bits)) for p in points]
        return [(p, v) for p, v in pairs if isinstance(v, arb)]


def shown(v: arb) -> str:
    """A ball as text, for people."""
    return str(v.str(15))


def not_member(sampler: Sampler, d: Term, points: list[Fraction]) -> NotMember | None:
    """A proof that ``d`` is not in S, using the given points, or None.

    Examples
    --------
    >>> from intertwine.terms import X, num
    >>> proof = not_member(Sampler(X**3 + X / num(10**30)), num(2), [Fraction(1), Fraction(2)])
    >>> proof.method, proof.points, proof.bits
    ('determinant', (Fraction(1, 1), Fraction(2, 1)), 160)
    """
    for bits in PRECISIONS:
        found = _domain(sampler, d, points[:60], bits) if bits == PRECISIONS[0] else None
        found = found or _determinant(sampler, d, points if bits <= 512 else points[: 40 if bits <= 2048 else 8], bits)
        if found is not None:
            return found
    return None


def _scaled(sampler: Sampler, d: Term, point: Fraction, bits: int) -> arb | str | None:
    if d.value is not None:
        return sampler.at(point * d.value, bits)
    with precision(bits + 32):
        factor = enclose(d, Fraction(1), bits + 32) * ball(point)
    return sampler.at_ball(factor, bits)


def _domain(sampler: Sampler, d: Term, points: list[Fraction], bits: int) -> NotMember | None:
    if d.value is None:
        return _irrational_domain(sampler, d, points, bits)
    for t in points:
        a, b = sampler.at(t, bits), sampler.at(t * d.value, bits)
        for here, there, value, other in ((t, t * d.value, a, b), (t * d.value, t, b, a)):
            if other == UNDEFINED and isinstance(value, arb) and sampler.undefined_near(there):
                return NotMember(d, (here, there), "domain", (shown(value), UNDEFINED), bits)
    return None


def _irrational_domain(sampler: Sampler, d: Term, points: list[Fraction], bits: int) -> NotMember | None:
    for t in points[:8]:
        v = sampler.at(t, bits)
        if not isinstance(v, arb):
            continue
        with precision(bits):
            there = enclose(d, Fraction(1), bits) * ball(t)
            wide = there + arb(0, 2.0**-30) * abs(there)
        if sampler.at_ball(wide, bits) == UNDEFINED:
            return NotMember(d, (t,), "domain", (shown(v), UNDEFINED), bits)
    return None


def _determinant(sampler: Sampler, d: Term, points: list[Fraction], bits: int) -> NotMember | None:
    base: tuple[Fraction, arb, arb] | None = None
    for t in points:
        v, w = sampler.at(t, bits), _scaled(sampler, d, t, bits)
        if not isinstance(v, arb) or not isinstance(w, arb):
            continue
        if base is None:
            if v != 0 or w != 0:
                base = (t, v, w)
            continue
        t0, v0, w0 = base
        with precision(bits):
            determinant = w0 * v - w * v0
        if determinant != 0:
            return NotMember(d, (t0, t), "determinant", tuple(shown(y) for y in (v0, w0, v, w)), bits)
    return None


def non_affine(sampler: Sampler, points: list[Fraction]) -> NonAffine | None:
    """Three points of the graph that are not on a line, or None."""
    for bits in PRECISIONS:
        found = sampler.values(points if bits <= 512 else points[:12], bits)
        if len(found) < 3:
            continue
        (t0, v0), (t1, v1) = found[0], found[1]
        for t2, v2 in found[2:]:
            with precision(bits):
                bend = (v1 - v0) * ball(t2 - t0) - (v2 - v0) * ball(t1 - t0)
            if bend != 0:
                return NonAffine((t0, t1, t2), (shown(v0), shown(v1), shown(v2)), bits)
    return None


def non_constant(sampler: Sampler, points: list[Fraction]) -> tuple[Fraction, Fraction] | None:
    """Two points with different values, or None."""
    for bits in PRECISIONS:
        found = sampler.values(points, bits)
        for t, v in found[1:]:
            if v != found[0][1]:
                return found[0][0], t
    return None
