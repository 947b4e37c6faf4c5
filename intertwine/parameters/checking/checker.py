"""The check of a whole case distinction: the cells cover the parameter space, and each claim holds on its cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intertwine.certificates import Certificate
from intertwine.certificates.analysis.clock import SECONDS, Obstacle, limited
from intertwine.certificates.analysis.functions import Signs
from intertwine.errors import CertificateError, ExpressionError
from intertwine.parameters.checking.cellfacts import CellFacts
from intertwine.parameters.checking.classes import rewritten
from intertwine.parameters.checking.conclusion import Claimed, conclude
from intertwine.parameters.checking.knowledge import Knowledge
from intertwine.parameters.checking.solutions import only_solution
from intertwine.parsing import parse_term
from intertwine.terms import ZERO, Term

Conditions = tuple[tuple[Term, Signs], ...]
CLASSES = ("even", "odd", "broken")
DEEPEST = 60
EVERY = frozenset({-1, 0, 1})


def check(data: Mapping[str, Any], case: int | None = None, seconds: float = SECONDS) -> bool:
    """Verify the tree of a case distinction, and the claims of one case or of all.

    Raises
    ------
    CertificateError
        Something does not follow.
    """
    return _guarded(lambda: _Check(data, case).run(), seconds)


def check_leaf(activation: Term, conditions: Conditions, leaf: Mapping[str, Any], names: tuple[str, ...],
               seconds: float = SECONDS) -> bool:
    """Verify the claim of one cell.

    Raises
    ------
    CertificateError
        It does not follow.
    """
    return _guarded(lambda: _leaf(activation, conditions, leaf, names), seconds)


def _guarded(work: Any, seconds: float) -> bool:
    with limited(seconds):
        try:
            work()
        except CertificateError:
            raise
        except (Obstacle, ValueError, ArithmeticError, RecursionError, MemoryError, KeyError, TypeError) as problem:
            line = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
            raise CertificateError(f"the certificate is out of reach: {line}") from None
    return True


def _leaf(activation: Term, conditions: Conditions, leaf: Mapping[str, Any], names: tuple[str, ...]) -> None:
    knowledge = Knowledge(conditions)
    cell = CellFacts(activation, knowledge, lambda text, what: _term(text, what, names))
    facts = leaf.get("facts")
    if not isinstance(facts, list) or len(facts) > 40:
        raise CertificateError("a cell without a list of facts")
    for fact in facts:
        cell.verify(fact)
    conclude(cell, _claimed(leaf.get("claim"), names), leaf.get("theorem"))


def _term(text: object, what: str, names: tuple[str, ...]) -> Term:
    if not isinstance(text, str):
        raise CertificateError(f"{what} is not text")
    try:
        return parse_term(text, parameters=names)
    except ExpressionError as error:
        raise CertificateError(f"{what} cannot be read: {error}") from None


def _claimed(claim: object, names: tuple[str, ...]) -> Claimed:
    if not isinstance(claim, Mapping) or set(claim) != {"kind", "scalars", "degree", "odd", "unique"}:
        raise CertificateError("a claim needs kind, scalars, degree, odd and unique")
    return (claim["kind"], claim["scalars"], _term(claim["degree"], "a degree", names), claim["odd"], claim["unique"])


class _Check:
    def __init__(self, data: Mapping[str, Any], case: int | None) -> None:
        if data.get("schema") != 1 or data.get("mode") != "parameters":
            raise CertificateError("a certificate of a case distinction has schema 1 and mode 'parameters'")
        self.names = tuple(data["parameters"])
        self.activation = _term(data["activation"], "the activation", self.names)
        self.conditions: Conditions = tuple(
            (_term(c["atom"], "an assumption", self.names), _signs(c["signs"])) for c in data["assumptions"])
        self.integers = frozenset(data["integers"])
        self.tree, self.cases, self.case = data["tree"], data["cases"], case
        self.met: set[int] = set()

    def run(self) -> None:
        self._node(self.tree, self.activation, self.conditions, frozenset(), 0)
        wanted = {i for i, c in enumerate(self.cases) if c is not None} if self.case is None else {self.case}
        if not wanted <= self.met:
            raise CertificateError("a case without a cell")

    def _node(self, node: Mapping[str, Any], s: Term, conditions: Conditions, broken: frozenset[str],
              depth: int) -> None:
        if depth > DEEPEST:
            raise CertificateError("a tree that is too deep")
        if "split" in node:
            self._split(node, s, conditions, broken, depth)
        elif "empty" in node:
            self._empty(conditions)
        else:
            self._cell(node, s, conditions)

    def _split(self, node: Mapping[str, Any], s: Term, conditions: Conditions, broken: frozenset[str],
               depth: int) -> None:
        atom = _term(node["split"], "a condition", self.names)
        if atom.has_x:
            raise CertificateError("a condition on x")
        branches = node["branches"]
        if "class" in branches[0]:
            self._by_class(atom, branches, s, conditions, broken, depth)
            return
        parts = [_signs(b["signs"]) for b in branches]
        if sum(len(p) for p in parts) != 3 or frozenset().union(*parts) != EVERY:
            raise CertificateError(f"the cases of the sign of {atom} are not complete and disjoint")
        for branch, part in zip(branches, parts, strict=True):
            inside, inner = (*conditions, (atom, part)), s
            if "value" in branch:
                if part != {0}:
                    raise CertificateError("a value for a sign that is not zero")
                name, value = branch["parameter"], _term(branch["value"], "a value", self.names)
                if name in broken or name not in self.names or not only_solution(atom, name, value, conditions):
                    raise CertificateError(f"{name} = {value} is not the only solution of {atom} = 0")
                inside = tuple((t.with_parameters({name: value}), signs) for t, signs in inside)
                inner = s.with_parameters({name: value})
            self._node(branch["node"], inner, inside, broken, depth + 1)

    def _by_class(self, p: Term, branches: Any, s: Term, conditions: Conditions, broken: frozenset[str],
                  depth: int) -> None:
        if [b["class"] for b in branches] != list(CLASSES) or not p.is_parameter:
            raise CertificateError("a parameter is even, odd, or no whole number")
        if not Knowledge(conditions).nowhere_zero(p):
            raise CertificateError("an exponent that may be zero")
        for branch in branches:
            if branch["class"] == "broken" and p.op[1:] in self.integers and "empty" in branch["node"]:
                continue
            inner = broken | {p.op[1:]} if branch["class"] == "broken" else broken
            self._node(branch["node"], rewritten(s, p, branch["class"]), conditions, inner, depth + 1)

    def _empty(self, conditions: Conditions) -> None:
        for i, (t, signs) in enumerate(conditions):
            others = Knowledge((*conditions[:i], *conditions[i + 1 :]))
            if others.impossible:
                return
            possible = others.possible(t)
            if not possible & signs or (signs == {0} and others.nowhere_zero(t)) or (
                    0 not in signs and others.zero(t)):
                return
        raise CertificateError("a cell that is said to be empty may not be")

    def _cell(self, node: Mapping[str, Any], s: Term, conditions: Conditions) -> None:
        case = node.get("case")
        if case is None:
            if not node.get("question"):
                raise CertificateError("a cell without a claim or a question")
            return
        self.met.add(case)
        if self.case is not None and case != self.case:
            return
        claim = self.cases[case]
        if node.get("theorem") == "ordinary":
            self._ordinary(node, s, claim)
        elif node.get("theorem") == "undefined" and not s.parameters:
            self._undefined(s)
            _same_claim(claim, {"kind": "undefined", "scalars": "", "odd": 0, "unique": False, "degree": "0"})
        else:
            _leaf(s, conditions, {**node, "claim": claim}, self.names)

    def _undefined(self, s: Term) -> None:
        cell = CellFacts(s, Knowledge(()), lambda text, what: ZERO)
        for side in (1, -1):
            cell.verify({"fact": "undefined side", "side": side})

    def _ordinary(self, node: Mapping[str, Any], s: Term, claim: Mapping[str, Any]) -> None:
        """A cell on which the parameters are gone: the certificate of an activation."""
        certificate = Certificate.from_json(node["certificate"])
        data = certificate.to_json()
        if s.parameters or parse_term(data["activation"]) != parse_term(str(s)):
            raise CertificateError("the certificate of a cell is one of another activation")
        certificate.check()
        said = data["claim"]
        kind, character = said["kind"], said["character"]
        _same_claim(claim, {"kind": kind, "unique": said["unique"]})
        if "generator" in said["scalars"]:
            raise CertificateError("a discrete group with parameters")
        if said["scalars"] != {"type": claim["scalars"]} or character != written(claim, self.names):
            raise CertificateError("a case and the certificate of its cell differ")


def written(claim: Mapping[str, Any], names: tuple[str, ...]) -> object:
    """The character of a claim without parameters, as the certificates of activations write it."""
    from intertwine.groups import Character, ScalarGroup
    from intertwine.groups.constants import constant_to_sympy

    group = ScalarGroup.from_json({"type": claim["scalars"]})
    degree = _term(claim["degree"], "a degree", names)
    if degree.parameters:
        return None
    return Character(group, constant_to_sympy(degree), claim["odd"]).to_json()


def _same_claim(claim: Mapping[str, Any], other: Mapping[str, Any]) -> None:
    if any(claim[key] != value for key, value in other.items()):
        raise CertificateError("a case and the certificate of its cell differ")


def _signs(data: object) -> Signs:
    if not isinstance(data, list) or not data or any(s not in (-1, 0, 1) or isinstance(s, bool) for s in data):
        raise CertificateError("signs are a list of -1, 0 and 1")
    return frozenset(int(s) for s in data)


