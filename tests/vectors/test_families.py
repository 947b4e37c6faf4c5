"""The groups of families against hand-argued truth, and against evaluation at random points."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from intertwine.groups import matrices
from intertwine.vectors import Radial, VectorIntertwiners, derive_family
from intertwine.vectors.solution import N
from tests.vectors.cases import CASES, Case
from tests.vectors.oracle import Oracle, exact_elements, intertwines

#: A jump that few points meet, and a term below the precision of the rank.
UNSEEN_BY_DERIVATIVES = (Radial("Heaviside(r - 1)"), Radial("r + r**2/10**30"))
TINY = mpmath.mpf(10) ** -30


def _id(case: Case) -> str:
    return f"{case[0]} in dimension {case[1]}"


@pytest.fixture(params=CASES, ids=_id)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


def test_the_group_is_the_one_that_was_argued(case: Case) -> None:
    value, n, dimension, components, _ = case
    G = derive_family(value)
    assert G.status == "exact"
    assert (G(n).dimension, G(n).components) == (dimension, components)
    assert len(G(n).lie_algebra()) == dimension
    if value.only_dimension is None and n > 2:
        assert sp.simplify(G.dimension.subs(N, n)) == dimension
    assert G.certificate.check()


def test_elements_intertwine_to_thirty_digits(case: Case) -> None:
    value, n, *_ = case
    H = derive_family(value)(n)
    oracle = Oracle(value, n)
    rng = np.random.default_rng(1)
    for a in exact_elements(H, rng, 3):
        assert H.contains(a)
        assert oracle.error(a, H.phi(a), rng, 3) < TINY, a


def test_the_lie_algebra_is_as_large_as_a_rank_says(case: Case) -> None:
    value, n, dimension, *_ = case
    if n <= 3 and value not in UNSEEN_BY_DERIVATIVES:
        assert Oracle(value, n).algebra_dimension(np.random.default_rng(2)) == dimension


def test_group_laws(case: Case) -> None:
    value, n, *_ = case
    H = derive_family(value)(n)
    rng = np.random.default_rng(3)
    for _ in range(2):
        a, b = H.exact_sample(rng), H.exact_sample(rng)
        product = H.multiply(a, b)
        assert product in H
        assert H.inverse(a) in H
        image = (H.phi(a) * H.phi(b)).applyfunc(sp.expand_mul).as_immutable()
        assert matrices.same(H.phi(product).applyfunc(sp.radsimp), image.applyfunc(sp.radsimp))


def test_numeric_samples_intertwine(case: Case) -> None:
    value, n, *_ = case
    H = derive_family(value)(n)
    oracle = Oracle(value, n)
    rng = np.random.default_rng(4)
    for _ in range(3):
        g = H.sample(rng)
        a, b = (sp.Matrix(e.to_matrix().tolist()) for e in (g.element, g.image))
        assert oracle.error(a, b, rng, 3) < 1e-9


@given(st.integers(0, len(CASES) - 1), st.integers(0, 10**6))
def test_what_is_not_in_the_group_does_not_intertwine(index: int, seed: int) -> None:
    """Small integer matrices: those that are refused differ from every B, by ranks of values at points."""
    value, n, *_ = CASES[index]
    if n > 3 or value in UNSEEN_BY_DERIVATIVES:
        return
    H = derive_family(value)(n)
    rng = np.random.default_rng(seed)
    a = sp.Matrix(n, n, [int(k) for k in rng.integers(-2, 3, n * n)])
    if a.det() == 0:
        return
    oracle = Oracle(value, n)
    assert H.contains(a) == intertwines(oracle, a, rng)


def test_bounded_answers_say_what_is_open() -> None:
    from intertwine.vectors import Stack

    for value in (Stack(["sin(log(x))", "sin(x)"]), Stack(["sin(x)", "relu(x - 1)"])):
        G: VectorIntertwiners = derive_family(value)
        assert G.status == "bounded"
        assert G.questions
        rng = np.random.default_rng(5)
        oracle = Oracle(value, 2)
        a = G(2).exact_sample(rng)
        assert oracle.error(a, G(2).phi(a), rng) < TINY
