"""The homomorphisms from a group of affine maps of the line to Aff(R) that functions s give rise to, in closed form.

With s(at + c) = b·s(t) + d, the pair (b, d) is determined by (a, c) as soon as s is not constant. On a discrete group
it is given by its values on the generators. On the continuous groups it comes from the shape of s there:

- s - β homogeneous of degree r about a centre: b = \\|a\\|^r·sign(a)^ε and d = β(1 - b);
- s = κ·log\\|t - p\\| + β: b = 1 and d = κ·log\\|a\\|;
- s = αe^{λt} + β: b = e^{λc} and d = β(1 - b);
- s(t) = mt + q: b = a and d = mc + q(1 - a).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import astuple, dataclass

import sympy as sp

from intertwine.groups import exact
from intertwine.groups.affine.map import AffineMap, plain
from intertwine.groups.affine.scalars import AffineScalarGroup
from intertwine.groups.characters import A, Character
from intertwine.groups.text import write

_C, _Y = sp.Symbol("c"), "y"


@dataclass(frozen=True)
class Rule(ABC):
    """One way to compute (b, d) from an element of a group that the rule fits."""

    @abstractmethod
    def image(self, group: AffineScalarGroup, element: AffineMap) -> AffineMap:
        """The map y ↦ by + d for an element of the group."""

    @abstractmethod
    def text(self, group: AffineScalarGroup) -> str:
        """The rule for a person."""

    def same(self, other: Rule) -> bool:
        """Whether two rules for one group have the same values: their parameters are determined by these."""
        if type(self) is not type(other):
            return False
        return all(_equal(x, y) for x, y in zip(self._numbers(), other._numbers(), strict=True))

    def _numbers(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__dataclass_fields__)

    def to_json(self, group: AffineScalarGroup) -> dict[str, object]:
        """The parameters by name."""
        return {name: write(value) for name, value in zip(self.__dataclass_fields__, astuple(self), strict=True)}


def _equal(x: object, y: object) -> bool:
    if isinstance(x, AffineMap) or x is None:
        return x == y
    return exact.equal(x, y)


@dataclass(frozen=True)
class Generated(Rule):
    """The images of the generator (a least translation or dilation) and of the reflection in the centre."""

    generator: AffineMap | None = None
    reflection: AffineMap | None = None

    def image(self, group: AffineScalarGroup, element: AffineMap) -> AffineMap:
        k, flipped = group.word(element)
        image = AffineMap.identity() if self.generator is None else self.generator**k
        return image @ self.reflection if flipped and self.reflection is not None else image

    def text(self, group: AffineScalarGroup) -> str:
        pairs = ((group.reflection_map, self.reflection), (group.generator_map, self.generator))
        rules = [f"{f.rule()} ↦ {g.rule(_Y)}" for f, g in pairs if f is not None and g is not None]
        return ", ".join(rules) or "t ↦ y"

    def to_json(self, group: AffineScalarGroup) -> dict[str, object]:
        if self.generator is None:
            return {}
        return {"translation" if group.period is not None else "dilation": self.generator.to_json()}


@dataclass(frozen=True)
class Power(Rule):
    """b = \\|a\\|^degree·sign(a)^sign, d = offset·(1 - b), for dilations about a centre."""

    degree: sp.Expr
    sign: int
    offset: sp.Expr

    def image(self, group: AffineScalarGroup, element: AffineMap) -> AffineMap:
        return AffineMap.dilation(Character(group.scalars, self.degree, self.sign)(element.a), self.offset)

    def text(self, group: AffineScalarGroup) -> str:
        b = Character(group.scalars, self.degree, self.sign).expression
        return f"a ↦ {_fixing(b, self.offset)}"

    def to_json(self, group: AffineScalarGroup) -> dict[str, object]:
        return {"degree": write(self.degree), "offset": write(self.offset)}


@dataclass(frozen=True)
class Logarithm(Rule):
    """b = 1, d = logarithm·log\\|a\\|, for dilations about a centre."""

    logarithm: sp.Expr

    def image(self, group: AffineScalarGroup, element: AffineMap) -> AffineMap:
        size = element.a if exact.sign(element.a) > 0 else -element.a
        return AffineMap.translation(self.logarithm * sp.log(size))

    def text(self, group: AffineScalarGroup) -> str:
        size = sp.Abs(A) if group.scalars.has_minus_one else A
        return f"a ↦ {_Y} + {plain(self.logarithm * sp.log(size))}"


@dataclass(frozen=True)
class Exponential(Rule):
    """b = e^(rate·c), d = offset·(1 - b), for all translations; the rate is not 0."""

    rate: sp.Expr
    offset: sp.Expr

    def image(self, group: AffineScalarGroup, element: AffineMap) -> AffineMap:
        return AffineMap.dilation(sp.exp(sp.expand_mul(self.rate * element.c)), self.offset)

    def text(self, group: AffineScalarGroup) -> str:
        return f"c ↦ {_fixing(sp.exp(self.rate * _C), self.offset)}"


@dataclass(frozen=True)
class Conjugation(Rule):
    """b = a, d = slope·c + intercept·(1 - a), or (1, 0) when the slope is 0; for Aff(R) and its translations."""

    slope: sp.Expr
    intercept: sp.Expr

    def image(self, group: AffineScalarGroup, element: AffineMap) -> AffineMap:
        if self.slope == 0:
            return AffineMap.identity()
        line = AffineMap(self.slope, self.intercept)
        return line @ element @ line.inverse()

    def text(self, group: AffineScalarGroup) -> str:
        if self.slope == 0:
            return "t ↦ y"
        return f"f ↦ s∘f∘s⁻¹ with s(t) = {AffineMap(self.slope, self.intercept).rule()}"


def _fixing(b: sp.Expr, offset: sp.Expr) -> str:
    """The dilation by b about the offset, in the variable y."""
    if b == 1:
        return _Y
    if offset == 0:
        return f"{plain(b)}*{_Y}"
    inner = AffineMap.translation(-offset).rule(_Y)
    return AffineMap.translation(offset).rule(f"{plain(b)}*({inner})")
