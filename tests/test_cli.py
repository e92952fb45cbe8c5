"""The commands about people, mail and the schema."""

from __future__ import annotations

import json
import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from kamtrain import create_app
from kamtrain.settings import Settings
from tests import samples
from tests.cast import Cast, email_of


def test_a_person_is_added_listed_and_given_a_link(app: Flask, client: FlaskClient, cast: Cast) -> None:
    run = app.test_cli_runner().invoke
    added = run(args=["users", "add", "Ada@Example.com", "Ada", "--role", "trainer", "--team", "North"])
    assert added.exit_code == 0, added.output
    listed = run(args=["users", "list", "ada"]).output
    assert listed.split("\t")[:4] == ["ada@example.com", "Ada", "trainer", "North"]
    linked = run(args=["users", "password-link", "ada@example.com"]).output
    paths = [re.search(r"/reset/\S+", output) for output in (added.output, linked)]
    assert [client.get(path[0]).status_code for path in paths if path] == [409, 200]  # the earlier link has ended


def test_what_cannot_be_is_said_in_a_sentence(app: Flask, cast: Cast) -> None:
    run = app.test_cli_runner().invoke
    for args, said in (
        (["users", "add", email_of("trainee"), "X", "--role", "trainee"], "in the list already"),
        (["users", "add", "x@example.com", "X", "--role", "trainee", "--team", "Nowhere"], "no team Nowhere"),
        (["users", "password-link", "x@example.com"], "Nobody has the address"),
        (["mail", "deliver"], "KAMTRAIN_MAIL_HOST"),
    ):
        result = run(args=args)
        assert result.exit_code == 1
        assert said in result.output


def test_the_schema_is_brought_up_to_date(app: Flask) -> None:
    assert app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0


def test_content_is_published_from_disk(database_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "content"
    for path, data in samples.FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    app = create_app(Settings(data=tmp_path / "data", DATABASE_URL=database_url, content=folder))
    run = app.test_cli_runner().invoke
    first = run(args=["content", "publish", "--note", "The first"])
    assert first.exit_code == 0, first.output
    assert "+ courses/try/course.yaml" in first.output
    assert "Published as revision 1." in first.output
    assert "all of this is published already" in run(args=["content", "publish"]).output
    (folder / "quizzes/check.en.md").write_text("---\nid: [", encoding="utf-8")
    broken = run(args=["content", "publish"])
    assert broken.exit_code == 1
    assert "quizzes/check.en.md:2:" in broken.output
    assert "what was published stays" in broken.output
    app.extensions["kamtrain.engine"].dispose()


def test_what_a_library_measures_is_reported(database_url: str, tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path / "data", DATABASE_URL=database_url))
    folder = tmp_path / "courses" / "try"
    folder.mkdir(parents=True)
    (folder / "course.yaml").write_text("id: try\ntitle: {en: Try}\nlanguages: [en]\nmodules: []\n", encoding="utf-8")
    run = app.test_cli_runner().invoke

    told = run(args=["content", "report", str(tmp_path)])
    assert told.exit_code == 0, told.output
    assert "try: 0 minutes, 0 questions (), 0 scenarios" in told.output
    assert told.output.rstrip().endswith("clean")

    lesson = "---\nid: one\ntitle: One\n---\n\nA short text.\n"
    (folder / "one.en.md").write_text(lesson, encoding="utf-8")
    (folder / "course.yaml").write_text(
        "id: try\ntitle: {en: Try}\nlanguages: [en]\nmodules:\n  - {id: m, title: {en: M}, steps: [lesson: one]}\n",
        encoding="utf-8",
    )
    short = run(args=["content", "report", str(tmp_path), "--format", "json"])
    assert short.exit_code == 1
    found = json.loads(short.output)
    assert [finding["kind"] for finding in found["findings"]] == ["length"]
    assert found["courses"][0]["lessons"][0]["size"] == 3
