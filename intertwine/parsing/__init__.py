"""Text to terms: the safe expression language.

The language is a whitelist over Python's syntax. Nothing is ever evaluated; names are
looked up in fixed tables; the size of text, tree and numbers is bounded.
"""

from __future__ import annotations

from intertwine.errors import ExpressionError
from intertwine.parsing.reader import Reader, expand
from intertwine.parsing.scan import Refusal
from intertwine.terms import Term, X
from intertwine.terms.bounds import Bounds

__all__ = ["build_activation", "parse_term"]

_SHOWN = 40


def parse_term(text: str, variable: str = "x") -> Term:
    """Read an activation written as text.

    Parameters
    ----------
    text
        An expression in ``x``, such as ``"x*sigmoid(1.702*x)"``, or the name of a
        function or catalogue activation alone, such as ``"gelu"``, which means that
        function of ``x``. Decimal literals are exact. Catalogue activations take their
        parameters after ``x``, by place or by name: ``leaky_relu(x, 0.2)``,
        ``softplus(x, beta=2)``.
    variable
        Another name for the variable ``x``, such as ``r`` for a radius.

    Returns
    -------
    Term
        The expression as written: nothing is simplified, so its natural domain is kept.

    Raises
    ------
    ExpressionError
        If the text is not in the language or too large; one line, with the place.

    Examples
    --------
    >>> parse_term("Max(0, x) + 0.1*x")
    Max(0, x) + x/10
    >>> parse_term("silu")
    x/(exp(-x) + 1)
    >>> parse_term("x*sigmiod(x)")
    Traceback (most recent call last):
        ...
    intertwine.errors.ExpressionError: an unknown function at column 3: 'sigmiod'; did you mean sigmoid?
    """
    if not isinstance(text, str):
        raise ExpressionError(f"an expression must be text, not {type(text).__name__}")
    try:
        return Reader(text, {"x": X, variable: X}, Bounds()).read()
    except Refusal as refusal:
        raise _error(text, refusal) from None
    except RecursionError:
        raise ExpressionError("an expression nested too deep for the stack it is read on") from None


def build_activation(name: str, argument: Term = X, **parameters: Term) -> Term:
    """The expression of a catalogue activation at an argument.

    Raises
    ------
    ExpressionError
        If there is no such activation or parameter, or the result is too large.

    Examples
    --------
    >>> from intertwine.terms import X, num
    >>> build_activation("softplus", X, beta=num(2))
    log(exp(2*x) + 1)/2
    """
    from intertwine.activations import find_activation

    activation = find_activation(name)
    if activation is None:
        raise ExpressionError(f"no activation is called {name[:_SHOWN]!a}")
    unknown = sorted(set(parameters) - set(activation.parameters))
    if unknown:
        raise ExpressionError(f"{activation.name} has no parameter {unknown[0][:_SHOWN]!a}")
    try:
        return expand(activation, argument, parameters, Bounds())
    except Refusal as refusal:
        raise ExpressionError(f"{refusal.problem} in {activation.name}") from None


def _error(text: str, refusal: Refusal) -> ExpressionError:
    fragment = text[refusal.start : refusal.end]
    if len(fragment) > _SHOWN:
        fragment = fragment[: _SHOWN - 3] + "..."
    message = f"{refusal.problem} at column {refusal.start + 1}"
    if fragment:
        message += f": {fragment!a}"
    return ExpressionError(message + (f"; {refusal.hint}" if refusal.hint else ""))
