"""Certificates of activations on vectors: the theorem of each family, and the claim that it gives.

A fact about a function of one variable is a certificate of its own, which is checked first. Nothing but the data of
the activation says which functions these are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from intertwine.certificates import reading
from intertwine.certificates.analysis.constants import is_zero
from intertwine.certificates.analysis.identities import Unproved, prove
from intertwine.certificates.analysis.plain import mirrored
from intertwine.certificates.analysis.values import (
    Unclear,
    Undefined,
    constant_sign,
    defined_around,
    undefined_around,
    value_at,
)
from intertwine.certificates.stacks import stack
from intertwine.certificates.unitstacks import affine_stack, multiples, powers
from intertwine.errors import CertificateError, IntertwineError
from intertwine.groups import Character, ScalarGroup
from intertwine.groups.constants import parse_constant
from intertwine.groups.vectors import FormSimilitudes, Similarities
from intertwine.parsing import parse_term
from intertwine.terms import ZERO, Term, X, apply, piecewise

Json = Mapping[str, Any]
Claim = dict[str, Any]
_SCALED = {"trivial": "orthogonal", "positive": "conformal orthogonal", "cyclic": "discretely scaled orthogonal"}
_LARGEST = 64


class Facts:
    """The facts of a certificate, as far as they are asked for."""

    def __init__(self, listed: list[Any], claim: Json, linear: Callable[[Json], object]) -> None:
        self.listed = [reading.fields(f, "a fact") for f in listed]
        self.claim, self.linear = claim, linear

    def elementwise(self, role: str, term: Term) -> tuple[Json, Json]:
        """The claim of the certificate of a function, and its facts by name."""
        for fact in self.listed:
            if fact.get("fact") == "elementwise" and fact.get("role") == role:
                inner = reading.fields(fact.get("certificate"), "the certificate of a function")
                if parse_term(reading.text(inner.get("activation"), "the activation")) != term:
                    raise CertificateError(f"the {role} is another function")
                self.linear(inner)
                claim = reading.fields(inner.get("claim"), "the claim")
                named = {f["fact"]: f for f in inner["facts"]}
                return claim, named
        raise CertificateError(f"nothing is established about the {role}")

    def interval(self, name: str, *terms: Term, positive: bool = False) -> None:
        """The functions are defined (or undefined, by the name of the fact) on one interval (of positive numbers)."""
        test = {"defined around": defined_around, "undefined around": undefined_around}[name]
        plain = [reading.term(str(t), "a function") for t in terms]
        for fact in self.listed:
            if fact.get("fact") == name:
                point = reading.rational(fact.get("point"), "a point")
                if (point > 0 or not positive) and all(test(t, point) for t in plain):
                    return
        raise CertificateError(f"{', '.join(map(str, terms))}: not established to be {name} a point")

    def zero_but_at_zero(self, term: Term) -> None:
        """The function is zero for x > 0 and x < 0, and not zero at 0."""
        plain = reading.term(str(term), "a function")
        if constant_sign(plain.subs(ZERO)) not in (1, -1):
            raise CertificateError(f"{term} is not seen to be different from 0 at 0")
        for side in (plain, mirrored(plain)):
            try:
                prove(side, ZERO)
            except Unproved as problem:
                raise CertificateError(f"{term} is not zero everywhere but at 0: {problem}") from None

    def somewhere_else(self, term: Term) -> None:
        """The function is not zero at some point that is not 0."""
        for fact in self.listed:
            if fact.get("fact") == "not zero":
                point = reading.rational(fact.get("point"), "a point")
                try:
                    value = value_at(reading.term(str(term), "a function"), point, 384)
                except (Undefined, Unclear):
                    continue
                if point and (value > 0 or value < 0):
                    return
        raise CertificateError(f"{term} is not established to be different from zero anywhere but at 0")


def check_family(data: Json, linear: Callable[[Json], object]) -> None:
    """Whether the claim follows.

    Raises
    ------
    CertificateError
        With the reason why it does not.
    """
    activation = reading.fields(data.get("activation"), "the activation")
    name = activation.get("family")
    rule = RULES.get(name) if isinstance(name, str) else None
    if rule is None:
        raise CertificateError("the activation is of an unknown family")
    facts = Facts(reading.items(data.get("facts"), "the facts", reading.MOST_FACTS),
                  reading.fields(data.get("claim"), "the claim"), linear)
    try:
        theorem, claim = rule(activation, facts)
    except (IntertwineError, KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
        raise CertificateError(f"the certificate does not hold: {error}") from None
    if data.get("theorem") != theorem or data.get("claim") != claim:
        raise CertificateError(f"the claim does not follow: by the theorem {theorem!r} it is another one")


def _function(activation: Json) -> Term:
    return parse_term(reading.text(activation.get("function"), "the function"))


def _size(activation: Json) -> int:
    k = activation.get("k")
    if isinstance(k, bool) or not isinstance(k, int) or not 1 <= k <= 10**6:
        raise CertificateError("the size of a group is a whole number")
    return k


def _profile(term: Term, facts: Facts) -> tuple[Claim, Claim | None]:
    """The claim for the scalars of h on r > 0, and that of a constant h if h is one on all of r > 0."""
    claim, named = facts.elementwise("profile", piecewise((term, apply("lt", ZERO, X))))
    unique = bool(claim["unique"])
    zero = False
    if not unique:
        value = reading.constant(named["constant on domain"]["value"], "the value")
        zero = is_zero(value)
        if not zero and constant_sign(value) not in (1, -1):
            raise CertificateError("it is not clear whether the function is zero")
        if claim["scalars"]["type"] == "positive":
            return dict(claim), {"kind": "general linear", "unique": not zero}
    return {**claim, "unique": not zero}, None


def _scaled(claim: Json, kind: str) -> Claim:
    name = _SCALED[claim["scalars"]["type"]]
    return {"kind": kind.format(name), "scalars": dict(claim["scalars"]), "character": claim["character"],
            "unique": claim["unique"]}


def _radial(activation: Json, facts: Facts) -> tuple[str, Claim]:
    claim, whole = _profile(_function(activation), facts)
    return "radial", whole or _scaled(claim, "{}")


def _block_radial(activation: Json, facts: Facts) -> tuple[str, Claim]:
    term = _function(activation)
    _size(activation)
    claim, whole = _profile(term, facts)
    if whole is None:
        facts.interval("defined around", term, positive=True)
    return "block radial", whole or _scaled(claim, "{} on permuted blocks")


def _normalisation(activation: Json, facts: Facts) -> tuple[str, Claim]:
    """Up to the unit of length, and a factor, x/√(mean x² + ε) is radial with 1/√(r² + 1), or with 1/r."""
    centred = activation["family"] == "layer_norm"
    theorem = "normalisation on the quotient" if centred else "normalisation"
    eps = reading.constant(activation.get("eps"), "eps")
    if not is_zero(eps) and constant_sign(eps) != 1:
        raise CertificateError("eps is not seen to be 0 or positive")
    claim, _ = _profile(parse_term("1/x" if is_zero(eps) else "1/sqrt(x**2 + 1)"), facts)
    vectors = {key: [parse_constant(v) for v in reading.items(activation[key], key, _LARGEST)]
               for key in ("gain", "bias") if key in activation}
    if vectors:
        scalars = ScalarGroup.from_json(claim["scalars"])
        character = Character.from_json(scalars, claim["character"])
        n = len(next(iter(vectors.values())))
        group = Similarities(scalars, character, n, centred, vectors.get("gain"), vectors.get("bias"))
        return theorem, {"kind": group.kind, "unique": group.unique}
    if centred:
        return theorem, _scaled({**claim, "unique": False}, "{} on the quotient by 1")
    return theorem, _scaled(claim, "{}")


def _gated(activation: Json, facts: Facts) -> tuple[str, Claim]:
    if activation.get("gate") not in ("first", "second"):
        raise CertificateError("the gate is the first or the second half")
    term = _function(activation)
    if any(f.get("fact") == "zero but at 0" for f in facts.listed):
        facts.zero_but_at_zero(term)
        return "gate at one point", {"kind": "sheared pair on permuted blocks", "unique": True}
    claim, named = facts.elementwise("gate", term)
    line = named.get("affine")
    if line is not None:
        slope, shift = (reading.constant(line[k], f"the {k} of the gate") for k in ("slope", "intercept"))
        if is_zero(slope):
            if is_zero(shift):
                return "constant gate", {"kind": "general linear", "unique": False}
            if constant_sign(shift) not in (1, -1):
                raise CertificateError("it is not clear whether the gate is zero")
            return "constant gate", {"kind": "block triangular", "unique": True}
        if is_zero(shift):
            return "bilinear", _pairs({"type": "nonzero"}, "a", True)
    if line is None:
        if claim["kind"] in ("general linear", "unit row sums"):
            raise CertificateError("the gate is not established not to be affine")
        facts.interval("defined around", term)
        if not claim["unique"]:
            return "constant gate on a domain", _apart(claim, named, term, facts)
        facts.somewhere_else(term)
    return "gated", _pairs(claim["scalars"], "1" if line is not None else claim["character"], False)


def _apart(claim: Json, named: Json, term: Term, facts: Facts) -> Claim:
    """The claim for a gate that is one constant where it is defined."""
    facts.interval("undefined around", term)
    value = reading.constant(named["constant on domain"]["value"], "the value")
    zero = is_zero(value)
    if not zero and constant_sign(value) not in (1, -1):
        raise CertificateError("it is not clear whether the gate is zero")
    return {"kind": "gates apart", "scalars": dict(claim["scalars"]), "unique": not zero}


def _pairs(scalars: Json, character: object, swap: bool) -> Claim:
    return {"kind": "gated pair on permuted blocks", "scalars": dict(scalars), "character": character, "swap": swap,
            "unique": True}


def _stack(activation: Json, facts: Facts) -> tuple[str, Claim]:
    texts = reading.items(activation.get("functions"), "the functions", 6)
    terms = [parse_term(reading.text(t, "a function")) for t in texts]
    if not terms:
        raise CertificateError("a stack has functions")
    plain = [reading.term(t, "a function") for t in texts]
    names = {f.get("fact") for f in facts.listed}
    if "half-lines" in names:
        return "stack of powers", powers(plain, facts.listed)
    if "elementwise" in names and "not affine" not in names:
        return "affine stack", affine_stack(texts, facts)
    if "elementwise" in names:
        return "stack of multiples", multiples(texts, plain, facts.listed, facts)
    facts.interval("defined around", *terms)
    return "stack", stack(plain, facts.listed, facts.claim)


def _softmax(activation: Json, facts: Facts) -> tuple[str, Claim]:
    if constant_sign(reading.constant(activation.get("temperature"), "the temperature")) != 1:
        raise CertificateError("the temperature is not seen to be positive")
    name = str(activation["family"])
    return name.replace("_", " "), {"kind": "permutation with a common shift", "unique": True}


def _identity() -> tuple[str, Claim]:
    return "identity", {"kind": "general linear", "unique": True}


def _pool(activation: Json, facts: Facts) -> tuple[str, Claim]:
    k = _size(activation)
    kind = "positive multiples of permutations on permuted blocks"
    return _identity() if k == 1 else ("maximum", {"kind": kind, "k": k, "unique": True})


def _sort(activation: Json, facts: Facts) -> tuple[str, Claim]:
    k = _size(activation)
    return _identity() if k == 1 else ("sorting", {"kind": "sorting", "k": k, "unique": True})


def _form(activation: Json, facts: Facts) -> tuple[str, Claim]:
    rows = reading.items(activation.get("matrix"), "the matrix", _LARGEST)
    matrix = [[parse_constant(v) for v in reading.items(row, "a row", _LARGEST)] for row in rows]
    if all(v == 0 for row in matrix for v in row):
        return "zero", {"kind": "general linear", "unique": False}
    group = FormSimilitudes(matrix)
    return "quadratic form", {"kind": group.kind, "signature": list(group.signature), "unique": True}


RULES: dict[str, Callable[[Json, Facts], tuple[str, Claim]]] = {
    "radial": _radial,
    "block radial": _block_radial,
    "rms_norm": _normalisation,
    "layer_norm": _normalisation,
    "gated": _gated,
    "stack": _stack,
    "softmax": _softmax,
    "log_softmax": _softmax,
    "softmin": _softmax,
    "sparsemax": _softmax,
    "max_pool": _pool,
    "maxout": _pool,
    "group_sort": _sort,
    "quadratic form": _form,
}
