"""The table of a page as rows of text, as a reader sees them."""

from __future__ import annotations

from html.parser import HTMLParser

BLOCKS = ("td", "th", "li", "summary")


class _Table(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._cell: list[str] | None = None
        self._skip = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self._cell = []
        elif tag in ("progress", "svg") or ("class", "more") in attributes:  # said again beside it
            self._skip += 1
        if self._cell is not None and tag in BLOCKS:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("progress", "svg") or (tag == "span" and self._skip):
            self._skip -= 1
        elif tag in ("td", "th") and self._cell is not None:
            self.rows[-1].append(" ".join("".join(self._cell).split()))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._skip:
            self._cell.append(data)


def table_of(page: str) -> list[list[str]]:
    """The rows of the page's table, its head first; [] where there is none."""
    if "<table" not in page:
        return []
    parser = _Table()
    parser.feed(page[page.index("<table") : page.index("</table>")])
    return parser.rows
