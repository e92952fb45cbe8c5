"""Questions of every type over their forms: what is kept, what is asked again, what counts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from kamtrain.http.database import engine
from tests import every_type, samples
from tests.web.conftest import VisitorFor
from tests.web.visitor import Visitor

RIGHT: dict[str, tuple[Any, ...]] = {
    "e-single": (1, 0),
    "e-multiple": ([0, 1],),
    "e-ordering": ([0, 1, 2, 3],),
    "e-matching": ([0, 1],),
    "e-classify": ([0, 0, 1, 1],),
    "e-numeric": ("６０．３ days",),
    "e-short": ("內線！",),
    "e-cloze": (["Takes over", "asks for more", "3 days"],),
    "e-bank": ([0, 1],),
    "e-grid": (["90.1", "80%"],),
    "e-grid-bank": ([0, 1],),
}


@pytest.fixture
def trainee(app: Flask, visitor: VisitorFor) -> Visitor:
    with app.app_context():
        samples.published(engine(), every_type.FILES)
    return visitor("trainee")


def test_every_type_is_kept_as_a_draft_and_counts_when_it_is_right(trainee: Visitor) -> None:
    attempt = trainee.begin("quiz", "every", course="")
    for question, responses in RIGHT.items():
        assert trainee.draft(attempt, question, *responses).json["kept"] is True  # type: ignore[index]
        assert trainee.answer(attempt, question, *responses).status_code == 303
        page = trainee.page(f"/practice/attempts/{attempt}/questions/{trainee.number_of(attempt, question)}")
        assert 'class="verdict verdict-right"' in page, question


def test_what_cannot_be_read_is_kept_asked_again_and_still_open(trainee: Visitor) -> None:
    attempt = trainee.begin("quiz", "every", course="")
    number = trainee.number_of(attempt, "e-numeric")
    assert trainee.draft(attempt, "e-numeric", "60 months").json["kept"] is True  # type: ignore[index]
    refused = trainee.answer(attempt, "e-numeric", "60 months")
    assert refused.status_code == 422
    assert "Write the number in “days”; “60 months” has another unit." in refused.text
    assert 'value="60 months"' in refused.text
    overview = trainee.page(f"/practice/attempts/{attempt}?overview=1")
    assert re.search(rf'questions/{number}" class="strip-open"', overview)
    assert trainee.answer(attempt, "e-numeric", "60").status_code == 303


@pytest.mark.parametrize(
    "fields",
    [
        {"part-0": ["60", "61"]},
        {"part-0": "x" * 201},
        {"part-0": "6\x000"},
        {"part-0": "\x1b"},
    ],
)
def test_what_no_page_could_have_sent_is_refused(trainee: Visitor, fields: dict[str, Any]) -> None:
    attempt = trainee.begin("quiz", "every", course="")
    for question in ("e-numeric", "e-short"):
        path = f"/practice/attempts/{attempt}/questions/{trainee.number_of(attempt, question)}"
        assert trainee.post(path, fields).status_code == 422
        assert trainee.put(f"{path}/draft", {**fields, "sequence": 1}).status_code == 422
