"""Leading behaviour at infinity, held against mpmath far out."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest

from intertwine.calculus.asymptotics import Asymptotic, Growth
from intertwine.calculus.core import to_core
from intertwine.parsing import parse_term
from intertwine.solve.oscillation import leading
from tests.calculus.reference import known, value

# Text, growth (exponents of x, log x, log log x; None: beyond all powers) and wave class.
KNOWN = (
    ("x", (1, 0, 0), "constant"), ("3*x**2+x", (2, 0, 0), "constant"), ("x/(1+x**2)", (-1, 0, 0), "constant"),
    ("sqrt(x)+1", ("1/2", 0, 0), "constant"),
    ("log(x)", (0, 1, 0), "constant"), ("log(x**3+x)", (0, 1, 0), "constant"), ("log(log(x))", (0, 0, 1), "constant"),
    ("x*log(x)**2", (1, 2, 0), "constant"), ("atan(x)", (0, 0, 0), "constant"), ("tanh(-x)", (0, 0, 0), "constant"),
    ("sin(1/x)", (-1, 0, 0), "constant"), ("cos(1/x)", (0, 0, 0), "constant"), ("exp(1/x)", (0, 0, 0), "constant"),
    ("floor(-1/x)", (0, 0, 0), "constant"),
    ("sin(x)", (0, 0, 0), "drifting"), ("x*sin(x)", (1, 0, 0), "drifting"), ("sin(x**2)+1/x", (0, 0, 0), "drifting"),
    ("sin(x)+1", (0, 0, 0), "drifting"),
    ("x**2*cos(x**3)+x*sin(x)", (2, 0, 0), "drifting"), ("exp(x)*sin(x)", None, "drifting"),
    ("sin(sqrt(x))", (0, 0, 0), "drifting"),
    ("sin(log(x)**2)", (0, 0, 0), "drifting"), ("sin(sqrt(log(x)))", (0, 0, 0), "drifting"),
    ("sin(log(log(x)))", (0, 0, 0), "drifting"),
    ("sin(log(x)+log(log(x)))", (0, 0, 0), "drifting"), ("besselj(0,x)", ("-1/2", 0, 0), "drifting"),
    ("bessely(1,2*x)", ("-1/2", 0, 0), "drifting"),
    ("sinc(x)", (-1, 0, 0), "drifting"), ("atan(sin(x))", (0, 0, 0), "drifting"),
    ("exp(sin(x))", (0, 0, 0), "drifting"),
    ("sin(log(x))", (0, 0, 0), "log"), ("x*sin(log(x))+sqrt(x)", (1, 0, 0), "log"),
    ("sin(log(x)+1/x)", (0, 0, 0), "log"), ("cos(2*log(x)+3)", (0, 0, 0), "log"),
    ("sin(log(x))+sin(sqrt(2)*log(x))", (0, 0, 0), "log"), ("sin(log(x))/x**2", (-2, 0, 0), "log"),
    ("sin(log(x))*cos(log(x))", (0, 0, 0), "log"), ("log(x)*sin(log(x))", (0, 1, 0), "log"),
    ("exp(sin(log(x)))", (0, 0, 0), "log"),
)  # fmt: skip
FAR = [mpmath.mpf(10) ** k + mpmath.mpf(k) / 7 for k in (30, 60, 90)]


def follows(text: str, found: Asymptotic) -> str | None:
    """An objection of the oracle to ``f = lead + o(A)`` far out, or None.

    The germ ``A`` is measured by the largest of the leading term at nearby points, so that its zeros do not matter.
    """
    assert found.lead is not None
    term, digits = to_core(parse_term(text)), 250
    with mpmath.workdps(digits):
        gaps = []
        for p in FAR if not found.growth[0] else [mpmath.mpf(k) for k in (60, 120, 240)]:
            around = [p * (1 + mpmath.mpf(k) / 9) for k in range(6)]
            v, w = [value(term, q, digits) for q in around], [value(found.lead, q, digits) for q in around]
            if not all(known(u) for u in (*v, *w)):
                return None
            scale = max(abs(u) for u in w)
            gaps.append(max(abs(a - b) for a, b in zip(v, w, strict=True)) / scale)
        if gaps[-1] > mpmath.mpf("0.3") or (gaps[-1] > gaps[0] and gaps[-1] > mpmath.mpf("1e-20")):
            return f"{text} is not {found.lead} far out: {[mpmath.nstr(g, 3) for g in gaps]}"
    return None


@pytest.mark.parametrize(("text", "growth", "wave"), KNOWN, ids=str)
def test_growth_and_wave(text: str, growth: tuple[object, ...] | None, wave: str) -> None:
    found = leading(to_core(parse_term(text)))
    assert found is not None and found.wave == wave
    if growth is None:
        assert found.growth[0] == 1
    else:
        expected: Growth = (Fraction(0), *map(Fraction, growth))  # type: ignore[assignment, arg-type]
        assert found.growth == expected
    assert follows(text, found) is None


# The first summand is an infinitesimal or a constant that vanishes in the limit; it may lead the sum all the same.
CANCELLING = (
    "log(1+1/x)", "cos(pi/2+1/x)", "sin(pi+1/x)", "exp(1/x)-1", "tanh(x)-1", "atan(x)-pi/2", "sqrt(x+1)-sqrt(x)",
    "log(x+1)-log(x)",
    "erf(1/x)", "cos(1/x)-1", "sin(1/x)-1/x", "x-floor(1/x)-x", "log(2+sin(1/x))-log(2)", "sin(atan(x)*2)",
    "log(tanh(x))", "exp(-x)", "atan(1/x)",
)  # fmt: skip


@pytest.mark.parametrize("small", CANCELLING)
@pytest.mark.parametrize("wave", ["sin(x)/x**3", "sin(log(x))/x**2", "cos(log(x))/x**(1/2)", "1/x**5"])
def test_small_terms_are_not_taken_for_zero(small: str, wave: str) -> None:
    text = f"{wave}+{small}"
    found = leading(to_core(parse_term(text)))
    if found is not None and found.lead is not None:
        assert follows(text, found) is None


def test_nothing_is_claimed_where_nothing_is_known() -> None:
    for text in ("sin(x)*sin(1/x+x)", "gamma(x)", "exp(x)-exp(x)*(1+1/x)", "sin(x)+cos(sqrt(2)*x)", "tan(x)"):
        found = leading(to_core(parse_term(text)))
        assert found is None or found.wave is None


def test_a_break_far_out_is_no_obstacle() -> None:
    found = leading(to_core(parse_term("Piecewise((sin(log(x)), x<10**9), (x, True))")))
    assert found is not None and found.growth[1] == 1 and found.wave == "constant"
