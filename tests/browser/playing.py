"""What journeys do in a page, in whatever language it speaks."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

TYPED = "He cut me off twice and chose one of two in a minute; 他当场就选了一个。"


def go_to_quiz(page: Page, address: str, quiz: str) -> None:
    """Begin the quiz, or go on with it."""
    page.goto(f"{address}/practice/quiz/{quiz}?course=ppl")
    page.locator("main .actions").locator("button, a").first.click()
    page.wait_for_url("**/attempts/**")


def fill(page: Page, which: int = 0) -> None:
    """Give some answer to every part of the question; another `which` gives another one."""
    for part in page.locator("fieldset.part").all():
        if part.locator("label.option [type=radio]").count():
            part.locator("label.option").nth(which).click()
        for label in part.locator("label.option:has([type=checkbox])").all()[which : which + 2]:
            label.click()
        for row in part.locator(".classify-row").all():
            row.locator("label").nth(which % 2).click()
        for button in part.locator("[data-move='1']:visible").all()[: 1 + which]:
            button.click()
        for place, select in enumerate(part.locator("select:visible").all()):
            select.select_option(index=1 + (place + which) % 2)
        for line in part.locator("[type=text]").all():
            line.fill(str(12 + which))
        if part.locator("textarea").count():
            part.locator("textarea").fill(f"{TYPED} {which}")


def state_of(page: Page) -> list[object]:
    """What is chosen and typed in the form."""
    found: list[object] = page.evaluate(
        """[...document.querySelectorAll("[data-autosave] [name^='part-']")]
            .map(field => field.matches("[type=radio], [type=checkbox]") ? field.checked : field.value)"""
    )
    return found


def saved(page: Page) -> None:
    """Wait until the page says that the answer is saved."""
    note = page.locator("p.saved[data-saved]")
    expect(note).not_to_be_empty()
    expect(note).not_to_have_class(re.compile("saved-problem"))
    expect(note).not_to_contain_text("…")


def unsaved(page: Page) -> None:
    """Wait until the page says that the answer could not be sent yet."""
    expect(page.locator("p.saved[data-saved]")).to_have_class(re.compile("saved-problem"))


def answer_all(page: Page) -> None:
    """From a question to the result, one after the other."""
    while "/questions/" in page.url:
        if page.locator("form[data-autosave]").count():
            fill(page)
        with page.expect_navigation():
            page.locator(".question-end").locator("button, a").first.click()


def talk_to_the_end(page: Page) -> None:
    """Always the first line, to whatever ending it leads."""
    while "/result" not in page.url:
        with page.expect_navigation():
            page.locator(".choice").first.click()
