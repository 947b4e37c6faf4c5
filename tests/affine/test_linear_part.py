"""The linear group inside an affine one, on every type."""

from __future__ import annotations

import pytest
import sympy as sp

from intertwine.groups import NONZERO, POSITIVE, SIGN, TRIVIAL, AffineCharacter, AffineFamily, Cyclic, SignCyclic
from intertwine.groups.affine.linear_part import linear_part
from intertwine.groups.affine.scalars import AffineScalarGroup as T

on, power, log = AffineCharacter.on_generators, AffineCharacter.power, AffineCharacter.logarithmic
CASES = [
    (on(T.trivial()), TRIVIAL),
    (on(T.reflection(0), reflection=(-1, 0)), SIGN),
    (on(T.reflection(0), reflection=(-1, 1)), TRIVIAL),
    (on(T.reflection(1), reflection=(1, 0)), TRIVIAL),
    (on(T.lattice(sp.pi), translation=(1, 0)), TRIVIAL),
    (on(T.dihedral(sp.pi, sp.pi / 2), translation=(-1, 0), reflection=(1, 0)), SIGN),
    (on(T.dihedral(sp.pi, 1), translation=(-1, 0), reflection=(1, 0)), TRIVIAL),
    (AffineCharacter.exponential(1), TRIVIAL),
    (power(T.dilations(0), 1), POSITIVE),
    (power(T.dilations(0), 1, 0, 5), TRIVIAL),
    (power(T.dilations(2), 1), TRIVIAL),
    (power(T.signed_dilations(0), 2), NONZERO),
    (power(T.signed_dilations(0), 2, 0, 5), SIGN),
    (power(T.signed_dilations(0), 3, 1, 5), TRIVIAL),
    (power(T.signed_dilations(0), 0, 1, sp.Rational(1, 2)), POSITIVE),
    (power(T.signed_dilations(0), 0, 1), NONZERO),
    (log(T.dilations(0), 2), TRIVIAL),
    (log(T.signed_dilations(0), 2), SIGN),
    (on(T.cyclic_dilations(0, 2), dilation=(2, 0)), Cyclic(2)),
    (on(T.cyclic_dilations(0, 2), dilation=(1, 1)), TRIVIAL),
    (on(T.cyclic_dilations(1, 2), dilation=(2, 0)), TRIVIAL),
    (on(T.cyclic_dilations(0, -2), dilation=(-1, 1)), Cyclic(4)),
    (on(T.cyclic_dilations(0, 2, True), dilation=(-1, 1), reflection=(-1, 1)), Cyclic(-2)),
    (on(T.cyclic_dilations(0, 2, True), dilation=(-1, 1), reflection=(1, 0)), SignCyclic(4)),
    (on(T.cyclic_dilations(0, 2, True), dilation=(2, -1), reflection=(1, 0)), SIGN),
    (on(T.cyclic_dilations(0, 2, True), dilation=(3, 0), reflection=(-1, 0)), SignCyclic(2)),
    (on(T.cyclic_dilations(0, 2, True), dilation=(2, -1), reflection=(-1, 2)), TRIVIAL),
]


@pytest.mark.parametrize(("psi", "scalars"), CASES, ids=lambda v: repr(v))
def test_it_is_what_fixes_zero_on_both_sides(psi: AffineCharacter, scalars: object) -> None:
    found = linear_part(AffineFamily(psi))
    assert found.scalars == scalars
    for a in (-1, 2, -2, 4, -4, 8, sp.sqrt(2), sp.Rational(1, 3)):
        inside = (a, 0) in psi.group and psi((a, 0)).c == 0
        assert (a in found.scalars) == inside
        if inside:
            assert sp.simplify(found.character(a) - psi((a, 0)).a) == 0


def test_affine_functions() -> None:
    kinds = [linear_part(AffineFamily(AffineCharacter.affine(m, q))) for m, q in ((2, 0), (2, 1), (0, 3))]
    assert [(k.kind, k.unique) for k in kinds] == [
        ("general linear", True), ("unit row sums", True), ("general linear", False),
    ]  # fmt: skip


def test_a_constant_on_a_half_line_has_no_unique_image() -> None:
    family = AffineFamily(AffineCharacter.power(T.dilations(0), 0), determined=False)
    assert not family.unique and not linear_part(family).unique
