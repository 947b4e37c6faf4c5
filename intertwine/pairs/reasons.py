"""Why two activations are related, or why they are not: each reason is a fact with what is needed to verify it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from intertwine.calculus.identity import Identity
from intertwine.pairs.sweep import Swept
from intertwine.solve.evidence import identity_to_json
from intertwine.terms import Term

Json = dict[str, Any]


@dataclass(frozen=True)
class Relation:
    """``second(a*t + c) = b*first(t) + d`` for every ``t``, by an identity on each half-line."""

    a: Term
    c: Term
    b: Term
    d: Term
    identities: tuple[Identity, ...] = ()

    def describe(self) -> str:
        """The fact in words."""
        return f"τ({shifted(self.a, 't', self.c)}) = {shifted(self.b, 'σ(t)', self.d)} for every t, by an identity"

    def to_json(self) -> Json:
        """Plain data."""
        return {"fact": "relation", "a": str(self.a), "c": str(self.c), "b": str(self.b), "d": str(self.d),
                "identities": [identity_to_json(i) for i in self.identities]}


@dataclass(frozen=True)
class Separated:
    """Points that refute one map ``t -> a*t + c``: the values there, enclosed by balls.

    ``determinant``: two points (three with free constants) at which ``(σ(t), τ(at + c))`` are not related by one
    ``b`` (and ``d``). ``domain``: at the first point one of the two sides is defined and the other one is not.
    """

    a: Term
    c: Term
    method: str
    points: tuple[Fraction, ...]
    values: tuple[str, ...]
    bits: int

    def describe(self) -> str:
        """The fact in words."""
        points = ", ".join(map(str, self.points))
        what = "the values" if self.method == "determinant" else "the domains"
        return f"t -> {shifted(self.a, 't', self.c)} is excluded by {what} at t = {points}: {', '.join(self.values)}"

    def to_json(self) -> Json:
        """Plain data."""
        return {"fact": "separated", "a": str(self.a), "c": str(self.c), "method": self.method,
                "points": [str(p) for p in self.points], "values": list(self.values), "bits": self.bits}


@dataclass(frozen=True)
class Differs:
    """Something that every relation would carry over, and that the two activations do not share."""

    what: str
    first: str
    second: str

    def describe(self) -> str:
        """The fact in words."""
        return f"{self.what}: {self.first} for σ, but {self.second} for τ"

    def to_json(self) -> Json:
        """Plain data."""
        return {"fact": "differs", "what": self.what, "first": self.first, "second": self.second}


@dataclass(frozen=True)
class Excluded:
    """No map with one sign of ``a`` is left: something seen at a place that it would carry over does not match."""

    sign: int
    where: str
    why: str

    def describe(self) -> str:
        """The fact in words."""
        return f"a {'positive' if self.sign > 0 else 'negative'} a is excluded {self.where}: {self.why} do not match"

    def to_json(self) -> Json:
        """Plain data."""
        return {"fact": "excluded", "sign": self.sign, "where": self.where, "why": self.why}


@dataclass(frozen=True)
class Carries:
    """Something that every relation carries over and that leaves only the listed maps ``t -> a*t + c``."""

    what: str
    maps: tuple[tuple[Term, Term], ...]

    def describe(self) -> str:
        """The fact in words."""
        shown = " or ".join(f"t -> {shifted(a, 't', c)}" for a, c in self.maps) or "nothing"
        return f"{self.what}: this leaves {shown}"

    def to_json(self) -> Json:
        """Plain data."""
        return {"fact": "carries", "what": self.what, "maps": [[str(a), str(c)] for a, c in self.maps]}


Reason = Relation | Separated | Differs | Excluded | Carries | Swept


def shifted(factor: Term, what: str, constant: Term) -> str:
    """``factor*what + constant`` without needless ones and zeros.

    Examples
    --------
    >>> from intertwine.terms import num
    >>> shifted(num(-1), "t", num(0)), shifted(num(1), "t", num(2)), shifted(num(1, 2), "t", num(-1))
    ('-t', 't + 2', '1/2*t - 1')
    """
    size = str(factor)
    wrapped = f"({size})" if factor.op == "add" else size
    product = what if size == "1" else f"-{what}" if size == "-1" else f"{wrapped}*{what}"
    if constant.value == 0:
        return product
    text = str(constant)
    return f"{product} - {text[1:]}" if text.startswith("-") and constant.op != "add" else f"{product} + {text}"
