"""Shapes and vectors of sizes, computed as far as they are known: numbers, symbols, or None."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from intertwine.networks.spaces import Size

Vector = list[Size]
LARGEST = 1024


def multiply(a: Size, b: Size) -> Size:
    """A product of sizes; symbols are combined in a normal order."""
    if a == 0 or b == 0:
        return 0
    if isinstance(a, int) and isinstance(b, int):
        return a * b
    if a is None or b is None:
        return None
    if a == 1 or b == 1:
        return b if a == 1 else a
    numbers = [n for n in (a, b) if isinstance(n, int)]
    symbols = sorted(s for n in (a, b) if isinstance(n, str) for s in n.split("*"))
    return "*".join([*map(str, numbers), *symbols]) if not numbers else None


def product(sizes: Sequence[Size]) -> Size:
    """The product of sizes."""
    total: Size = 1
    for n in sizes:
        total = multiply(total, n)
    return total


def target_shape(old: Sequence[Size] | None, wanted: Vector, inferred: Sequence[Size] | None,
                 zero_copies: bool = True) -> list[Size] | None:
    """The shape that a Reshape makes: 0 copies a size, -1 is what is left."""
    shape: list[Size] = []
    for k, n in enumerate(wanted):
        if n == 0 and zero_copies:
            shape.append(old[k] if old is not None and k < len(old) else None)
        else:
            shape.append(n)
    if -1 in shape:
        k = shape.index(-1)
        shape[k] = _left_over(old, [n for j, n in enumerate(shape) if j != k])
        if shape[k] is None and inferred is not None and len(inferred) == len(shape):
            shape[k] = inferred[k]
    return shape


def _left_over(old: Sequence[Size] | None, rest: list[Size]) -> Size:
    """The quotient of two products, symbols cancelled."""
    if old is None:
        return None
    above, below = list(old), list(rest)
    for n in list(below):
        if n in above and n is not None:
            above.remove(n)
            below.remove(n)
    if None in above or None in below or any(isinstance(n, str) for n in below):
        return None
    numbers = math.prod(n for n in above if isinstance(n, int))
    divisor = math.prod(n for n in below if isinstance(n, int))
    symbols = [n for n in above if isinstance(n, str)]
    if divisor == 0 or numbers % divisor:
        return None
    quotient = numbers // divisor
    if not symbols:
        return quotient
    return product(symbols) if quotient == 1 else None


def _zip(f: Callable[[Any, Any], Size]) -> Callable[[Vector, Vector], Vector]:
    def combine(a: Vector, b: Vector) -> Vector:
        n = max(len(a), len(b))
        if len(a) != n and len(a) == 1:
            a = a * n
        if len(b) != n and len(b) == 1:
            b = b * n
        return [f(p, q) for p, q in zip(a, b, strict=True)]

    return combine


def _arithmetic(f: Callable[[int, int], int]) -> Callable[[Any, Any], Size]:
    return lambda a, b: f(a, b) if isinstance(a, int) and isinstance(b, int) else None


def _divide(a: Any, b: Any) -> Size:
    if b == 1:
        return a  # type: ignore[no-any-return]
    if a == b and a is not None:
        return 1
    return int(a / b) if isinstance(a, int) and isinstance(b, int) and b else None


COMBINE: dict[str, Callable[[Vector, Vector], Vector]] = {
    "Add": _zip(lambda a, b: b if a == 0 else a if b == 0 else _arithmetic(lambda p, q: p + q)(a, b)),
    "Sub": _zip(lambda a, b: a if b == 0 else _arithmetic(lambda p, q: p - q)(a, b)),
    "Mul": _zip(multiply),
    "Div": _zip(_divide),
    "Max": _zip(_arithmetic(max)),
    "Min": _zip(_arithmetic(min)),
    "Equal": _zip(lambda a, b: int(a == b) if isinstance(a, int) and isinstance(b, int) else None),
}
