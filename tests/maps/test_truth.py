"""Dimension and components of maps whose stabilisers are argued by hand."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from intertwine.maps.solution import solve_map

_spec = importlib.util.spec_from_file_location("truth_of_maps", Path(__file__).parent / "truth.py")
assert _spec is not None and _spec.loader is not None
truth = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(truth)


@pytest.mark.parametrize(
    ("text", "dimension", "components"),
    [pytest.param(*case, marks=pytest.mark.slow if case[0] in truth.SLOW else ()) for case in truth.TRUTH],
)
def test_known_stabilisers(text: str, dimension: int, components: int) -> None:
    answer = solve_map(text, timeout=60)
    assert (answer.status, answer.dimension, answer.components) == ("exact", dimension, components)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[x1**2 + x2**2]", "conformal orthogonal"),
        ("[exp(-x1**2 - x2**2 - x3**2)]", "orthogonal"),
        ("[x1**2 + 2*x2**2]", "conformal orthogonal of a form"),
        ("[x1*x4 - x2*x3]", "conformal pseudo-orthogonal"),
        ("[exp(x1**2 + x2**2 - x3**2)]", "pseudo-orthogonal"),
        ("[x1*x2]", "monomial"),
        ("[tanh(x1), tanh(x2)]", "signed permutation"),
        ("[relu(x1), relu(x2)]", "positive-scaled permutation"),
        ("[silu(x1), silu(x2)]", "permutation"),
        ("[x1, x2]", "general linear"),
        ("[x1**2]", "general linear"),
        ("[relu(x1)]", "positive-scaled permutation"),
        ("[relu(x1), x1]", "general linear"),
        ("[x1**2*x2 + exp(x1)]", "trivial"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert solve_map(text).kind == kind


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("[x1*x2]", "R^2"),
        ("[x1**2 + x2**2 + x3**2]", "R ⊕ so(3)"),
        ("[x1*x4 - x2*x3]", "R ⊕ so(2,2)"),
        ("[exp(x1**2 + x2**2 - x3**2)]", "so(2,1)"),
        ("[x1, x2]", "gl(2)"),
        ("[x1, x2, x3**2]", "R^2 ⊕ sl(2)"),
        ("[tanh(x1*x2) + x1]", "0"),
        ("[x1 + x2]", "R ⊕ aff(1)"),
        ("[x1 + x2 + x3]", None),
    ],
)
def test_names_of_lie_algebras(text: str, name: str | None) -> None:
    assert solve_map(text).algebra_name == name


def test_what_is_not_known_is_said() -> None:
    answer = solve_map("[x1**2*x2 + x2**2*x3 + x3**2*x1]")
    assert (answer.status, answer.dimension, answer.dimension_exact) == ("bounded", 1, True)
    assert not answer.components_exact and answer.questions


def test_a_tiny_term_breaks_the_symmetry() -> None:
    assert solve_map("[x1**2 + x2**2]").dimension == 2
    assert solve_map("[x1**2 + x2**2 + x1**4/10**30]").dimension == 0


def test_dependent_expressions_have_many_images() -> None:
    answer = solve_map("[x1*x2, 3*x1*x2, x1**2 + x2**2]")
    assert not answer.unique
    a = [[0, 2], [2, 0]]
    b = answer.phi(a)
    assert b.det() != 0 and b.shape == (3, 3)


def test_membership_by_the_definition() -> None:
    answer = solve_map("[x1**2 - x2**2, 2*x1*x2]")
    assert answer.contains([[3, -4], [4, 3]]) and answer.phi([[3, -4], [4, 3]]).tolist() == [[-7, -24], [24, -7]]
    assert not answer.contains([[1, 1], [0, 1]])
    assert not answer.contains([[1, 2], [2, 4]])
