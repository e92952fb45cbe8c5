"""Files of kind `negotiation`: what they become, and every fault at its place with a mend."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from kamtrain.content.library import Parsed, parse
from kamtrain.core import negotiation as rules
from kamtrain.core.negotiation import Move, Table, debrief, play, start
from kamtrain.core.problems import Severity
from kamtrain.settings import ROOT
from tests.bargained import TABLE, WITH_TABLE

PATH = "quizzes/haggle.en.md"


def parsed(text: str, **more: str) -> Parsed:
    others = {f"quizzes/haggle.{tag.replace('_', '-')}.md": own.encode() for tag, own in more.items()}
    return parse({**WITH_TABLE, PATH: text.encode(), **others})


def codes(found: Parsed, severity: Severity = Severity.error) -> set[str]:
    return {p.code for p in found.problems if "haggle" in p.path and p.severity is severity}


def test_a_table_is_read_whole() -> None:
    found = parsed(TABLE)
    assert not codes(found)
    assert not codes(found, Severity.warning)
    table = found.library.table("haggle", "en")
    assert [issue.id for issue in table.issues] == ["price", "service"]
    price = table.issues[0]
    assert (price.options[0].label, price.options[0].yours, price.options[0].theirs) == ("200 yuan", 600, 0)
    assert (price.options[-1].label, price.options[-1].yours, price.options[-1].theirs) == ("160 yuan", 0, 500)
    assert price.options[7].yours == 390
    assert [option.label for option in table.issues[1].options] == ["by phone", "on Mondays", "every day"]
    assert table.variants == ("", "dominant")
    assert (table.buyers["dominant"].pair, table.buyers[""].limit) == (2, 430)
    assert "SAID-gift" in table.said("gift", "")
    assert table.said("gift", "dominant") == "<p>DOMINANT-gift.</p>"
    assert "BRIEFING" in table.briefing
    assert found.library.title("negotiation", "haggle", "en") == "Two lines on a page"
    assert found.library.minutes("negotiation", "haggle") > 0
    assert found.library.has("negotiation", "haggle")


def test_entries_of_a_list_are_said_in_turn() -> None:
    text = TABLE.replace("SAID-gift.\n\n`dominant` DOMINANT-gift.", "- ONE\n- TWO\n- `dominant` LOUD")
    table = parsed(text).library.table("haggle", "en")
    assert [table.said("gift", "", n) for n in range(3)] == ["<p>ONE</p>", "<p>TWO</p>", "<p>ONE</p>"]
    assert table.said("gift", "dominant", 5) == "<p>LOUD</p>"


FAULTS = [
    ("yours: 60 to 0", "yours: 50 to 0", "weights-sum"),
    ("theirs: [0, 37, 50]", "theirs: [0, 37, 55]", "weights-sum"),
    ("theirs: [0, 37, 50]", "theirs: [0, 50]", "options-count"),
    ("range: 200 to 160 by 2", "range: 200 to 160 by 3", "bad-range"),
    ("range: 200 to 160 by 2", "range: low to high", "bad-range"),
    ("yours: 60 to 0", "yours: much", "no-worth"),
    ("  amiable:", "  friendly:", "unknown-style"),
    ("  dominant:", "  forceful:", "unknown-style"),
    ("opening: 91, target: 65", "opening: 60, target: 65", "marks-order"),
    ("you: {target: 65, walk-away: 35}", "you: {target: 25, walk-away: 35}", "marks-order"),
    ("you: {target: 65, walk-away: 35}", "you: {target: 65}", "no-marks"),
    (", walk-away: 43}", "}", "no-marks"),
    ("you: {target: 65, walk-away: 35}", "you: {target: 95, walk-away: 90}", "no-zone"),
    ("turns: 8\n", "turns: 8\nzone: none\n", "zone-there"),
    ("turns: 8\n", "", "no-turns"),
    ("turns: 8", "turns: 2", "not-a-number"),
    ("strong: 60", "strong: 20", "grades-order"),
    ("names: {price: Price, service: Service}", "names: {price: Price}", "no-name"),
    ("names: {price: Price,", "names: {prise: X, price: Price,", "unknown-name"),
    ("service: [by phone, on Mondays, every day]", "service: [by phone, on Mondays]", "choices-count"),
    ("{name: Wen, ", "{", "no-persona"),
    ("## gift", "## gifts", "unknown-event"),
    ("## harder\n\nSAID-harder.\n\n`dominant` DOMINANT-harder.\n", "", "no-words"),
    ("## pair-fed\n\nSAID-pair-fed.\n\n`dominant` DOMINANT-pair-fed.\n", "", "no-words"),
    ("competencies: [C06]", "competency: C06", "unknown-key"),
]


@pytest.mark.parametrize(("old", "new", "code"), FAULTS, ids=[f"{code}-{n}" for n, (_, _, code) in enumerate(FAULTS)])
def test_a_fault_is_said_where_it_stands_and_with_a_mend(old: str, new: str, code: str) -> None:
    assert old in TABLE
    found = parsed(TABLE.replace(old, new, 1))
    said = [problem for problem in found.problems if problem.code == code and problem.path == PATH]
    assert said, codes(found)
    assert all(problem.mend is not None and problem.line > 0 for problem in said)
    assert "haggle" not in found.library.tables or code in ("no-zone", "zone-there")


def test_one_issue_is_no_table_and_a_table_without_opposites_is_a_warning() -> None:
    text = TABLE.replace("  service: {yours: [40, 30, 0], theirs: [0, 37, 50]}\n", "")
    assert "no-issues" in codes(parsed(text))
    text = TABLE.replace("theirs: 0 to 50", "theirs: 50 to 0").replace("theirs: [0, 37, 50]", "theirs: [50, 37, 0]")
    assert "nothing-to-trade" in codes(parsed(text), Severity.warning)


HANS = """\
---
id: haggle
follows: en
title: 两个条件
names: {price: 价格, service: 服务}
choices: {service: [电话, 每周一, 每天]}
units: {price: 元}
buyers:
  amiable: {name: 文经理, post: 采购, pressure: 审计}
  dominant: {name: 徐总, post: 副总, pressure: 许过诺}
---

简介。
"""


def test_a_translation_speaks_and_does_not_count() -> None:
    whole = HANS + "".join(
        f"\n## {event}\n\n说{event}。\n" for event in parsed(TABLE).library.table("haggle", "en").words
    )
    whole += "\n## debrief\n\n想想。\n"
    found = parsed(TABLE, zh_Hans=whole)
    assert not codes(found)
    assert not codes(found, Severity.warning)
    own, first = found.library.table("haggle", "zh-Hans"), found.library.table("haggle", "en")
    assert own.issues[0].options[1].label == "198元"
    assert own.buyers["dominant"].name == "徐总"
    assert [[o.yours for o in issue.options] for issue in own.issues] == [
        [o.yours for o in issue.options] for issue in first.issues
    ]
    assert found.library.table("haggle", "zh-Hant").issues[0].name == "價格"
    assert found.library.table("haggle", "zh-Hant").buyers["dominant"].name == "徐總"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("pressure: 审计}", "pressure: 审计, opening: 80}", "only-in-first"),
        ("pressure: 审计}", "pressure: 审计, walk: 43}", "unknown-key"),
        ("  dominant:", "  social:", "unknown-variant"),
        ("buyers:", "turns: 9\nbuyers:", "only-in-first"),
    ],
)
def test_a_translation_that_counts_is_refused(old: str, new: str, code: str) -> None:
    assert code in codes(parsed(TABLE, zh_Hans=HANS.replace(old, new)))
    same = HANS.replace("pressure: 审计}", "pressure: 审计, opening: 91}")
    assert "only-in-first" not in codes(parsed(TABLE, zh_Hans=same))


def test_what_a_translation_leaves_out_stands_in_the_other_language() -> None:
    found = parsed(TABLE, zh_Hans=HANS.replace("units: {price: 元}\n", "").replace("service: 服务", "x: 服务"))
    assert "text-missing" in codes(found, Severity.warning)
    assert "unknown-name" in codes(found)
    table = found.library.table("haggle", "zh-Hans")
    assert "SAID-gift" in table.said("gift", "")
    assert table.issues[1].name == "Service"


# --- the tables that ship -------------------------------------------------------------------------------------------------


@cache
def library() -> dict[str, Table]:
    files = {str(p.relative_to(ROOT)): p.read_bytes() for p in (ROOT / "quizzes").glob("nt*.md")}
    return {id: tags["en"] for id, tags in parse(files).library.tables.items()}


TABLES = [(id, variant) for id, table in library().items() for variant in table.variants]


def traded(table: Table, variant: str, asking: bool, levels: list[int]) -> rules.Debrief:
    """Ever smaller steps along what no package beats, each for something or none, until he offers as much."""
    state = start(table, variant)
    line = rules.frontier(table)
    for level in levels:
        if state.ended or table.yours(state.counter) >= level:
            break
        package = next(point.package for point in reversed(line) if point.yours >= level)
        gaps = zip(table.issues, package, state.counter, strict=True)
        widest = max(gaps, key=lambda gap: gap[0].options[gap[1]].yours - gap[0].options[gap[2]].yours)[0].id
        move = Move("pause") if state.stuck else Move("offer", package, widest if asking else "")
        state = rules.step(table, variant, 7, state, move)
    if not state.ended:
        state = rules.step(table, variant, 7, state, Move("accept"))
    return debrief(table, variant, state)


@pytest.mark.parametrize(("id", "variant"), TABLES)
def test_trading_wins_what_giving_does_not(id: str, variant: str) -> None:
    table = library()[id]
    wide = [1000, 860, 760, 700, 660, 630, 610]
    slow = [1000, 900, 830, 780, 740, 710, 690, 680]
    good = [traded(table, variant, True, levels) for levels in (wide, slow)]
    assert "strong" in {one.grade for one in good}
    assert all(
        traded(table, variant, False, levels).grade != "strong" for levels in (wide, list(range(1000, 300, -100)))
    )
    at_once = play(table, variant, 7, [Move("accept")])[-1]
    assert debrief(table, variant, at_once).grade == "poor"


@pytest.mark.parametrize(("id", "variant"), TABLES)
def test_meeting_in_the_middle_everywhere_is_not_the_best(id: str, variant: str) -> None:
    table = library()[id]
    middle = tuple(len(issue.options) // 2 for issue in table.issues)
    assert any(
        point.yours >= table.yours(middle) and point.theirs > table.theirs(middle) for point in rules.frontier(table)
    )


def test_nothing_but_the_numbers_counts() -> None:
    for table in library().values():
        bare = replace(table, words={}, title="", briefing="")
        assert play(bare, "", 3, [Move("offer", table.dream)])[-1].insists == (
            play(table, "", 3, [Move("offer", table.dream)])[-1].insists
        )
