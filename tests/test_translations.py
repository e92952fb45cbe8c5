"""The three languages of the interface: complete, well punctuated, in the library's terms, and nothing left in English."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from flask import Flask

import messages
from kamtrain.core.message import message
from kamtrain.http import locale

PACKAGE = messages.ROOT / "kamtrain"
LOCALES = (messages.WRITTEN, messages.DERIVED)
HAN = r"[\u3400-\u9fff]"

# English words that a table of terms renders otherwise than the interface, and why.
OWN_WORDS = {
    "score": "in the terms a criterion that is scored (评分), here what somebody reached (得分)",
    "user": "in the terms one of the six who buy",
}

# What a page shows in any language: names of programs and formats, and of languages in themselves.
NAMES = {"kamtrain", "English"}


@cache
def template() -> Catalog:
    return messages.extracted()


def texts(locale: str) -> Iterator[tuple[str, str]]:
    """English and translation, those of a plural one after the other."""
    for entry in messages.catalogue(locale):
        if entry.id:
            english = entry.id if isinstance(entry.id, str) else entry.id[-1]
            yield from ((english, one) for one in messages.strings(entry))


def test_the_texts_were_found() -> None:
    ids = [entry.id for entry in template()]
    assert len(ids) > 900
    assert "Sign in" in ids  # of a template
    assert "There is no such page" in ids  # of N_()
    assert "Choose at least one role." in ids  # of message()
    assert any(isinstance(id, tuple) for id in ids)  # of ngettext()


@pytest.mark.parametrize("name", LOCALES)
def test_every_text_is_translated_and_none_is_left_over(name: str) -> None:
    catalogue = messages.catalogue(name)
    found, wanted = ({entry.id for entry in one if entry.id} for one in (catalogue, template()))
    assert found == wanted, "run: python3 kam.py messages"
    assert messages.missing(catalogue) == []
    assert not catalogue.obsolete


@pytest.mark.parametrize("name", LOCALES)
def test_a_translation_keeps_the_places_of_its_text(name: str) -> None:
    assert messages.faults(messages.catalogue(name)) == []
    place = re.compile(r"%\(\w+\)s|%%")
    wrong = [
        (english, own)
        for english, own in texts(name)
        if {*place.findall(english)} - {"%%"} != {*place.findall(own)} - {"%%"}
    ]
    assert wrong == []


def test_the_traditional_catalogue_is_the_one_that_is_made_from_the_simplified() -> None:
    made = messages.derived(messages.catalogue(messages.WRITTEN))
    kept = messages.catalogue(messages.DERIVED)
    assert {entry.id: entry.string for entry in kept if entry.id} == {
        entry.id: entry.string for entry in made if entry.id
    }


@pytest.mark.parametrize("name", LOCALES)
@pytest.mark.parametrize(
    ("rule", "pattern"),
    [
        ("signs between characters are full-width", rf"{HAN}[,.;:?!]({HAN}|\s|$)|{HAN}[()]{HAN}"),
        ("a sentence ends in a full-width sign", r"[\u3400-\u9fff）】」”`][.,;!?]$"),
        ("no space stands between characters", rf"{HAN} +{HAN}|[，。；：？！、] +{HAN}"),
        ("no space stands between characters and numbers or places", rf"{HAN} +(\d|%\()|(\d|\)s) +{HAN}"),
        ("quotes are those of the script", rf"[\"']{HAN}|{HAN}[\"']"),
    ],
)
def test_signs_are_set_as_in_print(name: str, rule: str, pattern: str) -> None:
    spoken = (re.sub(r"`[^`]*`", "`", own) for _, own in texts(name))  # code keeps its own signs
    assert [own for own in spoken if re.search(pattern, own)] == [], rule


@pytest.mark.parametrize(("name", "column"), [("zh_Hans", "zh-Hans"), ("zh_Hant", "zh-Hant")])
def test_terms_are_those_of_the_library(name: str, column: str) -> None:
    with (PACKAGE / "content/terms.csv").open(encoding="utf-8", newline="") as file:
        terms = {row["en"].lower(): row[column] for row in csv.DictReader(file)}
    spoken = [(english.lower(), own) for english, own in texts(name) if english.lower() in terms]
    assert len(spoken) > 5
    assert [(english, own) for english, own in spoken if own != terms[english] and english not in OWN_WORDS] == []


@pytest.mark.parametrize("word", ["复盘", "培训师", "学员", "能力项", "情景", "题干", "工作稿"])
def test_the_words_of_the_field_are_used(word: str) -> None:
    assert any(word in own for _, own in texts(messages.WRITTEN))


def shown(path: Path) -> Iterator[str]:
    """What a template says itself, apart from what it is given: its text and the attributes that are read out."""
    source = re.sub(r"\{#.*?#\}|<(script|style)\b.*?</\1>", "", path.read_text("utf-8"), flags=re.DOTALL)
    source = re.sub(r"\{%-?\s*block width\s*-?%\}\w+", "", source)
    source = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", source, flags=re.DOTALL)
    yield from re.findall(r'\b(?:aria-label|title|placeholder|alt)="([^"]*)"', source)
    yield re.sub(r'<[^<>]*>|[\w-]+="[^"]*"', "\n", source)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.html")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_template_says_nothing_in_english(path: Path) -> None:
    words = {word for text in shown(path) for word in re.findall(r"[A-Za-z]{2,}", text)}
    assert words <= NAMES, "put it into _()"


@pytest.mark.parametrize(
    ("language", "said", "names"),
    [
        ("en", "`a` has no table here.", "a, b"),
        ("zh-Hans", "`a`在这里没有表格。", "a、b"),
        ("zh-Hant", "`a`在這裡沒有表格。", "a、b"),
    ],
)
def test_a_word_inside_a_sentence_is_translated_too(app: Flask, language: str, said: str, names: str) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        sentence = message("`%(path)s` has no %(kind)s here.", path="a", kind=message("table"))
        assert locale.translate(sentence) == said
        assert locale.listed(["a", "b"]) == names
        assert names in locale.translate(message("Taken into your working copies: %(paths)s.", paths=("a", "b")))


@pytest.mark.parametrize(("accepted", "tag", "word"), [("zh-CN", "zh-Hans", "登录"), ("zh-TW", "zh-Hant", "登入")])
def test_a_page_speaks_the_language_of_the_browser(app: Flask, accepted: str, tag: str, word: str) -> None:
    page = app.test_client().get("/sign-in", headers={"Accept-Language": accepted}).text
    assert f'<html lang="{tag}"' in page
    assert f"<h1>{word}</h1>" in page
