"""Affine maps that are in T, by identities, and maps that are not, by witnesses.

If ``s(at + c) = b s(t) + d`` for all ``t`` then the points ``(s(t), s(at + c))`` of the plane lie on a line, and
``at + c`` is in the domain exactly when ``t`` is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from intertwine.affine.subject import Subject
from intertwine.calculus.budget import check
from intertwine.calculus.constants import constants_equal, simplified
from intertwine.calculus.core import reflected
from intertwine.calculus.enclosure import PRECISIONS, Unclear, UndefinedAt, ball, enclose, precision
from intertwine.calculus.identity import Identity, prove_equal
from intertwine.solve.witness import UNDEFINED, shown
from intertwine.terms import ONE, PI, ZERO, Term, X, add, mul, num


@dataclass(frozen=True)
class AffineMember:
    """``s(a t + c) = b s(t) + d`` for every ``t``: an identity on each half-line, and one at 0."""

    a: Term
    c: Term
    b: Term
    d: Term
    identities: tuple[Identity, Identity]


@dataclass(frozen=True)
class NotAffineMember:
    """``(a, c)`` is not in T: a ``determinant`` at three points, or the ``domain`` at one (``inverse``: undefined
    there,
    defined around the image)."""

    a: Term
    c: Term
    method: str
    points: tuple[Fraction, ...]
    values: tuple[str, ...]
    bits: int
    inverse: bool = False


def affine_member(core: Term, a: Term, c: Term, b: Term, d: Term) -> AffineMember | None:
    """A proof that ``s(at + c) = b s(t) + d``, or None.

    Examples
    --------
    >>> from intertwine.terms import X, apply
    >>> s = 1 / (1 + apply("exp", -X))
    >>> affine_member(s, num(-1), ZERO, num(-1), ONE).b
    -1
    """
    moved, target = core.subs(add(mul(a, X), c)), add(mul(b, core), d)
    if prove_equal(core.subs(c), target.subs(ZERO)) is None:
        return None
    right = prove_equal(moved, target)
    left = prove_equal(reflected(moved), reflected(target)) if right is not None else None
    return None if right is None or left is None else AffineMember(a, c, b, d, (right, left))


def centred(a: Term, p: Term) -> Term:
    """The ``c`` of the dilation by ``a`` about ``p``."""
    return simplified(mul(add(ONE, mul(num(-1), a)), p))


def images(
    subject: Subject, a: Term, c: Term, points: list[Fraction], bits: int
) -> Iterator[tuple[Fraction, arb, arb]]:
    """Points with ``s(t)`` and ``s(at + c)``, where both are known."""
    for t in points:
        check()
        v = subject.sampler.at(t, bits)
        if not isinstance(v, arb):
            continue
        if a.value is not None and c.value is not None:
            u = subject.sampler.at(a.value * t + c.value, bits)
        else:
            u = subject.sampler.at_ball(_image(a, c, t, bits), bits)
        if isinstance(u, arb):
            yield t, v, u


def _image(a: Term, c: Term, t: Fraction, bits: int) -> arb:
    with precision(bits + 32):
        return enclose(a, Fraction(1), bits + 32) * ball(t) + enclose(c, Fraction(1), bits + 32)


def not_affine_member(subject: Subject, a: Term, c: Term, deepest: int = len(PRECISIONS)) -> NotAffineMember | None:
    """A proof that ``(a, c)`` is not in T, or None.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> not_affine_member(Subject(parse_term("x**3 + x**2")), num(-1), ZERO).method
    'determinant'
    """
    try:
        for bits in PRECISIONS[:deepest]:
            points = subject.points if bits <= 512 else subject.points[: 40 if bits <= 2048 else 8]
            found = _determinant(subject, a, c, points, bits)
            if found is None and bits == PRECISIONS[0]:
                found = _domain(subject, a, c, bits)
            if found is not None:
                return found
    except (Unclear, UndefinedAt):
        return None
    return None


def _determinant(subject: Subject, a: Term, c: Term, points: list[Fraction], bits: int) -> NotAffineMember | None:
    seen: list[tuple[Fraction, arb, arb]] = []
    for t, v, u in images(subject, a, c, points, bits):
        if len(seen) < 2:
            if not seen or v != seen[0][1] or u != seen[0][2]:
                seen.append((t, v, u))
            continue
        (t1, v1, u1), (t2, v2, u2) = seen
        with precision(bits):
            bent = (u2 - u1) * (v - v1) - (u - u1) * (v2 - v1)
        if bent != 0:
            values = tuple(shown(y) for y in (v1, u1, v2, u2, v, u))
            return NotAffineMember(a, c, "determinant", (t1, t2, t), values, bits)
    return None


def _domain(subject: Subject, a: Term, c: Term, bits: int) -> NotAffineMember | None:
    """A point of one side of the domain whose image, or whose preimage, is on the other."""
    for t in subject.points[:30]:
        there = _image(a, c, t, bits)
        with precision(bits):
            around = there + arb(0, 2.0**-30) * (1 + abs(there))
        here, image = subject.sampler.at(t, bits), subject.sampler.at_ball(around, bits)
        if isinstance(here, arb) and image == UNDEFINED and defined_near(subject, t):
            return NotAffineMember(a, c, "domain", (t,), (shown(here), UNDEFINED), bits)
        if here == UNDEFINED and isinstance(image, arb) and subject.sampler.undefined_near(t):
            return NotAffineMember(a, c, "domain", (t,), (UNDEFINED, shown(image)), bits, inverse=True)
    return None


def defined_near(subject: Subject, t: Fraction) -> bool:
    """Whether the activation is seen to be defined around a point."""
    with precision(64):
        around = ball(t) + arb(0, 2.0**-30) * (1 + abs(ball(t)))
    return isinstance(subject.sampler.at_ball(around, 64), arb)


def decide(subject: Subject, a: Term, c: Term, factors: tuple[Term, ...] = ()) -> AffineMember | NotAffineMember | None:
    """Membership of one map: proved, refuted, or None. ``factors`` are candidates for ``b``."""
    outside = not_affine_member(subject, a, c, deepest=2)
    if outside is not None:
        return outside
    for b, d in _pairs(subject, a, c, factors):
        proof = affine_member(subject.core, a, c, b, d)
        if proof is not None:
            return proof
    return not_affine_member(subject, a, c)


def _pairs(subject: Subject, a: Term, c: Term, factors: tuple[Term, ...]) -> Iterator[tuple[Term, Term]]:
    """Candidates for ``(b, d)``, from exact values at simple points."""
    try:
        known = list(images(subject, a, c, subject.points[:40], 160))
    except (Unclear, UndefinedAt):
        return
    if not known:
        return
    t, v, u = known[0]
    other = next(((t2, v2, u2) for t2, v2, u2 in known[1:] if v2 != v), None)
    if other is None:  # perhaps constant where it is defined
        yield ONE, ZERO
        return
    with precision(160):
        ratio = (other[2] - u) / (other[1] - v)
    guesses = [num(k) for k in (1, -1) if ratio.overlaps(arb(k))]
    guesses += [b for b in factors if b not in guesses and _near(b, ratio)]
    if not guesses:
        top, bottom = (_difference(subject.core, image, other[0], t) for image in (add(mul(a, X), c), X))
        guesses.append(simplified(top / bottom))
    for b in guesses:
        for d in _offsets(subject.core, a, c, b, known[-1] if t == 0 else known[0]):
            yield b, d


def _offsets(core: Term, a: Term, c: Term, b: Term, known: tuple[Fraction, arb, arb]) -> Iterator[Term]:
    """Candidates for ``d = s(at + c) - b s(t)``: a simple rational number, and the exact value."""
    t, v, u = known
    try:
        with precision(160):
            d = u - enclose(b, Fraction(1), 160) * v
    except (Unclear, UndefinedAt):
        return
    with precision(160):
        guess, turns = simple(d), simple(d / arb.pi())
    if guess is not None:
        yield num(guess)
        if guess == 0:
            return
    if turns is not None:
        yield mul(num(turns), PI)
    exact = simplified(core.subs(add(mul(a, num(t)), c)) - mul(b, core.subs(num(t))))
    yield ZERO if constants_equal(exact, ZERO) is True else exact


def simple(v: arb) -> Fraction | None:
    """A rational number of small height in a narrow ball."""
    if not v.is_finite() or v.rad() > 1e-30 or abs(v) > 10**9:
        return None
    guess = Fraction(float(v.mid())).limit_denominator(1000)
    with precision(512):
        return guess if v.overlaps(ball(guess)) else None


def _near(b: Term, ratio: arb) -> bool:
    try:
        return bool(ratio.overlaps(enclose(b, Fraction(1), 160)))
    except (Unclear, UndefinedAt):
        return False


def _difference(core: Term, image: Term, t: Fraction, u: Fraction) -> Term:
    return core.subs(image.subs(num(t))) - core.subs(image.subs(num(u)))
