"""A sheet as a document: what its page shows, in the reader's words, for `files.paper`. Private facts stay out."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from flask_babel import gettext

from kamtrain.content.library import Library
from kamtrain.core.sheet import CONFIDENCES, TICKED, number
from kamtrain.files.paper import Cell, Column, Entry, Grid, Paper, Picture, Remark, Section, Words
from kamtrain.http import locale, templates
from kamtrain.services.workbench import Filled, without_personal
from kamtrain.store.workbench import SheetValue, VersionValue
from kamtrain.web import sheets
from kamtrain.web.sheets import FigureView, InputView, NoticeView, OutputsView, TableView

DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
SAID = re.compile(r'\saria-label="([^"]*)"')


def paper(
    filled: Filled, settings: Mapping[str, str], versions: tuple[VersionValue, ...], library: Library | None
) -> Paper:
    tool, value, language = filled.tool, filled.sheet, locale.language()
    sheet, result = sheets.calculated(tool, without_personal(tool, filled.cells), settings)
    outputs = sheets.outputs_view(tool, result, library, language)
    name = sheets.said(tool.name)
    title = value.title or name
    return Paper(
        language=language,
        title=title,
        subtitle=" · ".join(filter(None, (name if title != name else "", sheets.said(tool.summary)))),
        running=" · ".join(filter(None, (value.account.name if value.account else "", title))),
        author=value.owner,
        changed_at=value.changed_at,
        head=_head(value, versions),
        verdict=outputs.verdict,
        tone=outputs.tone,
        figures=tuple(map(_figure, outputs.figures)),
        pictures=_pictures(outputs),
        remarks=tuple(map(_remark, outputs.notices)),
        turns=outputs.turns,
        sections=tuple(
            Section(
                section.label,
                tuple(_grid(part) if isinstance(part, TableView) else _entry(part) for part in section.parts),
            )
            for section in sheets.sections(tool, sheet, result, False, False, {})
        ),
        words=Words(
            outputs=gettext("What comes out"),
            turns=gettext("What would change the answer"),
            unknown=gettext("not known yet"),
            empty=gettext("empty"),
        ),
    )


def _head(value: SheetValue, versions: tuple[VersionValue, ...]) -> tuple[Entry, ...]:
    return tuple(
        one
        for one in (
            Entry(gettext("Customer"), value.account.name if value.account else ""),
            Entry(gettext("Author"), value.owner),
            Entry(gettext("Date"), locale.moments()(value.changed_at)),
            Entry(gettext("Version"), _version(value, versions)),
        )
        if one.value
    )


def _version(value: SheetValue, versions: tuple[VersionValue, ...]) -> str:
    """The one kept last, and whether the sheet has moved on since; "" where none was kept."""
    if not versions:
        return ""
    last = versions[0]
    return (
        gettext("%(number)s, changed since", number=last.number) if value.changed_at > last.at else str(last.number)
    ) + (f" · {last.note}" if last.note else "")


def _figure(figure: FigureView) -> Entry:
    return Entry(figure.label, figure.text, figure.unit)


def _remark(notice: NoticeView) -> Remark:
    words = {"info": gettext("Note"), "success": gettext("Good"), "warning": gettext("Attention")}
    more = gettext("Lesson: %(title)s", title=notice.lesson) if notice.lesson else ""
    return Remark(notice.tone, words.get(notice.tone, gettext("Warning")), notice.text, more)


def _pictures(outputs: OutputsView) -> tuple[Picture, ...]:
    """What the tool's own macro draws; what it says without drawing stands in the sheet, too."""
    if outputs.picture is None:
        return ()
    drawn = str(templates.module(outputs.template).picture(outputs.picture))
    return tuple(
        Picture(svg, html.unescape(said[1]) if (said := SAID.search(svg)) else "") for svg in DRAWING.findall(drawn)
    )


def _entry(one: InputView) -> Entry:
    return Entry(one.label, _value(one), one.unit, _small(one))


def _grid(part: TableView) -> Grid:
    rows = tuple(
        (*(Cell(_value(one), _small(one)) for one in row.cells), *(Cell(one.text) for one in row.computed))
        for row in part.rows
    )
    kinds = [one.kind for one in part.rows[0].cells] if part.rows else []
    columns = [
        Column(label, unit, kind == "number")
        for (_, label, unit, _), kind in zip(part.columns, kinds or [""] * len(part.columns), strict=True)
    ]
    for place, (label, unit, _) in enumerate(part.computed, len(columns)):
        texts = [row[place].text for row in rows if row[place].text]
        columns.append(Column(label, unit, all(number(text) is not None for text in texts)))
    return Grid(part.label, tuple(columns), rows)


def _value(one: InputView) -> str:
    """What stands there in words; the default where a number was left out."""
    if one.kind == "tick":
        return gettext("yes") if one.value == TICKED else ""
    if one.choices:
        return ", ".join(label for _, label, chosen in one.choices if chosen)
    return one.value.strip() or (one.fallback if one.kind == "number" else "")


def _small(one: InputView) -> str:
    """What the figure rests on, how sure it is, and why it cannot be read."""
    sure = sheets.said(dict(CONFIDENCES).get(one.confidence, ""))
    evidence = gettext("Evidence: %(text)s", text=one.evidence.strip()) if one.evidence.strip() else ""
    return " · ".join(filter(None, (evidence, sure, one.fault)))
