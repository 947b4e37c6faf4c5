"""How far the writing of a file has come."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from intertwine.errors import IntertwineError


@contextlib.contextmanager
def told(target: Path, total: int, progress: bool | None) -> Iterator[Callable[[int], object]]:
    """A function that is told how many bytes more have been written.

    Parameters
    ----------
    target
        The file that is written.
    total
        How many bytes it will have.
    progress
        True shows a bar (by the package tqdm) and False none; None shows one on a terminal, where tqdm is installed.
    """
    if progress is False:
        yield lambda count: None
        return
    try:
        from tqdm import tqdm
    except ImportError:
        if progress:
            raise IntertwineError("a progress bar needs the package tqdm: pip install tqdm") from None
        yield lambda count: None
        return
    with tqdm(total=total, unit="B", unit_scale=True, desc=target.name, leave=False,
              disable=None if progress is None else False) as bar:
        yield bar.update
