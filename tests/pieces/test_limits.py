"""Where the pieces end: exact locations, one-sided limits, extensions and expansions."""

from __future__ import annotations

from fractions import Fraction

import pytest

from intertwine.calculus.cells import RealRoot, rational_root
from intertwine.parsing import parse_term
from intertwine.pieces import pieces
from intertwine.pieces.expansions import Expander, NoExpansion
from intertwine.pieces.limits import one_sided, regular, sign_beside
from intertwine.pieces.locations import Location, Value, as_value, closed_form, mirrored
from intertwine.terms import ZERO, E, X, apply, num

CUBIC = RealRoot((-1, -1, 0, 1), 0)


def test_mirrored_twice() -> None:
    for r in (CUBIC, rational_root(Fraction(-3, 2)), RealRoot((-2, 0, 1), 0), RealRoot((1, -3, 0, 1), 1)):
        assert mirrored(mirrored(r)) == r
        assert float(as_value(mirrored(r))) == pytest.approx(-float(as_value(r)))


def test_closed_forms_are_the_numbers() -> None:
    for coefficients, index in (((-8, 0, 1), 1), ((-1, -1, 1), 0), ((5, 0, 0, 2), 0), ((-3, 0, 0, 0, 7), 0)):
        r = RealRoot(coefficients, index)
        form = closed_form(r)
        assert form is not None
        assert float(Value(form)) == pytest.approx(float(Value(X, r)))
    assert closed_form(CUBIC) is None


def test_values_at_a_root_without_closed_form() -> None:
    place = Location(CUBIC)
    assert repr(place.value(X**3 - X)) == "1"
    assert repr(place.value(X**2)) == "root(x**3 - 2*x**2 + x - 1, 0)"
    assert repr(place.value(apply("exp", X))) == "(exp(x) at x = root(x**3 - x - 1, 0))"
    assert place.equal(apply("exp", X**3 - X), E) is True
    assert place.equal(apply("exp", X), E) is False
    assert place.sign(apply("sin", X**3 - X - 1)) == 0


def test_numbers_too_long_to_be_written_are_left_out() -> None:
    found = pieces(parse_term("Max(x, 0)**Piecewise((3000*x, x < 100), (0, True))"))
    assert found is not None
    assert found.at(100) in found.breaks
    assert "not known" in found.describe()


def test_limits() -> None:
    zero = Location(rational_root(Fraction(0)))
    assert one_sided(parse_term("(exp(x) - 1)/x"), zero, 1).limit == num(1)
    assert one_sided(parse_term("(exp(x) - 1 - x)/x**2"), zero, 1).limit == num(1, 2)
    assert one_sided(parse_term("x*log(x)"), zero, 1).limit == ZERO
    assert one_sided(parse_term("1/x"), zero, -1).limit == "-oo"
    assert one_sided(parse_term("sin(1/x)"), zero, 1).limit == "none"
    assert one_sided(parse_term("floor(x)"), zero, -1).limit == num(-1)
    # The derivative of x**2*sin(1/x) oscillates although the slope is 0: that is not called "none".
    assert one_sided(parse_term("x**2*sin(1/x)"), zero, 1).slope is None


def test_sign_beside_a_zero() -> None:
    zero = Location(rational_root(Fraction(0)))
    assert [sign_beside(parse_term("sin(x) - x"), zero, side) for side in (-1, 1)] == [1, -1]
    assert sign_beside(parse_term("frac(x)"), zero, -1) == 1
    assert sign_beside(parse_term("log(x)"), zero, 1) == -1
    assert sign_beside(parse_term("sin(1/x)"), zero, 1) is None


def test_regular_extension() -> None:
    zero = Location(rational_root(Fraction(0)))
    assert regular(parse_term("sin(x)/x"), zero)
    assert not regular(parse_term("sqrt(x**2)/x*x"), zero)
    assert not regular(parse_term("exp(-1/x**2)"), zero)


def test_expansion_needs_decided_coefficients() -> None:
    with pytest.raises(NoExpansion):
        Expander(ZERO, 1).of(parse_term("log(x)"))
    lead = Expander(ZERO, 1).of(parse_term("sqrt(sin(x)**3)")).lead
    assert lead == (Fraction(3, 2), num(1))
