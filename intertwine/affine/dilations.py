"""All dilations about one centre: ``s`` is a power, a logarithm, a constant or undefined on each side of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from intertwine.affine.about import About, ValueAt, about, centres, value_at
from intertwine.affine.members import AffineMember, NotAffineMember, decide
from intertwine.affine.subject import Subject
from intertwine.calculus.constants import constants_equal, simplified
from intertwine.terms import ONE, ZERO, Term, mul, num


@dataclass(frozen=True)
class Dilations:
    """``T`` contains all dilations about ``centre``; ``minus_one`` settles the reflection in it (None: open)."""

    centre: Term
    form: str
    degree: Term
    offset: Term
    coefficient: Term
    minus_one: AffineMember | NotAffineMember | None
    facts: tuple[Any, ...]


def dilations(subject: Subject) -> Dilations | None:
    """A proof that all dilations about a point are in T, or None.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> found = dilations(Subject(parse_term("x**2 + x")))
    >>> found.centre, found.degree, found.offset, found.minus_one.b
    (-1/2, 2, -1/4, 1)
    """
    tried: set[Term] = set()
    for p in centres(subject):
        if p in tried or len(tried) > 8:
            continue
        tried.add(p)
        found = _at(subject, p)
        if found is not None:
            return found
    return None


def not_together(subject: Subject) -> tuple[Term, tuple[Any, ...]] | None:
    """A point with powers or logarithms on its sides that do not go together: then no group of dilations is in T.

    Such a group would have this centre: about another one the point would lie inside of one side.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> not_together(Subject(parse_term("Piecewise((x**2, Ne(x, 0)), (1, True))")))[0]
    0
    """
    for p in dict.fromkeys(centres(subject)):
        right = about(subject, p, 1)
        left = about(subject, p, -1) if right is not None else None
        here = value_at(subject, p) if left is not None else None
        if right is not None and left is not None and here is not None and _apart(right, left, here):
            return p, (right, left, here)
    return None


def _apart(right: About, left: About, here: ValueAt) -> bool:
    """Whether two sides and the value between them are seen not to be those of one group of dilations."""
    sides = [side for side in (right, left) if side.form != "undefined"]
    moving = [side for side in sides if not side.constant]
    if not moving:
        return False
    lead = moving[0]
    if any(s.form != lead.form for s in moving):
        return True
    if lead.form == "log":
        unlike = _differ(moving[0].coefficient, moving[-1].coefficient)
        return len(moving) < len(sides) or here.value is not None or unlike
    if _differ(moving[0].degree, moving[-1].degree) or any(_differ(s.offset, lead.offset) for s in sides):
        return True
    return here.value is not None and _differ(here.value, lead.offset)


def _differ(a: Term, b: Term) -> bool:
    return constants_equal(a, b) is False


def _at(subject: Subject, p: Term) -> Dilations | None:
    right = about(subject, p, 1)
    left = about(subject, p, -1) if right is not None else None
    here = value_at(subject, p) if left is not None else None
    if right is None or left is None or here is None:
        return None
    shape = _together(right, left, here)
    if shape is None:
        return None
    form, degree, offset, coefficient, here = shape
    minus_one = decide(subject, num(-1), simplified(mul(num(2), p)))
    return Dilations(p, form, degree, offset, coefficient, minus_one, (right, left, here))


def _together(right: About, left: About, here: ValueAt) -> tuple[str, Term, Term, Term, ValueAt] | None:
    """The common form of two sides and the value between them; None if they do not go together."""
    sides = [side for side in (right, left) if side.form != "undefined"]
    moving = [side for side in sides if not side.constant]
    if not sides:
        return None
    if not moving:
        return "power", ZERO, ZERO, ZERO, here
    lead = moving[0]
    if lead.form == "log":
        same = len(moving) == len(sides) and all(
            s.form == "log" and constants_equal(s.coefficient, lead.coefficient) is True for s in moving)
        return ("log", ZERO, ZERO, lead.coefficient, here) if same and here.value is None else None
    if constants_equal(lead.degree, ZERO) is not False or any(s.form != "power" for s in sides):
        return None
    if any(constants_equal(s.degree, lead.degree) is not True for s in moving):
        return None
    if any(constants_equal(s.offset, lead.offset) is not True for s in sides):
        return None
    if here.value is not None and constants_equal(here.value, lead.offset) is not True:
        return None
    return "power", lead.degree, lead.offset, ONE, here

