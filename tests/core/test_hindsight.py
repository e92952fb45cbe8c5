"""What each choice of a finished conversation cost, the best path, and the graph of both paths."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kamtrain.core.hindsight import Cost, Graph, best_path, costs, graph, prospects
from kamtrain.core.scenario import BASE, Meter, Scenario, offered, reaches, score, start, step, walk
from tests.core.scenarios import choice, ending, scenario
from tests.core.test_scenario import scenarios, some_path, variants

OPEN = ending("acceptable")
GOOD = {"good": ending("strong"), "fair": OPEN, "bad": ending("poor")}


def cost_of(value: Scenario, *places: int, variant: str = BASE) -> list[Cost | None]:
    return list(costs(value, variant, places, prospects(value, variant)))


def test_the_best_choice_costs_nothing() -> None:
    value = scenario({"a": [choice("good"), choice("bad")], **GOOD})
    assert cost_of(value, 0) == [Cost(100, 100, None, "strong", 0)]


def test_a_choice_that_closes_the_way_to_the_best_ending_says_which_one_and_what_is_left() -> None:
    value = scenario(
        {
            "a": [choice("b"), choice("c", "trust -2")],
            "b": [choice("good")],
            "c": [choice("fair"), choice("bad")],
            **GOOD,
        }
    )
    first, second = cost_of(value, 1, 1)
    assert first == Cost(100, 60, "strong", "acceptable", 0, (("trust", -2),))
    assert second == Cost(60, 0, "acceptable", "poor", 0)


def test_a_choice_that_keeps_the_ending_and_shows_less_costs_evidence() -> None:
    value = scenario({"a": [choice("good", "C06 +", "trust +2"), choice("good", "C06 -")], **GOOD})
    cost = cost_of(value, 1)[0]
    assert cost == Cost(100, 100, None, "strong", 2, (("trust", -2),))
    assert not cost.nothing


def test_a_lower_score_of_the_same_grade_is_a_cost_without_a_closed_ending() -> None:
    value = scenario({"a": [choice("good"), choice("near")], **GOOD, "near": replace(ending("strong"), score=80)})
    cost = cost_of(value, 1)[0]
    assert cost is not None
    assert (cost.points, cost.closed, cost.left) == (20, None, "strong")


def test_where_no_ending_lies_ahead_nothing_is_left() -> None:
    value = scenario({"a": [choice("bad"), choice("b")], "b": [choice("b", "if trust > 9")], **GOOD})
    cost = cost_of(value, 1)[0]
    assert cost == Cost(0, 0, "poor", None, 0)


def test_where_there_is_more_than_was_walked_nothing_is_said() -> None:
    value = scenario({"a": [choice("a", "trust +1"), choice("good")], **GOOD}, meters={"trust": Meter(0)}, turns=900)
    assert costs(value, BASE, (1,), prospects(value, BASE, 50)) == (None,)


def test_a_story_that_wins_turns_back_is_valued_by_score_and_by_how_soon_it_comes() -> None:
    value = scenario(
        {"a": [choice("a", "turns +1", "C06 +"), choice("b")], "b": [choice("a"), choice("good")], **GOOD}, turns=4
    )
    assert best_path(value) == (1, 1)
    assert [cost and cost.nothing for cost in cost_of(value, 0, 1, 0, 1, 1)] == [True] * 5


@given(scenarios, variants, st.data())
def test_no_choice_gives_back_and_the_costs_of_a_path_add_up(
    value: Scenario, variant: str, data: st.DataObject
) -> None:
    places, known = some_path(value, variant, data), prospects(value, variant)
    end = walk(value, variant, places)[-1]
    told = costs(value, variant, places, known)
    assert all(cost is not None and cost.points >= 0 and cost.evidence >= 0 for cost in told)
    if end.ended and told and told[0] is not None:
        assert told[0].before - sum(cost.points for cost in told if cost) == score(value, end)
        assert all(cost is None or cost.left is None or reaches(cost.left, "poor") for cost in told)


@given(scenarios, variants)
def test_the_best_path_costs_nothing_at_any_turn(value: Scenario, variant: str) -> None:
    known = prospects(value, variant)
    told = costs(value, variant, best_path(value, variant, known), known)
    assert all(cost is not None and cost.nothing and not cost.changes for cost in told)


@given(scenarios, variants, st.data())
def test_wherever_one_stands_some_choice_costs_nothing(value: Scenario, variant: str, data: st.DataObject) -> None:
    places, known = some_path(value, variant, data), prospects(value, variant)
    for turn, here in enumerate(walk(value, variant, places)[:-1]):
        each = [costs(value, variant, [*places[:turn], one], known)[-1] for one in offered(value, variant, here)]
        assert any(cost is not None and cost.nothing for cost in each)


@given(scenarios, variants, st.data())
def test_the_same_choices_from_any_turn_lead_to_the_same_end(
    value: Scenario, variant: str, data: st.DataObject
) -> None:
    """What "try from here" rests on: the choices before it, replayed, and the same ones after it."""
    places = some_path(value, variant, data)
    turn = data.draw(st.integers(0, len(places)))
    here = walk(value, variant, places[:turn])[-1]
    for place in places[turn:]:
        here = step(value, variant, here, place)
    assert here == walk(value, variant, places)[-1]
    assert walk(value, variant, [])[-1] == start(value, variant)


def graph_of(value: Scenario, mine: tuple[int, ...] = (), best: tuple[int, ...] = ()) -> Graph:
    return graph(value, BASE, mine, best)


def test_scenes_stand_in_layers_by_the_fewest_choices_and_endings_in_the_last() -> None:
    value = scenario(
        {"a": [choice("b"), choice("good")], "b": [choice("c"), choice("a")], "c": [choice("bad")], **GOOD}
    )
    drawn = graph_of(value)
    assert {node.scene: node.layer for node in drawn.nodes} == {
        "a": 0, "b": 1, "c": 2, "good": 3, "fair": 3, "bad": 3,
    }  # fmt: skip
    assert (drawn.layers, drawn.widest) == (4, 3)
    assert [node.scene for node in drawn.nodes if node.ending] == ["good", "fair", "bad"]


def test_both_paths_are_told_apart_and_an_ending_that_comes_by_itself_is_on_the_way() -> None:
    value = scenario(
        {
            "a": [choice("b"), choice("good", "trust -9")],
            "b": [choice("good")],
            **GOOD,
            "out": ending("poor", when=("trust = 0",)),
        }
    )
    drawn = graph_of(value, (1,), (0, 0))
    told = {node.scene: (node.mine, node.best) for node in drawn.nodes}
    assert told == {"a": ((1,), (1,)), "b": ((), (2,)), "good": ((), (3,)), "fair": ((), ()), "bad": ((), ()),
                    "out": ((2,), ())}  # fmt: skip
    lines = {(edge.start, edge.end): (edge.mine, edge.best) for edge in drawn.edges}
    assert lines == {
        ("a", "b"): (False, True), ("a", "good"): (False, False), ("b", "good"): (False, True),
        ("a", "out"): (True, False),
    }  # fmt: skip


def test_an_ending_that_may_pass_on_is_not_a_way_of_its_own() -> None:
    value = scenario(
        {"a": [choice("x")], "x": ending("strong", "trust > 9", otherwise="y"),
         "y": ending("poor", "trust > 8", otherwise="x")}
    )  # fmt: skip
    assert [(edge.start, edge.end) for edge in graph_of(value).edges] == [("a", "x"), ("a", "y")]


def test_a_scene_one_comes_back_to_is_drawn_once() -> None:
    value = scenario({"a": [choice("a"), choice("good")], **GOOD})
    first = graph_of(value, (0, 0, 1)).nodes[0]
    assert (first.scene, first.mine) == ("a", (1, 2, 3))


@given(scenarios, variants, st.data())
def test_each_scene_has_a_place_of_its_own_and_each_step_a_line(
    value: Scenario, variant: str, data: st.DataObject
) -> None:
    mine, best = some_path(value, variant, data), best_path(value, variant)
    drawn = graph(value, variant, mine, best)
    assert sorted(node.scene for node in drawn.nodes) == sorted(value.scenes)
    assert len({(node.layer, node.place) for node in drawn.nodes}) == len(drawn.nodes)
    assert {node.layer for node in drawn.nodes} == set(range(drawn.layers))
    ways = [one.scene for one in walk(value, variant, mine)]
    assert {(e.start, e.end) for e in drawn.edges if e.mine} == set(pairwise(ways))
    assert all(node.layer == drawn.layers - 1 for node in drawn.nodes if node.ending)
