"""What a hurried or Chinese-typing author types: said once, read as what it stands for, and mended."""

from __future__ import annotations

import pytest

from kamtrain.content.library import parse
from kamtrain.content.mend import applied, mended
from kamtrain.core.problems import Edit, Problem
from tests.content.shelf import (
    COURSE,
    FILES,
    LESSON,
    LESSON_ZH,
    QUIZ,
    QUIZ_ZH,
    SCENARIO,
    SCENARIO_ZH,
    TEXTS,
    changed,
    said,
)

# file · as it should be · as it was typed · what is said · what mending makes of it, where that is another text
MENDED = [
    (LESSON_ZH, "title: 第一课", "标题：第一课", ["one.zh-Hans.md:4:1 unknown-key", "one.zh-Hans.md:4:3 look-alike"], None),
    (LESSON, "title: Number one", "title：Number one", ["one.en.md:3:6 look-alike"], None),
    (LESSON, "title: Number one", "title:Number one", ["one.en.md:3:7 missing-space"], None),
    (LESSON_ZH, "title: 第一课", "title: “第二步: 竞争”", ["one.zh-Hans.md:4:8 unquoted"], 'title: "第二步: 竞争"'),
    (LESSON, "title: Number one", "title: Step 2: USP", ["one.en.md:3:8 unquoted"], 'title: "Step 2: USP"'),
    (
        LESSON,
        "objectives: [name two things]",
        "objectives:\n  - adapt: result first",
        ["one.en.md:5:5 unquoted"],
        'objectives:\n  - "adapt: result first"',
    ),
    (LESSON, "[C06]", "[C05， C06]", ["one.en.md:5:16 full-width"], "[C05, C06]"),
    (QUIZ, "pass: 80", "pass: 80%", ["check.en.md:5:7 not-a-number"], None),
    (QUIZ, "pass: 80", "pass: ８０", ["check.en.md:5:7 full-width"], None),
    (COURSE, "  - id: m1", "\t- id: m1", ["course.yaml:5:1 tab"], None),
    (QUIZ_ZH, "- [x] 节奏", "- 【x】 节奏", ["check.zh-Hans.md:15:3 look-alike"], None),
    (QUIZ_ZH, "- [x] 节奏", "- ［ｘ］ 节奏", ["check.zh-Hans.md:15:3 look-alike"], None),
    (QUIZ_ZH, "- [ ] 头衔", "- ［ ］ 头衔", ["check.zh-Hans.md:13:3 look-alike"], None),
    (QUIZ_ZH, "- [x] 节奏", "- [√] 节奏", ["check.zh-Hans.md:15:3 look-alike"], None),
    (QUIZ_ZH, "- [ ] 头衔", "- [] 头衔", ["check.zh-Hans.md:13:3 look-alike"], None),
    (QUIZ_ZH, "- [ ] 头衔", "- [ ]头衔", ["check.zh-Hans.md:13:6 missing-space"], None),
    (QUIZ_ZH, "- [x] 节奏", "-【x】节奏", [
        "check.zh-Hans.md:15:2 missing-space", "check.zh-Hans.md:15:2 look-alike", "check.zh-Hans.md:15:5 missing-space"], None),
    (LESSON_ZH, "## 三个误区", "##三个误区", ["one.zh-Hans.md:12:3 missing-space"], None),
    (LESSON_ZH, "## 三个误区", "##　三个误区", ["one.zh-Hans.md:12:3 wide-space"], None),
    (LESSON_ZH, "## 三个误区", "＃＃ 三个误区", ["one.zh-Hans.md:12:1 look-alike"], None),
    (QUIZ_ZH, "- [ ] 头衔", "-　[ ] 头衔", ["check.zh-Hans.md:13:2 wide-space"], None),
    (QUIZ_ZH, "  > 级别", "  》 级别", ["check.zh-Hans.md:14:3 look-alike"], None),
    (QUIZ_ZH, "  > 级别", "　> 级别", ["check.zh-Hans.md:14:1 wide-space"], None),
    (QUIZ_ZH, "- [ ] 头衔", "· [ ] 头衔", ["check.zh-Hans.md:13:1 look-alike"], None),
    (QUIZ_ZH, "- [ ] 头衔", "－ [ ] 头衔", ["check.zh-Hans.md:13:1 look-alike"], None),
    (LESSON_ZH, "1. 一味", "1、一味", ["one.zh-Hans.md:14:1 look-alike"], None),
    (LESSON_ZH, "1. 一味", "１．一味", ["one.zh-Hans.md:14:1 look-alike"], None),
    (LESSON_ZH, "| 着急 | 结果 |", "｜ 着急 ｜ 结果 ｜", ["one.zh-Hans.md:21:1 look-alike"], None),
    (
        SCENARIO_ZH,
        "`trust +2, C06 +` `analytical: trust -1, C06 -`",
        "·trust +2, C06 +· ·analytical: trust -1, C06 -·",
        ["visit.zh-Hans.md:19:17 look-alike", "visit.zh-Hans.md:19:35 look-alike"],
        None,
    ),
    (SCENARIO_ZH, "[结果](#middle)", "【结果】（#middle）", ["visit.zh-Hans.md:19:3 look-alike"], None),
    (SCENARIO_ZH, "[结果](#middle)", "[结果]（#middle）", ["visit.zh-Hans.md:19:3 look-alike"], None),
    (LESSON_ZH, "(quiz:check)", "(quiz：check)", ["one.zh-Hans.md:26:1 look-alike"], None),
    (
        LESSON,
        "> [!note] Mind\n> A box.",
        '!!! note "Mind"\n    A box.',
        ["one.en.md:24:1 admonition", "one.en.md:25:1 admonition"],
        None,
    ),
    (
        LESSON_ZH,
        "> [!note] 留意\n> 一个框。",
        "！！！ note\n    一个框。",
        ["one.zh-Hans.md:23:1 admonition", "one.zh-Hans.md:24:1 admonition"],
        "> [!note]\n> 一个框。",
    ),
    (QUIZ, "## q1: Best evidence", "## Best evidence {#q1 type=single}", ["check.en.md:11:1 attributes"], None),
    (QUIZ, "  > Behaviour.\n\n> Beh", "  > Behaviour.\n> Beh", ["check.en.md:19:1 missing-empty-line"], None),
    (QUIZ, "  > Behaviour.", "> Behaviour.", ["check.en.md:18:1 feedback-at-margin"], None),
]  # fmt: skip

WARNED = [
    ("**注意：**请看", "**注意**：请看", 1),
    ("占**35%**的", "占**35**%的", 2),
    ("说**“你好”**的", "说“**你好**”的", 2),
    ("叫**“你好”** 的", "叫“**你好**” 的", 2),
    ("好**……**的", "好 **……** 的", 2),
]

SAID = [
    (QUIZ, "pass: 80", "atempts: 3", ["check.en.md:5:1 unknown-key"], "attempts"),
    (QUIZ, "`matching, points: 2`", "`matchng, points: 2`", ["check.en.md:24:2 unknown-tag"], "matching"),
    (SCENARIO, "](#out)", "](#oot)", ["visit.en.md:34:17 unknown-scene"], "out"),
    (LESSON_ZH, "第二段。", "![图](现场 照片.png)", ["one.zh-Hans.md:10:6 space-in-target"], "without spaces"),
    (LESSON, "| haste | result |", "| haste | result | x |", ["one.en.md:22:20 table-cells"], "backslash"),
    (QUIZ, "  > Rank, not manner.\n", "", ["check.en.md:15:1 no-feedback"], "indented by two"),
    (SCENARIO, "ending: poor, when", "ending: poor, if trust >= 0, when", None, "else"),
]

UNTOUCHED = [
    "面对主导型客户：结果在前，给两个方案。",
    "威廉·莎士比亚·和一个点",
    "《第二课》说得清楚（见下）。",
    "- 【重点】先说结果",
    "- 普通的一条，（附注）也可以",
    "“你好。”他说。",
    "他说：**“你好”**。",
    "**注意**：请看",
    "1986年，第一家工厂。",
    "价格-数量",
    "`·` 是一个点",
    "　　首行缩进的一段。",
    "A #hashtag and a C# and 5 * 3 * 2.",
    "—— 他没有说话。",
    "[说法](https://example.org/a：b)",
]


def mending(path: str, data: bytes) -> bytes:
    def looked_at(now: bytes) -> list[Problem]:
        return [problem for problem in parse({**FILES, path: now}).problems if problem.path == path]

    return mended(data, looked_at)


@pytest.mark.parametrize(("path", "right", "typed", "expected", "after"), MENDED)
def test_a_look_alike_is_said_read_and_mended(
    path: str, right: str, typed: str, expected: list[str], after: str | None
) -> None:
    parsed = changed(path, right, typed)
    assert sorted(said(parsed)) == sorted(expected)
    assert all(problem.fatal and problem.fix and problem.mend for problem in parsed.problems)
    whole = TEXTS[path].replace(right, after or right, 1)
    assert mending(path, TEXTS[path].replace(right, typed, 1).encode()).decode() == whole
    good = parse({**FILES, path: whole.encode()})
    assert good.problems == ()
    assert values(parsed.library) == values(good.library)


def values(library: object) -> str:
    return repr([getattr(library, name) for name in ("courses", "lessons", "scenarios")])


@pytest.mark.parametrize(("typed", "right", "column"), WARNED)
def test_bold_text_that_others_show_with_asterisks_is_a_warning(typed: str, right: str, column: int) -> None:
    parsed = changed(LESSON_ZH, "第二段。", typed)
    assert said(parsed) == [f"one.zh-Hans.md:10:{column} bold-beside-sign"]
    assert not parsed.fatal
    whole = TEXTS[LESSON_ZH].replace("第二段。", right, 1)
    assert mending(LESSON_ZH, TEXTS[LESSON_ZH].replace("第二段。", typed, 1).encode()).decode() == whole


@pytest.mark.parametrize(("path", "right", "typed", "expected", "mend"), SAID)
def test_what_only_the_author_can_mend_is_said(
    path: str, right: str, typed: str, expected: list[str] | None, mend: str
) -> None:
    parsed = changed(path, right, typed)
    if expected is not None:
        assert said(parsed) == expected
    found = [problem for problem in parsed.problems if problem.path == path and problem.fatal]
    assert any(mend in str(problem.mend) for problem in found)
    assert all(problem.fix is None for problem in found)


@pytest.mark.parametrize("line", UNTOUCHED)
def test_ordinary_text_is_left_alone(line: str) -> None:
    codes = {p.code for p in changed(LESSON_ZH, "第二段。", line).problems}
    assert codes <= {"block-missing", "extra-block"}


def test_a_fence_is_left_alone() -> None:
    body = "```\n【x】\n##标题\n》 a\n！！！ note\n```"
    text = TEXTS[LESSON].replace("Second paragraph.", body)
    chinese = TEXTS[LESSON_ZH].replace("第二段。", body)
    assert parse({**FILES, LESSON: text.encode(), LESSON_ZH: chinese.encode()}).problems == ()


def test_a_file_saved_as_gbk_is_said_once() -> None:
    parsed = parse({**FILES, LESSON_ZH: TEXTS[LESSON_ZH].encode("gbk")})
    assert said(parsed) == ["one.zh-Hans.md:4:8 not-utf-8"]
    assert str(parsed.problems[0].mend) == "Save the file as UTF-8."


def test_many_look_alikes_in_one_file_are_mended_at_once() -> None:
    typed = (
        TEXTS[QUIZ_ZH]
        .replace("- [x] ", "- 【x】")
        .replace("  > ", "　》")
        .replace("## ", "##")
        .replace("title: ", "标题：")
    )
    typed = "\ufeff" + typed.replace("\n", "\r\n")
    assert mending(QUIZ_ZH, typed.encode()).decode() == "\ufeff" + TEXTS[QUIZ_ZH].replace("\n", "\r\n")


def test_edits_that_overlap_are_left_for_the_next_round() -> None:
    assert applied("abcdef", [Edit(1, 3, "X"), Edit(2, 4, "Y"), Edit(4, 4, "Z"), Edit(9, 9, "W")]) == "aXdZef"
