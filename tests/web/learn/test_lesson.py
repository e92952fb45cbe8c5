"""GET /learn/<course>/<lesson>, POST …/opened and …/done"""

from __future__ import annotations

import pytest

from tests import samples
from tests.web.conftest import VisitorFor
from tests.web.visitor import HERE, Visitor, text_of

LESSON = "/learn/try/try-1.1"


def test_it_works(trainee: Visitor) -> None:
    page = trainee.page(LESSON)

    assert "Somebody asks before somebody tells." in page
    assert "Three cues, not one." in page
    assert 'href="/practice/quiz/check?course=try"' in page
    assert 'aria-current="page"' in page
    assert 'rel="next"' in page
    assert 'rel="prev"' not in page


def test_somebody_elses_reading_is_not_shown(trainee: Visitor, outsider: Visitor) -> None:
    trainee.post(f"{LESSON}/done")

    assert "You have finished this lesson." in trainee.page(LESSON)
    assert "You have finished this lesson." not in outsider.page(LESSON)


@pytest.mark.parametrize("lesson", ["none", "check", "talk", "..%2ftry-1.1", "try-1.1%00", "x" * 3000])
@pytest.mark.parametrize("rest", ["", "/opened", "/done"])
def test_a_lesson_that_is_not_is_not_there(trainee: Visitor, lesson: str, rest: str) -> None:
    before = trainee.rows()
    ask = trainee.post if rest else trainee.get

    assert ask(f"/learn/try/{lesson}{rest}").status_code == 404
    assert ask(f"/learn/none/try-1.1{rest}").status_code == 404
    assert trainee.rows() == before


@pytest.mark.parametrize("rest", ["", "/opened", "/done"])
def test_before_anything_is_published_there_is_none(visitor: VisitorFor, rest: str) -> None:
    trainee = visitor("trainee")
    before = trainee.rows()

    assert (trainee.post if rest else trainee.get)(f"{LESSON}{rest}").status_code == 404
    assert trainee.rows() == before


def test_done_goes_on_to_the_next_step_and_says_so(trainee: Visitor) -> None:
    response = trainee.post(f"{LESSON}/done")
    assert (response.status_code, response.location) == (303, "/practice/quiz/check?course=try")

    assert "“A first lesson” is marked as done." in trainee.page(response.location)


def test_done_twice_is_done_once(trainee: Visitor) -> None:
    for _ in range(2):
        assert trainee.post(f"{LESSON}/done").status_code == 303

    assert trainee.rows()["lessons_read"] == trainee.rows()["enrollments"] == 1


def test_the_last_lesson_leads_back_to_the_course(trainee: Visitor) -> None:
    alone = samples.COURSE.replace("      - quiz: check\n", "").replace("      - quiz: final\n", "")
    alone = alone.replace("      - {scenario: talk, reach: acceptable}\n", "")
    trainee.publish({**samples.FILES, "courses/try/course.yaml": alone.encode()})

    assert trainee.post(f"{LESSON}/done").location == "/learn/try"


def test_opened_is_noted_once_and_asked_for_no_more(trainee: Visitor) -> None:
    assert f'data-opened="{LESSON}/opened"' in trainee.page(LESSON)
    assert [trainee.post(f"{LESSON}/opened").status_code for _ in range(2)] == [204, 204]

    assert "data-opened" not in trainee.page(LESSON)
    assert trainee.rows()["lessons_read"] == 1
    assert "You have finished this lesson." not in trainee.page(LESSON)


def test_a_lesson_opened_is_where_one_goes_on(trainee: Visitor) -> None:
    trainee.post(f"{LESSON}/opened")
    page = text_of(trainee.page("/"))

    assert "Go on where you were" in page
    assert "Next: A first lesson" in page


@pytest.mark.parametrize("rest", ["opened", "done"])
def test_without_a_token_nothing_is_noted(trainee: Visitor, rest: str) -> None:
    before = trainee.rows()

    assert trainee.client.post(f"{LESSON}/{rest}", headers=HERE).status_code == 400
    assert trainee.client.post(f"{LESSON}/{rest}", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert trainee.rows() == before


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_a_lesson_not_written_in_ones_language_says_so(trainee: Visitor, language: str) -> None:
    trainee.post("/preferences", {"language": language})
    page = trainee.page(LESSON)

    assert f'<html lang="{language}"' in page
    assert '<h1 lang="en">A first lesson</h1>' in page
    assert '<div class="prose" lang="en">' in page


@pytest.mark.parametrize(("language", "said"), [("zh-Hans", "先问后说。"), ("zh-Hant", "先問後說。")])
def test_a_lesson_is_shown_in_ones_language(trainee: Visitor, language: str, said: str) -> None:
    course = samples.COURSE.replace("languages: [en]", "languages: [en, zh-Hans]")
    lesson = (
        "---\nid: try-1.1\nfollows: en\ntitle: 第一课\n---\n\n先问后说。\n\n## 看什么\n\n"
        "> [!tip] 看两遍\n> 三个。\n\n[自测](quiz:check)\n"
    )
    trainee.publish(
        {**samples.FILES, "courses/try/course.yaml": course.encode(), "courses/try/try-1.1.zh-Hans.md": lesson.encode()}
    )
    trainee.post("/preferences", {"language": language})
    page = trainee.page(LESSON)

    assert said in page
    assert f'<div class="prose" lang="{language}">' in page


def test_a_terms_meaning_stands_beside_it(trainee: Visitor) -> None:
    terms = "buying-centre:\n  name: {en: Buying centre}\n  text: {en: All who have a say.}\n"
    lesson = samples.LESSON.replace("Somebody asks", "The [buying centre](term:buying-centre) asks")
    trainee.publish(
        {**samples.FILES, "courses/glossary.yaml": terms.encode(), "courses/try/try-1.1.en.md": lesson.encode()}
    )

    assert "All who have a say." in trainee.page(LESSON)


def test_what_an_author_may_not_do_does_not_run(trainee: Visitor) -> None:
    evil = samples.LESSON + "\n<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n[x](javascript:alert(1))\n"
    try:
        trainee.publish({**samples.FILES, "courses/try/try-1.1.en.md": evil.encode()})
    except AssertionError:
        return  # refused as a whole: as good
    page = trainee.page(LESSON)

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page


def test_what_is_still_to_come_says_so_and_leads_nowhere(trainee: Visitor) -> None:
    path = "courses/try/try-1.1.en.md"
    text = samples.FILES[path].decode() + "\n[Say how it was](survey:after)\n"
    trainee.publish({**samples.FILES, **samples.SURVEY, path: text.encode()})

    page = trainee.page(LESSON)
    assert "Say how it was to come" in text_of(page)
    assert 'class="card card-survey"' in page
    assert "survey:after" not in page
    assert 'href="/practice/survey' not in page
