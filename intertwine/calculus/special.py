"""Exact rules for special functions: values, recurrences, reflection, derivatives."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import fmpq

from intertwine.calculus.enclosure import Unclear, UndefinedAt, enclose
from intertwine.calculus.tower import Element, Generator, NoNormalForm, rational
from intertwine.terms import apply

if TYPE_CHECKING:
    from intertwine.calculus.normal import NormalForm

ZERO_AT_ZERO = frozenset({"atan", "asin", "erf", "Si", "fresnels", "fresnelc", "LambertW"})
SHIFT_LIMIT = 40


def special_value(nf: NormalForm, name: str, u: Element) -> Element | None:
    """An exact value of an otherwise opaque function, when the argument is one of a few constants."""
    if u.num.is_zero() and name in ZERO_AT_ZERO:
        return rational(0)
    if not nf.tower.is_constant(u):
        return None
    if name in ("atan", "asin"):
        return _arc(nf, name, u)
    return _lambert(nf, u) if name == "LambertW" else None


def _lambert(nf: NormalForm, u: Element) -> Element | None:
    """``W(c exp(c)) = c`` for a simple rational ``c >= -1``."""
    try:
        value = enclose(apply("LambertW", nf.term(u)), Fraction(1), 128)
    except (Unclear, UndefinedAt):
        return None
    if abs(value) > 10**6:
        return None
    guess = Fraction(float(value.mid())).limit_denominator(64)
    c = rational(fmpq(guess.numerator, guess.denominator))
    return c if guess >= -1 and nf.tower.is_zero(u - c * nf.exp(c)) else None


def _arc(nf: NormalForm, name: str, u: Element) -> Element | None:
    root = {k: nf.rational_power(rational(k), fmpq(1, 2)) for k in (2, 3) if u.rational_value is None}
    table: list[tuple[Element, fmpq]] = []
    if name == "atan":
        table.append((rational(1), fmpq(1, 4)))
        if root:
            table += [(root[3], fmpq(1, 3)), (root[3] / rational(3), fmpq(1, 6))]
    else:
        table += [(rational(1), fmpq(1, 2)), (rational(fmpq(1, 2)), fmpq(1, 6))]
        if root:
            table += [(root[2] / rational(2), fmpq(1, 4)), (root[3] / rational(2), fmpq(1, 3))]
    for value, angle in table:
        for sign in (1, -1):
            if nf.tower.is_zero(u - rational(sign) * value):
                return rational(sign * angle) * nf.pi
    return None


def _integer_part(nf: NormalForm, u: Element) -> int:
    """The floor of the rational constant term of ``u``."""
    constant = fmpq(0)
    for c, unit in nf.pieces(u):
        if unit.rational_value == 1:
            constant = fmpq(c)
    whole = int(constant.floor())
    if abs(whole) > SHIFT_LIMIT:
        raise NoNormalForm("shift too large")
    return whole


def gamma_function(nf: NormalForm, u: Element) -> Element:
    """``gamma(u)`` by the functional and the reflection equation."""
    u = nf.tower.reduce(u)
    if not u.num.is_zero() and u.num.leading_coefficient() < 0 and not nf.tower.is_constant(u):
        sine = (nf.exp(nf.i * nf.pi * u) - nf.exp(-(nf.i * nf.pi * u))) / (rational(2) * nf.i)
        return nf.pi / (sine * gamma_function(nf, rational(1) - u))
    shift = _integer_part(nf, u)
    rest = u - rational(shift)
    value = rest.rational_value
    if value is not None:
        if value == 0:
            if shift <= 0:
                raise NoNormalForm("pole of gamma")
            rest, shift, base = rational(1), shift - 1, rational(1)
        elif value == fmpq(1, 2):
            base = nf.rational_power(nf.pi, fmpq(1, 2))
        else:
            base = nf.opaque_generator("gamma", rest)
    else:
        base = nf.opaque_generator("gamma", rest)
    for k in range(shift):
        base = base * (rest + rational(k))
    for k in range(shift, 0):
        base = base / (rest + rational(k))
    return base


def digamma_function(nf: NormalForm, u: Element) -> Element:
    """``digamma(u)`` by the functional equation."""
    shift = _integer_part(nf, u)
    rest = u - rational(shift)
    base = nf.opaque_generator("digamma", rest)
    for k in range(shift):
        base = base + rational(1) / (rest + rational(k))
    for k in range(shift, 0):
        base = base - rational(1) / (rest + rational(k))
    return base


def bessel(nf: NormalForm, name: str, order: fmpq, u: Element) -> Element:
    """Bessel functions reduced to two neighbouring orders; half-integer orders are elementary."""
    if abs(order) > SHIFT_LIMIT:
        raise NoNormalForm("Bessel order too large")
    u = nf.tower.reduce(u)
    if order.q == 1:
        if u.num.is_zero() and name != "bessely":
            return rational(1 if order == 0 else 0)
        n = abs(int(order.p))
        sign = -1 if order < 0 and n % 2 and name != "besseli" else 1
        if name != "bessely" and u.num.leading_coefficient() < 0:
            u, sign = -u, sign * (-1 if n % 2 else 1)
        return rational(sign) * _recur(nf, name, fmpq(0), n, u)
    base = order - order.floor() - (1 if order.q == 2 else 0)
    return _recur(nf, name, base, int(order - base), u)


def _recur(nf: NormalForm, name: str, base: fmpq, steps: int, u: Element) -> Element:
    low, high = _start(nf, name, base, u), _start(nf, name, base + 1, u)
    if steps in (0, 1):
        return (low, high)[steps]
    sign = rational(-1 if name == "besseli" else 1)  # I: I(v+1) = I(v-1) - 2v/u I(v)
    nu = base + 1
    for _ in range(steps - 1):
        low, high = high, sign * (rational(2 * nu) / u * high - low)
        nu += 1
    for _ in range(-steps):
        nu -= 1
        low, high = rational(2 * nu) / u * low - high if name != "besseli" else high + rational(2 * nu) / u * low, low
    return high if steps > 0 else low


def _start(nf: NormalForm, name: str, order: fmpq, u: Element) -> Element:
    if order not in (fmpq(1, 2), fmpq(-1, 2)):
        return nf.opaque_generator(name, u, (order,))
    scale = nf.rational_power(rational(2) / (nf.pi * u), fmpq(1, 2))
    if name == "besseli":
        e = nf.exp(u)
        return scale * (e + rational(-1 if order > 0 else 1) / e) / rational(2)
    z = nf.exp(nf.i * u)
    sine = (z - rational(1) / z) / (rational(2) * nf.i)
    cosine = (z + rational(1) / z) / rational(2)
    if name == "besselj":
        return scale * (sine if order > 0 else cosine)
    return scale * (-cosine if order > 0 else sine)


def _half_angle_square(nf: NormalForm, u: Element) -> Element:
    return nf.pi * u * u / rational(2)


def _sine(nf: NormalForm, u: Element) -> Element:
    z = nf.exp(nf.i * u)
    return (z - rational(1) / z) / (rational(2) * nf.i)


def _cosine(nf: NormalForm, u: Element) -> Element:
    z = nf.exp(nf.i * u)
    return (z + rational(1) / z) / rational(2)


_DERIVATIVES: dict[str, Callable[[NormalForm, Element, Element], Element]] = {
    "erf": lambda nf, u, g: rational(2) * nf.exp(-(u * u)) / nf.rational_power(nf.pi, fmpq(1, 2)),
    "atan": lambda nf, u, g: rational(1) / (rational(1) + u * u),
    "asin": lambda nf, u, g: rational(1) / nf.rational_power(rational(1) - u * u, fmpq(1, 2)),
    "Si": lambda nf, u, g: _sine(nf, u) / u,
    "Ci": lambda nf, u, g: _cosine(nf, u) / u,
    "fresnels": lambda nf, u, g: _sine(nf, _half_angle_square(nf, u)),
    "fresnelc": lambda nf, u, g: _cosine(nf, _half_angle_square(nf, u)),
    "airyai": lambda nf, u, g: nf.opaque_generator("airyaiprime", u),
    "airybi": lambda nf, u, g: nf.opaque_generator("airybiprime", u),
    "airyaiprime": lambda nf, u, g: u * nf.opaque_generator("airyai", u),
    "airybiprime": lambda nf, u, g: u * nf.opaque_generator("airybi", u),
    "LambertW": lambda nf, u, g: g / (u * (rational(1) + g)),
    "gamma": lambda nf, u, g: g * digamma_function(nf, u),
}


def derivative_of(nf: NormalForm, generator: Generator, g: Element) -> Element:
    """The derivative of an opaque generator by its argument."""
    name: Any = generator.family[0]
    u = generator.argument
    assert u is not None
    if name in ("besselj", "bessely", "besseli"):
        order = fmpq(*(int(part) for part in (generator.family[1][0].split("/") + ["1"])[:2]))
        step = rational(1 if name == "besseli" else -1) * bessel(nf, name, order + 1, u)
        return rational(order) / u * g + step
    rule = _DERIVATIVES.get(name)
    if rule is None:
        raise NoNormalForm(f"derivative of {name}")
    return rule(nf, u, g)
