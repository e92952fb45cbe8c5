"""Drills: the next question, the answer, the cue; each of them committed before the page shows what it means.

A drill in a course is an attempt of its enrollment, and ends when its criterion is reached; practice may go on after it.
Every question is shown and judged by the revision it was asked from, chosen from the library trainees see now.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from kamtrain.content.library import Library
from kamtrain.core import drill as rules
from kamtrain.core.drill import CAP, CUES, PASSING, Criterion, Drill, Said, Standing
from kamtrain.core.errors import Conflict, Invalid, NotFound
from kamtrain.core.message import message
from kamtrain.core.quiz import Question
from kamtrain.services import attempts, learning, refreshers
from kamtrain.services.attempts import Head
from kamtrain.store import drills as store
from kamtrain.store.attempts import Attempt, AttemptValue
from kamtrain.store.drills import Asked

WHOLE, PART = 1000, 500  # thousandths: right with its cue, and right with another one


def drill_of(library: Library, id: str, language: str) -> Drill:
    """Raises `NotFound`."""
    try:
        return library.drill(id, language)
    except KeyError:
        raise NotFound(message("There is no such drill.")) from None


def criterion(library: Library, course_id: str | None, drill_id: str) -> Criterion:
    """When the drill is done: as the course asks; 80 percent with the right cue where none asks otherwise."""
    step = library.step_of(course_id, "drill", drill_id) if course_id is not None else None
    passing = PASSING if step is None or step.passing is None else step.passing
    cues = min(CUES, passing) if step is None or step.cues is None else step.cues
    return Criterion(passing, cues)


def deal(session: Session, head: Head, person_id: int, drill_id: str, course_id: str | None, now: datetime) -> Asked:
    """The question to answer now: the one that is open, else the next one, of an attempt begun where there is none.

    Of thirty requests at once one asks the next question and the others find it: the person's row is locked.
    """
    attempt = attempts.begin(session, head, person_id, "drill", drill_id, course_id, "", random.Random(0), now)  # nosec B311 # draws nothing
    last = store.last_asked(session, attempt)
    if last is not None and last.answered_at is None:
        return last
    drill = drill_of(head.library, drill_id, "en")
    before = store.history(session, person_id, drill_id)
    ids = [answer.id for answer in drill.answers]
    item = rules.next_question(ids, drill.keys, before, f"{person_id}/{drill_id}")
    position = 0 if last is None else last.position + 1
    store.ask(
        session,
        {
            "attempt_id": attempt,
            "position": position,
            "person_id": person_id,
            "drill_id": drill_id,
            "revision_id": head.revision_id,
            "item_id": item,
            "truth": drill.keys[item].right,
            "asked_at": now,
        },
    )
    added = store.asked(session, attempt, position)
    assert added is not None  # nosec: just added
    return added


@dataclass(frozen=True)
class Scene:
    """One question of a drill as its page shows it, with where the person stands in the attempt."""

    attempt: AttemptValue
    asked: Asked
    drill: Drill
    question: Question
    order: tuple[int, ...]  # of the cues: shown position -> place in the file


def scene_of(session: Session, library: Library, attempt: AttemptValue, row: Asked, language: str) -> Scene:
    """`library` is the row's own revision's."""
    drill = drill_of(library, row.drill, language)
    question = drill.question(row.item)
    order = rules.shuffled(len(question.parts[1].item.options), f"{row.attempt_id}/{row.position}")
    return Scene(attempt, row, drill, question, order)


def row_of(session: Session, attempt: AttemptValue, number: int) -> Asked:
    """The question with this number, from 1. Raises `NotFound`."""
    row = store.asked(session, attempt.id, number - 1) if attempt.kind == "drill" and 0 < number < 1_000_000 else None
    if row is None:
        raise NotFound(message("There is no such question in this attempt."))
    return row


def choose(session: Session, scene: Scene, answer: str, now: datetime) -> Scene:
    """Commits which answer. The same one twice changes nothing; another one afterwards is a `Conflict`."""
    if answer not in [known.id for known in scene.drill.answers]:
        raise Invalid(message("Choose one of the answers."))
    if scene.asked.chosen is not None:
        if scene.asked.chosen == answer:
            return scene
        raise Conflict(message("This question is already answered; the first answer counts."))
    took = min(CAP, max(0, round(1000 * (now - scene.asked.asked_at).total_seconds())))
    store.choose(session, scene.asked.id, answer, took)
    return replace(scene, asked=replace(scene.asked, chosen=answer, milliseconds=took))


def name_cue(
    session: Session,
    head: Head,
    scene: Scene,
    shown: int,
    course_id: str | None,
    now: datetime,
    confidence: int | None = None,
) -> Scene:
    """Commits which cue, by its shown position; with it the question counts. Ends the attempt at its criterion.

    `confidence`: how sure of the answer, 1..3, before anything is told; kept where the drill asks for it.
    """
    if not 0 <= shown < len(scene.order):
        raise Invalid(message("Choose one of the cues."))
    place = scene.order[shown]
    if scene.asked.chosen is None:
        raise Conflict(message("First say which it is; then the cue."))
    if scene.asked.answered_at is not None:
        if scene.asked.cue == place:
            return scene
        raise Conflict(message("This question is already answered; the first answer counts."))
    right = bool(scene.question.parts[1].item.options[place].right)
    sure = confidence if scene.drill.confidence else None
    store.name_cue(session, scene.asked.id, place, right, sure, now)
    asked = replace(scene.asked, cue=place, cue_right=right, answered_at=now, confidence=sure)
    said = Said(asked.item, asked.truth, scene.asked.chosen, right)
    share = WHOLE if said.whole else PART if said.right else 0
    refreshers.note(session, scene.attempt.person_id, {("drill", asked.drill, asked.item): share}, now)
    if scene.attempt.open:
        _settle(session, head, scene.attempt, course_id, now)
    return replace(scene, asked=asked)


def _settle(session: Session, head: Head, attempt: AttemptValue, course_id: str | None, now: datetime) -> None:
    stands = standing(session, attempt.id, criterion(head.library, course_id, attempt.activity))
    if not stands.reached:
        return
    score = 100 * stands.right // stands.answered
    session.execute(update(Attempt).where(Attempt.id == attempt.id).values(finished_at=now, score=score, passed=True))
    if attempt.enrollment_id is not None:
        learning.refresh_summary(session, head.library, head.revision_id, attempt.enrollment_id, now)


def standing(session: Session, attempt_id: int, asks: Criterion) -> Standing:
    """One query."""
    return rules.standing(store.run(session, attempt_id, asks.window), asks)
