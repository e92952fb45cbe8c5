"""The views of drills. Attempts are fetched as one's own: somebody else's is not there."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kamtrain.core import drill as rules
from kamtrain.core.errors import Conflict, Invalid, NotFound
from kamtrain.core.message import message
from kamtrain.core.people import Role
from kamtrain.core.progress import next_step
from kamtrain.http import database, errors, locale, pages
from kamtrain.services import drills, learning
from kamtrain.services.attempts import Head, read_confidence
from kamtrain.services.drills import Scene
from kamtrain.services.publishing import library_at
from kamtrain.store import drills as store
from kamtrain.store.attempts import AttemptValue, attempts_of, own_attempt
from kamtrain.store.learning import course_of, latest_enrollment
from kamtrain.web import matrices, steps
from kamtrain.web.drill.pages import DrillPage, ScenePage, StandingView, compared, mark_of, standing_view

blueprint = Blueprint("drill", __name__, url_prefix="/practice")


def _now() -> datetime:
    return datetime.now(UTC)


def _head(session: Session) -> Head:
    if g.revision is None:
        raise NotFound(message("Nothing has been published yet."))
    return Head(g.revision, library_at(session, g.revision))


def _course_id(head: Head, drill: str) -> str | None:
    """The course named in the address, where it really has the drill."""
    wanted = request.values.get("course")
    return wanted if wanted and head.library.step_of(wanted, "drill", drill) is not None else None


def _course_of(session: Session, attempt: AttemptValue) -> str | None:
    return course_of(session, attempt.enrollment_id) if attempt.enrollment_id is not None else None


@blueprint.get("/drill/<drill>")
def show(drill: str) -> ResponseReturnValue:
    """What one practises, how far one is, and one's own matrix."""
    language = locale.language()
    with database.reading() as session:
        head = _head(session)
        value = drills.drill_of(head.library, drill, language)
        course_id = _course_id(head, drill)
        enrollment = latest_enrollment(session, g.person.id, course_id) if course_id else None
        known = attempts_of(session, g.person.id, enrollment, "drill", drill) if enrollment or not course_id else ()
        asks = drills.criterion(head.library, course_id, drill)
        open_one = next((attempt for attempt in reversed(known) if attempt.open), None)
        last = open_one or (known[-1] if known else None)
        run = store.run(session, last.id, asks.window) if last else ()
        history = store.history(session, g.person.id, drill)
        certain = store.certain(session, g.person.id, drill) if value.confidence else {}
    done = [attempt for attempt in known if not attempt.open]
    course = head.library.courses[course_id] if course_id else None
    ids = [answer.id for answer in value.answers]
    page = DrillPage(
        id=drill,
        title=value.title,
        lang=value.language,
        course=course_id or "",
        course_title=head.library.text(course.title, language) if course else "",
        course_url=url_for("learn.course", course=course.id) if course else "",
        intro=value.intro,
        answers=value.answers,
        questions=len(value.questions),
        minutes=head.library.minutes("drill", drill),
        standing=standing_view(run, asks),
        done_at=done[0].finished_at if done else None,
        begun=bool(history),
        matrix=matrices.view(value, rules.matrix(ids, history)),
        sure=matrices.levels(certain),
        asks_sure=value.confidence,
        deal_url=url_for("drill.deal", drill=drill),
        cohort_url=url_for("insight.drill", drill=drill)
        if g.person.has(Role.trainer, Role.manager, Role.admin)
        else "",
    )
    return pages.render("drill/drill.html", page)


@blueprint.post("/drill/<drill>/next")
def deal(drill: str) -> ResponseReturnValue:
    with database.writing() as session:
        head = _head(session)
        asked = drills.deal(session, head, g.person.id, drill, _course_id(head, drill), _now())
    return redirect(url_for("drill.scene", attempt=asked.attempt_id, number=asked.position + 1), 303)


def _scene(session: Session, attempt: int, number: int, *, locked: bool = False) -> Scene:
    value = own_attempt(session, attempt, g.person.id, locked=locked)
    row = drills.row_of(session, value, number)
    return drills.scene_of(session, library_at(session, row.revision_id), value, row, locale.language())


@blueprint.get("/attempts/<int:attempt>/drill/<int:number>")
def scene(attempt: int, number: int) -> ResponseReturnValue:
    """One question: asking, asking for the cue, or with everything said about it."""
    with database.reading() as session:
        head = _head(session)
        here = _scene(session, attempt, number)
        course_id = _course_of(session, here.attempt)
        asks = drills.criterion(head.library, course_id, here.drill.id)
        standing = standing_view(store.run(session, attempt, asks.window), asks)
        onward = _onward(session, head, course_id) if not here.attempt.open else ("", "")
    return pages.render("drill/scene.html", _scene_page(head, here, course_id, standing, onward))


def _onward(session: Session, head: Head, course_id: str | None) -> tuple[str, str]:
    """(title, url) of the next step not done in the course; empty where there is none."""
    course = head.library.courses.get(course_id or "")
    if course is None:
        return "", ""
    _, facts = learning.facts_of(session, head.library, g.person.id, course.id)
    step = next_step(course, facts)
    if step is None:
        return head.library.text(course.title, locale.language()), url_for("learn.course", course=course.id)
    view = steps.step_view(head.library, course, step, facts, locale.language())
    return view.title, view.url


def _scene_page(
    head: Head, here: Scene, course_id: str | None, standing: StandingView, onward: tuple[str, str]
) -> ScenePage:
    asked, drill = here.asked, here.drill
    cues = here.question.parts[1].item.options
    answered = asked.answered_at is not None
    chosen = next((answer.name for answer in drill.answers if answer.id == asked.chosen), "")
    there = course_id if course_id in head.library.courses else None
    known = head.library.has("drill", drill.id)
    number, size = asked.position + 1, drill.draw
    return ScenePage(
        title=drill.title,
        lang=here.question.language,
        back_url=url_for("drill.show", drill=drill.id, course=there) if known else url_for("learn.start"),
        number=number,
        name=here.question.title,
        text=here.question.text,
        say_url=url_for("drill.say", attempt=asked.attempt_id, number=number),
        answers=() if asked.chosen else tuple((answer.id, answer.name) for answer in drill.answers),
        chosen=chosen,
        cue_question=here.question.parts[1].prompt,
        cues=tuple((shown, cues[place].html) for shown, place in enumerate(here.order))
        if asked.chosen and not answered
        else (),
        asks_sure=drill.confidence,
        sure=asked.confidence,
        verdict=mark_of(asked.chosen == asked.truth, bool(asked.cue_right)) if answered else None,
        compared=compared(here) if answered else (),
        cue_compared=_cues(here) if answered else (),
        debrief=here.question.debrief if answered else "",
        seconds=None if asked.milliseconds is None or not answered else -(-asked.milliseconds // 1000),
        standing=standing,
        deal_url=url_for("drill.deal", drill=drill.id) if known else "",
        course=there or "",
        round_done=bool(answered and size and number % size == 0),
        round_size=size or 0,
        reached=not here.attempt.open,
        next_title=onward[0],
        next_url=onward[1],
    )


def _cues(here: Scene) -> tuple[tuple[str, str, bool], ...]:
    """(cue, what is said of it, whether it decides): the one named, then the one that decides."""
    options = here.question.parts[1].item.options
    named = here.asked.cue
    places = [named] if named is not None and named < len(options) else []
    places += [place for place, option in enumerate(options) if option.right and place != named]
    return tuple((options[place].html, options[place].feedback, options[place].right) for place in places)


@blueprint.post("/attempts/<int:attempt>/drill/<int:number>")
def say(attempt: int, number: int) -> ResponseReturnValue:
    """The answer, or the cue. Twice the same changes nothing."""
    now = _now()
    with database.writing() as session:
        head = _head(session)
        here = _scene(session, attempt, number, locked=True)
        if "answer" in request.form:
            drills.choose(session, here, request.form["answer"], now)
        else:
            try:
                shown = int(request.form.get("cue", ""))
            except ValueError:
                raise Invalid(message("Choose one of the answers.")) from None
            sure = read_confidence(request.form.to_dict(flat=False))
            drills.name_cue(session, head, here, shown, _course_of(session, here.attempt), now, sure)
    return redirect(url_for("drill.scene", attempt=attempt, number=number, _anchor="now"), 303)


@blueprint.errorhandler(Conflict)
def conflict(error: Conflict) -> ResponseReturnValue:
    """A page that is not where the question stands: go there, and say why."""
    place = request.view_args or {}
    if "attempt" not in place or "number" not in place:
        return errors.answer(error.status, error.message)
    pages.tell(error.message, "warning")
    return redirect(url_for("drill.scene", attempt=place["attempt"], number=place["number"]), 303)
