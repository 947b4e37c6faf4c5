"""Stitching: planted symmetries cost nothing, ranks, and networks that are not perceptrons of this package."""

from __future__ import annotations

import numpy as np
import pytest

import intertwine as iw
from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric import transform_network
from intertwine.similarity import (
    MLP,
    Layered,
    accuracy,
    align,
    cross_entropy,
    refine,
    relax,
    stitch,
    stitch_chain,
    stitch_closure,
    stitch_ranks,
    torch_top,
)
from intertwine.similarity.closure import onto_birkhoff


def relu(z):
    return np.maximum(z, 0)


@pytest.fixture
def net(rng):
    sizes = [6, 9, 8, 3]
    pairs = list(zip(sizes, sizes[1:], strict=False))
    return MLP([rng.standard_normal((m, n)) for n, m in pairs], [rng.standard_normal(m) for _, m in pairs], relu)


@pytest.fixture
def moved(net, rng):
    group = iw.derive("relu")
    weights, biases = transform_network(net.weights, net.biases, [group(9).sample(rng), group(8).sample(rng)])
    return MLP(weights, biases, relu)


def test_a_moved_copy_is_stitched_without_penalty(net, moved, rng):
    x = rng.standard_normal((200, 6))
    y = net(x).argmax(1)
    found = stitch_chain(net, moved, {"identity": "identity", "G": iw.derive("relu"), "O": "orthogonal"}, x, x, y)
    for layer in (1, 2):
        assert found[layer, "G"].accuracy_penalty == 0
        assert abs(found[layer, "G"].loss_penalty) < 1e-9
        assert found[layer, "G"].alignment.is_global
        assert found[layer, "identity"].accuracy_penalty > 0.1
        # Scales are outside O(n): it cannot undo them.
        assert found[layer, "O"].alignment.distance > 1e3 * found[layer, "G"].alignment.distance
        assert found[layer, "O"].accuracy_penalty > 0


def test_ranks_are_optimal_and_nested(net, moved, rng):
    x = rng.standard_normal((150, 6))
    y = net(x).argmax(1)
    found = stitch_ranks(net, moved, 1, [1, 3, 9], x, x, y)
    h, target = net.bottom(x, 1), moved.bottom(x, 1)
    distances = [np.linalg.norm(h @ found[r].matrix.T - target) for r in (1, 3, 9)]
    assert distances == sorted(distances, reverse=True)
    assert [np.linalg.matrix_rank(found[r].matrix) for r in (1, 3, 9)] == [1, 3, 9]
    assert abs(found[9].loss_penalty) < 1e-6
    # No product of a column and a row that gradient descent finds is better than rank 1.
    u, v = rng.standard_normal(9), rng.standard_normal(9)
    for _ in range(200):  # alternating least squares
        v = np.linalg.lstsq(h, target @ u / (u @ u), rcond=None)[0]
        s = h @ v
        u = target.T @ s / (s @ s)
    assert distances[0] <= np.linalg.norm(np.outer(h @ v, u) - target) + 1e-9


def test_anything_that_can_be_cut_is_stitched(rng):
    class Convolutional:
        depth = 1
        filters = rng.standard_normal((4, 3))

        def bottom(self, inputs, layer):
            return relu(np.einsum("ck,nkhw->nchw", self.filters, inputs))

        def top(self, hidden, layer):
            return np.asarray(hidden).mean((2, 3))

    net = Convolutional()
    assert isinstance(net, Layered)
    x = rng.standard_normal((20, 3, 5, 5))
    y = net.top(net.bottom(x, 1), 1).argmax(1)
    assert stitch(net, net, 1, iw.derive("relu"), x, x, y).accuracy == 1
    assert stitch_ranks(net, net, 1, [4], x, x, y)[4].loss_penalty == pytest.approx(0, abs=1e-9)


def test_scikit_learns_networks_are_read(rng):
    from sklearn.neural_network import MLPClassifier

    x = rng.standard_normal((60, 4))
    y = (x[:, 0] > 0) + 2 * (x[:, 1] > 0)
    model = MLPClassifier((5, 6), activation="logistic", max_iter=200, tol=1e-2, random_state=0, solver="lbfgs")
    fitted = model.fit(x, y)
    net = MLP.from_sklearn(fitted)
    assert net.depth == 2
    assert np.array_equal(net(x).argmax(1), fitted.predict(x))
    assert np.exp(-cross_entropy(net(x), y)) == pytest.approx(
        np.exp(np.log(fitted.predict_proba(x)[np.arange(60), y]).mean()))
    assert accuracy(net(x), y) == fitted.score(x, y)


def test_networks_may_be_given_as_lists(net, rng):
    x = rng.standard_normal((5, 6))
    same = MLP([w.tolist() for w in net.weights], [b.tolist() for b in net.biases], relu)
    assert np.array_equal(same(x.tolist()), net(x))


def test_unusable_input_is_named(net, rng):
    with pytest.raises(ShapeError, match="no layer 3"):
        net.bottom(rng.standard_normal((2, 6)), 3)
    with pytest.raises(ShapeError, match="labels"):
        stitch(net, net, 1, "identity", np.zeros((4, 6)) + 1.0, np.ones((4, 6)), [0])
    with pytest.raises(IntertwineError, match="positive"):
        stitch_ranks(net, net, 1, [0], np.ones((4, 6)), np.ones((4, 6)), [0] * 4)
    x, y = rng.standard_normal((4, 6)), np.array([0, 1, 2, 0])
    for labels, message in ((y - 3, "between 0 and 2"), (y + 1, "between 0 and 2"), (np.eye(3)[y], "whole numbers"),
                            (["a"] * 4, "whole numbers")):
        with pytest.raises(ShapeError, match=message):
            stitch(net, net, 1, "identity", x, x, labels)
    with pytest.raises(ShapeError, match="no samples"):
        stitch(net, net, 1, "identity", x, x[:0], y[:0])
    with pytest.raises(ShapeError, match="samples × 6"):
        stitch(net, net, 1, "identity", x[:, :5], x, y)
    with pytest.raises(ShapeError, match="no layer '1'"):
        net.bottom(x, "1")
    with pytest.raises(IntertwineError, match="whole number"):
        stitch_ranks(net, net, 1, [1.5], x, x, y)
    with pytest.raises(ShapeError, match="two axes"):
        MLP([np.ones(2), np.ones((2, 2))], [np.ones(2), np.ones(2)], relu)
    with pytest.raises(ShapeError, match="do not fit"):
        MLP([np.ones((2, 3)), np.ones((2, 3))], [np.ones(2), np.ones(2)], relu)


def test_the_closure_contains_mixtures_of_permutations(rng):
    x = rng.standard_normal((80, 6))
    first, second = np.eye(6)[rng.permutation(6)], np.eye(6)[rng.permutation(6)]
    mixture = 0.3 * first + 0.7 * second
    found = relax(x, x @ mixture.T, "permutation")
    assert np.allclose(found.stochastic, mixture, atol=1e-3) and found.gap >= -1e-9
    assert np.allclose(found.stochastic.sum(0), 1) and np.allclose(found.stochastic.sum(1), 1)
    scales = np.exp(rng.standard_normal(6))
    scaled = relax(x, (x @ mixture.T) * scales, iw.derive("relu"))
    assert np.allclose(scaled.matrix, scales[:, None] * mixture, atol=2e-2 * scales.max())
    signed = relax(x, x @ (0.5 * first - 0.5 * second).T, "signed permutation")
    assert np.allclose(signed.stochastic, 0.5 * first - 0.5 * second, atol=1e-3)
    assert (np.abs(signed.stochastic).sum(1) <= 1 + 1e-9).all()


def test_the_closure_fits_at_least_as_well_and_knows_how_far_it_is(rng):
    x, y = rng.standard_normal((2, 60, 7))
    for group in ("permutation", "signed permutation", iw.derive("relu"), iw.derive("x**3")):
        found = relax(x, y, group)
        assert found.distance <= align(x, y, group).distance + 1e-9
    # A convex problem: no doubly stochastic matrix is better by more than the gap.
    found = relax(x, y, "permutation", iterations=30)
    for _ in range(200):
        weights = rng.dirichlet(np.ones(4))
        other = sum(w * np.eye(7)[rng.permutation(7)] for w in weights)
        assert np.linalg.norm(x @ other.T - y) ** 2 >= found.distance**2 - found.gap - 1e-9
    with pytest.raises(IntertwineError, match="scaled permutations"):
        relax(x, y, "orthogonal")


def test_the_projection_onto_the_polytope_is_nearest(rng):
    matrix = rng.standard_normal((5, 5))
    near = onto_birkhoff(matrix)
    assert near.min() >= 0 and np.allclose(near.sum(0), 1) and np.allclose(near.sum(1), 1)
    for _ in range(200):
        other = sum(w * np.eye(5)[rng.permutation(5)] for w in rng.dirichlet(np.ones(5)))
        # The angle at the nearest point of a convex set is not acute.
        assert np.vdot(matrix - near, other - near) <= 1e-9


@pytest.mark.torch
def test_refining_lowers_the_loss_and_stays_in_the_group(net, rng):
    torch = pytest.importorskip("torch")
    other = MLP([w + 0.3 * rng.standard_normal(w.shape) for w in net.weights], net.biases, relu)
    x = rng.standard_normal((200, 6))
    y = other(x).argmax(1)
    top = torch_top(other, 1, torch.relu)
    hidden = other.bottom(x, 1)
    assert np.allclose(top(torch.as_tensor(hidden)).numpy(), other.top(hidden, 1))
    for group in (iw.derive("relu"), "orthogonal", "general linear"):
        start = stitch(net, other, 1, group, x, x, y)
        found = refine(start, net, other, top, group, x, y, x, y, steps=15)
        assert list(found.losses) == sorted(found.losses, reverse=True) and len(found.losses) > 1
        assert found.losses[0] == pytest.approx(start.loss) and found.stitch.loss == pytest.approx(found.losses[-1])
        m = found.stitch.matrix
        if group == "orthogonal":
            assert np.allclose(m @ m.T, np.eye(9))
        elif group != "general linear":
            assert ((m != 0).sum(0) == 1).all() and ((m != 0).sum(1) == 1).all() and m.min() >= 0
    start = stitch_closure(net, other, 1, iw.derive("relu"), x, x, y)
    found = refine(start, net, other, top, "closure", x, y, x, y, steps=15)
    assert found.losses[-1] < found.losses[0] and found.stitch.matrix.min() >= 0
    plain = refine(stitch_closure(net, other, 1, "permutation", x, x, y), net, other, top, "closure", x, y, x, y, 5)
    assert all(np.allclose(plain.stitch.matrix.sum(axis), 1, atol=1e-6) for axis in (0, 1))
