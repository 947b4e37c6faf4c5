"""Translations, and dilations about a point, through the scalings of an auxiliary function on half-lines.

If ``s(t + c) = b s(t) + d`` then ``f = s'``, or ``f(t) = s(t + h) - s(t)``, has ``f(t + c) = b f(t)``: so ``g(τ) =
f(log τ)`` has
``g(e^c τ) = b g(τ)`` for ``τ > 0``.  If ``s(p + aτ) = b s(p + τ) + d`` then ``g(τ) = s'(p + τ)`` has ``g(aτ) = (b/a)
g(τ)``, and
``g(τ) = s(p + 2τ) - s(p + τ)`` has ``g(aτ) = b g(τ)``.  What the linear theory says of ``g`` bounds T.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from intertwine.affine.analyticity import analytic_on
from intertwine.affine.subject import Subject
from intertwine.calculus.differentiate import NoDerivative, differentiate
from intertwine.solve.halves import Half, HalfSolver
from intertwine.solve.probes import probe_points
from intertwine.solve.witness import Sampler
from intertwine.terms import Term, X, add, apply, mul, num

STEPS = (Fraction(1, 2), Fraction(1), Fraction(1, 3))


@dataclass(frozen=True)
class Through:
    """Facts of the linear theory about the auxiliary function of translations, or of dilations about a centre.

    ``via`` is "derivative" or "difference" (by ``step``).  With a ``law``, it is that of the smooth function which
    ``s`` is
    on ``(start, oo)``, and which is analytic on the line: translations of ``s`` are translations of it.
    """

    kind: str
    via: str
    facts: tuple[Any, ...]
    step: Fraction | None = None
    centre: Term | None = None
    law: Term | None = None
    start: Fraction | None = None


@dataclass(frozen=True)
class Route:
    """One auxiliary function, and what the linear theory says of it on one half-line (or on two)."""

    fact: Through
    halves: tuple[Half, ...]

    @property
    def only_one(self) -> bool:
        """Whether 1 is the only positive scaling."""
        return any(h.kind == "trivial" for h in self.halves)


def auxiliary(subject: Subject, smooth: Term | None) -> Iterator[tuple[str, Fraction | None, Term]]:
    """``f``: the derivative of a kink-free term, and differences."""
    if smooth is not None:
        with suppress(NoDerivative):
            slope = differentiate(smooth)
            if slope.size < 2000:
                yield "derivative", None, slope
    for h in STEPS:
        yield "difference", h, subject.core.subs(add(X, num(h))) - subject.core


def translations(subject: Subject) -> Iterator[Route]:
    """What each auxiliary function says of the translations in T."""
    smooth = subject.core if subject.kink_free else None
    law = None if smooth is not None else subject.law(1)
    if law is not None and law.term is not None and law.start.rational is not None:
        yield from _along(law.term, law.start.rational)
    for via, step, f in auxiliary(subject, smooth):
        yield _route(f.subs(apply("log", X)), "translations", via, (1,), step=step)


def _along(law: Term, start: Fraction) -> Iterator[Route]:
    if not analytic_on(law, None, None):
        return
    try:
        f = differentiate(law)
    except NoDerivative:
        return
    route = _route(f.subs(apply("log", X)), "translations", "derivative", (1,), law=law, start=start)
    if route.only_one:
        yield route


def centre(subject: Subject, p: Term) -> Iterator[Route]:
    """What each auxiliary function says of the dilations about a point in T."""
    origin = subject.seen_from(p, 1)
    if subject.kink_free:
        slope = subject.derivative(1)
        if slope is not None:
            yield _route(slope.subs(add(X, p)), "centre", "derivative", (1, -1), centre=p)
    difference = origin.subs(mul(num(2), X)) - origin
    yield _route(difference, "centre", "difference", (1, -1), centre=p)


def _route(g: Term, kind: str, via: str, sides: tuple[int, ...], step: Fraction | None = None,
           centre: Term | None = None, law: Term | None = None, start: Fraction | None = None) -> Route:
    sampler, points = Sampler(g), probe_points(g)
    halves: list[Half] = []
    for side in sides:
        half = HalfSolver(g, sampler, points, side).solve()
        halves.append(half)
        if half.kind == "trivial":
            halves = [half]
            break
    facts = tuple(dict.fromkeys(f for h in halves for f in h.facts))
    return Route(Through(kind, via, facts, step, centre, law, start), tuple(halves))


