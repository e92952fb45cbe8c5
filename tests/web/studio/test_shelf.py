"""/studio and /studio/new"""

from __future__ import annotations

from collections.abc import Callable

from kamtrain.content.library import parse
from tests import samples
from tests.cast import Cast
from tests.web.studio.conftest import CHECK, COURSE, OWNED, PATH, Author, edited
from tests.web.visitor import text_of


def test_it_works(trainer: Author) -> None:
    page = text_of(trainer.page("/studio"))
    for words in ("A course to try", "A first lesson", "A check", "A final", "A talk"):
        assert words in page
    assert "read only" not in page


def test_it_is_no_place_for_others(author: Callable[[str], Author], owned: object) -> None:
    for name in ("trainee", "manager"):
        visitor = author(name)
        for path in (
            "/studio",
            "/studio/publish",
            "/studio/history",
            f"/studio/edit/{PATH}",
            f"/studio/preview/{PATH}",
        ):
            assert visitor.get(path).status_code == 403
        assert visitor.save(edited("She")).status_code == 403


def test_a_stranger_is_asked_to_sign_in(author: Callable[[str], Author], owned: object) -> None:
    assert "/sign-in" in author("anonymous").get("/studio").location


def test_another_authors_course_is_marked(other: Author) -> None:
    assert "other authors: read only" in text_of(other.page("/studio"))


def test_it_says_what_is_changed_broken_and_missing(trainer: Author) -> None:
    trainer.save("---\nid: try-1.1\ntitle: x\nbogus: 1\n---\n\ntext\n")
    two = OWNED.replace("languages: [en]", "languages: [en, zh-Hans]")
    trainer.save(two, path=COURSE)
    page = text_of(trainer.page("/studio"))
    assert "You have 2 working copies." in page
    assert "1 error" in page
    assert "zh-Hans is missing" in page


def test_another_trainers_working_copy_is_not_seen(trainer: Author, admin: Author) -> None:
    trainer.save(edited("Nobody-else"))
    for path in ("/studio", f"/studio/edit/{PATH}", f"/studio/preview/{PATH}", "/studio/publish", "/studio/history"):
        page = admin.page(path)
        assert "Nobody-else" not in page
        assert "working copies." not in page


NEW = {"id": "fresh", "language": "en", "course": "", "title": "Fresh: a title", "source": ""}


PATHS = {
    "course": "courses/fresh/course.yaml",
    "lesson": "courses/try/fresh.en.md",
    "quiz": "quizzes/fresh.en.md",
    "scenario": "quizzes/story.en.md",
}


def test_a_new_file_begins_with_a_skeleton_without_errors(trainer: Author, cast: Cast) -> None:
    for kind, path in PATHS.items():
        id = "story" if kind == "scenario" else "fresh"
        response = trainer.post("/studio/new", NEW | {"kind": kind, "course": "try", "id": id})
        assert (response.status_code, response.location) == (303, f"/studio/edit/{path}")
        text = trainer.copies(cast["trainer"])[path].text
        found = parse(samples.FILES | {path: text.encode()}).problems
        assert [problem for problem in found if problem.fatal and problem.path == path] == []
        assert "Fresh: a title" in trainer.page(f"/studio/edit/{path}")


def test_a_translation_begins_with_the_text_it_follows(trainer: Author, cast: Cast) -> None:
    form = NEW | {"kind": "quiz", "id": "check", "language": "zh-Hans"}
    response = trainer.post("/studio/new", form)
    assert response.location == "/studio/edit/quizzes/check.zh-Hans.md"
    text = trainer.copies(cast["trainer"])["quizzes/check.zh-Hans.md"].text
    assert "follows: en" in text
    assert "feedback: now" not in text
    problems = parse(samples.FILES | {"quizzes/check.zh-Hans.md": text.encode()}).problems
    assert not [problem for problem in problems if problem.fatal]


def test_another_authors_text_can_be_copied(other: Author, cast: Cast) -> None:
    page = other.page(f"/studio?source={CHECK}")
    assert f'value="{CHECK}"' in page
    form = NEW | {"kind": "quiz", "id": "mine", "source": CHECK}
    assert other.post("/studio/new", form).location == "/studio/edit/quizzes/mine.en.md"
    text = other.copies(cast["othertrainer"])["quizzes/mine.en.md"].text
    assert text == samples.CHECK.replace("id: check", "id: mine")


def test_a_new_lesson_in_another_authors_course_is_refused(other: Author) -> None:
    assert other.post("/studio/new", NEW | {"kind": "lesson", "course": "try"}).status_code == 403


WRONG = (
    ({"id": "Ünïcode"}, "An id has small letters"),
    ({"id": "../../etc"}, "An id has small letters"),
    ({"id": "a" * 61}, "An id has small letters"),
    ({"id": "check"}, "There is such a file already"),
    ({"kind": "sermon"}, "Choose what it is to be"),
    ({"language": "../x"}, "Choose a language"),
    ({"kind": "lesson", "course": "../x"}, "Choose the course"),
)


def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(trainer: Author, cast: Cast) -> None:
    for change, words in WRONG:
        response = trainer.post("/studio/new", NEW | {"kind": "quiz"} | change)
        assert response.status_code == 422
        assert words in response.text
        assert "Fresh: a title" in response.text
    assert trainer.copies(cast["trainer"]) == {}


def test_a_forged_form_is_refused(trainer: Author, cast: Cast) -> None:
    response = trainer.client.post("/studio/new", data=NEW | {"kind": "quiz"})
    assert response.status_code in (400, 403)
    assert trainer.copies(cast["trainer"]) == {}
