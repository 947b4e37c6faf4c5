"""Holding an answer of the solver against numbers: 30 digits, both directions, no shared code.

The evaluator is ``tests/oracle.py``. A difference counts when it is seen again with 90 and with 1600 digits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import mpmath

from intertwine.groups import ScalarGroup
from intertwine.terms import Term
from tests.oracle import evaluate

FEW, MANY, PLENTY, LAST = 30, 90, 400, 1600
#: Numbers that should not pass unless the answer says so.
OUTSIDERS = tuple(map(Fraction, ("-1", "2", "1/3", "5/7", "-3", "-1/2", "8")))
_SIZES = "1 2 1/2 3/7 13/10 7/3 5 11 1/10 1/100 40 9/10 1/1000".split(" ")
_MORE = [Fraction(p, q) for p in (1, 3, 4, 17, 31, 100, 999, 1001, 10**6) for q in (1, 7, 32, 1000, 10**6)]
POINTS = tuple(s * Fraction(p) for p in _SIZES for s in (1, -1))
RICH = tuple(dict.fromkeys([Fraction(0), *POINTS, *(s * p for p in _MORE for s in (1, -1))]))


@dataclass
class Verdict:
    """What the numbers say: contradictions, and outsiders for which no violation was seen."""

    wrong: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)


def value(term: Term, point: Any, digits: int) -> Any:
    """A number, None (undefined), or ``"?"`` where the evaluator gives up."""
    try:
        return evaluate(term, point, digits)
    except (OverflowError, ZeroDivisionError, mpmath.libmp.NoConvergence):
        return "?"


def times(d: Any, point: Any, digits: int) -> Any:
    """The product, exact for fractions."""
    if isinstance(d, Fraction) and isinstance(point, Fraction):
        return d * point
    with mpmath.workdps(digits + 15):
        return _mpf(d, digits) * _mpf(point, digits)


def _mpf(number: Any, digits: int) -> Any:
    with mpmath.workdps(digits + 15):
        if isinstance(number, Fraction):
            return mpmath.mpf(number.numerator) / number.denominator
        return mpmath.mpf(number(digits + 15)) if callable(number) else mpmath.mpf(number)


def _gap(a: Any, b: Any, digits: int) -> Any:
    """``a - b`` if that is much more than rounding leaves, else None."""
    with mpmath.workdps(digits + 15):
        difference = a - b
        return difference if abs(difference) > mpmath.mpf(10) ** (-(digits * 2) // 3) * (abs(a) + abs(b)) else None


def _stable(gap: Any, again: Any) -> bool:
    """Whether a difference is the same with more digits; what cancellation leaves behind is not."""
    return again is not None and abs(again - gap) < abs(gap) / 100


def _undefined_around(term: Term, point: Any) -> bool:
    """Undefined at the point and on both sides of it, so not a removable singularity; nor a quotient of underflows."""
    steps = (Fraction(0), Fraction(1, 10**9), Fraction(-1, 10**9), Fraction(7, 10**6), Fraction(-7, 10**6))
    return all(value(term, times(1 + s, point, PLENTY), PLENTY) is None for s in steps)


def breaks_member(term: Term, d: Any, b: Any, point: Any) -> str | None:
    """``"domain"`` or ``"value"`` if ``s(dt) = b s(t)`` fails at a point."""
    gaps: list[Any] = []
    for digits in (FEW, MANY, LAST):  # the last one is reached by differences only: log(exp(x**1000)) needs it
        left, right = value(term, times(d, point, digits), digits), value(term, point, digits)
        if "?" in (str(left), str(right)):
            return None
        if left is None or right is None:
            if left is None and right is None:
                return None
            there = times(d, point, digits) if left is None else point
            return "domain" if _undefined_around(term, there) else None
        with mpmath.workdps(digits + 15):
            gaps.append(_gap(left, _mpf(b, digits) * right, digits))
        if gaps[-1] is None:
            return None
    return "value" if _stable(*gaps[1:]) and _stable(*gaps[:2]) else None


def check_member(term: Term, d: Any, b: Any, verdict: Verdict, label: str) -> None:
    """Every failure that is also seen beside the point, or at 0, is a contradiction."""
    for point in (Fraction(0), *POINTS):
        why = breaks_member(term, d, b, point)
        if why is None:
            continue
        near = [times(1 + s, point, MANY) for s in (Fraction(1, 10**5), Fraction(-1, 10**5), Fraction(3, 10**8))]
        if point == 0 or sum(breaks_member(term, d, b, p) is not None for p in near) >= 2:
            verdict.wrong.append(f"{label} is claimed to pass with b = {_shown(b)}, but not at t = {point} ({why})")
            return


def suggested(term: Term, d: Any) -> list[Any]:
    """Points just beside the numbers that the expression names, and their images under ``1/d``."""
    literals = {abs(t.value) for t in term.walk() if t.value} | {Fraction(0)}
    beside = [Fraction(1001, 1000), Fraction(999, 1000)]
    nearby = [s * c * e for c in sorted(literals)[:12] for e in beside for s in (1, -1)]
    if isinstance(d, Fraction):
        nearby += [p / d for p in nearby]
    return list(dict.fromkeys(nearby))


def refutes(term: Term, d: Any) -> bool:
    """Whether some points show that ``d`` is outside: the determinant of two, or the domain."""
    known: list[Any] = []
    for point in (*RICH, *suggested(term, d)):
        here, there = value(term, point, FEW), value(term, times(d, point, FEW), FEW)
        if "?" in (str(here), str(there)):
            continue
        if here is None or there is None:
            if here is not there and _undefined_around(term, point if here is None else times(d, point, FEW)):
                return True
            continue
        if any(_separates(term, d, other, point) for other in dict.fromkeys(known[:3] + known[-3:])):
            return True
        if max(abs(here), abs(there)) > mpmath.mpf(10) ** -25:
            known.append(point)
    return False


def _separates(term: Term, d: Any, first: Any, second: Any) -> bool:
    """Whether ``s(d t1) s(t2) - s(d t2) s(t1)`` is not zero, with few digits and with many."""
    gaps: list[Any] = []
    for digits in (FEW, MANY):
        numbers = [value(term, p, digits) for t in (first, second) for p in (t, times(d, t, digits))]
        if any(v is None or str(v) == "?" for v in numbers):
            return False
        with mpmath.workdps(digits + 15):
            v, dv, w, dw = numbers
            gaps.append(_gap(dv * w, dw * v, digits))
        if gaps[-1] is None:
            return False
    return _stable(*gaps)


def _shown(number: Any) -> str:
    return str(number) if isinstance(number, Fraction) else mpmath.nstr(_mpf(number, FEW), 8)


def members(scalars: ScalarGroup, chi: Any) -> list[tuple[Any, Any, str]]:
    """Elements with their images that determine the group and its character (``chi`` is a Character)."""
    import sympy

    def image(d: Any) -> Any:
        exact = chi(d)
        return lambda digits: sympy.N(exact, digits)

    tests: list[Any] = {
        "trivial": [], "sign": [-1], "positive": [2, sympy.Rational(1, 3), sympy.Rational(7, 5)],
        "nonzero": [2, sympy.Rational(1, 3), -1, sympy.Rational(-7, 5)],
    }.get(scalars.type, [scalars.generator, *([-1] if scalars.type == "sign-cyclic" else [])])  # fmt: skip
    found: list[tuple[Any, Any, str]] = []
    for d in tests:
        exact = sympy.sympify(d) if isinstance(d, int) else d
        number: Any = Fraction(int(exact.p), int(exact.q)) if exact.is_Rational else (lambda n, e=exact: sympy.N(e, n))
        found.append((number, image(exact), str(exact)))
    return found


def outsiders(scalars: ScalarGroup) -> list[tuple[Any, str]]:
    """Numbers outside the group, with their names; for a cyclic one also roots of its generator."""
    import sympy

    rational = [d for d in OUTSIDERS if sympy.Rational(d.numerator, d.denominator) not in scalars]
    found: list[tuple[Any, str]] = [(d, str(d)) for d in rational]
    if scalars.generator is not None:
        g = abs(scalars.generator)
        for k in (2, 3, 5):  # no positive root of |g| is in the group, whatever the sign of g
            found.append((lambda n, k=k: mpmath.mpf(sympy.N(g, n)) ** (mpmath.mpf(1) / k), f"g**(1/{k})"))
        return found
    if scalars.is_discrete:
        found += [(lambda n: mpmath.exp(mpmath.pi), "exp(pi)"), (lambda n: mpmath.exp(2 * mpmath.pi), "exp(2*pi)")]
    return found


def line_check(term: Term, kind: str, unique: bool, verdict: Verdict) -> None:
    """The three kinds that are not monomial: ``s(t) = ct``, ``ct + d`` or constant on the whole line."""
    at = {p: value(term, p, MANY) for p in (Fraction(0), *POINTS)}
    known = {p: v for p, v in at.items() if v is not None and str(v) != "?"}
    if len(known) < 3:
        return
    (p, v), (q, w) = list(known.items())[:2]
    with mpmath.workdps(MANY + 15):
        slope = (w - v) / _mpf(q - p, MANY)
        start = v - slope * _mpf(p, MANY)
        # Rounding leaves about 10**-100 of numbers of ordinary size; cancellation may cost forty digits.
        zero = mpmath.mpf(10) ** -60 * min(1, max(map(abs, known.values()))) + mpmath.mpf(10) ** -98
        for r, u in known.items():
            if abs(u - start - slope * _mpf(r, MANY)) > zero * (1 + abs(_mpf(r, MANY))) * (1 + abs(slope) + abs(start)):
                verdict.wrong.append(f"claimed to be affine, but not at t = {r}")
                return
        flat, through = abs(slope) < zero, abs(start) < zero * (1 + abs(slope))
    if unique is flat or (kind == "unit row sums") is (flat or through):
        numbers = f"slope {mpmath.nstr(slope, 5)}, {mpmath.nstr(start, 5)} at 0"
        verdict.wrong.append(f"claimed {kind} (unique: {unique}), {numbers}")


def compare(answer: Any) -> Verdict:
    """Check an ``IntertwinerGroup``: an exact answer in both directions, a bounded one as far as its bounds say."""
    verdict, term = Verdict(), answer.activation
    if answer.status == "exact" and answer.kind in ("general linear", "unit row sums"):
        line_check(term, answer.kind, answer.unique, verdict)
        return verdict
    if answer.lower.kind not in ("general linear", "unit row sums"):
        for d, b, label in members(answer.scalars, answer.chi):
            check_member(term, d, b, verdict, label)
    if answer.upper.kind not in ("general linear", "unit row sums"):
        upper = answer.upper.scalars
        verdict.unseen += [label for d, label in outsiders(upper) if not refutes(term, d)]
    return verdict
