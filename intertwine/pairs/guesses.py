"""Simple maps to be tried where nothing says which: from the numbers and the lines that occur in two expressions.

Only a proof counts, so that a wrong guess costs time and nothing else.
"""

from __future__ import annotations

from fractions import Fraction

from intertwine.calculus.constants import simplified
from intertwine.pairs.profile import Profile
from intertwine.pairs.reasons import Relation
from intertwine.pairs.reduce import inner_lines
from intertwine.pairs.trial import tried
from intertwine.terms import PI, ZERO, Term, apply, mul, num

MOST_NUMBERS = 8
MOST_LINES = 3


def guessed(first: Profile, second: Profile, affine: bool) -> Relation | None:
    """A relation by one of a few simple maps, proved; or None.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> of = lambda text: Profile(parse_term(text))
    >>> guessed(of("floor(x)"), of("floor(2*x)"), False).describe()
    'τ(1/2*t) = σ(t) for every t, by an identity'
    """
    for a, c in _aligned(first, second) if affine else []:
        found = tried(first.sampler, second.sampler, first.points, a, c, affine)
        if isinstance(found, Relation):
            return found
    pairs = [(ZERO, ZERO)]
    if affine and _circular(first, second):
        pairs += [(ZERO, PI / 2 / size) for size in _numbers_in(second)]
    if affine and first.breaks and second.breaks:
        pairs += [(first.breaks[0].point, q.point) for q in (second.breaks[0], second.breaks[-1])]
    for size in _sizes(first, second):
        for p, q in pairs:
            for a in (size, mul(num(-1), size)):
                c = simplified(q - mul(a, p)) if affine else ZERO
                found = tried(first.sampler, second.sampler, first.points, a, c, affine)
                if isinstance(found, Relation):
                    return found
    return None


def _aligned(first: Profile, second: Profile) -> list[tuple[Term, Term]]:
    """The maps that carry a line inside the one expression to a line inside the other, or to its negative.

    For circular functions also to its double and half, and by a quarter of a turn.
    """
    lines = [list(dict.fromkeys(inner_lines(p.core)))[:MOST_LINES] for p in (first, second)]
    maps = [
        (simplified(mul(num(sign), m) / k), simplified((mul(num(sign), q) - r) / k))
        for m, q in _turned(lines[0], first, second) for k, r in lines[1] for sign in (1, -1)
    ]
    return list(dict.fromkeys(maps))


def _turned(lines: list[tuple[Term, Term]], first: Profile, second: Profile) -> list[tuple[Term, Term]]:
    if not _circular(first, second):
        return lines
    multiples = [(mul(num(r), m), mul(num(r), q)) for r in (1, 2, Fraction(1, 2)) for m, q in lines]
    return [*multiples, *((m, q + PI / 2) for m, q in multiples)]


def _circular(first: Profile, second: Profile) -> bool:
    return all(any(t.op in ("sin", "cos", "tan") for t in p.core.walk()) for p in (first, second))


def _sizes(first: Profile, second: Profile) -> list[Term]:
    """Quotients of the numbers that occur, and exponentials of their differences."""
    numbers = [_numbers_in(p) for p in (first, second)]
    quotients = dict.fromkeys(x / y for x in numbers[0] for y in numbers[1])
    shifts = dict.fromkeys(s * (x - y) for x in [Fraction(0), *numbers[0]] for y in [Fraction(0), *numbers[1]]
                           for s in (1, -1) if x != y)
    powers = []
    if _has_logarithm(first, second):
        turns = [mul(num(s), PI) / 2 / y for y in numbers[1] for s in (1, -1)]
        powers = [apply("exp", t) for t in [*map(num, list(shifts)[:MOST_NUMBERS]), *turns]]
    return [*map(num, sorted(quotients, key=lambda q: q.numerator + q.denominator)), *powers]


def _numbers_in(p: Profile) -> list[Fraction]:
    """The sizes of the rational numbers in an expression, and 1."""
    return sorted({abs(t.value) for t in p.core.walk() if t.value} | {Fraction(1)})[:MOST_NUMBERS]


def _has_logarithm(first: Profile, second: Profile) -> bool:
    return all(any(t.op == "log" for t in p.core.walk()) for p in (first, second))
