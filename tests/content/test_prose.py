"""Prose out of rendered text: what counts as running text, where a sentence ends, and what is nearly the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamtrain.content import prose


def test_headings_tables_pictures_and_titles_of_boxes_are_no_running_text() -> None:
    html = (
        "<h2>Head</h2><p>One <em>two</em>.</p><table><tr><td>Cell</td></tr></table><ul><li>Three<ul><li>Four</li></ul></li></ul>"
        '<div class="callout"><p class="callout-title">Tip</p><p>Five<br>six &amp; seven</p></div>'
        "<figure><svg><text>Eight</text></svg></figure><pre><code>nine</code></pre>"
    )
    assert prose.paragraphs(html) == ("One two.", "Three", "Four", "Five six & seven")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three?", 3),
        ("He said: “Two weeks.” Then he left.", 2),
        ("Mr. Luo pays 3.5 million. Now.", 2),
        ("4.5 is a number", 1),
        ("第一句。第二句！“第三句？”第四句；完", 5),
        ("", 0),
    ],
)
def test_a_sentence_ends_where_a_reader_would_say_so(text: str, count: int) -> None:
    assert len(prose.sentences(text)) == count


def test_longer_words_and_sentences_are_harder() -> None:
    easy = prose.ease(["He asks. She nods. They sign."], "en")
    hard = prose.ease(["Organisational procurement responsibilities necessitate comprehensive documentation."], "en")
    assert easy.grade is not None
    assert hard.grade is not None
    assert easy.grade < 0 < 8 < hard.grade
    assert easy.length == 2
    chinese = prose.ease(["他问。她点头。"], "zh-Hans")
    assert (chinese.grade, chinese.sentences, chinese.length) == (None, 2, 2.5)
    assert prose.ease([], "en").sentences == 0


def test_sentences_with_a_word_changed_are_alike() -> None:
    one = "Write down what the buyer says before you say what the offer costs."
    other = "Write down what the engineer wants before you ask what the parts will cost."
    third = "Bring two ways to the table and a date for each of them, with its price."
    found = list(prose.alike([("a", one), ("b", third), ("c", one.replace("Write", "Note")), ("d", other)], "en", 6))
    assert [(place, before) for place, _, before, _ in found] == [("c", "a")]
    same_place = list(prose.alike([("a", one), ("a", one)], "en", 6))
    assert same_place == []
    chinese = "先写下客户说的每一句话，回到公司以后再说报价是多少，顺序不要倒过来。"
    assert list(prose.alike([("a", chinese), ("b", chinese.replace("不要", "别"))], "zh-Hans", 10))


@given(st.text(max_size=300))
def test_nothing_raises_and_nothing_is_lost(text: str) -> None:
    assert "".join("".join(prose.sentences(text)).split()) == "".join(text.split())
    prose.paragraphs(text)
