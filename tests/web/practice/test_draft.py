"""PUT /practice/attempts/<attempt>/questions/<number>/draft: autosave"""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import VisitorFor
from tests.web.visitor import HERE, Visitor


@pytest.fixture
def final(trainee: Visitor) -> int:
    return trainee.begin("quiz", "final")


def shown(visitor: Visitor, attempt: int) -> str:
    """What stands in the field of the open question."""
    page = visitor.page(f"/practice/attempts/{attempt}/questions/{visitor.number_of(attempt, 'f3')}")
    return page.partition("<textarea")[2].partition(">\n")[2].partition("</textarea>")[0]


def test_it_works(trainee: Visitor, final: int) -> None:
    response = trainee.draft(final, "f3", "A first thought.")

    assert response.status_code == 200
    assert response.json is not None
    assert response.json["kept"] is True
    assert response.json["saved_at"]
    assert shown(trainee, final) == "A first thought."


def test_somebody_elses_attempt_is_not_there(trainee: Visitor, outsider: Visitor, final: int) -> None:
    response = outsider.put(f"/practice/attempts/{final}/questions/3/draft", {"part-0": "x", "sequence": 1})

    assert response.status_code == 404
    assert response.is_json
    assert trainee.rows()["drafts"] == 0


def test_a_late_packet_never_overwrites_a_newer_one(trainee: Visitor, final: int) -> None:
    trainee.draft(final, "f3", "newer", sequence=20)
    late = trainee.draft(final, "f3", "older", sequence=10)
    same = trainee.draft(final, "f3", "the same again", sequence=20)

    assert (late.status_code, late.json["kept"]) == (200, False)  # type: ignore[index]
    assert same.json["kept"] is False  # type: ignore[index]
    assert shown(trainee, final) == "newer"


def test_a_packet_sent_once_more_is_said_to_be_saved(trainee: Visitor, final: int) -> None:
    answers = [trainee.draft(final, "f2", [1, None], sequence=7).json["kept"] for _ in range(2)]  # type: ignore[index]

    assert answers == [True, True]


def test_the_newest_of_two_devices_stays(trainee: Visitor, final: int, visitor: VisitorFor) -> None:
    other = visitor("trainee")
    trainee.draft(final, "f3", "from the desk", sequence=1_700_000_000_000)
    other.draft(final, "f3", "from the phone", sequence=1_700_000_000_500)
    trainee.draft(final, "f3", "late from the desk", sequence=1_700_000_000_400)

    assert shown(trainee, final) == shown(other, final) == "from the phone"


def test_an_emptied_answer_is_empty(trainee: Visitor, final: int) -> None:
    trainee.draft(final, "f3", "something", sequence=1)
    trainee.put(f"/practice/attempts/{final}/questions/3/draft", {"part-0": "", "sequence": 2})

    assert shown(trainee, final) == ""
    assert trainee.get(f"/practice/attempts/{final}").location.endswith("/questions/1")


@pytest.mark.parametrize("sequence", ["-1", str(2**53), str(10**40), "x", "", "1.5", "9" * 6000, "NaN"])
def test_a_number_no_page_gives_is_refused(trainee: Visitor, final: int, sequence: str) -> None:
    response = trainee.draft(final, "f3", "kept?", sequence=sequence)

    assert response.status_code == 422
    assert response.is_json
    assert trainee.rows()["drafts"] == 0


@pytest.mark.parametrize(
    ("question", "fields"),
    [
        ("f1", {"part-0": ["0", "0"]}),
        ("f1", {"part-0": "9"}),
        ("f1", {"part-0": "-1"}),
        ("f1", {"part-0": "0 "}),
        ("f1", {"part-0": "x" * 10_000}),
        ("f2", {"part-0-0": "7"}),
        ("f2", {"part-0-9": "0"}),
        ("f2", {"part-0-0": ["0", "1"]}),
        ("f3", {"part-0": ["one", "two"]}),
        ("f3", {"part-0": "x" * 20_001}),
        ("f3", {"part-0": "a\x00b"}),
    ],
)
def test_nonsense_is_refused_and_nothing_is_stored(
    trainee: Visitor, final: int, question: str, fields: dict[str, Any]
) -> None:
    number = trainee.number_of(final, question)
    response = trainee.put(f"/practice/attempts/{final}/questions/{number}/draft", fields | {"sequence": 1})

    assert response.status_code == 422
    assert response.json is not None
    assert response.json["message"]
    assert trainee.rows()["drafts"] == 0


def test_a_part_that_is_not_in_the_question_is_not_stored(trainee: Visitor, final: int) -> None:
    response = trainee.put(
        f"/practice/attempts/{final}/questions/1/draft", {"part-7": "0", "score": "100", "sequence": 1}
    )

    assert response.status_code in (200, 422)
    assert trainee.get(f"/practice/attempts/{final}").location.endswith("/questions/1")


def test_without_a_token_nothing_is_stored_and_the_script_gets_a_new_one(trainee: Visitor, final: int) -> None:
    path, fields = f"/practice/attempts/{final}/questions/3/draft", {"part-0": "x", "sequence": 1}
    response = trainee.client.put(path, data=fields, headers={**HERE, "Sec-Fetch-Mode": "cors"})

    assert response.status_code == 400
    assert response.json is not None
    assert response.json["code"] == "stale-form"
    assert trainee.rows()["drafts"] == 0
    headers = {**HERE, "Sec-Fetch-Mode": "cors", "X-CSRFToken": response.json["csrf_token"]}
    assert trainee.client.put(path, data=fields, headers=headers).status_code == 200


def test_who_was_signed_out_is_told_so_and_where_to_sign_in(trainee: Visitor, final: int) -> None:
    trainee.post("/sign-out")
    response = trainee.put(f"/practice/attempts/{final}/questions/3/draft", {"part-0": "x", "sequence": 1})

    assert response.status_code == 401
    assert response.json is not None
    assert response.json["code"] == "signed-out"


def test_after_the_end_nothing_is_stored(trainee: Visitor, final: int) -> None:
    trainee.post(f"/practice/attempts/{final}/finish")
    response = trainee.draft(final, "f3", "too late", sequence=5)

    assert response.status_code == 409
    assert trainee.rows()["drafts"] == 0


def test_after_the_answer_nothing_is_stored(trainee: Visitor) -> None:
    check = trainee.begin("quiz", "check")
    trainee.answer(check, "c1", 0)
    response = trainee.draft(check, "c1", 1, sequence=5)

    assert response.status_code == 409
    assert response.is_json
    assert trainee.rows()["drafts"] == 0


@pytest.mark.parametrize("number", ["0", "4", "999999999999999999999", "x"])
def test_a_question_that_was_not_drawn_is_not_there(trainee: Visitor, final: int, number: str) -> None:
    path = f"/practice/attempts/{final}/questions/{number}/draft"

    assert trainee.put(path, {"part-0": "0", "sequence": 1}).status_code == 404


def test_a_conversation_has_no_drafts(trainee: Visitor) -> None:
    talk = trainee.begin("scenario", "talk")

    assert (
        trainee.put(f"/practice/attempts/{talk}/questions/1/draft", {"part-0": "0", "sequence": 1}).status_code == 404
    )


def test_what_is_huge_is_refused_and_nothing_is_stored(trainee: Visitor, final: int) -> None:
    path = f"/practice/attempts/{final}/questions/3/draft"
    response = trainee.put(path, {"part-0": "x" * 12_000_000, "sequence": 1})

    assert response.status_code in (413, 422)
    assert trainee.rows()["drafts"] == 0
