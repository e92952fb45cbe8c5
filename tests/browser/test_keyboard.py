"""The journeys with the keyboard alone: Tab, Enter, Space, the arrows and Escape."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, SignIn

FOCUS = """() => {
    const here = document.activeElement;
    const seen = getComputedStyle(here);
    const label = here.closest("label") ?? here.closest(".card") ?? here;
    const drawn = [seen, getComputedStyle(label)].some(style =>
        (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none");
    const appears = here.matches(".skip") && here.getBoundingClientRect().top >= 0;
    return {drawn: drawn || appears, text: (here.innerText || here.getAttribute("aria-label") || here.name || "").trim()};
}"""


def tab_to(page: Page, selector: str, most: int = 80) -> None:
    """Press Tab until what the selector names has the focus; where one is can be seen all the way."""
    for _ in range(most):
        page.keyboard.press("Tab")
        where = page.evaluate(FOCUS)
        assert where["drawn"], f"the focus on “{where['text']}” at {page.url} cannot be seen"
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached at {page.url}")


def test_a_trainee_needs_no_mouse(server: str, page: Page) -> None:
    page.goto(f"{server}/sign-in")
    tab_to(page, "[name=email]")
    page.keyboard.type("zhou.min@demo.example")
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{server}/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    tab_to(page, ".continue .btn")
    page.goto(f"{server}/learn/ppl/ppl-1.2")
    tab_to(page, ".term", most=60)  # its meaning opens and closes
    page.keyboard.press("Enter")
    expect(page.locator(".term-card:popover-open")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".term-card:popover-open")).to_have_count(0)
    page.goto(f"{server}/practice/quiz/ppl-1.4-check?course=ppl")
    tab_to(page, "main .actions button, main .actions a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/questions/**")
    answer_with_keys(page)
    page.goto(f"{server}/practice/scenario/sc03?course=ppl")
    tab_to(page, "main .actions button, main .actions a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/attempts/**")
    while "/result" not in page.url:
        tab_to(page, ".choice")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    expect(page.locator(".paths")).to_be_visible()


def answer_with_keys(page: Page) -> None:
    while "/questions/" in page.url:
        if page.locator("form[data-autosave]").count():
            for part in page.locator("fieldset.part").all():
                if part.locator("[type=radio]").count():
                    tab_to(page, "[type=radio]")
                    page.keyboard.press("Space")
                    page.keyboard.press("ArrowDown")
                elif part.locator("[type=checkbox]").count():
                    tab_to(page, "[type=checkbox]")
                    page.keyboard.press("Space")
                elif part.locator("textarea").count():
                    tab_to(page, "textarea")
                    page.keyboard.type("He cut me off twice, and chose.")
                else:
                    for _ in part.locator("select").all():
                        tab_to(page, "select")
                        page.keyboard.press("ArrowDown")
        tab_to(page, ".question-end .btn")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    expect(page.locator(".result")).to_be_visible()


def test_the_menu_opens_and_closes_by_keys(server: str, page: Page, sign_in: SignIn) -> None:
    sign_in(page, "jonas.weber")
    tab_to(page, ".menu summary")
    page.keyboard.press("Enter")
    expect(page.locator(".menu")).to_have_attribute("open", "")
    tab_to(page, "[name=theme][value=dark]")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.locator("[name=theme][value=dark]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(page.locator(".menu summary")).to_be_focused()
    expect(page.locator(".menu")).not_to_have_attribute("open", "")


def test_a_manager_needs_no_mouse(server: str, page: Page, sign_in: SignIn) -> None:
    sign_in(page, "manager")
    page.goto(f"{server}/insight/completion")
    tab_to(page, "[name=name]")
    page.keyboard.type("Keller")
    page.keyboard.press("Enter")
    page.wait_for_url("**name=Keller**")
    tab_to(page, "th a[href*='sort=score']")
    page.keyboard.press("Enter")
    page.wait_for_url("**sort=score**")
    tab_to(page, ".counts a[href*='state=in-progress']")
