"""Working copies: a trainer's unpublished texts. Only their owner sees them, and none is lost: what is stale is shown."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kamtrain.content.library import Library, written_locks
from kamtrain.core.access import may_author
from kamtrain.core.errors import Conflict, Forbidden, Invalid, NotFound
from kamtrain.core.message import message
from kamtrain.core.people import Person
from kamtrain.services.publishing import files_at, library_at, plan, publish
from kamtrain.store import library as store
from kamtrain.store.library import Revision, WorkingCopy

SUFFIXES = (".md", ".yaml", ".lock")
LONGEST = 300  # characters of a path
UNSTORABLE = re.compile(r"[\0\ud800-\udfff]")


class Stale(Conflict):
    """A working copy has changed since the page was made. Both texts are here, so that nothing is lost.

    `version` is the copy's now; 0 where there is none any more, and `theirs` is then what is published.
    """

    def __init__(self, path: str, mine: str, theirs: str, version: int) -> None:
        super().__init__(
            message("This text was changed in the meantime. Both versions are shown; choose what to keep.")
        )
        self.path = path
        self.mine = mine
        self.theirs = theirs
        self.version = version


@dataclass(frozen=True)
class Copy:
    """One of a person's working copies, beside what is published."""

    path: str
    text: str
    version: int
    saved_at: datetime
    base_sha256: str | None  # None: a new file
    published: str | None  # None: not published
    published_sha256: str | None

    @property
    def outdated(self) -> bool:
        """Whether somebody published another text of this file since the copy was begun."""
        return self.published_sha256 != self.base_sha256

    @property
    def changed(self) -> bool:
        return self.text != self.published


def copies(session: Session, person_id: int) -> tuple[Copy, ...]:
    """The person's working copies, by path. Three queries at most."""
    rows = store.working_copies(session, person_id)
    if not rows:
        return ()
    head = store.head(session)
    manifest = store.manifest(session, head) if head is not None else {}
    hashes = {path: manifest[path] for path in rows if path in manifest}
    texts = store.blobs(session, hashes.values())
    return tuple(
        Copy(
            path=path,
            text=row.text,
            version=row.version,
            saved_at=row.saved_at,
            base_sha256=row.base_sha256,
            published=texts[hashes[path]].decode("utf-8", errors="replace") if path in hashes else None,
            published_sha256=hashes.get(path),
        )
        for path, row in sorted(rows.items())
    )


def copy_of(session: Session, person_id: int, path: str) -> Copy | None:
    """The person's working copy of one file."""
    return next((copy for copy in copies(session, person_id) if copy.path == path), None)


def is_text(path: str) -> bool:
    """Whether `path` names a text of the library, published or not."""
    parts = path.split("/")
    plain = all(part and not part.startswith(".") for part in parts)
    if len(path) > LONGEST or not plain or not path.isprintable() or "\\" in path:
        return False
    return parts[0] in ("courses", "quizzes") and len(parts) > 1 and path.endswith(SUFFIXES)


def check_text(path: str) -> None:
    """Raises `Invalid` for a path that is not a text of the library."""
    if not is_text(path):
        raise Invalid(message("A file stands below courses/ or quizzes/ and ends in .md or .yaml."), field="path")


def check_author(library: Library, person: Person, path: str) -> None:
    """Raises `Forbidden` where the file belongs to a course with other authors."""
    if not may_author(person, library.authors_of(path)):
        raise Forbidden(message("This course belongs to other authors. You can read and copy it."))


def normal(text: str) -> str:
    """A text as it is kept: `\\n` as line end, whatever a browser sends. Raises `Invalid` for what cannot be stored."""
    if UNSTORABLE.search(text):
        raise Invalid(message("It holds characters that cannot be stored. Remove them, then send it again."))
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def _published(session: Session, path: str) -> tuple[str | None, str]:
    """(sha256, text) of the published file; (None, "") where there is none."""
    head = store.head(session)
    sha256 = store.manifest(session, head).get(path) if head is not None else None
    if sha256 is None:
        return None, ""
    return sha256, store.blobs(session, [sha256])[sha256].decode("utf-8", errors="replace")


def _row(session: Session, person_id: int, path: str) -> WorkingCopy | None:
    return session.scalars(
        select(WorkingCopy).where(WorkingCopy.person_id == person_id, WorkingCopy.path == path).with_for_update()
    ).one_or_none()


def save(
    session: Session, library: Library, person: Person, path: str, text: str, version: int, now: datetime
) -> tuple[int, datetime]:
    """Keeps the person's working copy; its new version and when it was saved.

    `version` is the one the page had, 0 where there was none. Raises `Stale` when another tab or device saved since,
    `Forbidden` for another author's course, `Invalid` for a path outside the library.
    """
    check_text(path)
    check_author(library, person, path)
    text = normal(text)
    known = _row(session, person.id, path)
    if known is not None and known.text == text:  # a double click, or the same text from two tabs
        return known.version, known.saved_at
    if known is None and version == 0:
        base, _ = _published(session, path)
        values = {"base_sha256": base, "text": text, "version": 1, "saved_at": now}
        if store.add_working_copy(session, person.id, path, values):
            return 1, now
        known = _row(session, person.id, path)  # another tab was first
    if known is None:  # discarded or published from another tab
        raise Stale(path, text, _published(session, path)[1], 0)
    if known.version != version:
        if known.text == text:
            return known.version, known.saved_at
        raise Stale(path, text, known.text, known.version)
    known.text, known.version, known.saved_at = text, version + 1, now
    return known.version, now


def discard(session: Session, person_id: int, path: str, version: int) -> None:
    """Throws the person's working copy away; what is published stays. Doing it twice changes nothing.

    Raises `Stale` when another tab saved since: what one has not seen is not thrown away.
    """
    known = _row(session, person_id, path)
    if known is None:
        return
    if known.version != version:
        raise Stale(path, known.text, known.text, known.version)
    session.delete(known)


def rebase(session: Session, person_id: int, path: str, seen_sha256: str | None) -> None:
    """The person has seen the published text (`seen_sha256`) and keeps her own: it stands on that one now.

    Raises `Conflict` where yet another text was published since.
    """
    known = _row(session, person_id, path)
    published, _ = _published(session, path)
    if published != seen_sha256:
        raise Conflict(message("Somebody else has published in the meantime. Look at the changes again."))
    if known is not None:
        known.base_sha256 = published


def overlaid(session: Session, revision_id: int | None, changed: Mapping[str, str]) -> dict[str, bytes]:
    """The files of a revision with `changed` (path -> text) laid over them."""
    files = dict(files_at(session, revision_id)) if revision_id is not None else {}
    files.update({path: text.encode("utf-8") for path, text in changed.items()})
    return files


def to_publish(session: Session, base: int, changed: Mapping[str, str]) -> dict[str, bytes]:
    """The files that publishing `changed` upon `base` makes, with the locks of translations brought up to date."""
    files = overlaid(session, base, changed)
    return files | written_locks(files)


def publish_copies(
    session: Session, person: Person, versions: Mapping[str, int], base: int, note: str, now: datetime
) -> int:
    """Publishes the person's working copies (path -> the version she has seen) and clears them; the new revision.

    `base` is the head the page was planned on. Raises `Conflict` when the head has moved, a copy was saved since or
    stands on an older text, `Forbidden`, `Invalid` for problems.
    """
    if not versions:
        raise Invalid(message("Choose what to publish."))
    if store.head(session) != base:
        raise Conflict(message("Somebody else has published in the meantime. Look at the changes again."))
    library = library_at(session, base)
    rows = store.working_copies(session, person.id)
    for path, version in versions.items():
        if path not in rows:
            raise Conflict(message("There is nothing to publish: all of this is published already."))
        if rows[path].version != version:
            raise Conflict(message("A text was saved since this page was made. Look at the changes again."))
        check_text(path)
        check_author(library, person, path)
    manifest = store.manifest(session, base)
    if any(manifest.get(path) != rows[path].base_sha256 for path in versions):
        raise Conflict(
            message("A file was published by somebody else since you began. Open it and choose what to keep.")
        )
    planned = plan(session, to_publish(session, base, {path: rows[path].text for path in versions}))
    _check_owners(library, planned.library, person, planned.files)
    revision_id = publish(session, planned, "studio", person.id, note, now)
    for path in versions:
        session.delete(rows[path])
    return revision_id


def _check_owners(before: Library, after: Library, person: Person, paths: Iterable[str]) -> None:
    """Nobody gets hold of another author's quiz by naming it in a course of her own, nor takes it from its authors."""
    for path in paths:
        owners = before.authors_of(path)
        if not may_author(person, owners) and after.authors_of(path) != owners:
            raise Forbidden(
                message("This would change to whom %(path)s belongs. Ask its authors to publish it.", path=path)
            )


# --- history ---


def take_back(
    session: Session, library: Library, person: Person, revision_id: int, paths: Sequence[str], now: datetime
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Brings texts of an older revision into working copies: (taken, left alone because there is a working copy).

    What the revision does not have and what is as published is passed over. Raises `NotFound` and `Forbidden`.
    """
    if session.get(Revision, revision_id) is None:
        raise NotFound(message("There is no such revision."))
    files = files_at(session, revision_id)
    head = store.head(session)
    manifest = store.manifest(session, head) if head is not None else {}
    known = store.working_copies(session, person.id)
    taken, left = [], []
    for path in paths:
        data = files.get(path)
        if data is None or not is_text(path) or hashlib.sha256(data).hexdigest() == manifest.get(path):
            continue
        text = data.decode("utf-8", errors="replace")
        if path in known and known[path].text != text:
            left.append(path)
            continue
        save(session, library, person, path, text, known[path].version if path in known else 0, now)
        taken.append(path)
    return tuple(taken), tuple(left)
