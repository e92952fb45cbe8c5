"""The sample library with a drill: three answers, nine scenes, as a step of its course."""

from __future__ import annotations

from tests.samples import COURSE, FILES

HEAD = """\
---
id: tell
kind: drill
title: Tell them apart
draw: 10
competency: C06
---

Say which.

- Loud `loud`
  > PROFILE-LOUD.
- Calm `calm`
  > PROFILE-CALM.
- Not enough `unclear`
  > PROFILE-UNCLEAR.
"""

SCENE = """
## {id}: Scene {id}

`confusable: {confusable}`

Behaviour {id}.

- [x] {right}
  > RIGHT-{id}.
- [ ] {wrong}
  > WRONG-{id}.

Which cue decides?

- [x] The cue of {id}
  > CUE-RIGHT-{id}.
- [ ] The colour of the door
  > CUE-WRONG-{id}.

> DEBRIEF-{id}.
"""

NAMES = {"loud": "Loud", "calm": "Calm", "unclear": "Not enough"}
PAIRS = [("loud", "calm"), ("calm", "loud"), ("unclear", "loud")]
TRUTH = {f"s{place}": PAIRS[place % 3][0] for place in range(9)}

DRILL = HEAD + "".join(
    SCENE.format(
        id=id, right=NAMES[PAIRS[place % 3][0]], wrong=NAMES[PAIRS[place % 3][1]], confusable=PAIRS[place % 3][1]
    )
    for place, id in enumerate(TRUTH)
)

WITH_DRILL = {
    **FILES,
    "courses/try/course.yaml": COURSE.replace(
        "      - quiz: final\n", "      - quiz: final\n      - {drill: tell, pass: 80, cues: 70}\n"
    ).encode(),
    "quizzes/tell.en.md": DRILL.encode(),
}
