"""Activations with symbolic parameters: the case distinction over the parameter space."""

from __future__ import annotations

from intertwine.parameters.evidence import ParametricCertificate
from intertwine.parameters.group import Case, ParametricGroup, derive_family
from intertwine.parameters.reading import Family, read_family

__all__ = ["Case", "Family", "ParametricCertificate", "ParametricGroup", "derive_family", "read_family"]
