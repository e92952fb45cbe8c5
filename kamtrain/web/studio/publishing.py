"""The page values of publishing and of the history: what changes, what it does to people, who published what."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from kamtrain.core.differences import DiffLine, differences
from kamtrain.core.message import Message
from kamtrain.services.effects import effects
from kamtrain.services.publishing import Change, Offer, plan
from kamtrain.services.working_copies import is_text, to_publish
from kamtrain.store.history import RevisionLine
from kamtrain.store.library import files
from kamtrain.web.studio.problems import ProblemView, problem_views
from kamtrain.web.studio.workspace import Workspace


@dataclass(frozen=True)
class DiffView:
    """One file that differs."""

    path: str
    edit_url: str
    new: bool
    gone: bool
    lines: tuple[DiffLine, ...]
    added: int  # lines
    removed: int


@dataclass(frozen=True)
class CopyView:
    """One working copy on the publish page."""

    path: str
    edit_url: str
    version: int
    saved_at: datetime
    state: str  # "ready", "equal" (as published), "outdated", "locked"
    chosen: bool
    diff: DiffView | None


@dataclass(frozen=True)
class PublishPage:
    base: int
    copies: tuple[CopyView, ...]
    chosen: tuple[tuple[str, int], ...]  # (path, version) that would be published
    problems: tuple[ProblemView, ...]
    blocked: bool  # there are errors
    effects: tuple[Message, ...]
    note: str


def diff_view(change: Change, *, whole: bool = True) -> DiffView:
    """`whole`: with the lines of a file that is new."""
    shown = is_text(change.path) and (whole or change.before is not None)
    lines = differences(change.before or "", change.after or "") if shown else ()
    return DiffView(
        path=change.path,
        edit_url=url_for("studio.edit", path=change.path) if is_text(change.path) and change.after is not None else "",
        new=change.before is None,
        gone=change.after is None,
        lines=lines,
        added=sum(line.kind == "new" for line in lines),
        removed=sum(line.kind == "old" for line in lines),
    )


def _text(data: bytes | None) -> str | None:
    return None if data is None else data.decode("utf-8", errors="replace")


def publish_page(session: Session, desk: Workspace, wanted: Collection[str] | None, note: str = "") -> PublishPage:
    """`wanted`: the paths chosen; None: all that can be published."""
    assert desk.revision is not None
    views, chosen = [], {}
    for path, copy in sorted(desk.copies.items()):
        state = "ready"
        if not desk.may_write(path):
            state = "locked"
        elif copy.outdated:
            state = "outdated"
        elif not copy.changed:
            state = "equal"
        take = state == "ready" and (wanted is None or path in wanted)
        if take:
            chosen[path] = copy
        change = Change(path, copy.published, copy.text)
        views.append(
            CopyView(
                path=path,
                edit_url=url_for("studio.edit", path=path),
                version=copy.version,
                saved_at=copy.saved_at,
                state=state,
                chosen=take,
                diff=diff_view(change) if state != "equal" else None,
            )
        )
    if not chosen:
        return PublishPage(desk.revision, tuple(views), (), (), False, (), note)
    planned = plan(session, to_publish(session, desk.revision, {path: copy.text for path, copy in chosen.items()}))
    shown = [problem for problem in planned.problems if problem.fatal or problem.path in chosen]
    return PublishPage(
        base=desk.revision,
        copies=tuple(views),
        chosen=tuple((path, copy.version) for path, copy in chosen.items()),
        problems=problem_views(shown),
        blocked=any(problem.fatal for problem in planned.problems),
        effects=effects(planned, desk.published, desk.person.language),
        note=note,
    )


@dataclass(frozen=True)
class OfferPage:
    """A newer bundled library, and what taking it over does."""

    base: int
    changes: tuple[DiffView, ...]
    contested: tuple[DiffView, ...]  # trainers changed them, too: theirs stay
    problems: tuple[ProblemView, ...]
    blocked: bool
    effects: tuple[Message, ...]


def offer_page(offer: Offer, desk: Workspace) -> OfferPage:
    assert offer.plan.base is not None
    return OfferPage(
        base=offer.plan.base,
        changes=tuple(map(diff_view, offer.plan.changes)),
        contested=tuple(map(diff_view, offer.contested)),
        problems=problem_views(problem for problem in offer.plan.problems if problem.fatal),
        blocked=any(problem.fatal for problem in offer.plan.problems),
        effects=effects(offer.plan, desk.published, desk.person.language),
    )


# --- history ---

LINES = 50  # revisions on a page
FEW = 5  # files: with more, new ones are named and not shown line by line


@dataclass(frozen=True)
class HistoryPage:
    lines: tuple[tuple[RevisionLine, str], ...]  # with the address
    head: int
    previous_url: str
    next_url: str


def history_page(lines: tuple[RevisionLine, ...], page: int) -> HistoryPage:
    shown = lines[page * LINES : (page + 1) * LINES]
    more = len(lines) > (page + 1) * LINES
    return HistoryPage(
        lines=tuple((line, url_for("studio.revision", revision=line.id)) for line in shown),
        head=lines[0].id if lines else 0,
        previous_url=url_for("studio.history", page=page - 1) if page else "",
        next_url=url_for("studio.history", page=page + 1) if more else "",
    )


@dataclass(frozen=True)
class RevisionPage:
    line: RevisionLine
    is_head: bool
    changes: tuple[DiffView, ...]
    take_url: str
    older_id: int | None  # the revision before it


def revision_page(session: Session, line: RevisionLine, head: int) -> RevisionPage:
    after = files(session, line.id)
    before = files(session, line.parent_id) if line.parent_id is not None else {}
    paths = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    changes = tuple(Change(path, _text(before.get(path)), _text(after.get(path))) for path in paths)
    return RevisionPage(
        line=line,
        is_head=line.id == head,
        changes=tuple(diff_view(change, whole=len(changes) <= FEW) for change in changes),
        take_url=url_for("studio.take_back", revision=line.id),
        older_id=line.parent_id,
    )
