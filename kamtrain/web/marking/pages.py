"""The page values of the queue and of one work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from kamtrain.core import marking
from kamtrain.core.marking import Part, Reading
from kamtrain.core.message import N_
from kamtrain.core.people import Person
from kamtrain.http import forms, locale
from kamtrain.http.forms import Errors
from kamtrain.services import works
from kamtrain.services.marking import Opened, Sent, reader_of
from kamtrain.services.results import Head
from kamtrain.store import marking as store
from kamtrain.store.marking import WorkLine
from kamtrain.store.workbench import settings_of
from kamtrain.web import sheets, steps
from kamtrain.web.marks import Reasons, in_words, label_of, reasons

LINES = 50  # works on a page of the queue

TABS: Mapping[str, str] = {
    "open": N_("To mark"),
    "second": N_("Second reading"),
    "appeals": N_("Appeals"),
    "done": N_("Done"),
}
STATES: Mapping[str, str] = {
    "open": N_("waits for its mark"),
    "second": N_("waits for a second reading"),
    "third": N_("waits for a third reading"),
    "appeal": N_("appealed against"),
    "scored": N_("scored by the program"),
    "done": N_("marked"),
}
READINGS: Mapping[str, str] = {
    "first": N_("First reading"),
    "second": N_("Second reading"),
    "third": N_("Third reading"),
    "appeal": N_("Decision on the appeal"),
    "also": N_("Kept beside the others"),
}


@dataclass(frozen=True)
class Filter:
    """Which works one looks at, in the address."""

    tab: str
    course: str  # "" for all

    @property
    def query(self) -> dict[str, str]:
        named = {"tab": self.tab if self.tab != "open" else "", "course": self.course}
        return {key: value for key, value in named.items() if value}


def wanted() -> Filter:
    """The filter in the address; what is not known there is left out."""
    tab = request.args.get("tab", "open")
    return Filter(tab if tab in TABS else "open", request.args.get("course", "")[:80].replace("\0", ""))


@dataclass(frozen=True)
class QueueLine:
    url: str
    title: str
    who: str  # "" where the name is hidden
    course: str
    state: str
    since: datetime


@dataclass(frozen=True)
class QueuePage:
    tabs: tuple[tuple[str, int, str, bool], ...]  # (label, works, url, current)
    tab: str
    courses: tuple[tuple[str, str], ...]  # (id, title)
    course: str
    lines: tuple[QueueLine, ...]
    previous_url: str
    next_url: str
    agreement_url: str


def queue_page(session: Session, head: Head, person: Person, asked: Filter, number: int) -> QueuePage:
    """Four queries."""
    language = locale.language()
    reader = reader_of(session, head.library, person)
    lines = store.queue(session, reader, asked.tab, asked.course, number * LINES, LINES + 1)
    counts = store.counts(session, reader, asked.course)
    courses = store.courses_with_works(session, reader)

    def url(page: int) -> str:
        return url_for("marking.queue", **asked.query, **({"page": page} if page else {}))  # type: ignore[arg-type]

    return QueuePage(
        tabs=tuple(
            (
                gettext(label),
                counts[tab],
                url_for("marking.queue", **Filter(tab, asked.course).query),  # type: ignore[arg-type]
                tab == asked.tab,
            )
            for tab, label in TABS.items()
        ),
        tab=asked.tab,
        courses=tuple((id, head.library.title("course", id, language)) for id in courses),
        course=asked.course,
        lines=tuple(_queue_line(head, line, asked, language) for line in lines[:LINES]),
        previous_url=url(number - 1) if number else "",
        next_url=url(number + 1) if len(lines) > LINES else "",
        agreement_url=url_for("marking.agreement", course=asked.course or None),
    )


def _queue_line(head: Head, line: WorkLine, asked: Filter, language: str) -> QueueLine:
    return QueueLine(
        url=url_for("marking.work", work=line.id, **asked.query),  # type: ignore[arg-type]
        title=steps.title_of(head.library, "tool", line.activity, language)
        if line.kind == "task"
        else works.title_of(head.library, line, language),
        who="" if works.hides_name(head.library, line) else line.who,
        course=head.library.title("course", line.course_id, language) if line.course_id else "",
        state=gettext(STATES[line.state]),
        since=line.since,
    )


# --- one work ---


@dataclass(frozen=True)
class LevelView:
    field: str  # id of its input
    value: int
    label: str  # HTML
    html: str
    chosen: bool


@dataclass(frozen=True)
class CriterionView:
    field: str  # name of the levels' inputs
    html: str
    levels: tuple[LevelView, ...]
    comment_field: str
    comment: str
    error: str


@dataclass(frozen=True)
class PartView:
    title: str  # HTML
    criteria: tuple[CriterionView, ...]


@dataclass(frozen=True)
class ReadingView:
    """One mark that was given."""

    title: str
    who: str
    at: datetime
    counts: bool
    criteria: Reasons
    overall: str


@dataclass(frozen=True)
class AppealView:
    reason: str
    at: datetime
    answer: str  # "" before it is decided
    decided_at: datetime | None


@dataclass(frozen=True)
class WorkPage:
    title: str
    activity: str
    lang: str
    who: str  # "" while the name is hidden
    state: str
    blind: bool
    template: str  # draws `answer`
    answer: object
    parts: tuple[PartView, ...]
    overall: str
    overall_error: str
    readings: tuple[ReadingView, ...]
    appeal: AppealView | None
    deciding: bool  # the appeal is decided with this form
    may_mark: bool
    why_not: str
    mark_url: str
    seen: int
    rubric: int
    queue_url: str
    tab: str  # label
    previous_url: str
    next_url: str
    errors: Errors


NOTHING_WRONG = Errors()


def work_page(
    session: Session,
    head: Head,
    person: Person,
    opened: Opened,
    asked: Filter,
    typed: Sent | None = None,
    errors: Errors = NOTHING_WRONG,
) -> WorkPage:
    """Three queries more than opening it. `typed`: a form that was refused, shown again."""
    line, work = opened.line, in_words(opened.work, locale.language())
    reader = reader_of(session, head.library, person)
    before, after = store.beside(session, reader, asked.tab, asked.course, line)
    mine = next((one for one in reversed(opened.readings) if one.by_id == person.id), None)
    counts = marking.counting(opened.standing)

    def url(id: int | None) -> str:
        return url_for("marking.work", work=id, **asked.query) if id is not None else ""  # type: ignore[arg-type]

    return WorkPage(
        title=work.title,
        activity=work.activity,
        lang=work.language,
        who=line.who if opened.named else "",
        state=gettext(STATES[line.state]),
        blind=opened.blind,
        template=work.template,
        answer=_answer(session, head, work.answer),
        parts=tuple(_part(part, opened, mine, typed, errors) for part in work.parts),
        overall=typed.overall if typed else mine.overall if mine and line.state != "appeal" else "",
        overall_error=errors.of("overall"),
        readings=tuple(_reading(one, work.parts, opened.names, counts) for one in opened.readings),
        appeal=AppealView(opened.appeal.reason, opened.appeal.at, opened.appeal.answer or "", opened.appeal.decided_at)
        if opened.appeal
        else None,
        deciding=line.state == "appeal",
        may_mark=opened.may_take,
        why_not="" if opened.may_take else _why_not(opened),
        mark_url=url_for("marking.mark", work=line.id, **asked.query),  # type: ignore[arg-type]
        seen=typed.seen if typed else opened.newest,
        rubric=work.rubric,
        queue_url=url_for("marking.queue", **asked.query),  # type: ignore[arg-type]
        tab=gettext(TABS[asked.tab]),
        previous_url=url(before),
        next_url=url(after),
        errors=errors,
    )


def _answer(session: Session, head: Head, answer: object) -> object:
    """What the template draws; a sheet in the reader's words."""
    if not isinstance(answer, works.TaskAnswer):
        return answer
    settings = settings_of(session, answer.tool.id)
    return sheets.handed_in(answer.tool, answer.account, answer.cells, settings, head.library, locale.language())


def _why_not(opened: Opened) -> str:
    if "appeal" in opened.standing:
        return str(gettext("The appeal is decided; this mark stays as it is."))
    if opened.line.state == "appeal":
        return str(gettext("The appeal is about your own mark: another trainer or an admin decides."))
    return str(gettext("You have marked this work already; this reading is for another trainer."))


def _part(part: Part, opened: Opened, mine: Reading | None, typed: Sent | None, errors: Errors) -> PartView:
    chosen: Sequence[int | None] = opened.start.get(part.key, part.start)
    comments: Sequence[str] = ()
    if typed is not None:
        chosen, comments = typed.levels.get(part.key, ()), typed.comments.get(part.key, ())
    elif mine is not None and opened.line.state != "appeal":
        comments = mine.comments.get(part.key, ())
    views = []
    for place, criterion in enumerate(part.criteria):
        field = f"part-{part.key}-{place}"
        level = chosen[place] if place < len(chosen) else None
        views.append(
            CriterionView(
                field=field,
                html=criterion.html,
                levels=tuple(
                    LevelView(
                        f"f-{field}-{value}" if value else f"f-{field}",
                        value,
                        label_of(part, place, value),
                        one.html,
                        value == level,
                    )
                    for value, one in enumerate(criterion.levels)
                ),
                comment_field=f"part-{part.key}-comment-{place}",
                comment=comments[place] if place < len(comments) else "",
                error=errors.of(field),
            )
        )
    return PartView(part.title, tuple(views))


def _reading(one: Reading, parts: Sequence[Part], names: Mapping[int, str], counts: Reading | None) -> ReadingView:
    return ReadingView(
        title=gettext(READINGS[one.kind]),
        who=names.get(one.by_id, ""),
        at=one.at,
        counts=counts is not None and counts.id == one.id,
        criteria=reasons(one, parts),
        overall=one.overall,
    )


def sent(parts: Sequence[Part]) -> tuple[Sent, Errors]:
    """The form as it was sent, and what is wrong with it: a criterion without a level that the rubric has."""
    levels: dict[str, tuple[int, ...]] = {}
    comments: dict[str, tuple[str, ...]] = {}
    wrong: list[tuple[str, str]] = []
    for part in parts:
        chosen: list[int] = []
        for place, criterion in enumerate(part.criteria):
            field = f"part-{part.key}-{place}"
            level = forms.whole(forms.text(field))
            if level is None or level >= len(criterion.levels):
                wrong.append((field, gettext("Choose a level for each criterion.")))
                level = -1
            chosen.append(level)
        levels[part.key] = tuple(chosen)
        comments[part.key] = tuple(_words(f"part-{part.key}-comment-{place}") for place in range(len(part.criteria)))
    seen, rubric = forms.number("seen") or 0, forms.number("rubric") or 0
    return Sent(levels, comments, _words("overall"), seen, rubric), Errors(tuple(wrong))


def _words(field: str) -> str:
    """What was typed, without what no database keeps."""
    return forms.text(field).replace("\r\n", "\n").replace("\x00", "").strip()
