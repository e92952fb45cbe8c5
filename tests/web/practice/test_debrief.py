"""GET /practice/attempts/<attempt>/result of a conversation"""

from __future__ import annotations

import pytest

from tests import samples
from tests.web.visitor import Visitor, text_of


def played(trainee: Visitor, *choices: tuple[str, int], variant: str = "") -> int:
    talk = trainee.begin("scenario", "talk", variant=variant)
    for turn, (scene, place) in enumerate(choices):
        assert trainee.choose(talk, turn, scene, place).status_code == 303
    return talk


def test_it_works(trainee: Visitor) -> None:
    talk = played(trainee, ("opening", 1), ("middle", 1))
    page = text_of(trainee.page(f"/practice/attempts/{talk}/result"))

    assert "An acceptable ending · 60%" in page
    assert "A promise" in page
    assert "Without a date it cools." in page
    mine, best = page.split("The best path")
    assert "One page of method" in mine
    assert "The result, in one line" in best
    assert "A date" in best
    assert "Here the paths part" in mine
    assert "Where did it turn?" in best


def test_somebody_elses_debrief_is_not_there(trainee: Visitor, outsider: Visitor) -> None:
    talk = played(trainee, ("opening", 2))

    assert outsider.get(f"/practice/attempts/{talk}/result").status_code == 404


def test_before_the_end_there_is_none(trainee: Visitor) -> None:
    talk = played(trainee, ("opening", 0))

    assert trainee.get(f"/practice/attempts/{talk}/result").location == f"/practice/attempts/{talk}"


def test_looking_changes_nothing(trainee: Visitor) -> None:
    talk = played(trainee, ("opening", 2))
    before = trainee.rows()
    trainee.page(f"/practice/attempts/{talk}/result")

    assert trainee.rows() == before


def test_the_best_path_is_not_said_to_part_from_itself(trainee: Visitor) -> None:
    talk = played(trainee, ("opening", 0), ("middle", 0))
    page = text_of(trainee.page(f"/practice/attempts/{talk}/result"))

    assert "A strong ending · 100%" in page
    assert "Here the paths part" not in page


def test_each_buyer_has_a_best_path_of_its_own(trainee: Visitor) -> None:
    talk = played(trainee, ("opening", 1), ("middle", 0), variant="analytical")
    page = text_of(trainee.page(f"/practice/attempts/{talk}/result"))

    assert "A strong ending" in page
    assert "One page of method" in page.split("The best path")[1]


def test_out_of_turns_ends_the_conversation(trainee: Visitor) -> None:
    talk = played(trainee, ("opening", 0), ("middle", 2), ("middle", 2), ("middle", 2))
    page = text_of(trainee.page(f"/practice/attempts/{talk}/result"))

    assert "Out of time" in page


def test_it_can_be_played_again_and_counts_as_another_attempt(trainee: Visitor) -> None:
    talk = played(trainee, ("opening", 2))

    assert "/practice/scenario/talk/begin?course=try" in trainee.page(f"/practice/attempts/{talk}/result")
    assert trainee.begin("scenario", "talk") != talk


@pytest.mark.parametrize("code", ["C06"])
def test_what_one_showed_is_counted(trainee: Visitor, code: str) -> None:
    talk = played(trainee, ("opening", 1), ("middle", 2), ("middle", 1))
    page = text_of(trainee.page(f"/practice/attempts/{talk}/result"))

    assert "What you showed" in page
    assert f"{code} " in page


def test_what_one_showed_has_its_name_where_the_library_says_it(trainee: Visitor) -> None:
    levels = "".join(f"    - {{en: level {n}, zh-Hans: 第{n}级}}\n" for n in range(1, 5))
    names = {"C06": "{en: Style adaptation, zh-Hans: 风格适应}", "C12": "{en: Commitment, zh-Hans: 成交}"}
    named = "".join(f"{code}:\n  name: {name}\n  levels:\n{levels}" for code, name in names.items())
    trainee.publish({**samples.FILES, "courses/competencies.yaml": named.encode()})
    talk = played(trainee, ("opening", 1), ("middle", 2), ("middle", 1))
    page = text_of(trainee.page(f"/practice/attempts/{talk}/result"))

    assert "Style adaptation" in page
    assert "C06" not in page


def test_each_line_says_what_it_cost(trainee: Visitor) -> None:
    talk = played(trainee, ("opening", 1), ("middle", 1))
    mine = text_of(trainee.page(f"/practice/attempts/{talk}/result")).split("The best path")[-2]

    first, second = mine.split("He lays it aside.")
    assert "Closed" not in first
    assert "Closed the way to a strong ending; an acceptable one was still within reach." in second
    assert "Against the best line here: Trust −3" in second.split("He nods.")[0]
    assert "another line here shows more. Against the best line here: Trust −1" in second.split("He nods.")[1]


def test_what_was_never_said_is_not_told(trainee: Visitor) -> None:
    """Neither the feedback of lines not taken, nor the names of endings nobody came to."""
    talk = played(trainee, ("opening", 2))
    page = trainee.page(f"/practice/attempts/{talk}/result")

    assert "He lays it aside." not in page
    assert "He frowns." not in page
    assert "A promise" not in page
    assert "Out of time" not in page


def test_the_graph_has_every_scene_and_both_paths(trainee: Visitor) -> None:
    talk = played(trainee, ("opening", 1), ("middle", 1))
    page = trainee.page(f"/practice/attempts/{talk}/result")
    graph = page[page.index('<svg class="graph"') :].split("</svg>")[0]

    assert "You came through 2 of 2 scenes, to 1 of 4 endings." in text_of(page)
    assert graph.count("<g ") == 6
    assert graph.count("graph-mine") == graph.count("graph-best") == 2
    assert "style=" not in graph


def test_every_buyer_is_offered_with_what_was_played(trainee: Visitor) -> None:
    talk = played(trainee, ("opening", 2))
    played(trainee, ("opening", 1), ("middle", 0), variant="analytical")
    page = text_of(trainee.page(f"/practice/attempts/{talk}/result")).split("The same case against another buyer")[1]

    dominant, analytical = page.split("Play it again")
    assert "this conversation" in dominant
    assert "Played 1 time · best: A poor ending, 0%" in dominant
    assert "a board" in analytical
    assert "Played 1 time · best: A strong ending, 100%" in analytical
    assert "Play against this buyer: analytical" in analytical


def test_what_the_choices_say_of_each_competency_stands_in_words(trainee: Visitor) -> None:
    talk = played(trainee, ("opening", 1), ("middle", 2), ("middle", 1))
    page = text_of(trainee.page(f"/practice/attempts/{talk}/result"))

    assert "C06 · missed at turn 1, 2" in page
    assert "C12 · nothing you said speaks for or against it" in page
