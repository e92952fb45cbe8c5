"""Competencies: the file that names them, and whether courses teach what they ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from kamtrain.content import competencies
from kamtrain.content.library import Parsed, parse
from tests.content.shelf import COURSE, FILES, LESSON, QUIZ, SCENARIO, TEXTS

ROOT = Path(__file__).parents[2]
LEVELS = "".join(f"    - {{en: level {n}, zh-Hans: 第{n}级}}\n" for n in range(1, 5))
FILE = f"C06:\n  name: {{en: Style adaptation, zh-Hans: 风格适应}}\n  levels:\n{LEVELS}"


def shelf(file: str = FILE, **texts: str) -> Parsed:
    return parse({**FILES, **{path: text.encode() for path, text in texts.items()}, competencies.PATH: file.encode()})


def found(parsed: Parsed) -> list[str]:
    return [f"{p.path.rpartition('/')[2]}:{p.line}:{p.column} {p.code}" for p in parsed.problems]


def test_it_works() -> None:
    parsed = shelf()
    assert [str(p) for p in parsed.problems if p.severity != "note"] == []
    assert parsed.library.competency("C06", "en") == "Style adaptation"
    assert parsed.library.competency("C06", "zh-Hant") == "風格適應"
    assert parsed.library.competency("C99", "en") == "C99"
    assert parsed.library.competencies["C06"].levels[3]["zh-Hans"] == "第4级"


@pytest.mark.parametrize(
    ("path", "old", "new", "place"),
    [
        (LESSON, "competencies: [C06]", "competencies: [C06, C07]", "one.en.md:5:21"),
        (QUIZ, "competency: C06", "competency: C07", "check.en.md:6:13"),
        (QUIZ, "`matching, points: 2`", "`matching, C07, points: 2`", ""),
        (SCENARIO, "`trust +1, C06 +`", "`trust +1, C07 +`", ""),
        (COURSE, "modules:", "competencies: [C07]\nmodules:", "course.yaml:4:16"),
    ],
)
def test_a_code_that_is_not_in_the_file_is_an_error_wherever_it_stands(
    path: str, old: str, new: str, place: str
) -> None:
    assert old in TEXTS[path]
    parsed = shelf(**{path: TEXTS[path].replace(old, new, 1)})
    errors = [p for p in parsed.problems if p.code == "unknown-competency"]
    assert [(p.path, str(p.mend)) for p in errors] == [(path, "Did you mean `C06` (Style adaptation)?")]
    assert not place or found(parsed)[0].startswith(place) or f"{place} unknown-competency" in found(parsed)


def test_what_is_no_code_is_an_error_without_the_file_too() -> None:
    text = TEXTS[LESSON].replace("[C06]", "[style]")
    assert "unknown-competency" in [p.code for p in parse({**FILES, LESSON: text.encode()}).problems]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (FILE.replace("C06:", "style:"), "unknown-competency"),
        (FILE.replace("    - {en: level 2, zh-Hans: 第2级}\n", ""), "levels"),
        (FILE.replace("levels", "level"), "unknown-key"),
        (FILE.replace(", zh-Hans: 风格适应", ""), "text-missing"),
        (FILE.replace("en: level 3, ", ""), "text-missing"),
        ("C06: Style adaptation\n", "wrong-kind"),
        ("", "empty-file"),
        ("C06: [", ""),
    ],
)
def test_what_is_wrong_in_the_file_is_said(file: str, code: str) -> None:
    errors = [p for p in shelf(file).problems if p.path == competencies.PATH and p.fatal]
    assert errors
    assert not code or code in [p.code for p in errors]


def test_what_is_asked_and_not_taught_is_a_note() -> None:
    both = FILE + FILE.replace("C06", "C07").replace("Style adaptation", "Need discovery")
    untaught = shelf(both, **{LESSON: TEXTS[LESSON].replace("competencies: [C06]", "competencies: [C07]")})
    notes = {p.code: str(p.message) for p in untaught.problems if p.severity == "note"}
    assert "`check` asks for C06 (Style adaptation)" in notes["asked-not-taught"]
    assert "Lessons teach C07 (Need discovery)" in notes["never-evidenced"]
    assert notes["not-taught"] == "No lesson teaches C06 (Style adaptation)."


def test_what_a_course_before_teaches_is_taught() -> None:
    before = (
        "id: first\ntitle: {en: First}\nlanguages: [en]\nmodules:\n  - {id: m, title: {en: M}, steps: [lesson: a]}\n"
    )
    lesson = "---\nid: a\ntitle: A\ncompetencies: [C06]\n---\n\nText.\n"
    plain = TEXTS[LESSON].replace("competencies: [C06]\n", "")
    course = TEXTS[COURSE].replace("modules:", "requires: [first]\nmodules:")
    texts = {"courses/first/course.yaml": before, "courses/first/a.en.md": lesson, LESSON: plain, COURSE: course}
    assert "asked-not-taught" not in [p.code for p in shelf(**texts).problems]
    texts[COURSE] = TEXTS[COURSE]
    assert "asked-not-taught" in [p.code for p in shelf(**texts).problems]


def test_the_sixteen_that_ship_are_whole() -> None:
    shipped = competencies.read(competencies.PATH, (ROOT / competencies.PATH).read_bytes())
    assert [str(p) for p in shipped.problems] == []
    assert list(shipped.known) == [f"C{number:02}" for number in range(1, 17)]
    texts = [text for one in shipped.known.values() for text in (one.name, *one.levels)]
    for tag in ("en", "zh-Hans", "zh-Hant"):
        assert len({text[tag] for text in texts}) == len(texts) == 80
