"""GET /learn/<course>"""

from __future__ import annotations

import pytest

from tests import samples
from tests.web.visitor import Visitor, text_of


def test_it_works(trainee: Visitor) -> None:
    page = text_of(trainee.page("/learn/try"))

    for title in ("A course to try", "One module", "A first lesson", "A check", "A final", "A talk"):
        assert title in page
    assert "Still to do" not in page


def test_somebody_elses_progress_is_not_shown(trainee: Visitor, outsider: Visitor) -> None:
    trainee.post("/learn/try/try-1.1/done")
    page = text_of(outsider.page("/learn/try"))

    assert "Progress" not in page
    assert "Still to do" not in page


def test_what_is_still_to_do_is_said(trainee: Visitor) -> None:
    trainee.post("/learn/try/try-1.1/done")
    page = text_of(trainee.page("/learn/try"))

    assert "25" in page
    assert "Continue: A check" in page
    assert "Still to do" in page


@pytest.mark.parametrize("course", ["none", "TRY", "try%20", "..%2f..%2fetc", "x" * 3000, "%00", "试"])
def test_a_course_that_is_not_is_not_there(trainee: Visitor, course: str) -> None:
    assert trainee.get(f"/learn/{course}").status_code == 404


def test_a_course_done_and_passed_says_so(trainee: Visitor) -> None:
    trainee.post("/learn/try/try-1.1/done")
    check, final, talk = (trainee.begin(*one) for one in (("quiz", "check"), ("quiz", "final"), ("scenario", "talk")))
    trainee.answer(check, "c1", 0)
    trainee.answer(check, "c2", 1)
    trainee.draft(final, "f1", (0, 1))
    trainee.draft(final, "f2", [0, 1])
    trainee.post(f"/practice/attempts/{final}/finish")
    trainee.choose(talk, 0, "opening", 0)
    trainee.choose(talk, 1, "middle", 0)
    page = text_of(trainee.page("/learn/try"))

    assert "You have finished this course." in page
    assert "100" in page
    assert "Still" not in page


def test_what_this_version_cannot_play_is_left_out(trainee: Visitor) -> None:
    course = samples.COURSE.replace("      - quiz: check\n", "      - quiz: check\n      - survey: after\n")
    trainee.publish({**samples.FILES, **samples.SURVEY, "courses/try/course.yaml": course.encode()})

    page = text_of(trainee.page("/learn/try"))
    assert "A check" in page
    assert "after" not in page.lower()


def test_courses_to_take_before_are_recommended(trainee: Visitor) -> None:
    course = samples.COURSE.replace("languages: [en]", "languages: [en]\nrequires: [abc]")
    trainee.publish({**samples.FILES, "courses/try/course.yaml": course.encode()})

    assert "ABC (recommended; not in the library yet)" in text_of(trainee.page("/learn/try"))


def test_a_planned_course_to_take_before_has_its_title(trainee: Visitor) -> None:
    course = samples.COURSE.replace("languages: [en]", "languages: [en]\nrequires: [abc]")
    planned = "courses:\n  abc: {en: The alphabet, zh-Hans: 字母}\n"
    files = {"courses/try/course.yaml": course.encode(), "courses/sources.yaml": planned.encode()}
    trainee.publish({**samples.FILES, **files})

    assert "The alphabet (recommended; not in the library yet)" in text_of(trainee.page("/learn/try"))
