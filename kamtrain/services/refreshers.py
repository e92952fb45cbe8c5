"""Spaced practice: what was answered comes back when it is about to be forgotten, by the FSRS scheduler.

An item is a question of a quiz answered in a course, or of a drill. A refresher is an attempt of its own kind: its draw
names questions of several activities, and what is answered there counts for the drill's matrix, too.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from fsrs import Card as Memory
from fsrs import Rating, Scheduler, State
from sqlalchemy import select
from sqlalchemy.orm import Session

from kamtrain import items
from kamtrain.content import reading
from kamtrain.content.library import Library
from kamtrain.core import quiz as quizzes
from kamtrain.core import refresher
from kamtrain.core.errors import Closed
from kamtrain.core.item import Json, Outcome, SelfMarked
from kamtrain.core.message import message
from kamtrain.core.quiz import Drawn, Question, Quiz
from kamtrain.core.refresher import Due
from kamtrain.store.attempts import Attempt, AttemptValue
from kamtrain.store.drills import ask
from kamtrain.store.people import PersonRow
from kamtrain.store.refreshers import Card, Key, cards_of, due, keep
from kamtrain.workbench import TOOLS

KIND = ID = "refresher"  # of its attempts, and in place of an activity
LOOKED_AT = 40  # due items from which the five minutes are chosen
LONGEST = 80  # characters of an item's whole name in a draw: what its responses can name
ANSWER = 15  # seconds a part takes beside its reading: all of it has been read before

# Whole days only, and nothing by chance: the same answers give the same days.
SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), maximum_interval=365, enable_fuzzing=False)


# --- keeping in mind ---


def rating(share: int) -> Rating:
    """Thousandths of the points → how well it was known."""
    if share <= 0:
        return Rating.Again
    return Rating.Good if share >= refresher.FULL else Rating.Hard


def after(known: Card | None, key: Key, share: int, now: datetime) -> Card:
    """The card after an answer with `share` thousandths of the points; `known` None: the first time. Pure."""
    memory = Memory(card_id=1, due=now) if known is None else _memory(known)
    memory, _log = SCHEDULER.review_card(memory, rating(share), now)
    assert memory.stability is not None
    assert memory.difficulty is not None
    return Card(*key, memory.stability, memory.difficulty, now, memory.due, share)


def _memory(card: Card) -> Memory:
    return Memory(
        card_id=1,
        state=State.Review,
        stability=card.stability,
        difficulty=card.difficulty,
        due=card.due_at,
        last_review=card.reviewed_at,
    )


def note(session: Session, person_id: int, shares: Mapping[Key, int], now: datetime) -> None:
    """Schedules items that were just answered. Two statements, none where there is nothing."""
    if not shares:
        return
    known = cards_of(session, person_id, {activity for _, activity, _ in shares})
    keep(session, person_id, [after(known.get(key), key, share, now) for key, share in shares.items()])


def share_of(outcome: Outcome) -> int | None:
    """Thousandths of the points; None while a person has yet to mark it."""
    return None if outcome.points is None else refresher.FULL * outcome.points // outcome.possible


def is_rehearsed(library: Library, quiz_id: str) -> bool:
    """Not a course's tests before and after, since what is rehearsed measures nothing; nor what is told later only."""
    if next(iter(library.quizzes[quiz_id].values())).feedback == "window":
        return False
    return all(quiz_id not in (course.pretest, course.posttest) for course in library.courses.values())


# --- what is due ---


@dataclass(frozen=True)
class DueItem:
    """One item that comes back today."""

    card: Card
    question: Question
    why: Due


def found(library: Library, key: Key, language: str) -> Question | None:
    """The question as it is now; None where it is gone, or has become one that a person marks."""
    kind, activity, id = key
    if not library.has(kind, activity) or (kind == "quiz" and not is_rehearsed(library, activity)):
        return None
    asked = library.drill(activity, language) if kind == "drill" else library.quiz(activity, language)
    try:
        question = asked.question(id)
    except KeyError:
        return None
    return None if any(isinstance(items.TYPES[part.type], SelfMarked) for part in question.parts) else question


def today(session: Session, library: Library, person_id: int, language: str, now: datetime) -> tuple[DueItem, ...]:
    """Five minutes of what is due, longest ago first; those that are gone from the library are left out. One query."""
    waiting = []
    for card in due(session, person_id, now, LOOKED_AT):
        question = found(library, card.key, language)
        if question is not None and len("/".join(card.key)) <= LONGEST:
            waiting.append((DueItem(card, question, _why(card, now)), _seconds(question)))
    return refresher.within(waiting)


def _why(card: Card, now: datetime) -> Due:
    known = SCHEDULER.get_card_retrievability(_memory(card), now)
    return Due(card.share, now - card.reviewed_at, round(100 * known))


def _seconds(question: Question) -> int:
    return reading.seconds(question.text) + ANSWER * len(question.parts)


# --- one refresher ---


def begin(
    session: Session, library: Library, revision_id: int, person_id: int, rng: random.Random, now: datetime
) -> int:
    """The id of the person's open refresher, begun now where there is none. Raises `Closed` when nothing is due."""
    session.execute(select(PersonRow.id).where(PersonRow.id == person_id).with_for_update())
    known = open_one(session, person_id)
    if known is not None:
        return known
    chosen = today(session, library, person_id, "en", now)
    if not chosen:
        raise Closed(message("Nothing is due today. What you practise comes back when it is time."))
    draw = [
        Drawn(
            "/".join(one.card.key),
            # A drill's answers keep their places, as in the drill; the rest is shuffled.
            tuple(
                items.TYPES[part.type].order(part.item, rng, place > 0 or one.card.kind == "quiz")
                for place, part in enumerate(one.question.parts)
            ),
        )
        for one in chosen
    ]
    attempt = Attempt(
        person_id=person_id,
        enrollment_id=None,
        kind=KIND,
        activity_id=ID,
        variant="",
        number=1,
        revision_id=revision_id,
        draw=quizzes.stored(draw),
        started_at=now,
        waiting=False,
    )
    session.add(attempt)
    session.flush()  # its id is the answer
    return attempt.id


def open_one(session: Session, person_id: int) -> int | None:
    """The id of the person's open refresher. One query."""
    rows = Attempt.__table__.c
    query = select(rows.id).where(
        rows.person_id == person_id, rows.kind == KIND, rows.activity_id == ID, rows.finished_at.is_(None)
    )
    known: int | None = session.scalar(query)
    return known


def key_of(id: str) -> Key:
    """The item behind the id of a refresher's question."""
    kind, activity, item = id.split("/", 2)
    return kind, activity, item


def quiz_of(library: Library, draw: Iterable[Drawn], language: str) -> Quiz:
    """The questions of a refresher as a quiz that shows each answer at once. `library` is the attempt's own revision's."""
    questions = []
    for drawn in draw:
        question = found(library, key_of(drawn.question), language)
        assert question is not None  # nosec: it was there when it was drawn
        questions.append(replace(question, id=drawn.question))
    return Quiz(ID, language, "", "", tuple(questions), feedback="now")  # its title is the page's word


def count_in_drill(
    session: Session,
    library: Library,
    attempt: AttemptValue,
    position: int,
    key: Key,
    responses: Sequence[Json | None],
    now: datetime,
) -> None:
    """A drill's question answered in a refresher belongs into its matrix. The criterion is the drill's own matter."""
    _kind, activity, item = key
    drill = library.drill(activity, "en")
    answer, cue = responses
    if answer is None or cue is None:
        return
    ask(
        session,
        {
            "attempt_id": attempt.id,
            "position": position,
            "person_id": attempt.person_id,
            "drill_id": activity,
            "revision_id": attempt.revision_id,
            "item_id": item,
            "truth": drill.keys[item].right,
            "asked_at": now,
            "chosen": drill.answers[answer].id,
            "cue": cue,
            "cue_right": bool(drill.question(item).parts[1].item.options[cue].right),
            "answered_at": now,
        },
    )


# --- what it is good for ---


@dataclass(frozen=True)
class Use:
    """What mastering an item unlocks: the competency it speaks for, and what in a course builds on it."""

    competency: str  # code; "" where it names none
    kind: str  # of the step that builds on it; "" where nothing does
    id: str


def use(library: Library, card: Card, question: Question) -> Use:
    """The first lesson or activity after this one, in the courses that have it, for which the same competency is needed."""
    code = question.competencies[0] if question.competencies else ""
    for course in library.courses.values():
        steps = course.playable
        place = next((n for n, step in enumerate(steps) if (step.kind, step.id) == (card.kind, card.activity)), None)
        if place is None:
            continue
        for step in steps[place + 1 :]:
            if (
                step.kind != "lesson"
                and library.has(step.kind, step.id)
                and code in _needs(library, step.kind, step.id)
            ):
                return Use(code, step.kind, step.id)
    return Use(code, "", "")


def _needs(library: Library, kind: str, id: str) -> frozenset[str]:
    """Competencies an activity asks for."""

    def make() -> frozenset[str]:
        if kind == "scenario":
            return frozenset(next(iter(library.scenarios[id].values())).competencies)
        if kind == "tool":
            return frozenset(TOOLS[id].competencies)
        if kind == "negotiation":
            return frozenset(next(iter(library.tables[id].values())).competencies)
        asked: Sequence[Question] = (
            next(iter(library.drills[id].values())).questions
            if kind == "drill"
            else next(iter(library.quizzes[id].values())).questions
        )
        return frozenset(code for question in asked for code in question.competencies)

    return library.kept(("needs", kind, id), make)
