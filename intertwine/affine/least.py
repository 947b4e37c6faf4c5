"""The least element of a discrete group: a member, an interval without members, and the roots that are left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, fmpz

from intertwine.affine.members import AffineMember, NotAffineMember
from intertwine.affine.subject import Subject
from intertwine.affine.through import Through, auxiliary
from intertwine.calculus.differentiate import NoDerivative, differentiate
from intertwine.calculus.enclosure import Unclear, UndefinedAt, enclose, precision
from intertwine.solve.halves import TEST_SCALES
from intertwine.solve.logperiodic import Gap, exponential, gap
from intertwine.solve.probes import probe_points
from intertwine.solve.witness import Sampler, not_member
from intertwine.terms import Term, X, add, apply, mul, num

MOST_ROOTS = 60
FACTORS = (Fraction(2), Fraction(3), Fraction(3, 2))
Decide = Callable[[int, Term], "AffineMember | NotAffineMember | None"]


@dataclass(frozen=True)
class Least:
    """The generator that was found, with the facts that no fraction of it is in T; ``question``: not proved."""

    size: Term
    member: AffineMember
    facts: tuple[Any, ...]
    question: str = ""


def least(size: Term, member: AffineMember, smaller: Callable[[Term, int], Term], decide: Decide,
          throughs: Iterator[tuple[Through, Fraction]]) -> Least:
    """The least member: ``size`` divided as often as it can be.

    ``smaller(size, q)`` is the ``q``-th part, ``decide(q, part)`` its membership; each of the ``throughs`` comes with
    the
    ratio of its gap, below which there is no element of the auxiliary group.
    """
    found = next(throughs, None)
    if found is None:
        return Least(size, member, (member,), f"whether {size} is the least of its kind in T")
    through, ratio = found
    outside: list[NotAffineMember] = []
    q = 2
    while q <= _most(size, ratio):
        part = smaller(size, q)
        answer = decide(q, part) if q <= MOST_ROOTS else None
        if isinstance(answer, AffineMember):
            size, member, outside, q = part, answer, [], 2
            continue
        if answer is None:
            return Least(size, member, (member,), f"whether {part} is in T")
        outside.append(answer)
        q = _next_prime(q)
    return Least(size, member, (through, member, *outside))


def _most(size: Term, ratio: Fraction) -> int:
    """How many times the logarithm of the gap fits into a period (or the logarithm of a generator)."""
    try:
        with precision(128):
            step = (arb(ratio.numerator) / ratio.denominator).log()
            return int(float((enclose(size, Fraction(1), 128) / step).upper()))
    except (Unclear, UndefinedAt):
        return 10**9


def _next_prime(p: int) -> int:
    n = p + 1
    while not fmpz(n).is_prime():
        n += 1
    return n


def translation_gaps(subject: Subject, period: Term) -> Iterator[tuple[Through, Fraction]]:
    """Intervals without translations in T, in the multiplicative form that the linear theory has."""
    generator = exponential(period)
    for via, step, f in auxiliary(subject, subject.core if subject.kink_free else None):
        g = f.subs(apply("log", X))
        found = _gap(g, 1, generator)
        if found is not None:
            yield Through("translations", via, found, step), found[0].high / found[0].low


def dilation_gaps(subject: Subject, p: Term, generator: Term) -> Iterator[tuple[Through, Fraction]]:
    """Intervals without dilations about a point in T."""
    origin = subject.seen_from(p, 1)
    functions: list[tuple[str, Fraction | None, Term]] = []
    if subject.kink_free:
        with suppress(NoDerivative):
            functions.append(("derivative", None, differentiate(subject.core).subs(add(X, p))))
    functions += [("difference", k, origin.subs(mul(num(k), X)) - origin) for k in FACTORS]
    for via, step, g in functions:
        for side in (1, -1):
            found = _gap(g, side, generator)
            if found is not None:
                fact = Through("centre", via, found, step, centre=p)
                yield fact, found[0].high / found[0].low


def _gap(g: Term, side: int, generator: Term) -> tuple[Gap, *tuple[Any, ...]] | None:
    found = gap(g, side, generator)
    if found is None:
        return None
    if found.method == "monotone":
        return (found,)
    sampler = Sampler(g)
    # points beside simple ones: at a step another program may not see on which side it is
    points = [t * Fraction(37, 36) for t in probe_points(g) if t * side > 0]
    witness = next((w for d in TEST_SCALES if (w := not_member(sampler, d, points)) is not None), None)
    return None if witness is None else (found, witness)
