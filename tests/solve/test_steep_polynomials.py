"""Powers of E with enormous exponents: polynomials whose quotients have more terms than there is memory."""

from __future__ import annotations

import pytest

import intertwine as iw
from intertwine.certificates import Certificate
from intertwine.errors import CertificateError


@pytest.mark.parametrize(("text", "kind"), [
    ("exp(10**12)*x**2/(1+E)+x**2*E", "monomial"),
    ("x**2*(exp(10**9)+1)/(1+E)", "monomial"),
    ("exp(10**9*x)/(exp(x)-1)+exp(x)", "permutation"),
    ("tanh(10**9*x)+tanh(x)", "signed permutation"),
])  # fmt: skip
def test_a_quotient_of_steep_polynomials(text: str, kind: str) -> None:
    G = iw.derive(text)
    assert (G.status, G.kind) == ("exact", kind)
    assert G.certificate.check()


def test_bounds_hold_where_a_sign_is_out_of_reach() -> None:
    G = iw.derive("x/(1+E)+exp(10**12)*abs(x)")
    assert G.upper.scalars == iw.derive("x**2").scalars
    assert G.lower.scalars == iw.derive("relu").scalars


def test_the_checker_refuses_what_it_cannot_divide() -> None:
    cyclic = {"type": "cyclic", "generator": "exp(2)"}
    forged = {
        "schema": 1, "activation": "x**3+exp(-(x-10**6)**2)", "mode": "linear", "status": "exact",
        "theorem": "least period", "claim": {
            "kind": "discretely scaled permutation", "scalars": cyclic, "unique": True,
            "character": {"generator": "exp(2)", "value": "exp(2)"}},
        "facts": [{"fact": "half member", "side": 1, "d": "exp(2)", "b": "exp(2)"}],
    }  # fmt: skip
    with pytest.raises(CertificateError):
        Certificate.from_json(forged).check()
