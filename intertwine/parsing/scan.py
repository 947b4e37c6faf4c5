"""The first look at a text: its characters, tokens and nesting.

Python's own parser is only given text that cannot exhaust it: whatever is long, deep or
made of tokens the language does not have is refused here, with its place.
"""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass, field

from intertwine.terms.bounds import MAX_DIGITS

MAX_LENGTH = 20_000
MAX_NESTING = 100
MAX_OPERATORS = 2_000

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n\f\v]+)
      | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)
      | (?P<name>[A-Za-z_][A-Za-z_0-9]*)
      | (?P<operator>\*\*|<=|>=|==|!=|<>|<<|>>|//|:=|->|[-+*/()<>=&|~,^%!])""",
    re.VERBOSE,
)
_WORDS = frozenset({"and", "or", "not", "True", "False"})
_KEYWORDS = frozenset(keyword.kwlist) - _WORDS

# Symbols people write out of habit, and what to write here.
_INSTEAD = {
    "^": "write x**2 for a power",
    "//": "write floor(a/b)",
    "%": "write Mod(a, b)",
    "!": "write gamma(x + 1) for a factorial, Ne(a, b) for 'not equal'",
    "'": "the language has no strings",
    '"': "the language has no strings",
    ".": "the language has no attributes",
    "[": "the language has no lists; use round brackets",
    "{": "the language has no sets; use round brackets",
    ":": "write Piecewise((value, condition), ...) for a function defined by cases",
    "if": "write Piecewise((value, condition), ...) for a function defined by cases",
    "else": "write Piecewise((value, condition), ...) for a function defined by cases",
    "lambda": "write the expression alone, in the variable x",
    "<>": "write Ne(a, b)",
    "->": "write the expression alone, in the variable x",
}
_ALIEN_OPERATORS = frozenset({"^", "//", "%", "!", "<<", ">>", ":=", "<>", "->"})


class Refusal(Exception):
    """What is wrong with part of a text; becomes an ``ExpressionError`` at the border."""

    def __init__(self, problem: str, start: int, end: int, hint: str = "") -> None:
        super().__init__(problem)
        self.problem, self.start, self.end, self.hint = problem, start, end, hint


@dataclass
class _Nesting:
    """How deep Python's parser would recurse: brackets, prefix operators and powers."""

    closed: list[tuple[int, int]] = field(default_factory=list)
    pending: int = 0
    total: int = 0

    def deepen(self) -> None:
        self.pending += 1
        self.total += 1

    def settle(self) -> None:
        """A binary operator or a comma ends the prefix operators and powers before it."""
        self.total -= self.pending
        self.pending = 0

    def open(self, place: int) -> None:
        self.closed.append((place, self.pending))
        self.pending = 0
        self.total += 1

    def close(self) -> None:
        self.settle()
        self.pending = self.closed.pop()[1]
        self.total -= 1


def scan(text: str) -> str:
    """Check a text and return it on one line, every character at its old place.

    Raises
    ------
    Refusal
        If it is too long, too deep, or has a token that the language does not have.

    Examples
    --------
    >>> scan("Max(0,\\n    x)")
    'Max(0,     x)'
    """
    if len(text) > MAX_LENGTH:
        raise Refusal(f"more than {MAX_LENGTH} characters ({len(text)} of them)", 0, 40)
    if not text.strip():
        raise Refusal("no expression", 0, 0, 'write one in x, such as "x*tanh(x)", or a name such as "relu"')
    nesting, operators, place, last, operand_next = _Nesting(), 0, 0, 0, True
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise _alien(text, place)
        kind, token, end = match.lastgroup, match.group(), match.end()
        if kind == "number":
            _check_number(text, place, end)
            operand_next = False
        elif kind == "name":
            if token in _KEYWORDS:
                raise Refusal("a word the language does not have", place, end, _INSTEAD.get(token, ""))
            if token == "not":
                nesting.deepen()
            elif token in ("and", "or"):
                nesting.settle()
            operand_next = token in ("not", "and", "or")
        elif kind == "operator":
            if token in _ALIEN_OPERATORS:
                raise Refusal("an operator the language does not have", place, end, _INSTEAD.get(token, ""))
            operators += token not in "(),"
            operand_next = _follow(nesting, text, token, place, operand_next)
        if nesting.total > MAX_NESTING:
            raise Refusal(f"nesting more than {MAX_NESTING} deep", place, end)
        if operators > MAX_OPERATORS:
            raise Refusal(f"more than {MAX_OPERATORS} operators", place, end)
        if kind != "space":
            last = place
        place = end
    if nesting.closed:
        raise Refusal("a bracket that is never closed", nesting.closed[-1][0], len(text))
    if operand_next:
        raise Refusal("nothing follows this", last, len(text))
    return re.sub(r"\s", " ", text)


def _follow(nesting: _Nesting, text: str, token: str, place: int, operand_next: bool) -> bool:
    """Account for one operator; whether an operand must follow it."""
    if token == "(":
        nesting.open(place)
        return True
    if token == ")":
        if not nesting.closed:
            raise Refusal("a closing bracket that was never opened", place, place + 1)
        nesting.close()
        return False
    if token == "**" or (operand_next and token in "+-~"):
        nesting.deepen()
    else:
        nesting.settle()
    return True


def _check_number(text: str, place: int, end: int) -> None:
    literal = text[place:end]
    digits, _, exponent = literal.lower().partition("e")
    if len(digits) > MAX_DIGITS or len(exponent) > 6 or abs(int(exponent or 0)) > MAX_DIGITS:
        raise Refusal(f"a number of more than {MAX_DIGITS} digits", place, end)
    if digits[0] == "0" and digits.isdigit() and digits.strip("0"):
        raise Refusal("a whole number that starts with 0", place, end, f"write {digits.lstrip('0')[:20]}")
    follower = text[end : end + 1]
    if follower in ("j", "J") and not re.match(r"\w", text[end + 1 : end + 2]):
        raise Refusal("a complex number", place, end + 1, "the language is that of real functions")
    if re.match(r"\w", follower, re.ASCII):
        name = re.match(r"\w+", text[end:], re.ASCII)
        stop = end + (name.end() if name else 1)
        raise Refusal("a number and a name run together", place, stop, "write 2*x for a product")
    if follower == ".":
        raise Refusal("a number with two points", place, end + 1)


def _alien(text: str, place: int) -> Refusal:
    char = text[place]
    if not char.isascii() or not char.isprintable():
        return Refusal("a character that is not plain ASCII", place, place + 1, "write pi and sqrt in letters")
    return Refusal("a character the language does not have", place, place + 1, _INSTEAD.get(char, ""))
