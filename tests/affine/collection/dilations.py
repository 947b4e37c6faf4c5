"""Discrete groups of dilations about a centre: periodic in log|t - p|."""

from __future__ import annotations

from tests.affine.collection.case import cyclic, sign_cyclic

_NEGATIVE = (
    "Piecewise((x*(2 + sin(pi*log(x)/log(2))), x > 0), (-x*(2 - sin(pi*log(-x)/log(2))), x < 0), (0, True))"
)

CASES = (
    cyclic("sin(log(x))", "0", "exp(pi)", "-1", "0", "half a period changes the sign"),
    sign_cyclic("sin(log(Abs(x)))", "0", "exp(pi)", ("-1", "0"), ("1", "0"), "even"),
    sign_cyclic("x*sin(log(Abs(x)))", "0", "exp(pi)", ("-exp(pi)", "0"), ("-1", "0"), "odd"),
    sign_cyclic("(x - 1)*sin(log(Abs(x - 1))) + 2", "1", "exp(pi)", ("-exp(pi)", "2 + 2*exp(pi)"), ("-1", "4"),
                "the same about the point (1, 2)"),
    cyclic("log(x) + sin(log(x))", "0", "exp(2*pi)", "1", "2*pi", "t + sin(t) in the logarithm, on a half-line"),
    cyclic("Piecewise((x*(2 + sin(2*pi*log(x)/log(2))), x > 0), (0, True))", "0", "2", "2", "0", "zero on one side"),
    sign_cyclic("x**2*(2 + sin(2*pi*log(Abs(x))/log(3)))", "0", "3", ("9", "0"), ("1", "0"), "even"),
    cyclic("floor(log(x)/log(2))", "0", "2", "1", "1", "steps at the powers of 2"),
    sign_cyclic("frac(log(Abs(x - 1)))", "1", "E", ("1", "0"), ("1", "0"), "even about 1"),
    cyclic("2**floor(log(x)/log(2))", "0", "2", "2", "0", "steps at the powers of 2"),
    sign_cyclic("sign(x)*sin(log(Abs(x)))", "0", "exp(pi)", ("-1", "0"), ("-1", "0"), "odd"),
    cyclic(_NEGATIVE, "0", "-2", "2", "0", "s(-2t) = 2s(t), and s is neither even nor odd"),
)
