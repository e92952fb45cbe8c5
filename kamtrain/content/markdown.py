"""Blocks to clean HTML.

The structure is the line scanner's (CommonMark's nesting, with places); python-markdown renders the text inside each block,
nh3 cleans the whole by our own list. Python-markdown's own blocks stay out: it reads nested lists, and lists after a line
of text, otherwise than every other viewer.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from html import escape, unescape

import nh3
from markdown import Markdown

from kamtrain.content.blocks import Block, Entry, Fence, Heading, List, Paragraph, Quote, Table
from kamtrain.content.links import FILMS, SAFE, SCHEMES, SOUNDS, Places
from kamtrain.content.source import Line
from kamtrain.core.catalog import PLAYABLE

MAX_RUN = 20_000  # characters of one text, and
MAX_MARKS = 1_500  # marks in it: what is beyond is shown as it stands, because inline parsing costs length times marks

# What a box is called where its author gives no title.
CALLOUT_TITLES = {
    "en": {"example": "Example", "note": "Note", "tip": "Tip", "warning": "Warning", "source": "Source"},
    "zh-Hans": {"example": "示例", "note": "说明", "tip": "提示", "warning": "注意", "source": "来源"},
    "zh-Hant": {"example": "示例", "note": "說明", "tip": "提示", "warning": "注意", "source": "來源"},
}

_MARKS = re.compile(r"[\\`*_\[\]<&!]")
_TAG = r"<[^<>\"]*(?:\"[^\"]*\"[^<>\"]*)*>"
_CJK = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u2014\u2018\u2019\u201c\u201d\u2026]"
_JOIN = re.compile(rf"(?<={_CJK})((?:{_TAG})*)\n((?:{_TAG})*)(?={_CJK})")
_HAN = re.compile(r"[\u3400-\u9fff]")

_ALIGN = {"center": "text-center", "right": "text-end"}
_thread = threading.local()


def _renderer() -> Markdown:
    """Python-markdown for the text inside a block only; one a thread, because it keeps state while it works."""
    md: Markdown | None = getattr(_thread, "markdown", None)
    if md is None:
        md = Markdown(output_format="html")
        md.preprocessors.deregister("html_block")
        for name in ("indent", "code", "hashheader", "setextheader", "hr", "olist", "ulist", "quote", "reference"):
            md.parser.blockprocessors.deregister(name)
        _thread.markdown = md
    return md


@lru_cache(maxsize=20_000)
def inline(text: str) -> str:
    """One run of text as HTML, not yet clean. Never raises."""
    marks = len(_MARKS.findall(text))
    if marks == 0 and "  \n" not in text:
        return _joined(escape(text, quote=False))
    if len(text) > MAX_RUN or marks > MAX_MARKS:
        return escape(text, quote=False)
    # Python-markdown parts blocks at empty lines; there are none within a run, but for those of odd spaces.
    source = re.sub(r"\\\n", "  \n", text)
    source = re.sub(r"\n(?:[^\S\n]*\n)+", "\n", source)
    try:
        html = _renderer().reset().convert(source)
    except (RecursionError, ValueError, IndexError, AttributeError):
        return escape(text, quote=False)
    return _joined(html.removeprefix("<p>").removesuffix("</p>"))


def _joined(html: str) -> str:
    """Chinese needs no space where a line ends."""
    return _JOIN.sub(r"\1\2", html) if "\n" in html and _HAN.search(html) else html


def joined_lines(lines: Iterable[Line]) -> str:
    return "\n".join(line.text for line in lines).strip()


def text_html(lines: Iterable[Line]) -> str:
    return inline(joined_lines(lines))


def blocks_html(blocks: Sequence[Block], language: str) -> str:
    """`blocks` as HTML, not yet clean."""
    return "\n".join(_block_html(block, language) for block in blocks)


def _block_html(block: Block, language: str) -> str:
    match block:
        case Heading():
            level = max(2, block.level)
            return f"<h{level}>{inline(block.text.text.strip())}</h{level}>"
        case Paragraph():
            return f"<p>{text_html(block.lines)}</p>"
        case List():
            return _list_html(block, language)
        case Table():
            return table_html(block)
        case Quote():
            return _quote_html(block, language)
        case Fence():
            code = "\n".join(line.text for line in block.lines)
            return f"<pre><code>{escape(code, quote=False)}\n</code></pre>"
        case _:
            return "<hr>"


def _list_html(block: List, language: str) -> str:
    entries = "\n".join(f"<li>{_entry_html(entry, block.loose, language)}</li>" for entry in block.entries)
    if not block.ordered:
        return f"<ul>\n{entries}\n</ul>"
    start = f' start="{block.first}"' if block.first != 1 else ""
    return f"<ol{start}>\n{entries}\n</ol>"


def _entry_html(entry: Entry, loose: bool, language: str) -> str:
    # A box is shown as a character: authors' text brings no form control into a page.
    box = "" if entry.checked is None else "☑ " if entry.checked else "☐ "
    text = box + text_html(entry.lines)
    parts = [f"<p>{text}</p>" if loose else text] if text else []
    for block in entry.blocks:
        tight = isinstance(block, Paragraph) and not loose
        parts.append(text_html(block.lines) if tight and isinstance(block, Paragraph) else _block_html(block, language))
    return "\n".join(parts)


def _quote_html(block: Quote, language: str) -> str:
    inner = blocks_html(block.blocks, language)
    if not block.callout:
        return f"<blockquote>\n{inner}\n</blockquote>"
    names = CALLOUT_TITLES.get(language, CALLOUT_TITLES["en"])
    title = inline(block.title.text.strip()) if block.title is not None else names[block.callout]
    head = f'<p class="callout-title">{title}</p>'
    return f'<div class="callout callout-{block.callout}">\n{head}\n{inner}\n</div>'


def cell_html(cell: Line) -> str:
    return inline(cell.text.strip().replace("\\|", "|"))


def table_html(block: Table) -> str:
    classes = [f' class="{_ALIGN[a]}"' if a in _ALIGN else "" for a in block.align]
    head = "".join(
        f'<th scope="col"{cls}>{html}</th>' if (html := cell_html(cell)) else "<td></td>"
        for cell, cls in zip(block.head, classes, strict=True)
    )
    rows = "\n".join(
        "<tr>" + "".join(f"<td{cls}>{cell_html(cell)}</td>" for cell, cls in zip(row, classes, strict=True)) + "</tr>"
        for row in block.rows
    )
    # Where it is wider than the window it scrolls, by keys too.
    table = f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>"
    return f'<div class="table-scroll" tabindex="0">{table}</div>'


_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em", "h2", "h3", "h4", "h5",
    "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "small", "strong", "sub", "summary",
    "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
}  # fmt: skip


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        clean_content_tags={
            "script",
            "style",
            "svg",
            "math",
            "iframe",
            "object",
            "noscript",
            "template",
            "textarea",
            "title",
        },
        attributes={"a": {"href", "title"}, "img": {"src", "alt"}, "ol": {"start"}, "th": {"scope"}, "abbr": {"title"}},
        tag_attribute_values={"div": {"tabindex": {"0"}}},
        allowed_classes={
            "div": {"callout", "table-scroll", *(f"callout-{kind}" for kind in CALLOUT_TITLES["en"])},
            "p": {"callout-title"},
            "th": set(_ALIGN.values()),
            "td": set(_ALIGN.values()),
        },
        url_schemes={*SCHEMES, *SAFE},
        link_rel=None,
    )


def clean(html: str, places: Places) -> str:
    """Only what is on our list, with every target led to its address."""
    if "<" not in html and "&" not in html:
        return html
    cleaned: str = _cleaner().clean(html)
    return _resolved(cleaned, places)


def piece(blocks: Sequence[Block], language: str, places: Places) -> str:
    return clean(blocks_html(blocks, language), places)


_ANCHOR = re.compile(r'<a(?P<attributes>(?: [a-z]+="[^"]*")*)>(?P<text>.*?)</a>', re.DOTALL)
_IMAGE = re.compile(r'<img(?P<attributes>(?: [a-z]+="[^"]*")*)>')
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')


def _resolved(html: str, places: Places) -> str:
    if "<a" in html:
        html = _ANCHOR.sub(lambda match: _anchor(match, places), html)
    if "<img" in html:
        html = _IMAGE.sub(lambda match: _image(match, places), html)
    return html


def _anchor(match: re.Match[str], places: Places) -> str:
    attributes = dict(_ATTRIBUTE.findall(match["attributes"]))
    text = match["text"]
    target = attributes.get("href", "")  # still escaped, and so safe to put back
    title = f' title="{attributes["title"]}"' if "title" in attributes else ""
    scheme, colon, rest = target.partition(":")
    if not target:
        return text
    if scheme == "term" and colon:
        if rest not in places.terms:
            return text
        if not places.popovers:
            return f'<a class="term" href="/learn/terms#{rest}">{text}</a>'
        return f'<button type="button" class="term" popovertarget="term-{rest}">{text}</button>'
    if scheme == "lesson" and colon:
        course = places.lessons.get(unescape(rest))
        return f'<a href="/learn/{course}/{_slug(rest)}"{title}>{text}</a>' if course else text
    if colon and scheme in SCHEMES:
        where = "/workbench/tools" if scheme == "tool" else f"/practice/{scheme}"
        return f'<a href="{where}/{_slug(rest)}"{title}>{text}</a>' if scheme in PLAYABLE else text
    if colon and scheme.lower() in SAFE:
        return f'<a href="{target}"{title} rel="noopener noreferrer">{text}</a>'
    if target.startswith("#"):
        return f'<a href="{target}"{title}>{text}</a>'
    address = places.media.get(unescape(target))
    return f'<a href="{address}"{title}>{text}</a>' if address else text


def _slug(raw: str) -> str:
    return re.sub(r"[^a-z0-9.-]", "", unescape(raw))


def _image(match: re.Match[str], places: Places) -> str:
    attributes = dict(_ATTRIBUTE.findall(match["attributes"]))
    written = unescape(attributes.get("src", ""))
    address = places.media.get(written)
    alt: str = attributes.get("alt", "")
    if address is None:
        return alt
    extension = address.rpartition(".")[2]
    if extension in SOUNDS:
        return f'<audio controls preload="none" src="{address}" aria-label="{alt}"></audio>'
    if extension in FILMS:
        captions = places.media.get(written.rpartition(".")[0] + ".vtt")
        track = f'<track kind="captions" default src="{captions}">' if captions else ""
        return f'<video controls preload="none" src="{address}" aria-label="{alt}">{track}</video>'
    return f'<img src="{address}" alt="{alt}" loading="lazy">'
