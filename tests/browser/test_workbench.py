"""The workbench in the browser: a sheet from its worked example to a kept version, two devices, a lost connection, a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from kamtrain.workbench import TOOLS
from tests.browser.conftest import Look, NewContext, SignIn, sign_in_by_hand
from tests.browser.test_trainee import DESK, PHONE

SCORE = "criteria.02.score"
NAME = "criteria.02.name"
OUTPUTS = "[data-outputs]"


def begin(page: Page, server: str, tool: str, example: str | None = None) -> None:
    """A new sheet of a new account with the worked example, by the form's own token."""
    name = TOOLS[tool].examples[0].name if example is None else example
    page.goto(f"{server}/workbench/tools/{tool}")
    form: dict[str, str | float | bool] = {
        "csrf_token": page.locator("form.panel [name=csrf_token]").get_attribute("value") or "",
        "account": "",
        "name": "Alder",
        "example": name,
    }
    answer = page.context.request.post(f"{server}/workbench/tools/{tool}", form=form, max_redirects=0)
    page.goto(f"{server}{answer.headers['location']}")


def saved(page: Page) -> None:
    expect(page.locator(".sheet-save [data-saved]")).to_contain_text(re.compile(r"\d:\d\d"))


def cell(page: Page, key: str) -> Locator:
    return page.locator(f"[id='f-{key}']")


def test_a_sheet_from_its_example_to_a_kept_version(server: str, page: Page, sign_in: SignIn, look: Look) -> None:
    sign_in(page, "trainee")
    page.goto(f"{server}/workbench")
    look(page, "workbench")
    page.goto(f"{server}/workbench/tools/selection-scorecard")
    look(page, "tool")
    begin(page, server, "selection-scorecard")
    expect(page.locator(OUTPUTS)).to_contain_text("68.4")
    page.fill("[name=note]", "before the visit")
    page.locator("#versions form button").first.click()
    page.wait_for_url("**#versions")
    expect(page.locator(".sheet-versions")).to_contain_text("before the visit")

    cell(page, SCORE).fill("10")
    expect(page.locator(f"[data-computed='{SCORE.replace('score', 'points')}']")).to_have_text("80")
    expect(page.locator(OUTPUTS)).not_to_contain_text("68.4")
    saved(page)
    cell(page, NAME).press("End")
    cell(page, NAME).press("Enter")  # a name is one line
    expect(cell(page, NAME)).not_to_have_value(re.compile("\n"))
    page.reload()
    expect(cell(page, SCORE)).to_have_value("10")
    page.locator("#versions a[href*='with=']").first.click()
    expect(page.locator("main")).to_contain_text("before the visit")
    look(page, "compare")


def test_two_devices_are_brought_together(server: str, page: Page, new_context: NewContext, sign_in: SignIn) -> None:
    sign_in(page, "trainee")
    begin(page, server, "selection-scorecard")
    other = new_context(**PHONE).new_page()
    sign_in(other, "trainee")
    other.goto(page.url)
    cell(other, "criteria.03.score").fill("1")
    saved(other)
    cell(page, SCORE).fill("3")
    saved(page)
    expect(cell(page, "criteria.03.score")).to_have_value("1")  # what the other typed came with the answer

    cell(other, SCORE).fill("5")
    told = other.locator(f"[data-fault='{SCORE}']")
    expect(told).to_contain_text("3")
    other.reload()  # the question stays until it is answered
    expect(told.locator("button")).to_have_count(2)
    told.locator("button").first.click()
    saved(other)
    page.reload()
    expect(cell(page, SCORE)).to_have_value("5")


@pytest.mark.expected_errors("ERR_INTERNET_DISCONNECTED")
def test_what_is_typed_without_a_connection_is_sent_later(server: str, page: Page, sign_in: SignIn) -> None:
    sign_in(page, "trainee")
    begin(page, server, "selection-scorecard")
    page.context.set_offline(True)
    cell(page, SCORE).fill("2")
    expect(page.locator(".sheet-save .saved-problem")).to_be_visible()
    url = page.url
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(url)
    expect(cell(page, SCORE)).to_have_value("2")
    saved(page)
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(cell(page, SCORE)).to_have_value("2")


def test_the_map_follows_its_table_and_focus_stays(server: str, page: Page, sign_in: SignIn) -> None:
    sign_in(page, "trainee")
    begin(page, server, "stakeholder-map")
    attitude = cell(page, "people.06.attitude")
    before = page.locator("g[data-row='06']").get_attribute("data-x-at")
    attitude.fill("2")
    expect(page.locator("g[data-row='06']")).not_to_have_attribute("data-x-at", before or "")
    expect(attitude).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.sheet-form') !== null")


def test_a_phone_keeps_the_result_in_view(server: str, new_context: NewContext, sign_in: SignIn) -> None:
    page = new_context(**PHONE).new_page()
    sign_in(page, "trainee")
    begin(page, server, "selection-scorecard")
    headline = page.locator("[data-headline]")
    expect(headline).to_be_in_viewport()
    before = headline.inner_text()
    cell(page, SCORE).fill("0")
    expect(headline).not_to_have_text(before)
    box, bar = cell(page, SCORE).bounding_box(), page.locator(".sheet-save").bounding_box()
    assert box
    assert bar
    assert box["y"] + box["height"] <= bar["y"]
    headline.click()
    expect(page.locator("#h-outputs")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollHeight") < 8_000  # eighteen rows


def test_a_sheet_needs_no_script(server: str, new_context: NewContext) -> None:
    page = new_context(**(PHONE | {"java_script_enabled": False})).new_page()
    sign_in_by_hand(page, server, "trainee")
    begin(page, server, "selection-scorecard")
    cell(page, SCORE).fill("10")
    page.locator(".sheet-save button").click()
    page.wait_for_load_state()
    expect(cell(page, SCORE)).to_have_value("10")
    expect(page.locator(OUTPUTS)).not_to_contain_text("68.4")


def test_every_tool_is_for_everybody(server: str, new_context: NewContext, sign_in: SignIn, look: Look) -> None:
    page = new_context(**DESK).new_page()
    sign_in(page, "trainee")
    for tool in TOOLS:
        begin(page, server, tool)
        look(page, tool)


def test_a_phone_in_the_dark(server: str, new_context: NewContext, sign_in: SignIn, look: Look) -> None:
    page = new_context(**PHONE).new_page()
    sign_in(page, "outsider")
    for tool in ("visit-plan", "visit-record", "selection-scorecard"):
        begin(page, server, tool)
        look(page, tool)
