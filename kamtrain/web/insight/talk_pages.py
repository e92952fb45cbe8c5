"""The screens of choices in scenarios: the scenarios somebody has played, and one with its scenes."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, url_for

from kamtrain.content.library import Library
from kamtrain.core.catalog import Grade
from kamtrain.core.errors import NotFound
from kamtrain.core.message import message
from kamtrain.core.scenario import for_variant
from kamtrain.http import database, locale
from kamtrain.reports.scenario_choices import report
from kamtrain.services.people import scope_of
from kamtrain.services.publishing import library_at


@dataclass(frozen=True)
class ScenariosPage:
    scenarios: tuple[tuple[str, str, str, int], ...]  # (title, its language, url, trainees)


@dataclass(frozen=True)
class LineView:
    """One line one may say, or one ending: how many of those who came there."""

    html: str
    people: int
    percent: int


@dataclass(frozen=True)
class EndingView:
    name: str
    grade: Grade
    people: int
    percent: int


@dataclass(frozen=True)
class SceneView:
    number: int
    html: str
    people: int  # 0: too few to say anything
    lines: tuple[LineView, ...]


@dataclass(frozen=True)
class ScenarioPage:
    title: str
    lang: str
    people: int
    fewest: int
    buyers: tuple[tuple[str, str, bool], ...]  # (style, url, whether it is this one)
    endings: tuple[EndingView, ...]
    scenes: tuple[SceneView, ...]


def scenarios_page() -> ScenariosPage:
    language = locale.language()
    with database.reading() as session:
        library = library_at(session, g.revision) if g.revision is not None else Library()
        counts = report.scenarios(session, scope_of(session, g.person), library)
    return ScenariosPage(
        tuple(
            (
                library.title("scenario", id, language),
                library.scenario(id, language).language,
                url_for("insight.scenario", scenario=id),
                people,
            )
            for id, people in counts.items()
        )
    )


def scenario_page(id: str, variant: str) -> ScenarioPage:
    """Raises `NotFound`."""
    with database.reading() as session:
        if g.revision is None:
            raise NotFound(message("There is no such scenario."))
        scope, library = scope_of(session, g.person), library_at(session, g.revision)
        found = report.choices(session, scope, g.revision, library, id, variant, locale.language())
    scenario = found.scenario
    return ScenarioPage(
        title=scenario.title,
        lang=scenario.language,
        people=found.people,
        fewest=report.FEWEST,
        buyers=tuple(
            (
                for_variant(scenario.persona, one).style,
                url_for("insight.scenario", scenario=id, buyer=one or None),
                one == variant,
            )
            for one in scenario.variants
        ),
        endings=tuple(
            EndingView(
                scenario.names.get(scene.id, scene.id),
                scene.ending.grade,
                people,
                round(100 * people / found.people),
            )
            for scene, people in found.endings
            if scene.ending is not None
        ),
        scenes=tuple(
            SceneView(
                number,
                for_variant(line.scene.text, variant),
                line.people,
                tuple(
                    LineView(for_variant(choice.text, variant), chosen, round(100 * chosen / line.people))
                    for choice, chosen in zip(line.scene.choices, line.chosen, strict=False)
                ),
            )
            for number, line in enumerate(found.scenes, 1)
        ),
    )
