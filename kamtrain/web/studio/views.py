"""The views of the studio. Whose working copies one sees is part of every fetch: one's own, and nobody else's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Blueprint, current_app, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from kamtrain.content.library import Library
from kamtrain.content.mend import mended
from kamtrain.core.errors import Conflict, Invalid, NotFound
from kamtrain.core.message import Message, message
from kamtrain.core.people import Role
from kamtrain.http import database, forms, locale, pages, templates
from kamtrain.http.forms import Errors
from kamtrain.http.identity import me
from kamtrain.services import publishing as publications
from kamtrain.services import working_copies
from kamtrain.services.publishing import library_at, offered_bundle, settle_all, take_bundle
from kamtrain.services.working_copies import Stale, is_text
from kamtrain.store.history import RevisionLine
from kamtrain.store.history import history as revisions
from kamtrain.web.curriculum import sources_page
from kamtrain.web.studio import previews, skeletons
from kamtrain.web.studio.editor import CHANGED, ProblemsPage, conflict_page, edit_page, title
from kamtrain.web.studio.previews import Bar, PreviewedActivity, PreviewedCourse, PreviewedLesson, barred
from kamtrain.web.studio.problems import counts, problem_views
from kamtrain.web.studio.publishing import history_page, offer_page, publish_page, revision_page
from kamtrain.web.studio.shelf import Shelf, shelves
from kamtrain.web.studio.workspace import LANGUAGES, Workspace, language_of, workspace

blueprint = Blueprint("studio", __name__, url_prefix="/studio")

NO_ERRORS = Errors()
NOTE = 500  # characters; a refused one travels in an address, where each may take nine bytes
SETTLE = 1.5  # seconds a publishing trainer waits for summaries at most; the jobs do the rest


@dataclass(frozen=True)
class ShelfPage:
    shelves: tuple[Shelf, ...]
    copies: int  # own working copies
    outdated: int  # of these
    offer_url: str  # "" where there is no newer bundled library
    kinds: tuple[str, ...]
    languages: tuple[str, ...]
    courses: tuple[tuple[str, str], ...]  # (id, title) one may write in
    form: dict[str, str]
    errors: Errors


def _now() -> datetime:
    return datetime.now(UTC)


def _desk(unsaved: dict[str, str] | None = None) -> Workspace:
    with database.reading() as session:
        return workspace(session, me(), g.revision, unsaved)


def _known(desk: Workspace, path: str) -> None:
    if not is_text(path) or path not in desk.files:
        raise NotFound(message("There is no such file in the library."))


def _content() -> Path:
    folder: Path = current_app.extensions["kamtrain.settings"].content
    return folder


# --- the shelf and new files ---


def _shelf(desk: Workspace, form: dict[str, str], errors: Errors = NO_ERRORS) -> ShelfPage:
    offered = None
    if desk.person.has(Role.admin):
        with database.reading() as session:
            offered = offered_bundle(session, _content())
    language = locale.language()
    return ShelfPage(
        shelves=shelves(desk, language),
        copies=len(desk.copies),
        outdated=sum(copy.outdated for copy in desk.copies.values()),
        offer_url=url_for("studio.offer") if offered else "",
        kinds=skeletons.KINDS,
        languages=LANGUAGES,
        courses=tuple(
            (id, desk.library.title("course", id, language))
            for id in desk.library.courses
            if desk.may_write(f"courses/{id}/course.yaml")
        ),
        form=form,
        errors=errors,
    )


NEW = {"kind": "lesson", "id": "", "language": "en", "course": "", "title": "", "source": ""}


@blueprint.get("")
def shelf() -> ResponseReturnValue:
    """The library as a tree. `?source=…&to=…` prepares the form for a translation, `?source=…` for a copy."""
    desk = _desk()
    form = dict(NEW)
    source = request.args.get("source", "")
    if source in desk.files and is_text(source):
        place = desk.library.text_at(source)
        form["source"] = source
        if place is not None:
            form |= {"kind": place[0], "id": place[1], "language": request.args.get("to", place[2])}
            form["course"] = desk.course_of(source)
            form["title"] = desk.library.title(*place)
    return pages.render("studio/shelf.html", _shelf(desk, form))


@blueprint.post("/new")
def create() -> ResponseReturnValue:
    """A new working copy: of a skeleton, of a translation to fill in, or of a copy under another id."""
    form = {name: forms.text(name) for name in NEW}
    desk = _desk()
    try:
        path, text = _begin(desk, form)
        with database.writing() as session:
            working_copies.save(session, desk.published, me(), path, text, 0, _now())
    except Invalid as error:
        return pages.render("studio/shelf.html", _shelf(desk, form, forms.refusal(error, "id")), 422)
    return redirect(url_for("studio.edit", path=path), 303)


def _begin(desk: Workspace, form: dict[str, str]) -> tuple[str, str]:
    """(path, text) of a new file. Raises `Invalid` with the field to blame."""
    new = skeletons.wanted(form["kind"], form["id"], form["language"], form["course"], form["title"])
    source = desk.text(form["source"]) if is_text(form["source"]) else None
    leader = desk.library.leader(new.kind, new.id)
    if leader is not None and leader != new.language:
        original = desk.library.path(new.kind, new.id, leader)
        assert original is not None
        path = skeletons.sibling_path(original, new.language)
        text = skeletons.translation(desk.text(original) or "", leader, new.kind)
    else:
        path = skeletons.path_of(new)
        place = desk.library.text_at(form["source"])
        copies = source is not None and place is not None and place[0] == new.kind
        text = skeletons.copied(source or "", new.id, place[1]) if copies and place else skeletons.skeleton(new)
    if path in desk.files:
        raise Invalid(message("There is such a file already: %(path)s. Choose another id.", path=path), "id")
    return path, text


# --- the editor ---


@blueprint.get("/edit/<path:path>")
def edit(path: str) -> ResponseReturnValue:
    desk = _desk()
    _known(desk, path)
    line, column = (request.args.get(name, 0, type=int) for name in ("line", "column"))
    return pages.render("studio/edit.html", edit_page(desk, path, line, column))


@blueprint.post("/edit/<path:path>")
def save(path: str) -> ResponseReturnValue:
    """Saves the working copy: by the form's button, and by itself while one types."""
    text, version = _sent()
    with database.writing() as session:
        library = library_at(session, g.revision) if g.revision is not None else Library()
        version, saved_at = working_copies.save(session, library, me(), path, text, version, _now())
    if pages.wants_json():
        said = _("Saved %(time)s", time=locale.clock(saved_at))
        return jsonify(version=version, saved=said, state=locale.translate(CHANGED))
    return redirect(url_for("studio.edit", path=path), 303)


def _sent() -> tuple[str, int]:
    """(text, version) of a form or of a script's JSON."""
    try:
        body = request.get_json() if request.is_json else request.form
    except RecursionError:  # brackets within brackets within brackets
        body = None
    text, version = (body.get(name) if isinstance(body, Mapping) else None for name in ("text", "version"))
    if not isinstance(text, str) or not str(version).isascii() or not str(version).isdigit() or len(str(version)) > 9:
        raise Invalid(message("The page sent something that cannot be read. Reload it; what was saved is kept."))
    return text, int(str(version))


@blueprint.post("/mend/<path:path>")
def mend(path: str) -> ResponseReturnValue:
    """Mends what a program can mend in the text sent, and saves it."""
    text, version = _sent()
    text = working_copies.normal(text)
    with database.reading() as session:
        mended_text = mended(
            text.encode(),
            lambda data: workspace(session, me(), g.revision, {path: data.decode()}).problems(path),
        ).decode()
    with database.writing() as session:
        library = library_at(session, g.revision) if g.revision is not None else Library()
        working_copies.save(session, library, me(), path, mended_text, version, _now())
    if mended_text == text:
        pages.tell(message("There was nothing that can be mended by itself."))
    else:
        pages.tell(message("Mended and saved. Look over what changed."), "success")
    return redirect(url_for("studio.edit", path=path), 303)


@blueprint.post("/discard/<path:path>")
def discard(path: str) -> ResponseReturnValue:
    version = forms.number("version")
    if version is None:
        raise Invalid(message("The page sent something that cannot be read. Reload it; what was saved is kept."))
    with database.writing() as session:
        working_copies.discard(session, me().id, path, version)
    pages.tell(message("Your working copy of %(path)s is discarded; what is published stays.", path=path[:300]))
    return redirect(url_for("studio.shelf"), 303)


@blueprint.post("/resolve/<path:path>")
def resolve(path: str) -> ResponseReturnValue:
    """Both versions were seen: keep one's own working copy, or take what was published meanwhile."""
    version, seen = forms.number("version"), forms.text("seen") or None
    keep = forms.text("keep")
    if keep not in ("mine", "theirs") or version is None:
        raise Invalid(message("Choose which version to keep."))
    with database.writing() as session:
        if keep == "mine":
            working_copies.rebase(session, me().id, path, seen)
        else:
            working_copies.discard(session, me().id, path, version)
    pages.tell(
        message("You keep your text; it stands on what is published now.")
        if keep == "mine"
        else message("You have the published text now.")
    )
    return redirect(url_for("studio.edit", path=path), 303)


@blueprint.errorhandler(Stale)
def stale(error: Stale) -> ResponseReturnValue:
    """Both versions side by side; to a script, that it should send the form to see them."""
    if pages.wants_json():
        return jsonify(status=409, code="stale", message=locale.translate(error.message)), 409
    return pages.render("studio/conflict.html", conflict_page(error, me().id), 409)


# --- previews ---


@blueprint.post("/preview/<path:path>")
def preview(path: str) -> ResponseReturnValue:
    """The preview and the problems of the text sent, for the page's script. Stores nothing."""
    text, _version = _sent()
    if not is_text(path):
        raise NotFound(message("There is no such file in the library."))
    desk = _desk({path: working_copies.normal(text)})
    found = desk.problems(path)
    errors, warnings = counts(found)
    page = ProblemsPage(problem_views(found), errors, warnings, previews.preview(desk, path))
    context = {"page": page, "shell": pages.shell()}
    return jsonify(
        html=templates.render("studio/_preview.html", **context),
        problems_html=templates.render("studio/_problems.html", **context),
        problems=[
            {"line": one.line, "column": one.column, "severity": one.severity, "text": one.text, "mend": one.mend}
            for one in page.problems
        ],
    )


@blueprint.get("/preview/<path:path>")
def as_trainee(path: str) -> ResponseReturnValue:
    """The page as a trainee would get it, with one's own working copies. A scenario can be walked: `?play=0.2.1`."""
    desk = _desk()
    _known(desk, path)
    language = request.args.get("language") or language_of(path) or locale.language()
    shown = previews.preview(desk, path, language)
    bar = _bar(desk, path, language)
    if shown.kind == "lesson":
        return pages.render("studio/as_lesson.html", barred(PreviewedLesson, shown.value, bar))
    if shown.kind == "course":
        return pages.render("studio/as_course.html", barred(PreviewedCourse, shown.value, bar))
    walk = None
    if shown.kind == "scenario" and "play" in request.args:
        place = desk.library.text_at(path)
        assert place is not None
        places = [int(part) for part in request.args["play"].split(".")[:60] if part.isascii() and part.isdigit()]
        walk = previews.play(desk.library, path, place[1], language, request.args.get("variant", ""), places)
    return pages.render("studio/as_activity.html", PreviewedActivity(bar, title(desk, path), shown, walk))


def _bar(desk: Workspace, path: str, language: str) -> Bar:
    course = desk.library.courses.get(desk.course_of(path))
    offered = dict.fromkeys((*(course.languages if course else LANGUAGES), *LANGUAGES, language))
    return Bar(
        path=path,
        edit_url=url_for("studio.edit", path=path),
        own=path in desk.copies,
        languages=tuple(
            (tag, url_for("studio.as_trainee", path=path, language=tag), tag == language) for tag in offered
        ),
    )


# --- publishing ---


@blueprint.route("/publish", methods=["GET", "POST"])
def publish() -> ResponseReturnValue:
    if request.method == "POST":
        return _publish()
    desk = _desk()
    if desk.revision is None:
        raise NotFound(message("Nothing has been published yet."))
    wanted = request.args.getlist("path") if "chosen" in request.args else None
    with database.reading() as session:
        return pages.render("studio/publish.html", publish_page(session, desk, wanted, request.args.get("note", "")))


def _publish() -> ResponseReturnValue:
    base, note = forms.number("base"), forms.text("note").strip()[:NOTE]
    versions = {}
    for value in request.form.getlist("copy"):
        version, _sign, path = value.partition(":")
        if not (version.isascii() and version.isdigit()) or not path or len(version) > 9:
            raise Invalid(message("Choose what to publish."))
        versions[path] = int(version)
    if base is None or g.revision is None:
        raise Invalid(message("Choose what to publish."))
    try:
        with database.writing() as session:
            revision = working_copies.publish_copies(session, me(), versions, base, note, _now())
    except Conflict as error:
        return _published_already(base, versions, note, error.message)
    except Invalid as error:
        pages.tell(error.message, "danger")
        return redirect(url_for("studio.publish", chosen=1, path=list(versions), note=note), 303)
    settle_all(database.engine(), SETTLE)
    pages.tell(message("Published. Trainees see it from now on."), "success")
    return redirect(url_for("studio.revision", revision=revision), 303)


def _published_already(base: int, versions: dict[str, int], note: str, reason: Message) -> ResponseReturnValue:
    """A second click finds its revision; who was overtaken gets the page anew, with the reason."""
    with database.reading() as session:
        earlier = publications.published_by(session, me().id, base, versions)
    if earlier is not None:
        return redirect(url_for("studio.revision", revision=earlier), 303)
    pages.tell(reason, "warning")
    return redirect(url_for("studio.publish", note=note or None), 303)


@blueprint.get("/offer")
def offer() -> ResponseReturnValue:
    """A newer bundled library: what taking it over would change."""
    desk = _desk()
    with database.reading() as session:
        found = offered_bundle(session, _content())
    if found is None:
        pages.tell(message("There is no newer bundled library."))
        return redirect(url_for("studio.shelf"))
    return pages.render("studio/offer.html", offer_page(found, desk))


@blueprint.post("/offer")
def take_offer() -> ResponseReturnValue:
    base = forms.number("base")
    if base is None:
        raise Invalid(message("The page sent something that cannot be read. Reload it; what was saved is kept."))
    try:
        with database.writing() as session:
            revision = take_bundle(session, _content(), base, me().id, _now())
    except (Conflict, Invalid) as error:
        pages.tell(error.message, "warning")
        return redirect(url_for("studio.offer"), 303)
    settle_all(database.engine(), SETTLE)
    pages.tell(message("The bundled library is taken over. Trainees see it from now on."), "success")
    return redirect(url_for("studio.revision", revision=revision), 303)


# --- history ---


def _line(revision: int) -> RevisionLine:
    with database.reading() as session:
        lines = revisions(session, g.revision) if g.revision is not None else ()
    found = next((line for line in lines if line.id == revision), None)
    if found is None:
        raise NotFound(message("There is no such revision."))
    return found


@blueprint.get("/sources")
def sources() -> ResponseReturnValue:
    """Every row the courses were asked to cover, with where it is covered, as trainees see the library."""
    library = Library()
    if g.revision is not None:
        with database.reading() as session:
            library = library_at(session, g.revision)
    page = sources_page(library, locale.language(), request.args.get("show", ""))
    return pages.render("studio/sources.html", page)


@blueprint.get("/history")
def history() -> ResponseReturnValue:
    page = max(request.args.get("page", 0, type=int), 0)
    with database.reading() as session:
        lines = revisions(session, g.revision) if g.revision is not None else ()
    return pages.render("studio/history.html", history_page(lines, page))


@blueprint.get("/history/<int:revision>")
def revision(revision: int) -> ResponseReturnValue:
    line = _line(revision)
    with database.reading() as session:
        return pages.render("studio/revision.html", revision_page(session, line, g.revision))


@blueprint.post("/history/<int:revision>")
def take_back(revision: int) -> ResponseReturnValue:
    """Texts of this revision, or of the one before it, into one's own working copies."""
    line = _line(revision)
    source = line.parent_id if forms.text("which") == "before" else line.id
    if source is None:
        raise Invalid(message("There is nothing before the first revision."))
    with database.writing() as session:
        library = library_at(session, g.revision)
        taken, left = working_copies.take_back(
            session, library, me(), source, request.form.getlist("path")[:1000], _now()
        )
    if left:
        text = message("Left alone, because you have a working copy already: %(paths)s.", paths=tuple(left))
        pages.tell(text, "warning")
    if taken:
        pages.tell(message("Taken into your working copies: %(paths)s.", paths=tuple(taken)), "success")
        return redirect(url_for("studio.publish"), 303)
    pages.tell(message("There was nothing to take: these texts are as published."))
    return redirect(url_for("studio.revision", revision=revision), 303)
