"""The library: every course, lesson, quiz, scenario and term, parsed from files; the one door for other packages.

Pure: `parse` depends on its argument only. What is costly is kept in the process by the hash of the files it came from,
so that parsing again after one lesson changed costs that lesson.
"""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from threading import Lock
from typing import Any, TypeVar

from kamtrain.content import (
    competencies,
    courses,
    drawings,
    drills,
    giveaways,
    glossary,
    languages,
    lessons,
    locks,
    negotiations,
    quizzes,
    reading,
    scenario_lint,
    scenarios,
    schema,
    sources,
)
from kamtrain.content.blocks import Paragraph
from kamtrain.content.competencies import Competencies
from kamtrain.content.courses import CourseFile
from kamtrain.content.document import Document, opened
from kamtrain.content.drawings import Drawing
from kamtrain.content.glossary import Glossary, Misconceptions
from kamtrain.content.links import CARDS, MEDIA, Places, drawing
from kamtrain.content.report import Report
from kamtrain.content.script import AS_WRITTEN
from kamtrain.content.siblings import Siblings, arranged, check_keys
from kamtrain.content.source import Line
from kamtrain.content.sources import Sources
from kamtrain.content.traditional import SCRIPT as TRADITIONAL
from kamtrain.core.catalog import Competency, Course, Cover, Lesson, LessonText, SourcePart, Step, Term, Texts
from kamtrain.core.drill import Drill
from kamtrain.core.language import chain, pick
from kamtrain.core.message import Message, message
from kamtrain.core.negotiation import Table
from kamtrain.core.problems import Problem, Severity, ordered
from kamtrain.core.progress import required
from kamtrain.core.quiz import Quiz
from kamtrain.core.scenario import Scenario
from kamtrain.workbench import TOOLS

T = TypeVar("T")
MAX_MEDIUM = 10_000_000  # bytes
HANT, HANS = "zh-Hant", "zh-Hans"
ANY_KIND = ("quiz", "scenario", "drill", "negotiation", "survey")

COURSE_FILE = re.compile(r"courses/(?P<course>[^/]+)/course\.yaml")
TEXT_FILE = re.compile(r"(?P<folder>courses/[^/]+|quizzes)/(?P<stem>[^/]+)\.(?P<tag>[^./]+)\.md")
MEDIA_FILE = re.compile(rf"(?P<folder>courses/[^/]+|quizzes)/media/[\w./-]+\.(?:{'|'.join(MEDIA)})")
LOCK_FILE = re.compile(r"(?:courses/[^/]+|quizzes)/translations\.lock")
GLOSSARY = "courses/glossary.yaml"
MISCONCEPTIONS = "quizzes/misconceptions.yaml"


@dataclass(frozen=True)
class Group:
    """The files of one text in its languages, parsed: `lesson`, `quizzes`, `scenarios`, `drills` or `tables` holds the values."""

    key: str
    folder: str
    kind: str  # "lesson", "quiz", "scenario", "drill", "negotiation", or a kind to come
    siblings: Siblings
    lesson: Lesson | None = None
    quizzes: Mapping[str, Quiz] = field(default_factory=dict)
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    drills: Mapping[str, Drill] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    derived: Callable[[], Any] | None = None  # the value in 繁體, made from 简体 when it is first asked for
    problems: tuple[Problem, ...] = ()
    tags: tuple[tuple[str, str, Line], ...] = ()  # misconceptions: language, tag, place
    asked: tuple[tuple[str, str, Line], ...] = ()  # lessons that questions name: language, id, place
    codes: tuple[tuple[str, str, Line], ...] = ()  # competencies: language, code, place

    @property
    def id(self) -> str:
        return self.siblings.id


@dataclass(frozen=True)
class Library:
    """Everything that trainers publish, as values. The mappings keep the files' order."""

    courses: Mapping[str, Course] = field(default_factory=dict)
    lessons: Mapping[str, Lesson] = field(default_factory=dict)
    quizzes: Mapping[str, Mapping[str, Quiz]] = field(default_factory=dict)
    scenarios: Mapping[str, Mapping[str, Scenario]] = field(default_factory=dict)
    drills: Mapping[str, Mapping[str, Drill]] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, Table]] = field(default_factory=dict)  # negotiations
    terms: Mapping[str, Term] = field(default_factory=dict)
    media: Mapping[str, str] = field(default_factory=dict)  # path -> sha256
    misconceptions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # tag -> language -> name
    competencies: Mapping[str, Competency] = field(default_factory=dict)  # code ->
    sources: tuple[SourcePart, ...] = ()
    planned: Mapping[str, Texts] = field(default_factory=dict)  # courses of the curriculum -> title, written or not
    _groups: Mapping[tuple[str, str], Group] = field(default_factory=dict, repr=False)
    _folders: Mapping[str, str] = field(default_factory=dict, repr=False)  # folder -> course
    _derived: dict[object, Any] = field(default_factory=dict, repr=False, compare=False)

    def kept(self, key: object, make: Callable[[], T]) -> T:
        """What `make` gets from this library alone: made once, and gone with the library."""
        if key not in self._derived:
            self._derived[key] = make()
        value: T = self._derived[key]
        return value

    def has(self, kind: str, id: str) -> bool:
        """Whether there is such a lesson, quiz, scenario, drill, negotiation or tool; no other kind can be opened yet."""
        known: dict[str, Mapping[str, object]] = {
            "lesson": self.lessons,
            "quiz": self.quizzes,
            "scenario": self.scenarios,
            "drill": self.drills,
            "negotiation": self.tables,
            "tool": TOOLS,
        }
        return id in known.get(kind, {})

    def lesson_text(self, id: str, language: str) -> LessonText:
        """The lesson in `language` or the language that stands in for it. Raises KeyError."""
        value = self._in_language("lesson", id, self.lessons[id].texts, language)
        assert isinstance(value, LessonText)
        return value

    def quiz(self, id: str, language: str) -> Quiz:
        """The quiz in `language` or the language that stands in for it. Raises KeyError."""
        value = self._in_language("quiz", id, self.quizzes[id], language)
        assert isinstance(value, Quiz)
        return value

    def scenario(self, id: str, language: str) -> Scenario:
        """The scenario in `language` or the language that stands in for it. Raises KeyError."""
        value = self._in_language("scenario", id, self.scenarios[id], language)
        assert isinstance(value, Scenario)
        return value

    def drill(self, id: str, language: str) -> Drill:
        """The drill in `language` or the language that stands in for it. Raises KeyError."""
        value = self._in_language("drill", id, self.drills[id], language)
        assert isinstance(value, Drill)
        return value

    def table(self, id: str, language: str) -> Table:
        """The negotiation in `language` or the language that stands in for it. Raises KeyError."""
        value = self._in_language("negotiation", id, self.tables[id], language)
        assert isinstance(value, Table)
        return value

    def _in_language(self, kind: str, id: str, values: Mapping[str, Any], language: str) -> Any:
        tag = chain(language, tuple(values))[0]
        if language == HANT and tag == HANS:
            group = self._groups[kind, id]
            assert group.derived is not None
            return _kept((HANT, group.key), group.derived)
        return values[tag]

    def title(self, kind: str, id: str, language: str) -> str:
        """The title of a course, lesson or activity; the id where there is none such (a survey).

        A tool's name is the program's own, in English: see `named`.
        """
        if kind == "course":
            title = self.courses[id].title if id in self.courses else self.planned.get(id, {})
            return pick(title, language) or id
        if kind == "lesson" and id in self.lessons:
            return self.lesson_text(id, language).title or id
        if kind == "quiz" and id in self.quizzes:
            return self.quiz(id, language).title or id
        if kind == "scenario" and id in self.scenarios:
            return self.scenario(id, language).title or id
        if kind == "drill" and id in self.drills:
            return self.drill(id, language).title or id
        if kind == "negotiation" and id in self.tables:
            return self.table(id, language).title or id
        return TOOLS[id].name if kind == "tool" and id in TOOLS else id

    def named(self, kind: str, id: str, language: str) -> str | Message:
        """The title as a sentence takes it: a tool's name is translated where it is read."""
        title = self.title(kind, id, language)
        return Message(title) if kind == "tool" and id in TOOLS else title

    def competency(self, code: str, language: str) -> str:
        """The name of a competency; the code where the library does not name it."""
        return pick(self.competencies[code].name, language) if code in self.competencies else code

    @staticmethod
    def text(texts: Mapping[str, str], language: str) -> str:
        """A text of a course or a term in `language`, or in the language that stands in for it."""
        return pick(texts, language)

    def minutes(self, kind: str, id: str) -> int:
        """Minutes one of average pace takes, in the followed language; 0 for what is not in the library."""
        if kind == "course" and id in self.courses:
            return sum(self.minutes(step.kind, step.id) for step in self.courses[id].playable)
        if kind == "tool":
            return TOOLS[id].minutes if id in TOOLS else 0
        group = self._groups.get((kind, id))
        return _kept(("minutes", group.key), lambda: _minutes(group)) if group else 0

    def authors_of(self, path: str) -> tuple[str, ...]:
        """The trainers to whom a file belongs, through the courses it is part of; () where it belongs to all of them."""
        return _authors(self, path)

    def step_of(self, course_id: str, kind: str, id: str) -> Step | None:
        """The step of the course that is this lesson or activity, its tests included; None where there is none."""
        course = self.courses.get(course_id)
        if course is None:
            return None
        # Tests before and after need not stand among the modules' steps.
        tests = (Step("quiz", test, optional=True) for test in (course.pretest, course.posttest) if test)
        steps = (*course.steps, *required(course), *tests)
        return next((step for step in steps if (step.kind, step.id) == (kind, id)), None)

    def text_at(self, path: str) -> tuple[str, str, str] | None:
        """(kind, id, language) of the text in a file; None where it holds none: a course, the glossary, no text at all."""
        for (kind, id), group in self._groups.items():
            for document in group.siblings.documents:
                if document.path == path:
                    return kind, id, document.language
        return None

    def leader(self, kind: str, id: str) -> str | None:
        """The language the others follow; None where there is no such text."""
        group = self._groups.get((kind, id))
        return group.siblings.first.language if group else None

    def path(self, kind: str, id: str, language: str) -> str | None:
        """The file that holds a lesson, quiz or scenario in exactly this language; None where there is none."""
        group = self._groups.get((kind, id))
        documents = group.siblings.documents if group else ()
        return next((document.path for document in documents if document.language == language), None)


@dataclass(frozen=True)
class Parsed:
    library: Library
    problems: tuple[Problem, ...]  # in order

    @property
    def fatal(self) -> bool:
        return any(problem.fatal for problem in self.problems)


# --- what the process keeps ---------------------------------------------------------------------------------------------

KEPT = 4_000  # values; a library of 30 courses has some 600 files
_cache: OrderedDict[object, Any] = OrderedDict()
_lock = Lock()


def _kept(key: object, make: Callable[[], T]) -> T:
    """The value for `key`, made at most once while it is remembered. Keys hold a content hash, so nothing goes stale."""
    with _lock:
        if key in _cache:
            _cache.move_to_end(key)
            found: T = _cache[key]
            return found
    value = make()
    with _lock:
        _cache[key] = value
        while len(_cache) > KEPT:
            _cache.popitem(last=False)
    return value


def _hash(data: bytes) -> str:
    return sha256(data).hexdigest()


# --- parsing ------------------------------------------------------------------------------------------------------------


def parse(files: Mapping[str, bytes]) -> Parsed:
    """The library in `files` (path → bytes, as in `courses/ppl/ppl-1.1.en.md`) and every problem. Never raises."""
    problems: list[Problem] = []
    course_files: list[CourseFile] = []
    documents: dict[tuple[str, str], list[Document]] = {}
    media: dict[str, str] = {}
    drawn: dict[str, Drawing] = {}
    lock_files: dict[str, bytes] = {}
    terms = Glossary(opened(GLOSSARY, "", b"").text, {}, {}, ())
    tags = Misconceptions(terms.text, {}, {}, ())
    able, asked = competencies.NONE, sources.NONE
    hashes = {path: _hash(data) for path, data in files.items()}
    for path in sorted(files):
        data = files[path]
        if COURSE_FILE.fullmatch(path):
            course_files.append(_kept(("course", path, hashes[path]), partial(courses.read, path, data)))
        elif path == GLOSSARY:
            terms = _kept(("terms", hashes[path]), partial(glossary.terms, path, data))
        elif path == competencies.PATH:
            able = _kept(("competencies", hashes[path]), partial(competencies.read, path, data))
        elif path == sources.PATH:
            asked = _kept(("sources", hashes[path]), partial(sources.read, path, data))
        elif path == MISCONCEPTIONS:
            tags = _kept(("tags", hashes[path]), partial(glossary.misconceptions, path, data))
        elif LOCK_FILE.fullmatch(path):
            lock_files[path] = data
        elif match := TEXT_FILE.fullmatch(path):
            key = (match["folder"], match["stem"])
            document = _kept(("text", path, hashes[path]), partial(opened, path, match["tag"], data))
            documents.setdefault(key, []).append(document)
        else:
            problems.extend(_other(path, data))
            if MEDIA_FILE.fullmatch(path) and ".." not in path:
                media[path] = hashes[path]
                if path.startswith("courses/") and path.endswith(".svg"):
                    drawn[path] = _kept(("drawing", path, hashes[path]), partial(drawings.read, path, data))
    for course_file in course_files:
        problems.extend(course_file.problems)
    problems.extend((*terms.problems, *tags.problems, *able.problems, *asked.problems))
    courses_by_id = _courses(course_files, problems)
    addresses = {path: f"/learn/media/{digest}.{path.rpartition('.')[2].lower()}" for path, digest in media.items()}
    folders = {file.path.rpartition("/")[0]: file.course.id for file in course_files}
    homes = _homes(documents, folders)
    groups: dict[tuple[str, str], Group] = {}
    for (folder, _), siblings in documents.items():
        group = _group(
            folder,
            folders.get(folder, ""),
            _with_leader(siblings, folder, course_files),
            homes,
            addresses,
            drawn,
            terms,
            hashes,
        )
        problems.extend(group.problems)
        if not group.id:
            continue
        known = groups.get((group.kind, group.id)) or next(
            (g for g in groups.values() if g.id == group.id and g.folder == group.folder), None
        )
        if known is not None:
            problems.append(_twice(group, known))
        else:
            groups[group.kind, group.id] = group
    library = Library(
        courses=_in_order(courses_by_id),
        lessons={g.id: g.lesson for g in groups.values() if g.lesson is not None},
        quizzes={g.id: g.quizzes for g in groups.values() if g.kind == "quiz" and g.quizzes},
        scenarios={g.id: g.scenarios for g in groups.values() if g.kind == "scenario" and g.scenarios},
        drills={g.id: g.drills for g in groups.values() if g.kind == "drill" and g.drills},
        tables={g.id: g.tables for g in groups.values() if g.kind == "negotiation" and g.tables},
        terms=terms.terms,
        media=media,
        misconceptions=tags.names,
        competencies=able.known,
        sources=asked.parts,
        planned=asked.planned,
        _groups=groups,
        _folders=folders,
    )
    problems.extend(_checked(library, groups, course_files, terms, tags))
    if able.text.lines:
        problems.extend(_checked_competencies(library, groups, course_files, able))
    problems.extend(_checked_sources(library, groups, asked))
    problems.extend(_out_of_date(lock_files, groups.values()))
    return Parsed(library, ordered(problems))


def _out_of_date(files: Mapping[str, bytes], groups: Collection[Group]) -> list[Problem]:
    problems: list[Problem] = []
    for path, data in files.items():
        made, found = locks.read(path, data)
        problems.extend(found)
        folder = path.rpartition("/")[0]
        for group in groups:
            if group.folder == folder:
                problems.extend(locks.stale(made, group.siblings, group.kind == "lesson"))
    return problems


def written_locks(files: Mapping[str, bytes], confirmed: Collection[str] = ()) -> dict[str, bytes]:
    """Path → what each `translations.lock` should hold now, where that differs from `files`.

    `confirmed` are paths of translations that are still right although the text they were made from has changed.
    """
    groups = parse(files).library._groups.values()
    found: dict[str, bytes] = {}
    for folder in sorted({group.folder for group in groups}):
        path = f"{folder}/translations.lock"
        made, _ = locks.read(path, files.get(path, b""))
        own = sorted((group for group in groups if group.folder == folder), key=lambda group: group.siblings.first.path)
        data = locks.written(made, [(group.siblings, group.kind == "lesson") for group in own], confirmed)
        if data != files.get(path, b""):
            found[path] = data
    return found


def _other(path: str, data: bytes) -> list[Problem]:
    """What is wrong with a file that is no text of the library."""

    def problem(severity: Severity, code: str, said: Any, mend: Any = None) -> list[Problem]:
        return [Problem(path, 1, 1, severity, code, said, mend)]

    if MEDIA_FILE.fullmatch(path):
        if len(data) > MAX_MEDIUM:
            return problem(
                Severity.error,
                "file-too-large",
                message("The file has %(size)s bytes; a medium may have %(limit)s.", size=len(data), limit=MAX_MEDIUM),
                message("Make it smaller."),
            )
        return []
    if "/media/" in path:
        return problem(
            Severity.warning,
            "unknown-medium",
            message("A file of this kind is not shown."),
            message("Possible: %(words)s", words=tuple(MEDIA)),
        )
    if path.endswith(".md"):
        return problem(
            Severity.error,
            "no-language-in-name",
            message("The name of this file does not say which language it is in."),
            message("Name it `lesson.en.md`, in `courses/<course>/` or in `quizzes/`."),
        )
    return problem(
        Severity.warning,
        "unknown-file",
        message("This file is no part of the library."),
        message("Pictures and sounds belong into a folder `media/`."),
    )


def _courses(files: Sequence[CourseFile], problems: list[Problem]) -> dict[str, Course]:
    found: dict[str, Course] = {}
    for file in files:
        course = file.course
        if course.id in found:
            report = file.report
            report.error(
                Line(1, 0, ""),
                "duplicate-id",
                message("There is a course `%(id)s` already.", id=course.id),
                message("Give this one another id."),
            )
            problems.extend(report.problems)
        else:
            found[course.id] = course
    return found


def _in_order(found: Mapping[str, Course]) -> dict[str, Course]:
    """The courses as one would take them: each after all those it requires, else by id."""

    def before(id: str, above: frozenset[str]) -> int:
        """How many courses in a row come first; a course that requires itself, by whatever way, is not counted again."""
        if id in above or id not in found:
            return -1
        return 1 + max((before(one, above | {id}) for one in found[id].requires), default=-1)

    return {id: found[id] for id in sorted(found, key=lambda id: (before(id, frozenset()), id))}


def _homes(documents: Mapping[tuple[str, str], Sequence[Document]], folders: Mapping[str, str]) -> dict[str, str]:
    """Lesson -> the course in whose folder it lies."""
    found: dict[str, str] = {}
    for (folder, _), siblings in documents.items():
        if folder.startswith("courses/"):
            for document in siblings:
                id = schema.text("id", schema.value(document.front, "id"), document.report)
                found.setdefault(id, folders.get(folder, folder.partition("/")[2]))
    return found


def _with_leader(documents: list[Document], folder: str, files: Sequence[CourseFile]) -> list[Document]:
    """The course's first language first: it leads where no file says whom it follows."""
    path = f"{folder}/course.yaml"
    tags = next((file.course.languages for file in files if file.path == path), ("en",))
    order = {tag: place for place, tag in enumerate(tags)}
    return sorted(documents, key=lambda document: (order.get(document.language, len(order)), document.language))


def _group(
    folder: str,
    course: str,
    documents: Sequence[Document],
    homes: Mapping[str, str],
    addresses: Mapping[str, str],
    drawn: Mapping[str, Drawing],
    terms: Glossary,
    hashes: Mapping[str, str],
) -> Group:
    """Parsed once for the same files, and the same places their links lead to."""
    links = [link for document in documents for link in document.links]
    lessons_used = {link.rest: homes[link.rest] for link in links if link.scheme == "lesson" and link.rest in homes}
    media_used = {}
    for link in links:
        for target in (link.target, re.sub(r"\.\w+$", ".vtt", link.target)):
            if f"{folder}/{target}" in addresses:
                media_used[target] = addresses[f"{folder}/{target}"]
    terms_used = frozenset(link.rest for link in links if link.scheme == "term" and link.rest in terms.terms)
    parts = [
        course,
        *sorted(terms_used),
        *(f"{document.path} {hashes[document.path]}" for document in documents),
        *(f"{key} {value}" for key, value in sorted({**lessons_used, **media_used}.items())),
    ]
    key = _hash("\n".join(parts).encode())
    here = {target: drawn[path] for target in media_used if (path := f"{folder}/{target}") in drawn}
    places = Places(lessons_used, media_used, terms_used, popovers=folder != "quizzes", drawings=here)
    return _kept(("group", key), lambda: _parsed(key, folder, course, documents, places))


def _parsed(key: str, folder: str, course: str, documents: Sequence[Document], places: Places) -> Group:
    stem = documents[0].path.rpartition("/")[2].rpartition(".")[0].rpartition(".")[0]
    siblings = arranged(documents, places, stem)
    for document in documents:
        if not schema.language(document.language, Line(1, 0, ""), siblings.reports[document.language]):
            pass  # said
    group = Group(key, folder, "lesson", siblings)
    if folder != "quizzes":
        group = _lesson(group, course or folder.partition("/")[2])
    else:
        first = siblings.first
        report = siblings.reports[first.language]
        kind = schema.one_of("kind", schema.value(first.front, "kind"), schema.KINDS, report)
        if kind == "quiz":
            group = _quiz(replace(group, kind=kind))
        elif kind == "scenario":
            group = _scenario(replace(group, kind=kind))
        elif kind == "drill":
            group = _drill(replace(group, kind=kind))
        elif kind == "negotiation":
            group = _negotiation(replace(group, kind=kind))
        elif kind:
            report.note(
                first.at("kind"),
                "kind-to-come",
                message("Files of kind `%(kind)s` cannot be used yet: this one is left out.", kind=kind),
            )
            group = replace(group, kind=kind)
        elif first.text.lines and "kind" not in first.front.values:
            report.error(
                first.front.at,
                "no-kind",
                message("The kind is missing."),
                message("Write `kind: quiz`, `kind: drill`, `kind: scenario` or `kind: negotiation`."),
            )
            group = replace(group, kind="")
    found = [problem for document in documents for problem in document.problems]
    found.extend(problem for report in siblings.reports.values() for problem in report.problems)
    codes = ((d.language, code, at) for d in documents for code, at in competencies.codes(d, group.kind))
    return replace(group, problems=tuple(found), codes=tuple(codes))


def _lesson(group: Group, course: str) -> Group:
    siblings = group.siblings
    check_keys(siblings, lessons.KEYS, lessons.OWN)
    languages.compare_lessons(siblings)
    lesson = lessons.lesson(siblings, course, lambda tag: AS_WRITTEN)
    return replace(group, lesson=lesson, derived=lambda: lessons.built(siblings, HANS, TRADITIONAL))


def _quiz(group: Group) -> Group:
    siblings = group.siblings
    check_keys(siblings, quizzes.KEYS, quizzes.OWN)
    sheets = {
        document.language: quizzes.sheet(document, siblings.reports[document.language])
        for document in siblings.documents
    }
    languages.compare_quizzes(siblings, sheets)
    built = {tag: quizzes.built(siblings, sheets, tag, AS_WRITTEN, siblings.reports) for tag in sheets}
    for document in siblings.documents:
        giveaways.check(document, built[document.language], siblings.reports[document.language])

    def traditional() -> Quiz:
        silent = {document.language: document.report for document in siblings.documents}
        return quizzes.built(siblings, sheets, HANS, TRADITIONAL, silent)

    tags = tuple((tag, span.text, span.at) for tag, sheet in sheets.items() for span in quizzes.misconceptions(sheet))
    asked = tuple((tag, span.text, span.at) for tag, sheet in sheets.items() for span in quizzes.lessons(sheet))
    return replace(group, quizzes=built, derived=traditional, tags=tags, asked=asked)


def _scenario(group: Group) -> Group:
    siblings = group.siblings
    first = siblings.first
    check_keys(siblings, scenarios.KEYS, scenarios.OWN)
    report = siblings.reports[first.language]
    frame = scenarios.frame(first, report)
    readable = not any(problem.fatal for problem in report.problems)
    sheets = {
        document.language: scenarios.sheet(document, frame, siblings.reports[document.language])
        for document in siblings.documents
    }
    scenarios.check_names(first, frame, sheets[first.language], report)
    languages.compare_scenarios(siblings, frame, sheets)
    # What a translation leads to is held against the first file, scene by scene.
    sound = scenarios.check_targets(sheets[first.language], report)
    if not sound or not sheets[first.language].scenes:
        return group  # a story with a hole in it cannot be walked
    built = {tag: scenarios.built(siblings, frame, sheets, tag, AS_WRITTEN) for tag in sheets}
    if readable:  # a start or a number of turns that could not be read would only bring consequences
        _walked(built[first.language], sheets[first.language], report)
    return replace(group, scenarios=built, derived=lambda: scenarios.built(siblings, frame, sheets, HANS, TRADITIONAL))


def _drill(group: Group) -> Group:
    siblings = group.siblings
    first = siblings.first
    check_keys(siblings, drills.KEYS, drills.OWN)
    found = {
        document.language: drills.drafts(document, siblings.reports[document.language])
        for document in siblings.documents
    }
    sheets = {tag: one.sheet for tag, one in found.items()}
    languages.compare_quizzes(siblings, sheets)
    drills.compare(siblings, found)
    drills.check_balance(found[first.language], siblings.reports[first.language])
    if len(found[first.language].choices) < drills.FEWEST:
        return group  # nothing to tell apart
    built = {tag: drills.built(siblings, found, tag, AS_WRITTEN, siblings.reports) for tag in sheets}

    def traditional() -> Drill:
        silent = {document.language: document.report for document in siblings.documents}
        return drills.built(siblings, found, HANS, TRADITIONAL, silent)

    tags = tuple((tag, span.text, span.at) for tag, sheet in sheets.items() for span in quizzes.misconceptions(sheet))
    asked = tuple((tag, span.text, span.at) for tag, sheet in sheets.items() for span in quizzes.lessons(sheet))
    if not built[first.language].questions:
        return replace(group, tags=tags, asked=asked)
    return replace(group, drills=built, derived=traditional, tags=tags, asked=asked)


def _negotiation(group: Group) -> Group:
    siblings = group.siblings
    first = siblings.first
    check_keys(siblings, negotiations.KEYS, negotiations.OWN)
    report = siblings.reports[first.language]
    frame = negotiations.frame(first, report)
    sheets = {
        document.language: negotiations.sheet(document, frame, siblings.reports[document.language])
        for document in siblings.documents
    }
    negotiations.check(frame, sheets[first.language], report)
    negotiations.compare(siblings, frame, sheets)
    if any(problem.fatal for problem in report.problems):
        return group  # a table with a number missing cannot be played
    built = {tag: negotiations.built(siblings, frame, sheets, tag, AS_WRITTEN) for tag in sheets}
    negotiations.check_zone(built[first.language], frame, report)
    return replace(group, tables=built, derived=lambda: negotiations.built(siblings, frame, sheets, HANS, TRADITIONAL))


def _walked(scenario: Scenario, sheet: scenarios.Sheet, report: Report) -> None:
    """What walking the scenario shows, at the scene or choice it is about."""
    broken = any(problem.fatal for problem in report.problems)
    known = {(problem.line, problem.code) for problem in report.problems}
    for finding in _findings(scenario):
        at = sheet.document.front.at
        draft = sheet.scenes.get(finding.scene) if finding.scene is not None else None
        if draft is not None:
            at = draft.section.at
            if finding.choice is not None and finding.choice < len(draft.choices):
                at = draft.choices[finding.choice].entry.at
        if (at.number, finding.code) in known or (broken and not finding.fatal):
            continue  # said already, or perhaps only a consequence of what was said
        say = report.error if finding.fatal else report.warning
        say(at, finding.code, finding.message, finding.mend)


def _findings(scenario: Scenario) -> tuple[scenario_lint.Finding, ...]:
    """Kept by what the walk depends on: the story without its words, so that changing a sentence does not walk it anew."""
    bare = replace(
        scenario,
        briefing="",
        debrief="",
        scenes={
            id: replace(
                scene,
                text={},
                debrief="",
                choices=tuple(replace(choice, text={}, consequence={}) for choice in scene.choices),
            )
            for id, scene in scenario.scenes.items()
        },
    )
    return _kept(("walk", _hash(repr(bare).encode())), partial(scenario_lint.findings, scenario))


def _twice(group: Group, known: Group) -> Problem:
    report = group.siblings.first.report
    report.error(
        group.siblings.first.at("id"),
        "duplicate-id",
        message("The id `%(id)s` stands in `%(path)s` already.", id=group.id, path=known.siblings.first.path),
        message("Give this one another id."),
    )
    return report.problems[0]


def _minutes(group: Group) -> int:
    language = group.siblings.first.language
    if group.lesson is not None:
        written = schema.number(
            "minutes", schema.value(group.siblings.first.front, "minutes"), group.siblings.first.report, 1, 600
        )
        return written or group.lesson.texts[language].minutes
    if language in group.quizzes:
        return reading.minutes(quizzes.seconds(group.quizzes[language]))
    if language in group.drills:
        return reading.minutes(drills.seconds(group.drills[language]))
    if language in group.tables:
        written = schema.number(
            "minutes", schema.value(group.siblings.first.front, "minutes"), group.siblings.first.report, 1, 600
        )
        return written or reading.minutes(negotiations.seconds(group.tables[language]))
    if language in group.scenarios:
        written = schema.number(
            "minutes", schema.value(group.siblings.first.front, "minutes"), group.siblings.first.report, 1, 600
        )
        return written or reading.minutes(scenarios.seconds(group.scenarios[language]))
    return 0


def _authors(library: Library, path: str) -> tuple[str, ...]:
    folder = "/".join(path.split("/")[:2])
    if folder in library._folders:
        used = [library.courses[library._folders[folder]]]
    elif path.startswith("quizzes/") and (match := TEXT_FILE.fullmatch(path)):
        group = next((g for g in library._groups.values() if any(d.path == path for d in g.siblings.documents)), None)
        id = group.id if group else match["stem"]
        used = [
            course
            for course in library.courses.values()
            if id in (course.pretest, course.posttest) or any(s.id == id and s.kind != "lesson" for s in course.steps)
        ]
    else:
        used = []
    if any(not course.authors for course in used):
        return ()
    return tuple(dict.fromkeys(address for course in used for address in course.authors))


# --- checks that need the whole library -----------------------------------------------------------------------------------


def _checked(
    library: Library,
    groups: Mapping[tuple[str, str], Group],
    files: Sequence[CourseFile],
    terms: Glossary,
    tags: Misconceptions,
) -> list[Problem]:
    problems: list[Problem] = []
    # A file whose kind is missing or misspelt is there nevertheless.
    known = {(kind or any_kind, id) for kind, id in groups for any_kind in ANY_KIND}
    for file in files:
        problems.extend(_checked_course(file, library, known))
    used: set[str] = set()
    for group in groups.values():
        for document in group.siblings.documents:
            report = document.report
            _check_links(document, group, library, known, used, report)
            problems.extend(report.problems)
        problems.extend(_checked_tags(group, tags))
        problems.extend(_checked_lessons(group, library))
    report = Report(terms.text)
    for slug, at in terms.places.items():
        if slug not in used:
            report.note(at, "unused-term", message("No lesson uses the term `%(slug)s`.", slug=slug))
    problems.extend(report.problems)
    problems.extend(_checked_windows(library, groups))
    problems.extend(_unused(library, files, groups))
    problems.extend(_checked_drawings(groups, files))
    return problems


def _checked_drawings(groups: Mapping[tuple[str, str], Group], files: Sequence[CourseFile]) -> list[Problem]:
    """What is wrong with the drawings that lessons show: each once, in the languages of its course."""
    problems: list[Problem] = []
    shown: dict[str, Drawing] = {}
    for group in groups.values():
        if group.kind != "lesson":
            continue
        for document in group.siblings.documents:
            report = document.report
            for block in document.blocks:
                picture = drawing(block) if isinstance(block, Paragraph) else None
                if picture is None:
                    continue
                if not picture.alt:
                    report.error(
                        block.at,
                        "no-alt",
                        message("This picture has no words for those who cannot see it."),
                        message("Write what it shows: `![…](%(target)s)`.", target=picture.target),
                    )
                found = group.siblings.places.drawings.get(picture.target)
                if found is not None:
                    shown[f"{group.folder}/{picture.target}"] = found
            problems.extend(report.problems)
    tags = {file.path.rpartition("/")[0]: file.course.languages[1:] for file in files}
    for path, one in shown.items():
        problems.extend(one.problems)
        problems.extend(drawings.untranslated(one, tags.get(path.partition("/media/")[0], ())))
    return problems


def _checked_course(file: CourseFile, library: Library, known: set[tuple[str, str]]) -> list[Problem]:
    report = file.report
    for step, at in file.steps:
        if step.kind == "tool" and step.id not in TOOLS:
            report.error(
                at,
                "unknown-step",
                message("There is no %(kind)s `%(id)s`.", kind=step.kind, id=step.id),
                schema.meant(step.id, TOOLS) or _all_tools(),
            )
        elif step.kind == "tool":
            continue
        elif (step.kind, step.id) not in known:
            ids = sorted(id for kind, id in known if kind == step.kind)
            report.error(
                at,
                "unknown-step",
                message("There is no %(kind)s `%(id)s`.", kind=step.kind, id=step.id),
                schema.meant(step.id, ids) or message("Write the file, or delete this step."),
            )
        elif step.kind == "survey":
            report.note(
                at,
                "kind-to-come",
                message("Steps of kind `%(kind)s` cannot be done yet: this one is left out.", kind=step.kind),
            )
        elif step.replay is not None and step.id in library.scenarios:
            variants = next(iter(library.scenarios[step.id].values())).variants[1:]
            if step.replay not in variants:
                report.error(
                    at,
                    "unknown-variant",
                    message("The scenario has no variant `%(name)s`.", name=step.replay),
                    schema.meant(step.replay, variants),
                )
    for key, at in file.tests.items():
        id = file.course.pretest if key == "pretest" else file.course.posttest
        if id is not None and ("quiz", id) not in known:
            ids = sorted(known_id for kind, known_id in known if kind == "quiz")
            report.error(
                at, "unknown-step", message("There is no %(kind)s `%(id)s`.", kind="quiz", id=id), schema.meant(id, ids)
            )
    if len(file.tests) == 2 and not parallel(library, file.course):
        report.warning(
            file.tests["posttest"],
            "forms-not-parallel",
            message(
                "`%(pretest)s` and `%(posttest)s` do not ask the same of each lesson and difficulty.",
                pretest=file.course.pretest or "",
                posttest=file.course.posttest or "",
            ),
            message("Give each question its twin in the other form, or draw both by the same rules."),
        )
    for id, at in file.requires.items():
        if id not in library.courses:
            report.note(
                at,
                "course-to-come",
                message("There is no course `%(id)s` yet: it is shown as a recommendation.", id=id),
            )
    return report.problems


def parallel(library: Library, course: Course) -> bool:
    """Whether the tests before and after ask as much of each lesson and difficulty; True where one is not there."""
    forms = [library.quizzes.get(id or "") for id in (course.pretest, course.posttest)]
    before, after = (next(iter(form.values())) if form else None for form in forms)
    if before is None or after is None or before.id == after.id:
        return True
    if before.rules or after.rules:
        return sorted(map(repr, before.rules)) == sorted(map(repr, after.rules))
    asked = [Counter((q.lesson, q.difficulty, q.points) for q in form.questions) for form in (before, after)]
    return before.draw == after.draw and asked[0] == asked[1]


def _check_links(
    document: Document, group: Group, library: Library, known: set[tuple[str, str]], used: set[str], report: Report
) -> None:
    anchors: set[str] | None = None
    for link in document.links:
        if link.scheme == "term":
            used.add(link.rest)
            if link.rest not in library.terms:
                report.warning(
                    link.at,
                    "unknown-term",
                    message("The glossary has no term `%(slug)s`.", slug=link.rest[:60]),
                    schema.meant(link.rest, tuple(library.terms))
                    if len(library.terms) > 12
                    else _glossary_mend(link.rest, library),
                )
        elif link.scheme == "tool" and link.rest in TOOLS:
            continue
        elif link.scheme == "tool":
            report.error(
                link.at,
                "unknown-target",
                message("There is no %(kind)s `%(id)s`.", kind="tool", id=link.rest[:60]),
                schema.meant(link.rest, TOOLS) or _all_tools(),
            )
        elif link.scheme in CARDS:
            coming = sources.to_come(library.planned, Cover(link.scheme, link.rest), library.courses)
            if coming and (link.scheme, link.rest) not in known:
                report.note(
                    link.at,
                    "course-to-come",
                    message(
                        "`%(id)s` belongs to a course that is still to come: this link leads nowhere.", id=link.rest
                    ),
                )
            elif (link.scheme, link.rest) not in known:
                ids = sorted(id for kind, id in known if kind == link.scheme)
                report.error(
                    link.at,
                    "unknown-target",
                    message("There is no %(kind)s `%(id)s`.", kind=link.scheme, id=link.rest[:60]),
                    schema.meant(link.rest, ids),
                )
        elif link.target.startswith("#") and group.kind == "lesson" and group.lesson is not None:
            if anchors is None:
                text = group.lesson.texts.get(document.language)
                anchors = {heading.anchor for heading in text.headings} if text else set()
            if link.target[1:] not in anchors:
                report.error(
                    link.at,
                    "unknown-anchor",
                    message("There is no heading `%(anchor)s`.", anchor=link.target[:60]),
                    schema.meant(link.target[1:], sorted(anchors)),
                )
        elif link.target.startswith("media/") and f"{group.folder}/{link.target}" not in library.media:
            inside = f"{group.folder}/media/"
            names = [path.removeprefix(f"{group.folder}/") for path in library.media if path.startswith(inside)]
            report.error(
                link.at,
                "unknown-medium",
                message("There is no file `%(path)s`.", path=link.target[:80]),
                schema.meant(link.target, names) or message("Put it into the folder `%(folder)s`.", folder=inside),
            )


def _checked_competencies(
    library: Library, groups: Mapping[tuple[str, str], Group], files: Sequence[CourseFile], able: Competencies
) -> list[Problem]:
    """Codes that are not in the file, and what courses teach and ask for held against each other."""
    problems: list[Problem] = []
    for group in groups.values():
        for document in group.siblings.documents:
            report = document.report
            for language, code, at in group.codes:
                if language == document.language:
                    competencies.check(code, at, able, report)
            problems.extend(report.problems)
    for file in files:
        report = file.report
        for code, at in file.competencies.items():
            competencies.check(code, at, able, report)
        _check_evidence(library, file, report)
        problems.extend(report.problems)
    report = Report(able.text)
    taught = {code for lesson in library.lessons.values() for code in lesson.competencies}
    for code, at in able.places.items():
        if code not in taught:
            report.note(
                at,
                "not-taught",
                message("No lesson teaches %(code)s (%(name)s).", code=code, name=library.competency(code, "en")),
            )
    return [*problems, *report.problems]


def _check_evidence(library: Library, file: CourseFile, report: Report) -> None:
    """What a course asks for is taught in it or before it, and what it teaches is asked for."""
    course = file.course
    at = next(iter(file.competencies.values()), Line(1, 0, ""))
    taught = {code for id in course.lesson_ids if id in library.lessons for code in library.lessons[id].competencies}
    before = set(taught)
    for id in _before(library, course):
        lessons_before = (library.lessons[one] for one in library.courses[id].lesson_ids if one in library.lessons)
        before.update(code for lesson in lessons_before for code in lesson.competencies)
    asked: dict[str, str] = {}
    activities = [(step.kind, step.id) for step in course.steps]
    activities += [("quiz", id) for id in (course.pretest, course.posttest) if id]
    for kind, id in activities:
        if kind == "quiz" and id in library.quizzes:
            for question in next(iter(library.quizzes[id].values())).questions:
                asked.update((code, id) for code in question.competencies if code not in asked)
        elif kind == "drill" and id in library.drills:
            for question in next(iter(library.drills[id].values())).questions:
                asked.update((code, id) for code in question.competencies if code not in asked)
        elif kind == "negotiation" and id in library.tables:
            table = next(iter(library.tables[id].values()))
            asked.update((code, id) for code in table.competencies if code not in asked)
        elif kind == "scenario" and id in library.scenarios:
            scenario = next(iter(library.scenarios[id].values()))
            asked.update((code, id) for code in scenario.competencies if code not in asked)
    for code in sorted(set(asked) - before):
        name = library.competency(code, course.languages[0] if course.languages else "en")
        report.note(
            at,
            "asked-not-taught",
            message(
                "`%(id)s` asks for %(code)s (%(name)s), which no lesson of this course or before it teaches.",
                id=asked[code],
                code=code,
                name=name,
            ),
            message("Name it in a lesson's `competencies`, or in `requires` a course that teaches it."),
        )
    for code in sorted(taught - set(asked)):
        name = library.competency(code, course.languages[0] if course.languages else "en")
        report.note(
            at,
            "never-evidenced",
            message("Lessons teach %(code)s (%(name)s), and nothing in this course asks for it.", code=code, name=name),
            message("Let a question end in `%(code)s`, or a choice in `%(code)s +`.", code=code),
        )


def _before(library: Library, course: Course) -> set[str]:
    """The courses to take before this one, and before those."""
    found: set[str] = set()
    waiting = list(course.requires)
    while waiting:
        id = waiting.pop()
        if id in library.courses and id not in found:
            found.add(id)
            waiting.extend(library.courses[id].requires)
    return found


def _checked_sources(library: Library, groups: Mapping[tuple[str, str], Group], asked: Sources) -> Sequence[Problem]:
    report = Report(asked.text)
    kinds = ("lesson", "quiz", "scenario", "drill", "negotiation")
    known = {kind: [id for k, id in groups if k == kind] for kind in kinds}
    sources.check(asked, {**known, "course": tuple(library.courses)}, report)
    return report.problems


def _all_tools() -> Message:
    return message("Possible: %(words)s", words=tuple(f"`{id}`" for id in TOOLS))


def _checked_windows(library: Library, groups: Mapping[tuple[str, str], Group]) -> list[Problem]:
    """Answers that are shown when a quiz has closed need it to close, in its own file or where a course takes it."""
    problems: list[Problem] = []
    closing = {step.id for course in library.courses.values() for step in course.steps if step.closes is not None}
    for id, tags in library.quizzes.items():
        quiz = next(iter(tags.values()))
        if quiz.feedback != "window" or quiz.closes is not None or id in closing:
            continue
        first = groups["quiz", id].siblings.first
        report = first.report
        report.error(
            first.at("feedback"),
            "no-closing",
            message("Answers must be shown in the end: `feedback: window` needs a `closes`."),
            message("Write `closes: 2027-03-01 18:00` here, or at the step in `course.yaml`."),
        )
        problems.extend(report.problems)
    return problems


def _glossary_mend(slug: str, library: Library) -> Any:
    return schema.meant(slug, tuple(library.terms)) or message("Write it into `courses/glossary.yaml`.")


def _checked_tags(group: Group, tags: Misconceptions) -> list[Problem]:
    problems: list[Problem] = []
    for document in group.siblings.documents:
        report = document.report
        for language, tag, at in group.tags:
            if language == document.language and tag not in tags.names:
                report.error(
                    at,
                    "unknown-misconception",
                    message("`%(tag)s` is no misconception in `quizzes/misconceptions.yaml`.", tag=tag[:60]),
                    schema.meant(tag, tuple(tags.names)) or message("Write it there, with a name in each language."),
                )
        problems.extend(report.problems)
    return problems


def _checked_lessons(group: Group, library: Library) -> list[Problem]:
    """Questions name lessons that there are."""
    problems: list[Problem] = []
    for document in group.siblings.documents:
        report = document.report
        for language, id, at in group.asked:
            if language == document.language and id not in library.lessons:
                report.error(
                    at,
                    "unknown-lesson",
                    message("There is no %(kind)s `%(id)s`.", kind="lesson", id=id[:60]),
                    schema.meant(id, sorted(library.lessons)) or message("Write the lesson, or delete this word."),
                )
        problems.extend(report.problems)
    return problems


def _unused(library: Library, files: Sequence[CourseFile], groups: Mapping[tuple[str, str], Group]) -> list[Problem]:
    """Lessons that no course shows, and texts in a folder without a course."""
    problems: list[Problem] = []
    steps = {(step.kind, step.id) for course in library.courses.values() for step in course.steps}
    folders = {file.path.rpartition("/")[0] for file in files}
    for group in groups.values():
        if group.kind != "lesson":
            continue
        report = group.siblings.first.report
        if group.folder not in folders:
            report.error(
                Line(1, 0, ""),
                "no-course",
                message("There is no `course.yaml` in `%(folder)s`.", folder=group.folder),
                message("Write one, or move the lesson."),
            )
        elif ("lesson", group.id) not in steps and all(file.whole for file in files):
            report.warning(
                group.siblings.first.at("id"),
                "unused-lesson",
                message("No course has the lesson `%(id)s` as a step.", id=group.id),
                message("Write `- lesson: %(id)s` under `steps:` in `course.yaml`.", id=group.id),
            )
        problems.extend(report.problems)
    return problems
