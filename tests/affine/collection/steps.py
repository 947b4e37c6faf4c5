"""Steps and single values."""

from __future__ import annotations

from tests.affine.collection.case import dihedral, lattice, power, signed_power

CASES = (
    signed_power("sign(x)", "0", "0", "0", "-1", "two constants and their mean"),
    signed_power("sign(x - 1)", "1", "0", "0", "-1", "two constants and their mean"),
    signed_power("Heaviside(x)", "0", "0", "1/2", "-1", "two constants and their mean"),
    power("Piecewise((1, x > 0), (0, True))", "0", "0", "0", "two constants; s(0) = 0 is not their mean"),
    power("Piecewise((3, x >= 2), (1, True))", "2", "0", "0", "two constants; s(2) = 3 is not their mean"),
    power("Piecewise((1, x > 0), (0, x < 0), (1/3, True))", "0", "0", "0", "two constants; s(0) is not their mean"),
    signed_power("Piecewise((1, x > 0), (0, x < 0), (1/2, True))", "0", "0", "1/2", "-1", "the mean at 0"),
    signed_power("Piecewise((5, Eq(x, 1)), (0, True))", "1", "0", "0", "1", "a single value at 1"),
    lattice("floor(x)", "1", "1", "1", "steps continuous from the right, which a reflection turns"),
    lattice("ceiling(x)", "1", "1", "1", "steps continuous from the left"),
    dihedral("floor(x) + ceiling(x)", "1", ("1", "2"), "0", ("-1", "0"), "odd, steps with their means"),
    lattice("x - floor(x)", "1", "1", "0", "jumps continuous from the right"),
    lattice("x + floor(x)", "1", "1", "2", "jumps continuous from the right"),
    dihedral("sign(sin(x))", "pi", ("-1", "0"), "0", ("-1", "0"), "odd, half a period changes the sign"),
    lattice("Mod(x, 2)", "2", "1", "0", "jumps continuous from the right"),
    dihedral("floor(sin(x))", "2*pi", ("1", "0"), "pi/2", ("1", "0"),
             "even about pi/2; half a period gives -ceiling(sin), which differs at multiples of pi"),
    lattice("sin(2*pi*x) + floor(x)", "1", "1", "1", "steps continuous from the right"),
)
