"""Agreement of readers, against statsmodels' own computation."""

from __future__ import annotations

import math

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa, to_table

from kamtrain.core.agreement import FEW, Pair, drift, furthest, judgement, kappa

LEVELS = st.integers(0, 3)
PAIRS = st.lists(st.tuples(LEVELS, LEVELS), min_size=FEW, max_size=80)


def reference(pairs: list[Pair]) -> tuple[float, float]:
    """(kappa, its standard error)"""
    size = 1 + max(max(pair) for pair in pairs)
    table, _ = to_table(pairs, bins=[level - 0.5 for level in range(size + 1)])
    with numpy.errstate(all="ignore"):  # it divides by an error of 0, too
        found = cohens_kappa(table, wt="quadratic")
    return float(found.kappa), float(found.std_kappa)


@settings(max_examples=60)
@given(PAIRS)
def test_it_is_what_statsmodels_computes(pairs: list[Pair]) -> None:
    found = kappa(pairs)
    if found is None:
        assert len({a for a, _ in pairs}) == len({b for _, b in pairs}) == 1
        return
    value, error = reference(pairs)
    assert found.kappa == pytest.approx(value, abs=1e-9)
    error = 0.0 if math.isnan(error) else error  # the root of a hair below zero
    assert found.low == pytest.approx(max(-1, value - 1.959963984540054 * error), abs=1e-6)
    assert found.high == pytest.approx(min(1, value + 1.959963984540054 * error), abs=1e-6)


def test_a_published_example() -> None:
    """Fleiss, Cohen and Everitt 1969: two clinicians' diagnoses of 100, with the weights of squares."""
    table = [[53, 5, 2], [11, 14, 5], [1, 6, 3]]
    pairs = [(a, b) for a, row in enumerate(table) for b, times in enumerate(row) for _ in range(times)]
    found = kappa(pairs)
    assert found is not None
    value, error = reference(pairs)
    assert math.isclose(found.kappa, value, abs_tol=1e-12)
    assert math.isclose((found.high - found.low) / (2 * 1.959963984540054), error, abs_tol=1e-9)


@settings(max_examples=40)
@given(PAIRS)
def test_who_reads_first_makes_no_difference(pairs: list[Pair]) -> None:
    one, other = kappa(pairs), kappa([(b, a) for a, b in pairs])
    assert (one is None) == (other is None)
    if one and other:
        assert one.kappa == pytest.approx(other.kappa)
        assert -1 <= one.low <= one.kappa <= one.high <= 1


def test_of_too_few_nothing_is_said() -> None:
    assert kappa([(0, 3)] * (FEW - 1)) is None
    assert kappa([(2, 2)] * 50) is None, "who always says the same tells nobody apart"
    assert drift([(1, "2026-03", 2)] * (FEW - 1)) == {1: {"2026-03": None}}


def test_what_to_do_is_said_in_a_sentence() -> None:
    said = {
        str(judgement(found))
        for pairs in (
            [(0, 0), (3, 3)] * 20,
            [(0, 3), (3, 0)] * 20,
            [(0, 0), (0, 0), (3, 3), (3, 3), (1, 1), (2, 2), (1, 2), (0, 2), (2, 3), (3, 2)],
            [(0, 0), (1, 2), (2, 0), (3, 3), (0, 2), (2, 1)] * 2,
        )
        if (found := kappa(pairs))
    }
    assert len(said) == 4


def test_drift_is_held_against_everybody() -> None:
    found = drift([(1, "2026-03", 0)] * 10 + [(2, "2026-03", 2)] * 30)
    strict = found[1]["2026-03"]
    assert strict is not None
    assert (strict.mean, strict.everybody, strict.levels) == (1.0, 2.5, 10)


def test_the_furthest_apart_come_first_and_those_that_agree_not_at_all() -> None:
    works = {1: [(0, 1), (1, 2)], 2: [(0, 3)], 3: [(2, 2)], 4: [(0, 1)], 5: [(3, 0), (0, 1)]}

    assert [one.work for one in furthest(works)] == [5, 2, 1, 4]
    assert [one.work for one in furthest(works, 2)] == [5, 2]
