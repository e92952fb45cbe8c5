"""The page values of the editor: one file as text, its problems, its preview, and what to do when it is stale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext

from kamtrain.core.differences import DiffLine, differences
from kamtrain.core.message import Message, message
from kamtrain.services.working_copies import Stale
from kamtrain.web.studio import previews
from kamtrain.web.studio.previews import Preview
from kamtrain.web.studio.problems import ProblemView, counts, problem_views
from kamtrain.web.studio.shelf import NAMES
from kamtrain.web.studio.workspace import Workspace, is_course, language_of

CHANGED = message("changed, not published")


@dataclass(frozen=True)
class Outdated:
    """Somebody published another text since the working copy was begun."""

    published: str
    lines: tuple[DiffLine, ...]  # from what is published to one's own
    seen: str  # sha256 of the published text, "" where the file was taken out
    resolve_url: str


@dataclass(frozen=True)
class EditPage:
    path: str
    title: str
    language: str  # of the text; "" where it holds several
    text: str
    version: int  # of the working copy; 0 where there is none
    saved_at: datetime | None  # of the working copy
    writable: bool
    fresh: bool  # not published yet
    changed: bool  # differs from what is published
    outdated: Outdated | None
    siblings: tuple[tuple[str, str, bool], ...]  # (language, url, whether it is this one)
    problems: tuple[ProblemView, ...]
    errors: int
    warnings: int
    preview: Preview
    yaml: bool
    line: int  # where the cursor goes; 0: nowhere
    column: int
    save_url: str
    preview_url: str
    mend_url: str
    discard_url: str
    trainee_url: str
    publish_url: str
    kept_key: str  # under which the browser keeps what it could not send
    copy_kind: str  # of the form "copy to …", for who may not write; "" where it cannot be copied

    @property
    def state(self) -> Message:
        if not self.writable:
            return message("belongs to other authors: read only")
        if self.fresh:
            return message("new, not published")
        if self.changed:
            return CHANGED
        return message("as published") if self.version else message("published")


@dataclass(frozen=True)
class ProblemsPage:
    """The part of the page that changes with the text."""

    problems: tuple[ProblemView, ...]
    errors: int
    warnings: int
    preview: Preview


def edit_page(desk: Workspace, path: str, line: int = 0, column: int = 0) -> EditPage:
    copy = desk.copies.get(path)
    problems = desk.problems(path)
    errors, warnings = counts(problems)
    place = desk.library.text_at(path)
    return EditPage(
        path=path,
        title=title(desk, path),
        language=language_of(path),
        text=desk.text(path) or "",
        version=copy.version if copy else 0,
        saved_at=copy.saved_at if copy else None,
        writable=desk.may_write(path),
        fresh=copy is not None and copy.published is None,
        changed=copy is not None and copy.changed,
        outdated=_outdated(desk, path),
        siblings=_siblings(desk, path),
        problems=problem_views(problems),
        errors=errors,
        warnings=warnings,
        preview=previews.preview(desk, path),
        yaml=path.endswith(".yaml"),
        line=line,
        column=column,
        save_url=url_for("studio.save", path=path),
        preview_url=url_for("studio.preview", path=path),
        mend_url=url_for("studio.mend", path=path),
        discard_url=url_for("studio.discard", path=path),
        trainee_url=url_for("studio.as_trainee", path=path),
        publish_url=url_for("studio.publish"),
        kept_key=kept_key(desk.person.id, path),
        copy_kind=place[0] if place and place[0] in ("lesson", "quiz", "drill", "scenario", "negotiation") else "",
    )


def title(desk: Workspace, path: str) -> str:
    """What the file holds, in its own language."""
    place = desk.library.text_at(path)
    if place is not None and place[1]:
        return desk.library.title(*place)
    if is_course(path):
        return desk.library.title("course", desk.course_of(path), desk.person.language)
    return gettext(NAMES[path]) if path in NAMES else path.rpartition("/")[2]


def _outdated(desk: Workspace, path: str) -> Outdated | None:
    copy = desk.copies.get(path)
    if copy is None or not copy.outdated:
        return None
    return Outdated(
        published=copy.published or "",
        lines=differences(copy.published or "", copy.text),
        seen=copy.published_sha256 or "",
        resolve_url=url_for("studio.resolve", path=path),
    )


def _siblings(desk: Workspace, path: str) -> tuple[tuple[str, str, bool], ...]:
    place = desk.library.text_at(path)
    if place is None:
        return ()
    kind, id, own = place
    found = []
    for other in sorted(desk.files):
        if (tag := language_of(other)) and desk.library.path(kind, id, tag) == other:
            found.append((tag, url_for("studio.edit", path=other), tag == own))
    return tuple(found) if len(found) > 1 else ()


@dataclass(frozen=True)
class ConflictPage:
    """Two versions of one's own text: the one just sent, and the one another tab or device saved."""

    path: str
    mine: str
    theirs: str
    gone: bool  # the working copy was published or discarded meanwhile; `theirs` is what is published
    version: int
    lines: tuple[DiffLine, ...]  # from theirs to mine
    save_url: str
    edit_url: str
    kept_key: str


def kept_key(person_id: int, path: str) -> str:
    return f"kamtrain:text:{person_id}:{path}"


def conflict_page(stale: Stale, person_id: int) -> ConflictPage:
    return ConflictPage(
        path=stale.path,
        mine=stale.mine,
        theirs=stale.theirs,
        gone=stale.version == 0,
        version=stale.version,
        lines=differences(stale.theirs, stale.mine),
        save_url=url_for("studio.save", path=stale.path),
        edit_url=url_for("studio.edit", path=stale.path),
        kept_key=kept_key(person_id, stale.path),
    )
