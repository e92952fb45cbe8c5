"""What was published when an attempt began, and is not any more: it is finished, shown, and leads to no missing page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from kamtrain.services.publishing import forget_libraries
from tests import samples
from tests.web.conftest import VisitorFor
from tests.web.visitor import Visitor

Files = Callable[[], dict[str, bytes]]

OTHER = samples.COURSE.replace("id: try\n", "id: other\n").replace("try-1", "other-1")


def without_activities() -> dict[str, bytes]:
    files = {path: data for path, data in samples.FILES.items() if path.startswith("courses/")}
    course = re.sub(r"      - (quiz: .*|\{scenario: .*)\n", "", samples.COURSE)
    lesson = samples.LESSON.replace("[Check yourself](quiz:check)\n", "")
    return {**files, "courses/try/course.yaml": course.encode(), "courses/try/try-1.1.en.md": lesson.encode()}


def without_course() -> dict[str, bytes]:
    files = {path: data for path, data in samples.FILES.items() if path.startswith("quizzes/")}
    lesson = samples.LESSON.replace("id: try-1.1", "id: other-1.1")
    return {**files, "courses/other/course.yaml": OTHER.encode(), "courses/other/other-1.1.en.md": lesson.encode()}


@pytest.mark.parametrize("publish", [without_activities, without_course])
def test_what_is_gone_is_finished_shown_and_leads_nowhere_missing(trainee: Visitor, publish: Files) -> None:
    quiz, talk = trainee.begin("quiz", "final"), trainee.begin("scenario", "talk")
    trainee.publish(publish())
    forget_libraries()  # as after a restart, or once other revisions have pushed it out

    trainee.draft(quiz, "f3", "Written after it was taken out.")
    trainee.post(f"/practice/attempts/{quiz}/finish")
    trainee.choose(talk, 0, "opening", 2)
    for attempt in (quiz, talk):
        page = trainee.page(f"/practice/attempts/{attempt}/result")
        for target in set(re.findall(r'<a [^>]*href="(/[^"#]*)', page)):
            assert trainee.get(target, follow_redirects=True).status_code == 200, target
        for target in set(re.findall(r'<form[^>]*action="(/practice/[^"]+/begin[^"]*)"', page)):
            assert trainee.post(target).status_code == 303, target
    for path in ("/", "/learn"):
        trainee.page(path)


@pytest.mark.parametrize("publish", [without_activities, without_course])
def test_the_report_speaks_of_what_is_left(trainee: Visitor, visitor: VisitorFor, publish: Files) -> None:
    trainee.post(f"/practice/attempts/{trainee.begin('quiz', 'final')}/finish")
    trainee.publish(publish())
    manager = visitor("manager")

    assert "Trainee" in manager.page("/insight/completion")
    assert manager.get("/insight/completion.csv").status_code == 200
