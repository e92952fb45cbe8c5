"""Documentation that a program can hold: settings, commands and files named in it are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kamtrain.settings import Settings

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


def test_every_setting_is_documented_with_its_own_sentence() -> None:
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        variable = str(field.validation_alias or f"KAMTRAIN_{name.upper()}")
        line = next((line for line in page.splitlines() if line.startswith(f"| `{variable}`")), None)
        assert line is not None, variable
        assert str(field.description) in line
    assert page.count("\n| `") == len(Settings.model_fields)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_in_the_documentation_lead_somewhere(page: Path) -> None:
    for target in re.findall(
        r"\]\(([^)#]+)(?:#[^)]*)?\)", re.sub(r"```.*?```|`[^`\n]+`", "", page.read_text(encoding="utf-8"), flags=re.S)
    ):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_commands_in_the_documentation_exist() -> None:
    from wsgi import app

    known = set(app.cli.commands)
    for page in PAGES:
        for command in re.findall(r"flask --app wsgi (\w+)", page.read_text(encoding="utf-8")):
            assert command in known, (page.name, command)


@pytest.mark.parametrize("folder", ["kamtrain", "tests", "docs", "bench", "migrations", "courses", "quizzes"])
def test_every_folder_says_what_it_is_for(folder: str) -> None:
    """Folders of code have a README; tests mirror `kamtrain/`, so that theirs is one for all of them."""
    quiet = {"__pycache__", "versions", "templates", "media", "examples", "dist", "static", "assets", "LC_MESSAGES"}
    below = [] if folder == "tests" else (ROOT / folder).rglob("*")
    for path in [ROOT / folder, *below]:
        inside = set(path.relative_to(ROOT).parts)
        if path.is_dir() and not inside & quiet and any(child.suffix == ".py" for child in path.iterdir()):
            assert (path / "README.md").exists(), path.relative_to(ROOT)


def test_the_examples_for_authors_are_read_without_a_problem() -> None:
    from kamtrain.content.library import parse
    from kamtrain.items import TYPES

    page = (ROOT / "docs/authoring.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(yaml|markdown)\n(.*?)^```", page, flags=re.S | re.M)
    assert len(blocks) == 9
    files = {}
    for language, text in blocks:
        id = re.search(r"^id: (\S+)", text, flags=re.M)
        assert id is not None
        folder = "courses/try" if "kind:" not in text else "quizzes"
        files[f"{folder}/course.yaml" if language == "yaml" else f"{folder}/{id[1]}.en.md"] = text.encode()
    parsed = parse(files)
    assert [f"{p.path}:{p.line} {p.code} {p.message}" for p in parsed.problems] == []
    assert len(parsed.library.quizzes["try-check"]["en"].questions) == 4
    asked = {part.type for tags in parsed.library.quizzes.values() for q in tags["en"].questions for part in q.parts}
    assert asked == set(TYPES)
    assert set(parsed.library.scenarios) == {"try-talk"}
    assert set(parsed.library.tables) == {"try-table"}
    assert len(parsed.library.drills["try-styles"]["en"].questions) == 3
