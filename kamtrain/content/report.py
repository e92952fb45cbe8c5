"""Gathers the problems of one file, so that each fault is said once and all of them are said."""

from __future__ import annotations

from dataclasses import dataclass, field

from kamtrain.content.source import Line, Text
from kamtrain.core.message import Message, message
from kamtrain.core.problems import Edit, Problem, Severity

LIMIT = 300  # problems of one file that are listed; a file with more has one cause


@dataclass
class Report:
    """Takes problems by their place in the text as read and files them by their place in the file as it stands."""

    text: Text
    problems: list[Problem] = field(default_factory=list)
    seen: set[tuple[int, int, str, str]] = field(default_factory=set)
    left_out: bool = False
    broken: set[str] = field(default_factory=set)  # keys that stand there and cannot be read

    def error(self, at: Line, code: str, said: Message, mend: Message | None = None, fix: Edit | None = None) -> None:
        self.add(Severity.error, at, code, said, mend, fix)

    def warning(self, at: Line, code: str, said: Message, mend: Message | None = None, fix: Edit | None = None) -> None:
        self.add(Severity.warning, at, code, said, mend, fix)

    def note(self, at: Line, code: str, said: Message, mend: Message | None = None) -> None:
        self.add(Severity.note, at, code, said, mend, None)

    def add(
        self, severity: Severity, at: Line, code: str, said: Message, mend: Message | None, fix: Edit | None
    ) -> None:
        column = self.text.column(at.number, at.start)
        key = (at.number, column, code, str(said))
        if key in self.seen:
            return
        self.seen.add(key)
        if len(self.problems) < LIMIT:
            self.problems.append(Problem(self.text.path, at.number, column, severity, code, said, mend, fix))
        elif not self.left_out:
            self.left_out = True
            more = message("There are more than %(limit)s problems; the rest is not listed.", limit=LIMIT)
            self.problems.append(Problem(self.text.path, at.number, column, Severity.error, "more-problems", more))

    def edit(self, at: Line, length: int, text: str) -> Edit:
        """Replace `length` characters of the line as read, from the start of `at`."""
        start = self.text.offset(at.number, at.start)
        return Edit(start, self.text.offset(at.number, at.start + length) if length else start, text)
