"""A stack of layers computes the same function after its weights and biases have been moved by affine intertwiners."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intertwine.errors import IntertwineError, ShapeError
from intertwine.groups import AffineFamily
from intertwine.numeric import (
    AffineElement,
    AffineIntertwiner,
    Dense,
    Intertwiner,
    PowerCharacter,
    ScaledPermutation,
    sample_scaled_permutation,
    transform_mlp_affine,
    transform_network,
    transform_network_affine,
)
from tests.groups.affine.strategies import MODELS

BY_NAME = {m.name: m for m in MODELS}
# Functions that do not grow or jump so fast that random networks leave the range where 1e-10 means anything.
SMOOTH = [
    "sigmoid", "shifted sigmoid", "sin", "cos", "|sin|", "snake", "snake, translations", "ramp", "line", "softplus",
]  # fmt: skip


def random_network(rng, widths, batch=(), dtype=np.float64):
    weights = [rng.standard_normal((*batch, n, m)).astype(dtype) for m, n in zip(widths, widths[1:], strict=False)]
    biases = [rng.standard_normal((*batch, n)).astype(dtype) for n in widths[1:]]
    return weights, biases


def random_intertwiners(rng, widths, model):
    return [AffineFamily(model.psi)(n).sample(rng) for n in widths[1:-1]]


def forward(sigma, weights, biases, x):
    for i, (W, b) in enumerate(zip(weights, biases, strict=True)):
        x = np.einsum("...ij,...j->...i", W, x if i == 0 else sigma(x)) + b
    return x


@pytest.mark.parametrize("name", SMOOTH)
@given(
    seed=st.integers(0, 2**32),
    widths=st.lists(st.integers(1, 6), min_size=2, max_size=5),
    batch=st.sampled_from([(), (2,), (2, 3)]),
)
def test_the_function_stays_the_same(name, seed, widths, batch):
    model = BY_NAME[name]
    rng = np.random.default_rng(seed)
    weights, biases = random_network(rng, widths, batch)
    group = random_intertwiners(rng, widths, model)
    x = rng.standard_normal((*batch, widths[0]))
    expected = forward(model.function, weights, biases, x)
    size = np.abs(expected).max() + 1

    moved = transform_network_affine(weights, biases, group)
    np.testing.assert_allclose(forward(model.function, *moved, x), expected, rtol=1e-9, atol=1e-9 * size)

    turned = [np.swapaxes(W, -1, -2) for W in weights]
    transposed = transform_network_affine(turned, biases, group, layout="in_out")
    for W, V in zip(transposed[0], moved[0], strict=True):
        assert np.array_equal(np.swapaxes(W, -1, -2), V)
    copies = [W.copy() for W in weights], [b.copy() for b in biases]
    returned = transform_network_affine(*copies, group, inplace=True)
    for arrays, given_arrays, expected_arrays in zip(returned, copies, moved, strict=True):
        for array, given_array, expected_array in zip(arrays, given_arrays, expected_arrays, strict=True):
            assert np.shares_memory(array, given_array)
            assert np.array_equal(given_array, expected_array)


@given(seed=st.integers(0, 2**32), name=st.sampled_from(["sigmoid", "sin", "snake", "decay", "parabola"]))
def test_action_law(seed, name):
    rng = np.random.default_rng(seed)
    widths = [3, 4, 5, 2]
    network = random_network(rng, widths)
    g = random_intertwiners(rng, widths, BY_NAME[name])
    h = random_intertwiners(rng, widths, BY_NAME[name])
    once = transform_network_affine(*network, [a @ b for a, b in zip(g, h, strict=True)])
    twice = transform_network_affine(*transform_network_affine(*network, h), g)
    back = transform_network_affine(*transform_network_affine(*network, g), [a.inverse() for a in g])
    for left, right in ((once, twice), (back, network)):
        for arrays, others in zip(left, right, strict=True):
            for array, other in zip(arrays, others, strict=True):
                np.testing.assert_allclose(array, other, rtol=1e-9, atol=1e-9 * (1 + np.abs(other).max()))


def test_by_hand():
    # A = -1, c = 1, B = -2, d = 5: the bias of the last layer becomes 11 - 4·(-1/2)·5.
    minus, two = ScaledPermutation([0], [-1.0]), ScaledPermutation([0], [-2.0])
    g = AffineIntertwiner(AffineElement(minus, [1.0]), AffineElement(two, [5.0]))
    W, b = transform_network_affine([[[3.0]], [[4.0]]], [[7.0], [11.0]], [g])
    assert [v.tolist() for v in (*W, *b)] == [[[-3.0]], [[-2.0]], [-6.0], [21.0]]


def test_linear_intertwiners_do_what_they_did():
    rng = np.random.default_rng(0)
    widths = [3, 4, 4, 2]
    network = random_network(rng, widths)
    chi = PowerCharacter(1)
    g = [Intertwiner.from_character(sample_scaled_permutation(rng, n, "positive"), chi) for n in widths[1:-1]]
    expected = transform_network(*network, [g[0], None])
    for group in ([g[0], None], [AffineIntertwiner.from_linear(g[0]), None]):
        for arrays, others in zip(transform_network_affine(*network, group), expected, strict=True):
            assert all(np.array_equal(a, b) for a, b in zip(arrays, others, strict=True))
    assert transform_network_affine(network[0], None, g)[1] == [None, None, None]
    assert transform_network_affine([], [], []) == ([], [])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
@pytest.mark.parametrize("inplace", [False, True])
def test_dtypes_are_kept_layer_by_layer(dtype, inplace):
    rng = np.random.default_rng(0)
    weights, biases = random_network(rng, [3, 4, 2], dtype=dtype)
    weights[1] = weights[1].astype(np.float32)
    W, b = transform_network_affine(
        weights, biases, random_intertwiners(rng, [3, 4, 2], BY_NAME["snake"]), inplace=inplace
    )
    assert [array.dtype for array in (*W, *b)] == [dtype, np.float32, dtype, dtype]


def test_biases_move_by_as_little_rounding_as_possible():
    rng = np.random.default_rng(0)
    weights, biases = random_network(rng, [30, 400, 20], dtype=np.float32)
    sigma = BY_NAME["sigmoid"].function
    x = rng.standard_normal(30)
    moved = transform_network_affine(weights, biases, random_intertwiners(rng, [30, 400, 20], BY_NAME["sigmoid"]))
    np.testing.assert_allclose(forward(sigma, *moved, x), forward(sigma, weights, biases, x), rtol=0, atol=5e-6)


def test_the_inputs_are_left_alone():
    rng = np.random.default_rng(0)
    weights, biases = random_network(rng, [3, 4, 2])
    copies = [array.copy() for array in (*weights, *biases)]
    W, b = transform_network_affine(weights, biases, [None])
    assert not any(np.shares_memory(v, w) for v, w in zip((*W, *b), (*weights, *biases), strict=True))
    transform_network_affine(weights, biases, random_intertwiners(rng, [3, 4, 2], BY_NAME["sin"]))
    assert all(np.array_equal(a, b) for a, b in zip((*weights, *biases), copies, strict=True))


def ones(*shape):
    return np.ones(shape)


FLIP2, FLIP3 = (AffineIntertwiner(AffineElement(e), AffineElement(e, np.ones(n)))
                for n, e in ((2, ScaledPermutation.identity(2)), (3, ScaledPermutation.identity(3))))  # fmt: skip
SHIFT3 = AffineIntertwiner(AffineElement(ScaledPermutation.identity(3), ones(3)), AffineElement.identity(3))
TIED = np.ones((2, 2))


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (
            ([ones(3, 2), ones(4, 3), ones(1, 4)], [ones(3), ones(4), ones(1)], [FLIP3, FLIP3]),
            {},
            "layer 2: weight has 4 rows but the group element acts on 3 units",
        ),
        (
            ([ones(3, 2), ones(1, 2)], [ones(3), ones(1)], [FLIP3]),
            {},
            "layer 2: weight has 2 columns but the image of the group element acts on 3 units",
        ),
        (([ones(3, 2), ones(1, 3)], [ones(2), None], [FLIP3]), {}, r"layer 1: bias has shape \(2,\) but weight"),
        (([ones(3, 2), ones(1, 3)], [None], [FLIP3]), {}, "2 weights but 1 biases"),
        (([ones(3, 2), ones(1, 3)], [ones(3), None], [FLIP3]), {}, "layer 2: there is no bias to take up the shifts"),
        (([ones(3, 2), ones(1, 3)], [None, ones(1)], [SHIFT3]), {}, "layer 1: there is no bias to take up the shifts"),
        (([ones(3, 2), ones(1, 3)], None, []), {}, "2 layers have 1 hidden widths, but 0 intertwiners were given"),
        (([ones(3, 2), ones(1, 3)], None, [ScaledPermutation([0])]), {}, "not a ScaledPermutation"),
        (
            ([ones(3, 2), ones(5, 1, 3)], [ones(3), ones(1)], [FLIP3]),
            {"inplace": True},
            r"layer 2: bias has shape \(1,\) but takes up a shift of shape \(5, 1\)",
        ),
        (
            ([ones(3, 2), ones(5, 1, 3)], [ones(3), ones(4, 1)], [FLIP3]),
            {"inplace": True},
            r"layer 2: bias has shape \(4, 1\) but takes up a shift of shape \(5, 1\)",
        ),
        (
            ([ones(2, 2), ones(2, 2)], [[1.0, 1.0], ones(2)], [FLIP2]),
            {"inplace": True},
            "layer 1: bias is a list; only numpy arrays change in place",
        ),
        (([TIED, TIED], [ones(2), ones(2)], [FLIP2]), {"inplace": True}, "layer 2: weight shares memory with layer 1"),
        (
            ([ones(1, 1), ones(1, 1).astype("f2")], [ones(1), ones(1).astype("f2")],
             [AffineIntertwiner(AffineElement.identity(1), AffineElement(ScaledPermutation([0]), [1e6]))]),
            {"inplace": True},
            "layer 2: the new bias is not finite in float16",
        ),
        (
            ([ones(2, 1), ones(1, 2)], [ones(2), ones(1)],
             [AffineIntertwiner(*[AffineElement(Dense(np.ones((2, 2))), ones(2))] * 2)]),
            {"inplace": True},
            "layer 2: the matrix is singular",
        ),
        (([ones(2, 2)], None, []), {"layout": "torch"}, "the layout is 'out_in' or 'in_out', not 'torch'"),
    ],
)  # fmt: skip
def test_errors_name_the_layer_and_change_nothing(arguments, options, message):
    before = [np.array(W, dtype=object) for W in arguments[0]]
    with pytest.raises(ShapeError, match=message) as caught:
        transform_network_affine(*arguments, **options)
    assert "\n" not in str(caught.value)
    assert all(np.array_equal(np.array(W, dtype=object), old) for W, old in zip(arguments[0], before, strict=True))


def test_transform_mlp_affine_is_duck_typed_and_copies():
    rng = np.random.default_rng(0)
    weights, biases = random_network(rng, [3, 4, 2])
    estimator = SimpleNamespace(coefs_=[W.T for W in weights], intercepts_=biases)
    g = random_intertwiners(rng, [3, 4, 2], BY_NAME["sigmoid"])
    moved = transform_mlp_affine(estimator, g)
    expected = transform_network_affine(weights, biases, g)
    assert all(np.array_equal(V.T, W) for V, W in zip(moved.coefs_, expected[0], strict=True))
    assert all(np.array_equal(v, w) for v, w in zip(moved.intercepts_, expected[1], strict=True))
    assert all(np.array_equal(V.T, W) for V, W in zip(estimator.coefs_, weights, strict=True))
    with pytest.raises(IntertwineError, match="object has no coefs_ and intercepts_; is it a fitted MLP"):
        transform_mlp_affine(object(), g)
