"""The screen of a briefing: one page, on paper too. And the page that insight begins with for those who see no completion."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import g, request, url_for

from kamtrain.content.library import Library
from kamtrain.core.access import may_enter
from kamtrain.core.errors import NotFound
from kamtrain.core.message import N_, Message, message
from kamtrain.core.people import Role
from kamtrain.http import database, locale
from kamtrain.reports.briefing import report
from kamtrain.reports.briefing.report import Briefing
from kamtrain.services.people import scope_of
from kamtrain.services.publishing import library_at
from kamtrain.store.people import teams_in

QUESTION = re.compile(r"<li>(.*?)</li>", re.DOTALL)  # of a scenario's debrief, whose HTML is ours
PLACES = (
    ("insight.completion", N_("Completion"), N_("Who has finished which course, and why not.")),
    (
        "insight.briefing",
        N_("Briefing"),
        N_("One page for the next live session: what is confused, and who needs help."),
    ),
    (
        "insight.accounts",
        N_("Accounts"),
        N_("What your people share of their accounts, and scorecards ranked together."),
    ),
    ("insight.items", N_("Question analysis"), N_("Which questions are too easy, mislead, or tell nobody apart.")),
    (
        "insight.scenarios",
        N_("Conversations"),
        N_("Which lines people choose, scene by scene, and to which endings they come."),
    ),
    ("insight.extensions", N_("Extensions"), N_("More time, attempts or a later closing for one person.")),
)


@dataclass(frozen=True)
class StartPage:
    places: tuple[tuple[str, str, str], ...]  # (title, url, what one finds there)
    drills: tuple[tuple[str, str], ...]  # (title, url)


@dataclass(frozen=True)
class PairLine:
    truth: str
    chosen: str
    lang: str
    times: int
    asked: int
    url: str


@dataclass(frozen=True)
class ReadLine:
    title: str
    text: str  # HTML of what is asked
    html: str  # of the wrong answer; "" where it is not shown
    lang: str
    chosen: int
    answers: int
    sure: int
    url: str


@dataclass(frozen=True)
class CostLine:
    title: str
    html: str
    lang: str
    missed: int
    said: int
    others_missed: int
    others: int
    url: str


@dataclass(frozen=True)
class NeedLine:
    name: str
    reasons: tuple[str, ...]
    helper: str  # "" where there is nobody


@dataclass(frozen=True)
class BriefingPage:
    title: str  # of the course
    lang: str
    course: str
    team: str
    courses: tuple[tuple[str, str], ...]  # (id, title)
    teams: tuple[tuple[str, str], ...]
    team_name: str  # "" for everybody
    made_at: datetime
    people: int
    passed: int
    pairs: tuple[PairLine, ...]
    reads: tuple[ReadLine, ...]
    costs: tuple[CostLine, ...]
    needs: tuple[NeedLine, ...]
    more: int
    talks: tuple[tuple[str, str], ...]  # (HTML or text, its language)
    completion_url: str  # "" for whoever may not see it


def start_page() -> StartPage:
    language = locale.language()
    with database.reading() as session:
        library = library_at(session, g.revision) if g.revision is not None else Library()
    return StartPage(
        places=tuple(
            (locale.translate(Message(title)), url_for(endpoint), locale.translate(Message(text)))
            for endpoint, title, text in PLACES
            if may_enter(endpoint, g.person)
        ),
        drills=tuple(
            (library.title("drill", id, language), url_for("insight.drill", drill=id)) for id in library.drills
        ),
    )


def briefing_page() -> BriefingPage:
    """Of the course and team in the address; else of the course most have begun. Raises `NotFound`."""
    language, asked = locale.language(), request.args.get("team", "")
    wanted = int(asked) if asked.isdecimal() and len(asked) < 10 else None
    now = datetime.now(UTC)
    with database.reading() as session:
        library = library_at(session, g.revision) if g.revision is not None else Library()
        scope = scope_of(session, g.person)
        counts = report.begun(session, scope, library)
        id = request.args.get("course") or max(counts, key=counts.__getitem__, default="")
        if id not in library.courses:
            raise NotFound(message("There is no such course."))
        teams = {str(team): name for team, name in teams_in(session, scope)}
        # What is right stands in the studio; a manager may be asked the same questions.
        key = g.person.has(Role.trainer, Role.admin)
        course = library.courses[id]
        found = report.briefed(session, scope, wanted, g.revision, library, course, language, now, options=key)
    return BriefingPage(
        title=library.text(course.title, language),
        lang=language,
        course=id,
        team=asked,
        courses=tuple((one, library.text(value.title, language)) for one, value in library.courses.items()),
        teams=tuple(teams.items()),
        team_name=teams.get(asked, ""),
        made_at=now,
        people=found.people,
        passed=found.passed,
        pairs=_pairs(found, library, language),
        reads=tuple(
            ReadLine(
                one.question.title,
                one.question.text,
                one.html,
                one.question.language,
                one.chosen,
                one.answers,
                one.sure,
                url_for("insight.items_of", quiz=one.quiz),
            )
            for one in found.reads
        ),
        costs=tuple(
            CostLine(
                library.title("scenario", one.scenario, language),
                one.html,
                library.scenario(one.scenario, language).language,
                one.missed,
                one.said,
                one.others_missed,
                one.others,
                url_for("practice.intro", kind="scenario", activity=one.scenario),
            )
            for one in found.costs
        ),
        needs=tuple(
            NeedLine(one.trainee.name, tuple(map(locale.translate, one.reasons)), one.helper.name if one.helper else "")
            for one in found.needs
        ),
        more=found.more,
        talks=_talks(found, library, language),
        completion_url=url_for("insight.completion", course=id, team=wanted)
        if may_enter("insight.completion", g.person)
        else "",
    )


def _pairs(found: Briefing, library: Library, language: str) -> tuple[PairLine, ...]:
    lines = []
    for pair in found.pairs:
        drill = library.drill(pair.drill, language)
        names = {answer.id: answer.name for answer in drill.answers}
        url = url_for("insight.drill", drill=pair.drill)
        lines.append(PairLine(names[pair.truth], names[pair.chosen], drill.language, pair.times, pair.asked, url))
    return tuple(lines)


def _talks(found: Briefing, library: Library, language: str) -> tuple[tuple[str, str], ...]:
    """Questions to talk about: of what is confused, of what is read wrongly, and of the conversation that went worst."""
    own = locale.language()
    talks = []
    for pair in _pairs(found, library, language)[:1]:
        said = message("%(truth)s or %(chosen)s: which cue decides?", truth=pair.truth, chosen=pair.chosen)
        talks.append((locale.translate(said), own))
    for read in found.reads[:1]:
        said = message("%(title)s: what makes the wrong answer look right?", title=read.question.title)
        talks.append((locale.translate(said), own))
    for cost in found.costs[:1]:
        scenario = library.scenario(cost.scenario, language)
        talks += [(one, scenario.language) for one in QUESTION.findall(scenario.debrief)[:1]]
    return tuple(talks[: report.TALKS])
