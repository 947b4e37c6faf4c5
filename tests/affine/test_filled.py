"""Removable singularities are filled in, and points that are no such singularities are not."""

from __future__ import annotations

import pytest

import intertwine as iw

TENTS = "Max(0, 1 - Abs(x)) + Max(0, 1 - Abs(x - 10))"
SAME = [
    ("x**3*(x - 1)/(x - 1) + x**2", "x**3 + x**2"),
    ("(x**3 - 1)/(x - 1)", "x**2 + x + 1"),
    ("sin(x)*(x - 1)/(x - 1)", "sin(x)"),
    ("exp(x)*(x - 1)/(x - 1)", "exp(x)"),
    ("Piecewise((exp(x), x < 0), (exp(x), x > 0))", "exp(x)"),
    ("Abs(x)*(x - 1)/(x - 1)", "Abs(x)"),
    ("log(Abs(x))*(x - 1)/(x - 1)", "log(Abs(x))"),
    ("(x - 1)/((x - 1)*(1 + exp(-x)))", "1/(1 + exp(-x))"),
    ("x*sign(x)/sign(x) + x**2", "x**2 + x"),
    (f"{TENTS}*(x - 10)/(x - 10)", TENTS),
    (f"{TENTS}*sin(x - 10)/sin(x - 10)", TENTS),
    ("x**2*sqrt(x - 1)/sqrt(x - 1)", "Piecewise((x**2, x > 1))"),
]


@pytest.mark.parametrize(("written", "filled"), SAME)
def test_the_group_is_that_of_the_filled_function(written: str, filled: str) -> None:
    G, H = iw.derive(written, affine=True), iw.derive(filled, affine=True)
    assert G.status == H.status == "exact"
    assert G.psi == H.psi
    assert G.certificate.check()


@pytest.mark.parametrize("text", [
    "floor(x)*(x - 1)/(x - 1)",  # a jump at the point that is cut out
    "sign(x - 1)*(x - 1)/(x - 1) + floor(x)",
    "sin(1/x)/sin(1/x) + x",  # the points that are cut out accumulate
])  # fmt: skip
def test_what_is_not_removable_is_not_filled(text: str) -> None:
    G = iw.derive(text, affine=True)
    assert G.status == "bounded" or all(f["fact"] != "filled" for f in G.certificate.to_json()["facts"])
    assert G.type == "trivial"
