"""A map of fixed size as a value: expressions in x1, ..., xn, read from text or SymPy."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from keyword import iskeyword
from typing import Any, NoReturn

from intertwine.calculus.core import to_core
from intertwine.certificates.maps.removable import filled
from intertwine.errors import ExpressionError
from intertwine.parsing.reader import Reader
from intertwine.parsing.scan import Refusal
from intertwine.terms import Term, add, mul, num, rebuild, to_text
from intertwine.terms.bounds import Bounds
from intertwine.terms.sympy_bridge import _Importer

MOST = 6
_NAME = re.compile(r"\bx([1-9]\d*)\b")


def variable(j: int) -> Term:
    """The variable ``x1``, ``x2``, ... with the index starting at 0."""
    return Term(f"x{j + 1}")


def index_of(term: Term) -> int | None:
    """The index of a variable, None for any other term."""
    op = term.op
    return int(op[1:]) - 1 if not term.args and len(op) > 1 and op[0] == "x" and op[1:].isdigit() else None


def variables_of(term: Term) -> frozenset[int]:
    """The indices of the variables that occur."""
    return frozenset(j for node in term.walk() if (j := index_of(node)) is not None)


def substitute(term: Term, values: Mapping[int, Term]) -> Term:
    """The term with variables replaced."""
    memo: dict[Term, Term] = {}
    for node in term.walk():
        j = index_of(node)
        if j is not None:
            memo[node] = values.get(j, node)
        else:
            memo[node] = rebuild(node, tuple(memo[a] for a in node.args)) if node.args else node
    return memo[term]


def linear_form(coefficients: Sequence[Term]) -> Term:
    """``c1*x1 + ... + cn*xn`` for constants, without the terms that are literally zero."""
    parts = []
    for j, c in enumerate(coefficients):
        if c.value == 0:
            continue
        parts.append(variable(j) if c.value == 1 else mul(c, variable(j)))
    return add(*parts) if parts else num(0)


@dataclass(frozen=True)
class SmallMap:
    """Expressions s_1, ..., s_m in n variables.

    Attributes
    ----------
    terms : tuple of Term
        As they were read, in ``x1`` ... ``xn``.
    n : int
        The number of variables.
    names : tuple of str
        What the caller calls the variables.
    """

    terms: tuple[Term, ...]
    n: int
    names: tuple[str, ...]

    @property
    def m(self) -> int:
        """The number of expressions."""
        return len(self.terms)

    def core(self) -> tuple[Term, ...]:
        """The same functions in the core operations, with removable singularities of rational parts filled in."""
        return tuple(to_core(filled(t)) for t in self.terms)

    def texts(self) -> tuple[str, ...]:
        """The expressions as text in ``x1`` ... ``xn``, which :func:`read_map` reads back."""
        return tuple(show(t) for t in self.terms)

    def __repr__(self) -> str:
        return f"[{', '.join(self.texts())}]"


def show(term: Term) -> str:
    """A term in several variables as text."""
    return to_text(term)


def composed(terms: Iterable[Term], matrix: Sequence[Sequence[Term]]) -> tuple[Term, ...]:
    """The functions after the substitution x -> Ax."""
    rows = {i: linear_form(row) for i, row in enumerate(matrix)}
    return tuple(substitute(t, rows) for t in terms)


def read_map(expressions: Any, variables: Any = None, dim: int | None = None) -> SmallMap:
    """Read a map of fixed size.

    Parameters
    ----------
    expressions : str, SymPy expression, or a sequence of them
        Text may also be a list: ``"[Max(x1, x2), Min(x1, x2)]"``.
    variables : sequence of symbols or names, optional
        In the order of the coordinates; ``x1`` ... ``xn`` (as many as occur, or as ``dim`` says) if not given.
    dim : int, optional
        The number of variables, when more than those that occur.

    Raises
    ------
    ExpressionError
        If something cannot be read, or there are more than six variables or expressions.

    Examples
    --------
    >>> read_map("[Max(x1, x2), Min(x1, x2)]")
    [Max(x1, x2), Min(x1, x2)]
    >>> read_map(["a*b"], variables=["a", "b"])
    [x1*x2]
    """
    items = _items(expressions)
    if not 1 <= len(items) <= MOST:
        raise ExpressionError(f"a small map has 1 to {MOST} expressions, not {len(items)}")
    names = _names(items, variables, dim)
    if not 1 <= len(names) <= MOST:
        raise ExpressionError(f"a small map has 1 to {MOST} variables, not {len(names)}")
    terms = tuple(_read(item, names) for item in items)
    return SmallMap(terms, len(names), names)


def _items(expressions: Any) -> list[Any]:
    if isinstance(expressions, str):
        return _split(expressions)
    if isinstance(expressions, Term):
        return [expressions]
    if isinstance(expressions, set | frozenset | Mapping):
        _refuse_unordered("expressions", expressions)
    if isinstance(expressions, Iterable):
        return list(expressions)
    return [expressions]


def _refuse_unordered(what: str, given: object) -> NoReturn:
    raise ExpressionError(f"the {what} are given in their order, as a list or tuple, not as {type(given).__name__}")


def _split(text: str) -> list[Any]:
    """The entries of a list written as text; the text itself if it is no list."""
    stripped = text.strip()
    if not (stripped.startswith("[") and stripped.endswith("]")) or len(stripped) > 20_000:
        return [text]
    try:
        tree = ast.parse(stripped, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionError("not a list of expressions") from None
    if not isinstance(tree, ast.List):
        raise ExpressionError("not a list of expressions")
    return [ast.get_source_segment(stripped, element) or "" for element in tree.elts]


def _names(items: list[Any], variables: Any, dim: int | None) -> tuple[str, ...]:
    if dim is not None and (isinstance(dim, bool) or not isinstance(dim, int) or not 1 <= dim <= MOST):
        raise ExpressionError(f"the number of variables is between 1 and {MOST}, not {dim!r}")
    if variables is not None:
        if isinstance(variables, set | frozenset | Mapping) or not isinstance(variables, Iterable):
            variables = [variables] if hasattr(variables, "is_Symbol") else _refuse_unordered("variables", variables)
        names = tuple(str(v) for v in ([variables] if isinstance(variables, str) else variables))
        twice = next((name for k, name in enumerate(names) if name in names[:k]), None)
        if twice is not None:
            raise ExpressionError(f"the variable {twice} is given twice")
        wrong = next((name for name in names if not name.isidentifier() or iskeyword(name)), None)
        if wrong is not None:
            raise ExpressionError(f"a variable is a symbol or a name, not {wrong[:40]!a}")
        if dim is not None and dim != len(names):
            raise ExpressionError(f"{len(names)} variables are given, but {dim} dimensions")
        return names
    found: set[str] = set()
    for item in items:
        if isinstance(item, str):
            found |= {f"x{k}" for k in _NAME.findall(item)}
        elif isinstance(item, Term):
            found |= {f"x{j + 1}" for j in variables_of(item)}
        else:
            found |= {str(s) for s in getattr(item, "free_symbols", ())}
    if all(_NAME.fullmatch(name) for name in found):
        top = max([int(name[1:]) for name in found] + [dim or 1])
        if top > MOST or (dim is not None and top > dim):
            raise ExpressionError(f"x{top} is beyond the {dim or MOST} variables of the map")
        return tuple(f"x{j + 1}" for j in range(top))
    if dim is not None and dim != len(found):
        raise ExpressionError("give the variables in their order, for example variables=(x, y)")
    return tuple(sorted(found))


def _read(item: Any, names: tuple[str, ...]) -> Term:
    if isinstance(item, Term):
        return item
    if isinstance(item, str):
        return _read_text(item, {name: variable(j) for j, name in enumerate(names)})
    return _read_sympy(item, names)


def _read_text(text: str, names: dict[str, Term]) -> Term:
    known: dict[str, Term] = _Names(names)
    if len(names) == 1:
        known = {"x": next(iter(names.values())), **names}
    try:
        return Reader(text, known, Bounds()).read()
    except Refusal as refusal:
        fragment = text[refusal.start : refusal.end][:40]
        shown = f": {fragment!a}" if fragment else ""
        hint = refusal.hint if len(names) == 1 else refusal.hint.replace(
            "the variable is x", f"the variables are {', '.join(names)}")
        message = f"{refusal.problem} at column {refusal.start + 1}{shown}" + (f"; {hint}" if hint else "")
        raise ExpressionError(message) from None
    except RecursionError:
        raise ExpressionError("an expression nested too deep for the stack it is read on") from None


class _Names(dict[str, Term]):
    """Names of several variables, of which none is meant by a function without its argument."""

    def __missing__(self, key: str) -> Term:
        raise ExpressionError("a function without its argument: write it of one of the variables")


def _read_sympy(item: Any, names: tuple[str, ...]) -> Term:
    import sympy

    from intertwine.terms.sympy_bridge import from_sympy

    if isinstance(item, sympy.Basic):
        try:
            return _SeveralImporter(sympy, names).number(item, 1)
        except RecursionError:
            raise ExpressionError("a SymPy expression nested too deep for the stack it is read on") from None
    return from_sympy(item)


class _SeveralImporter(_Importer):
    """Reads SymPy expressions in several symbols."""

    def __init__(self, sympy: Any, names: tuple[str, ...]) -> None:
        super().__init__(sympy, {})
        self.names = names

    def variable(self, symbol: Any) -> Term:
        if str(symbol) not in self.names:
            raise ExpressionError(f"the symbol {symbol} is not one of the variables {', '.join(self.names)}")
        assumed = [a for a in ("positive", "negative", "integer") if getattr(symbol, f"is_{a}")]
        if symbol.is_real is False or assumed:
            raise ExpressionError(f'the symbol {symbol} may only be assumed real: Symbol("{symbol}", real=True)')
        return variable(self.names.index(str(symbol)))
