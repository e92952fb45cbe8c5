"""The views of practice. Attempts are fetched as one's own: somebody else's is not there."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kamtrain import items
from kamtrain.content.library import Library
from kamtrain.core import policy
from kamtrain.core import scenario as scenarios
from kamtrain.core.access import may_enter
from kamtrain.core.catalog import Course
from kamtrain.core.errors import Closed, Conflict, Invalid, NotFound
from kamtrain.core.message import Message, message
from kamtrain.core.negotiation import Table
from kamtrain.core.policy import Held, Terms
from kamtrain.core.progress import next_step
from kamtrain.core.scenario import Scenario, for_variant
from kamtrain.http import database, errors, locale, pages
from kamtrain.http.forms import text, whole
from kamtrain.services import attempts, learning, marking, refreshers, tasks
from kamtrain.services.attempts import Head, Run
from kamtrain.services.extensions import extendable
from kamtrain.services.marking import Told
from kamtrain.services.publishing import library_at
from kamtrain.store.attempts import AttemptValue, attempts_of, own_attempt, own_question
from kamtrain.store.learning import course_of, latest_enrollment
from kamtrain.web import steps
from kamtrain.web.practice import quiz_pages, scenario_pages
from kamtrain.web.practice.graphs import graph_view
from kamtrain.web.practice.quiz_pages import OverviewPage, QuestionPage, ResultPage
from kamtrain.web.practice.scenario_pages import DebriefPage
from kamtrain.web.talks import gauges, turns

blueprint = Blueprint("practice", __name__, url_prefix="/practice")


@dataclass(frozen=True)
class IntroPage:
    """What one is about to do, by which rules, and what one did before."""

    kind: str
    title: str
    lang: str
    course_title: str
    course_url: str
    intro: str  # HTML
    minutes: int
    questions: int
    passing: int | None
    attempts: int | None  # None: as many as one likes
    used: int
    at_once: bool
    counts: str  # best or last
    wait: int  # minutes between attempts
    time: int | None  # minutes for an attempt
    opens_at: datetime | None  # where that is still to come
    closes_at: datetime | None
    after_window: bool  # answers are shown when it has closed
    confidence: bool
    held: Held | None  # why none can be begun now
    test: str  # "pretest", "posttest" or "", in its course
    extend_url: str  # for those who may give somebody more; "" for others
    rules: tuple[Message, ...]
    personas: tuple[tuple[str, scenarios.Persona], ...]  # (variant, persona) of a scenario or a negotiation
    begin_url: str
    course: str  # sent with the form
    open_url: str  # the attempt under way; "" where there is none
    retry_url: str  # the retry of a conversation under way that was begun last; "" where there is none
    before: tuple[AttemptValue, ...]  # finished, newest first
    by_trainer: bool  # what waits for a mark waits for a trainer


def _now() -> datetime:
    return datetime.now(UTC)


def _head(session: Session) -> Head:
    if g.revision is None:
        raise NotFound(message("Nothing has been published yet."))
    return Head(g.revision, library_at(session, g.revision))


def _course_id(library: Library, kind: str, activity: str) -> str | None:
    """The course named in the address, where it really has the activity.

    A quiz with so many attempts and no more, or a time for it, has them in its course, also where the address names
    none: free practice would show its answers to whoever has not begun it there.
    """
    wanted = request.values.get("course")
    if wanted and library.step_of(wanted, kind, activity) is not None:
        return wanted
    if kind == "quiz" and library.has(kind, activity):
        limited = library.quiz(activity, "en").limited
        steps = ((id, library.step_of(id, kind, activity)) for id in library.courses)
        return next((id for id, step in steps if step and (limited or step.opens or step.closes)), None)
    return None


def _form() -> Mapping[str, Sequence[str]]:
    return request.form.to_dict(flat=False)


def _sequence() -> int:
    """The number a page gives its packets: 0 from a form without script."""
    try:
        return int(request.form.get("sequence", "0"))
    except ValueError:
        raise Invalid(
            message("The page sent something that cannot be read. Reload it; your saved answers are kept.")
        ) from None


def _back(session: Session, attempt: AttemptValue) -> tuple[str, str | None]:
    """The activity's first page, and the course the attempt belongs to; neither of which need be published still."""
    library = _head(session).library
    course = course_of(session, attempt.enrollment_id) if attempt.enrollment_id is not None else None
    if course not in library.courses:
        course = None
    if attempt.kind == refreshers.KIND:
        return url_for("learn.refresher"), None
    if library.has(attempt.kind, attempt.activity):
        if attempt.kind == "drill":
            return url_for("drill.show", drill=attempt.activity, course=course), course
        return url_for("practice.intro", kind=attempt.kind, activity=attempt.activity, course=course), course
    return url_for("learn.course", course=course) if course else url_for("learn.start"), course


def _test(course: Course | None, quiz: str) -> str:
    """What the quiz is to the course, where it is its test before or after."""
    if course is None:
        return ""
    return "pretest" if quiz == course.pretest else "posttest" if quiz == course.posttest else ""


def _before(session: Session, course: Course | None, after: AttemptValue) -> Run | None:
    """The pre-test that was finished before the post-test began: the first one, which came before the course.

    Three queries on the result of a post-test; none elsewhere.
    """
    if course is None or course.pretest is None or _test(course, after.activity) != "posttest":
        return None
    known = attempts_of(session, after.person_id, after.enrollment_id, "quiz", course.pretest)
    first = next((one for one in known if one.finished_at and one.finished_at <= after.started_at), None)
    if first is None:
        return None
    return attempts.run_of(session, library_at(session, first.revision_id), first, "en")


def _ended(attempt: AttemptValue) -> ResponseReturnValue | None:
    """Where to go when the attempt's time has run out: it ends then, also when nobody handed it in. None: it goes on."""
    now = _now()
    if not attempt.over(now):
        return None
    with database.writing() as session:
        attempts.end_overdue(session, _head(session), attempt.id, attempt.person_id, now)
    return redirect(url_for("practice.result", attempt=attempt.id), 303)


def _onward(session: Session, head: Head, course_id: str | None) -> tuple[str, str]:
    """(title, url) of the next step not done in the course; empty where there is none."""
    if course_id is None or course_id not in head.library.courses:
        return "", ""
    course = head.library.courses[course_id]
    _, facts = learning.facts_of(session, head.library, g.person.id, course_id)
    step = next_step(course, facts)
    if step is None:
        return head.library.text(course.title, locale.language()), url_for("learn.course", course=course_id)
    view = steps.step_view(head.library, course, step, facts, locale.language())
    return view.title, view.url


@blueprint.get("/<any(quiz, scenario, negotiation):kind>/<activity>")
def intro(kind: str, activity: str) -> ResponseReturnValue:
    language = locale.language()
    with database.reading() as session:
        library = _head(session).library
        if not library.has(kind, activity):
            raise NotFound(message("There is no such activity."))
        course_id = _course_id(library, kind, activity)
        enrollment = latest_enrollment(session, g.person.id, course_id) if course_id else None
        # A course not begun yet has no attempts; free practice would be counted elsewhere.
        known = attempts_of(session, g.person.id, enrollment, kind, activity) if enrollment or not course_id else ()
        quiz = library.quiz(activity, language) if kind == "quiz" else None
        zone = ZoneInfo(locale.time_zone())
        terms = attempts.terms_for(session, library, quiz, g.person.id, course_id, zone) if quiz else Terms()
    now = _now()
    overdue = next((value for value in known if value.over(now)), None)
    if overdue is not None:
        _ended(overdue)
        return redirect(request.full_path)
    scenario = library.scenario(activity, language) if kind == "scenario" else None
    table = library.table(activity, language) if kind == "negotiation" else None
    value = quiz or scenario or table
    assert value is not None  # nosec: `has` said so
    under_way = [attempt for attempt in known if attempt.open and attempt.retry_of is None]
    retries = [attempt for attempt in known if attempt.open and attempt.retry_of is not None]
    parts = {part.type for question in quiz.questions for part in question.parts} if quiz else set()
    course = library.courses[course_id] if course_id else None
    page = IntroPage(
        kind=kind,
        title=value.title,
        lang=value.language,
        course_title=library.text(course.title, language) if course else "",
        course_url=url_for("learn.course", course=course.id) if course else "",
        intro=quiz.intro if quiz else scenario.briefing if scenario else table.briefing if table else "",
        minutes=library.minutes(kind, activity),
        questions=quiz.asked if quiz else 0,
        passing=quiz.passing if quiz and _test(course, activity) != "pretest" else None,
        attempts=terms.attempts,
        used=len(known),
        at_once=bool(quiz and quiz.feedback == "now"),
        counts=quiz.counts if quiz else "best",
        wait=int(terms.wait.total_seconds()) // 60,
        time=int(terms.limit.total_seconds()) // 60 if terms.limit else None,
        opens_at=terms.opens_at if terms.opens_at and now < terms.opens_at else None,
        closes_at=terms.closes_at,
        after_window=bool(quiz and quiz.feedback == "window" and terms.closes_at),
        confidence=bool(quiz and quiz.confidence),
        held=policy.held(terms, len(known), max((v.finished_at for v in known if v.finished_at), default=None), now),
        test=_test(course, activity) if kind == "quiz" else "",
        extend_url=url_for("insight.extensions", quiz=activity)
        if may_enter("insight.extensions", g.person) and kind == "quiz" and activity in extendable(library)
        else "",
        rules=tuple(r for name in sorted(parts) if quiz and (r := attempts.rule_of(quiz, items.TYPES[name]))),
        personas=_personas(scenario, table),
        begin_url=url_for("practice.begin", kind=kind, activity=activity),
        course=course_id or "",
        open_url=url_for("practice.attempt", attempt=under_way[-1].id) if under_way else "",
        retry_url=url_for("practice.attempt", attempt=retries[-1].id) if retries else "",
        before=tuple(attempt for attempt in reversed(known) if not attempt.open),
        by_trainer=bool(quiz and quiz.marking == "trainer"),
    )
    return pages.render("practice/intro.html", page)


def _personas(scenario: Scenario | None, table: Table | None) -> tuple[tuple[str, scenarios.Persona], ...]:
    """(variant, who sits opposite) of what is played against a buyer."""
    if scenario is not None:
        return tuple((variant, for_variant(scenario.persona, variant)) for variant in scenario.variants)
    buyers = table.buyers.items() if table is not None else ()
    return tuple((v, scenarios.Persona(one.name, one.post, "", one.style, one.pressure)) for v, one in buyers)


@blueprint.post("/<any(quiz, scenario, negotiation):kind>/<activity>/begin")
def begin(kind: str, activity: str) -> ResponseReturnValue:
    with database.writing() as session:
        head = _head(session)
        attempt = attempts.begin(
            session,
            head,
            g.person.id,
            kind,
            activity,
            _course_id(head.library, kind, activity),
            request.form.get("variant", ""),
            random.SystemRandom(),
            _now(),
        )
    return redirect(url_for("practice.attempt", attempt=attempt), 303)


@blueprint.get("/attempts/<int:attempt>")
def attempt(attempt: int) -> ResponseReturnValue:
    """Where the attempt stands: the first open question, the scene, or the result."""
    now = _now()
    with database.reading() as session:
        value = own_attempt(session, attempt, g.person.id)
        library = library_at(session, value.revision_id)
        if value.kind == tasks.KIND:
            return redirect(url_for("workbench.task", attempt=attempt))
        if value.kind == "drill":
            return redirect(_back(session, value)[0])
        if value.kind == "negotiation":
            return redirect(url_for("negotiation.show", attempt=attempt))
        if not value.open:
            return redirect(url_for("practice.result", attempt=attempt))
        if value.over(now):
            return _ended(value) or redirect(url_for("practice.result", attempt=attempt))
        back_url, _course = _back(session, value)
        if value.kind == "scenario":
            talk = attempts.conversation_of(session, library, value, locale.language())
            return pages.render("practice/scene.html", scenario_pages.scene_page(talk, back_url))
        run = attempts.run_of(session, library, value, locale.language())
    left = [place for place in range(len(run.draw)) if not run.answered(place) and place not in run.given]
    if left and "overview" not in request.args:
        return redirect(quiz_pages.question_url(run, left[0]))
    page = OverviewPage(
        quiz_title=run.quiz.title,
        back_url=back_url,
        strip=quiz_pages.strip(run, now),
        answered=len(run.draw) - len(left),
        count=len(run.draw),
        finish_url=url_for("practice.finish", attempt=attempt),
        at_once=run.quiz.feedback == "now",
        told_at=quiz_pages.told_at(run, now),
        ends=quiz_pages.ends(run, now),
    )
    return pages.render("practice/overview.html", page)


def _question_page(
    run: Run,
    position: int,
    back_url: str,
    error: Message | None = None,
    responses: Sequence[object] | None = None,
    told: Told | None = None,
) -> QuestionPage:
    question, now = run.question(position), _now()
    seen = run.tells(position, now)
    draft = run.drafts.get(position)
    id, count = run.attempt.id, len(run.draw)
    onward = url_for("practice.question", attempt=id, number=position + 2)
    return QuestionPage(
        quiz_title=run.quiz.title,
        back_url=back_url,
        number=position + 1,
        count=count,
        title=question.title,
        text=question.text,
        lang=question.language,
        parts=() if seen else quiz_pages.asked(run, position, responses),
        review=quiz_pages.review(run, position, told) if seen else None,
        at_once=run.quiz.feedback == "now",
        strip=quiz_pages.strip(run, now, position),
        answer_url=url_for("practice.answer", attempt=id, number=position + 1),
        draft_url=url_for("practice.draft", attempt=id, number=position + 1),
        next_url=onward if position + 1 < count else url_for("practice.attempt", attempt=id, overview=1),
        previous_url=url_for("practice.question", attempt=id, number=position) if position else "",
        saved_at=draft.saved_at if draft and not seen else None,
        sequence=draft.sequence if draft else 0,
        error=error,
        ends=quiz_pages.ends(run, now),
        asks_sure=run.quiz.confidence,
        sure=run.confidence(position),
    )


@blueprint.get("/attempts/<int:attempt>/questions/<int:number>")
def question(attempt: int, number: int) -> ResponseReturnValue:
    with database.reading() as session:
        value = own_attempt(session, attempt, g.person.id)
        if value.kind not in attempts.ASKING:
            raise NotFound(message("There is no such question in this attempt."))
        run = attempts.run_of(session, library_at(session, value.revision_id), value, locale.language())
        back_url, _course = _back(session, value)
        told = _told(session, run).get(number - 1)
    run.question(number - 1)
    if ended := _ended(value):
        return ended
    if not value.open and run.quiz.feedback != "now":
        return redirect(url_for("practice.result", attempt=attempt, _anchor=f"q{number}"))
    return pages.render("practice/question.html", _question_page(run, number - 1, back_url, told=told))


def _told(session: Session, run: Run) -> dict[int, Told]:
    """Position -> what is known of a trainer's mark: four queries where a trainer marks, none elsewhere."""
    return marking.told(session, run.attempt, run.quiz.language) if run.quiz.marking == "trainer" else {}


@blueprint.put("/attempts/<int:attempt>/questions/<int:number>/draft")
def draft(attempt: int, number: int) -> ResponseReturnValue:
    """Autosave. Answers when it is committed, with the time; `kept` is false for a late packet."""
    now, sequence = _now(), _sequence()
    with database.writing() as session:
        value, answered = own_question(session, attempt, g.person.id, number - 1)
        library = library_at(session, value.revision_id)
        responses = attempts.read_responses(library, value, number - 1, _form())
        sure = attempts.read_confidence(request.form.to_dict(flat=False))
        kept = attempts.save_draft(
            session, value, number - 1, responses, sequence, now, answered=answered, confidence=sure
        )
    return jsonify(kept=kept, saved_at=locale.clock(now))


@blueprint.post("/attempts/<int:attempt>/questions/<int:number>")
def answer(attempt: int, number: int) -> ResponseReturnValue:
    """The form's own way, with or without script: hands the answer in, or keeps it and goes on."""
    now, position = _now(), number - 1
    with database.writing() as session:
        head = _head(session)
        value = own_attempt(session, attempt, g.person.id, locked=True)
        library = library_at(session, value.revision_id)
        run = attempts.run_of(session, library, value, locale.language())
        responses, sure = attempts.read_responses(library, value, position, _form()), attempts.read_confidence(_form())
        if value.over(now):
            attempts.finish(session, head, run, now)
            return redirect(url_for("practice.result", attempt=attempt), 303)
        at_once = run.quiz.feedback == "now"
        leaving = request.form.get("go") in ("previous", "overview")
        error = None if leaving else attempts.doubt(run, position, responses)
        if at_once and any(r is None for r in responses):
            error = message("Answer every part of the question first.")
        if error is not None and position not in run.given and value.open:
            # A reload sends this form once more: what was saved since is shown, not the empty form.
            known = [
                saved if sent is None else sent for sent, saved in zip(responses, run.responses(position), strict=True)
            ]
            page = _question_page(run, position, _back(session, value)[0], error, known)
            return pages.render("practice/question.html", page, status=422)
        if at_once:
            attempts.answer(session, run, position, responses, now, sure)
            run = attempts.run_of(session, library, value, locale.language())
            if len(run.given) == len(run.draw):
                attempts.finish(session, head, run, now)
        elif any(response is not None for response in responses) or sure or position in run.drafts:
            sequence = max(attempts.next_sequence(session, attempt, position), _sequence())
            answered = position in run.given
            attempts.save_draft(session, value, position, responses, sequence, now, answered=answered, confidence=sure)
    if at_once:
        return redirect(quiz_pages.question_url(run, position), 303)
    onward = {"previous": position - 1, "stay": position}.get(request.form.get("go", ""), position + 1)
    if request.form.get("go") == "overview" or onward >= len(run.draw):
        return redirect(url_for("practice.attempt", attempt=attempt, overview=1), 303)
    return redirect(quiz_pages.question_url(run, max(onward, 0)), 303)


@blueprint.post("/attempts/<int:attempt>/finish")
def finish(attempt: int) -> ResponseReturnValue:
    with database.writing() as session:
        head = _head(session)
        value = own_attempt(session, attempt, g.person.id, locked=True)
        if value.kind not in attempts.ASKING:
            raise NotFound(message("There is no such quiz."))
        run = attempts.run_of(session, library_at(session, value.revision_id), value, locale.language())
        attempts.finish(session, head, run, _now())
    return redirect(url_for("practice.result", attempt=attempt), 303)


@blueprint.post("/attempts/<int:attempt>/questions/<int:number>/mark")
def self_mark(attempt: int, number: int) -> ResponseReturnValue:
    with database.writing() as session:
        head = _head(session)
        value = own_attempt(session, attempt, g.person.id, locked=True)
        run = attempts.run_of(session, library_at(session, value.revision_id), value, locale.language())
        levels = attempts.read_levels(run, number - 1, _form())
        attempts.self_mark(session, head, run, number - 1, levels, _now())
    if value.open:
        return redirect(url_for("practice.question", attempt=attempt, number=number), 303)
    return redirect(url_for("practice.result", attempt=attempt, _anchor=f"q{number}"), 303)


@blueprint.post("/attempts/<int:attempt>/questions/<int:number>/appeal")
def appeal(attempt: int, number: int) -> ResponseReturnValue:
    reason, now = text("reason").replace("\r\n", "\n").replace("\x00", "").strip(), _now()
    with database.writing() as session:
        value = own_attempt(session, attempt, g.person.id, locked=True)
        if value.kind in attempts.ASKING:
            run = attempts.run_of(session, library_at(session, value.revision_id), value, locale.language())
            run.question(number - 1)
            if not run.tells(number - 1, now):
                raise Closed(message("This answer waits for its mark; you can appeal once you have read it."))
        marking.appeal(session, value, number - 1, reason, now)
    pages.tell(message("Your appeal is on its way to another trainer."), "success")
    if value.open:
        return redirect(url_for("practice.question", attempt=attempt, number=number), 303)
    return redirect(url_for("practice.result", attempt=attempt, _anchor=f"q{number}"), 303)


@blueprint.post("/attempts/<int:attempt>/choose")
def choose(attempt: int) -> ResponseReturnValue:
    try:
        turn, place = int(request.form["turn"]), int(request.form["place"])
        scene = request.form["scene"]
    except (KeyError, ValueError):
        raise Invalid(message("Choose one of the lines.")) from None
    with database.writing() as session:
        head = _head(session)
        value = own_attempt(session, attempt, g.person.id, locked=True)
        if value.kind != "scenario":
            raise NotFound(message("There is no such scenario."))
        library = library_at(session, value.revision_id)
        talk = attempts.conversation_of(session, library, value, locale.language())
        attempts.choose(session, head, talk, turn, scene, place, _now())
    return redirect(url_for("practice.attempt", attempt=attempt, _anchor="now"), 303)


@blueprint.post("/attempts/<int:attempt>/retry")
def retry(attempt: int) -> ResponseReturnValue:
    """A new attempt from a chosen turn of a finished conversation; it does not count."""
    turn = whole(request.form.get("turn", ""))
    if turn is None:
        raise Invalid(message("The conversation has no such turn. Choose one from the list of your path."))
    with database.writing() as session:
        value = own_attempt(session, attempt, g.person.id)
        id = attempts.retry(session, library_at(session, value.revision_id), value, turn, _now())
    return redirect(url_for("practice.attempt", attempt=id, _anchor="now"), 303)


@blueprint.get("/attempts/<int:attempt>/result")
def result(attempt: int) -> ResponseReturnValue:
    with database.reading() as session:
        value = own_attempt(session, attempt, g.person.id)
        if value.kind == tasks.KIND:
            return redirect(url_for("workbench.task", attempt=attempt))
        if value.open or value.kind in ("drill", "negotiation"):
            return redirect(url_for("practice.attempt", attempt=attempt))
        head, now = _head(session), _now()
        library = library_at(session, value.revision_id)
        back_url, course_id = _back(session, value)
        next_title, next_url = _onward(session, head, course_id)
        if value.kind == "scenario":
            page = _debrief(session, library, value, back_url, course_id, next_title, next_url)
            return pages.render("practice/debrief.html", page)
        run = attempts.run_of(session, library, value, locale.language())
        course = head.library.courses.get(course_id) if course_id else None
        before = _before(session, course, value)
        used = attempts.used(session, g.person.id, value.enrollment_id, "quiz", value.activity)
        held: Held | None = Held("late")  # a quiz that is no longer there
        if head.library.has("quiz", value.activity):
            quiz, zone = head.library.quiz(value.activity, "en"), ZoneInfo(locale.time_zone())
            terms = attempts.terms_for(session, head.library, quiz, g.person.id, course_id, zone)
            held = policy.held(terms, used, None, now)
        told = _told(session, run)
    told_at = quiz_pages.told_at(run, now)
    places = range(len(run.draw)) if told_at is None else range(0)
    return pages.render(
        "practice/result.html",
        ResultPage(
            quiz_title=run.quiz.title,
            back_url=back_url,
            course_url=url_for("learn.course", course=course_id) if course_id else "",
            score=value.score,
            passing=run.quiz.passing if _test(course, value.activity) != "pretest" else None,
            passed=value.passed if _test(course, value.activity) != "pretest" else None,
            waiting=value.waiting,
            by_trainer=run.quiz.marking == "trainer",
            finished_at=value.finished_at,
            number=value.number,
            timed_out=value.finished_at == value.ends_at,
            told_at=told_at,
            calibration=quiz_pages.sure_views(run) if run.quiz.confidence and told_at is None else (),
            gains=quiz_pages.gain_views(head.library, before, run, locale.language()) if before else (),
            pretest_url=url_for("practice.result", attempt=before.attempt.id) if before else "",
            reviews=tuple(quiz_pages.review(run, position, told.get(position)) for position in places),
            again_url=back_url if held is None else "",
            next_title=next_title,
            next_url=next_url,
        ),
    )


def _debrief(
    session: Session,
    library: Library,
    value: AttemptValue,
    back_url: str,
    course_id: str | None,
    next_title: str,
    next_url: str,
) -> DebriefPage:
    talk = attempts.conversation_of(session, library, value, locale.language())
    scenario, variant = talk.scenario, value.variant
    ending = scenario.scenes[talk.here.scene]
    best = attempts.best_choices(library, value)
    best_end = scenarios.walk(scenario, variant, best)[-1]
    grade, score = scenarios.grade(scenario, talk.here), scenarios.score(scenario, talk.here)
    assert grade is not None  # nosec: a finished attempt has ended
    assert score is not None  # nosec
    published = library_at(session, g.revision).has("scenario", value.activity)
    return DebriefPage(
        title=scenario.title,
        lang=scenario.language,
        back_url=back_url,
        course_url=url_for("learn.course", course=course_id) if course_id else "",
        persona=for_variant(scenario.persona, variant),
        grade=grade,
        score=score,
        ending=scenario.names.get(ending.id, ending.id),
        text=for_variant(ending.text, variant),
        lesson=ending.debrief,
        gauges=gauges(scenario, variant, talk.here, talk.positions[0]),
        graph=graph_view(scenario, variant, talk.choices, best),
        mine=scenario_pages.said(talk, attempts.prospects_of(library, value)),
        best=turns(scenario, variant, best),
        best_ending=scenario.names.get(best_end.scene, best_end.scene),
        parted=scenario_pages.parted(talk.choices, best),
        evidence=scenario_pages.evidence(library, talk, locale.language()),
        questions=scenario.debrief,
        again_url=url_for("practice.begin", kind="scenario", activity=value.activity, course=course_id)
        if published
        else "",
        retry_url=url_for("practice.retry", attempt=value.id) if published else "",
        retry=scenario_pages.retry_of(value),
        buyers=scenario_pages.buyers(
            scenario, variant, attempts_of(session, value.person_id, value.enrollment_id, "scenario", value.activity)
        )
        if len(scenario.variants) > 1
        else (),
        variant=variant,
        next_title=next_title,
        next_url=next_url,
    )


@blueprint.errorhandler(Conflict)
def conflict(error: Conflict) -> ResponseReturnValue:
    """A page that is not where the attempt stands: go there, and say why."""
    attempt = (request.view_args or {}).get("attempt")
    if attempt is None or request.method == "PUT":
        return errors.answer(error.status, error.message)
    pages.tell(error.message, "warning")
    return redirect(url_for("practice.attempt", attempt=attempt), 303)
