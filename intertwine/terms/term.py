"""Expressions in one real variable as immutable trees.

A :class:`Term` is what the parser produces and what everything to its right reads.
Building a term never rewrites it beyond exact arithmetic on literals, so the natural
domain of an expression survives: ``sqrt(x)**2`` stays defined on ``x >= 0`` only, and
``x/x`` keeps its removable singularity until the calculus fills it in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

RELATIONS = ("lt", "le", "eq", "ne")
LOGIC = ("and", "or", "not", "true", "false")
CONDITIONS = frozenset(RELATIONS + LOGIC)
ATOMS = frozenset({"x", "num", "pi", "E", "true", "false"})
PARAMETER_MARK = "@"  # the operation of a parameter is this mark and its name


@dataclass(frozen=True, eq=False)
class Term:
    """A node: an operation ``op`` applied to ``args``.

    ``op`` is ``"x"``, ``"num"`` (a rational ``value``), ``"pi"``, ``"E"``, ``"add"``,
    ``"mul"``, ``"pow"``, ``"piecewise"`` (value, condition, value, condition, ...),
    a relation or logical connective (conditions), or the name of a function in
    SymPy's spelling (``"exp"``, ``"besselj"``, ``"Abs"``, ``"Max"``, ...).

    Examples
    --------
    >>> from intertwine.terms import X, num
    >>> X**2 + num(1)
    x**2 + 1
    """

    op: str
    args: tuple[Term, ...] = ()
    value: Fraction | None = None

    @cached_property
    def _key(self) -> tuple[object, ...]:
        return (self.op, self.value, self.args)

    @cached_property
    def _hash(self) -> int:
        return hash((self.op, self.value, tuple(a._hash for a in self.args)))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Term):
            return NotImplemented
        return self._hash == other._hash and self._key == other._key

    def __reduce__(self) -> tuple[type[Term], tuple[object, ...]]:
        # Remembered hashes differ from process to process, so they do not travel.
        return Term, (self.op, self.args, self.value)

    # Arithmetic builds nodes; only literals are folded.
    def __add__(self, other: Term | int | Fraction) -> Term:
        return add(self, as_term(other))

    def __radd__(self, other: int | Fraction) -> Term:
        return add(as_term(other), self)

    def __sub__(self, other: Term | int | Fraction) -> Term:
        return add(self, neg(as_term(other)))

    def __rsub__(self, other: int | Fraction) -> Term:
        return add(as_term(other), neg(self))

    def __neg__(self) -> Term:
        return neg(self)

    def __mul__(self, other: Term | int | Fraction) -> Term:
        return mul(self, as_term(other))

    def __rmul__(self, other: int | Fraction) -> Term:
        return mul(as_term(other), self)

    def __truediv__(self, other: Term | int | Fraction) -> Term:
        return mul(self, power(as_term(other), num(-1)))

    def __rtruediv__(self, other: int | Fraction) -> Term:
        return mul(as_term(other), power(self, num(-1)))

    def __pow__(self, other: Term | int | Fraction) -> Term:
        return power(self, as_term(other))

    def __repr__(self) -> str:
        from intertwine.terms.printing import to_text

        return to_text(self)

    @cached_property
    def has_x(self) -> bool:
        """Whether the variable occurs."""
        return self.op == "x" or any(a.has_x for a in self.args)

    @property
    def is_parameter(self) -> bool:
        """Whether this is a symbolic parameter: a real constant of unknown value."""
        return self.op.startswith(PARAMETER_MARK)

    @cached_property
    def parameters(self) -> frozenset[str]:
        """The names of the symbolic parameters that occur."""
        if self.is_parameter:
            return frozenset({self.op[1:]})
        return frozenset().union(*(a.parameters for a in self.args))

    @property
    def is_number(self) -> bool:
        """Whether this is a rational literal."""
        return self.op == "num"

    @property
    def is_condition(self) -> bool:
        """Whether this is a truth value rather than a real one."""
        return self.op in CONDITIONS

    @cached_property
    def size(self) -> int:
        """The number of nodes, counted with repetition."""
        return 1 + sum(a.size for a in self.args)

    def walk(self) -> Iterator[Term]:
        """Every distinct subterm, children before parents, this term last."""
        seen: set[Term] = set()
        stack: list[tuple[Term, bool]] = [(self, False)]
        while stack:
            node, expanded = stack.pop()
            if node in seen:
                continue
            if expanded:
                seen.add(node)
                yield node
            else:
                stack.append((node, True))
                stack.extend((a, False) for a in node.args)

    def with_parameters(self, values: Mapping[str, Term]) -> Term:
        """This term with some symbolic parameters replaced."""
        memo: dict[Term, Term] = {}
        for node in self.walk():
            if node.is_parameter:
                memo[node] = values.get(node.op[1:], node)
            else:
                memo[node] = rebuild(node, tuple(memo[a] for a in node.args))
        return memo[self]

    def subs(self, replacement: Term) -> Term:
        """This term with ``x`` replaced."""
        memo: dict[Term, Term] = {}
        for node in self.walk():
            if node.op == "x":
                memo[node] = replacement
            elif not node.has_x:
                memo[node] = node
            else:
                memo[node] = rebuild(node, tuple(memo[a] for a in node.args))
        return memo[self]


def as_term(value: Term | int | Fraction) -> Term:
    """An integer or fraction as a literal; a term as itself."""
    return value if isinstance(value, Term) else num(value)


def num(value: int | Fraction, denominator: int = 1) -> Term:
    """A rational literal."""
    return Term("num", (), Fraction(value) / denominator)


X = Term("x")
PI = Term("pi")
E = Term("E")
ZERO = num(0)
ONE = num(1)
TRUE = Term("true")
FALSE = Term("false")


def parameter(name: str) -> Term:
    """A symbolic parameter.

    Examples
    --------
    >>> parameter("alpha") * X
    alpha*x
    """
    return Term(PARAMETER_MARK + name)


def add(*args: Term) -> Term:
    """A sum; nested sums are flattened and literals added up."""
    constant = Fraction(0)
    rest: list[Term] = []
    for a in args:
        for b in a.args if a.op == "add" else (a,):
            if b.value is not None:
                constant += b.value
            else:
                rest.append(b)
    if constant or not rest:
        rest.append(num(constant))
    return rest[0] if len(rest) == 1 else Term("add", tuple(rest))


def mul(*args: Term) -> Term:
    """A product; nested products are flattened and literals multiplied.

    A literal zero is kept beside the other factors: ``0*log(x)`` is zero on ``x > 0``.
    """
    constant = Fraction(1)
    rest: list[Term] = []
    for a in args:
        for b in a.args if a.op == "mul" else (a,):
            if b.value is not None:
                constant *= b.value
            else:
                rest.append(b)
    if constant != 1 or not rest:
        rest.insert(0, num(constant))
    return rest[0] if len(rest) == 1 else Term("mul", tuple(rest))


def neg(a: Term) -> Term:
    """The negative, distributed over nothing."""
    return mul(num(-1), a)


def power(base: Term, exponent: Term) -> Term:
    """A power; literals are folded for small integer exponents."""
    if exponent.value == 1:
        return base
    if base.value is not None and exponent.value is not None and exponent.value.denominator == 1:
        n = exponent.value.numerator
        big = max(abs(base.value.numerator), base.value.denominator).bit_length()
        if abs(n) * big <= 4096 and (base.value != 0 or n >= 0):
            return num(base.value**n)
    return Term("pow", (base, exponent))


def apply(name: str, *args: Term) -> Term:
    """A named function applied to arguments."""
    return Term(name, args)


def piecewise(*branches: tuple[Term, Term]) -> Term:
    """The value of the first branch whose condition holds; undefined if none does."""
    return Term("piecewise", tuple(t for branch in branches for t in branch))


def rebuild(node: Term, args: tuple[Term, ...]) -> Term:
    """The same operation on other arguments, literals folded again."""
    if node.op == "add":
        return add(*args)
    if node.op == "mul":
        return mul(*args)
    if node.op == "pow":
        return power(*args)
    return Term(node.op, args, node.value)
