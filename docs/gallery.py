"""The pictures of the gallery page."""

from __future__ import annotations

from pathlib import Path

from intertwine.pictures import draw
from intertwine.vectors import (
    BlockRadial,
    Gated,
    GroupSort,
    LayerNorm,
    MaxPool,
    QuadraticForm,
    Radial,
    RMSNorm,
    Softmax,
    Sparsemax,
    Stack,
    VectorActivation,
)

PICTURES: dict[str, VectorActivation] = {
    "radial": Radial("tanh(r)/r"),
    "conformal": Radial("r**2"),
    "product": QuadraticForm([[0, 1], [0, 0]]),
    "softmax": Softmax(),
    "max": MaxPool(2),
    "sort": GroupSort(2),
    "gate": Gated("relu"),
    "swiglu": Gated("silu"),
    "shifted": Radial("Max(0, 1 - 1/r)"),
    "length": RMSNorm(),
    "layer_norm": LayerNorm(eps="1/10"),
    "square": QuadraticForm([[1, 0], [0, 1]]),
    "sparsemax": Sparsemax(),
    "crelu": Stack(["relu(x)", "relu(-x)"]),
    "tanh": BlockRadial("tanh(r)/r", 1),
}


def draw_all(folder: Path) -> None:
    """Write every picture as PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in PICTURES.items():
        axes = draw(value, point=(1.0, 0.5))
        axes.figure.savefig(folder / f"{name}.png", dpi=110)
