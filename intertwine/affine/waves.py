"""A line plus waves of incommensurable frequencies: at most one reflection, in the point that they all turn about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import isqrt

from intertwine.affine.candidates import linear, numeric_candidates, simple_candidates
from intertwine.affine.finding import Finding, identity_alone
from intertwine.affine.members import AffineMember, decide
from intertwine.affine.reflections import reflecting
from intertwine.affine.subject import Subject
from intertwine.calculus.constants import constants_equal, simplified
from intertwine.calculus.enclosure import Unclear, UndefinedAt, enclose, precision
from intertwine.terms import ONE, PI, ZERO, Term, X, add, apply, mul, num

MOST_WAVES = 12
#: cos(u + k*pi/2) and sin(u + k*pi/2) as a sign and a function of u.
_TURNED = {
    "cos": ((1, "cos"), (-1, "sin"), (-1, "cos"), (1, "sin")),
    "sin": ((1, "sin"), (1, "cos"), (-1, "sin"), (-1, "cos")),
}  # fmt: skip


@dataclass(frozen=True)
class Wave:
    """``amplitude * form(frequency * (x - centre))``, with a positive frequency."""

    form: str
    amplitude: Term
    frequency: Term


@dataclass(frozen=True)
class Waves:
    """``s(x) = slope*x + offset`` plus these waves about one centre; two of them have an irrational ratio."""

    centre: Term
    slope: Term
    offset: Term
    waves: tuple[Wave, ...]


def waves(subject: Subject) -> Finding | None:
    """T for a sum of waves of incommensurable frequencies: the identity, and perhaps one reflection; or None."""
    parts = _parts(subject.core)
    if parts is None or not any(_irrational(v / w) for v, w in combinations({f for _, _, f, _ in parts[2]}, 2)):
        return None
    for p in _centres(subject, parts[2]):
        found = _about(parts, p)
        if found is None:
            continue
        answer = decide(subject, num(-1), simplified(mul(num(2), p)))
        if isinstance(answer, AffineMember):
            return Finding("waves", reflecting(p, answer), [found, answer])
        if answer is not None:
            return Finding("waves", identity_alone, [found, answer])
    return None


Part = tuple[str, Term, Term, Term]  # the function, its amplitude, its frequency, its phase
Parts = tuple[Term, Term, list[Part]]


def _parts(core: Term) -> Parts | None:
    """Slope, value at 0, and the waves of a sum."""
    slope, offset = ZERO, ZERO
    found: list[Part] = []
    for t in core.args if core.op == "add" else (core,):
        line = linear(t) if t.has_x else (ZERO, t)
        if line is not None:
            slope, offset = slope + line[0], offset + line[1]
            continue
        moving = [f for f in (t.args if t.op == "mul" else (t,)) if f.has_x]
        inner = linear(moving[0].args[0]) if len(moving) == 1 and moving[0].op in _TURNED else None
        if inner is None:
            return None
        amplitude = mul(*(f for f in t.args if not f.has_x)) if t.op == "mul" else ONE
        found.append((moving[0].op, amplitude, *inner))
    return (slope, offset, found) if 2 <= len(found) <= MOST_WAVES else None


def _centres(subject: Subject, parts: list[Part]) -> Iterator[Term]:
    yield from simple_candidates(subject)
    yield from numeric_candidates(subject, Fraction(-8), Fraction(8))


def _about(parts: Parts, p: Term) -> Waves | None:
    """The sum about a point where each wave has a zero or an extremum, or None."""
    slope, offset, listed = parts
    found: dict[tuple[str, Term], Term] = {}
    for form, amplitude, frequency, phase in listed:
        here = simplified(add(mul(frequency, p), phase))
        turn = next((k for k in range(-4, 5) if constants_equal(here, mul(num(k, 2), PI))), None)
        if turn is None:
            return None
        sign, name = _TURNED[form][turn % 4]
        if (way := _sign(frequency)) is None:
            return None
        if way < 0:
            frequency, sign = simplified(mul(num(-1), frequency)), sign * (-1 if name == "sin" else 1)
        found[name, frequency] = found.get((name, frequency), ZERO) + mul(num(sign), amplitude)
    kept = [Wave(name, a, w) for (name, w), a in found.items() if constants_equal(a, ZERO) is not True]
    return Waves(p, simplified(slope), simplified(offset), tuple(kept))


def _sign(t: Term) -> int | None:
    try:
        v = enclose(t, Fraction(1), 128)
    except (Unclear, UndefinedAt):
        return None
    return 1 if v > 0 else -1 if v < 0 else None


def _irrational(r: Term) -> bool:
    """Whether a ratio is a square root of a rational number that is no square, or rational but for a factor pi."""
    square = _rational(r * r)
    if square is not None:
        return square > 0 and any(isqrt(n) ** 2 != n for n in (square.numerator, square.denominator))
    return any(_rational(t) for t in (r / PI, r * PI))


def _rational(t: Term) -> Fraction | None:
    try:
        with precision(192):
            v = enclose(t, Fraction(1), 192)
            guess = Fraction(float(v.mid())).limit_denominator(10_000)
    except (Unclear, UndefinedAt, ValueError, OverflowError):
        return None
    return guess if constants_equal(t, num(guess)) is True else None


def law(found: Waves) -> Term:
    """The sum as a term."""
    place = X - found.centre
    terms = [mul(w.amplitude, apply(w.form, mul(w.frequency, place))) for w in found.waves]
    return add(mul(found.slope, X), found.offset, *terms)
