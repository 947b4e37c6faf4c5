"""Certificates: what is claimed and the evidence, and a checker that shares no code with the search."""

from __future__ import annotations

from intertwine.certificates.certificate import Certificate

__all__ = ["Certificate"]
