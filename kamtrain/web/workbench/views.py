"""The views of the workbench. What one may not know of is not there; what is shared with one is read only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO

from flask import Blueprint, g, jsonify, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kamtrain.content.library import Library
from kamtrain.core import sheet_compare
from kamtrain.core.access import may_enter
from kamtrain.core.errors import Invalid, NotFound
from kamtrain.core.message import N_, Message, message
from kamtrain.core.people import Role
from kamtrain.core.sheet import CONFIDENCES, Sheet, Tool, results, settings_of
from kamtrain.files import paper as papers
from kamtrain.files import sheets as files
from kamtrain.http import database, locale, pages, templates
from kamtrain.services import marking, tasks
from kamtrain.services import workbench as service
from kamtrain.services.publishing import library_at
from kamtrain.services.results import Head
from kamtrain.services.tasks import Task
from kamtrain.services.workbench import Filled, Saved
from kamtrain.store import workbench as store
from kamtrain.store.attempts import own_attempt
from kamtrain.store.learning import course_of
from kamtrain.store.workbench import AccountValue, Reader, SheetValue
from kamtrain.web import sheets
from kamtrain.web.marks import mark_view
from kamtrain.web.workbench import import_pages, ranking_pages
from kamtrain.web.workbench import pages as views
from kamtrain.web.workbench.pages import (
    AccountLine,
    AccountPage,
    ComparePage,
    HomePage,
    SettingsPage,
    SheetPage,
    TaskPage,
    TaskView,
    ToolLine,
    ToolPage,
)
from kamtrain.web.workbench.paper import paper
from kamtrain.workbench import TOOLS

blueprint = Blueprint("workbench", __name__, url_prefix="/workbench")


def _now() -> datetime:
    return datetime.now(UTC)


def _reader(session: Session, one: bool = False) -> Reader:
    """`one`: to read a single thing: an admin may, whoever shares it, and has no lists of all of them here."""
    return service.reader(session, g.person.id, g.person.team, one and g.person.has(Role.admin))


def _library(session: Session) -> Library | None:
    return library_at(session, g.revision) if g.revision is not None else None


@blueprint.get("")
def home() -> ResponseReturnValue:
    """One's accounts, the sheets worked on last, and the tools."""
    return pages.render("workbench/home.html", _home())


def _home(name: str = "", error: str = "") -> HomePage:
    with database.reading() as session:
        accounts = store.readable_accounts(session, _reader(session))
        mine = store.sheets_of(session, g.person.id)
    by_account = Counter(sheet.account.id for sheet in mine if sheet.account)
    by_tool = Counter(sheet.tool for sheet in mine)
    return HomePage(
        accounts=tuple(
            AccountLine(
                account,
                url_for("workbench.account", id=account.id),
                account.owner_id == g.person.id,
                by_account[account.id],
            )
            for account in accounts
        ),
        sheets=tuple(
            views.sheet_line(sheet, TOOLS[sheet.tool], g.person.id) for sheet in mine[:8] if sheet.tool in TOOLS
        ),
        stages=_by_stage(_tools(by_tool)),
        name=name,
        error=error,
    )


STAGES = (
    ("choose", N_("Choose accounts")),
    ("know", N_("Know them")),
    ("meet", N_("Meet them")),
    ("agree", N_("Agree and grow")),
)


def _by_stage(lines: tuple[ToolLine, ...]) -> tuple[tuple[str, tuple[ToolLine, ...]], ...]:
    return tuple(
        (sheets.said(label), tuple(line for line in lines if TOOLS[line.id].stage == stage)) for stage, label in STAGES
    )


def _tools(counts: Mapping[str, int], account: int | None = None) -> tuple[ToolLine, ...]:
    return tuple(
        ToolLine(
            tool.id,
            sheets.said(tool.name),
            sheets.said(tool.summary),
            url_for("workbench.tool", tool=tool.id, account=account),
            counts.get(tool.id, 0),
        )
        for tool in TOOLS.values()
        if account is None or tool.about == "account"
    )


@blueprint.get("/tools/<tool>")
def tool(tool: str) -> ResponseReturnValue:
    """What a tool is for, how to begin, and one's own sheets of it."""
    one = service.tool_of(tool)
    language = locale.language()
    with database.reading() as session:
        library = _library(session)
        accounts = store.readable_accounts(session, Reader(g.person.id, None))
        mine = [sheet for sheet in store.sheets_of(session, g.person.id) if sheet.tool == tool]
    own = [(str(account.id), account.name) for account in accounts if account.owner_id == g.person.id]
    lessons = [library.lessons[id] for id in one.lessons if library is not None and id in library.lessons]
    page = ToolPage(
        id=one.id,
        name=sheets.said(one.name),
        summary=sheets.said(one.summary),
        about_many=one.about == "many",
        examples=tuple((e.name, sheets.said(e.title), sheets.said(e.brief)) for e in one.examples),
        lessons=tuple(
            (
                library.title("lesson", lesson.id, language),
                url_for("learn.lesson", course=lesson.course, lesson=lesson.id),
            )
            for lesson in lessons
            if library is not None
        ),
        rubric=tuple(sheets.said(level) for level in one.rubric),
        accounts=(("", sheets.said(N_("a new one"))), *own) if own else (),
        chosen=request.args.get("account", own[0][0] if own else ""),
        sheets=tuple(views.sheet_line(sheet, one, g.person.id) for sheet in mine),
        open_url=url_for("workbench.open_sheet", tool=tool),
        settings_url=url_for("workbench.settings", tool=tool)
        if one.settings and may_enter("workbench.settings", g.person)
        else "",
        course=request.args.get("course", ""),
        ranking_url=url_for("workbench.ranking", tool=tool) if one.about == "account" else "",
    )
    return pages.render("workbench/tool.html", page)


@blueprint.post("/tools/<tool>")
def open_sheet(tool: str) -> ResponseReturnValue:
    """A new sheet: empty or with a worked example, of an account of one's own, a new one, or of none."""
    one, now = service.tool_of(tool), _now()
    name = request.form.get("example", "")
    example = next((e for e in one.examples if e.name == name), None)
    if name and example is None:
        raise Invalid(message("Choose one of the answers."), "example")
    cells = sheets.example_cells(one, example) if example else {}
    wanted = request.form.get("account", "")
    with database.writing() as session:
        account = None
        if wanted.isdecimal() and len(wanted) < 19:
            account = store.own_account(session, int(wanted), g.person.id)
        elif one.about == "account":
            named = request.form.get("name", "").strip() or (sheets.said(example.account) if example else "")
            id = store.add_account(session, g.person.id, service.checked_name(named), True, False, False, now)
            account = store.own_account(session, id, g.person.id)
        title = sheets.said(example.title) if example and one.about == "many" else ""
        sheet = service.open_sheet(session, one, g.person.id, account, title, name, cells, now)
    return redirect(url_for("workbench.sheet", id=sheet), 303)


@blueprint.route("/tools/<tool>/settings", methods=["GET", "POST"])
def settings(tool: str) -> ResponseReturnValue:
    """The tool's bands and cut-offs, for everybody."""
    one = service.tool_of(tool)
    sent, status, errors = request.form.to_dict(), 200, {}
    if request.method == "POST":
        try:
            with database.writing() as session:
                service.set_settings(session, one, sent, g.person.id, _now())
        except Invalid as refusal:
            status, errors = refusal.status, {refusal.field or "": refusal.message}
        else:
            pages.tell(message("Saved. Sheets are computed with it from now on."), "success")
            return redirect(url_for("workbench.tool", tool=tool), 303)
    else:
        with database.reading() as session:
            sent = store.settings_of(session, tool)
    page = SettingsPage(
        tool_name=sheets.said(one.name),
        tool_url=url_for("workbench.tool", tool=tool),
        fields=tuple(sheets.input_view(field, field.name, sent, errors) for field in one.settings),
        url=url_for("workbench.settings", tool=tool),
    )
    return pages.render("workbench/settings.html", page, status)


@blueprint.get("/tools/<tool>/ranking")
def ranking(tool: str) -> ResponseReturnValue:
    """All sheets of the tool that one may read, by what comes out of them."""
    return pages.render("workbench/ranking.html", ranking_pages.ranking_page(service.tool_of(tool)))


@blueprint.get("/import")
def import_form() -> ResponseReturnValue:
    return pages.render("workbench/import.html", import_pages.form_page(request.args.get("kind", "")))


@blueprint.post("/import")
def import_preview() -> ResponseReturnValue:
    """What importing the file would do; nothing is written."""
    try:
        return pages.render("workbench/import_preview.html", import_pages.preview_page(_now()))
    except Invalid as refusal:
        page = import_pages.form_page(request.form.get("kind", ""), locale.translate(refusal.message))
        return pages.render("workbench/import.html", page, refusal.status)


@blueprint.post("/import/apply")
def import_apply() -> ResponseReturnValue:
    """Imports the file as the preview's form says."""
    try:
        url, said = import_pages.applied(_now())
    except Invalid as refusal:
        page = import_pages.form_page(request.form.get("kind", ""), locale.translate(refusal.message))
        return pages.render("workbench/import.html", page, refusal.status)
    pages.tell(said, "success")
    return redirect(url, 303)


@blueprint.post("/accounts")
def new_account() -> ResponseReturnValue:
    name = request.form.get("name", "")
    try:
        plain = service.checked_name(name)
    except Invalid as refusal:
        return pages.render("workbench/home.html", _home(name, locale.translate(refusal.message)), refusal.status)
    with database.writing() as session:
        id = store.add_account(session, g.person.id, plain, "real" not in request.form, False, False, _now())
    return redirect(url_for("workbench.account", id=id), 303)


@blueprint.get("/accounts/<int:id>")
def account(id: int) -> ResponseReturnValue:
    with database.reading() as session:
        one = store.read_account(session, id, _reader(session, one=True))
        sheets = store.sheets_of_account(session, id)
    return pages.render("workbench/account.html", _account_page(one, sheets))


def _account_page(one: AccountValue, sheets: tuple[SheetValue, ...], error: str = "") -> AccountPage:
    return AccountPage(
        account=one,
        mine=one.owner_id == g.person.id,
        sheets=tuple(
            views.sheet_line(sheet, TOOLS[sheet.tool], g.person.id) for sheet in sheets if sheet.tool in TOOLS
        ),
        tools=_tools(Counter(sheet.tool for sheet in sheets), one.id),
        url=url_for("workbench.change_account", id=one.id),
        delete_url=url_for("workbench.delete_account", id=one.id),
        error=error,
    )


@blueprint.post("/accounts/<int:id>")
def change_account(id: int) -> ResponseReturnValue:
    form = request.form
    with database.writing() as session:
        one = store.own_account(session, id, g.person.id)
        name = service.checked_name(form.get("name", ""))
        personal = "personal" in form
        store.change_account(session, id, name, "real" not in form, "shared" in form, personal)
        if one.personal and not personal:
            service.erase_personal(session, one)
    pages.tell(message("Saved."), "success")
    return redirect(url_for("workbench.account", id=id), 303)


@blueprint.post("/accounts/<int:id>/delete")
def delete_account(id: int) -> ResponseReturnValue:
    with database.writing() as session:
        store.own_account(session, id, g.person.id)
        store.drop_account(session, id)
    pages.tell(message("The account and its sheets are gone."), "success")
    return redirect(url_for("workbench.home"), 303)


@blueprint.get("/sheets/<int:id>")
def sheet(id: int) -> ResponseReturnValue:
    with database.reading() as session:
        value = store.read_sheet(session, id, _reader(session, one=True))
        page = _sheet_page(session, service.filled(session, value))
    return pages.render("workbench/sheet.html", page)


def _sheet_page(
    session: Session, filled: Filled, saved: Saved | None = None, sent: Mapping[str, str] | None = None
) -> SheetPage:
    one, value = filled.tool, filled.sheet
    mine = value.owner_id == g.person.id
    cells = service.readable_cells(filled, g.person.id)
    shown, result = sheets.calculated(one, cells, store.settings_of(session, one.id))
    personal = mine and value.account is not None and value.account.personal
    lists = sheets.offered(filled.facts, one, shown)
    ids = {name: f"o-{name.replace('.', '-')}" for name in lists}
    library, language = _library(session), locale.language()
    asking = tasks.courses_with(library, one.id) if library is not None and mine else ()
    handed_in = tasks.tasks_of(session, g.person.id, one.id) if mine else ()
    return SheetPage(
        title=value.title or sheets.said(one.name),
        tool=one.id,
        tool_name=sheets.said(one.name),
        summary=sheets.said(one.summary),
        tool_url=url_for("workbench.tool", tool=one.id),
        account=value.account,
        account_url=url_for("workbench.account", id=value.account.id) if value.account else "",
        owner="" if mine else value.owner,
        writable=mine,
        stamp=filled.stamp,
        sections=sheets.sections(one, shown, result, personal, mine, ids),
        offers=tuple((ids[name], entries) for name, entries in lists.items()),
        outputs=sheets.outputs_view(one, result, library, language),
        changed_at=value.changed_at,
        versions=store.versions_of(session, value.id),
        both=tuple((_label(one, key), there, (sent or {}).get(key, "")) for key, there in saved.both.items())
        if saved
        else (),
        refused=tuple((_label(one, key), locale.translate(why)) for key, why in saved.refused.items()) if saved else (),
        urls={
            name: url_for(f"workbench.{endpoint}", id=value.id)
            for name, endpoint in (
                ("save", "save"),
                ("cells", "cells"),
                ("version", "keep_version"),
                ("erase", "erase"),
                ("delete", "delete_sheet"),
                ("copy", "copy"),
                ("hand_in", "hand_in"),
                ("compare", "compare"),
                ("xlsx", "spreadsheet"),
                ("pdf", "document"),
            )
        }
        | {"ranking": url_for("workbench.ranking", tool=one.id) if one.about == "account" else ""},
        rubric=tuple(sheets.said(level) for level in one.rubric),
        confidences=tuple((letter, sheets.said(label)) for letter, label in CONFIDENCES),
        courses=tuple((id, library.title("course", id, language)) for id in asking) if library is not None else (),
        tasks=tuple(_task(library, task) for task in handed_in if library is not None and task.sheet_id == value.id),
    )


def _label(one: Tool, key: str) -> str:
    field = one.field_of(key)
    return sheets.said(field.label) if field else key


def _sent() -> dict[str, str]:
    """The form's cells: boxes of one name together, line ends as one sign."""
    cells = {}
    for key, values in request.form.lists():
        if key in ("csrf_token", "seen", "erased"):
            continue
        chosen = [value for value in values if value]
        cells[key] = ",".join(chosen).replace("\r\n", "\n").replace("\r", "\n")
    return cells


@blueprint.post("/sheets/<int:id>")
def save(id: int) -> ResponseReturnValue:
    """The whole form, for pages without script."""
    sent = _sent()
    with database.writing() as session:
        value = store.own_sheet(session, id, g.person.id)
        saved = _save(session, value, sent)
        page = (
            _sheet_page(session, service.filled(session, value), saved, sent) if saved.both or saved.refused else None
        )
    if page is not None:
        return pages.render("workbench/sheet.html", page, 409 if page.both else 422)
    pages.tell(message("Saved."), "success")
    return redirect(url_for("workbench.sheet", id=id), 303)


def _save(session: Session, value: SheetValue, sent: Mapping[str, str]) -> Saved:
    """Keeps what a whole form changed of the sheet."""
    begins = sheets.standing(service.tool_of(value.tool))
    known = service.filled(session, value).cells
    changed = {key: text for key, text in sent.items() if known.get(key, begins.get(key, "")) != text}
    return service.save(session, value, changed, _seen(request.form.get("seen", "")), _now())


def _seen(text: str) -> int:
    if not (text.isdecimal() and len(text) < 19):
        raise Invalid(message("Go back, reload the page and try again."))
    return int(text)


def _packet() -> tuple[dict[str, str], int]:
    """What the page's script sends: the changed cells, and how new those are that it knows."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise Invalid(message("Go back, reload the page and try again."))
    cells = sent.get("cells")
    if not isinstance(cells, dict) or not all(isinstance(text, str) for text in cells.values()):
        raise Invalid(message("Go back, reload the page and try again."))
    return cells, _seen(str(sent.get("seen", "")))


@blueprint.put("/sheets/<int:id>/cells")
def cells(id: int) -> ResponseReturnValue:
    """Autosave: `{seen, cells}` in, and out what came of it. It answers when all of it is committed."""
    now = _now()
    with database.writing() as session:
        value = store.own_sheet(session, id, g.person.id)
        changed, seen = _packet()
        saved = service.save(session, value, changed, seen, now)
        filled = service.filled(session, value)
        settings = store.settings_of(session, value.tool)
        library = _library(session)
    readable = service.readable_cells(filled, g.person.id)
    shown, result = sheets.calculated(filled.tool, readable, settings)
    outputs = sheets.outputs_view(filled.tool, result, library, locale.language())
    faults = shown.faults()
    return jsonify(
        stamp=str(saved.stamp),
        saved_at=locale.clock(now),
        others=saved.others,
        both=saved.both,
        refused={key: locale.translate(why) for key, why in saved.refused.items()},
        faults={key: locale.translate(why) for key, why in faults.items()},
        computed=sheets.computed_texts(filled.tool, result),
        outputs=templates.render("workbench/_outputs.html", outputs=outputs, shell=pages.shell()),
    )


@blueprint.get("/sheets/<int:id>/sheet.xlsx")
def spreadsheet(id: int) -> ResponseReturnValue:
    """The sheet as a spreadsheet with live formulas; private facts stay out."""
    with database.reading() as session:
        value = store.read_sheet(session, id, _reader(session, one=True))
        filled = service.filled(session, value)
        settings = store.settings_of(session, value.tool)
    one = sheets.in_words(filled.tool)
    cells = {**sheets.standing(filled.tool), **service.without_personal(filled.tool, filled.cells)}
    result = results(filled.tool, cells, settings)
    texts = {name: sheets.value_text(figure) for name, figure in result.figures.items() if isinstance(figure, Message)}
    data = files.xlsx(one, Sheet(one, cells), settings_of(one, settings), result, texts, _file_words(value))
    return send_file(BytesIO(data), files.XLSX, as_attachment=True, download_name=_file_name(value, one.name, "xlsx"))


@blueprint.get("/sheets/<int:id>/sheet.pdf")
def document(id: int) -> ResponseReturnValue:
    """The sheet as a document to print or send; private facts stay out."""
    with database.reading() as session:
        value = store.read_sheet(session, id, _reader(session))
        filled = service.filled(session, value)
        settings = store.settings_of(session, value.tool)
        versions = store.versions_of(session, id)
        library = _library(session)
    data = papers.pdf(paper(filled, settings, versions, library))
    name = _file_name(value, sheets.said(filled.tool.name), "pdf")
    return send_file(BytesIO(data), papers.PDF, as_attachment=True, download_name=name)


def _file_name(value: SheetValue, tool: str, ending: str) -> str:
    return f"{value.account.name if value.account else tool}-{value.tool}.{ending}".replace("/", " ")


def _file_words(value: SheetValue) -> files.Words:
    head = (value.account.name if value.account else value.title, value.owner, locale.moments()(value.changed_at))
    return files.Words(
        outputs=sheets.said(N_("What comes out")),
        settings=sheets.said(N_("Bands and cut-offs")),
        evidence=sheets.said(N_("Evidence")),
        confidence=sheets.said(N_("How sure")),
        yes=sheets.said(N_("yes")),
        no=sheets.said(N_("no")),
        head=tuple(filter(None, head)),
    )


@blueprint.post("/sheets/<int:id>/versions")
def keep_version(id: int) -> ResponseReturnValue:
    """Keeps the sheet as it stands now."""
    with database.writing() as session:
        value = store.own_sheet(session, id, g.person.id)
        service.keep_version(session, value, request.form.get("note", "").strip(), _now())
    pages.tell(message("This version is kept."), "success")
    return redirect(url_for("workbench.sheet", id=id, _anchor="versions"), 303)


@blueprint.post("/sheets/<int:id>/erase")
def erase(id: int) -> ResponseReturnValue:
    """Erases a row for good, a person's for instance, from every version, too; the rest of the form is saved."""
    table, _, row = request.form.get("erased", "").partition(".")
    sent = {key: text for key, text in _sent().items() if not key.startswith(f"{table}.{row}.")}
    with database.writing() as session:
        value = store.own_sheet(session, id, g.person.id)
        _save(session, value, sent)
        service.erase_row(session, value, table, row, _now())
    pages.tell(message("The row is erased, here and in every version kept."), "success")
    return redirect(url_for("workbench.sheet", id=id, _anchor="s-1"), 303)


@blueprint.get("/tasks/<int:attempt>")
def task(attempt: int) -> ResponseReturnValue:
    """What was handed in, as it was, with its mark."""
    with database.reading() as session:
        value = own_attempt(session, attempt, g.person.id)
        handed_in = tasks.snapshot(session, value)
        one = service.tool_of(value.activity)
        library, language = _library(session), locale.language()
        settings = store.settings_of(session, one.id)
        told = marking.told(session, value, language).get(0)
        course = course_of(session, value.enrollment_id) if value.enrollment_id is not None else None
    page = TaskPage(
        title=sheets.said(one.name),
        account=handed_in.account,
        course=library.title("course", course, language) if library is not None and course else "",
        course_url=url_for("learn.course", course=course) if course else "",
        number=value.number,
        handed_in_at=value.finished_at,
        waiting=value.waiting,
        level=tasks.level_of(value.score),
        sheet_url=url_for("workbench.sheet", id=value.draw[0]),
        sheet=sheets.handed_in(one, handed_in.account, handed_in.cells, settings, library, language),
        mark=mark_view(told, url_for("practice.appeal", attempt=attempt, number=1)) if told is not None else None,
        evidence=tuple(
            (library.competency(code, language), url_for("learn.competencies", _anchor=code.lower()))
            for code in one.competencies
            if library is not None and code in library.competencies
        )
        if value.score is not None
        else (),
        rubric=tuple(sheets.said(level) for level in one.rubric),
        expert_url=f"{url_for('workbench.compare', id=value.draw[0])}?with=e-{one.examples[0].name}",
    )
    return pages.render("workbench/task.html", page)


@blueprint.get("/sheets/<int:id>/compare")
def compare(id: int) -> ResponseReturnValue:
    """The sheet beside a version of it, another sheet of the tool, or a worked example."""
    asked, said_at = request.args.get("with", ""), locale.moments()
    with database.reading() as session:
        reader = _reader(session)
        value = store.read_sheet(session, id, _reader(session, one=True))
        filled = service.filled(session, value)
        one = filled.tool
        choices: dict[str, tuple[str, Mapping[str, str]]] = {
            f"v{version.number}": (f"{said_at(version.at)} {version.note}".strip(), version.cells)
            for version in store.versions_of(session, id)
        }
        choices |= {f"e-{e.name}": (sheets.said(e.title), sheets.example_cells(one, e)) for e in one.examples}
        others = [s for s in store.readable_sheets(session, reader, one.id) if s.id != id]
        choices |= {f"s{s.id}": (views.beside(s, g.person.id), {}) for s in others}
        chosen = asked if asked in choices else next(iter(choices))
        name, cells = choices[chosen]
        if chosen.startswith("s"):
            other = next(s for s in others if f"s{s.id}" == chosen)
            cells = service.readable_cells(service.filled(session, other), g.person.id)
        settings = store.settings_of(session, one.id)
    mine, right = service.readable_cells(filled, g.person.id), cells
    left_sheet, left_result = sheets.calculated(one, right, settings)
    right_sheet, right_result = sheets.calculated(one, mine, settings)
    same, both = sheet_compare.agreement(one, right, mine)
    page = ComparePage(
        title=value.title or sheets.said(one.name),
        account=value.account.name if value.account else "",
        back_url=url_for("workbench.sheet", id=id),
        left=name,
        right=sheets.said(N_("this sheet")),
        choices=tuple((key, label) for key, (label, _) in choices.items()),
        chosen=chosen,
        outputs=views.output_differences(one, left_result, right_result),
        cells=views.differences(one, left_sheet, right_sheet),
        same=same,
        both=both,
    )
    return pages.render("workbench/compare.html", page)


@blueprint.post("/sheets/<int:id>/delete")
def delete_sheet(id: int) -> ResponseReturnValue:
    with database.writing() as session:
        value = store.own_sheet(session, id, g.person.id)
        store.drop_sheet(session, id)
    pages.tell(message("The sheet is gone."), "success")
    if value.account is not None:
        return redirect(url_for("workbench.account", id=value.account.id), 303)
    return redirect(url_for("workbench.home"), 303)


def _task(library: Library, task: Task) -> TaskView:
    return TaskView(
        course=library.title("course", task.course, locale.language()) if task.course else "",
        number=task.number,
        handed_in_at=task.handed_in_at,
        waiting=task.waiting,
        level=task.level,
        result_url=url_for("workbench.task", attempt=task.attempt_id),
    )


@blueprint.post("/sheets/<int:id>/hand-in")
def hand_in(id: int) -> ResponseReturnValue:
    """Hands the sheet in for a course, as it stands."""
    with database.writing() as session:
        value = store.own_sheet(session, id, g.person.id)
        library = _library(session)
        if library is None:
            raise NotFound(message("Nothing has been published yet."))
        tasks.hand_in(session, Head(g.revision, library), value, request.form.get("course", ""), _now())
    pages.tell(message("Handed in. The sheet stays yours: what you change from now on is not in it."), "success")
    return redirect(url_for("workbench.sheet", id=id, _anchor="task"), 303)


@blueprint.post("/sheets/<int:id>/copy")
def copy(id: int) -> ResponseReturnValue:
    """A sheet of one's own with what stands in one that one may read; an account's goes into a copy of the account."""
    now = _now()
    with database.writing() as session:
        value = store.read_sheet(session, id, _reader(session, one=True))
        new = service.copy_sheet(session, service.filled(session, value), g.person.id, now)
    return redirect(url_for("workbench.sheet", id=new), 303)
