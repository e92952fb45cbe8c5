"""The small pieces: bytes to lines, tag words, front matter, reading time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamtrain.content import frontmatter, reading, schema
from kamtrain.content.blocks import cells
from kamtrain.content.clauses import ending, tagline, variant_of
from kamtrain.content.frontmatter import Items, Pairs, Scalar
from kamtrain.content.report import LIMIT, Report
from kamtrain.content.source import Line, Text, decoded
from kamtrain.core.message import message


def text_of(raw: str) -> Text:
    return decoded("a.md", raw.encode())[0]


def test_lines_end_where_markdown_says_and_nowhere_else() -> None:
    text = text_of("a\r\nb\rc\nd\u2028e\x0bf\n")
    assert [line.text for line in text.lines] == ["a", "b", "c", "d\u2028e\x0bf"]
    assert text.offsets == (0, 3, 5, 7)


@given(st.text(max_size=200).filter(lambda raw: "\0" not in raw))
def test_every_line_lies_at_its_offset(raw: str) -> None:
    text = text_of(raw)
    for line, offset in zip(text.lines, text.offsets, strict=False):
        assert raw[offset : offset + len(line.text)] == line.text


def test_a_byte_order_mark_counts_as_a_character_of_the_file_and_not_of_the_line() -> None:
    text = text_of("\ufeffid: a")
    assert (text.column(1, 0), text.offset(1, 0)) == (1, 1)


@pytest.mark.parametrize(
    ("data", "code", "line", "column"),
    [
        (b"ab\ncd\xff", "not-utf-8", 2, 3),
        (b"a\nb\0", "binary", 2, 2),
        ("标".encode("utf-16"), "not-utf-8", 1, 1),
        (b"a" * 1_000_001, "file-too-large", 1, 1),
        (b"a\n" * 10_001, "too-many-lines", 10_001, 1),
        (b"a" * 10_001, "line-too-long", 1, 10_001),
    ],
)
def test_bytes_that_are_no_text_say_where(data: bytes, code: str, line: int, column: int) -> None:
    [problem] = decoded("a.md", data)[1]
    assert (problem.code, problem.line, problem.column) == (code, line, column)
    assert problem.mend is not None


def test_a_code_span_alone_on_a_line_holds_words_for_the_program() -> None:
    line = Line(3, 0, "`ending: strong, if need >= 6，else undated` `analytical: if trust >= 5`")
    spans = tagline(line)
    assert [[clause.text for clause in span.clauses] for span in spans] == [
        ["ending: strong", "if need >= 6", "else undated"],
        ["analytical: if trust >= 5"],
    ]
    assert [clause.at.start for clause in spans[0].clauses] == [1, 17, 30]
    named = spans[1].prefixed(["analytical"])
    assert named is not None
    assert (named[0], named[1].text) == ("analytical", "if trust >= 5")
    assert tagline(Line(1, 0, "`a` and text")) == ()
    assert tagline(Line(1, 0, "text")) == ()


def test_code_at_the_end_of_an_entry_is_cut_off() -> None:
    line, spans = ending(Line(1, 2, "Use `x` here `one-cue` `b`"))
    assert line.text == "Use `x` here"
    assert [(span.text, span.at.start) for span in spans] == [("one-cue", 16), ("b", 26)]
    assert ending(Line(1, 0, "word`code`"))[1] == ()
    assert ending(Line(1, 0, "`"))[1] == ()


def test_a_paragraph_for_a_variant_begins_with_its_name() -> None:
    assert variant_of(Line(1, 0, "`social` He laughs."), ["social"]) == ("social", Line(1, 9, "He laughs."))
    assert variant_of(Line(1, 0, "`other` He laughs."), ["social"])[0] == ""


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("| a | b |", ["a", "b"]),
        ("a|b", ["a", "b"]),
        ("| a \\| b | |", ["a \\| b", ""]),
        ("|", []),
        ("||", [""]),
        ("| | b", ["", "b"]),
    ],
)
def test_the_cells_of_a_row(row: str, expected: list[str]) -> None:
    found = [cell.text for cell in cells(Line(1, 0, row))]
    assert found == expected or (row == "|" and found == [""])


def test_front_matter_keeps_every_scalar_as_text() -> None:
    text = text_of("id: 1.10\nflag: no\nday: 2026-11-21\nlist: [a, 'b: c']\nmap: {en: x}\nlong: >\n  a\n  b\n")
    report = Report(text)
    front = frontmatter.read(text.lines, report)
    assert report.problems == []
    values = {key: node for key, (_, node) in front.items()}
    scalars = {key: node.text for key, node in values.items() if isinstance(node, Scalar)}
    assert scalars == {"id": "1.10", "flag": "no", "day": "2026-11-21", "long": "a b"}
    items = values["list"]
    assert isinstance(items, Items)
    assert [schema.text("list", item, report) for item in items.items] == ["a", "b: c"]
    assert isinstance(values["map"], Pairs)


@pytest.mark.parametrize(
    ("raw", "codes"),
    [
        ("a: &x 1\nb: *x\n", ["anchor", "alias"]),
        ("a: !!int 1\n", ["tag"]),
        ("a: 1\na: 2\n", ["duplicate-key"]),
        ("a: {b: 1, b: 2}\n", ["duplicate-key"]),
        ("nonsense\na: 1\n", ["no-key"]),
        ("a: [1, 2\nb: 3\n", ["yaml"]),
        ("a: \x01\n", ["yaml"]),
        ("a: " + "[" * 30 + "]" * 30, ["too-deep"]),
        ("a: " + "x" * 9_000 + "\n" + ("  " + "y" * 9_000 + "\n") * 12, ["value-too-long"]),
        ("  a: 1\n", ["no-key"]),
    ],
)
def test_a_fault_in_yaml_is_named(raw: str, codes: list[str]) -> None:
    text = text_of(raw)
    report = Report(text)
    frontmatter.read(text.lines, report)
    assert [problem.code for problem in report.problems] == codes


@pytest.mark.parametrize(
    ("word", "guess"),
    [("atempts", "attempts"), ("标题", "title"), ("Title", "title"), ("zzz", None), ("", None)],
)
def test_the_nearest_word_is_meant(word: str, guess: str | None) -> None:
    assert schema.nearest(word, ["title", "attempts", "pass"]) == guess


def test_a_report_says_each_thing_once_and_stops_listing_in_time() -> None:
    text = text_of("a\n" * 1_000)
    report = Report(text)
    for line in text.lines:
        report.error(line, "x", message("Fault."))
        report.error(line, "x", message("Fault."))
    assert len(report.problems) == LIMIT + 1
    assert report.problems[-1].code == "more-problems"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Nine o'clock, third floor.</p>", (4, 0)),
        ("<p>大客户 KAM 管理&amp;销售</p>", (1, 7)),
        ("state-of-the-art", (1, 0)),
        ("", (0, 0)),
    ],
)
def test_words_and_characters_are_counted(html: str, expected: tuple[int, int]) -> None:
    assert reading.words(html) == expected


def test_reading_takes_a_minute_for_200_words_or_350_characters() -> None:
    assert reading.seconds("word " * 200) == 60
    assert reading.seconds("字" * 350) == 60
    assert [reading.minutes(seconds) for seconds in (0, 29, 89, 90)] == [1, 1, 1, 2]
