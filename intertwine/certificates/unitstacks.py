"""Stacks whose functions are affine, multiples of one, or sums of powers and logarithms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import sympy as sp

from intertwine.certificates import reading
from intertwine.certificates.analysis.cells import Cell
from intertwine.certificates.analysis.constants import is_zero
from intertwine.certificates.analysis.identities import Unproved, nowhere, prove
from intertwine.certificates.analysis.plain import minus, mirrored
from intertwine.certificates.analysis.values import Undefined, undefined_around, value_at
from intertwine.certificates.stacks import KIND, bent, fractions, named, same
from intertwine.errors import CertificateError
from intertwine.groups.constants import parse_constant
from intertwine.groups.vectors import AffineStack, LogPowers, LogSpace, OnHalfLines, Part
from intertwine.parsing import parse_term
from intertwine.terms import ONE, ZERO, Term, X, add, apply, mul, num, power

Json = Mapping[str, Any]
Claim = dict[str, Any]
MOST_PARTS = 48


class Elementwise(Protocol):
    """What the facts of a certificate say about one function."""

    def elementwise(self, role: str, term: Term) -> tuple[Json, Json]:
        """The claim of the certificate of a function, and its facts by name."""


def affine_stack(texts: list[str], facts: Elementwise) -> Claim:
    """The claim for functions that are affine on the line."""
    slopes, shifts = [], []
    for k, text in enumerate(texts):
        _, known = facts.elementwise(f"function {k}", parse_term(text))
        line = known.get("affine")
        if line is None:
            raise CertificateError(f"function {k} is not established to be affine")
        slopes.append(parse_constant(reading.text(line.get("slope"), "the slope")))
        shifts.append(parse_constant(reading.text(line.get("intercept"), "the intercept")))
    sample = AffineStack(slopes, shifts, 3)
    return {"kind": sample.kind, "unique": sample.unique}


def multiples(texts: list[str], terms: list[Term], listed: list[Json], facts: Elementwise) -> Claim:
    """The claim for multiples of one function, by the certificate of that one."""
    rest = {int(f["index"]): fractions(f["coefficients"]) for f in named(listed, "combination")}
    free = [k for k in range(len(terms)) if k not in rest]
    if len(free) != 1 or not all(0 <= k < len(terms) and len(row) == 1 for k, row in rest.items()):
        raise CertificateError("the functions are not established to be multiples of one of them")
    [base] = free
    for k, [c] in rest.items():
        same(terms[k], mul(num(c), terms[base]) if c else ZERO)
    claim, _ = facts.elementwise(f"function {base}", parse_term(texts[base]))
    if claim["kind"] in ("general linear", "unit row sums") or not claim["unique"]:
        raise CertificateError("the function is not established to be neither affine nor constant")
    return {"kind": KIND, "scalars": dict(claim["scalars"]), "character": claim["character"], "unique": not rest}


def powers(terms: list[Term], listed: list[Json]) -> Claim:
    """The claim for sums of powers and logarithms, by linear algebra on their coefficients."""
    by_index = {f.get("index"): f for f in named(listed, "half-lines")}
    space = LogSpace([_function(t, by_index.get(k, {})) for k, t in enumerate(terms)])
    if not space.sides:
        raise CertificateError("the functions are not defined together on a half-line")
    if not any(bent(terms, f) for f in named(listed, "not affine")) and not _somewhere_undefined(terms, listed):
        raise CertificateError("the functions may all be affine on the line")
    return {"kind": KIND, "scalars": space.scalars.to_json(), "unique": LogPowers(space, alone=False).unique}


def _somewhere_undefined(terms: list[Term], listed: list[Json]) -> bool:
    return any(undefined_around(t, reading.rational(f.get("point"), "a point"))
               for f in named(listed, "undefined around") for t in terms)


def _function(term: Term, fact: Json) -> OnHalfLines:
    """A function in the form that the fact gives it, if it is of that form."""
    sides: list[tuple[Part, ...] | None] = []
    for name, side in (("right", term), ("left", mirrored(term))):
        if fact[name] is None:
            if not nowhere(side, [Cell()]):
                raise CertificateError(f"a function is not shown to be undefined on the {name}")
            sides.append(None)
            continue
        listed = [reading.fields(p, "a part") for p in reading.items(fact[name], "the parts", MOST_PARTS)]
        try:
            prove(side, add(ZERO, *map(_term, listed)))
        except Unproved as problem:
            raise CertificateError(f"a function on the {name}: {problem}") from None
        sides.append(tuple(map(_part, listed)))
    return OnHalfLines(sides[0], sides[1], _at_zero(term, fact["zero"]))


def _at_zero(term: Term, given: object) -> sp.Expr | None:
    if given is None:
        try:
            value_at(term, reading.rational("0", "zero"), 128)
        except Undefined:
            return None
        raise CertificateError("a function is not shown to be undefined at 0")
    text = reading.text(given, "the value at 0")
    if not is_zero(minus(term.subs(ZERO), reading.constant(text, "the value at 0"))):
        raise CertificateError("a function has another value at 0")
    return parse_constant(text)


def _log(data: Json) -> int:
    j = data.get("log", 0)
    if isinstance(j, bool) or not isinstance(j, int) or not 0 <= j <= 12:
        raise CertificateError("the power of a logarithm is a small whole number")
    return j


def _sine(data: Json) -> bool:
    if data.get("wave", "cos") not in ("sin", "cos"):
        raise CertificateError("a wave is a sine or a cosine")
    return bool(data.get("wave") == "sin")


def _term(data: Json) -> Term:
    """A part as a plain term for x > 0."""
    log = apply("log", X)
    out = reading.constant(data.get("coefficient"), "a coefficient")
    exponent = reading.constant(data.get("power"), "a power")
    out = out if exponent == ZERO else mul(out, X if exponent == ONE else power(X, exponent))
    if _log(data):
        out = mul(out, power(log, num(_log(data))) if _log(data) > 1 else log)
    if "frequency" in data:
        phase = mul(reading.constant(data["frequency"], "a frequency"), log)
        out = mul(out, apply("sin" if _sine(data) else "cos", phase))
    return out


def _part(data: Json) -> Part:
    frequency = parse_constant(reading.text(data.get("frequency", "0"), "a frequency"))
    coefficient, exponent = (parse_constant(reading.text(data.get(k), f"the {k}")) for k in ("coefficient", "power"))
    if frequency < 0:
        raise CertificateError("a frequency is not negative")
    return Part(coefficient, exponent, _log(data), frequency, _sine(data))
