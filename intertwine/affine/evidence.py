"""Facts about affine maps as the plain data of a certificate."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from intertwine.affine.about import About, ValueAt
from intertwine.affine.cover import NoCentre
from intertwine.affine.ends import EndsDiffer
from intertwine.affine.exponential import Exponential, NotExponential
from intertwine.affine.filled import Filled
from intertwine.affine.jumps import OnlyCentre
from intertwine.affine.level import Level
from intertwine.affine.limits import Limits
from intertwine.affine.members import AffineMember, NotAffineMember
from intertwine.affine.oneends import End
from intertwine.affine.spans import Span
from intertwine.affine.through import Through
from intertwine.affine.waves import Waves
from intertwine.affine.within import CentresWithin
from intertwine.solve import evidence as shared
from intertwine.solve.evidence import Json, identity_to_json


def fact_to_json(fact: Any) -> Json:
    """One fact as JSON data; numbers become text of the expression language."""
    match fact:
        case Filled():
            return {"fact": "filled", "law": str(fact.law)}
        case AffineMember():
            return {"fact": "affine member", "a": str(fact.a), "c": str(fact.c), "b": str(fact.b), "d": str(fact.d),
                    "identities": [identity_to_json(i) for i in fact.identities]}
        case NotAffineMember():
            data: Json = {"fact": "not affine member", "a": str(fact.a), "c": str(fact.c), "method": fact.method,
                          "points": _texts(fact.points), "bits": fact.bits, "values": list(fact.values)}
            return data | {"inverse": True} if fact.inverse else data
        case Exponential():
            return {"fact": "exponential", "coefficient": str(fact.coefficient), "rate": str(fact.rate),
                    "offset": str(fact.offset), "identities": [identity_to_json(i) for i in fact.identities]}
        case NotExponential():
            return {"fact": "not exponential", "points": _texts(fact.points), "bits": fact.bits,
                    "values": list(fact.values)}
        case About():
            return {"fact": "about", "centre": str(fact.centre), "side": fact.side, "form": fact.form,
                    "coefficient": str(fact.coefficient), "degree": str(fact.degree), "offset": str(fact.offset),
                    "identity": None if fact.identity is None else identity_to_json(fact.identity)}
        case ValueAt():
            return {"fact": "value at", "point": str(fact.point),
                    "value": None if fact.value is None else str(fact.value)}
        case Limits():
            return {"fact": "limits", "points": _texts(fact.points)}
        case Level():
            data = {"fact": "centres within", "method": "level", "low": str(fact.low), "high": str(fact.high),
                    "point": str(fact.point)}
            return data | ({"sign": fact.sign} if fact.limit is None else {"limit": str(fact.limit)})
        case OnlyCentre():
            return {"fact": "only centre", "point": str(fact.point), "low": str(fact.low), "high": str(fact.high)}
        case End():
            return {"fact": "end", "side": fact.side, "end": "oo", "wave": fact.wave, "pure power": fact.pure_power,
                    "lead": str(fact.lead), "of": fact.of, "forms": [str(fact.form)], "from": str(fact.start)}
        case Through():
            return _through(fact)
        case Waves():
            listed = [{"form": w.form, "amplitude": str(w.amplitude), "frequency": str(w.frequency)}
                      for w in fact.waves]
            return {"fact": "waves", "centre": str(fact.centre), "slope": str(fact.slope), "offset": str(fact.offset),
                    "waves": listed}
        case Span() | EndsDiffer() | CentresWithin() | NoCentre():
            return _about_centres(fact)
    return shared.fact_to_json(fact)


def _through(fact: Through) -> Json:
    data: Json = {"fact": "through", "kind": fact.kind, "via": fact.via}
    if fact.step is not None:
        data["step"] = str(fact.step)
    if fact.centre is not None:
        data["centre"] = str(fact.centre)
    if fact.law is not None:
        data |= {"law": str(fact.law), "from": str(fact.start)}
    return data | {"facts": [shared.fact_to_json(f) for f in fact.facts]}


def _about_centres(fact: Span | EndsDiffer | CentresWithin | NoCentre) -> Json:
    match fact:
        case Span():
            data: Json = {"fact": "span", "method": fact.method}
            if fact.points:
                data["points"] = _texts(fact.points)
            if fact.low is not None and fact.high is not None:
                data |= {"low": str(fact.low), "high": str(fact.high)}
            return data
        case EndsDiffer():
            data = {"fact": "ends differ", "method": fact.method}
            if fact.side is not None:
                data |= {"side": fact.side, "start": str(fact.start)}
            if fact.forms:
                data |= {"forms": [str(t) for t in fact.forms], "from": str(fact.start)}
            return data
        case NoCentre():
            data = {"low": str(fact.low), "high": str(fact.high), "triples": [_texts(t) for t in fact.triples]}
            if fact.scale == -1:
                return {"fact": "no centre"} | data
            return {"fact": "no dilation", "scale": str(fact.scale)} | data
    data = {"fact": "centres within", "method": fact.method, "low": str(fact.low), "high": str(fact.high)}
    first, last = _texts(fact.first), _texts(fact.last)
    if fact.method == "kinks":
        ends = zip((first, last), fact.laws, fact.identities, strict=True)
        first_end, last_end = ({"law": str(law), "interval": interval, "identity": identity_to_json(identity)}
                               for interval, law, identity in ends)
        return data | {"first": first_end, "last": last_end}
    if fact.order is not None:
        data["order"] = fact.order
    return data | {"first": first, "last": last}


def _texts(values: tuple[Fraction, ...]) -> list[str]:
    return [str(v) for v in values]
