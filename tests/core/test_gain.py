"""The normalised gain, and its interval beside that of statsmodels."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from kamtrain.core.gain import Gain, gains, ratio_interval
from kamtrain.core.item import Outcome

RIGHT, WRONG, HALF, OPEN = Outcome(1000, 1000), Outcome(0, 1000), Outcome(500, 1000), Outcome(None, 1000)


@given(st.integers(2, 40), st.integers(2, 40), st.data())
def test_the_interval_is_that_of_statsmodels(n1: int, n2: int, data: st.DataObject) -> None:
    x1, x2 = data.draw(st.integers(1, n1 - 1)), data.draw(st.integers(1, n2 - 1))
    low, high = ratio_interval(x1, n1, x2, n2)
    there = confint_proportions_2indep(x1, n1, x2, n2, method="score", compare="ratio", correction=True)
    assume(there[1] < 1e3)  # its search for a far bound gives up there
    assert low == pytest.approx(there[0], abs=1e-4)
    assert high == pytest.approx(there[1], rel=1e-4)


@given(st.integers(1, 30), st.integers(1, 30), st.data())
def test_an_interval_holds_the_ratio_also_at_its_ends(n1: int, n2: int, data: st.DataObject) -> None:
    x1, x2 = data.draw(st.integers(0, n1)), data.draw(st.integers(1, n2))
    low, high = ratio_interval(x1, n1, x2, n2)
    assert 0 <= low <= (x1 / n1) / (x2 / n2) + 1e-6
    assert high >= (x1 / n1) / (x2 / n2) - 1e-6
    assert ratio_interval(x1, n1, 0, n2)[1] == inf


def test_a_gain_is_the_share_of_what_was_missing() -> None:
    before = [(("C06",), one) for one in [RIGHT] * 4 + [WRONG] * 6]
    after = [(("C06",), one) for one in [RIGHT] * 7 + [WRONG] * 3]
    (one,) = gains(before, after)
    assert (one.before, one.after, one.asked_before, one.asked_after) == (40, 70, 10, 10)
    assert one.gain == pytest.approx(0.5)
    assert one.low is not None
    assert one.high is not None
    assert one.low < 0 < 0.5 < one.high
    assert not one.sure
    assert not one.ceiling


def test_at_the_ceiling_there_is_little_to_gain_and_at_its_top_nothing() -> None:
    nearly = [(("C06",), one) for one in [RIGHT] * 4 + [WRONG]]
    all_right = [(("C06",), RIGHT)] * 5
    assert gains(nearly, all_right)[0].ceiling
    assert gains(nearly, all_right)[0].gain == 1
    assert gains(all_right, nearly) == (Gain("C06", 100, 80, 5, 5, None, None, None, True),)


def test_a_loss_is_told_as_one() -> None:
    before = [(("C06",), one) for one in [RIGHT] * 5 + [WRONG] * 5]
    after = [(("C06",), WRONG)] * 10
    assert gains(before, after)[0].gain == -1


def test_of_few_questions_only_the_counts_are_told() -> None:
    (one,) = gains([(("C06",), WRONG)] * 2, [(("C06",), RIGHT)] * 2)
    assert (one.before, one.after, one.gain, one.low) == (0, 100, None, None)


def test_what_one_form_does_not_ask_or_nobody_has_marked_is_left_out() -> None:
    before = [(("C05", "C06"), HALF), (("C07",), OPEN)]
    after = [(("C06",), HALF), (("C07",), RIGHT), (("C08",), RIGHT)]
    assert [(one.competency, one.before, one.after) for one in gains(before, after)] == [("C06", 50, 50)]
