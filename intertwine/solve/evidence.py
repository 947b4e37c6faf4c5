"""Facts found by the solver as the plain data of a certificate."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from intertwine.calculus.cases import Assumption
from intertwine.calculus.cells import Cell
from intertwine.calculus.identity import Identity, Step
from intertwine.calculus.tame import Tame
from intertwine.solve.affine import Affine, ConstantOnDomain
from intertwine.solve.domain import Domain
from intertwine.solve.exponents import Exponents
from intertwine.solve.halfline import Homogeneous
from intertwine.solve.halves import HalfMember
from intertwine.solve.linear import NotConstant, UndefinedNear
from intertwine.solve.logperiodic import Gap, Member
from intertwine.solve.negative import OneSided
from intertwine.solve.oscillation import Leading, NotEqual
from intertwine.solve.preserved import PreservedSet
from intertwine.solve.witness import NonAffine, NotMember

Json = dict[str, Any]


def fact_to_json(fact: Any) -> Json:
    """One fact as JSON data; numbers become text of the expression language."""
    match fact:
        case NonAffine():
            return {"fact": "not affine", "points": _texts(fact.points), "bits": fact.bits, "values": list(fact.values)}
        case NotConstant():
            return {"fact": "not constant", "points": _texts(fact.points)}
        case Affine():
            return {"fact": "affine", "slope": str(fact.slope), "intercept": str(fact.intercept),
                    "identities": [identity_to_json(i) for i in fact.identities]}
        case ConstantOnDomain():
            return {"fact": "constant on domain", "value": str(fact.value),
                    "identities": [identity_to_json(i) for i in fact.identities]}
        case UndefinedNear():
            return {"fact": "undefined near", "point": str(fact.point)}
        case Domain():
            return _domain(fact)
        case NotMember():
            return {"fact": "not member", "d": str(fact.d), "method": fact.method, "points": _texts(fact.points),
                    "bits": fact.bits, "values": list(fact.values)}
        case Tame():
            return {"fact": "definable", "end": fact.end, "low": _text(fact.low), "high": _text(fact.high),
                    "reasons": [[str(t), r] for t, r in fact.reasons]}
        case Homogeneous():
            return {"fact": "homogeneous", "side": fact.side, "degree": str(fact.degree),
                    "coefficient": None if fact.coefficient is None else str(fact.coefficient),
                    "identity": None if fact.identity is None else identity_to_json(fact.identity)}
        case Member():
            return {"fact": "member", "d": str(fact.d), "b": str(fact.b),
                    "identities": [identity_to_json(i) for i in fact.identities]}
        case HalfMember():
            return {"fact": "half member", "side": fact.side, "d": str(fact.d), "b": str(fact.b),
                    "identity": identity_to_json(fact.identity)}
        case Gap():
            return {"fact": "gap", "side": fact.side, "low": str(fact.low), "high": str(fact.high),
                    "method": fact.method}
        case OneSided():
            return {"fact": "one-sided", "side": fact.side, "point": str(fact.point)}
        case PreservedSet():
            return {"fact": "preserved set", "side": fact.side, "end": fact.end, "bound": str(fact.bound),
                    "point": str(fact.point), "set": fact.set}
        case Leading():
            return {"fact": "leading", "side": fact.side, "end": fact.end, "wave": fact.wave, "lead": str(fact.lead),
                    "pure power": fact.pure_power, "nonzero": _text(fact.nonzero)}
        case NotEqual():
            return {"fact": "not leading", "side": fact.side, "end": fact.end, "point": str(fact.point),
                    "bits": fact.bits, "values": list(fact.values)}
        case Exponents():
            return {"fact": "exponents", "side": fact.side, "method": fact.method,
                    "first": [str(t) for t in fact.first], "second": [str(t) for t in fact.second],
                    "others": [[str(t) for t in pair] for pair in fact.others]}
    raise TypeError(f"no certificate form for {type(fact).__name__}")


def _domain(fact: Domain) -> Json:
    data: Json = {"fact": "domain", "case": fact.case}
    if fact.case == "unbounded piece":
        data |= {"side": fact.side, "from": fact.start}
    if fact.case == "periodic" and fact.identity is not None:
        data |= {"period": str(fact.period), "identity": identity_to_json(fact.identity)}
    return data


def identity_to_json(identity: Identity) -> Json:
    """The steps of an identity proof."""
    return {"steps": [_step(s) for s in identity.steps]}


def _step(step: Step) -> Json:
    return {"cell": _cell(step.cell), "assumptions": [_assumption(a) for a in step.assumptions], "method": step.method,
            "base": step.base}


def _cell(cell: Cell) -> list[str | None]:
    if cell.point is not None:
        return ["point", repr(cell.point)]
    return [None if end is None else repr(end) for end in (cell.low, cell.high)]


def _assumption(a: Assumption) -> list[Any]:
    return [str(a.atom), a.sign, a.weak]


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _texts(values: tuple[Fraction, ...]) -> list[str]:
    return [str(v) for v in values]
