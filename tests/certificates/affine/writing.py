"""Affine certificates written by hand: facts as short calls."""

from __future__ import annotations

from typing import Any

from intertwine.certificates import Certificate
from tests.certificates.writing import Json, bent, case, gap, leading, out, tame

__all__ = ["DEFINABLE", "THIN", "WHOLE", "Json", "bent", "case", "gap", "leading", "out", "tame"]
DEFINABLE = (tame(), case("definable"))
THIN = case("thin complement")
#: Steps of identities are for people; the checker finds its own.
WHOLE: Json = {"steps": []}
BOTH = [WHOLE, WHOLE]


def certificate(activation: str, theorem: str, claim: Json, *facts: Json) -> Certificate:
    """A certificate of an exact answer."""
    return Certificate.from_json(
        {
            "schema": 1,
            "activation": activation,
            "mode": "affine",
            "status": "exact",
            "claim": claim,
            "theorem": theorem,
            "facts": list(facts),
        }
    )


def claim(kind: str, character: Json, *, unique: bool = True, **numbers: Any) -> Json:
    """A claim."""
    return {"affine": {"type": kind, **numbers}, "character": character, "unique": unique}


def image(b: str, d: str) -> Json:
    return {"b": b, "d": d}


def trivial() -> Json:
    return claim("trivial", {})


def reflection(centre: str, b: str, d: str) -> Json:
    return claim("reflection", {"reflection": image(b, d)}, centre=centre)


def member(a: str, c: str, b: str, d: str, identities: list[Json] | None = None) -> Json:
    return {"fact": "affine member", "a": a, "c": c, "b": b, "d": d, "identities": identities or BOTH}


def out_of(a: str, c: str, *points: str, bits: int = 128) -> Json:
    return {"fact": "not affine member", "a": a, "c": c, "method": "determinant", "points": list(points), "bits": bits}


def out_by_domain(a: str, c: str, point: str, inverse: bool = False) -> Json:
    found: Json = {"fact": "not affine member", "a": a, "c": c, "method": "domain", "points": [point]}
    return found | {"inverse": True} if inverse else found


def exponential(coefficient: str, rate: str, offset: str) -> Json:
    return {"fact": "exponential", "coefficient": coefficient, "rate": rate, "offset": offset, "identities": BOTH}


def about(centre: str, side: int, coefficient: str, degree: str, offset: str) -> Json:
    return {
        "fact": "about",
        "centre": centre,
        "side": side,
        "form": "power",
        "coefficient": coefficient,
        "degree": degree,
        "offset": offset,
        "identity": WHOLE,
    }


def about_log(centre: str, side: int, coefficient: str, offset: str) -> Json:
    return {
        "fact": "about",
        "centre": centre,
        "side": side,
        "form": "log",
        "coefficient": coefficient,
        "offset": offset,
        "identity": WHOLE,
    }


def nowhere(centre: str, side: int) -> Json:
    return {"fact": "about", "centre": centre, "side": side, "form": "undefined"}


def value_at(point: str, value: str | None) -> Json:
    return {"fact": "value at", "point": point, "value": value}


def not_exponential(*points: str) -> Json:
    return {"fact": "not exponential", "points": list(points), "bits": 128}


def jets(*points: str) -> Json:
    return {"fact": "span", "method": "jets", "points": list(points), "bits": 128}


def bend(low: str, high: str, *points: str) -> Json:
    return {"fact": "span", "method": "bend", "low": low, "high": high, "points": list(points)}


def edge(inside: str, outside: str) -> Json:
    return {"fact": "span", "method": "domain", "points": [inside, outside]}


def exponential_part(low: str, high: str) -> Json:
    return {"fact": "span", "method": "exponential", "low": low, "high": high}


def ends(method: str, **more: Any) -> Json:
    return {"fact": "ends differ", "method": method, **more}


def within(first: Any, last: Any, method: str, **more: Any) -> Json:
    return {"fact": "centres within", "method": method, "first": first, "last": last, **more}


def filled(law: str) -> Json:
    return {"fact": "filled", "law": law}


def waves(centre: str, *listed: tuple[str, str, str], slope: str = "0", offset: str = "0") -> Json:
    terms = [{"form": f, "amplitude": a, "frequency": w} for f, a, w in listed]
    return {"fact": "waves", "centre": centre, "slope": slope, "offset": offset, "waves": terms}


def level(low: str, high: str, point: str, **more: Any) -> Json:
    return {"fact": "centres within", "method": "level", "low": low, "high": high, "point": point, **more}


def kinks(first: tuple[str, list[str]], last: tuple[str, list[str]]) -> Json:
    ends = [{"law": law, "interval": interval, "identity": WHOLE} for law, interval in (first, last)]
    return within(ends[0], ends[1], "kinks")


def no_dilation(scale: str, low: str, high: str, *triples: list[str]) -> Json:
    return {"fact": "no dilation", "scale": scale, "low": low, "high": high, "triples": list(triples)}


def no_centre(low: str, high: str, *triples: list[str]) -> Json:
    return {"fact": "no centre", "low": low, "high": high, "triples": list(triples)}


def only_centre(point: str, low: str, high: str) -> Json:
    return {"fact": "only centre", "point": point, "low": low, "high": high}


def shifts(*facts: Json, via: str = "derivative", step: str | None = None) -> Json:
    return {"fact": "through", "kind": "translations", "via": via, "step": step, "facts": list(facts)}


def around(centre: str, *facts: Json, via: str = "derivative") -> Json:
    return {"fact": "through", "kind": "centre", "centre": centre, "via": via, "facts": list(facts)}


def limits(*points: str) -> Json:
    return {"fact": "limits", "points": list(points)}


def end(side: int, wave: str, pure: bool = True, nonzero: str | None = None) -> Json:
    return {"fact": "end", "side": side, "wave": wave, "pure power": pure, "nonzero": nonzero}


def analytic_off(point: str) -> Json:
    return {"fact": "analytic off", "point": point}
