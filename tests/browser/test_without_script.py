"""The journeys in a browser that runs no script: every form does by itself what scripts only make easier."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewContext, sign_in_by_hand
from tests.browser.playing import answer_all, go_to_quiz, talk_to_the_end
from tests.browser.test_trainee import DESK, PHONE

PLAIN = {"java_script_enabled": False}


@pytest.mark.expected_errors("status of 422")  # nothing chosen
def test_a_trainee_needs_no_script(server: str, new_context: NewContext) -> None:
    page = new_context(**(PHONE | PLAIN)).new_page()
    sign_in_by_hand(page, server, "huang.jiaqi")
    page.goto(f"{server}/learn/ppl/ppl-1.6")
    page.locator(".lesson-end button").click()
    page.wait_for_url("**/practice/quiz/**")
    go_to_quiz(page, server, "ppl-1.6-check")
    page.locator(".question-end button").first.click()
    expect(page.locator(".errors")).to_be_visible()
    answer_all(page)
    expect(page.locator(".result")).to_be_visible()
    if page.locator(".self-mark").count():
        for row in page.locator(".self-mark").first.locator("tbody tr").all():
            row.locator("label").last.click()
        page.locator(".self-mark button").first.click()
        page.wait_for_url("**/result#q**")
    page.goto(f"{server}/practice/scenario/sc02?course=ppl")
    page.locator("main .actions").locator("button, a").first.click()
    page.wait_for_url("**/attempts/**")
    talk_to_the_end(page)
    expect(page.locator(".paths .path")).to_have_count(2)


def test_language_and_appearance_change_without_script(server: str, new_context: NewContext) -> None:
    page = new_context(**(DESK | PLAIN)).new_page()
    sign_in_by_hand(page, server, "jonas.weber")
    page.goto(f"{server}/learn/ppl?x=1")
    page.locator(".menu summary").click()
    page.locator("[name=language][value=zh-Hant]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")
    assert page.url == f"{server}/learn/ppl?x=1"
    page.locator(".menu summary").click()
    page.locator("[name=theme][value=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.locator(".menu summary").click()
    page.locator("[name=language][value=en]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_manager_needs_no_script(server: str, new_context: NewContext) -> None:
    page = new_context(**(DESK | PLAIN)).new_page()
    sign_in_by_hand(page, server, "manager")
    page.goto(f"{server}/insight/completion")
    page.select_option("[name=course]", "ppl")
    page.fill("[name=name]", "Keller")
    page.locator(".filters button").click()
    page.wait_for_url("**name=Keller**")
    expect(page.locator(".table-report tbody tr")).to_have_count(1)
