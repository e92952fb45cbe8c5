"""The library as one trainer has it open: the head with her working copies laid over it, parsed with every problem."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kamtrain.content.library import COURSE_FILE, TEXT_FILE, Library, Parsed, parse
from kamtrain.core.access import may_author
from kamtrain.core.people import Person
from kamtrain.core.problems import Problem
from kamtrain.services.publishing import library_at
from kamtrain.services.working_copies import Copy, copies, overlaid

LANGUAGES = ("en", "zh-Hans", "zh-Hant")  # offered for new files; others may be written on disk


@dataclass(frozen=True)
class Workspace:
    person: Person
    revision: int | None  # the head it stands on
    published: Library
    copies: Mapping[str, Copy]
    files: Mapping[str, bytes]
    parsed: Parsed

    @property
    def library(self) -> Library:
        return self.parsed.library

    def text(self, path: str) -> str | None:
        """The trainer's own text of the file, or the published one; None where there is neither."""
        data = self.files.get(path)
        return None if data is None else data.decode("utf-8", errors="replace")

    def may_write(self, path: str) -> bool:
        """By what is published: nobody becomes an author by writing it into a working copy."""
        return may_author(self.person, self.published.authors_of(path))

    def problems(self, path: str) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.parsed.problems if problem.path == path)

    def course_of(self, path: str) -> str:
        """The id of the course in whose folder the file stands; "" for files of no course."""
        match = re.match(r"courses/([^/]+)/", path)
        return match[1] if match else ""


def workspace(
    session: Session, person: Person, revision: int | None, unsaved: Mapping[str, str] | None = None
) -> Workspace:
    """`unsaved` (path -> text) is what stands in an editor now; it goes over the working copies."""
    own = {copy.path: copy for copy in copies(session, person.id)}
    texts = {path: copy.text for path, copy in own.items()} | dict(unsaved or {})
    files = overlaid(session, revision, texts)
    return Workspace(
        person=person,
        revision=revision,
        published=library_at(session, revision) if revision is not None else Library(),
        copies=own,
        files=files,
        parsed=parse(files),
    )


def language_of(path: str) -> str:
    """The language a file's name says; "" for files that hold all languages."""
    match = TEXT_FILE.fullmatch(path)
    return match["tag"] if match else ""


def is_course(path: str) -> bool:
    return COURSE_FILE.fullmatch(path) is not None
