"""Stacks of elementwise functions: which scalings map the span of the functions to itself."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb, arb_mat, ctx

from intertwine.certificates import reading
from intertwine.certificates.analysis.cells import Cell
from intertwine.certificates.analysis.constants import is_zero
from intertwine.certificates.analysis.definable import obstacle
from intertwine.certificates.analysis.identities import Unproved, nowhere, prove
from intertwine.certificates.analysis.plain import minus, mirrored, plain, scaled
from intertwine.certificates.analysis.signs import analytic
from intertwine.certificates.analysis.values import Unclear, Undefined, undefined_around, value_at
from intertwine.errors import CertificateError
from intertwine.groups import matrices
from intertwine.groups.constants import parse_constant
from intertwine.groups.scalars import NONZERO, POSITIVE, SIGN, TRIVIAL, ScalarGroup
from intertwine.groups.vectors import Represented
from intertwine.terms import ONE, ZERO, Term, add, apply, mul, num

Json = Mapping[str, Any]
BITS = 384
STRETCHES = (2, 4, 8, 16, 64)
KIND = "scalings of one unit on permuted blocks"
_ENTIRE = frozenset({"x", "add", "mul", "exp", "sin", "cos", "sinh", "cosh", "tanh", "erf", "atan"})
_CLAIMED = ("scalars", "unique", "exponents", "basis")


def stack(terms: list[Term], facts: list[Json], claim: Json) -> dict[str, Any]:
    """The claim about the stack of some plain terms, which are defined everywhere, if it follows.

    For definable functions the scalings are {1}, {±1}, R>0 or R*, so that one positive one and -1 decide; and a
    definable action of R>0 by d^M is determined by 2^M (or 4^M, …), if that is diagonalisable.

    Raises
    ------
    CertificateError
        Nothing follows.
    """
    if not all(_analytic(t) for t in terms):
        part = next((part for t in terms if (part := obstacle(t, None, None)) is not None), None)
        if part is not None and not all(_one_end(side) for side in (terms, [mirrored(t) for t in terms])):
            raise CertificateError(f"{part} is not definable everywhere, nor at an end of an analytic half-line")
    if not any(bent(terms, f) for f in named(facts, "not affine")):
        raise CertificateError("the functions may all be affine")
    indices = _independent(terms, facts)
    basis = [terms[i] for i in indices]
    rest = {int(f["index"]): fractions(f["coefficients"]) for f in named(facts, "combination")}
    if sorted([*indices, *rest]) != list(range(len(terms))):
        raise CertificateError("it is not established which of the functions are independent")
    for k, row in rest.items():
        same(terms[k], _sum(row, basis))
    constants = _constants(basis, facts)
    # One scaling other than ±1 decides: where a power is fractional, not by 2 but by 4, 8, …
    stretch = next((d for d in STRETCHES if any(f.get("scale") == d for f in facts)), 2)
    double, mirror = (_image(basis, facts, d) for d in (stretch, -1))
    scalars = {(True, True): NONZERO, (True, False): POSITIVE, (False, True): SIGN, (False, False): TRIVIAL}[
        double is not None, mirror is not None]
    action = _action(claim, len(terms))
    if action.scalars != scalars:
        raise CertificateError(f"the scalings are {scalars}")
    if action.unique != (not rest and not constants):
        raise CertificateError("whether B is unique is told wrongly")
    frame = sp.zeros(len(terms), len(basis))
    for k, i in enumerate(indices):
        frame[i, k] = 1
    for i, row in rest.items():
        for k, c in enumerate(row):
            frame[i, k] = sp.Rational(c.numerator, c.denominator)
    for d, image in ((stretch, double), (-1, mirror)):
        if image is not None and not matrices.same(action.phi([[d]]) * frame, frame * image):
            raise CertificateError(f"the action of {d} is another one")
    return {key: claim[key] for key in (*_CLAIMED, *(("minus_one",) if mirror is not None else ()))} | {"kind": KIND}


#: Where x > 0 begins, or ends.
_ENDS: tuple[tuple[tuple[Fraction, Fraction | None], ...], ...] = (
    ((Fraction(0), Fraction(1, 16)), (Fraction(0), Fraction(1, 2**40))),
    ((Fraction(16), None), (Fraction(2**40), None)),
)


def _one_end(terms: list[Term]) -> bool:
    """Whether terms are analytic for all x > 0 and definable at one end, or not defined together there.

    An identity between such functions holds if it does near that end, so that the scalings that keep their span are
    definable.
    """
    if any(nowhere(t, [Cell()]) for t in terms):
        return True
    if not all(analytic(Cell(), t) for t in terms):
        return False
    return any(all(obstacle(t, *part) is None for t in terms) for end in _ENDS for part in end)


def _analytic(t: Term) -> bool:
    """Whether a term has only sums, products, whole powers and functions that are analytic on the line.

    Then the scalings that keep the span of such terms are given by polynomial conditions on d, one for each order of
    the Taylor expansions at 0, and an algebraic group in R* is finite or everything.
    """
    if not t.has_x:
        return True
    if t.op == "pow":
        e = t.args[1].value
        return e is not None and e.denominator == 1 and e >= 0 and _analytic(t.args[0])
    if t.op == "piecewise" and t.args[1].op == "eq" and t == plain(apply("sinc", t.args[1].args[0])):
        return _analytic(t.args[1].args[0])
    return t.op in _ENTIRE and all(map(_analytic, t.args))


def named(facts: list[Json], name: str) -> list[Json]:
    """The facts of a name."""
    return [f for f in facts if f.get("fact") == name]


def fractions(data: object) -> list[Fraction]:
    """Rational coefficients."""
    return [reading.rational(v, "a coefficient") for v in reading.items(data, "coefficients", 6)]


def _sum(row: list[Fraction], basis: list[Term]) -> Term:
    return add(ZERO, *(mul(num(c), t) for c, t in zip(row, basis, strict=True) if c))


def same(left: Term, right: Term) -> None:
    """Two functions are equal on the line."""
    undefined = _undefined_at_zero(left) and _undefined_at_zero(right)
    if not undefined and not is_zero(minus(left.subs(ZERO), right.subs(ZERO))):
        raise CertificateError("a combination does not hold at 0")
    for a, b in ((left, right), (mirrored(left), mirrored(right))):
        try:
            prove(a, b)
        except Unproved as problem:
            raise CertificateError(f"a combination of the functions: {problem}") from None


def _undefined_at_zero(t: Term) -> bool:
    try:
        value_at(t, Fraction(0), BITS)
    except Undefined:
        return True
    except Unclear:
        return False
    return False


def _inside(terms: list[Term], point: Fraction) -> bool:
    try:
        return all(value_at(t, point, BITS).is_finite() for t in terms)
    except (Undefined, Unclear):
        return False


def _values(terms: list[Term], points: list[Fraction]) -> list[list[arb]]:
    try:
        return [[value_at(t, p, BITS) for t in terms] for p in points]
    except (Undefined, Unclear):
        raise CertificateError("a function has no value at a point of a witness") from None


def _regular(terms: list[Term], data: object) -> None:
    """The terms are linearly independent: their values at as many points."""
    points = reading.rationals(data, "the points of a witness", len(terms))
    with ctx.workprec(BITS):
        det = arb_mat(_values(terms, points)).det()
    if not (det > 0 or det < 0):
        raise CertificateError("the values at the points are not seen to be independent")


def bent(terms: list[Term], fact: Json) -> bool:
    """Whether three values of one of the functions do not lie on a line."""
    a, b, c = reading.rationals(fact.get("points"), "the points of 'not affine'", 3)
    [[u], [v], [w]] = _values([terms[int(fact["index"])]], [a, b, c])
    with ctx.workprec(BITS):
        bend = (v - u) * arb(int((c - a).numerator)) / int((c - a).denominator)
        bend -= (w - u) * arb(int((b - a).numerator)) / int((b - a).denominator)
    return bool(bend > 0 or bend < 0)


def _independent(terms: list[Term], facts: list[Json]) -> list[int]:
    for fact in named(facts, "independent"):
        indices = [int(i) for i in reading.items(fact.get("indices"), "the indices", 6)]
        if len(set(indices)) == len(indices) and indices and all(0 <= i < len(terms) for i in indices):
            _regular([terms[i] for i in indices], fact.get("points"))
            return indices
    raise CertificateError("no functions are established to be independent")


def _constants(basis: list[Term], facts: list[Json]) -> bool:
    for fact in named(facts, "no constants"):
        _regular([*basis, ONE], fact.get("points"))
        return False
    for fact in named(facts, "constants"):
        same(ONE, _sum(fractions(fact.get("coefficients")), basis))
        return True
    raise CertificateError("it is not established whether the constants are in the span")


def _image(basis: list[Term], facts: list[Json], d: int) -> sp.Matrix | None:
    """The action of a scaling on the independent functions; None if it leaves their span, or moves their domain."""
    for fact in named(facts, "moved domain"):
        if fact.get("scale") == d:
            point = reading.rational(fact.get("point"), "a point")
            if not any(_inside(basis, p) and any(undefined_around(t, q) for t in basis)
                       for p, q in ((point, d * point), (d * point, point))):
                raise CertificateError("the domain is not shown to be moved")
            return None
    for fact in named(facts, "outside"):
        if fact.get("scale") == d:
            moved = scaled(basis[int(fact["index"])], num(d))
            _regular([*basis, moved], fact.get("points"))
            return None
    for fact in named(facts, "image"):
        if fact.get("scale") == d:
            rows = [fractions(row) for row in reading.items(fact.get("matrix"), "the matrix", 6)]
            for t, row in zip(basis, rows, strict=True):
                same(scaled(t, num(d)), _sum(row, basis))
            return sp.Matrix([[sp.Rational(c.numerator, c.denominator) for c in row] for row in rows])
    raise CertificateError(f"it is not established what the scaling by {d} does")


def _action(claim: Json, terms: int) -> Represented:
    """The action that is claimed, by its basis and exponents."""
    scalars = ScalarGroup.from_json(reading.fields(claim.get("scalars"), "the scalars"))
    listed = reading.items(claim["exponents"], "the exponents", 6)
    exponents = [parse_constant(reading.text(e, "an exponent")) for e in listed]
    if len(exponents) != terms:
        raise CertificateError("an action has one exponent for each function")
    flip_matrix = _matrix(claim["minus_one"]) if "minus_one" in claim else None
    return Represented(scalars, _matrix(claim["basis"]), exponents, flip_matrix, claim.get("unique") is True)


def _matrix(data: object) -> list[list[sp.Expr]]:
    rows = reading.items(data, "a matrix", 6)
    return [[parse_constant(reading.text(v, "an entry")) for v in reading.items(row, "a row", 6)] for row in rows]
