"""Many people's finished attempts at a quiz, written as rows: thousands of them would take minutes by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Table, func, insert, literal, select

from kamtrain.core.quiz import Quiz
from kamtrain.core.scoring import question_outcome
from kamtrain.items import TYPES
from kamtrain.services.attempts import Head
from kamtrain.store.attempts import Attempt, OutcomeRow, Response
from kamtrain.store.base import table_of, writing
from kamtrain.store.people import PersonRow

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

Answers = Callable[[int], Sequence[Any]]  # number of a person, from 0 -> for each question its parts' responses


def answered(
    engine: Engine, head: Head, quiz_id: str, team: int | None, people: int, answers: Answers, *, roles: Any = None
) -> list[int]:
    """So many new trainees of `team`, each with a finished attempt at every question of the quiz; their ids.

    They take from 20 seconds for each question, the first person, to 60 seconds, the forty-first.
    """
    quiz: Quiz = head.library.quiz(quiz_id, "en")
    known: dict[tuple[int, str], tuple[int | None, int]] = {}
    with writing(engine) as session:
        last = [session.scalar(select(func.max(table.id))) or 0 for table in (PersonRow, Attempt, Response, OutcomeRow)]
        person, attempt, response, outcome = (id + 1 for id in last)
        rows: dict[Any, list[dict[str, Any]]] = {PersonRow: [], Attempt: [], Response: [], OutcomeRow: []}
        for number in range(people):
            rows[PersonRow].append(
                {
                    "id": person + number,
                    "email": f"a{person + number}@firm.example",
                    "name": f"Person {person + number}",
                    "sort_key": f"person {person + number}",
                    "team_id": team,
                    "created_at": NOW,
                    **(roles or {"is_trainee": True}),
                }
            )
            rows[Attempt].append(
                {
                    "id": attempt + number,
                    "person_id": person + number,
                    "kind": "quiz",
                    "activity_id": quiz_id,
                    "variant": "",
                    "number": 1,
                    "revision_id": head.revision_id,
                    "draw": [],
                    "started_at": NOW,
                    "finished_at": NOW + timedelta(hours=1),
                }
            )
            for place, (question, said) in enumerate(zip(quiz.questions, answers(number), strict=True)):
                key = place, json.dumps(said)
                if key not in known:
                    scored = question_outcome(question, TYPES, said)
                    known[key] = scored.points, scored.possible
                points, possible = known[key]
                rows[Response].append(
                    {
                        "id": response,
                        "attempt_id": attempt + number,
                        "position": place,
                        "item_id": question.id,
                        "response": said,
                        "submitted_at": NOW + timedelta(seconds=(place + 1) * (20 + number % 41)),
                    }
                )
                rows[OutcomeRow].append(
                    {
                        "id": outcome,
                        "response_id": response,
                        "points": points,
                        "possible": possible,
                        "detail": {},
                        "at": NOW,
                    }
                )
                response, outcome = response + 1, outcome + 1
        for table, new in rows.items():
            session.execute(insert(table_of(table)), new)
    return [person + number for number in range(people)]


def doubled(engine: Engine, times: int) -> None:
    """Every person once more, with the same attempts and answers; and that so many times."""
    links: dict[Any, dict[str, Any]] = {
        Attempt: {"person_id": PersonRow},
        Response: {"attempt_id": Attempt},
        OutcomeRow: {"response_id": Response},
    }
    with writing(engine) as session:
        for _ in range(times):
            tables: tuple[Any, ...] = (PersonRow, Attempt, Response, OutcomeRow)
            ends = {mapped: session.scalar(select(func.max(mapped.id))) or 0 for mapped in tables}
            for mapped in tables:
                table: Table = table_of(mapped)
                moved = {"id": ends[mapped], **{name: ends[to] for name, to in links.get(mapped, {}).items()}}
                columns = [column + moved[column.name] if column.name in moved else column for column in table.c]
                if mapped is PersonRow:
                    columns[1] = literal(f"{ends[mapped]}-") + table.c.email
                session.execute(insert(table).from_select([column.name for column in table.c], select(*columns)))
