"""Sibling files: what must be equal is an error, what is missing is a warning that names it, what is old is noticed."""

from __future__ import annotations

import pytest

from kamtrain.content.library import Parsed, parse, written_locks
from kamtrain.core.catalog import Html
from kamtrain.core.problems import Severity
from kamtrain.core.scenario import BASE
from tests.content.shelf import FILES, LESSON, LESSON_ZH, QUIZ, QUIZ_ZH, SCENARIO, SCENARIO_ZH, TEXTS, changed, said

LOCK = "courses/demo/translations.lock"


def html(parsed: Parsed, language: str) -> list[tuple[str, str]]:
    blocks = parsed.library.lesson_text("one", language).blocks
    return [(block.language, block.html) for block in blocks if isinstance(block, Html)]


MISSING = [
    (LESSON_ZH, "第二段。\n\n", "", "one.zh-Hans.md:10:4 block-missing"),
    (LESSON_ZH, "| 看到的 | 想要的 |\n| --- | --- |\n| 着急 | 结果 |\n\n", "", "one.zh-Hans.md:19:1 block-missing"),
    (LESSON_ZH, "[自测](quiz:check)\n\n", "", "one.zh-Hans.md:26:1 block-missing"),
    (LESSON_ZH, "\n\n看[拜访](scenario:visit)和[误区](#three-traps)。", "", "one.zh-Hans.md:26:17 block-missing"),
    (LESSON_ZH, "objectives: [说出两件事]\n", "", "one.zh-Hans.md:1:1 text-missing"),
    (QUIZ_ZH, TEXTS[QUIZ_ZH][TEXTS[QUIZ_ZH].index("## q2") :], "", "check.zh-Hans.md:19:1 question-missing"),
    (QUIZ_ZH, "两道题。\n\n", "", "check.zh-Hans.md:1:1 text-missing"),
    (QUIZ_ZH, "> 先看行为。\n\n", "", "check.zh-Hans.md:9:4 text-missing"),
    (
        SCENARIO_ZH,
        "## out\n\n`ending: poor, when trust = 0`\n\n什么也没有。\n\n> 缺了什么？\n\n",
        "",
        "visit.zh-Hans.md:46:10 scene-missing",
    ),
    (SCENARIO_ZH, "  > “周四。”\n", "", "visit.zh-Hans.md:30:1 text-missing"),
    (SCENARIO_ZH, "## debrief\n\n1. 在哪里转折？\n", "", "visit.zh-Hans.md:51:1 text-missing"),
    (SCENARIO_ZH, ", out: 没成", "", "visit.zh-Hans.md:8:1 text-missing"),
    (SCENARIO_ZH, "罗总站着。\n\n`analytical` 罗总在看资料。\n\n", "", "visit.zh-Hans.md:13:4 text-missing"),
]


@pytest.mark.parametrize(("path", "old", "new", "expected"), MISSING)
def test_what_is_missing_is_one_warning(path: str, old: str, new: str, expected: str) -> None:
    parsed = changed(path, old, new)
    assert [(problem.severity, line) for problem, line in zip(parsed.problems, said(parsed), strict=True)] == [
        (Severity.warning, expected)
    ]


DIFFERENT = [
    (LESSON_ZH, "## 三个误区", "### 三个误区", "one.zh-Hans.md:12:1 other-heading"),
    (LESSON_ZH, "看[拜访]", "## 多\n\n看[拜访]", "one.zh-Hans.md:28:1 extra-heading"),
    (LESSON_ZH, "第二段。", "第二段。\n\n第三段。", "one.zh-Hans.md:12:1 extra-block"),
    (LESSON_ZH, "1. 一味顺从。\n", "", "one.zh-Hans.md:14:1 other-entries"),
    (LESSON_ZH, "   - 给选择。\n", "", "one.zh-Hans.md:16:4 other-entries"),
    (LESSON_ZH, "| 着急 | 结果 |", "| 着急 | 结果 |\n| 慢 | 时间 |", "one.zh-Hans.md:22:1 other-rows"),
    (LESSON_ZH, "competencies", "competencies", ""),
    (QUIZ_ZH, "- [x] 节奏", "- [ ] 节奏", "check.zh-Hans.md:15:1 other-mark"),
    (QUIZ_ZH, " `title=style`", "", "check.zh-Hans.md:13:1 other-tags"),
    (QUIZ_ZH, "`matching, points: 2`", "`matching`", "check.zh-Hans.md:20:4 other-tags"),
    (QUIZ_ZH, "## q2", "## q3", "check.zh-Hans.md:20:4 extra-question"),
    (QUIZ_ZH, "| 多问 | 和蔼型 |\n", "| 多问 | 和蔼型 |\n| | 犹豫型 |\n", "check.zh-Hans.md:28:1 other-rows"),
    (QUIZ_ZH, "title: 自测", "title: 自测\npass: 70", "check.zh-Hans.md:5:1 only-in-first"),
    (SCENARIO_ZH, "(#done)", "(#out)", "visit.zh-Hans.md:30:9 other-target"),
    (SCENARIO_ZH, "`margin -4`", "`margin -5`", "visit.zh-Hans.md:32:1 other-effects"),
    (SCENARIO_ZH, "trust >= 5, else", "trust >= 6, else", "visit.zh-Hans.md:35:4 other-ending"),
    (SCENARIO_ZH, "- [降价](#out) `margin -4`\n  > “不要。”\n", "", "visit.zh-Hans.md:26:4 other-choices"),
    (SCENARIO_ZH, "pressure: 成本", "style: social, pressure: 成本", "visit.zh-Hans.md:5:32 only-in-first"),
    (SCENARIO_ZH, "  analytical: {", "  social: {", "visit.zh-Hans.md:7:3 unknown-variant"),
]


@pytest.mark.parametrize(("path", "old", "new", "expected"), [case for case in DIFFERENT if case[3]])
def test_another_structure_is_an_error(path: str, old: str, new: str, expected: str) -> None:
    parsed = changed(path, old, new)
    assert expected in said(parsed)
    assert {problem.path for problem in parsed.problems if problem.fatal} == {path}


def test_a_copy_that_is_equal_is_no_fault() -> None:
    assert changed(QUIZ_ZH, "title: 自测", "title: 自测\npass: 80").problems == ()


def test_a_missing_paragraph_stands_in_the_language_it_was_written_in() -> None:
    found = html(changed(LESSON_ZH, "第二段。\n\n", ""), "zh-Hans")
    assert found[1] == ("en", "<p>Second paragraph.</p>")
    assert [language for language, _ in found] == ["zh-Hans", "en", "zh-Hans", "zh-Hans"]
    assert '<h2 id="three-traps">三个误区</h2>' in found[2][1]


def test_a_missing_question_and_a_missing_scene_stand_in_the_first_language() -> None:
    text = TEXTS[QUIZ_ZH]
    quiz = parse({**FILES, QUIZ_ZH: text[: text.index("## q2")].encode()}).library.quiz("check", "zh-Hans")
    assert [(question.language, question.points) for question in quiz.questions] == [("zh-Hans", 1), ("en", 2)]
    scene = changed(SCENARIO_ZH, "## out\n", "## outt\n").library.scenario("visit", "zh-Hans").scenes["out"]
    assert scene.text[BASE] == "<p>Nothing.</p>"


def test_rules_come_from_the_first_file() -> None:
    library = parse(FILES).library
    assert library.quiz("check", "zh-Hans").passing == 80
    assert library.quiz("check", "zh-Hans").questions[0].competencies == ("C06",)
    scenario = library.scenario("visit", "zh-Hans")
    assert (scenario.turns, scenario.persona[BASE].role, scenario.persona["analytical"].style) == (
        3,
        "decider",
        "analytical",
    )
    assert (scenario.persona[BASE].name, scenario.persona["analytical"].pressure) == ("罗总", "董事会")


def test_traditional_characters_are_derived() -> None:
    library = parse(FILES).library
    text = library.lesson_text("one", "zh-Hant")
    assert (text.language, text.title, text.objectives) == ("zh-Hant", "第一課", ("說出兩件事",))
    first = text.blocks[0]
    assert isinstance(first, Html)
    assert first.language == "zh-Hant"
    assert 'popovertarget="term-cue">線索</button>' in first.html
    quiz = library.quiz("check", "zh-Hant")
    assert (quiz.language, quiz.title, quiz.questions[0].language) == ("zh-Hant", "自測", "zh-Hant")
    assert "頭銜" in repr(quiz.questions[0].parts[0].item)
    scenario = library.scenario("visit", "zh-Hant")
    assert (scenario.language, scenario.persona[BASE].name, scenario.names["done"]) == ("zh-Hant", "羅總", "成了")
    assert library.title("lesson", "one", "zh-Hant") == "第一課"


def test_a_file_in_traditional_characters_comes_first() -> None:
    own = TEXTS[LESSON_ZH].replace("第一课", "自己的標題")
    parsed = parse({**FILES, "courses/demo/one.zh-Hant.md": own.encode()})
    assert parsed.problems == ()
    assert parsed.library.title("lesson", "one", "zh-Hant") == "自己的標題"


def test_a_language_without_a_file_falls_back_to_the_first() -> None:
    library = parse({path: data for path, data in FILES.items() if path != LESSON_ZH}).library
    assert [library.lesson_text("one", language).language for language in ("zh-Hans", "zh-Hant", "de")] == [
        "en",
        "en",
        "en",
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("follows: en\n", "", ["check.zh-Hans.md:1:1 no-follows"]),
        ("follows: en", "follows: de", ["check.zh-Hans.md:3:1 follows-nothing"]),
        ("follows: en", "follows: zh-Hans", ["check.zh-Hans.md:3:1 follows-translation"]),
        ("id: check", "id: other", ["check.zh-Hans.md:2:1 other-id"]),
        ("title: 自测\n", "", ["check.zh-Hans.md:1:1 no-title"]),
    ],
)
def test_who_follows_whom(old: str, new: str, expected: list[str]) -> None:
    assert said(changed(QUIZ_ZH, old, new)) == expected


# --- translations.lock --------------------------------------------------------------------------------------------------


def locked(files: dict[str, bytes]) -> dict[str, bytes]:
    return {**files, **written_locks(files)}


def test_a_lock_is_written_once() -> None:
    files = locked(dict(FILES))
    assert set(files) - set(FILES) == {LOCK, "quizzes/translations.lock"}
    assert written_locks(files) == {}
    assert parse(files).problems == ()


def test_a_changed_text_makes_its_translation_out_of_date_until_that_changes_too() -> None:
    files = locked(dict(FILES))
    files[LESSON] = TEXTS[LESSON].replace("Second paragraph.", "Second paragraph, changed.").encode()
    files[QUIZ] = TEXTS[QUIZ].replace("Best evidence", "The best evidence").encode()
    files[SCENARIO] = TEXTS[SCENARIO].replace("Luo stands.", "Luo is standing.").encode()
    stale = ["one.zh-Hans.md:10:1 out-of-date", "check.zh-Hans.md:9:4 out-of-date", "visit.zh-Hans.md:13:4 out-of-date"]
    assert said(parse(files)) == stale
    assert not parse(files).fatal
    assert said(parse(locked(files))) == stale  # writing the lock again forgets nothing
    files[LESSON_ZH] = TEXTS[LESSON_ZH].replace("第二段。", "第二段，改过。").encode()
    assert said(parse(files)) == stale[1:]
    assert said(parse(locked(files))) == stale[1:]
    confirmed = {**files, **written_locks(files, [QUIZ_ZH])}
    assert said(parse(confirmed)) == stale[2:]


def test_wrapping_a_paragraph_anew_changes_nothing() -> None:
    files = locked(dict(FILES))
    files[LESSON] = TEXTS[LESSON].replace("Second paragraph.", "Second\nparagraph.").encode()
    assert parse(files).problems == ()


def test_a_lock_that_cannot_be_read_is_a_warning() -> None:
    assert said(parse({**FILES, LOCK: b"one.zh-Hans.md:\n  broken\n"})) == ["translations.lock:2:1 bad-lock"]
