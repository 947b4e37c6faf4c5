"""Activations with more affine symmetry than others, recognised by an identity: exponentials, waves, polynomials.

Each model is carried over by every relation ``τ(at + c) = b σ(t) + d``, and two activations of one model are related by
maps that are written down at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from intertwine.calculus.cells import polynomial_ratio
from intertwine.calculus.constants import constants_equal, simplified
from intertwine.calculus.core import reflected
from intertwine.calculus.identity import prove_equal
from intertwine.pairs.local import Local
from intertwine.pieces.locations import constant_sign
from intertwine.terms import ONE, PI, ZERO, Term, X, add, apply, mul, num, power


@dataclass(frozen=True)
class Exponential:
    """``s(t) = scale*exp(rate*t) + slope*t + constant``, rate and scale not zero."""

    rate: Term
    scale: Term
    slope: Term
    constant: Term

    @property
    def term(self) -> Term:
        """The function."""
        return add(mul(self.scale, apply("exp", mul(self.rate, X))), mul(self.slope, X), self.constant)


@dataclass(frozen=True)
class Wave:
    """``s(t) = cosine*cos(frequency*t) + sine*sin(frequency*t) + slope*t + constant``, frequency positive."""

    frequency: Term
    cosine: Term
    sine: Term
    slope: Term
    constant: Term

    @property
    def term(self) -> Term:
        """The function."""
        angle = mul(self.frequency, X)
        wave = add(mul(self.cosine, apply("cos", angle)), mul(self.sine, apply("sin", angle)))
        return add(wave, mul(self.slope, X), self.constant)

    @property
    def phase(self) -> Term:
        """``p`` with ``s(t) = r*sin(frequency*t + p) + slope*t + constant``, ``r`` not zero (perhaps negative)."""
        if constant_sign(self.sine) == 0:
            return PI / 2
        return simplified(apply("atan", simplified(self.cosine / self.sine)))


@dataclass(frozen=True)
class Polynomial:
    """A polynomial of degree at least 2, with the point where its last derivative but one vanishes."""

    degree: int
    centre: Term


Model = Exponential | Wave | Polynomial


def polynomial_model(core: Term) -> Polynomial | None:
    """The degree and the centre of a polynomial with rational coefficients."""
    ratio = polynomial_ratio(core)
    if ratio is None or ratio[1].degree() > 0 or ratio[0].degree() < 2:
        return None
    c = [q / ratio[1][0] for q in ratio[0].coeffs()]
    n = len(c) - 1
    centre = -c[n - 1] / (n * c[n])
    return Polynomial(n, num(Fraction(int(centre.p), int(centre.q))))


def exponential_model(core: Term, here: Local) -> Exponential | None:
    """The model of an exponential, proved.

    Examples
    --------
    >>> from intertwine.pairs.local import look
    >>> from intertwine.parsing import parse_term
    >>> from intertwine.pieces import pieces
    >>> t = parse_term("3 - 2**(x + 1)")
    >>> exponential_model(t, look(t, pieces(t), ZERO, False))
    Exponential(rate=log(2), scale=-2, slope=0, constant=3)
    """
    found = _only_exponential(here)
    return found if isinstance(found, Exponential) and _same(core, found.term) else None


def wave_model(core: Term, here: Local) -> Wave | None:
    """The model of a sine wave on a line, proved.

    Examples
    --------
    >>> from intertwine.pairs.local import look
    >>> from intertwine.parsing import parse_term
    >>> from intertwine.pieces import pieces
    >>> t = parse_term("snake(x)")
    >>> wave_model(t, look(t, pieces(t), ZERO, False))
    Wave(frequency=2, cosine=-1/2, sine=0, slope=1, constant=1/2)
    """
    found = _only_wave(here)
    return found if isinstance(found, Wave) and _same(core, found.term) else None


def is_none_like(core: Term, here: Local, model: Model) -> bool:
    """Whether it is proved that an activation is of another kind than the model (an exponential, a wave, a polynomial).

    The first derivatives at 0 leave one candidate at most, which the value at one point refutes.
    """
    if isinstance(model, Polynomial):
        degrees = [k for k in here.right.coefficients if k > 1]
        return here.right.expansion is not None and bool(degrees) and (
            max(degrees) > model.degree or any(k.denominator > 1 for k in degrees)
        )
    found = _only_exponential(here) if isinstance(model, Exponential) else _only_wave(here)
    if isinstance(found, str):
        return True
    if found is None:
        return False
    points = [num(p) for p in (1, -1, 2, Fraction(1, 2), -3, 5)]
    return any(constants_equal(core.subs(p), found.term.subs(p)) is False for p in points)


def _only_exponential(here: Local) -> Exponential | str | None:
    """The one exponential with the derivatives at 0; "none" if there is none; None: not known."""
    c = _taylor(here, 3)
    if c is None:
        return None
    if 0 in (constant_sign(c[2]), constant_sign(c[3])):
        return "none"
    rate = simplified(mul(num(3), c[3]) / c[2])
    scale = simplified(mul(num(2), c[2]) / power(rate, num(2)))
    return Exponential(rate, scale, simplified(c[1] - scale * rate), simplified(c[0] - scale))


def _only_wave(here: Local) -> Wave | str | None:
    """The one wave with the derivatives at 0; "none" if there is none; None: not known."""
    c = _taylor(here, 5)
    if c is None:
        return None
    if constant_sign(c[2]) == constant_sign(c[3]) == 0:
        return "none"
    k = 2 if constant_sign(c[2]) else 3
    # s'' solves f'' = -w^2 f
    square = simplified(mul(num(-(k + 1) * (k + 2)), c[k + 2]) / c[k])
    sign = constant_sign(square)
    if sign != 1:
        return None if sign is None else "none"
    w = simplified(power(square, num(1, 2)))
    cosine = simplified(mul(num(-2), c[2]) / square)
    sine = simplified(mul(num(-6), c[3]) / (square * w))
    return Wave(w, cosine, sine, simplified(c[1] - sine * w), simplified(c[0] - cosine))


def _taylor(here: Local, order: int) -> list[Term] | None:
    """The coefficients at 0, if there are so many."""
    expansion = here.right.expansion
    if expansion is None or (expansion.order is not None and expansion.order <= order):
        return None
    if any(k.denominator != 1 or k < 0 for k in expansion.coefficients):
        return None
    return [expansion.coefficients.get(Fraction(k), ZERO) for k in range(order + 1)]


def _same(core: Term, model: Term) -> bool:
    """Whether two terms are the same function on the line, by identities."""
    if prove_equal(core, model) is None or prove_equal(reflected(core), reflected(model)) is None:
        return False
    return constants_equal(core.subs(num(0)), model.subs(num(0))) is True


def _exponentials(first: Exponential, second: Exponential) -> list[tuple[Term, Term]] | None:
    """``b`` is the quotient of the slopes, if there are any; it gives the shift."""
    a = simplified(first.rate / second.rate)
    flat = [constant_sign(m.slope) == 0 for m in (first, second)]
    if all(flat):
        return [(a, ZERO)]
    if any(flat):
        return [] if all(constant_sign(m.slope) is not None for m in (first, second)) else None
    growth = simplified(a * second.slope / first.slope * first.scale / second.scale)  # exp(rate * c)
    sign = constant_sign(growth)
    if sign != 1:
        return [] if sign == -1 else None
    return [(a, simplified(apply("log", growth) / second.rate))]


def between(first: Model, second: Model) -> list[tuple[Term, Term]] | None:
    """Maps ``(a, c)`` between two activations of one model, one of which relates them if any does; None: not known."""
    if isinstance(first, Exponential) and isinstance(second, Exponential):
        return _exponentials(first, second)
    if isinstance(first, Wave) and isinstance(second, Wave):
        # the wave is odd about its zeros, slope and all, so a > 0 will do; half a period changes the sign of b
        a = simplified(first.frequency / second.frequency)
        c = simplified((first.phase - second.phase) / second.frequency)
        return [(a, c), (a, simplified(c + PI / second.frequency))]
    if isinstance(first, Polynomial) and isinstance(second, Polynomial) and first.degree == second.degree == 2:
        return [(ONE, simplified(second.centre - first.centre))]
    return None
