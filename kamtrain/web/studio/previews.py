"""What a text looks like to a trainee: the values for its preview, from the parser and the pages that trainees get."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from flask import url_for

from kamtrain import items
from kamtrain.content import competencies, courses, sources
from kamtrain.content.library import GLOSSARY, MISCONCEPTIONS, Library
from kamtrain.core import scenario as scenarios
from kamtrain.core.catalog import Course, Grade, Module, Step
from kamtrain.core.message import Message, message
from kamtrain.core.progress import Facts
from kamtrain.core.quiz import Question
from kamtrain.core.scenario import BASE, Choice, Effects, Persona, Scenario, for_variant
from kamtrain.http import locale
from kamtrain.web import steps
from kamtrain.web.courses import CoursePage, course_page
from kamtrain.web.curriculum import competencies_page, sources_page
from kamtrain.web.lessons import LessonPage, lesson_page
from kamtrain.web.steps import CardBlock, StepView, TermView
from kamtrain.web.studio.workspace import Workspace, is_course, language_of
from kamtrain.web.talks import Gauge, Turn, gauges, turns

Kind = Literal["lesson", "quiz", "scenario", "course", "terms", "misconceptions", "competencies", "sources", "none"]


@dataclass(frozen=True)
class PartPreview:
    """One part of a question as asked (`view`, `shown`) and as its author proofreads it (`proof`)."""

    type: str
    prefix: str
    prompt: str
    rule: Message | None
    view: Any
    shown: Any
    proof: Any


@dataclass(frozen=True)
class QuestionPreview:
    number: int
    id: str
    title: str
    text: str
    lang: str
    points: int
    competencies: tuple[str, ...]
    parts: tuple[PartPreview, ...]
    debrief: str


@dataclass(frozen=True)
class QuizPreview:
    title: str
    lang: str
    intro: str
    draw: int | None
    passing: int | None
    questions: tuple[QuestionPreview, ...]


@dataclass(frozen=True)
class ChoicePreview:
    texts: tuple[tuple[str, str], ...]  # (variant, HTML)
    target: str
    target_name: str
    effects: tuple[tuple[str, str], ...]  # (variant, words)
    consequences: tuple[tuple[str, str], ...]  # (variant, HTML)


@dataclass(frozen=True)
class ScenePreview:
    id: str
    name: str
    texts: tuple[tuple[str, str], ...]  # (variant, HTML)
    choices: tuple[ChoicePreview, ...]
    grade: Grade | None
    score: int | None
    debrief: str


@dataclass(frozen=True)
class ScenarioPreview:
    title: str
    lang: str
    briefing: str
    persona: Persona
    scenes: tuple[ScenePreview, ...]
    questions: str
    play: tuple[tuple[str, str], ...]  # (variant, url)


@dataclass(frozen=True)
class Preview:
    """`value` is of the kind: LessonPage, QuizPreview, ScenarioPreview, CoursePage, terms, tags, competencies, or rows."""

    kind: Kind
    value: Any = None
    reason: Message | None = None  # why there is nothing to show


NOTHING = Preview("none", reason=message("This file has nothing to show: what it says is used by other files."))
UNREADABLE = Preview(
    "none", reason=message("It can be shown as soon as the first errors are mended; they are listed beside it.")
)


def preview(desk: Workspace, path: str, language: str = "") -> Preview:
    """What the file's text looks like in `language` ("": its own). Never raises for what an author wrote."""
    library = desk.library
    if is_course(path):
        course = courses.read(path, desk.files[path]).course
        if not course.languages:
            return UNREADABLE
        return Preview("course", _course(desk, course, language or course.languages[0]))
    if path == GLOSSARY:
        return Preview("terms", steps.terms(library, tuple(library.terms), language or "en"))
    if path == competencies.PATH:
        return Preview("competencies", competencies_page(library, language or locale.language()).competencies)
    if path == sources.PATH:
        return Preview("sources", sources_page(library, language or locale.language(), "").parts)
    if path == MISCONCEPTIONS:
        return Preview("misconceptions", tuple(library.misconceptions.items()))
    place = library.text_at(path)
    if place is None:
        return UNREADABLE if language_of(path) else NOTHING
    kind, id, own = place
    if kind == "lesson" and id in library.lessons:
        return Preview("lesson", lesson(desk, path, id, language or own))
    if kind == "quiz" and id in library.quizzes:
        return Preview("quiz", _quiz(library, id, language or own))
    if kind == "scenario" and id in library.scenarios:
        return Preview("scenario", _scenario(library, path, id, language or own))
    if kind == "drill" and id in library.drills:
        return Preview("quiz", _drill(library, id, language or own))
    if kind == "negotiation" and id in library.tables:
        return Preview("quiz", _table(library, id, language or own))
    if kind in ("survey", "tool"):
        return Preview("none", reason=message("Files of this kind cannot be shown yet."))
    return UNREADABLE


# --- lessons and courses ---


def lesson(desk: Workspace, path: str, id: str, language: str) -> LessonPage:
    """The lesson's page. A lesson that its course does not list yet is shown as if it stood at the course's end."""
    library, folder = desk.library, desk.course_of(path)
    course = library.courses.get(folder) or Course(folder, {}, (language,), ())
    if id not in course.lesson_ids:
        course = replace(course, modules=(*course.modules, Module("unlisted", {}, (Step("lesson", id),))))
    page = lesson_page(library, course, id, Facts(), language, preview=True)
    inside = _inside(desk, language)
    return replace(
        page,
        course_url=url_for("studio.as_trainee", path=f"courses/{folder}/course.yaml", language=language),
        blocks=tuple(replace(b, step=inside(b.step)) if isinstance(b, CardBlock) else b for b in page.blocks),
        steps=tuple(map(inside, page.steps)),
        previous=inside(page.previous) if page.previous else None,
        next=inside(page.next) if page.next else None,
    )


def _course(desk: Workspace, course: Course, language: str) -> CoursePage:
    page = course_page(desk.library, course, Facts(), language, begun=False)
    inside = _inside(desk, language)
    return replace(
        page,
        next=inside(page.next) if page.next else None,
        modules=tuple(replace(module, steps=tuple(map(inside, module.steps))) for module in page.modules),
    )


def _inside(desk: Workspace, language: str) -> Callable[[StepView], StepView]:
    """Links of a preview lead on within the preview."""

    def led(step: StepView) -> StepView:
        leader = desk.library.leader(step.kind, step.id)
        path = desk.library.path(step.kind, step.id, leader) if leader else None
        return step._replace(url=url_for("studio.as_trainee", path=path, language=language) if path else "")

    return led


# --- quizzes ---


def _quiz(library: Library, id: str, language: str) -> QuizPreview:
    quiz = library.quiz(id, language)
    return QuizPreview(
        title=quiz.title,
        lang=quiz.language,
        intro=quiz.intro,
        draw=quiz.asked if quiz.asked < len(quiz.questions) else None,
        passing=quiz.passing,
        questions=tuple(_question(library, number, question) for number, question in enumerate(quiz.questions, 1)),
    )


def _drill(library: Library, id: str, language: str) -> QuizPreview:
    """A drill's questions are those of a quiz, with all of its answers under each."""
    drill = library.drill(id, language)
    questions = tuple(_question(library, number, question) for number, question in enumerate(drill.questions, 1))
    return QuizPreview(drill.title, drill.language, drill.intro, None, None, questions)


def _table(library: Library, id: str, language: str) -> QuizPreview:
    """What a trainee reads before the first move; who sits opposite and what is said shows when it is played."""
    table = library.table(id, language)
    return QuizPreview(table.title, table.language, table.briefing, None, None, ())


def _question(library: Library, number: int, question: Question) -> QuestionPreview:
    parts = []
    for place, part in enumerate(question.parts):
        type = items.TYPES[part.type]
        order = type.order(part.item, random.Random(0), False)  # nosec B311 # the same with every look
        parts.append(
            PartPreview(
                type=part.type,
                prefix=f"q{number}-part-{place}",
                prompt=part.prompt,
                rule=type.rule,
                view=type.view(part.item, order),
                shown=type.shown(part.item, order, None),
                proof=type.proof(part.item, order),
            )
        )
    return QuestionPreview(
        number=number,
        id=question.id,
        title=question.title,
        text=question.text,
        lang=question.language,
        points=question.points,
        competencies=tuple(library.competency(code, locale.language()) for code in question.competencies),
        parts=tuple(parts),
        debrief="" if any(part.type == "open" for part in question.parts) else question.debrief,
    )


# --- scenarios ---


def _scenario(library: Library, path: str, id: str, language: str) -> ScenarioPreview:
    scenario = library.scenario(id, language)
    return ScenarioPreview(
        title=scenario.title,
        lang=scenario.language,
        briefing=scenario.briefing,
        persona=scenario.persona[BASE],
        scenes=tuple(_scene(library, scenario, scene_id) for scene_id in scenario.scenes),
        questions=scenario.debrief,
        play=tuple((variant, play_url(path, language, variant, ())) for variant in scenario.variants),
    )


def _scene(library: Library, scenario: Scenario, id: str) -> ScenePreview:
    scene = scenario.scenes[id]
    return ScenePreview(
        id=id,
        name=scenario.names.get(id, ""),
        texts=tuple(scene.text.items()),
        choices=tuple(_choice(library, scenario, choice) for choice in scene.choices),
        grade=scene.ending.grade if scene.ending else None,
        score=scene.ending.score if scene.ending else None,
        debrief=scene.debrief,
    )


def _choice(library: Library, scenario: Scenario, choice: Choice) -> ChoicePreview:
    return ChoicePreview(
        texts=tuple(choice.text.items()),
        target=choice.target,
        target_name=scenario.names.get(choice.target, choice.target),
        effects=tuple((variant, _effects(library, scenario, effects)) for variant, effects in choice.effects.items()),
        consequences=tuple((variant, html) for variant, html in choice.consequence.items() if html),
    )


def _effects(library: Library, scenario: Scenario, effects: Effects) -> str:
    """As an author writes them, with the names a trainee reads: "Trust +2 · Style adaptation + · Trust ≥ 4"."""
    names = scenario.names
    signs = {">=": "≥", "<=": "≤"}
    words = [f"{names.get(c.name, c.name)} {signs.get(c.relation, c.relation)} {c.value}" for c in effects.conditions]
    words += [f"{names.get(name, name)} {change:+d}".replace("-", "−") for name, change in effects.changes.items()]
    language = locale.language()
    words += [f"{library.competency(code, language)} +" for code in effects.shown]
    words += [f"{library.competency(code, language)} −" for code in effects.missed]
    return " · ".join(words)


@dataclass(frozen=True)
class PlayPage:
    """A walk through an unpublished scenario. Nothing of it is stored: the choices stand in the address."""

    title: str
    lang: str
    persona: Persona
    briefing: str
    turns: tuple[Turn, ...]
    scene: str
    gauges: tuple[Gauge, ...]
    options: tuple[tuple[str, str], ...]  # (HTML, url)
    ending: str  # its name; "" before the end
    grade: Grade | None
    score: int | None
    debrief: str
    back_url: str  # one choice back; "" at the start
    again_url: str
    stuck: bool  # no choice is offered and it has not ended


def play(library: Library, path: str, id: str, language: str, variant: str, places: Sequence[int]) -> PlayPage:
    """Where these choices lead; those that are not possible (any more) are left out, with all that follow them."""
    scenario = library.scenario(id, language)
    variant = variant if variant in scenario.variants else BASE
    positions = [scenarios.start(scenario, variant)]
    made: list[int] = []
    for place in places:
        try:
            positions.append(scenarios.step(scenario, variant, positions[-1], place))
        except scenarios.Impossible:
            break
        made.append(place)
    here = positions[-1]
    scene = scenario.scenes[here.scene]
    offered = scenarios.offered(scenario, variant, here)
    return PlayPage(
        title=scenario.title,
        lang=scenario.language,
        persona=for_variant(scenario.persona, variant),
        briefing=scenario.briefing,
        turns=turns(scenario, variant, made),
        scene=for_variant(scene.text, variant),
        gauges=gauges(scenario, variant, here, positions[-2] if made else None),
        options=tuple(
            (for_variant(scene.choices[place].text, variant), play_url(path, language, variant, (*made, place)))
            for place in offered
        ),
        ending=scenario.names.get(here.scene, here.scene) if here.ended else "",
        grade=scenarios.grade(scenario, here),
        score=scenarios.score(scenario, here),
        debrief=scene.debrief if here.ended else "",
        back_url=play_url(path, language, variant, made[:-1]) if made else "",
        again_url=play_url(path, language, variant, ()),
        stuck=not here.ended and not offered,
    )


def play_url(path: str, language: str, variant: str, places: Sequence[int]) -> str:
    query = {"language": language, "play": ".".join(map(str, places))}
    if variant:
        query["variant"] = variant
    return url_for("studio.as_trainee", path=path, _anchor="now", **query)  # type: ignore[arg-type]


# --- the full page, as a trainee sees it ---


@dataclass(frozen=True)
class Bar:
    """What stands above a preview: that it is one, of which file, and in which languages one may see it."""

    path: str
    edit_url: str
    own: bool  # whether a working copy is shown; else what is published
    languages: tuple[tuple[str, str, bool], ...]  # (tag, url, whether it is this one)


@dataclass(frozen=True)
class PreviewedLesson(LessonPage):
    bar: Bar


@dataclass(frozen=True)
class PreviewedCourse(CoursePage):
    bar: Bar


@dataclass(frozen=True)
class PreviewedActivity:
    bar: Bar
    title: str
    preview: Preview
    play: PlayPage | None


def barred(cls: type[Any], page: Any, bar: Bar) -> Any:
    """A trainee's page value with the bar of a preview."""
    return cls(**{field.name: getattr(page, field.name) for field in fields(page)}, bar=bar)


TermViews = tuple[TermView, ...]
Tags = tuple[tuple[str, Mapping[str, str]], ...]
