from __future__ import annotations

import pytest

from kamtrain.core.errors import Invalid
from kamtrain.items import forms


@pytest.mark.parametrize(
    "value", ["", " ", "3", "-1", "+1", "01", "1.0", "１", "²", "1\n", "99999999999999999999", "x"]
)
def test_only_a_shown_position_is_a_position(value: str) -> None:
    with pytest.raises(Invalid) as refusal:
        forms.position(value, 3, "a")
    assert refusal.value.field == "a"


def test_positions_come_in_ascending_order_and_never_twice() -> None:
    assert forms.positions({"a": ["2", "0"]}, "a", 3) == (0, 2)
    assert forms.positions({}, "a", 3) == ()
    with pytest.raises(Invalid):
        forms.positions({"a": ["1", "1"]}, "a", 3)


def test_where_one_value_is_asked_for_two_are_refused() -> None:
    assert forms.only({"a": ["1"]}, "a") == "1"
    assert forms.only({"a": []}, "a") is None
    assert forms.only({}, "a") is None
    with pytest.raises(Invalid):
        forms.only({"a": ["1", "2"]}, "a")
