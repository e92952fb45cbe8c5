from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kamtrain.core.language import INTERFACE, OWN_NAMES, chain, pick

tags = st.sampled_from([*INTERFACE, "de", "ja"])


def test_traditional_chinese_falls_back_to_simplified_before_the_followed_language() -> None:
    assert chain("zh-Hant", ("en", "zh-Hans")) == ("zh-Hans", "en")
    assert chain("zh-Hant", ("en", "zh-Hans", "zh-Hant")) == ("zh-Hant", "zh-Hans", "en")


def test_simplified_chinese_never_falls_back_to_traditional_before_the_followed_language() -> None:
    assert chain("zh-Hans", ("en", "zh-Hant")) == ("en", "zh-Hant")


def test_every_other_language_falls_back_to_the_first_one_offered() -> None:
    assert chain("de", ("zh-Hans", "en")) == ("zh-Hans", "en")


def test_nothing_offered_is_nothing_found() -> None:
    assert chain("en", ()) == ()
    assert pick({}, "en") == ""


def test_a_text_is_taken_from_the_language_that_stands_in() -> None:
    assert pick({"en": "Types", "zh-Hans": "类型"}, "zh-Hant") == "类型"
    assert pick({"en": "Types"}, "zh-Hant") == "Types"


@given(tags, st.lists(tags, unique=True))
def test_each_offered_language_stands_in_once_and_an_offered_one_for_itself(language: str, offered: list[str]) -> None:
    answer = chain(language, offered)
    assert sorted(answer) == sorted(offered)
    assert language not in offered or answer[0] == language


def test_every_language_of_the_interface_has_a_name_of_its_own() -> None:
    assert tuple(OWN_NAMES) == INTERFACE
