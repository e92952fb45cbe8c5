"""What learn, practice and studio all show of a course: its steps with where one stands. Values for templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask import url_for

from kamtrain.content.library import Library
from kamtrain.core.catalog import PLAYABLE, Card, Course, Html, Module, Step
from kamtrain.core.language import chain
from kamtrain.core.message import Message
from kamtrain.core.progress import Facts, Missing, explained, step_state
from kamtrain.http import locale
from kamtrain.web.names import style_name


class StepView(NamedTuple):  # made and compared some twenty times a page, which costs a dataclass five times as much
    """One step as rails, lists and cards show it."""

    kind: str
    id: str
    title: str
    url: str  # "" where it cannot be opened
    state: str  # of core.progress, for the macro `ui.state`
    optional: bool
    minutes: int
    current: bool = False
    module: str = ""  # the module's title, on its first step


@dataclass(frozen=True)
class ModuleView:
    id: str
    title: str
    after: tuple[str, ...]  # titles of modules that come before
    steps: tuple[StepView, ...]


@dataclass(frozen=True)
class HtmlBlock:
    html: str
    lang: str  # "" where it is the page's


@dataclass(frozen=True)
class CardBlock:
    text: str
    lang: str
    step: StepView


@dataclass(frozen=True)
class TermView:
    slug: str
    name: str
    html: str


def content_language(course: Course, language: str) -> str:
    """The course's language that a reader of `language` gets; zh-Hant is offered wherever zh-Hans is."""
    offered = course.languages
    if "zh-Hans" in offered and "zh-Hant" not in offered:
        offered = (*offered, "zh-Hant")
    return chain(language, offered)[0]


def step_url(course_id: str | None, kind: str, id: str) -> str:
    """Where a step opens; "" for a kind that cannot be played yet."""
    if kind == "lesson":
        return url_for("learn.lesson", course=course_id, lesson=id) if course_id else ""
    if kind in ("quiz", "scenario", "negotiation"):
        return url_for("practice.intro", kind=kind, activity=id, course=course_id)
    if kind == "drill":
        return url_for("drill.show", drill=id, course=course_id)
    if kind == "tool":
        return url_for("workbench.tool", tool=id, course=course_id)
    return ""


def title_of(library: Library, kind: str, id: str, language: str) -> str:
    """The title as pages show it; a tool's name in the language of the page."""
    name = library.named(kind, id, language)
    return locale.translate(name) if isinstance(name, Message) else name


def step_view(library: Library, course: Course, step: Step, facts: Facts, language: str, module: str = "") -> StepView:
    title, url, minutes = library.kept(
        ("step", course.id, step.kind, step.id, language),
        lambda: (
            title_of(library, step.kind, step.id, language),
            step_url(course.id, step.kind, step.id),
            library.minutes(step.kind, step.id),
        ),
    )
    return StepView(
        kind=step.kind,
        id=step.id,
        title=title,
        url=url,
        state=step_state(step, facts),
        optional=step.optional,
        minutes=minutes,
        module=module,
    )


def playable(library: Library, module: Module) -> tuple[Step, ...]:
    """The module's steps that this version can play and the library has."""
    return tuple(s for s in module.steps if library.has(s.kind, s.id))


def module_views(
    library: Library, course: Course, facts: Facts, language: str, current: str = ""
) -> tuple[ModuleView, ...]:
    return tuple(
        ModuleView(
            module.id,
            module.title,
            module.after,
            tuple(
                view._replace(state=step_state(step, facts), current=step.id == current)
                for step, view in zip(known, module.steps, strict=True)
            ),
        )
        for known, module in _plan(library, course, language)
    )


def _plan(library: Library, course: Course, language: str) -> tuple[tuple[tuple[Step, ...], ModuleView], ...]:
    """The course's modules as somebody sees them who has done nothing, with the steps behind them."""

    def make() -> tuple[tuple[tuple[Step, ...], ModuleView], ...]:
        titles = {module.id: library.text(module.title, language) for module in course.modules}
        plan = []
        for module in course.modules:
            known, title = playable(library, module), titles[module.id]
            views = (
                step_view(library, course, step, Facts(), language, module=title if place == 0 else "")
                for place, step in enumerate(known)
            )
            after = tuple(titles[id] for id in module.after if id in titles)
            plan.append((known, ModuleView(module.id, title, after, tuple(views))))
        return tuple(plan)

    # A preview adds a lesson to a course of the library; such a course is used once.
    known = library.courses.get(course.id) is course
    return library.kept(("plan", course.id, language), make) if known else make()


def after(library: Library, course: Course, lesson: str) -> str:
    """Where the step after the lesson opens; "" after the last one, and where the next cannot be opened."""
    order = [step for module in course.modules for step in playable(library, module)]
    place = next(place for place, step in enumerate(order) if (step.kind, step.id) == ("lesson", lesson))
    following = order[place + 1 : place + 2]
    return step_url(course.id, following[0].kind, following[0].id) if following else ""


def rail(modules: Sequence[ModuleView]) -> tuple[StepView, ...]:
    return tuple(step for module in modules for step in module.steps)


def blocks(
    library: Library, course: Course, facts: Facts, source: Sequence[Html | Card], language: str
) -> tuple[HtmlBlock | CardBlock, ...]:
    """A lesson's blocks; cards get the state of their step, or of free practice where the course has no such step."""
    views: list[HtmlBlock | CardBlock] = []
    for block in source:
        lang = "" if block.language == language else block.language
        if isinstance(block, Html):
            views.append(HtmlBlock(block.html, lang))
            continue
        if block.kind not in PLAYABLE:
            coming = StepView(block.kind, block.id, block.text, url="", state="to-come", optional=True, minutes=0)
            views.append(CardBlock(block.text, lang, coming))
            continue
        if not library.has(block.kind, block.id):
            continue  # the checker tells the author
        step = library.step_of(course.id, block.kind, block.id) or Step(block.kind, block.id, optional=True)  # type: ignore[arg-type]
        views.append(CardBlock(block.text, lang, step_view(library, course, step, facts, language)))
    return tuple(views)


def minutes(library: Library, some: Sequence[Step]) -> int:
    """Minutes that the steps take; those that are not in the library take none."""
    return sum(library.minutes(step.kind, step.id) for step in some if library.has(step.kind, step.id))


def terms(library: Library, slugs: tuple[str, ...], language: str) -> tuple[TermView, ...]:
    return library.kept(
        ("terms", slugs, language),
        lambda: tuple(
            TermView(
                slug, library.text(library.terms[slug].name, language), library.text(library.terms[slug].html, language)
            )
            for slug in slugs
            if slug in library.terms
        ),
    )


def reasons(library: Library, missing: Sequence[Missing], language: str) -> tuple[Message, ...]:
    """What is missing, in sentences that name the steps."""
    return tuple(reason(library, one, language) for one in missing)


def reason(library: Library, missing: Missing, language: str) -> Message:
    title = library.named(missing.kind, missing.id, language)
    return explained(missing, title, style_name(missing.variant) if missing.variant else "")
