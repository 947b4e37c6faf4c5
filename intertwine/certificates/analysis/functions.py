"""The functions of plain terms in one table: their values and bounds, where they are defined and where tame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flint import arb

from intertwine.terms import ONE, E, Term, num, power

Signs = frozenset[int]
ANY: Signs = frozenset({-1, 0, 1})
NEGATIVE, NONE, POSITIVE = frozenset({-1}), frozenset({0}), frozenset({1})
NONZERO, NOT_NEGATIVE = NEGATIVE | POSITIVE, NONE | POSITIVE
TOP, BOTTOM = arb.pos_inf(), arb.neg_inf()
ABOVE_HALF_PI = arb(1608) / 1023


@dataclass(frozen=True)
class Function:
    """A real function of one argument.

    Attributes
    ----------
    ball : callable
        The values on a ball inside the domain.
    low, high : arb
        Bounds of all values.
    rising : bool
        Whether it increases on its domain, perhaps not strictly.
    odd : bool
        Whether it is odd and positive on the right.
    guard : callable, optional
        A term in the argument; the function is defined where its sign is one of ``inside``, and nowhere else.
    tame : str
        The arguments on which it is definable: ``"always"`` all, or those of a ``"bounded"`` interval or of one that is
        ``"bounded below"``.
    """

    ball: Callable[[arb], arb]
    low: arb = BOTTOM
    high: arb = TOP
    rising: bool = False
    odd: bool = False
    guard: Callable[[Term], Term] | None = None
    inside: Signs = POSITIVE
    tame: str = "always"


def _itself(u: Term) -> Term:
    return u


def _room(u: Term) -> Term:
    return ONE + num(-1) * power(u, num(2))


FUNCTIONS: dict[str, Function] = {
    "exp": Function(arb.exp, arb(0), rising=True),
    "log": Function(arb.log, rising=True, guard=_itself),
    "sin": Function(arb.sin, arb(-1), arb(1), tame="bounded"),
    "cos": Function(arb.cos, arb(-1), arb(1), tame="bounded"),
    "asin": Function(arb.asin, -ABOVE_HALF_PI, ABOVE_HALF_PI, True, True, _room, NOT_NEGATIVE),
    "atan": Function(arb.atan, -ABOVE_HALF_PI, ABOVE_HALF_PI, True, True),
    "sinh": Function(arb.sinh, rising=True, odd=True),
    "cosh": Function(arb.cosh, arb(1)),
    "tanh": Function(arb.tanh, arb(-1), arb(1), True, True),
    "asinh": Function(arb.asinh, rising=True, odd=True),
    "acosh": Function(arb.acosh, arb(0), rising=True, guard=lambda u: u - 1, inside=NOT_NEGATIVE),
    "atanh": Function(arb.atanh, rising=True, odd=True, guard=_room),
    "erf": Function(arb.erf, arb(-1), arb(1), True, True),
    "gamma": Function(arb.gamma, tame="bounded below"),
    "loggamma": Function(arb.lgamma, arb(-13) / 100, guard=_itself),
    "LambertW": Function(arb.lambertw, arb(-1), rising=True, guard=lambda u: E * u + 1, inside=NOT_NEGATIVE),
    "airyai": Function(arb.airy_ai, arb(-1), arb(1), tame="bounded below"),
    "airybi": Function(arb.airy_bi, tame="bounded below"),
    "Si": Function(arb.si, arb(-2), arb(2), odd=True, tame="bounded"),
    "Ci": Function(arb.ci, guard=_itself, tame="bounded"),
    "fresnels": Function(arb.fresnel_s, arb(-1), arb(1), odd=True, tame="bounded"),
    "fresnelc": Function(arb.fresnel_c, arb(-1), arb(1), odd=True, tame="bounded"),
    "Abs": Function(abs, arb(0)),
    "floor": Function(arb.floor, rising=True, tame="bounded"),
    # derivatives that the language has no names for
    "digamma": Function(arb.digamma, tame="never"),
    "trigamma": Function(lambda u: arb(2).zeta(u), tame="never"),
    "airyaiprime": Function(lambda u: u.airy_ai(derivative=1), tame="never"),
    "airybiprime": Function(lambda u: u.airy_bi(derivative=1), tame="never"),
}
POLES = frozenset({"gamma", "digamma", "trigamma"})  # at 0, -1, -2, ...
# Signs of the difference of the two sides for which a comparison holds.
HOLDS = {"lt": NEGATIVE, "le": NEGATIVE | NONE, "eq": NONE, "ne": NONZERO}
