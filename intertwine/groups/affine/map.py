"""Maps t ↦ at + c of the line with exact coefficients: the elements of Aff(R)."""

from __future__ import annotations

import re
from dataclasses import dataclass

import sympy as sp

from intertwine.errors import IntertwineError
from intertwine.groups import exact
from intertwine.groups.text import show, write


@dataclass(frozen=True, eq=False, repr=False)
class AffineMap:
    """The map t ↦ at + c, as an immutable value.

    Parameters
    ----------
    a, c : int, fractions.Fraction or sympy.Expr
        Exact real numbers, a not 0.

    Raises
    ------
    IntertwineError
        If a number is not an exact real number, or a is 0.

    Notes
    -----
    ``f @ g`` is f after g, ``f**k`` a power for any integer k. Equality is decided exactly and may raise
    :class:`~intertwine.errors.Undecided`.

    Examples
    --------
    >>> f = AffineMap(2, 1)
    >>> f, f(3), f @ f, f.inverse(), f.fixed_point
    (t ↦ 2*t + 1, 7, t ↦ 4*t + 3, t ↦ 1/2*t - 1/2, -1)
    >>> f**3 == f @ f @ f
    True
    """

    a: sp.Expr
    c: sp.Expr

    def __post_init__(self) -> None:
        a, c = exact.as_exact(self.a), exact.as_exact(self.c)
        if exact.is_zero(a):
            raise IntertwineError("the map t ↦ at + c is invertible only if a is not 0")
        object.__setattr__(self, "a", a)
        object.__setattr__(self, "c", c)

    @classmethod
    def _trusted(cls, a: sp.Expr, c: sp.Expr) -> AffineMap:
        """Numbers that come from other maps, so a is known not to be 0."""
        new = object.__new__(cls)
        object.__setattr__(new, "a", sp.expand_mul(a))
        object.__setattr__(new, "c", sp.expand_mul(c))
        return new

    @classmethod
    def identity(cls) -> AffineMap:
        """t ↦ t."""
        return cls._trusted(sp.S.One, sp.S.Zero)

    @classmethod
    def translation(cls, c: object) -> AffineMap:
        """t ↦ t + c."""
        return cls._trusted(sp.S.One, exact.as_exact(c))

    @classmethod
    def reflection(cls, centre: object) -> AffineMap:
        """t ↦ 2p - t for the centre p."""
        return cls._trusted(sp.S.NegativeOne, 2 * exact.as_exact(centre))

    @classmethod
    def dilation(cls, a: object, centre: object) -> AffineMap:
        """t ↦ p + a(t - p) for the centre p.

        Examples
        --------
        >>> AffineMap.dilation(3, sp.Rational(-3, 2))
        t ↦ 3*t + 3
        """
        p = exact.as_exact(centre)
        linear = cls(a, 0)
        return cls._trusted(linear.a, p * (1 - linear.a))

    @staticmethod
    def of(value: object) -> AffineMap:
        """A map given as such or as a pair (a, c).

        Raises
        ------
        IntertwineError
            If it is neither.
        """
        if isinstance(value, AffineMap):
            return value
        if isinstance(value, tuple | list) and len(value) == 2:
            return AffineMap(*value)
        raise IntertwineError(f"a map t ↦ at + c is given as an AffineMap or a pair (a, c), not as {value!r}")

    def __call__(self, t: object) -> sp.Expr:
        """The image of an exact number."""
        return sp.expand_mul(self.a * exact.as_exact(t) + self.c)

    def compose(self, other: AffineMap) -> AffineMap:
        """This map after the other."""
        return AffineMap._trusted(self.a * other.a, self.a * other.c + self.c)

    def __matmul__(self, other: object) -> AffineMap:
        return self.compose(other) if isinstance(other, AffineMap) else NotImplemented

    def inverse(self) -> AffineMap:
        """The inverse map."""
        return AffineMap._trusted(1 / self.a, -self.c / self.a)

    def __pow__(self, k: int) -> AffineMap:
        if self.a == 1:
            return AffineMap._trusted(sp.S.One, k * self.c)
        scale = self.a**k
        # c(1 + a + … + a^(k-1)) moves 0 like the dilation by a^k about the fixed point c/(1 - a).
        return AffineMap._trusted(scale, self.c * (1 - scale) / (1 - self.a))

    @property
    def is_identity(self) -> bool:
        """Whether the map is t ↦ t."""
        return exact.equal(self.a, 1) and exact.is_zero(self.c)

    @property
    def fixed_point(self) -> sp.Expr | None:
        """The only point that stays where it is; ``None`` for translations and the identity."""
        if exact.equal(self.a, 1):
            return None
        return sp.expand_mul(self.c / (1 - self.a))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, AffineMap):
            return NotImplemented
        return exact.equal(self.a, other.a) and exact.equal(self.c, other.c)

    def __hash__(self) -> int:
        # Equal numbers can be written in many ways, so that no part of them can go into the hash.
        return hash("AffineMap")

    def rule(self, variable: str = "t") -> str:
        """The image of the variable as text.

        Examples
        --------
        >>> AffineMap(-1, 2 * sp.pi).rule("y"), AffineMap(sp.sqrt(2), -1).rule()
        ('2π - y', 'sqrt(2)*t - 1')
        """
        if self.a == -1 and self.c != 0:
            return f"{plain(self.c)} - {variable}"
        size = plain(self.a)
        scaled = {"1": variable, "-1": f"-{variable}"}.get(size, f"{_bracketed(self.a)}*{variable}")
        if self.c == 0:
            return scaled
        shift = plain(self.c)
        if isinstance(self.c, sp.Add):
            return f"{scaled} + ({shift})"
        return f"{scaled} - {shift[1:]}" if shift.startswith("-") else f"{scaled} + {shift}"

    def __repr__(self) -> str:
        return f"t ↦ {self.rule()}"

    def latex(self, variable: str = "t") -> str:
        """The map as LaTeX.

        Examples
        --------
        >>> print(AffineMap(-1, sp.log(3)).latex())
        t \\mapsto - t + \\log{\\left(3 \\right)}
        """
        symbol = sp.Symbol(variable)
        return rf"{variable} \mapsto {sp.latex(self.a * symbol + self.c)}"

    def to_json(self, scale: str = "b", shift: str = "d") -> dict[str, str]:
        """The two numbers as text, under the names given.

        Examples
        --------
        >>> AffineMap(-1, sp.pi / 2).to_json()
        {'b': '-1', 'd': 'pi/2'}
        """
        return {scale: write(self.a), shift: write(self.c)}


def plain(number: sp.Expr) -> str:
    """A constant as a person writes it in a formula.

    Examples
    --------
    >>> plain(2 * sp.pi), plain(sp.pi / 2), plain(sp.sqrt(3) * sp.pi)
    ('2π', 'π/2', 'π*sqrt(3)')
    """
    return re.sub(r"(?<=\d)\*pi\b|\bpi\b", "π", show(number))


def _bracketed(number: sp.Expr) -> str:
    return f"({plain(number)})" if isinstance(number, sp.Add) else plain(number)
