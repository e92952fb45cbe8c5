from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kamtrain.core.calibration import Level, calibration
from kamtrain.core.item import Outcome


def test_the_surest_come_first_and_what_waits_is_left_out() -> None:
    answers = [
        (3, Outcome(1000, 1000)),
        (3, Outcome(0, 2000)),
        (1, Outcome(500, 1000)),
        (None, Outcome(1000, 1000)),
        (2, Outcome(None, 1000)),
    ]
    assert calibration(answers) == (Level(3, 2, 1, 50), Level(1, 1, 0, 50))


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 4))))
def test_every_answer_is_counted_once(answers: list[tuple[int, int]]) -> None:
    levels = calibration([(said, Outcome(points * 250, 1000)) for said, points in answers])
    assert sum(level.answers for level in levels) == len(answers)
    assert [level.confidence for level in levels] == sorted({said for said, _ in answers}, reverse=True)
    for level in levels:
        own = [points for said, points in answers if said == level.confidence]
        assert level.right == own.count(4)
        assert level.share == 25 * sum(own) // len(own)
