"""Certificates that claim too little, too much, or something else: the checker refuses each of them."""

from __future__ import annotations

from typing import Any

import pytest

import intertwine as iw
from tests.affine.collection import CASES
from tests.affine.collection.case import Case

#: Even or odd about a point other than 0, so that growths, rates and coefficients differ at the two ends.
MOVED = (
    "exp(-exp(x) - 2*exp(-x))", "exp((x + 1/4)**2)", "exp(x) + 2*exp(-x)", "tanh(x) + tanh(x - 1)", "exp(x**2 + x)",
    "exp(exp(x) + 3*exp(-x))", "log(cosh(x - 1))", "sinh((x - 1)**3)", "erf(exp(x) - 2*exp(-x))", "exp(cosh(x - 1))",
    "sqrt(1 + (x - 5)**2)", "exp(2*cosh(x - 1))*sinh(x - 1)", "x**3 + x**2", "1/(1 + 3*exp(-2*x))",
)  # fmt: skip
THEOREMS = ("definable", "lattice", "dilations")
CLAIMS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "nothing": ({"type": "trivial"}, {}),
    "a reflection": ({"type": "reflection", "centre": "1/3"}, {"reflection": {"b": "-1", "d": "0"}}),
    "evenness": ({"type": "reflection", "centre": "0"}, {"reflection": {"b": "1", "d": "0"}}),
    "a lattice": ({"type": "lattice", "period": "2*pi"}, {"translation": {"b": "1", "d": "0"}}),
    "a long lattice": ({"type": "lattice", "period": "4*pi"}, {"translation": {"b": "1", "d": "0"}}),
    "dilations": ({"type": "dilations", "centre": "0"}, {"degree": "1", "offset": "0"}),
    "translations": ({"type": "translations"}, {"rate": "1", "offset": "0"}),
    "discrete dilations": (
        {"type": "cyclic-dilations", "centre": "0", "generator": "2"}, {"dilation": {"b": "2", "d": "0"}},
    ),
    "everything": ({"type": "affine-line"}, {"slope": "1", "intercept": "0"}),
}  # fmt: skip


def certificate(text: str) -> dict[str, Any]:
    answer = iw.derive(text, affine=True)
    if answer.status != "exact":
        pytest.skip("there is no proof that could be changed")
    return answer.certificate.to_json()


def refused(data: dict[str, Any]) -> None:
    with pytest.raises(iw.CertificateError) as caught:
        iw.Certificate.from_json(data).check()
    assert "\n" not in str(caught.value)


def text_of(case: Case) -> str:
    return case.text


@pytest.mark.parametrize("text", MOVED)
@pytest.mark.parametrize("method", ["growth", "rate", "bounded", "domain"])
def test_ends_of_a_moved_even_function_do_not_differ(text: str, method: str) -> None:
    data = certificate(text)
    fact: dict[str, Any] = {"fact": "ends differ", "method": method}
    if method in ("bounded", "domain"):
        fact |= {"side": -1, "start": "8"}
    facts = [f for f in data["facts"] if f["fact"] != "affine member"]
    for theorem in ("definable", "limits", "regular ends"):
        claim = {"affine": {"type": "trivial"}, "character": {}, "unique": True}
        refused(data | {"claim": claim, "theorem": theorem, "facts": [*facts, fact]})


@pytest.mark.parametrize("case", CASES[::11], ids=text_of)
@pytest.mark.parametrize("claimed", CLAIMS)
def test_another_group_does_not_follow(case: Case, claimed: str) -> None:
    data = certificate(case.text)
    group, character = CLAIMS[claimed]
    claim = {"affine": group, "character": character, "unique": True}
    if claim == data["claim"]:
        return
    for theorem in dict.fromkeys((data["theorem"], *THEOREMS)):
        refused(data | {"claim": claim, "theorem": theorem})


@pytest.mark.parametrize("case", CASES[4::11], ids=text_of)
def test_an_incomplete_certificate_claims_nothing_larger_than_it_shows(case: Case) -> None:
    data = certificate(case.text)
    for left_out in range(len(data["facts"])):
        facts = [f for i, f in enumerate(data["facts"]) if i != left_out]
        claim = {"affine": {"type": "trivial"}, "character": {}, "unique": True}
        if data["claim"] != claim:
            refused(data | {"claim": claim, "facts": facts})
