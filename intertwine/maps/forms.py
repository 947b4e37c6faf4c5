"""Normal forms of functions of several variables, their partial derivatives, and linear relations between them.

The tower of :mod:`intertwine.calculus.tower` is used with n generators for the variables. Elements whose difference
reduces to zero are equal functions; a linear combination with constant coefficients is zero if the coefficient of
every monomial in the generators that are not constant is zero.
"""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq, fmpq_mpoly

from intertwine.calculus.normal import NormalForm
from intertwine.calculus.special import derivative_of
from intertwine.calculus.tower import Element, Generator, NoNormalForm, cancel, constant_poly, rational
from intertwine.maps.expressions import index_of
from intertwine.terms import Term

Poly = fmpq_mpoly
Row = list[Element]
ROUNDS = 4


class VariableForm(NormalForm):
    """Elements of one tower for terms in ``x1`` ... ``xn``."""

    def _of(self, t: Term) -> Element:
        j = index_of(t)
        if j is not None:
            return self.tower.generator(Generator(("x", j), t, constant=False))
        return super()._of(t)

    def partial(self, e: Element, j: int) -> Element:
        """The derivative of an element with respect to ``x_j``."""
        top, bottom = self._partial(e.num, j), self._partial(e.den, j)
        den = Element(e.den, constant_poly(1))
        if bottom.num.is_zero():
            return self.tower.reduce(top / den)
        return self.tower.reduce((top * den - Element(e.num, constant_poly(1)) * bottom) / (den * den))

    def _partial(self, p: Poly, j: int) -> Element:
        total = rational(0)
        for position in self.tower.used(p):
            if not self.tower.generators[position].constant:
                slope = self._slope(position, j)
                if not slope.num.is_zero():
                    total = total + cancel(p.derivative(position), constant_poly(1)) * slope
        return total

    def _slope(self, position: int, j: int) -> Element:
        generator = self.tower.generators[position]
        head = generator.family[0]
        if head == "x":
            return rational(1 if generator.family[1] == j else 0)
        if head in ("floor", "Abs"):
            raise NoNormalForm("a function with breaks has no useful derivative")
        u = generator.argument
        if u is None:
            raise NoNormalForm(str(head))
        du = self.partial(u, j)
        if du.num.is_zero():
            return du
        g = self.tower.generator(generator)
        if head == "exp":
            return g * du
        if head in ("log", "logwhole"):
            return du / u
        if head in ("root", "rootwhole"):
            return g * du / (rational(generator.scale) * u)
        if head == "cbrt":
            return g * du / (rational(3) * u)
        if head == "abs":
            return g * du / u
        return derivative_of(self, generator, g) * du


def relations(nf: NormalForm, elements: Sequence[Element]) -> list[Row]:
    """Rows r over the constants, so that ``sum(c_k * elements[k]) = 0`` where every row has ``sum(c_k * r_k) = 0``.

    Raises
    ------
    NoNormalForm
        Roots do not leave the denominators.
    """
    tower = nf.tower
    current = [tower.reduce(e) for e in elements]
    for _ in range(ROUNDS):
        common = constant_poly(1)
        for e in current:
            common = _lcm(common, e.den)
        if common.is_constant():
            return _rows(nf, [e.num / fmpq(e.den.leading_coefficient()) for e in current])
        current = [tower.reduce(Element(divmod(common, e.den)[0] * e.num, constant_poly(1))) for e in current]
    raise NoNormalForm("denominators with roots")




def _lcm(a: Poly, b: Poly) -> Poly:
    if b.is_constant():
        return a
    if a.is_constant():
        return b
    return a * divmod(b, a.gcd(b))[0]


def _rows(nf: NormalForm, polynomials: Sequence[Poly]) -> list[Row]:
    """One row for each monomial in the generators that vary (and in the imaginary unit)."""
    context = constant_poly(1).context()
    generators = nf.tower.generators
    varies = [not g.constant or g.imaginary for g in generators]
    table: dict[tuple[int, ...], list[dict[tuple[int, ...], fmpq]]] = {}
    for k, p in enumerate(polynomials):
        for monomial, c in p.to_dict().items():
            key = tuple(int(d) if v else 0 for d, v in zip(monomial, varies, strict=False))
            rest = tuple(0 if i < len(varies) and varies[i] else int(d) for i, d in enumerate(monomial))
            row = table.setdefault(key, [{} for _ in polynomials])
            row[k][rest] = row[k].get(rest, fmpq(0)) + fmpq(c)
    return [[Element(context.from_dict(entry), constant_poly(1)) for entry in row] for row in table.values()]
