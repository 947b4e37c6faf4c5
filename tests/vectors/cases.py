"""Activations on vectors with the groups that they have, argued by hand.

Each case: the activation, a dimension, the dimension of the Lie group there, the number of components, and why.
"""

from __future__ import annotations

import sympy as sp

from intertwine.vectors import (
    BlockRadial,
    Gated,
    GroupSort,
    LayerNorm,
    LogSoftmax,
    MaxPool,
    QuadraticForm,
    Radial,
    RMSNorm,
    Softmax,
    Softmin,
    Sparsemax,
    Stack,
    VectorActivation,
    named,
)

Case = tuple[VectorActivation, int, int, object, str]
oo = sp.oo


def _named(text: str) -> VectorActivation:
    value = named(text)
    assert value is not None
    return value


CASES: list[Case] = [
    (Radial("tanh(r)/r"), 3, 3, 2, "not a power: O(3)"),
    (Radial("Max(0, 1 - 1/r)"), 2, 1, 2, "shifted ReLU of radial networks, zero up to 1"),
    (Radial("r**2/(1 + r**2)/r"), 3, 3, 2, "squashing of capsules"),
    (Radial("Heaviside(r - 1)"), 2, 1, 2, "step ReLU: the jump at 1 stays"),
    (Radial("r**2"), 3, 4, 2, "a power: conformal"),
    (Radial("1/r"), 2, 2, 2, "normalisation to length 1"),
    (Radial("3"), 3, 9, 2, "linear"),
    (Radial("exp(log(r) - log(r))"), 2, 4, 2, "1 in disguise"),
    (Radial("cosh(r)**2 - sinh(r)**2"), 2, 4, 2, "1 in disguise"),
    (Radial("0"), 2, 4, 2, "zero: everything, with any B"),
    (Radial("2 + sin(log(r))"), 2, 1, oo, "scale invariant by exp(2π)"),
    (Radial("r*(2 + cos(log(r)))"), 3, 3, oo, "the same with a factor"),
    (Radial("r + r**2/10**30"), 2, 1, 2, "not a power, though nearly"),
    (Radial("sqrt(1 - r**2)"), 2, 1, 2, "lives on a ball"),
    (Radial("log(r)"), 2, 1, 2, "log is not a power"),
    (Radial("sqrt(r)*sqrt(r)"), 2, 2, 2, "r in disguise"),
    (BlockRadial("Max(0, 1 - 1/(2*r))", 2), 4, 2, 8, "modReLU: O(2) on each of two blocks, and their exchange"),
    (BlockRadial("r", 2), 4, 4, 8, "conformal on each block"),
    (BlockRadial("1/(1 + exp(-r))", 3), 6, 6, 8, "gated norm nonlinearity"),
    (BlockRadial("1/2", 2), 4, 16, 2, "linear"),
    (BlockRadial("tanh(r)/r", 1), 3, 0, 48, "elementwise tanh: signed permutations"),
    (RMSNorm(), 3, 4, 2, "conformal: the scale is divided out"),
    (RMSNorm(eps="1e-6"), 3, 3, 2, "orthogonal"),
    (RMSNorm(eps=1, gain=[1, 2, 3]), 3, 3, 2, "a gain acts on B alone"),
    (RMSNorm(eps=1, gain=[1, 2, 3], bias=[1, 0, 1]), 3, 1, 2, "a vector is fixed: O(2)"),
    (RMSNorm(bias=[1, 1]), 2, 1, 2, "O(1), and the scales, which B does not see"),
    (LayerNorm(), 3, 5, 4, "R² and R* for what goes to the line, R>0·O(2) on the quotient"),
    (LayerNorm(eps="1e-5"), 3, 4, 4, "O(2) on the quotient"),
    (LayerNorm(eps=1), 2, 2, 4, "O(1) on the quotient"),
    (LayerNorm(eps=1, gain=[1, 2, 4]), 3, 4, 4, "a gain acts on B alone"),
    (LayerNorm(eps=1, bias=[1, 1, 1]), 3, 4, 4, "a bias outside of the image imposes nothing"),
    (LayerNorm(eps=1, bias=[1, 0, -1]), 3, 3, 4, "a bias inside of it is fixed: O(1) on the quotient"),
    (Softmax(), 3, 3, 12, "P + 1vᵀ"),
    (Softmax("1/3"), 2, 2, 4, "the same at every temperature"),
    (Softmin(2), 3, 3, 12, "P + 1vᵀ"),
    (LogSoftmax(), 3, 3, 12, "P + 1vᵀ"),
    (Sparsemax(), 3, 3, 12, "P + 1vᵀ"),
    (_named("glu"), 4, 2, 8, "sigmoid has {1}: R* ≀ S_2"),
    (_named("reglu"), 4, 4, 8, "(R>0 × R*) ≀ S_2"),
    (_named("geglu"), 4, 2, 8, "R* ≀ S_2"),
    (_named("swiglu"), 4, 2, 8, "R* ≀ S_2"),
    (_named("bilinear"), 4, 4, 128, "((R* × R*) ⋊ Z/2) ≀ S_2"),
    (Gated("log(exp(x))"), 2, 2, 8, "bilinear in disguise"),
    (Gated("tanh"), 2, 1, 4, "{±1} × R*"),
    (Gated("abs(x)"), 2, 2, 4, "R* × R*"),
    (Gated("x + 1"), 2, 1, 2, "u·v + v: the gate may not be scaled"),
    (Gated("x + 1", gate="second"), 2, 1, 2, "the same with the halves exchanged"),
    (Gated("2"), 4, 12, 4, "a constant gate: [[K, L], [0, M]]"),
    (Gated("2", gate="second"), 4, 12, 4, "the same with the halves exchanged"),
    (Gated("x**2"), 2, 2, 4, "R* × R*"),
    (_named("crelu"), 3, 3, 48, "the span of x and |x|: R* ≀ S_3"),
    (Stack(["x", "x**2", "x**3"]), 2, 2, 8, "powers: R* ≀ S_2"),
    (Stack(["x**2 + x", "x**2"]), 2, 2, 8, "the span of x and x²"),
    (Stack(["x**2 + x"]), 2, 0, 2, "x² + x alone: permutations"),
    (Stack(["exp(x)", "exp(-x)"]), 2, 0, 8, "signs exchange the two"),
    (Stack(["tanh(x)", "x"]), 2, 0, 8, "both odd, but not homogeneous"),
    (Stack(["relu(x)", "relu(x - 1)"]), 2, 0, 2, "kinks at 0 and 1"),
    (Stack(["relu(x)", "relu(-x)", "abs(x)"]), 2, 2, 8, "dependent: B is not unique"),
    (Stack(["x**2", "1"]), 2, 2, 8, "with constants, shared by the coordinates"),
    (Stack(["relu(x)", "x"]), 2, 2, 8, "the span of x and |x| again"),
    (MaxPool(2), 4, 2, 8, "(R>0 × S_2) ≀ S_2"),
    (MaxPool(3), 3, 1, 6, "one scale for the group"),
    (MaxPool(1), 3, 9, 2, "identity"),
    (GroupSort(2), 2, 2, 4, "two independent scalars: on the sum and on the difference"),
    (GroupSort(2), 4, 6, 16, "differences R* ≀ S_2, sums GL_2"),
    (GroupSort(3), 3, 2, 24, "R* × S_3 on deviations, R* on the mean"),
    (QuadraticForm(sp.eye(3)), 3, 4, 2, "R>0·O(3)"),
    (QuadraticForm([[0, 1], [0, 0]]), 2, 2, 8, "x1·x2: monomial matrices"),
    (QuadraticForm([[1, 0, 0], [0, 2, 0], [0, 0, -3]]), 3, 4, 4, "signature (2, 1)"),
    (QuadraticForm([[1, 2, 0], [2, 1, 0], [0, 0, 0]]), 3, 5, 16, "x1² + 4 x1 x2 + x2², one kernel direction"),
    (QuadraticForm([[1, 1], [1, 1]]), 2, 3, 4, "(x1 + x2)²: rank 1"),
    (QuadraticForm([[0, 1], [-1, 0]]), 2, 4, 2, "the form is 0: only the symmetric part counts"),
]
