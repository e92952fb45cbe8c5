"""A quiz with a time limit, by mouse and keyboard: the clock is shown, said, and hands in by itself."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect
from sqlalchemy import update

from kamtrain.store.attempts import Attempt
from kamtrain.store.base import connect, writing
from tests import samples
from tests.browser.conftest import Look, NewContext, Server, sign_in_at
from tests.browser.playing import saved

TIMED = samples.CHECK.replace("feedback: now\n", "time: 20 min\nconfidence: true\nwait: 1 h\n")


def test_the_time_runs_out_and_what_was_saved_counts(
    mortal_server: Server, new_context: NewContext, look: Look
) -> None:
    engine = connect(f"sqlite:///{mortal_server.data / 'kamtrain.db'}")
    samples.published(engine, samples.FILES | {"quizzes/check.en.md": TIMED.encode()})
    page = new_context().new_page()
    sign_in_at(mortal_server.address)(page, "trainee")
    page.goto(f"{mortal_server.address}/practice/quiz/check?course=try")
    look(page, "rules")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/questions/1")
    look(page, "timed question")
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^(20:00|19:\d\d)$"))
    with writing(engine) as session:  # nobody waits twenty minutes for a test
        session.execute(
            update(Attempt)
            .where(Attempt.finished_at.is_(None))
            .values(ends_at=datetime.now(UTC) + timedelta(seconds=8))
        )
    engine.dispose()
    page.reload()
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^0:0\d$"))
    page.get_by_label("That one").check()
    page.get_by_label("sure", exact=True).check()
    saved(page)
    page.wait_for_url("**/result")

    expect(page.locator("main")).to_contain_text("The time was up")
    expect(page.locator("main")).to_contain_text("Sure, and not right")
    look(page, "timed result")
    page.goto(f"{mortal_server.address}/practice/quiz/check?course=try")
    expect(page.locator("main")).to_contain_text("You can begin from")
    phone = new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}).new_page()
    sign_in_at(mortal_server.address)(phone, "manager")
    phone.goto(f"{mortal_server.address}/insight/extensions")
    expect(phone.get_by_label("Quiz")).to_be_visible()
    phone.get_by_label("E-mail address of the person").fill("trainee@demo.example")
    phone.get_by_label("More minutes").fill("5")
    phone.get_by_label("Why").fill("The line was down")
    phone.get_by_role("button", name="Give it").click()
    expect(phone.locator("main")).to_contain_text("The line was down")
