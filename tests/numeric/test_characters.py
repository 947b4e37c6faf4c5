"""Characters are homomorphisms, exact where they can be, and refuse scales outside their group."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intertwine.errors import IntertwineError
from intertwine.numeric import CyclicCharacter, Intertwiner, PowerCharacter, ScaledPermutation, sample_scales

reals = st.floats(1e-3, 1e3) | st.floats(-1e3, -1e-3)
vectors = st.lists(reals, min_size=1, max_size=5)


@given(vectors, st.sampled_from([0, 1, 2, 3, -1, 0.5, -1.5, 1 / 3]), st.sampled_from([0, 1]))
def test_power_characters(values, power, sign):
    a = np.array(values)
    chi = PowerCharacter(power, sign)
    expected = np.abs(a) ** power * np.sign(a) ** sign
    np.testing.assert_allclose(chi(a), expected, rtol=1e-13)
    np.testing.assert_allclose(chi(a * a[::-1]), chi(a) * chi(a[::-1]), rtol=1e-12)
    if power in (0, 1):
        assert np.array_equal(chi(a), expected)
    assert chi(a.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
@pytest.mark.parametrize(
    ("g", "value", "minus_one"),
    [(2.0, 3.0, None), (-2.0, 4.0, None), (np.sqrt(3), -1.5, -1.0), (np.sqrt(3), 3.0, 1.0), (1.1, 1.21, None)],
)
def test_cyclic_characters(g, value, minus_one, dtype):
    k = np.arange(-4, 5)
    chi = CyclicCharacter(float(g), value, minus_one)
    a = (float(g) ** k).astype(dtype)
    np.testing.assert_array_equal(chi.exponents(a), k)
    np.testing.assert_allclose(chi(a).astype(float), float(value) ** k, rtol=4 * float(np.finfo(dtype).eps))
    assert chi(a).dtype == dtype
    if minus_one is not None:
        np.testing.assert_array_equal(chi(-a), minus_one * chi(a))


@pytest.mark.parametrize("scalars", ["cyclic", "sign-cyclic"])
@given(seed=st.integers(0, 2**32))
def test_cyclic_characters_are_homomorphisms_after_many_products(scalars, seed):
    rng = np.random.default_rng(seed)
    chi = CyclicCharacter(np.pi, 1.25, -1.0 if scalars == "sign-cyclic" else None)
    factors = [sample_scales(rng, 6, scalars, generator=np.pi) for _ in range(30)]
    np.testing.assert_allclose(
        chi(np.prod(factors, axis=0)), np.prod([chi(factor) for factor in factors], axis=0), rtol=1e-10
    )


@pytest.mark.parametrize(
    ("chi", "scale", "message"),
    [
        (CyclicCharacter(2.0, 2.0), 3.0, "the scale 3.0 is not in the group ⟨2.0⟩"),
        (CyclicCharacter(2.0, 2.0), 2 + 1e-9, "not in the group"),
        (CyclicCharacter(2.0, 2.0), -2.0, "the scale -2.0 is not in the group ⟨2.0⟩"),
        (CyclicCharacter(-2.0, 2.0), 2.0, "the scale 2.0 is not in the group ⟨-2.0⟩"),
        (CyclicCharacter(-2.0, 2.0), -1.0, "not in the group"),
        (CyclicCharacter(2.0, 2.0, -1.0), -3.0, "the scale -3.0 is not in the group ±⟨2.0⟩"),
        (CyclicCharacter(2.0, 2.0), 0.0, "not in the group"),
        (CyclicCharacter(2.0, 2.0), np.nan, "not in the group"),
        (CyclicCharacter(2.0, 2.0), np.inf, "not in the group"),
        (CyclicCharacter(1 + 1e-15, 2.0), 1.0, "cannot be told apart in float64"),
    ],
)
def test_scales_outside_the_group(chi, scale, message):
    with pytest.raises(IntertwineError, match=message):
        chi([1.0, scale])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: PowerCharacter(1, 2), "the sign exponent of a character is 0 or 1, not 2"),
        (lambda: PowerCharacter(np.inf), "finite number"),
        (lambda: CyclicCharacter(1.0, 2.0), r"\|g\| > 1, not 1.0"),
        (lambda: CyclicCharacter(np.nan, 2.0), r"\|g\| > 1"),
        (lambda: CyclicCharacter(2.0, 0.0), "finite and not zero, not 0.0"),
        (lambda: CyclicCharacter(-2.0, 1.0, 1.0), "the generator is positive"),
        (lambda: CyclicCharacter(2.0, 1.0, 2.0), "which is 1 or -1"),
        (lambda: PowerCharacter(1)(["a"]), "the array of scales has dtype"),
    ],
)
def test_bad_characters(make, message):
    with pytest.raises(IntertwineError, match=message):
        make()


@given(st.integers(0, 2**32), st.sampled_from([0, 1, 2, 0.5]), st.sampled_from([0, 1]))
def test_phi_is_a_homomorphism(seed, power, sign):
    rng = np.random.default_rng(seed)
    chi = PowerCharacter(power, sign)
    A, B = (ScaledPermutation(rng.permutation(5), sample_scales(rng, 5, "nonzero")) for _ in range(2))
    g, h = Intertwiner.from_character(A, chi), Intertwiner.from_character(B, chi)
    assert (g @ h).allclose(Intertwiner.from_character(A @ B, chi))
    assert g.inverse().allclose(Intertwiner.from_character(A.inverse(), chi))
    assert g.compose(g.inverse()).allclose(Intertwiner.identity(5))
    assert hash(g) == hash(Intertwiner.from_character(A, chi))


def test_intertwiners_that_do_not_fit():
    from intertwine.numeric import Dense

    with pytest.raises(IntertwineError, match="a character acts on the scales of a ScaledPermutation only"):
        Intertwiner.from_character(Dense(np.eye(2)), PowerCharacter(1))
    wide = Intertwiner(ScaledPermutation.identity(2), ScaledPermutation.identity(4))
    with pytest.raises(IntertwineError, match="an image on 2 units cannot be composed with one on 4 units"):
        Intertwiner.identity(2) @ wide
    with pytest.raises(TypeError):
        wide @ 3
    assert wide.n == 2
