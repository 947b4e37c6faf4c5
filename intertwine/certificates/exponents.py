"""Two exponents that no scaling treats alike (Theorem 8).

Let ``D = x d/dx``.  A sum of multiples of ``x**p cos(w log x + c)`` is taken apart by the operators
``(D - p)**2 + w**2``, which commute with scalings: if ``f(g x) = b f(x)``, then what they make of ``f`` is multiplied
by ``b``, too.  If something is left by all of them but one, and that one makes it zero, then it is a multiple of
``x**p cos(w log x + c)`` (if ``w = 0``, a combination of ``x**p`` and ``x**p log x``).  So ``b = +-g**p``, and
``w log g`` is a multiple of pi.
"""

from __future__ import annotations

from fractions import Fraction

from intertwine.certificates import established as est
from intertwine.certificates import reading
from intertwine.certificates.analysis import signs
from intertwine.certificates.analysis.algebra import Element
from intertwine.certificates.analysis.cases import on_the_whole
from intertwine.certificates.analysis.cells import Cell
from intertwine.certificates.analysis.derivatives import derivative
from intertwine.certificates.analysis.numbers import different, irrational_ratio
from intertwine.certificates.analysis.regions import Region
from intertwine.certificates.analysis.values import constant_sign, sign_at
from intertwine.certificates.reading import Json
from intertwine.errors import CertificateError
from intertwine.terms import ZERO, Term

Pair = tuple[Term, Term]  # a power and a frequency
MOST = 40
PLACES = (Fraction(1), Fraction(3, 2), Fraction(7))


def verify_exponents(s: est.Subject, data: Json) -> est.Rigid:
    """Two exponents that occur on a half-line and have no scaling other than 1 in common."""
    side, method = reading.side(data), data.get("method")
    (p, w), (q, v) = first, second = _pair(data.get("first")), _pair(data.get("second"))
    others = [_pair(o) for o in reading.items(data.get("others"), "exponents: others", MOST)]
    if not (_occurs(s.on(side), first, [second, *others]) and _occurs(s.on(side), second, [first, *others])):
        raise CertificateError("exponents: the half-line is not seen to be a sum in which the two occur")
    if method == "powers" and different(p, q):
        return est.Rigid(side, "exponents")
    moving = constant_sign(w) in (1, -1) and constant_sign(v) in (1, -1)
    if method == "frequencies" and moving and irrational_ratio(w, v):
        return est.Rigid(side, "exponents")
    raise CertificateError("exponents: the two summands do not exclude a common scaling")


def _pair(data: object) -> Pair:
    found = reading.items(data, "exponents: a power and a frequency", 2)
    if len(found) != 2:
        raise CertificateError("exponents: a power and a frequency are expected")
    return reading.constant(found[0], "a power"), reading.constant(found[1], "a frequency")


def _occurs(t: Term, pair: Pair, others: list[Pair]) -> bool:
    """Whether the operators of the others leave something, and the operator of the pair then nothing."""

    def find(region: Region) -> bool:
        smooth = region.resolve(t)
        if not signs.analytic(region.cell, smooth):
            return False
        e = region.forms.of(smooth)
        for other in others:
            e = _without(region, e, other)
        left = region.generators.term(e)
        return any(sign_at(left, x) for x in PLACES) and region.generators.vanishes(_without(region, e, pair))

    return bool(on_the_whole(Cell(), find))


def _without(region: Region, e: Element, pair: Pair) -> Element:
    """What the operator ``(D - p)**2 + w**2`` makes of a function, or ``D - p`` if ``w`` is 0."""
    p, w = map(region.forms.of, pair)

    def turned(f: Element) -> Element:
        return region.generators.reduced(region.forms.x * derivative(region.forms, f) - p * f)

    return turned(e) if pair[1] == ZERO else region.generators.reduced(turned(turned(e)) + w * w * e)


RULES = {"exponents": verify_exponents}
