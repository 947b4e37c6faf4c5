"""Spaces of relations worked out by hand: the dimension, relations that hold, and combinations that are none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Case:
    """``dimension`` with the argument for it in ``why``."""

    name: str
    activation: str
    arguments: list[Any]
    admit: list[Any]
    dimension: int
    why: str
    holds: list[list[Any]] = field(default_factory=list)
    fails: list[list[Any]] = field(default_factory=list)


AFFINE = [1, "t"]
MIRROR = ["t", "-t"]

CASES = [
    # s(t) - s(-t) = t for Max(0, t), t Phi(t), t sigmoid(t), log(1 + e^t).
    *(Case(f"{n} mirrored", n, MIRROR, AFFINE, 1, "s(t) - s(-t) = t", [[1, -1, 0, -1]], [[1, -1, 0, 1], [1, 1, 0, 0]])
      for n in ("relu", "gelu", "silu", "softplus", "gelu_tanh", "hard_swish")),
    Case("leaky relu", "leaky_relu", MIRROR, AFFINE, 1, "slopes 1 and 1/100: s(t) - s(-t) = 101/100 t",
         [[100, -100, 0, -101]], [[1, -1, 0, -1]]),
    Case("leaky relu with an irrational slope", "Max(x, sqrt(2)*x/3)", MIRROR, AFFINE, 1,
         "s(t) - s(-t) = (1 + sqrt(2)/3) t", [[1, -1, 0, "-1 - sqrt(2)/3"]], [[1, -1, 0, -1]]),
    Case("elu", "elu", MIRROR, AFFINE, 0, "e^t - 1 and t are independent beyond 0"),
    Case("mish", "mish", MIRROR, AFFINE, 0, "its odd part t (tanh softplus(t) + tanh softplus(-t))/2 is not linear"),
    Case("relu and the absolute value", "relu", MIRROR, ["abs(t)"], 1, "Max(0, t) + Max(0, -t) = |t|",
         [[1, 1, -1]], [[1, 1, 1]]),
    Case("relu, t and |t|", "relu", MIRROR, ["t", "abs(t)"], 2, "relu(t) = (t + |t|)/2", [[2, 0, -1, -1],
         [0, 2, 1, -1]]),
    Case("relu is homogeneous", "relu", ["t", "2*t", "-3*t"], ["t"], 2, "rank: relu(t) and t",
         [[2, -1, 0, 0], [3, 0, -1, -3]]),
    Case("relus with different breaks", "relu", ["t - 1", "t", "t + 1"], AFFINE, 0, "three different breaks"),
    Case("irrational breaks", "relu", ["t - pi", "pi - t", "t - sqrt(2)"], AFFINE, 1, "one mirrored pair",
         [[1, -1, 0, "pi", -1]], [[1, -1, 0, "22/7", -1]]),
    Case("hard tanh from relus", "relu", ["t + 1", "t - 1"], ["hard_tanh(t)", 1], 1,
         "clipping at -1 and 1", [[1, -1, -1, -1]]),
    Case("relu6 from relus", "relu", ["t", "t - 6"], ["relu6(t)"], 1, "clipping at 6", [[1, -1, -1]]),
    Case("clipped ramps of two widths", "hard_tanh", ["t", "t/2"], ["relu(t+1)", "relu(t-1)", "relu(t+2)",
         "relu(t-2)", 1],
         2, "each is a difference of relus", [[1, 0, -1, 1, 0, 0, 1], [0, 2, 0, 0, -1, 1, 2]]),
    Case("squares of relu", "relu(x)**2", MIRROR, ["t**2", "t*abs(t)"], 2, "(t**2 + t|t|)/2", [[1, 1, -1, 0],
         [1, -1, 0, -1]]),
    Case("sinc is even, also at 0", "sinc", MIRROR, AFFINE, 1, "even", [[1, -1, 0, 0]]),
    Case("tanh is odd", "tanh", MIRROR, AFFINE, 1, "odd", [[1, 1, 0, 0]]),
    Case("sigmoid", "sigmoid", MIRROR, AFFINE, 1, "sigmoid(t) + sigmoid(-t) = 1", [[1, 1, -1, 0]], [[1, 1, 0, -1]]),
    Case("sigmoid off centre", "sigmoid(x - 3)", ["t", "6 - t"], [1], 1, "the centre is 3", [[1, 1, -1]]),
    Case("sigmoid and tanh", "sigmoid", ["t", "2*t"], ["tanh(t)", 1], 1, "sigmoid(2t) = (1 + tanh t)/2",
         [[0, 2, -1, -1]]),
    Case("tanh at two scales", "tanh", ["t", "2*t"], AFFINE, 0, "poles at different places"),
    Case("sine, one phase", "sin", ["t", "t + pi/2", "t + 1"], [], 1, "the addition formula",
         [["cos(1)", "sin(1)", -1]], [["cos(1)", "sin(1)", 1]]),
    Case("sine, many phases", "sin", ["t", "t + 1", "t + 3", "t + sqrt(2)"], [], 2, "sin and cos span them",
         [["2*cos(1)", "-1 - 2*cos(2)", 1, 0]], [["2*cos(1)", -2, 1, 0]]),
    Case("sine, half a turn", "sin", ["t", "t + pi", "t + 2*pi"], [], 2, "sin(t + pi) = -sin t", [[1, 1, 0],
         [1, 0, -1]]),
    Case("multiple angles", "sin", ["t", "2*t", "3*t"], ["sin(t)**3", "sin(t)*cos(t)"], 2,
         "sin 2t = 2 sin t cos t, sin 3t = 3 sin t - 4 sin^3 t", [[0, 1, 0, 0, -2], [3, 0, -1, -4, 0]]),
    Case("incommensurable frequencies", "cos", ["sqrt(2)*t", "sqrt(3)*t", "sqrt(8)*t"], [], 0, "different frequencies"),
    Case("one frequency in disguise", "cos", ["sqrt(8)*t", "2*sqrt(2)*t"], [], 1, "sqrt(8) = 2 sqrt(2)", [[1, -1]]),
    Case("t sin t", "x*sin(x)", [f"t + {k}" for k in range(5)], [], 1, "t sin, t cos, sin, cos",
         [[1, "-4*cos(1)", "4 + 2*cos(2)", "-4*cos(1)", 1]]),
    Case("squares of sines", "sin(x)**2", ["t", "t + pi/2"], [1], 1, "Pythagoras", [[1, 1, -1]]),
    Case("exponential", "exp", ["t", "t + 1", "2*t", "t + log(2)"], [1], 2, "e^t, e^2t and 1",
         [["E", -1, 0, 0, 0], [2, 0, 0, -1, 0]]),
    Case("two exponentials", "exp(x) + 2**x", ["t", "t + 1", "t + 2"], [], 1, "roots e and 2", [["2*E", "-2 - E", 1]]),
    Case("cosh", "cosh", ["t", "t + log(2)", "-t"], ["exp(t)"], 2, "e^t and e^-t", [[2, -4, 0, 3], [1, 0, -1, 0]]),
    Case("gaussians", "exp(-x**2)", ["t", "-t", "t + 1", "t - 1"], [1], 1, "even; e^(at) are independent",
         [[1, -1, 0, 0, 0]]),
    Case("cube: translates", "x**3", [f"t + {k}" for k in range(5)], [], 1, "fourth differences", [[1, -4, 6, -4, 1]],
         [[1, -3, 3, -1, 0]]),
    Case("cube: differences and affine functions", "x**3", ["t", "t + 1", "t + 2"],
         AFFINE, 1, "second difference 6t + 6",
         [[1, -2, 1, -6, -6]]),
    Case("x^20", "x**20", [f"t + {k}" for k in range(22)], [], 1, "21st differences"),
    Case("cubic with a centre", "x**3 + x**2", ["t", "-2/3 - t"], [1], 1, "the centre is -1/3", [[27, 27, -4]]),
    Case("square", "x**2", ["pi*t", "E*t", "t"], [], 2, "one function", [["1/pi**2", 0, -1]], [["1/10", 0, -1]]),
    Case("cube root", "cbrt(x)", ["t", "2*t", "-8*t"], [], 2, "homogeneous and odd", [["2**(1/3)", -1, 0], [2, 0, 1]]),
    Case("an irrational power", "abs(x)**sqrt(2)", ["t", "-3*t"], [], 1, "homogeneous", [["3**sqrt(2)", -1]],
         [[3, -1]]),
    Case("logarithm", "log(abs(x))", ["t", "2*t", "-3*t"], [1], 2, "log|bt| = log|b| + log|t|",
         [[1, -1, 0, "log(2)"], [1, 0, -1, "log(3)"]], [[1, 0, -1, "log(2)"]]),
    Case("t log t", "x*log(abs(x))", ["t", "2*t"], ["t"], 1, "2t log 2", [[2, -1, "2*log(2)"]]),
    Case("log-periodic", "sin(log(abs(x)))", ["t", "exp(pi)*t", "-t"], [], 2, "half a turn of log t", [[1, 1, 0],
         [1, 0, -1]]),
    Case("Hermite", "floor", ["2*t", "t", "t + 1/2"], [], 1, "Hermite's identity", [[1, -1, -1]], [[1, -2, 0]]),
    Case("Hermite with seven", "floor", ["7*t", *(f"t + {k}/7" for k in range(7))], [], 1, "Hermite's identity",
         [[1, -1, -1, -1, -1, -1, -1, -1]]),
    Case("floor at -t", "floor", MIRROR, [1], 0, "-1 except at whole numbers"),
    Case("fractional part", "frac", ["2*t", "t", "t + 1/2"], [1], 1, "Hermite", [[2, -2, -2, 1]]),
    Case("Heaviside, half at 0", "heaviside", MIRROR, [1], 1, "1/2 + 1/2 at 0", [[1, 1, -1]]),
    Case("a step that is 0 at 0", "Piecewise((1, x > 0), (0, True))", MIRROR, [1], 0, "0 + 0 at t = 0"),
    Case("one wrong value at 7/3", "Piecewise((x, Ne(x, 7/3)), (0, True))", ["t", "2*t"], ["t"], 0, "7/3 and 7/6"),
    Case("one wrong value at pi", "Piecewise((x, Ne(x, pi)), (0, True))", ["t"], ["t"], 0, "the value at pi"),
    Case("wrong on (1000, 1001)", "Piecewise((Max(0, x) + 1, And(x > 1000, x < 1001)), (Max(0, x), True))",
         MIRROR, ["t"],
         0, "different there"),
    Case("a hidden square", "Max(0, x) + x**2/10**30", MIRROR, AFFINE, 1, "the square is even", [[1, -1, 0, -1]],
         [[1, 1, 0, 0]]),
    Case("a hidden cube", "Max(0, x) + x**3/10**30", MIRROR, AFFINE, 0, "the cube is odd, and not linear"),
    Case("a deeply hidden cube", "Max(0, x) + x**3/10**900", MIRROR, AFFINE, 0, "the cube is odd"),
    Case("softplus with a hidden square", "log(1 + exp(x)) + 10**(-40)*x**2*sign(x)", MIRROR, AFFINE, 0, "odd part"),
    Case("almost an addition formula", "sin(x) + sin(3*x)/10**30", ["t", "t + pi/2", "t + 1"], [], 0, "four waves"),
    Case("almost e", "exp", ["t", "t + 1"], [], 1, "e, not 271828/100000", [["E", -1]], [["271828/100000", -1]]),
    Case("almost pi", "x", ["t", "t + pi"], [1], 1, "pi", [[1, -1, "pi"]], [[1, -1, "355/113"]]),
    Case("arc functions", "asin(x)", ["t"], ["acos(t)", 1], 1, "their sum is pi/2", [[1, 1, "-pi/2"]]),
    Case("reciprocal arguments", "atan(x)", MIRROR, ["atan(1/t)", "sign(t)"], 2, "the sum is pi/2 sign(t)",
         [[1, 0, 1, "-pi/2"], [1, 1, 0, 0]]),
    Case("gamma", "gamma(x)", ["t", "t + 1"], ["t*gamma(t)"], 1, "the functional equation", [[0, 1, -1]]),
    Case("Bessel", "besselj(0, x)", ["t"], ["besselj(1, t)/t", "besselj(2, t)"], 1, "J0 - 2 J1/t + J2 = 0",
         [[1, -2, 1]]),
    Case("Chebyshev", "cos(2*acos(x))", ["t"], [1, "t**2"], 1, "2 t^2 - 1 on [-1, 1]", [[1, 1, -2]]),
    Case("a domain that one function narrows", "abs(x)", ["t"], ["t", "sqrt(t)"], 1, "only t >= 0 counts",
         [[1, -1, 0]]),
    Case("poles", "1/x", ["t", "-t", "t + 1", "2*t"], [], 2, "poles at 0 and -1", [[1, 1, 0, 0], [1, 0, 0, -2]]),
    Case("an affine function in disguise", "log(exp(x))", ["t", "2*t + 1"], [1], 1, "t and 1", [[2, -1, 1]]),
    Case("zero in disguise", "sqrt(2)*sqrt(3)*x - sqrt(6)*x", ["t"], [1], 1, "the zero function", [[1, 0]]),
    Case("the same argument twice", "tanh", ["t", "t"], [], 1, "equal functions", [[1, -1]]),
    Case("parameters as pairs", "cos", [(1, 0), (1, "pi"), (-1, 0)], [], 2, "cos(t + pi) = -cos t", [[1, 1, 0],
         [1, 0, -1]]),
]  # fmt: skip
