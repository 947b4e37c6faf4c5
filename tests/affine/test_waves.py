"""Finite sums of waves: with an irrational ratio of frequencies there is one reflection at most."""

from __future__ import annotations

import pytest

import intertwine as iw

TRUTHS = [
    # (sum, centre of the reflection, (b, d)); all centres that one wave allows are excluded by the others
    ("sin(x) + cos(sqrt(2)*x)", None, None),
    ("cos(x - 1) + cos(sqrt(2)*(x - 1))", "1", ("1", "0")),
    ("cos(x - 1) + sin(sqrt(2)*(x - 1))", None, None),
    ("cos(x) + cos(pi*x)", "0", ("1", "0")),
    ("cos(x) + cos(pi*x) + x", None, None),
    ("sin(x) + sin(pi*x) + 2*x + 1", "0", ("-1", "2")),
    ("sin(x) + cos(2*x) + sin(sqrt(3)*x)", None, None),
    ("cos(x) + cos(sqrt(2)*x + pi)", "0", ("1", "0")),
    ("-cos(x) - sin(pi - sqrt(2)*x)", None, None),
]


@pytest.mark.parametrize(("text", "centre", "image"), TRUTHS)
def test_sums_of_incommensurable_waves(text: str, centre: str | None, image: tuple[str, str] | None) -> None:
    G = iw.derive(text, affine=True)
    data = G.to_json()
    assert G.status == "exact"
    assert data["affine"] == ({"type": "trivial"} if centre is None else {"type": "reflection", "centre": centre})
    if image is not None:
        assert (data["reflection"]["b"], data["reflection"]["d"]) == image
    assert G.certificate.check()
    assert G.explain()


@pytest.mark.parametrize("text", ["sin(x) + cos(2*x)", "sin(x) + sin(sqrt(4)*x)", "cos(pi*x) + cos(2*pi*x)"])
def test_commensurable_waves_have_a_period(text: str) -> None:
    assert iw.derive(text, affine=True).type == "dihedral"
