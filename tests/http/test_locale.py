"""The language of a page."""

from __future__ import annotations

import pytest
from flask import Flask

from kamtrain.core.message import message
from kamtrain.http import locale


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("en-GB", "en"),
        ("fr-FR, fr;q=0.9", "en"),
        ("zh", "zh-Hans"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("zh-Hans-TW", "zh-Hans"),
        ("de, zh-TW;q=0.5, en;q=0.7", "en"),
    ],
)
def test_the_browsers_languages_are_understood(app: Flask, accepted: str, language: str) -> None:
    with app.test_request_context(headers={"Accept-Language": accepted}):
        assert locale.language() == language


def test_the_cookie_is_stronger_than_the_browser(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en", "Cookie": "language=zh-Hant"}):
        assert locale.language() == "zh-Hant"
    with app.test_request_context(headers={"Accept-Language": "zh", "Cookie": "language=tlh"}):
        assert locale.language() == "zh-Hans"


def test_a_message_is_filled_after_it_was_translated(app: Flask) -> None:
    with app.test_request_context():
        assert locale.translate(message("%(count)s of 100 %%", count=7)) == "7 of 100 %"
        assert locale.translate(message("100 %")) == "100 %"


def test_nothing_is_a_dash(app: Flask) -> None:
    with app.test_request_context():
        render = app.jinja_env.from_string("{{ none|percent }}{{ none|date }}{{ none|datetime }}{{ 7|percent }}").render
        assert render() == "–––7%"
