"""What one would want to know of a library before a reader does: lengths, reading level, what stands twice, where keys lie.

A measure is a fact; a finding is a fact outside the bounds below, with its place. Pure: it needs the files alone.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kamtrain.content import prose
from kamtrain.content.giveaways import keys, plain, slots
from kamtrain.content.library import Library, Parsed, parse
from kamtrain.core.catalog import Course, Html
from kamtrain.core.problems import Severity
from kamtrain.core.quiz import Part, Quiz

WORDS = (900, 1500)  # of a lesson in English
LONGER = (1.1, 2.0)  # characters in Chinese for each word in English; outside of it something is missing in one of them
GRADE = 8.0  # of a lesson in English at most: a school grade
SENTENCE = 25.0  # characters in Chinese on the average at most
MINUTES = 1 / 3  # by which a written `minutes:` may differ from what is computed
PARAGRAPH = {"en": 60, "zh": 20}  # characters from which a paragraph is compared
LEAST = {"en": 6, "zh": 10}  # pieces of a sentence from which it is compared
FEEDBACK = {"en": 24, "zh": 10}  # characters from which a sentence of feedback is
SHARE = 0.45  # of the right answers at most in one place, or longest, or shortest
ENOUGH = 12  # choices from which shares say something
MANY = 20  # choices from which a quiz is looked at alone
LESSONS = 2  # in which a term of the table stands, so that the glossary should explain it


@dataclass(frozen=True)
class Finding:
    kind: str  # length, minutes, reading, paragraph, sentence, feedback, term, translation, key, checker
    where: str  # a lesson, quiz or course, with its language where that matters
    text: str


@dataclass(frozen=True)
class LessonMeasure:
    id: str
    language: str
    size: int  # words, or Chinese characters
    minutes: int  # to read
    sentence: float  # words or characters on the average
    grade: float | None  # None in Chinese


@dataclass(frozen=True)
class KeyMeasure:
    where: str  # a quiz, or all others of a course
    language: str
    slot: int  # 1: what is asked first, 2: why
    asked: int
    places: tuple[int, ...]  # right answers in the first place, the second …
    longest: int  # right answers that are longer than every wrong one
    shortest: int


@dataclass(frozen=True)
class CourseMeasure:
    id: str
    lessons: tuple[LessonMeasure, ...]
    minutes: int  # of everything in it
    questions: int
    types: Mapping[str, int]  # of what is asked: type -> how often
    scenarios: int
    keys: tuple[KeyMeasure, ...]

    def size(self, language: str) -> int:
        """Words, or characters, of its lessons."""
        return sum(lesson.size for lesson in self.lessons if lesson.language == language)


@dataclass(frozen=True)
class Measures:
    courses: tuple[CourseMeasure, ...]
    findings: tuple[Finding, ...]

    @property
    def clean(self) -> bool:
        return not self.findings


def measured(files: Mapping[str, bytes]) -> Measures:
    """Measures and findings of the library in `files`."""
    parsed = parse(files)
    library = parsed.library
    courses = tuple(_course(library, course) for course in library.courses.values())
    findings = [
        *_checker(parsed),
        *(finding for course in library.courses.values() for finding in _untranslated(library, course)),
        *(finding for course in courses for finding in _lengths(library, course)),
        *_twice(library),
        *_feedback_twice(library),
        *_terms(library),
        *(finding for course in courses for key in course.keys for finding in _given_away(key)),
    ]
    return Measures(courses, tuple(findings))


# --- measures -----------------------------------------------------------------------------------------------------------


def _texts(library: Library, id: str, language: str) -> tuple[str, ...]:
    """The paragraphs of a lesson as written in exactly this language."""
    blocks = library.lessons[id].texts[language].blocks
    return tuple(p for block in blocks if isinstance(block, Html) for p in prose.paragraphs(block.html))


def _course(library: Library, course: Course) -> CourseMeasure:
    lessons = [
        _lesson(library, id, language)
        for id in course.lesson_ids
        if id in library.lessons
        for language in library.lessons[id].texts
    ]
    quizzes = [next(iter(library.quizzes[id].values())) for id in _quizzes(library, course)]
    return CourseMeasure(
        id=course.id,
        lessons=tuple(lessons),
        minutes=library.minutes("course", course.id),
        questions=sum(len(quiz.questions) for quiz in quizzes),
        types=dict(Counter(part.type for quiz in quizzes for question in quiz.questions for part in question.parts)),
        scenarios=sum(step.kind == "scenario" and step.id in library.scenarios for step in course.steps),
        keys=tuple(_keys(library, course)),
    )


def _lesson(library: Library, id: str, language: str) -> LessonMeasure:
    text = library.lessons[id].texts[language]
    ease = prose.ease(_texts(library, id, language), language)
    return LessonMeasure(id, language, text.words, text.minutes, ease.length, ease.grade)


def _quizzes(library: Library, course: Course) -> tuple[str, ...]:
    ids = [step.id for step in course.steps if step.kind == "quiz"]
    ids += [id for id in (course.pretest, course.posttest) if id]
    return tuple(id for id in dict.fromkeys(ids) if id in library.quizzes)


def _slots(quiz: Quiz) -> dict[int, list[Part]]:
    """The single choices by their place in the question; those that always offer the same are left out: they are a key."""
    return {
        slot: parts
        for slot, parts in slots(quiz.questions).items()
        if len(parts) < ENOUGH or len({tuple(option.html for option in part.item.options) for part in parts}) > 1
    }


def _keys(library: Library, course: Course) -> Iterator[KeyMeasure]:
    """Of each long quiz by itself, and of the course's others together."""
    ids = _quizzes(library, course)
    for language in course.languages:
        pooled: dict[int, list[Part]] = {}
        for id in ids:
            if language not in library.quizzes[id]:
                continue
            for slot, parts in _slots(library.quizzes[id][language]).items():
                if len(parts) >= MANY:
                    yield _key(id, language, slot, parts)
                else:
                    pooled.setdefault(slot, []).extend(parts)
        for slot, parts in sorted(pooled.items()):
            yield _key(course.id, language, slot, parts)


def _key(where: str, language: str, slot: int, parts: Sequence[Part]) -> KeyMeasure:
    found = keys(parts)
    return KeyMeasure(where, language, slot, found.asked, found.places, found.longest, found.shortest)


# --- findings -----------------------------------------------------------------------------------------------------------


def _checker(parsed: Parsed) -> Iterator[Finding]:
    counts = Counter(problem.severity for problem in parsed.problems)
    errors, warnings = counts[Severity.error], counts[Severity.warning]
    if errors or warnings:
        yield Finding("checker", "content check", f"{errors} error(s), {warnings} warning(s)")


def _untranslated(library: Library, course: Course) -> Iterator[Finding]:
    wanted = [(step.kind, step.id) for step in course.playable if step.kind != "tool"]  # tools speak as pages do
    wanted += [("quiz", id) for id in (course.pretest, course.posttest) if id]
    for kind, id in dict.fromkeys(wanted):
        for language in course.languages:
            if library.has(kind, id) and library.path(kind, id, language) is None:
                yield Finding("translation", f"{id}.{language}", f"there is no {kind} {id} in {language}")


def _lengths(library: Library, course: CourseMeasure) -> Iterator[Finding]:
    words = {lesson.id: lesson.size for lesson in course.lessons if lesson.language == "en"}
    for lesson in course.lessons:
        where = f"{lesson.id}.{lesson.language}"
        low, high = WORDS
        if lesson.language == "en" and not low <= lesson.size <= high:
            yield Finding("length", where, f"{lesson.size} words, and not {low} to {high}")
        if lesson.language.startswith("zh") and lesson.id in words:
            rate = lesson.size / max(words[lesson.id], 1)
            if not LONGER[0] <= rate <= LONGER[1]:
                text = f"{rate:.1f} characters for a word of the English text, and not {LONGER[0]} to {LONGER[1]}"
                yield Finding("length", where, text)
        if lesson.grade is not None and lesson.grade > GRADE:
            yield Finding("reading", where, f"grade {lesson.grade:.1f}, above {GRADE:.0f}")
        if lesson.grade is None and lesson.sentence > SENTENCE:
            yield Finding("reading", where, f"{lesson.sentence:.1f} characters a sentence, above {SENTENCE:.0f}")
        written = library.minutes("lesson", lesson.id)
        first = library.leader("lesson", lesson.id) == lesson.language
        if first and abs(written - lesson.minutes) > MINUTES * lesson.minutes:
            yield Finding("minutes", where, f"`minutes: {written}` is written, and reading takes {lesson.minutes}")


def _bound(bounds: Mapping[str, int], language: str) -> int:
    return bounds["zh" if language.startswith("zh") else "en"]


def _languages(library: Library) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for lesson in library.lessons.values() for tag in lesson.texts))


def _twice(library: Library) -> Iterator[Finding]:
    """Paragraphs that stand in two lessons, and sentences that stand nearly the same in two."""
    for language in _languages(library):
        seen: dict[str, str] = {}
        texts: list[tuple[str, str]] = []
        for id, lesson in library.lessons.items():
            if language not in lesson.texts:
                continue
            for paragraph in _texts(library, id, language):
                before = seen.setdefault(paragraph, id)
                if before != id and len(paragraph) >= _bound(PARAGRAPH, language):
                    yield Finding("paragraph", f"{id}.{language}", f"stands in {before} too: {_cut(paragraph)}")
                else:
                    texts.extend((id, sentence) for sentence in prose.sentences(paragraph))
        for id, sentence, other, _ in prose.alike(texts, language, _bound(LEAST, language)):
            yield Finding("sentence", f"{id}.{language}", f"stands much the same in {other}: {_cut(sentence)}")


def _cut(text: str) -> str:
    return text if len(text) <= 90 else f"{text[:89]}…"


def _feedback_twice(library: Library) -> Iterator[Finding]:
    for language in _languages(library):
        said: dict[str, str] = {}
        for id, quizzes in library.quizzes.items():
            if language not in quizzes:
                continue
            for question in quizzes[language].questions:
                for part in question.parts:
                    for option in getattr(part.item, "options", ()):
                        for sentence in prose.sentences(plain(option.feedback)):
                            if len(sentence) <= _bound(FEEDBACK, language):
                                continue
                            place = f"{id}.{language}"
                            if sentence in said:
                                text = f"{question.id} says it like {said[sentence]}: {_cut(sentence)}"
                                yield Finding("feedback", place, text)
                            said.setdefault(sentence, question.id)


@cache
def _table() -> tuple[tuple[str, str], ...]:
    """(English, 简体) of the terms agreed on."""
    with Path(__file__).with_name("terms.csv").open(encoding="utf-8", newline="") as file:
        return tuple((row["en"], row["zh-Hans"]) for row in csv.DictReader(file))


def _terms(library: Library) -> Iterator[Finding]:
    """Terms of the table that lessons use and the glossary does not explain."""
    known = {name for term in library.terms.values() for name in term.name.values()}
    texts = {
        id: "\n".join(_texts(library, id, "zh-Hans"))
        for id, lesson in library.lessons.items()
        if "zh-Hans" in lesson.texts
    }
    for english, chinese in _table():
        used = [id for id, text in texts.items() if chinese in text] if chinese not in known else []
        if len(used) >= LESSONS:
            yield Finding("term", chinese, f"({english}) stands in {', '.join(used)}, and not in the glossary")


def _given_away(key: KeyMeasure) -> Iterator[Finding]:
    if key.asked < ENOUGH:
        return
    what = "" if key.slot == 1 else ", second question"
    place = max(range(len(key.places)), key=lambda n: key.places[n])
    if key.places[place] > SHARE * key.asked:
        text = f"{key.places[place]} of {key.asked} right answers stand in place {place + 1}{what}"
        yield Finding("key", f"{key.where}.{key.language}", text)
    for count, word in ((key.longest, "longest"), (key.shortest, "shortest")):
        if count > SHARE * key.asked:
            text = f"{count} of {key.asked} right answers are the {word}{what}"
            yield Finding("key", f"{key.where}.{key.language}", text)
