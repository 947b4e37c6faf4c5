"""Characters: continuous homomorphisms from a closed subgroup of R* to R*."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sympy as sp

from intertwine.errors import IntertwineError, Undecided
from intertwine.groups import exact, ratios
from intertwine.groups.scalars import ScalarGroup
from intertwine.groups.text import show, write

if TYPE_CHECKING:
    from intertwine.numeric import Character as NumericCharacter

A = sp.Symbol("a")
_POSITIVE_A = sp.Symbol("a", positive=True)


class Character:
    """A continuous homomorphism χ: S → R*, as an immutable value.

    On R>0 and R* it is ``|a|**power * sign(a)**sign``, on {±1} ``sign(a)**sign``, on {1} trivial. On the cyclic groups
    the same formula may be given, or the values on the generators: see :meth:`on_generator`.

    Parameters
    ----------
    group : ScalarGroup
        S, the domain.
    power : int, fractions.Fraction or sympy.Expr
        An exact real number.
    sign : {0, 1}
        The exponent of the sign.

    Raises
    ------
    IntertwineError
        If the power is not an exact real number or the sign is not 0 or 1.

    Examples
    --------
    >>> from intertwine.groups import NONZERO, Cyclic
    >>> chi = Character(NONZERO, power=3, sign=1)
    >>> chi.expression, chi(-2)
    (a**3, -8)
    >>> Character(NONZERO, power=2).restrict(Cyclic(-2))
    χ: ⟨-2⟩ → R*, -2 ↦ 4
    """

    __slots__ = ("_group", "_minus_one", "_power", "_sign", "_value")
    _group: ScalarGroup
    _power: sp.Expr | None
    _sign: int
    _value: sp.Expr | None
    _minus_one: int

    def __init__(self, group: ScalarGroup, power: object = 0, sign: int = 0) -> None:
        if not isinstance(group, ScalarGroup):
            raise IntertwineError(f"a character is defined on a ScalarGroup, not on {group!r}")
        if isinstance(sign, bool) or sign not in (0, 1):
            raise IntertwineError(f"the sign exponent of a character is 0 or 1, not {sign!r}")
        p, epsilon = exact.as_exact(power), int(sign) if group.has_minus_one else 0
        value = None
        if group.generator is not None:
            value = _power(group.generator, p, int(sign))
            p = None
        elif group.is_discrete:
            p = sp.S.Zero
        self._set(group, p, epsilon, value, -1 if epsilon else 1)

    def _set(self, group: ScalarGroup, power: sp.Expr | None, sign: int, value: sp.Expr | None, minus: int) -> None:
        for name, item in zip(
            ("_group", "_power", "_sign", "_value", "_minus_one"), (group, power, sign, value, minus), strict=True
        ):
            object.__setattr__(self, name, item)

    @classmethod
    def on_generator(cls, group: ScalarGroup, value: object, minus_one: object = None) -> Character:
        """The character of a cyclic or sign-cyclic group with given values on its generators.

        Parameters
        ----------
        group : ScalarGroup
            ⟨g⟩ or ±⟨g⟩.
        value : int, fractions.Fraction or sympy.Expr
            χ(g) for ``g = group.generator``, not zero. Any such value defines a character: g has infinite order.
        minus_one : {1, -1}, optional
            χ(-1), for ±⟨g⟩ only, where it is required.

        Raises
        ------
        IntertwineError
            If the group has no generator, or a value is not possible.

        Examples
        --------
        >>> from intertwine.groups import Cyclic
        >>> chi = Character.on_generator(Cyclic(2), -3)
        >>> chi(8), chi.to_json()
        (-27, {'generator': '2', 'value': '-3'})
        """
        if not isinstance(group, ScalarGroup) or group.generator is None:
            raise IntertwineError(f"{group} has no generator: give the character as a power and a sign")
        number = exact.as_exact(value)
        if exact.sign(number) == 0:
            raise IntertwineError("a character takes non-zero values")
        if group.has_minus_one != (minus_one is not None):
            needed = "needs" if group.has_minus_one else "has no"
            raise IntertwineError(f"a character of {group} {needed} value on -1")
        minus = 1 if minus_one is None else exact.as_exact(minus_one)
        if minus not in (1, -1):
            raise IntertwineError(f"the value on -1 squares to 1: it is 1 or -1, not {show(minus)}")
        chi = cls.__new__(cls)
        chi._set(group, None, int(minus == -1), number, int(minus))
        return chi

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("characters cannot be changed")

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self.group, self._power, self._sign, self._value, self._minus_one)

    @property
    def group(self) -> ScalarGroup:
        """The domain S."""
        return self._group

    @property
    def power(self) -> sp.Expr | None:
        """p in ``|a|**p``; ``None`` on the cyclic types, where the value on the generator says it all."""
        return self._power

    @property
    def sign(self) -> int:
        """0 or 1: whether χ(-1) = -1 (0 when -1 is not in the group)."""
        return self._sign

    @property
    def value(self) -> sp.Expr | None:
        """χ(g) on the cyclic types, otherwise ``None``."""
        return self._value

    @property
    def minus_one(self) -> int | None:
        """χ(-1), or ``None`` when -1 is not in the group."""
        return self._minus_one if self.group.has_minus_one else None

    @property
    def is_trivial(self) -> bool:
        """Whether χ(a) = 1 for all a."""
        if self._sign:
            return False
        if self._value is not None:
            return exact.equal(self._value, 1)
        return exact.is_zero(self._power)

    def __call__(self, a: object) -> sp.Expr:
        """χ(a), exactly.

        Raises
        ------
        IntertwineError
            If a is not in the group.
        """
        number = exact.as_exact(a)
        if number not in self.group:
            raise IntertwineError(f"{show(number)} is not in {self.group}")
        if self._value is not None:
            k = self.group.exponent(number)
            assert k is not None
            flipped = self.group.has_minus_one and exact.sign(number) < 0
            image = self._value**k
            return -image if flipped and self._minus_one < 0 else image
        assert self._power is not None
        return _power(number, self._power, self._sign)

    def restrict(self, subgroup: ScalarGroup) -> Character:
        """The character on a smaller group.

        Raises
        ------
        IntertwineError
            If it is not a subgroup.
        """
        if not subgroup <= self.group:
            raise IntertwineError(f"{subgroup} is not contained in {self.group}")
        if subgroup.generator is not None:
            minus = self(-1) if subgroup.has_minus_one else None
            return Character.on_generator(subgroup, self(subgroup.generator), minus)
        if subgroup.is_discrete:
            return Character(subgroup, sign=int(subgroup.has_minus_one and self._sign))
        return Character(subgroup, self._power, self._sign)

    def __mul__(self, other: object) -> Character:
        """The product of two characters of one group."""
        if not isinstance(other, Character):
            return NotImplemented
        if self.group != other.group:
            raise IntertwineError(f"a character of {self.group} and one of {other.group} have no product")
        if self._value is not None:
            minus = self._minus_one * other._minus_one if self.group.has_minus_one else None
            return Character.on_generator(self.group, self._value * other._value, minus)
        assert self._power is not None and other._power is not None
        return Character(self.group, self._power + other._power, (self._sign + other._sign) % 2)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Character):
            return NotImplemented
        if self._sign != other._sign or self.group != other.group:
            return False
        if self._value is not None:
            return exact.equal(self._value, other._value)
        return exact.equal(self._power, other._power)

    def __hash__(self) -> int:
        return hash(("Character", self._sign, self.group))

    @property
    def expression(self) -> sp.Expr:
        """χ(a) as an expression in the real symbol ``a``, in its plainest form.

        On the cyclic types it holds for the elements of the group and for no other numbers.

        Examples
        --------
        >>> from intertwine.groups import NONZERO, POSITIVE, SIGN
        >>> Character(POSITIVE, sp.Rational(1, 2)).expression, Character(NONZERO, 2, 1).expression
        (sqrt(a), Abs(a)**2*sign(a))
        >>> Character(SIGN, sign=1).expression
        a
        """
        if self.group.generator is not None:
            return _cyclic_expression(self)
        if self.group.is_discrete:
            return A if self._sign else sp.S.One
        positive = not self.group.has_minus_one
        return _power_expression(self._power, self._sign, positive)

    def as_lambda(self) -> sp.Lambda:
        """χ as a SymPy function.

        Examples
        --------
        >>> from intertwine.groups import NONZERO
        >>> Character(NONZERO, 2).as_lambda()(-3)
        9
        """
        return sp.Lambda(A, self.expression)

    def __repr__(self) -> str:
        if self.group.generator is None:
            return f"χ: {self.group} → R*, a ↦ {write(self.expression)}"
        minus = f", -1 ↦ {self._minus_one}" if self.group.has_minus_one else ""
        return f"χ: {self.group} → R*, {show(self.group.generator)} ↦ {show(self._value)}{minus}"

    def latex(self) -> str:
        """The rule of the character as LaTeX.

        Examples
        --------
        >>> from intertwine.groups import NONZERO
        >>> print(Character(NONZERO, 3).latex())
        a \\mapsto \\left|{a}\\right|^{3}
        """
        if self.group.generator is None:
            return rf"a \mapsto {sp.latex(self.expression)}"
        minus = rf",\ -1 \mapsto {self._minus_one}" if self.group.has_minus_one else ""
        return rf"{sp.latex(self.group.generator)} \mapsto {sp.latex(self._value)}{minus}"

    @staticmethod
    def from_json(group: ScalarGroup, data: str | Mapping[str, object]) -> Character:
        """The character of a group that :meth:`to_json` wrote.

        Raises
        ------
        IntertwineError
            If the data do not describe a character of the group.

        Examples
        --------
        >>> from intertwine.groups import NONZERO
        >>> Character.from_json(NONZERO, "Abs(a)**3*sign(a)")
        χ: R* → R*, a ↦ a**3
        """
        from intertwine.groups.character_text import read_character

        return read_character(group, data)

    def to_json(self) -> str | dict[str, str]:
        """The expression as text, or the values on the generators for the cyclic types."""
        if self.group.generator is None:
            return write(self.expression)
        data = {"generator": write(self.group.generator), "value": write(self._value)}
        if self.group.has_minus_one:
            data["minus_one"] = str(self._minus_one)
        return data

    def numeric(self) -> NumericCharacter:
        """χ as a function on numpy arrays."""
        from intertwine.numeric import CyclicCharacter, PowerCharacter

        if self._value is not None:
            minus = float(self._minus_one) if self.group.has_minus_one else None
            return CyclicCharacter(exact.to_float(self.group.generator), exact.to_float(self._value), minus)
        return PowerCharacter(exact.to_float(self._power), self._sign)


def _rebuild(group: ScalarGroup, power: sp.Expr, sign: int, value: sp.Expr, minus: int) -> Character:
    chi = Character.__new__(Character)
    chi._set(group, power, sign, value, minus)
    return chi


def _power(a: sp.Expr, p: sp.Expr, sign: int) -> sp.Expr:
    """|a|**p * sign(a)**sign for an exact a != 0."""
    s = exact.sign(a)
    image = (a if s > 0 else -a) ** p
    return -image if s < 0 and sign else image


def _is_integer(p: sp.Expr) -> bool:
    return isinstance(p, sp.Integer)


def _power_expression(p: sp.Expr, sign: int, positive: bool) -> sp.Expr:
    """|a|**p * sign(a)**sign as a person would write it."""
    if exact.is_zero(p):
        p = sp.S.Zero
    if positive:
        # Built for a positive symbol and then renamed, so that SymPy may not rewrite it further.
        return (_POSITIVE_A**p).xreplace({_POSITIVE_A: A})
    if _is_integer(p) and int(p) % 2 == sign:
        return A**p
    if p == 0:
        return sp.sign(A)
    return sp.Abs(A) ** p * sp.sign(A) if sign else sp.Abs(A) ** p


def _cyclic_expression(chi: Character) -> sp.Expr:
    g, value = chi.group.generator, chi.value
    assert g is not None and value is not None
    modulus = g if exact.sign(g) > 0 else -g
    if chi.group.type == "cyclic" and exact.equal(g, value):
        return A
    negative = exact.sign(value) < 0
    p = _exponent(-value if negative else value, modulus)
    if modulus != g:
        return _power_expression(p, int(negative), positive=False)
    if not negative:
        return _power_expression(p, chi.sign, positive=not chi.group.has_minus_one)
    # (-1)**k with k = log|a|/log g an integer, written so that it is real.
    size = sp.Abs(A) if chi.group.has_minus_one else _POSITIVE_A
    parity = sp.cos(sp.pi * sp.log(size) / sp.log(g)).xreplace({_POSITIVE_A: A})
    return _power_expression(p, chi.sign, positive=not chi.group.has_minus_one) * parity


def _exponent(value: sp.Expr, modulus: sp.Expr) -> sp.Expr:
    """The p with modulus**p = value, rational where that is known."""
    if exact.equal(value, 1):
        return sp.S.Zero
    try:
        ratio = ratios.commensurability(value, modulus)
    except Undecided:
        ratio = None
    if ratio is not None:
        return sp.Rational(ratio.numerator, ratio.denominator)
    return sp.log(value) / sp.log(modulus)
