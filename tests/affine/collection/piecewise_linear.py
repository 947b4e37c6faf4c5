"""Piecewise linear functions: kinks and jumps go to kinks and jumps."""

from __future__ import annotations

from tests.affine.collection.case import even, odd, power, signed_power, trivial

CASES = (
    power("Max(0, x)", "0", "1", "0", "one kink, slopes 0 and 1"),
    power("Max(0, 2*x + 3)", "-3/2", "1", "0", "one kink, at -3/2"),
    power("Max(x, x/100)", "0", "1", "0", "one kink, slopes 1/100 and 1"),
    power("Max(x - 1, (x - 1)/5) + 2", "1", "1", "2", "one kink, at (1, 2)"),
    power("Max(x, 2*x - 1)", "1", "1", "1", "one kink, at (1, 1)"),
    power("Max(0, pi*x - 1)", "1/pi", "1", "0", "one kink, at 1/pi"),
    power("Abs(x) + x/2", "0", "1", "0", "one kink, slopes -1/2 and 3/2"),
    power("frelu", "0", "1", "-199/500", "ReLU with an offset"),
    signed_power("Abs(x)", "0", "1", "0", "1", "one kink, slopes -1 and 1"),
    signed_power("Abs(x - 3) - 1", "3", "1", "-1", "1", "one kink, at (3, -1)"),
    odd("Min(Max(0, x), 6)", "3", "6", "two kinks, symmetric about (3, 3)"),
    odd("Min(Max(-1, x), 1)", "0", "0", "two kinks, symmetric about 0"),
    odd("hard_sigmoid", "0", "1", "two kinks, symmetric about (0, 1/2)"),
    even("Abs(x) + Abs(x - 1)", "1/2", "two kinks with the same change of slope"),
    odd("Abs(x) - Abs(x - 1)", "1/2", "0", "two kinks with opposite changes of slope"),
    trivial("Abs(x) + 2*Abs(x - 1)", "two kinks, the slopes change by 2 and by 4"),
    even("Abs(x + 1) + Abs(x) + Abs(x - 1)", "0", "three symmetric kinks"),
    trivial("Abs(x + 1) + Abs(x) + Abs(x - 2)", "the kinks -1, 0, 2 are not symmetric"),
    trivial("Max(x, 0) + Max(x - 1, 0)", "slopes 0, 1, 2"),
    even("Max(-x - 1, 0, x - 1)", "0", "slopes -1, 0, 1"),
    odd("Piecewise((x, (x > 1/2) | (x < -1/2)), (0, True))", "0", "0", "the hard shrinkage is odd"),
    odd("soft_shrink", "0", "0", "odd, slopes 1, 0, 1"),
    trivial("Piecewise((x, x > 1), (0, True))", "bounded at one end only; about 1 the offsets 1 and 0 differ"),
    trivial("Piecewise((x, x > 0), (-1, True))", "bounded at one end only; about 0 the offsets 0 and -1 differ"),
    trivial("threshold", "bounded at one end only; about 1/10 the offsets 1/10 and 20 differ"),
    odd("x + sign(x)", "0", "0", "odd; about 0 the offsets 1 and -1 differ"),
    even("Abs(Abs(x) - 1)", "0", "even, three kinks"),
    odd("plu", "0", "0", "odd, slopes 1/10, 1, 1/10"),
    trivial("hard_swish", "0 at one end, linear at the other"),
    trivial("Piecewise((1, x > 0), (2, x < -1), (0, True))", "2, 0, 1 from left to right: 0 is not halfway"),
)
