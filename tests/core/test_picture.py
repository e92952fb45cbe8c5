"""What the account tools' pictures share."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kamtrain.core.picture import clipped, spread, width


def test_a_name_is_cut_to_its_room() -> None:
    assert clipped("Alder", 100) == "Alder"
    assert clipped("Alder \n Works", 200) == "Alder Works"
    assert clipped("A very long name of a customer", 110) == "A very long…"
    assert width(clipped("兰溪自动化控制设备有限公司", 100)) <= 100
    assert clipped("", 100) == ""


def test_labels_move_apart_and_keep_their_order() -> None:
    assert spread([10, 10, 50], 12, 0, 100) == [10, 22, 50]
    assert spread([99, 98, 0], 12, 0, 100) == [100, 88, 0]
    assert spread([5, 5, 5], 80, 0, 100) == [0, 50, 100]
    assert spread([], 12, 0, 100) == []
    assert spread([500], 12, 0, 100) == [100]


@given(st.lists(st.floats(-50, 500), max_size=60))
def test_labels_stay_within_and_apart(places: list[float]) -> None:
    found = spread(places, 14, 0, 400)
    assert all(0 <= one <= 400 for one in found)
    ordered = sorted(found)
    gap = 14 if len(places) < 2 else min(14, 400 / (len(places) - 1))
    assert all(b - a >= gap - 0.2 for a, b in pairwise(ordered))
