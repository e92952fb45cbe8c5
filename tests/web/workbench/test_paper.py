"""Sheets as PDF, opened by a reader that is not ours."""

from __future__ import annotations

import io
import re
import time
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader

from kamtrain import create_app
from kamtrain.core.sheet import Tool
from kamtrain.files.paper import PICTURE_STYLE, Paper, pdf
from kamtrain.services.workbench import Filled
from kamtrain.settings import Settings
from kamtrain.store.workbench import AccountValue, SheetValue, VersionValue
from kamtrain.web import sheets
from kamtrain.web.workbench.paper import paper
from kamtrain.workbench import TOOLS
from tests.web.visitor import Visitor
from tests.web.workbench.test_sheet import opened

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SECONDS = 0.5  # processor time of one export at most
HOSTILE = (
    '#include "/etc/passwd" $x^2$ \\u{41} *b* _i_ @ref <l> // c `r` = h <svg><text>s</text></svg> ${1} #sys.inputs'
)


@pytest.fixture(scope="module")
def speaking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application for its words alone: nothing here asks a database."""
    folder = tmp_path_factory.mktemp("paper")
    app = create_app(Settings(data=folder, DATABASE_URL=f"sqlite:///{folder}/never.db"))
    yield app
    app.extensions["kamtrain.engine"].dispose()


def of(app: Flask, tool: Tool, language: str, cells: Mapping[str, str] | None = None, **more: str) -> Paper:
    """The worked example of `tool`, or `cells`, of an account that keeps private facts."""
    with app.test_request_context(headers={"Accept-Language": language}):
        stood = sheets.example_cells(tool, tool.examples[0]) if cells is None else cells
        account = AccountValue(1, 1, "Mei Lin", more.get("account", "Alder"), False, True, True)
        sheet = SheetValue(1, 1, "Mei Lin", tool.id, more.get("title", ""), "", NOW, NOW, account)
        kept = VersionValue(1, 3, "after the visit", NOW.replace(hour=8), {})
        return paper(Filled(sheet, tool, stood, 1, None, {}), {}, (kept,), None)


def words(data: bytes) -> str:
    """All that is written in it, without spaces: a line may be broken anywhere."""
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    return squeezed(text)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b\u200d]+", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("tool", TOOLS)
def test_every_tool_says_its_worked_example_in_english_and_chinese(speaking: Flask, tool: str) -> None:
    one = TOOLS[tool]
    for language in ("en", "zh-Hans"):
        document = of(speaking, one, language)
        data = pdf(document)
        text = words(data)
        # Words among the figures are the English ones of the example; the document has them in its own language.
        said = one.examples[0].figures.values() if language == "en" else ()
        for expected in (*said, *(one.value for one in document.figures)):
            assert squeezed(expected) in text, (language, expected)
        for expected in (document.title, document.verdict, "Mei Lin", "Alder", *document.turns):
            assert squeezed(expected) in text, (language, expected)
        for part in (part for section in document.sections for part in section.parts):
            assert squeezed(part.label) in text, (language, part.label)
        assert document.title != one.name or language == "en"
        reader = PdfReader(io.BytesIO(data))
        assert reader.metadata is not None
        assert reader.metadata.title == document.title
        assert reader.xmp_metadata is not None
        assert "pdfuaid" in str(reader.xmp_metadata.rdf_root.toxml())  # the standard it keeps


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_a_picture_is_drawn_in_the_readers_language_with_its_words(speaking: Flask, language: str) -> None:
    document = of(speaking, TOOLS["stakeholder-map"], language)

    text = words(pdf(document))

    assert len(document.pictures) == 1
    owners = {"en": "Our owners", "zh-Hans": "我方负责人", "zh-Hant": "我方負責人"}[language]
    assert squeezed(owners) in text
    assert document.pictures[0].alt


def test_private_facts_are_never_in_it(speaking: Flask) -> None:
    for tool in TOOLS.values():
        hidden = {
            f"{table.name}.01.{column.name}": "SECRETS" if column.kind in ("text", "long") else "77"
            for table in tool.tables.values()
            for column in table.columns
            if column.personal
        }
        if hidden:
            document = of(speaking, tool, "en", hidden)
            assert "SECRETS" not in str(document)
            for label in (c.label for t in tool.tables.values() for c in t.columns if c.personal):
                assert squeezed(label) not in words(pdf(document))


def test_hostile_text_is_printed_as_text(speaking: Flask) -> None:
    tool = TOOLS["stakeholder-map"]
    cells = {
        "people.01.name": HOSTILE,
        "people.01.influence": "5",
        "people.01.attitude": "-1",
        "people.01.influence~evidence": f"{HOSTILE}\x00\x1b\ud800",
        "people.02.name": "</text></svg><script>&amp;\x07",
        "people.02.influence": "x" * 4_000,
        "people.02.attitude": "1",
    }

    text = words(pdf(of(speaking, tool, "en", cells, account=HOSTILE, title=HOSTILE)))

    assert text.count(squeezed(HOSTILE)) >= 4
    assert text.count("x") > 4_000  # over several pages
    assert "</text></svg><script>&amp;" in text


def test_a_character_the_face_lacks_does_not_refuse_the_document(speaking: Flask) -> None:
    document = of(speaking, TOOLS["visit-plan"], "zh-Hans", account="王芳 😀 عميل \ue000")

    assert "王芳" in words(pdf(document))


def test_a_thousand_rows_come_out_on_many_pages(speaking: Flask) -> None:
    names = {f"parts.{row:04}.name": f"Customer {row}" for row in range(1_000)}
    cells = names | {key.replace("name", "amount"): str(place) for place, key in enumerate(names, 1)}

    data = pdf(of(speaking, TOOLS["concentration"], "en", cells))

    pages = PdfReader(io.BytesIO(data)).pages
    assert len(pages) > 15
    assert "Customer 999" in "".join(page.extract_text() for page in pages[-3:])


def test_one_export_takes_less_than_half_a_second(speaking: Flask) -> None:
    document = of(speaking, TOOLS["value-pyramid"], "zh-Hans")
    pdf(document)
    began = time.process_time()

    pdf(replace(document, title="Another"))

    assert time.process_time() - began < SECONDS


def test_the_pictures_colours_are_the_pages() -> None:
    styles = Path(sheets.__file__).parent / "assets" / "styles"
    light = (styles / "_tokens.scss").read_text("utf-8").partition("@mixin dark")[0]
    tokens = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+);", light))
    rules = re.findall(
        r"^\.(pic-[a-z-]+)[^{]*\{ ([^}]*;) \}", (styles / "_workbench.scss").read_text("utf-8"), re.MULTILINE
    )
    for name, rule in rules:
        for value in re.findall(r"(?:fill|stroke): ([^;]+);", rule):
            token = re.fullmatch(r"var\(--([a-z-]+)\)", value)
            mine = next(line for line in PICTURE_STYLE.splitlines() if line.startswith(f".{name} "))
            assert (tokens[token[1]] if token else value) in mine, name
    assert rules


def test_a_sheet_can_be_taken_as_a_document(trainee: Visitor) -> None:
    sheet = opened(trainee, example="alder", name="中文 / Alder")

    response = trainee.get(f"{sheet}/sheet.pdf")

    assert response.status_code == 200, response.text
    assert response.content_type == "application/pdf"
    assert "attachment" in response.headers["Content-Disposition"]
    assert "68.4%" in words(response.data)
    assert f'href="{sheet}/sheet.pdf"' in trainee.page(sheet)
