"""The views of learn. GET reads; the two POSTs note that a lesson was opened, and that it is done."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from kamtrain.content.library import Library
from kamtrain.core.catalog import Course
from kamtrain.core.errors import NotFound
from kamtrain.core.message import message
from kamtrain.core.people import Role
from kamtrain.core.progress import Facts
from kamtrain.core.refresher import SECONDS, why
from kamtrain.http import database, locale, pages
from kamtrain.services import learning, refreshers
from kamtrain.services.publishing import library_at
from kamtrain.services.refreshers import DueItem
from kamtrain.store.learning import Standing, standings
from kamtrain.store.library import blobs
from kamtrain.store.refreshers import next_due
from kamtrain.web import steps
from kamtrain.web.courses import course_page, next_view
from kamtrain.web.curriculum import competencies_page, glossary_page
from kamtrain.web.learn.pages import Catalogue, CourseCard, DueView, RefresherPage, Start
from kamtrain.web.lessons import lesson_page

blueprint = Blueprint("learn", __name__)


def _library() -> Library:
    """The head's library; an empty one before anything was published."""
    if g.revision is None:
        return Library()
    with database.reading() as session:
        return library_at(session, g.revision)


def _course(library: Library, id: str) -> Course:
    if id not in library.courses:
        raise NotFound(message("There is no such course."))
    return library.courses[id]


def _facts(library: Library, course_id: str) -> tuple[int | None, Facts]:
    with database.reading() as session:
        return learning.facts_of(session, library, g.person.id, course_id)


def _state(standing: Standing | None) -> str:
    if standing is None:
        return "not-started"
    if standing.succeeded_at:
        return "passed"
    if standing.completed_at:
        return "failed" if standing.failed else "done"
    return "in-progress"


def _card(library: Library, course: Course, standing: Standing | None, language: str, *, resume: bool) -> CourseCard:
    following = None
    if resume:
        _, facts = _facts(library, course.id) if standing else (None, Facts())
        following = next_view(library, course, facts, language)
    return CourseCard(
        id=course.id,
        title=library.text(course.title, language),
        url=url_for("learn.course", course=course.id),
        summary=library.text(course.summary, language),
        state=_state(standing),
        percent=standing.percent if standing else None,
        lessons=len([id for id in course.lesson_ids if library.has("lesson", id)]),
        minutes=steps.minutes(library, course.playable),
        next=following,
    )


@blueprint.get("/")
def start() -> ResponseReturnValue:
    """What to go on with, and what is next."""
    library, language = _library(), locale.language()
    with database.reading() as session:
        known = {id: s for id, s in standings(session, g.person.id).items() if id in library.courses}
        first_due = next_due(session, g.person.id)
    under_way = [id for id, standing in known.items() if standing.completed_at is None]
    resume = under_way[0] if under_way else None
    fresh = [course for id, course in library.courses.items() if id not in known]
    page = Start(
        name=g.person.name,
        resume=_card(library, library.courses[resume], known[resume], language, resume=True) if resume else None,
        others=tuple(
            _card(library, library.courses[id], known[id], language, resume=False) for id in known if id != resume
        ),
        fresh=tuple(_card(library, course, None, language, resume=True) for course in fresh),
        trains=g.person.has(Role.trainer, Role.admin),
        manages=g.person.has(Role.manager, Role.admin),
        due=first_due is not None and first_due <= datetime.now(UTC),
    )
    return pages.render("learn/start.html", page)


@blueprint.get("/learn/refresher")
def refresher() -> ResponseReturnValue:
    """What comes back today, and why."""
    library, language, now = _library(), locale.language(), datetime.now(UTC)
    with database.reading() as session:
        due = refreshers.today(session, library, g.person.id, language, now)
        open_one = refreshers.open_one(session, g.person.id)
        next_at = None if due else next_due(session, g.person.id)
    page = RefresherPage(
        due=tuple(_due(library, one, language) for one in due),
        minutes=-(-SECONDS // 60),
        begin_url=url_for("learn.refresh"),
        open_url=url_for("practice.attempt", attempt=open_one) if open_one is not None else "",
        next_at=next_at,
    )
    return pages.render("learn/refresher.html", page)


def _due(library: Library, one: DueItem, language: str) -> DueView:
    use = refreshers.use(library, one.card, one.question)
    said = None
    if use.kind:
        said = message(
            "It keeps “%(competency)s” ready, which “%(title)s” asks for.",
            competency=library.competency(use.competency, language),
            title=library.title(use.kind, use.id, language),
        )
    elif use.competency:
        said = message("It keeps “%(competency)s” ready.", competency=library.competency(use.competency, language))
    activity = library.title(one.card.kind, one.card.activity, language)
    return DueView(one.question.title, one.question.language, activity, why(one.why), said)


@blueprint.post("/learn/refresher")
def refresh() -> ResponseReturnValue:
    with database.writing() as session:
        library = library_at(session, g.revision) if g.revision is not None else Library()
        attempt = refreshers.begin(session, library, g.revision, g.person.id, random.SystemRandom(), datetime.now(UTC))
    return redirect(url_for("practice.attempt", attempt=attempt), 303)


@blueprint.get("/learn")
def catalogue() -> ResponseReturnValue:
    library, language = _library(), locale.language()
    with database.reading() as session:
        known = standings(session, g.person.id)
    cards = (_card(library, course, known.get(id), language, resume=False) for id, course in library.courses.items())
    return pages.render_shared("learn/catalogue.html", Catalogue(tuple(cards)))


@blueprint.get("/learn/<course>")
def course(course: str) -> ResponseReturnValue:
    library, language = _library(), locale.language()
    value = _course(library, course)
    enrollment_id, facts = _facts(library, course)
    page = course_page(library, value, facts, language, begun=enrollment_id is not None)
    return pages.render_shared("learn/course.html", page)


@blueprint.get("/learn/<course>/<lesson>")
def lesson(course: str, lesson: str) -> ResponseReturnValue:
    library = _library()
    value = _course(library, course)
    _, facts = _facts(library, course)
    return pages.render_shared("learn/lesson.html", lesson_page(library, value, lesson, facts, locale.language()))


@blueprint.post("/learn/<course>/<lesson>/opened")
def opened(course: str, lesson: str) -> ResponseReturnValue:
    """Sent by the page's script, so that one resumes here."""
    library = _library()
    with database.writing() as session:
        learning.open_lesson(session, library, g.revision, g.person.id, course, lesson, datetime.now(UTC))
    return Response(status=204)


@blueprint.post("/learn/<course>/<lesson>/done")
def done(course: str, lesson: str) -> ResponseReturnValue:
    library = _library()
    with database.writing() as session:
        learning.finish_lesson(session, library, g.revision, g.person.id, course, lesson, datetime.now(UTC))
    title = library.title("lesson", lesson, locale.language())
    flash(_("“%(title)s” is marked as done.", title=title), "success")
    return redirect(
        steps.after(library, library.courses[course], lesson) or url_for("learn.course", course=course), 303
    )


@blueprint.get("/learn/terms")
def glossary() -> ResponseReturnValue:
    library, language = _library(), locale.language()
    query = request.args.get("q", "").strip()[:80]
    return pages.render("learn/glossary.html", glossary_page(library, language, query))


@blueprint.get("/learn/competencies")
def competencies() -> ResponseReturnValue:
    return pages.render("learn/competencies.html", competencies_page(_library(), locale.language()))


MEDIA = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "svg": "image/svg+xml",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "vtt": "text/vtt",
}


@blueprint.get("/learn/media/<sha256>.<ext>")
def media(sha256: str, ext: str) -> ResponseReturnValue:
    """An author's picture or sound, by its hash: never changes. Opened by itself it runs nothing (sandbox)."""
    library = _library()
    written = {path.rpartition(".")[2].lower() for path, digest in library.media.items() if digest == sha256}
    if ext not in MEDIA or ext not in written:  # a picture is never served as something else
        abort(404)
    with database.reading() as session:
        data = blobs(session, [sha256])[sha256]
    response = Response(data, mimetype=MEDIA[ext])
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
