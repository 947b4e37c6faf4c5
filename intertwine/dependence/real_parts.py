"""Constants of a tower as real terms: waves ``exp(i a)`` become cosines and sines."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from flint import fmpq

from intertwine.calculus.normal import NormalForm
from intertwine.calculus.tower import Element, Generator, NoNormalForm, Poly, rational
from intertwine.terms import ONE, ZERO, Term, add, apply, mul, num, power

Parts = tuple[Term, Term]


def real_parts(normal: NormalForm, p: Poly, turn: Element | None = None) -> Parts:
    """Real and imaginary part of ``p exp(-i turn)``.

    Raises
    ------
    NoNormalForm
        A generator is neither real nor a wave.
    """
    waves = _Waves(normal)
    for monomial, coefficient in p.to_dict().items():
        waves.add(monomial, Fraction(int(fmpq(coefficient).p), int(fmpq(coefficient).q)), turn)
    return waves.parts()


def real_term(normal: NormalForm, e: Element) -> Term:
    """A constant element whose value is real, as a term.

    Raises
    ------
    NoNormalForm
        It could not be written with real functions.
    """
    e = normal.tower.reduce(e)
    if not (normal.tower.is_imaginary(e.num) or normal.tower.is_imaginary(e.den)):
        return normal.term(e)
    turns = _middle(normal, e.num), _middle(normal, e.den)
    turned = normal.tower.is_zero(turns[0] - turns[1])  # a common turn cancels, and shows who is real
    (a, b), (c, d) = (real_parts(normal, p, t if turned else None) for p, t in zip((e.num, e.den), turns, strict=True))
    if b == ZERO and d == ZERO:
        return _over(a, c)
    if a == ZERO and c == ZERO:
        return _over(b, d)
    return _over(a * c + b * d, c**2 + d**2)


def _over(a: Term, b: Term) -> Term:
    if b.value:
        return mul(num(1 / b.value), a)
    factor = b.args[0].value if b.op == "mul" else None
    return mul(num(1 / factor), a) / mul(*b.args[1:]) if factor else a / b


def _middle(normal: NormalForm, p: Poly) -> Element:
    """Half way between the least and the largest angle, for each wave."""
    total = rational(0)
    monomials = [tuple(map(int, m)) for m in p.monoms()]
    for i in normal.tower.used(p):
        g = normal.tower.generators[i]
        if g.imaginary and g.family[0] == "exp":
            exponents = [m[i] for m in monomials]
            total = total + rational(fmpq(min(exponents) + max(exponents), 2)) * _angle(normal, g)
    return total


def _angle(normal: NormalForm, g: Generator) -> Element:
    if g.family[0] == "unity":
        return normal.pi / rational(int(g.family[1]))
    if g.family[0] != "exp" or g.argument is None:
        raise NoNormalForm("a constant that is neither real nor a wave")
    angle = normal.tower.reduce(g.argument * -normal.i)
    if normal.tower.is_imaginary(angle.num) or normal.tower.is_imaginary(angle.den):
        raise NoNormalForm("a wave with a growing amplitude")
    return angle


class _Waves:
    """A sum of ``amplitude * exp(i angle)``, angles of opposite sign put together."""

    def __init__(self, normal: NormalForm) -> None:
        self.normal = normal
        self.angles: dict[tuple[str, str], Term] = {}
        self.real: dict[tuple[tuple[str, str], Term, str], Fraction] = {}
        self.imaginary: dict[tuple[tuple[str, str], Term, str], Fraction] = {}

    def add(self, monomial: Iterable[int], coefficient: Fraction, turn: Element | None) -> None:
        """One monomial more."""
        angle = rational(0) if turn is None else -turn
        quarter = 0
        amplitude: list[Term] = []
        for i, degree in enumerate(monomial):
            n = int(degree)
            if not n:
                continue
            g = self.normal.tower.generators[i]
            if g.family[0] == "i":
                quarter += n
            elif g.imaginary:
                angle = angle + rational(n) * _angle(self.normal, g)
            else:
                amplitude.append(power(g.term, num(n)))
        self._wave(self.normal.tower.reduce(angle), mul(*amplitude) if amplitude else ONE, quarter % 4, coefficient)

    def _wave(self, angle: Element, amplitude: Term, quarter: int, coefficient: Fraction) -> None:
        """``coefficient amplitude i**quarter exp(i angle)``."""
        if quarter >= 2:
            coefficient, quarter = -coefficient, quarter - 2
        flipped = not angle.num.is_zero() and angle.num.leading_coefficient() < 0
        if flipped:
            angle = -angle
        self.angles[angle.key] = self.normal.term(angle)
        sine = -coefficient if flipped else coefficient
        even, odd = (self.real, self.imaginary) if quarter == 0 else (self.imaginary, self.real)
        _count(even, (angle.key, amplitude, "cos"), coefficient)
        if not angle.num.is_zero():
            _count(odd, (angle.key, amplitude, "sin"), sine if quarter == 0 else -sine)

    def parts(self) -> Parts:
        """Real and imaginary part."""
        return self._sum(self.real), self._sum(self.imaginary)

    def _sum(self, waves: dict[tuple[tuple[str, str], Term, str], Fraction]) -> Term:
        summands = []
        for (key, amplitude, name), c in waves.items():
            if c:
                angle = self.angles[key]
                wave = ONE if angle == ZERO else apply(name, angle)
                summands.append(mul(num(c), amplitude, wave))
        return add(*summands)


def _count(waves: dict[tuple[tuple[str, str], Term, str], Fraction], key: tuple[tuple[str, str], Term, str],
           c: Fraction) -> None:
    waves[key] = waves.get(key, Fraction(0)) + c
