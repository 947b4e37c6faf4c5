"""The functions between which relations are sought: ``s`` at several arguments, and the admitted ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from intertwine.calculus.core import to_core
from intertwine.dependence.reading import Argument, composed, in_t, shown_argument
from intertwine.solve.constants import settle_constants
from intertwine.terms import Term


@dataclass(frozen=True)
class Family:
    """``s(b_1 t + c_1), …, s(b_m t + c_m), f_1(t), …, f_p(t)`` in this order."""

    activation: Term
    arguments: tuple[Argument, ...]
    admitted: tuple[Term, ...] = ()

    @cached_property
    def functions(self) -> tuple[Term, ...]:
        """The functions as core terms in ``x``."""
        core = settle_constants(to_core(self.activation))
        inside = [composed(core, a) for a in self.arguments]
        return (*inside, *(settle_constants(to_core(f)) for f in self.admitted))

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Their names for a person: ``s(-t)``, ``t``."""
        return (*(f"s({shown_argument(a)})" for a in self.arguments), *(in_t(f) for f in self.admitted))

    def __len__(self) -> int:
        return len(self.arguments) + len(self.admitted)
