"""The pictures of the gallery page."""

from __future__ import annotations

from pathlib import Path

from intertwine.pictures import draw
from intertwine.vectors import Gated, GroupSort, MaxPool, QuadraticForm, Radial, Softmax, VectorActivation

PICTURES: dict[str, VectorActivation] = {
    "radial": Radial("tanh(r)/r"),
    "conformal": Radial("r**2"),
    "product": QuadraticForm([[0, 1], [0, 0]]),
    "softmax": Softmax(),
    "max": MaxPool(2),
    "sort": GroupSort(2),
    "gate": Gated("relu"),
}


def draw_all(folder: Path) -> None:
    """Write every picture as PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in PICTURES.items():
        axes = draw(value, point=(1.0, 0.5))
        axes.figure.savefig(folder / f"{name}.png", dpi=110)
