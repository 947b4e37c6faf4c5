"""Closed subgroups of the multiplicative group of non-zero real numbers.

Every closed subgroup of R* is one of {1}, {±1}, R>0, R*, ⟨g⟩ with \\|g\\| > 1, and ±⟨g⟩ with g > 1: the image of
a closed subgroup under \\|a\\| is closed in R>0 ≅ R, hence {1}, g^Z or all, and -1 is in the group or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from intertwine.errors import IntertwineError
from intertwine.groups import exact, ratios
from intertwine.groups.text import show, write

_CONTINUOUS = ("positive", "nonzero")
_DISCRETE = ("cyclic", "sign-cyclic")
_NAMES = {"trivial": "{1}", "sign": "{±1}", "positive": "R>0", "nonzero": "R*"}
_LATEX = {
    "trivial": r"\{1\}", "sign": r"\{\pm 1\}", "positive": r"\mathbb{R}_{>0}", "nonzero": r"\mathbb{R}^{*}",
}  # fmt: skip
_MAX_EXPONENT = 100_000


class ScalarGroup:
    """A closed subgroup of R*, as an immutable value.

    Use the constants ``TRIVIAL``, ``SIGN``, ``POSITIVE``, ``NONZERO`` and the constructors :class:`Cyclic` and
    :class:`SignCyclic`. Groups are compared exactly: ``S == T``, ``S <= T``, ``a in S``, ``S & T``.

    Attributes
    ----------
    type : str
        ``"trivial"``, ``"sign"``, ``"positive"``, ``"nonzero"``, ``"cyclic"`` or ``"sign-cyclic"``.
    generator : sympy.Expr or None
        For the last two, the generator g with ``|g| > 1``.

    Notes
    -----
    Comparisons of generators raise :class:`~intertwine.errors.Undecided` when exact arithmetic does not settle
    them. The hash depends on the type alone, since equal generators can be written in many ways.

    Examples
    --------
    >>> Cyclic(2) & Cyclic(8), Cyclic(2) & Cyclic(3), Cyclic(4) <= Cyclic(-2)
    (⟨8⟩, {1}, True)
    >>> -1 in SIGN, SIGN <= NONZERO, SIGN <= POSITIVE
    (True, True, False)
    """

    __slots__ = ("_generator", "_type")
    _type: str
    _generator: sp.Expr | None

    def __init__(self, type: str, generator: sp.Expr | None = None) -> None:
        object.__setattr__(self, "_type", type)
        object.__setattr__(self, "_generator", generator)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("scalar groups cannot be changed")

    def __reduce__(self) -> tuple[Any, ...]:
        return ScalarGroup.from_json, (self.to_json(),)

    @property
    def type(self) -> str:
        """The name of the family."""
        return self._type

    @property
    def generator(self) -> sp.Expr | None:
        """The generator with ``|g| > 1`` of a discrete infinite group, otherwise ``None``."""
        return self._generator

    @property
    def is_discrete(self) -> bool:
        """Whether the group has dimension 0."""
        return self.type not in _CONTINUOUS

    @property
    def dimension(self) -> int:
        """The dimension as a Lie group, 0 or 1."""
        return 0 if self.is_discrete else 1

    @property
    def components(self) -> sp.Expr:
        """The number of connected components; ``oo`` for the cyclic types."""
        return sp.oo if self.type in _DISCRETE else sp.Integer(2 if self.has_minus_one else 1)

    @property
    def order(self) -> sp.Expr:
        """The number of elements, possibly ``oo``."""
        return self.components if self.is_discrete else sp.oo

    @property
    def has_minus_one(self) -> bool:
        """Whether -1 is in the group."""
        return self.type in ("sign", "nonzero", "sign-cyclic")

    def generators(self) -> tuple[sp.Expr, ...]:
        """Elements that generate the group, or a dense subgroup of it when it is continuous.

        Returns
        -------
        tuple of sympy.Expr

        Examples
        --------
        >>> SignCyclic(3).generators(), POSITIVE.generators()
        ((-1, 3), (2, 3))
        """
        minus = (sp.Integer(-1),) if self.has_minus_one else ()
        if self.generator is not None:
            return (*minus, self.generator)
        return minus if self.is_discrete else (*minus, sp.Integer(2), sp.Integer(3))

    def exponent(self, a: object) -> int | None:
        """The k with ``|a| = |g|**k`` for an element of a cyclic or sign-cyclic group; ``None`` outside.

        Examples
        --------
        >>> Cyclic(-2).exponent(sp.Rational(1, 4)), Cyclic(-2).exponent(-4)
        (-2, None)
        """
        number = exact.as_exact(a)
        if self.generator is None:
            raise IntertwineError(f"{self} has no single generator")
        sign = exact.sign(number)
        if sign == 0:
            return None
        n = ratios.integer_log(sign * number, _modulus(self.generator))
        if n is None:
            return None
        if self.type == "sign-cyclic" or sign == _sign(self.generator) ** (n % 2):
            return n
        return None

    def __contains__(self, a: object) -> bool:
        number = exact.as_exact(a)
        sign = exact.sign(number)
        if sign == 0 or self.type == "nonzero":
            return sign != 0
        if self.type == "positive":
            return sign > 0
        if self.generator is not None:
            return self.exponent(number) is not None
        return (sign > 0 or self.has_minus_one) and exact.equal(sign * number, 1)

    def __le__(self, other: object) -> bool:
        if not isinstance(other, ScalarGroup):
            return NotImplemented
        if self.type in _CONTINUOUS:
            return other.type == "nonzero" or other.type == self.type
        return all(g in other for g in self.generators())

    def __lt__(self, other: object) -> bool:
        return self <= other and self != other if isinstance(other, ScalarGroup) else NotImplemented

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ScalarGroup):
            return NotImplemented
        if self.type != other.type:
            return False
        return self.generator is None or exact.equal(self.generator, other.generator)

    def __hash__(self) -> int:
        return hash(("ScalarGroup", self.type))

    def __and__(self, other: object) -> ScalarGroup:
        """The intersection, again a closed subgroup."""
        if not isinstance(other, ScalarGroup):
            return NotImplemented
        for small, large in ((self, other), (other, self)):
            if large.type == "nonzero":
                return small
            if large.type == "positive":
                return small.positive_part()
            if small.type == "trivial":
                return TRIVIAL
            if small.type == "sign":
                return SIGN if large.has_minus_one else TRIVIAL
        return _meet_discrete(self, other)

    def positive_part(self) -> ScalarGroup:
        """The positive elements.

        Examples
        --------
        >>> Cyclic(-2).positive_part(), SIGN.positive_part()
        (⟨4⟩, {1})
        """
        if self.generator is not None:
            if self.type == "cyclic" and _sign(self.generator) < 0:
                return Cyclic(self.generator**2)
            return Cyclic(self.generator)
        return TRIVIAL if self.is_discrete else POSITIVE

    def __repr__(self) -> str:
        if self.generator is None:
            return _NAMES[self.type]
        return f"{'±' if self.has_minus_one else ''}⟨{show(self.generator)}⟩"

    def latex(self) -> str:
        """The group as LaTeX.

        Examples
        --------
        >>> print(SignCyclic(sp.sqrt(3)).latex())
        \\pm\\langle \\sqrt{3} \\rangle
        """
        if self.generator is None:
            return _LATEX[self.type]
        sign = r"\pm" if self.has_minus_one else ""
        return rf"{sign}\langle {sp.latex(self.generator)} \rangle"

    def to_json(self) -> dict[str, str]:
        """A dictionary that :meth:`from_json` reads.

        Examples
        --------
        >>> Cyclic(-2).to_json()
        {'type': 'cyclic', 'generator': '-2'}
        """
        if self.generator is None:
            return {"type": self.type}
        return {"type": self.type, "generator": write(self.generator)}

    @staticmethod
    def from_json(data: Mapping[str, object]) -> ScalarGroup:
        """The group described by a dictionary with a ``type`` and perhaps a ``generator``.

        Raises
        ------
        IntertwineError
            If the type is unknown, or a generator is missing, unexpected or unreadable.
        """
        from intertwine.groups.constants import parse_constant

        kind, generator = data.get("type"), data.get("generator")
        if kind in _DISCRETE:
            if not isinstance(generator, str):
                raise IntertwineError(f"a {kind} group needs its generator as text, not {generator!r}")
            number = parse_constant(generator)
            return Cyclic(number) if kind == "cyclic" else SignCyclic(number)
        if not isinstance(kind, str) or kind not in _NAMES or generator is not None:
            raise IntertwineError(f"{dict(data)!r} does not describe a closed subgroup of R*")
        return _CONSTANTS[kind]


class Cyclic(ScalarGroup):
    """The discrete group ⟨g⟩ = {g^k : k an integer}.

    Parameters
    ----------
    generator : int, fractions.Fraction or sympy.Expr
        An exact real number other than 0, 1, -1; replaced by its inverse if ``|g| < 1``.

    Raises
    ------
    IntertwineError
        If the generator is not such a number.

    Examples
    --------
    >>> Cyclic(sp.Rational(-1, 2))
    ⟨-2⟩
    """

    __slots__ = ()

    def __init__(self, generator: object) -> None:
        super().__init__("cyclic", _normalised(generator))


class SignCyclic(ScalarGroup):
    """The discrete group ±⟨g⟩ = {±g^k : k an integer}.

    Parameters
    ----------
    generator : int, fractions.Fraction or sympy.Expr
        An exact real number other than 0, 1, -1; replaced by the one of g, -g, 1/g, -1/g that is greater than 1.

    Raises
    ------
    IntertwineError
        If the generator is not such a number.

    Examples
    --------
    >>> SignCyclic(sp.Rational(-1, 3))
    ±⟨3⟩
    """

    __slots__ = ()

    def __init__(self, generator: object) -> None:
        super().__init__("sign-cyclic", _modulus(_normalised(generator)))


def _normalised(generator: object) -> sp.Expr:
    number = exact.as_exact(generator)
    sign = exact.sign(number)
    if sign == 0:
        raise IntertwineError("0 generates no group of non-zero numbers")
    size = exact.sign(sign * number - 1)
    if size == 0:
        raise IntertwineError(f"{show(number)} generates a finite group: use {'TRIVIAL' if sign > 0 else 'SIGN'}")
    return number if size > 0 else 1 / number


def _sign(number: sp.Expr) -> int:
    return exact.sign(number)


def _modulus(number: sp.Expr) -> sp.Expr:
    return number if _sign(number) > 0 else -number


def _meet_discrete(s: ScalarGroup, t: ScalarGroup) -> ScalarGroup:
    """Two groups of the cyclic types: with \\|g\\|^q = \\|h\\|^p in lowest terms, moduli agree in g^(qk) and h^(pk)."""
    assert s.generator is not None and t.generator is not None
    ratio = ratios.commensurability(_modulus(s.generator), _modulus(t.generator))
    both = s.has_minus_one and t.has_minus_one
    if ratio is None:
        return SIGN if both else TRIVIAL
    p, q = ratio.numerator, ratio.denominator
    if 2 * max(p, q) > _MAX_EXPONENT:
        raise IntertwineError(f"{s} and {t} meet in powers too large to write down")
    if both:
        return SignCyclic(s.generator**q)
    if s.has_minus_one:
        return Cyclic(t.generator**p)
    if t.has_minus_one or _sign(s.generator) ** q == _sign(t.generator) ** p:
        return Cyclic(s.generator**q)
    return Cyclic(s.generator ** (2 * q))


TRIVIAL = ScalarGroup("trivial")
SIGN = ScalarGroup("sign")
POSITIVE = ScalarGroup("positive")
NONZERO = ScalarGroup("nonzero")
_CONSTANTS = {s.type: s for s in (TRIVIAL, SIGN, POSITIVE, NONZERO)}
