"""Activations with parameters, and what is true of them, argued by hand."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

from intertwine.errors import IntertwineError
from intertwine.parameters.tree import Leaf, Split
from intertwine.terms import Term, num

GENERAL, ROWS, MONOMIAL = "general linear", "unit row sums", "monomial"
PERMUTATION, SIGNED, SCALED = "permutation", "signed permutation", "positive-scaled permutation"

#: Text, assumption, and values with the kind and the character that they must have.
FAMILIES: dict[str, tuple[str | None, list[tuple[dict[str, str], str, str]]]] = {
    "leaky_relu(x, alpha)": (None, [({"alpha": "1"}, GENERAL, "a"), ({"alpha": "-1"}, MONOMIAL, "Abs(a)"),
                                    ({"alpha": "0"}, SCALED, "a"), ({"alpha": "1/100"}, SCALED, "a"),
                                    ({"alpha": "sqrt(2)"}, SCALED, "a")]),
    "prelu(x, a)": ("a > 0", [({"a": "1"}, GENERAL, "a"), ({"a": "1/4"}, SCALED, "a")]),
    "elu(x, alpha)": (None, [({"alpha": "0"}, SCALED, "a"), ({"alpha": "1"}, PERMUTATION, "1"),
                             ({"alpha": "-1/3"}, PERMUTATION, "1")]),
    "celu(x, alpha)": (None, [({"alpha": "0"}, "undefined", ""), ({"alpha": "2"}, PERMUTATION, "1")]),
    "swish(x, beta)": (None, [({"beta": "0"}, GENERAL, "a"), ({"beta": "-1"}, PERMUTATION, "1")]),
    "softplus(x, beta)": (None, [({"beta": "0"}, "undefined", ""), ({"beta": "3"}, PERMUTATION, "1")]),
    "a*x**2 + b*x + c": (None, [
        ({"a": "0", "b": "0", "c": "5"}, GENERAL, "1"), ({"a": "0", "b": "2", "c": "0"}, GENERAL, "a"),
        ({"a": "0", "b": "2", "c": "1"}, ROWS, "1"), ({"a": "3", "b": "0", "c": "0"}, MONOMIAL, "a**2"),
        ({"a": "3", "b": "0", "c": "1"}, SIGNED, "1"), ({"a": "3", "b": "1", "c": "0"}, PERMUTATION, "1"),
        ({"a": "2", "b": "1", "c": "1"}, PERMUTATION, "1")]),
    "a*x + b": (None, [({"a": "0", "b": "0"}, GENERAL, "1"), ({"a": "2", "b": "0"}, GENERAL, "a"),
                       ({"a": "2", "b": "pi"}, ROWS, "1")]),
    "a*x**3 + b*x": (None, [({"a": "1", "b": "0"}, MONOMIAL, "a**3"), ({"a": "0", "b": "1"}, GENERAL, "a"),
                            ({"a": "1", "b": "-1"}, SIGNED, "a")]),
    "abs(x)**p": (None, [({"p": "0"}, GENERAL, "1"), ({"p": "-1/2"}, MONOMIAL, "Abs(a)**p")]),
    "x**p": (None, [({"p": "0"}, GENERAL, "1"), ({"p": "1"}, GENERAL, "a"), ({"p": "2"}, MONOMIAL, "Abs(a)**p"),
                    ({"p": "-3"}, MONOMIAL, "Abs(a)**p*sign(a)"), ({"p": "1/2"}, SCALED, "a**p"),
                    ({"p": "pi"}, SCALED, "a**p")]),
    "exp(a*x)": (None, [({"a": "0"}, GENERAL, "1"), ({"a": "-2"}, PERMUTATION, "1")]),
    "tanh(a*x)": (None, [({"a": "0"}, GENERAL, "1"), ({"a": "-2"}, SIGNED, "a")]),
    "tanh(x + b)": (None, [({"b": "0"}, SIGNED, "a"), ({"b": "1/10**9"}, PERMUTATION, "1")]),
    "snake(x, w)": (None, [({"w": "0"}, "undefined", ""), ({"w": "-1"}, PERMUTATION, "1")]),
    "sin(w*x)": (None, [({"w": "0"}, GENERAL, "1"), ({"w": "30"}, SIGNED, "a")]),
    "sin(w*x + b)": (None, [({"w": "0", "b": "1"}, GENERAL, "1"), ({"w": "1", "b": "-3*pi"}, SIGNED, "a"),
                            ({"w": "2", "b": "pi/2"}, SIGNED, "1"), ({"w": "2", "b": "22/7"}, PERMUTATION, "1")]),
    "Max(a*x, b*x)": (None, [({"a": "0", "b": "0"}, GENERAL, "1"), ({"a": "2", "b": "2"}, GENERAL, "a"),
                             ({"a": "2", "b": "-2"}, MONOMIAL, "Abs(a)"), ({"a": "0", "b": "1"}, SCALED, "a")]),
    "threshold(x, a, b)": (None, [({"a": "0", "b": "0"}, SCALED, "a"), ({"a": "0", "b": "1"}, PERMUTATION, "1"),
                                  ({"a": "1", "b": "1"}, PERMUTATION, "1")]),
    "hard_tanh(x, a, b)": (None, [({"a": "-1", "b": "1"}, SIGNED, "a"), ({"a": "-1", "b": "2"}, PERMUTATION, "1"),
                                  ({"a": "0", "b": "1"}, PERMUTATION, "1"), ({"a": "1", "b": "1"}, GENERAL, "1"),
                                  ({"a": "-3", "b": "-2"}, PERMUTATION, "1")]),
    "a*sin(x) + b*cos(x)": (None, [({"a": "0", "b": "0"}, GENERAL, "1"), ({"a": "1", "b": "0"}, SIGNED, "a"),
                                   ({"a": "0", "b": "1"}, SIGNED, "1"), ({"a": "1", "b": "1"}, PERMUTATION, "1")]),
    "hard_tanh(x, -a, a)": ("a > 0", [({"a": "1"}, SIGNED, "a"), ({"a": "pi"}, SIGNED, "a")]),
    "a*exp(x) + b*exp(-x)": (None, [({"a": "0", "b": "0"}, GENERAL, "1"), ({"a": "1", "b": "1"}, SIGNED, "1"),
                                    ({"a": "1", "b": "-1"}, SIGNED, "a"), ({"a": "1", "b": "0"}, PERMUTATION, "1")]),
    "x*sigmoid(beta*x)": (None, [({"beta": "0"}, GENERAL, "a"), ({"beta": "1"}, PERMUTATION, "1")]),
    "exp(-x**2/(2*c**2))": (None, [({"c": "0"}, "undefined", ""), ({"c": "-2"}, SIGNED, "1")]),
    "soft_shrink(x, a)": (None, [({"a": "0"}, GENERAL, "a"), ({"a": "1"}, SIGNED, "a"),
                                 ({"a": "-1"}, PERMUTATION, "1")]),
}
SLOW = {"tanh(x + b)", "hard_tanh(x, a, b)"}


def sampled_value(random: Random) -> Term:
    """An exact number: whole, a fraction, or a multiple of pi."""
    draw = random.random()
    if draw < 0.4:
        return num(random.randint(-6, 6))
    if draw < 0.85:
        return num(Fraction(random.randint(-30, 30), random.randint(1, 9)))
    return Term("pi") * Fraction(random.randint(-6, 6), 2)


def values_in(group: Any, leaf: Leaf, random: Random) -> dict[str, Term] | None:
    """Random exact values that lead to a leaf: equations on the way are solved, the rest is left to chance."""
    solutions: list[tuple[str, Term]] = []

    def find(node: Any, path: list[tuple[str, Term]]) -> bool:
        if node is leaf:
            solutions.extend(path)
            return True
        return isinstance(node, Split) and any(
            find(b.node, [*path, b.solution] if b.solution else path) for b in node.branches)

    assert find(group._tree, [])
    for _ in range(120):
        values = {name: sampled_value(random) for name in group.parameters}
        for name, value in reversed(solutions):
            values[name] = value.with_parameters(values)
        try:
            if group.case_at(**values) is next(c for c in group.cases if any(x is leaf for x in c.leaves)):
                return values
        except IntertwineError:
            continue
    return None
