"""Certificates that nobody's search has found: the checker needs no solver."""

from __future__ import annotations

import pytest

from intertwine.certificates import Certificate
from tests.certificates.writing import (
    ALONE,
    CONSTANT,
    DEFINABLE,
    EVEN,
    LINEAR,
    ODD,
    ROW_SUMS,
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

THIN, WAVE = case("thin complement"), ("22/10", "104/10")
CERTIFICATES = [
    certificate("x", "affine", LINEAR, line("1", "0")),
    certificate("log(exp(2*x))", "affine", LINEAR, line("2", "0")),
    certificate("x**3/x**2", "affine", LINEAR, line("1", "0")),
    certificate("softplus(x)-softplus(-x)-pi", "affine", ROW_SUMS, line("1", "-pi")),
    certificate("sin(x)**2+cos(x)**2", "constant", CONSTANT, line("0", "1")),
    certificate("tan(x)*cot(x)", "constant", CONSTANT, line("0", "1")),
    certificate(
        "relu", "homogeneous", claim("positive", "a"), bent("-1", "0", "1"), *DEFINABLE, power(1, "1", "1"),
        power(-1, "0"), out("-1", "1", "-1"),
    ),
    certificate(
        "leaky_relu", "homogeneous", claim("positive", "a"), bent("-1", "0", "1"), *DEFINABLE, power(1, "1", "1"),
        power(-1, "-1/100", "1"), out("-1", "1", "-1"),
    ),
    certificate(
        "x**2", "homogeneous", claim("nonzero", "a**2"), bent("-1", "0", "1"), *DEFINABLE, power(1, "1", "2"),
        power(-1, "1", "2"), member("-1", "1"),
    ),
    certificate(
        "cbrt(x)", "homogeneous", claim("nonzero", "Abs(a)**(1/3)*sign(a)"), bent("-1", "8", "1"), *DEFINABLE,
        power(1, "1", "1/3"), power(-1, "-1", "1/3"), member("-1", "-1"),
    ),
    certificate(
        "sqrt(x)", "homogeneous", claim("positive", "sqrt(a)"), bent("0", "1", "2"), *DEFINABLE, power(1, "1", "1/2"),
        power(-1, None), one_sided(1, "1"),
    ),
    certificate(
        "exp(log(x))", "homogeneous", claim("positive", "a"), varied("1", "2"), *DEFINABLE, power(1, "1", "1"),
        power(-1, None), one_sided(1, "1"),
    ),
    certificate(
        "log(2*x)-log(x)", "homogeneous", claim("positive", "1", unique=False), flat("log(2)"), *DEFINABLE,
        power(1, "log(2)"), power(-1, None), one_sided(1, "1"),
    ),
    certificate(
        "sigmoid", "dichotomy", ALONE, bent("0", "1", "3"), *DEFINABLE, out("2", "1", "2"), out("-1", "1", "2"),
    ),
    certificate("tanh", "dichotomy", ODD, bent("0", "1", "3"), *DEFINABLE, out("3", "1", "2"), member("-1", "-1")),
    certificate(
        "x**3+x/10**30", "dichotomy", ODD, bent("0", "1", "3"), *DEFINABLE, out("2", "1", "2"), member("-1", "-1"),
    ),
    certificate("log(x+sqrt(x**2+1))", "dichotomy", ODD, bent("0", "1", "3"), *DEFINABLE, out("2", "1", "2"),
                member("-1", "-1")),
    certificate("cos", "one tame end", EVEN, bent("0", "1", "3"), THIN, tame("0+", "0", "1"), out("2", "1", "2"),
                member("-1", "1")),
    certificate("sin(1/x)", "one tame end", ODD, bent("1", "2", "3"), THIN, tame("oo", "1", None), out("2", "1", "2"),
                member("-1", "-1")),
    certificate("tan", "one tame end", ODD, bent("0", "1", "3"), THIN, tame("0-", "-1", "0"),
                out("2", "-1/2", "-1/4"), member("-1", "-1")),
    certificate("sqrt(sin(x))", "one tame end", ALONE, bent("0", "1", "2"), case("periodic", period="2*pi"),
                tame("0+", "0", "1/16"), out("2", "2", "4", method="domain"), out("-1", "1", "-1", method="domain")),
    certificate("floor(log(x)/log(3))", "preserved sets", ALONE, bent("1", "2", "10"),
                beyond(1), preserved(1, "0", "1/2", "2"), one_sided(1, "1")),
    certificate(
        "sin(log(x))", "least period", claim("cyclic", {"generator": "exp(pi)", "value": "-1"}, generator="exp(pi)"),
        bent("1", "2", "3"), beyond(-1), half(1, "exp(pi)", "-1"), gap(1, *WAVE),
        out("exp(pi/2)", "1", "2"), power(-1, None), one_sided(1, "1"),
    ),
    certificate(
        "2+sign(x)*sin(pi*log(abs(x))/log(2))", "least period",
        claim("cyclic", {"generator": "-2", "value": "1"}, generator="-2"), bent("1", "2", "3"), THIN,
        member("-2", "1"), member("4", "1"), gap(1, "11/8", "15/8"), out("2", "1", "3/2"),
        out("4**(1/3)", "1", "3/2"),
    ),
    certificate(
        "sin(log(x))+x**2", "asymptotics", ALONE, bent("1", "2", "3"), beyond(1),
        leading(1, "0", "log", nonzero="2"), not_leading(1, "0", "2"), one_sided(1, "1"),
    ),
    certificate(
        "x**2*sin(log(x))+sin(sqrt(2)*log(x))+x**3", "exponents", ALONE, bent("1", "2", "3"),
        beyond(1), one_sided(1, "1"),
        exponents("powers", ["2", "1"], ["3", "0"], ["0", "sqrt(2)"]),
    ),
    certificate(
        "sqrt(sin(log(abs(x))))", "least period",
        claim("sign-cyclic", {"generator": "exp(2*pi)", "value": "1", "minus_one": "1"}, generator="exp(2*pi)"),
        bent("2", "3", "4"), case("scaled", factor="exp(2*pi)", gaps=["1/2", "-1/2"]), member("exp(2*pi)", "1"),
        member("-1", "1"), gap(1, "5/4", "21"),
        out("exp(pi)", "2", method="domain"),
    ),
    certificate("sin(x-1/x)", "asymptotics", ODD, bent("1", "2", "3"), THIN, leading(1, "oo", "drifting"),
                member("-1", "-1")),
    certificate(
        "sin(log(x))+sin(sqrt(2)*log(x))", "exponents", ALONE, bent("1", "2", "3"),
        beyond(1), one_sided(1, "1"),
        exponents("frequencies", ["0", "1"], ["0", "sqrt(2)"]),
    ),
]  # fmt: skip


@pytest.mark.parametrize("written", CERTIFICATES, ids=lambda c: c.to_json()["activation"])
def test_a_proof_from_theory_is_accepted(written: Certificate) -> None:
    assert written.check() is True
