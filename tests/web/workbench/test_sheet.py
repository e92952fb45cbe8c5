"""Sheets on screen: what is typed comes out, with script and without."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from kamtrain.workbench import TOOLS
from tests.web.visitor import HERE, Visitor, text_of


def opened(who: Visitor, tool: str = "selection-scorecard", example: str = "", **more: str) -> str:
    fields = {"example": example, "name": "Alder", **more}
    response = who.post(f"/workbench/tools/{tool}", fields)
    assert response.status_code == 303, response.text
    return str(response.location)


def put(who: Visitor, sheet: str, cells: dict[str, Any], seen: str = "0") -> Any:
    headers = {**HERE, "Sec-Fetch-Mode": "cors", "X-CSRFToken": who.token, "Accept": "application/json"}
    return who.client.put(
        f"{sheet}/cells",
        data=json.dumps({"seen": seen, "cells": cells}),
        headers=headers,
        content_type="application/json",
    )


def stamp(page: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize("tool", TOOLS)
def test_every_tool_opens_empty_and_with_its_example(trainee: Visitor, tool: str) -> None:
    empty = trainee.page(opened(trainee, tool))
    assert "What comes out" in text_of(empty)
    example = TOOLS[tool].examples[0]
    page = text_of(trainee.page(opened(trainee, tool, example.name)))
    for name, expected in example.figures.items():
        assert expected in page, name
    assert trainee.get(f"/workbench/tools/{tool}").status_code == 200


def test_what_is_typed_comes_out_at_once_and_is_there_later(trainee: Visitor) -> None:
    sheet = opened(trainee)

    answer = put(trainee, sheet, {"criteria.01.score": "9", "criteria.02.score": "many"}).json

    assert answer["computed"]["criteria.01.points"] == "72"
    assert "no number" in answer["faults"]["criteria.02.score"]
    assert "90.0" in answer["outputs"]
    page = trainee.page(sheet)
    assert 'value="9"' in page
    assert 'value="many"' in page


def test_without_script_the_form_saves_and_boxes_that_were_unticked_stay_so(trainee: Visitor) -> None:
    sheet = opened(trainee, example="alder")
    page = trainee.page(sheet)

    response = trainee.post(sheet, {"seen": stamp(page), "criteria.01.score": "1", "knockouts.01.met": ""})

    assert response.status_code == 303
    after = text_of(trainee.page(sheet))
    assert "894" in after  # 958 less eight points of weight 8
    assert "Answer the knock-outs first" in after


def test_a_stale_form_is_told_so_and_both_values_are_shown(trainee: Visitor) -> None:
    sheet = opened(trainee)
    put(trainee, sheet, {"criteria.01.name": "as the phone has it"})

    response = trainee.post(sheet, {"seen": "0", "criteria.01.name": "as the desk has it"})

    assert response.status_code == 409
    assert "as the phone has it" in response.text
    assert "as the desk has it" in response.text


def test_erasing_a_row_keeps_what_was_typed_elsewhere(trainee: Visitor) -> None:
    sheet = opened(trainee)
    put(trainee, sheet, {"criteria.0000000000r1.name": "a row too many"})
    fields = {"seen": stamp(trainee.page(sheet)), "erased": "criteria.0000000000r1", "criteria.01.score": "7"}

    trainee.post(f"{sheet}/erase", fields)

    page = trainee.page(sheet)
    assert "a row too many" not in page
    assert 'value="7"' in page


@pytest.mark.parametrize(
    "body", ["", "[]", '{"cells": 1}', '{"cells": {"criteria.01.score": 9}, "seen": "0"}', '{"cells": {}, "seen": "x"}']
)
def test_nonsense_is_refused(trainee: Visitor, body: str) -> None:
    headers = {**HERE, "Sec-Fetch-Mode": "cors", "X-CSRFToken": trainee.token, "Accept": "application/json"}

    response = trainee.client.put(
        f"{opened(trainee)}/cells", data=body, headers=headers, content_type="application/json"
    )

    assert response.status_code == 422


def test_what_was_typed_is_text_and_never_markup(trainee: Visitor) -> None:
    sheet = opened(trainee)

    answer = put(trainee, sheet, {"knockouts.01.name": "<script>alert(1)</script>", "knockouts.01.met": "no"})

    assert "<script>alert" not in answer.json["outputs"]
    assert "<script>alert" not in trainee.page(sheet)


def test_an_account_is_shared_with_the_team_and_read_only(trainee: Visitor, visitor: Callable[[str], Visitor]) -> None:
    sheet = opened(trainee, example="alder")
    account = re.search(r'href="(/workbench/accounts/\d+)"', trainee.page(sheet))
    assert account
    manager = visitor("manager")
    assert manager.get(sheet).status_code == 404

    trainee.post(account[1], {"name": "Alder", "shared": "1"})

    page = manager.page(sheet)
    assert "shares this sheet with you" in text_of(page)
    assert 'name="criteria.01.score"' not in page
    assert manager.post(sheet, {"seen": "0", "criteria.01.score": "1"}).status_code == 404
    copy = manager.post(f"{sheet}/copy")
    assert "958" in text_of(manager.page(str(copy.location)))


def test_settings_are_a_trainers_and_change_what_comes_out(trainee: Visitor, visitor: Callable[[str], Visitor]) -> None:
    sheet = opened(trainee, example="alder")
    trainer = visitor("trainer")

    refused = trainer.post("/workbench/tools/selection-scorecard/settings", {"select": "lots"})
    assert refused.status_code == 422
    assert 'value="lots"' in refused.text
    trainer.post("/workbench/tools/selection-scorecard/settings", {"select": "60"})

    assert re.search(r"<strong>Select</strong>", trainee.page(sheet))


def test_an_account_can_be_deleted_with_its_sheets(trainee: Visitor) -> None:
    sheet = opened(trainee)
    account = re.search(r'href="(/workbench/accounts/\d+)"', trainee.page(sheet))
    assert account

    trainee.post(f"{account[1]}/delete")

    assert trainee.get(sheet).status_code == 404
    assert trainee.get(account[1]).status_code == 404


def test_a_sheet_can_be_taken_as_a_spreadsheet(trainee: Visitor) -> None:
    response = trainee.get(f"{opened(trainee, example='alder', name='中文 / Alder')}/sheet.xlsx")

    assert response.status_code == 200
    assert response.data[:2] == b"PK"
    assert "attachment" in response.headers["Content-Disposition"]
