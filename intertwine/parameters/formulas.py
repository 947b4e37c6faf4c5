"""Where a claim holds: a formula in the conditions of the tree, as short as the tree allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from intertwine.parameters.conditions import ZERO_SIGN, Signs
from intertwine.parameters.tree import Empty, Leaf, Node
from intertwine.terms import Term, num


@dataclass(frozen=True)
class Literal:
    """The sign of a term is one of these; or a parameter is even, odd, or no whole number (``whole``)."""

    atom: Term
    signs: Signs | None
    whole: tuple[str, ...] = ()


@dataclass(frozen=True)
class Formula:
    """``op`` is ``"true"``, ``"false"``, ``"is"`` (a literal), ``"and"`` or ``"or"``."""

    op: str
    parts: tuple[Formula, ...] = ()
    literal: Literal | None = None


TRUE, FALSE = Formula("true"), Formula("false")
_CLASSES = ("even", "odd", "broken")


def conjunction(*parts: Formula) -> Formula:
    """All of them."""
    flat = [q for p in parts for q in (p.parts if p.op == "and" else (p,)) if q != TRUE]
    if FALSE in flat:
        return FALSE
    flat = _without_implied(list(dict.fromkeys(flat)))
    return TRUE if not flat else flat[0] if len(flat) == 1 else Formula("and", tuple(flat))


def _without_implied(parts: list[Formula]) -> list[Formula]:
    """``alpha = -1`` needs no ``alpha != 1`` beside it."""
    values = {}
    for p in parts:
        if p.literal is not None and p.literal.signs == ZERO_SIGN:
            left, right, _ = sides(p.literal)
            if left.is_parameter and right.value is not None:
                values[left] = right.value
    return [p for p in parts if not _implied(p, values)]


def _implied(p: Formula, values: dict[Term, Fraction]) -> bool:
    if p.literal is None or p.literal.signs == ZERO_SIGN:
        return False
    if p.literal.signs is None:
        value = values.get(p.literal.atom)
        kind = None if value is None else "broken" if value.denominator > 1 else "odd" if value % 2 else "even"
        return kind in p.literal.whole
    left, right, signs = sides(p.literal)
    if left not in values or right.value is None:
        return False
    difference = values[left] - right.value
    return (difference > 0) - (difference < 0) in signs


def disjunction(*parts: Formula) -> Formula:
    """One of them."""
    flat = [q for p in parts for q in (p.parts if p.op == "or" else (p,)) if q != FALSE]
    if TRUE in flat:
        return TRUE
    flat = list(dict.fromkeys(flat))
    return FALSE if not flat else flat[0] if len(flat) == 1 else Formula("or", tuple(flat))


def where(node: Node, wanted: Callable[[Leaf], bool]) -> Formula:
    """The parameters that lead to a wanted leaf; branches that no parameters lead to are of either kind."""
    found = _where(node, wanted)
    return FALSE if found is None else found


def _where(node: Node, wanted: Callable[[Leaf], bool]) -> Formula | None:
    if isinstance(node, Empty):
        return None
    if isinstance(node, Leaf):
        return TRUE if wanted(node) else FALSE
    inner = [(b, _where(b.node, wanted)) for b in node.branches]
    groups: dict[Formula, list[Any]] = {}
    for b, f in inner:
        if f is not None:
            groups.setdefault(f, []).append(b)
    free = [b for b, f in inner if f is None]
    if not groups:
        return None
    groups = _merged(node.atom, groups)
    # A branch with an equality may satisfy the formula of its neighbours as it stands.
    if len(groups) == 1:
        return next(iter(groups))
    parts = []
    for formula, branches in groups.items():
        if formula == FALSE:
            continue
        others = [b for f, bs in groups.items() if f != formula for b in bs]
        parts.append(conjunction(_literal(node.atom, branches, free, others), formula))
    return disjunction(*parts)


def _merged(atom: Term, groups: dict[Formula, list[Any]]) -> dict[Formula, list[Any]]:
    """Groups joined where the formula of one says, on the branches of the other, the same as theirs."""
    for wide in sorted(groups, key=lambda f: -len(f.parts)):
        for narrow in groups:
            if narrow in (wide, FALSE) or wide == FALSE or wide.op == "or":
                continue
            parts = wide.parts if wide.op == "and" else (wide,)
            if all(_restricted(parts, atom, b) == narrow for b in groups[narrow]):
                joined = {f: bs for f, bs in groups.items() if f not in (wide, narrow)}
                return _merged(atom, {**joined, wide: groups[wide] + groups[narrow]})
    return groups


def _restricted(parts: tuple[Formula, ...], atom: Term, branch: Any) -> Formula:
    """A conjunction without what the sign of a parameter implies: ``p < 0`` implies ``p != 1``."""
    if branch.signs is None:
        return conjunction(*parts)
    left, right, signs = sides(Literal(atom, branch.signs))
    return conjunction(*(p for p in parts if not _follows(p, left, right, signs)))


def _follows(p: Formula, left: Term, right: Term, signs: Signs) -> bool:
    if p.literal is None or p.literal.signs is None or right.value is None or not left.is_parameter:
        return False
    other, bound, wanted = sides(p.literal)
    if other != left or bound.value is None:
        return False
    beyond = (bound.value > right.value) - (bound.value < right.value)
    # The parameter is on one side of ``right``, and ``bound`` on the other or on it.
    if len(signs) == 1 and 0 not in signs and beyond != next(iter(signs)):
        return bool(signs <= wanted)
    return bool(signs == {0} and {-beyond} <= wanted)


def _literal(atom: Term, branches: list[Any], free: list[Any], others: list[Any]) -> Formula:
    if branches[0].signs is None:
        return Formula("is", literal=Literal(atom, None, tuple(n for n in _CLASSES if n in {
            b.whole for b in branches})))
    signs = frozenset().union(*(b.signs for b in branches))
    spare = frozenset().union(*(b.signs for b in free)) if free else frozenset()
    excluded = frozenset().union(*(b.signs for b in others)) if others else frozenset()
    if excluded == {0}:
        signs = signs | spare  # "not zero" reads better than the one sign that is left
    return Formula("is", literal=Literal(atom, signs))


# -- text and SymPy ------------------------------------------------------------------
_WORDS = {
    frozenset({0}): "=", frozenset({-1, 1}): "!=", frozenset({1}): ">", frozenset({-1}): "<",
    frozenset({0, 1}): ">=", frozenset({-1, 0}): "<=",
}  # fmt: skip


def to_words(f: Formula) -> str:
    """A formula for people."""
    if f.op in ("true", "false"):
        return "always" if f.op == "true" else "never"
    if f.op == "is":
        assert f.literal is not None
        return _literal_words(f.literal)
    joint = " and " if f.op == "and" else " or "
    return joint.join(f"({to_words(p)})" if p.op in ("and", "or") else to_words(p) for p in f.parts)


def sides(literal: Literal) -> tuple[Term, Term, Signs]:
    """An atom as ``left - right``: a parameter alone on the left when it is linear in one with a number."""
    assert literal.signs is not None
    atom, signs = literal.atom, literal.signs
    if atom.op != "add":
        return atom, num(0), signs
    constant = next((a.value for a in atom.args if a.value is not None), Fraction(0))
    rest = [a for a in atom.args if a.value is None]
    if len(rest) == 1:
        factor = rest[0].args[0].value if rest[0].op == "mul" else None
        if factor is not None:
            left = rest[0].args[1] if len(rest[0].args) == 2 else Term("mul", rest[0].args[1:])
            return left, num(-constant / factor), signs if factor > 0 else frozenset(-s for s in signs)
        return rest[0], num(-constant), signs
    if len(rest) == 2 and not constant:
        left, right = rest
        negative = [a for a in rest if a.op == "mul" and (a.args[0].value or 0) < 0]
        if len(negative) == 1:
            left = next(a for a in rest if a is not negative[0])
            right = num(-1) * negative[0]
            return left, right, signs
    return atom, num(0), signs


def _literal_words(literal: Literal) -> str:
    if literal.signs is None:
        names = {"even": f"{literal.atom} is even", "odd": f"{literal.atom} is odd",
                 "broken": f"{literal.atom} is not an integer"}
        if set(literal.whole) == {"even", "odd"}:
            return f"{literal.atom} is an integer"
        return " or ".join(names[n] for n in literal.whole)
    left, right, signs = sides(literal)
    return f"{left} {_WORDS[signs]} {right}"


def to_sympy_condition(f: Formula, export: Callable[[Term], Any]) -> Any:
    """A formula as a SymPy condition."""
    import sympy

    if f.op in ("true", "false"):
        return sympy.true if f.op == "true" else sympy.false
    if f.op in ("and", "or"):
        parts = [to_sympy_condition(p, export) for p in f.parts]
        return sympy.And(*parts) if f.op == "and" else sympy.Or(*parts)
    assert f.literal is not None
    if f.literal.signs is None:
        p = export(f.literal.atom)
        tests = {"even": sympy.Eq(sympy.Mod(p, 2), 0), "odd": sympy.Eq(sympy.Mod(p, 2), 1),
                 "broken": sympy.Ne(sympy.Mod(p, 1), 0)}
        return sympy.Or(*(tests[n] for n in f.literal.whole))
    left, right, signs = sides(f.literal)
    relation = {"=": sympy.Eq, "!=": sympy.Ne, ">": sympy.Gt, "<": sympy.Lt, ">=": sympy.Ge, "<=": sympy.Le}
    return relation[_WORDS[signs]](export(left), export(right))
