"""The ladder of rooms (docs/architecture.md), read from every import of the package, those inside functions included."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "kamtrain"

# Imports point down only, and never to a neighbour on the same floor.
LADDER: dict[int, set[str]] = {
    7: {"kamtrain", "cli", "jobs", "serve", "gunicorn_conf", "waitress_server", "mailcatcher"},
    6: {"web"},
    5: {"interop"},
    4: {"http"},
    3: {"services", "reports", "files"},
    2: {"content", "store"},
    1: {"items", "workbench"},
    0: {"core", "registry", "settings", "version"},
}
FLOOR = {room: floor for floor, rooms in LADDER.items() for room in rooms}
TOP = max(LADDER)
FAMILIES = ("items", "workbench", "reports", "interop", "web")  # whose members know nothing of each other


@dataclass(frozen=True)
class Import:
    """One import of one module; `name` is in full: "kamtrain.core.item", "json"."""

    module: str
    name: str
    line: int
    hidden: bool  # inside a function

    def __str__(self) -> str:
        return f"{self.module}, line {self.line}, imports {self.name}"


def module_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imports_of(module: str, path: Path) -> Iterator[Import]:
    tree = ast.parse(path.read_text("utf-8"), str(path))
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)]
    inside = {id(node) for function in functions for node in ast.walk(function)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}, line {node.lineno}: imports are written in full"
            # `from kamtrain.items import forms` imports a module, `from kamtrain.items import TYPES` a name of one.
            fulls = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [full if full in MODULES else str(node.module) for full in fulls]
        else:
            continue
        yield from (Import(module, name, node.lineno, id(node) in inside) for name in names)


IMPORTS = [one for module, path in MODULES.items() for one in imports_of(module, path)]
OURS = [one for one in IMPORTS if one.name.split(".")[0] == "kamtrain"]


def room(module: str) -> str:
    """ "kamtrain.core.item" stands in "core", and "kamtrain" itself at the top."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else parts[0]


def member(module: str) -> tuple[str, str] | None:
    """("items", "single") for "kamtrain.items.single.item"; None for what a family shares."""
    parts = module.split(".")
    if len(parts) > 2 and parts[1] in FAMILIES and (PACKAGE / parts[1] / parts[2]).is_dir():
        return parts[1], parts[2]
    return None


def test_the_imports_were_found() -> None:
    assert len(MODULES) > 30
    assert any(one.name == "kamtrain.core.item" for one in OURS)


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_a_room_on_the_ladder(module: str) -> None:
    assert room(module) in FLOOR, "give the room a floor in LADDER, and say in docs/architecture.md why"


def test_imports_point_down_only_and_never_sideways() -> None:
    wrong = [
        str(one)
        for one in OURS
        if room(one.module) != room(one.name)
        and FLOOR[room(one.module)] <= FLOOR[room(one.name)]
        and not FLOOR[room(one.module)] == FLOOR[room(one.name)] == TOP
    ]
    assert wrong == []


def test_members_of_a_family_do_not_import_each_other() -> None:
    within = [one for one in OURS if room(one.module) == room(one.name) and member(one.name)]
    assert [str(one) for one in within if member(one.module) != member(one.name)] == []


def test_no_import_hides_inside_a_function() -> None:
    assert [str(one) for one in IMPORTS if one.hidden] == []


def test_only_the_registries_import_by_name() -> None:
    by_name = {
        m for m, path in MODULES.items() if re.search(r"\bimport_module\(|__import__\(", path.read_text("utf-8"))
    }
    assert by_name <= {"kamtrain.registry", "kamtrain.store.metadata"}


def test_nothing_is_imported_in_a_circle() -> None:
    graph: dict[str, set[str]] = {module: set() for module in MODULES}
    for one in OURS:
        if one.name != one.module:
            graph[one.module].add(one.name)
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def test_the_rules_know_nothing_but_the_standard_library() -> None:
    allowed = {*sys.stdlib_module_names, "kamtrain"}
    wrong = [str(one) for one in IMPORTS if room(one.module) == "core" and one.name.split(".")[0] not in allowed]
    assert wrong == []


def test_question_types_know_neither_the_web_nor_the_database() -> None:
    allowed = {*sys.stdlib_module_names, "kamtrain", "opencc"}  # a short answer may be written in either script
    wrong = [str(one) for one in IMPORTS if room(one.module) == "items" and one.name.split(".")[0] not in allowed]
    assert wrong == []


@pytest.mark.parametrize("module", [module for module, path in MODULES.items() if path.name == "__init__.py"])
def test_every_package_says_in_a_readme_what_it_is_for(module: str) -> None:
    readme = MODULES[module].parent / "README.md"
    assert readme.is_file()
    assert readme.read_text("utf-8").startswith("# ")


@pytest.mark.parametrize("module", MODULES)
def test_every_module_says_in_a_sentence_what_it_is_for(module: str) -> None:
    text = MODULES[module].read_text("utf-8")
    assert not text.strip() or ast.get_docstring(ast.parse(text)), "begin the module with a docstring"
