"""Wreath products, GL_n and unit row sums: axioms, φ, closure, orders, samples."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from intertwine.errors import IntertwineError, ShapeError
from intertwine.groups import (
    NONZERO,
    POSITIVE,
    SIGN,
    TRIVIAL,
    Character,
    Cyclic,
    GeneralLinear,
    UnitRowSums,
    WreathProduct,
    contains_kind,
    kind_lattice,
    kind_of,
    phi_from_activation,
)
from intertwine.groups.matrices import same
from tests.groups.strategies import scalar_groups, wreath_products

linear_groups = st.builds(
    lambda make, n: make(n),
    st.sampled_from([GeneralLinear, UnitRowSums, lambda n: GeneralLinear(n, unique=False)]),
    st.integers(1, 3),
)
groups = st.one_of(wreath_products(), linear_groups)
seeds = st.integers(0, 2**32 - 1)


def wreath(s, n, power=1, sign=1):
    return WreathProduct(s, Character(s, power, sign), n)


@settings(max_examples=80, deadline=None)
@given(groups, seeds)
def test_group_axioms_and_phi(h, seed):
    rng = np.random.default_rng(seed)
    a, b, c = (h.exact_sample(rng) for _ in range(3))
    one = h.identity()
    assert a in h
    assert one in h
    ab = h.multiply(a, b)
    assert ab in h
    assert same(h.multiply(ab, c), h.multiply(a, h.multiply(b, c)))
    inverse = h.inverse(a)
    assert inverse in h
    assert same(h.multiply(a, inverse), one)
    assert same(h.phi(ab), h.phi(a) * h.phi(b))
    assert same(h.phi(one), one)


@settings(max_examples=60, deadline=None)
@given(groups)
def test_generators_and_lie_algebra(h):
    assert all(g in h for g in h.generators())
    algebra = h.lie_algebra()
    assert len(algebra) == h.dimension
    if algebra:
        assert sp.Matrix([list(x) for x in algebra]).rank() == h.dimension
    for x in algebra:
        # The one-parameter groups of the basis: exp(tX) = 1 + tX if X² = 0, and 1 ± (e^(±t) - 1)X if X² = ±X.
        square, half = x * x, sp.Rational(1, 2)
        factor = half if square.is_zero_matrix else sp.exp(half) - 1 if square == x else 1 - sp.exp(-half)
        assert square.is_zero_matrix or square in (x, -x)
        assert (h.identity() + x * factor) in h


@settings(max_examples=80, deadline=None)
@given(wreath_products(), seeds, st.data())
def test_perturbed_elements_are_rejected(h, seed, data):
    a = h.exact_sample(np.random.default_rng(seed)).as_mutable()
    i, j = data.draw(st.integers(0, h.n - 1)), data.draw(st.integers(0, h.n - 1))
    tiny = sp.Rational(1, 10**40)
    was_zero = a[i, j] == 0
    a[i, j] += tiny
    if was_zero:
        assert a not in h
    else:
        assert (a in h) == (not h.scalars.is_discrete)
        a[i, j] = 0
        assert a not in h


def test_perturbed_linear_elements_are_rejected():
    tiny = sp.Rational(1, 10**40)
    assert [[1, tiny], [0, 1]] not in UnitRowSums(2)
    assert [[1 - tiny, tiny], [0, 1]] in UnitRowSums(2)
    assert [[sp.sqrt(2), 2], [1, sp.sqrt(2)]] not in GeneralLinear(2)
    assert [[sp.sqrt(2), 2], [1, sp.sqrt(2) + tiny]] in GeneralLinear(2)
    assert [[sp.log(4), sp.log(2)], [2, 1]] not in GeneralLinear(2)
    assert [[1, 0], [1, 0]] not in UnitRowSums(2)


@settings(max_examples=40, deadline=None)
@given(groups, seeds)
def test_samples_are_elements(h, seed):
    pair = h.sample(np.random.default_rng(seed))
    a, b = pair.element.to_matrix(), pair.image.to_matrix()
    assert a.shape == b.shape == (h.n, h.n)
    assert np.linalg.cond(a) < 1e12
    if isinstance(h, UnitRowSums):
        assert np.allclose(a.sum(axis=1), 1)
        assert np.array_equal(a, b)
    elif isinstance(h, GeneralLinear):
        assert np.allclose(b, a if h.unique else np.eye(h.n))
    else:
        assert ((a != 0) == (b != 0)).all()
        scales = a[a != 0]
        assert np.allclose(h.character.numeric()(scales), b[b != 0])


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_finite_orders_against_sympy(n):
    for s, order in [(TRIVIAL, sp.factorial(n)), (SIGN, 2**n * sp.factorial(n))]:
        h = wreath(s, n)
        assert h.order == h.components == order
        assert h.to_sympy().order() == order
    elements = {tuple(g.array_form) for g in wreath(SIGN, n).to_sympy().elements}
    assert all(p[(i + n) % (2 * n)] == (p[i] + n) % (2 * n) for p in elements for i in range(2 * n))


@pytest.mark.parametrize("h", [wreath(POSITIVE, 2), wreath(Cyclic(2), 1), GeneralLinear(2), UnitRowSums(2)], ids=str)
def test_infinite_groups_do_not_go_to_sympy(h):
    assert h.order == sp.oo
    with pytest.raises(IntertwineError, match="finite"):
        h.to_sympy()


def test_counts():
    assert (wreath(POSITIVE, 3).components, wreath(POSITIVE, 3).dimension) == (6, 3)
    assert (wreath(NONZERO, 3).components, wreath(NONZERO, 3).dimension) == (48, 3)
    assert (wreath(Cyclic(2), 3).components, wreath(Cyclic(2), 3).dimension) == (sp.oo, 0)
    assert (GeneralLinear(3).components, GeneralLinear(3).dimension) == (2, 9)
    assert (UnitRowSums(3).components, UnitRowSums(3).dimension) == (2, 6)
    assert (UnitRowSums(1).components, UnitRowSums(1).dimension, UnitRowSums(1).order) == (1, 0, 1)


@settings(max_examples=80, deadline=None)
@given(scalar_groups, scalar_groups, st.integers(1, 3), st.booleans(), seeds)
def test_inclusion_and_intersection(s, t, n, linear, seed):
    h = wreath(s, n)
    k = UnitRowSums(n) if linear else wreath(t, n)
    rng = np.random.default_rng(seed)
    a, b = h.exact_sample(rng), k.exact_sample(rng)
    meet = h & k
    assert meet <= h
    assert meet <= k
    assert (h <= k) == (meet <= h and h <= meet)
    assert (a in k) == (a in meet)
    assert (b in h) == (b in meet)
    assert (k & h) <= meet <= (k & h)
    assert h <= GeneralLinear(n)
    assert k <= GeneralLinear(n)
    x = meet.exact_sample(rng)
    assert same(meet.phi(x), h.phi(x))


def test_small_dimensions_collapse():
    assert GeneralLinear(1) <= wreath(NONZERO, 1)
    assert UnitRowSums(1) <= wreath(TRIVIAL, 1)
    assert not GeneralLinear(2) <= wreath(NONZERO, 2)
    assert not UnitRowSums(2) <= wreath(NONZERO, 2)


@pytest.mark.parametrize("other", [wreath(Cyclic(2), 2), UnitRowSums(2)], ids=str)
def test_constant_activations_keep_a_valid_image(other):
    meet = GeneralLinear(2, unique=False) & other
    image = meet.phi(other.exact_sample(np.random.default_rng(1)))
    assert same(image * sp.ones(2, 1), sp.ones(2, 1))


def test_equality_compares_phi():
    assert wreath(POSITIVE, 2) == wreath(POSITIVE, 2)
    assert wreath(POSITIVE, 2) != wreath(POSITIVE, 2, power=2)
    assert wreath(POSITIVE, 2) != wreath(POSITIVE, 3)
    assert GeneralLinear(2) != GeneralLinear(2, unique=False)
    assert hash(wreath(Cyclic(2), 2)) == hash(wreath(Cyclic(sp.Rational(1, 2)), 2))
    assert UnitRowSums(2) == UnitRowSums(2) != GeneralLinear(2)


@pytest.mark.parametrize(
    ("activation", "h"),
    [
        (lambda t: sp.Max(0, t), wreath(POSITIVE, 3)),
        (lambda t: t**3, wreath(NONZERO, 3, 3)),
        (lambda t: t**2, wreath(NONZERO, 3, 2, 0)),
        (lambda t: sp.exp(-(t**2) / 2), wreath(SIGN, 3, 0, 0)),
        (lambda t: 1 / (1 + sp.exp(-t)), wreath(TRIVIAL, 3)),
        (lambda t: sp.cbrt(sp.Abs(t)), wreath(NONZERO, 3, sp.Rational(1, 3), 0)),
        (lambda t: 2 * t, GeneralLinear(3)),
        (lambda t: 2 * t + 5, UnitRowSums(3)),
    ],
)
def test_phi_agrees_with_the_papers_formula(activation, h):
    rng = np.random.default_rng(3)
    for _ in range(3):
        a = h.exact_sample(rng)
        assert same(h.phi(a), phi_from_activation(activation, a))


def test_papers_formula_needs_an_invertible_matrix():
    with pytest.raises(IntertwineError, match="singular"):
        phi_from_activation(lambda t: sp.Integer(1), sp.eye(2))


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda h: h.contains([[1, 0, 0], [0, 1, 0]]), ShapeError),
        (lambda h: h.contains(sp.eye(3)), ShapeError),
        (lambda h: h.contains(5), ShapeError),
        (lambda h: h.contains([[1, 2], [3]]), ShapeError),
        (lambda h: h.contains([[1.0, 0], [0, 1]]), IntertwineError),
        (lambda h: h.contains(np.eye(2)), IntertwineError),
        (lambda h: h.contains([[sp.Symbol("t"), 0], [0, 1]]), IntertwineError),
        (lambda h: h.phi([[1, 1], [0, 0]]), IntertwineError),
        (lambda h: h.inverse([[0, 0], [0, 0]]), IntertwineError),
        (lambda h: h <= wreath(POSITIVE, 3), ShapeError),
        (lambda h: h & UnitRowSums(3), ShapeError),
    ],
)
@pytest.mark.parametrize("h", [wreath(POSITIVE, 2), GeneralLinear(2), UnitRowSums(2)], ids=str)
def test_refusals(call, error, h):
    with pytest.raises(error) as caught:
        call(h)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("n", [0, -1, 2.0, True, "2"])
def test_dimension_is_a_positive_integer(n):
    with pytest.raises(ShapeError):
        GeneralLinear(n)
    with pytest.raises(ShapeError):
        wreath(SIGN, n)


def test_character_has_to_fit():
    with pytest.raises(IntertwineError, match="not a character of"):
        WreathProduct(SIGN, Character(POSITIVE), 2)


def test_text():
    assert repr(wreath(POSITIVE, 4)) == "R>0 ≀ S_4"
    assert wreath(SIGN, 4).latex() == r"\{\pm 1\} \wr S_{4}"
    assert repr(GeneralLinear(4)) == "GL_4"
    assert repr(UnitRowSums(4)) == "{A ∈ GL_4 : A·1 = 1}"


def test_kind_lattice():
    import networkx as nx

    graph = kind_lattice()
    assert nx.is_directed_acyclic_graph(graph)
    assert nx.transitive_reduction(graph).edges == graph.edges
    reachable = nx.transitive_closure(graph, reflexive=True)
    assert all(contains_kind(b, a) == reachable.has_edge(a, b) for a in graph for b in graph)
    assert all(nx.has_path(graph, "permutation", k) and nx.has_path(graph, k, "general linear") for k in graph)
    with pytest.raises(IntertwineError, match="not a kind"):
        contains_kind("monomial", "diagonal")


@given(scalar_groups, scalar_groups, st.integers(2, 3))
@settings(max_examples=60, deadline=None)
def test_kinds_follow_the_groups(s, t, n):
    if contains_kind(kind_of(t), kind_of(s)) and kind_of(s) != kind_of(t):
        assert wreath(s, n) <= wreath(t, n)
    assert wreath(s, n).kind == kind_of(s)
    assert {GeneralLinear(n).kind, UnitRowSums(n).kind} <= set(kind_lattice())


def test_inverse_of_irrational_matrices():
    h = GeneralLinear(4)
    m = sp.Matrix(4, 4, lambda i, j: sp.sqrt(i + 2) ** (j + 1) + (sp.pi if i == j else 0))
    assert same(h.multiply(m, h.inverse(m)), h.identity())
    singular = sp.Matrix(5, 5, lambda i, j: sp.sqrt(i + 2) * sp.exp(j) + sp.log(i + 2) * sp.pi**j)
    assert singular not in GeneralLinear(5)
    assert singular + sp.eye(5) in GeneralLinear(5)
