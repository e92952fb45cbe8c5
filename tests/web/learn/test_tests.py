"""A course's tests before and after: where they are offered, what they count for, and what was gained between them."""

from __future__ import annotations

import pytest

from tests import samples
from tests.web.visitor import Visitor, text_of

QUESTION = """
## {form}{n}: Number {n}

`C06, lesson: try-1.1`

Which one is right?

- [x] This one
  > Yes.
- [ ] That one
  > No.
"""


def form(id: str) -> bytes:
    head = f"---\nid: {id}\nkind: quiz\ntitle: Form {id}\npass: 70\n---\n"
    return (head + "".join(QUESTION.format(form=id, n=n) for n in range(4))).encode()


@pytest.fixture
def course(trainee: Visitor) -> Visitor:
    publish(trainee, "complete: {lessons: read, posttest: done}")
    return trainee


def publish(visitor: Visitor, complete: str) -> None:
    text = samples.COURSE.replace("complete: {lessons: read, activities: done}", f"pretest: a\nposttest: b\n{complete}")
    tests = {f"quizzes/{id}.en.md": form(id) for id in ("a", "b")}
    visitor.publish({**samples.FILES, **tests, "courses/try/course.yaml": text.encode()})


def take(visitor: Visitor, test: str, right: int) -> int:
    attempt = visitor.begin("quiz", test)
    for n in range(4):
        visitor.draft(attempt, f"{test}{n}", 0 if n < right else 1)
    visitor.post(f"/practice/attempts/{attempt}/finish")
    return attempt


def test_they_stand_before_the_first_module_and_after_the_last(course: Visitor) -> None:
    page = text_of(course.page("/learn/try"))

    assert page.index("Before you begin") < page.index("One module") < page.rindex("At the end")
    assert "Form a voluntary" in page
    assert "nothing depends on it" in course.page("/practice/quiz/a?course=try")


def test_before_the_course_nobody_fails(course: Visitor) -> None:
    result = text_of(course.page(f"/practice/attempts/{take(course, 'a', 0)}/result"))

    assert "Finished" in result
    assert "needed" not in result
    page = text_of(course.page("/learn/try"))
    assert "Form a voluntary" in page
    assert "not passed" not in page
    assert "Score" not in page


def test_after_it_one_sees_what_one_has_gained(course: Visitor) -> None:
    take(course, "a", 2)
    page = text_of(course.page(f"/practice/attempts/{take(course, 'b', 3)}/result"))

    assert "What you have gained" in page
    assert "50% 50% 75% 75% 50%" in page
    assert "this may be chance" in page


def test_at_the_ceiling_it_says_so(course: Visitor) -> None:
    take(course, "a", 4)
    page = text_of(course.page(f"/practice/attempts/{take(course, 'b', 4)}/result"))

    assert "You knew nearly all of it before" in page


@pytest.mark.parametrize("order", ["b", "ba"])
def test_without_a_test_before_there_is_no_gain(course: Visitor, order: str) -> None:
    results = {test: take(course, test, 3) for test in order}

    assert "What you have gained" not in course.page(f"/practice/attempts/{results['b']}/result")


def test_a_course_may_ask_for_it(trainee: Visitor) -> None:
    publish(trainee, "complete: {lessons: read, pretest: done, posttest: done}")
    page = text_of(trainee.page("/learn/try"))
    assert "voluntary" not in page
    assert '/practice/quiz/a?course=try"><span>Begin' in trainee.page("/learn/try")
    take(trainee, "a", 1)

    assert "Form a" not in text_of(trainee.page("/learn/try")).partition("Still to do")[2]
