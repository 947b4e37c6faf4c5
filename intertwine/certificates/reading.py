"""The data of a certificate file, read with suspicion: every size is bounded, everything has a type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from flint import fmpq, fmpq_poly

from intertwine.certificates.analysis import values
from intertwine.certificates.analysis.cases import explore
from intertwine.certificates.analysis.cells import Cell, Root, TooHard, compare, point, roots
from intertwine.certificates.analysis.clock import tick
from intertwine.certificates.analysis.plain import plain
from intertwine.certificates.analysis.regions import Region
from intertwine.errors import CertificateError, ExpressionError
from intertwine.parsing import parse_term
from intertwine.terms import Term

LONGEST_TEXT = 20_000
MOST_FACTS = 400
MOST_STEPS = 400
MOST_BITS = 8192
_RATIONAL = re.compile(r"-?[0-9]{1,1500}(/[0-9]{1,1500})?")
_ROOT = re.compile(r"root\((.{1,2000}), ([0-9]{1,4})\)", re.DOTALL)

Json = Mapping[str, Any]


def fields(data: object, what: str) -> Json:
    """A JSON object."""
    if not isinstance(data, Mapping):
        raise CertificateError(f"{what} is not an object")
    return data


def items(data: object, what: str, most: int) -> list[Any]:
    """A JSON array of bounded length."""
    if not isinstance(data, list) or len(data) > most:
        raise CertificateError(f"{what} is not a list of at most {most} items")
    return data


def text(data: object, what: str) -> str:
    """A string of bounded length."""
    if not isinstance(data, str) or len(data) > LONGEST_TEXT:
        raise CertificateError(f"{what} is not a text of at most {LONGEST_TEXT} characters")
    return data


def rational(data: object, what: str) -> Fraction:
    """A fraction, written as such."""
    if not isinstance(data, str) or not _RATIONAL.fullmatch(data):
        raise CertificateError(f"{what} is not a fraction written as text")
    try:
        return Fraction(data)
    except ZeroDivisionError:
        raise CertificateError(f"{what} has the denominator 0") from None


def rationals(data: object, what: str, *counts: int) -> list[Fraction]:
    """So many fractions."""
    found = items(data, what, max(counts))
    if len(found) not in counts:
        raise CertificateError(f"{what} is not a list of {' or '.join(map(str, counts))} fractions")
    return [rational(item, what) for item in found]


def term(data: object, what: str) -> Term:
    """An expression in ``x``, in plain operations."""
    try:
        return plain(parse_term(text(data, what)))
    except ExpressionError as error:
        raise CertificateError(f"{what} cannot be read: {error}") from None


def constant(data: object, what: str) -> Term:
    """A constant that is defined."""
    found = term(data, what)
    if found.has_x or found.is_condition:
        raise CertificateError(f"{what} is not a constant")
    return found


def side(data: Json) -> int:
    """1 or -1 for the half-line."""
    found = data.get("side")
    if isinstance(found, bool) or found not in (1, -1):
        raise CertificateError("the side of a half-line is 1 or -1")
    return int(found)


def bits(data: Json) -> tuple[int, ...]:
    """Working precisions to try: the one of the certificate first."""
    found = data.get("bits", 64)
    if isinstance(found, bool) or not isinstance(found, int) or not 1 <= found <= MOST_BITS:
        raise CertificateError(f"a precision is between 1 and {MOST_BITS} bits")
    return (found + 16, *(b for b in values.BITS if b > found))


def hints(data: object, what: str) -> tuple[list[Cell], tuple[Fraction, ...]]:
    """The cells of an identity's steps and the base points in them; the steps have to cover ``x > 0``."""
    listed = items(fields(data, what).get("steps"), f"{what}: steps", MOST_STEPS)
    steps = [fields(s, f"a step of {what}") for s in listed]
    cells = [_cell(s.get("cell"), what) for s in steps]
    assumed = [_assumptions(s.get("assumptions", []), what) for s in steps]
    bases = tuple(rational(s["base"], f"a base point of {what}") for s in steps if s.get("base") is not None)
    ends = sorted({r for c in cells for r in (c.low, c.high, c.at) if r is not None and point(Fraction(0)) < r})
    parts = Cell().cut(ends)
    for part in parts:
        here = [a for c, a in zip(cells, assumed, strict=True) if _contains(c, part)]
        if not _exhaustive(here, part, {}):
            low, high = part.bounds()
            place = f"{float(low):.6g} < x < {'oo' if high is None else f'{float(high):.6g}'}"
            raise CertificateError(f"{what}: the cases do not cover {place}")
    return parts, bases


def _cell(data: object, what: str) -> Cell:
    ends = items(data, f"a cell of {what}", 2)
    if len(ends) != 2:
        raise CertificateError(f"a cell of {what} does not have two ends")
    if ends[0] == "point":
        return Cell(at=_end(ends[1], what))
    low, high = (None if e is None else _end(e, what) for e in ends)
    if high is not None and compare(low or point(Fraction(0)), high) >= 0:
        raise CertificateError(f"a cell of {what} is empty")
    return Cell(low, high)


def _end(data: object, what: str) -> Root:
    found = _ROOT.fullmatch(text(data, f"an end of a cell of {what}"))
    if found is None:
        return point(rational(data, f"an end of a cell of {what}"))
    try:
        polynomial = _polynomial(term(found[1], "a polynomial"))
        numbers = roots(polynomial) if polynomial.degree() >= 0 else []
    except TooHard as problem:
        raise CertificateError(f"an end of a cell of {what}: {problem}") from None
    if int(found[2]) >= len(numbers):
        raise CertificateError(f"an end of a cell of {what} is a root that does not exist")
    return numbers[int(found[2])]


def _polynomial(t: Term) -> fmpq_poly:
    if t.op == "x":
        return fmpq_poly([0, 1])
    if t.value is not None:
        return fmpq_poly([fmpq(t.value.numerator, t.value.denominator)])
    if t.op == "pow":
        n = t.args[1].value
        if n is None or n.denominator != 1 or not 0 <= n <= 60:
            raise TooHard("not a polynomial")
        result = _polynomial(t.args[0])
        if result.degree() * int(n) > 200:
            raise TooHard("a polynomial of too large a degree")
        return result ** int(n)
    if t.op not in ("add", "mul"):
        raise TooHard("not a polynomial")
    result = _polynomial(t.args[0])
    for a in t.args[1:]:
        p = _polynomial(a)
        result = result + p if t.op == "add" else result * p
        if result.degree() > 200:
            raise TooHard("a polynomial of too large a degree")
    return result


Case = dict[str, frozenset[int]]


def _assumptions(data: object, what: str) -> Case:
    case: Case = {}
    for entry in items(data, f"the assumptions of {what}", 60):
        parts = items(entry, f"an assumption of {what}", 3)
        if len(parts) != 3 or parts[1] not in (-1, 0, 1) or not isinstance(parts[2], bool):
            raise CertificateError(f"an assumption of {what} is not a term, a sign and whether it is weak")
        atom = text(parts[0], f"an assumption of {what}")
        signs = frozenset({int(parts[1]), 0} if parts[2] else {int(parts[1])})
        case[atom] = case.get(atom, signs) & signs
    return case


def _contains(cell: Cell, part: Cell) -> bool:
    if part.at is not None:
        return part.at == cell.at or part.at in cell.inside([part.at])
    if cell.at is not None:
        return False
    zero = point(Fraction(0))
    starts = compare(cell.low or zero, part.low or zero) <= 0
    return starts and (cell.high is None or (part.high is not None and compare(part.high, cell.high) <= 0))


def _exhaustive(cases: list[Case], part: Cell, possible: dict[str, frozenset[int]]) -> bool:
    """Whether one of the cases holds, whatever signs the atoms have on a part of the half-line."""
    tick()
    if any(not case for case in cases):
        return True
    if not cases:
        return False
    atom = next(iter(cases[0]))
    if atom not in possible:
        possible[atom] = _possible(atom, part)
    for sign in possible[atom]:
        left = [{a: s for a, s in c.items() if a != atom} for c in cases if sign in c.get(atom, (sign,))]
        if not _exhaustive(left, part, possible):
            return False
    return True


def _possible(atom: str, part: Cell) -> frozenset[int]:
    """The signs that an atom may have on a cell, as far as they are seen at once."""
    if atom.startswith("gamma(") and _closes(atom):  # it has no zeros
        return frozenset({1, -1})
    if atom.startswith("frac(") and _closes(atom):
        return frozenset({0, 1})
    found: set[int] = set()
    try:
        t = plain(parse_term(atom))

        def visit(region: Region) -> None:
            smooth = region.resolve(t)
            found.update(region.span(smooth).signs & region.known_element(region.forms.of(smooth)))

        explore([part], visit)
    except (TooHard, ExpressionError):
        return frozenset({1, -1, 0})
    return frozenset(found)


def _closes(atom: str) -> bool:
    """Whether the last bracket of a text closes the first one."""
    depth = 0
    for place, character in enumerate(atom):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == ")" and depth == 0:
            return place == len(atom) - 1
    return False
