"""False claims about affine maps, and false facts, with the most convincing evidence that a forger could think of."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from intertwine.certificates import Certificate
from intertwine.errors import CertificateError
from tests.certificates.affine.writing import (
    DEFINABLE,
    THIN,
    Json,
    about,
    about_log,
    analytic_off,
    around,
    bend,
    bent,
    case,
    certificate,
    claim,
    end,
    ends,
    exponential,
    gap,
    image,
    jets,
    leading,
    level,
    member,
    no_centre,
    no_dilation,
    not_exponential,
    nowhere,
    out,
    out_by_domain,
    out_of,
    reflection,
    shifts,
    trivial,
    value_at,
    within,
)
from tests.certificates.affine.written import CERTIFICATES, CURVED, WAVE, hollow, power
from tests.certificates.writing import flat, line, one_sided, tame

TINY = "1/10**30"
BUMP = "x+exp(-10**6*(x-1000)**2)"


def of(text: str, number: int = 0) -> Json:
    """A true certificate, to be altered."""
    return copy.deepcopy([c for c in CERTIFICATES if c.to_json()["activation"] == text][number].to_json())


def claiming(text: str, group: Json) -> Json:
    return of(text) | {"claim": group}


def about_activation(text: str, other: str) -> Json:
    return of(text) | {"activation": other}


def without(text: str, *kinds: str) -> Json:
    data = of(text)
    return data | {"facts": [f for f in data["facts"] if f["fact"] not in kinds]}


def with_fact(text: str, kind: str, **changes: Any) -> Json:
    data = of(text)
    return data | {"facts": [f | changes if f["fact"] == kind else f for f in data["facts"]]}


def dihedral(period: str, centre: str, b: str, d: str, mirror: tuple[str, str]) -> Json:
    return claim("dihedral", {"translation": image(b, d), "reflection": image(*mirror)}, period=period, centre=centre)


def sine(
    text: str, period: str, b: str, centre: str, *roots: int, domain: Json = THIN, wave: Json = WAVE
) -> Certificate:
    """The claim that an activation is like the sine, with these periods excluded."""
    mirror = ("-1", "0")
    return certificate(
        text, "lattice", dihedral(period, centre, b, "0", mirror), bent("0", "1", "2"), domain, shifts(wave),
        member("1", period, b, "0"), member("-1", f"2*({centre})", *mirror),
        *(out_of("1", f"({period})/{q}", "0", "1", "2") for q in roots),
    )  # fmt: skip


def even(text: str, theorem: str, *facts: Json, bend: Json = CURVED) -> Certificate:
    return certificate(text, theorem, reflection("0", "1", "0"), bend, THIN, member("-1", "0", "1", "0"), *facts)


def no_symmetry(text: str, *facts: Json) -> Certificate:
    return certificate(text, "definable", trivial(), CURVED, *DEFINABLE, jets("0", "1", "2"), *facts)


def doubled(text: str, coefficient: str, degree: str, offset: str, b: str, value: str | None = "0") -> Certificate:
    """The claim that an activation is a power about 0."""
    d = f"({offset})*(1-({b}))"
    sides = about("0", 1, coefficient, degree, offset), about("0", -1, f"({b})*({coefficient})", degree, offset)
    return certificate(
        text, "dilations", power("signed-dilations", "0", degree, offset, reflection=image(b, d)),
        bent("0", "1", "1000"), *DEFINABLE, *sides, value_at("0", value), member("-1", "0", b, d),
    )  # fmt: skip


FORGERIES: dict[str, Json | Certificate] = {
    # periods
    "a period of the sine that is not least": sine("sin(x)", "2*pi", "1", "0", 2),
    "a multiple of the period, with a prime left out": sine("sin(x)", "3*pi", "-1", "0", 2),
    "half the period of the sine": sine("sin(x)", "pi/2", "-1", "0", 2),
    "the period of the sine with the wrong sign": sine("sin(x)", "pi", "1", "0", 2),
    "a period that is off by 1e-30": sine("sin(x)", f"pi+{TINY}", "-1", "0", 2),
    "a sine with a tiny slower wave": sine("sin(x)+sin(x/3)/10**40", "2*pi", "1", "0", 2),
    "a sine with a tiny slope": sine("sin(x)+x/10**40", "pi", "-1", "0", 2),
    "two waves as one": sine("sin(x)+sin(sqrt(2)*x)/10**30", "2*pi", "1", "0", 2),
    "a sine with another value at one point": sine(
        "Piecewise((1, Eq(x, 0)), (sin(x), True))", "pi", "-1", "0", 2, 3, wave=gap(1, "3/2", "4")
    ),
    "a sine with another value at a point that is no fraction": sine(
        "Piecewise((1, Eq(x, sqrt(2))), (sin(x), True))", "pi", "-1", "0", 2
    ),
    "a sine with a hole": sine("sin(x)+0*log(abs(x-7)-1/10**6)", "pi", "-1", "0", 2),
    "the sine on half of the line": sine(
        "sin(x)+0*log(x+1)", "pi", "-1", "0", 2, domain=case("unbounded piece", side=1, **{"from": "0"})
    ),
    "a sine that slows down": sine("sin(x+exp(-x**2)/10**9)", "pi", "-1", "0", 2),
    "the least period without a proof that it is least": without("sin", "through"),
    "the least period without the exclusion of its half": without("sin", "not affine member"),
    "a gap of the other half-line": of("sin")
    | {"facts": [*without("sin", "through")["facts"], shifts(gap(-1, "1/2", "2"))]},
    "a gap about a centre as one of translations": of("sin")
    | {"facts": [*without("sin", "through")["facts"], around("0", gap(1, "1/2", "3/2"))]},
    "x + sin x with a plateau that nothing contradicts": certificate(
        "exp(2*x)+1",
        "lattice",
        claim("lattice", {"translation": image("exp(2)", "1-exp(2)")}, period="1"),
        CURVED,
        THIN,
        shifts(gap(1, "1", "2", "plateau")),
        member("1", "1", "exp(2)", "1-exp(2)"),
        ends("growth"),
    ),
    # centres
    "a centre of the sine that is off by 1e-30": sine("sin(x)", "pi", "-1", TINY, 2),
    "a quarter of the period as a centre of the odd sine": sine("sin(x)", "pi", "-1", "pi/4", 2),
    "the logistic function about 1e-30": certificate(
        "sigmoid",
        "definable",
        reflection(TINY, "-1", "1"),
        CURVED,
        *DEFINABLE,
        jets("0", "1", "2"),
        member("-1", f"2*{TINY}", "-1", "1"),
    ),
    "the logistic function with the wrong d": certificate(
        "sigmoid",
        "definable",
        reflection("0", "-1", f"1+{TINY}"),
        CURVED,
        *DEFINABLE,
        jets("0", "1", "2"),
        member("-1", "0", "-1", f"1+{TINY}"),
    ),
    "the claim about another centre than the member": claiming("sigmoid", reflection("1", "-1", "1")),
    "the claim with another sign than the member": claiming("sigmoid", reflection("0", "1", "0")),
    "tanh with a tiny square": certificate(
        "tanh(x)+x**2/10**30",
        "definable",
        reflection("0", "-1", "0"),
        CURVED,
        *DEFINABLE,
        jets("0", "1", "2"),
        member("-1", "0", "-1", "0"),
    ),
    "a cosh with a tiny difference": certificate(
        "2*exp(x)+3*exp(-x)+exp(x)/10**30",
        "definable",
        reflection("log(3/2)/2", "1", "0"),
        CURVED,
        *DEFINABLE,
        jets("0", "1", "2"),
        member("-1", "log(3/2)", "1", "0"),
    ),
    "an even function on one side only": even(
        "Piecewise((x**2, x>0), (x**2+floor(x), True))", "definable", tame(), jets("1", "2", "3")
    ),
    "even but for one point": even(
        "Piecewise((1, Eq(x, 1)), (cosh(x), True))", "definable", tame(), jets("0", "2", "3")
    ),
    "even but for a gap": even("cosh(x)+0*log(abs(x-7)-1/100)", "definable", tame(), jets("0", "1", "2")),
    "odd off the integers only": certificate(
        "frac(x)-1/2",
        "lattice",
        dihedral("1", "0", "1", "0", ("-1", "0")),
        bent("0", "1/2", "1"),
        THIN,
        shifts(gap(1, "5/4", "3/2", "plateau"), out("2", "1", "1/2"), via="difference", step="1/2"),
        *(out_of("1", f"1/{q}", "0", "1/2", "5/4") for q in (2, 3, 5)),
        member("1", "1", "1", "0"),
        member("-1", "0", "-1", "0"),
    ),
    # the bump far out
    "the bump as a line": certificate(
        BUMP, "affine line", claim("affine-line", {"slope": "1", "intercept": "0"}), line("1", "0")
    ),
    "the bump as dihedral": certificate(
        BUMP,
        "lattice",
        dihedral("1", "0", "1", "1", ("-1", "0")),
        bent("0", "1", "1000"),
        *DEFINABLE,
        shifts(WAVE),
        member("1", "1", "1", "1"),
        member("-1", "0", "-1", "0"),
    ),
    "the bump as a power": doubled(BUMP, "1", "1", "0", "-1"),
    "the bump as odd about 0": certificate(
        BUMP,
        "definable",
        reflection("0", "-1", "0"),
        bent("0", "1", "1000"),
        *DEFINABLE,
        jets("999", "1000", "1001"),
        member("-1", "0", "-1", "0"),
    ),
    "the bump as odd about 1000": certificate(
        BUMP,
        "definable",
        reflection("1000", "-1", "2000"),
        bent("0", "1", "1000"),
        *DEFINABLE,
        jets("9999/10", "1000", "10001/10"),
        member("-1", "2000", "-1", "2000"),
    ),
    # exponentials and powers
    "an exponential function with a tiny slope": certificate(
        "exp(2*x)+x/10**30",
        "exponential",
        claim("translations", {"rate": "2", "offset": "0"}),
        exponential("1", "2", "0"),
    ),
    "an exponential function with the wrong rate": certificate(
        "3*exp(2*x)+5",
        "exponential",
        claim("translations", {"rate": f"2+{TINY}", "offset": "5"}),
        exponential("3", f"2+{TINY}", "5"),
    ),
    "the claim of another rate": claiming("3*exp(2*x)+5", claim("translations", {"rate": "3", "offset": "5"})),
    "the claim of another rate in the group": claiming(
        "3*exp(2*x)+5", claim("translations", {"rate": "2", "offset": "5"}, rate="3")
    ),
    "the claim of another offset": claiming("3*exp(2*x)+5", claim("translations", {"rate": "2", "offset": "4"})),
    "an exponential function on one half-line": certificate(
        "Max(exp(x), exp(-x))",
        "exponential",
        claim("translations", {"rate": "1", "offset": "0"}),
        exponential("1", "1", "0"),
    ),
    "a constant as an exponential function": certificate(
        "5+0*x", "exponential", claim("translations", {"rate": "2", "offset": "5"}), exponential("0", "2", "5")
    ),
    "an exponential function with rate 0": certificate(
        "5+0*x", "exponential", claim("translations", {"rate": "1", "offset": "4"}), exponential("1", "0", "4")
    ),
    "an exponential function with a value apart": certificate(
        "Piecewise((0, Eq(x, 0)), (exp(x), True))",
        "exponential",
        claim("translations", {"rate": "1", "offset": "0"}),
        exponential("1", "1", "0"),
    ),
    "a square with a tiny slope": doubled("x**2+x/10**30", "1", "2", "0", "1"),
    "a square with a value apart": doubled("Piecewise((1, Eq(x, 0)), (x**2, True))", "1", "2", "0", "1"),
    "a square with a value apart that is called undefined": doubled(
        "Piecewise((1, Eq(x, 0)), (x**2, True))", "1", "2", "0", "1", None
    ),
    "a square with a value apart, elsewhere": doubled("Piecewise((1, Eq(x, 2)), (x**2, True))", "1", "2", "0", "1"),
    "a square and a cube": doubled("Piecewise((x**2, x>0), (x**3, True))", "1", "2", "0", "1"),
    "a square whose offset is another one on the left": doubled("x**2+Heaviside(-x)/10**30", "1", "2", "0", "1"),
    "a reciprocal that has a value": doubled("Piecewise((1/x, Ne(x, 0)), (5, True))", "1", "-1", "0", "-1", "5"),
    "a square about 0 as one about 1": claiming(
        "x**2+x", power("signed-dilations", "1", "2", "-1/4", reflection=image("1", "0"))
    ),
    "a square with another offset": claiming(
        "x**2+x", power("signed-dilations", "-1/2", "2", "0", reflection=image("1", "0"))
    ),
    "a square with positive factors only": claiming("x**2+x", power("dilations", "-1/2", "2", "-1/4")),
    "a hinge with all factors": claiming(
        "Max(0, 2*x+3)", power("signed-dilations", "-3/2", "1", "0", reflection=image("-1", "0"))
    ),
    "a hinge about another point": claiming("Max(0, 2*x+3)", power("dilations", "0", "1", "0")),
    "two logarithms with different coefficients": certificate(
        "Piecewise((log(x), x>0), (2*log(-x), x<0))",
        "dilations",
        claim("dilations", {"logarithm": "1"}, centre="0"),
        bent("1", "2", "3"),
        *DEFINABLE,
        about_log("0", 1, "1", "0"),
        about_log("0", -1, "2", "0"),
        value_at("0", None),
        out_of("-1", "0", "1", "2", "-3"),
    ),
    "a logarithm with a value at the centre": certificate(
        "Piecewise((log(abs(x)), Ne(x,0)), (0, True))",
        "dilations",
        claim("signed-dilations", {"logarithm": "1", "reflection": image("1", "0")}, centre="0"),
        bent("1", "2", "3"),
        *DEFINABLE,
        about_log("0", 1, "1", "0"),
        about_log("0", -1, "1", "0"),
        value_at("0", "0"),
        member("-1", "0", "1", "0"),
    ),
    "a logarithm beside a constant": certificate(
        "Piecewise((log(x), x>0), (0, x<0))",
        "dilations",
        claim("dilations", {"logarithm": "1"}, centre="0"),
        bent("1", "2", "3"),
        *DEFINABLE,
        about_log("0", 1, "1", "0"),
        about("0", -1, "0", "0", "0"),
        value_at("0", None),
        out_of("-1", "0", "1", "2", "-3"),
    ),
    "a logarithm that is undefined on the left only by name": certificate(
        "log(abs(x))",
        "dilations",
        claim("dilations", {"logarithm": "1"}, centre="0"),
        bent("1", "2", "3"),
        *DEFINABLE,
        about_log("0", 1, "1", "0"),
        nowhere("0", -1),
        value_at("0", None),
        out_by_domain("-1", "0", "1"),
    ),
    "a line as a power": certificate(
        "x+1",
        "dilations",
        power("signed-dilations", "0", "1", "1", reflection=image("-1", "2")),
        *DEFINABLE,
        about("0", 1, "1", "1", "1"),
        about("0", -1, "-1", "1", "1"),
        value_at("0", "1"),
        member("-1", "0", "-1", "2"),
    ),
    "a sign with the centre left out": certificate(
        "Piecewise((5, Eq(x, 1)), (sign(x-1), True))",
        "dilations",
        power("signed-dilations", "1", "0", "0", reflection=image("-1", "0")),
        bent("0", "1", "3"),
        *DEFINABLE,
        about("1", 1, "1", "0", "0"),
        about("1", -1, "-1", "0", "0"),
        value_at("1", "5"),
        member("-1", "2", "-1", "0"),
    ),
    # nothing at all
    "no symmetry of a hinge of two lines": of("relu6")
    | {"claim": trivial(), "facts": [f for f in of("relu6")["facts"] if f["fact"] != "affine member"]},
    "no reflection, since a short interval has no centre": no_symmetry(
        "cosh(x)", within(["-1", "0"], ["0", "1"], "zeros", order=1), no_centre("1/10", "1", ["0", "1", "2"])
    ),
    "no reflection in the centre that is there": no_symmetry(
        "cosh(x)", within(["-1", "1"], ["-1", "1"], "zeros", order=1), no_centre("-1", "1", ["0", "1", "2"])
    ),
    "the interval of centres with a part left out": no_symmetry(
        "gelu",
        within(["-2", "-1"], ["1", "2"], "zeros", order=2),
        no_centre("-1/2", "0", ["-1", "0", "2"], ["1", "0", "3"]),
    ),
    "intervals that do not meet": no_symmetry(
        "gelu",
        within(["-2", "-1"], ["1", "2"], "zeros", order=2),
        no_centre("-1/2", "0", ["-1", "0", "2"], ["1", "0", "3"]),
        no_centre("1/1000", "1/2", ["-1", "0", "2"], ["1", "0", "3"]),
    ),
    "zeros left out": no_symmetry(
        "gelu", within(["1", "2"], ["1", "2"], "zeros", order=2), no_centre("1", "2", ["-1", "0", "2"], ["1", "0", "3"])
    ),
    "the growth of two ends that a shift exchanges": no_symmetry("exp((x+1/4)**2)", ends("growth")),
    "the rate of two ends that a shift exchanges": no_symmetry("exp((x+1/4)**2)", ends("rate")),
    "the coefficients of two ends that a shift exchanges": no_symmetry("exp(x)+2*exp(-x)", ends("growth")),
    "the rates of the two ends of the hyperbolic cosine": no_symmetry("exp(x)+2*exp(-x)", ends("rate")),
    "bounded on both sides": no_symmetry("tanh(x)", ends("bounded", side=1, start="0")),
    "one-sided about 0, with another centre": certificate(
        "sqrt(x)*sqrt(1-x)",
        "definable",
        trivial(),
        bent("1/2", "1/4", "1/8"),
        *DEFINABLE,
        jets("1/2", "1/4", "1/8"),
        one_sided(1, "1/2"),
        out_by_domain("-1", "0", "1/2"),
    ),
    "a reflection excluded in another point than the centre": certificate(
        "x*sin(x)",
        "one centre",
        trivial(),
        CURVED,
        THIN,
        shifts(leading(1, "oo", "log", pure=False, nonzero="2")),
        end(1, "drifting"),
        out_of("-1", "1", "0", "1", "2"),
    ),
    "a power that is not seen to be one": certificate(
        "x**2",
        "definable",
        reflection("0", "1", "0"),
        CURVED,
        *DEFINABLE,
        not_exponential("0", "1", "2", "3"),
        member("-1", "0", "1", "0"),
        bend("0", "1", "0", "1", "2"),
        bend("3", "4", "3", "4", "5"),
    ),
    "one bend alone": without("relu6", "centres within")
    | {"facts": [f for f in without("relu6", "centres within")["facts"] if f.get("low") != "4"]},
    "a power at both ends, with dilations": even(
        "x**2", "regular ends", end(1, "constant"), end(-1, "constant"), not_exponential("0", "1", "2", "3")
    ),
    "one end that is no power, and nothing else": even(
        "x**4+x**2", "regular ends", end(1, "constant"), jets("0", "1", "2")
    ),
    "a logarithm at both ends": even(
        "log(abs(x))", "regular ends", end(1, "constant"), end(-1, "constant"), bend=bent("1", "2", "3")
    ),
    "negative numbers that are excluded, where the positive ones are not": certificate(
        "Max(0, x)",
        "definable",
        trivial(),
        bent("-1", "0", "1"),
        *DEFINABLE,
        not_exponential("-1", "0", "1", "2"),
        bend("1", "2", "-1", "1", "2"),
        no_dilation("-2", "-1", "2", ["1", "2", "-1"], ["3", "4", "-3"], ["-5", "-1", "6"]),
        ends("growth"),
    ),
    "a level as a reason for the identity alone": certificate(
        "exp(-x**2)", "definable", trivial(), CURVED, THIN, level("-1/10", "1/10", "0", limit="0"),
        end(1, "constant", False),
        no_centre("1/1000", "1/10", ["0", "1", "2"])),
    # dilations by powers
    "a generator that is not least": certificate(
        "sin(log(abs(x-1)))",
        "cyclic dilations",
        claim(
            "cyclic-dilations",
            {"dilation": image("1", "0"), "reflection": image("1", "0")},
            centre="1",
            generator="exp(2*pi)",
            signed=True,
        ),
        bent("2", "3", "4"),
        THIN,
        analytic_off("1"),
        member("exp(2*pi)", "1-exp(2*pi)", "1", "0"),
        member("-1", "2", "1", "0"),
        around("1", gap(1, "5", "100"), out("2", "2", "3")),
        out_of("exp(pi)", "1-exp(pi)", "2", "3", "4"),
    ),
    "without the reflection": claiming(
        "sin(log(abs(x-1)))", claim("cyclic-dilations", {"dilation": image("-1", "0")}, centre="1", generator="exp(pi)")
    ),
    "another generator": claiming(
        "sin(log(abs(x-1)))",
        claim(
            "cyclic-dilations",
            {"dilation": image("-1", "0"), "reflection": image("1", "0")},
            centre="1",
            generator="exp(pi)+1/10**20",
            signed=True,
        ),
    ),
    "a reflection where there are dilations": claiming("sin(log(abs(x-1)))", reflection("1", "1", "0")),
    "a power of the logarithm's sine with a tiny line": about_activation(
        "sin(log(abs(x-1)))", "sin(log(abs(x-1)))+x/10**30"
    ),
    "a sine of a logarithm about another point": about_activation("sin(log(abs(x-1)))", "sin(log(abs(x-1-1/10**30)))"),
    # degenerate
    "an activation that is nowhere defined": certificate(
        "log(-1-x**2)", "definable", trivial(), *DEFINABLE, hollow("0"), ends("domain", side=1, start="0")
    ),
    "an activation that is nowhere defined, as a constant": certificate(
        "log(-1-x**2)",
        "dilations",
        {**power("dilations", "0", "0", "0"), "unique": False},
        flat("0"),
        hollow("1"),
        *DEFINABLE,
        nowhere("0", 1),
        nowhere("0", -1),
        value_at("0", None),
        out_by_domain("-1", "0", "1"),
    ),
    "an isolated point on the other side": certificate(
        "Piecewise((-x, x<0), (1, Eq(x, 1)))",
        "dilations",
        power("dilations", "0", "1", "0"),
        bent("-1", "-2", "1"),
        *DEFINABLE,
        about("0", -1, "1", "1", "0"),
        nowhere("0", 1),
        value_at("0", None),
        out_by_domain("-1", "0", "-3"),
    ),
    "a reciprocal square that has a value": doubled(
        "Piecewise((x**-2, Ne(x, 0)), (5, True))", "1", "-2", "0", "1", "5"
    ),
    "an activation that is defined at one point": certificate(
        "sqrt(-x**2)",
        "dilations",
        power("signed-dilations", "0", "0", "0", reflection=image("1", "0")),
        flat("0"),
        hollow("1"),
        *DEFINABLE,
        nowhere("0", 1),
        nowhere("0", -1),
        value_at("0", "0"),
        member("-1", "0", "1", "0"),
    ),
    "an activation that is defined at the integers": certificate(
        "sqrt(-sin(pi*x)**2)",
        "lattice",
        claim("lattice", {"translation": image("1", "0")}, period="1"),
        hollow("1/2"),
        THIN,
        member("1", "1", "1", "0"),
        shifts(WAVE),
        ends("growth"),
    ),
    "a member with b = 0": certificate(
        "0*x+1", "definable", reflection("0", "1", "0"), *DEFINABLE, member("-1", "0", "0", "1")
    ),
    "a member with a number that is none": certificate(
        "log(x)",
        "definable",
        reflection("0", "1", "0"),
        bent("1", "2", "3"),
        *DEFINABLE,
        member("-1", "log(-1)", "1", "0"),
    ),
    "an image with a number that is none": certificate(
        "log(x)*log(-x)",
        "definable",
        reflection("0", "1", "0"),
        hollow("1"),
        *DEFINABLE,
        member("-1", "0", "1", "log(-1)"),
    ),
    "a constant with a unique character": of("log(2*x)-log(x)")
    | {"claim": of("log(2*x)-log(x)")["claim"] | {"unique": True}},
    "a character that is called ambiguous": of("sigmoid") | {"claim": of("sigmoid")["claim"] | {"unique": False}},
    "a line with all translations only": claiming(
        "log(exp(2*x+1))", claim("translations", {"slope": "2", "intercept": "0"})
    ),
    "a line with another slope": claiming("log(exp(2*x+1))", claim("affine-line", {"slope": "1", "intercept": "1"})),
    "a line on a half-line": certificate(
        "exp(log(x))", "affine line", claim("affine-line", {"slope": "1", "intercept": "0"}), line("1", "0")
    ),
    "a kink as a line": certificate(
        "x+abs(x)/10**30", "affine line", claim("affine-line", {"slope": "1", "intercept": "0"}), line("1", "0")
    ),
    "bounds as an answer": of("sigmoid") | {"status": "bounded"},
    "an unknown theorem": of("sigmoid") | {"theorem": "dichotomy"},
    "a linear certificate with an affine claim": of("sigmoid") | {"mode": "linear"},
    "another mode": of("sigmoid") | {"mode": "projective"},
    "another schema": of("sigmoid") | {"schema": 2},
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_false_claim_is_refused(name: str) -> None:
    forged = FORGERIES[name]
    with pytest.raises(CertificateError) as refusal:
        (forged if isinstance(forged, Certificate) else Certificate.from_json(forged)).check()
    assert "\n" not in str(refusal.value)
