"""The demo as its terminal promises it: every account signs in, and a bundle comes compressed and once."""

import urllib.request

import pytest
from playwright.sync_api import Page, expect

from kamtrain.services.demo import CAST
from tests.browser.conftest import Axe, sign_in_by_hand


@pytest.mark.parametrize("who", [one.email.split("@")[0] for one in CAST[:7]])
def test_every_account_of_the_demo_signs_in(page: Page, server: str, axe: Axe, who: str) -> None:
    page.goto(f"{server}/sign-in")
    axe(page)
    sign_in_by_hand(page, server, who)
    expect(page.locator("h1")).to_have_count(1)
    axe(page)


def test_a_bundle_is_compressed_and_kept_for_good(page: Page, server: str) -> None:
    page.goto(f"{server}/sign-in")
    style = page.locator("link[rel=stylesheet]").first.get_attribute("href")
    request = urllib.request.Request(f"{server}{style}", headers={"Accept-Encoding": "br, gzip"})
    with urllib.request.urlopen(request) as answer:
        assert answer.headers["Content-Encoding"] == "br"
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
