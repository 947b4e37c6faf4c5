"""How large a term may be: what keeps every later computation finite.

Text and SymPy expressions come from outside, and a short text can stand for a huge tree
(``gelu(gelu(gelu(...)))``), so the tree is measured while it is being built.
"""

from __future__ import annotations

from collections.abc import Iterable

from intertwine.terms.term import Term

MAX_SIZE = 20_000
MAX_DEPTH = 200
MAX_DIGITS = 4_000
MAX_EXPONENT = 1_000_000
_MAX_BITS = MAX_DIGITS * 10 // 3


class Bounds:
    """Measures terms as they are built, children before parents.

    Examples
    --------
    >>> from intertwine.terms import X, num
    >>> from intertwine.terms.bounds import Bounds
    >>> Bounds().problem(X ** 2) is None
    True
    >>> Bounds().problem(Term("pow", (num(9), num(9**9))))
    'a literal power too large to be a number'
    """

    def __init__(self) -> None:
        # By identity, with the term kept alive: comparing deep terms is what is to be avoided.
        self._depths: dict[int, tuple[int, Term]] = {}

    def problem(self, term: Term) -> str | None:
        """What makes a term too large, or None; its children have been asked before."""
        if term.size > MAX_SIZE:
            return f"an expression of more than {MAX_SIZE} parts once the activations in it are written out"
        if self._depth(term) > MAX_DEPTH:
            return f"an expression nested more than {MAX_DEPTH} deep once the activations in it are written out"
        # Ask now, while the children have answered: nothing recurses to the leaves later.
        hash(term)
        _ = term.has_x
        return _number_problem(term)

    def literals_problem(self, terms: Iterable[Term]) -> str | None:
        """Whether the literals among the terms of one sum or product are too long to be combined."""
        values = [term.value for term in terms if term.value is not None]
        if sum(v.numerator.bit_length() + v.denominator.bit_length() for v in values) > 4 * _MAX_BITS:
            return f"numbers of more than {4 * MAX_DIGITS} digits in all"
        return None

    def _depth(self, term: Term) -> int:
        stack = [term]
        while stack:
            node = stack[-1]
            if id(node) in self._depths:
                stack.pop()
                continue
            missing = [a for a in node.args if id(a) not in self._depths]
            if missing:
                stack.extend(missing)
                continue
            stack.pop()
            self._depths[id(node)] = (1 + max((self._depths[id(a)][0] for a in node.args), default=0), node)
        return self._depths[id(term)][0]


def _number_problem(term: Term) -> str | None:
    for node in (term, *term.args):
        value = node.value
        if value is not None and max(value.numerator.bit_length(), value.denominator.bit_length()) > _MAX_BITS:
            return f"a number of more than {MAX_DIGITS} digits"
    # Quotients are products of powers, so a power may sit one level down.
    for node in (term, *term.args):
        if node.op != "pow":
            continue
        base, exponent = node.args[0].value, node.args[1].value
        if exponent is None:
            continue
        if base == 0 and exponent < 0:
            return "a division by zero"
        if base is not None and exponent.denominator == 1:
            return "a literal power too large to be a number"
        if max(abs(exponent.numerator), exponent.denominator) > MAX_EXPONENT:
            return f"an exponent beyond {MAX_EXPONENT}"
    return None
