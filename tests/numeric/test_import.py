"""The numpy backend imports numpy and nothing symbolic."""

from __future__ import annotations

import subprocess
import sys

import pytest

import intertwine.numeric

SYMBOLIC = ("sympy", "mpmath", "networkx", "scipy", "flint", "torch", "sklearn")


def test_import_stays_light():
    code = f"import sys, intertwine.numeric; print([m for m in {SYMBOLIC!r} if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("name", intertwine.numeric.__all__)
def test_public_names_exist_and_say_what_they_are(name):
    assert getattr(intertwine.numeric, name).__doc__
