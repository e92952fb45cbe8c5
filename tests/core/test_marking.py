"""Which reading counts, what a work waits for, and what stays when a rubric changes."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamtrain.core import marking
from kamtrain.core.errors import Invalid
from kamtrain.core.marking import Kind, Reading, Row, State
from kamtrain.core.rubric import Criterion, Level, Rubric

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def rubric(*names: str, points: tuple[int, ...] = (1, 2, 3, 4), words: str = "") -> Rubric:
    return tuple(Criterion(name, tuple(Level(f"{words or name} {n}", str(n), n) for n in points)) for name in names)


def reading(kind: Kind, by: int, *levels: int) -> Reading:
    return Reading(1, kind, by, NOW, {"0": levels})


def row(id: int, kind: Kind, by: int, *levels: int) -> Row:
    return Row(id, by, marking.stored(kind, {"0": levels}, {"0": ("",) * len(levels)}, "", 1), NOW)


def test_the_first_counts_until_a_third_or_an_appeal_decides() -> None:
    first, second, third = reading("first", 1, 0), reading("second", 2, 3), reading("third", 3, 2)
    standing: dict[Kind, Reading] = {}
    assert marking.counting(standing) is None
    standing = {"first": first, "second": second}
    assert marking.counting(standing) is first
    assert marking.counting(standing | {"third": third}) is third
    appeal = reading("appeal", 4, 1)
    assert marking.counting(standing | {"third": third, "appeal": appeal}) is appeal


@pytest.mark.parametrize(
    ("given_", "drawn", "state"),
    [
        ({}, True, "open"),
        ({"first": (1,)}, False, "done"),
        ({"first": (1,)}, True, "second"),
        ({"first": (1,), "second": (2,)}, True, "done"),
        ({"first": (1,), "second": (3,)}, True, "third"),
        ({"first": (1,), "second": (3,), "third": (2,)}, True, "done"),
        ({"first": (1,), "appeal": (3,)}, True, "done"),
    ],
)
def test_what_a_work_waits_for(given_: dict[Kind, tuple[int, ...]], drawn: bool, state: State) -> None:
    standing = {kind: reading(kind, place, *levels) for place, (kind, levels) in enumerate(given_.items())}

    assert marking.state_after(standing, second=drawn) == state


@pytest.mark.parametrize(
    ("state", "by", "late", "kind"),
    [
        ("open", 9, False, "first"),
        ("scored", 9, False, "first"),
        ("second", 9, False, "second"),
        ("second", 1, False, "first"),  # she mends her own
        ("third", 9, False, "third"),
        ("appeal", 9, False, "appeal"),
        ("done", 9, False, "third"),
        ("done", 9, True, "also"),  # there are two already
        ("done", 2, False, "second"),
    ],
)
def test_what_a_mark_is(state: State, by: int, late: bool, kind: Kind) -> None:
    standing: dict[Kind, Reading] = {} if state in ("open", "scored") else {"first": reading("first", 1, 1)}
    if state in ("third", "done"):
        standing["second"] = reading("second", 2, 1)

    assert marking.kind_for(state, standing, by, late=late) == kind


def test_a_mark_beside_another_of_the_same_moment_is_the_second() -> None:
    assert marking.kind_for("done", {"first": reading("first", 1, 1)}, 9, late=True) == "second"
    assert marking.kind_for("done", {"appeal": reading("appeal", 1, 1)}, 9, late=True) == "also"


@given(st.integers(1, 10_000), st.integers(1, 100), st.integers(1, 100))
def test_whoever_is_drawn_by_a_share_is_drawn_by_a_larger_one(id: int, share: int, other: int) -> None:
    assert marking.is_drawn(id, 100)
    assert not marking.is_drawn(id, 0)
    assert marking.is_drawn(id, max(share, other)) or not marking.is_drawn(id, min(share, other))


def test_a_share_is_drawn_about_as_often_as_it_says() -> None:
    assert 150 < sum(marking.is_drawn(id, 20) for id in range(1_000)) < 250


def test_levels_stay_where_the_name_or_the_words_do() -> None:
    old = rubric("Cues", "Step")
    assert marking.carried(old, rubric("Step", "Cues"), (1, 3)) == (3, 1)
    assert marking.carried(old, rubric("Cues", "Step", points=(0, 5, 6, 9)), (1, 3)) == (1, 3)
    assert marking.carried(old, rubric("Signs", "Step"), (1, 3)) == (None, 3)
    renamed = (Criterion("Signs", old[0].levels), old[1])
    assert marking.carried(old, renamed, (1, 3)) == (1, 3)
    assert marking.carried(old, rubric("Cues", "Step", "Tone"), (1, 3)) == (1, 3, None)
    assert marking.carried(old, rubric("Cues"), (1, 3)) == (1,)
    assert marking.carried(old, rubric("Cues", points=(1, 2, 4)), (3, 0)) == (2,), "its words are there still"
    assert marking.carried(old, rubric("Cues", points=(1, 2, 4)), (2, 0)) == (None,)


def test_mended_words_are_the_same_rubric_and_other_points_are_not() -> None:
    old = rubric("Cues", "Step")
    assert marking.same_rubric(old, rubric("Cues", "Step", words="mended"))
    assert marking.same_rubric(old, (Criterion("Signs", old[0].levels), old[1]))
    assert not marking.same_rubric(old, rubric("Cues", "Step", points=(1, 2, 3, 5)))
    assert not marking.same_rubric(old, rubric("Cues"))
    assert not marking.same_rubric(old, rubric("Tone", "Step", words="else"))


def test_replaying_takes_the_latest_of_each_kind_and_what_became_of_it() -> None:
    rows = [row(1, "first", 1, 0, 0), row(2, "first", 1, 2, 2), row(3, "second", 2, 1, 1), row(4, "also", 3, 3, 3)]
    standing = marking.replay(rows)
    assert {kind: one.levels["0"] for kind, one in standing.items()} == {
        "first": (2, 2),
        "second": (1, 1),
        "also": (3, 3),
    }
    moved = Row(5, None, marking.rescored(2, {"first": {"0": (2, 2, 0)}}, {}), NOW)
    standing = marking.replay([*rows, moved])
    assert list(standing) == ["first"]
    assert (standing["first"].levels["0"], standing["first"].rubric) == ((2, 2, 0), 2)
    anew = Row(6, None, marking.rescored(3, {}, {"0": (2, None)}), NOW)
    assert marking.replay([*rows, moved, anew]) == {}
    assert marking.start_of([*rows, moved, anew]) == {"0": (2, None)}
    assert marking.start_of(rows) == {}
    assert len(marking.all_readings([*rows, moved, anew, Row(7, 1, {"0": [1]}, NOW), Row(8, None, {}, NOW)])) == 4


@given(st.lists(st.tuples(st.sampled_from(marking.KINDS), st.integers(1, 4), st.integers(0, 3)), max_size=12))
def test_what_stands_depends_on_the_rows_alone(given_: list[tuple[Kind, int, int]]) -> None:
    rows = [row(id, kind, by, level) for id, (kind, by, level) in enumerate(given_, 1)]
    standing = marking.replay(rows)
    assert standing == marking.replay(list(rows))
    for kind, one in standing.items():
        assert one.levels["0"] == next((level,) for other, _, level in reversed(given_) if other == kind)


@given(st.lists(st.integers(0, 3), min_size=2, max_size=2), st.integers(0, 1))
def test_a_higher_level_never_brings_less(levels: list[int], place: int) -> None:
    points = []
    for level in range(4):
        levels[place] = level
        points.append(marking.outcome(rubric("Cues", "Step"), levels).points or 0)
    assert all(low < high for low, high in pairwise(points))
    assert points[-1] <= 1000


@pytest.mark.parametrize("levels", [(1,), (1, 4), (-1, 1), (1, 1, 1)])
def test_levels_that_are_not_there_are_refused(levels: tuple[int, ...]) -> None:
    with pytest.raises(Invalid):
        marking.outcome(rubric("Cues", "Step"), levels)
