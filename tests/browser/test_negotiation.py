"""A negotiation in the browser: by mouse and by keyboard, on a phone, without script, and every state looked at."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Look, NewContext, SignIn
from tests.browser.test_trainee import DESK, PHONE


def begin(page: Page, server: str, table: str) -> None:
    page.goto(f"{server}/practice/negotiation/{table}?course=neg")
    page.locator("main .actions button").first.click()
    page.wait_for_url("**/table")


def offer(page: Page, price: int, back: str = "") -> None:
    left = page.locator("[name=turn]").get_attribute("value")
    page.fill("[name=issue-price]", str(price))
    page.select_option("[name=return]", back)
    page.click("button[value=offer]")
    expect(page.locator(f"[name=turn][value='{left}']")).to_have_count(0)


@pytest.mark.parametrize(
    ("who", "device", "table", "prices"),
    [("trainee", DESK, "nt01", (960, 930)), ("outsider", PHONE, "nt02", (2600, 2540))],
    ids=["en-desk", "zh-phone-dark"],
)
def test_from_the_opening_to_the_debrief(
    server: str, new_context: NewContext, sign_in: SignIn, look: Look,
    who: str, device: dict[str, object], table: str, prices: tuple[int, int],
) -> None:  # fmt: skip
    page = new_context(**device).new_page()
    sign_in(page, who)
    begin(page, server, table)
    look(page, "table opened")
    offer(page, prices[0])
    offer(page, prices[1], "price")
    page.click("button[value=ask]")
    expect(page.locator(".dialogue#now .speech")).to_have_count(2)
    look(page, "table")
    page.click("button[value=accept]")
    page.wait_for_url("**/debrief")
    expect(page.locator(".pareto svg")).to_be_visible()
    page.locator("details.so-far summary").click()
    look(page, "negotiation debrief")


def test_a_negotiation_needs_no_script(server: str, new_context: NewContext, sign_in: SignIn) -> None:
    page = new_context(**(PHONE | {"java_script_enabled": False})).new_page()
    sign_in(page, "huang.jiaqi")
    begin(page, server, "nt02")
    offer(page, 2600)
    expect(page.locator("[data-sum]")).to_be_hidden()
    page.click("button[value=walk]")
    page.wait_for_url("**/debrief")
    expect(page.locator(".pareto svg")).to_be_visible()


@pytest.mark.expected_errors("status of 422")  # a number between two steps
def test_a_table_by_keyboard_counts_while_one_types(server: str, page: Page, sign_in: SignIn, look: Look) -> None:
    sign_in(page, "sofia.rossi")
    begin(page, server, "nt01")
    total = page.locator("[data-sum] output")
    expect(total).to_have_text("100")
    page.locator("[name=issue-price]").focus()
    page.keyboard.press("ArrowDown")
    expect(total).to_have_text("97.5")
    page.fill("[name=issue-price]", "820")
    page.select_option("[name=issue-payment]", "2")
    expect(page.locator("[data-sum] span")).to_have_text("below your walk-away")
    page.locator("form[data-move]").evaluate("form => form.noValidate = true")
    page.fill("[name=issue-price]", "821")
    expect(page.locator("[data-sum]")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator(".errors")).to_be_visible()
    expect(page.locator("[name=issue-price]")).to_have_value("821")
    look(page, "table with an error")
