"""Facts about intervals without a scaling between 1 and the ratio of their ends."""

from __future__ import annotations

from intertwine.certificates import established as est
from intertwine.certificates import reading
from intertwine.certificates.analysis.cells import Cell, point
from intertwine.certificates.analysis.slopes import power_on, strictly_monotone
from intertwine.certificates.established import Subject
from intertwine.certificates.reading import Json
from intertwine.errors import CertificateError


def gap(s: Subject, data: Json) -> est.Gap:
    """An interval on which the logarithmic derivative takes no value twice, or the function is a power."""
    side = reading.side(data)
    low, high = (reading.rational(data.get(k), f"'gap': {k}") for k in ("low", "high"))
    if not 0 < low < high:
        raise CertificateError("gap: the interval is empty, or not on one half-line")
    method, t = data.get("method"), s.on(side)
    cell = Cell(point(low), point(high))
    if method == "monotone" and strictly_monotone(t, low, high):
        return est.Gap(side, high / low, False)
    if method == "plateau" and power_on(t, cell):
        return est.Gap(side, high / low, True)
    raise CertificateError(f"gap: nothing is established between {float(low):.6g} and {float(high):.6g}")


RULES = {"gap": gap}
