"""Functions between two limits, and their relatives with slopes."""

from __future__ import annotations

from tests.affine.collection.case import even, odd, trivial

CASES = (
    odd("tanh(x)", "0", "0", "odd; limits at both ends, so nothing but a reflection is possible"),
    odd("1/(1 + exp(-x))", "0", "1", "s(-t) = 1 - s(t)"),
    odd("1/(1 + 3*exp(-2*x))", "log(3)/2", "1", "the value 1/2 is taken where exp(2t) = 3"),
    odd("5/(2 + exp(-x/3))", "-3*log(2)", "5/2", "half of the limit 5/2 where exp(-t/3) = 2"),
    odd("erf(x - 1)", "1", "0", "erf is odd"),
    odd("atan(2*x + 3) + 7", "-3/2", "14", "atan is odd in 2t + 3"),
    odd("x/sqrt(1 + x**2)", "0", "0", "odd, with limits"),
    odd("x/(1 + Abs(x))", "0", "0", "odd, with limits"),
    odd("(x - 2)/(1 + Abs(x - 2)) + 1", "2", "2", "the softsign, moved"),
    odd("tanh(x) + tanh(x - 1)", "1/2", "0", "the two steps are exchanged"),
    even("tanh(x) - tanh(x - 1)", "1/2", "the two steps are exchanged, a bump"),
    trivial("tanh(x) + 2*tanh(x - 1)", "the complex poles of s', at 0 and 1 + i pi/2, have weights 1 and 2"),
    trivial("exp(-exp(-x))", "1 is approached exponentially, 0 doubly exponentially"),
    trivial("1 - exp(-exp(x))", "0 is approached exponentially, 1 doubly exponentially"),
    trivial("x*exp(-x)", "bounded at one end only"),
    trivial("log(1 + exp(x))", "bounded at one end only"),
    even("log(1 + exp(x)) - x/2", "0", "log(2 cosh(t/2))"),
    even("log(exp(x) + 3*exp(-x))", "log(3)/2", "the two terms are equal where exp(2t) = 3"),
    even("x*tanh(x)", "0", "a product of odd functions"),
    trivial("x*tanh(x - 1)", "|t| at both ends up to o(1), so p = 0, but s(1) = 0 and s(-1) is not"),
    odd("x + tanh(x)", "0", "0", "odd; the slope is 1 at both ends, and larger between"),
    odd("x + 1/(1 + exp(-x))", "0", "1", "s(-t) = 1 - s(t)"),
    odd("x + tanh(x - 1)", "1", "2", "t - 1 + tanh(t - 1) is odd about 1"),
    trivial("penalized_tanh", "the only break point is 0, and s(-1) = -s(1)/4"),
    trivial("gelu", "bounded at one end only"),
    trivial("x/(1 + exp(-x))", "bounded at one end only"),
    trivial("x*tanh(log(1 + exp(x)))", "bounded at one end only"),
    trivial("erf(x) + erf(2*x - 3)", "s' is a sum of Gaussians of different widths with the centres 0 and 3/2"),
    odd("atan(x) + atan(x - 1) + atan(x - 2)", "1", "0", "the steps 0, 1, 2 are symmetric about 1"),
    trivial("atan(x) + atan(x - 1) + atan(x - 3)", "the complex poles 0, 1, 3 (+ i) of s' are not symmetric"),
    odd("elliott", "0", "1", "the softsign between 0 and 1"),
    trivial("bent_identity", "the slopes at the ends are 1/2 and 3/2"),
    odd("sqnl", "0", "0", "odd and constant far out, not on one parabola between"),
    odd("tanh_shrink", "0", "0", "t - tanh(t) is odd"),
    odd("laplace", "1/sqrt(2)", "1", "erf about sqrt(1/2), between 0 and 1"),
)
