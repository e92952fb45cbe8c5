"""The library from files to values, its problems, and the project's own content."""

from __future__ import annotations

from pathlib import Path

import pytest

from kamtrain.content.library import parse
from kamtrain.core.catalog import Card, Html, Step
from kamtrain.core.problems import Severity
from kamtrain.core.scenario import BASE
from kamtrain.services.publishing import files_on_disk
from tests.content.shelf import (
    COURSE,
    FILES,
    GLOSSARY,
    LESSON,
    LESSON_ZH,
    QUIZ,
    QUIZ_ZH,
    SCENARIO,
    TAGS,
    TEXTS,
    changed,
    said,
)

ROOT = Path(__file__).resolve().parents[2]


def test_it_works() -> None:
    parsed = parse(FILES)
    assert parsed.problems == ()
    library = parsed.library
    assert [step.id for step in library.courses["demo"].playable] == ["one", "check", "visit"]
    text = library.lesson_text("one", "en")
    assert text.title == "Number one"
    assert text.objectives == ("name two things",)
    assert [heading.anchor for heading in text.headings] == ["three-traps"]
    assert text.terms == ("cue",)
    first = text.blocks[0]
    assert isinstance(first, Html)
    assert '<button type="button" class="term" popovertarget="term-cue">cue</button>' in first.html
    assert '<h2 id="three-traps">Three traps</h2>' in first.html
    assert text.blocks[1] == Card("quiz", "check", "Check yourself", "en")
    last = text.blocks[2]
    assert isinstance(last, Html)
    assert '<a href="/practice/scenario/visit">the visit</a> and <a href="#three-traps">' in last.html
    quiz = library.quiz("check", "en")
    assert [(question.id, question.points, question.competencies) for question in quiz.questions] == [
        ("q1", 1, ("C06",)),
        ("q2", 2, ("C06",)),
    ]
    assert [part.type for question in quiz.questions for part in question.parts] == ["single", "matching"]
    assert quiz.questions[0].debrief == "<p>Behaviour first.</p>"
    assert (quiz.passing, quiz.draw, quiz.feedback, quiz.shuffle_items) == (80, None, "end", False)
    assert library.terms["cue"].html["en"] == "<p>What can be seen or heard.</p>"
    assert library.misconceptions["title=style"]["zh-Hans"] == "看头衔定类型"


def test_a_question_names_its_lesson_and_its_difficulty() -> None:
    tags = {
        path: TEXTS[path].replace("points: 2", "points: 2, lesson: one, difficulty: hard") for path in (QUIZ, QUIZ_ZH)
    }
    parsed = parse({**FILES, **{path: text.encode() for path, text in tags.items()}})
    assert parsed.problems == ()
    for language in ("en", "zh-Hans", "zh-Hant"):
        questions = parsed.library.quiz("check", language).questions
        assert [(q.lesson, q.difficulty) for q in questions] == [("", None), ("one", "hard")]


def test_a_scenario_is_read_whole() -> None:
    scenario = parse(FILES).library.scenario("visit", "en")
    assert (scenario.first, scenario.turns, scenario.variants) == ("opening", 3, (BASE, "analytical"))
    assert scenario.persona["analytical"].pressure == "the board"
    assert scenario.persona["analytical"].style == "analytical"
    assert scenario.meters[BASE]["trust"].maximum == 10
    assert (scenario.meters[BASE]["margin"].start, scenario.meters[BASE]["margin"].unit) == (28, "%")
    opening = scenario.scenes["opening"]
    assert opening.text == {BASE: "<p>Luo stands.</p>", "analytical": "<p>Luo reads.</p>"}
    choice = opening.choices[0]
    assert (choice.target, choice.text[BASE]) == ("middle", "The result")
    assert choice.effects[BASE].changes == {"trust": 2}
    assert choice.effects[BASE].shown == ("C06",)
    assert choice.effects["analytical"].missed == ("C06",)
    assert choice.consequence == {BASE: "<p>He sits down.</p>", "analytical": "<p>He waits.</p>"}
    ending = scenario.scenes["done"].ending
    assert ending is not None
    assert (ending.grade, ending.score, ending.otherwise) == ("strong", 100, "out")
    assert ending.conditions["analytical"][0].value == 5
    assert scenario.scenes["done"].debrief == "<p>Fix the date.</p>"
    assert scenario.competencies == ("C06",)


def test_the_projects_own_content_is_clean() -> None:
    found = [p for p in parse(files_on_disk(ROOT)).problems if p.severity is not Severity.note]
    assert [f"{p.path}:{p.line}:{p.column} {p.message}" for p in found] == []


def test_the_same_files_are_parsed_once() -> None:
    assert parse(FILES).library.lessons["one"] is parse(FILES).library.lessons["one"]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_change_nothing(end: str, mark: str) -> None:
    files = {path: (mark + text.replace("\n", end)).encode() for path, text in TEXTS.items()}
    parsed = parse(files)
    assert parsed.problems == ()
    for language in ("en", "zh-Hans", "zh-Hant"):
        assert parsed.library.lesson_text("one", language) == parse(FILES).library.lesson_text("one", language)
        assert parsed.library.quiz("check", language) == parse(FILES).library.quiz("check", language)
        assert parsed.library.scenario("visit", language) == parse(FILES).library.scenario("visit", language)


def test_a_place_counts_in_the_file_as_it_stands() -> None:
    text = "\ufeff" + TEXTS[QUIZ].replace("pass: 80", "pass: 80%").replace("\n", "\r\n")
    [problem] = parse({**FILES, QUIZ: text.encode()}).problems
    assert (problem.line, problem.column) == (5, 7)
    assert problem.fix is not None
    assert text[problem.fix.start : problem.fix.end] == "80%"


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        (COURSE, "lesson: one", "lesson: onne", ["course.yaml:8:9 unknown-step", "one.en.md:2:1 unused-lesson"]),
        (COURSE, "quiz: check", "quiz: chek", ["course.yaml:9:9 unknown-step"]),
        (COURSE, "quiz: check", "quizz: check", ["course.yaml:9:9 step-kind", "course.yaml:9:9 unknown-key"]),
        (COURSE, "scenario: visit", "scenario: visit\n        replay: social", ["course.yaml:10:9 unknown-variant"]),
        (COURSE, "scenario: visit", "scenario: visit\n        reach: god", ["course.yaml:11:16 unknown-value"]),
        (COURSE, "languages:", "langauges:", ["course.yaml:3:1 unknown-key"]),
        (COURSE, "id: demo", "id: demo\nid: two", ["course.yaml:2:1 duplicate-key"]),
        (COURSE, "id: m1", "id: m1\n    after: [m0]", ["course.yaml:5:3 unknown-module"]),
        (COURSE, "id: m1", "id: m1\n    after: [m1]", ["course.yaml:5:3 module-circle"]),
        (COURSE, "title: {en: Demo, zh-Hans: 演示}", "title: {en: Demo}", ["course.yaml:2:8 text-missing"]),
        (COURSE, "succeed:", "authors: [luo]\nsucceed:", ["course.yaml:12:11 bad-address"]),
        (LESSON, "id: one\n", "", ["one.en.md:1:1 no-id"]),
        (LESSON, "[the visit](scenario:visit)", "[the visit](scenario:vist)", ["one.en.md:29:17 unknown-target"]),
        (LESSON, "(term:cue)", "(term:cues)", ["one.en.md:9:30 unknown-term"]),
        (LESSON, "(#three-traps)", "(#three-trap)", ["one.en.md:29:49 unknown-anchor"]),
        (LESSON, "Second paragraph.", "![x](media/x.png)", ["one.en.md:11:6 unknown-medium"]),
        (LESSON, "Second paragraph.", "![x](https://a.example/x.png)", ["one.en.md:11:6 foreign-picture"]),
        (LESSON, "Second paragraph.", "[x](javascript:alert)", ["one.en.md:11:5 bad-link"]),
        (LESSON, "Second paragraph.", "Second paragraph.\n---", ["one.en.md:12:1 underlined"]),
        (LESSON, "Second paragraph.", "Second paragraph.\n===", ["one.en.md:12:1 underlined"]),
        (LESSON, "Second paragraph.", "[^1]: A note.", ["one.en.md:11:1 definition"]),
        (LESSON, "> [!note] Mind", "> [!nota] Mind", ["one.en.md:24:3 unknown-callout"]),
        (LESSON, "basis: practice", "basis: practise", ["one.en.md:6:8 unknown-value"]),
        (LESSON, "basis: practice", "pass: 80", ["one.en.md:6:1 unknown-key"]),
        (LESSON, "basis: practice", "basis: &a practice", ["one.en.md:6:8 anchor"]),
        (LESSON, "---\n\nFirst", "\nFirst", ["one.en.md:1:1 front-matter-open"]),
        (QUIZ, "kind: quiz\n", "", ["check.en.md:1:1 no-kind"]),
        (QUIZ, "pass: 80", "draw: 5", ["check.en.md:5:7 draw-too-many"]),
        (QUIZ, "pass: 80", "draw: [{competency: C06, count: 3}]", ["check.en.md:5:8 pool-too-small"]),
        (QUIZ, "pass: 80", "draw: [{count: 1}, {tag: price, count: 1}]", ["check.en.md:5:20 pool-too-small"]),
        (QUIZ, "pass: 80", "draw: [{count: 2}, {competency: C06, count: 1}]", ["check.en.md:5:20 pool-too-small"]),
        (QUIZ, "pass: 80", "draw: [{dificulty: hard, count: 1}]", ["check.en.md:5:9 unknown-key"]),
        (QUIZ, "pass: 80", "draw: [{difficulty: heavy, count: 1}]", ["check.en.md:5:21 unknown-value"]),
        (QUIZ, "pass: 80", "draw: [{competency: C06}]", ["check.en.md:5:8 no-count"]),
        (QUIZ, "pass: 80", "draw: [C06]", ["check.en.md:5:8 wrong-kind"]),
        (QUIZ, "pass: 80", "draw: {competency: C06, count: 2}", []),
        (QUIZ, "pass: 80", "draw: [{competency: C06, count: 1}, {count: 1}]", []),
        (QUIZ, "## q2: Pairs", "## q1: Pairs", ["check.en.md:22:4 duplicate-id", "check.zh-Hans.md:20:4 extra-question"]),
        (QUIZ, "## q2: Pairs", "## Pairs", ["check.en.md:22:4 no-id", "check.zh-Hans.md:20:4 extra-question"]),
        (QUIZ, "- [x] The pace", "- [ ] The pace", ["check.en.md:15:1 not-one-right", "check.zh-Hans.md:15:1 other-mark"]),
        (QUIZ, "`title=style`", "`titel=style`", ["check.en.md:15:18 unknown-misconception", "check.zh-Hans.md:13:1 other-tags"]),
        (QUIZ, "`matching, points: 2`", "`matching, points: 2, lesson: onne`", [
            "check.en.md:24:23 unknown-lesson", "check.zh-Hans.md:20:4 other-tags"]),
        (QUIZ, "`matching, points: 2`", "`matching, points: 2, lesson`", ["check.en.md:24:23 no-lesson-id"]),
        (QUIZ, "`matching, points: 2`", "`matching, points: 2, difficulty: eazy`", [
            "check.en.md:24:23 unknown-value"]),
        (QUIZ, "`matching, points: 2`", "`matching, points: 2, lessson: one`", [
            "check.en.md:24:23 unknown-tag"]),
        (QUIZ, "competency: C06", "competency: C6", ["check.en.md:6:13 unknown-competency"]),
        (QUIZ, "  > Rank, not manner.\n", "", ["check.en.md:15:1 no-feedback"]),
        (QUIZ, "  > Behaviour.\n", "", ["check.en.md:17:1 no-feedback"]),
        (SCENARIO, "](#out)", "](#oot)", ["visit.en.md:34:17 unknown-scene"]),
        (SCENARIO, "`margin -4`", "`margins -4`", ["visit.en.md:34:23 unknown-state", "visit.zh-Hans.md:32:1 other-effects"]),
        (SCENARIO, "`margin -4`", "`margin minus 4`", [
            "visit.en.md:34:23 unknown-effect", "visit.zh-Hans.md:32:1 other-effects"]),
        (SCENARIO, "ending: strong", "ending: strongest", [
            "visit.en.md:39:2 unknown-grade", "visit.zh-Hans.md:35:4 other-ending"]),
        (SCENARIO, "turns: 3", "turns: three", ["visit.en.md:8:8 not-a-number"]),
        (SCENARIO, "trust: 3 of 10", "trust: 3 from 10", ["visit.en.md:9:16 bad-meter"]),
        (SCENARIO, "`analytical: trust -1, C06 -`", "`analitical: trust -1, C06 -`", ["visit.en.md:21:44 unknown-variant"]),
        (SCENARIO, ", out: Out}", "}", ["visit.en.md:10:1 no-name", "visit.zh-Hans.md:8:42 unknown-name"]),
        (GLOSSARY, "name:", "nane:", ["glossary.yaml:1:1 text-missing", "glossary.yaml:2:3 unknown-key"]),
        (TAGS, "zh-Hans: 看", "zh_Hans: 看", ["misconceptions.yaml:1:46 bad-language"]),
    ],
)  # fmt: skip
def test_a_fault_is_said_at_its_place(path: str, old: str, new: str, expected: list[str]) -> None:
    found = [
        line for line in said(changed(path, old, new)) if line.startswith(path.rpartition("/")[2]) or line in expected
    ]
    assert found == expected


def test_one_key_that_cannot_be_read_hides_no_other() -> None:
    text = (
        TEXTS[LESSON]
        .replace("title: Number one", "title: Step 2: USP")
        .replace("[C06]", "[C06")
        .replace("basis: practice", "bassis: x")
    )
    parsed = parse({**FILES, LESSON: text.encode()})
    assert [problem.code for problem in parsed.problems if problem.path == LESSON] == [
        "unquoted",
        "yaml",
        "unknown-key",
        "unknown-value",
    ]
    assert parsed.library.lesson_text("one", "en").title == "Step 2: USP"


def test_ids_and_flags_stay_what_was_written() -> None:
    library = changed(COURSE, "id: m1", "id: 1.10").library
    assert library.courses["demo"].modules[0].id == "1.10"


def test_an_id_that_stands_twice_is_a_fault_and_the_first_one_counts() -> None:
    parsed = parse({**FILES, "quizzes/other.en.md": TEXTS[QUIZ].encode()})
    assert "other.en.md:2:1 duplicate-id" in said(parsed)
    assert len(parsed.library.quizzes) == 1


def test_kinds_to_come_are_named_and_left_out() -> None:
    survey = "---\nid: after\nkind: survey\ntitle: Afterwards\n---\n\nHow was it?\n"
    text = TEXTS[COURSE].replace(
        "- quiz: check",
        "- quiz: check\n      - survey: after\n      - {tool: stakeholder-map, level: 3}",
    )
    files = {COURSE: text, "quizzes/after.en.md": survey}
    parsed = parse({**FILES, **{path: value.encode() for path, value in files.items()}})
    assert {problem.severity for problem in parsed.problems} == {Severity.note}
    assert {problem.code for problem in parsed.problems} == {"kind-to-come"}
    assert Step("tool", "stakeholder-map", level=3) in parsed.library.courses["demo"].steps


def test_a_tool_is_one_of_the_tools() -> None:
    card = "[The map](tool:stakeholder-map)"
    parsed = changed(LESSON, "[Check yourself](quiz:check)", f"[Check yourself](quiz:check)\n\n{card}")
    assert "unknown-target" not in [p.code for p in parsed.problems]
    assert [
        b.id for b in parsed.library.lesson_text("one", "en").blocks if isinstance(b, Card) and b.kind == "tool"
    ] == ["stakeholder-map"]
    misspelt = changed(LESSON, "[Check yourself](quiz:check)", "[The map](tool:stakeholders-map)").problems
    found = [(p.code, str(p.mend)) for p in misspelt if p.path == LESSON and p.fatal]
    assert ("unknown-target", "Did you mean `stakeholder-map`?") in found
    step = [p for p in changed(COURSE, "- quiz: check", "- tool: canvas").problems if p.code == "unknown-step"]
    assert [str(p.message) for p in step] == ["There is no tool `canvas`."]
    assert "`visit-plan`" in str(step[0].mend)


def test_a_lesson_of_a_planned_course_is_to_come() -> None:
    planned = b"courses:\n  later: {en: Later, zh-Hans: \xe4\xbb\xa5\xe5\x90\x8e}\n"
    text = TEXTS[LESSON].replace("[the traps](#three-traps)", "[the next one](lesson:later-1.1)")
    chinese = TEXTS[LESSON_ZH].replace("](#three-traps)", "](lesson:later-1.1)")
    files = {**FILES, LESSON: text.encode(), LESSON_ZH: chinese.encode()}
    assert "unknown-target" in [p.code for p in parse(files).problems]
    found = parse({**files, "courses/sources.yaml": planned})
    assert [p.code for p in found.problems if p.path == LESSON] == ["course-to-come"]
    html = "".join(b.html for b in found.library.lesson_text("one", "en").blocks if isinstance(b, Html))
    assert "the next one" in html
    assert "later-1.1" not in html


def test_a_second_list_asks_a_second_thing() -> None:
    more = "\n\nWhy?\n\n- [x] Because\n  > Yes.\n- [ ] Why not\n  > No.\n"
    [first, *_] = changed(QUIZ, "  > Behaviour.\n", f"  > Behaviour.{more}").library.quiz("check", "en").questions
    assert [(part.type, part.prompt) for part in first.parts] == [("single", ""), ("single", "<p>Why?</p>")]


def test_pictures_sounds_and_films_come_from_the_media_folder() -> None:
    body = "![A plan](media/plan.png)\n\n![A call](media/call.mp3)\n\n![A film](media/film.mp4)\n"
    media = {f"courses/demo/media/{name}": name.encode() for name in ("plan.png", "call.mp3", "film.mp4", "film.vtt")}
    text = TEXTS[LESSON].replace("Second paragraph.", body)
    parsed = parse({**FILES, **media, LESSON: text.encode()})
    html = "".join(block.html for block in parsed.library.lesson_text("one", "en").blocks if isinstance(block, Html))
    address = {path.rpartition("/")[2]: digest for path, digest in parsed.library.media.items()}
    assert f'<img src="/learn/media/{address["plan.png"]}.png" alt="A plan" loading="lazy">' in html
    assert f'<audio controls preload="none" src="/learn/media/{address["call.mp3"]}.mp3" aria-label="A call">' in html
    assert f'<track kind="captions" default src="/learn/media/{address["film.vtt"]}.vtt">' in html


def test_authors_are_those_of_the_courses_a_file_is_part_of() -> None:
    library = changed(COURSE, "languages:", "authors: [Trainer@demo.example]\nlanguages:").library
    assert library.authors_of(LESSON) == ("trainer@demo.example",)
    assert library.authors_of(QUIZ_ZH) == ("trainer@demo.example",)
    assert library.authors_of("courses/demo/new.en.md") == ("trainer@demo.example",)
    assert library.authors_of("quizzes/new.en.md") == ()
    assert library.authors_of(GLOSSARY) == ()
    assert parse(FILES).library.authors_of(LESSON) == ()


def test_titles_minutes_and_steps() -> None:
    library = parse(FILES).library
    assert library.title("lesson", "one", "zh-Hans") == "第一课"
    assert library.title("course", "demo", "zh-Hant") == "演示"
    assert library.title("tool", "map", "en") == "map"
    assert library.title("course", "none", "en") == "none"
    assert [library.minutes(*step) for step in (("lesson", "one"), ("quiz", "check"), ("scenario", "visit"))] == [
        1,
        1,
        2,
    ]
    assert library.minutes("course", "demo") == 4
    assert library.step_of("demo", "quiz", "check") == Step("quiz", "check")
    assert library.step_of("demo", "quiz", "none") is None
    with pytest.raises(KeyError):
        library.lesson_text("none", "en")


def test_a_file_without_a_language_in_its_name_is_a_fault() -> None:
    parsed = parse(
        {
            **FILES,
            "quizzes/lost.md": b"x",
            "courses/demo/media/a.exe": b"x",
            LESSON_ZH.replace("one", "two"): b"---\nid: two\n---\n",
        }
    )
    assert "lost.md:1:1 no-language-in-name" in said(parsed)
    assert "a.exe:1:1 unknown-medium" in said(parsed)


def test_a_course_is_known_by_its_id_and_not_by_its_folder() -> None:
    files = {**FILES, COURSE: TEXTS[COURSE].replace("id: demo", "id: sales\nauthors: [a@b.c]").encode()}
    text = TEXTS[LESSON].replace("Second paragraph.", "See [this](lesson:one).")
    parsed = parse({**files, LESSON: text.encode()})
    assert parsed.problems == ()
    assert parsed.library.lessons["one"].course == "sales"
    assert '<a href="/learn/sales/one">this</a>' in repr(parsed.library.lesson_text("one", "en"))
    assert parsed.library.authors_of(LESSON) == ("a@b.c",)


def test_courses_come_in_the_order_one_takes_them() -> None:
    text = "id: {}\ntitle: {{en: A course}}\nlanguages: [en]\nrequires: [{}]\nmodules: []\n"
    requires = {"aaa": "zzz", "mmm": "", "zzz": "mmm", "ooo": "ooo", "ppp": "none"}
    files = {f"courses/{id}/course.yaml": text.format(id, other).encode() for id, other in requires.items()}
    assert list(parse(files).library.courses) == ["mmm", "ooo", "ppp", "zzz", "aaa"]
