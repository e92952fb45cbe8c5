"""Nothing in a file makes parsing raise, run away, or let anything executable through."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kamtrain.content.library import Library, parse
from kamtrain.core.catalog import Html
from kamtrain.items import TYPES
from tests.content.shelf import (
    COURSE,
    FILES,
    GLOSSARY,
    LESSON,
    LESSON_ZH,
    QUIZ,
    QUIZ_ZH,
    SCENARIO,
    SCENARIO_ZH,
    TAGS,
    TEXTS,
)

PATHS = (COURSE, LESSON, LESSON_ZH, QUIZ, QUIZ_ZH, SCENARIO, SCENARIO_ZH, GLOSSARY, TAGS, "quizzes/translations.lock")
LIMIT = 8  # seconds for one file at its worst, on a busy machine

bounded = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# Pieces of the format, so that what is drawn is often nearly right.
SCRAPS = st.sampled_from(
    [
        *"-#>`|*_[]()!:：，　【】·\"'“”&<{}\\~=+1é中\t",
        "---\n", "\n", "\n\n", "## ", "- [ ] ", "- [x] ", "  > ", "`if trust >= 4`", "`ending: strong`",
        "| a | b |\n| --- | --- |\n",
        "[a](#b)", "![a](media/a.png)", "```\n", "id: ", "title: ", "kind: quiz", "`analytical` ", "1. ", "**", "{en: ",
        "[!note]", "&amp;", "<script>", "<b>", "javascript:", "\\|", "    ",
    ]
)  # fmt: skip


def walk(library: Library) -> None:
    """Asks for everything there is in every language."""
    for language in ("en", "zh-Hans", "zh-Hant", "de"):
        for id in library.lessons:
            library.lesson_text(id, language)
        for id in library.quizzes:
            library.quiz(id, language)
        for id in library.scenarios:
            library.scenario(id, language)
        for kind, ids in (("course", library.courses), ("lesson", library.lessons), ("quiz", library.quizzes)):
            for id in ids:
                assert isinstance(library.title(kind, id, language), str)
                assert library.minutes(kind, id) >= 0


@bounded
@given(st.sampled_from(PATHS), st.binary(max_size=300))
def test_any_bytes_are_read_without_raising(path: str, data: bytes) -> None:
    walk(parse({**FILES, path: data}).library)


@settings(bounded, max_examples=120)
@given(st.sampled_from(PATHS), st.data())
def test_any_change_to_a_good_file_is_read_without_raising(path: str, data: st.DataObject) -> None:
    text = TEXTS.get(path, "x:\n")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    scraps = data.draw(st.lists(SCRAPS, max_size=6))
    parsed = parse({**FILES, path: (text[:start] + "".join(scraps) + text[end:]).encode()})
    walk(parsed.library)
    for problem in parsed.problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert str(problem.message)
        assert problem.mend is None or str(problem.mend)


@settings(bounded, max_examples=80)
@given(st.sampled_from((LESSON, QUIZ, SCENARIO)), st.lists(SCRAPS, max_size=40))
def test_any_body_is_read_without_raising(path: str, scraps: list[str]) -> None:
    front = TEXTS[path].split("---\n")[1]
    walk(parse({**FILES, path: f"---\n{front}---\n\n{''.join(scraps)}".encode()}).library)


HOSTILE = {
    "quotes": ">" * 200_000,
    "lists": "- " * 200_000,
    "nested lists": "\n".join("  " * n + "- a" for n in range(3_000)),
    "brackets": "[" * 300_000,
    "links": "[a](b" * 60_000,
    "stars": "*a **b " * 60_000,
    "underscores": "_a __b " * 60_000,
    "backticks": "".join("`" * n + " " for n in range(700)),
    "many backticks": "`a" * 200_000,
    "angles": "<a " * 200_000,
    "angle": "<" * 300_000,
    "entities": "&a" * 200_000,
    "one line": "a" * 900_000,
    "headings": "## a: b\n" * 2_000,
    "paragraphs": "a *b* c\n\n" * 2_000,
    "items": "- [ ] a\n" * 2_000,
    "table": "| a | b |\n| --- | --- |\n" + "| c | d |\n" * 2_000,
    "wide table": "|" + "a|" * 20_000 + "\n|" + "-|" * 20_000 + "\n",
    "pipes": "|" * 300_000,
    "fences": "```\n" * 2_000,
    "callouts": "> [!note]\n" * 2_000,
    "dashes": "-" * 500_000,
    "rule": "- " * 30 + "a\n",
    "spaces": " " * 900_000 + "a",
    "wide": "　" * 300_000,
    "dots": "·a" * 200_000,
    "bold": "**a：**b" * 50_000,
    "brackets wide": "【a】（#b" * 50_000,
    "exclamations": "![a](" * 60_000,
    "definitions": "[a]: b\n" * 2_000,
    "numbers": "1. " * 100_000,
    "tags": "`a`" * 100_000,
    "clauses": "## a\n\n`" + "if trust >= 4, " * 20_000 + "`\n",
    "choices": "## opening\n\n" + "- [a](#opening) `trust +1`\n" * 2_000,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("path", [LESSON, QUIZ, SCENARIO])
def test_hostile_markdown_takes_bounded_time(name: str, path: str) -> None:
    front = TEXTS[path].split("---\n")[1]
    began = time.perf_counter()
    walk(parse({**FILES, path: f"---\n{front}---\n\n{HOSTILE[name]}".encode()}).library)
    assert time.perf_counter() - began < LIMIT


@pytest.mark.parametrize("name", ["backticks", "many backticks", "bold", "table", "pipes", "items", "numbers", "tags"])
@pytest.mark.parametrize("type_", TYPES)
def test_hostile_answers_of_every_type_take_bounded_time(type_: str, name: str) -> None:
    front = TEXTS[QUIZ].split("---\n")[1]
    text = f"---\n{front}---\n\n## a: b\n\n`{type_}`\n\n### c\n\n{HOSTILE[name]}"
    began = time.perf_counter()
    walk(parse({**FILES, QUIZ: text.encode()}).library)
    assert time.perf_counter() - began < LIMIT


YAML = {
    "aliases": "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
    "deep flow": "modules: " + "[" * 50_000,
    "deep map": "modules: " + "{a: " * 20_000,
    "deep block": "modules:\n" + "".join(" " * n + "a:\n" for n in range(1, 400)),
    "keys": "".join(f"k{n}: v\n" for n in range(2_000)),
    "one key": "title: " + "a" * 900_000,
    "quotes": 'title: "' + "\\" * 90_000,
    "tag": "title: !!python/object/apply:os.system [id]\n",
    "multi": "title: |\n" + "  a\n" * 2_000,
    "colons": "title: " + ": " * 40_000,
    "anchor": "id: &x demo\n",
}


@pytest.mark.parametrize("name", YAML)
@pytest.mark.parametrize("path", [COURSE, GLOSSARY, TAGS, LESSON])
def test_hostile_yaml_takes_bounded_time_and_is_a_problem(name: str, path: str) -> None:
    text = YAML[name] if path != LESSON else f"---\n{YAML[name]}\n---\n\nText.\n"
    began = time.perf_counter()
    parsed = parse({**FILES, path: text.encode()})
    walk(parsed.library)
    assert time.perf_counter() - began < LIMIT
    assert parsed.problems


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"\0" * 1000, b"\xff\xfe" + "a".encode("utf-16-le"), "标题".encode("gbk"), b"a" * 10_000_000]
)
@pytest.mark.parametrize("path", [COURSE, LESSON, QUIZ, SCENARIO, GLOSSARY])
def test_what_is_no_text_is_one_problem_with_its_place(path: str, data: bytes) -> None:
    found = [problem for problem in parse({**FILES, path: data}).problems if problem.path == path]
    assert any(problem.fatal and problem.mend for problem in found)


EVIL = """\
<script>alert(1)</script> <SCRIPT SRC=//x></SCRIPT> <img src=x onerror=alert(1)> <svg onload=alert(1)><script>1</script></svg>
<a href="javascript:alert(1)">a</a> <a href="JaVaScRiPt:alert(1)">b</a> <a href="data:text/html,<script>1</script>">c</a>
<iframe src="https://evil.example"></iframe> <form action="//x"><input name=p><button formaction=javascript:1>x</button></form>
<p style="position:fixed" onclick="x()" id="main" class="evil">d</p> <math><mtext></mtext></math> <style>*{}</style>
<object data=x></object> <embed src=x> <base href=//x> <link rel=stylesheet href=//x> <meta http-equiv=refresh content=0>

[x](javascript:alert(1)) [y](data:text/html;base64,AA) ![z](javascript:1) [v](vbscript:x) <javascript:alert(1)>
[q](https://ok.example "a\\" onmouseover=alert(1) x=\\"") ![p](https://evil.example/pixel.png) [r][ref]
[t](term:cue"onclick=1) [u](quiz:check"><script>1</script>) [w](lesson:one' x) [s](media/../../x.png) [b](//evil.example)

[ref]: javascript:alert(1)

| <b onclick=x()>h</b> | [j](javascript:1) |
| --- | --- |
| <svg/onload=alert(1)> | `<script>` |

```html
<script>alert(1)</script>
```
"""


def test_a_heading_takes_no_place_of_the_pages_own_and_none_twice() -> None:
    headings = ("main", "Main!", "term: cue", "f-text", "csrf_token", "a", "a 2", "a", "a", "part main")
    body = "".join(f"## {heading}\n\nText.\n\n" for heading in headings)
    lesson = parse({**FILES, LESSON: f"{TEXTS[LESSON]}\n{body}".encode()}).library.lesson_text("one", "en")
    anchors = [heading.anchor for heading in lesson.headings][-len(headings) :]
    ids = re.findall(r' id="([^"]*)"', all_html(parse({**FILES, LESSON: f"{TEXTS[LESSON]}\n{body}".encode()}).library))

    assert anchors == [
        "part-main", "part-main-2", "part-term-cue", "part-f-text", "csrf-token", "a", "a-2", "a-3", "a-4", "part-main-3",
    ]  # fmt: skip
    assert len(ids) == len(set(ids))


def all_html(library: Library) -> str:
    found = [block.html for block in library.lesson_text("one", "en").blocks if isinstance(block, Html)]
    found += [repr(library.quiz("check", "en")), repr(library.scenario("visit", "en"))]
    return "\n".join(found)


@pytest.mark.parametrize(
    ("path", "old"),
    [
        (LESSON, "Second paragraph."),
        (QUIZ, "What tells you most?"),
        (QUIZ, "Rank, not manner."),
        (SCENARIO, "Luo stands."),
    ],
)
def test_nothing_executable_reaches_a_page(path: str, old: str) -> None:
    new = EVIL if old != "Rank, not manner." else EVIL.replace("\n", "\n  > ")
    html = all_html(parse({**FILES, path: TEXTS[path].replace(old, new).encode()}).library)
    tags = re.findall(r"<[a-zA-Z/!][^<>]*>", html)
    assert tags
    for tag in tags:
        name = re.match(r"</?([a-zA-Z0-9]+)", tag)
        assert name, tag
        assert name[1] in {
            "a", "b", "blockquote", "button", "code", "div", "em", "h2", "h3", "hr", "li", "ol", "p", "pre", "strong", "table",
            "tbody", "td", "th", "thead", "tr", "ul", "br",
        }, tag  # fmt: skip
        if not re.fullmatch(r'<h2 id="[\w-]+">', tag):
            names = re.sub(r'"[^"]*"', '""', tag)
            assert not re.search(r"\s(?:on\w+|style|id|formaction|action)\b", names), tag
        assert not re.search(r"(?:javascript|data|vbscript):", tag, re.IGNORECASE), tag
        for target in re.findall(r'(?:href|src)="([^"]*)"', tag):
            assert re.match(r"https://ok\.example|/learn/|/practice/|#", target), tag
