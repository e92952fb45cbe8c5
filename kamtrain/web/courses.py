"""A course's page value: trainees and the studio's preview get it from here, so that they see the same."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from kamtrain.content.library import Library
from kamtrain.core.catalog import Course, Step
from kamtrain.core.message import Message
from kamtrain.core.progress import Facts, next_step, progress
from kamtrain.web import steps
from kamtrain.web.steps import ModuleView, StepView


@dataclass(frozen=True)
class CoursePage:
    id: str
    title: str
    lang: str  # of the content, "" where it is the page's
    summary: str
    percent: int
    begun: bool
    complete: bool
    succeeded: bool | None
    score: int | None
    minutes: int
    next: StepView | None
    modules: tuple[ModuleView, ...]
    pretest: StepView | None  # before the first module
    pretest_asked: bool  # the course asks for it; else it is voluntary
    posttest: StepView | None  # after the last one, where no module has it
    missing: tuple[Message, ...]
    recommended: tuple[str, ...]  # courses to take before, that are not in the library
    before: tuple[tuple[str, str], ...]  # (title, url) of courses to take before


def next_view(library: Library, course: Course, facts: Facts, language: str) -> StepView | None:
    """What to go on with."""
    step = next_step(course, facts)
    return steps.step_view(library, course, step, facts, language) if step else None


def _test_view(library: Library, course: Course, id: str | None, facts: Facts, language: str) -> StepView | None:
    """A test before or after the course; None where there is none, or a module has it as a step."""
    if id is None or not library.has("quiz", id) or any(s.id == id and s.kind == "quiz" for s in course.steps):
        return None
    step = library.step_of(course.id, "quiz", id) or Step("quiz", id, optional=True)
    view = steps.step_view(library, course, step, facts, language)
    if id == course.pretest and view.state in ("passed", "failed"):
        return view._replace(state="done")  # before a course nobody can fail
    return view


def course_page(library: Library, course: Course, facts: Facts, language: str, *, begun: bool) -> CoursePage:
    answer = progress(course, facts)
    known = [library.courses[id] for id in course.requires if id in library.courses]
    return CoursePage(
        id=course.id,
        title=library.text(course.title, language),
        lang=steps.content_language(course, language),
        summary=library.text(course.summary, language),
        percent=answer.percent,
        begun=begun,
        complete=answer.complete,
        succeeded=answer.succeeded,
        score=answer.score,
        minutes=steps.minutes(library, course.playable),
        next=next_view(library, course, facts, language),
        modules=steps.module_views(library, course, facts, language),
        pretest=_test_view(library, course, course.pretest, facts, language),
        pretest_asked=course.complete.pretest,
        posttest=_test_view(library, course, course.posttest, facts, language),
        missing=steps.reasons(library, answer.missing, language) if begun else (),
        recommended=tuple(
            library.title("course", id, language) if id in library.planned else id.upper()
            for id in course.requires
            if id not in library.courses
        ),
        before=tuple((library.text(c.title, language), url_for("learn.course", course=c.id)) for c in known),
    )
