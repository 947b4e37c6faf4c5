"""Are two activations the same up to scalings, or up to affine maps?  The answer with its proof."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from intertwine.api import as_term
from intertwine.calculus.budget import deadline
from intertwine.errors import Undecided
from intertwine.groups.constants import constant_to_sympy
from intertwine.pairs.compare import Verdict, compare
from intertwine.pairs.profile import Profile
from intertwine.pairs.reasons import Reason, Relation
from intertwine.solve.linear import require_domain
from intertwine.terms import Term, to_text

if TYPE_CHECKING:
    import sympy

    from intertwine.calculus.identity import Identity

MOST_REMEMBERED = 512
_profiles: dict[Term, Profile] = {}
_lock = threading.Lock()


def equivalent(first: Any, second: Any, affine: bool = True, timeout: float | None = 30.0) -> Equivalence:
    """Decide whether two activations are related by maps of the line before and after.

    Parameters
    ----------
    first, second : str, sympy.Expr or callable
        The activations σ and τ, as for :func:`intertwine.derive`.
    affine : bool
        True: τ(at + c) = bσ(t) + d with a, b not zero. False: τ(at) = bσ(t).
    timeout : float or None
        Seconds; None: no limit.

    Returns
    -------
    Equivalence
        The maps with their proof, or a proof that there are none, or an open question.

    Raises
    ------
    ExpressionError
        An activation cannot be read, or is not real on any interval.
    DerivationTimeout
        No answer within ``timeout``.

    Notes
    -----
    Both relations are equivalence relations. A positive answer is proved by an identity. A negative one rests on what
    every such map carries over (break points, expansions, growth, symmetry), which leaves finitely many maps, each
    refuted by rigorous enclosures of values: Theorem 22 of the theory page.

    Examples
    --------
    >>> import intertwine as iw
    >>> e = iw.equivalent("sigmoid", "tanh")
    >>> e.answer, e.a, e.c, e.b, e.d
    (True, 1/2, 0, 2, -1)
    >>> iw.equivalent("sigmoid", "tanh", affine=False).answer
    False
    """
    one, other = as_term(first), as_term(second)
    with deadline(timeout):
        verdict = compare(profile(one), profile(other), affine)
    return Equivalence(one, other, affine, verdict)


def profile(activation: Term) -> Profile:
    """What is known about an activation, remembered.

    Raises
    ------
    DomainError
        The expression is real and defined at no interval of points.
    """
    with _lock:
        found = _profiles.get(activation)
    if found is None:
        found = Profile(activation)
        require_domain(activation, found.sampler, found.points)
        with _lock:
            if len(_profiles) >= MOST_REMEMBERED:
                _profiles.clear()
            _profiles[activation] = found
    return found


class Equivalence:
    """Whether ``τ(at + c) = bσ(t) + d`` for some numbers, with the numbers and the proof. See :func:`equivalent`.

    Attributes
    ----------
    first, second : Term
        The activations σ and τ.
    affine : bool
        Whether constants are allowed; without them c = d = 0.
    answer : bool or None
        Proved to be related, proved not to be, or open (None).
    question : str
        What is open.
    """

    def __init__(self, first: Term, second: Term, affine: bool, verdict: Verdict) -> None:
        self.first, self.second, self.affine = first, second, affine
        self.verdict = verdict
        self.answer = verdict.answer
        self.question = verdict.question

    @property
    def status(self) -> str:
        """``"exact"`` or ``"open"``."""
        return "open" if self.answer is None else "exact"

    @property
    def relation(self) -> Relation | None:
        """The relation as terms, with its identities."""
        return self.verdict.relation

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The facts that prove the answer."""
        return self.verdict.reasons

    @property
    def identities(self) -> tuple[Identity, ...]:
        """The identities that prove a relation, on the right and on the left half-line."""
        return () if self.relation is None else self.relation.identities

    @property
    def a(self) -> sympy.Expr | None:
        """The factor of the argument; None where there is no relation."""
        return self._number("a")

    @property
    def c(self) -> sympy.Expr | None:
        """The shift of the argument."""
        return self._number("c")

    @property
    def b(self) -> sympy.Expr | None:
        """The factor of the value."""
        return self._number("b")

    @property
    def d(self) -> sympy.Expr | None:
        """The shift of the value."""
        return self._number("d")

    def _number(self, name: str) -> sympy.Expr | None:
        return None if self.relation is None else constant_to_sympy(getattr(self.relation, name))

    def __bool__(self) -> bool:
        if self.answer is None:
            raise Undecided(f"open: {self.question}; look at .answer, which is None then")
        return self.answer

    def explain(self) -> str:
        """The answer and its reasons in words.

        Examples
        --------
        >>> print(equivalent("relu", "relu6").explain())
        σ(x) = Max(0, x)
        τ(x) = Min(Max(0, x), 6)
        There are no numbers a, c, b, d (a, b not zero) with τ(at + c) = bσ(t) + d for every t.
        1. orders of the break points: 1 for σ, but 1, 1 for τ
        """
        shape = "τ(at + c) = bσ(t) + d" if self.affine else "τ(at) = bσ(t)"
        names = "a, c, b, d" if self.affine else "a, b"
        head = {
            True: f"There are numbers {names} with {shape} for every t.",
            False: f"There are no numbers {names} (a, b not zero) with {shape} for every t.",
            None: f"Whether there are numbers {names} with {shape} for every t is open: {self.question}.",
        }[self.answer]
        lines = [f"σ(x) = {to_text(self.first)}", f"τ(x) = {to_text(self.second)}", head]
        return "\n".join([*lines, *(f"{k}. {r.describe()}" for k, r in enumerate(self.reasons, 1))])

    def to_json(self) -> dict[str, Any]:
        """Plain data; numbers are exact text.

        Examples
        --------
        >>> equivalent("relu", "relu6", affine=False).to_json()["answer"]
        False
        """
        data: dict[str, Any] = {
            "schema": 1, "first": to_text(self.first), "second": to_text(self.second),
            "mode": "affine" if self.affine else "linear", "status": self.status, "answer": self.answer,
        }
        if self.relation is not None:
            data["maps"] = {name: str(getattr(self.relation, name)) for name in ("a", "c", "b", "d")}
        if self.question:
            data["question"] = self.question
        return {**data, "reasons": [r.to_json() for r in self.reasons]}

    def __repr__(self) -> str:
        said = {True: "related", False: "not related", None: "open"}[self.answer]
        how = "" if self.relation is None else f" by {self.relation.describe().partition(' for every')[0]}"
        return f"<{to_text(self.first)} and {to_text(self.second)}: {said}{how}>"
