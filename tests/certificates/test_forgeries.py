"""False claims, each with the most convincing evidence that a forger could think of."""

from __future__ import annotations

import pytest

from intertwine.certificates import Certificate
from intertwine.errors import CertificateError
from tests.certificates.writing import (
    ALONE,
    CONSTANT,
    DEFINABLE,
    EVEN,
    LINEAR,
    ODD,
    bent,
    beyond,
    case,
    certificate,
    claim,
    exponents,
    flat,
    gap,
    half,
    leading,
    line,
    member,
    not_leading,
    one_sided,
    out,
    power,
    preserved,
    tame,
    varied,
)

NONZERO, POSITIVE = claim("nonzero", "a"), claim("positive", "a")
THIN, RIGHT = case("thin complement"), beyond(1)
HALVES = (power(1, "1", "1"), power(-1, "1", "1"))


def line_of(text: str) -> Certificate:
    """The claim that an activation is the identity in disguise."""
    return certificate(text, "affine", LINEAR, line("1", "0"))


def parity(text: str, b: str) -> Certificate:
    """The claim that an activation is even, or odd, of which everything else is true."""
    return certificate(
        text, "one tame end", EVEN if b == "1" else ODD, bent("1/2", "3/4", "9/4"), THIN, tame("0+", "0", "1/4"),
        out("2", "3/4", "7/3"), member("-1", b),
    )  # fmt: skip


FORGERIES = {
    "a cubic with a tiny linear part as homogeneous": certificate(
        "x**3+x/10**30", "homogeneous", claim("nonzero", "a**3"), bent("0", "1", "2"), *DEFINABLE, power(1, "1", "3"),
        power(-1, "-1", "3"), member("-1", "-1"),
    ),
    "degrees that differ by 1e-20": certificate(
        "Piecewise((x**2, x>0), (exp((2+10**-20)*log(-x)), x<0))", "homogeneous", claim("positive", "a**2"),
        bent("-1", "1", "2"), *DEFINABLE, power(1, "1", "2"), power(-1, "1", "2"), out("-1", "1", "-2"),
    ),
    "relu as monomial": certificate(
        "relu", "homogeneous", NONZERO, bent("-1", "0", "1"), *DEFINABLE, power(1, "1", "1"), power(-1, "0"),
        member("-1", "-1"),
    ),
    "relu as monomial, without the member": certificate(
        "relu", "homogeneous", NONZERO, bent("-1", "0", "1"), *DEFINABLE, power(1, "1", "1"), power(-1, "0"),
    ),
    "abs as scaled by positive numbers only": certificate(
        "abs(x)", "homogeneous", POSITIVE, bent("-1", "0", "1"), *DEFINABLE, *HALVES, out("-1", "1", "2"),
    ),
    "gelu as a signed permutation": certificate(
        "gelu", "dichotomy", ODD, bent("-1", "0", "1"), *DEFINABLE, out("2", "1", "2"), member("-1", "-1"),
    ),
    "gelu(x)-gelu(-x)+10**-60*gelu(x) as linear": line_of("gelu(x)-gelu(-x)+10**-60*gelu(x)"),
    "an almost integer as zero": line_of("x+x**2*(exp(pi*sqrt(163))-262537412640768744)"),
    "a hole that is an interval as removable": line_of("x+0*sqrt(x**2-1)"),
    "a hole between two points as removable": line_of("Piecewise((x, Ne(floor(x), 3)))"),
    "a hole to the left of a point as removable": line_of("Piecewise((x, Ne(abs(x-1)+x-1, 0)))"),
    "no domain at all as removable": line_of("Piecewise((x, Ne(2*atan(tanh(x/2))-atan(sinh(x)), 0)))"),
    "undefined points that accumulate at 0": line_of("x*tan(log(abs(x)))*cot(log(abs(x)))"),
    "another value at one irrational point": line_of("Piecewise((5, Eq(x, sqrt(2))), (x, True))"),
    "another value at one transcendental point": line_of("Piecewise((5, Eq(x, exp(1/3))), (x, True))"),
    "another value at many points": line_of("Piecewise((-x, Eq(sin(x), 0)), (x, True))"),
    "another value at 0": line_of("Piecewise((1, Eq(x, 0)), (x, True))"),
    "a value at an integer": line_of("Piecewise((x+1, Eq(x, 1000)), (x, True))"),
    "a jump at 0 as removable": certificate("sign(x)", "constant", CONSTANT, line("0", "1")),
    "the sign, with the wrong slope on the left": certificate("sign(x)", "affine", LINEAR, line("0", "1")),
    "the absolute value as linear": line_of("abs(x)"),
    "the principal root of a square as linear": line_of("sqrt(x**2)"),
    "a logarithm outside its domain": line_of("exp(log(x))"),
    "an equation with a singular end": certificate(
        "cbrt(x)*Heaviside(x)", "homogeneous", claim("nonzero", "Abs(a)**(1/3)*sign(a)"), bent("-1", "0", "1"),
        *DEFINABLE, power(1, "1", "1/3"), power(-1, "-1", "1/3"), member("-1", "-1"),
    ),
    "a whole number in disguise as an exponent": certificate(
        "x**(log(9)/log(3))", "homogeneous", claim("positive", "a**2"), bent("3", "1", "2"), *DEFINABLE,
        power(1, "1", "2"), power(-1, None), one_sided(1, "1"),
    ),
    "an isolated point of the domain": certificate(
        "Piecewise((-x, x<0), (1, Eq(x, 1)))", "homogeneous", POSITIVE, bent("-1", "-2", "1"), *DEFINABLE,
        power(-1, "1", "1"), power(1, None), one_sided(-1, "-1"),
    ),
    "the value at 0 overlooked": certificate(
        "Piecewise((1/x, x>0), (1, True))*Heaviside(x)+0*x", "homogeneous", claim("positive", "1/a"),
        bent("1", "2", "3"), *DEFINABLE, power(1, "1", "-1"), power(-1, "0"), out("-1", "1", "-1"),
    ),
    "a value at 0 that forces b = 1": certificate(
        "Piecewise((sin(log(abs(x))), Ne(x,0)), (1, True))", "least period",
        claim("sign-cyclic", {"generator": "exp(pi)", "value": "-1", "minus_one": "1"}, generator="exp(pi)"),
        bent("1", "2", "3"), THIN, half(1, "exp(pi)", "-1"), half(-1, "exp(pi)", "-1"), gap(1, "22/10", "104/10"),
        out("exp(pi/2)", "1", "2"), member("-1", "1"),
    ),
    "floor as odd": parity("x*floor(x)", "-1"),
    "odd off the integers only": parity("frac(x)-1/2", "-1"),
    "odd off the half-integers only": parity("x-floor(x+1/2)", "-1"),
    "even off the zeros of the sine only": parity("Piecewise((x**2, sin(x)**2>0), (x**3, True))", "1"),
    "even but at one irrational point": parity("Piecewise((x**3, Eq(x, exp(pi))), (x**2+x**4, True))", "1"),
    "a bump at 1000 overlooked": certificate(
        "x+exp(-10**6*(x-1000)**2)", "dichotomy", ODD, bent("999", "1000", "1001"), *DEFINABLE,
        out("2", "500", "1000"), member("-1", "-1"),
    ),
    "a period that is twice the least": certificate(
        "sin(log(x))", "least period", claim("cyclic", {"generator": "exp(2*pi)", "value": "1"}, generator="exp(2*pi)"),
        bent("1", "2", "3"), RIGHT, half(1, "exp(2*pi)", "1"), half(1, "exp(pi)", "-1"), gap(1, "22/10", "104/10"),
        out("exp(pi/2)", "1", "2"), out("exp(2*pi/3)", "1", "2"), power(-1, None), one_sided(1, "1"),
    ),
    "a gap that is too long": certificate(
        "sin(log(x))", "least period", claim("cyclic", {"generator": "exp(2*pi)", "value": "1"}, generator="exp(2*pi)"),
        bent("1", "2", "3"), RIGHT, half(1, "exp(2*pi)", "1"), gap(1, "22/10", "1000"), power(-1, None),
        one_sided(1, "1"),
    ),
    "a half period of something positive": certificate(
        "exp(sin(log(x)))", "least period",
        claim("cyclic", {"generator": "exp(pi)", "value": "1"}, generator="exp(pi)"), bent("1", "2", "3"), RIGHT,
        half(1, "exp(pi)", "1"), gap(1, "22/10", "104/10"), out("exp(pi/2)", "1", "2"), power(-1, None),
        one_sided(1, "1"),
    ),
    "two sides that are scaled differently": certificate(
        "Piecewise((sin(log(x)), x>0), (sin(2*log(-x)), x<0))", "least period",
        claim("cyclic", {"generator": "exp(pi)", "value": "-1"}, generator="exp(pi)"), bent("1", "2", "3"), THIN,
        half(1, "exp(pi)", "-1"), half(-1, "exp(pi)", "1"), gap(1, "22/10", "104/10"), out("exp(pi/2)", "1", "2"),
        out("-1", "2", "-2"), out("-exp(pi/2)", "2", "-2"),
    ),
    "two sides of different size as exchanged": certificate(
        "Piecewise((sin(log(x)), x>0), (2*sin(log(-x)), x<0))", "least period",
        claim("sign-cyclic", {"generator": "exp(pi)", "value": "-1", "minus_one": "1"}, generator="exp(pi)"),
        bent("1", "2", "3"), THIN, half(1, "exp(pi)", "-1"), half(-1, "exp(pi)", "-1"), gap(1, "22/10", "104/10"),
        out("exp(pi/2)", "1", "2"), member("-1", "1"),
    ),
    "a plateau of a homogeneous function": certificate(
        "relu", "least period", claim("cyclic", {"generator": "2", "value": "2"}, generator="2"), bent("-1", "0", "1"),
        *DEFINABLE, half(1, "2", "2"), half(-1, "2", "2"), gap(1, "1", "19/10", "plateau"), power(-1, "0"),
        out("-1", "1", "-1"), out("-sqrt(2)", "1", "-1"),
    ),
    "a log-periodic function as trivial, tame at an end": certificate(
        "sin(log(x))", "one tame end", ALONE, bent("1", "2", "3"), RIGHT, tame("0+", "0", "1/100"),
        out("2", "1", "3"), one_sided(1, "1"),
    ),
    "a homogeneous half-line as tame and rigid": certificate(
        "leaky_relu", "one tame end", ALONE, bent("-1", "0", "1"), *DEFINABLE, tame("oo", "1", None),
        out("-2", "-1", "1"), out("-1", "1", "-1"),
    ),
    "a log-periodic function as definable": certificate(
        "sin(log(abs(x)))", "dichotomy", EVEN, bent("1", "2", "3"), *DEFINABLE, out("2", "1", "3"), member("-1", "1"),
    ),
    "a log-periodic function as different from its leading term": certificate(
        "sin(log(x))", "asymptotics", ALONE, bent("1", "2", "3"), RIGHT, leading(1, "oo", "log", nonzero="2"),
        not_leading(1, "oo", "3"), one_sided(1, "1"),
    ),
    "a log-periodic function as drifting": certificate(
        "sin(log(x))", "asymptotics", ALONE, bent("1", "2", "3"), RIGHT, leading(1, "oo", "drifting"),
        one_sided(1, "1"),
    ),
    "a log-periodic function with an amplitude": certificate(
        "x**2*sin(log(x))", "asymptotics", ALONE, bent("1", "2", "3"), RIGHT,
        leading(1, "oo", "log", pure=False, nonzero="2"), one_sided(1, "1"),
    ),
    "a preserved set of a log-periodic function": certificate(
        "sin(log(x))", "preserved sets", ALONE, bent("1", "2", "3"), RIGHT, preserved(1, "oo", "10", "1"),
        one_sided(1, "1"),
    ),
    "one frequency taken for two": certificate(
        "sin(log(x))+sin(3*log(x))", "exponents", ALONE, bent("1", "2", "3"), RIGHT, one_sided(1, "1"),
        exponents("frequencies", ["0", "1"], ["0", "3"]),
    ),
    "a frequency that is not there": certificate(
        "sin(log(x))", "exponents", ALONE, bent("1", "2", "3"), RIGHT, one_sided(1, "1"),
        exponents("frequencies", ["0", "1"], ["0", "sqrt(2)"]),
    ),
    "a power that cancels": certificate(
        "sin(log(x))+x-x", "exponents", ALONE, bent("1", "2", "3"), RIGHT, one_sided(1, "1"),
        exponents("powers", ["0", "1"], ["1", "0"]),
    ),
    "a constant as not constant": certificate(
        "log(2*x)-log(x)", "homogeneous", claim("positive", "1"), varied("1", "2"), *DEFINABLE, power(1, "log(2)"),
        power(-1, None), one_sided(1, "1"),
    ),
    "a constant on the line as monomial": certificate(
        "x/x", "homogeneous", claim("nonzero", "1", unique=False), flat("1"), THIN, power(1, "1"), power(-1, "1"),
        member("-1", "1"),
    ),
    "a linear function as monomial": certificate(
        "x", "homogeneous", NONZERO, varied("1", "2"), *DEFINABLE, power(1, "1", "1"), power(-1, "-1", "1"),
        member("-1", "-1"),
    ),
    "a linear function as bent": certificate(
        "x", "homogeneous", NONZERO, bent("1", "2", "3"), *DEFINABLE, power(1, "1", "1"), power(-1, "-1", "1"),
        member("-1", "-1"),
    ),
    "a hole that is a point": certificate(
        "x**2/x", "homogeneous", NONZERO, {"fact": "undefined near", "point": "0"}, varied("1", "2"), THIN,
        power(1, "1", "1"), power(-1, "-1", "1"), member("-1", "-1"),
    ),
    "the wrong witness": certificate(
        "tanh", "dichotomy", ODD, bent("0", "1", "3"), *DEFINABLE, out("1", "1", "2"), member("-1", "-1"),
    ),
    "a zero where a power of zero is filled in": certificate(
        "Piecewise((x**2*((x-3)**2)**Piecewise((1, Eq(x, 3)), (0*x, True)), x>0), (2*x**2, x<0), (0, True))",
        "preserved sets", ALONE, bent("1", "2", "4"), THIN, preserved(1, "oo", "4", "3"), out("-1", "1", "-2"),
    ),
    "two exponents, one of which has been taken away": certificate(
        "x*sin(log(x))", "exponents", ALONE, bent("1", "2", "3"), RIGHT, one_sided(1, "1"),
        exponents("powers", ["1", "1"], ["2", "1"]),
    ),
    "the same exponent twice": certificate(
        "x*sin(log(x))", "exponents", ALONE, bent("1", "2", "3"), RIGHT, one_sided(1, "1"),
        exponents("powers", ["1", "1"], ["1", "1"]),
    ),
    "an exponent that is made zero by another operator": certificate(
        "sin(log(x))*cos(log(x))", "exponents", ALONE, bent("1", "2", "3"), RIGHT, one_sided(1, "1"),
        exponents("frequencies", ["0", "2"], ["0", "sqrt(2)"], ["0", "-2"]),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_refused(name: str) -> None:
    with pytest.raises(CertificateError) as refusal:
        FORGERIES[name].check()
    assert "\n" not in str(refusal.value)


def test_there_are_many() -> None:
    assert len(FORGERIES) >= 50


@pytest.mark.parametrize(("honest", "disguised"), [
    ("x1**2", "x1**2 + Max(0, x1 - 100)"),
    ("x1**2", "x1**2 + Max(0, x1 - 100) - Max(0, x1 - 101)"),
    ("x1*x2", "x1*x2 + Max(0, x1 - 1/1000)*Max(0, 1/999 - x1)"),
    ("x1*x2", "x1*x2 + Max(0, 1 - 10**6*(x1**2 + x2**2))"),
    ("x1**2 + x2**2", "x1**2 + x2**2 + Max(0, x1*x2 - 10**9)"),
])
def test_a_piece_that_is_small_or_far_away_is_not_overlooked(honest: str, disguised: str) -> None:
    """A certificate of a map without the piece is not one of the map with it."""
    from intertwine.certificates.maps import MapCertificate
    from intertwine.maps.solution import solve_map

    data = solve_map(f"[{honest}]").certificate.to_json()
    assert MapCertificate.from_json(data).check()
    with pytest.raises(CertificateError):
        MapCertificate.from_json({**data, "map": [disguised]}).check()


@pytest.mark.parametrize("order", ["6", "3", "0", "-8", "8.0", "many"])
def test_the_order_of_a_finite_group_of_a_map_is_counted(order: str) -> None:
    from intertwine.certificates.maps import MapCertificate
    from intertwine.maps.solution import solve_map

    data = solve_map("[exp(-x1**2) + exp(-x2**2)]").certificate.to_json()
    assert data["claim"]["components"]["order"] == "8"
    claim = {**data["claim"], "components": {"order": order, "exact": True}}
    with pytest.raises(CertificateError):
        MapCertificate.from_json({**data, "claim": claim}).check()
