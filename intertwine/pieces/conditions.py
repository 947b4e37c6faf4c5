"""Conditions on signs of terms whose zeros are not located one by one, and cases under such conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from intertwine.calculus.cases import Assumption
from intertwine.calculus.cells import Cell
from intertwine.calculus.deepsigns import monotone_sign
from intertwine.calculus.enclosure import Unclear
from intertwine.calculus.ranges import range_of
from intertwine.calculus.signs import basic_sign
from intertwine.pieces.analyticity import entire
from intertwine.terms import ZERO, Term, add, apply, mul, num, rebuild

Signs = frozenset[int]
_RELATIONS = {
    frozenset({1}): ">", frozenset({-1}): "<", frozenset({0}): "=", frozenset({0, 1}): ">=",
    frozenset({-1, 0}): "<=", frozenset({-1, 1}): "!=",
}  # fmt: skip


@dataclass(frozen=True)
class Condition:
    """The sign of ``atom`` is one of ``signs``.

    Examples
    --------
    >>> from intertwine.terms import PI, X, apply
    >>> Condition(apply("sin", X), frozenset({0, 1})), Condition(X - PI, frozenset({-1}))
    (sin(x) >= 0, x < pi)
    """

    atom: Term
    signs: Signs

    @property
    def opposite(self) -> Condition:
        """The condition that holds where this one does not, and the atom is defined."""
        every = {0, 1} if self.atom.op == "frac" else {-1, 0, 1}
        return Condition(self.atom, frozenset(every) - self.signs)

    def __repr__(self) -> str:
        if self.atom.op == "frac":
            return f"{self.atom.args[0]} is {'an' if self.signs == {0} else 'not an'} integer"
        left, right, direction = _sides(self.atom)
        return f"{left} {_RELATIONS[self.signs if direction > 0 else _flipped(self.signs)]} {right}"


def _negative(t: Term) -> bool:
    return (t.value is not None and t.value < 0) or (
        t.op == "mul" and t.args[0].value is not None and t.args[0].value < 0
    )


def _sides(atom: Term) -> tuple[Term, Term, int]:
    """``(a, b, d)`` with ``atom = d*(a - b)``, few minus signs, and constants in ``b``."""
    if atom.op != "add":
        return atom, ZERO, 1
    left = [a for a in atom.args if a.has_x and not _negative(a)]
    right = [mul(num(-1), a) for a in atom.args if not a.has_x or _negative(a)]
    if left:
        return add(*left), add(*right), 1
    left = [mul(num(-1), a) for a in atom.args if a.has_x]
    return add(*left), add(*(a for a in atom.args if not a.has_x)), -1


@dataclass(frozen=True)
class Case:
    """The smooth term (None: undefined) that a function is where all conditions hold."""

    conditions: tuple[Condition, ...]
    expression: Term | None

    def signs(self, atom: Term) -> Signs | None:
        """What the conditions say of an atom."""
        return next((c.signs for c in self.conditions if c.atom == atom), None)

    def narrowed(self, more: dict[Term, Signs]) -> Case:
        """With further conditions."""
        return Case(_ordered({c.atom: c.signs for c in self.conditions} | more), self.expression)

    def without(self, condition: Condition) -> Case:
        """With one condition less."""
        return Case(tuple(c for c in self.conditions if c != condition), self.expression)


def case_from(
    assumptions: Iterable[Assumption], expression: Term | None, change: Callable[[Term], Term]
) -> Case | None:
    """A case from assumptions whose atoms are changed first; None if they contradict each other."""
    found: dict[Term, Signs] = {}
    for a in assumptions:
        atom, signs = _canonical(change(a.atom), frozenset({a.sign, 0} if a.weak else {a.sign}))
        found[atom] = found.get(atom, signs) & signs
    if not all(found.values()):
        return None
    return Case(_ordered(found), expression)


def _ordered(found: dict[Term, Signs]) -> tuple[Condition, ...]:
    return tuple(Condition(atom, found[atom]) for atom in sorted(found, key=repr))


def _canonical(atom: Term, signs: Signs) -> tuple[Term, Signs]:
    """The same condition without odd powers and rational factors, the first summand positive."""
    for node in atom.walk():
        if node.op == "floor" and atom == node.args[0] - node:
            atom = apply("frac", node.args[0])
    if atom.op == "frac" and _negative(atom.args[0]):  # only "= 0" and "> 0" occur, and those of -u are those of u
        return apply("frac", mul(num(-1), atom.args[0])), signs
    if atom.op == "pow" and (n := atom.args[1].value) is not None and n.denominator == 1 and n % 2:
        return _canonical(atom.args[0], signs if n > 0 else signs - {0})
    if atom.op == "mul" and (c := atom.args[0].value) is not None and c != 0:
        return _canonical(mul(*atom.args[1:]), signs if c > 0 else _flipped(signs))
    if atom.op == "add" and _negative(atom.args[0]):
        return add(*(mul(num(-1), a) for a in atom.args)), _flipped(signs)
    return atom, signs


def _flipped(signs: Signs) -> Signs:
    return frozenset(-s for s in signs)


def possible_signs(atom: Term, cell: Cell) -> Signs:
    """The signs that are not excluded on a cell of ``x > 0``."""
    if atom.op == "frac":
        return frozenset({0, 1})
    found = basic_sign(atom, cell)
    if found is None:
        found = monotone_sign(atom, cell)
    if found is not None:
        return frozenset({found})
    try:
        r = range_of(atom, *cell.bounds())
    except (Unclear, ValueError):
        return frozenset({-1, 0, 1})
    every = {-1, 1} if atom.op == "gamma" else {-1, 0, 1}
    return frozenset(s for s in every if not (s > 0 and r.hi <= 0) and not (s < 0 and r.lo >= 0))


def pruned(cases: list[Case], possible: Callable[[Term], Signs]) -> list[Case]:
    """Without impossible cases, and without conditions that always hold."""
    kept: list[Case] = []
    for case in cases:
        found = {c.atom: c.signs & possible(c.atom) for c in case.conditions}
        if all(found.values()):
            needed = {a: s for a, s in found.items() if s != possible(a)}
            kept.append(Case(_ordered(needed), case.expression))
    return list(dict.fromkeys(kept))


def joined(cases: list[Case], possible: Callable[[Term], Signs], same: Callable[[Term, Term], bool]) -> list[Case]:
    """Cases of one expression that differ in the signs of one atom as one case.

    Where that would cover every sign of the atom, the expression has to be analytic at its zeros.
    """
    cases = list(cases)
    changed = True
    while changed:
        changed = False
        for i, a in enumerate(cases):
            for j in range(i + 1, len(cases)):
                together = _together(a, cases[j], possible, same)
                if together is not None:
                    cases[i], changed = together, True
                    del cases[j]
                    break
            if changed:
                break
    return cases


def _together(a: Case, b: Case, possible: Callable[[Term], Signs], same: Callable[[Term, Term], bool]) -> Case | None:
    atoms = {c.atom for c in a.conditions}
    if atoms != {c.atom for c in b.conditions}:
        return None
    different = [t for t in atoms if a.signs(t) != b.signs(t)]
    if len(different) > 1:
        return None
    found = {c.atom: c.signs for c in a.conditions}
    for atom in different:
        found[atom] = found[atom] | (b.signs(atom) or frozenset())
    expression = _common(a, b, different[0] if different else None, same)
    if isinstance(expression, bool):
        return None
    for atom in different:
        if found[atom] >= possible(atom):
            if expression is not None and 0 in found[atom] and len(found[atom]) > 1 and not entire(expression):
                return None
            del found[atom]
    return Case(_ordered(found), expression)


def _common(a: Case, b: Case, atom: Term | None, same: Callable[[Term, Term], bool]) -> Term | None | bool:
    """The expression of both cases; False if there is none."""
    if a.expression == b.expression:
        return a.expression
    if a.expression is None or b.expression is None or atom is None:
        return False
    for general, special in ((a, b), (b, a)):
        if special.signs(atom) == frozenset({0}):
            assert general.expression is not None and special.expression is not None
            if same(_with_zero(general.expression, atom), special.expression):
                return general.expression
    return False


def _with_zero(t: Term, atom: Term) -> Term:
    """The term with an atom replaced by 0."""
    if t == atom:
        return ZERO
    return rebuild(t, tuple(_with_zero(a, atom) for a in t.args)) if t.args else t


def contains(outer: Case, inner: Case, possible: Callable[[Term], Signs]) -> bool:
    """Whether the conditions of ``inner``, with the signs possible at all, imply those of ``outer``."""
    return all((inner.signs(c.atom) or possible(c.atom)) <= c.signs for c in outer.conditions)


def disjoint(a: Case, b: Case, possible: Callable[[Term], Signs]) -> bool:
    """Whether two cases have no point in common, as far as single atoms tell."""
    return any(not (c.signs & (b.signs(c.atom) or possible(c.atom))) for c in a.conditions)


