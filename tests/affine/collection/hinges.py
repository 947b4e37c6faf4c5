"""One special point: powers that fit together there, and some that do not."""

from __future__ import annotations

from tests.affine.collection.case import even, odd, power, signed_power, trivial

CASES = (
    power("Max(0, x)**2", "0", "2", "0", "0 and t^2"),
    power("Max(0, x - 1)**3 + 1", "1", "3", "1", "0 and a cube about 1, offset 1"),
    power("Piecewise((x**2, x > 0), (-3*x**2, True))", "0", "2", "0", "two multiples of t^2"),
    power("x*Abs(x) + x**2", "0", "2", "0", "2t^2 and 0"),
    power("star_relu", "0", "2", "-559/1250", "a multiple of relu^2 with an offset"),
    signed_power("x*Abs(x)", "0", "2", "0", "-1", "odd"),
    signed_power("sqrt(Abs(x - 1))", "1", "1/2", "0", "1", "even about 1"),
    signed_power("cbrt(x + 2) - 1", "-2", "1/3", "-1", "-1", "odd about -2"),
    signed_power("sign(x)*Abs(x)**(3/2)", "0", "3/2", "0", "-1", "odd"),
    signed_power("1/Abs(x)", "0", "-1", "0", "1", "even, undefined at 0"),
    trivial("Piecewise((x**2, x > 0), (x**3, True))", "exponents 2 and 3"),
    trivial("Piecewise((x**2, x > 0), ((x + 1)**2, True))", "the break point is 0, and (t + 1)^2 is no power of t"),
    trivial("Piecewise((log(x), x > 0), (2*log(-x), True))", "the coefficients of the logarithms are 1 and 2"),
    trivial("Piecewise((log(x), x > 0), (1, x < 0))", "a logarithm and a constant: d = log(a) and d = 0"),
    trivial("elu", "bounded at one end only"),
    trivial("selu", "bounded at one end only"),
    trivial("xielu", "quadratic at one end, linear at the other"),
    even("exp(-Abs(x))", "0", "even, with limits"),
    odd("sign(x)*(exp(Abs(x)) - 1)", "0", "0", "odd"),
    odd("sign(x)*log(1 + Abs(x))", "0", "0", "odd"),
    trivial("Max(x, x**3)", "linear at one end, cubic at the other"),
    even("Piecewise((x**2, Ne(x, 0)), (1, True))", "0", "s(0) = 1 is not the offset 0 of the squares"),
    trivial("sparse_plus", "0 at one end, linear at the other"),
    trivial("Max(0, x)**2 + Max(0, x)", "bounded at one end only; two exponents about the break point 0"),
    odd("x*Abs(x) + x", "0", "0", "odd, two exponents about the break point 0"),
)
