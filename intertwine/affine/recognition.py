"""From a number known to many digits to a term that may be it exactly; what comes out is a guess, to be proved.

Tried are integer relations with 1, pi and the constants of the expression (by lattice reduction), quadratic
irrationals, logarithms of such numbers, and arcs whose tangent is such a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from flint import arb, fmpz, fmpz_mat

from intertwine.calculus.budget import check
from intertwine.calculus.constants import simplified
from intertwine.calculus.enclosure import Unclear, UndefinedAt, enclose, precision
from intertwine.terms import ONE, PI, ZERO, Term, add, apply, mul, num, power

BITS = 400
_USED = 300  # of the bits, for the search; the others confirm what is found


def relation(x: arb, basis: list[arb]) -> tuple[int, list[int]] | None:
    """Small integers with ``n x = sum m_i basis_i``, or None.

    Examples
    --------
    >>> with precision(BITS):
    ...     print(relation(arb.pi() / 3 + arb(1) / 2, [arb(1), arb.pi()]))
    (6, [3, 2])
    """
    check()
    with precision(BITS):
        numbers = [x, *basis]
        scaled = [n for v in numbers if (n := _rounded(v * arb(2) ** _USED)) is not None]
        if len(scaled) < len(numbers):
            return None
        size = len(numbers)
        rows = [[*(fmpz(int(i == j)) for j in range(size)), scaled[i]] for i in range(size)]
        short = fmpz_mat(rows).lll()
        row = [int(short[0, j]) for j in range(size)]
        if not row[0] or max(map(abs, row)).bit_length() > min(40, _USED // (2 * size)):
            return None
        total = sum((v * n for v, n in zip(numbers, row, strict=True)), arb(0))
        if abs(total) > arb(2) ** (-_USED + 60):
            return None
    rest = [-m for m in row[1:]]
    return (row[0], rest) if row[0] > 0 else (-row[0], [-m for m in rest])


def _rounded(v: arb) -> fmpz | None:
    if not v.is_finite() or v.rad() > 2.0**20 or abs(v) > arb(2) ** (_USED + 60):
        return None
    return v.mid().floor().unique_fmpz()


def _combination(x: arb, terms: list[Term]) -> Term | None:
    values = [_value(t) for t in terms]
    known = [v for v in values if v is not None]
    found = relation(x, known) if len(known) == len(terms) else None
    if found is None:
        return None
    n, coefficients = found
    return add(*(mul(num(Fraction(m, n)), t) for m, t in zip(coefficients, terms, strict=True) if m)) if any(
        coefficients) else ZERO


def _value(t: Term) -> arb | None:
    try:
        return enclose(t, Fraction(1), BITS)
    except (Unclear, UndefinedAt):
        return None


def _quadratic(x: arb) -> Term | None:
    """A rational number or a quadratic irrational."""
    plain = _combination(x, [ONE])
    if plain is not None:
        return plain
    with precision(BITS):
        found = relation(x * x, [arb(1), x])
    if found is None:
        return None
    a, (c, b) = found  # a x**2 = c + b x
    discriminant = b * b + 4 * a * c
    if discriminant <= 0:
        return None
    with precision(BITS):
        middle = arb(b) / (2 * a)
        sign = 1 if x > middle else -1
    square, free = _square_part(discriminant)
    root = mul(num(Fraction(sign * square, 2 * a)), power(num(free), num(1, 2)))
    return add(num(Fraction(b, 2 * a)), root) if free != 1 else num(Fraction(b + sign * square, 2 * a))


def _square_part(n: int) -> tuple[int, int]:
    """``(s, f)`` with ``n = s**2 f`` and ``f`` square-free, as far as factoring is easy."""
    square, free = 1, 1
    if n.bit_length() > 120:
        return 1, n
    for p, k in fmpz(n).factor():
        square *= int(p) ** (int(k) // 2)
        free *= int(p) ** (int(k) % 2)
    return square, free


def recognised(x: arb, constants: list[Term], rates: list[Term]) -> Iterator[Term]:
    """Terms that agree with the number to all known digits: simplest first.

    Parameters
    ----------
    x : arb
        The number, to at least 320 bits.
    constants : list of Term
        Constants that may occur in it.
    rates : list of Term
        Numbers ``k`` for which ``exp(kx)`` or ``tan(kx)`` may be algebraic.

    Examples
    --------
    >>> with precision(BITS):
    ...     x = arb(3).log() / 2
    >>> next(recognised(x, [], [ONE]))
    log(3)/2
    """
    if abs(x) < arb(2) ** (60 - _USED):
        yield ZERO
        return
    seen: set[Term] = set()
    for t in _guesses(x, constants, rates):
        if t is not None and t not in seen:
            seen.add(t)
            yield t


def _guesses(x: arb, constants: list[Term], rates: list[Term]) -> Iterator[Term | None]:
    yield _combination(x, [ONE])
    yield _combination(x, [PI])
    yield _combination(x, [ONE, PI])
    yield _quadratic(x)
    for basis in ([c] for c in constants[:6]):
        yield _combination(x, [ONE, *basis])
    for k in rates[:4]:
        yield from _logarithms(x, k)
        yield from _arcs(x, k)
    if constants:
        yield _combination(x, [ONE, PI, *constants[:4]])
        yield _combination(x, [ONE, PI, *constants[:8]])
    for k in rates[:4]:
        yield _combination(x, [power(k, num(-1)), mul(PI, power(k, num(-1)))])


def _logarithms(x: arb, k: Term) -> Iterator[Term | None]:
    rate = _value(k)
    if rate is None:
        return
    for times in (2, 1):
        with precision(BITS):
            exponent = rate * x * times
            if abs(exponent) > 40:
                continue
            y = _quadratic(exponent.exp())
        if y is not None and y.value != 1:
            yield simplified(apply("log", y) / mul(num(times), k))


def _arcs(x: arb, k: Term) -> Iterator[Term | None]:
    rate = _value(k)
    if rate is None:
        return
    for times in (1, 2):
        with precision(BITS):
            angle = rate * x * times
            if angle.cos().contains(0):
                continue
            y = _quadratic(angle.tan())
            if y is None:
                continue
            turns = (angle - angle.tan().atan()) / arb.pi()
            whole = (turns + arb(1) / 2).floor().unique_fmpz()
        if whole is not None:
            yield add(apply("atan", y), mul(num(int(whole)), PI)) / mul(num(times), k)


def constants_of(core: Term) -> list[Term]:
    """Irrational constants that occur in an expression, with the logarithms of its primes where it has exponentials.

    Examples
    --------
    >>> from intertwine.terms import X
    >>> constants_of(apply("exp", X) * 6 + num(2) ** num(1, 2))
    [sqrt(2), log(2), log(3)]
    """
    found: list[Term] = []
    primes: set[int] = set()
    transcendental = False
    inside: set[Term] = set()
    for t in reversed(list(core.walk())):
        transcendental |= t.op in ("exp", "log", "tanh", "sinh", "cosh") or (t.op == "pow" and t.args[1].has_x)
        if t.value is not None:
            primes |= _primes(t.value)
        elif not t.has_x and t not in inside and not t.is_condition:
            found.append(t)
            inside.update(t.walk())
    if transcendental:
        found += [apply("log", num(p)) for p in sorted(primes)[:4]]
    return [t for t in found if t.op != "pi"]


def _primes(value: Fraction) -> set[int]:
    """The small primes of a rational number, and a medium one that is left over."""
    result: set[int] = set()
    for n in (abs(value.numerator), value.denominator):
        for p in _SMALL:
            while n and n % p == 0 and n.bit_length() < 4000:
                result.add(p)
                n //= p
        if 1 < n < 10**15:
            result |= {int(p) for p, _ in fmpz(n).factor()}
    return result


_SMALL = tuple(p for p in range(2, 200) if all(p % q for q in range(2, p)))
