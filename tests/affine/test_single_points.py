"""Values apart at single points, steps of broken width, and reflections whose offset is a multiple of pi."""

from __future__ import annotations

from typing import Any

import pytest

import intertwine as iw

TRUTHS: list[tuple[str, dict[str, Any]]] = [
    # a value apart is a break point, kept by all of T; with two of them |a| = 1
    ("Piecewise((1, Eq(x, 3)), (2, Eq(x, 5)), (0, True))", {"type": "trivial"}),
    ("Piecewise((1, Eq(x, 3)), (1, Eq(x, 5)), (0, True))", {"type": "reflection", "centre": "4"}),
    ("Piecewise((1, Eq(x, 3)), (-1, Eq(x, 5)), (0, True))", {"type": "reflection", "centre": "4"}),
    ("Piecewise((2, Eq(x, 1)), (x**3, True))", {"type": "trivial"}),
    ("Piecewise((x**2, x < 1000), (x**2 + 1, True))", {"type": "trivial"}),
    ("x**2*Piecewise((1, Ne(x, 1)), (0, True))", {"type": "trivial"}),
    ("Piecewise((0, Eq(x, 1)), (0, Eq(x, -1)), (x**2, True))", {"type": "reflection", "centre": "0"}),
    # half-open steps have no reflection
    ("Mod(x, 3) - 1", {"type": "lattice", "period": "3"}),
    ("Mod(x, 2/3)", {"type": "lattice", "period": "2/3"}),
    ("frac(x) + frac(2*x)", {"type": "lattice", "period": "1"}),
    ("frac(x/7)", {"type": "lattice", "period": "7"}),
    # atan(u) + atan(1/u) = pi/2 for u > 0; tan of atan(2/u - 1) + atan(u - 1) is 1
    ("atan(exp(x))", {"type": "reflection", "centre": "0"}),
    ("atan(exp(x) - 1)", {"type": "reflection", "centre": "log(2)/2"}),
]


@pytest.mark.parametrize(("text", "group"), TRUTHS)
def test_the_group_is_known(text: str, group: dict[str, Any]) -> None:
    G = iw.derive(text, affine=True)
    assert (G.status, G.to_json()["affine"]) == ("exact", group)
    assert G.certificate.check()
    assert G.explain()
