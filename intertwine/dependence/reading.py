"""What a caller writes, as terms: the activation, the arguments ``b*t + c``, and the further functions of ``t``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from intertwine.calculus.constants import constants_equal, simplified
from intertwine.calculus.enclosure import PRECISIONS, Unclear, UndefinedAt, enclose
from intertwine.errors import ExpressionError, Undecided
from intertwine.parsing import parse_term
from intertwine.terms import ONE, ZERO, Term, X, add, mul, to_text
from intertwine.terms.sympy_bridge import from_callable, from_sympy

MOST_FUNCTIONS = 40
_VARIABLE = re.compile(r"(?<![\w.])t(?!\w)")
Argument = tuple[Term, Term]


def read_activation(activation: Any) -> Term:
    """The activation: text, a SymPy expression, a function of one, or a term.

    Raises
    ------
    ExpressionError
        It cannot be read, or is a condition.
    """
    found = from_callable(activation) if _is_function(activation) else _function(activation, "an activation")
    return _a_number(found)


def _is_function(value: Any) -> bool:
    if isinstance(value, Term | str) or not callable(value):
        return False
    import sympy

    return not isinstance(value, sympy.Basic)


def _function(value: Any, what: str) -> Term:
    """A function of ``t``; the variable of a text may be called ``t`` or ``x``."""
    if isinstance(value, Term):
        return value
    if isinstance(value, str):
        return parse_term(_VARIABLE.sub("x", value))
    import sympy

    if isinstance(value, int | float | Fraction | sympy.Basic) and not isinstance(value, bool):
        return from_sympy(value)
    raise ExpressionError(f"{what} is text or a SymPy expression, not {type(value).__name__}")


def _a_number(term: Term) -> Term:
    if term.is_condition:
        raise ExpressionError(f"{term} is a condition, not a real number; use Piecewise to turn it into one")
    return term


def read_admitted(admit: Sequence[Any]) -> tuple[Term, ...]:
    """The functions of ``t`` that a relation may have beside the activation."""
    return tuple(_a_number(_function(f, "an admitted function")) for f in _listed(admit, "admit"))


def read_arguments(arguments: Sequence[Any]) -> tuple[Argument, ...]:
    """The arguments as pairs of exact constants ``(b, c)``, meaning ``b*t + c``.

    Raises
    ------
    ExpressionError
        One of them is not of this form, or ``b`` is zero.
    Undecided
        It is not known whether ``b`` is zero.

    Examples
    --------
    >>> read_arguments(["2*t + 1", (-1, "pi/2")])
    ((2, 1), (-1, pi/2))
    """
    found = tuple(_argument(a) for a in _listed(arguments, "arguments"))
    if not found:
        raise ExpressionError('relations need at least one argument, as in arguments=["t", "-t"]')
    return found


def _listed(values: Any, name: str) -> list[Any]:
    if isinstance(values, str | Term) or not hasattr(values, "__iter__"):
        raise ExpressionError(f'{name} is a list, as in {name}=["t"], not {type(values).__name__}')
    found = list(values)
    if len(found) > MOST_FUNCTIONS:
        raise ExpressionError(f"{name} has {len(found)} entries; at most {MOST_FUNCTIONS} are possible")
    return found


def _argument(value: Any) -> Argument:
    if isinstance(value, tuple | list):
        if len(value) != 2:
            raise ExpressionError(f"an argument is b*t + c or a pair (b, c), not {len(value)} numbers")
        slope, shift = (read_constant(v) for v in value)
    else:
        term = _a_number(_function(value, "an argument"))
        line = straight(term)
        if line is None:
            raise ExpressionError(f"the argument {in_t(term)} is not of the form b*t + c with constants b and c")
        slope, shift = (_settled(v) for v in line)
    nonzero = constants_equal(slope, ZERO)
    if nonzero is None:
        raise Undecided(f"it could not be settled whether {to_text(slope)} is zero")
    if nonzero:
        raise ExpressionError("an argument b*t + c needs b other than 0; a constant value goes into admit as 1")
    return slope, shift


def read_constant(value: Any) -> Term:
    """An exact real constant.

    Raises
    ------
    ExpressionError
        A float, or something that depends on the variable or has no real value.
    """
    if isinstance(value, float):
        raise ExpressionError(f"{value!r} is not exact: write it as text or as a fraction")
    term = _a_number(_function(value, "a constant"))
    if term.has_x:
        raise ExpressionError(f"{to_text(term)} is not a constant: it depends on the variable")
    return _settled(term)


def _settled(term: Term) -> Term:
    """A constant in a short form, if it has a value."""
    for bits in PRECISIONS:
        try:
            enclose(term, Fraction(1), bits)
            return simplified(term)
        except UndefinedAt:
            break
        except Unclear:
            continue
    raise ExpressionError(f"{to_text(term)} has no real value")


def straight(term: Term) -> Argument | None:
    """``(b, c)`` with ``term = b*x + c`` as it is written, or None.

    Examples
    --------
    >>> straight(parse_term("2*(x - pi)/3 + x"))
    (5/3, -2*pi/3)
    """
    memo: dict[Term, Argument] = {}
    for node in term.walk():
        found = _line(node, memo)
        if found is None:
            return None
        memo[node] = found
    slope, shift = memo[term]
    return simplified(slope), simplified(shift)


def _line(node: Term, memo: dict[Term, Argument]) -> Argument | None:
    if not node.has_x:
        return ZERO, node
    if node.op == "x":
        return ONE, ZERO
    if node.op == "add":
        return add(*(memo[a][0] for a in node.args)), add(*(memo[a][1] for a in node.args))
    if node.op == "mul":
        moving = [a for a in node.args if a.has_x]
        if len(moving) != 1:
            return None
        factor = mul(*(a for a in node.args if not a.has_x))
        slope, shift = memo[moving[0]]
        return mul(factor, slope), ZERO if shift == ZERO else mul(factor, shift)
    return None


def composed(core: Term, argument: Argument) -> Term:
    """The term at ``b*x + c``."""
    slope, shift = argument
    inner = X if slope == ONE else mul(slope, X)
    return core.subs(inner if shift == ZERO else add(inner, shift))


def shown_argument(argument: Argument) -> str:
    """The argument for a person: ``2*t + 1``."""
    return in_t(composed(X, argument))


def in_t(term: Term) -> str:
    """The text of a term with the variable called ``t``."""
    return re.sub(r"(?<![\w.])x(?!\w)", "t", to_text(term))
