"""The courses that ship: what a reader, a trainer and a translator would complain about first. Discovered, not listed."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html import unescape
from itertools import permutations
from pathlib import Path

import pytest

from kamtrain.content import traditional
from kamtrain.content.library import Library, Parsed, parse
from kamtrain.core.drill import Drill
from kamtrain.core.hindsight import best_path
from kamtrain.core.quiz import Part, Question, Quiz
from kamtrain.core.scenario import BASE, Scenario, grade, reachable, step, walk
from kamtrain.services.publishing import files_on_disk

ROOT = Path(__file__).parents[2]
LANGUAGES = ("en", "zh-Hans")
STYLES = "ppl-styles"  # 52 scenes, each with the same five answers
PLAIN = [f"v{number:02}" for number in range(1, 45)]
UNCLEAR = ["v03x", "v08x", "v14x", "v19x", "v23x", "v29x", "v35x", "v40x"]
MOST = 0.45  # of the right answers of a file may share a place, or be the longest
STRONG_PATHS = 4
CARD = re.compile(r"\[[^\]]+\]\(\w+:[\w.-]+\)")  # alone in its paragraph
FEW = 12  # of fewer right answers no place may hold more than half
WHOLE = ("fnd", "ppl", "six", "nine", "neg", "svc")  # courses that are there from end to end


@cache
def files() -> dict[str, bytes]:
    return files_on_disk(ROOT)


@cache
def parsed() -> Parsed:
    return parse(files())


def library() -> Library:
    return parsed().library


def source(path: str) -> str:
    return files()[path].decode()


COURSES = tuple(library().courses)
LESSONS = tuple(library().lessons)
CHECKS = tuple(f"{lesson}-check" for lesson in LESSONS)
QUIZZES = (*library().quizzes, *library().drills)  # whatever asks questions
SCENARIOS = tuple(library().scenarios)


def lesson_source(id: str, language: str) -> str:
    path = library().path("lesson", id, language)
    assert path is not None, f"{id} is not written in {language}"
    return source(path)


def of_course(course: str) -> tuple[str, ...]:
    """The quizzes of a course that are put together anew for each lesson or test."""
    value = library().courses[course]
    ids = [step.id for step in value.steps if step.kind == "quiz"]
    return tuple(id for id in dict.fromkeys([*ids, value.pretest, value.posttest]) if id)


def quiz(id: str, language: str) -> Quiz | Drill:
    # Not `library().quiz`, which would answer a missing language with another one.
    return library().drills[id][language] if id in library().drills else library().quizzes[id][language]


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def choice_parts(questions: Iterator[Question] | tuple[Question, ...]) -> Iterator[tuple[Question, int, Part]]:
    for question in questions:
        for place, part in enumerate(question.parts):
            if part.type in ("single", "multiple"):
                yield question, place, part


def test_nothing_shipped_is_an_error_or_a_warning() -> None:
    assert [str(problem) for problem in parsed().problems if problem.severity != "note"] == []


def test_the_courses_are_all_there() -> None:
    assert set(WHOLE) <= set(COURSES)
    assert len(SCENARIOS) >= 12
    assert len(LESSONS) >= 55


@pytest.mark.parametrize("id", COURSES)
def test_a_course_has_its_lessons_each_followed_by_its_check(id: str) -> None:
    course = library().courses[id]
    steps = [step.id for step in course.steps]
    assert len(course.lesson_ids) >= 6
    for lesson in course.lesson_ids:
        assert steps[steps.index(lesson) + 1] == f"{lesson}-check"
    assert all(course.summary.get(language) for language in LANGUAGES)
    assert all(course.title.get(language) for language in LANGUAGES)


@pytest.mark.parametrize("id", COURSES)
def test_a_course_ends_in_its_quiz_between_two_tests_that_ask_the_same(id: str) -> None:
    course = library().courses[id]
    assert [step.id for step in course.steps if step.kind == "quiz"][-1] == f"{id}-quiz"
    assert (course.pretest, course.posttest) == (f"{id}-a", f"{id}-b")

    def asked(test: str) -> list[object]:
        questions = library().quizzes[test]["en"].questions
        return [(q.lesson, q.difficulty, q.points, [part.type for part in q.parts]) for q in questions]

    assert asked(f"{id}-a") == asked(f"{id}-b")
    assert [question.lesson for question in quiz(f"{id}-a", "en").questions] == list(course.lesson_ids)
    ids = [question.id for one in of_course(id) for question in quiz(one, "en").questions]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_is_neither_a_note_nor_a_book(lesson: str) -> None:
    assert 900 <= library().lessons[lesson].texts["en"].words <= 1_500


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_ends_in_five_lines(lesson: str, language: str) -> None:
    last = lesson_source(lesson, language).rpartition("\n## ")[2]
    assert re.findall(r"^(\d)\. ", last, re.MULTILINE) == list("12345")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_paragraph_stands_in_two_lessons(language: str) -> None:
    seen: dict[str, str] = {}
    for lesson in LESSONS:
        body = lesson_source(lesson, language).split("\n---\n", 1)[1]
        for block in re.split(r"\n\s*\n", body):
            text = " ".join(block.split())
            if len(text) < (60 if language == "en" else 20) or text.startswith("#") or CARD.fullmatch(text):
                continue
            assert seen.setdefault(text, lesson) == lesson, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_of_feedback_is_used_twice(language: str) -> None:
    said: Counter[str] = Counter()
    for id in QUIZZES:
        for _, _, part in choice_parts(quiz(id, language).questions):
            for option in part.item.options:
                sentences = re.split(r"(?<=[.!?。！？])\s*", plain(option.feedback))
                said.update(s for s in sentences if len(s) > (24 if language == "en" else 10))
    assert [sentence for sentence, times in said.items() if times > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("id", QUIZZES)
def test_every_option_says_something_to_who_chose_it(id: str, language: str) -> None:
    silent = [
        (question.id, plain(option.html))
        for question, _, part in choice_parts(quiz(id, language).questions)
        for option in part.item.options
        if not plain(option.feedback)
    ]
    assert silent == []
    assert all(plain(question.debrief) for question in quiz(id, language).questions if question.parts)


@pytest.mark.parametrize("id", CHECKS)
def test_a_check_asks_at_least_five_questions(id: str) -> None:
    assert len(quiz(id, "en").questions) >= 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_style_scenes_are_balanced_and_eight_lack_evidence(language: str) -> None:
    questions = quiz(STYLES, language).questions
    assert sorted(question.id for question in questions) == sorted([*PLAIN, *UNCLEAR])
    styles: Counter[int] = Counter()
    for question in questions:
        which, cue = question.parts
        assert (len(which.item.options), len(cue.item.options)) == (5, 3), question.id
        right = [option.right for option in which.item.options].index(True)
        assert (right == 4) == (question.id in UNCLEAR), question.id
        styles[right] += 1
    assert styles == {0: 11, 1: 11, 2: 11, 3: 11, 4: 8}
    drill = library().drills[STYLES][language]
    assert [answer.id for answer in drill.answers] == ["dominant", "amiable", "social", "analytical", "unclear"]
    assert all(key.confusable not in ("", key.right) for key in drill.keys.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_style_scene_names_no_type_and_no_sex(language: str) -> None:
    given_away = {
        "en": r"\b(he|she|him|her|his|hers|mr|ms|mrs|dominant|driver type|amiable|social|expressive|analytical)\b",
        "zh-Hans": r"[他她]|先生|女士|小姐|主导|和蔼|社交|分析",
    }[language]
    for question in quiz(STYLES, language).questions:
        assert not re.search(given_away, plain(question.text), re.IGNORECASE), question.id
    # Nor does anything said afterwards, where a pronoun would still teach that the scene had one.
    path = f"quizzes/{STYLES}.{language}.md"
    pronoun = r"\b(he|she|him|her|his|hers)\b" if language == "en" else r"[他她](?!人)"
    assert re.findall(pronoun, source(path), re.IGNORECASE) == []


def _singles(ids: tuple[str, ...], language: str, place: int) -> list[tuple[bool, ...]]:
    found = [
        part
        for id in ids
        for _, at, part in choice_parts(quiz(id, language).questions)
        if at == place and part.type == "single"
    ]
    return [tuple(option.right for option in part.item.options) for part in found]


GROUPS = {**{course: of_course(course) for course in COURSES}, STYLES: (STYLES,)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("group", GROUPS)
def test_the_place_of_the_right_answer_tells_nothing(group: str, place: int, language: str) -> None:
    rights = _singles(GROUPS[group], language, place)
    assert len(rights) >= (6 if place == 0 else 1)
    places = Counter(marks.index(True) for marks in rights)
    # A few second questions are too few for shares: there, no place may hold more than half.
    half = (len(rights) + 1) // 2 if len(rights) < FEW else 0
    assert max(places.values()) <= max(MOST * len(rights), half)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("group", GROUPS)
def test_the_right_answer_is_not_known_by_its_length(group: str, language: str) -> None:
    longest = shortest = asked = 0
    for id in GROUPS[group]:
        for question, place, part in choice_parts(quiz(id, language).questions):
            if part.type != "single" or (question.id in [*PLAIN, *UNCLEAR] and place == 0):
                continue  # the five names of the styles are what they are
            right = [len(plain(option.html)) for option in part.item.options if option.right]
            wrong = [len(plain(option.html)) for option in part.item.options if not option.right]
            asked += 1
            longest += right[0] > max(wrong)
            shortest += right[0] < min(wrong)
    assert longest <= MOST * asked
    assert shortest <= MOST * asked


@pytest.mark.parametrize("id", QUIZZES)
def test_a_quiz_is_the_same_in_both_languages(id: str) -> None:
    def shape(language: str) -> list[object]:
        return [
            (
                question.id,
                question.competencies,
                question.points,
                question.lesson,
                question.difficulty,
                [
                    (part.type, [(option.right, option.tags) for option in getattr(part.item, "options", ())])
                    for part in question.parts
                ],
            )
            for question in quiz(id, language).questions
        ]

    assert shape("en") == shape("zh-Hans")


@pytest.mark.parametrize("id", SCENARIOS)
def test_a_scenario_is_the_same_in_both_languages(id: str) -> None:
    def shape(scenario: Scenario) -> list[object]:
        return [
            (scene.id, scene.ending, sorted(scene.text), [(c.target, c.effects, sorted(c.text)) for c in scene.choices])
            for scene in scenario.scenes.values()
        ]

    one, other = (library().scenarios[id][language] for language in LANGUAGES)
    assert shape(one) == shape(other)
    assert (one.turns, sorted(one.persona), sorted(one.names)) == (
        other.turns,
        sorted(other.persona),
        sorted(other.names),
    )


def _buyers() -> list[tuple[str, str]]:
    return [(id, variant) for id in SCENARIOS for variant in library().scenarios[id]["en"].variants]


@pytest.mark.parametrize(("id", "variant"), _buyers())
def test_every_ending_is_met_and_several_ways_lead_to_a_strong_one(id: str, variant: str) -> None:
    scenario = library().scenarios[id]["en"]
    reached = reachable(scenario, variant)
    assert reached.whole
    endings = {scene.id for scene in scenario.scenes.values() if scene.ending}
    assert {one.position.scene for one in reached.found if one.position.ended} == endings
    # Every choice costs a turn, so that a move always leads to a later place of `found`.
    paths = [1 if grade(scenario, one.position) == "strong" else 0 for one in reached.found]
    for number in reversed(range(len(paths))):
        paths[number] += sum(paths[target] for _, target in reached.found[number].moves)
    assert paths[0] >= STRONG_PATHS


@pytest.mark.parametrize("id", SCENARIOS)
def test_what_wins_one_buyer_does_not_win_the_other(id: str) -> None:
    scenario = library().scenarios[id]["en"]
    assert len(scenario.variants) >= 2
    for mine, theirs in permutations(scenario.variants, 2):
        path = best_path(scenario, mine)
        assert grade(scenario, walk(scenario, mine, path)[-1]) == "strong"
        position = walk(scenario, theirs, ())[0]
        for place in path:
            if position.ended:
                break
            position = step(scenario, theirs, position, place)
        assert grade(scenario, position) != "strong", (mine, theirs)


@pytest.mark.parametrize("id", SCENARIOS)
def test_the_best_choice_has_no_fixed_place_and_is_not_always_the_longest(id: str) -> None:
    for language in LANGUAGES:
        scenario = library().scenarios[id][language]
        path = best_path(scenario)
        assert max(Counter(path).values()) <= len(path) // 2
        longest = 0
        for position, place in zip(walk(scenario, BASE, path), path, strict=False):
            lengths = [len(plain(choice.text[BASE])) for choice in scenario.scenes[position.scene].choices]
            longest += lengths[place] == max(lengths)
        assert longest <= len(path) // 2 + 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_that_is_linked_is_explained(language: str) -> None:
    for path in files():
        if path.endswith(f".{language}.md"):
            for slug in re.findall(r"\(term:([^)]+)\)", source(path)):
                assert library().text(library().terms[slug].html, language), (path, slug)


def test_chinese_is_punctuated_as_chinese() -> None:
    for path in files():
        if path.endswith(".zh-Hans.md"):
            for line in source(path).split("\n---\n", 1)[1].splitlines():
                text = re.sub(r"`[^`]*`|\]\([^)]*\)", "", line)
                assert not re.search(r"[\u4e00-\u9fff][,;?!]|[,;?!][\u4e00-\u9fff]|\"", text), (path, line)


def _terms_in_use() -> list[tuple[str, str]]:
    text = "".join(source(path) for path in files() if path.endswith(".zh-Hans.md"))
    with (ROOT / "kamtrain/content/terms.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["zh-Hans"], row["zh-Hant"]) for row in csv.DictReader(file)]
    return sorted((hans, hant) for hans, hant in rows if hans in text)


def test_thirty_terms_are_written_as_the_table_of_terms_has_them_in_taiwan() -> None:
    terms = _terms_in_use()[:30]
    assert len(terms) == 30
    text = "".join(traditional.text(source(path)) for path in files() if path.endswith(".zh-Hans.md"))
    assert [(hans, hant) for hans, hant in terms if hant not in text] == []


@pytest.mark.parametrize(
    ("hans", "hant"),
    [
        ("今晚签", "今晚簽"),  # OpenCC alone writes the 籤 of a label
        ("一个标签", "一個標籤"),
        ("钟可以作为线索", "鐘可以作為線索"),  # not the surname 鍾
        ("夸人不花钱", "誇人不花錢"),
        ("家具展", "家具展"),
        ("讲讲台风那回", "講講颱風那回"),
        ("兰溪控制", "蘭溪控制"),
        ("开视频会", "開視訊會"),  # a meeting is no film
        ("换传感器", "換感測器"),
    ],
)
def test_words_that_were_once_converted_wrongly(hans: str, hant: str) -> None:
    assert traditional.text(hans) == hant
