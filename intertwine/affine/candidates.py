"""Guesses for the centre of a reflection in T: simple points first, then points found numerically.

``s(p + h) = b s(p - h) + d`` for all ``h`` with ``b = 1, d = 0`` or with ``b = -1``: so ``p`` is a zero of
``s(p + h) - s(p - h)``, or of ``s(p + h) + s(p - h) - s(p + k) - s(p - k)``, for all ``h`` and ``k``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product

from flint import arb

from intertwine.affine.recognition import BITS, constants_of, recognised
from intertwine.affine.subject import Subject
from intertwine.affine.within import CentresWithin
from intertwine.calculus.budget import check
from intertwine.calculus.cells import polynomial_ratio
from intertwine.calculus.constants import simplified
from intertwine.calculus.differentiate import NoDerivative, differentiate
from intertwine.calculus.enclosure import ball, precision
from intertwine.solve.logperiodic import PERIOD
from intertwine.terms import ONE, ZERO, Term, add, mul, num, power

STEPS = tuple(map(Fraction, ("3/7", "11/8", "17/6", "1/9")))
WIDE = tuple(map(Fraction, ("23/7", "1/9", "11/8", "3/7")))


def simple_candidates(subject: Subject) -> list[Term]:
    """0, and the points at which linear subterms vanish.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> simple_candidates(Subject(parse_term("exp(-(x - 2)**2)")))
    [0, 2]
    """
    found = [ZERO]
    for t in subject.core.walk():
        if t.op in PERIOD and t.has_x:
            found += _turning_points(t)
        if not t.has_x or t.op not in ("add", "mul"):
            continue
        line = linear(t)
        if line is not None and line[1] != ZERO:
            found.append(simplified(mul(num(-1), line[1]) / line[0]))
    pieces = [b.rational for b in subject.breaks if b.rational is not None]
    if pieces:
        found.append(num((pieces[0] + pieces[-1]) / 2))
        found += [num(b) for b in pieces[:6]]
    return list(dict.fromkeys(found))[:16]


def _turning_points(t: Term) -> list[Term]:
    """Where a periodic function of a linear argument is symmetric."""
    line = linear(t.args[0])
    if line is None:
        return []
    quarter = mul(num(1, 4), PERIOD[t.op])
    return [simplified(add(mul(num(k), quarter), mul(num(-1), line[1])) / line[0]) for k in (0, 1, 2, -1)]


def linear(t: Term) -> tuple[Term, Term] | None:
    """Slope and value at 0 of a term that is linear as written."""
    ratio = polynomial_ratio(t)
    if ratio is not None:
        top, bottom = ratio
        if bottom.degree() != 0 or top.degree() != 1:
            return None
        a, b = top[1] / bottom[0], top[0] / bottom[0]
        return num(int(a.p), int(a.q)), num(int(b.p), int(b.q))
    if any(n.has_x and n.op not in ("x", "add", "mul") for n in t.walk()):
        return None
    try:
        slope = differentiate(t)
    except NoDerivative:
        return None
    return None if slope.has_x else (slope, t.subs(ZERO))


def rates_of(core: Term) -> list[Term]:
    """The slopes of the linear arguments of functions: ``k`` in ``exp(kx)``, ``sin(kx)``."""
    found = [ONE]
    for t in core.walk():
        for a in t.args:
            line = linear(a) if a.has_x and t.op not in ("add", "mul") else None
            if line is not None:
                slope = line[0] if line[0].value is None else num(abs(line[0].value))
                found.append(slope)
        if t.op == "pow" and t.args[1].has_x and not t.args[0].has_x:
            found.append(Term("log", (t.args[0],)))
    return list(dict.fromkeys(found))


def recognised_in(subject: Subject, interval: CentresWithin) -> Iterator[Term]:
    """Terms for the number in a tight interval."""
    centre = (interval.low + interval.high) / 2
    yield from refined(subject, centre)


def numeric_candidates(subject: Subject, low: Fraction, high: Fraction, parts: int = 160) -> Iterator[Term]:
    """Centres in an interval found by changes of sign, as terms."""
    seen: list[Fraction] = []
    for equation, steps in product((_even, _odd), (STEPS, WIDE)):
        before: tuple[Fraction, arb] | None = None
        for k in range(parts + 1):
            p = low + (high - low) * Fraction(k, parts) + Fraction(1, 7919)
            v = equation(subject, steps, p, 64)
            if v is None or v.contains(0):
                before = None
                continue
            if before is not None and (v > 0) != (before[1] > 0):
                root = _bisected(_of(subject, equation, steps, 64), before[0], p)
                new = root is not None and all(abs(root - r) > Fraction(1, 10**6) for r in seen)
                if root is not None and new and _plausible(subject, root):
                    seen.append(root)
                    yield from refined(subject, root)
            before = p, v
        check()


Equation = Callable[[Subject, tuple[Fraction, ...], Fraction, int], "arb | None"]


def _of(subject: Subject, equation: Equation, steps: tuple[Fraction, ...],
        bits: int) -> Callable[[Fraction], arb | None]:
    return lambda t: equation(subject, steps, t, bits)


def _even(subject: Subject, steps: tuple[Fraction, ...], p: Fraction, bits: int) -> arb | None:
    u, v = subject.value(p + steps[0], bits), subject.value(p - steps[0], bits)
    if u is None or v is None:
        return None
    with precision(bits):
        return u - v


def _odd(subject: Subject, steps: tuple[Fraction, ...], p: Fraction, bits: int) -> arb | None:
    values = [subject.value(p + sign * h, bits) for h in steps[:2] for sign in (1, -1)]
    u, v, w, z = values
    if u is None or v is None or w is None or z is None:
        return None
    with precision(bits):
        return u + v - w - z


def _bisected(f: Callable[[Fraction], arb | None], low: Fraction, high: Fraction) -> Fraction | None:
    left = f(low)
    if left is None:
        return None
    for _ in range(40):
        middle = Fraction(round((low + high) * 2**59), 2**60)
        v = f(middle)
        if v is None:
            return None
        if (v > 0) == (left > 0):
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _plausible(subject: Subject, p: Fraction) -> bool:
    """Whether a point is nearly a centre, to about ten digits."""
    shifted = STEPS[1:] + STEPS[:1]
    for equation in (_even, _odd):
        values = [equation(subject, steps, p, 64) for steps in (STEPS, shifted, STEPS[2:] + STEPS[:2])]
        sizes = [subject.value(p + h, 64) for h in STEPS]
        scale = max((float(abs(s).mid()) for s in sizes if s is not None), default=1.0) + 1e-30
        if all(v is not None and float(abs(v).mid()) < 1e-7 * scale for v in values):
            return True
    return False


def refined(subject: Subject, start: Fraction) -> Iterator[Term]:
    """Terms for the centre near a point: more digits by the secant method, then recognition."""
    constants, rates = constants_of(subject.core), rates_of(subject.core)
    for equation, steps in product((_even, _odd), (STEPS, WIDE)):
        root = _secant(_of(subject, equation, steps, BITS + 60), start)
        if root is None:
            continue
        with precision(BITS):
            yield from recognised(ball(root), constants + [power(r, num(-1)) for r in rates if r.value is None], rates)


def _secant(f: Callable[[Fraction], arb | None], start: Fraction) -> Fraction | None:
    """A zero near a point, to about all bits; nothing about it is certain."""
    scale = 2 ** (BITS + 40)
    a, b = start, start + Fraction(1, 2**24)
    u, v = f(a), f(b)
    for _ in range(24):
        if u is None or v is None:
            return None
        with precision(BITS + 60):
            slope = (v - u).mid()
            if slope == 0:
                return b if abs(v) < arb(2) ** (-BITS + 20) else None
            step = (v.mid() * ball(b - a) / slope).mid()
            if not step.is_finite() or abs(step) > 1:
                return None
            mantissa, exponent = step.man_exp()
        moved = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
        a, u = b, v
        b = Fraction(round((b - moved) * scale), scale)
        if abs(moved) < Fraction(1, 2 ** (BITS - 10)):
            return b if abs(b - start) < Fraction(1, 2**8) else None
        v = f(b)
        check()
    return None
