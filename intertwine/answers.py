"""What every answer about one activation has: its formula, its pieces, its proof, and a place in the memory."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from intertwine.calculus.budget import deadline, remaining
from intertwine.errors import CertificateError, DerivationTimeout
from intertwine.terms import Term, to_text
from intertwine.terms.sympy_bridge import to_sympy

if TYPE_CHECKING:
    import sympy

    from intertwine.certificates import Certificate
    from intertwine.pieces import Pieces

PIECES_TIME = 30.0
_lock = threading.Lock()
_Solution = TypeVar("_Solution")
F = TypeVar("F", covariant=True)


class Derived(Protocol[F]):
    """What a solver of elementwise activations hands over, with bounds of type ``F``."""

    @property
    def activation(self) -> Term: ...
    @property
    def status(self) -> str: ...
    @property
    def theorem(self) -> str: ...
    @property
    def lower(self) -> F: ...
    @property
    def upper(self) -> F: ...
    @property
    def facts(self) -> tuple[Any, ...]: ...
    @property
    def questions(self) -> tuple[str, ...]: ...


class Answer(ABC):
    """An activation with what was derived about it.

    Attributes
    ----------
    activation : Term
        The activation as it was read.
    status : str
        ``"exact"`` or ``"bounded"``.
    """

    activation: Term
    status: str

    @cached_property
    def expression(self) -> sympy.Expr:
        """The activation as a SymPy expression in a real symbol ``x``."""
        return to_sympy(self.activation)

    @cached_property
    def pieces(self) -> Pieces | None:
        """Where the activation is which analytic expression, and what it does in between; None if that is too long."""
        from intertwine.pieces import pieces

        try:
            with deadline(PIECES_TIME):
                return pieces(self.activation)
        except DerivationTimeout:
            return None

    @cached_property
    def certificate(self) -> Certificate:
        """The machine-checkable proof."""
        return self._certificate()

    @abstractmethod
    def _certificate(self) -> Certificate:
        """The proof, put together."""

    def _bounds(self) -> tuple[object, object]:
        """The lower and the upper group."""
        return getattr(self, "lower", None), getattr(self, "upper", None)

    def __repr__(self) -> str:
        lower, upper = self._bounds()
        if self.status == "exact":
            return f"<{to_text(self.activation)}: {lower}, exact>"
        return f"<{to_text(self.activation)}: between {lower} and {upper}>"


class ElementwiseAnswer(Answer, Generic[F]):
    """The group of an elementwise activation, between a lower and an upper bound of type ``F``.

    Attributes
    ----------
    lower, upper : F
        Proven bounds; equal when exact.
    """

    #: Which group was asked for.
    _mode: str
    lower: F
    upper: F

    def __init__(self, solution: Derived[F]) -> None:
        self.activation = solution.activation
        self.status = solution.status
        self.lower, self.upper = solution.lower, solution.upper
        self._questions = solution.questions

    @property
    def questions(self) -> tuple[str, ...]:
        """What is left open; empty when exact."""
        return self._questions

    @abstractmethod
    def _group_json(self) -> dict[str, Any]:
        """The group, as the JSON of an answer gives it."""

    @abstractmethod
    def _bound_json(self, bound: Any) -> dict[str, Any]:
        """A bound, as the JSON of an answer that is not exact gives it."""

    def to_json(self) -> dict[str, Any]:
        """The object that ``intertwine derive --json`` prints."""
        data: dict[str, Any] = {"schema": 1, "activation": to_text(self.activation), "mode": self._mode,
                                "status": self.status, **self._group_json()}  # fmt: skip
        if self.status == "bounded":
            data["lower"], data["upper"] = self._bound_json(self.lower), self._bound_json(self.upper)
            data["questions"] = list(self.questions)
        data["certificate"] = self.certificate.to_json()
        return data


def certificate_of(solution: Derived[object], mode: str, claim: dict[str, Any], facts: list[Any]) -> Certificate:
    """The certificate of a solution, with its facts as JSON."""
    from intertwine.certificates import Certificate

    return Certificate.from_json({
        "schema": 1,
        "activation": to_text(solution.activation),
        "mode": mode,
        "status": solution.status,
        "claim": claim,
        "theorem": solution.theorem,
        "facts": facts,
    })


def objection(certificate: Certificate, status: str) -> str | None:
    """What the checker says against a certificate; None: nothing.

    The solver and the checker are two programs that go two ways: an answer is called exact when they agree, and
    the bounds of an answer that is not exact rest on facts that both have verified.
    """
    try:
        if status == "exact":
            certificate.check(seconds=remaining())
        else:
            certificate.check_facts(seconds=remaining())
    except CertificateError as error:
        return str(error)
    return None


def remembered(
    memory: dict[Term, _Solution], most: int, term: Term, solve: Callable[[Term], _Solution], timeout: float | None
) -> _Solution:
    """A solution from the memory, or a new one that is put there; failures are not remembered.

    Examples
    --------
    >>> from intertwine.terms import X
    >>> memory: dict[Term, str] = {}
    >>> [remembered(memory, 10, X, lambda term: "solved", None), len(memory)]
    ['solved', 1]
    """
    with _lock:
        known = memory.get(term)
    if known is not None:
        return known
    with deadline(timeout):
        solution = solve(term)
    with _lock:
        if len(memory) >= most:
            memory.clear()
        memory[term] = solution
    return solution
