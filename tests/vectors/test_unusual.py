"""Unusual members of the families: hand-argued groups against ranks, and every signed permutation by brute force."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations, product

import mpmath
import numpy as np
import pytest
import sympy as sp

from intertwine.errors import IntertwineError
from intertwine.vectors import BlockRadial, Gated, LayerNorm, Radial, RMSNorm, Softmax, Stack, derive_family
from tests.vectors.oracle import Oracle, exact_elements, intertwines
from tests.vectors.unusual import DOMAINS, JUMPS, SMOOTH, Case

TINY = mpmath.mpf(10) ** -30
#: Matrices that are in some of the groups and not in others.
PROBES = {
    1: [[[2]], [[-2]], [[sp.Rational(1, 3)]], [[-1]]],
    2: [
        [[2, 0], [0, 2]], [[2, 0], [0, 1]], [[1, 0], [0, -3]], [[0, 2], [2, 0]], [[1, 1], [0, 1]], [[1, 0], [1, 1]],
        [[sp.Rational(3, 5), sp.Rational(-4, 5)], [sp.Rational(4, 5), sp.Rational(3, 5)]], [[2, 1], [1, 2]],
        [[2, -1], [1, 0]], [[2, 1], [0, 1]], [[3, -4], [4, 3]],
    ],
}  # fmt: skip


def signed_permutations(n: int) -> list[sp.Matrix]:
    """All of them, as exact matrices."""
    return [sp.diag(*signs) * sp.Matrix([[int(k == j) for j in range(n)] for k in turn])
            for turn in permutations(range(n)) for signs in product((1, -1), repeat=n)]


@pytest.mark.parametrize("case", [*SMOOTH, *JUMPS], ids=lambda c: f"{c[0]} in dimension {c[1]}")
def test_the_group_is_the_one_that_was_argued(case: Case) -> None:
    value, n, dimension, components, unique, _ = case
    G = derive_family(value)
    H = G(n)
    assert G.status == "exact"
    assert (H.dimension, H.components, H.unique) == (dimension, components, unique)
    assert len(H.lie_algebra()) == dimension
    rng = np.random.default_rng(1)
    oracle = Oracle(value, n, DOMAINS.get(value))
    assert (oracle.functions_rank(rng) == len(oracle.expressions)) == unique
    if case in SMOOTH and n <= 2:
        assert oracle.algebra_dimension(rng) == dimension
    for a in exact_elements(H, rng, 2):
        assert H.contains(a)
        assert oracle.error(a, H.phi(a), rng, 3) < TINY
    g = H.sample(rng)
    a, b = (sp.Matrix(e.to_matrix().tolist()) for e in (g.element, g.image))
    assert oracle.error(a, b, rng, 3) < 1e-9


@pytest.mark.parametrize("case", [*SMOOTH, *JUMPS], ids=lambda c: f"{c[0]} in dimension {c[1]}")
def test_membership_is_what_values_at_points_say(case: Case) -> None:
    value, n, *_ = case
    if n > 2:
        return
    H, oracle = derive_family(value)(n), Oracle(value, n, DOMAINS.get(value))
    for a in [*signed_permutations(n), *map(sp.Matrix, PROBES[n])]:
        assert H.contains(a) == intertwines(oracle, a, np.random.default_rng(2)), a


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: derive_family(Radial("log(-r)")), r"log\(-x\) is not seen to be real"),
        (lambda: Radial("t"), "the variable is r"),
        (lambda: Radial("r**I"), "unknown name"),
        (lambda: Softmax(0), "positive"),
        (lambda: Softmax(-1), "positive"),
        (lambda: Softmax(sp.Symbol("t", positive=True)), "the same for every positive temperature"),
        (lambda: RMSNorm(gain=[1, 0]), "still counts in the norm"),
        (lambda: LayerNorm(bias=[1]), "needs n > 1"),
        (lambda: LayerNorm(eps=-1), "0 or positive"),
    ],
)
def test_bad_members_are_refused_in_one_line(make: Callable[[], object], words: str) -> None:
    with pytest.raises(IntertwineError, match=words) as caught:
        make()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["relu", "gelu", "sinc", "dsu", "softshrink", "hardtanh", "sin", "cbrt", "sign"])
def test_names_of_the_catalogue_are_decided_in_every_family(name: str) -> None:
    for value in (Gated(name), Radial(name), BlockRadial(name, 2), Stack([name, f"{name}(-x)"]), Stack([name, "1"])):
        assert derive_family(value).status == "exact", value


@pytest.mark.parametrize("gate", ["first", "second"])
def test_a_gate_that_is_open_at_one_point(gate: str) -> None:
    """v where u = 0, and 0 elsewhere: points at random do not see it, a grid with u = 0 does."""
    H = derive_family(Gated("1 - abs(sign(x))", gate=gate))(2)
    assert (H.dimension, H.components, H.unique) == (3, 4, True)
    u, v = (0, 1) if gate == "first" else (1, 0)
    grid = [sp.Matrix(p) for p in product([sp.Integer(k) for k in range(-3, 4)], repeat=2)]
    for a in [*signed_permutations(2), *map(sp.Matrix, PROBES[2])]:
        pairs = [tuple(x[v] if x[u] == 0 else 0 for x in (a * p, p)) for p in grid]
        b = next((moved / plain for moved, plain in pairs if plain), 0)
        passes = b != 0 and all(moved == b * plain for moved, plain in pairs)
        assert H.contains(a) == passes, a
        assert not passes or H.phi(a)[0] == b
    assert H.contains(H.exact_sample(np.random.default_rng(0)))
