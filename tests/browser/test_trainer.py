"""A trainer's road: a lesson is changed, seen as trainees will, its problems read, and published; then trainees have it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Look, NewContext, SignIn
from tests.browser.test_trainee import DESK, PHONE
from tests.browser.test_without_script import PLAIN

LESSON = "courses/ppl/ppl-1.5"
SENTENCE = "This sentence was written in a test and stands in no book."
SATZ = "这句话是测试里写的，书上没有。"
BROKEN = "\n\n[A quiz that is nowhere](quiz:nowhere-at-all)\n"


def saved(page: Page) -> None:
    note = page.locator("#edit-form .saved")
    expect(note).not_to_be_empty()
    expect(note).not_to_contain_text("…")


def line_of(words: str) -> int:
    lines = (ROOT / f"{LESSON}.en.md").read_text(encoding="utf-8").split("\n")
    return 1 + next(place for place, line in enumerate(lines) if words in line)


def sees(page: Page, server: str, sentence: str, language: str) -> bool:
    page.goto(f"{server}/learn/ppl/ppl-1.5")
    if page.locator("html").get_attribute("lang") != language:
        page.locator(".menu summary").click()
        page.locator(f"[name=language][value='{language}']").click()
        page.wait_for_load_state()
    return sentence in page.inner_text("main")


@pytest.mark.parametrize("device", [DESK, PHONE], ids=["desk-light", "phone-dark"])
def test_a_lesson_is_changed_and_published(
    server: str, new_context: NewContext, sign_in: SignIn, look: Look, device: dict[str, object]
) -> None:
    sentence = f"{SENTENCE} ({device['color_scheme']})"
    page = new_context(**device).new_page()
    sign_in(page, "trainer")
    page.locator(".areas a[href='/studio']").click()
    look(page, "shelf")
    page.locator(f".shelf-files a[href='/studio/edit/{LESSON}.en.md']").click()
    editor = page.locator(".cm-content")
    page.goto(f"{page.url}?line={line_of('nobody had said no')}")  # where a problem's link leads
    expect(editor).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.insert_text(f" {sentence}")
    expect(page.locator("[data-preview-box]")).to_contain_text(sentence)
    saved(page)
    look(page, "editor changed")
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(BROKEN)
    expect(page.locator("[data-problems] .problem-error")).to_have_count(1)
    saved(page)
    look(page, "editor with a problem")
    page.locator("[data-problems] [data-line]").first.click()
    expect(editor).to_be_focused()
    page.keyboard.press("Control+z")
    expect(page.locator("[data-problems] .problem-error")).to_have_count(0)
    page.keyboard.press("Control+s")
    saved(page)
    page.reload()
    expect(editor).to_be_visible()
    page.locator("a[href^='/studio/preview/']").first.click()
    expect(page.locator("main")).to_contain_text(sentence)
    look(page, "as a trainee")
    page.goto(f"{server}/studio/publish")
    expect(page.locator(".copy")).to_have_count(1)
    look(page, "publish")
    page.fill("main [name=note]", "A sentence more")
    page.locator("main form[method=post] button").click()
    page.wait_for_url("**/studio/history/**")
    look(page, "published")
    trainee = new_context().new_page()
    sign_in(trainee, "trainee")
    assert sees(trainee, server, sentence, "en")


@pytest.mark.expected_errors("status of 409")  # the two versions
def test_it_needs_no_script_and_shows_both_versions_of_a_stale_text(
    server: str, new_context: NewContext, sign_in: SignIn
) -> None:
    context = new_context(**(PHONE | PLAIN))
    page, tab = context.new_page(), context.new_page()
    sign_in(page, "othertrainer")
    for one in (page, tab):
        one.goto(f"{server}/studio/edit/{LESSON}.zh-Hans.md")
    text = page.locator("textarea[name=text]").input_value()
    mine = text.replace("没有人高声说过话", f"{SATZ}没有人高声说过话")
    page.fill("textarea[name=text]", mine)
    page.locator("#edit-form button").first.click()
    page.wait_for_load_state()
    assert SATZ in page.locator("textarea[name=text]").input_value()
    expect(page.locator("[data-preview-box]")).to_contain_text(SATZ)
    tab.fill("textarea[name=text]", f"{text}\nAnother thought.\n")
    tab.locator("#edit-form button").first.click()
    tab.wait_for_load_state()
    assert "Another thought." in tab.locator("textarea[name=text]").input_value()
    assert SATZ in tab.locator("#f-theirs").input_value()
    tab.locator("main .actions a").first.click()  # take what is saved
    tab.wait_for_load_state()
    assert SATZ in tab.locator("textarea[name=text]").input_value()
    page.goto(f"{server}/studio/publish")
    page.locator("main form[method=post] button").click()
    page.wait_for_url("**/studio/history/**")
    trainee = new_context().new_page()
    sign_in(trainee, "outsider")

    assert sees(trainee, server, SATZ, "zh-Hans")


@pytest.mark.expected_errors("ERR_INTERNET_DISCONNECTED")
def test_without_a_connection_the_text_stays_in_the_browser(server: str, page: Page, sign_in: SignIn) -> None:
    sign_in(page, "admin")
    page.goto(f"{server}/studio/edit/{LESSON}.en.md")
    page.locator(".cm-content").click()
    page.context.set_offline(True)
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("\nTyped in a tunnel.\n")
    expect(page.locator("#edit-form .saved-problem")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#edit-form .saved-problem")).to_have_count(0)
    saved(page)
    page.reload()

    expect(page.locator("[data-preview-box]")).to_contain_text("Typed in a tunnel.")
