"""Certificates of maps of fixed size, and their check, which shares no code with the search."""

from __future__ import annotations

from intertwine.certificates.maps.certificate import MapCertificate

__all__ = ["MapCertificate"]
