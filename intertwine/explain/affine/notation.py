"""Affine answers in LaTeX."""

from __future__ import annotations

from intertwine.affine.solver import AffineSolution
from intertwine.explain.notation import term_latex
from intertwine.groups import AffineFamily
from intertwine.groups.affine.rules import Conjugation, Exponential, Generated, Logarithm, Power


def latex(solution: AffineSolution) -> str:
    """The answer in one line of mathematics, as notebooks show it.

    Examples
    --------
    >>> from intertwine.affine.solver import solve_affine
    >>> from intertwine.parsing import parse_term
    >>> print(latex(solve_affine(parse_term("exp(x)"))))
    $\\sigma(x) = e^{x}:\\quad \\widehat G_\\sigma = \\left(\\mathbb{R}\\right) \\wr \\mathrm{Sym}(n),\\quad \
b = e^{c},\\ d = 0$
    """
    function = r"\sigma(x) = " + term_latex(solution.activation)
    lower = solution.lower
    if solution.status != "exact":
        return rf"${function}:\quad {lower.latex()} \le \widehat G_\sigma \le {solution.upper.latex()}$"
    shown = _image(lower)
    images = rf",\quad {shown}" if shown else ""
    return rf"${function}:\quad \widehat G_\sigma = {lower.latex()}{images}$"


def _image(family: AffineFamily) -> str:
    """(b, d) for the elements of T."""
    import sympy as sp

    if not family.unique:
        return ""
    group, rule = family.scalars, family.character.rule
    match rule:
        case Generated():
            pairs = ((group.reflection_map, rule.reflection), (group.generator_map, rule.generator))
            known = [(f.latex(), g.latex("y")) for f, g in pairs if f is not None and g is not None]
            return r",\ ".join(rf"\psi({f}) = ({g})" for f, g in known)
        case Power():
            base = r"|a|" if group.scalars.has_minus_one else "a"
            size = "" if rule.degree == 0 else base if rule.degree == 1 else rf"{base}^{{{sp.latex(rule.degree)}}}"
            sign = r"\mathrm{sgn}(a)" if rule.sign else ""
            factor = r" \, ".join(filter(None, [size, sign])) or "1"
            return rf"b = {factor},\ d = {_offset(rule.offset, factor)}"
        case Logarithm():
            size = r"|a|" if group.scalars.has_minus_one else "a"
            factor = "" if rule.logarithm == 1 else sp.latex(rule.logarithm) + r" \, "
            return rf"b = 1,\ d = {factor}\log {size}"
        case Exponential():
            return rf"b = e^{{{sp.latex(rule.rate * sp.Symbol('c'))}}},\ d = {_offset(rule.offset, 'b')}"
        case Conjugation():
            return "B = A"
    return ""


def _offset(offset: object, factor: str) -> str:
    import sympy as sp

    if offset == 0 or factor == "1":
        return "0"
    return r"1 - b" if offset == 1 else rf"{sp.latex(offset)} \, (1 - b)"
