"""Small terms and far features that change the group, or seem to."""

from __future__ import annotations

from tests.affine.collection.case import (
    dihedral,
    even,
    exponential,
    lattice,
    odd,
    power,
    signed_power,
    trivial,
)  # fmt: skip

ONE, ODD = ("1", "0"), ("-1", "0")

CASES = (
    trivial("x + exp(-10**6*(x - 1000)**2)", "about the bump only b = -1 fits the line, and b = 1 the bump"),
    odd("x + (x - 1000)*exp(-(x - 1000)**2)", "1000", "2000", "odd about 1000"),
    trivial("tanh(x) + x**2/10**20", "the square needs p = 0 and b = 1, tanh then b = -1"),
    odd("(x - 1)**3 + (x - 1)/10**30", "1", "0", "two exponents about 1, so no dilation"),
    odd("x**3 + x/10**30", "0", "0", "two exponents about 0"),
    trivial("x**4 + x/10**12", "a quartic is even about 0 or not at all"),
    signed_power("x**2 + x/10**20", "-1/(2*10**20)", "2", "-1/(4*10**40)", "1", "still a parabola"),
    dihedral("sin(x) + sin(x/2)/10**12", "4*pi", ONE, "0", ODD, "2 pi changes the sign of the small term only"),
    dihedral("sin(x) + sin(2*x)/10**12", "2*pi", ONE, "0", ODD, "pi changes the sign of the large term only"),
    dihedral("sin(x) + x/10**20", "2*pi", ("1", "2*pi/10**20"), "0", ODD, "the drift keeps half a period out"),
    dihedral("Abs(sin(x)) + sin(x)/10**15", "2*pi", ONE, "pi/2", ("1", "0"), "pi changes the sign of the small term"),
    lattice("floor(x) + sin(2*pi*x)/10**20", "1", "1", "1", "steps continuous from the right"),
    trivial("exp(x) + x/10**15", "exponential at one end, linear at the other"),
    even("exp(x) + exp(-x)/10**30", "-15*log(10)", "the terms are equal where exp(2t) = 10^-30"),
    exponential("exp(x) + 1/10**30", "1", "1/10**30", "exponential with an offset"),
    trivial("Max(0, x) + exp(-(x - 50)**2)/10**9", "bounded at one end only"),
    trivial("Abs(x) + Abs(x - 1/10**10)/10**10", "two kinks with different changes of slope"),
    even("Abs(x) + Abs(x - 1/10**10)", "1/(2*10**10)", "two kinks with the same change of slope"),
    trivial("x**2 + Abs(x - 1000)/10**9", "the only kink is at 1000, and t^2 is even about 0 only"),
    odd("tanh(x) + tanh(1000*x)/10**9", "0", "0", "odd"),
    trivial("log(Abs(x)) + x/10**25", "the pole 0 is fixed; neither even nor odd, nor a logarithm"),
    trivial("1/x + 1/(x - 10**6)/10**6", "two poles with different residues"),
    trivial("Piecewise((x, x < 10**6), (x + 1, True))", "odd about the jump but for the value there"),
    odd("Piecewise((x, x < 5), (11/2, Eq(x, 5)), (x + 1, True))", "5", "11", "the value at the jump is the mean"),
    trivial("exp(-x**2) + exp(-(x - 1)**2)/2", "different weights"),
    trivial("exp(-x**2)*(1 + x/10**12)", "exp(4pt - 4p^2) has to be constant, so p = 0, but s is not even"),
    odd("atan(x) + atan(1/x) + x/10**6", "0", "0", "odd; about 0 the offsets pi/2 and -pi/2 differ"),
    power("Max(0, x) + Max(0, -x)/10**20", "0", "1", "0", "one kink, slopes -10^-20 and 1"),
    power("Abs(x) + x/10**20", "0", "1", "0", "one kink, slopes that are not opposite"),
    even("cosh(x) - 1 - x**2/2", "0", "even, not a power although it begins like t^4/24"),
    odd("sin(x) - x*exp(-x**2/10**6)", "0", "0", "odd; the second term dies out and is not periodic"),
    dihedral("sin(x) + sin(1000001*x/1000000)", "2000000*pi", ONE, "0", ODD,
             "pi k with k and k + k/10^6 of the same parity: k is a multiple of 2*10^6"),
    trivial("x + sin(x)/10**9 + exp(-x**2)/10**9", "the bump is not periodic; odd about 0 or not at all: it is even"),
    trivial("Max(x, 0) - Max(x - 10**9, 0)/3", "slopes 0, 1, 2/3: bounded at one end only"),
    odd("x/(1 + Abs(x))**3 + x/10**40", "0", "0", "odd"),
)
