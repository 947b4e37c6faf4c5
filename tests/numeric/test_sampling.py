"""Samples lie in their group, are reproducible and well conditioned."""

from __future__ import annotations

import numpy as np
import pytest

from intertwine.errors import IntertwineError
from intertwine.numeric import (
    CyclicCharacter,
    sample_general_linear,
    sample_orthogonal,
    sample_permutation,
    sample_scaled_permutation,
    sample_scales,
    sample_unit_row_sums,
)

TYPES = ["trivial", "sign", "positive", "nonzero", "cyclic", "sign-cyclic"]


@pytest.mark.parametrize("scalars", TYPES)
def test_samples_are_reproducible_and_in_the_group(scalars):
    generator = 1.5 if scalars.endswith("cyclic") else None
    a = sample_scales(np.random.default_rng(7), 4000, scalars, generator=generator)
    assert a.dtype == np.float64 and a.shape == (4000,)
    assert np.array_equal(a, sample_scales(np.random.default_rng(7), 4000, scalars, generator=generator))
    assert (a < 0).any() == (scalars in ("sign", "nonzero", "sign-cyclic"))
    if scalars in ("trivial", "sign"):
        assert set(np.abs(a)) == {1}
    else:
        assert np.std(np.log(np.abs(a))) == pytest.approx(0.5, rel=0.1)
        assert np.abs(np.log(np.abs(a))).max() <= 1.5 + 1e-12
    if generator is not None:
        minus_one = 1.0 if scalars == "sign-cyclic" else None
        assert set(CyclicCharacter(generator, 1.0, minus_one).exponents(a)) == set(range(-3, 4))


@pytest.mark.parametrize("spread", [0.0, 0.01, 2.0])
def test_spread(spread):
    logs = np.log(sample_scales(np.random.default_rng(1), 4000, "positive", spread))
    assert np.std(logs) == pytest.approx(spread, rel=0.1)
    assert np.linalg.cond(sample_general_linear(np.random.default_rng(1), 20, spread).to_matrix()) < np.exp(
        6 * spread + 1e-9
    )


def test_a_negative_generator_and_a_large_one():
    a = sample_scales(np.random.default_rng(2), 500, "cyclic", generator=-10.0)
    assert set(np.rint(a * 10)) == {1 * -1, 10, -100}
    assert set(sample_scales(np.random.default_rng(2), 50, "cyclic", spread=0.0, generator=-10.0)) == {1.0}
    assert set(sample_scales(np.random.default_rng(2), 500, "cyclic", generator=2.0**300)) == {
        2.0**-300,
        1.0,
        2.0**300,
    }


def test_permutations_are_uniform_enough():
    rng = np.random.default_rng(3)
    seen = {tuple(sample_permutation(rng, 3).indices) for _ in range(100)}
    assert len(seen) == 6
    A = sample_scaled_permutation(rng, 50, "cyclic", generator=2.0)
    assert A.n == 50 and set(A.scales) <= {2.0**k for k in range(-3, 4)}


@pytest.mark.parametrize("n", [1, 2, 3, 10])
def test_dense_samples(n):
    rng = np.random.default_rng(4)
    signs = set()
    for _ in range(30):
        Q = sample_orthogonal(rng, n).to_matrix()
        np.testing.assert_allclose(Q @ Q.T, np.eye(n), atol=1e-13)
        A = sample_general_linear(rng, n).to_matrix()
        assert np.linalg.cond(A) < np.exp(3) * (1 + 1e-9)
        signs.add(np.sign(np.linalg.det(A)))
        U = sample_unit_row_sums(rng, n).to_matrix()
        np.testing.assert_allclose(U.sum(axis=1), 1, atol=1e-13)
        assert np.linalg.cond(U) < 200
    assert signs == {-1.0, 1.0}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rng: sample_scales(rng, 3, "real"), "unknown scalar group 'real'"),
        (lambda rng: sample_scales(rng, 3, "cyclic"), r"a cyclic group needs a generator with \|g\| > 1, not None"),
        (lambda rng: sample_scales(rng, 3, "sign-cyclic", generator=0.5), r"\|g\| > 1, not 0.5"),
        (lambda rng: sample_scales(rng, 3, "positive", spread=-1.0), "the spread is a finite number, 0 or more"),
        (lambda rng: sample_general_linear(rng, 3, spread=np.nan), "not nan"),
        (lambda rng: sample_unit_row_sums(rng, 1, spread=np.inf), "not inf"),
    ],
)
def test_errors(call, message):
    with pytest.raises(IntertwineError, match=message):
        call(np.random.default_rng(0))
