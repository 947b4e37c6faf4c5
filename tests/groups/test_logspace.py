"""Spaces of powers, logarithms and waves of the logarithm, against values at points."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from intertwine.groups import NONZERO, POSITIVE, SIGN, ScalarGroup
from intertwine.groups.vectors import LogPowers, LogSpace, OnHalfLines, Part
from intertwine.numeric import exponential

parts = st.builds(
    Part,
    st.sampled_from([1, -1, 2]).map(sp.Integer),
    st.sampled_from([0, 1]).map(sp.Integer),
    st.sampled_from([0, 0, 1]),
    st.sampled_from([0, 1, 2, 3]).map(sp.Integer),
    st.booleans(),
)
sides = st.lists(parts, min_size=1, max_size=2).map(tuple)


@st.composite
def functions(draw: st.DrawFn) -> list[OnHalfLines]:
    """One to three functions; their left side is that of the right one, turned or not, or another."""
    found = []
    left = draw(st.sampled_from(["none", "same", "other"]))
    for _ in range(draw(st.integers(1, 3))):
        right = draw(sides)
        found.append(OnHalfLines(right, {"none": None, "same": right, "other": draw(sides)}[left]))
    return found


def at(f: OnHalfLines, t: mpmath.mpf) -> mpmath.mpf:
    side = f.right if t > 0 else f.left
    assert side is not None
    size, total = abs(t), mpmath.mpf(0)
    for p in side:
        wave = (mpmath.sin if p.sine else mpmath.cos)(int(p.frequency) * mpmath.log(size))
        total += int(p.coefficient) * size ** int(p.power) * mpmath.log(size) ** p.log * wave
    return total


def keeps(given_functions: list[OnHalfLines], d: mpmath.mpf) -> bool:
    """Whether f(d·) is in the span for each f, by ranks of values."""
    with mpmath.workdps(40):
        both = given_functions[0].left is not None
        if not both and d < 0:
            return False
        points = [s * mpmath.mpf(k) / 7 for k in range(1, 26) for s in ((1, -1) if both else (1,))]
        plain = np.array([[at(f, t) for f in given_functions] for t in points])
        moved = np.array([[at(f, d * t) for f in given_functions] for t in points])
        return rank(plain) == rank(np.hstack([plain, moved]))


def rank(table: np.ndarray) -> int:  # type: ignore[type-arg]
    work, found = table.copy(), 0
    for j in range(work.shape[1]):
        i = found + int(np.argmax([abs(v) for v in work[found:, j]])) if found < len(work) else 0
        if found == len(work) or abs(work[i, j]) < mpmath.mpf(10) ** -25:
            continue
        work[[found, i]] = work[[i, found]]
        work[found + 1 :] -= np.outer(work[found + 1 :, j] / work[found, j], work[found])
        found += 1
    return found


CIRCLE = [sp.pi * sp.Rational(k, 6) for k in (1, 2, 3, 4, 6, 12, 24)]
CANDIDATES = [sp.Integer(2), *(sp.exp(c) for c in CIRCLE), *(-sp.exp(c) for c in CIRCLE), sp.Integer(-1)]


@settings(max_examples=40)
@given(functions())
def test_the_scalings_are_those_that_keep_values_in_the_span(given_functions: list[OnHalfLines]) -> None:
    space = LogSpace(given_functions)
    for d in CANDIDATES:
        with mpmath.workdps(40):
            number = mpmath.mpmathify(sp.N(d, 45))
        assert (d in space.scalars) == keeps(given_functions, number), (d, space.scalars)


@settings(max_examples=20)
@given(functions())
def test_the_images_are_those_of_the_functions(given_functions: list[OnHalfLines]) -> None:
    H = LogPowers(LogSpace(given_functions))
    for [[d]] in (g.tolist() for g in H.generators()):
        with mpmath.workdps(40):
            image, size = H.phi([[d]]), mpmath.mpmathify(sp.N(d, 45))
            for t in map(mpmath.mpf, ("0.3", "1.7")):
                before = [at(f, t) for f in given_functions]
                for k, f in enumerate(given_functions):
                    row = [mpmath.mpmathify(sp.N(v, 45)) for v in image.row(k)]
                    total = mpmath.fsum(a * b for a, b in zip(row, before, strict=True))
                    assert abs(total - at(f, size * t)) < mpmath.mpf(10) ** -28 * (1 + abs(total))


def part(coefficient: int, power: object = 0, log: int = 0, frequency: object = 0, sine: bool = False) -> Part:
    return Part(sp.Integer(coefficient), sp.sympify(power), log, sp.sympify(frequency), sine)


TURN, COTURN = part(1, 1, 0, 1, True), part(1, 1, 0, 1)


@pytest.mark.parametrize(
    ("given_functions", "scalars"),
    [
        # (sin, cos) and (cos, sin) turn in opposite ways, so only half-turns keep their span
        ([OnHalfLines((TURN,), (COTURN,)), OnHalfLines((COTURN,), (TURN,))], ScalarGroup("sign-cyclic", sp.exp(sp.pi))),
        ([OnHalfLines((part(1),), (part(1),), sp.S.Zero)], NONZERO),
        ([OnHalfLines((part(1),), (part(2),), sp.S.Zero)], POSITIVE),
        ([OnHalfLines((part(1, 1, 1),), (part(1, 1, 1),))], SIGN),
        # 2 + cos(2L) and 2 - cos(2L): half a period exchanges the two half-lines
        ([OnHalfLines((part(2), part(1, 0, 0, 2)), (part(2), part(-1, 0, 0, 2)))],
         ScalarGroup("cyclic", -sp.exp(sp.pi / 2))),
        ([OnHalfLines((part(1, 0, 0, sp.sqrt(2)), part(1)), None)], ScalarGroup("cyclic", sp.exp(sp.sqrt(2) * sp.pi))),
        ([OnHalfLines((part(2, "sqrt(2)"),), None)], POSITIVE),
    ],
)
def test_argued_by_hand(given_functions: list[OnHalfLines], scalars: ScalarGroup) -> None:
    assert LogSpace(given_functions).scalars == scalars


@settings(max_examples=15)
@given(functions())
def test_the_derivative_generates_the_action(given_functions: list[OnHalfLines]) -> None:
    H = LogPowers(LogSpace(given_functions))
    if not H.scalars.is_discrete:
        generator = sp.Matrix(H.lie_image())
        numbers = np.array(generator.evalf(30).tolist(), dtype=float)
        expected = exponential(numbers * float(sp.log(3)))
        found = np.array(H.phi([[3]]).evalf(30).tolist(), dtype=float)
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)
