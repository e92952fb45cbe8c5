"""What a trainer's mark says, for the page of whoever gave it and of whoever got it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext

from kamtrain.core.marking import Part, Reading, Work
from kamtrain.core.rubric import Criterion, Level
from kamtrain.http import locale
from kamtrain.services.marking import Told
from kamtrain.web import sheets

Reasons = tuple[tuple[str, str, str, str], ...]  # (criterion, level's label, its anchor, comment), HTML but the last


@dataclass(frozen=True)
class AppealView:
    reason: str
    at: datetime
    answer: str  # "" before it is decided
    decided_at: datetime | None
    changed: bool


@dataclass(frozen=True)
class MarkView:
    """The mark of one's own answer. `by` names a role; "" where nobody has marked it."""

    by: str
    at: datetime | None
    lang: str
    reasons: Reasons
    overall: str
    appeal: AppealView | None
    appeal_url: str  # "" where one cannot appeal


def in_words(work: Work, language: str) -> Work:
    """A work whose texts are the program's own, in the reader's words; any other as it is."""
    if work.kind != "task":
        return work

    def rubric(part: Part) -> tuple[Criterion, ...]:
        return tuple(
            Criterion(
                sheets.said(one.html),
                tuple(Level(sheets.said(at.html), sheets.said(at.label), at.points) for at in one.levels),
            )
            for one in part.criteria
        )

    parts = tuple(replace(part, criteria=rubric(part)) for part in work.parts)
    name = sheets.said(work.title)
    return replace(work, title=name, activity=name, language=language, parts=parts)


def label_of(part: Part, criterion: int, level: int) -> str:
    """HTML. A level without words of its own is one of two: not right, right."""
    label = part.criteria[criterion].levels[level].label
    return label or (gettext("right") if level else gettext("not right"))


def reasons(one: Reading, parts: Sequence[Part]) -> Reasons:
    """A mark by an older rubric is told as far as the rubric still has its criteria."""
    found = []
    for part in parts:
        levels, comments = one.levels.get(part.key, ()), one.comments.get(part.key, ())
        for place, criterion in enumerate(part.criteria):
            if place < len(levels) and levels[place] < len(criterion.levels):
                level = criterion.levels[levels[place]]
                said = comments[place] if place < len(comments) else ""
                found.append((criterion.html, label_of(part, place, levels[place]), level.html, said))
    return tuple(found)


def mark_view(told: Told, appeal_url: str) -> MarkView:
    """`appeal_url`: where the form of an appeal is sent."""
    reading, appeal, work = told.reading, told.appeal, in_words(told.work, locale.language())
    return MarkView(
        by="" if reading is None else gettext("Marked by an admin") if told.admin else gettext("Marked by a trainer"),
        at=reading.at if reading else None,
        lang=work.language,
        reasons=reasons(reading, work.parts) if reading else (),
        overall=reading.overall if reading and reading.kind != "appeal" else "",
        appeal=AppealView(appeal.reason, appeal.at, appeal.answer or "", appeal.decided_at, bool(appeal.changed))
        if appeal
        else None,
        appeal_url=appeal_url if told.may_appeal else "",
    )
