"""No scaling at all, for functions with a discrete group: one period of scales is covered by balls, each refuted.

If σ and τ have the same group ``S`` with a generator of modulus ``g > 1``, then a relation ``τ(dt) = bσ(t)`` gives
others with all of ``d·S``; so if there is one, there is one with the same sign and ``1 <= |d| <= g**2``.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from intertwine.calculus.budget import check
from intertwine.calculus.enclosure import ball, precision
from intertwine.solve.witness import Sampler

BITS = 96
DEEPEST = 12
PARTS = 16
POINTS = 12


@dataclass(frozen=True)
class Swept:
    """Every ``d`` with ``low <= sign*d <= high`` is refuted by two points, on one of so many balls."""

    sign: int
    low: Fraction
    high: Fraction
    balls: int

    def describe(self) -> str:
        """The fact in words."""
        shown = f"{float(self.low):.4g} <= {'-' if self.sign < 0 else ''}d <= {float(self.high):.4g}"
        return f"every d with {shown} is excluded by values at two points, on {self.balls} balls"

    def to_json(self) -> dict[str, object]:
        """Plain data."""
        return {"fact": "swept", "sign": self.sign, "low": str(self.low), "high": str(self.high), "balls": self.balls}


def sweep(first: Sampler, second: Sampler, points: list[Fraction], sign: int, high: Fraction) -> Swept | None:
    """A refutation of all ``d`` of one sign with ``1 <= |d| <= high``, or None.

    Examples
    --------
    >>> from intertwine.terms import X, apply
    >>> u = apply("log", apply("Abs", X))
    >>> s, t = Sampler(apply("sin", u)), Sampler(2 + apply("sin", u))
    >>> sweep(s, t, [Fraction(1), Fraction(2), Fraction(3)], 1, Fraction(600)).sign
    1
    """
    known = [(p, v) for p, v in first.values(points, BITS) if p][:POINTS]
    step = (high - 1) / PARTS
    stack = [(1 + step * k, 1 + step * (k + 1), 0) for k in range(PARTS)]
    count = 0
    while stack:
        check()
        low, top, depth = stack.pop()
        if _refuted(second, known, sign, low, top):
            count += 1
        elif depth == DEEPEST:
            return None
        else:
            middle = (low + top) / 2
            stack += [(low, middle, depth + 1), (middle, top, depth + 1)]
    return Swept(sign, Fraction(1), high, count)


def _refuted(second: Sampler, known: list[tuple[Fraction, arb]], sign: int, low: Fraction, high: Fraction) -> bool:
    with precision(BITS):
        d = sign * ball(low).union(ball(high))
    values = []
    for p, v in known:
        with precision(BITS):
            image = d * ball(p)
        w = second.at_ball(image, BITS)
        if isinstance(w, arb):
            values.append((v, w))
    with precision(BITS):
        return any(v * w0 - v0 * w != 0 for i, (v, w) in enumerate(values) for v0, w0 in values[:i])
