"""The sample library with a negotiation: two issues, two buyers, as a step of its course."""

from __future__ import annotations

from tests.samples import COURSE, FILES

EVENTS = (
    "opening", "first", "trade", "gift", "hold", "harder", "pause", "again", "deadlock", "thaw", "deal", "walked", "broken",
    "out-of-time", "ask-price", "ask-service", "pair", "pair-fed", "pair-settled",
)  # fmt: skip

HEAD = """\
---
id: haggle
kind: negotiation
title: Two lines on a page
competencies: [C06]
turns: 8
you: {target: 65, walk-away: 35}
grades: {strong: 60, acceptable: 30}
issues:
  price: {range: 200 to 160 by 2, yours: 60 to 0, theirs: 0 to 50}
  service: {yours: [40, 30, 0], theirs: [0, 37, 50]}
names: {price: Price, service: Service}
choices: {service: [by phone, on Mondays, every day]}
units: {price: yuan}
buyers:
  amiable: {name: Wen, post: purchasing, pressure: the audit, opening: 91, target: 65, walk-away: 43}
  dominant: {name: Xu, post: deputy, pressure: a promise, opening: 93, target: 66, walk-away: 44, pair: 2}
---

BRIEFING for the table.
"""

TABLE = HEAD + "".join(f"\n## {event}\n\nSAID-{event}.\n\n`dominant` DOMINANT-{event}.\n" for event in EVENTS)
TABLE += "\n## debrief\n\nQUESTIONS-AFTERWARDS?\n"

WITH_TABLE = {
    **FILES,
    "courses/try/course.yaml": COURSE.replace(
        "      - quiz: final\n", "      - quiz: final\n      - {negotiation: haggle, reach: acceptable}\n"
    ).encode(),
    "quizzes/haggle.en.md": TABLE.encode(),
}
