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
from tests.vectors.oracle import Oracle, exact_elements

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
    assert H.contains(a) == _intertwines(oracle, a, rng)


def _intertwines(oracle: Oracle, a: sp.Matrix, rng: np.random.Generator) -> bool:
    """Whether some B has σ(Ax) = Bσ(x) at random points, by ranks in 40 digits."""
    numbers = [[mpmath.mpf(int(v)) for v in row] for row in a.tolist()]
    before, after = [], []
    with mpmath.workdps(40):
        for k in range(24 * len(oracle.expressions) + 24):
            # near and far: some functions live on a ball, others are different beyond one
            x = [mpmath.mpf(int(p)) / (512, 1500, 4096)[k % 3] for p in rng.integers(-1500, 1500, oracle.n)]
            moved = oracle([mpmath.fsum(p * q for p, q in zip(row, x, strict=True)) for row in numbers])
            plain = oracle(x)
            if (moved is None) != (plain is None):
                return False
            if moved is not None and plain is not None:
                before.append(plain)
                after.append([*plain, *moved])
        return _rank(before) == _rank(after)


def _rank(rows: list[list[mpmath.mpf]]) -> int:
    work, rank = [list(r) for r in rows], 0
    columns = len(work[0]) if work else 0
    for j in range(columns):
        pivot = max(range(rank, len(work)), key=lambda i: abs(work[i][j]), default=None)
        if pivot is None or abs(work[pivot][j]) < mpmath.mpf(10) ** -25:
            continue
        work[rank], work[pivot] = work[pivot], work[rank]
        for i in range(rank + 1, len(work)):
            factor = work[i][j] / work[rank][j]
            work[i] = [p - factor * q for p, q in zip(work[i], work[rank], strict=True)]
        rank += 1
    return rank


def test_bounded_answers_say_what_is_open() -> None:
    from intertwine.vectors import Gated, Stack

    for value in (Gated("1 - abs(sign(x))"), Stack(["sin(x)", "abs(x)"])):
        G: VectorIntertwiners = derive_family(value)
        assert G.status == "bounded"
        assert G.questions
        rng = np.random.default_rng(5)
        oracle = Oracle(value, 2)
        a = G(2).exact_sample(rng)
        assert oracle.error(a, G(2).phi(a), rng) < TINY
