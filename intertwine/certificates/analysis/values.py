"""Values of a plain term at one point, or over a whole ball of points.

Every answer is an enclosure that is valid for each point of the ball at which the term is evaluated;
``Undefined`` is raised only when the term is undefined at all of them.
"""

from __future__ import annotations

from fractions import Fraction

from flint import arb, ctx

from intertwine.certificates.analysis.clock import Obstacle
from intertwine.certificates.analysis.spans import Spans, exact, span
from intertwine.terms import Term

BITS = (64, 128, 384, 1024, 2560)


class Undefined(Obstacle):
    """Not defined at the point, or at any point of the ball: proved."""


class Unclear(Obstacle):
    """The balls are too wide to tell."""


class Evaluation:
    """Enclosures of plain terms over one ball of points."""

    def __init__(self, point: arb) -> None:
        self._spans = Spans(span(point, point), parts=1)

    def of(self, t: Term) -> arb:
        """The values of a term, defined at all points.

        Raises
        ------
        Undefined, Unclear
        """
        found = self._spans.of(t)
        if found.defined is False:
            raise Undefined
        if found.defined is None or not found.bounded:
            raise Unclear
        return found.ball


def value_at(t: Term, point: Fraction, bits: int) -> arb:
    """The value of a plain term at a rational point, computed with this many bits."""
    with ctx.workprec(bits):
        return Evaluation(exact(point)).of(t)


def neighbourhood(point: Fraction, bits: int) -> arb:
    """A ball of radius at least ``2**-bits`` times the point around it."""
    radius = max(abs(point), Fraction(1, 2**bits)) / 2**bits
    return exact(point - radius).union(exact(point + radius))


def undefined_around(t: Term, point: Fraction) -> bool:
    """Whether a plain term is undefined on a whole neighbourhood of a point: proved."""
    return _around(t, point) is False


def defined_around(t: Term, point: Fraction) -> bool:
    """Whether a plain term is defined on a whole neighbourhood of a point: proved."""
    return _around(t, point) is True


def _around(t: Term, point: Fraction) -> bool | None:
    """Whether it is defined on a whole neighbourhood, or undefined on one."""
    for bits in (30, 60, 200):
        with ctx.workprec(4 * bits):
            try:
                Evaluation(neighbourhood(point, bits)).of(t)
                return True
            except Undefined:
                return False
            except Unclear:
                continue
    return None


def sign_at(t: Term, point: Fraction, precisions: tuple[int, ...] = BITS) -> int | None:
    """The sign of a term at a point when balls can tell; None when it may be zero, or is unclear or undefined."""
    for bits in precisions:
        try:
            v = value_at(t, point, bits)
        except Unclear:
            continue
        except Undefined:
            return None
        if v > 0 or v < 0 or v == 0:
            return 1 if v > 0 else -1 if v < 0 else 0
    return None


def constant_sign(t: Term, precisions: tuple[int, ...] = BITS) -> int | None:
    """The sign of a constant when balls can tell; None when it may be zero or is unclear."""
    return sign_at(t, Fraction(1), precisions)
