"""Settings of the documentation; build it with ``sphinx-build -W docs docs/_build/html``."""

from __future__ import annotations

import importlib.metadata
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

project = "intertwine"
author = "the intertwine developers"
copyright = "2026, the intertwine developers"
try:
    release = importlib.metadata.version("intertwine")
except importlib.metadata.PackageNotFoundError:  # built from a checkout that is not installed
    release = "development"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
]
myst_enable_extensions = ["amsmath", "attrs_block", "deflist", "dollarmath"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "_generated"]
html_theme = "furo"
html_title = "intertwine"
html_static_path: list[str] = []

autodoc_default_options = {"members": True, "show-inheritance": True}
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
napoleon_google_docstring = False
napoleon_use_ivar = True  # attributes are documented once, not as members a second time
# A parameter type such as "shape (n, m)" is prose, though an attribute may be called n.
suppress_warnings = ["ref.python"]


def keep_absolute_values(
    app: object, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """Let ``|g|`` in a docstring be an absolute value; reStructuredText would take it for a substitution."""
    in_session = False
    for i, line in enumerate(lines):
        in_session = line.lstrip().startswith(">>>") or (in_session and bool(line.strip()))
        if not in_session:
            # The odd parts of this split are inside backquotes, where nothing is substituted.
            parts = re.split(r"(``.*?``|`[^`]*`)", line)
            lines[i] = "".join(part if j % 2 else part.replace("|", "\\|") for j, part in enumerate(parts))


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.connect("autodoc-process-docstring", keep_absolute_values)


def draw_lattice() -> None:
    """Draw the group kinds afresh, so that the picture is what the library says."""
    from lattice import draw

    from intertwine.groups import kind_lattice

    folder = HERE / "_generated"
    folder.mkdir(exist_ok=True)
    (folder / "kinds.svg").write_text(draw(kind_lattice()), encoding="utf-8")


def draw_gallery() -> None:
    """Draw the pictures of the gallery afresh."""
    from gallery import draw_all

    draw_all(HERE / "_generated" / "gallery")


draw_lattice()
draw_gallery()
