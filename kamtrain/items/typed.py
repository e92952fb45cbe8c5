"""What the types with one line to write share: the review of what was typed."""

from __future__ import annotations

from dataclasses import dataclass

from kamtrain.core.item import Entry, Fault
from kamtrain.core.message import message


@dataclass(frozen=True)
class Review:
    given: str | None  # None: nothing was answered
    correct: bool
    accepted: tuple[str, ...]
    give: str  # the tolerance, "" for none
    feedback: tuple[str, ...]  # HTML
    known: tuple[tuple[str, str], ...]  # (answer, HTML) of everything the author foresaw; in a preview only


def no_feedback(entry: Entry) -> Fault:
    """A wrong answer is written down for what is said to it."""
    mend = message("Write a quote under it, indented by two spaces: `  > what is said to the person who wrote it`.")
    return Fault(entry.line, "no-feedback", message("This wrong answer has no feedback."), mend)
