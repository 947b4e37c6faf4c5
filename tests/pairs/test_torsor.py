"""The matrices between two activations: a coset, and its laws."""

from __future__ import annotations

import json

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import intertwine as iw
from intertwine.errors import IntertwineError, ShapeError, Undecided
from intertwine.groups import AffineMap, matrices
from intertwine.pairs.transport import transported

PAIRS = [
    ("silu", "quick_gelu"), ("gaussian", "rbf"), ("relu", "relu(-3*x)"), ("x**3", "5*x**3"), ("tanh", "dynamic_tanh"),
    ("x", "-2*x"), ("x + 1", "3*x - 2"), ("1", "5"), ("sin(log(Abs(x)))", "cos(log(Abs(x)))"), ("elu", "celu"),
]  # fmt: skip
pairs = st.sampled_from(PAIRS)
seeds = st.integers(0, 10**6)


@settings(max_examples=40)
@given(pairs, seeds, st.integers(1, 3))
def test_a_coset_of_the_group(pair, seed, n):
    T = iw.intertwiners(*pair)
    assert T.status == "exact"
    rng = np.random.default_rng(seed)
    A, G = T.exact_sample(rng, n), T.group(n)
    M = G.exact_sample(rng)
    assert A in T and A * M in T
    image = (T.phi(A) * G.phi(M)).as_immutable()
    assert matrices.same(T.phi((A * M).as_immutable()), image)
    other = T.exact_sample(rng, n)
    assert (A.inv() * other).as_immutable() in G


@settings(max_examples=20)
@given(pairs, seeds)
def test_the_inverse_goes_back(pair, seed):
    T, U = iw.intertwiners(*pair), iw.intertwiners(*pair[::-1])
    A = T.exact_sample(np.random.default_rng(seed), 2)
    back = matrices.inverse(A)
    assert back in U
    if T.group.unique:
        assert matrices.same((U.phi(back) * T.phi(A)).as_immutable(), sp.eye(2).as_immutable())


@settings(max_examples=20)
@given(pairs, seeds)
def test_perturbed_elements_are_rejected(pair, seed):
    T = iw.intertwiners(*pair)
    if T.group.kind == "general linear":
        return
    A = T.exact_sample(np.random.default_rng(seed), 2).as_mutable()
    A[0, 0] += sp.Rational(1, 10**30)
    A[0, 1] += sp.Rational(1, 10**30)
    assert A not in T


FUNCTIONS = {
    "silu": lambda t: t / (1 + np.exp(-t)), "quick_gelu": lambda t: t / (1 + np.exp(-1.702 * t)),
    "gaussian": lambda t: np.exp(-(t**2) / 2), "rbf": lambda t: np.exp(-(t**2)), "relu": lambda t: np.maximum(t, 0),
    "relu(-3*x)": lambda t: np.maximum(-3 * t, 0), "tanh": np.tanh, "dynamic_tanh": lambda t: np.tanh(t / 2),
    "x + 1": lambda t: t + 1, "3*x - 2": lambda t: 3 * t - 2,
}  # fmt: skip


@pytest.mark.parametrize("pair", [p for p in PAIRS if p[0] in FUNCTIONS and p[1] in FUNCTIONS])
def test_networks_keep_their_function(pair: tuple[str, str], rng: np.random.Generator) -> None:
    s, t = FUNCTIONS[pair[0]], FUNCTIONS[pair[1]]
    T = iw.intertwiners(*pair)
    for _ in range(5):
        W1, W2, b, x = (rng.standard_normal(size) for size in ((7, 4), (3, 7), (7, 1), (4, 60)))
        g = T.sample(rng, 7)
        A, B = g.element.to_matrix(), g.image.to_matrix()
        before, after = W2 @ s(W1 @ x + b), W2 @ np.linalg.inv(B) @ t(A @ W1 @ x + A @ b)
        assert np.allclose(before, after, rtol=1e-10, atol=1e-10 * abs(before).max())


def test_affine_maps_between_networks(rng: np.random.Generator) -> None:
    T = iw.intertwiners("sigmoid", "tanh", affine=True)
    W1, W2, b, c, x = (rng.standard_normal(size) for size in ((6, 4), (3, 6), 6, 3, (50, 4)))
    g = T.sample(rng, 6)
    before = 1 / (1 + np.exp(-(x @ W1.T + b))) @ W2.T + c
    back = g.image.inverse()
    middle = np.tanh(np.stack([g.element.apply(row) for row in x @ W1.T + b]))
    after = np.stack([back.apply(row) for row in middle]) @ W2.T + c
    assert np.allclose(before, after, rtol=1e-10)


@pytest.mark.parametrize("pair", [("sigmoid", "tanh"), ("relu6", "hard_tanh"), ("sin", "cos"), ("x", "2*x + 1")])
def test_affine_elements(pair: tuple[str, str], rng: np.random.Generator) -> None:
    T = iw.intertwiners(*pair, affine=True)
    a, c, b, d = T.representative
    element = (sp.diag(a, a), [c, c])
    assert element in T
    image = T.psi(element)
    assert matrices.same(image.matrix, sp.diag(b, b).as_immutable()) and list(image.shift) == [d, d]
    assert T.exact_sample(rng, 3) in T
    assert (sp.diag(a, a), [c, c + sp.Rational(1, 10**9)]) not in T or T.group.scalars.type == "affine-line"
    json.dumps(T.to_json())
    assert "τ" in T.explain()


@pytest.mark.parametrize("pair", [
    ("cbrt(x)", "cbrt(-sqrt(3)*x - 2)"), ("sin", "cos(3*x) - 1"), ("exp(x)", "2*exp(3*x) + 1"), ("sigmoid", "tanh"),
    ("log(Abs(x - 2))", "2*log(Abs(3*x)) + 1"), ("relu", "Max(0, 2*x + 3) - pi"), ("floor(x)", "ceiling(x)"),
    ("x*sin(log(Abs(x)))", "(x - 1)*sin(log(Abs(x - 1)))"), ("exp(x)*(2 + sin(x))", "1 - exp(x + 1)*(2 + sin(x + 1))"),
    ("x**2", "3*x**2 + x"), ("sign(x)", "Heaviside(x)"), ("1/x", "2/(1 - x)"),
])  # fmt: skip
def test_affine_inverses_and_cosets(pair: tuple[str, str], rng: np.random.Generator) -> None:
    """An element of one set after one of the set of the way back is an element of the group."""
    T, U = (iw.intertwiners(*p, affine=True) for p in (pair, pair[::-1]))
    assert T.status == U.status == "exact"
    for _ in range(3):
        e, f = T.exact_sample(rng, 2), T.exact_sample(rng, 2)
        back = e.matrix.inv()
        assert (back, list(-back * e.shift)) in U
        assert T.group(2).contains((back * f.matrix, list(back * (f.shift - e.shift))))
        assert U.group(2).contains((f.matrix * back, list(f.shift - f.matrix * back * e.shift)))


@pytest.mark.parametrize("pair", [
    ("sin", "cos(3*x) - 1"), ("exp(x)", "2*exp(-3*x + 1) + 1"), ("sigmoid", "tanh(2*x - 1)"),
    ("floor(x)", "ceiling(-2*x)"), ("log(Abs(x - 2))", "2*log(Abs(3*x)) + 1"), ("relu", "1 - Max(0, 2*x + 3)"),
    ("sign(x)", "Heaviside(x - 1)"),
    ("exp(x)*(2 + sin(x))", "1 - exp(-x)*(2 + sin(-x))"), ("x*sin(log(Abs(x)))", "(x - 1)*sin(log(Abs(x - 1))) + 2"),
])  # fmt: skip
def test_a_group_from_the_other_activation(pair: tuple[str, str]) -> None:
    """What is transported is what is derived."""
    e = iw.equivalent(*pair)
    here, there = (iw.derive(t, affine=True) for t in (e.first, e.second))
    assert here.status == there.status == "exact"
    found = transported(there.psi, AffineMap.of((e.a, e.c)), AffineMap.of((e.b, e.d)))
    assert found is not None and found.group == here.scalars
    for g in here.scalars.generators():
        assert found(g) == here.psi(g)


def test_empty_sets() -> None:
    T = iw.intertwiners("relu", "leaky_relu(x, 0.1)")
    assert T.is_empty and T.status == "exact" and T.representative is None
    assert sp.eye(2) not in T
    for ask in (T.phi, lambda m: T.exact_sample(np.random.default_rng(0), 2)):
        with pytest.raises(IntertwineError):
            ask(sp.eye(2))
    assert T.to_json()["empty"] is True


def test_zero_goes_only_to_zero() -> None:
    # B is invertible, so that b = 0 is no way out
    assert iw.intertwiners("relu", "0").is_empty and iw.intertwiners("0", "relu").is_empty
    assert iw.intertwiners("0", "0").group.kind == "general linear"


def test_affine_functions_with_intercepts() -> None:
    # 3(Ax) - 2 = B(x + 1): B = 3A and 3A1 = -2, that is A1 = -2/3
    T = iw.intertwiners("x + 1", "3*x - 2")
    A = sp.Matrix([[1, sp.Rational(-5, 3)], [0, sp.Rational(-2, 3)]])
    assert A in T and T.phi(A) == 3 * A
    assert sp.eye(2) not in T
    assert iw.intertwiners("x", "x + 1").is_empty


def test_open_sets_say_so() -> None:
    T = iw.intertwiners("floor(x)", "floor(x) + exp(-x**2)", affine=True)
    assert T.is_empty is None and T.status == "bounded" and T.questions
    with pytest.raises(Undecided):
        T.contains((sp.eye(2), [0, 0]))


def test_shapes_are_checked() -> None:
    T = iw.intertwiners("silu", "quick_gelu")
    with pytest.raises(ShapeError):
        T.contains([[1, 2, 3], [4, 5, 6]])
    with pytest.raises(ShapeError):
        T.contains(3)
