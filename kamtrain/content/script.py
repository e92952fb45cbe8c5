"""How text is written out: as the author wrote it, or in traditional characters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


def _same(text: str) -> str:
    return text


@dataclass(frozen=True)
class Script:
    """`html` converts the text of HTML and leaves its markup, `text` plain text; `language` is what comes out of it."""

    html: Callable[[str], str] = _same
    text: Callable[[str], str] = _same
    language: str | None = None  # None: that of the file

    def tag(self, language: str) -> str:
        """The language of a text that its author wrote in `language`."""
        return self.language or language


AS_WRITTEN = Script()
