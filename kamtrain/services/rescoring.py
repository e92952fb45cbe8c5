"""What a change of a rubric does to marks given by it: who keeps levels and gets other points, and who is marked anew.

Publishing notes which works it concerns, in its own transaction; they are scored again a few at a time. What is left is
found from the rows themselves, so that this can stop anywhere and goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from kamtrain import items
from kamtrain.content.library import Library
from kamtrain.core import marking
from kamtrain.core.quiz import Question
from kamtrain.core.rubric import Levels, Rubric
from kamtrain.core.scoring import question_outcome
from kamtrain.services import results
from kamtrain.store import marking as store
from kamtrain.store.attempts import OutcomeRow, attempt_by_id
from kamtrain.store.audit import AuditEntry
from kamtrain.store.base import table_of
from kamtrain.store.marking import WorkLine, WorkRow

LibraryAt = Callable[[Session, int], Library]

_works = table_of(WorkRow).c


@dataclass(frozen=True)
class RubricImpact:
    """One question whose rubric changes, and whom that concerns."""

    quiz: str
    question: str
    title: str
    other_points: tuple[str, ...]  # of each answer that keeps its levels, whose it is
    anew: tuple[str, ...]  # a criterion is new: they are marked once more
    waiting: int  # answers not marked yet; they are marked by the new rubric


def _rubrics(question: Question) -> dict[int, Rubric]:
    """Place -> rubric of the parts that only a person marks: what an author writes, and can change."""
    found = {}
    for place, part in enumerate(question.parts):
        type = items.TYPES[part.type]
        if type.levels(part.item, None) is None:
            rubric = type.rubric(part.item, "")
            if rubric:
                found[place] = rubric
    return found


def changed(before: Question, after: Question) -> bool:
    """Whether marks by the one question's rubrics count otherwise by the other's."""
    if [part.type for part in before.parts] != [part.type for part in after.parts]:
        return False  # another question: what was given to the old one stays as it is
    old, new = _rubrics(before), _rubrics(after)
    return any(not marking.same_rubric(old[place], new[place]) for place in old.keys() & new.keys())


def changed_questions(before: Library, after: Library) -> tuple[tuple[str, Question, Question], ...]:
    """(quiz, question before, question after) of every question whose rubric changes."""
    found: list[tuple[str, Question, Question]] = []
    for id, languages in before.quizzes.items():
        if id not in after.quizzes or after.quizzes[id] == languages:
            continue
        old, new = next(iter(languages.values())), next(iter(after.quizzes[id].values()))
        now = {question.id: question for question in new.questions}
        found.extend(
            (id, question, now[question.id])
            for question in old.questions
            if question.id in now and changed(question, now[question.id])
        )
    return tuple(found)


def impacts(session: Session, before: Library, after: Library) -> tuple[RubricImpact, ...]:
    """Whom a publish concerns that changes rubrics. Two queries for each such question; none where there is none."""
    found = []
    for quiz, old, new in changed_questions(before, after):
        query = select(_works.response_id).where(_works.activity_id == quiz, _works.item_id == old.id)
        lines = store.works_of(session, session.scalars(query).all())
        rows = store.histories(session, [line.id for line in lines])
        other: list[str] = []
        anew: list[str] = []
        waiting = 0
        for line in lines:
            standing = marking.replay(rows[line.id])
            counts = marking.counting(standing)
            if counts is None:
                waiting += 1
                continue
            moved = _moved(old, new, counts.levels)
            if any(level is None for levels in moved.values() for level in levels):
                anew.append(line.who)
            elif _points(old, counts.levels) != _points(new, _whole(moved)):
                other.append(line.who)
        found.append(RubricImpact(quiz, old.id, new.title, tuple(other), tuple(anew), waiting))
    return tuple(found)


def note(
    session: Session, before: Library, after: Library, revision_id: int, actor_id: int | None, now: datetime
) -> None:
    """Notes with a publish which works are to be scored by its rubrics. One statement for each changed question."""
    for quiz, old, _new in changed_questions(before, after):
        concerned = session.execute(
            update(table_of(WorkRow))
            .where(_works.activity_id == quiz, _works.item_id == old.id)
            .values(due_revision_id=revision_id)
            .returning(_works.response_id)
        ).all()
        if concerned:
            session.add(
                AuditEntry(
                    at=now,
                    actor_id=actor_id,
                    action="rubric.change",
                    subject=f"{quiz}/{old.id}",
                    detail={"revision": revision_id, "works": len(concerned)},
                )
            )


def pending(session: Session) -> bool:
    """Whether works are left that are scored by an older rubric."""
    return bool(session.scalar(select(exists().where(_works.due_revision_id.is_not(None)))))


def rescore(session: Session, library_at: LibraryAt, head: int, now: datetime, limit: int) -> bool:
    """Scores some of what is left by the rubric as it is now; whether there was anything."""
    # Attempts are locked before works, as whoever marks does it.
    ids = session.scalars(
        select(_works.response_id)
        .where(_works.due_revision_id.is_not(None))
        .order_by(_works.attempt_id, _works.response_id)
        .limit(limit)
    ).all()
    lines = store.works_of(session, ids)
    for attempt_id in sorted({line.attempt_id for line in lines}):
        attempt_by_id(session, attempt_id, locked=True)
    # Somebody else may have been faster with some of them.
    lines = tuple(line for line in store.works_of(session, ids) if line.due_revision_id is not None)
    rescore_works(session, library_at, lines, head, now)
    return bool(ids)


def rescore_works(session: Session, library_at: LibraryAt, lines: Sequence[WorkLine], head: int, now: datetime) -> None:
    """Adds the program's rows for works whose rubric changed, and writes the results of their attempts anew.

    Their attempts are locked by the caller.
    """
    rows = store.histories(session, [line.id for line in lines])
    concerned: dict[int, int | None] = {}
    told = []
    for line in lines:
        due = line.due_revision_id
        assert due is not None  # nosec: asked for by the caller
        quiz = library_at(session, line.attempt_revision_id).quiz(line.activity, "en")
        asked = quiz.question(line.item)
        old = _question(library_at(session, line.revision_id), line, asked)
        new = _question(library_at(session, due), line, asked)
        standing = marking.replay(rows[line.id])
        if not changed(old, new):
            store.change(session, line.id, due_revision_id=None)
            continue
        counts = marking.counting(standing)
        if counts is None:
            store.change(session, line.id, due_revision_id=None, revision_id=due)
            continue
        moved = {kind: _moved(old, new, reading.levels) for kind, reading in standing.items()}
        whole = {kind: _whole(by) for kind, by in moved.items() if not _gaps(by)}
        responses = list(line.response)
        if counts.kind in whole:
            by_new = _rubrics(new)
            marked = {
                place: marking.outcome(
                    by_new[place] if place in by_new else items.TYPES[part.type].rubric(part.item, responses[place]),
                    whole[counts.kind][str(place)],
                )
                for place, part in enumerate(asked.parts)
                if str(place) in whole[counts.kind]
            }
            outcome = question_outcome(asked, items.TYPES, responses, marked)
            points, possible = outcome.points, outcome.possible
            detail = marking.rescored(due, whole, {})
            store.change(session, line.id, due_revision_id=None, revision_id=due)
        else:
            points, possible = None, question_outcome(asked, items.TYPES, responses).possible
            detail = marking.rescored(due, {}, moved[counts.kind])
            store.change(
                session,
                line.id,
                due_revision_id=None,
                revision_id=due,
                state="open",
                since=now,
                first_by_id=None,
                second_by_id=None,
                counts_by_id=None,
            )
        session.add(
            OutcomeRow(response_id=line.id, points=points, possible=possible, by_id=None, detail=detail, at=now)
        )
        told.append({"response": line.id, "anew": points is None})
        concerned[line.attempt_id] = quiz.passing
    if not told:
        return
    session.add(
        AuditEntry(at=now, actor_id=None, action="answers.rescored", subject=f"revision {head}", detail={"works": told})
    )
    session.flush()  # results are computed from the rows
    library = library_at(session, head)
    for attempt_id, passing in concerned.items():
        results.rewrite(session, library, head, attempt_by_id(session, attempt_id), passing, None)


def _question(library: Library, line: WorkLine, asked: Question) -> Question:
    """The question in another revision; as it was asked where it is not there."""
    if library.has("quiz", line.activity):
        for question in library.quiz(line.activity, "en").questions:
            if question.id == line.item and [p.type for p in question.parts] == [p.type for p in asked.parts]:
                return question
    return asked


def _moved(old: Question, new: Question, levels: Mapping[str, Levels]) -> dict[str, tuple[int | None, ...]]:
    """Levels by the new rubrics. The program's own parts (grids) stay as they are."""
    before, after = _rubrics(old), _rubrics(new)
    return {
        key: marking.carried(before[int(key)], after[int(key)], chosen)
        if int(key) in before and int(key) in after
        else chosen
        for key, chosen in levels.items()
    }


def _gaps(moved: Mapping[str, tuple[int | None, ...]]) -> bool:
    return any(level is None for levels in moved.values() for level in levels)


def _whole(moved: Mapping[str, tuple[int | None, ...]]) -> dict[str, Levels]:
    return {key: tuple(level for level in levels if level is not None) for key, levels in moved.items()}


def _points(question: Question, levels: Mapping[str, Levels]) -> list[int | None]:
    rubrics = _rubrics(question)
    return [marking.outcome(rubrics[int(key)], chosen).points for key, chosen in levels.items() if int(key) in rubrics]
