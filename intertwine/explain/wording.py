"""How numbers, functions and enclosures are written in a derivation."""

from __future__ import annotations

import re
from fractions import Fraction

from flint import arb

from intertwine.calculus.enclosure import Unclear, UndefinedAt, enclose, precision
from intertwine.groups import Character
from intertwine.terms import ONE, ZERO, Term, X, apply, mul, num, power, to_text

LONGEST = 120
_ENCLOSURE = re.compile(r"\[(\S+) \+/- (\S+)\]")
_ZEROS = re.compile(r"(\.\d*?)0+(?=e|$)")


def text(value: Term | Fraction | str) -> str:
    """A term or a fraction as text, cut when it is too long to read.

    Examples
    --------
    >>> text(Fraction(1, 3)), text(Fraction(10**60))
    ('1/3', '10**60')
    """
    if isinstance(value, Fraction):
        found = _fraction(value)
    elif isinstance(value, Term) and value.value is not None:
        found = _fraction(value.value)
    else:
        found = value if isinstance(value, str) else to_text(value)
    return found if len(found) <= LONGEST else f"{found[: LONGEST - 20]} … {found[-15:]}"


def _fraction(value: Fraction) -> str:
    parts = [_integer(value.numerator)] + ([_integer(value.denominator)] if value.denominator != 1 else [])
    return "/".join(parts)


def _integer(n: int) -> str:
    """Powers of 2 and 10 with many digits are written as such."""
    size = abs(n)
    sign = "-" if n < 0 else ""
    if size >= 10**12 and size & (size - 1) == 0:
        return f"{sign}2**{size.bit_length() - 1}"
    digits = str(size) if size.bit_length() < 13_000 else ""
    if len(digits) > 12 and digits == "1" + "0" * (len(digits) - 1):
        return f"{sign}10**{len(digits) - 1}"
    return sign + digits if digits else "a very long number"


def enclosure(shown: str) -> str:
    """An enclosure as a person writes it.

    Examples
    --------
    >>> enclosure("[0.841344746068543 +/- 5.16e-17]"), enclosure("1.00000000000000"), enclosure("0")
    ('0.841344746068543 ± 5.16e-17', '1', '0')
    """
    found = _ENCLOSURE.fullmatch(shown)
    if found is not None:
        return f"{found[1]} ± {found[2]}"
    return _ZEROS.sub(r"\1", shown).replace(".e", "e").rstrip(".") if "." in shown else shown


def monomial(coefficient: Term, degree: Term, side: int) -> str:
    """``c*x**p`` on the right half-line, ``c*Abs(x)**p`` on the left one, without needless factors.

    Examples
    --------
    >>> monomial(num(3), num(2), 1), monomial(num(1, 5), num(3), -1), monomial(num(-1), num(1), -1)
    ('3*x**2', 'Abs(x)**3/5', 'x')
    """
    if coefficient == ZERO or degree == ZERO:
        return text(coefficient)
    if side < 0 and degree == ONE:
        return text(mul(num(-1), coefficient, X))
    base = X if side > 0 or _is_even(degree) else apply("Abs", X)
    return text(mul(coefficient, power(base, degree)))


def _is_even(degree: Term) -> bool:
    return degree.value is not None and degree.value.denominator == 1 and degree.value.numerator % 2 == 0


def scaled(d: Term, point: Fraction | str) -> str:
    """The point ``d*t``: computed when both are rational, as a product otherwise."""
    if d.value is not None and isinstance(point, Fraction):
        return text(d.value * point)
    if d.value == -1 and isinstance(point, str):
        return f"-{point}"
    factor = text(d) if d.op not in ("add", "mul") or d.value is not None else f"({text(d)})"
    if not isinstance(point, Fraction):
        return f"{factor}*{point}"
    return text(d) if point == 1 else f"{factor}*{text(point)}" if point >= 0 else f"{factor}*({text(point)})"


def determinant(core: Term, d: Term, points: tuple[Fraction, ...], bits: int) -> str | None:
    """An enclosure of ``s(d t1) s(t2) - s(d t2) s(t1)`` as text; None if it cannot be had again."""
    first, second = points
    try:
        v, w, dv, dw = (
            enclose(core.subs(mul(factor, num(t))), Fraction(1), bits + 32)
            for factor, t in ((ONE, first), (ONE, second), (d, first), (d, second))
        )
    except (Unclear, UndefinedAt):
        return None
    with precision(bits + 32):
        difference: arb = dv * w - dw * v
    return enclosure(str(difference.str(8))) if difference != 0 else None


def character_rule(chi: Character) -> str:
    """χ as ``χ(a) = …``, or its values on the generators.

    Examples
    --------
    >>> from intertwine.groups import NONZERO, Cyclic
    >>> character_rule(Character(NONZERO, 2)), character_rule(Character.on_generator(Cyclic(2), 3))
    ('χ(a) = a**2', 'χ(2) = 3')
    """
    data = chi.to_json()
    if isinstance(data, str):
        return f"χ(a) = {text(data)}"
    values = [f"χ({text(data['generator'])}) = {text(data['value'])}"]
    return ", ".join(values + ([f"χ(-1) = {data['minus_one']}"] if "minus_one" in data else []))
