"""Groups of small graphs, worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from intertwine.errors import IntertwineError, ShapeError
from intertwine.networks import Architecture, read_sklearn
from intertwine.networks.symmetry import ParameterSymmetry


def perceptron(activation: str, residual: bool = False, widths: tuple[int, ...] = (3, 8, 2)) -> ParameterSymmetry:
    net = Architecture()
    x = net.input("x", ("n", widths[0]))
    h = net.linear(x, net.weight("W", widths[1::-1]), net.weight("b", widths[1:2]))
    h = net.activation(h, activation)
    if residual:
        r = net.linear(h, net.weight("R", (widths[1], widths[1])), net.weight("c", (widths[1],)))
        h = net.add(h, net.activation(r, activation))
    net.output(net.linear(h, net.weight("V", widths[:0:-1])))
    return net.symmetry()


def kinds(symmetry: ParameterSymmetry) -> list[tuple[int, str]]:
    return sorted((s.width, s.kind) for s in symmetry.spaces)


@pytest.mark.parametrize(("activation", "kind", "dimension"), [
    ("relu", "positive-scaled permutation", 8), ("tanh", "signed permutation", 0), ("sigmoid", "permutation", 0),
    ("x**3", "monomial", 8), ("x", "general linear", 64), ("2*x", "general linear", 64), ("x + 1", "permutation", 0),
    ("gelu", "permutation", 0), ("Abs(x)", "monomial", 8), ("x**3 + x/10**30", "signed permutation", 0),
])  # fmt: skip
def test_perceptrons(activation: str, kind: str, dimension: int) -> None:
    symmetry = perceptron(activation)
    assert kinds(symmetry) == [(8, kind)]
    assert symmetry.dimension == dimension


def test_the_order_counts_permutations_and_signs() -> None:
    assert perceptron("sigmoid").log10_discrete_order == pytest.approx(math.log10(math.factorial(8)))
    assert perceptron("tanh").log10_discrete_order == pytest.approx(math.log10(math.factorial(8) * 2**8))


def test_residual_streams_tie_what_they_add() -> None:
    assert kinds(perceptron("relu", residual=True)) == [(8, "positive-scaled permutation")]
    assert kinds(perceptron("tanh", residual=True)) == [(8, "signed permutation")]


def test_scales_cancel_where_a_square_is_added() -> None:
    # h + relu(g)² with g = h: a = a² leaves nothing of the scales.
    net = Architecture()
    h = net.linear(net.input("x", ("n", 3)), net.weight("W", (8, 3)))
    r = net.linear(net.activation(h, "relu"), net.weight("R", (8, 8)))
    # The same space before and after: the scale s of h is that of R's rows, and of relu2(r) it is 2s.
    net.output(net.linear(net.add(r, net.activation(r, "relu2")), net.weight("V", (2, 8))))
    symmetry = net.symmetry()
    assert kinds(symmetry) == [(8, "permutation"), (8, "positive-scaled permutation")]
    # Through two tensors, so that nothing can be composed: s = 2t and t = 2s.
    net = Architecture()
    x = net.input("x", ("n", 3))
    a, b = (net.linear(x, net.weight(name, (8, 3))) for name in "AB")
    first = net.add(a, net.activation(b, "relu2"))
    second = net.add(b, net.activation(a, "relu2"))
    net.output(net.linear(first, net.weight("V", (2, 8))), net.linear(second, net.weight("U", (2, 8))))
    assert kinds(net.symmetry()) == [(8, "permutation")]


def test_gates_couple_two_spaces() -> None:
    net = Architecture()
    x = net.input("x", ("n", 3))
    u, v = (net.linear(x, net.weight(name, (8, 3))) for name in "UV")
    net.output(net.linear(net.multiply(net.activation(u, "sigmoid"), v), net.weight("W", (2, 8))))
    symmetry = net.symmetry()
    assert kinds(symmetry) == [(8, "monomial")] and symmetry.dimension == 8
    net = Architecture()
    x = net.input("x", ("n", 3))
    u, v = (net.linear(x, net.weight(name, (8, 3))) for name in "UV")
    net.output(net.linear(net.multiply(u, v), net.weight("W", (2, 8))))
    assert net.symmetry().dimension == 16  # both factors may be scaled


def test_depthwise_convolutions_tie_input_and_output() -> None:
    net = Architecture()
    h = net.convolution(net.input("x", ("n", 3, 8, 8)), net.weight("A", (6, 3, 3, 3)))
    h = net.convolution(net.activation(h, "relu"), net.weight("D", (6, 1, 3, 3)), groups=6)
    net.output(net.convolution(net.activation(h, "relu"), net.weight("B", (2, 6, 1, 1))))
    symmetry = net.symmetry()
    assert kinds(symmetry) == [(6, "positive-scaled permutation")] and symmetry.dimension == 12


def attention(heads: int, keys: int, d: int = 12, dk: int = 3) -> ParameterSymmetry:
    net = Architecture()
    x = net.input("x", ("n", "t", d))

    def project(name: str, count: int) -> str:
        y = net.linear(x, net.weight(name, (count * dk, d)))
        return net.transpose(net.reshape(y, ("n", "t", count, dk)), 0, 2, 1, 3)

    o = net.attention(project("Q", heads), project("K", keys), project("V", keys), repeat=heads // keys)
    o = net.reshape(net.transpose(o, 0, 2, 1, 3), ("n", "t", heads * dk))
    net.output(net.linear(o, net.weight("O", (d, heads * dk))))
    return net.symmetry()


def test_attention() -> None:
    # (GL(d_k) x GL(d_v))^h and the permutations of the heads.
    symmetry = attention(4, 4)
    assert symmetry.dimension == 4 * 2 * 9
    assert symmetry.log10_discrete_order == pytest.approx(math.log10(math.factorial(4) * 2**8))
    # Two queries share a key: one pair of bases each, heads permuted within and between the groups.
    shared = attention(4, 2)
    assert shared.dimension == 2 * 2 * 9
    assert shared.log10_discrete_order == pytest.approx(math.log10(math.factorial(2) * 2**2 * 2**4))


def rms_stream(tied: bool, gain: bool = True) -> ParameterSymmetry:
    net = Architecture()
    table = net.weight("E", (11, 6))
    h = net.embedding(table, net.input("i", ("n", "t")))
    y = net.rms_norm(h, net.weight("g", (6,)) if gain else "")
    h = net.add(h, net.linear(net.activation(net.linear(y, net.weight("A", (9, 6))), "relu"), net.weight("B", (6, 9))))
    y = net.rms_norm(h, net.weight("k", (6,)) if gain else "")
    net.output(net.linear(y, table if tied else net.weight("H", (11, 6))))
    return net.symmetry()


def test_streams_with_root_mean_square_normalisation() -> None:
    free = rms_stream(tied=False)
    assert kinds(free) == [(6, "orthogonal"), (9, "positive-scaled permutation")]
    assert free.dimension == 15 + 2 * 6 + 9  # the rotations, a torus for each gain, the hidden layer
    assert kinds(rms_stream(tied=False, gain=False))[0] == (6, "orthogonal")
    assert kinds(rms_stream(tied=True, gain=False))[0] == (6, "orthogonal")
    # With the last gain between the two uses of the table, signed permutations and the torus of the other
    # gain are left.
    tied = rms_stream(tied=True)
    assert kinds(tied)[0] == (6, "monomial") and tied.dimension == 6 + 9


def test_streams_with_layer_normalisation() -> None:
    net = Architecture()
    h = net.linear(net.input("x", ("n", 3)), net.weight("E", (6, 3)))
    net.output(net.linear(net.layer_norm(h), net.weight("H", (2, 6))))
    symmetry = net.symmetry()
    assert kinds(symmetry) == [(6, "orthogonal, ones fixed")] and symmetry.dimension == 10


def test_an_operation_without_a_rule_freezes_what_it_touches() -> None:
    net = Architecture()
    x = net.input("x", ("n", 3))
    a = net.linear(x, net.weight("A", (8, 3)))
    b = net.linear(net.activation(net.linear(x, net.weight("B", (7, 3))), "relu"), net.weight("C", (8, 7)))
    strange = net.add_operation("fourier transform", (a,), shapes=[("n", 8)])[0]
    net.output(net.linear(net.add(strange, b), net.weight("D", (2, 8))))
    symmetry = net.symmetry()
    assert kinds(symmetry) == [(7, "positive-scaled permutation")]
    assert symmetry.frozen == (("fourier transform_4", "the operation is not known"),)
    assert "not understood" in symmetry.explain()


def test_weights_that_are_not_used_stay() -> None:
    net = Architecture()
    net.weight("spare", (4, 4))
    net.output(net.linear(net.input("x", ("n", 3)), net.weight("W", (2, 3))))
    symmetry = net.symmetry()
    assert symmetry.plans == {} and symmetry.dimension == 0 and symmetry.spaces == ()


def test_scikit_learn_networks() -> None:
    pytest.importorskip("sklearn")
    from sklearn.neural_network import MLPClassifier

    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 4)), rng.integers(0, 3, 60)
    for activation, kind in (("relu", "positive-scaled permutation"), ("tanh", "signed permutation"),
                             ("logistic", "permutation"), ("identity", "general linear")):
        model = MLPClassifier((7, 5), activation=activation, max_iter=5).fit(X, y)
        network = read_sklearn(model)
        symmetry = network.symmetry()
        assert kinds(symmetry) == [(5, kind), (7, kind)]
        moved = network.moved(symmetry.sample(rng))
        assert np.abs(moved.predict_proba(X) - model.predict_proba(X)).max() < 1e-10
        assert not np.allclose(moved.coefs_[0], model.coefs_[0])


def test_mistakes_are_named() -> None:
    net = Architecture()
    with pytest.raises(IntertwineError, match="needs an output"):
        net.symmetry()
    with pytest.raises(IntertwineError, match="no tensor 'y'"):
        net.activation("y", "relu")
    x = net.input("x", ("n", 3))
    with pytest.raises(IntertwineError, match="exists already"):
        net.input("x", ("n", 3))
    h = net.activation(net.linear(x, net.weight("W", (5, 3))), "relu")
    net.output(net.linear(h, net.weight("V", (2, 5))))
    symmetry = net.symmetry()
    g = symmetry.sample(np.random.default_rng(0))
    with pytest.raises(IntertwineError, match="'V' is missing"):
        g.apply({"W": np.ones((5, 3))})
    with pytest.raises(ShapeError, match=r"shape \(4, 3\), not \(5, 3\)"):
        g.apply({"W": np.ones((4, 3)), "V": np.ones((2, 5))})
    with pytest.raises(ShapeError, match="int64"):
        g.apply({"W": np.ones((5, 3), dtype=np.int64), "V": np.ones((2, 5))})
    with pytest.raises(IntertwineError, match="two networks"):
        g @ perceptron("relu").sample(np.random.default_rng(0))
    with pytest.raises(IntertwineError, match="MLPClassifier"):
        read_sklearn(object())


def test_the_graph_is_a_networkx_graph() -> None:
    net = Architecture("small")
    net.output(net.linear(net.input("x", ("n", 3)), net.weight("W", (2, 3))))
    graph = net.graph
    assert set(graph) == {"x", "W", "op linear_0", "linear_0"}
    assert set(graph.edges) == {("x", "op linear_0"), ("W", "op linear_0"), ("op linear_0", "linear_0")}


def test_writing_in_place() -> None:
    symmetry = perceptron("relu")
    rng = np.random.default_rng(0)
    weights = {"W": rng.normal(size=(8, 3)), "b": rng.normal(size=8), "V": rng.normal(size=(2, 8))}
    g = symmetry.sample(rng)
    wanted = g.apply(weights)
    found = g.apply(weights, inplace=True)
    for name, array in weights.items():
        assert found[name] is array and np.array_equal(array, wanted[name])


@pytest.mark.parametrize("before", [True, False])
def test_channels_beside_an_input_keep_their_scales(before: bool) -> None:
    """relu(Wx) and x side by side, read by one matrix: the scales of the ten units do not touch x."""
    net = Architecture()
    x = net.input("x", ("n", 5))
    h = net.activation(net.linear(x, net.weight("W", (10, 5))), "relu")
    net.output(net.linear(net.concat(*((x, h) if before else (h, x)), axis=1), net.weight("V", (2, 15))))
    symmetry = net.symmetry()
    assert kinds(symmetry) == [(10, "positive-scaled permutation")] and symmetry.dimension == 10
    rng = np.random.default_rng(0)
    weights = {"W": rng.normal(size=(10, 5)), "V": rng.normal(size=(2, 15))}
    points = rng.normal(size=(7, 5))

    def f(w: dict[str, np.ndarray]) -> np.ndarray:
        hidden = np.maximum(points @ w["W"].T, 0)
        return np.concatenate([points, hidden] if before else [hidden, points], axis=1) @ w["V"].T

    assert np.allclose(f(symmetry.sample(rng).apply(weights)), f(weights))


@pytest.mark.parametrize(("activation", "kind", "dimension"), [
    ("x", "general linear", 8 * 8), ("relu", "positive-scaled permutation", 8), ("tanh", "signed permutation", 0)])
def test_images_made_by_a_matrix_move_channel_by_channel(activation: str, kind: str, dimension: int) -> None:
    """A vector of 8·2·2 entries becomes an image: a convolution fixes the places in it, not the channels."""
    net = Architecture()
    x = net.input("x", ("n", 3))
    h = net.activation(net.linear(x, net.weight("W", (32, 3)), net.weight("b", (32,))), activation)
    image = net.reshape(h, ("n", 8, 2, 2))
    net.output(net.convolution(image, net.weight("K", (4, 8, 2, 2))))
    symmetry = net.symmetry()
    assert kinds(symmetry) == [(8, kind)] and symmetry.dimension == dimension
    rng = np.random.default_rng(0)
    weights = {"W": rng.normal(size=(32, 3)), "b": rng.normal(size=32), "K": rng.normal(size=(4, 8, 2, 2))}
    points = rng.normal(size=(7, 3))
    act = {"x": lambda t: t, "relu": lambda t: np.maximum(t, 0), "tanh": np.tanh}[activation]

    def f(w: dict[str, np.ndarray]) -> np.ndarray:
        image = act(points @ w["W"].T + w["b"]).reshape(-1, 8, 2, 2)
        return np.einsum("ncij,ocij->no", image, w["K"])

    assert np.allclose(f(symmetry.sample(rng).apply(weights)), f(weights))
