"""Exact decisions about constants, against identities, mpmath and brute force."""

from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from intertwine.errors import IntertwineError, Undecided
from intertwine.groups.balls import enclose, interval, simplest_between
from intertwine.groups.exact import as_exact, equal, sign, to_float
from intertwine.groups.forms import quotient
from intertwine.groups.heights import height, liouville
from intertwine.groups.ratios import commensurability, integer_log, rational_ratio
from intertwine.groups.text import show

ROOT = sp.sqrt
ZEROS = [
    ROOT(2) + ROOT(3) - ROOT(5 + 2 * ROOT(6)),
    sp.cbrt(2 + ROOT(5)) - (1 + ROOT(5)) / 2,
    sp.Integer(2) ** sp.log(3) - sp.Integer(3) ** sp.log(2),
    sp.log(3) / sp.log(2) - sp.log(9) / sp.log(4),
    sp.E * (ROOT(3 + 2 * ROOT(2)) - 1 - ROOT(2)),
    sp.cos(sp.pi / 7) - sp.cos(2 * sp.pi / 7) + sp.cos(3 * sp.pi / 7) - sp.Rational(1, 2),
    1 / (1 + ROOT(2)) - ROOT(2) + 1,
    (1 + sp.pi) ** 2 - 1 - 2 * sp.pi - sp.pi**2,
    sp.log(ROOT(6)) - sp.log(2) / 2 - sp.log(3) / 2,
    sp.sinh(1) - (sp.E - 1 / sp.E) / 2,
    sp.exp(sp.pi + sp.log(6)) / 6 - sp.exp(sp.pi),
    sp.log(1 + ROOT(2)) + sp.log(1 + ROOT(2)) * 2 - sp.log((1 + ROOT(2)) ** 3),
    (2 + 2 * ROOT(2)) ** sp.Rational(3, 2) - 2 * ROOT(2) * (1 + ROOT(2)) * ROOT(1 + ROOT(2)),
    1 / (1 + sp.pi) - (1 - sp.pi) / (1 - sp.pi**2),
]
TINY = [
    sp.exp(sp.pi * ROOT(163)) - 262537412640768744,
    ROOT(10**40 + 1) - 10**20,
    sp.Rational(1, 10**400),
    sp.log(1 + sp.Rational(1, 10**200)),
    ROOT(1 + sp.Rational(1, 10**300)) - 1,
]


@pytest.mark.parametrize("zero", ZEROS, ids=str)
def test_zero_is_proved(zero):
    assert sign(zero) == 0
    assert sign(zero + sp.Rational(1, 10**60)) == 1
    assert sign(zero - sp.Rational(1, 10**60)) == -1


@pytest.mark.parametrize("number", TINY, ids=str)
def test_tiny_is_not_zero(number):
    mpmath.mp.dps = 500
    assert sign(number) == int(mpmath.sign(sp.N(number, 450)._to_mpmath(1500)))
    assert sign(-number) == -sign(number)


def test_what_cannot_be_proved_is_undecided():
    # Pythagoras is not in the normal form.
    with pytest.raises(Undecided):
        sign(sp.cos(1) ** 2 + sp.sin(1) ** 2 - 1)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (0.5, "0.5 is not exact: use exact numbers, e.g. Rational(1, 2)"),
        (sp.Float(0.5), "is not exact"),
        (sp.Symbol("t") + 1, "depends on t"),
        (sp.I, "not a real number"),
        (sp.log(-2, evaluate=False), "not a real number"),
        ((-2) ** sp.Rational(1, 3), "not a real number"),
        (sp.oo, "not a real number"),
        (sp.zeta(3), "cannot be used as an exact real number"),
        ("2", "'2' is not an exact real number"),
        (True, "True is not exact"),
        (None, "None is not an exact real number"),
    ],
)
def test_unusable_numbers(value, message):
    with pytest.raises(IntertwineError, match=None) as caught:
        as_exact(value)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("a", "b", "ratio"),
    [
        (8, 4, Fraction(3, 2)),
        (2, 3, None),
        (sp.Rational(4, 9), sp.Rational(3, 2), Fraction(-2)),
        (sp.Rational(1, 8), 4, Fraction(-3, 2)),
        (12, 18, None),
        (2**100 * 3**51, 12, None),
        (2**100 * 3**50, 12, Fraction(50)),
        (10**9 + 7, 10**9 + 9, None),
        (ROOT(2), 2 ** sp.Rational(1, 3), Fraction(3, 2)),
        (1 + ROOT(2), 3 + 2 * ROOT(2), Fraction(1, 2)),
        (1 + ROOT(2), 2 + ROOT(3), None),
        (7 + 5 * ROOT(2), 3 + 2 * ROOT(2), Fraction(3, 2)),
        (ROOT(2) - 1, 1 + ROOT(2), Fraction(-1)),
        (2 * (1 + ROOT(2)), 1 + ROOT(2), None),
        (sp.exp(2 * sp.pi), sp.exp(sp.pi / 3), Fraction(6)),
        (sp.exp(sp.pi * ROOT(2)), sp.exp(sp.pi), None),
        (sp.exp(sp.pi * ROOT(8)), sp.exp(sp.pi * ROOT(2)), Fraction(2)),
        (sp.exp(sp.pi), 2, None),
        (sp.exp(2), sp.exp(2 * sp.pi), None),
        (2 * sp.exp(sp.pi), 4 * sp.exp(2 * sp.pi), Fraction(1, 2)),
        (2 * sp.exp(sp.pi), 3 * sp.exp(sp.pi), None),
        (2 ** ROOT(2), 4 ** ROOT(2), Fraction(1, 2)),
        (2 ** ROOT(2), 2, None),
        (sp.exp(2 * sp.pi / sp.log(2)), sp.exp(sp.pi / sp.log(2)), Fraction(2)),
        (sp.exp(2 * sp.pi / sp.log(2)), sp.exp(2 * sp.pi / sp.log(3)), None),
        (sp.exp(2 * sp.pi / sp.log(2)), sp.exp(2 * sp.pi / sp.log(8)), Fraction(3)),
        (sp.exp(sp.pi**2 / sp.log(2)), sp.exp(sp.pi), None),
        (sp.pi, 2, None),
        (1 + sp.E, 7, None),
        (sp.pi**2, sp.pi**3, Fraction(2, 3)),
        (sp.exp(2 * sp.pi) * (1 + ROOT(2)), sp.exp(sp.pi), None),
        (ROOT(3 + 2 * ROOT(2)), 1 + ROOT(2), Fraction(1)),
    ],
    ids=str,
)
def test_commensurability(a, b, ratio):
    assert commensurability(a, b) == ratio
    assert commensurability(b, a) == (None if ratio is None else 1 / ratio)


def test_open_questions_stay_open():
    with pytest.raises(Undecided):
        commensurability(sp.exp(2 * sp.pi / sp.log(2)), 2)


@pytest.mark.parametrize("bad", [0, -2, 1])
def test_commensurability_needs_positive_numbers_other_than_one(bad):
    with pytest.raises(IntertwineError, match="positive number other than 1"):
        commensurability(bad, 2)


@given(st.integers(2, 60), st.integers(1, 12), st.integers(1, 12), st.integers(2, 60))
def test_integer_powers_by_brute_force(a, m, n, b):
    left, right = a**m, b**n
    expected = next((Fraction(p, q) for q in range(1, 80) for p in range(1, 80) if left**q == right**p), None)
    assert commensurability(left, right) == expected


@given(st.fractions(min_value=Fraction(1, 50), max_value=50, max_denominator=50), st.integers(-6, 6))
def test_integer_log_of_fractions(g, k):
    if g != 1:
        assert integer_log(g**k, g) == k
        assert integer_log(g**k * Fraction(10**30 + 1, 10**30), g) is None


def test_integer_log_is_decided_where_commensurability_is_open():
    assert integer_log(2, sp.exp(2 * sp.pi / sp.log(2))) is None


@pytest.mark.parametrize(
    ("a", "b", "ratio"),
    [
        (ROOT(8), ROOT(2), Fraction(2)),
        (ROOT(2), 1, None),
        (3 * sp.pi, 2 * sp.pi, Fraction(3, 2)),
        (sp.pi, 1, None),
        (sp.log(3), sp.log(2), None),
        (sp.log(9), sp.log(27), Fraction(2, 3)),
        (ROOT(3 + 2 * ROOT(2)), 1 + ROOT(2), Fraction(1)),
        (sp.pi + sp.exp(sp.pi), sp.pi, None),
        (sp.pi * ROOT(2), sp.pi, None),
    ],
    ids=str,
)
def test_rational_ratio(a, b, ratio):
    assert rational_ratio(a, b) == ratio


@given(st.fractions(), st.fractions(min_value=0, max_value=1))
def test_simplest_between_is_in_and_is_simplest(low, width):
    found = simplest_between(low, low + width)
    assert low <= found <= low + width
    smaller = range(1, min(found.denominator, 200))
    assert not any((low * q).__ceil__() <= (low + width) * q for q in smaller)


constants = st.recursive(
    st.one_of(
        st.builds(sp.Rational, st.integers(-12, 12), st.integers(1, 6)),
        st.sampled_from([ROOT(2), ROOT(3), sp.cbrt(5), sp.pi, sp.E, sp.log(2), sp.log(6), sp.exp(sp.pi)]),
    ),
    lambda inner: st.one_of(
        st.builds(lambda a, b: a + b, inner, inner),
        st.builds(lambda a, b: a * b, inner, inner),
        st.builds(lambda a: ROOT(1 + a**2), inner),
        st.builds(lambda a: sp.log(1 + a**2), inner),
        st.builds(lambda a: 1 / (2 + a**2), inner),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(constants)
def test_enclosures_contain_mpmath_values(number):
    low, high = interval(enclose(as_exact(number), 200))
    value = sp.Rational(str(sp.N(number, 50)))
    margin = sp.Rational(1, 10**40) * (1 + abs(value))
    assert low - margin <= value <= high + margin


@settings(max_examples=150, deadline=None)
@given(constants)
def test_normal_form_keeps_the_value(number):
    try:
        form = quotient(as_exact(number)).to_sympy()
    except Undecided:
        return
    assert abs(sp.N(form - number, 30, maxn=200)) <= 1e-25 * (1 + abs(sp.N(number)))


@settings(max_examples=150, deadline=None)
@given(constants)
def test_height_bounds_hold(number):
    found = height(number)
    if found is None or sign(number) == 0:
        return
    # Liouville: |a| >= exp(-L); and the same for 1/a, which has the same height.
    assert abs(mpmath.log(abs(sp.N(number, 40)._to_mpmath(140)))) <= liouville(found) + 1e-9


@settings(max_examples=100, deadline=None)
@given(constants, constants)
def test_equal_is_true_for_rewritten_sums(a, b):
    try:
        assert equal((a + b) ** 2, sp.expand((a + b) ** 2))
        assert sign(a - b) == -sign(b - a)
    except Undecided:
        pass


def test_to_float():
    assert to_float(sp.exp(sp.pi)) == pytest.approx(23.140692632779267, rel=1e-15)
    assert to_float(0) == 0
    with pytest.raises(IntertwineError, match="range of floats"):
        to_float(sp.exp(1000))
    with pytest.raises(IntertwineError, match="range of floats"):
        to_float(sp.exp(-1000))


def test_long_numbers_are_cut_in_messages():
    with pytest.raises(Undecided, match="could not be settled") as caught:
        sign(sp.exp(sp.exp(sp.exp(100))) - 1)
    assert "exp(exp(exp(100)))" in str(caught.value)
    assert show(sp.Integer(10) ** 10_000) == "a number of more than 3600 digits"
    assert len(show(sum(sp.sqrt(p) for p in sp.primerange(200)))) <= 80


def test_many_radicals_of_the_same_primes():
    a = sum(sp.sqrt(p) for p in (2, 3, 5, 7, 11))
    assert commensurability(a, sp.expand(a**3)) == Fraction(1, 3)
    assert commensurability(a, sp.expand(a**3) + sp.Rational(1, 10**50)) is None
