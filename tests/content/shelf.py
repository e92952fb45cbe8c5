"""A small library to try faults on: one course, one lesson, one quiz, one scenario, each in English and Chinese."""

from collections.abc import Mapping

from kamtrain.content.library import Parsed, parse

COURSE = "courses/demo/course.yaml"
LESSON, LESSON_ZH = "courses/demo/one.en.md", "courses/demo/one.zh-Hans.md"
QUIZ, QUIZ_ZH = "quizzes/check.en.md", "quizzes/check.zh-Hans.md"
SCENARIO, SCENARIO_ZH = "quizzes/visit.en.md", "quizzes/visit.zh-Hans.md"
GLOSSARY, TAGS = "courses/glossary.yaml", "quizzes/misconceptions.yaml"

TEXTS: Mapping[str, str] = {
    COURSE: """\
id: demo
title: {en: Demo, zh-Hans: 演示}
languages: [en, zh-Hans]
modules:
  - id: m1
    title: {en: First, zh-Hans: 第一}
    steps:
      - lesson: one
      - quiz: check
      - scenario: visit
complete: {lessons: read, activities: done}
succeed: {activities: passed}
""",
    LESSON: """\
---
id: one
title: Number one
objectives: [name two things]
competencies: [C06]
basis: practice
---

First paragraph with a [cue](term:cue).

Second paragraph.

## Three traps

1. Giving in.
2. Explaining more:
   - the gist,
   - an offer.

| Seen | Wanted |
| --- | --- |
| haste | result |

> [!note] Mind
> A box.

[Check yourself](quiz:check)

See [the visit](scenario:visit) and [the traps](#three-traps).
""",
    LESSON_ZH: """\
---
id: one
follows: en
title: 第一课
objectives: [说出两件事]
---

第一段，有一条[线索](term:cue)。

第二段。

## 三个误区

1. 一味顺从。
2. 越解释越多：
   - 说要点，
   - 给选择。

| 看到的 | 想要的 |
| --- | --- |
| 着急 | 结果 |

> [!note] 留意
> 一个框。

[自测](quiz:check)

看[拜访](scenario:visit)和[误区](#three-traps)。
""",
    QUIZ: """\
---
id: check
kind: quiz
title: Check
pass: 80
competency: C06
---

Two questions.

## q1: Best evidence

What tells you most?

- [ ] The title `title=style`
  > Rank, not manner.
- [x] The pace
  > Behaviour.

> Behaviour first.

## q2: Pairs

`matching, points: 2`

| What | Type |
| --- | --- |
| tells | dominant |
| asks | amiable |
""",
    QUIZ_ZH: """\
---
id: check
follows: en
title: 自测
---

两道题。

## q1: 最好的依据

什么最能说明问题？

- [ ] 头衔 `title=style`
  > 级别，不是风格。
- [x] 节奏
  > 行为。

> 先看行为。

## q2: 配对

`matching, points: 2`

| 看到的 | 类型 |
| --- | --- |
| 多说 | 主导型 |
| 多问 | 和蔼型 |
""",
    SCENARIO: """\
---
id: visit
kind: scenario
title: A visit
persona: {name: Luo, post: manager, role: decider, style: dominant, pressure: costs}
variants:
  analytical: {persona: {pressure: the board}}
turns: 3
state: {trust: 3 of 10, margin: 28 %}
names: {trust: Trust, margin: Margin, done: Done, out: Out}
---

Ten minutes.

## opening

Luo stands.

`analytical` Luo reads.

- [The result](#middle) `trust +2, C06 +` `analytical: trust -1, C06 -`
  > He sits down.
  >
  > `analytical` He waits.
- [The method](#middle) `trust -1, C06 -` `analytical: trust +2, C06 +`
  > He frowns.

## middle

"Well?"

- [A date](#done) `trust +1, C06 +`
  > "Thursday."
- [A discount](#out) `margin -4`
  > "No."

## done

`ending: strong, if trust >= 5, else out`
`analytical: if trust >= 5`

A date.

> Fix the date.

## out

`ending: poor, when trust = 0`

Nothing.

> What was missing?

## debrief

1. Where did it turn?
""",
    SCENARIO_ZH: """\
---
id: visit
follows: en
title: 拜访
persona: {name: 罗总, post: 总经理, pressure: 成本}
variants:
  analytical: {persona: {pressure: 董事会}}
names: {trust: 信任, margin: 毛利, done: 成了, out: 没成}
---

十分钟。

## opening

罗总站着。

`analytical` 罗总在看资料。

- [结果](#middle) `trust +2, C06 +` `analytical: trust -1, C06 -`
  > 他坐下。
  >
  > `analytical` 他等着。
- [方法](#middle) `trust -1, C06 -` `analytical: trust +2, C06 +`
  > 他皱眉。

## middle

“怎么样？”

- [日期](#done) `trust +1, C06 +`
  > “周四。”
- [降价](#out) `margin -4`
  > “不要。”

## done

`ending: strong, if trust >= 5, else out`
`analytical: if trust >= 5`

定了日期。

> 定下日期。

## out

`ending: poor, when trust = 0`

什么也没有。

> 缺了什么？

## debrief

1. 在哪里转折？
""",
    GLOSSARY: """\
cue:
  name: {en: cue, zh-Hans: 线索}
  text: {en: What can be seen or heard., zh-Hans: 看得见、听得到的。}
""",
    TAGS: "title=style: {en: the title tells the style, zh-Hans: 看头衔定类型}\n",
}

FILES: Mapping[str, bytes] = {path: text.encode() for path, text in TEXTS.items()}


def changed(path: str, old: str, new: str) -> Parsed:
    """The library with one passage of one file replaced."""
    assert old in TEXTS[path]
    return parse({**FILES, path: TEXTS[path].replace(old, new, 1).encode()})


def said(parsed: Parsed) -> list[str]:
    """`file:line:column code` of every problem but the notes."""
    return [
        f"{problem.path.rpartition('/')[2]}:{problem.line}:{problem.column} {problem.code}"
        for problem in parsed.problems
        if problem.severity != "note"
    ]
