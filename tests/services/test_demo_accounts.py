"""The demo company's accounts: some shared, some not, and sheets that wait for their mark."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine, func, select

from kamtrain.core.accounts import Profile
from kamtrain.core.people import Role, Scope
from kamtrain.reports.accounts import report
from kamtrain.reports.accounts.report import Params
from kamtrain.services import demo_accounts, people
from kamtrain.services.demo_accounts import HELD
from kamtrain.store.attempts import Attempt
from kamtrain.store.base import reading, writing
from tests import samples

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_the_teams_view_and_the_marking_queue_are_alive(engine: Engine) -> None:
    head = samples.published(engine, samples.WITH_TASK)
    with writing(engine) as session:
        emails = {one.email for one in HELD}
        ids = {
            email: people.add_person(
                session, None, Profile(email, email, frozenset({Role.trainee}), None, "en", "UTC"), NOW
            )
            for email in sorted(emails)
        }
        demo_accounts.hold(session, head, ids, NOW)
    with reading(engine) as session:
        lines = report.lines(session, Scope(None), Params(), NOW).rows
        cards = report.cards(session, Scope(None), Params())
        waiting = session.scalar(select(func.count()).select_from(Attempt).where(Attempt.waiting))

    assert {row[2] for row in lines} == {one.name for one in HELD if one.shared}
    assert sum(row[4] is not None for row in lines) >= 4  # coverage
    assert [line.place for line in cards] == [1, 2, 3, 4, 5]
    assert waiting == 2
