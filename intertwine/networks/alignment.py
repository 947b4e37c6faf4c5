"""Forms along axes that are divided differently: which stretches of channels carry a scale, and which have none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from intertwine.networks.spaces import Axis, Product, Space, carrier, find, product_size


@dataclass(frozen=True)
class Stretch:
    """Neighbouring channels of an axis on which one leaf carries the form; None where nothing can be scaled.

    The leaf may be repeated: ``outer`` times as a whole, and every channel ``inner`` times.
    """

    start: int
    size: int
    leaf: Space | None = None
    outer: int = 1
    inner: int = 1

    @property
    def stop(self) -> int:
        """The first channel behind it."""
        return self.start + self.size


def stretches(axis: Axis) -> list[Stretch] | None:
    """The stretches of an axis, those with leaves in the order of ``scaled_leaves``; None if they cannot be told."""
    found: list[Stretch] = []
    start = 0
    for block in axis:
        size = product_size(block.refs)
        if not isinstance(size, int):
            return None
        part = list(_walk(block.refs, start, 1, size))
        if None in part:
            return None
        found += [s for s in part if s is not None]
        start += size
    return found


def _walk(product: Product, start: int, inner: int, size: int) -> Iterator[Stretch | None]:
    place = carrier(product)
    if place is None:
        yield Stretch(start, size)
        return
    outer = product_size(product[:place]) if place else 1
    more = product_size(product[place + 1 :]) if place + 1 < len(product) else 1
    if not isinstance(outer, int) or not isinstance(more, int):
        yield None
        return
    inner *= more
    space = find(product[place]).space
    if space.shape is None:
        yield Stretch(start, size, None if space.frozen else space, outer, inner)
        return
    if outer != 1 and (len(space.shape) > 1 or len(space.shape[0]) > 1):
        yield None
        return
    for part in space.shape:
        width = product_size(part)
        if not isinstance(width, int):
            yield None
            return
        yield from _walk(part, start, inner, width * inner * outer)
        start += width * inner


def matched(lines: list[list[Stretch]]) -> list[Stretch] | None:
    """The stretches with leaves of several axes of equal length.

    Each has to be in every axis, or to lie where the axis has no leaf; None if that is not so.
    """
    wanted = list(dict.fromkeys(s for line in lines for s in line if s.leaf is not None))
    for line in lines:
        covered = {s for s in line if s.leaf is not None}
        for s in wanted:
            if s not in covered and any(t.start < s.stop and s.start < t.stop for t in covered):
                return None
    return wanted
