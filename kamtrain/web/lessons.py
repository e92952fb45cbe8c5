"""A lesson's page value: trainees and the studio's preview get it from here, so that they see the same."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from kamtrain.content.library import Library
from kamtrain.core.catalog import Basis, Course, Heading
from kamtrain.core.errors import NotFound
from kamtrain.core.message import message
from kamtrain.core.progress import Facts, progress
from kamtrain.web import steps
from kamtrain.web.steps import CardBlock, HtmlBlock, StepView, TermView


@dataclass(frozen=True)
class LessonPage:
    course_title: str
    course_url: str
    percent: int
    title: str
    lang: str  # of the content
    fallback: bool  # the lesson is not written in the reader's language
    objectives: tuple[str, ...]
    competencies: tuple[tuple[str, str], ...]  # (code, name)
    basis: Basis
    minutes: int
    headings: tuple[Heading, ...]
    blocks: tuple[HtmlBlock | CardBlock, ...]
    terms: tuple[TermView, ...]
    steps: tuple[StepView, ...]
    previous: StepView | None
    next: StepView | None
    done: bool
    done_url: str  # "" in a preview
    opened_url: str  # "" in a preview


def lesson_page(
    library: Library, course: Course, lesson_id: str, facts: Facts, language: str, *, preview: bool = False
) -> LessonPage:
    """Raises `NotFound` where the course has no such lesson."""
    if lesson_id not in course.lesson_ids or not library.has("lesson", lesson_id):
        raise NotFound(message("There is no such lesson in this course."))
    text = library.lesson_text(lesson_id, language)
    modules = steps.module_views(library, course, facts, language, current=lesson_id)
    rail = steps.rail(modules)
    place = next(place for place, step in enumerate(rail) if step.kind == "lesson" and step.id == lesson_id)
    return LessonPage(
        course_title=library.text(course.title, language),
        course_url=url_for("learn.course", course=course.id),
        percent=progress(course, facts).percent,
        title=text.title,
        lang=text.language,
        fallback=text.language.split("-")[0] != language.split("-")[0],
        objectives=text.objectives,
        competencies=tuple(
            (code, library.competency(code, language)) for code in library.lessons[lesson_id].competencies
        ),
        basis=library.lessons[lesson_id].basis,
        minutes=library.minutes("lesson", lesson_id),
        headings=tuple(heading for heading in text.headings if heading.level == 2),
        blocks=steps.blocks(library, course, facts, text.blocks, text.language),
        terms=steps.terms(library, text.terms, text.language),
        steps=rail,
        previous=rail[place - 1] if place else None,
        next=rail[place + 1] if place + 1 < len(rail) else None,
        done=lesson_id in facts.read,
        done_url="" if preview else url_for("learn.done", course=course.id, lesson=lesson_id),
        opened_url=""
        if preview or lesson_id in facts.read or lesson_id == facts.latest
        else url_for("learn.opened", course=course.id, lesson=lesson_id),
    )
