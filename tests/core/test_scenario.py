"""Walking through conversations, by the order of one choice: effects, limits, `when` endings, the target with its `else`."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamtrain.core.hindsight import best_path
from kamtrain.core.scenario import (
    BASE,
    Condition,
    Impossible,
    Meter,
    Position,
    Reached,
    Scenario,
    evidence,
    for_variant,
    grade,
    mood,
    offered,
    reachable,
    reaches,
    score,
    start,
    step,
    walk,
)
from tests.core.scenarios import choice, condition, ending, scenario

OPEN = ending("acceptable")


@pytest.mark.parametrize(
    ("text", "values"),
    [("a >= 3", {3, 4}), ("a <= 3", {2, 3}), ("a = 3", {3}), ("a > 3", {4}), ("a < 3", {2})],
)
def test_a_condition_holds_where_its_relation_does(text: str, values: set[int]) -> None:
    assert {have for have in (2, 3, 4) if condition(text).holds({"a": have})} == values


def test_it_begins_in_the_first_scene_with_the_state_as_written_and_all_turns() -> None:
    value = scenario({"a": [choice("b")], "b": OPEN}, turns=7, meters={"trust": Meter(3, 10), "margin": Meter(28)})
    assert start(value) == Position("a", {"trust": 3, "margin": 28, "turns": 7})
    assert (value.first, value.variants) == ("a", (BASE,))


def test_a_variant_begins_with_its_own_state() -> None:
    value = scenario({"a": [choice("b")], "b": OPEN}, variants={"odd": {"trust": Meter(1, 10)}})
    assert start(value, "odd").state["trust"] == 1
    assert value.variants == (BASE, "odd")


def test_what_is_written_for_a_variant_replaces_the_plain_one() -> None:
    assert for_variant({BASE: 1, "odd": 2}, "odd") == 2
    assert for_variant({BASE: 1}, "odd") == 1
    value = scenario(
        {"a": [choice("b", "trust +2", odd=("trust -1",))], "b": OPEN}, variants={"odd": {"trust": Meter(3)}}
    )
    assert walk(value, BASE, [0])[-1].state["trust"] == 5
    assert walk(value, "odd", [0])[-1].state["trust"] == 2


def test_a_choice_is_offered_only_while_all_its_conditions_hold() -> None:
    value = scenario(
        {"a": [choice("b"), choice("b", "if trust >= 3", "if turns > 4"), choice("b", "if trust > 3")], "b": OPEN}
    )
    assert offered(value, BASE, start(value)) == (0, 1)
    assert offered(value, BASE, Position("a", {"trust": 3, "turns": 4})) == (0,)


def test_nothing_is_offered_after_the_end() -> None:
    value = scenario({"a": [choice("a")], "b": OPEN})
    assert offered(value, BASE, Position("a", {"trust": 3, "turns": 3}, ended=True)) == ()


@pytest.mark.parametrize("place", [-1, 1, 2, 9])
def test_what_is_not_offered_cannot_be_chosen(place: int) -> None:
    value = scenario({"a": [choice("b"), choice("b", "if trust > 9")], "b": OPEN})
    with pytest.raises(Impossible):
        step(value, BASE, start(value), place)


def test_nothing_can_be_chosen_after_the_end() -> None:
    value = scenario({"a": [choice("b")], "b": OPEN})
    with pytest.raises(Impossible):
        walk(value, BASE, [0, 0])


def test_limits_come_after_effects() -> None:
    value = scenario(
        {"a": [choice("a", "trust +9", "margin +99"), choice("a", "trust -9", "margin -99")]},
        meters={"trust": Meter(3, 10), "margin": Meter(28)},
    )
    assert [p.state["trust"] for p in walk(value, BASE, [0, 1])] == [3, 10, 1]
    assert [p.state["margin"] for p in walk(value, BASE, [0, 1, 1])] == [28, 127, 28, 0]


def test_every_choice_takes_a_turn_and_an_effect_may_take_more() -> None:
    value = scenario({"a": [choice("a"), choice("a", "turns -9")]}, turns=5)
    assert [p.state["turns"] for p in walk(value, BASE, [0, 1])] == [5, 4, 0]


def test_a_when_ending_comes_by_itself_after_the_limits() -> None:
    value = scenario({"a": [choice("b", "trust -9")], "b": [choice("a")], "out": ending("poor", when=("trust = 0",))})
    end = walk(value, BASE, [0])[-1]
    assert (end.scene, end.ended) == ("out", True)


def test_of_two_when_endings_the_first_in_the_file_comes() -> None:
    ends = {"late": ending("poor", when=("turns = 0",)), "out": ending("poor", when=("trust = 0",))}
    story = {"a": [choice("a", "trust -3")]}
    assert walk(scenario({**story, **ends}, turns=1), BASE, [0])[-1].scene == "late"
    assert walk(scenario({**story, **dict(reversed(ends.items()))}, turns=1), BASE, [0])[-1].scene == "out"


def test_a_when_with_several_conditions_waits_for_all_of_them() -> None:
    value = scenario({"a": [choice("a", "trust -1")], "out": ending("poor", when=("trust < 3", "turns < 4"))})
    assert [p.ended for p in walk(value, BASE, [0, 0])] == [False, False, True]


def test_a_choice_that_leads_to_an_ending_on_the_last_turn_reaches_it() -> None:
    value = scenario(
        {"a": [choice("a"), choice("good")], "good": ending("strong"), "late": ending("poor", when=("turns = 0",))},
        turns=1,
    )
    assert walk(value, BASE, [1])[-1].scene == "good"
    assert walk(value, BASE, [0])[-1].scene == "late"


def test_a_when_that_does_not_speak_of_turns_comes_before_the_ending_chosen() -> None:
    value = scenario(
        {"a": [choice("good", "trust -9")], "good": ending("strong"), "out": ending("poor", when=("trust = 0",))}
    )
    assert walk(value, BASE, [0])[-1].scene == "out"


def test_an_ending_whose_condition_fails_passes_on_to_its_else() -> None:
    value = scenario(
        {
            "a": [choice("good"), choice("good", "trust +2"), choice("good", "trust +1")],
            "good": ending("strong", "trust >= 5", otherwise="fair"),
            "fair": ending("acceptable", "trust >= 4", otherwise="b"),
            "b": [choice("a")],
        }
    )
    assert [walk(value, BASE, [place])[-1].scene for place in range(3)] == ["b", "good", "fair"]
    assert not walk(value, BASE, [0])[-1].ended


def test_the_conditions_of_an_ending_may_differ_against_another_buyer() -> None:
    value = scenario(
        {
            "a": [choice("good")],
            "good": ending("strong", "trust >= 5", otherwise="fair", odd=("trust >= 1",)),
            "fair": OPEN,
        },
        variants={"odd": {"trust": Meter(3)}},
    )
    assert (walk(value, BASE, [0])[-1].scene, walk(value, "odd", [0])[-1].scene) == ("fair", "good")


def test_a_circle_of_else_ends_somewhere_rather_than_never() -> None:
    value = scenario(
        {
            "a": [choice("x")],
            "x": ending("strong", "trust > 9", otherwise="y"),
            "y": ending("poor", "trust > 9", otherwise="x"),
        }
    )
    assert walk(value, BASE, [0])[-1].ended


def test_an_ending_without_conditions_of_any_buyer_is_reached() -> None:
    plain = replace(ending("strong"), conditions={}, otherwise="a")
    assert walk(scenario({"a": [choice("good")], "good": plain}), BASE, [0])[-1].scene == "good"


def test_grade_and_score_are_those_of_the_ending_reached() -> None:
    value = scenario({"a": [choice("good")], "good": ending("strong")})
    before, after = walk(value, BASE, [0])
    assert (grade(value, before), score(value, before)) == (None, None)
    assert (grade(value, after), score(value, after)) == ("strong", 100)


@pytest.mark.parametrize(
    ("trust", "looks"),
    [(0, "tense"), (3, "tense"), (4, "reserved"), (6, "reserved"), (7, "at ease"), (10, "at ease")],
)
def test_a_buyer_looks_by_thirds_of_trust(trust: int, looks: str) -> None:
    value = scenario({"a": [choice("b")], "b": OPEN})
    assert mood(value, BASE, Position("a", {"trust": trust, "turns": 1})) == looks


@pytest.mark.parametrize("meters", [{}, {"trust": Meter(3)}, {"need": Meter(3, 10)}])
def test_without_trust_out_of_something_no_mood_is_shown(meters: dict[str, Meter]) -> None:
    value = scenario({"a": [choice("b")], "b": OPEN}, meters=meters)
    assert mood(value, BASE, start(value)) is None


def test_a_better_ending_reaches_what_a_lower_one_asks_for() -> None:
    assert reaches("strong", "acceptable")
    assert reaches("acceptable", "acceptable")
    assert not reaches("poor", "acceptable")
    assert not reaches(None, "poor")


def test_evidence_counts_what_was_shown_and_what_was_missed_on_the_path() -> None:
    value = scenario(
        {"a": [choice("a", "C06 +", "C07 -"), choice("a", "C06 -", "C07 -", odd=("C08 +",))]},
        variants={"odd": {"trust": Meter(3)}},
    )
    assert evidence(value, BASE, [0, 1]) == {"C06": (1, 1), "C07": (0, 2)}
    assert evidence(value, "odd", [1, 1]) == {"C08": (2, 0)}
    assert evidence(value, BASE, []) == {}


def test_the_best_path_has_the_highest_score_then_most_evidence_then_fewest_choices() -> None:
    ends = {"good": ending("strong"), "fair": OPEN}
    by_score = scenario({"a": [choice("fair", "C06 +"), choice("good", "C06 -")], **ends})
    by_evidence = scenario({"a": [choice("good"), choice("good", "C06 +"), choice("good", "C06 -")], **ends})
    by_length = scenario({"a": [choice("b"), choice("good")], "b": [choice("good")], **ends})
    assert [best_path(value) for value in (by_score, by_evidence, by_length)] == [(1,), (1,), (1,)]


def test_without_an_ending_there_is_no_best_path() -> None:
    assert best_path(scenario({"a": [choice("a")]})) == ()


def test_a_later_way_that_shows_more_takes_the_place_of_an_earlier_one() -> None:
    value = scenario({"a": [choice("b"), choice("b", "C06 +")], "b": [choice("good")], "good": ending("strong")})
    assert best_path(value) == (1, 0)


def test_a_walk_through_everything_stops_at_its_limit_and_says_so() -> None:
    value = scenario({"a": [choice("a", "trust +1"), choice("a", "trust +2")]}, meters={"trust": Meter(0)}, turns=10**6)
    reached = reachable(value, BASE, 50)
    assert not reached.whole
    assert 50 <= len(reached.found) < 60
    wide = scenario({"a": [choice("a")] * 500}, turns=10**6)
    assert not reachable(wide, BASE, 50).whole


names = st.sampled_from(["a", "b", "c"])
clauses = st.lists(
    st.sampled_from(["trust +2", "trust -2", "need +1", "turns -1", "C06 +", "C07 -", "if trust >= 4", "if turns < 3"]),
    max_size=3,
)
choices = st.lists(
    st.builds(
        lambda target, base, odd: choice(target, *base, odd=tuple(odd)), st.sampled_from("abcxyz"), clauses, clauses
    ),
    min_size=1,
    max_size=4,
)
endings = st.builds(
    lambda g, ifs, otherwise, when: ending(g, *ifs, otherwise=otherwise, when=tuple(when)),
    st.sampled_from(["strong", "acceptable", "poor"]),
    st.lists(st.sampled_from(["trust >= 4", "need < 3", "turns > 1"]), max_size=2),
    st.sampled_from("abcxyz"),
    st.lists(st.sampled_from(["trust = 0", "turns = 0", "need > 2"]), max_size=1),
)
METERS = {"trust": Meter(3, 6), "need": Meter(1)}
scenarios = st.builds(
    lambda a, b, c, x, y, z, turns: scenario(
        {"a": a, "x": x, "b": b, "y": y, "c": c, "z": z},
        turns=turns,
        meters=METERS,
        variants={"odd": {**METERS, "trust": Meter(5, 6)}},
    ),
    choices,
    choices,
    choices,
    endings,
    endings,
    endings,
    st.integers(1, 6),
)
variants = st.sampled_from([BASE, "odd"])


def some_path(value: Scenario, variant: str, data: st.DataObject) -> list[int]:
    places: list[int] = []
    here = start(value, variant)
    while here.state["turns"] > 0 and (open_ := offered(value, variant, here)):
        places.append(data.draw(st.sampled_from(open_)))
        here = step(value, variant, here, places[-1])
    return places


@given(scenarios, variants, st.data())
def test_any_walk_ends_within_its_turns_and_stays_within_its_limits(
    value: Scenario, variant: str, data: st.DataObject
) -> None:
    places = some_path(value, variant, data)
    positions = walk(value, variant, places)
    assert len(places) <= value.turns
    assert len(positions) == len(places) + 1
    for before, after in pairwise(positions):
        assert not before.ended
        assert after.state["turns"] < before.state["turns"]
        assert after.ended == (value.scenes[after.scene].ending is not None)
    for position in positions:
        assert min(position.state.values()) >= 0
        assert position.state["trust"] <= 6


@given(scenarios, variants, st.data())
def test_a_walk_goes_on_as_a_walk_from_where_one_stands(value: Scenario, variant: str, data: st.DataObject) -> None:
    """What is stored are choices: reading them again, or only the first of them, gives the same positions."""
    places = some_path(value, variant, data)
    cut = data.draw(st.integers(0, len(places)))
    assert walk(value, variant, places)[: cut + 1] == walk(value, variant, places[:cut])


@given(scenarios, variants, st.data())
def test_every_walk_stays_within_what_can_be_reached_and_every_move_leads_where_it_says(
    value: Scenario, variant: str, data: st.DataObject
) -> None:
    reached: Reached = reachable(value, variant)
    assert reached.whole
    known = [one.position for one in reached.found]
    for position in walk(value, variant, some_path(value, variant, data)):
        assert known.count(position) == 1
    number = data.draw(st.integers(0, len(known) - 1))
    assert reached.found[number].depth <= value.turns
    for place, after in reached.found[number].moves:
        assert step(value, variant, known[number], place) == known[after]


@given(scenarios, variants, st.data())
def test_no_walk_scores_more_than_the_best_path(value: Scenario, variant: str, data: st.DataObject) -> None:
    end = walk(value, variant, some_path(value, variant, data))[-1]
    best = walk(value, variant, best_path(value, variant))[-1]
    assert (score(value, end) or 0) <= (score(value, best) or 0)


def test_a_relation_that_does_not_exist_cannot_be_written() -> None:
    with pytest.raises(KeyError):
        condition("trust != 3")
    assert Condition("trust", "=", 3).holds({"trust": 3})
