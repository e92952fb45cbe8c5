"""Somebody at a browser without script: sends the forms of our pages with the session's own token, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from kamtrain import items
from kamtrain.core import quiz as quizzes
from kamtrain.core.quiz import Question
from kamtrain.http.database import engine
from kamtrain.services.attempts import Head
from kamtrain.services.publishing import library_at
from kamtrain.store.attempts import Attempt
from kamtrain.store.base import Base, reading
from tests import samples
from tests.cast import form_token

HERE = {"Sec-Fetch-Site": "same-origin"}
Places = Sequence[Any]  # one response for each part of a question, in places of the file


class Visitor:
    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = form_token(client)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **options)

    def page(self, path: str, **options: Any) -> str:
        """The text of a page that is there."""
        response = self.client.get(path, follow_redirects=True, **options)
        assert response.status_code == 200, (path, response.status_code)
        return response.text

    def post(self, path: str, fields: Mapping[str, Any] | None = None, **options: Any) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token, **(fields or {})}, headers=HERE, **options)

    def put(self, path: str, fields: Mapping[str, Any] | None = None) -> TestResponse:
        """As the page's script sends it."""
        headers = {**HERE, "Sec-Fetch-Mode": "cors", "X-CSRFToken": self.token, "Accept": "application/json"}
        return self.client.put(path, data=dict(fields or {}), headers=headers)

    def begin(self, kind: str, activity: str, course: str = "try", variant: str = "") -> int:
        """The id of the attempt that the button "Begin" leads to."""
        response = self.post(f"/practice/{kind}/{activity}/begin", {"course": course, "variant": variant})
        assert response.status_code == 303, response.text
        return int(response.location.rsplit("/", 1)[1])

    def choose(self, attempt: int, turn: object, scene: str, place: object) -> TestResponse:
        return self.post(f"/practice/attempts/{attempt}/choose", {"turn": turn, "scene": scene, "place": place})

    def number_of(self, attempt: int, question: str) -> int:
        """Where the question stands in the attempt, from 1."""
        draw = self._stored(attempt)[0]
        return 1 + next(place for place, drawn in enumerate(draw) if drawn.question == question)

    def fields(self, attempt: int, question: str, responses: Places) -> dict[str, Any]:
        """The form's fields for responses in places of the file, in the order this attempt shows them."""
        draw, found = self._stored(attempt)
        drawn = next(drawn for drawn in draw if drawn.question == question)
        sent: dict[str, Any] = {}
        for place, (part, order, response) in enumerate(
            zip(found[question].parts, drawn.orders, responses, strict=True)
        ):
            prefix, shown = f"part-{place}", items.TYPES[part.type].shown(part.item, order, response)
            if part.type == "single":
                sent |= {} if shown is None else {prefix: str(shown)}
            elif part.type == "multiple":
                sent[prefix] = [str(value) for value in shown]
            elif part.type in ("ordering", "matching", "classify", "cloze", "grid"):
                rows = shown.places if part.type == "ordering" else shown
                sent |= {f"{prefix}-{row}": str(value) for row, value in enumerate(rows) if value is not None}
            else:
                sent[prefix] = response
        return sent

    def answer(self, attempt: int, question: str, *responses: Any, **more: str) -> TestResponse:
        path = f"/practice/attempts/{attempt}/questions/{self.number_of(attempt, question)}"
        return self.post(path, self.fields(attempt, question, responses) | more)

    def draft(self, attempt: int, question: str, *responses: Any, sequence: object = 1) -> TestResponse:
        path = f"/practice/attempts/{attempt}/questions/{self.number_of(attempt, question)}/draft"
        return self.put(path, self.fields(attempt, question, responses) | {"sequence": sequence})

    def publish(self, files: dict[str, bytes]) -> Head:
        """Another library becomes the head, while one is at work."""
        with self.client.application.app_context():
            return samples.published(engine(), files)

    def _stored(self, attempt: int) -> tuple[tuple[quizzes.Drawn, ...], dict[str, Question]]:
        with self.client.application.app_context(), reading(engine()) as session:
            row = session.get_one(Attempt, attempt)
            quiz = library_at(session, row.revision_id).quiz(row.activity_id, "en")
            return quizzes.restored(row.draw), {question.id: question for question in quiz.questions}

    def rows(self) -> dict[str, int]:
        """How many rows each table has: the same before and after what must change nothing."""
        with self.client.application.app_context(), reading(engine()) as session:
            tables = Base.metadata.sorted_tables
            return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def text_of(page: str) -> str:
    """What one reads in the main part of a page."""
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())
