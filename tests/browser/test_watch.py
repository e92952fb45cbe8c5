"""The browser fixtures see what they are there to see; otherwise every journey would pass blindly."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Axe

PAGE = "<!doctype html><html lang='en'><title>A page</title><main><h1>A page</h1>{}</main></html>"


def test_axe_passes_a_sound_page(page: Page, axe: Axe) -> None:
    page.set_content(PAGE.format("<p>Sound.</p>"))
    axe(page)


def test_axe_names_a_barrier_and_its_place(page: Page, axe: Axe) -> None:
    page.set_content(PAGE.format("<input>"))
    with pytest.raises(AssertionError, match="Form elements must have labels\n    <input>"):
        axe(page)


@pytest.mark.expected_errors("said by a script", "thrown by a script", "another host: http://192.0.2.1/", "ERR_")
def test_console_errors_and_other_hosts_are_seen(page: Page, faults: list[str]) -> None:
    page.set_content(PAGE.format("<img src='http://192.0.2.1/seen.png' alt=''>"), wait_until="commit")
    page.evaluate("console.error('said by a script'); setTimeout(() => { throw Error('thrown by a script') })")
    page.wait_for_timeout(200)
    assert {"said by a script", "another host: http://192.0.2.1/seen.png"} <= set(faults)
    assert any("thrown by a script" in fault for fault in faults)
