"""Exact constants as text, without ever evaluating them.

SymPy's default printer orders sums by numerical value, which does not end for exp(exp(exp(100))) - 1,
and Python refuses to print integers of more than 4300 digits.
"""

from __future__ import annotations

import sympy as sp

_LONGEST = 80
_MAX_BITS = 12_000


def write(number: sp.Expr) -> str:
    """A constant as text that reads back as the same constant.

    Examples
    --------
    >>> write(1 + sp.exp(sp.pi * sp.sqrt(2)))
    '1 + exp(pi*sqrt(2))'
    """
    text: str = sp.sstr(number, order="none")
    return text


def show(number: sp.Expr) -> str:
    """A constant as text for a message: long ones are cut.

    Examples
    --------
    >>> show(sp.Integer(7) ** 100_000)
    'a number of more than 3600 digits'
    """
    bits = max((max(abs(int(r.p)), int(r.q)).bit_length() for r in number.atoms(sp.Rational)), default=0)
    if bits > _MAX_BITS:
        return "a number of more than 3600 digits"
    text = write(number)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 2] + " …"
