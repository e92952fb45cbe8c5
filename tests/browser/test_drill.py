"""A drill and a refresher in the browser: by keyboard, on a phone without script, and every state looked at."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Look, NewContext, SignIn
from tests.browser.playing import answer_all
from tests.browser.test_trainee import DESK, PHONE

PLAIN = {"java_script_enabled": False}


def begin(page: Page, server: str) -> None:
    page.goto(f"{server}/practice/drill/ppl-styles?course=ppl")
    page.locator("main .actions button").first.click()
    page.wait_for_url("**/drill/*")


def scene(page: Page, which: int = 0) -> None:
    """One question: an answer, a cue; the page then shows both."""
    page.locator("button[name=answer]").nth(which).click()
    page.locator("button[name=cue]").first.click()
    expect(page.locator(".verdict")).to_have_count(1)


@pytest.mark.parametrize(("who", "device"), [("trainee", DESK), ("outsider", PHONE)], ids=["en-desk", "zh-phone-dark"])
def test_scene_after_scene(
    server: str, new_context: NewContext, sign_in: SignIn, look: Look, who: str, device: dict[str, object]
) -> None:
    page = new_context(**device).new_page()
    sign_in(page, who)
    begin(page, server)
    look(page, "drill asking")
    page.reload()
    page.locator("button[name=answer]").first.click()
    look(page, "drill asking for the cue")
    page.locator("button[name=cue]").first.click()
    expect(page.locator(".verdict")).to_have_count(1)
    look(page, "drill compared")
    for which in (4, 2, 1):
        page.locator("form[action$='/next'] button").click()
        page.wait_for_url("**/drill/*")
        scene(page, which)
    look(page, "drill compared again")
    page.goto(f"{server}/practice/drill/ppl-styles?course=ppl")
    expect(page.locator(".matrix")).to_be_visible()
    look(page, "matrix")


def test_a_drill_by_keyboard_and_in_two_tabs(server: str, page: Page, sign_in: SignIn) -> None:
    sign_in(page, "sofia.rossi")
    begin(page, server)
    other = page.context.new_page()
    other.goto(page.url)
    page.locator("button[name=answer]").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("button[name=cue]")).not_to_have_count(0)
    other.locator("button[name=answer]").last.click()
    expect(other.locator(".notice-warning")).to_be_visible()
    expect(other.locator("button[name=cue]")).not_to_have_count(0)
    page.locator("button[name=cue]").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".verdict")).to_have_count(1)


def test_a_drill_needs_no_script(server: str, new_context: NewContext, sign_in: SignIn) -> None:
    page = new_context(**(PHONE | PLAIN)).new_page()
    sign_in(page, "huang.jiaqi")
    begin(page, server)
    scene(page)
    page.locator("form[action$='/next'] button").click()
    page.wait_for_url("**/drill/*")
    scene(page, 3)


def test_a_refresher(server: str, page: Page, sign_in: SignIn, look: Look) -> None:
    sign_in(page, "chen.yulan")
    expect(page.locator("a[href='/learn/refresher']").first).to_be_visible()
    page.goto(f"{server}/learn/refresher")
    expect(page.locator(".due li")).not_to_have_count(0)
    look(page, "refresher")
    page.locator("main .actions button").click()
    page.wait_for_url("**/questions/1")
    look(page, "refresher asking")
    answer_all(page)
    expect(page.locator(".result")).to_be_visible()
    look(page, "refresher done")
