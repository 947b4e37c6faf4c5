"""An activation seen at sample points, with many digits.

Only the reference evaluator is used. That ``s(d t) = b s(t)`` holds at all sample points
is evidence that d is in the scalar group; a failure refutes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import mpmath
import sympy

from intertwine.terms import Term
from tests.oracle import evaluate

Points = tuple[Fraction, ...]


def _both_signs(text: str) -> Points:
    return tuple(sign * Fraction(t) for t in text.split() for sign in (1, -1))


ORIGIN: Points = (Fraction(0),)
GENERIC = _both_signs(
    "0.3719 0.8137 1.2931 2.7391 5.3117 0.1123 11.7313 0.0317 3.3781 7.1093 0.6173 0.7411 1.9171 0.2177 4.2089"
)
# Where steps jump, and where a parity fails at single points only.
SPECIAL = _both_signs("1 1/2 2 3 1/3 3/2 5 6")
# Where functions that were changed far out, or close to 0, show it.
FAR = _both_signs("1000 1001 20 1000003 1000000003 1000000000003 200000000000000000003 1/100000000000000000003")


def number(expression: object, digits: int) -> Any:
    """An exact real number (a fraction, or text SymPy reads) as an mpf."""
    with mpmath.workdps(digits + 30):
        if isinstance(expression, Fraction):
            return mpmath.mpf(expression.numerator) / expression.denominator
        return mpmath.mpf(str(sympy.N(sympy.sympify(expression), digits + 30)))


OUT_OF_REACH = object()  # a value that the reference evaluator cannot compute: no evidence either way


class Samples:
    """The values of an activation at sample points, remembered.

    Removable singularities are filled in: the value there is a limit, taken numerically.
    """

    def __init__(self, term: Term, digits: int = 60) -> None:
        self.term = term
        self.digits = digits
        self.noise = mpmath.mpf(10) ** (10 - digits)  # differences below this are rounding
        self._values: dict[Any, Any] = {}

    def __call__(self, x: Any) -> Any:
        """The value at ``x``, or None where the function is undefined."""
        if x not in self._values:
            self._values[x] = self._value(x)
        return self._values[x]

    def _value(self, x: Any) -> Any:
        try:
            value = evaluate(self.term, x, self.digits)
            return self._limit(x) if value is None else value
        except OverflowError:
            return OUT_OF_REACH

    def _limit(self, x: Any) -> Any:
        digits = 5 * self.digits
        with mpmath.workdps(digits):
            centre = number(x, digits) if isinstance(x, Fraction) else mpmath.mpf(x)
            steps = [mpmath.mpf(10) ** -(self.digits + e) for e in (0, 0.15, 3, 4.6)]
            near = [evaluate(self.term, centre + sign * h, digits) for h in steps for sign in (1, -1)]
            if any(v is None for v in near):
                return None
            tolerance = mpmath.mpf(10) ** (-self.digits // 6)
            if max(abs(v - near[-1]) for v in near) > tolerance * (1 + abs(near[-1])):
                return None
            # A limit taken this way has fewer correct digits, so a small one counts as zero.
            return near[-1] if abs(near[-1]) > tolerance else mpmath.mpf(0)

    def _pairs(self, d: Any, points: Points) -> Iterable[tuple[Any, Any]]:
        for t in points:
            with mpmath.workdps(self.digits + 30):
                moved = d * t if isinstance(d, Fraction) else d * t.numerator / t.denominator
            pair = self(t), self(moved)
            if pair[0] is not OUT_OF_REACH and pair[1] is not OUT_OF_REACH:
                yield pair

    def _same(self, a: Any, b: Any) -> bool:
        if a is None or b is None:
            return a is None and b is None
        return bool(abs(a - b) <= self.noise * (1 + abs(a) + abs(b)))

    def holds(self, d: Any, factor: Any, points: Points) -> bool:
        """Whether s(d t) = factor * s(t), definedness included, at all points."""
        with mpmath.workdps(self.digits + 30):
            return all(
                self._same(moved, None if value is None else factor * value) for value, moved in self._pairs(d, points)
            )

    def refutes(self, d: Any, points: Points) -> bool:
        """Whether no factor b != 0 gives s(d t) = b s(t) at all points."""
        factor = None
        with mpmath.workdps(self.digits + 30):
            for value, moved in self._pairs(d, points):
                if (value is None) != (moved is None):
                    return True
                if value is None:
                    continue
                if factor is None and abs(value) > self.noise:
                    factor = moved / value
                    if abs(factor) <= self.noise:
                        return True
                elif factor is None:
                    if value == 0 and abs(moved) > mpmath.sqrt(self.noise):
                        return True
                elif not self._same(moved, factor * value):
                    return True
        return False

    def is_constant(self, points: Points) -> bool:
        """Whether all values that exist are equal."""
        values = [v for v in map(self, points) if v is not None and v is not OUT_OF_REACH]
        with mpmath.workdps(self.digits + 30):
            return all(self._same(v, values[0]) for v in values)

    def line(self, points: Points) -> tuple[Any, Any] | None:
        """Slope and value at 0 if the function is defined at all points and looks affine there."""
        points = tuple(t for t in points if self(t) is not OUT_OF_REACH)
        values = [self(t) for t in (*ORIGIN, Fraction(1), *points)]
        if any(v is None or v is OUT_OF_REACH for v in values):
            return None
        with mpmath.workdps(self.digits + 30):
            start, slope = values[0], values[1] - values[0]
            pairs = zip(points, values[2:], strict=True)
            on_line = all(self._same(v, start + slope * number(t, self.digits)) for t, v in pairs)
        return (slope, start) if on_line else None
