"""A small library for tests: one course with a lesson, two quizzes and a scenario, written as a trainer would."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine

from kamtrain.services.attempts import Head
from kamtrain.services.publishing import library_at, plan, publish
from kamtrain.store.base import writing

COURSE = """\
id: try
title: {en: A course to try, zh-Hans: 试用课程}
languages: [en]
modules:
  - id: try-1
    title: {en: One module, zh-Hans: 一个模块}
    steps:
      - lesson: try-1.1
      - quiz: check
      - quiz: final
      - {scenario: talk, reach: acceptable}
complete: {lessons: read, activities: done}
succeed: {activities: passed}
"""

LESSON = """\
---
id: try-1.1
title: A first lesson
competencies: [C06]
---

Somebody asks before somebody tells.

## What to see

> [!tip] Look twice
> Three cues, not one.

[Check yourself](quiz:check)
"""

CHECK = """\
---
id: check
kind: quiz
title: A check
feedback: now
pass: 50
competency: C06
---

## c1: First

Which one is right?

- [x] This one
  > Yes: this one.
- [ ] That one
  > No: SECRET-FEEDBACK.

> SECRET-DEBRIEF.

## c2: Second

And which one here?

- [ ] Wrong here
  > No.
- [x] Right here
  > Yes.
"""

FINAL = """\
---
id: final
kind: quiz
title: A final
pass: 60
attempts: 2
competency: C06
---

## f1: Several

Which ones?

- [x] One
  > Yes.
- [x] Two
  > Yes.
- [ ] Three
  > No.

## f2: Pairs

`matching`

Match them.

| Left | Right |
| --- | --- |
| a | 1 |
| b | 2 |
| | 3 |

> Pairs are pairs.

## f3: Open

`open, C06, words: 5-60`

Say why.

| Criterion | 0 None | 1 Some | 2 Full |
| --- | --- | --- | --- |
| Reason | none | a reason | a reason with a case |

> MODEL-ANSWER.
"""

TALK = """\
---
id: talk
kind: scenario
title: A talk
persona: {name: Luo, post: general manager, role: decider, style: dominant, pressure: a target}
variants:
  analytical: {persona: {pressure: a board}}
turns: 4
state: {trust: 3 of 10}
names: {trust: Trust, good: A date, fine: A promise, bad: Shown the door, late: Out of time}
---

The briefing.

## opening

"What do you want?"

`analytical` "I have read your page."

- [The result, in one line](#middle) `trust +2, C06 +` `analytical: trust -1, C06 -`
  > He sits down.
- [One page of method](#middle) `trust -1, C06 -` `analytical: trust +2, C06 +`
  > He lays it aside.
- [Leave](#bad) `trust -3`
  > The door.

## middle

"And then?"

- [A date](#good) `trust +1, C12 +`
  > Thursday.
- [Some time](#fine)
  > He nods.
- [Press him](#middle) `if trust >= 2, trust -1, C06 -`
  > He frowns.

## good

`ending: strong, if trust >= 5, else fine`

A date in two calendars.

> Lead with the result.

## fine

`ending: acceptable`

A promise.

> Without a date it cools.

## bad

`ending: poor, when trust = 0`

Out.

> The first sentence decides.

## late

`ending: poor, when turns = 0`

Time is over.

> Count the questions.

## debrief

1. Where did it turn?
"""

FILES: dict[str, bytes] = {
    "courses/try/course.yaml": COURSE.encode(),
    "courses/try/try-1.1.en.md": LESSON.encode(),
    "quizzes/check.en.md": CHECK.encode(),
    "quizzes/final.en.md": FINAL.encode(),
    "quizzes/talk.en.md": TALK.encode(),
}
# A kind of activity that is read, and cannot be asked yet.
SURVEY: dict[str, bytes] = {
    "quizzes/after.en.md": b"---\nid: after\nkind: survey\ntitle: Afterwards\n---\n\nHow was it?\n"
}
# The course asks for a sheet of an account tool, too.
WITH_TASK = FILES | {
    "courses/try/course.yaml": COURSE.replace(
        "      - {scenario: talk", "      - {tool: selection-scorecard, level: 3}\n      - {scenario: talk"
    ).encode()
}


def published(engine: Engine, files: dict[str, bytes] | None = None) -> Head:
    """Publishes `files` (the sample library) and returns it as the head."""
    with writing(engine) as session:
        planned = plan(session, FILES if files is None else files)
        assert not [problem for problem in planned.problems if problem.fatal]
        revision = publish(session, planned, "disk", None, "", datetime.now(UTC))
        return Head(revision, library_at(session, revision))
