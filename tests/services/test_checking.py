"""Content on disk: which files a path means, mending them where they lie, and the commands over both."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner

from kamtrain import create_app
from kamtrain.services import checking
from kamtrain.settings import Settings
from tests.content.shelf import COURSE, FILES, LESSON, LESSON_ZH, QUIZ, QUIZ_ZH, TEXTS


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    root = tmp_path / "library"
    for path, data in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


@pytest.fixture
def runner(shelf: Path, tmp_path: Path) -> FlaskCliRunner:
    return create_app(Settings(data=tmp_path / "data", content=shelf)).test_cli_runner()


def break_quiz(root: Path) -> Path:
    path = root / QUIZ_ZH
    path.write_text(TEXTS[QUIZ_ZH].replace("- [x] 节奏", "- 【x】 节奏"), encoding="utf-8")
    return path


def test_it_works(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["content", "check"])
    assert (result.exit_code, result.output) == (0, "0 error(s), 0 warning(s), 0 note(s)\n")


def test_check_prints_place_fault_and_mend_and_ends_with_1(runner: FlaskCliRunner, shelf: Path) -> None:
    path = break_quiz(shelf)
    result = runner.invoke(args=["content", "check"])
    assert result.exit_code == 1
    assert result.stdout == f"{path}:15:3: error: `【x】` only looks like `[x]`. — Write `[x]` for `【x】`.\n"


def test_check_speaks_json(runner: FlaskCliRunner, shelf: Path) -> None:
    path = break_quiz(shelf)
    result = runner.invoke(args=["content", "check", "--format", "json", str(path)])
    assert result.exit_code == 1
    assert json.loads(result.stdout) == [
        {
            "path": str(path),
            "line": 15,
            "column": 3,
            "severity": "error",
            "code": "look-alike",
            "message": "`【x】` only looks like `[x]`.",
            "mend": "Write `[x]` for `【x】`.",
            "fix": {"start": 110, "end": 113, "text": "[x]"},
        }
    ]


def test_only_the_files_asked_about_are_shown(runner: FlaskCliRunner, shelf: Path) -> None:
    break_quiz(shelf)
    assert runner.invoke(args=["content", "check", str(shelf / LESSON)]).exit_code == 0
    assert runner.invoke(args=["content", "check", str(shelf / "courses")]).exit_code == 0
    assert runner.invoke(args=["content", "check", str(shelf / "quizzes")]).exit_code == 1
    assert runner.invoke(args=["content", "check", str(shelf)]).exit_code == 1


def test_a_file_that_lies_elsewhere_is_read_as_if_it_lay_in_the_library(runner: FlaskCliRunner, tmp_path: Path) -> None:
    (tmp_path / "new.en.md").write_text(TEXTS[QUIZ].replace("id: check", "id: new"), encoding="utf-8")
    assert runner.invoke(args=["content", "check", str(tmp_path / "new.en.md")]).exit_code == 0
    (tmp_path / "new.en.md").write_bytes(b"\xff")
    assert "not UTF-8" in runner.invoke(args=["content", "check", str(tmp_path / "new.en.md")]).stdout
    assert runner.invoke(args=["content", "check", str(tmp_path / "none.md")]).exit_code == 2


def test_mend_changes_the_file_and_nothing_else(runner: FlaskCliRunner, shelf: Path) -> None:
    path = break_quiz(shelf)
    result = runner.invoke(args=["content", "mend"])
    assert result.stdout == f"mended {path}\n"
    assert {name: (shelf / name).read_bytes() for name in FILES} == dict(FILES)
    assert runner.invoke(args=["content", "mend"]).output == "Nothing to mend.\n"
    assert sorted(file.name for file in path.parent.iterdir()) == sorted(
        name.partition("/")[2] for name in FILES if name.startswith("quizzes/")
    )


def test_lock_is_written_and_a_translation_confirmed(runner: FlaskCliRunner, shelf: Path) -> None:
    written = runner.invoke(args=["content", "lock"]).stdout.splitlines()
    assert written == [f"wrote {shelf / folder / 'translations.lock'}" for folder in ("courses/demo", "quizzes")]
    (shelf / LESSON).write_text(TEXTS[LESSON].replace("Second paragraph.", "Another one."), encoding="utf-8")
    assert "out of date" not in runner.invoke(args=["content", "check"]).output
    assert "has changed" in runner.invoke(args=["content", "check"]).stdout
    runner.invoke(args=["content", "lock", "--confirm", str(shelf / LESSON_ZH)])
    assert runner.invoke(args=["content", "check"]).stdout == ""


def test_a_course_alone_is_found_by_its_folder(tmp_path: Path, shelf: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "course.yaml").write_text(TEXTS[COURSE].replace("id: demo", "id: other"), encoding="utf-8")
    [found] = checking.shelves([folder], shelf)
    assert set(found.asked) == {"courses/other/course.yaml"}
    assert checking.problems(found) == ()
