"""A trainer marks what waits, by keys at a desk and by fingers on a phone; trainees read why, and one appeals."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Look, NewContext, SignIn
from tests.browser.test_trainee import DESK, PHONE


def result_of(page: Page, server: str, quiz: str) -> None:
    page.goto(f"{server}/practice/quiz/{quiz}?course=ppl")
    page.locator("tbody a").first.click()


def test_answers_are_marked_read_and_appealed_against(
    server: str, new_context: NewContext, sign_in: SignIn, look: Look
) -> None:
    trainee = new_context(**DESK).new_page()
    sign_in(trainee, "sofia.rossi")
    result_of(trainee, server, "ppl-1.3-check")
    expect(trainee.locator("main")).to_contain_text("Waits for a trainer’s mark")
    look(trainee, "result that waits for a trainer")

    desk = new_context(**DESK).new_page()
    sign_in(desk, "trainer")
    desk.locator(".areas a[href='/marking']").click()
    look(desk, "queue")
    waiting = int(desk.locator(".counts [aria-current] b").inner_text())
    desk.locator("tbody tr", has_text="Sofia Rossi").locator("a").click()
    look(desk, "work")
    first = desk.locator(".criterion input").first
    first.focus()
    for _criterion in desk.locator(".criterion").all():
        desk.keyboard.press("Space")
        desk.keyboard.press("ArrowRight")
        desk.keyboard.press("ArrowRight")
        desk.keyboard.press("Tab")  # to the comment, and on to the next criterion
        desk.keyboard.press("Tab")
    desk.locator(".mark-comment summary").first.click()
    desk.locator(".mark-comment textarea").first.fill("Quote what he said.")
    look(desk, "work filled in")
    desk.locator(".work-mark button[value=stay]").click()
    expect(desk.locator("[role=status]").first).to_contain_text("The mark is saved.")
    expect(desk.locator(".reading")).to_contain_text("3 Sound")
    look(desk, "work marked")
    desk.goto(f"{server}/marking")
    expect(desk.locator(".counts [aria-current] b")).to_have_text(str(waiting - 1))

    result_of(trainee, server, "ppl-1.3-check")
    expect(trainee.locator(".own-mark")).to_contain_text("Quote what he said.")
    trainee.locator(".appeal summary").click()
    look(trainee, "result with its mark")
    trainee.fill(".appeal textarea", "It stands in my second sentence.")
    trainee.locator(".appeal button").click()
    expect(trainee.locator(".own-mark")).to_contain_text("Another trainer reads it.")
    look(trainee, "result appealed against")

    phone = new_context(**PHONE).new_page()
    sign_in(phone, "othertrainer")
    phone.goto(f"{server}/marking?tab=appeals")
    look(phone, "appeals")
    phone.locator("tbody tr", has_text="Sofia Rossi").locator("a").click()
    look(phone, "appeal")
    phone.locator(".criterion").first.locator("label").last.click()
    phone.fill("[name=overall]", "你说得对。")
    phone.locator(".work-mark button[value=stay]").click()
    expect(phone.locator(".readings")).to_contain_text("你说得对。")
    look(phone, "appeal decided")
    for name, path in (("queue", "/marking"), ("done", "/marking?tab=done"), ("agreement", "/marking/agreement")):
        for page in (desk, phone):
            page.goto(f"{server}{path}")
            look(page, name)
    phone.goto(f"{server}/marking")
    phone.locator("tbody a").first.click()
    look(phone, "work")

    result_of(trainee, server, "ppl-1.3-check")
    expect(trainee.locator(".own-mark")).to_contain_text("The mark was changed")
    look(trainee, "result after an appeal")
