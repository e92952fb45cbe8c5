"""The texts that new files begin with: an example of each kind, a translation to fill in, a copy under a new id."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from kamtrain.content import drills, lessons, negotiations, quizzes, scenarios
from kamtrain.content.library import TEXT_FILE
from kamtrain.content.schema import ID, LANGUAGE
from kamtrain.core.errors import Invalid
from kamtrain.core.message import message

Kind = Literal["course", "lesson", "quiz", "drill", "scenario", "negotiation"]
KINDS: tuple[Kind, ...] = get_args(Kind)
OWN = {
    "lesson": lessons.OWN,
    "quiz": quizzes.OWN,
    "drill": drills.OWN,
    "scenario": scenarios.OWN,
    "negotiation": negotiations.OWN,
}
LONGEST = 60  # characters of an id

COURSE = """\
id: {id}
title: {{{language}: {title}}}
languages: [{language}]            # {first}

modules:
  - id: {id}-1
    title: {{{language}: {title}}}
    steps: []                      # - lesson: {id}-1.1

complete: {{lessons: read, activities: done}}
succeed: {{activities: passed}}
"""

LESSON = """\
---
id: {id}
title: {title}
objectives: ["…"]
basis: practice
---

…

## …

> [!example] …
> …
"""

QUIZ = """\
---
id: {id}
kind: quiz
title: {title}
feedback: now
pass: 80
---

…

## {id}-1: …

…

- [x] …!
  > …
- [ ] …?
  > …

> …
"""

DRILL = """\
---
id: {id}
kind: drill
title: {title}
draw: 10
---

…

- A… `first`
  > …
- B… `second`
  > …

## {id}-1: …

`confusable: second`

…

- [x] A…
  > …
- [ ] B…
  > …

…?

- [x] …!
  > …
- [ ] …?
  > …

## {id}-2: …

`confusable: first`

…

- [x] B…
  > …
- [ ] A…
  > …

…?

- [ ] …?
  > …
- [x] …!
  > …
"""

SCENARIO = """\
---
id: {id}
kind: scenario
title: {title}
persona: {{name: …, post: …, role: decider, style: dominant, pressure: …}}
turns: 4
state: {{trust: 3 of 10}}
names: {{trust: …, agreed: …, thanks: …, out-of-time: …}}
---

…

## opening

…

- […](#second) `trust +1`
  > …
- [… …](#second) `trust -1`
  > …

## second

…

- […](#agreed) `trust +1`
  > …
- [… …](#second) `trust -1`
  > …

## agreed

`ending: strong, if trust >= 4, else thanks`

…

> …

## thanks

`ending: poor`

…

> …

## out-of-time

`ending: poor, when turns = 0`

…

> …
"""

NEGOTIATION = """\
---
id: {id}
kind: negotiation
title: {title}
turns: 8
you: {{target: 65, walk-away: 35}}
issues:
  price: {{range: 200 to 160 by 2, yours: 60 to 0, theirs: 0 to 50}}
  service: {{yours: [40, 30, 10], theirs: [0, 30, 50]}}
names: {{price: …, service: …}}
choices: {{service: [A…, B…, C…]}}
units: {{price: …}}
buyers:
  amiable: {{name: …, post: …, pressure: …, opening: 90, target: 65, walk-away: 40}}
---

…
"""
NEGOTIATION += "".join(
    f"\n## {event}\n\n…\n" for event in (*negotiations.NEEDED, "ask-price", "ask-service", negotiations.DEBRIEF)
)

FIRST = {  # in the language of the file, not of who makes it
    "en": "the first is the one the others follow",
    "zh-Hans": "第一种是原文，其他语言以它为准",
    "zh-Hant": "第一種是原文，其他語言以它為準",
}

TEXTS = {
    "course": COURSE,
    "lesson": LESSON,
    "quiz": QUIZ,
    "drill": DRILL,
    "scenario": SCENARIO,
    "negotiation": NEGOTIATION,
}


@dataclass(frozen=True)
class Wanted:
    """What the form of a new file says."""

    kind: Kind
    id: str
    language: str
    course: str  # of a lesson
    title: str


def wanted(kind: str, id: str, language: str, course: str, title: str) -> Wanted:
    """Raises `Invalid` with the field to blame."""
    id, title = id.strip().lower(), " ".join(title.split())[:200]
    if kind not in KINDS:
        raise Invalid(message("Choose what it is to be."), "kind")
    if not ID.fullmatch(id) or len(id) > LONGEST:
        raise Invalid(
            message("An id has small letters, digits, and dots or hyphens between them: ppl-1.2 or first-visit."), "id"
        )
    if not LANGUAGE.fullmatch(language):
        raise Invalid(message("Choose a language."), "language")
    if kind == "lesson" and not ID.fullmatch(course):
        raise Invalid(message("Choose the course it belongs to."), "course")
    return Wanted(kind, id, language, course, title)


def path_of(new: Wanted) -> str:
    if new.kind == "course":
        return f"courses/{new.id}/course.yaml"
    folder = f"courses/{new.course}" if new.kind == "lesson" else "quizzes"
    return f"{folder}/{new.id}.{new.language}.md"


def sibling_path(leader: str, language: str) -> str:
    """The file of a translation of the one at `leader`."""
    match = TEXT_FILE.fullmatch(leader)
    assert match is not None
    return f"{match['folder']}/{match['stem']}.{language}.md"


def skeleton(new: Wanted) -> str:
    first = FIRST.get(new.language, FIRST["en"])
    return TEXTS[new.kind].format(id=new.id, language=new.language, title=_scalar(new.title or new.id), first=first)


def _scalar(text: str) -> str:
    """In straight quotes where YAML would read it otherwise."""
    if re.fullmatch(r"[^\W\d_][\w .()-]*", text) and text.strip() == text and text.lower() not in ("yes", "no", "null"):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def translation(source: str, language: str, kind: str) -> str:
    """`source` (in `language`) as the beginning of its translation: what stands in the followed file alone is left out.

    The text itself stays, to be replaced paragraph by paragraph: so its structure is right from the start.
    """
    front, body = _parted(source)
    kept = {"id", "title", *OWN.get(kind, ())}
    lines: list[str] = []
    keep = False
    for line in front:
        if key := re.match(r"([\w-]+):", line):
            keep = key[1] in kept
        if keep:
            lines.append(line)
    return "\n".join(["---", *lines, f"follows: {language}", "---", *body])


def copied(source: str, id: str, old_id: str) -> str:
    """`source` under another id; ids of questions that begin with the old one follow it."""
    front, body = _parted(source)
    if not front:  # a file that is YAML as a whole
        return re.sub(r"(?m)^id:.*$", f"id: {id}", source, count=1)
    front = [f"id: {id}" if line.startswith("id:") else line for line in front if not line.startswith("follows:")]
    heading = re.compile(rf"(##\s+){re.escape(old_id)}(?=[-.:：\s])")
    return "\n".join(["---", *front, "---", *(heading.sub(rf"\g<1>{id}", line) for line in body)])


def _parted(source: str) -> tuple[list[str], list[str]]:
    """(lines of the front matter, lines of the body)"""
    lines = source.split("\n")
    if not lines or lines[0].strip() != "---":
        return [], lines
    end = next((n for n, line in enumerate(lines[1:], 1) if line.strip() in ("---", "...")), None)
    return ([], lines) if end is None else (lines[1:end], lines[end + 1 :])
