"""GET / and GET /learn"""

from __future__ import annotations

import pytest

from tests import samples
from tests.web.conftest import VisitorFor
from tests.web.visitor import Visitor, text_of


def test_it_works(trainee: Visitor) -> None:
    page = trainee.page("/")

    assert "Hello, Trainee" in page
    assert "Begin here" in page
    assert "A course to try" in page
    assert 'href="/learn/try/try-1.1"' in page


@pytest.mark.parametrize("path", ["/", "/learn", "/learn/try", "/learn/try/try-1.1", "/learn/terms"])
def test_nobody_is_let_in_without_a_sign_in(trainee: Visitor, visitor: VisitorFor, path: str) -> None:
    response = visitor("anonymous").get(path, headers={"Accept": "text/html"})

    assert response.status_code == 302
    assert response.location.startswith("/sign-in?next=")


@pytest.mark.parametrize("path", ["/", "/learn", "/learn/try", "/learn/try/try-1.1", "/learn/terms"])
def test_looking_changes_nothing(trainee: Visitor, path: str) -> None:
    before = trainee.rows()
    trainee.page(path)

    assert trainee.rows() == before


@pytest.mark.parametrize("path", ["/", "/learn"])
@pytest.mark.parametrize("name", ["trainee", "manager", "trainer", "admin"])
def test_before_anything_is_published_it_says_so(visitor: VisitorFor, path: str, name: str) -> None:
    assert "There is no course yet" in visitor(name).page(path)


def test_what_one_began_is_gone_on_with(trainee: Visitor) -> None:
    trainee.post("/learn/try/try-1.1/done")
    page = text_of(trainee.page("/"))

    assert "Go on where you were" in page
    assert "Next: A check" in page
    assert "Begin here" not in page


def test_progress_is_ones_own(trainee: Visitor, outsider: Visitor) -> None:
    trainee.post("/learn/try/try-1.1/done")

    assert "Begin here" in outsider.page("/")
    assert "not started" in text_of(outsider.page("/learn"))
    assert "in progress 1 lesson · about 10 min 25%" in text_of(trainee.page("/learn"))


def test_a_course_that_was_taken_out_is_not_shown_and_breaks_nothing(trainee: Visitor) -> None:
    trainee.post("/learn/try/try-1.1/done")
    trainee.publish({path: data for path, data in samples.FILES.items() if not path.startswith("courses/")})

    assert "There is no course yet" in trainee.page("/")
    assert "There is no course yet" in trainee.page("/learn")


@pytest.mark.parametrize(("name", "seen"), [("trainee", ""), ("manager", "Completion"), ("trainer", "Studio")])
def test_ones_work_is_offered_by_ones_role(visitor: VisitorFor, trainee: Visitor, name: str, seen: str) -> None:
    page = text_of(visitor(name).page("/"))

    assert ("Your work" in page) is bool(seen)
    assert seen in page


@pytest.mark.parametrize(
    ("language", "title"), [("zh-Hans", "试用课程"), ("zh-Hant", "試用課程"), ("en", "A course to try")]
)
def test_courses_are_named_in_the_readers_language(trainee: Visitor, language: str, title: str) -> None:
    trainee.post("/preferences", {"language": language})

    for path in ("/", "/learn", "/learn/try"):
        assert title in trainee.page(path)
