"""/studio/preview/…: for the page's script (POST) and as a trainee sees it (GET)"""

from __future__ import annotations

import statistics
import time

import pytest

from tests import samples
from tests.web.studio.conftest import CHECK, COURSE, OWNED, PATH, TALK, Author, edited
from tests.web.visitor import text_of

WORDS = 1_500
BUDGET = 0.3  # seconds


def test_it_works(trainer: Author) -> None:
    before = trainer.rows()
    answer = trainer.script(f"/studio/preview/{PATH}", text=edited("Nobody") + "\n[x](quiz:chek)\n", version=0)
    assert answer.status_code == 200
    assert answer.json is not None
    assert "Nobody asks" in answer.json["html"]
    assert "There is no quiz `chek`." in answer.json["problems_html"]
    (problem,) = answer.json["problems"]
    assert (problem["severity"], problem["line"], problem["column"]) == ("error", 16, 5)
    assert trainer.rows() == before


def test_what_one_sees_is_what_trainees_get(trainer: Author, trainee_of_owned: Author) -> None:
    """The very HTML of the lesson's body: the same renderer, the same template."""
    page = trainee_of_owned.page("/learn/try/try-1.1")
    body = page[page.index('<div class="prose"') : page.index('<article class="card')]
    answer = trainer.script(f"/studio/preview/{PATH}", text=samples.LESSON, version=0)
    assert answer.json is not None
    assert body in answer.json["html"]
    assert body in trainer.page(f"/studio/preview/{PATH}")


def test_a_lesson_of_1500_words_is_shown_within_its_budget(trainer: Author) -> None:
    """Each time another text, as while one types; the median of ten, so that a busy machine does not decide."""
    paragraph = "Somebody who listens hears more than somebody who talks, **always**, see [the check](quiz:check).\n\n"
    lesson = samples.LESSON + paragraph * (WORDS // len(paragraph.split()))
    assert len(lesson.split()) >= WORDS
    took = []
    for number in range(10):
        began = time.perf_counter()
        answer = trainer.script(f"/studio/preview/{PATH}", text=f"{lesson}\nTyped {number}.\n", version=0)
        took.append(time.perf_counter() - began)
        assert f"Typed {number}." in answer.text
    assert statistics.median(took) < BUDGET


def test_a_reader_who_is_no_author_may_look(other: Author) -> None:
    assert other.script(f"/studio/preview/{PATH}", text=samples.LESSON, version=0).status_code == 200


def test_a_preview_needs_a_token_and_a_path_of_the_library(trainer: Author) -> None:
    assert trainer.client.post(f"/studio/preview/{PATH}", json={"text": "x", "version": 0}).status_code in (400, 403)
    assert trainer.script("/studio/preview/etc/passwd", text="x", version=0).status_code == 404


def test_whatever_one_types_there_is_an_answer(trainer: Author) -> None:
    for text in (
        "",
        "---",
        "---\nid: [",
        "\ufeff",
        "x" * 1_000_001,
        "---\nid: other\ntitle: x\n---\n# [",
        "##\n" * 3000,
    ):
        for path in (PATH, CHECK, TALK, COURSE, "courses/glossary.yaml", "quizzes/misconceptions.yaml"):
            answer = trainer.script(f"/studio/preview/{path}", text=text, version=0)
            assert answer.status_code == 200, (path, text[:20])


def test_a_quiz_is_shown_as_asked_and_with_every_feedback(trainer: Author) -> None:
    answer = trainer.script(f"/studio/preview/{CHECK}", text=samples.CHECK, version=0)
    assert answer.json is not None
    for words in ("Which one is right?", "SECRET-FEEDBACK", "SECRET-DEBRIEF", "No."):
        assert words in answer.json["html"]


def test_a_scenario_shows_every_scene_with_choices_and_effects(trainer: Author) -> None:
    page = text_of(trainer.page(f"/studio/preview/{TALK}"))
    for words in (
        "The briefing.",
        "opening",
        "He frowns.",
        "Trust +2",
        "Trust ≥ 2",
        "C06 −",
        "A strong ending",
        "A date",
    ):
        assert words in page


# --- as a trainee ---


def test_an_unpublished_lesson_can_be_walked_before_anybody_sees_it(trainer: Author, trainee_of_owned: Author) -> None:
    trainer.save(edited("Nobody"))
    page = trainer.page(f"/studio/preview/{PATH}")
    assert "Nobody asks" in page
    assert "unpublished working copies" in page
    assert "Mark as done" not in page
    assert "data-opened" not in page
    assert "/practice/" not in page[page.index("<article") :]
    assert "Nobody asks" not in trainee_of_owned.page("/learn/try/try-1.1")


def test_a_lesson_no_course_lists_yet_can_be_seen(trainer: Author) -> None:
    path = "courses/try/try-1.9.en.md"
    trainer.save(samples.LESSON.replace("try-1.1", "try-1.9"), path=path)
    assert "Somebody asks" in trainer.page(f"/studio/preview/{path}")


def test_the_course_page_leads_on_within_the_preview(trainer: Author) -> None:
    trainer.save(OWNED.replace("One module", "Another module"), path=COURSE)
    page = trainer.page(f"/studio/preview/{COURSE}")
    assert "Another module" in page
    assert f'href="/studio/preview/{PATH}?language=en"' in page


def test_the_language_can_be_switched(trainer: Author) -> None:
    chinese = samples.LESSON.replace("title: A first lesson\ncompetencies: [C06]", "title: 第一课\nfollows: en")
    trainer.save(
        chinese.replace("Somebody asks before somebody tells.", "先问后说，软件也一样。"),
        path="courses/try/try-1.1.zh-Hans.md",
    )
    assert "先问后说" in trainer.page(f"/studio/preview/{PATH}?language=zh-Hans")
    assert "先問後說，軟體" in trainer.page(f"/studio/preview/{PATH}?language=zh-Hant")
    assert "Somebody asks" in trainer.page(f"/studio/preview/{PATH}?language=en")


def test_a_conversation_can_be_rehearsed_and_nothing_is_stored(trainer: Author) -> None:
    before = trainer.rows()
    start = trainer.page(f"/studio/preview/{TALK}?play=")
    assert "The briefing." in start
    assert "He sits down." not in start
    assert "play=0&amp;" in start or "play=0#" in start
    end = trainer.page(f"/studio/preview/{TALK}?play=0.0")
    assert "A strong ending" in end
    assert "Lead with the result." in end
    assert trainer.rows() == before


def test_another_buyer_hears_it_differently(trainer: Author) -> None:
    assert "I have read your page." in trainer.page(f"/studio/preview/{TALK}?play=&variant=analytical")


def test_choices_that_are_not_possible_are_left_out(trainer: Author) -> None:
    for places in ("9", "0.9.0", "x.y", "-1", "2.0.0.0", "0." * 500):
        assert trainer.get(f"/studio/preview/{TALK}?play={places}").status_code == 200
    for query in ("language=xx", "language=", "variant=nobody&play="):
        assert trainer.get(f"/studio/preview/{TALK}?{query}").status_code == 200


SOURCES = {
    TALK: samples.TALK,
    COURSE: OWNED,
    CHECK: samples.CHECK,
    "quizzes/final.en.md": samples.FINAL,
    PATH: samples.LESSON,
}


@pytest.mark.parametrize("path", SOURCES)
def test_what_is_half_typed_is_shown_all_the_same(trainer: Author, path: str) -> None:
    """Each line once without its end and once without itself: no name, no language, no answer."""
    lines = SOURCES[path].splitlines()
    for place, line in enumerate(lines):
        for instead in ([line.partition(":")[0] + ":"], [line[: len(line) // 2]], []):
            text = "\n".join([*lines[:place], *instead, *lines[place + 1 :]])
            answer = trainer.script(f"/studio/preview/{path}", text=text, version=0)
            assert answer.status_code == 200, (line, instead)


def test_a_buyer_without_a_name_is_shown_too(trainer: Author) -> None:
    text = samples.TALK.replace("name: Luo", 'name: ""')
    assert trainer.script(f"/studio/preview/{TALK}", text=text, version=0).status_code == 200
