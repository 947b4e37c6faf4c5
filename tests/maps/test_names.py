"""Names of Lie algebras against invariants that are computed apart from them: centre, derived algebra, Killing form."""

from __future__ import annotations

import re

import numpy as np
import pytest

from intertwine.maps.solution import solve_map

#: A map for each kind of name; all names are checked by numbers, none is looked up.
MAPS = (
    "[x1]", "[7]", "[tanh(x1)*x2]", "[x1*x2]", "[x1*x2*x3]", "[x1,x2,x3]", "[x1,x1**2+x2]", "[x1+1,0*x2]",
    "[x1**2+x2**2]", "[x1**2-x2**2,2*x1*x2]", "[x1**2+x2**2+x3**2]", "[exp(-x1**2-x2**2-x3**2)]",
    "[x1**2+x2**2-x3**2]", "[x1*x4-x2*x3]", "[x1**2+x2**2+x3**2+x4**2]", "[x1**2+x2**2+x3**2-x4**2]",
    "[x1**2,x1*x2,x2**2]", "[x1*x2,x2*x3]", "[x1*x3,x1*x4,x2*x3,x2*x4]", "[x1**2+x2**2+x3**2,x4]",
    "[x1**2+x2**2,x3**2+x4**2]", "[x1,x2,x3**2]", "[x1**2,x1*x2]", "[x1*x2+x2*x3]", "[x1**2+x2*x3,x2**2]",
    "[x1*x4-x2*x3,x1+x4]",
)


def invariants_of(matrices: list[np.ndarray]) -> tuple[int, int, int, tuple[int, int]]:
    """Dimension, dimension of the centre, of the derived algebra, and the signature of the Killing form."""
    k = len(matrices)
    if not k:
        return 0, 0, 0, (0, 0)
    flat = np.array([m.ravel() for m in matrices])
    brackets = np.array([[(a @ b - b @ a).ravel() for b in matrices] for a in matrices])
    constants, residual, *_ = np.linalg.lstsq(flat.T, brackets.reshape(k * k, -1).T, rcond=None)
    assert np.allclose(flat.T @ constants, brackets.reshape(k * k, -1).T), "not closed under brackets"
    ad = constants.T.reshape(k, k, k)  # ad[i][j] = coefficients of [X_i, X_j]
    killing = np.einsum("ijm,lmj->il", ad, ad)
    values = np.linalg.eigvalsh(killing)
    size = max(1.0, np.abs(values).max())
    centre = k - np.linalg.matrix_rank(ad.reshape(k, k * k), tol=1e-9)
    derived = np.linalg.matrix_rank(brackets.reshape(k * k, -1), tol=1e-9)
    return k, int(centre), int(derived), (int((values > 1e-9 * size).sum()), int((values < -1e-9 * size).sum()))


def standard(name: str) -> list[np.ndarray]:
    """A standard model of the algebra with a name, block by block."""
    blocks = [_block(part) for part in name.split(" ⊕ ")]
    total = sum(b[0].shape[0] if b else 0 for b in blocks)
    result, start = [], 0
    for block in blocks:
        for m in block:
            whole = np.zeros((total, total))
            whole[start : start + len(m), start : start + len(m)] = m
            result.append(whole)
        start += len(block[0]) if block else 0
    return result


def _unit(n: int, i: int, j: int) -> np.ndarray:
    m = np.zeros((n, n))
    m[i, j] = 1
    return m


def _block(part: str) -> list[np.ndarray]:
    if part == "0":
        return []
    numbers = [int(k) for k in re.findall(r"\d+", part)]
    if part.startswith("R"):
        n = numbers[0] if numbers else 1
        return [_unit(n, i, i) for i in range(n)]
    n = sum(numbers)
    if part.startswith("gl"):
        return [_unit(n, i, j) for i in range(n) for j in range(n)]
    if part.startswith("sl"):
        return [_unit(n, i, j) for i in range(n) for j in range(n) if i != j] + [
            _unit(n, i, i) - _unit(n, 0, 0) for i in range(1, n)]
    if part.startswith("so"):
        signs = [1] * numbers[0] + [-1] * (n - numbers[0])
        return [_unit(n, i, j) - signs[i] * signs[j] * _unit(n, j, i) for i in range(n) for j in range(i)]
    assert part == "aff(1)", part
    return [_unit(2, 0, 0), _unit(2, 0, 1)]


@pytest.mark.parametrize("text", MAPS)
def test_invariants_fit_the_name(text: str) -> None:
    answer = solve_map(text)
    own = [np.array(x.evalf().tolist(), dtype=float) for x, _ in answer.lie_algebra]
    name = answer.algebra_name
    assert answer.dimension == len(own)
    found = invariants_of(own)
    if name is not None:
        assert found == invariants_of(standard(name)), name


def test_a_wrong_name_would_be_seen() -> None:
    assert invariants_of(standard("so(4)")) != invariants_of(standard("so(3,1)")) != invariants_of(standard("so(2,2)"))
    assert invariants_of(standard("R ⊕ sl(2)")) == invariants_of(standard("gl(2)"))
    assert invariants_of(standard("so(2,1)")) == invariants_of(standard("sl(2)")) != invariants_of(standard("so(3)"))
