"""A relation solved for the activation itself, as numbers that move weights."""

from __future__ import annotations

from intertwine.calculus.constants import constants_equal
from intertwine.dependence.family import Family
from intertwine.dependence.reading import straight
from intertwine.errors import IntertwineError
from intertwine.groups.constants import constant_to_sympy
from intertwine.groups.exact import to_float
from intertwine.numeric import UnitRelation
from intertwine.terms import ONE, ZERO, Term, add, mul, num, to_text


def solved_for_unit(coefficients: tuple[Term, ...], family: Family) -> UnitRelation:
    """``s(t)`` by the other terms of a relation.

    Raises
    ------
    IntertwineError
        The relation has no such form.
    """
    count = len(family.arguments)
    own = next((k for k, a in enumerate(family.arguments) if a == (ONE, ZERO) and coefficients[k] != ZERO), None)
    if own is None:
        raise IntertwineError("s(t) does not occur in the relation, so no unit can be rewritten by it")
    others = [k for k in range(count) if k != own and coefficients[k] != ZERO]
    if not others:
        raise IntertwineError("the activation occurs once in the relation, so no unit can be rewritten by it")
    slope, intercept = _affine_part(coefficients[count:], family)
    factor = mul(num(-1), coefficients[own] ** num(-1))
    return UnitRelation(
        [_float(mul(factor, coefficients[k])) for k in others],
        [_float(family.arguments[k][0]) for k in others],
        [_float(family.arguments[k][1]) for k in others],
        _float(mul(factor, slope)),
        _float(mul(factor, intercept)),
    )


def _affine_part(coefficients: tuple[Term, ...], family: Family) -> tuple[Term, Term]:
    slope, intercept = ZERO, ZERO
    for c, f in zip(coefficients, family.admitted, strict=True):
        if c != ZERO:
            line = straight(f)
            if line is None:
                raise IntertwineError(f"{to_text(f)} is not affine, so it does not fit into a skip connection")
            slope, intercept = add(slope, mul(c, line[0])), add(intercept, mul(c, line[1]))
    return slope, intercept


def _float(c: Term) -> float:
    return 0.0 if constants_equal(c, ZERO) else to_float(constant_to_sympy(c))
