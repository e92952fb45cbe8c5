from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamtrain.core.accounts import (
    DEMO_PASSWORD,
    EMAIL_MAX,
    NAME_MAX,
    PASSWORD_MAX,
    Profile,
    email_faults,
    normal_email,
    normal_name,
    normal_password,
    password_faults,
    profile_faults,
)
from kamtrain.core.people import Role

LUO = Profile("luo@demo.example", "Luo 罗", frozenset({Role.trainee}), None, "zh-Hans", "Asia/Shanghai")
GOOD = "seven wet umbrellas"


def password_fields(password: str, repeated: str | None = None, demo: bool = False) -> list[str]:
    repeated = password if repeated is None else repeated
    return [fault.field for fault in password_faults(password, repeated, "luo@demo.example", "Wei Luo", demo)]


def test_a_sound_profile_has_no_fault() -> None:
    assert list(profile_faults(LUO)) == []


def test_every_fault_of_a_profile_is_told_at_once() -> None:
    empty = Profile("", "", frozenset(), None, "", "")
    assert [fault.field for fault in profile_faults(empty)] == ["email", "name", "language", "time_zone", "roles"]
    long = replace(LUO, name="a" * (NAME_MAX + 1), language="tlh", time_zone="Mars/Base")
    assert [fault.field for fault in profile_faults(long)] == ["name", "language", "time_zone"]


@pytest.mark.parametrize(
    "email",
    [
        "luo",
        "luo@",
        "@demo.example",
        "luo@demo",
        "luo luo@demo.example",
        "罗@demo.example",
        "a@b..c",
        f"{'a' * EMAIL_MAX}@b.example",
    ],
)
def test_what_is_no_address_is_refused(email: str) -> None:
    assert [fault.field for fault in email_faults(email)] == ["email"]


@given(st.text())
def test_an_address_and_a_name_are_normal_after_the_first_time(text: str) -> None:
    assert normal_name(normal_name(text)) == normal_name(text)
    assert normal_email(normal_email(text)) == normal_email(text)


def test_full_width_letters_and_capitals_make_no_other_address() -> None:
    assert normal_email(" ＬＵＯ@Demo.Example ") == "luo@demo.example"


def test_a_name_keeps_its_letters_and_loses_line_ends() -> None:
    assert normal_name(" Wei\r\n  Luo\t罗 ") == "Wei Luo 罗"


def test_a_password_is_the_same_from_every_keyboard() -> None:
    assert normal_password("ｓｅｖｅｎ wet") == normal_password("seven wet")


def test_a_few_words_that_do_not_go_together_are_a_password() -> None:
    assert password_fields(GOOD) == []


@pytest.mark.parametrize(
    "password",
    ["", "short", "a" * (PASSWORD_MAX + 1), "aaaabbbbaaaa", "luo@demo.example", "weiluo2026", "kamtrain2026!"],
)
def test_what_is_short_endless_or_easily_guessed_is_refused(password: str) -> None:
    assert password_fields(password) == ["password"]


def test_a_password_is_typed_twice() -> None:
    assert password_fields(GOOD, "seven wet umbrella") == ["repeated"]


def test_the_password_of_the_demo_is_good_for_the_demo_alone() -> None:
    assert password_fields(DEMO_PASSWORD, demo=True) == []
    assert password_fields(DEMO_PASSWORD) == ["password"]
