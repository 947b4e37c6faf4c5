"""Rational functions: poles go to poles, with their residues up to sign."""

from __future__ import annotations

from tests.affine.collection.case import even, odd, signed_power, trivial

CASES = (
    signed_power("1/x", "0", "-1", "0", "-1", "a power on the line without 0"),
    signed_power("1/(x - 1) + 2", "1", "-1", "2", "-1", "a power about 1"),
    signed_power("(x + 1)/(x - 1)", "1", "-1", "1", "-1", "1 + 2/(t - 1)"),
    signed_power("(2*x + 3)/(x + 4)", "-4", "-1", "2", "-1", "2 - 5/(t + 4)"),
    signed_power("1/x**2", "0", "-2", "0", "1", "a power"),
    signed_power("1/(x - 3)**3", "3", "-3", "0", "-1", "a power about 3"),
    even("1/(1 + x**2)", "0", "even, with limits"),
    even("1/(x**2 + 2*x + 5)", "-1", "the denominator is (t + 1)^2 + 4"),
    odd("x/(1 + x**2)", "0", "0", "odd, with limits"),
    odd("x + 1/x", "0", "0", "odd; the pole 0 is fixed, and two exponents occur"),
    odd("1/x + 1/(x - 1)", "1/2", "0", "two poles with equal residues"),
    even("1/x - 1/(x - 1)", "1/2", "two poles with opposite residues"),
    trivial("1/x + 2/(x - 1)", "two poles with residues 1 and 2"),
    even("1/(x**2 - 1)", "0", "even"),
    odd("x/(x**2 - 1)", "0", "0", "odd"),
    odd("x**2/(1 + x)", "-1", "-4", "t - 2 + 1/t with t = x + 1"),
    even("1/(1 + x**4)", "0", "even, with limits"),
    even("1/(1 + (x - 1)**2) + 1/(1 + (x + 1)**2)", "0", "the bumps are exchanged"),
    trivial("1/(1 + (x - 1)**2) + 2/(1 + (x + 1)**2)", "the complex poles 1 + i and -1 + i have weights 1 and 2"),
)
