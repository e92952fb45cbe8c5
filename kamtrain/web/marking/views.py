"""The views of marking. Works are fetched as those of courses one may author: others are not there."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kamtrain.core.errors import Closed, Invalid, NotFound
from kamtrain.core.marking import Work
from kamtrain.core.message import message
from kamtrain.http import database, forms, letters, locale, pages
from kamtrain.services import marking, outbox
from kamtrain.services.marking import Marked
from kamtrain.services.publishing import library_at
from kamtrain.services.results import Head
from kamtrain.store import marking as store
from kamtrain.store.directory import person_line
from kamtrain.web.marking.agreeing import agreement_page
from kamtrain.web.marking.pages import Filter, queue_page, sent, wanted, work_page

blueprint = Blueprint("marking", __name__, url_prefix="/marking")


def _head(session: Session) -> Head:
    if g.revision is None:
        raise NotFound(message("Nothing has been published yet."))
    return Head(g.revision, library_at(session, g.revision))


@blueprint.get("")
def queue() -> ResponseReturnValue:
    number = forms.whole(request.args.get("page", "")) or 0
    with database.reading() as session:
        page = queue_page(session, _head(session), g.person, wanted(), min(number, 100_000))
    return pages.render("marking/queue.html", page)


@blueprint.get("/agreement")
def agreement() -> ResponseReturnValue:
    with database.reading() as session:
        page = agreement_page(session, _head(session), g.person, wanted().course, datetime.now(UTC))
    return pages.render("marking/agreement.html", page)


@blueprint.get("/<int:work>")
def work(work: int) -> ResponseReturnValue:
    with database.reading() as session:
        head = _head(session)
        opened = marking.open_work(session, head, g.person, work, locale.language())
        page = work_page(session, head, g.person, opened, wanted())
    return pages.render("marking/work.html", page)


@blueprint.post("/<int:work>/mark")
def mark(work: int) -> ResponseReturnValue:
    asked, now = wanted(), datetime.now(UTC)
    with database.writing() as session:
        head = _head(session)
        opened = marking.open_work(session, head, g.person, work, locale.language())
        typed, errors = sent(opened.work.parts)
        if not errors:
            try:
                marked = marking.mark(session, head, g.person, work, typed, now)
            except Invalid as refusal:
                errors = forms.refusal(refusal, "overall")
        if errors:
            page = work_page(session, head, g.person, opened, asked, typed, errors)
            return pages.render("marking/work.html", page, 422)
        _tell_trainee(session, opened.work, marked, now)
        reader = marking.reader_of(session, head.library, g.person)
        onward = store.beside(session, reader, asked.tab, asked.course, marked.line)[1]
    return _onward(work, marked, onward, asked)


def _onward(work: int, marked: Marked, onward: int | None, asked: Filter) -> ResponseReturnValue:
    if marked.together:
        pages.tell(
            message("Somebody else marked this work while you did. Both marks are kept; look at them side by side."),
            "warning",
        )
    elif marked.third:
        pages.tell(message("The mark is saved. The two readings lie far apart: a third one is asked for."), "info")
    else:
        pages.tell(message("The mark is saved."), "success")
    query = asked.query
    if marked.together or request.form.get("go") == "stay":
        return redirect(url_for("marking.work", work=work, **query), 303)  # type: ignore[arg-type]
    if onward is not None:
        return redirect(url_for("marking.work", work=onward, **query), 303)  # type: ignore[arg-type]
    return redirect(url_for("marking.queue", **query), 303)  # type: ignore[arg-type]


def _tell_trainee(session: Session, work: Work, marked: Marked, now: datetime) -> None:
    """A mail once all of an attempt is marked, and one for the decision on an appeal."""
    if not marked.finished and not marked.decided:
        return
    known = person_line(session, marked.line.person_id)
    if known is None or not known.active:
        return
    try:
        url = letters.base_url() + url_for("practice.result", attempt=marked.line.attempt_id)
    except Closed:
        url = ""  # a mark is not held up by a setting that is missing
    write = letters.decided_letter if marked.decided else letters.marked_letter
    letter = write(known.person, work.activity, url)
    outbox.post(session, known.person.id, known.person.email, letter.subject, letter.body, now)
