"""Work on many models, in this process or by an executor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from typing import Any, TypeVar

from intertwine.errors import IntertwineError

_T = TypeVar("_T")


def run_all(function: Callable[..., _T], jobs: Iterable[tuple[Any, ...]], executor: Executor | None) -> list[_T]:
    """The results of a function for several tuples of arguments, in their order.

    Parameters
    ----------
    function
        What is called; an executor of processes has to be able to pickle it and its arguments.
    jobs
        The arguments.
    executor
        Any executor with ``submit``, such as those of ``concurrent.futures`` and Dask's; None calls the function here.
    """
    if executor is None:
        return [function(*job) for job in jobs]
    futures = [executor.submit(function, *job) for job in jobs]
    try:
        return [future.result() for future in futures]
    finally:
        # After a failure, what has not begun is not begun; of what is done nothing is left to cancel.
        for future in futures:
            future.cancel()


def one_each(elements: _T | Sequence[_T], count: int) -> list[_T]:
    """One element for each of several models."""
    if not isinstance(elements, Sequence):
        return [elements] * count
    if len(elements) != count:
        raise IntertwineError(f"{len(elements)} elements are given for {count} models")
    return list(elements)
