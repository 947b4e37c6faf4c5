"""The meet of two half-lines is the intersection of two sets of pairs (d, b)."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from intertwine.calculus.core import to_core
from intertwine.groups.constants import constant_to_sympy
from intertwine.parsing import parse_term
from intertwine.solve.halves import Half, HalfSolver
from intertwine.solve.positive import _meet
from intertwine.solve.probes import probe_points
from intertwine.solve.witness import Sampler
from intertwine.terms import num, power

# Pairs are (2**i, s * 2**j) with i, j in quarters: written as (i, j, s). A power law of degree p holds for
# every d; restricted to d = 2**i it is the set of all (i, p*i, +1).
Pair = tuple[Fraction, Fraction, int]
REACH = 24
small = st.builds(Fraction, st.integers(1, 6), st.sampled_from([1, 2]))
degrees = st.builds(Fraction, st.integers(-3, 3), st.sampled_from([1, 2]))


def cyclic(step: Fraction, degree: Fraction, sign: int) -> Half:
    value = num(sign) * power(num(2), num(step * degree))
    return Half("cyclic", generator=power(num(2), num(step)), value=value)


def pairs(kind: str, step: Fraction, degree: Fraction, sign: int) -> set[Pair]:
    """All pairs with ``|log2 d| <= REACH`` on a fine grid."""
    if kind == "power":
        return {(Fraction(k, 4), degree * Fraction(k, 4), 1) for k in range(-4 * REACH, 4 * REACH + 1)}
    n = int(REACH / step)
    return {(k * step, k * step * degree, sign if k % 2 else 1) for k in range(-n, n + 1)}


def as_pairs(half: Half | None) -> set[Pair]:
    """The pairs of an answer, through sympy and not through the solver's own comparisons."""
    if half is None:
        return {(Fraction(0), Fraction(0), 1)}
    if half.kind == "power":
        p = sympy.nsimplify(constant_to_sympy(half.degree))
        return pairs("power", Fraction(1), Fraction(int(p.p), int(p.q)), 1)
    g, b = (constant_to_sympy(t) for t in (half.generator, half.value))
    step, height = (sympy.nsimplify(sympy.N(sympy.log(abs(v), 2), 40), rational=True, tolerance=1e-20) for v in (g, b))
    sign = 1 if b > 0 else -1
    i, j = Fraction(int(step.p), int(step.q)), Fraction(int(height.p), int(height.q))
    return {(k * i, k * j, sign if k % 2 else 1) for k in range(-int(REACH / i), int(REACH / i) + 1)}


sides = st.tuples(st.sampled_from(["power", "cyclic", "cyclic"]), small, degrees, st.sampled_from([1, -1]))


@given(sides, sides)
def test_meet_is_intersection(a: tuple[str, Fraction, Fraction, int], b: tuple[str, Fraction, Fraction, int]) -> None:
    halves = [Half("power", degree=num(s[2])) if s[0] == "power" else cyclic(*s[1:]) for s in (a, b)]
    expected = pairs(*a) & pairs(*b)
    assert as_pairs(_meet(*halves)) == expected
    assert as_pairs(_meet(*halves[::-1])) == expected


def test_incommensurable_generators_meet_in_one() -> None:
    two, three = Half("cyclic", generator=num(2), value=num(1)), Half("cyclic", generator=num(3), value=num(1))
    assert _meet(two, three) is None


HALVES = (
    ("x**2", 1, "power", None), ("x**2", -1, "power", None), ("Max(0,x)", -1, "free", None),
    ("log(x)", -1, "free", None), ("exp(x)", 1, "trivial", None),
    ("sin(x)", 1, "trivial", None), ("floor(log(x)/log(3))", 1, "trivial", None),
    ("sin(log(x))", 1, "cyclic", ("exp(pi)", "-1")), ("sin(log(-x))", -1, "cyclic", ("exp(pi)", "-1")),
    ("2+sin(log(x))", 1, "cyclic", ("exp(2*pi)", "1")), ("x*frac(log(x)/log(2))", 1, "cyclic", ("2", "2")),
    ("sin(log(x))+sin(3*log(x))", 1, "cyclic", ("exp(pi)", "-1")),
    ("sin(2*log(x))", 1, "cyclic", ("exp(pi/2)", "-1")), ("sin(log(x))+x", 1, "trivial", None),
    ("sin(log(x))+sin(sqrt(2)*log(x))", 1, "trivial", None),
    ("sin(1/x)", 1, "trivial", None), ("0*x", 1, "free", None), ("5", -1, "power", None),
    ("x**2*cos(x)", 1, "trivial", None), ("tan(log(x))", 1, "cyclic", ("exp(pi)", "1")),
)  # fmt: skip


@pytest.mark.parametrize(("text", "side", "kind", "generator"), HALVES, ids=str)
def test_half_lines(text: str, side: int, kind: str, generator: tuple[str, str] | None) -> None:
    core = to_core(parse_term(text))
    half = HalfSolver(core, Sampler(core), probe_points(core), side).solve()
    assert half.kind == kind
    if generator is not None:
        found = [constant_to_sympy(t) for t in (half.generator, half.value)]
        assert all(abs(sympy.N(a - sympy.sympify(b), 40)) < 1e-30 for a, b in zip(found, generator, strict=True))
    if kind != "free":
        assert half.facts and half.theorem


def test_pairs_grow_with_the_step() -> None:
    for step, degree in product((Fraction(1), Fraction(1, 2)), (Fraction(0), Fraction(3, 2))):
        assert as_pairs(cyclic(step, degree, -1)) == pairs("cyclic", step, degree, -1)
