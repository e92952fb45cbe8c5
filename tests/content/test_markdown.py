"""Rendering: the structure CommonMark gives, our own clean HTML, and the same text as any other viewer."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from kamtrain.content import lookalikes
from kamtrain.content.blocks import blocks
from kamtrain.content.document import opened
from kamtrain.content.links import Places
from kamtrain.content.markdown import piece
from kamtrain.content.report import Report
from kamtrain.content.source import decoded
from kamtrain.services.publishing import files_on_disk

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted(path for path in files_on_disk(ROOT) if path.endswith(".md"))
OTHER = MarkdownIt("commonmark", {"html": True}).enable("table")


def rendered(text: str, places: Places | None = None) -> str:
    read, _ = lookalikes.read(decoded("a.md", b"---\n---\n" + text.encode())[0])
    lines = read.lines[2:]
    return piece(blocks(lines, Report(read)), "en", places or Places())


class Outline(HTMLParser):
    """The elements and the text of HTML, in order; what is ours alone (classes, boxes, buttons) left out."""

    KEPT = frozenset(
        [
            "ul",
            "ol",
            "li",
            "p",
            "h1",
            "h2",
            "h3",
            "h4",
            "blockquote",
            "pre",
            "code",
            "table",
            "tr",
            "th",
            "td",
            "em",
            "strong",
            "hr",
        ]
    )

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.KEPT:
            self.found.append(f"<{'td' if tag == 'th' else tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.KEPT - {"hr"}:
            self.found.append(f"</{'td' if tag == 'th' else tag}>")

    def handle_data(self, data: str) -> None:
        text = re.sub(r"\s+", "", data)
        if text and self.found and not self.found[-1].startswith("<"):
            self.found[-1] += text
        elif text:
            self.found.append(text)


def outline(html: str) -> list[str]:
    parser = Outline()
    parser.feed(html)
    parser.close()
    return parser.found


# The common forms of lists, and what else authors write; python-markdown alone reads more than half of them otherwise.
FORMS = [
    "- a\n- b\n- c",
    "* a\n* b",
    "1. a\n2. b",
    "3. a\n4. b",
    "1) a\n2) b",
    "text\n- a\n- b",
    "text:\n1. a\n2. b",
    "- a\n  - b\n  - c\n- d",
    "- a\n  - b\n    - c\n      - d",
    "1. a\n   - b\n   - c\n2. d",
    "1. a\n   1. b\n   2. c\n2. d",
    "- a\n\n- b\n\n- c",
    "- a\n\n  more\n- b",
    "- a\n  more\n- b",
    "- a\nlazy\n- b",
    "- a\n\n  > quoted\n- b",
    "- a\n  > quoted\n- b",
    "- a\n\n  ```\n  code\n  ```\n- b",
    "1. a\n\n   ```\n   code\n   ```\n2. b",
    "- a\n\n      code\n- b",
    "10. a\n11. b",
    "- a\n* b",
    "- a\n\ntext\n\n- b",
    "> - a\n> - b\n>\n> text",
    "> a\n> > b",
    "> a\nlazy",
    "> a\n\n> b",
    "a\n***\nb",
    "## a\ntext\n## b ##",
    "#hash is text",
    "1986. A year\nis text in the middle\n1987. of a paragraph",
    "- [ ] open\n- [x] done",
    "*a* **b** _d_ __e__ snake_case_word",
    "a  \nb\\\nc",
    "`code` ``co`de`` \\*no\\*",
    "| a | b |\n| --- | ---: |\n| c \\| d | `e` |\n| f |",
    "text\n| a | b |\n|---|---|\n| c | d |",
    "~~~\n<b>\n~~~",
    "```python\nx = 1\n\n\ny = 2\n```",
    "    code\n\n    more",
    "- \n- b",
    "-\ta\n\t- b\n\t\t- c\n- d",
    "1.\ta\n\n\tmore\n\n\t> quoted",
    "a & b < c > d &amp; &lt;",
    "<https://example.org/a?b=c&d>",
    "[a](https://example.org) [b](#c) [d [e]](#f)",
    "“你好”，**他说**：*好*。",
    "中文一行\n接着一行",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMS)
def test_structure_and_text_are_commonmarks(text: str) -> None:
    other = OTHER.render(text).replace("[ ] open", "☐ open").replace("[x] done", "☑ done")
    assert outline(rendered(text)) == outline(other)


@pytest.mark.parametrize("path", SHIPPED)
def test_every_shipped_file_reads_the_same_elsewhere(path: str) -> None:
    data = (ROOT / path).read_bytes()
    document = opened(path, "en", data)
    body = data.decode().split("---\n", 2)[2]
    # A picture whose file is not there is its words.
    body = re.sub(r"!\[([^\]]*)\]\(media/[^)]*\)", r"\1", body)
    # What is ours: boxes, the marks before answers, and headings of one level.
    other = OTHER.render(
        re.sub(r"(?m)^([ ]*(?:[-*]|\d+\.) )\[([ x])\] ", lambda m: m[1] + ("☑ " if m[2] == "x" else "☐ "), body)
    )
    ours = piece(document.blocks, "en", Places())
    assert boxes(outline(ours)) == boxes(outline(other))


def boxes(found: list[str]) -> list[str]:
    """A box is a quote elsewhere, with its kind and title as the first words of its text."""
    text = "".join(found).replace("<blockquote>", "").replace("</blockquote>", "")
    text = re.sub(r"<p>\[!\w+\]", "<p>", text)
    return re.split(r"(?<=>)|(?=<)", text.replace("</p><p>", "").replace("<p>", "").replace("</p>", ""))


def test_a_box_has_its_title_or_the_name_of_its_kind() -> None:
    assert rendered("> [!tip] If *you* are two\n> Let one talk.") == (
        '<div class="callout callout-tip">\n<p class="callout-title">If <em>you</em> are two</p>\n<p>Let one talk.</p>\n</div>'
    )
    assert '<p class="callout-title">Warning</p>' in rendered("> [!warning]\n> Mind.")
    assert "callout-note" in rendered("- a\n\n  > [!note]\n  > inside a list")


def test_links_lead_to_their_addresses() -> None:
    places = Places({"two": "demo"}, {"media/a.png": "/learn/media/1.png"}, frozenset({"cue"}))
    html = rendered(
        "[a](lesson:two) [b](lesson:none) [c](quiz:q) [d](drill:x) [e](term:cue) [f](term:none) ![g](media/a.png) "
        "![h](media/b.png) [i](https://example.org 'T') [j](mailto:a@b.c) [k](other.html)",
        places,
    )
    assert html == (
        '<p><a href="/learn/demo/two">a</a> b <a href="/practice/quiz/q">c</a> '
        '<a href="/practice/drill/x">d</a> '
        '<button type="button" class="term" popovertarget="term-cue">e</button> f '
        '<img src="/learn/media/1.png" alt="g" loading="lazy"> h '
        '<a href="https://example.org" title="T" rel="noopener noreferrer">i</a> '
        '<a href="mailto:a@b.c" rel="noopener noreferrer">j</a> k</p>'
    )


def test_outside_a_lesson_terms_lead_to_the_glossary() -> None:
    places = Places(terms=frozenset({"cue"}), popovers=False)
    assert rendered("[e](term:cue)", places) == '<p><a class="term" href="/learn/terms#cue">e</a></p>'


def test_a_table_is_wrapped_so_that_it_can_scroll() -> None:
    assert rendered("| | b |\n| --- | ---: |\n| c | d |") == (
        '<div class="table-scroll" tabindex="0"><table>\n'
        '<thead><tr><td></td><th scope="col" class="text-end">b</th></tr></thead>\n'
        '<tbody>\n<tr><td>c</td><td class="text-end">d</td></tr>\n</tbody></table></div>'
    )


def test_chinese_lines_join_without_a_space() -> None:
    assert rendered("他在看手机；\n**翻到**\n第六页，the end\nof it") == (
        "<p>他在看手机；<strong>翻到</strong>第六页，the end\nof it</p>"
    )


def test_raw_html_keeps_what_is_harmless() -> None:
    assert rendered("CO<sub>2</sub><br>a <b onclick=x>b</b> <span class=x>c</span><!-- d -->") == (
        "<p>CO<sub>2</sub><br>a <b>b</b> c</p>"
    )
