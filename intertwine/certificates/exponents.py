"""Finite sums of complex powers (Theorem 8): ``s(t) = sum c_j t**p_j exp(i w_j log t)``.

A scaling of such a sum has ``g**p_j exp(i w_j log g) = b`` for every ``j``.  Two different powers, or two
frequencies with an irrational ratio, leave only ``g = 1``.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from intertwine.certificates import established as est
from intertwine.certificates import reading
from intertwine.certificates.analysis.algebra import Element, Generator, Poly, number, scalar
from intertwine.certificates.analysis.cases import explore
from intertwine.certificates.analysis.cells import Cell, TooHard
from intertwine.certificates.analysis.numbers import different, equal, irrational_ratio
from intertwine.certificates.analysis.plain import flip
from intertwine.certificates.analysis.regions import Region
from intertwine.certificates.analysis.values import constant_sign
from intertwine.certificates.reading import Json
from intertwine.errors import CertificateError
from intertwine.terms import Term

Turns = dict[tuple[int, ...], tuple[Fraction, Fraction]]  # multiples of the base frequencies -> a complex number
MOST = 400


@dataclass
class Summand:
    """``(real + i imaginary) t**power exp(i frequency log t)``."""

    power: Term
    frequency: Term
    real: Element
    imaginary: Element

    def nonzero(self, region: Region) -> bool:
        """Whether the coefficient is proved to be different from 0."""
        return any(constant_sign(region.generators.term(c)) in (1, -1) for c in (self.real, self.imaginary))

    def apart(self, other: Summand) -> bool:
        """Whether the pair of exponents is proved to be another one."""
        return different(self.power, other.power) or different(self.frequency, other.frequency)


def verify_exponents(s: est.Subject, data: Json) -> est.Rigid:
    """Two summands of a half-line that no scaling other than 1 treats alike."""
    side, method = reading.side(data), data.get("method")
    pairs = [_pair(data.get(k), k) for k in ("first", "second")]
    found: list[bool] = []

    def visit(region: Region) -> None:
        if not region.connected or region.cell != Cell():
            raise TooHard("cases on the half-line")
        e = region.forms.of(region.resolve(s.on(side)))
        parts = _Sum(region).summands(e)
        chosen = [_find(parts, *pair) for pair in pairs]
        found.append(all(c is not None and _counts(region, c, parts) for c in chosen))

    try:
        explore([Cell()], visit)
    except TooHard as problem:
        raise CertificateError(f"exponents: the half-line is not seen to be a sum of powers: {problem}") from None
    if found != [True]:
        raise CertificateError("exponents: one of the two summands is not seen to occur")
    (p, w), (q, v) = pairs
    if method == "powers" and different(p, q):
        return est.Rigid(side, "exponents")
    moving = constant_sign(w) in (1, -1) and constant_sign(v) in (1, -1)
    if method == "frequencies" and moving and irrational_ratio(w, v):
        return est.Rigid(side, "exponents")
    raise CertificateError("exponents: the two summands do not exclude a common scaling")


def _pair(data: object, name: str) -> tuple[Term, Term]:
    found = reading.items(data, f"exponents: {name}", 2)
    if len(found) != 2:
        raise CertificateError(f"exponents: {name} is not a power and a frequency")
    return reading.constant(found[0], "a power"), reading.constant(found[1], "a frequency")


def _find(parts: list[Summand], power: Term, frequency: Term) -> Summand | None:
    for c in parts:
        if equal(c.power, power) and (equal(c.frequency, frequency) or equal(c.frequency, flip(frequency))):
            return c
    return None


def _counts(region: Region, chosen: Summand, parts: list[Summand]) -> bool:
    """Whether a summand is there: not zero, and not cancelled by another one."""
    return chosen.nonzero(region) and all(chosen.apart(other) for other in parts if other is not chosen)


class _Sum:
    """An element of the half-line, taken apart into complex powers."""

    def __init__(self, region: Region) -> None:
        self.region, self.gens = region, region.generators
        self.rates: list[Element] = []

    def summands(self, e: Element) -> list[Summand]:
        """The summands, those with visibly equal exponents put together.

        Raises
        ------
        TooHard
            The element is no such sum.
        """
        base_power, below = self._single(e.bottom)
        found: list[tuple[Element, Element, Element, Element]] = []
        for exponents, c in e.top.to_dict().items():
            constant, power, turns = self._monomial(exponents)
            constant = constant * Element(scalar(c), scalar(1)) / below
            for multiples, (real, imaginary) in turns.items():
                frequency = number(0)
                for k, rate in zip(multiples, self.rates, strict=False):
                    frequency = frequency + number(k) * rate
                part = (power - base_power, frequency, number(real) * constant, number(imaginary) * constant)
                self._collect(found, *map(self.gens.reduced, part))
        term = self.gens.term
        return [Summand(term(p), term(w), a, b) for p, w, a, b in found]

    def _collect(
        self, found: list[tuple[Element, Element, Element, Element]], p: Element, w: Element, a: Element, b: Element
    ) -> None:
        for i, (q, v, c, d) in enumerate(found):
            if self.gens.vanishes(p - q) and self.gens.vanishes(w - v):
                found[i] = (q, v, self.gens.reduced(a + c), self.gens.reduced(b + d))
                return
        found.append((p, w, a, b))
        if len(found) > MOST:
            raise TooHard("a sum with too many parts")

    def _single(self, p: Poly) -> tuple[Element, Element]:
        """The power and the constant of a denominator that is one power."""
        power: Element | None = None
        total = number(0)
        for exponents, c in p.to_dict().items():
            constant, q, turns = self._monomial(exponents)
            if any(any(m) for m in turns) or (power is not None and not self.gens.vanishes(power - q)):
                raise TooHard("a denominator that is not a power")
            power, total = q, total + constant * Element(scalar(c), scalar(1))
        return power or number(0), total

    def _monomial(self, exponents: tuple[int, ...]) -> tuple[Element, Element, Turns]:
        """Constant factor, power, and the waves multiplied out."""
        constant, power = number(1), number(0)
        turns: Turns = {(): (Fraction(1), Fraction(0))}
        for place, degree in enumerate(exponents):
            n = int(degree)
            if not n:
                continue
            g, value = self.gens.all[place], self.gens.variable(place)
            if g.constant:
                constant = constant * value**n
            elif g.name == ("x",):
                power = power + number(n)
            elif g.name[0] == "root" and g.argument is not None and self._is_x(g.argument):
                power = power + number(Fraction(n, g.scale))
            elif g.name[0] == "exp":
                power = power + number(n) * self._rate(g)
            elif g.name[0] in ("cos", "sin"):
                turns = self._turned(turns, self._place(self._rate(g)), str(g.name[0]), n)
            else:
                raise TooHard(f"a part that is not a power: {g.term}")
        return constant, power, turns

    def _is_x(self, e: Element) -> bool:
        place = self.gens.place(("x",))
        return place is not None and self.gens.vanishes(e - self.gens.variable(place))

    def _rate(self, g: Generator) -> Element:
        """The constant that is the argument divided by ``log x``."""
        assert g.argument is not None
        rate = self.gens.reduced(g.argument / self.region.forms.log(self.region.forms.x))
        if not self.gens.constant(rate):
            raise TooHard("a phase that is not a multiple of log x")
        return rate

    def _place(self, rate: Element) -> int:
        for i, known in enumerate(self.rates):
            if self.gens.vanishes(known - rate):
                return i
        self.rates.append(rate)
        return len(self.rates) - 1

    def _turned(self, turns: Turns, place: int, name: str, n: int) -> Turns:
        half = Fraction(1, 2)
        # cos = (e + 1/e)/2, sin = (e - 1/e)/(2i)
        steps = {1: (half, Fraction(0)), -1: (half, Fraction(0))}
        if name == "sin":
            steps = {1: (Fraction(0), -half), -1: (Fraction(0), half)}
        for _ in range(n):
            result: Turns = {}
            for multiples, (a, b) in turns.items():
                for way, (c, d) in steps.items():
                    key = list(multiples) + [0] * (place + 1 - len(multiples))
                    key[place] += way
                    while key and key[-1] == 0:
                        key.pop()
                    old = result.get(tuple(key), (Fraction(0), Fraction(0)))
                    result[tuple(key)] = (old[0] + a * c - b * d, old[1] + a * d + b * c)
            turns = {k: v for k, v in result.items() if any(v)}
            if len(turns) > MOST:
                raise TooHard("a sum with too many parts")
        return turns

