"""Short ways to write a source down, for tests."""

from __future__ import annotations

from kamtrain.core.item import Entry, Row, Source


def options(*marks: str) -> Source:
    """`options("[x] yes", "[ ] no", "no box")`, each with feedback; a `!` at the end leaves it out."""
    entries = []
    for place, mark in enumerate(marks):
        checked = {"[x] ": True, "[ ] ": False}.get(mark[:4])
        text = (mark if checked is None else mark[4:]).removesuffix("!")
        entries.append(Entry(checked, text, text, "" if mark.endswith("!") else f"on {text}", (), 3 + place))
    return Source(entries=tuple(entries), line=2)


def table(*rows: str, head: str = "Left | Right", words: str | None = None, debrief: str = "<p>So.</p>") -> Source:
    """`table("asks | amiable | feedback", " | decoy")`"""
    cells = [tuple(cell.strip() for cell in row.split("|")) for row in rows]
    return Source(
        head=tuple(cell.strip() for cell in head.split("|")) if head else (),
        rows=tuple(Row(c, c, 5 + place) for place, c in enumerate(cells)),
        tags={} if words is None else {"words": words},
        debrief=debrief,
        line=2,
    )
