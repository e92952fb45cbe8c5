"""Personal extensions: more time, more attempts or a later closing at one quiz, given by a trainer or a manager."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kamtrain.content.library import Library
from kamtrain.core import policy
from kamtrain.core.accounts import normal_email
from kamtrain.core.errors import Invalid
from kamtrain.core.message import message
from kamtrain.core.people import Person, Scope
from kamtrain.core.policy import Extension, moment
from kamtrain.services import attempts
from kamtrain.services.attempts import Head
from kamtrain.services.publishing import library_at
from kamtrain.store.attempts import Attempt, ExtensionRow, extension_of
from kamtrain.store.audit import AuditEntry
from kamtrain.store.learning import course_of
from kamtrain.store.people import PersonRow
from kamtrain.store.upsert import insert

MOST_MINUTES, MOST_ATTEMPTS, MOST_WORDS = 1440, 100, 300  # characters of a reason


@dataclass(frozen=True)
class Wanted:
    """What a form asks for. All of it replaces what the person had at the quiz; nothing at all takes it back."""

    email: str
    quiz: str
    minutes: int
    attempts: int
    closes: datetime | None  # as a wall clock shows it where the person is
    reason: str


def extendable(library: Library) -> tuple[str, ...]:
    """The quizzes that limit anything that an extension could widen."""
    windowed = {step.id for course in library.courses.values() for step in course.steps if step.closes}
    return tuple(
        id
        for id, tags in library.quizzes.items()
        for quiz in [next(iter(tags.values()))]
        if id in windowed or quiz.closes or quiz.time is not None or quiz.attempts is not None
    )


def give(session: Session, head: Head, actor: Person, scope: Scope, wanted: Wanted, now: datetime) -> str:
    """Gives the extension; the person's name. An attempt under way gets the time, too. Giving it twice changes nothing.

    Raises `Invalid` for somebody outside the scope (who is as unknown as nobody) and for what cannot be extended.
    """
    if wanted.quiz not in extendable(head.library):
        raise Invalid(message("Choose a quiz that limits its time, its attempts or its closing."), "quiz")
    if not 0 <= wanted.minutes <= MOST_MINUTES:
        raise Invalid(message("More time is from 0 to %(most)s minutes.", most=MOST_MINUTES), "minutes")
    if not 0 <= wanted.attempts <= MOST_ATTEMPTS:
        raise Invalid(message("More attempts are from 0 to %(most)s.", most=MOST_ATTEMPTS), "attempts")
    if not wanted.reason or len(wanted.reason) > MOST_WORDS:
        raise Invalid(message("Say why, in %(most)s characters at most.", most=MOST_WORDS), "reason")
    # The person's row is locked as it is at a beginning, so that no attempt begins by the old terms meanwhile.
    person = session.execute(
        select(PersonRow.id, PersonRow.name, PersonRow.team_id, PersonRow.time_zone)
        .where(PersonRow.email == normal_email(wanted.email), PersonRow.active)
        .with_for_update()
    ).one_or_none()
    if person is None or not scope.covers(person.team_id):
        raise Invalid(message("Nobody among those you may see has this address."), "email")
    zone = ZoneInfo(person.time_zone)
    closes_at = moment(wanted.closes, zone, last=True) if wanted.closes else None
    before = extension_of(session, person.id, wanted.quiz)
    after = Extension(wanted.minutes, wanted.attempts, closes_at)
    if after == before:
        return str(person.name)
    _end_those_over(session, head, person.id, wanted.quiz, now)
    if after == policy.NONE:
        session.execute(
            delete(ExtensionRow).where(ExtensionRow.person_id == person.id, ExtensionRow.quiz_id == wanted.quiz)
        )
    else:
        row = {**asdict(after), "reason": wanted.reason, "by_id": actor.id, "at": now}
        session.execute(
            insert(session, ExtensionRow)
            .values(person_id=person.id, quiz_id=wanted.quiz, **row)
            .on_conflict_do_update(index_elements=["person_id", "quiz_id"], set_=row)
        )
    detail = {"quiz": wanted.quiz, "reason": wanted.reason, "before": _plain(before), "after": _plain(after)}
    session.add(AuditEntry(at=now, actor_id=actor.id, action="extension given", subject=person.name, detail=detail))
    session.flush()  # what is under way is counted anew from it
    _count_anew(session, person.id, wanted.quiz, zone)
    return str(person.name)


def _plain(extension: Extension) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in vars(extension).items()}


def _open(session: Session, person_id: int, quiz: str) -> list[Attempt]:
    query = select(Attempt).where(Attempt.person_id == person_id, Attempt.kind == "quiz", Attempt.activity_id == quiz)
    return list(session.scalars(query.where(Attempt.finished_at.is_(None))))


def _end_those_over(session: Session, head: Head, person_id: int, quiz: str, now: datetime) -> None:
    """An attempt whose time ran out stays ended: it gets another attempt, not its time back."""
    for attempt in _open(session, person_id, quiz):
        attempts.end_overdue(session, head, attempt.id, person_id, now)
    session.expire_all()


def _count_anew(session: Session, person_id: int, quiz_id: str, zone: ZoneInfo) -> None:
    for attempt in _open(session, person_id, quiz_id):
        library = library_at(session, attempt.revision_id)
        course = course_of(session, attempt.enrollment_id) if attempt.enrollment_id is not None else None
        terms = attempts.terms_for(session, library, library.quiz(quiz_id, "en"), person_id, course, zone)
        attempt.ends_at, attempt.closes_at = policy.ends_at(terms, attempt.started_at), terms.closes_at
