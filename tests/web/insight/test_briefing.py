"""GET /insight and /insight/briefing"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from kamtrain.http.database import engine
from kamtrain.services import learning
from kamtrain.services.attempts import Head
from kamtrain.store.base import writing
from tests.answered import answered
from tests.cast import Cast
from tests.web.conftest import VisitorFor
from tests.web.visitor import text_of

PAGE = "/insight/briefing"


@pytest.fixture
def crowd(app: Flask, head: Head, cast: Cast) -> None:
    """Nine of the team North are wrong at the first question of the check; the trainee and the outsider have begun."""
    with app.app_context():
        answered(engine(), head, "check", cast.north, 9, lambda _: [[1], [1]])
        with writing(engine()) as session:
            for name in ("trainee", "outsider"):
                learning.enroll(
                    session, head.library, head.revision_id, cast[name], "try", datetime(2026, 3, 2, tzinfo=UTC)
                )


def test_it_works(crowd: None, visitor: VisitorFor) -> None:
    page = text_of(visitor("trainer").page(PAGE))
    assert "Briefing: A course to try" in page
    assert "2 trainees have begun" in page
    assert "That one" in page
    assert "9 of 9 chose the same wrong answer" in page
    assert "First: what makes the wrong answer look right?" in page
    assert "stuck at 0 %" in page


def test_a_manager_sees_own_people_and_no_key(crowd: None, visitor: VisitorFor) -> None:
    page = text_of(visitor("manager").page(PAGE))
    assert "9 of 9 chose the same wrong answer" in page
    assert "That one" not in page
    assert "Outsider" not in page
    other = text_of(visitor("othermanager").page(PAGE))
    assert "Outsider" in other
    assert "chose the same" not in other


def test_course_and_team_are_chosen_in_the_address(crowd: None, visitor: VisitorFor, cast: Cast) -> None:
    trainer = visitor("trainer")
    assert "1 trainee has begun" in text_of(trainer.page(f"{PAGE}?course=try&team={cast.south}"))
    assert trainer.get(f"{PAGE}?course=none", headers={"Accept": "text/html"}).status_code == 404
    trainer.post("/preferences", {"language": "zh-Hans"})
    assert "9人中有9人选了同一个错误答案" in trainer.page(PAGE)


def test_where_nobody_has_begun_it_says_so(head: Head, visitor: VisitorFor) -> None:
    assert "Nobody has begun this course yet" in visitor("trainer").page(PAGE)


@pytest.mark.parametrize(
    ("name", "opens", "there", "not_there"),
    [
        ("trainer", "/insight", [PAGE, "/insight/items", "/insight/extensions"], ["/insight/completion"]),
        ("manager", "/insight/completion", [PAGE, "/insight/items", "/insight/extensions", "/insight/completion"], []),
    ],
)
def test_insight_begins_with_what_ones_role_may_see(
    head: Head, visitor: VisitorFor, name: str, opens: str, there: list[str], not_there: list[str]
) -> None:
    page = visitor(name).page("/insight")
    main = page[page.index("<main") :]
    assert f'<li><a href="{opens}" aria-current="true">Insight</a></li>' in page
    assert [link for link in there if f'href="{link}"' not in main] == []
    assert [link for link in not_there if f'href="{link}"' in main] == []


@pytest.mark.parametrize("path", [PAGE, "/insight"])
def test_trainees_are_refused(head: Head, visitor: VisitorFor, path: str) -> None:
    trainee = visitor("trainee")
    assert trainee.get(path, headers={"Accept": "text/html"}).status_code == 403
    assert "Insight" not in trainee.page("/")
