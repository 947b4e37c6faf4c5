"""Groups of every kind on six units, and brute-force optima."""

from __future__ import annotations

import os
from itertools import permutations

import numpy as np
import sympy as sp

from intertwine import groups as g
from intertwine.groups import vectors as v

ONE = g.Character(g.TRIVIAL)
SQUARE = sp.Integer(2)
#: Seeds of the large planted tests: a few as a rule, all fifty with INTERTWINE_SEEDS=50.
LARGE_SEEDS = range(int(os.environ.get("INTERTWINE_SEEDS", "4")))
#: The same for tests that take a second for each seed.
LARGEST_SEEDS = LARGE_SEEDS if len(LARGE_SEEDS) > 4 else LARGE_SEEDS[:2]


def wreath(scalars, *character):
    return g.WreathProduct(scalars, g.Character(scalars, *character), 6)


def cyclic(scalars, *values):
    return g.WreathProduct(scalars, g.Character.on_generator(scalars, *values), 6)


SCALED = [
    wreath(g.TRIVIAL), wreath(g.SIGN), wreath(g.POSITIVE, 1), wreath(g.POSITIVE, 2), wreath(g.NONZERO, 3, 1),
    cyclic(g.Cyclic(-2), 4), cyclic(g.Cyclic(3), 3), cyclic(g.SignCyclic(2), 2, -1),
]  # fmt: skip
DENSE = [
    g.GeneralLinear(6), g.UnitRowSums(6), v.Similarities(g.TRIVIAL, ONE, 6),
    v.Similarities(g.POSITIVE, g.Character(g.POSITIVE, -1), 6), v.Similarities(g.TRIVIAL, ONE, 6, centred=True),
    v.SharedShift(6), v.SortingGroup(2, 3), v.SortingGroup(3, 2),
]  # fmt: skip
BLOCKS = [
    v.BlockWreath(v.Similarities(g.TRIVIAL, ONE, 2), 3),
    v.BlockWreath(v.Similarities(g.POSITIVE, g.Character(g.POSITIVE, 1), 3), 2, True),
    v.BlockWreath(v.GatedPair(g.POSITIVE, g.Character(g.POSITIVE, 1)), 3, True),
    v.BlockWreath(v.GatedPair(g.NONZERO, g.Character(g.NONZERO, 1, 1), True), 3),
    v.BlockWreath(v.PooledBlock(3), 2),
    v.BlockWreath(v.LogPowers(v.LogSpace([v.OnHalfLines((v.Part(SQUARE, SQUARE),), (v.Part(SQUARE, SQUARE),))])), 6),
    v.GatesApart(g.POSITIVE, 3), v.AffineStack([SQUARE], [SQUARE], 6), v.AffineStack([SQUARE, SQUARE], [0, SQUARE], 6),
]  # fmt: skip
FLAGS = [v.BlockTriangular(2, 4), v.Reindexed(v.BlockTriangular(2, 4), [5, 0, 3, 2, 1, 4])]


def best_scaled(x, y, candidates):
    """min ‖x·Aᵀ - y‖ over all permutations, with the scale of a pair among finitely many or by a formula."""
    n = x.shape[1]
    return min(
        np.sqrt(sum(min(np.sum((a * x[:, j] - y[:, i]) ** 2) for a in candidates(x[:, j], y[:, i]))
                    for i, j in enumerate(order)))
        for order in permutations(range(n))
    )
