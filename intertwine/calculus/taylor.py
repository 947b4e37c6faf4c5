"""Taylor coefficients of a term at a constant, one after the other."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from intertwine.calculus.constants import simplified
from intertwine.calculus.differentiate import NoDerivative, differentiate
from intertwine.terms import Term, mul, num

#: Derivatives that are larger than this are not worth their time.
MOST = 3000


def taylor(f: Term, start: Term, admit: Callable[[Term], bool] = lambda _: True) -> Callable[[int], Term | None]:
    """The function that gives the k-th Taylor coefficient of ``f`` at ``start``; None where there is none to be had.

    Parameters
    ----------
    f, start : Term
        A smooth term of ``x``, and a constant.
    admit : callable
        Refuses values of derivatives.

    Examples
    --------
    >>> from intertwine.terms import X, apply, num
    >>> taylor(apply("exp", X), num(0))(3)
    1/6
    """
    derivatives = [f]

    def coefficient(k: int) -> Term | None:
        while len(derivatives) <= k:
            try:
                derivatives.append(differentiate(derivatives[-1]))
            except NoDerivative:
                return None
            if derivatives[-1].size > MOST:
                return None
        value = derivatives[k].subs(start)
        return mul(num(Fraction(1, math.factorial(k))), simplified(value)) if admit(value) else None

    return coefficient
