"""A stack of layers computes the same function after its weights have been moved."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric import (
    Dense,
    Intertwiner,
    PowerCharacter,
    ScaledPermutation,
    sample_general_linear,
    sample_scaled_permutation,
    transform_mlp,
    transform_network,
)

RELU = (lambda t: np.maximum(t, 0), "positive", PowerCharacter(1))
TANH = (np.tanh, "sign", PowerCharacter(0, 1))
SQUARE = (np.square, "nonzero", PowerCharacter(2))


def random_network(rng, widths, batch=(), dtype=np.float64):
    weights = [rng.standard_normal((*batch, n, m)).astype(dtype) for m, n in zip(widths, widths[1:], strict=False)]
    biases = [rng.standard_normal((*batch, n)).astype(dtype) for n in widths[1:]]
    return weights, biases


def random_intertwiners(rng, widths, scalars, chi):
    return [Intertwiner.from_character(sample_scaled_permutation(rng, n, scalars), chi) for n in widths[1:-1]]


def forward(sigma, weights, biases, x):
    for i, (W, b) in enumerate(zip(weights, biases, strict=True)):
        x = np.einsum("...ij,...j->...i", W, x if i == 0 else sigma(x))
        x = x if b is None else x + b
    return x


@pytest.mark.parametrize("activation", [RELU, TANH, SQUARE], ids=["relu", "tanh", "square"])
@given(
    seed=st.integers(0, 2**32),
    widths=st.lists(st.integers(1, 6), min_size=2, max_size=5),
    batch=st.sampled_from([(), (2,), (2, 3)]),
)
def test_the_function_stays_the_same(activation, seed, widths, batch):
    sigma, scalars, chi = activation
    rng = np.random.default_rng(seed)
    weights, biases = random_network(rng, widths, batch)
    group = random_intertwiners(rng, widths, scalars, chi)
    x = rng.standard_normal((*batch, widths[0]))
    expected = forward(sigma, weights, biases, x)
    size = np.abs(expected).max() + 1

    moved = transform_network(weights, biases, group)
    np.testing.assert_allclose(forward(sigma, *moved, x), expected, rtol=1e-9, atol=1e-9 * size)

    # scikit-learn's layout, and in place, give the very same numbers.
    turned = [np.swapaxes(W, -1, -2) for W in weights]
    for W, V in zip(transform_network(turned, biases, group, layout="in_out")[0], moved[0], strict=True):
        assert np.array_equal(np.swapaxes(W, -1, -2), V)
    copies = [W.copy() for W in weights], [b.copy() for b in biases]
    returned = transform_network(*copies, group, inplace=True)
    for arrays, given_arrays, expected_arrays in zip(returned, copies, moved, strict=True):
        for array, given_array, expected_array in zip(arrays, given_arrays, expected_arrays, strict=True):
            assert np.shares_memory(array, given_array) or array.size == 0
            assert np.array_equal(given_array, expected_array)


@given(seed=st.integers(0, 2**32))
def test_action_law(seed):
    rng = np.random.default_rng(seed)
    widths = [3, 4, 5, 2]
    network = random_network(rng, widths)
    g = random_intertwiners(rng, widths, *SQUARE[1:])
    h = random_intertwiners(rng, widths, *SQUARE[1:])
    once = transform_network(*network, [a @ b for a, b in zip(g, h, strict=True)])
    twice = transform_network(*transform_network(*network, h), g)
    back = transform_network(*transform_network(*network, g), [a.inverse() for a in g])
    for left, right in ((once, twice), (back, network)):
        for arrays, others in zip(left, right, strict=True):
            for array, other in zip(arrays, others, strict=True):
                np.testing.assert_allclose(array, other, rtol=1e-10)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
@pytest.mark.parametrize("inplace", [False, True])
def test_dtypes_are_kept_layer_by_layer(dtype, inplace):
    rng = np.random.default_rng(0)
    weights, biases = random_network(rng, [3, 4, 2], dtype=dtype)
    weights[1] = weights[1].astype(np.float32)
    W, b = transform_network(weights, biases, random_intertwiners(rng, [3, 4, 2], *RELU[1:]), inplace=inplace)
    assert [array.dtype for array in (*W, *b)] == [dtype, np.float32, dtype, dtype]


def test_missing_biases_and_identities():
    rng = np.random.default_rng(0)
    weights, biases = random_network(rng, [3, 4, 4, 2])
    g = random_intertwiners(rng, [3, 4, 4, 2], *RELU[1:])
    W, b = transform_network(weights, None, [None, g[1]])
    assert b == [None, None, None]
    assert np.array_equal(W[0], weights[0]) and not np.shares_memory(W[0], weights[0])
    assert not np.array_equal(W[1], weights[1])
    _, b = transform_network(weights, [None, biases[1], biases[2]], g)
    assert b[0] is None and np.array_equal(b[2], biases[2]) and not np.shares_memory(b[2], biases[2])
    assert transform_network([], [], []) == ([], [])


def test_the_inputs_are_left_alone():
    rng = np.random.default_rng(0)
    weights, biases = random_network(rng, [3, 4, 2])
    copies = [array.copy() for array in (*weights, *biases)]
    transform_network(weights, biases, random_intertwiners(rng, [3, 4, 2], *RELU[1:]))
    assert all(np.array_equal(a, b) for a, b in zip((*weights, *biases), copies, strict=True))


def test_an_activation_that_changes_the_width():
    # CReLU: x ↦ (relu(x), relu(-x)); a sign flip swaps the halves.
    flip = Intertwiner(ScaledPermutation([0], [-1.0]), ScaledPermutation([1, 0]))
    W, _ = transform_network([[[2.0]], [[3.0, 5.0]]], None, [flip])
    assert W[0].tolist() == [[-2]] and W[1].tolist() == [[5, 3]]


def test_dense_intertwiners():
    rng = np.random.default_rng(0)
    weights, biases = random_network(rng, [3, 4, 2])
    A = sample_general_linear(rng, 4)
    moved = transform_network(weights, biases, [Intertwiner(A, A)])
    x = rng.standard_normal(3)
    np.testing.assert_allclose(forward(lambda t: t, *moved, x), forward(lambda t: t, weights, biases, x), rtol=1e-12)


def ones(*shape):
    return np.ones(shape)


P2, P3 = Intertwiner.identity(2), Intertwiner.identity(3)
TIED = np.ones((2, 2))


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (
            ([ones(3, 2), ones(4, 3), ones(1, 4)], None, [P3, P3]),
            {},
            "layer 2: weight has 4 rows but the group element acts on 3 units",
        ),
        (
            ([ones(3, 2), ones(1, 2)], None, [P3]),
            {},
            "layer 2: weight has 2 columns but the image of the group element acts on 3 units",
        ),
        (
            ([ones(2, 4), ones(3, 1)], None, [P3]),
            {"layout": "in_out"},
            "layer 1: weight has 4 columns but the group element acts on 3 units",
        ),
        (
            ([ones(2, 3), ones(4, 1)], None, [P3]),
            {"layout": "in_out"},
            "layer 2: weight has 4 rows but the image of the group element acts on 3 units",
        ),
        (
            ([ones(3, 2), ones(1, 3)], [ones(2), None], [P3]),
            {},
            r"layer 1: bias has shape \(2,\) but weight has 3 rows",
        ),
        (([ones(3, 2), ones(1, 3)], [np.array(1.0), None], [P3]), {}, r"layer 1: bias has shape \(\)"),
        (([ones(3, 2), ones(1, 3)], [None], [P3]), {}, "2 weights but 1 biases"),
        (([ones(3, 2), ones(1, 3)], None, []), {}, "2 layers have 1 hidden widths, but 0 intertwiners were given"),
        (([ones(3)], None, []), {}, r"layer 1: weight has shape \(3,\); a matrix"),
        (([ones(3, 2).astype(int), ones(1, 3)], None, [P3]), {}, "layer 1: weight has dtype int64"),
        (([ones(3, 2), ones(1, 3)], [ones(3), ["a"]], [P3]), {}, "layer 2: bias has dtype"),
        (([[[1.0], [1.0, 2.0]]], None, []), {}, "layer 1: weight cannot be read as an array of numbers"),
        (([ones(2, 2)], None, []), {"layout": "torch"}, "the layout is 'out_in' or 'in_out', not 'torch'"),
        (([[[1.0]]], None, []), {"inplace": True}, "layer 1: weight is a list; only numpy arrays change in place"),
        (([ones(1, 1)], [[1.0]], []), {"inplace": True}, "layer 1: bias is a list"),
        (([np.broadcast_to(1.0, (1, 1))], None, []), {"inplace": True}, "layer 1: weight is read-only"),
        (([TIED, TIED], None, [P2]), {"inplace": True}, "layer 2: weight shares memory with layer 1: weight"),
        (
            ([ones(1, 1).astype("f2"), ones(1, 1)], None, [Intertwiner(*[ScaledPermutation([0], [1e6])] * 2)]),
            {"inplace": True},
            "layer 1: scale 0 is inf in float16",
        ),
        (
            ([ones(2, 1), ones(1, 2)], None, [Intertwiner(*[Dense(np.ones((2, 2)))] * 2)]),
            {"inplace": True},
            "layer 2: the matrix is singular",
        ),
    ],
)
def test_errors_name_the_layer_and_change_nothing(arguments, options, message):
    before = [np.array(W, dtype=object) for W in arguments[0]]
    with pytest.raises(ShapeError, match=message) as caught:
        transform_network(*arguments, **options)
    assert "\n" not in str(caught.value)
    assert all(np.array_equal(np.array(W, dtype=object), old) for W, old in zip(arguments[0], before, strict=True))


def test_transform_mlp_is_duck_typed_and_copies():
    rng = np.random.default_rng(0)
    weights, biases = random_network(rng, [3, 4, 2])
    estimator = SimpleNamespace(coefs_=[W.T for W in weights], intercepts_=biases)
    g = random_intertwiners(rng, [3, 4, 2], *RELU[1:])
    moved = transform_mlp(estimator, g)
    expected = transform_network(weights, biases, g)
    assert all(np.array_equal(V.T, W) for V, W in zip(moved.coefs_, expected[0], strict=True))
    assert all(np.array_equal(V.T, W) for V, W in zip(estimator.coefs_, weights, strict=True))
    with pytest.raises(IntertwineError, match="object has no coefs_ and intercepts_; is it a fitted MLP"):
        transform_mlp(object(), g)
