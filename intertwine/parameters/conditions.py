"""Conditions on parameters: the signs that some terms in them may have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from intertwine.terms import Term

Signs = frozenset[int]
ANY: Signs = frozenset({-1, 0, 1})
ZERO_SIGN: Signs = frozenset({0})
NONZERO_SIGNS: Signs = frozenset({-1, 1})
PLUS: Signs = frozenset({1})
MINUS: Signs = frozenset({-1})


@dataclass(frozen=True)
class Condition:
    """The sign of ``atom``, a term in the parameters, is one of ``signs``."""

    atom: Term
    signs: Signs

    def with_parameters(self, values: Mapping[str, Term]) -> Condition:
        """The same with some parameters replaced."""
        return Condition(self.atom.with_parameters(values), self.signs)


Conditions = tuple[Condition, ...]


def joined(conditions: Conditions, new: Condition) -> Conditions:
    """Conditions with one more; what is known of the same term is sharpened."""
    signs = new.signs
    kept = []
    for c in conditions:
        if c.atom == new.atom:
            signs = signs & c.signs
        else:
            kept.append(c)
    return (*kept, Condition(new.atom, signs))


def substituted(conditions: Iterable[Condition], values: Mapping[str, Term]) -> Conditions:
    """All conditions with some parameters replaced."""
    return tuple(c.with_parameters(values) for c in conditions)


class Ask(Exception):
    """The sign of a term, or the parity of a parameter, has to be known first: the cases are to be distinguished."""

    def __init__(self, atom: Term, parts: tuple[Signs, ...], integer: bool = False) -> None:
        super().__init__()
        self.atom, self.parts, self.integer = atom, parts, integer


class Unsupported(Exception):
    """An operation on parameters that the search does not know."""


class Undefined(Exception):
    """The term is undefined wherever the conditions hold."""
