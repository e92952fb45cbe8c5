"""The team's view: the accounts that reps share, and what they do not share nowhere."""

from __future__ import annotations

import re

from tests.web.conftest import VisitorFor
from tests.web.visitor import Visitor, text_of
from tests.web.workbench.test_sheet import opened

PAGE = "/insight/accounts"


def shared(who: Visitor, name: str, example: str = "alder") -> str:
    """A scorecard in an account that its owner shares; its address."""
    sheet = opened(who, example=example, name=name)
    account = re.search(r'href="(/workbench/accounts/\d+)"', who.page(sheet))
    assert account
    assert who.post(account[1], {"name": name, "shared": "1"}).status_code == 303
    return sheet


def test_it_works(trainee: Visitor, visitor: VisitorFor) -> None:
    manager = visitor("manager")
    assert "Nothing is shared yet" in text_of(manager.page(PAGE))
    assert PAGE in manager.page("/insight")
    opened(trainee, example="alder", name="Secret")
    sheet = shared(trainee, "Shared & Sons")

    page = manager.page(PAGE)

    assert "Shared &amp; Sons" in page
    assert sheet in page
    assert "68.4" in text_of(page)
    for address in (
        PAGE,
        f"{PAGE}.csv",
        f"{PAGE}?team=1&rep=1&sort=coverage&order=down",
        f"{PAGE}?sort=nonsense&page=x",
    ):
        assert "Secret" not in manager.page(address)
    assert "Shared & Sons" in manager.page(f"{PAGE}.csv")
    assert manager.get(f"{PAGE}.xlsx").data.startswith(b"PK")
    assert "Nobody matches" in manager.page(f"{PAGE}?rep=999")


def test_another_teams_manager_sees_none_of_it_and_an_admin_may_read_it(trainee: Visitor, visitor: VisitorFor) -> None:
    sheet = shared(trainee, "Alder")
    other, admin = visitor("othermanager"), visitor("admin")

    assert "Nothing is shared yet" in text_of(other.page(PAGE))
    assert other.get(sheet).status_code == 404
    assert "Alder" in text_of(admin.page(PAGE))
    assert "shares this sheet with you" in text_of(admin.page(sheet))
    assert "Alder" not in text_of(admin.page("/workbench"))
    assert visitor("trainer").get(PAGE).status_code == 403
