"""The ``intertwine`` command."""

from __future__ import annotations

from intertwine.cli.main import main

__all__ = ["main"]
