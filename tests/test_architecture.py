"""The rooms of the house, and that imports run one way through them."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "intertwine"

# What each room may import from; itself is always allowed. This is the order of the house from left to right.
ROOMS: dict[str, set[str]] = {
    "errors": set(),
    "terms": {"errors"},
    "parsing": {"errors", "terms", "activations"},
    "activations": {"errors", "terms", "parsing"},
    "calculus": {"errors", "terms", "parsing", "activations"},
    "pieces": {"errors", "terms", "calculus"},
    "numeric": {"errors"},
    "groups": {"errors", "terms", "parsing", "numeric"},
    "certificates": {"errors", "terms", "parsing", "groups"},
    "solve": {"errors", "terms", "parsing", "activations", "calculus", "groups", "certificates"},
    "dependence": {
        "errors", "terms", "parsing", "activations", "calculus", "numeric", "groups", "certificates", "solve",
        "affine",
    },
    "explain": {"errors", "terms", "parsing", "activations", "calculus", "groups", "certificates", "solve", "affine"},
    "affine": {"errors", "terms", "parsing", "activations", "calculus", "groups", "certificates", "solve"},
    "answers": {"errors", "terms", "calculus", "pieces", "certificates"},
    "affine_api": {"errors", "terms", "groups", "certificates", "affine", "explain", "answers"},
    "api": {"errors", "terms", "parsing", "groups", "certificates", "solve", "affine", "explain", "answers",
            "affine_api"},
    "cli": {"", "errors", "terms", "activations", "groups", "certificates", "explain", "parameters", "vectors", "maps",
            "api", "affine_api", "front", "experiments", "networks"},
    "vectors": {"errors", "terms", "parsing", "calculus", "groups", "certificates", "solve", "api"},
    "front": {"errors", "terms", "calculus", "parameters", "vectors", "maps", "affine_api", "api"},
    "networks": {"errors", "terms", "parsing", "activations", "calculus", "numeric", "groups", "affine_api", "api"},
    "pictures": {"errors", "groups", "numeric", "vectors"},
    "parameters": {"errors", "terms", "parsing", "calculus", "groups", "certificates"},
    "pairs": {"errors", "terms", "activations", "calculus", "pieces", "groups", "numeric", "solve", "api"},
    "layers": {"errors", "terms", "calculus", "groups", "numeric", "api", "pairs"},
    "maps": {"errors", "terms", "parsing", "activations", "calculus", "numeric", "groups", "certificates", "solve"},
    "similarity": {"errors", "numeric", "groups", "layers", "networks"},
    "experiments": {"", "errors", "numeric", "groups", "api", "vectors", "similarity"},
    "__main__": {"cli"},
    "testing": {"errors", "activations", "parsing", "numeric", "networks"},
    "demo": {"", "numeric"},  # the empty name is the package itself: its public names
}
BORDER = ("sympy", "flint", "networkx")


def modules() -> list[str]:
    """Dotted names of all modules of the package."""
    return sorted(_name(path) for path in PACKAGE.rglob("*.py"))


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _path(name: str) -> Path:
    path = ROOT.joinpath(*name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def room(name: str) -> str:
    """The room of a module; empty for the package itself."""
    return (name.split(".") + [""])[1]


def _targets(node: ast.stmt, here: str, known: frozenset[str]) -> Iterator[str]:
    """The modules that an import statement names."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            package = here.split(".") if _path(here).name == "__init__.py" else here.split(".")[:-1]
            base = ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])
        for alias in node.names:
            full = f"{base}.{alias.name}"
            yield full if full in known else base


@cache
def imports(name: str, at_import: bool) -> frozenset[str]:
    """What a module imports: everywhere in it, or only what runs when it is imported."""
    known = frozenset(modules())
    tree = ast.parse(_path(name).read_text(encoding="utf-8"))
    found: set[str] = set()
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.stmt):
            found.update(_targets(node, name, known))
        if at_import and (isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) or _for_types(node)):
            continue
        stack.extend(ast.iter_child_nodes(node))
    return frozenset(found)


def _for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def _inside(names: frozenset[str]) -> list[str]:
    return [name for name in names if name.split(".")[0] == "intertwine"]


@pytest.mark.parametrize("name", [m for m in modules() if m != "intertwine"])
def test_imports_run_from_left_to_right(name: str) -> None:
    here = room(name)
    assert here in ROOMS, f"{name} is in a room that the house does not have"
    for other in _inside(imports(name, at_import=False)):
        there = room(other)
        assert there == here or there in ROOMS[here], f"{name} imports {other}"


def test_no_cycles_between_modules() -> None:
    graph = nx.DiGraph()
    for name in modules():
        graph.add_edges_from((name, other) for other in _inside(imports(name, at_import=True)) if other != name)
    # A package that gathers the names of its own modules is no cycle unless they ask it for one.
    assert nx.is_directed_acyclic_graph(graph), nx.find_cycle(graph)


def test_numeric_needs_numpy_only() -> None:
    for name in modules():
        if room(name) == "numeric":
            for other in imports(name, at_import=False):
                allowed = {"numpy", "intertwine"} | sys.stdlib_module_names
                assert other.split(".")[0] in allowed, f"{name} imports {other}"


@pytest.mark.parametrize("checker", ["intertwine.certificates.checker", "intertwine.certificates.relations"])
def test_the_checker_shares_nothing_with_the_search(checker: str) -> None:
    # Everything that the checker reaches inside its own room is looked at, too.
    reached, stack = set(), [checker]
    assert checker in modules()
    while stack:
        name = stack.pop()
        if name in reached:
            continue
        reached.add(name)
        stack.extend(o for o in _inside(imports(name, at_import=False)) if room(o) == "certificates")
    for name in reached:
        for other in _inside(imports(name, at_import=False)):
            assert room(other) not in {"solve", "dependence", "calculus", "explain", "cli"}, f"{name} imports {other}"


def _checker(*starts: str, at_import: bool = False) -> set[str]:
    """The modules of the checker that are reached from some of them, without those for other kinds of certificates."""
    other_kinds = {"affine", "families", "relations", "maps"}
    reached: set[str] = set()
    stack = ["intertwine.certificates", "intertwine.certificates.analysis", *starts]
    while stack:
        name = stack.pop()
        if name not in reached and room(name) == "certificates" and not other_kinds & set(name.split(".")):
            reached.add(name)
            stack.extend(_inside(imports(name, at_import)))
    return reached


def _lines(names: set[str]) -> int:
    return sum(len(_path(name).read_text(encoding="utf-8").splitlines()) for name in names)


CHECKER = "intertwine.certificates.checker"
CHAPTERS = {  # the lines that a check runs through when it opens a chapter, docstrings included
    "witnesses": 2_175, "laws": 3_985, "gaps": 4_120, "exponents": 4_095, "leading": 4_225,
}  # fmt: skip
WHOLE = 5_035  # with all chapters


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_of_the_checker_is_short(chapter: str) -> None:
    reached = _checker(CHECKER, f"intertwine.certificates.{chapter}", at_import=True)
    assert _lines(reached) <= CHAPTERS[chapter]


def test_the_checker_of_linear_certificates_is_short() -> None:
    assert _lines(_checker(CHECKER)) <= WHOLE


def test_the_checker_of_linear_certificates_uses_few_other_modules() -> None:
    used = {o for name in _checker(CHECKER) for o in _inside(imports(name, at_import=False))}
    assert {name for name in used if room(name) != "certificates"} == {
        "intertwine.errors", "intertwine.terms", "intertwine.parsing",  # what an expression is, and how it is read
        "intertwine.groups",  # the values in a claim
        "intertwine.groups.constants", "intertwine.groups.exact", "intertwine.groups.ratios",  # algebraic numbers
    }


@pytest.mark.parametrize(
    ("activation", "chapters"), [("exp(x) + x", {"witnesses"}), ("Max(0, x)", {"witnesses", "laws"})]
)
def test_a_check_opens_the_chapters_that_it_needs(activation: str, chapters: set[str]) -> None:
    program = f"""
import json, subprocess, sys
import intertwine as iw
data = iw.derive({activation!r}).certificate.to_json()
check = "import json, sys; from intertwine.certificates.checker import check; check(json.loads(sys.argv[1]))"
names = "; print(*[m for m in sys.modules if m.startswith('intertwine.certificates')])"
print(subprocess.run([sys.executable, "-c", check + names, json.dumps(data)], capture_output=True, text=True).stdout)
"""
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    opened = set(result.stdout.split())
    assert opened
    starts = [f"intertwine.certificates.{c}" for c in chapters]
    assert opened <= _checker(CHECKER, *starts, at_import=True)


def test_the_analysis_of_the_checker_knows_no_certificates() -> None:
    for name in modules():
        if name.startswith("intertwine.certificates.analysis"):
            for other in _inside(imports(name, at_import=False)):
                assert room(other) in {"errors", "terms", "parsing", "groups"} or other.startswith(
                    "intertwine.certificates.analysis"), f"{name} imports {other}"


def test_the_checker_of_case_distinctions_shares_nothing_with_their_search() -> None:
    for name in modules():
        if name.startswith("intertwine.parameters.checking"):
            for other in _inside(imports(name, at_import=False)):
                assert room(other) in {"errors", "terms", "parsing", "groups", "certificates"} or other.startswith(
                    "intertwine.parameters.checking"), f"{name} imports {other}"


@pytest.mark.parametrize("name", modules())
def test_modules_are_small_and_named_for_what_they_hold(name: str) -> None:
    assert len(_path(name).read_text(encoding="utf-8").splitlines()) <= 450
    assert not {"utils", "util", "helpers", "helper", "common", "misc"} & {p.strip("_") for p in name.split(".")}


@pytest.mark.parametrize(
    ("module", "absent"),
    [("intertwine", BORDER), ("intertwine.numeric", (*BORDER, "mpmath", "scipy")), ("intertwine.errors", BORDER),
     ("intertwine.similarity", BORDER)],
)
def test_import_is_light(module: str, absent: tuple[str, ...]) -> None:
    program = f"import sys, {module}; print(*[m for m in {absent!r} if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == ""


def _sources() -> Iterator[Path]:
    yield from (ROOT / name for name in ("README.md", "CHANGELOG.md", "pyproject.toml", "setup.cfg", ".ci/run"))
    for folder in ("intertwine", "tests", "docs"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".md", ".json", ".txt"} and not {"_build", "_generated"} & set(path.parts):
                yield path


def test_no_source_names_a_folder_of_somebodys_machine() -> None:
    home = re.compile(r"(?<![\w.~])/(?:home|root|Users|work|tmp|opt)/\w")
    for path in _sources():
        assert not home.search(path.read_text(encoding="utf-8")), path


def test_nothing_is_left_for_later() -> None:
    words = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b|NotImplemented" r"Error")
    for path in _sources():
        assert not words.search(path.read_text(encoding="utf-8")), path
