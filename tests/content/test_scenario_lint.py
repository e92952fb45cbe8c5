"""What walking a scenario shows, one fault at a time."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamtrain.content.scenario_lint import Finding, findings
from kamtrain.core.scenario import Choice, Ending, Meter, Scenario
from tests.core.scenarios import Scenes, choice, ending, scenario

LATE = ending("poor", when=("turns = 0",))
THROWN_OUT = ending("poor", when=("trust = 0",))


def codes(value: Scenario) -> list[str]:
    return [finding.code for finding in findings(value)]


def only(value: Scenario) -> Finding:
    (finding,) = findings(value)
    assert str(finding.message)
    assert str(finding.mend)
    return finding


def test_a_sound_scenario_is_clean() -> None:
    assert (
        findings(
            scenario(
                {
                    "a": [choice("good", "C06 +"), choice("bad", "C06 -")],
                    "good": ending("strong"),
                    "bad": ending("poor"),
                }
            )
        )
        == ()
    )


def test_a_scenario_without_scenes() -> None:
    assert codes(scenario({})) == ["no-scene"]


def test_what_is_broken_in_itself_is_reported_alone_and_completely() -> None:
    broken = scenario(
        {
            "a": [choice("nowhere", "mood +1"), choice("b", "if luck >= 1")],
            "b": [],
            "good": ending("strong", "trust >= 5", otherwise="gone"),
        }
    )
    found = findings(broken)
    assert [(f.code, f.scene, f.choice) for f in found] == [
        ("dead-target", "a", 0),
        ("unknown-state", "a", None),
        ("unknown-state", "a", None),
        ("no-choice", "b", None),
        ("dead-else", "good", None),
    ]
    assert all(f.fatal for f in found)


def test_else_in_a_circle_names_the_circle_at_each_of_its_endings() -> None:
    found = findings(
        scenario(
            {
                "a": [choice("x")],
                "x": ending("strong", "trust >= 5", otherwise="y"),
                "y": ending("poor", "trust < 3", otherwise="x"),
                "before": ending("poor", "trust < 1", otherwise="x"),
            }
        )
    )
    assert [(f.code, f.scene) for f in found] == [("else-circle", "x"), ("else-circle", "y")]
    assert "x → y → x" in str(found[0].message)


def test_a_scene_nobody_reaches() -> None:
    finding = only(scenario({"a": [choice("good")], "good": ending("strong"), "lost": [choice("good")]}))
    assert (finding.code, finding.scene, finding.fatal) == ("unreached-scene", "lost", True)


def test_an_ending_no_path_meets() -> None:
    finding = only(scenario({"a": [choice("good")], "good": ending("strong"), "bad": THROWN_OUT}))
    assert (finding.code, finding.scene) == ("unmet-ending", "bad")


def test_a_scene_met_against_one_buyer_only_is_reached() -> None:
    value = scenario(
        {
            "a": [choice("b", odd=("trust -3",)), choice("good", "trust -3", odd=("trust +0",))],
            "b": [choice("good")],
            "good": ending("strong"),
            "bad": THROWN_OUT,
        },
        variants={"odd": {"trust": Meter(3, 10)}},
    )
    assert findings(value) == ()


def test_a_choice_never_offered() -> None:
    finding = only(scenario({"a": [choice("good"), choice("good", "if trust >= 4")], "good": ending("strong")}))
    assert (finding.code, finding.scene, finding.choice, finding.fatal) == ("never-offered", "a", 1, False)


def test_a_story_that_stops_because_no_choice_is_offered_tells_the_state() -> None:
    scenes = {"a": [choice("b", "trust -1"), choice("b")], "b": [choice("good", "if trust >= 3")]}
    finding = only(scenario({**scenes, "good": ending("strong")}))
    assert (finding.code, finding.scene, finding.fatal) == ("stuck", "b", True)
    assert "Trust 2, turns 4" in str(finding.message)


def test_a_story_that_runs_out_of_turns() -> None:
    circle: Scenes = {"a": [choice("a"), choice("good")], "good": ending("strong")}
    finding = only(scenario(circle))
    assert (finding.code, finding.fatal) == ("out-of-turns", True)
    assert "out-of-turns" not in codes(scenario({**circle, "late": LATE}))


def test_a_best_path_longer_than_the_turns_says_how_many_it_takes() -> None:
    long = {"a": [choice("b"), choice("end")], "b": [choice("c")], "c": [choice("d")], "d": [choice("good")]}
    value = scenario({**long, "good": ending("strong"), "end": ending("acceptable"), "late": LATE}, turns=3)
    found = {finding.code: finding for finding in findings(value)}
    assert found["too-few-turns"].scene == "good"
    assert found["too-few-turns"].mend.arguments == {"need": 4}


def test_a_best_ending_out_of_reach_against_one_buyer() -> None:
    value = scenario(
        {
            "a": [choice("good", "trust +2", odd=()), choice("end", odd=("trust -3",))],
            "good": ending("strong", "trust >= 5", otherwise="end"),
            "end": ending("acceptable"),
        },
        variants={"odd": {"trust": Meter(3, 10)}},
    )
    finding = only(value)
    assert (finding.code, finding.scene, finding.message.arguments) == ("best-unmet", "good", {"buyer": "odd"})


def test_no_ending_at_all() -> None:
    assert codes(scenario({"a": [choice("a")]})) == ["out-of-turns", "no-ending"]


def test_a_competency_without_evidence() -> None:
    end = {"good": ending("strong")}
    finding = only(scenario({"a": [choice("good", "C06 +")], **end}, competencies=("C06", "C07")))
    assert finding.code == "never-evidenced"
    assert finding.message.arguments == {"competency": "C07"}
    only_in_what_is_never_said = [choice("good"), choice("good", "if trust > 9", "C06 -")]
    assert codes(scenario({"a": only_in_what_is_never_said, **end})) == ["never-offered", "never-evidenced"]


def three(*bests: int) -> dict[str, Ending | Sequence[Choice]]:
    """A chain of scenes in each of which one choice raises trust, and the others do not."""
    names = ["a", "b", "c", "good"]
    return {
        scene: [choice(after, "trust +1" if place == best else "trust +0") for place in range(3)]
        for scene, after, best in zip(names, names[1:], bests, strict=False)
    }


def test_one_place_that_is_always_best() -> None:
    ends = {"good": ending("strong", "trust >= 6", otherwise="bad"), "bad": ending("poor")}
    assert "same-place" in codes(scenario({**three(1, 1, 1), **ends}))
    assert "same-place" not in codes(scenario({**three(1, 0, 2), **ends}))


def test_a_state_that_never_changes_what_is_best() -> None:
    ends = {
        "good": ending("strong", "trust >= 6", otherwise="fair"),
        "fair": ending("acceptable", "trust >= 4", otherwise="bad"),
        "bad": ending("poor"),
    }
    assert "state-idle" in codes(scenario({**three(1, 0, 2), **ends}))


def test_a_state_that_is_needed() -> None:
    value = scenario(
        {
            "a": [choice("b", "trust +1"), choice("b")],
            "b": [choice("c"), choice("bad")],
            "c": [choice("good", "trust +1"), choice("fair")],
            "good": ending("strong", "trust >= 5", otherwise="bad"),
            "fair": ending("acceptable"),
            "bad": ending("poor"),
        }
    )
    assert findings(value) == ()


def test_a_variant_against_which_the_same_paths_win() -> None:
    scenes: Scenes = {"a": [choice("good"), choice("bad")], "good": ending("strong"), "bad": ending("poor")}
    other = {"odd": {"trust": Meter(4, 10)}}
    finding = only(scenario(scenes, variants=other))
    assert finding.code == "same-variant"
    assert finding.message.arguments == {"buyer": "odd"}


@pytest.mark.parametrize("odd", [("trust -3",), ("if trust > 9",)])
def test_a_variant_that_asks_for_something_else(odd: tuple[str, ...]) -> None:
    value = scenario(
        {
            "a": [choice("good", odd=odd), choice("good", "trust -3", odd=())],
            "good": ending("strong"),
            "bad": THROWN_OUT,
        },
        variants={"odd": {"trust": Meter(3, 10)}},
    )
    assert findings(value) == () or codes(value) == ["unmet-ending"]


def test_a_variant_that_is_won_sooner_on_the_same_path() -> None:
    value = scenario(
        {
            "a": [choice("b", "trust +1", odd=("trust +9",)), choice("bad")],
            "b": [choice("good"), choice("bad")],
            "good": ending("strong", when=("trust >= 9",)),
            "bad": ending("poor"),
        },
        variants={"odd": {"trust": Meter(3, 10)}},
    )
    assert codes(value) == ["same-variant"]


def test_two_buyers_who_differ_in_too_much_to_be_compared() -> None:
    other = {"odd": {"trust": Meter(4, 10)}}
    grows = [choice("a", "trust +1", odd=()), choice("a", odd=("trust +1",)), choice("a"), choice("good")]
    value = scenario({"a": grows, "good": ending("strong"), "late": LATE}, variants=other, turns=8)
    assert codes(value) == ["same-variant"]
    walks_fit = next(n for n in range(10, 999) if "too-large" not in [f.code for f in findings(value, n)])
    assert findings(value, walks_fit) == ()


def test_turns_that_can_be_won_back_are_walked_but_not_weighed() -> None:
    value = scenario(
        {**three(1, 1, 1), "good": ending("strong"), "late": LATE, "c": [choice("a", "turns +1"), choice("good")]}
    )
    assert codes(value) == []


def test_a_scenario_without_bounds_is_walked_in_part_and_says_so() -> None:
    meters = {name: Meter(0) for name in "wxyz"}
    grows = [choice("a", f"{name} +{10**place}") for place, name in enumerate("wxyz")]
    value = scenario(
        {"a": [*grows, choice("good")], "good": ending("strong"), "late": LATE}, meters=meters, turns=10**6
    )
    begun = time.process_time()
    finding = only(value)
    assert finding.code == "too-large"
    assert not finding.fatal
    assert time.process_time() - begun < 5  # seconds


def test_a_scenario_of_very_many_scenes_is_not_walked() -> None:
    scenes = {f"s{n}": [choice(f"s{n + 1}")] for n in range(300)}
    assert codes(scenario({**scenes, "s300": ending("strong")}, turns=400)) == ["too-large"]


names = st.sampled_from(["a", "b", "c", "x", "y"])
clauses = st.lists(
    st.sampled_from(
        ["trust +2", "trust -2", "turns -1", "turns +1", "C06 +", "C07 -", "if trust >= 4", "if turns < 3"]
    ),
    max_size=3,
)
choices_ = st.lists(
    st.builds(lambda target, base, odd: choice(target, *base, odd=tuple(odd)), names, clauses, clauses), max_size=4
)
ifs = st.lists(st.sampled_from(["trust >= 4", "trust < 3", "turns > 1"]), max_size=2)
endings = st.builds(
    lambda grade, texts, otherwise, when: ending(grade, *texts, otherwise=otherwise, when=tuple(when)),
    st.sampled_from(["strong", "acceptable", "poor"]),
    ifs,
    st.none() | names,
    st.lists(st.sampled_from(["trust = 0", "turns = 0"]), max_size=1),
)
scenarios = st.builds(
    lambda scenes, turns: scenario(scenes, turns=turns, variants={"odd": {"trust": Meter(5)}}),
    st.dictionaries(names, choices_ | endings, max_size=5),
    st.integers(0, 6),
)


@given(scenarios)
def test_whatever_is_written_gets_findings_with_a_mend_and_never_an_exception(value: Scenario) -> None:
    for finding in findings(value, limit=400):
        assert str(finding.message)
        assert str(finding.mend)
        assert finding.scene is None or finding.scene in value.scenes
