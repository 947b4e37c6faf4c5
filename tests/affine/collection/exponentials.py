"""Sums of exponentials and Gaussians: exponential functions with different rates are linearly independent."""

from __future__ import annotations

from tests.affine.collection.case import even, exponential, line, odd, trivial

CASES = (
    exponential("exp(x)", "1", "0", "exponential"),
    exponential("3*exp(-2*x) + 5", "-2", "5", "exponential with an offset"),
    exponential("2**x", "log(2)", "0", "exponential"),
    exponential("exp(x/7 - 2) - pi", "1/7", "-pi", "exponential with an offset"),
    odd("sinh(x)", "0", "0", "odd"),
    even("cosh(x)", "0", "even"),
    even("2*exp(x) + 3*exp(-x)", "log(3/2)/2", "the terms are equal where exp(2t) = 3/2"),
    odd("exp(x) - 5*exp(-x)", "log(5)/2", "0", "zero where exp(2t) = 5"),
    trivial("exp(x) + x", "exponential at one end, linear at the other"),
    trivial("exp(x) + exp(2*x)", "bounded at one end only"),
    trivial("exp(x) + exp(-2*x)", "the rates 1 and 2 of the ends are not exchanged"),
    even("exp(2*x) + 4*exp(x) + 4*exp(-x) + exp(-2*x)", "0", "even"),
    even("exp(2*x) + exp(x) + 2*exp(-x) + 4*exp(-2*x)", "log(2)/2", "exp(4p) = 4 and exp(2p) = 2 agree"),
    trivial("exp(2*x) + exp(x) + 3*exp(-x) + 4*exp(-2*x)", "exp(4p) = 4 but exp(2p) = 3"),
    even("exp(-x**2/2)", "0", "even, with limits"),
    even("exp(-x**2 + x)", "1/2", "the exponent is even about 1/2"),
    even("exp((x + 1/4)**2)", "-1/4", "even about -1/4, though exp(y^2 + y/2) grows faster than exp(y^2 - y/2)"),
    even("exp(-(x - 1)**2) + exp(-(x + 1)**2)", "0", "the bumps are exchanged"),
    trivial("exp(-(x - 1)**2) + 2*exp(-(x + 1)**2)", "different weights"),
    trivial("x*exp(x)", "bounded at one end only"),
    even("exp(Abs(x))", "0", "even"),
    trivial("exp(exp(x))", "bounded at one end only"),
    even("exp(-Abs(x - 2))", "2", "even about 2"),
    even("(1 - x**2)*exp(-x**2/2)", "0", "even, with limits"),
    trivial("exp(x) + x**2", "exponential at one end, quadratic at the other"),
    odd("x*exp(-x**2)", "0", "0", "odd, with limits"),
    exponential("(exp(x) + 1)**2 - 2*exp(x)", "2", "1", "exp(2t) + 1"),
    exponential("exp(x)*(exp(-x) + 2)", "1", "1", "1 + 2 exp(t)"),
    exponential("sinh(x) + cosh(x)", "1", "0", "exp(t)"),
    line("log(exp(2*x))", "2", "0", "2t"),
)
