"""Publishing: one road for files on disk and for the browser: parse, show problems and effects, move the head."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from kamtrain.content.library import Library, parse
from kamtrain.core.access import may_author
from kamtrain.core.catalog import Course, Step
from kamtrain.core.errors import Conflict, Forbidden, Invalid
from kamtrain.core.message import message
from kamtrain.core.people import Person
from kamtrain.core.problems import Problem
from kamtrain.core.progress import required
from kamtrain.services.learning import refresh_summary
from kamtrain.store import library as store
from kamtrain.store.attempts import Attempt
from kamtrain.store.audit import AuditEntry
from kamtrain.store.learning import Summary
from kamtrain.store.library import Head, Revision, WorkingCopy

Files = Mapping[str, bytes]  # path -> data
Origin = Literal["bundle", "disk", "studio"]

KEPT = 6  # revisions parsed and kept in each process
_libraries: OrderedDict[int, Library] = OrderedDict()
_lock = threading.Lock()


def library_at(session: Session, revision_id: int) -> Library:
    """The library of a revision. Parsed once in each process; a revision never changes, so nothing goes stale."""
    known = _libraries.get(revision_id)
    if known is not None:
        return known
    with _lock:  # two threads must not parse the same revision side by side
        known = _libraries.get(revision_id)
        if known is None:
            known = parse(store.files(session, revision_id)).library
            _libraries[revision_id] = known
            while len(_libraries) > KEPT:
                _libraries.popitem(last=False)
    return known


def forget_libraries() -> None:
    """For tests and benchmarks that change the database under a running process."""
    with _lock:
        _libraries.clear()


def files_on_disk(folder: Path) -> dict[str, bytes]:
    """path -> data of `courses/` and `quizzes/` below `folder`; hidden files and READMEs are not content."""
    found = {}
    for top in ("courses", "quizzes"):
        for path in sorted((folder / top).rglob("*")):
            hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
            if path.is_file() and not hidden and path.name != "README.md":
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


# --- what publishing does ---


@dataclass(frozen=True)
class Change:
    """One file that differs; None where there is none. Bytes that are not UTF-8 show as a replacement sign."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class CourseImpact:
    """What happens to the people of one course whose rules change."""

    course: str
    under_way: int  # enrollments
    complete: int  # enrollments; they keep their completion
    added: tuple[Step, ...]  # required from now on
    removed: tuple[Step, ...]


@dataclass(frozen=True)
class ActivityImpact:
    """What happens to the attempts at one activity that changes."""

    kind: str
    id: str
    open_attempts: int  # they finish on the revision they began on
    questions: tuple[str, ...]  # changed: their statistics start afresh
    passing_before: int | None
    passing_after: int | None
    no_longer_passed: int  # enrollments not complete yet whose best score lies between the two marks


@dataclass(frozen=True)
class PublishPlan:
    """What would be published and what that does; applied by `publish` and by nothing else."""

    base: int | None  # the head it was planned on
    files: Files
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    courses: tuple[CourseImpact, ...]
    activities: tuple[ActivityImpact, ...]

    @property
    def possible(self) -> bool:
        return bool(self.changes) and not any(problem.fatal for problem in self.problems)


def _text(data: bytes | None) -> str | None:
    return None if data is None else data.decode("utf-8", errors="replace")


def _changes(before: Files, after: Files) -> tuple[Change, ...]:
    paths = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    return tuple(Change(path, _text(before.get(path)), _text(after.get(path))) for path in paths)


def _rules(library: Library, course: Course) -> tuple[object, ...]:
    """What a course's progress depends on: equal rules give equal progress."""
    quizzes = {s.id: next(iter(library.quizzes[s.id].values())) for s in required(course) if s.id in library.quizzes}
    marks = tuple((id, quiz.passing, quiz.counts) for id, quiz in quizzes.items())
    return required(course), course.complete, course.succeed, course.posttest, marks


def _course_impacts(session: Session, before: Library, after: Library) -> tuple[CourseImpact, ...]:
    changed = [
        id
        for id, course in after.courses.items()
        if id in before.courses and _rules(before, before.courses[id]) != _rules(after, course)
    ]
    if not changed:
        return ()
    rows = session.execute(
        select(
            Summary.course_id,
            func.count(),
            func.sum(case((Summary.completed_at.is_not(None), 1), else_=0)),
        )
        .where(Summary.latest, Summary.course_id.in_(changed))
        .group_by(Summary.course_id)
    )
    counts = {course_id: (people, int(complete or 0)) for course_id, people, complete in rows}
    impacts = []
    for id in changed:
        people, complete = counts.get(id, (0, 0))
        old, new = required(before.courses[id]), required(after.courses[id])
        known, wanted = {(s.kind, s.id) for s in old}, {(s.kind, s.id) for s in new}
        impacts.append(
            CourseImpact(
                course=id,
                under_way=people - complete,
                complete=complete,
                added=tuple(s for s in new if (s.kind, s.id) not in known),
                removed=tuple(s for s in old if (s.kind, s.id) not in wanted),
            )
        )
    return tuple(impacts)


def _activity_impacts(session: Session, before: Library, after: Library) -> tuple[ActivityImpact, ...]:
    impacts = []
    for id, languages in before.quizzes.items():
        if after.quizzes.get(id) == languages:
            continue
        old = next(iter(languages.values()))
        new = next(iter(after.quizzes[id].values())) if id in after.quizzes else None
        kept = {q.id: q for q in new.questions} if new else {}
        changed = tuple(q.id for q in old.questions if kept.get(q.id) != q)
        raised = new is not None and new.passing is not None and new.passing > (old.passing or 0)
        impacts.append(
            ActivityImpact(
                kind="quiz",
                id=id,
                open_attempts=_open_attempts(session, "quiz", id),
                questions=changed,
                passing_before=old.passing,
                passing_after=new.passing if new else None,
                no_longer_passed=_between(session, id, old.passing or 0, new.passing or 0) if new and raised else 0,
            )
        )
    for id, talks in before.scenarios.items():
        if after.scenarios.get(id) != talks:
            impacts.append(ActivityImpact("scenario", id, _open_attempts(session, "scenario", id), (), None, None, 0))
    return tuple(impacts)


def _open_attempts(session: Session, kind: str, id: str) -> int:
    count = select(func.count()).select_from(Attempt)
    query = count.where(Attempt.kind == kind, Attempt.activity_id == id, Attempt.finished_at.is_(None))
    return session.scalar(query) or 0


def _between(session: Session, id: str, low: int, high: int) -> int:
    best = (
        select(Attempt.enrollment_id, func.max(Attempt.score).label("score"))
        .join(Summary, Summary.enrollment_id == Attempt.enrollment_id)
        .where(Attempt.kind == "quiz", Attempt.activity_id == id, Summary.succeeded_at.is_(None))
        .group_by(Attempt.enrollment_id)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(best).where(best.c.score >= low, best.c.score < high)) or 0


def plan(session: Session, files: Files) -> PublishPlan:
    """What publishing exactly these files would do, compared with the head. Writes nothing."""
    base = store.head(session)
    before_files = store.files(session, base) if base is not None else {}
    parsed = parse(files)
    before = library_at(session, base) if base is not None else None
    return PublishPlan(
        base=base,
        files=files,
        changes=_changes(before_files, files),
        problems=parsed.problems,
        courses=_course_impacts(session, before, parsed.library) if before else (),
        activities=_activity_impacts(session, before, parsed.library) if before else (),
    )


def publish(session: Session, plan: PublishPlan, origin: Origin, actor_id: int | None, note: str, now: datetime) -> int:
    """The new revision, now the head. Raises `Conflict` when somebody published since the plan, `Invalid` for problems.

    Summaries of courses whose rules changed are made anew by `settle`, which the caller runs afterwards.
    """
    if any(problem.fatal for problem in plan.problems):
        raise Invalid(message("There are errors in these files. Mend them, then publish; what was published stays."))
    if not plan.changes and plan.base is not None:
        raise Conflict(message("There is nothing to publish: all of this is published already."))
    hashes = store.keep_blobs(session, plan.files.values())
    revision = Revision(
        parent_id=plan.base,
        manifest=dict(zip(plan.files.keys(), hashes, strict=True)),
        origin=origin,
        note=note,
        author_id=actor_id,
        created_at=now,
    )
    session.add(revision)
    session.flush()  # its id is the new head
    bundle = {"bundle_id": revision.id} if origin == "bundle" else {}
    if plan.base is None:
        session.add(Head(id=1, revision_id=revision.id, **bundle))
        session.flush()  # a second first publisher fails here
    else:
        moved = session.execute(
            update(Head).where(Head.id == 1, Head.revision_id == plan.base).values(revision_id=revision.id, **bundle)
        )
        if moved.rowcount != 1:  # type: ignore[attr-defined]
            raise Conflict(message("Somebody else has published in the meantime. Look at the changes again."))
    session.add(
        AuditEntry(
            at=now,
            actor_id=actor_id,
            action="library.publish",
            subject=f"revision {revision.id}",
            detail={"origin": origin, "paths": [change.path for change in plan.changes]},
        )
    )
    return revision.id


Bundled = Literal["published", "current", "offered"]


def publish_bundle(session: Session, folder: Path, now: datetime) -> tuple[Bundled, PublishPlan]:
    """Publishes the bundled library while the head is still the last bundle; later it is only offered.

    Raises `Invalid` where the bundle has errors.
    """
    files = files_on_disk(folder)
    planned = plan(session, files)
    if planned.base is None:
        publish(session, planned, "bundle", None, "", now)
        return "published", planned
    head = session.execute(select(Head.revision_id, Head.bundle_id).where(Head.id == 1)).one()
    bundled = store.files(session, head.bundle_id) if head.bundle_id is not None else {}
    if not planned.changes or bundled == files:
        return "current", planned
    if head.bundle_id != head.revision_id:
        return "offered", planned
    publish(session, planned, "bundle", None, "", now)
    return "published", planned


def settle(session: Session, limit: int = 200) -> bool:
    """Brings summaries made under an older revision's rules up to the head's, `limit` at a time; whether some are left.

    Each call is one transaction of the caller's. What it has to do is found from the rows themselves, so stopped
    anywhere it goes on where it was.
    """
    head = store.head(session)
    if head is None:
        return False
    behind = session.execute(
        select(Summary.course_id, Summary.revision_id).where(Summary.revision_id != head).limit(1)
    ).one_or_none()
    if behind is None:
        return False
    course_id, revision_id = behind
    old, new = library_at(session, revision_id), library_at(session, head)
    same = Summary.course_id == course_id, Summary.revision_id == revision_id
    known, course = old.courses.get(course_id), new.courses.get(course_id)
    if course is None or (known is not None and _rules(old, known) == _rules(new, course)):
        session.execute(update(Summary).where(*same).values(revision_id=head))
        return True
    for enrollment_id in session.scalars(select(Summary.enrollment_id).where(*same).limit(limit)).all():
        refresh_summary(session, new, head, enrollment_id, None)
    return True


# --- working copies ---


class Stale(Conflict):
    """A working copy, or what it was begun from, has changed. Both texts are here, so that nothing is lost."""

    def __init__(self, mine: str, theirs: str, version: int) -> None:
        super().__init__(
            message("This text was changed in the meantime. Both versions are shown; choose what to keep.")
        )
        self.mine = mine
        self.theirs = theirs
        self.version = version


def _authored(library: Library, person: Person, path: str) -> None:
    if not may_author(person, library.authors_of(path)):
        raise Forbidden(message("This course belongs to other authors. You can read and copy it."))


SUFFIXES = (".md", ".yaml", ".lock")


def _writable(path: str) -> None:
    """Raises `Invalid` for a path that is not a text of the library."""
    parts = path.split("/")
    plain = all(part and part not in (".", "..") and not part.startswith(".") for part in parts)
    if len(path) > 300 or not plain or parts[0] not in ("courses", "quizzes") or not path.endswith(SUFFIXES):
        raise Invalid(message("A file stands below courses/ or quizzes/ and ends in .md or .yaml."), field="path")


def save_copy(
    session: Session, library: Library, person: Person, path: str, text: str, version: int, now: datetime
) -> int:
    """Keeps the person's working copy; its new version. `version` is the one the page had, 0 where there was none.

    Raises `Stale` when another tab or device saved since, `Forbidden` for another author's course, `Invalid` for a path
    outside the library.
    """
    _writable(path)
    _authored(library, person, path)
    text = text.replace("\r\n", "\n")  # what a browser's textarea sends
    known = session.scalars(
        select(WorkingCopy).where(WorkingCopy.person_id == person.id, WorkingCopy.path == path).with_for_update()
    ).one_or_none()
    if known is None and version == 0:
        head = store.head(session)
        base = store.manifest(session, head).get(path) if head is not None else None
        session.add(WorkingCopy(person_id=person.id, path=path, base_sha256=base, text=text, version=1, saved_at=now))
        return 1
    if known is None:  # discarded or published from another tab
        head = store.head(session)
        theirs = store.files(session, head).get(path, b"") if head is not None else b""
        raise Stale(mine=text, theirs=_text(theirs) or "", version=0)
    if known.text == text:  # a double click, or the same text from two tabs
        return known.version
    if known.version != version:
        raise Stale(mine=text, theirs=known.text, version=known.version)
    known.text, known.version, known.saved_at = text, version + 1, now
    return known.version


def discard_copy(session: Session, person_id: int, path: str) -> None:
    """Throws the person's working copy away; what is published stays. Doing it twice changes nothing."""
    for copy in session.scalars(
        select(WorkingCopy).where(WorkingCopy.person_id == person_id, WorkingCopy.path == path)
    ):
        session.delete(copy)


def outdated(session: Session, person_id: int) -> tuple[str, ...]:
    """Paths of the person's working copies whose published text has changed since they were begun."""
    head = store.head(session)
    published = store.manifest(session, head) if head is not None else {}
    copies = store.working_copies(session, person_id)
    return tuple(sorted(path for path, copy in copies.items() if published.get(path) != copy.base_sha256))


def rebase_copy(session: Session, person_id: int, path: str) -> None:
    """The person has seen both versions and keeps her own: it now stands on what is published."""
    head = store.head(session)
    published = store.manifest(session, head) if head is not None else {}
    copy = store.working_copies(session, person_id).get(path)
    if copy is not None:
        copy.base_sha256 = published.get(path)


def with_copies(session: Session, person_id: int, paths: Iterable[str] | None = None) -> dict[str, bytes]:
    """The head's files with the person's working copies (all, or those of `paths`) laid over them."""
    head = store.head(session)
    files = store.files(session, head) if head is not None else {}
    wanted = None if paths is None else set(paths)
    for path, copy in store.working_copies(session, person_id).items():
        if wanted is None or path in wanted:
            files[path] = copy.text.encode("utf-8")
    return files


def publish_copies(session: Session, person: Person, paths: Sequence[str], base: int, note: str, now: datetime) -> int:
    """Publishes the person's working copies of `paths` and clears them. `base` is the head the page was planned on.

    Raises `Conflict` when the head has moved or a copy stands on an older text, `Forbidden`, `Invalid` for problems.
    """
    library = library_at(session, base)
    copies = store.working_copies(session, person.id)
    for path in paths:
        if path not in copies:
            raise Conflict(message("There is nothing to publish: all of this is published already."))
        _authored(library, person, path)
    if set(outdated(session, person.id)) & set(paths):
        raise Conflict(
            message("A file was published by somebody else since you began. Open it and choose what to keep.")
        )
    planned = plan(session, with_copies(session, person.id, paths))
    if planned.base != base:
        raise Conflict(message("Somebody else has published in the meantime. Look at the changes again."))
    revision_id = publish(session, planned, "studio", person.id, note, now)
    for path in paths:
        session.delete(copies[path])
    return revision_id
