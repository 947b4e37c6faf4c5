"""Periodic functions with kinks or gaps."""

from __future__ import annotations

from tests.affine.collection.case import dihedral, lattice

ONE, EVEN = ("1", "0"), ("1", "0")

CASES = (
    dihedral("Abs(sin(x))", "pi", ONE, "0", EVEN, "one kink in each period"),
    dihedral("Max(sin(x), 0)", "2*pi", ONE, "pi/2", EVEN, "even about pi/2; zero on half of the line"),
    lattice("Abs(sin(x)) + x", "pi", "1", "pi", "a drift needs b = -1, which turns the kinks over"),
    dihedral("Abs(sin(x) + 1/2)", "2*pi", ONE, "pi/2", EVEN, "even about pi/2; two arcs of different height"),
    dihedral("Abs(x - floor(x) - 1/2)", "1/2", ("-1", "1/2"), "0", EVEN, "a triangle wave between 0 and 1/2"),
    dihedral("Max(sin(x), cos(x))", "2*pi", ONE, "pi/4", EVEN, "even about pi/4; half a period gives -min"),
    dihedral("sqrt(sin(x))", "2*pi", ONE, "pi/2", EVEN, "even about pi/2 on a domain of intervals"),
    dihedral("log(sin(x))", "2*pi", ONE, "pi/2", EVEN, "even about pi/2 on a domain of intervals"),
    dihedral("sqrt(Abs(sin(x)))", "pi", ONE, "0", EVEN, "one cusp in each period"),
    dihedral("Min(Abs(sin(x)), 1/2)", "pi", ONE, "0", EVEN, "clipped arcs"),
    lattice("Max(exp(x)*sin(x), 0)", "2*pi", "exp(2*pi)", "0", "bounded at one end only; zero on half of the line"),
)
