"""The errors of the package: one clear line each, all of them ``ValueError``."""

from __future__ import annotations


class IntertwineError(ValueError):
    """Base class; the message is one line that says what, where, and what would work."""


class ExpressionError(IntertwineError):
    """Text or a SymPy expression that cannot be read as an activation."""


class DomainError(ExpressionError):
    """An expression whose natural real domain is too small to be an activation."""


class CertificateError(IntertwineError):
    """A certificate whose claim does not follow from its evidence."""


class ShapeError(IntertwineError):
    """Arrays whose shapes or dtypes do not fit a group element."""


class Undecided(IntertwineError):
    """An exact question about real numbers that could not be settled."""


class DerivationTimeout(IntertwineError, TimeoutError):
    """A derivation that did not finish in the time it was given."""
