"""Certificates of linear relations between functions, and their check; nothing is shared with the search for them.

A relation is verified as an identity, wherever all functions are defined; the rank by a minor that is not zero.
The dimension of the space of relations then lies between the number of independent relations and the number of
functions minus the rank.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from flint import arb, arb_mat, ctx

from intertwine.certificates import reading
from intertwine.certificates.analysis.cases import attempt, explore
from intertwine.certificates.analysis.cells import Cell, point
from intertwine.certificates.analysis.clock import SECONDS, Obstacle, TooHard, limited, tick
from intertwine.certificates.analysis.constants import is_zero, settled
from intertwine.certificates.analysis.identities import WHERE_DEFINED, Unproved, nowhere, prove
from intertwine.certificates.analysis.regions import Region
from intertwine.certificates.analysis.spans import exact
from intertwine.certificates.analysis.values import Evaluation, Unclear, Undefined, constant_sign, value_at
from intertwine.certificates.steps import prove_steps
from intertwine.errors import CertificateError
from intertwine.terms import ONE, ZERO, Term, X, add, mul, num

MOST_FUNCTIONS = 80
MOST_CUTS = 200
LARGEST_FILE = 4_000_000
_KEYS = {"schema", "mode", "activation", "arguments", "admit", "status", "dimension", "relations", "independence"}
Json = Mapping[str, Any]


class RelationCertificate:
    """What is claimed of the relations of an activation, with the evidence; :meth:`check` verifies it.

    Certificates are immutable and are compared by their content.

    Examples
    --------
    >>> import intertwine as iw
    >>> certificate = iw.relations("relu", ["t", "-t"], admit=["t"]).certificate
    >>> certificate, certificate.check()
    (<certificate: Max(0, x), 1 relation between 3 functions>, True)
    """

    __slots__ = ("_text",)
    _text: str

    def __init__(self, data: Json) -> None:
        object.__setattr__(self, "_text", json.dumps(data, sort_keys=True))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("certificates cannot be changed")

    def __reduce__(self) -> tuple[Any, ...]:
        return RelationCertificate, (self.to_json(),)

    @classmethod
    def from_json(cls, data: Json | str) -> RelationCertificate:
        """A certificate from its JSON object or text.

        Raises
        ------
        CertificateError
            It is not a certificate of relations.
        """
        if isinstance(data, str):
            if len(data) > LARGEST_FILE:
                raise CertificateError(f"a certificate of more than {LARGEST_FILE} characters")
            try:
                data = json.loads(data)
            except (ValueError, RecursionError) as error:
                raise CertificateError(f"not JSON: {str(error).splitlines()[0]}") from None
        if not isinstance(data, Mapping) or set(data) != _KEYS:
            raise CertificateError(f"a certificate of relations has the entries {', '.join(sorted(_KEYS))}")
        try:
            return cls(data)
        except (TypeError, ValueError, RecursionError):
            raise CertificateError("a certificate is plain JSON data") from None

    def to_json(self) -> dict[str, Any]:
        """The JSON object; a new one each time."""
        data: dict[str, Any] = json.loads(self._text)
        return copy.deepcopy(data)

    def check(self, seconds: float | None = None) -> bool:
        """Verify the certificate, independently of how it was found.

        Parameters
        ----------
        seconds : float, optional
            The time it may take; a minute unless given.

        Returns
        -------
        bool
            True.

        Raises
        ------
        CertificateError
            The claim does not follow; one line names the first thing that does not hold.
        """
        with limited(SECONDS if seconds is None else seconds):
            try:
                _check(self.to_json())
            except CertificateError:
                raise
            except (Obstacle, ValueError, ArithmeticError, RecursionError, MemoryError) as problem:
                line = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
                raise CertificateError(f"the certificate is out of reach: {line}") from None
        return True

    def __eq__(self, other: object) -> bool:
        return self._text == other._text if isinstance(other, RelationCertificate) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        data = self.to_json()
        count, size = len(data["relations"]), len(data["arguments"]) + len(data["admit"])
        return f"<certificate: {data['activation']}, {count} relation{'s' * (count != 1)} between {size} functions>"


def _check(data: Json) -> None:
    if data.get("schema") != 1 or data.get("mode") != "relations":
        raise CertificateError("a certificate of relations has schema 1 and mode 'relations'")
    functions = _functions(data)
    listed = reading.items(data.get("relations"), "the relations", MOST_FUNCTIONS)
    relations = [reading.fields(r, "a relation") for r in listed]
    vectors = [_vector(r, len(functions)) for r in relations]
    _independent([r.get("free") for r in relations], vectors)
    for number, (r, vector) in enumerate(zip(relations, vectors, strict=True), 1):
        _identity(r, vector, functions, f"relation {number}")
    rank = _rank(reading.fields(data.get("independence"), "the independence"), functions)
    lower, upper = len(relations), len(functions) - rank
    if lower > upper:
        raise CertificateError("more relations than the rank allows")
    claim = reading.fields(data.get("dimension"), "the dimension")
    if claim != {"lower": lower, "upper": upper}:
        raise CertificateError(f"the claim does not follow: the dimension is between {lower} and {upper}")
    if data.get("status") != ("exact" if lower == upper else "bounded"):
        raise CertificateError("the claim does not follow: the status is another one")


def _functions(data: Json) -> list[Term]:
    """The functions that the certificate speaks of, built here from the activation and the arguments."""
    s = settled(reading.term(data.get("activation"), "the activation"))
    found = []
    for entry in reading.items(data.get("arguments"), "the arguments", MOST_FUNCTIONS):
        pair = reading.items(entry, "an argument", 2)
        if len(pair) != 2:
            raise CertificateError("an argument is not a pair of constants")
        slope, shift = (reading.constant(c, "a constant of an argument") for c in pair)
        if constant_sign(slope) not in (1, -1):
            raise CertificateError("an argument does not depend on the variable")
        found.append(s.subs(add(mul(slope, X), shift)))
    for entry in reading.items(data.get("admit"), "the admitted functions", MOST_FUNCTIONS):
        found.append(settled(reading.term(entry, "an admitted function")))
    if any(f.is_condition for f in found):
        raise CertificateError("a condition is not a function")
    return found


def _vector(relation: Json, size: int) -> list[Term]:
    found = reading.items(relation.get("coefficients"), "the coefficients of a relation", size)
    if len(found) != size:
        raise CertificateError(f"a relation between {size} functions has {size} coefficients")
    return [reading.constant(c, "a coefficient") for c in found]


def _independent(free: list[object], vectors: list[list[Term]]) -> None:
    """Each relation has coefficient 1 at a function of its own, where all others have 0."""
    for i, (place, vector) in enumerate(zip(free, vectors, strict=True)):
        if isinstance(place, bool) or not isinstance(place, int) or not 0 <= place < len(vector):
            raise CertificateError("the free function of a relation is not one of the functions")
        wanted = [ONE if j == i else ZERO for j in range(len(vectors))]
        if [v[place] for v in vectors] != wanted:
            raise CertificateError("the relations are not seen to be independent")


def _identity(relation: Json, vector: list[Term], functions: list[Term], what: str) -> None:
    guarded = relation.get("guarded") is True
    summands = [mul(c, f) for c, f in zip(vector, functions, strict=True) if c != ZERO or (guarded and f.has_x)]
    total = add(*summands)
    sides = reading.items(relation.get("proofs"), f"{what}: proofs", 2)
    if len(sides) != 2:
        raise CertificateError(f"{what} needs a proof for each half-line")
    try:
        for t, side in zip((total, total.subs(mul(num(-1), X))), sides, strict=True):
            _half_line(t, reading.fields(side, what), what)
    except Unproved as problem:
        raise CertificateError(f"{what}: {problem}") from None
    if not _zero_at_zero(total):
        raise CertificateError(f"{what}: it does not hold at 0")


def _half_line(total: Term, side: Json, what: str) -> None:
    if "period" not in side:
        prove(total, ZERO, WHERE_DEFINED)
        return
    period = reading.rational(side.get("period"), f"the period of {what}")
    cuts = [reading.rational(c, f"a cut of {what}") for c in reading.items(side.get("cuts"), what, MOST_CUTS)]
    if period <= 0 or any(not 0 < c < period for c in cuts) or sorted(set(cuts)) != cuts:
        raise CertificateError(f"{what}: the cuts do not divide one period")
    prove_steps(total, period, cuts)


def _zero_at_zero(total: Term) -> bool:
    for bits in (64, 512):
        try:
            value = value_at(total, Fraction(0), bits)
            if value != 0 or value == 0:
                return bool(value == 0)
        except Undefined:
            return True
        except Unclear:
            continue
    there = total.subs(ZERO)
    return is_zero(there) or nowhere(there, [Cell(at=point(Fraction(1)))])


def _rank(data: Json, functions: list[Term]) -> int:
    """The number of functions whose values at points of the common domain have a nonzero determinant."""
    columns = reading.items(data.get("columns"), "the columns", len(functions))
    if any(isinstance(c, bool) or not isinstance(c, int) or not 0 <= c < len(functions) for c in columns):
        raise CertificateError("a column is not one of the functions")
    listed = reading.items(data.get("points"), "the points", MOST_FUNCTIONS)
    points = [reading.constant(p, "a point") for p in listed]
    if len(points) != len(columns) or len(set(columns)) != len(columns):
        raise CertificateError("the independence needs one point for each column, and each column once")
    if not columns:
        return 0
    for bits in (*reading.bits(data), reading.MOST_BITS):
        tick()
        rows = _rows(functions, points, columns, bits)
        with ctx.workprec(bits):
            if rows is not None and arb_mat([_scaled(row) for row in rows]).det() != 0:
                return len(columns)
    raise CertificateError("the functions are not seen to be independent at the points")


def _scaled(row: list[arb]) -> list[arb]:
    """A row divided by its largest entry, as far as that is known: rows of very different size make wide balls."""
    largest = row[0]
    for v in row[1:]:
        largest = v if abs(v) > abs(largest) else largest
    return row if largest.contains(0) else [v / largest for v in row]


def _value(evaluation: Evaluation, f: Term, at: Term) -> arb:
    wide: arb | None = None
    try:
        wide = evaluation.of(f)
        # Half of the bits are lost where a jump, however small, may lie in the ball.
        if wide.is_exact() or wide.rel_accuracy_bits() >= ctx.prec // 2:
            return wide
    except Unclear:
        pass
    try:  # a jump at this very point, perhaps: the cases are then told apart exactly
        return Evaluation(exact(Fraction(1))).of(_settled_case(f.subs(at)))
    except (Unclear, TooHard):
        if wide is None:
            raise Unclear from None
        return wide


def _settled_case(t: Term) -> Term:
    """A constant with its case distinctions made, where balls cannot tell which case applies."""
    found: list[Term | None] = []

    def visit(region: Region) -> None:
        if region.assumptions:
            raise Unclear
        found.append(attempt(region, t))

    explore([Cell(at=point(Fraction(1)))], visit)
    if found and found[0] is None:
        raise Undefined
    if len(found) != 1 or found[0] is None:
        raise Unclear
    return found[0]


def _rows(functions: list[Term], points: list[Term], columns: list[int], bits: int) -> list[list[arb]] | None:
    rows = []
    with ctx.workprec(bits):
        for p in points:
            try:
                evaluation = Evaluation(value_at(p, Fraction(1), bits))
                values = [_value(evaluation, f, p) for f in functions]  # all of them: the point is in the common domain
            except Undefined:
                raise CertificateError(f"a function is undefined at the point {p}") from None
            except Unclear:
                return None
            rows.append([values[c] for c in columns])
    return rows
