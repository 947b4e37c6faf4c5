"""Cosine and sine of quotients: sums and multiples of angles, and the angles that divide a turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flint import fmpq

from intertwine.parameters.conditions import Unsupported
from intertwine.parameters.ring import Atom, Element, number
from intertwine.terms import PI, apply, num, power

if TYPE_CHECKING:
    from intertwine.parameters.field import Field

Pair = tuple[Element, Element]
LARGEST_MULTIPLE = 24


def turn(field: Field, e: Element) -> Pair:
    """Cosine and sine of a value."""
    total: Pair = (number(1), number(0))
    for c, unit in field.ring.pieces(field.simplified(e)):
        total = together(total, _piece(field, c, unit))
    return total


def together(a: Pair, b: Pair) -> Pair:
    """The pair of a sum of two angles."""
    return a[0] * b[0] - a[1] * b[1], a[1] * b[0] + a[0] * b[1]


def _piece(field: Field, c: fmpq, unit: Element) -> Pair:
    atom = field.ring.only(unit.top) if unit.bottom.is_constant() else None
    if atom is not None and atom.term == PI:
        exact = _part_of_turn(field, c)
        if exact is not None:
            return exact
    if abs(int(c.p)) > LARGEST_MULTIPLE:
        raise Unsupported("a large multiple of an angle")
    angle = unit * number(fmpq(1, int(c.q)))
    term = field.ring.term(angle)
    cosine = field.ring.atom(Atom(apply("cos", term), angle))
    square = number(1) - cosine * cosine
    sine = field.ring.atom(Atom(apply("sin", term), angle, degree=2, relation=square))
    step = (cosine, sine if c > 0 else -sine)
    total: Pair = (number(1), number(0))
    for _ in range(abs(int(c.p))):
        total = together(total, step)
        total = field.ring.reduced(total[0]), field.ring.reduced(total[1])
    return total


def _part_of_turn(field: Field, c: fmpq) -> Pair | None:
    """Cosine and sine of ``c*pi`` for twelfths without the odd ones."""
    sixths, quarters = c * 6, c * 4
    half = number(fmpq(1, 2))

    def root(n: int) -> Element:
        return field.ring.atom(Atom(power(num(n), num(1, 2)), number(n), positive=True, degree=2, relation=number(n)))

    if sixths.q == 1:
        table = [(number(1), number(0)), (root(3) * half, half), (half, root(3) * half)]
        times, rest = divmod(int(sixths.p) % 12, 3)
        pair = table[rest]
    elif quarters.q == 1:
        times, _ = divmod(int(quarters.p) % 8, 2)
        pair = root(2) * half, root(2) * half
    else:
        return None
    for _ in range(times):
        pair = (-pair[1], pair[0])
    return pair
