"""Points about which an activation is symmetric up to an affine function: canonical, so that relations match them.

``p`` is a centre of ``s`` if ``s(p + t) - s(p - t) = 2 m t`` for all ``t`` (*even*: an even function of ``t`` and a
line) or ``s(p + t) + s(p - t) = 2 s(p)`` (*odd*). If ``τ(at + c) = b σ(t) + d``, then ``p`` is a centre of ``σ`` if and
only if ``ap + c`` is one of ``τ``, of the same kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from intertwine.calculus.budget import check
from intertwine.calculus.constants import simplified
from intertwine.calculus.enclosure import ball, precision
from intertwine.calculus.identity import Identity, prove_equal
from intertwine.pairs.local import Local
from intertwine.pairs.numbers import BITS, guesses
from intertwine.solve.witness import Sampler
from intertwine.terms import Term, X, mul, num

REACH = 12  # candidates are looked for between -REACH and REACH
STEPS = 4  # per unit


@dataclass(frozen=True)
class Centre:
    """A proved centre: its place, its kind and the identity."""

    point: Term
    kind: str
    identity: Identity


def centre(core: Term, sampler: Sampler, at_zero: Local) -> Centre | None:
    """A centre of an activation that is analytic on the line, or None if none was found.

    Examples
    --------
    >>> from intertwine.pairs.local import look
    >>> from intertwine.parsing import parse_term
    >>> from intertwine.pieces import pieces
    >>> def found(text):
    ...     t = parse_term(text)
    ...     c = centre(t, Sampler(t), look(t, pieces(t), num(0), False))
    ...     return c and (c.point, c.kind)
    >>> found("1/(1 + 3*exp(-2*x))"), found("softplus(x)"), found("x*tanh(log(1 + exp(x)))")
    ((log(3)/2, 'odd'), (0, 'even'), None)
    """
    parities = {k % 2 for k in at_zero.right.coefficients if k > 1}
    if len(parities) == 1:
        found = _proved(core, num(0), at_zero.right.coefficients.get(Fraction(1)), "even" if 0 in parities else "odd")
        if found is not None:
            return found
    for kind in ("odd", "even"):
        for value in _candidates(sampler, kind):
            for p in guesses(value):
                found = _proved(core, p, None, kind)
                if found is not None:
                    return found
    return None


def _proved(core: Term, p: Term, slope: Term | None, kind: str) -> Centre | None:
    right, left = core.subs(p + X), core.subs(p - X)
    if kind == "odd":
        middle = simplified(core.subs(p))
        proof = prove_equal(right + left, mul(num(2), middle))
    else:
        m = slope if slope is not None and p.value == 0 else simplified((core.subs(p + 1) - core.subs(p - 1)) / 2)
        proof = prove_equal(right - left, mul(num(2), m, X))
    return None if proof is None else Centre(p, kind, proof)


def _candidates(sampler: Sampler, kind: str) -> Iterator[arb]:
    """Narrow balls where the defect of the symmetry vanishes, for two distances at once."""
    grid = [Fraction(k, STEPS) + Fraction(1, 64) for k in range(-REACH * STEPS, REACH * STEPS)]
    previous: arb | None = None
    for low in grid:
        check()
        here = _defect(sampler, kind, low, Fraction(1), 128)
        if previous is not None and here is not None and previous * here < 0:
            root = _bisected(sampler, kind, low - Fraction(1, STEPS), low)
            if root is not None:
                yield root
        previous = here


def _defect(sampler: Sampler, kind: str, p: Fraction, h: Fraction, bits: int) -> arb | None:
    points = (p, p + h, p - h) if kind == "odd" else (p + 2 * h, p - 2 * h, p + h, p - h)
    values = [sampler.at(q, bits) for q in points]
    numbers = [v for v in values if isinstance(v, arb)]
    if len(numbers) < len(points):
        return None
    with precision(bits):
        if kind == "odd":
            return numbers[1] + numbers[2] - 2 * numbers[0]
        return numbers[0] - numbers[1] - 2 * (numbers[2] - numbers[3])


def _bisected(sampler: Sampler, kind: str, low: Fraction, high: Fraction) -> arb | None:
    start = _defect(sampler, kind, low, Fraction(1), 128)
    for step in range(70):
        bits = 128 if step < 40 else BITS
        middle = (low + high) / 2
        here = _defect(sampler, kind, middle, Fraction(1), bits)
        if here is None or start is None:
            return None
        if here * start > 0:
            low = middle
        else:
            high = middle
        if step == 16:  # another distance must have its zero at the same place
            a, b = (_defect(sampler, kind, q, Fraction(2, 3), 128) for q in (low - (high - low), high + (high - low)))
            if a is None or b is None or a * b > 0:
                return None
    with precision(BITS):
        return ball(low).union(ball(high))


