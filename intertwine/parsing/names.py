"""Names that may stand for symbolic parameters."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from intertwine.activations import find_activation
from intertwine.errors import ExpressionError
from intertwine.parsing.functions import CONNECTIVES, CONSTANTS, FUNCTIONS, RELATIONS
from intertwine.parsing.reader import syntax
from intertwine.parsing.scan import Refusal

#: Names that need no declaration: what else could they be.
LETTERS = frozenset(
    "a b c k p w alpha beta delta epsilon eta theta kappa lambda_ mu nu xi rho sigma tau phi chi psi omega".split()
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z_0-9]{0,39}")


def free_names(text: str) -> list[str]:
    """The names in a text that are neither the variable nor part of the language, in order.

    Examples
    --------
    >>> free_names("leaky_relu(x, alpha) + pi*a")
    ['alpha', 'a']
    """
    try:
        tree = syntax(text)
    except Refusal:
        return []
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called]
    names.sort(key=lambda node: node.col_offset)
    return list(dict.fromkeys(n.id for n in names if n.id != "x" and not is_taken(n.id)))


def is_taken(name: str) -> bool:
    """Whether a name has a meaning in the language; ``sigma``-like letters that only name an activation are free."""
    if any(name in table for table in (CONSTANTS, FUNCTIONS, RELATIONS, CONNECTIVES)) or name in ("x", "Piecewise"):
        return True
    return name not in LETTERS and find_activation(name) is not None


def parameter_name(name: object) -> str:
    """A name that can be declared to be a parameter.

    Raises
    ------
    ExpressionError
        It is no name, or has a meaning already.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ExpressionError(f"{str(name)[:40]!a} is not a name for a parameter")
    if is_taken(name):
        raise ExpressionError(f"{name!a} has a meaning in the language and cannot be a parameter")
    return name


def parameters_in(text: str, declared: Iterable[str]) -> list[str]:
    """The names of a text that stand for parameters: declared ones, and letters that mean nothing else."""
    given = {parameter_name(name) for name in declared}
    return [name for name in free_names(text) if name in given or name in LETTERS]
