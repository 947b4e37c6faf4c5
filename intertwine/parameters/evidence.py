"""The certificate of a case distinction as a value."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from intertwine.errors import CertificateError


class ParametricCertificate:
    """The tree of a case distinction with the facts on its cells; :meth:`check` verifies it, or one case of it.

    Examples
    --------
    >>> import intertwine as iw
    >>> G = iw.derive("exp(a*x)")
    >>> G.certificate.check(), G.cases[0].certificate.check()
    (True, True)
    """

    def __init__(self, data: Mapping[str, Any], case: int | None = None) -> None:
        self._data, self.case = copy.deepcopy(dict(data)), case

    @classmethod
    def from_json(cls, data: Mapping[str, Any], case: int | None = None) -> ParametricCertificate:
        """A certificate from its JSON object, or from all that ``derive --json`` prints.

        Raises
        ------
        CertificateError
            It is no certificate of a case distinction.
        """
        if not isinstance(data, Mapping):
            raise CertificateError("a certificate is a JSON object")
        if isinstance(data.get("certificate"), Mapping):
            data = data["certificate"]
        if data.get("mode") != "parameters":
            raise CertificateError("a certificate of a case distinction has mode 'parameters'")
        return cls(data, case)

    def to_json(self) -> dict[str, Any]:
        """The JSON object; a new one each time."""
        return copy.deepcopy(self._data)

    def check(self, seconds: float | None = None) -> bool:
        """Verify that the cells cover the parameter space, and the claims on them.

        Raises
        ------
        CertificateError
            Something does not follow; one line names it.
        """
        from intertwine.certificates.analysis.clock import SECONDS
        from intertwine.parameters.checking.checker import check

        return check(self._data, self.case, SECONDS if seconds is None else seconds)
