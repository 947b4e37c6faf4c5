"""Certificates written by hand: facts as short calls."""

from __future__ import annotations

from typing import Any

from intertwine.certificates import Certificate

Json = dict[str, Any]
KINDS = {
    "trivial": "permutation", "sign": "signed permutation", "positive": "positive-scaled permutation",
    "nonzero": "monomial", "cyclic": "discretely scaled permutation", "sign-cyclic": "discretely scaled permutation",
}  # fmt: skip


def certificate(activation: str, theorem: str, claim: Json, *facts: Json) -> Certificate:
    """A certificate of an exact answer."""
    return Certificate.from_json({
        "schema": 1, "activation": activation, "mode": "linear", "status": "exact", "claim": claim, "theorem": theorem,
        "facts": list(facts),
    })  # fmt: skip


def claim(scalars: str, character: Any, *, generator: str | None = None, unique: bool = True, kind: str = "") -> Json:
    """A claim."""
    group = {"type": scalars} if generator is None else {"type": scalars, "generator": generator}
    return {"kind": kind or KINDS[scalars], "scalars": group, "character": character, "unique": unique}


def bent(*points: str) -> Json:
    return {"fact": "not affine", "points": list(points), "bits": 128}


def varied(*points: str) -> Json:
    return {"fact": "not constant", "points": list(points)}


def case(name: str, **more: Any) -> Json:
    return {"fact": "domain", "case": name, **more}


def beyond(side: int, start: str = "1") -> Json:
    return {"fact": "domain", "case": "unbounded piece", "side": side, "from": start}


def tame(end: str = "everywhere", low: str | None = None, high: str | None = None) -> Json:
    return {"fact": "definable", "end": end, "low": low, "high": high}


def out(d: str, *points: str, method: str = "determinant", bits: int = 128) -> Json:
    return {"fact": "not member", "d": d, "method": method, "points": list(points), "bits": bits}


def member(d: str, b: str) -> Json:
    return {"fact": "member", "d": d, "b": b}


def half(side: int, d: str, b: str) -> Json:
    return {"fact": "half member", "side": side, "d": d, "b": b}


def power(side: int, coefficient: str | None, degree: str = "0") -> Json:
    return {"fact": "homogeneous", "side": side, "coefficient": coefficient, "degree": degree}


def gap(side: int, low: str, high: str, method: str = "monotone") -> Json:
    return {"fact": "gap", "side": side, "low": low, "high": high, "method": method}


def line(slope: str, intercept: str) -> Json:
    return {"fact": "affine", "slope": slope, "intercept": intercept}


def flat(value: str) -> Json:
    return {"fact": "constant on domain", "value": value}


def preserved(side: int, end: str, bound: str, point: str, kind: str = "zeros") -> Json:
    return {"fact": "preserved set", "side": side, "end": end, "bound": bound, "point": point, "set": kind}


def one_sided(side: int, point: str) -> Json:
    return {"fact": "one-sided", "side": side, "point": point}


def leading(side: int, end: str, wave: str, pure: bool = True, nonzero: str | None = None) -> Json:
    return {"fact": "leading", "side": side, "end": end, "wave": wave, "pure power": pure, "nonzero": nonzero}


def not_leading(side: int, end: str, point: str) -> Json:
    return {"fact": "not leading", "side": side, "end": end, "point": point, "bits": 256}


def exponents(method: str, first: list[str], second: list[str], *others: list[str]) -> Json:
    return {"fact": "exponents", "side": 1, "method": method, "first": first, "second": second, "others": list(others)}


LINEAR = claim("nonzero", "a", kind="general linear")
CONSTANT = claim("nonzero", "1", kind="general linear", unique=False)
ROW_SUMS = claim("trivial", "1", kind="unit row sums")
DEFINABLE = (tame(), case("definable"))
EVEN, ODD, ALONE = claim("sign", "1"), claim("sign", "a"), claim("trivial", "1")
