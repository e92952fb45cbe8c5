"""Questions of every type: from a file to its items, in two languages and the one made from them; faults at their place."""

from __future__ import annotations

from fractions import Fraction

import pytest

from kamtrain.content.library import Parsed, parse
from kamtrain.core.item import GAP
from kamtrain.core.quiz import Part
from kamtrain.items import TYPES
from tests.content.shelf import said
from tests.every_type import FILES, QUIZ

EN, ZH = "quizzes/every.en.md", "quizzes/every.zh-Hans.md"


def changed(path: str, old: str, new: str) -> Parsed:
    text = FILES[path].decode()
    assert old in text
    return parse({**FILES, path: text.replace(old, new, 1).encode()})


def part(question: str, language: str = "en", parsed: Parsed | None = None) -> Part:
    return (parsed or parse(FILES)).library.quiz("every", language).question(question).parts[0]


def test_every_type_is_read_in_every_language() -> None:
    parsed = parse(FILES)
    assert said(parsed) == []
    for language in ("en", "zh-Hans", "zh-Hant"):
        found = {part.type for q in parsed.library.quiz("every", language).questions for part in q.parts}
        assert found == set(TYPES)


def test_a_table_in_the_text_of_a_question_is_no_answer() -> None:
    table = "| a | b |\n| --- | --- |\n| **1** | 2 |\n\n"
    parsed = changed(EN, "- [x] 60.0", f"{table}- [x] 60.0")
    question = parsed.library.quiz("every", "en").question("e-numeric")
    assert "<table>" in question.text
    assert [part.type for part in question.parts] == ["numeric"]


def test_what_is_said_before_the_gaps_is_the_question() -> None:
    parsed = changed(EN, "Under stress a dominant", "Think of `**kwargs**`.\n\nUnder stress a dominant")
    question = parsed.library.quiz("every", "en").question("e-cloze")
    assert question.text == "<p>Think of <code>**kwargs**</code>.</p>"
    assert len(question.parts[0].item.gaps) == 3


def test_gaps_stand_in_lists_and_over_line_ends_too() -> None:
    text = "- A dominant buyer **takes\n  over**.\n- An analytical one **withdraws / asks for more**, for **3** days."
    old = QUIZ[QUIZ.index("Under stress a dominant") : QUIZ.index("\n\n- [ ] applauds")]
    item = part("e-cloze", parsed=changed(EN, old, text)).item
    assert [gap.shown[0] for gap in item.gaps] == ["takes over", "withdraws", "3"]
    assert len(item.frame) == 4
    assert item.frame[0].startswith("<ul>")


def test_a_mark_of_our_own_in_an_authors_text_is_no_gap() -> None:
    assert len(part("e-cloze", parsed=changed(EN, "Under stress a", f"Under{GAP} stress a")).item.gaps) == 3


def test_a_list_with_a_right_answer_below_a_worksheet_asks_a_second_thing() -> None:
    more = "- [x] Yes\n  > So.\n- [ ] No\n  > Not so."
    old = QUIZ[QUIZ.index("- [ ] 125") : QUIZ.index("\n\n## e-grid-bank")]
    english = QUIZ.replace(old, more).encode()
    [grid, why] = parse({EN: english}).library.quiz("every", "en").question("e-grid").parts
    assert (grid.type, why.type) == ("grid", "single")


def test_the_answers_of_the_other_language_count() -> None:
    word = part("e-short", "zh-Hans")
    for text in ("内线", "coach", "Insider。", "內線"):
        assert TYPES["short"].score(word.item, text).points == 1000, text
    assert word.item.key.shown == ("内线",)
    days = part("e-numeric", "zh-Hans")
    assert TYPES["numeric"].score(days.item, "60 days").points == 1000
    gaps = part("e-cloze", "zh-Hant")
    assert TYPES["cloze"].score(gaps.item, ["接管局面", "要更多資料", "3天"]).points == 1000
    assert TYPES["cloze"].score(gaps.item, ["takes over", "退缩", "3"]).points == 1000


def test_simplified_and_traditional_match_where_the_author_says_so() -> None:
    without = parse({path: text.replace(b"short, any-script", b"short") for path, text in FILES.items()})
    assert TYPES["short"].score(part("e-short", "zh-Hans").item, "內線").points == 1000
    assert TYPES["short"].score(part("e-short", "zh-Hans", without).item, "內線").points == 0
    # A page in 繁體 asks for what it shows.
    assert TYPES["short"].score(part("e-short", "zh-Hant", without).item, "內線").points == 1000


def test_numbers_keep_how_they_are_written() -> None:
    key = part("e-numeric", parsed=changed(EN, "60.0 ± 0.5 days", "1,060.00 ± 0.5 days")).item.key
    assert (key.text, key.places, key.value, key.tolerance) == ("1,060.00", 2, Fraction(1060), Fraction(1, 2))


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        (EN, "60.0 ± 0.5 days", "about sixty", ["every.en.md:92:1 no-number", "every.zh-Hans.md:88:1 other-number"]),
        (EN, "- [ ] 2160", "- [ ] 60.2", ["every.en.md:94:1 slip-is-right", "every.zh-Hans.md:90:1 other-number"]),
        (EN, "  > Receivables go on top.\n", "", ["every.en.md:94:1 no-feedback"]),
        (EN, "- [x] insider", "- [x] Coach!", ["every.en.md:104:1 same-answer"]),
        (EN, "1. Ask for the cost of the problem\n2. Name the result\n", "", [
            "every.en.md:48:1 step-count", "every.zh-Hans.md:46:1 other-entries"]),
        (EN, "2. Name the result", "2. Fix the date", ["every.en.md:52:1 same-step"]),
        (EN, "### Guess", "### Fact", ["every.en.md:80:1 same-group"]),
        (EN, "**90.0 ± 0.1**", "**91.0 ± 0.1**", ["every.zh-Hans.md:129:1 other-number"]),
        (EN, "**price**", "price", ["every.en.md:146:1 one-answer", "every.zh-Hans.md:135:4 other-gaps"]),
        (EN, "takes over**", "takes over", ["every.en.md:112:1 bad-gap", "every.zh-Hans.md:103:4 other-gaps"]),
        (ZH, "**3**", "**4**", ["every.zh-Hans.md:107:1 other-number"]),
        (ZH, "60.0 ± 0.5 天", "60.0 ± 0.1 天", ["every.zh-Hans.md:88:1 other-number"]),
        (ZH, "| 用户 | **好用** |", "| 用户 | 好用 |", [
            "every.zh-Hans.md:135:4 other-gaps", "every.zh-Hans.md:141:1 one-answer"]),
        (EN, "`cloze, bank`", "`cloze, bnak`", ["every.en.md:119:9 unknown-tag", "every.zh-Hans.md:112:4 other-tags"]),
    ],
)  # fmt: skip
def test_a_fault_is_said_at_its_place(path: str, old: str, new: str, expected: list[str]) -> None:
    assert said(changed(path, old, new)) == expected


def test_a_worksheet_takes_longer_than_a_choice() -> None:
    cells = "".join(f"| Indicator {n} | 60 | 75 | **{n}** |\n" for n in range(20))
    longer = changed(EN, "| Days | 60 | 75 | **80** % |\n", f"| Days | 60 | 75 | **80** % |\n{cells}")
    assert longer.library.minutes("quiz", "every") - parse(FILES).library.minutes("quiz", "every") == 5
