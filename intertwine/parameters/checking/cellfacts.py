"""The facts about one cell of the parameter space, each verified for all values of the parameters in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from intertwine.certificates.analysis.cells import Cell
from intertwine.certificates.analysis.definable import always
from intertwine.certificates.analysis.identities import Unproved, everywhere, nowhere, prove
from intertwine.certificates.analysis.plain import flip, minus, plain
from intertwine.errors import CertificateError
from intertwine.parameters.checking.knowledge import SOMEWHERE, Knowledge
from intertwine.terms import ONE, TRUE, ZERO, Term, X, mul, num, power

RIGHT = [Cell()]
#: Operations that are continuous wherever they are defined everywhere: what they are of a bounded argument is bounded.
CONTINUOUS = frozenset("x num pi E add mul exp sin cos atan sinh cosh tanh asinh erf Abs Max".split())


class CellFacts:
    """Verifies facts about one activation with parameters, under conditions."""

    def __init__(self, activation: Term, knowledge: Knowledge, read: Callable[[object, str], Term]) -> None:
        self.s, self.known, self.read = plain(activation), knowledge, read
        self.mirrored = self.s.subs(flip(X))
        self.established: dict[str, Any] = {"sides": {}}
        self.points: list[Term] = []

    def verify(self, fact: Mapping[str, Any]) -> None:
        """Verify one fact and remember what it establishes.

        Raises
        ------
        CertificateError
            It does not hold, or could not be shown.
        """
        name = fact.get("fact")
        rule = _RULES.get(name) if isinstance(name, str) else None
        if rule is None:
            raise CertificateError(f"a fact that is not known: {name!r}")
        if not rule(self, fact):
            raise CertificateError(f"the fact {name!r} could not be shown for all values of the parameters")

    # -- values ------------------------------------------------------------------
    def at(self, t: Term) -> Term:
        """The value at a point, as a term."""
        return self.s.subs(t)

    def _point(self, fact: Mapping[str, Any], key: str) -> Term:
        return self.read(fact.get(key), "a point")

    def _points(self, fact: Mapping[str, Any], count: int) -> list[Term]:
        entries = fact.get("points")
        if not isinstance(entries, list) or len(entries) != count:
            raise CertificateError(f"a fact that needs {count} points")
        points = [self.read(entry, "a point") for entry in entries]
        self.points += points
        return points

    # -- facts -------------------------------------------------------------------
    def not_affine(self, fact: Mapping[str, Any]) -> bool:
        a, b, c = self._points(fact, 3)
        v, w, z = (self.at(t) for t in (a, b, c))
        bend = minus(minus(w, v) * minus(c, a), minus(z, v) * minus(b, a))
        self.established["not affine"] = self.established["not constant"] = self.known.nowhere_zero(bend)
        return bool(self.established["not affine"])

    def not_constant(self, fact: Mapping[str, Any]) -> bool:
        a, b = self._points(fact, 2)
        self.established["not constant"] = self.known.nowhere_zero(minus(self.at(a), self.at(b)))
        return bool(self.established["not constant"])

    def separation(self, fact: Mapping[str, Any]) -> bool:
        """``s(d t1) s(t2) - s(d t2) s(t1)`` is nowhere zero, with ``d > 0`` other than 1."""
        d, (t1, t2) = self.read(fact.get("d"), "a scaling"), self._points(fact, 2)
        determinant = minus(self.at(mul(d, t1)) * self.at(t2), self.at(mul(d, t2)) * self.at(t1))
        known = self.known
        if not (known.positive(d) and known.nowhere_zero(minus(d, ONE)) and known.nowhere_zero(determinant)):
            return False
        self.established["separation"] = True
        self.established["on one half-line"] = known.positive(mul(t1, t2))
        return True

    def definable(self, _: Mapping[str, Any]) -> bool:
        self.established["definable"] = all(not n.has_x or always(n.op) for n in self.s.walk())
        return bool(self.established["definable"])

    def total(self, _: Mapping[str, Any]) -> bool:
        """Defined on the whole line."""
        given = self.known.given
        self.established["total"] = (
            everywhere(self.s, RIGHT, given) and everywhere(self.mirrored, RIGHT, given)
            and everywhere(self.at(ZERO), SOMEWHERE, given)
        )
        return bool(self.established["total"])

    def on_an_interval(self) -> bool:
        """Whether the activation is defined on an interval, not at isolated points only.

        At a point of the facts no condition of its domain holds with equality; or it is defined on a half-line.
        """
        edges = list(dict.fromkeys(_edges(self.s)))
        if not edges:
            return True
        near = any(all(self.known.nowhere_zero(u.subs(t)) for u in edges) for t in self.points[:4])
        return near or any(everywhere(side, RIGHT, self.known.given) for side in (self.s, self.mirrored))

    def tame_at_zero(self) -> bool:
        """Definable near 0 on both sides: an oscillating function has an argument that is bounded there."""
        for node in self.s.walk():
            if not node.has_x or always(node.op):
                continue
            if node.op not in ("sin", "cos") or not all(_continuous(n) for n in node.args[0].walk()):
                return False
        return True

    def undefined_side(self, fact: Mapping[str, Any]) -> bool:
        side = _side(fact)
        if not nowhere(self.s if side > 0 else self.mirrored, RIGHT, self.known.given):
            return False
        self.established["sides"][side] = ("undefined", ZERO, ZERO)
        return True

    def homogeneous(self, fact: Mapping[str, Any]) -> bool:
        side = _side(fact)
        c, p = self.read(fact.get("coefficient"), "a coefficient"), self.read(fact.get("degree"), "a degree")
        if c.has_x or p.has_x:
            return False
        term = self.s if side > 0 else self.mirrored
        right = ZERO if c == ZERO else mul(c, power(X, p))
        self._prove(term, right)
        self.established["sides"][side] = ("zero" if c == ZERO else "power", c, p)
        return True

    def at_zero(self, fact: Mapping[str, Any]) -> bool:
        value = fact.get("value")
        checks = {"zero": self.known.zero, "nonzero": self.known.nowhere_zero, "undefined": self.known.undefined}
        if value not in checks or not checks[str(value)](self.at(ZERO)):
            return False
        self.established["at zero"] = value
        return True

    def not_even(self, fact: Mapping[str, Any]) -> bool:
        t = self._point(fact, "point")
        self.established["not even"] = self.known.nowhere_zero(minus(self.at(flip(t)), self.at(t)))
        return bool(self.established["not even"])

    def not_odd(self, fact: Mapping[str, Any]) -> bool:
        t = self._point(fact, "point")
        self.established["not odd"] = self.known.nowhere_zero(self.at(flip(t)) + self.at(t))
        return bool(self.established["not odd"])

    def member(self, fact: Mapping[str, Any]) -> bool:
        b = fact.get("b")
        if b not in (1, -1) or isinstance(b, bool):
            return False
        self._prove(self.mirrored, self.s if b == 1 else flip(self.s))
        if b == -1 and not (self.known.zero(self.at(ZERO)) or self.known.undefined(self.at(ZERO))):
            return False
        self.established["member"] = b
        return True

    def affine(self, fact: Mapping[str, Any]) -> bool:
        a, b = self.read(fact.get("slope"), "a slope"), self.read(fact.get("intercept"), "an intercept")
        if a.has_x or b.has_x:
            return False
        self._prove(self.s, a * X + b)
        self._prove(self.mirrored, flip(a) * X + b)
        self.established["line"] = (a, b)
        return self.known.zero(minus(self.at(ZERO), b))

    def constant_on_domain(self, fact: Mapping[str, Any]) -> bool:
        c = self.read(fact.get("value"), "a value")
        if c.has_x:
            return False
        for side in (self.s, self.mirrored):
            self._prove(side, c + mul(num(0), side))
        at_zero = self.at(ZERO)
        self.established["constant"] = self.known.undefined(at_zero) or self.known.zero(minus(at_zero, c))
        return bool(self.established["constant"])

    def _prove(self, left: Term, right: Term) -> None:
        try:
            prove(left, right, cells=RIGHT, given=self.known.given)
        except Unproved as problem:
            raise CertificateError(str(problem)) from None


def _edges(s: Term) -> Iterator[Term]:
    """Terms that vanish where the domain may end, or consist of a single point."""
    nodes = [n for n in s.walk() if n.has_x]
    partial = any(n.op == "piecewise" and n.args[-1] != TRUE for n in nodes)
    for n in nodes:
        exponent = n.args[1].value if n.op == "pow" else None
        if n.op == "pow" and (exponent is None or exponent.denominator > 1):
            yield n.args[0]
        elif n.op in ("asin", "acosh"):
            yield minus(ONE, power(n.args[0], num(2)))
        elif partial and n.op in ("lt", "le", "eq", "ne"):
            yield minus(n.args[0], n.args[1])


def _continuous(node: Term) -> bool:
    if not node.has_x or node.op in CONTINUOUS:
        return True
    exponent = node.args[1].value if node.op == "pow" else None
    return exponent is not None and exponent >= 0 and exponent == Fraction(int(exponent))


def _side(fact: Mapping[str, Any]) -> int:
    side = fact.get("side")
    if side not in (1, -1) or isinstance(side, bool):
        raise CertificateError("a side that is neither 1 nor -1")
    return int(side)


_RULES: dict[str, Callable[[CellFacts, Mapping[str, Any]], bool]] = {
    "not affine": CellFacts.not_affine, "not constant": CellFacts.not_constant, "separation": CellFacts.separation,
    "definable": CellFacts.definable, "total": CellFacts.total, "undefined side": CellFacts.undefined_side,
    "homogeneous": CellFacts.homogeneous, "at zero": CellFacts.at_zero, "not even": CellFacts.not_even,
    "not odd": CellFacts.not_odd, "member": CellFacts.member, "affine": CellFacts.affine,
    "constant on domain": CellFacts.constant_on_domain,
}  # fmt: skip
