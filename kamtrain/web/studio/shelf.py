"""The shelf: the library as a tree, with what each file lacks and whose it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from kamtrain.content import competencies, sources
from kamtrain.content.library import GLOSSARY, LOCK_FILE, MEDIA_FILE, MISCONCEPTIONS
from kamtrain.core.message import N_
from kamtrain.web.studio.workspace import Workspace, is_course, language_of

NAMES = {
    GLOSSARY: N_("Glossary"),
    MISCONCEPTIONS: N_("Misconceptions"),
    competencies.PATH: N_("Competencies"),
    sources.PATH: N_("What the courses cover"),
}


@dataclass(frozen=True)
class FileView:
    """One file: one text in one language."""

    path: str
    language: str  # "" where it holds all languages
    url: str
    errors: int
    warnings: int
    late: bool  # a translation whose source has changed
    own: bool  # the trainer has a working copy
    fresh: bool  # not published yet
    outdated: bool  # somebody published another text since the working copy was begun


@dataclass(frozen=True)
class TextView:
    """One lesson, quiz, scenario or other file in its languages."""

    kind: str
    id: str
    title: str
    files: tuple[FileView, ...]
    missing: tuple[tuple[str, str], ...]  # (language, url of the form that begins the translation)
    locked: bool  # another author's: to read and copy


@dataclass(frozen=True)
class Shelf:
    title: str
    texts: tuple[TextView, ...]


def shelves(desk: Workspace, language: str) -> tuple[Shelf, ...]:
    """Courses with their lessons, then quizzes, scenarios, and what is left."""
    library = desk.library
    views = _files(desk)
    groups: dict[tuple[str, str], list[str]] = {}
    others = []
    for path in sorted(views):
        place = library.text_at(path)
        if place is not None and place[0] and place[1]:
            groups.setdefault(place[:2], []).append(path)
        else:
            others.append(path)

    def text(kind: str, id: str, title: str, paths: Sequence[str], wanted: Iterable[str]) -> TextView:
        files = tuple(views[path] for path in paths)
        have = {file.language for file in files}
        locked = not desk.may_write(paths[0])
        absent = () if locked else tuple(tag for tag in wanted if tag not in have)
        return TextView(
            kind=kind,
            id=id,
            title=title,
            files=files,
            missing=tuple((tag, url_for("studio.shelf", source=paths[0], to=tag, _anchor="new")) for tag in absent),
            locked=locked,
        )

    wanted = _wanted(desk)
    found = []
    for path in [path for path in others if is_course(path)]:
        folder = desk.course_of(path)
        course = library.courses.get(folder)
        title = library.title("course", folder, language)
        texts = [text("course", folder, gettext("Course file"), [path], ())]
        order = list(course.lesson_ids) if course else []
        mine = [key for key in groups if key[0] == "lesson" and groups[key][0].startswith(f"courses/{folder}/")]
        mine.sort(key=lambda key: order.index(key[1]) if key[1] in order else len(order))
        texts += [
            text(*key, library.title(*key, language), groups.pop(key), course.languages if course else ())
            for key in mine
        ]
        found.append(Shelf(title, tuple(texts)))
    for kind, name in (
        ("quiz", gettext("Quizzes")),
        ("drill", gettext("Drills")),
        ("scenario", gettext("Scenarios")),
        ("negotiation", gettext("Negotiations")),
    ):
        keys = [key for key in groups if key[0] == kind]
        texts = [text(*key, library.title(*key, language), groups.pop(key), wanted.get(key, ())) for key in keys]
        if texts:
            found.append(Shelf(name, tuple(texts)))
    rest = [text(*key, key[1], paths, ()) for key, paths in groups.items()]
    rest += [
        text("file", path, gettext(NAMES[path]) if path in NAMES else path, [path], ())
        for path in others
        if not is_course(path)
    ]
    if rest:
        found.append(Shelf(gettext("Other files"), tuple(rest)))
    return tuple(found)


def _files(desk: Workspace) -> Mapping[str, FileView]:
    """Every text; media and what the program writes are no texts."""
    errors: Counter[str] = Counter()
    warnings: Counter[str] = Counter()
    late = set()
    for problem in desk.parsed.problems:
        if problem.severity.value == "error":
            errors[problem.path] += 1
        elif problem.severity.value == "warning":
            warnings[problem.path] += 1
        if problem.code == "out-of-date":
            late.add(problem.path)
    found = {}
    for path in desk.files:
        if MEDIA_FILE.fullmatch(path) or LOCK_FILE.fullmatch(path) or not path.endswith((".md", ".yaml")):
            continue
        copy = desk.copies.get(path)
        found[path] = FileView(
            path=path,
            language=language_of(path),
            url=url_for("studio.edit", path=path),
            errors=errors[path],
            warnings=warnings[path],
            late=path in late,
            own=copy is not None,
            fresh=copy is not None and copy.published is None,
            outdated=copy is not None and copy.outdated,
        )
    return found


def _wanted(desk: Workspace) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """The languages of the courses that use a quiz or scenario."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for course in desk.library.courses.values():
        for step in course.steps:
            known = found.get((step.kind, step.id), ())
            found[step.kind, step.id] = tuple(dict.fromkeys((*known, *course.languages)))
    return found
