"""Known functions under another formula."""

from __future__ import annotations

from tests.affine.collection.case import even, exponential, line, odd, power, signed_power

CASES = (
    power("(sqrt(x**2) + x)/2", "0", "1", "0", "the positive part of t"),
    even("log(exp(x) + exp(-x))", "0", "even"),
    signed_power("sqrt(x**4)", "0", "2", "0", "1", "t^2"),
    line("x*sigmoid(x) + x*sigmoid(-x)", "1", "0", "t"),
    line("cos(x)**2 + sin(x)**2", "0", "1", "1"),
    line("tanh(x) - (1 - exp(-2*x))/(1 + exp(-2*x))", "0", "0", "0"),
    line("(x + 1)**2 - x**2", "2", "1", "2t + 1"),
    signed_power("((x + 1)**3 - x**3)/3", "-1/2", "2", "1/12", "1", "t^2 + t + 1/3"),
    signed_power("exp(2*log(Abs(x)))", "0", "2", "0", "1", "t^2, the hole is filled in"),
    odd("1/(1 + exp(2 - x))", "2", "1", "the logistic function, moved"),
    signed_power("atan(x) + atan(1/x)", "0", "0", "0", "-1", "pi/2 times the sign"),
    line("Abs(x) + x - 2*Max(x, 0)", "0", "0", "0"),
    line("(x**2 - 1)/(x - 1)", "1", "1", "t + 1, the hole is filled in"),
    odd("(exp(x) - exp(-x))/(exp(x) + exp(-x))", "0", "0", "tanh"),
    odd("2/(1 + exp(-2*x)) - 1", "0", "0", "tanh"),
    odd("sin(x)**2 + cos(x)**2 + tanh(x)", "0", "2", "1 + tanh"),
    exponential("exp(x + log(3)) - exp(0)", "1", "-1", "3 exp(t) - 1"),
    odd("log(x + sqrt(x**2 + 1))", "0", "0", "asinh"),
    odd("sigmoid(x) + sigmoid(2*x)", "0", "2", "two logistic functions"),
    signed_power("Max(x - 1, 1 - x)**2", "1", "2", "0", "1", "(t - 1)^2"),
)
