"""A CSV file comes in: looked at first, changed where one wants, and kept in one go."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.web.visitor import HERE, Visitor, text_of

FILE = """Customer,Sales,Stage,Next visit,Contact name,Job title,Influence
Alder,1200,Selection,2026-12-01,Qiu,Head of maintenance,4
Alder,,,,Fang,Buyer,3
Birch,many,Survey,,,,
"""


def looked_at(who: Visitor, data: bytes, **more: str) -> str:
    fields = {"kind": "accounts", "file": (io.BytesIO(data), "export.csv"), **more}
    response = who.post("/workbench/import", fields, content_type="multipart/form-data")
    assert response.status_code == 200, text_of(response.text)
    return response.text


def form_of(page: str) -> dict[str, Any]:
    """The preview's form as a browser would send it."""
    text = re.search(r'<textarea name="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    kind = re.search(r'name="kind" value="([^"]+)"', page)
    assert text
    assert kind
    chosen = {}
    for place, options in re.findall(r'name="(to-\d+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        found = re.search(r'value="([^"]*)" selected', options)
        chosen[place] = found[1] if found else ""
    return {"text": unescape(text[1]), "kind": kind[1], **chosen}


def take(who: Visitor, fields: dict[str, Any]) -> Any:
    return who.post("/workbench/import/apply", fields, content_type="multipart/form-data")


def test_it_works_and_twice_changes_nothing(trainee: Visitor) -> None:
    page = looked_at(trainee, FILE.encode())

    text = text_of(page)
    assert "New accounts 2" in text
    assert "Left out 1" in text
    assert re.search(r"4 Sales This is no number", text)
    before = trainee.rows()
    assert before["accounts"] == 0
    fields = form_of(page)
    assert fields["to-1"] == "sales"

    assert take(trainee, fields).status_code == 303
    after = trainee.rows()
    take(trainee, fields)

    assert after["accounts"] == 2
    assert trainee.rows() == after
    home = text_of(trainee.page("/workbench"))
    assert "Alder" in home
    account = re.search(r'href="/workbench/accounts/(\d+)"', trainee.page("/workbench"))
    assert account
    opened = trainee.post("/workbench/tools/stakeholder-map", {"account": account[1], "example": ""})
    sheet = trainee.page(str(opened.location))
    assert "Head of maintenance" in sheet
    assert '<option value="selection" selected>' in sheet


def test_a_column_can_be_put_elsewhere_and_may_overwrite(trainee: Visitor) -> None:
    take(trainee, form_of(looked_at(trainee, b"Customer,Sales\nAlder,5\n")))
    fields = form_of(looked_at(trainee, b"Customer,Figure\nAlder,7\n"))
    assert fields["to-1"] == ""

    page = trainee.post("/workbench/import", {**fields, "to-1": "sales"}, content_type="multipart/form-data").text
    assert "stays: something else stands there" in page
    bold = trainee.post(
        "/workbench/import", {**fields, "to-1": "sales", "over-1": "1"}, content_type="multipart/form-data"
    ).text
    assert "overwritten" in bold
    twice = trainee.post("/workbench/import", {**fields, "to-1": "account"}, content_type="multipart/form-data")
    assert twice.status_code == 422


def test_a_file_of_customers_becomes_a_sheet_once(trainee: Visitor) -> None:
    page = looked_at(trainee, "客户名称,sales,margin\n甲,120,30\n乙,80,x\n".encode("gb18030"), kind="single-indicator")
    assert "Rows of the new sheet 2" in text_of(page)
    fields = form_of(page)

    first, second = take(trainee, fields).location, take(trainee, fields).location

    assert first == second
    assert re.search(r">\s*甲\s*</textarea>", trainee.page(first))


@pytest.mark.parametrize("data", [b"", b"Customer\n", b"\x00\x01", b"Customer\nx\x00\n", b"a\n" * 3_000])
def test_what_is_no_file_of_ours_is_refused_and_said(trainee: Visitor, data: bytes) -> None:
    fields = {"kind": "accounts", "file": (io.BytesIO(data), "export.csv")}

    response = trainee.post("/workbench/import", fields, content_type="multipart/form-data")

    assert response.status_code == 422
    assert "errors" in response.text


def test_hostile_text_is_text(trainee: Visitor) -> None:
    hostile = (
        b'Customer,Contact name,"</textarea><script>alert(1)</script>"\n=1+1</textarea><script>alert(2)</script>,x,\n'
    )

    page = looked_at(trainee, hostile)
    take(trainee, form_of(page))

    assert "<script>alert" not in page
    assert "<script>alert" not in trainee.page("/workbench")
    assert "=1+1" in trainee.page("/workbench")


def test_two_megabytes_come_through(trainee: Visitor) -> None:
    line = b"Alder " + b"x" * 900
    data = b"Customer,Sales,Notes\n" + b"".join(b"%d,5,%s\n" % (n, line) for n in range(1_990))

    def post(path: str, fields: dict[str, Any]) -> Any:
        # Encoded here, since the test's own client would leave a file open for so much.
        boundary, body = encode_multipart({"csrf_token": trainee.token, **fields})
        kind = f"multipart/form-data; boundary={boundary}"
        return trainee.client.post(path, data=body, content_type=kind, headers=HERE)

    page = post("/workbench/import", {"kind": "accounts", "file": FileStorage(io.BytesIO(data), "export.csv")})
    assert page.status_code == 200, text_of(page.text)
    assert post("/workbench/import/apply", form_of(page.text)).status_code == 303
    assert trainee.rows()["accounts"] == 1_990


def test_nobody_elses_account_is_touched(trainee: Visitor, visitor: Any) -> None:
    take(trainee, form_of(looked_at(trainee, b"Customer,Sales\nAlder,5\n")))

    page = looked_at(visitor("outsider"), b"Customer,Sales\nAlder,5\n")

    assert "New accounts 1" in text_of(page)
