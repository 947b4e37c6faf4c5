"""Groups of layers of unequal coordinates: argued by hand, against the definition, and on networks."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import intertwine as iw
from intertwine.errors import ExpressionError, IntertwineError, ShapeError
from intertwine.groups import SIGN, matrices

FUNCTIONS = {
    "relu": lambda t: np.maximum(t, 0), "relu(-2*x)": lambda t: np.maximum(-2 * t, 0), "tanh": np.tanh,
    "sigmoid": lambda t: 1 / (1 + np.exp(-t)), "x": lambda t: t, "-3*x": lambda t: -3 * t,
    "2*x + 1": lambda t: 2 * t + 1, "x - 1": lambda t: t - 1, "1": lambda t: np.ones_like(t),
    "-2": lambda t: -2 * np.ones_like(t),
    "0": lambda t: np.zeros_like(t), "x**2": lambda t: t**2, "5*x**2": lambda t: 5 * t**2, "x**3": lambda t: t**3,
    "silu": lambda t: t / (1 + np.exp(-t)), "quick_gelu": lambda t: t / (1 + np.exp(-1.702 * t)), "sin": np.sin,
    "cos": np.cos, "gaussian": lambda t: np.exp(-(t**2) / 2), "rbf": lambda t: np.exp(-(t**2)),
    "absolute": np.abs, "leaky_relu": lambda t: np.where(t > 0, t, 0.01 * t),
}  # fmt: skip
layers = st.lists(st.sampled_from(sorted(FUNCTIONS)), min_size=1, max_size=5)
seeds = st.integers(0, 10**6)


def layer(names):
    return lambda z: np.stack([FUNCTIONS[name](row) for name, row in zip(names, z, strict=True)])


@settings(max_examples=80)
@given(layers, seeds)
def test_elements_satisfy_the_definition(names, seed):
    G = iw.derive_layer(names)
    assert G.status == "exact"
    rng = np.random.default_rng(seed)
    g = G.sample(rng)
    A, B = g.element.to_matrix(), g.image.to_matrix()
    x = rng.standard_normal((len(names), 40))
    f = layer(names)
    left, right = f(A @ x), B @ f(x)
    assert np.allclose(left, right, rtol=1e-10, atol=1e-10 * max(1, abs(left).max()))
    assert abs(np.linalg.det(B)) > 0


@settings(max_examples=60)
@given(layers, seeds)
def test_group_axioms_and_homomorphism(names, seed):
    G = iw.derive_layer(names)
    rng = np.random.default_rng(seed)
    A, C = G.exact_sample(rng), G.exact_sample(rng)
    product, back = (A * C).as_immutable(), matrices.inverse(A)
    assert A in G and product in G and back in G and sp.eye(len(names)) in G
    assert matrices.same(G.phi(product), (G.phi(A) * G.phi(C)).as_immutable())
    assert matrices.same((G.phi(A) * G.phi(back)).as_immutable(), sp.eye(len(names)).as_immutable())
    assert all(g in G for g in G.generators())


def fits(names, A, rng):
    """Whether some B has σ(Ax) = Bσ(x), by least squares at random points: the definition itself."""
    f = layer(names)
    x = 2 * rng.standard_normal((len(names), 300))
    left, right = f(A @ x), f(x)
    B, *_ = np.linalg.lstsq(right.T, left.T, rcond=None)
    return np.allclose(B.T @ right, left, rtol=1e-7, atol=1e-7 * max(1, abs(left).max()))


@settings(max_examples=60)
@given(st.lists(st.sampled_from(sorted(FUNCTIONS)), min_size=2, max_size=3), seeds)
def test_against_brute_force(names, seed):
    # all matrices with small entries: members have a B, others have none
    G = iw.derive_layer(names)
    rng = np.random.default_rng(seed)
    n = len(names)
    entries = [-1, 0, 1, 2]
    some = [rng.choice(entries, (n, n)) for _ in range(30)]
    for p in itertools.permutations(range(n)):
        some += [np.diag(rng.choice([-2, -1, 1], n))[list(p)] for _ in range(4)]
    for A in some:
        if abs(np.linalg.det(A)) < 0.5:
            continue
        inside = sp.Matrix(A.tolist()) in G
        if inside:
            assert fits(names, A, rng), (names, A)
        elif G.unique:
            # without an invertible B; the least-squares B of a non-member may exist and be singular
            assert not fits(names, A, rng) or not fits(names, np.linalg.inv(A), rng), (names, A)


@settings(max_examples=40)
@given(layers, seeds)
def test_perturbed_elements_are_rejected(names, seed):
    G = iw.derive_layer(names)
    bent = [i for c in G.classes for i in c]
    if not bent:
        return
    rng = np.random.default_rng(seed)
    A = G.exact_sample(rng).as_mutable()
    i, j = bent[0], int(rng.integers(len(names)))
    if A[i, j] != 0:
        A[i, j] += sp.Rational(1, 10**30) * sp.sqrt(2)
        scalars = G.group.blocks[0].scalars
        assert (A in G) is (scalars.dimension == 1 and bool(sp.sign(A[i, j]) != 0))
    else:
        A[i, j] = sp.Rational(1, 10**30)
        assert A not in G


@settings(max_examples=30)
@given(layers, st.randoms(use_true_random=False))
def test_the_order_of_coordinates_does_not_matter(names, random):
    order = list(range(len(names)))
    random.shuffle(order)
    G, H = iw.derive_layer(names), iw.derive_layer([names[i] for i in order])
    assert (G.dimension, G.components, G.unique) == (H.dimension, H.components, H.unique)
    A = G.exact_sample(np.random.default_rng(1))
    assert A.extract(order, order) in H


@pytest.mark.parametrize(("names", "dimension", "components"), [
    (["relu"] * 4, 4, 24),  # positive diagonal, 4!
    (["relu", "tanh"], 1, 2),
    (["x"] * 3, 9, 2),
    (["x", "relu"], 2, 2),  # GL_1 and positive numbers
    (["2*x + 1"], 0, 1),
    (["2*x + 1", "x", "3*x - 1"], 6, 2),  # A fixes a vector: dimension n^2 - n
    (["2*x + 1", "x", "1"], 7, 4),  # GL_2, and a free row with a nonzero end
    (["1"], 1, 2), (["1", "-2"], 4, 2), (["0"], 1, 2),
    (["sigmoid", "sigmoid"], 0, 2),
    (["sigmoid", "sigmoid", "1"], 3, 16),  # sign changes become possible: 2! * 2^2 * 2
    (["sigmoid", "tanh", "1"], 3, 16),
    (["x**2", "5*x**2", "x**3"], 3, 16),  # 2! * 2^2 * 2
    (["sin", "cos", "siren"], 0, 16),  # {±1} ≀ S_2 on the sines, ±1 on the cosine
    (["log(x)", "log(2*x)", "x"], 1, 4),
])  # fmt: skip
def test_argued_by_hand(names: list[str], dimension: int, components: int) -> None:
    G = iw.derive_layer(names)
    assert (G.status, G.dimension, G.components) == ("exact", dimension, components)


def test_equal_coordinates_give_the_group_of_the_activation() -> None:
    for name in ("relu", "tanh", "gelu", "x", "2*x + 1", "x**2"):
        G, H = iw.derive_layer([name] * 3), iw.derive(name)(3)
        assert all(g in H for g in G.generators()) and all(g in G for g in H.generators())
        assert all(matrices.same(G.phi(g), H.phi(g)) for g in H.generators())


def test_scalings_relate_coordinates() -> None:
    G = iw.derive_layer(["gaussian", "rbf"])
    block = G.group.blocks[0]
    assert block.scalars == SIGN and block.scales == (1, sp.sqrt(2) / 2)
    # rbf(t/sqrt 2) = gaussian(t): the exchange multiplies by sqrt 2 and 1/sqrt 2
    exchange = sp.Matrix([[0, sp.sqrt(2)], [sp.sqrt(2) / 2, 0]])
    assert exchange in G and G.phi(exchange) == sp.Matrix([[0, 1], [1, 0]])
    assert sp.Matrix([[0, 1], [1, 0]]) not in G


def test_gain_graph_multiplies_around_cycles() -> None:
    G = iw.derive_layer(["silu", "quick_gelu", "eswish", "silu(3*x)"])
    graph = G.gain_graph
    assert G.classes == ((0, 1, 2, 3),)
    assert {d["relation"].a for _, _, d in graph.edges(data=True)} and graph.number_of_edges() == 3
    scales = G.group.blocks[0].scales
    for i, j in itertools.permutations(range(4), 2):
        e = iw.equivalent(G.activations[j], G.activations[i], affine=False)  # σ_i(at) = bσ_j(t)
        assert sp.nsimplify(e.a - scales[i] / scales[j]) == 0


def test_linear_coordinates_do_not_mix_with_bent_ones() -> None:
    G = iw.derive_layer(["x", "relu"])
    assert sp.Matrix([[2, 0], [0, 3]]) in G
    assert sp.Matrix([[1, 1], [0, 1]]) not in G  # x1 + x2 is no combination of x1 and relu(x2)
    assert sp.Matrix([[1, 0], [1, 1]]) not in G


def test_a_constant_coordinate_carries_constants() -> None:
    alone, beside = iw.derive_layer(["sigmoid"]), iw.derive_layer(["sigmoid", "4"])
    assert sp.Matrix([[-1]]) not in alone
    flip = sp.Matrix([[-1, 0], [7, 3]])
    assert flip in beside
    assert beside.phi(flip) == sp.Matrix([[-1, sp.Rational(1, 4)], [0, 1]])
    assert iw.derive_layer(["sigmoid", "0"]).components == 2  # zero carries nothing


def test_uniqueness_of_the_image() -> None:
    assert iw.derive_layer(["relu", "1"]).unique
    assert not iw.derive_layer(["relu", "1", "2"]).unique
    assert not iw.derive_layer(["relu", "0"]).unique


def test_open_relations_give_bounds() -> None:
    G = iw.derive_layer(["frac(x)", "frac(x)**2", "x"])
    assert G.status == "bounded" and G.questions
    assert all(G.upper.contains(g) for g in G.generators())
    assert "Open" in G.explain() and "between" in repr(G)
    json.dumps(G.to_json())


def test_a_constant_beside_a_function_without_a_value_at_zero() -> None:
    # log(dt) = log t + log d: next to a constant every d > 0 is possible, and the answer does not deny it
    G = iw.derive_layer(["log(x)", "1"])
    assert G.status == "bounded" and G.upper.contains(sp.diag(2, 1)) and not G.contains(sp.diag(2, 1))


def test_text_and_data() -> None:
    G = iw.derive_layer(["relu", "tanh", "x", "1"])
    data = json.loads(json.dumps(G.to_json()))
    assert data["mode"] == "layer" and data["constants"] == {"3": "1"}
    assert "rows are free" in G.explain()
    assert G.group.latex()


def test_bad_input() -> None:
    for bad in ([], "relu", None):
        with pytest.raises(ExpressionError):
            iw.derive_layer(bad)
    with pytest.raises(ShapeError):
        iw.derive_layer(["relu", "x"]).contains(sp.eye(3))
    with pytest.raises(IntertwineError):
        iw.derive_layer(["relu", "x"]).phi(sp.Matrix([[1, 1], [0, 1]]))
