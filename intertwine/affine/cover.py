"""Every centre in an interval excluded: for reflections, and for dilations by one number.

With ``g(t) = p + a(t - p)`` in T the points ``(s(t), s(g(t)))`` lie on a line.  Three points whose determinant is
seen to
be different from 0 for a whole ball of centres exclude all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from intertwine.affine.members import defined_near
from intertwine.affine.subject import Subject
from intertwine.calculus.budget import check
from intertwine.calculus.enclosure import ball, precision
from intertwine.solve.witness import UNDEFINED

Triple = tuple[Fraction, Fraction, Fraction]
OFFSETS: tuple[Triple, ...] = tuple((Fraction(a, 24), Fraction(b, 24), Fraction(c, 24)) for a, b, c in (
    (24, 48, 72), (-24, 24, 72), (12, 36, 96), (-72, -48, 24), (3, 12, 24), (-120, 48, 168), (24, 120, 480),
    (-216, 8, 192),
))  # fmt: skip


@dataclass(frozen=True)
class NoCentre:
    """For every ``p`` in ``[low, high]`` some triple shows that ``p + scale*(t - p)`` is not in T."""

    low: Fraction
    high: Fraction
    triples: tuple[Triple, ...]
    scale: Fraction = Fraction(-1)


class _Balls:
    """Values at the triples and at their images under all maps with a centre in a ball."""

    def __init__(self, subject: Subject, scale: Fraction, bits: int) -> None:
        self.subject, self.scale, self.bits = subject, scale, bits

    def excluded(self, low: Fraction, high: Fraction, triple: Triple) -> bool:
        """Whether one triple excludes all centres of an interval."""
        with precision(self.bits):
            centre = ball(low).union(ball(high))
            rows: list[tuple[arb, arb]] = []
            for t in triple:
                v = self.subject.sampler.at(t, self.bits)
                image = self.subject.sampler.at_ball(centre * (1 - ball(self.scale)) + ball(self.scale * t), self.bits)
                if image == UNDEFINED and isinstance(v, arb) and defined_near(self.subject, t):
                    return True
                if not isinstance(v, arb) or not isinstance(image, arb):
                    return False
                rows.append((v, image))
            (v1, u1), (v2, u2), (v3, u3) = rows
            return bool((u2 - u1) * (v3 - v1) != (u3 - u1) * (v2 - v1))


def cover(subject: Subject, low: Fraction, high: Fraction, scale: Fraction = Fraction(-1), bits: int = 128,
          most: int = 1500) -> NoCentre | None:
    """Triples that exclude every centre of an interval, or None.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> len(cover(Subject(parse_term("x**3 + x**2")), Fraction(0), Fraction(1)).triples)
    1
    """
    balls = _Balls(subject, scale, bits)
    chosen: list[Triple] = []
    candidates = _triples(subject, low, high)
    stack = [(low, high, 0)]
    for _ in range(most):
        if not stack:
            return NoCentre(low, high, tuple(chosen), scale)
        check()
        a, b, depth = stack.pop()
        if any(balls.excluded(a, b, t) for t in reversed(chosen)):
            continue
        found = next((t for t in candidates if t not in chosen and balls.excluded(a, b, t)), None)
        if found is not None:
            chosen.append(found)
            continue
        if depth > 40 or a == b:
            return None
        middle = (a + b) / 2
        stack += [(middle, b, depth + 1), (a, middle, depth + 1)]
    return None


def _triples(subject: Subject, low: Fraction, high: Fraction) -> list[Triple]:
    """Some triples about the interval, near and far."""
    middle = Fraction(round((low + high) * 512), 1024)
    found = [(middle + a, middle + b, middle + c) for a, b, c in OFFSETS]
    lively = [t for t in subject.points if isinstance(subject.sampler.at(t, 128), arb)][:12]
    return found + [(lively[k], lively[k + 1], lively[k + 2]) for k in range(0, len(lively) - 2, 2)]
