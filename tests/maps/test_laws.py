"""Laws that every derived group obeys, against evaluations that share nothing with the solver."""

from __future__ import annotations

from functools import cache

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from intertwine.maps.solution import MapSolution, solve_map

MAPS = (
    "[x1**2 - x2**2, 2*x1*x2]", "[x1*x2]", "[Max(x1, x2)]", "[Max(x1, x2), Min(x1, x2)]", "[exp(-x1**2 - x2**2)]",
    "[x1*sigmoid(x2)]", "[sqrt(x1**2 + x2**2)]", "[x1**2 + sqrt(2)*x2**2]", "[x1/x2]", "[log(x1*x2)]",
    "[softplus(x1 - x2)]", "[x1**3 - 3*x1*x2**2]", "[Abs(x1) + 2*Abs(x2)]", "[x1, x1**2 + x2]", "[x1*x4 - x2*x3]",
    "[x1*x2, x2*x3, x3*x1]", "[x1**2 + x2**2, x3]", "[tanh(x1), tanh(x2), tanh(x1)]", "[sin(x1)*sin(x2)]",
    "[exp(x1)/(exp(x1) + exp(x2) + exp(x3)), exp(x2)/(exp(x1) + exp(x2) + exp(x3))]", "[x1**4 + 16*x2**4]",
    "[x1**2 + x1*x2]", "[x1**2 + x2*x3, x2**2]", "[(x1**3 - x2**3)/(x1 - x2)]", "[x1 + x2]",
    "[x1**2 + x2**2 + x3**2, x1**2 + 2*x2**2 + 3*x3**2]",
    "[x1**2 - x2**2 - x3**2 - x4**2, x1*x2, x1*x3, x1*x4]", "[cos(x1)*exp(x2), x2]",
)


@cache
def solved(text: str) -> MapSolution:
    return solve_map(text)


def evaluate(answer: MapSolution, point: list[mpmath.mpf]) -> list[mpmath.mpf] | None:
    """The map at a point in mpmath; None outside of the domain."""
    symbols = [sp.Symbol(f"x{k + 1}", real=True) for k in range(answer.n)]
    values = []
    for e in answer.expressions:
        try:
            value = sp.lambdify(symbols, e, "mpmath")(*point)
        except (ZeroDivisionError, ValueError):
            return None
        if not mpmath.isfinite(value) or abs(mpmath.im(value)) > 0:
            return None
        values.append(mpmath.re(value))
    return values


@settings(max_examples=4, deadline=None)
@pytest.mark.parametrize("text", MAPS)
@given(seed=st.integers(0, 10**6))
def test_intertwining_to_thirty_digits(text: str, seed: int) -> None:
    answer = solved(text)
    rng = np.random.default_rng(seed)
    a = answer.group().exact_sample(rng)
    b = answer.phi(a)
    with mpmath.workdps(60):
        numbers = mpmath.matrix(a.evalf(60).tolist()), mpmath.matrix(b.evalf(60).tolist())
        for _ in range(4):
            x = [mpmath.mpf(int(v)) / 257 for v in rng.integers(-700, 700, answer.n)]
            before = evaluate(answer, x)
            after = evaluate(answer, list(numbers[0] * mpmath.matrix(x)))
            assert (before is None) == (after is None)
            if before is not None and after is not None:
                expected = numbers[1] * mpmath.matrix(before)
                scale = 1 + max(abs(v) for v in expected) + max(abs(v) for v in before)
                assert all(abs(u - v) < scale * mpmath.mpf(10) ** -30 for u, v in zip(after, expected, strict=True))


@settings(max_examples=4, deadline=None)
@pytest.mark.parametrize("text", MAPS)
@given(seed=st.integers(0, 10**6))
def test_closed_and_homomorphic(text: str, seed: int) -> None:
    answer, rng = solved(text), np.random.default_rng(seed)
    group = answer.group()
    a, b = group.exact_sample(rng), group.exact_sample(rng)
    assert group.contains(a * b) and group.contains(a.inv())
    if answer.unique:
        difference = answer.phi(a * b) - answer.phi(a) * answer.phi(b)
        assert sp.simplify(difference) == sp.zeros(*difference.shape)


@settings(max_examples=3, deadline=None)
@pytest.mark.parametrize("text", MAPS)
@given(seed=st.integers(0, 10**6))
def test_samples_intertwine(text: str, seed: int) -> None:
    answer, rng = solved(text), np.random.default_rng(seed)
    pair = answer.sample(rng, 0.3)
    a, b = pair.element.to_matrix(), pair.image.to_matrix()
    with mpmath.workdps(30):
        for _ in range(4):
            x = [mpmath.mpf(int(v)) / 300 for v in rng.integers(-500, 500, answer.n)]
            before, after = evaluate(answer, x), evaluate(answer, list(mpmath.matrix(a.tolist()) * mpmath.matrix(x)))
            if before is None or after is None:
                continue
            expected = mpmath.matrix(b.tolist()) * mpmath.matrix(before)
            scale = 1 + max(abs(v) for v in expected)
            assert all(abs(u - v) < 1e-8 * scale for u, v in zip(after, expected, strict=True))


@pytest.mark.parametrize("text", MAPS)
def test_dimension_against_a_numeric_rank(text: str) -> None:
    answer = solved(text)
    n, rng = answer.n, np.random.default_rng(7)
    symbols = [sp.Symbol(f"x{k + 1}", real=True) for k in range(n)]
    rows: list[np.ndarray] = []
    with mpmath.workdps(40):
        functions = [sp.lambdify(symbols, e, "mpmath") for e in answer.expressions]
        while len(rows) < 3 * (n * n + answer.m**2):
            x = [mpmath.mpf(float(v)) for v in rng.uniform(-1.3, 1.3, n)]
            value = evaluate(answer, x)
            if value is None:
                continue
            for i, f in enumerate(functions):
                slopes = [mpmath.diff(f, tuple(x), tuple(int(k == j) for k in range(n))) for j in range(n)]
                row = [float(mpmath.re(slopes[j] * x[k])) for j in range(n) for k in range(n)]
                image = np.zeros((answer.m, answer.m))
                image[i] = [-float(v) for v in value]
                rows.append(np.concatenate([row, image.ravel()]))
    singular = np.linalg.svd(np.array(rows) / np.linalg.norm(rows, axis=1, keepdims=True), compute_uv=False)
    kernel = n * n + answer.m**2 - int((singular > 1e-9 * singular[0]).sum())
    assert kernel == answer.dimension + answer.m * (answer.m - answer.derivation.space.d)


@settings(max_examples=3, deadline=None)
@pytest.mark.parametrize("text", [m for m in MAPS if "x3" not in m])
@given(entries=st.lists(st.integers(-3, 3), min_size=4, max_size=4))
def test_new_coordinates_conjugate_the_group(text: str, entries: list[int]) -> None:
    c = sp.Matrix(2, 2, entries)
    if c.det() == 0:
        return
    answer = solved(text)
    x, y = sp.symbols("x1 x2", real=True)
    new = c * sp.Matrix([x, y])
    moved = solve_map([e.subs({x: new[0], y: new[1]}, simultaneous=True) for e in answer.expressions], [x, y])
    assert moved.dimension == answer.dimension and moved.dimension_exact
    if moved.status == "exact":
        assert moved.components == answer.components
    for a, _ in answer.generators:
        assert moved.contains((c.inv() * a * c).applyfunc(sp.simplify))


@pytest.mark.parametrize("text", MAPS)
def test_lie_algebra_is_closed_under_brackets(text: str) -> None:
    structure = solved(text).structure_constants
    if structure is not None:
        basis = [x for x, _ in solved(text).lie_algebra]
        for i, a in enumerate(basis):
            for j, b in enumerate(basis):
                total = sum((c * x for c, x in zip(structure[i][j], basis, strict=True)), sp.zeros(solved(text).n))
                assert a * b - b * a == total


@pytest.mark.parametrize("text", ["[x1 + x2]", "[Max(x1 + x2, x3)]", "[x1**2, x1*x2]", "[x1*x2]"])
def test_generators_are_elements(text: str) -> None:
    """A Cayley transform can be singular: none of those is a generator."""
    group = solved(text).group()
    assert all(group.contains(a) for a in group.generators())
