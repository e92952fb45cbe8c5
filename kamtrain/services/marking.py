"""Marking: what is handed in comes to the trainers' queue, is read once or twice, and may be appealed against once.

What a trainer sends are levels and comments, never points; every mark is a row of its own, and of two at once both stay.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kamtrain.content.library import Library
from kamtrain.core import marking
from kamtrain.core.access import may_author
from kamtrain.core.errors import Closed, Conflict, Forbidden, Invalid, NotFound
from kamtrain.core.item import Json, Outcome
from kamtrain.core.marking import ByPart, Kind, Reading, Work
from kamtrain.core.message import message
from kamtrain.core.people import Person, Role
from kamtrain.core.quiz import Question, Quiz
from kamtrain.services import rescoring, results, works
from kamtrain.services.publishing import library_at
from kamtrain.services.results import Head
from kamtrain.store import marking as store
from kamtrain.store.attempts import AttemptValue, OutcomeRow, attempt_by_id, given
from kamtrain.store.audit import AuditEntry
from kamtrain.store.learning import course_of
from kamtrain.store.library import Head as HeadRow
from kamtrain.store.marking import Appeal, AppealValue, Reader, WorkLine, WorkRow

logger = logging.getLogger(__name__)

LONGEST_REASON = 2_000  # characters of an appeal, and of its decision


def reader_of(session: Session, library: Library, person: Person) -> Reader:
    """Whose queue it is. One query."""
    others = [one for one in store.markers(session) if one.id != person.id]
    if any(one.admin for one in others):
        alone, alone_in = False, frozenset[str]()
    else:
        alone = not others
        alone_in = frozenset(
            id
            for id, course in library.courses.items()
            if not any(not course.authors or one.email in course.authors for one in others)
        )
    closed = frozenset(id for id, course in library.courses.items() if not may_author(person, course.authors))
    return Reader(person.id, closed, alone_in, alone)


# --- coming to the queue ---


def hand_in(
    session: Session,
    attempt: AttemptValue,
    rows: Sequence[tuple[int, str, bool]],
    course: str | None,
    now: datetime,
    second: int = 0,
) -> None:
    """Puts responses of an attempt into the queue. `rows`: (response id, item, whether the program has marked it).

    `course` is the one whose trainers mark it, None: all do. `second` is the share in percent that two trainers read.
    To be called once, in the transaction of the responses.
    """
    if not rows:
        return
    head = session.scalar(select(HeadRow.revision_id).where(HeadRow.id == 1))
    for id, item, scored in rows:
        session.add(
            WorkRow(
                response_id=id,
                attempt_id=attempt.id,
                person_id=attempt.person_id,
                course_id=course,
                activity_id=attempt.activity,
                item_id=item,
                state="scored" if scored else "open",
                since=now,
                second=not scored and marking.is_drawn(id, second),
                revision_id=attempt.revision_id,
                # A rubric that was changed since the attempt began holds for it, too.
                due_revision_id=head if attempt.kind == "quiz" and head != attempt.revision_id else None,
            )
        )
    session.flush()


def hand_in_quiz(
    session: Session,
    library: Library,
    attempt: AttemptValue,
    quiz: Quiz,
    responses: Mapping[int, tuple[Question, Sequence[Json | None]]],
    now: datetime,
) -> None:
    """Puts what a trainer marks of a quiz into the queue. `responses`: id -> the question and what was answered."""
    if quiz.marking != "trainer":
        return
    rows = []
    for id, (question, said) in responses.items():
        starts = works.start_of(question, said)
        if starts:
            rows.append((id, question.id, all(start is not None for start in starts.values())))
    if not rows:
        return
    if attempt.enrollment_id is not None:
        course = course_of(session, attempt.enrollment_id)
    else:  # free practice goes to those who teach it
        course = next((one for one in library.courses if library.step_of(one, "quiz", quiz.id)), None)
    hand_in(session, attempt, rows, course, now, quiz.second)


# --- reading ---


@dataclass(frozen=True)
class Sent:
    """A mark as its form says it."""

    levels: ByPart
    comments: Mapping[str, tuple[str, ...]]
    overall: str
    seen: int  # the newest row of the work when it was opened; 0: none
    rubric: int  # revision of the rubric that was shown


@dataclass(frozen=True)
class Opened:
    """A work with everything its page shows."""

    line: WorkLine
    work: Work
    readings: tuple[Reading, ...]  # all there ever were, oldest first
    standing: Mapping[Kind, Reading]
    newest: int  # id of the newest outcome
    names: Mapping[int, str]  # of those who marked
    appeal: AppealValue | None
    may_take: bool  # whether the person may read it now
    blind: bool  # earlier marks and the name are not shown
    named: bool  # the trainee's name is shown
    start: Mapping[str, tuple[int | None, ...]]


def open_work(session: Session, head: Head, person: Person, id: int, language: str) -> Opened:
    """Raises `NotFound` for what the person may not know of. Six queries."""
    reader = reader_of(session, head.library, person)
    line = _line(session, reader, id)
    work = works.work_of(session, line, language)
    rows = store.history(session, id)
    standing, readings = marking.replay(rows), marking.all_readings(rows)
    mine = next((one for one in reversed(readings) if one.by_id == person.id), None)
    blind = line.state == "second" and mine is None
    start = dict(marking.start_of(rows))
    shown = next((one for one in standing.values() if one.by_id == person.id), None)
    if shown is None and line.state == "appeal":
        shown = marking.counting(standing)
    if shown is not None:
        start = dict(shown.levels)
    return Opened(
        line=line,
        work=work,
        readings=() if blind else readings,
        standing={} if blind else standing,
        newest=rows[-1].id if rows else 0,
        names=store.names_of(session, {one.by_id for one in readings}),
        appeal=store.appeals_of(session, {id}).get(id),
        may_take=_may_mark(reader, line, standing),
        blind=blind,
        named=not blind and (not work.anonymous or bool(readings)),
        start=start,
    )


def _line(session: Session, reader: Reader, id: int) -> WorkLine:
    line = store.work_line(session, id)
    if line is None or not reader.may_see(line):
        raise NotFound(message("There is no such work."))
    return line


def _may_mark(reader: Reader, line: WorkLine, standing: Mapping[Kind, Reading]) -> bool:
    """Whether a mark by this person is taken. What is done may be marked again until an appeal has decided."""
    if "appeal" in standing:
        return False
    if line.state in ("done", "scored"):
        return True
    mine = any(one.by_id == reader.person_id for one in standing.values())
    return reader.may_take(line) or (mine and line.state != "appeal")


@dataclass(frozen=True)
class Marked:
    """What became of a mark."""

    line: WorkLine
    kind: Kind
    together: bool  # somebody else marked it since the work was opened
    third: bool  # the two are so far apart that a third reading is asked for
    finished: bool  # nothing of the attempt waits for a mark any more, and something did; or a mark has changed
    decided: bool  # it decided an appeal


def mark(session: Session, head: Head, person: Person, id: int, sent: Sent, now: datetime) -> Marked:
    """Adds a mark. The same one sent twice changes nothing; of two people's at once both are kept.

    Raises `NotFound`, `Forbidden` for a reading that is somebody else's, `Invalid` for levels that are not in the
    rubric, `Conflict` where the rubric was changed since the work was opened.
    """
    reader = reader_of(session, head.library, person)
    line = _line(session, reader, id)
    # Whoever marks another answer of this attempt waits: its result is written from all of them.
    attempt = attempt_by_id(session, line.attempt_id, locked=True)
    line = _line(session, reader, id)
    if line.due_revision_id is not None:
        rescoring.rescore_works(session, library_at, (line,), head.revision_id, now)
        line = _line(session, reader, id)
    work = works.work_of(session, line, "en")
    if sent.rubric != work.rubric:
        raise Conflict(
            message("The rubric of this question was changed while you read. Look at it and mark once more.")
        )
    _check_words(sent)
    outcome = work.outcome(sent.levels)
    rows = store.history(session, id)
    standing, readings = marking.replay(rows), marking.all_readings(rows)
    newest = readings[-1] if readings else None
    together = any(one.id > sent.seen and one.by_id != person.id for one in readings)
    mine = next((one for one in reversed(readings) if one.by_id == person.id and one.id > sent.seen), None)
    if mine is not None and _says(mine) == (dict(sent.levels), dict(sent.comments), sent.overall):
        return Marked(line, mine.kind, together, line.state == "third", finished=False, decided=False)
    late = newest is not None and newest.id > sent.seen
    kind = marking.kind_for(line.state, standing, person.id, late=late)
    if kind == "also" and not late:
        raise Closed(message("An appeal has decided about this mark; it stays as it is."))
    if not late and not _may_mark(reader, line, standing):
        raise Forbidden(message("This reading is for another trainer: you have marked this work already."))
    if kind == "appeal" and not reader.may_take(line):
        raise Forbidden(message("This appeal is for another trainer: it is about your own mark."))
    if kind == "appeal" and not sent.overall:
        raise Invalid(message("Say why you decide so; the trainee reads it."), "overall")
    before = given(session, attempt.id)[line.position]
    detail = marking.stored(kind, sent.levels, sent.comments, sent.overall, work.rubric)
    row = OutcomeRow(response_id=id, points=None, possible=outcome.possible, by_id=person.id, detail=detail, at=now)
    # What counts afterwards, which is not this reading where it is the second one.
    after = {**standing, kind: Reading(0, kind, person.id, now, sent.levels)} if kind != "also" else dict(standing)
    counts = marking.counting(after)
    if counts is not None:
        row.points = work.outcome(counts.levels).points
    elif before.points is not None:
        row.points = before.points
    session.add(row)
    session.flush()  # the result is computed from the rows
    drawn = line.second and (line.second_by_id is not None or _somebody_else(session, head, line, person))
    state = marking.state_after(after, second=drawn)
    first, second = after.get("first"), after.get("second")
    store.change(
        session,
        id,
        state=state,
        since=now if state != line.state or state == "done" else line.since,
        first_by_id=first.by_id if first else None,
        second_by_id=second.by_id if second else None,
        counts_by_id=counts.by_id if counts else None,
    )
    if kind == "appeal":
        _decide(session, id, person.id, sent.overall, changed=row.points != before.points, now=now)
    results.rewrite(session, head.library, head.revision_id, attempt, work.passing, now)
    settled = not attempt_by_id(session, attempt.id).waiting
    changed = before.points is not None and row.points != before.points
    logger.info("a work was marked", extra={"work": id, "reading": kind})
    return Marked(
        line,
        kind,
        together,
        state == "third",
        finished=settled and (attempt.waiting or changed),
        decided=kind == "appeal",
    )


def _says(reading: Reading) -> tuple[Any, ...]:
    return dict(reading.levels), dict(reading.comments), reading.overall


def _check_words(sent: Sent) -> None:
    for key, said in sent.comments.items():
        for place, comment in enumerate(said):
            if len(comment) > marking.LONGEST:
                raise Invalid(
                    message("A comment has at most %(most)s characters.", most=marking.LONGEST),
                    f"part-{key}-comment-{place}",
                )
    if len(sent.overall) > LONGEST_REASON:
        raise Invalid(message("A comment has at most %(most)s characters.", most=LONGEST_REASON), "overall")


def _somebody_else(session: Session, head: Head, line: WorkLine, person: Person) -> bool:
    """Whether there is anybody who could read it a second time."""
    course = head.library.courses.get(line.course_id or "")
    authors = course.authors if course is not None else ()
    return any(
        one.id not in (person.id, line.person_id) and (one.admin or not authors or one.email in authors)
        for one in store.markers(session)
    )


# --- appeals ---


def appeal(session: Session, attempt: AttemptValue, position: int, reason: str, now: datetime) -> None:
    """The trainee is against the mark of her own answer, once. Sending the same twice changes nothing.

    Raises `NotFound` where no trainer marks it, `Closed` before it is marked, `Conflict` the second time.
    """
    line = store.works_in(session, attempt.id).get(position)
    if line is None:
        raise NotFound(message("There is no such work."))
    if not reason:
        raise Invalid(message("Say what you think is wrong with the mark."), "reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid(message("Say it in %(most)s characters at most.", most=LONGEST_REASON), "reason")
    known = store.appeals_of(session, {line.id}).get(line.id)
    if known is not None:
        if known.reason == reason:
            return
        raise Conflict(message("You have appealed against this mark already; one can do so once."))
    if line.state == "open" or given(session, attempt.id)[position].points is None:
        raise Closed(message("This answer waits for its mark; you can appeal once you have read it."))
    session.add(Appeal(response_id=line.id, reason=reason, at=now, against_id=line.counts_by_id))
    store.change(session, line.id, state="appeal", since=now)
    session.add(
        AuditEntry(
            at=now,
            actor_id=attempt.person_id,
            action="mark.appeal",
            subject=f"response {line.id}",
            detail={"reason": reason},
        )
    )
    session.flush()


def _decide(session: Session, id: int, by_id: int, answer: str, *, changed: bool, now: datetime) -> None:
    row = session.get_one(Appeal, id)
    row.decided_at, row.by_id, row.answer, row.changed = now, by_id, answer, changed
    session.add(
        AuditEntry(at=now, actor_id=by_id, action="mark.decide", subject=f"response {id}", detail={"changed": changed})
    )


# --- what the trainee sees ---


@dataclass(frozen=True)
class Told:
    """A mark with its reasons, for whose answer it is. Who marked is told by role."""

    work: Work
    state: marking.State
    reading: Reading | None  # the one that counts; None: the program marked, or nobody has yet
    admin: bool  # it was an admin and no trainer
    appeal: AppealValue | None
    may_appeal: bool


def told(session: Session, attempt: AttemptValue, language: str) -> dict[int, Told]:
    """Position -> what is known of its mark. The caller has asked whether answers may be seen. Four queries."""
    lines = store.works_in(session, attempt.id)
    if not lines:
        return {}
    ids = {line.id for line in lines.values()}
    rows, appeals = store.histories(session, ids), store.appeals_of(session, ids)
    admins = {one.id for one in store.markers(session) if one.admin}
    found = {}
    for position, line in lines.items():
        counts = marking.counting(marking.replay(rows[line.id]))
        appealed = appeals.get(line.id)
        found[position] = Told(
            work=works.work_of(session, line, language),
            state=line.state,
            reading=counts,
            admin=counts is not None and counts.by_id in admins,
            appeal=appealed,
            may_appeal=appealed is None and line.state != "open" and (counts is not None or line.state == "scored"),
        )
    return found


def waiting_for(session: Session, head: Head, person: Person) -> int:
    """How many works wait for this person. Two queries."""
    if not person.has(Role.trainer, Role.admin):
        return 0
    return store.to_read(session, reader_of(session, head.library, person))


def outcomes_replayed(work: Work, rows: Sequence[marking.Row]) -> Outcome:
    """The outcome of a work from its rows alone."""
    counts = marking.counting(marking.replay(rows))
    start = {part.key: part.start for part in work.parts}
    if counts is not None:
        return work.outcome(counts.levels)
    if all(level is not None for levels in start.values() for level in levels):
        return work.outcome({key: tuple(level or 0 for level in levels) for key, levels in start.items()})
    return Outcome(None, 1)
