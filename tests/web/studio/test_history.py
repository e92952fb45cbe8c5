"""/studio/history and /studio/offer"""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from kamtrain.settings import Settings
from tests import samples
from tests.cast import Cast
from tests.web.studio.conftest import COURSE, OWNED, PATH, TALK, Author, edited
from tests.web.visitor import text_of


def test_it_works(trainer: Author) -> None:
    trainer.save(edited("She"))
    trainer.publish({PATH: 1}, 1, "Clearer")
    page = text_of(trainer.page("/studio/history"))
    assert "Clearer" in page
    assert "Trainer" in page
    assert "trainees see this" in page


def test_a_revision_shows_what_changed(trainer: Author) -> None:
    trainer.save(edited("She"))
    trainer.publish({PATH: 1}, 1)
    page = trainer.page("/studio/history/2")
    assert "<mark>Somebody</mark>" in page
    assert "<mark>She</mark>" in page
    assert "5 files changed" in text_of(trainer.page("/studio/history/1"))


def test_there_is_no_other_revision(trainer: Author) -> None:
    assert trainer.get("/studio/history/99").status_code == 404
    assert trainer.post("/studio/history/99", {"path": PATH}).status_code == 404
    assert trainer.get("/studio/history?page=99").status_code == 200
    assert trainer.get("/studio/history?page=-1").status_code == 200


def test_a_publish_can_be_undone(trainer: Author, trainee_of_owned: Author, cast: Cast) -> None:
    trainer.save(edited("She"))
    trainer.publish({PATH: 1}, 1)
    response = trainer.post("/studio/history/2", {"path": PATH, "which": "before"})
    assert response.location == "/studio/publish"
    assert trainer.copies(cast["trainer"])[PATH].text == samples.LESSON
    trainer.publish({PATH: 1}, 2, "As before")
    assert "Somebody asks" in trainee_of_owned.page("/learn/try/try-1.1")


def test_texts_of_an_older_revision_can_be_taken(trainer: Author, cast: Cast) -> None:
    for number, word in enumerate(("One", "Two"), 1):
        trainer.save(edited(word))
        trainer.publish({PATH: 1}, number)
    trainer.post("/studio/history/2", {"path": PATH, "which": "after"})
    assert trainer.copies(cast["trainer"])[PATH].text == edited("One")
    again = trainer.post("/studio/history/3", {"path": PATH, "which": "after"})
    assert again.location == "/studio/history/3"  # as published: nothing to take


def test_a_working_copy_is_never_overwritten_by_it(trainer: Author, cast: Cast) -> None:
    trainer.save(edited("She"))
    trainer.publish({PATH: 1}, 1)
    trainer.save(edited("Under way"))
    response = trainer.post("/studio/history/2", {"path": PATH, "which": "before"})
    assert "Left alone" in trainer.page(response.location)
    assert trainer.copies(cast["trainer"])[PATH].text == edited("Under way")


def test_nobody_takes_back_for_other_authors(trainer: Author, other: Author) -> None:
    trainer.save(edited("She"))
    trainer.publish({PATH: 1}, 1)
    assert other.post("/studio/history/2", {"path": PATH, "which": "before"}).status_code == 403
    assert other.get("/studio/history/2").status_code == 200


def test_before_the_first_there_is_nothing(trainer: Author) -> None:
    assert trainer.post("/studio/history/1", {"path": PATH, "which": "before"}).status_code == 422


# --- a newer bundled library ---


def bundle(app: Flask, folder: Path, files: dict[str, bytes]) -> None:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    settings: Settings = app.extensions["kamtrain.settings"]
    app.extensions["kamtrain.settings"] = settings.model_copy(update={"content": folder})


def test_a_newer_bundle_is_offered_to_admins_alone(app: Flask, trainer: Author, admin: Author, tmp_path: Path) -> None:
    files = samples.FILES | {COURSE: OWNED.encode(), TALK: samples.TALK.replace("The briefing.", "The news.").encode()}
    bundle(app, tmp_path / "bundle", files)
    trainer.save(edited("She"))
    trainer.publish({PATH: 1}, 1)
    assert "A newer bundled library" in admin.page("/studio")
    assert "A newer bundled library" not in trainer.page("/studio")
    assert trainer.get("/studio/offer").status_code == 403
    assert trainer.post("/studio/offer", {"base": 2}).status_code == 403
    page = text_of(admin.page("/studio/offer"))
    assert "The news" in page
    assert "What stays as trainers have it" in page
    assert admin.post("/studio/offer", {"base": 1}).location == "/studio/offer"  # another head was shown
    assert admin.post("/studio/offer", {"base": ""}).status_code == 422
    taken = admin.post("/studio/offer", {"base": 2})
    assert taken.location.startswith("/studio/history/")
    assert admin.post("/studio/offer", {"base": 2}).location == "/studio/offer"  # a double click
    lesson = admin.page(f"/studio/edit/{PATH}")
    assert "She asks" in lesson
    assert "A newer bundled library" not in admin.page("/studio")
    assert admin.get("/studio/offer").status_code == 302
