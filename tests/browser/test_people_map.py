"""The map of people in the browser: moved by hand it writes into the table; on a phone the table is a pile of cards."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Look, NewContext, SignIn
from tests.browser.test_trainee import DESK, PHONE

WIDE = 640  # units of the drawing
COLUMN, LANE = 90, 46  # of one place in it


def begin(page: Page, server: str) -> None:
    page.goto(f"{server}/workbench/tools/stakeholder-map")
    page.fill("[name=name]", "Alder")
    page.locator("[name=example][value=alder]").check()
    page.locator("form.panel button").last.click()
    page.wait_for_url("**/sheets/*")


def test_somebody_is_moved(server: str, page: Page, sign_in: SignIn) -> None:
    sign_in(page, "trainee")
    begin(page, server)
    deng = page.locator("g[data-row='06']")
    deng.scroll_into_view_if_needed()
    place, drawing = deng.bounding_box(), page.locator("svg[data-drag]").bounding_box()
    assert place
    assert drawing
    unit = drawing["width"] / WIDE
    x, y = place["x"] + 6 * unit, place["y"] + place["height"] / 2

    page.mouse.click(x, y)
    expect(page.locator("[name='people.06.attitude']")).to_have_value("0")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + COLUMN * unit, y + LANE * unit, steps=4)
    page.mouse.up()

    expect(page.locator("[name='people.06.attitude']")).to_have_value("1")
    expect(page.locator("[name='people.06.influence']")).to_have_value("3")
    expect(page.locator("[data-outputs]")).to_contain_text("30.0")  # support, with the new figures: 12 of 40
    page.reload()
    expect(page.locator("[name='people.06.attitude']")).to_have_value("1")


@pytest.mark.parametrize(("who", "device"), [("trainee", DESK), ("outsider", PHONE)], ids=["en-desk", "zh-phone-dark"])
def test_the_map_and_its_table(
    server: str, new_context: NewContext, sign_in: SignIn, look: Look, who: str, device: dict[str, object]
) -> None:
    page = new_context(**device).new_page()
    sign_in(page, who)
    begin(page, server)
    look(page, "map of people")
