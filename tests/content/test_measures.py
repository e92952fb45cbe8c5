"""The report on a library: each finding from a library that has exactly that fault."""

from __future__ import annotations

import pytest

from kamtrain.content.measures import Measures, measured
from tests.content.shelf import COURSE, FILES, LESSON, LESSON_ZH, QUIZ_ZH, TEXTS

LONG = "The buyer asks for the date of the next visit and writes it down in the book on the desk.\n\n"


def found(**texts: str) -> Measures:
    return measured({**FILES, **{path: text.encode() for path, text in texts.items()}})


def kinds(measures: Measures) -> set[str]:
    return {finding.kind for finding in measures.findings}


def two(body: str, zh: str = "") -> dict[str, str]:
    """The sample with a second lesson, whose text is `body`."""
    texts = {
        COURSE: TEXTS[COURSE].replace("- lesson: one", "- lesson: one\n      - lesson: two"),
        "courses/demo/two.en.md": f"---\nid: two\ntitle: Two\n---\n\n{body}",
        LESSON: TEXTS[LESSON] + f"\n{LONG}",
    }
    if zh:
        texts["courses/demo/two.zh-Hans.md"] = f"---\nid: two\ntitle: 二\nfollows: en\n---\n\n{zh}"
    return texts


def test_it_measures_each_lesson_in_each_language() -> None:
    course = found().courses[0]
    assert [(lesson.id, lesson.language) for lesson in course.lessons] == [("one", "en"), ("one", "zh-Hans")]
    assert course.size("en") == course.lessons[0].size > 0
    assert course.lessons[0].grade is not None
    assert course.lessons[1].grade is None
    assert course.scenarios == 1
    assert course.questions > 0
    assert course.types["single"] >= 1


def test_a_note_is_no_lesson() -> None:
    short = next(finding for finding in found().findings if finding.kind == "length")
    assert short.where == "one.en"
    assert "900 to 1500" in short.text


def test_a_paragraph_in_two_lessons_is_found() -> None:
    paragraphs = [f for f in found(**two(LONG)).findings if f.kind == "paragraph"]
    assert [(f.where, "stands in one too" in f.text) for f in paragraphs] == [("two.en", True)]


def test_a_sentence_that_stands_much_the_same_is_found() -> None:
    alike = [f for f in found(**two(f"Here. {LONG.replace('the desk', 'her desk')}")).findings if f.kind == "sentence"]
    assert [f.where for f in alike] == ["two.en"]
    assert "sentence" not in kinds(
        found(**two("Nothing of it is said again in this one, and that is as it should be."))
    )


def test_what_is_not_translated_is_found() -> None:
    texts = [f.text for f in found(**two("Text.")).findings if f.kind == "translation"]
    assert texts == ["there is no lesson two in zh-Hans"]
    assert "translation" not in kinds(found(**two("Text.", "正文。")))


def test_written_minutes_that_cannot_be_are_found() -> None:
    assert "minutes" in kinds(found(**{LESSON: TEXTS[LESSON].replace("basis:", "minutes: 60\nbasis:")}))
    assert "minutes" not in kinds(found())


def test_a_text_that_is_hard_to_read_is_found() -> None:
    hard = "Organisational procurement responsibilities necessitate comprehensive documentation requirements. " * 12
    assert "reading" in kinds(found(**two(hard)))
    chinese = "这是一个没有停顿也没有句号而且一直不停地往下写直到读者喘不过气来还要继续写下去的很长很长的句子。" * 12
    assert [f.where for f in found(**two("Text.", chinese)).findings if f.kind == "reading"] == ["two.zh-Hans"]


def test_a_term_of_the_table_that_lessons_use_is_in_the_glossary() -> None:
    texts = {**two("Text.", "大客户。"), LESSON_ZH: TEXTS[LESSON_ZH] + "\n大客户。\n"}
    terms = [f for f in found(**texts).findings if f.kind == "term"]
    assert [f.where for f in terms] == ["大客户"]
    explained = "key-account:\n  name: {en: key account, zh-Hans: 大客户}\n  text: {en: One., zh-Hans: 一。}\n"
    texts["courses/glossary.yaml"] = TEXTS["courses/glossary.yaml"] + explained
    assert "term" not in kinds(found(**texts))


def quiz(right: int, longest: bool) -> str:
    head = "---\nid: check\nkind: quiz\ntitle: Check\nfeedback: now\n---\n"
    questions = []
    for number in range(15):
        entries = [f"- [ ] Wrong answer {place} of {number}\n  > No, {place} {number}.\n" for place in range(3)]
        text = f"Right, and {'quite a bit longer than ' * longest}{number}"
        entries[right if right >= 0 else number % 3] = f"- [x] {text}\n  > Yes, {number}.\n"
        questions.append(f"\n## q{number}: Title\n\nWhich?\n\n{''.join(entries)}\n> Debrief.\n")
    return head + "".join(questions)


@pytest.mark.parametrize(
    ("right", "longest", "said"),
    [
        (0, False, ["15 of 15 right answers stand in place 1"]),
        (-1, True, ["15 of 15 right answers are the longest"]),
        (-1, False, []),
    ],
)
def test_right_answers_that_give_themselves_away_are_found(right: int, longest: bool, said: list[str]) -> None:
    files = {path: data for path, data in FILES.items() if path != QUIZ_ZH}
    measures = measured({**files, "quizzes/check.en.md": quiz(right, longest).encode()})
    keys = [finding.text for finding in measures.findings if finding.kind == "key"]
    assert [text for text in keys if "shortest" not in text] == said


def test_a_sentence_of_feedback_that_stands_twice_is_found() -> None:
    text = quiz(-1, False).replace("> No, 2 4.", "> A sentence of feedback that is long enough to be seen.")
    text = text.replace("> No, 1 5.", "> A sentence of feedback that is long enough to be seen.")
    measures = measured({**FILES, "quizzes/check.en.md": text.encode()})
    assert "feedback" in kinds(measures)


def test_errors_of_the_checker_are_told() -> None:
    assert "checker" in kinds(found(**{LESSON: TEXTS[LESSON].replace("term:cue", "term:clue")}))
    assert "checker" not in kinds(found())


def test_an_empty_library_is_clean() -> None:
    assert measured({}).clean
