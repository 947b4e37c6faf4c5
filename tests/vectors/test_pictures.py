"""The curves of the pictures are orbits."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from intertwine.errors import IntertwineError, ShapeError
from intertwine.pictures import curves, draw, images
from intertwine.vectors import GroupSort, MaxPool, QuadraticForm, Radial, VectorActivation, derive_family


@pytest.mark.parametrize("value", [Radial("r**2"), QuadraticForm([[0, 1], [0, 0]]), MaxPool(2), GroupSort(2)], ids=str)
def test_each_basis_vector_gives_a_curve_through_the_point(value: VectorActivation) -> None:
    H = derive_family(value)(2)
    found = curves(H, (1.0, 0.5))
    assert len(found) == H.dimension
    for curve in found:
        assert np.isclose(curve, [1.0, 0.5]).all(axis=1).any()


def test_boosts_stay_on_a_hyperbola_and_rotations_on_a_circle() -> None:
    boost, scale = curves(derive_family(QuadraticForm([[0, 1], [0, 0]]))(2), (1.0, 0.5))
    np.testing.assert_allclose(boost[:, 0] * boost[:, 1], 0.5, rtol=1e-9)
    np.testing.assert_allclose(scale[:, 1] / scale[:, 0], 0.5, rtol=1e-9)


def test_images_are_those_of_elements_that_keep_areas() -> None:
    found = images(derive_family(MaxPool(2))(2), (1.0, 0.5))
    assert sorted(map(tuple, found.tolist())) == [(0.5, 1.0), (1.0, 0.5)]


def test_pictures_are_of_the_plane() -> None:
    with pytest.raises(ShapeError, match="length 3"):
        curves(derive_family(Radial("r"))(3), (1.0, 0.0))


def test_drawing_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(IntertwineError, match="matplotlib"):
        draw(Radial("r"))


def test_a_picture_has_level_sets_and_curves() -> None:
    pytest.importorskip("matplotlib")
    axes = draw(Radial("tanh(r)/r"))
    assert len(axes.lines) == 3  # the circle, the images, the point
    assert len(axes.collections) >= 2
