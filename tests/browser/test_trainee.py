"""A trainee's road: from the start page through a lesson and a quiz to the debrief of a conversation; and what is kept."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Look, NewContext, Server, SignIn, sign_in_at
from tests.browser.playing import TYPED, answer_all, fill, go_to_quiz, saved, state_of, talk_to_the_end, unsaved

DESK = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"}
PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "has_touch": True}


@pytest.mark.expected_errors("status of 422")  # nothing chosen
@pytest.mark.parametrize(
    ("who", "device"), [("trainee", DESK), ("outsider", PHONE)], ids=["en-desk-light", "zh-phone-dark"]
)
def test_from_the_start_page_to_the_debrief(
    server: str, new_context: NewContext, sign_in: SignIn, look: Look, who: str, device: dict[str, object]
) -> None:
    page = new_context(**device).new_page()
    sign_in(page, who)
    look(page, "start")
    following = page.locator(".continue .actions a")
    where = following.get_attribute("href")
    following.click()
    page.wait_for_url(f"{server}{where}")
    page.locator(".crumbs a").last.click()
    page.wait_for_url("**/learn/*")  # the course worked at last: other journeys share the demo
    page.goto(f"{server}/learn/ppl")
    look(page, "course")
    page.locator(".steps a[href='/learn/ppl/ppl-1.6']").click()
    page.wait_for_url("**/learn/ppl/ppl-1.6")
    look(page, "lesson")
    page.locator(".lesson-end button").click()
    page.wait_for_url("**/practice/quiz/**")
    expect(page.locator("[role=status]")).to_have_count(1)
    look(page, "quiz intro")
    page.locator("main .actions button").first.click()
    page.wait_for_url("**/questions/1")
    look(page, "question")
    page.locator("main .question-end button").first.click()  # nothing chosen
    expect(page.locator(".errors")).to_be_focused()
    look(page, "question refused")
    fill(page)
    saved(page)
    look(page, "question saved")
    chosen = state_of(page)
    page.reload()
    assert state_of(page) == chosen
    page.locator(".question-end button").first.click()
    expect(page.locator(".verdict")).to_have_count(1)
    look(page, "question answered")
    answer_all(page)
    expect(page.locator(".result")).to_be_visible()
    look(page, "quiz result")
    page.goto(f"{server}/practice/scenario/sc03?course=ppl")
    look(page, "scenario intro")
    page.locator("main .actions").locator("button, a").first.click()
    page.wait_for_url("**/attempts/**")
    look(page, "scene")
    page.locator(".choice").last.click()
    page.wait_for_load_state()
    if "/result" not in page.url:
        expect(page.locator(".speech-mine")).not_to_have_count(0)
        look(page, "scene later")
    talk_to_the_end(page)
    expect(page.locator(".paths .path")).to_have_count(2)
    expect(page.locator(".talk-map .graph-mine").first).to_be_attached()
    expect(page.locator(".path-cost").first).to_be_visible()
    expect(page.locator(".evidence li").first).to_be_visible()
    look(page, "debrief")
    debrief = page.url
    page.locator(".buyer", has_not=page.locator(".badge")).locator("button").click()  # another type of buyer
    page.wait_for_url("**/attempts/**")
    assert page.url.removesuffix("#now") not in debrief
    expect(page.locator("meter, progress").first).to_be_attached()
    page.goto(debrief)
    page.locator(".path form button").first.click()
    page.wait_for_url("**/attempts/**#now")
    look(page, "retry")
    talk_to_the_end(page)
    expect(page.locator(".notice a[href$='/result']")).to_have_count(1)
    look(page, "debrief of a retry")


def test_what_a_course_has_taught_shows_between_its_two_tests(
    server: str, new_context: NewContext, sign_in: SignIn, look: Look
) -> None:
    page = new_context(**PHONE).new_page()
    sign_in(page, "huang.jiaqi")
    for test in ("ppl-a", "ppl-b"):
        go_to_quiz(page, server, test)
        answer_all(page)
        page.locator("main form button").first.click()
        page.wait_for_url("**/result")
    expect(page.locator("[aria-labelledby=gains] tbody tr").first).to_be_visible()
    look(page, "gain")


def test_another_device_shows_the_answer_and_the_newest_stays(
    server: str, page: Page, new_context: NewContext, sign_in: SignIn
) -> None:
    sign_in(page, "tom.hale")
    go_to_quiz(page, server, "ppl-1.1-check")
    fill(page)
    saved(page)
    other = new_context(**PHONE).new_page()
    sign_in(other, "tom.hale")
    other.goto(page.url)
    assert state_of(other) == state_of(page)
    fill(other, 1)
    saved(other)
    page.reload()

    assert state_of(page) == state_of(other)


@pytest.mark.expected_errors("ERR_INTERNET_DISCONNECTED")
def test_without_a_connection_the_answer_stays_in_the_browser_and_is_sent_later(
    server: str, page: Page, new_context: NewContext, sign_in: SignIn, look: Look
) -> None:
    sign_in(page, "lea.moreau")
    go_to_open_question(page, server)
    page.locator("textarea").fill("The first half.")
    saved(page)
    page.context.set_offline(True)
    page.locator("textarea").fill(TYPED)
    unsaved(page)
    look(page, "question offline")
    page.locator(".question-end button").first.click()  # cannot be sent, so the page stays
    expect(page.locator("textarea")).to_have_value(TYPED)
    page.context.set_offline(False)
    saved(page)
    other = new_context().new_page()
    sign_in(other, "lea.moreau")
    other.goto(page.url)

    expect(other.locator("textarea")).to_have_value(TYPED)


@pytest.mark.expected_errors("ERR_INTERNET_DISCONNECTED")
def test_what_could_not_be_sent_is_there_when_the_page_is_opened_again(
    server: str, page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "sofia.rossi")
    go_to_open_question(page, server)
    page.context.set_offline(True)
    page.locator("textarea").fill(TYPED)
    unsaved(page)
    url = page.url
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(url)
    expect(page.locator("textarea")).to_have_value(TYPED)
    saved(page)
    page.evaluate("localStorage.clear()")
    page.reload()

    expect(page.locator("textarea")).to_have_value(TYPED)


def go_to_open_question(page: Page, server: str) -> None:
    """The question answered in one's own words, wherever it was drawn."""
    go_to_quiz(page, server, "ppl-1.3-check")
    for link in [mark.get_attribute("href") for mark in page.locator(".strip a").all()]:
        page.goto(f"{server}{link}")
        if page.locator("textarea").count():
            return
    raise AssertionError("no open question here")


@pytest.mark.expected_errors(
    "ERR_CONNECTION_REFUSED", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET", "ERR_SOCKET_NOT_CONNECTED"
)
def test_what_was_said_to_be_saved_survives_kill_9(mortal_server: Server, page: Page) -> None:
    address = mortal_server.address
    sign_in_at(address)(page, "trainee")
    page.goto(f"{address}/practice/scenario/sc02?course=ppl")
    page.locator("main .actions").locator("button, a").first.click()
    page.wait_for_url("**/attempts/**")
    page.locator(".choice").first.click()
    page.wait_for_url("**#now")
    said, talk = page.locator(".speech-mine").inner_text(), page.url
    go_to_quiz(page, address, "ppl-1.5-check")
    fill(page)
    saved(page)
    chosen, question = state_of(page), page.url
    go_to_open_question(page, address)
    page.locator("textarea").fill("The first half.")
    saved(page)
    mortal_server.kill()
    page.locator("textarea").fill(TYPED)
    unsaved(page)
    mortal_server.start()
    saved(page)  # sent by itself as soon as there is somebody to send it to
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(page.locator("textarea")).to_have_value(TYPED)
    page.goto(question)
    assert state_of(page) == chosen
    page.goto(talk)
    assert page.locator(".speech-mine").inner_text() == said
