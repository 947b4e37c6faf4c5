"""Regions that cover the space: where a sign is not known, the cases are distinguished."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from intertwine.calculus.budget import check
from intertwine.calculus.tower import NoNormalForm, Rescale
from intertwine.maps.expressions import index_of, substitute, variable, variables_of
from intertwine.maps.regions import NONZERO, Assumption, Empty, Region, Split, Undefined, Units
from intertwine.terms import Term, mul, num

MOST_LEAVES = 400


class TooManyRegions(NoNormalForm):
    """The case distinction grew beyond its bound."""


Visitor = Callable[[Region, tuple["Term | None", ...]], bool]
Forms = tuple[Term, ...]


@dataclass(frozen=True)
class Wall:
    """The zeros of a hard atom; ``forms`` are linear forms with the same common zeros, empty if there are none."""

    atom: Term
    forms: Forms


def explore(n: int, terms: Sequence[Term], visit: Visitor, walls: dict[Wall, None] | None = None) -> bool:
    """Visit regions that cover the space, with the terms resolved on each (None: undefined there).

    ``visit`` may be interrupted and called again for the same region, so it should record results last. The hard
    walls met on the way are put into ``walls``.

    Raises
    ------
    NoNormalForm
        The expressions are outside what the normal form can express, or there are too many regions.
    """
    units: Units = {}
    stack: list[tuple[tuple[Assumption, ...], tuple[tuple[int, Term], ...]]] = [((), ())]
    for _ in range(MOST_LEAVES):
        if not stack:
            return True
        check()
        assumptions, replaced = stack.pop()
        try:
            region = Region(n, assumptions, replaced, dict(units))
            if not visit(region, tuple(_attempt(region, t) for t in terms)):
                return False
        except Empty:
            continue
        except Split as split:
            if split.hard and walls is not None:
                walls.setdefault(_wall(split.atom, replaced))
            stack.extend(reversed(_cases(n, assumptions, replaced, split)))
        except Rescale as rescale:
            units[rescale.family] = rescale.unit
            stack.append((assumptions, replaced))
        except (RecursionError, OverflowError) as error:
            raise NoNormalForm(type(error).__name__) from error
    raise TooManyRegions


Branch = tuple[tuple[Assumption, ...], tuple[tuple[int, Term], ...]]


def _cases(n: int, assumptions: tuple[Assumption, ...], replaced: tuple[tuple[int, Term], ...],
           split: Split) -> list[Branch]:
    kept = tuple(a for a in assumptions if not (a.atom == split.atom and a.sign == NONZERO))
    result: list[Branch] = []
    for s in split.signs:
        solved = _solve_zero(split.atom, replaced) if s == 0 else None
        if solved is None:
            result.append(((*kept, Assumption(split.atom, s, split.hard)), replaced))
        else:
            result.append((kept, solved))
    return result


def _wall(atom: Term, replaced: tuple[tuple[int, Term], ...]) -> Wall:
    inside = tuple(variable(j) - value if value.value != 0 else variable(j) for j, value in replaced)
    forms = _linear_zeros(atom)
    linear = all(_solve_linear(f) is not None for f in forms)
    if replaced and not linear:
        raise NoNormalForm("a curved wall inside another wall")
    return Wall(atom, (*inside, *forms) if linear else ())


def _solve_zero(atom: Term, replaced: tuple[tuple[int, Term], ...]) -> tuple[tuple[int, Term], ...] | None:
    """The replacements on the zeros of an atom, when these are a linear subspace."""
    current = replaced
    for form in _linear_zeros(atom):
        form = substitute(form, dict(current))
        solved = _solve_linear(form)
        if solved is None:
            return None
        j, value = solved
        current = (*((k, substitute(t, {j: value})) for k, t in current), (j, value))
    return current


def _linear_zeros(atom: Term) -> list[Term]:
    """Linear forms whose common zeros are those of the atom: the atom itself, or the squares in a sum of squares."""
    if atom.op == "add" and all(_square(a) is not None for a in atom.args):
        return [s for a in atom.args if (s := _square(a)) is not None]
    found = _square(atom)
    return [atom if found is None else found]


def _square(t: Term) -> Term | None:
    """The variable of which a term is a positive even power with a positive coefficient."""
    factors = t.args if t.op == "mul" else (t,)
    variables = [f for f in factors if variables_of(f)]
    constants = [f for f in factors if not variables_of(f)]
    if len(variables) != 1 or any(c.value is None or c.value <= 0 for c in constants):
        return None
    f = variables[0]
    if f.op != "pow" or f.args[1].value is None or f.args[1].value % 2 or f.args[1].value <= 0:
        return None
    return f.args[0] if index_of(f.args[0]) is not None else None


def _solve_linear(form: Term) -> tuple[int, Term] | None:
    """``x_j = value`` on the zeros of a form that is linear with rational coefficients."""
    coefficients: dict[int, Fraction] = {}
    constant = Fraction(0)
    for t in form.args if form.op == "add" else (form,):
        factors = t.args if t.op == "mul" else (t,)
        scale, where = Fraction(1), None
        for f in factors:
            j = index_of(f)
            if f.value is not None:
                scale *= f.value
            elif j is not None and where is None:
                where = j
            else:
                return None
        if where is None:
            constant += scale
        else:
            coefficients[where] = coefficients.get(where, Fraction(0)) + scale
    used = [j for j, c in coefficients.items() if c]
    if not used:
        return None
    j = used[0]
    lead = coefficients[j]
    parts = [mul(num(-coefficients[k] / lead), variable(k)) for k in used[1:]]
    total: Term = num(-constant / lead)
    for p in parts:
        total = total + p
    return j, total


def _attempt(region: Region, t: Term) -> Term | None:
    try:
        return region.resolve(t)
    except Undefined:
        return None
