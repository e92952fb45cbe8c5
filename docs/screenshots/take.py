"""Takes the README's pictures from a running demo: `.venv/bin/python docs/screenshots/take.py http://127.0.0.1:8000`."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
PASSWORD = "kamtrain-demo"  # nosec B105 # the demo's, which the README prints


def signed_in(browser: Browser, base: str, name: str, width: int = 1280, scheme: str = "light") -> Page:
    context = browser.new_context(base_url=base, viewport={"width": width, "height": 860}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("[name=email]", f"{name}@demo.example")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/")
    return page


def take(page: Page, name: str) -> None:
    page.wait_for_timeout(400)
    page.screenshot(path=HERE / f"{name}.png")


def main(base: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        trainee = signed_in(browser, base, "trainee")
        trainee.goto("/learn/ppl/ppl-1.1")
        take(trainee, "lesson")
        trainee.goto("/practice/scenario/sc03?course=ppl")
        trainee.click("main form button")
        trainee.locator(".choice").nth(3).click()
        trainee.wait_for_url("**#now")
        take(trainee, "scenario")
        while not trainee.url.split("#")[0].endswith("/result"):
            trainee.locator(".choice").first.click()
            trainee.wait_for_load_state()
        take(trainee, "debrief")
        trainee.goto("/workbench/tools/stakeholder-map")
        trainee.locator("[name=example]").nth(1).check()
        trainee.locator("form.panel button").click()
        trainee.wait_for_url("**/sheets/**")
        take(trainee, "workbench")
        trainer = signed_in(browser, base, "trainer")
        trainer.goto("/studio/edit/courses/ppl/ppl-1.2.en.md")
        take(trainer, "studio")
        manager = signed_in(browser, base, "manager")
        manager.goto("/insight/completion")
        take(manager, "completion")
        phone = signed_in(browser, base, "outsider", width=390, scheme="dark")
        phone.goto("/learn/ppl/ppl-1.2")
        take(phone, "phone-zh")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
