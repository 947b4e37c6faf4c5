"""Sets of arguments at which the structure of an activation suggests a short relation."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from intertwine.affine.solver import solve_affine
from intertwine.calculus.budget import deadline, remaining
from intertwine.calculus.cells import polynomial_ratio
from intertwine.calculus.constants import constants_equal, simplified
from intertwine.calculus.core import to_core
from intertwine.dependence.reading import Argument, straight
from intertwine.errors import IntertwineError
from intertwine.groups import AffineScalarGroup
from intertwine.solve.constants import settle_constants
from intertwine.solve.linear import solve_linear
from intertwine.terms import ONE, PI, ZERO, Term, add, apply, mul, num, to_text
from intertwine.terms.sympy_bridge import from_sympy

MOST_CENTRES = 8
MOST_TRANSLATES = 6
_OSCILLATING = frozenset({"sin", "cos", "tan"})
_SECONDS = 10.0  # for the scalar group, which only suggests factors


@dataclass(frozen=True)
class Shape:
    """A kind of relation and the arguments at which it would hold."""

    kind: str
    arguments: tuple[Argument, ...]


def shapes(activation: Term) -> Iterator[Shape]:
    """Candidates, short ones first.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> for shape in list(shapes(parse_term("cos(2*x)")))[:3]:
    ...     print(shape)
    Shape(kind='affine', arguments=((1, 0),))
    Shape(kind='reflection about 0', arguments=((1, 0), (-1, 0)))
    Shape(kind='dilation about 0', arguments=((1, 0), (2, 0)))
    """
    core = settle_constants(to_core(activation))
    itself = (ONE, ZERO)
    yield Shape("affine", (itself,))
    group = _group(activation)
    centres = _centres(core, [] if group is None or group.centre is None else [from_sympy(group.centre)])
    for p in centres:
        yield Shape(f"reflection about {to_text(p)}", (itself, (num(-1), simplified(2 * p))))
    for g in _factors(activation, group):
        for p in centres:
            moved = (g, simplified(mul(p, ONE - g)))
            yield Shape(f"dilation about {to_text(p)}", (itself, moved))
    periods = _periods(core, [] if group is None or group.period is None else [from_sympy(group.period)])
    for c in (*periods, ONE):
        yield Shape(f"translation by {to_text(c)}", (itself, (ONE, c)))
    for c in periods:
        yield Shape("addition formula", (itself, (ONE, simplified(c / 2)), (ONE, ONE)))
    for c in periods:
        yield Shape("multiplication formula", ((num(2), ZERO), itself, (ONE, simplified(c / 2))))
    for count in range(3, MOST_TRANSLATES + 1):
        yield Shape(f"{count} translates", tuple((ONE, num(k)) for k in range(count)))
        if count < 5:
            yield Shape(f"{count} dilates", tuple((num(2**k), ZERO) for k in range(count)))


def _different(constants: list[Term]) -> list[Term]:
    """The constants without visible repetition."""
    found: list[Term] = []
    for c in map(simplified, constants):
        if not any(constants_equal(c, known) for known in found):
            found.append(c)
    return found


def _group(activation: Term) -> AffineScalarGroup | None:
    """A group of maps of the argument that are known to change the activation by affine maps only."""
    left = remaining()
    with contextlib.suppress(IntertwineError), deadline(_SECONDS if left is None else min(left / 3, _SECONDS)):
        return solve_affine(activation).lower.scalars
    return None


def _centres(core: Term, known: list[Term]) -> list[Term]:
    """Known centres, 0, the zeros of inner ``b x + c``, the middles between them, and the centre of a polynomial."""
    zeros = []
    for node in core.walk():
        for a in node.args if node.op not in ("add", "mul", "piecewise") else ():
            line = straight(a) if a.has_x else None
            if line is not None and line[0] != ZERO:
                zeros.append(mul(num(-1), line[1]) / line[0])
    ends = _different([ZERO, *zeros])[:MOST_CENTRES]
    middles = [add(a, b) / 2 for i, a in enumerate(ends) for b in ends[:i]]
    ratio = polynomial_ratio(core)
    if ratio is not None and ratio[0].degree() > 1 and ratio[1].degree() == 0:
        p = ratio[0]
        q = -p[p.degree() - 1] / (p.degree() * p[p.degree()])
        middles.insert(0, num(Fraction(int(q.p), int(q.q))))
    return _different([*ends[:1], *known, *ends[1:], *middles])[:MOST_CENTRES]


def _factors(activation: Term, group: AffineScalarGroup | None) -> list[Term]:
    """2, and the generators of discrete groups of dilations, about 0 or about another centre."""
    found = [num(2)]
    left = remaining()
    generators = [] if group is None else [group.scalars.generator]
    with contextlib.suppress(IntertwineError), deadline(_SECONDS if left is None else min(left, _SECONDS)):
        generators.append(solve_linear(activation).lower.scalars.generator)
    found += [from_sympy(g) for g in generators if g is not None]
    return _different(found)


def _periods(core: Term, known: list[Term]) -> list[Term]:
    """Known periods, half periods and periods of the oscillating parts, and those of the steps."""
    found = list(known)
    for node in core.walk():
        if node.has_x and (node.op in _OSCILLATING or node.op == "floor"):
            line = straight(node.args[0])
            if line is not None:
                size = apply("Abs", line[0]) if line[0].value is None else num(abs(line[0].value))
                found += [PI / size, 2 * PI / size] if node.op != "floor" else [ONE / size]
    return _different(found)
