"""Drawings: what an author may draw, in which words each reader sees it, and that nothing else ever reaches a page."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamtrain.content import drawings
from kamtrain.content.library import Parsed, parse
from kamtrain.content.script import AS_WRITTEN
from kamtrain.content.traditional import SCRIPT
from kamtrain.core.catalog import Html
from tests.content.shelf import LESSON, LESSON_ZH, TEXTS

PATH = "courses/demo/media/map.svg"
SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 120">
<title>Two boxes</title>
<rect class="panel" fill="#eef2f6" x="8" y="8" width="180" height="40"/>
<path d="M188 28 H212" class="line" fill="none" stroke="#5b6b7b" stroke-width="2"/>
<switch><text systemLanguage="zh-Hans" x="20" y="34" class="ink">采购者</text>
<text x="20" y="34" class="ink">Buyer &amp; user</text></switch>
<text x="230" y="34" class="muted">1 + 2</text>
</svg>
"""


def codes(svg: str) -> list[str]:
    return [problem.code for problem in drawings.read(PATH, svg.encode()).problems]


def inside(markup: str, root: str = "") -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 100"{root}>{markup}</svg>'


def shelf(svg: str, line: str = "![Two boxes](media/map.svg)") -> Parsed:
    texts = dict(TEXTS)
    for path in (LESSON, LESSON_ZH):
        head, mark, rest = texts[path].partition("---\n\n")
        texts[path] = f"{head}{mark}{line}\n\n{rest}"
    return parse({path: text.encode() for path, text in {**texts, PATH: svg}.items()})


def page(found: Parsed, language: str = "en") -> str:
    return "".join(b.html for b in found.library.lesson_text("one", language).blocks if isinstance(b, Html))


def test_it_works() -> None:
    found = shelf(SVG, '![Two boxes](media/map.svg "Who buys, who uses")')
    assert [str(p) for p in found.problems if p.path == PATH] == []
    html = page(found)
    assert '<figure class="drawing"><svg viewBox="0 0 400 120"' in html
    assert 'role="img" aria-label="Two boxes"' in html
    assert "Buyer &amp; user</text>" in html
    assert "<figcaption>Who buys, who uses</figcaption></figure>" in html
    assert 'class="drawing-ink"' in html
    # The title is the lesson's to say.
    assert "<title" not in html
    assert "<switch" not in html


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Buyer"), ("zh-Hans", "采购者"), ("zh-Hant", "採購者"), ("de", "Buyer")]
)
def test_each_reader_gets_the_words_of_the_language(language: str, word: str) -> None:
    html = page(shelf(SVG), language)
    assert [w for w in ("Buyer", "采购者", "採購者") if w in html] == [word]


def test_words_written_in_traditional_characters_stay_as_they_are() -> None:
    root = drawings.read(
        PATH, SVG.replace("<switch>", '<switch><text systemLanguage="zh-Hant">買方</text>').encode()
    ).root
    assert root is not None
    assert "買方" in drawings.figure(root, "a", "", "zh-Hans", SCRIPT)
    assert "采购者" in drawings.figure(root, "a", "", "zh-Hans", AS_WRITTEN)


def test_what_is_not_translated_is_said_at_its_place() -> None:
    bare = SVG.replace('<text systemLanguage="zh-Hans" x="20" y="34" class="ink">采购者</text>', "")
    assert [(p.line, p.column, p.code) for p in shelf(bare).problems if p.path == PATH] == [
        (5, 1, "drawing-untranslated")
    ]
    same = SVG.replace(">1 + 2<", ">one more<")
    assert [(p.line, p.column, p.code) for p in shelf(same).problems if p.path == PATH] == [
        (7, 1, "drawing-untranslated")
    ]


def test_a_drawing_that_no_lesson_shows_alone_is_not_held_to_it() -> None:
    found = shelf(inside("<style/>"), "Beside text ![a](media/map.svg).")
    assert [p for p in found.problems if p.path == PATH] == []
    assert "<img src=" in page(found)


def test_without_words_for_those_who_cannot_see_it_is_an_error() -> None:
    assert [p.code for p in shelf(SVG, "![](media/map.svg)").problems if p.code == "no-alt"] == ["no-alt"] * 2


HOSTILE = [
    ("<script>alert(1)</script>", "drawing-element"),
    ("<style>*{fill:red}</style>", "drawing-element"),
    ('<a href="https://example.com"><text>x</text></a>', "drawing-element"),
    ("<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'>x</body></foreignObject>", "drawing-element"),
    ('<image href="https://example.com/a.png"/>', "drawing-element"),
    ('<use href="#a"/>', "drawing-element"),
    ('<animate attributeName="href" values="javascript:alert(1)"/>', "drawing-element"),
    ("<set attributeName='onclick'/>", "drawing-element"),
    ("<filter><feImage href='//example.com'/></filter>", "drawing-element"),
    ("<svg:script>1</svg:script>", "drawing-element"),
    ("<svg viewBox='0 0 1 1'/>", "drawing-element"),
    ('<rect onclick="alert(1)"/>', "drawing-attribute"),
    ('<rect style="fill:red"/>', "drawing-attribute"),
    ('<rect href="a"/>', "drawing-attribute"),
    ('<rect xmlns="http://www.w3.org/1999/xhtml"/>', "drawing-attribute"),
    ('<rect clip-path="url(https://example.com)"/>', "drawing-attribute"),
    ('<rect fill="url(https://example.com)"/>', "drawing-value"),
    ('<rect fill="javascript:alert(1)"/>', "drawing-value"),
    ('<rect x="1&quot; onclick=&quot;alert(1)"/>', "drawing-value"),
    ('<path d="M0 0&lt;script&gt;"/>', "drawing-value"),
    ('<g transform="expression(1)"/>', "drawing-value"),
    ('<rect x="99999999999999999999"/>', "drawing-value"),
    ('<rect class="navbar"/>', "drawing-class"),
    ("<?xml-stylesheet href='https://example.com/a.css'?>", "drawing-element"),
    ("<switch><text systemLanguage='zh-Hans'>一</text></switch>", "drawing-switch"),
    ("<switch><text>one</text><text systemLanguage='zh-Hans'>一</text></switch>", "drawing-switch"),
    ("<switch/>", "drawing-switch"),
    ("<text systemLanguage='zh-Hans'>一</text>", "drawing-switch"),
    ("<switch><text systemLanguage='&lt;'>一</text><text>1</text></switch>", "bad-language"),
    ("<rect", "drawing-broken"),
    ("&unknown;", "drawing-broken"),
]


@pytest.mark.parametrize(("markup", "code"), HOSTILE)
def test_what_is_not_on_the_list_is_an_error_and_reaches_no_page(markup: str, code: str) -> None:
    found = shelf(inside(markup))
    errors = [p for p in found.problems if p.path == PATH and p.fatal]
    assert code in [p.code for p in errors]
    assert all(p.line == 1 and p.column >= 1 for p in errors)
    html = page(found)
    assert "<figure" not in html
    assert "<img src=" in html  # as a file, which is served in a sandbox


DOCTYPES = [
    '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
]


@pytest.mark.parametrize("doctype", DOCTYPES)
def test_document_types_and_entities_are_refused(doctype: str) -> None:
    assert codes(doctype + inside("<text>&a;</text>" if "ENTITY a" in doctype else "")) == ["drawing-element"]


@pytest.mark.parametrize(
    ("svg", "code"),
    [
        ("", "drawing-broken"),
        ("no xml", "drawing-broken"),
        ("<html/>", "drawing-element"),
        ("<rect/>", "drawing-element"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "drawing-box"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 0"/>', "drawing-box"),
        ('<svg xmlns="http://www.w3.org/1999/xhtml" viewBox="0 0 1 1"/>', "drawing-attribute"),
        (inside("<g>" * 40 + "</g>" * 40), "drawing-too-large"),
        (inside("<g/>" * 1000), "drawing-too-large"),
        (inside("<text>" + "x" * 70_000 + "</text>"), "drawing-too-large"),
        (inside("<rect class='painel'/>"), "drawing-class"),
    ],
)
def test_what_is_no_drawing_is_said(svg: str, code: str) -> None:
    found = drawings.read(PATH, svg.encode())
    assert found.root is None
    assert code in [problem.code for problem in found.problems]


@pytest.mark.parametrize(
    ("markup", "code"),
    [
        ('<rect fill="#fff"/>', "drawing-colour"),
        ('<rect class="panel" stroke="#fff"/>', "drawing-colour"),
        ('<text font-size="11">1</text>', "drawing-small-text"),
    ],
)
def test_what_readers_would_not_see_is_a_warning(markup: str, code: str) -> None:
    found = drawings.read(PATH, inside(markup).encode())
    assert [problem.code for problem in found.problems] == [code]
    assert found.root is not None


@pytest.mark.parametrize(
    "markup",
    [
        '<rect class="ink" fill="#fff"/>',
        '<g class="ink line"><path fill="#fff" stroke="#000"/></g>',
        '<rect fill="none"/>',
    ],
)
def test_a_colour_beside_a_class_is_what_other_viewers_show(markup: str) -> None:
    assert codes(inside(markup)) == []


def test_a_colour_stays_only_where_a_class_takes_its_place() -> None:
    markup = '<g class="ink"><text fill="#111111">1</text></g><rect class="panel" fill="#222222" stroke="#333333"/>'
    root = drawings.read(PATH, inside(markup).encode()).root
    assert root is not None
    html = drawings.figure(root, "a", "", "en", AS_WRITTEN)
    assert re.findall("#[0-9]+", html) == ["#222222"]


def test_text_in_a_page_is_escaped() -> None:
    root = drawings.read(PATH, inside("<text>&lt;img src=x onerror=alert(1)&gt;<![CDATA[<b>]]></text>").encode()).root
    assert root is not None
    html = drawings.figure(root, '"><script>', "<script>", "en", AS_WRITTEN)
    assert "<script" not in html
    assert "<img" not in html
    assert "<b>" not in html


MARKUP = st.recursive(
    st.sampled_from(
        ["", "<rect/>", "text", "<script>1</script>", "<text>一&amp;</text>", "<!-- c -->", "&lt;", "<g x='1'/>"]
    ),
    lambda inner: st.tuples(
        st.sampled_from(["g", "text", "switch", "tspan", "a", "svg", "style", "title"]),
        st.sampled_from(
            ["", ' class="ink"', ' onload="x"', ' fill="#000"', ' systemLanguage="zh-Hans"', ' href="x"', ' d="M0"']
        ),
        st.lists(inner, max_size=3).map("".join),
    ).map(lambda parts: f"<{parts[0]}{parts[1]}>{parts[2]}</{parts[0]}>"),
    max_leaves=12,
)


@given(MARKUP, st.sampled_from(["en", "zh-Hans"]))
def test_only_what_is_on_the_list_is_ever_written(markup: str, language: str) -> None:
    root = drawings.read(PATH, inside(markup).encode()).root
    if root is None:
        return
    tree = ElementTree.fromstring(drawings.figure(root, "a", "", language, SCRIPT))
    for element in tree.iter():
        assert element.tag in {*drawings.ELEMENTS, "figure"} - {*drawings.SPOKEN, "switch"}
        for name, value in element.attrib.items():
            assert name in {*drawings.ATTRIBUTES, "class", "viewBox", "role", "aria-label"}
            assert not re.search(r"url|script|:", value)


@given(st.binary(max_size=400))
def test_nothing_raises(data: bytes) -> None:
    drawings.read(PATH, data)
