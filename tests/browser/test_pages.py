"""Every page template there is: no barrier, nothing that scrolls sideways, at both sizes, in both themes and two languages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Look, NewContext, SignIn

EN_DARK = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"}
ZH_LIGHT = {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"}
BOTH = pytest.mark.parametrize("device", [EN_DARK, ZH_LIGHT], ids=["en-desk-dark", "zh-phone-light"])

OPEN = {"sign-in": "/sign-in", "forgot": "/forgot", "reset link gone": "/reset/nothing", "no such page": "/nowhere"}
TRAINEE = {
    "start": "/",
    "catalogue": "/learn",
    "course": "/learn/ppl",
    "lesson": "/learn/ppl/ppl-1.1",
    "drawing": "/learn/svc/svc-1.1",
    "tool to come": "/learn/nine/nine-3.1",
    "terms": "/learn/terms",
    "terms found": "/learn/terms?q=caigou",
    "competencies": "/learn/competencies",
    "terms not found": "/learn/terms?q=nothing-of-the-kind",
    "quiz intro": "/practice/quiz/ppl-quiz?course=ppl",
    "drill": "/practice/drill/ppl-styles?course=ppl",
    "refresher": "/learn/refresher",
    "scenario intro": "/practice/scenario/sc02?course=ppl",
    "profile": "/account",
    "no such course": "/learn/nowhere",
    "not for your role": "/insight/completion",
}
ADMIN = {
    "start of an admin": "/",
    "report": "/insight/completion",
    "cohort of a drill": "/insight/drill/ppl-styles",
    "report empty": "/insight/completion?name=nobody-of-that-name",
    "people": "/admin/people",
    "person": "/admin/people/1",
    "new person": "/admin/people/new",
    "teams": "/admin/teams",
    "team": "/admin/teams/1",
}
STUDIO = {
    "shelf": "/studio",
    "publish": "/studio/publish",
    "coverage": "/studio/sources",
    "competencies as a trainee": "/studio/preview/courses/competencies.yaml",
    "history": "/studio/history",
    "revision": "/studio/history/1",
    "as a trainee": "/studio/preview/courses/ppl/ppl-1.1.en.md",
    "course as a trainee": "/studio/preview/courses/ppl/course.yaml",
    "activity as a trainee": "/studio/preview/quizzes/ppl-1.1-check.en.md",
    "editor": "/studio/edit/courses/ppl/ppl-1.1.en.md",
    "insight of a trainer": "/insight",
    "briefing": "/insight/briefing?course=ppl",
}


def walk(page: Page, server: str, look: Look, pages: dict[str, str]) -> None:
    for name, path in pages.items():
        response = page.goto(f"{server}{path}")
        assert response is not None
        assert response.status < 500, (path, response.status)
        expect(page.locator("h1")).to_have_count(1)
        look(page, name)


@BOTH
@pytest.mark.expected_errors("Failed to load resource")  # the pages that say 403, 404 and 422
def test_pages_for_everybody(server: str, new_context: NewContext, look: Look, device: dict[str, object]) -> None:
    page = new_context(**device).new_page()
    walk(page, server, look, OPEN)
    page.goto(f"{server}/sign-in")
    page.fill("[name=email]", "nobody@demo.example")
    page.fill("[name=password]", "a wrong guess")
    page.press("[name=password]", "Enter")
    expect(page.locator(".errors")).to_be_visible()
    look(page, "sign-in refused")
    page.locator(".menu summary").click()
    look(page, "menu open")


@BOTH
@pytest.mark.expected_errors("Failed to load resource")
def test_a_trainees_pages(
    server: str, new_context: NewContext, sign_in: SignIn, look: Look, device: dict[str, object]
) -> None:
    page = new_context(**device).new_page()
    sign_in(page, "trainee" if device is EN_DARK else "outsider")
    walk(page, server, look, TRAINEE)
    page.goto(f"{server}/learn/ppl")
    page.locator(".menu summary").click()
    look(page, "menu open, signed in")
    page.goto(f"{server}/account/password")
    look(page, "password")
    for place, typed in enumerate(("wrong", "short", "other")):
        page.locator("main [type=password]").nth(place).fill(typed)
    page.locator("main form button").click()
    expect(page.locator(".errors")).to_be_visible()
    look(page, "password refused")


@BOTH
def test_an_admins_pages(
    server: str, new_context: NewContext, sign_in: SignIn, look: Look, device: dict[str, object]
) -> None:
    page = new_context(**device).new_page()
    sign_in(page, "admin")
    walk(page, server, look, ADMIN)


@BOTH
def test_a_trainers_pages(
    server: str, new_context: NewContext, sign_in: SignIn, look: Look, device: dict[str, object]
) -> None:
    page = new_context(**device).new_page()
    sign_in(page, "trainer" if device is EN_DARK else "othertrainer")
    walk(page, server, look, STUDIO)
    # It is handed round: one sheet, and nothing of it on a second one.
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True))) == 1


@pytest.mark.expected_errors("Failed to load resource")
def test_a_form_after_the_sign_in_has_ended_is_kept(server: str, page: Page, sign_in: SignIn, look: Look) -> None:
    sign_in(page, "ma.lin")
    page.goto(f"{server}/account")
    page.locator("[name=name]").fill("马琳 Ma Lin")
    page.context.clear_cookies()
    page.locator("form[action='/account'] button").last.click()
    look(page, "sign-in ended, form kept")
    page.fill("main [name=email]", "ma.lin@demo.example")
    page.fill("main [name=password]", "kamtrain-demo")
    page.press("main [name=password]", "Enter")
    look(page, "send it again")
    page.locator("main form button").click()
    page.goto(f"{server}/account")

    expect(page.locator("[name=name]")).to_have_value("马琳 Ma Lin")


PRINTED = {"lesson": "/learn/ppl/ppl-1.1", "course": "/learn/ppl"}
BARS = (".bar", ".foot", ".skip", ".crumbs", ".pager", ".page-aside", ".lesson-end", ".actions .btn")


def test_on_paper_there_are_no_bars_and_buttons(server: str, page: Page, sign_in: SignIn) -> None:
    sign_in(page, "trainee")
    page.emulate_media(media="print")
    for path in PRINTED.values():
        page.goto(f"{server}{path}")
        shown = [bar for bar in BARS for found in page.locator(bar).all() if found.is_visible()]
        assert shown == [], path
        expect(page.locator("h1")).to_be_visible()
    page.goto(f"{server}/practice/quiz/ppl-1.2-check?course=ppl")
    page.emulate_media(media="screen")
    page.locator("main table a").first.click()
    page.wait_for_url("**/result")
    page.emulate_media(media="print")
    shown = [bar for bar in BARS for found in page.locator(bar).all() if found.is_visible()]
    assert shown == []
    expect(page.locator(".question-title").first).to_be_visible()
