"""Smooth periodic functions, with and without a drift or a growth."""

from __future__ import annotations

from tests.affine.collection.case import dihedral, lattice

ODD, EVEN, ONE = ("-1", "0"), ("1", "0"), ("1", "0")

CASES = (
    dihedral("sin(x)", "pi", ODD, "0", ODD, "half a period changes the sign"),
    dihedral("cos(x)", "pi", ODD, "0", EVEN, "half a period changes the sign"),
    dihedral("sin(30*x)", "pi/30", ODD, "0", ODD, "half a period changes the sign"),
    dihedral("sin(2*x + 1)", "pi/2", ODD, "-1/2", ODD, "zero at -1/2"),
    dihedral("sin(pi*x)", "1", ODD, "0", ODD, "half a period changes the sign"),
    dihedral("sin(x)**2", "pi/2", ("-1", "1"), "0", EVEN, "sin^2(t + pi/2) = 1 - sin^2(t)"),
    dihedral("sin(x) + cos(x)", "pi", ODD, "pi/4", EVEN, "sqrt(2) cos(t - pi/4)"),
    dihedral("x + sin(x)**2", "pi", ("1", "pi"), "pi/4", ("-1", "1 + pi/2"),
             "s(pi/2 - t) = pi/2 - t + cos^2(t) = pi/2 + 1 - s(t)"),
    dihedral("x + sin(x)", "2*pi", ("1", "2*pi"), "0", ODD, "the drift keeps half a period out"),
    dihedral("x + cos(x)", "2*pi", ("1", "2*pi"), "pi/2", ("-1", "pi"), "s(pi - t) = pi - s(t)"),
    dihedral("x/2 + sin(3*x)", "2*pi/3", ("1", "pi/3"), "0", ODD, "odd with a drift"),
    dihedral("exp(sin(x))", "2*pi", ONE, "pi/2", EVEN, "even about pi/2; half a period gives exp(-sin)"),
    dihedral("tan(x)", "pi", ONE, "0", ODD, "odd, one pole in each period"),
    dihedral("1/sin(x)", "pi", ODD, "0", ODD, "odd, half a period changes the sign"),
    lattice("exp(x)*(2 + sin(x))", "2*pi", "exp(2*pi)", "0", "bounded at one end only, so no reflection"),
    lattice("exp(x)*sin(x)", "pi", "-exp(pi)", "0", "bounded at one end only, so no reflection"),
    lattice("exp(x)*sin(x) + 3", "pi", "-exp(pi)", "3 + 3*exp(pi)", "the same with an offset"),
    lattice("exp(-x)*sin(x)", "pi", "-exp(-pi)", "0", "bounded at one end only, so no reflection"),
    lattice("2**x*sin(pi*x)", "1", "-2", "0", "bounded at one end only, so no reflection"),
    dihedral("sin(x) + sin(2*x)", "2*pi", ONE, "0", ODD, "half a period keeps the second term"),
    dihedral("sin(x) + sin(3*x)", "pi", ODD, "0", ODD, "half a period changes both signs"),
    dihedral("sin(x) + cos(2*x)", "2*pi", ONE, "pi/2", EVEN, "even about pi/2"),
    lattice("sin(x) + sin(2*x + 1)", "2*pi", "1", "0", "the first term has 2p = 0 or pi, the second then not"),
    dihedral("sin(x)*cos(x)", "pi/2", ODD, "0", ODD, "sin(2t)/2"),
    dihedral("sin(x)**3", "pi", ODD, "0", ODD, "half a period changes the sign"),
    dihedral("cos(x)**2 - sin(x)**2", "pi/2", ODD, "0", EVEN, "cos(2t)"),
    dihedral("1/(2 + cos(x))", "2*pi", ONE, "0", EVEN, "even; half a period gives 1/(2 - cos)"),
    dihedral("log(2 + sin(x))", "2*pi", ONE, "pi/2", EVEN, "even about pi/2; half a period gives log(2 - sin)"),
    dihedral("tanh(8*sin(x))", "pi", ODD, "0", ODD, "odd in sin"),
    dihedral("asin(sin(x))", "pi", ODD, "0", ODD, "a triangle wave"),
    dihedral("acos(cos(x))", "pi", ("-1", "pi"), "0", EVEN, "a triangle wave between 0 and pi"),
    dihedral("atan(tan(x))", "pi", ONE, "0", ODD, "a sawtooth, undefined where it jumps"),
    dihedral("x - sin(x)", "2*pi", ("1", "2*pi"), "0", ODD, "odd with a drift"),
    dihedral("tan(x)*cos(x)", "pi", ODD, "0", ODD, "sin(t), the holes are filled in"),
    dihedral("sin(x + pi/2)", "pi", ODD, "0", EVEN, "cos(t)"),
    dihedral("sin(x)/(2 + cos(x))", "2*pi", ONE, "0", ODD, "odd; half a period changes the denominator"),
    dihedral("cos(x)/(3 + sin(x)**2)", "pi", ODD, "0", EVEN, "half a period changes the sign"),
)
