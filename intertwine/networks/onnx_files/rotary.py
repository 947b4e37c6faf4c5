"""The operators RotaryEmbedding of ONNX and of ONNX Runtime, written with cuts, products and sums."""

from __future__ import annotations

from typing import Any

from intertwine.networks.onnx_files.reader import Reader
from intertwine.networks.spaces import Size
from intertwine.parsing import parse_term


def rotary(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    """Pairs of channels turned by tabulated angles; see :mod:`intertwine.networks.rotations` for what follows."""
    inputs = [*node.input, ""]
    if node.domain in ("", "ai.onnx"):
        x, cosines, sines, positions = inputs[:4]
    else:
        x, positions, cosines, sines = inputs[:4]
        if attributes.get("scale", 1.0) != 1.0 or attributes.get("is_packed_batching"):
            return False
    shape, table = reader.shapes.get(x), reader.shapes.get(cosines)
    if shape is None or table is None or not isinstance(table[-1], int) or len(shape) not in (3, 4):
        return False
    if positions and (len(table) != 2 or len(reader.shapes.get(positions) or ()) != 2):
        return False
    heads = attributes.get("num_heads", 0)
    whole = shape[-1] // heads if len(shape) == 3 and heads and isinstance(shape[-1], int) else shape[-1]
    if len(shape) == 3 and not heads:
        whole = 2 * table[-1]  # without a number of heads, all channels of a head are turned
        heads = shape[-1] // whole if isinstance(shape[-1], int) else 0
    turned = attributes.get("rotary_embedding_dim", 0) or whole
    if not isinstance(whole, int) or turned != 2 * table[-1] or turned > whole or (len(shape) == 3 and not heads):
        return False
    wide: list[Size] = [*shape] if len(shape) == 4 else [*shape[:2], heads, whole]
    steps = _Steps(reader, title)
    given = x if len(shape) == 4 else steps.add("reshape", (x,), wide, shape=wide)
    angles = [_angles(steps, reader, t, positions, 1 if len(shape) == 4 else 2) for t in (cosines, sines)]
    first, rest = given, ""
    if turned < whole:
        first, rest = steps.split(given, wide, [turned, whole - turned])
    made = _turned(steps, first, [*wide[:-1], turned], angles, bool(attributes.get("interleaved")))
    if rest:
        made = steps.add("concat", (made, rest), wide, axis=-1)
    reader.add("identity" if len(shape) == 4 else "reshape", (made,), node.output, title, shape=list(shape))
    return True


class _Steps:
    """Adds operations with names of their own."""

    def __init__(self, reader: Reader, title: str) -> None:
        self.reader, self.title, self.count = reader, title, 0

    def name(self) -> str:
        """The next name."""
        self.count += 1
        return f"{self.title} ({self.count})"

    def add(self, kind: str, inputs: Any, made: Any, **settings: Any) -> str:
        """One operation with one output."""
        name = self.name()
        self.reader.add(kind, inputs, (name,), name, shapes=[made], **settings)
        return name

    def split(self, x: str, shape: list[Size], sizes: list[int]) -> list[str]:
        """Pieces of the last axis."""
        names = [self.name() for _ in sizes]
        self.reader.add("split", (x,), names, self.name(), axis=-1, sizes=sizes,
                        shapes=[[*shape[:-1], n] for n in sizes])
        return names

    def product(self, a: str, b: str, shape: Any) -> str:
        """a·b."""
        return self.add("pointwise", (a, b), shape, function="mul")


def _angles(steps: _Steps, reader: Reader, table: str, positions: str, place: int) -> str:
    """The rows of a table for each position, with an axis for the heads."""
    shape = list(reader.shapes.get(table) or [])
    if positions:
        shape = [*(reader.shapes.get(positions) or []), shape[-1]]
        table = steps.add("embedding", (table, positions), shape, axis=0)
    wide = [*shape[:place], 1, *shape[place:]]
    return steps.add("unsqueeze", (table,), wide, axes=[place])


def _turned(steps: _Steps, x: str, shape: list[Size], angles: list[str], neighbours: bool) -> str:
    assert isinstance(shape[-1], int)
    half = [*shape[:-1], shape[-1] // 2]
    if neighbours:
        wide = steps.add("reshape", (x,), [*half, 2], shape=[*half, 2])
        a, b = (steps.add("select", (wide,), half, axis=-1, index=k) for k in (0, 1))
    else:
        a, b = steps.split(x, shape, [shape[-1] // 2] * 2)
    cosines, sines = angles
    minus = steps.add("activation", (steps.product(b, sines, half),), half, term=parse_term("-x"))
    real = steps.add("pointwise", (steps.product(a, cosines, half), minus), half, function="add")
    imaginary = steps.add("pointwise", (steps.product(a, sines, half), steps.product(b, cosines, half)), half,
                          function="add")
    if not neighbours:
        return steps.add("concat", (real, imaginary), shape, axis=-1)
    parts = [steps.add("unsqueeze", (p,), [*half, 1], axes=[-1]) for p in (real, imaginary)]
    return steps.add("reshape", (steps.add("concat", parts, [*half, 2], axis=-1),), shape, shape=shape)
