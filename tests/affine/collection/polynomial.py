"""Polynomials: a reflection needs the odd or even part about the mean of the roots to vanish."""

from __future__ import annotations

from tests.affine.collection.case import even, line, odd, signed_power, trivial

CASES = (
    signed_power("x**2", "0", "2", "0", "1", "a power"),
    signed_power("x**2 + x", "-1/2", "2", "-1/4", "1", "(t + 1/2)^2 - 1/4"),
    signed_power("3*x**2 - 12*x + 5", "2", "2", "-7", "1", "3(t - 2)^2 - 7"),
    signed_power("-(x + 3)**2/7 + 1", "-3", "2", "1", "1", "a parabola"),
    signed_power("x**2 - 2*x/3", "1/3", "2", "-1/9", "1", "(t - 1/3)^2 - 1/9"),
    signed_power("x**2 + sqrt(2)*x", "-sqrt(2)/2", "2", "-1/2", "1", "(t + sqrt(1/2))^2 - 1/2"),
    signed_power("x**3", "0", "3", "0", "-1", "a power"),
    signed_power("(x - 1)**5 + 2", "1", "5", "2", "-1", "a power about 1"),
    signed_power("x**3 + 3*x**2 + 3*x", "-1", "3", "-1", "-1", "(t + 1)^3 - 1"),
    signed_power("x**4", "0", "4", "0", "1", "a power"),
    odd("x**3 + x**2", "-1/3", "4/27", "every cubic is odd about its inflection, where s = 2/27"),
    odd("x**3 - 3*x", "0", "0", "odd, two exponents"),
    odd("x*(x - 1)*(x - 2)", "1", "0", "the roots are symmetric"),
    odd("x**3 + pi*x**2", "-pi/3", "4*pi**3/27", "the inflection is at -pi/3, where s = 2 pi^3/27"),
    even("x**4 - 2*x**2", "0", "even, two exponents"),
    even("(x - 2)**4 - (x - 2)**2", "2", "even about 2"),
    trivial("x**4 + x", "a quartic is even about the mean of its roots, here 0, or not at all"),
    trivial("x**4 + 4*x**3", "with t = x + 1 it is t^4 - 6t^2 + 8t - 3"),
    odd("x**5 + x", "0", "0", "odd, two exponents"),
    trivial("x**5 + x**4", "about -1/5 the coefficient of t^2 is 20/125"),
    even("x**6 - x**2", "0", "even, two exponents"),
    line("2*x + 1", "2", "1", "affine"),
    line("x", "1", "0", "linear"),
    line("5", "0", "5", "constant"),
)
