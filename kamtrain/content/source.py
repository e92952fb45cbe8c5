"""Bytes to lines: what stands in a file, with the place of every character in the file as it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kamtrain.core.message import message
from kamtrain.core.problems import Problem, Severity

MAX_TEXT = 1_000_000  # bytes; a long lesson has 20,000
MAX_LINES = 10_000
MAX_LINE = 10_000  # characters; what reads a line may take time that grows with its square
_ENDS = re.compile(r"\r\n|\n|\r")  # no other line ends: str.splitlines would also cut at U+2028


@dataclass(frozen=True)
class Line:
    """A line, or what is left of it once markers in front are cut off. `start` counts the characters cut off."""

    number: int  # from 1
    start: int
    text: str

    def cut(self, count: int) -> Line:
        return Line(self.number, self.start + count, self.text[count:])

    def cropped(self, end: int) -> Line:
        return Line(self.number, self.start, self.text[:end])

    @property
    def blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True)
class Text:
    """A file read. `lines` are as read: where a look-alike was replaced, `places` says where each character came from.

    `offsets[n]` is the offset of line n+1 in the decoded file (a byte-order mark counts as one character).
    """

    path: str
    lines: tuple[Line, ...]
    offsets: tuple[int, ...]
    places: Mapping[int, Sequence[int]] = field(default_factory=dict)  # line number -> index as read -> index in file

    def index(self, number: int, start: int) -> int:
        """The index in the line as it stands in the file of character `start` of the line as read."""
        places = self.places.get(number)
        if places is None:
            return start
        return places[min(start, len(places) - 1)]

    def column(self, number: int, start: int) -> int:
        return self.index(number, start) + 1

    def offset(self, number: int, start: int) -> int:
        if not self.offsets:
            return 0
        return self.offsets[min(number, len(self.offsets)) - 1] + self.index(number, start)


def decoded(path: str, data: bytes) -> tuple[Text, tuple[Problem, ...]]:
    """The text in `data`, and what stands in its way; then the text is empty. Never raises."""
    empty = Text(path, (), (0,))
    if len(data) > MAX_TEXT:
        problem = Problem(
            path,
            1,
            1,
            Severity.error,
            "file-too-large",
            message("The file has %(size)s bytes; a text may have %(limit)s.", size=len(data), limit=MAX_TEXT),
            message("Split it into several files, or put what is no text into `media/`."),
        )
        return empty, (problem,)
    save = message("Save the file as UTF-8.")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return empty, (
            Problem(path, 1, 1, Severity.error, "not-utf-8", message("The file is UTF-16, not UTF-8."), save),
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        line, column = _place(before)
        return empty, (
            Problem(path, line, column, Severity.error, "not-utf-8", message("The file is not UTF-8."), save),
        )
    if "\0" in text:
        line, column = _place(text[: text.index("\0")])
        binary = message("The file holds a NUL character: it is no text.")
        return empty, (Problem(path, line, column, Severity.error, "binary", binary, save),)
    return _lines(path, text)


def _place(before: str) -> tuple[int, int]:
    parts = _ENDS.split(before.removeprefix("\ufeff"))
    return len(parts), len(parts[-1]) + 1


def _lines(path: str, text: str) -> tuple[Text, tuple[Problem, ...]]:
    lines: list[Line] = []
    offsets: list[int] = []
    problems: list[Problem] = []
    position = 1 if text.startswith("\ufeff") else 0
    for number, end in enumerate([*_ENDS.finditer(text, position), None], start=1):
        if number > MAX_LINES:
            many = message("The file has more than %(limit)s lines; what follows is not read.", limit=MAX_LINES)
            mend = message("Split it into several files.")
            problems.append(Problem(path, number, 1, Severity.error, "too-many-lines", many, mend))
            break
        stop = end.start() if end else len(text)
        if stop - position > MAX_LINE and not problems:
            problems.append(
                Problem(
                    path,
                    number,
                    MAX_LINE + 1,
                    Severity.error,
                    "line-too-long",
                    message("The line has more than %(limit)s characters; what follows is not read.", limit=MAX_LINE),
                    message("Part it into several lines."),
                )
            )
        lines.append(Line(number, 0, text[position : min(stop, position + MAX_LINE)]))
        offsets.append(position)
        if end:
            position = end.end()
    if lines and not lines[-1].text:
        lines.pop()
        offsets.pop()
    return Text(path, tuple(lines), tuple(offsets) or (0,)), tuple(problems)
