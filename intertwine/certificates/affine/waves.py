"""A line plus finitely many waves about one point, two of them with frequencies whose ratio is irrational.

Waves of different frequencies, 1 and t are linearly independent.  So an element (a, c) permutes the frequencies by |a|:
``|a| = 1``.  A translation by c, or the reflection in p + c/2, takes each wave ``cos`` or ``sin`` of ``w*(t - p)`` to
itself or its negative only if w*c is a multiple of pi; with w for two frequencies, c = 0 or their ratio is rational.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import isqrt

from flint import ctx

from intertwine.certificates import reading
from intertwine.certificates.affine import established as aff
from intertwine.certificates.affine.facts import HERE, nonzero, number
from intertwine.certificates.analysis.constants import is_zero
from intertwine.certificates.analysis.identities import FILL, nowhere
from intertwine.certificates.analysis.numbers import different, equal
from intertwine.certificates.analysis.plain import minus, over
from intertwine.certificates.analysis.spans import exact
from intertwine.certificates.analysis.values import Evaluation, Unclear, Undefined, constant_sign
from intertwine.certificates.established import Subject
from intertwine.certificates.laws import prove_identity
from intertwine.certificates.reading import Json
from intertwine.errors import CertificateError
from intertwine.terms import PI, ZERO, Term, X, add, apply, mul, num

MOST_WAVES = 12


def waves(s: Subject, data: Json) -> aff.Waves:
    """The sum, the frequencies, and two of them without a common multiple."""
    what = "waves"
    centre, slope, offset = (number(data, key, what) for key in ("centre", "slope", "offset"))
    terms: list[Term] = []
    frequencies: list[Term] = []
    for entry in reading.items(data.get("waves"), "the waves", MOST_WAVES):
        wave = reading.fields(entry, "a wave")
        if wave.get("form") not in ("cos", "sin"):
            raise CertificateError("waves: a wave is a sine or a cosine")
        w = number(wave, "frequency", what)
        if constant_sign(w) != 1:
            raise CertificateError("waves: a frequency is positive")
        frequencies.append(w)
        terms.append(mul(nonzero(wave, "amplitude", what), apply(str(wave["form"]), mul(w, minus(X, centre)))))
    if not all(different(v, w) for v, w in combinations(frequencies, 2)):
        raise CertificateError("waves: the frequencies are not seen to be different")
    if not any(irrational(v * over(w)) for v, w in combinations(frequencies, 2)):
        raise CertificateError("waves: no two frequencies are seen to have an irrational ratio")
    law = add(mul(slope, X), offset, *terms)
    for side in (1, -1):
        prove_identity(s.on(side), law.subs(mul(num(side), X)), f"waves, for {'x > 0' if side > 0 else 'x < 0'}", FILL)
    value = s.term.subs(ZERO)
    if not nowhere(value, HERE) and not is_zero(minus(value, law.subs(ZERO))):
        raise CertificateError("waves: the value at 0 is not that of the sum")
    return aff.Waves(centre)


def irrational(r: Term) -> bool:
    """Whether a constant is the root of a rational number that is no square, or a rational multiple of pi or 1/pi.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> [irrational(parse_term(t)) for t in ("sqrt(2)", "pi/3", "sqrt(4)", "sqrt(2/8)", "3")]
    [True, True, False, False, False]
    """
    square = _rational(r * r)
    if square is not None:
        return square > 0 and any(isqrt(n) ** 2 != n for n in (square.numerator, square.denominator))
    return any(q is not None and q != 0 for q in (_rational(r * over(PI)), _rational(r * PI)))


def _rational(t: Term) -> Fraction | None:
    """The simple rational number that a constant is proved to be, or None."""
    with ctx.workprec(192):
        try:
            v = Evaluation(exact(Fraction(1))).of(t)
        except (Unclear, Undefined):
            return None
        if not v.is_finite() or abs(v) > 10**9:
            return None
        guess = Fraction(float(v.mid())).limit_denominator(10_000)
    return guess if equal(t, num(guess)) else None
