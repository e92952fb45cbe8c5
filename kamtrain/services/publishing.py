"""Publishing: one road for files on disk and for the browser: parse, show problems and effects, move the head."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from sqlalchemy import Engine, Exists, case, exists, func, select, update
from sqlalchemy.orm import Session

from kamtrain.content.library import LOCK_FILE, Library, parse, written_locks
from kamtrain.core.catalog import Course, Step
from kamtrain.core.errors import Conflict, Invalid
from kamtrain.core.message import message
from kamtrain.core.problems import Problem
from kamtrain.core.progress import required
from kamtrain.services import rescoring
from kamtrain.services.learning import refresh_summary
from kamtrain.services.rescoring import RubricImpact
from kamtrain.store import library as store
from kamtrain.store.attempts import Attempt
from kamtrain.store.audit import AuditEntry
from kamtrain.store.base import reading, writing
from kamtrain.store.learning import Summary
from kamtrain.store.library import Head, Revision
from kamtrain.store.upsert import insert

Files = Mapping[str, bytes]  # path -> data
Origin = Literal["bundle", "disk", "studio"]

KEPT = 6  # revisions parsed and kept in each process
_libraries: OrderedDict[int, Library] = OrderedDict()
_files: dict[int, Files] = {}  # of the revision asked for last, which is nearly always the head
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
        _files.clear()


def files_at(session: Session, revision_id: int) -> Files:
    """path -> data of a revision. The studio asks for the same one with every preview: the last is kept."""
    known = _files.get(revision_id)
    if known is None:
        known = MappingProxyType(store.files(session, revision_id))
        with _lock:
            _files.clear()
            _files[revision_id] = known
    return known


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
    gone: bool = False  # the whole course is taken out of the library


@dataclass(frozen=True)
class ActivityImpact:
    """What happens to the attempts at one activity that changes."""

    kind: str
    id: str
    open_attempts: int  # a quiz and a scenario finish on the revision they began on; a drill goes on with the new one
    questions: tuple[str, ...]  # changed: their statistics start afresh
    passing_before: int | None
    passing_after: int | None
    no_longer_passed: int  # enrollments not complete yet whose best score lies between the two marks
    gone: bool = False  # a drill that is taken out: nobody can go on with it


@dataclass(frozen=True)
class PublishPlan:
    """What would be published and what that does; applied by `publish` and by nothing else."""

    base: int | None  # the head it was planned on
    files: Files
    library: Library  # as it would be
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    courses: tuple[CourseImpact, ...]
    activities: tuple[ActivityImpact, ...]
    rubrics: tuple[RubricImpact, ...] = ()

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
        for id, course in before.courses.items()
        if id not in after.courses or _rules(before, course) != _rules(after, after.courses[id])
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
        old = required(before.courses[id])
        new = required(after.courses[id]) if id in after.courses else ()
        known, wanted = {(s.kind, s.id) for s in old}, {(s.kind, s.id) for s in new}
        impacts.append(
            CourseImpact(
                course=id,
                under_way=people - complete,
                complete=complete,
                added=tuple(s for s in new if (s.kind, s.id) not in known),
                removed=tuple(s for s in old if (s.kind, s.id) not in wanted),
                gone=id not in after.courses,
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
    for id, tables in before.tables.items():
        if after.tables.get(id) != tables:
            open_attempts = _open_attempts(session, "negotiation", id)
            impacts.append(ActivityImpact("negotiation", id, open_attempts, (), None, None, 0))
    for id, drills in before.drills.items():
        if after.drills.get(id) != drills:
            gone = id not in after.drills
            impacts.append(ActivityImpact("drill", id, _open_attempts(session, "drill", id), (), None, None, 0, gone))
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
    before_files = files_at(session, base) if base is not None else {}
    parsed = parse(files)
    before = library_at(session, base) if base is not None else None
    return PublishPlan(
        base=base,
        files=files,
        library=parsed.library,
        changes=_changes(before_files, files),
        problems=parsed.problems,
        courses=_course_impacts(session, before, parsed.library) if before else (),
        activities=_activity_impacts(session, before, parsed.library) if before else (),
        rubrics=rescoring.impacts(session, before, parsed.library) if before else (),
    )


def publish(
    session: Session,
    plan: PublishPlan,
    origin: Origin,
    actor_id: int | None,
    note: str,
    now: datetime,
    bundle_id: int | None = None,
) -> int:
    """The new revision, now the head. `bundle_id`: the bundle it takes over, where it is not that bundle itself.

    Raises `Conflict` when somebody published since the plan, `Invalid` for problems. Summaries of courses whose rules
    changed are made anew by `settle`, which the caller runs afterwards.
    """
    if any(problem.fatal for problem in plan.problems):
        raise Invalid(message("There are errors in these files. Mend them, then publish; what was published stays."))
    if not plan.changes and plan.base is not None:
        raise Conflict(message("There is nothing to publish: all of this is published already."))
    revision_id = _record(session, plan.files, plan.base, origin, actor_id, note, now)
    moved = {"revision_id": revision_id}
    if origin == "bundle":
        moved["bundle_id"] = bundle_id or revision_id
    if plan.base is None:
        first = insert(session, Head).values(id=1, **moved).on_conflict_do_nothing()
        begun = session.scalar(first.returning(Head.id))  # psycopg counts no rows of such an insertion
    else:
        change = update(Head).where(Head.id == 1, Head.revision_id == plan.base).values(**moved)
        begun = session.scalar(change.returning(Head.id))
    if begun is None:
        raise Conflict(message("Somebody else has published in the meantime. Look at the changes again."))
    if plan.base is not None:
        rescoring.note(session, library_at(session, plan.base), plan.library, revision_id, actor_id, now)
    session.add(
        AuditEntry(
            at=now,
            actor_id=actor_id,
            action="library.publish",
            subject=f"revision {revision_id}",
            detail={"origin": origin, "paths": [change.path for change in plan.changes]},
        )
    )
    return revision_id


def _record(
    session: Session,
    files: Files,
    parent_id: int | None,
    origin: Origin,
    actor_id: int | None,
    note: str,
    now: datetime,
) -> int:
    hashes = store.keep_blobs(session, files.values())
    revision = Revision(
        parent_id=parent_id,
        manifest=dict(zip(files.keys(), hashes, strict=True)),
        origin=origin,
        note=note,
        author_id=actor_id,
        created_at=now,
    )
    session.add(revision)
    session.flush()  # its id is needed for the head
    return revision.id


def published_by(session: Session, actor_id: int, base: int, paths: Collection[str]) -> int | None:
    """The revision in which the person published exactly these paths upon `base`: how a second click finds the first."""
    rows = session.execute(
        select(Revision.id, Revision.manifest).where(Revision.parent_id == base, Revision.author_id == actor_id)
    ).all()
    before = store.manifest(session, base) if rows else {}
    for id, manifest in rows:
        changed = {path for path in before.keys() | manifest.keys() if before.get(path) != manifest.get(path)}
        if {path for path in changed if not LOCK_FILE.fullmatch(path)} == set(paths):
            return id
    return None


# --- the bundled library ---

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


@dataclass(frozen=True)
class Offer:
    """A newer bundled library, once trainers have published: what taking it over would do."""

    plan: PublishPlan  # the bundle's news with what trainers changed kept
    bundle: Files
    contested: tuple[
        Change, ...
    ]  # changed by trainers and by the bundle: theirs stays; before: theirs, after: the bundle's


def offered_bundle(session: Session, folder: Path) -> Offer | None:
    """The newer bundle that waits to be taken over; None where there is none. Reads the files of `folder`."""
    head = session.execute(select(Head.revision_id, Head.bundle_id).where(Head.id == 1)).one_or_none()
    if head is None:
        return None
    files = files_on_disk(folder)
    bundled = store.files(session, head.bundle_id) if head.bundle_id is not None else {}
    here = files_at(session, head.revision_id)
    news = {path for path in files.keys() | bundled.keys() if files.get(path) != bundled.get(path)}
    if not files or not any(files.get(path) != here.get(path) for path in news if not LOCK_FILE.fullmatch(path)):
        return None
    merged, contested = dict(here), []
    for path in sorted(news):
        if here.get(path) == files.get(path) or LOCK_FILE.fullmatch(path):
            continue  # locks are written anew below
        if here.get(path) != bundled.get(path):
            contested.append(Change(path, _text(here.get(path)), _text(files.get(path))))
        elif path in files:
            merged[path] = files[path]
        else:
            del merged[path]
    return Offer(plan(session, merged | written_locks(merged)), files, tuple(contested))


def take_bundle(session: Session, folder: Path, base: int, actor_id: int, now: datetime) -> int:
    """Takes a newer bundle over; the head afterwards. What trainers changed themselves stays as they have it.

    `base` is the head the offer was made on. Raises `Conflict` when it has moved or there is no offer, `Invalid`.
    """
    offer = offered_bundle(session, folder)
    if offer is None or offer.plan.base != base:
        raise Conflict(message("Somebody else has published in the meantime. Look at the changes again."))
    bundle_id = session.scalar(select(Head.bundle_id).where(Head.id == 1))
    # The bundle as it came is kept beside the line of heads: the next one is held against it.
    taken = _record(session, offer.bundle, bundle_id, "bundle", actor_id, "", now)
    if not offer.plan.changes:  # all its news stand in files that trainers changed
        session.execute(update(Head).where(Head.id == 1).values(bundle_id=taken))
        return base
    return publish(session, offer.plan, "bundle", actor_id, "", now, bundle_id=taken)


# --- summaries after a publish ---


def unsettled(session: Session) -> bool:
    """Whether summaries were made by the rules of an older revision, or answers scored by its rubrics."""
    return session.scalar(select(_behind(store.head(session)))) or rescoring.pending(session)


def _behind(head: int | None) -> Exists:
    return exists().where(Summary.revision_id != head)


def settle(session: Session, limit: int = 200) -> bool:
    """Brings what was made under an older revision's rules up to the head's, `limit` at a time; whether some is left:
    marks by a rubric that has changed, then summaries.

    Each call is one transaction of the caller's. What it has to do is found from the rows themselves, so stopped
    anywhere it goes on where it was.
    """
    head = store.head(session)
    if head is None:
        return False
    if rescoring.rescore(session, library_at, head, datetime.now(UTC), limit):
        return True
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
    # Locked in order: whoever finishes a lesson meanwhile waits, and is neither overwritten nor in a deadlock.
    mine = select(Summary.enrollment_id).where(*same).order_by(Summary.enrollment_id).limit(limit).with_for_update()
    for enrollment_id in session.scalars(mine).all():
        refresh_summary(session, new, head, enrollment_id, None)
    return True


def settle_all(engine: Engine, seconds: float, limit: int = 200) -> bool:
    """Runs `settle` in transactions of its own for at most so long; whether some are left."""
    end = time.monotonic() + seconds
    with reading(engine) as session:  # nothing to do is the usual case, and takes no write lock
        left = unsettled(session)
    while left and time.monotonic() < end:
        with writing(engine) as session:
            left = settle(session, limit)
    return left
