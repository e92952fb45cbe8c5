"""The views of negotiations. Attempts are fetched as one's own: somebody else's is not there."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kamtrain.core.errors import Conflict, Invalid, NotFound
from kamtrain.core.message import message
from kamtrain.core.progress import next_step
from kamtrain.http import database, errors, locale, pages
from kamtrain.services import learning, negotiations
from kamtrain.services.attempts import Head
from kamtrain.services.negotiations import Talk
from kamtrain.services.publishing import library_at
from kamtrain.store.attempts import own_attempt
from kamtrain.store.learning import course_of
from kamtrain.web import steps
from kamtrain.web.negotiation.pages import debrief_page, table_page

blueprint = Blueprint("negotiation", __name__, url_prefix="/practice/attempts")


def _head(session: Session) -> Head:
    if g.revision is None:
        raise NotFound(message("Nothing has been published yet."))
    return Head(g.revision, library_at(session, g.revision))


def _talk(session: Session, attempt: int, *, locked: bool = False) -> Talk:
    value = own_attempt(session, attempt, g.person.id, locked=locked)
    return negotiations.talk_of(session, library_at(session, value.revision_id), value, locale.language())


def _course_of(session: Session, head: Head, talk: Talk) -> str:
    """The course the attempt belongs to; "" where it is none, or is no longer published."""
    enrollment = talk.attempt.enrollment_id
    course = course_of(session, enrollment) if enrollment is not None else None
    return course if course is not None and course in head.library.courses else ""


def _back_url(head: Head, talk: Talk, course: str) -> str:
    if head.library.has("negotiation", talk.attempt.activity):
        return url_for("practice.intro", kind="negotiation", activity=talk.attempt.activity, course=course or None)
    return url_for("learn.course", course=course) if course else url_for("learn.start")


def _onward(session: Session, head: Head, course_id: str) -> tuple[str, str]:
    """(title, url) of the next step not done in the course; empty where there is none."""
    if not course_id:
        return "", ""
    course = head.library.courses[course_id]
    _, facts = learning.facts_of(session, head.library, g.person.id, course_id)
    step = next_step(course, facts)
    if step is None:
        return head.library.text(course.title, locale.language()), url_for("learn.course", course=course_id)
    view = steps.step_view(head.library, course, step, facts, locale.language())
    return view.title, view.url


@blueprint.get("/<int:attempt>/table")
def show(attempt: int) -> ResponseReturnValue:
    """The talk as it stands."""
    with database.reading() as session:
        head, talk = _head(session), _talk(session, attempt)
        course = _course_of(session, head, talk)
    if not talk.attempt.open:
        return redirect(url_for("negotiation.debrief", attempt=attempt))
    return pages.render("negotiation/table.html", table_page(talk, _back_url(head, talk, course)))


@blueprint.post("/<int:attempt>/table")
def make(attempt: int) -> ResponseReturnValue:
    """One move. What cannot be read is asked for again, with what was typed."""
    try:
        turn = int(request.form.get("turn", ""))
    except ValueError:
        raise Invalid(message("Choose what you do: offer, ask, pause, accept or leave.")) from None
    with database.writing() as session:
        head, talk = _head(session), _talk(session, attempt, locked=True)
        try:
            move = negotiations.read_move(talk.table, request.form)
        except Invalid as error:
            if not talk.attempt.open:
                raise
            back_url = _back_url(head, talk, _course_of(session, head, talk))
            page = table_page(talk, back_url, request.form, error.message)
            return pages.render("negotiation/table.html", page, status=422)
        after = negotiations.make(session, head, talk, turn, move, datetime.now(UTC))
    if after.here.ended:
        return redirect(url_for("negotiation.debrief", attempt=attempt), 303)
    return redirect(url_for("negotiation.show", attempt=attempt, _anchor="now"), 303)


@blueprint.get("/<int:attempt>/table/debrief")
def debrief(attempt: int) -> ResponseReturnValue:
    """Everything that may be known afterwards."""
    with database.reading() as session:
        head, talk = _head(session), _talk(session, attempt)
        if talk.attempt.open:
            return redirect(url_for("negotiation.show", attempt=attempt))
        course = _course_of(session, head, talk)
        onward = _onward(session, head, course)
    again = head.library.has("negotiation", talk.attempt.activity)
    page = debrief_page(talk, _back_url(head, talk, course), course, again, *onward)
    return pages.render("negotiation/debrief.html", page)


@blueprint.errorhandler(Conflict)
def conflict(error: Conflict) -> ResponseReturnValue:
    """A page that is not where the talk stands: go there, and say why."""
    attempt = (request.view_args or {}).get("attempt")
    if attempt is None:
        return errors.answer(error.status, error.message)
    pages.tell(error.message, "warning")
    return redirect(url_for("negotiation.show", attempt=attempt), 303)
