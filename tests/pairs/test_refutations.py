"""A "no" is looked at in a second way: values by mpmath, and a search for a map that would relate the two."""

from __future__ import annotations

import itertools

import mpmath
import numpy as np
import pytest

import intertwine as iw
from intertwine.pairs.reasons import Separated
from intertwine.parsing import parse_term
from tests.oracle import evaluate

DIGITS = 80
#: Pairs that no affine map relates; several differ in something very small or far away.
UNRELATED = [
    ("mish", "logish"), ("tanh", "atan"), ("silu", "gelu"), ("exp(x)", "exp(x) + x/10**20"),
    ("tanh(x)", "tanh(x) + x*exp(-x**2)/10**20"), ("softplus", "softplus(x) + x**2/10**30"),
    ("exp(sin(x))", "exp(2*sin(x))"), ("tan(x)", "tan(x)**3"), ("floor(x)", "frac(x)"), ("log(Abs(x))", "cos(x)"),
    ("sin(x) + sin(sqrt(2)*x)", "sin(x) + sin(sqrt(3)*x)"), ("sqrt(1 - x**2)", "acos(x)"), ("x**3", "x**3 - x"),
    ("exp(x)*(2 + sin(x))", "exp(2*x)*(2 + sin(x))"), ("x**4 + x", "x**4 - 3*x**2 + x"), ("elu", "selu"),
    ("Max(0, x)**(3/2)", "Max(0, x)**(3/2) + Max(0, x)**2/10**12"), ("1/x", "1/x**3"), ("erf(x)", "tanh(x)"),
    ("x*Abs(x)", "x**3"), ("cbrt(x)", "cbrt(x) + x"), ("exp(-Abs(x))", "1/(1 + Abs(x))"), ("sinh(x)", "x**3 + x"),
]  # fmt: skip


@pytest.mark.parametrize("pair", UNRELATED)
def test_separated_values_by_another_evaluator(pair: tuple[str, str]) -> None:
    e = iw.equivalent(*pair)
    assert e.answer is False and e.reasons
    for reason in e.reasons:
        if isinstance(reason, Separated) and reason.method == "determinant":
            with mpmath.workdps(DIGITS):
                a, c = (evaluate(k, 1, DIGITS) for k in (reason.a, reason.c))
                points = [mpmath.mpf(t.numerator) / t.denominator for t in reason.points]
                v = [evaluate(e.first, t, DIGITS) for t in points]
                w = [evaluate(e.second, a * t + c, DIGITS) for t in points]
                gap = _gap(v, w)
                assert abs(gap) > mpmath.mpf(10) ** (-DIGITS + 15)


def _gap(v: list[mpmath.mpf], w: list[mpmath.mpf]) -> mpmath.mpf:
    """What is zero if ``w = b*v + d`` with ``b`` not zero."""
    if len(v) == 2:  # one of the two functions has equal values, the other one has not
        equal = [abs(u[1] - u[0]) < mpmath.mpf(10) ** (-DIGITS + 10) for u in (v, w)]
        return mpmath.mpf(equal[0] is not equal[1])
    return (v[2] - v[0]) * (w[1] - w[0]) - (v[1] - v[0]) * (w[2] - w[0])


#: Where a relation could be seen in double precision.
VISIBLE = [p for p in UNRELATED if "10**" not in "".join(p)]


@pytest.mark.parametrize("pair", VISIBLE)
def test_a_search_finds_no_map(pair: tuple[str, str]) -> None:
    """For many (a, c), the best b and d leave a residual."""
    assert _least_residual(*pair) > 1e-9


@pytest.mark.parametrize("pair", [("sigmoid", "tanh"), ("sin", "cos(2*x - 1)"), ("x**2", "x**2 + x"), ("exp", "2**x")])
def test_the_search_finds_maps_that_exist(pair: tuple[str, str]) -> None:
    if pair[0] in ("sigmoid", "x**2"):  # the map is on the grid
        assert _least_residual(*pair) < 1e-12
    assert iw.equivalent(*pair).answer is True


def _least_residual(first: str, second: str) -> float:
    """The smallest relative residual of τ(at + c) beside the best bσ(t) + d, over a grid of (a, c)."""
    t = np.linspace(-2.05, 1.97, 23)
    s, u = (parse_term(name) for name in (first, second))
    values = _values(s, t)
    grid = [*(sign * 2.0 ** (k / 2) for k in range(-3, 4) for sign in (1, -1)), np.pi, -np.pi]
    found = []
    for a, c in itertools.product(grid, np.linspace(-3, 3, 13)):
        other = _values(u, a * t + c)
        both = np.isfinite(values) & np.isfinite(other)
        if both.sum() < 8 or np.ptp(other[both]) == 0 or np.ptp(values[both]) == 0:
            continue
        basis = np.stack([values[both], np.ones(both.sum())], axis=1)
        residual = other[both] - basis @ np.linalg.lstsq(basis, other[both], rcond=None)[0]
        found.append(np.abs(residual).max() / np.ptp(other[both]))
    return float(min(found, default=np.inf))


def _values(s, points: np.ndarray) -> np.ndarray:
    found = [evaluate(s, float(p), 16) for p in points]
    return np.array([np.nan if y is None else float(y) for y in found])
