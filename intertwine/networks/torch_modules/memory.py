"""Tensors of a module that are the same memory: views of one another, or of one array."""

from __future__ import annotations

from typing import Any


def order_of_view(source: Any, tensor: Any) -> list[int] | None:
    """The order of the axes of ``source`` that makes ``tensor`` of it, if it is the same memory; None if it is not."""
    if tensor.is_meta or not tensor.numel():
        return None
    if source.data_ptr() != tensor.data_ptr() or source.dtype != tensor.dtype:
        return None
    left, order = list(range(source.dim())), []
    for n, step in zip(tensor.shape, tensor.stride(), strict=True):
        same = [k for k in left if source.shape[k] == n and (n == 1 or source.stride(k) == step)]
        if not same:
            return None
        order.append(same[0])
        left.remove(same[0])
    return None if left else order


def overlap(first: Any, second: Any) -> bool:
    """Whether two tensors may have entries in common, judged by the ends of their memory."""
    if first.is_meta or second.is_meta or not first.numel() or not second.numel():
        return False
    a, b = (_ends(t) for t in (first, second))
    return a[0] < b[1] and b[0] < a[1]


def _ends(tensor: Any) -> tuple[int, int]:
    last = sum((n - 1) * step for n, step in zip(tensor.shape, tensor.stride(), strict=True))
    start = int(tensor.data_ptr())
    return start, start + (last + 1) * int(tensor.element_size())
