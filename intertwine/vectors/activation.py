"""What an activation on vectors is: its dimensions, its expressions, and what defines it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import sympy as sp

from intertwine.errors import ShapeError
from intertwine.terms import Term
from intertwine.terms.sympy_bridge import to_sympy
from intertwine.vectors.reading import read_size

Expressions = list[sp.Expr]
_T = sp.Symbol("x", real=True)


def coordinates(n: int) -> list[sp.Symbol]:
    """The symbols x1, …, xn."""
    return [sp.Symbol(f"x{i + 1}", real=True) for i in range(n)]


def at(function: Term, argument: sp.Expr) -> sp.Expr:
    """A function of one variable at a SymPy expression."""
    expression = to_sympy(function)
    return expression.subs(next(iter(expression.free_symbols), _T), argument)


class VectorActivation(ABC):
    """An activation σ: Rⁿ → Rᵐ for every n that is a multiple of :attr:`multiple_of` (or for the only n)."""

    #: What the activation is called in text and JSON.
    name: str = ""

    @property
    def multiple_of(self) -> int:
        """The dimensions are the multiples of this number."""
        return 1

    @property
    def only_dimension(self) -> int | None:
        """The one dimension there is, where the data fix it."""
        return None

    def check_dimension(self, n: object) -> int:
        """A dimension as a number.

        Raises
        ------
        ShapeError
            There is no such dimension.
        """
        size = read_size(n, "the dimension")
        if self.only_dimension not in (None, size):
            raise ShapeError(f"{self} acts on vectors of length {self.only_dimension}, not {size}")
        if size % self.multiple_of:
            raise ShapeError(f"{self} acts on vectors whose length is a multiple of {self.multiple_of}, not {size}")
        return size

    def expressions(self, n: int) -> Expressions:
        """The m functions in the coordinates x1, …, xn.

        Returns
        -------
        list of sympy.Expr
        """
        return self._expressions(coordinates(self.check_dimension(n)))

    @abstractmethod
    def _expressions(self, x: list[sp.Symbol]) -> Expressions:
        """The functions in given coordinates."""

    @abstractmethod
    def _parameters(self) -> dict[str, Any]:
        """What defines the value beside its name, as JSON data."""

    def to_json(self) -> dict[str, Any]:
        """Name and parameters."""
        return {"family": self.name, **self._parameters()}

    def __repr__(self) -> str:
        inside = ", ".join(f"{key}={value!r}" for key, value in self._parameters().items())
        return f"{type(self).__name__}({inside})"
