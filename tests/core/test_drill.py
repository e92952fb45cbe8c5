"""The rules of drills: the matrix, its shares, the criterion, and which question comes next."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, norm
from statsmodels.stats.proportion import proportion_confint

from kamtrain.core import drill
from kamtrain.core.drill import Criterion, Key, Said

ANSWERS = ("a", "b", "c", "d", "u")
KEYS = {f"q{n}": Key(ANSWERS[n % 5], ANSWERS[(n + 1) % 5]) for n in range(40)}
HISTORIES = st.lists(
    st.builds(
        lambda id, chosen, cue: Said(id, KEYS[id].right, chosen, cue),
        st.sampled_from(sorted(KEYS)),
        st.sampled_from(ANSWERS),
        st.booleans(),
    ),
    max_size=80,
)


def said(pairs: str, cue: bool = True) -> list[Said]:
    """ "ab" is a taken for b."""
    return [Said(f"q{ANSWERS.index(pair[0])}", pair[0], pair[1], cue) for pair in pairs.split()]


# --- shares ---


@pytest.mark.parametrize(
    ("count", "total"), [(0, 1), (1, 1), (0, 20), (20, 20), (16, 20), (1, 3), (37, 111), (999, 1000)]
)
def test_wilson_is_scipys_and_statsmodels(count: int, total: int) -> None:
    low, high = drill.wilson(count, total)
    theirs = binomtest(count, total).proportion_ci(0.95, method="wilson")
    assert (low, high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)
    assert (low, high) == pytest.approx(proportion_confint(count, total, 0.05, method="wilson"), abs=1e-12)


def test_the_quantile_is_the_normal_distributions() -> None:
    assert pytest.approx(norm.ppf(0.975), abs=1e-14) == drill.Z


def test_of_nothing_no_share_is_said() -> None:
    nothing = drill.Share(0, 0)
    assert (nothing.value, nothing.interval) == (None, (0.0, 1.0))


@given(st.integers(0, 500).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_an_interval_holds_its_share_and_stays_within_0_and_1(pair: tuple[int, int]) -> None:
    count, total = pair
    low, high = drill.wilson(count, total)
    assert 0 <= low <= high <= 1
    if total:
        assert low - 1e-12 <= count / total <= high + 1e-12


# --- the matrix ---


def test_a_matrix_counts_true_by_chosen() -> None:
    matrix = drill.matrix(ANSWERS, [*said("aa aa ab bb ba ba"), *said("cc", cue=False)])
    assert (matrix.count("a", "a"), matrix.count("a", "b"), matrix.count("b", "a")) == (2, 1, 2)
    assert (matrix.sensitivity("a").count, matrix.sensitivity("a").total) == (2, 3)
    assert (matrix.bias("a"), matrix.bias("b"), matrix.bias("c")) == (1, -1, 0)
    assert (matrix.cue("a").count, matrix.cue("c").count) == (3, 0)
    assert matrix.confused() == (("b", "a", 2), ("a", "b", 1))
    assert (matrix.right.count, matrix.right.total) == (4, 7)


@given(HISTORIES)
def test_a_matrix_adds_up(history: list[Said]) -> None:
    matrix = drill.matrix(ANSWERS, history)
    assert matrix == drill.matrix(ANSWERS, list(history))
    assert matrix.total == len(history)
    assert sum(matrix.bias(answer) for answer in ANSWERS) == 0
    assert sum(matrix.said(answer) for answer in ANSWERS) == matrix.total
    assert sum(times for _, _, times in matrix.confused()) + matrix.right.count == matrix.total


@given(HISTORIES)
def test_a_matrix_from_counts_is_the_same(history: list[Said]) -> None:
    answers = Counter((one.truth, one.chosen) for one in history)
    cues = Counter((one.truth, one.chosen) for one in history if one.cue_right)
    rows = [(truth, chosen, count, cues[truth, chosen]) for (truth, chosen), count in answers.items()]
    one, other = drill.matrix(ANSWERS, history), drill.counted(ANSWERS, rows)
    for truth in ANSWERS:
        assert (one.asked(truth), one.cue(truth), one.sensitivity(truth)) == (
            other.asked(truth), other.cue(truth), other.sensitivity(truth),
        )  # fmt: skip


def test_an_answer_the_drill_no_longer_has_is_left_out() -> None:
    assert drill.matrix(("a", "b"), said("aa ab ac ca")).total == 2


# --- the criterion ---


def test_it_takes_sixteen_of_the_last_twenty_with_the_right_cue() -> None:
    asks = Criterion()
    fifteen = [*said("aa " * 15), *said("ab " * 5)]
    assert not drill.standing(fifteen, asks).reached
    assert drill.standing([*said("aa " * 16), *said("ab " * 4)], asks).reached
    assert not drill.standing(said("aa " * 16), asks).reached, "sixteen are not twenty"
    assert drill.standing([*said("ab " * 30), *said("aa " * 20)], asks).reached, "what was before does not count"
    assert not drill.standing([*said("aa " * 15), *said("aa " * 5, cue=False)], asks).reached


def test_a_course_may_ask_less_of_the_cues() -> None:
    history = [*said("aa " * 14), *said("aa aa", cue=False), *said("ab " * 4)]
    stands = drill.standing(history, Criterion(80, 70))
    assert (stands.right, stands.whole, stands.needed, stands.needed_right) == (16, 14, 14, 16)
    assert stands.reached
    assert not drill.standing(history, Criterion(80, 75)).reached


@given(HISTORIES, st.integers(1, 100), st.integers(1, 100))
def test_a_criterion_is_never_reached_by_fewer_than_it_says(history: list[Said], passing: int, cues: int) -> None:
    stands = drill.standing(history, Criterion(passing, cues))
    assert stands.reached == (
        stands.answered == 20 and stands.right >= stands.needed_right and stands.whole >= stands.needed
    )


# --- what comes next ---


@given(HISTORIES, st.integers())
def test_the_same_history_asks_the_same_next(history: list[Said], seed: int) -> None:
    first = drill.next_question(ANSWERS, KEYS, history, seed)
    assert first == drill.next_question(ANSWERS, dict(KEYS), list(history), seed)
    assert first in KEYS
    assert first not in {one.question for one in history[-drill.APART :]}


def test_it_comes_from_the_pair_most_often_confused() -> None:
    history = said("ab ab ba cd aa bb")
    assert drill.worst_pair(ANSWERS, history) == ("a", "b")
    asked = drill.next_question(ANSWERS, KEYS, history, 1)
    assert KEYS[asked].right in ("a", "b")
    assert drill._of_pair(KEYS[asked], ("a", "b")), "those first that are easily taken for the other"


def test_others_are_asked_in_between() -> None:
    history = said("ab ab ba aa bb")
    assert len(history) % 3 == 2
    assert KEYS[drill.next_question(ANSWERS, KEYS, history, 1)].right not in ("a", "b")


def test_of_two_pairs_the_one_confused_last() -> None:
    assert drill.worst_pair(ANSWERS, said("cd ab")) == ("a", "b")
    assert drill.worst_pair(ANSWERS, said("ba dc")) == ("c", "d")
    assert drill.worst_pair(ANSWERS, said("aa bb")) is None


def test_what_is_mastered_drops_out() -> None:
    assert drill.worst_pair(ANSWERS, said("ab " * 5 + "cc " * drill.RECENT)) is None


def test_without_errors_all_answers_are_shown_alike() -> None:
    history: list[Said] = []
    for _ in range(40):
        id = drill.next_question(ANSWERS, KEYS, history, "x")
        history.append(Said(id, KEYS[id].right, KEYS[id].right, True))
    assert set(Counter(one.truth for one in history).values()) == {8}
    assert len({one.question for one in history}) == 40


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_small_drill_goes_on_asking(count: int) -> None:
    keys = dict(list(KEYS.items())[:count])
    history: list[Said] = []
    for _ in range(30):
        id = drill.next_question(ANSWERS, keys, history, 3)
        history.append(Said(id, keys[id].right, "u", False))
    assert {one.question for one in history} == set(keys)


def test_an_order_is_the_same_for_the_same_seed() -> None:
    assert drill.shuffled(4, "7/1") == drill.shuffled(4, "7/1")
    assert {drill.shuffled(3, n)[0] for n in range(40)} == {0, 1, 2}
