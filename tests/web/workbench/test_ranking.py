"""Score three accounts and recommend one: the sheets of a tool ranked on one page."""

from __future__ import annotations

import re

from tests.web.conftest import VisitorFor
from tests.web.visitor import Visitor, text_of
from tests.web.workbench.test_sheet import opened, put

PAGE = "/workbench/tools/selection-scorecard/ranking"


def test_three_accounts_are_ranked_and_what_is_not_eligible_has_no_place(trainee: Visitor) -> None:
    for name in ("cedar", "alder", "birch"):
        opened(trainee, example=name, name=name.title())
    best = opened(trainee, name="Elm")
    put(trainee, best, {"criteria.01.score": "10", "knockouts.01.met": "no"})
    opened(trainee, name="Fir")

    text = text_of(trainee.page(PAGE))

    assert re.findall(r"(\d|–) (Alder|Birch|Cedar|Elm|Fir) ", text) == [
        ("1", "Alder"),
        ("2", "Birch"),
        ("3", "Cedar"),
        ("–", "Fir"),
        ("–", "Elm"),
    ]
    assert "54.1 −14.3" in text
    assert "Not eligible" in text
    assert PAGE in trainee.page("/workbench/tools/selection-scorecard")
    assert PAGE in trainee.page(best)


def test_others_sheets_are_in_it_only_where_they_are_shared(trainee: Visitor, visitor: VisitorFor) -> None:
    sheet = opened(trainee, example="alder")
    account = re.search(r'href="(/workbench/accounts/\d+)"', trainee.page(sheet))
    assert account
    assert "Alder" not in text_of(visitor("manager").page(PAGE))

    trainee.post(account[1], {"name": "Alder", "shared": "1"})

    assert "shared by Trainee" in text_of(visitor("manager").page(PAGE))
    assert "Alder" not in text_of(visitor("outsider").page(PAGE))


def test_a_tool_about_many_customers_has_none(trainee: Visitor) -> None:
    assert trainee.get("/workbench/tools/single-indicator/ranking").status_code == 404
