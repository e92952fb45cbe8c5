from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamtrain.core.catalog import CompleteRule, Course, Module, Step, SucceedRule
from kamtrain.core.progress import (
    UNDONE,
    ActivityFacts,
    Code,
    Facts,
    Missing,
    StepState,
    explained,
    next_step,
    progress,
    required,
    step_state,
)
from kamtrain.core.scenario import GRADES

LESSON, QUIZ, TALK = Step("lesson", "l1"), Step("quiz", "q1"), Step("scenario", "s1", replay="odd")
EXTRA, DRILL = Step("lesson", "l2", optional=True), Step("drill", "d1", passing=80, cues=70)
TO_COME = Step("survey", "t1")


def course(*steps: Step, **rules: object) -> Course:
    plain = Course("ppl", {"en": "Types"}, ("en",), (Module("m1", {}, steps[:2]), Module("m2", {}, steps[2:])))
    return replace(plain, **rules)  # type: ignore[arg-type]


def facts(*read: str, **activities: ActivityFacts) -> Facts:
    kinds = {"q": "quiz", "s": "scenario", "d": "drill"}
    return Facts(frozenset(read), frozenset(read), {(kinds[id[0]], id): one for id, one in activities.items()})


PPL = course(LESSON, EXTRA, QUIZ, TALK, TO_COME)
PASSED = ActivityFacts(attempts=1, finished=1, score=80, passing=80)
PLAYED = ActivityFacts(attempts=2, finished=2, score=60, grade="acceptable", replayed=frozenset({"odd"}))


def test_nothing_done_names_every_required_step_in_the_courses_order() -> None:
    answer = progress(PPL, Facts())
    assert (answer.required, answer.done, answer.percent) == (3, 0, 0)
    assert [(m.code, m.id) for m in answer.missing] == [("read", "l1"), ("do", "q1"), ("do", "s1")]
    assert (answer.complete, answer.succeeded, answer.score) == (False, None, None)


def test_all_done_and_all_marks_reached() -> None:
    answer = progress(PPL, facts("l1", q1=PASSED, s1=PLAYED))
    assert (answer.percent, answer.complete, answer.succeeded, answer.score) == (100, True, True, 70)
    assert answer.missing == ()


def test_a_drill_is_done_when_an_attempt_at_it_has_ended_and_not_before() -> None:
    some = course(LESSON, DRILL)
    answer = progress(some, facts("l1", d1=ActivityFacts(attempts=1, passing=80)))
    assert [(m.code, m.kind) for m in answer.missing] == [("do", "drill")]
    assert "until its mark holds" in str(explained(answer.missing[0], "Styles"))
    done = facts("l1", d1=ActivityFacts(attempts=2, finished=1, score=85, passing=80))
    assert (progress(some, done).succeeded, step_state(DRILL, done)) == (True, "passed")


def test_progress_is_rounded_down() -> None:
    assert progress(PPL, facts("l1", q1=PASSED)).percent == 66


def test_a_course_that_requires_nothing_is_done() -> None:
    answer = progress(course(EXTRA, TO_COME), Facts())
    assert (answer.percent, answer.complete, answer.succeeded) == (100, True, True)


def test_a_mark_not_reached_is_complete_and_not_succeeded() -> None:
    answer = progress(PPL, facts("l1", q1=replace(PASSED, score=79), s1=PLAYED))
    assert (answer.complete, answer.succeeded) == (True, False)
    assert answer.missing == (Missing("pass", "quiz", "q1", have=79, need=80),)


def test_an_answer_nobody_has_marked_leaves_success_undecided() -> None:
    answer = progress(PPL, facts("l1", q1=replace(PASSED, score=None, waiting=True), s1=PLAYED))
    assert (answer.complete, answer.succeeded) == (True, None)
    assert [m.code for m in answer.missing] == ["wait"]


def test_a_mark_already_reached_does_not_wait_for_another_attempts_mark() -> None:
    assert progress(PPL, facts("l1", q1=replace(PASSED, waiting=True), s1=PLAYED)).succeeded is True


def test_a_quiz_without_a_mark_is_succeeded_when_it_is_finished() -> None:
    answer = progress(course(QUIZ), facts(q1=ActivityFacts(attempts=1, finished=1, score=10)))
    assert (answer.complete, answer.succeeded) == (True, True)


def test_the_courses_mark_stands_before_the_activitys_own() -> None:
    asked = course(replace(QUIZ, passing=90))
    assert progress(asked, facts(q1=PASSED)).missing == (Missing("pass", "quiz", "q1", have=80, need=90),)


def test_a_scenario_is_done_at_an_ending_and_succeeded_at_the_one_asked_for() -> None:
    poor = facts("l1", q1=PASSED, s1=replace(PLAYED, grade="poor"))
    assert [m.code for m in progress(PPL, poor).missing] == ["reach"]
    assert [m.code for m in progress(course(replace(TALK, reach="poor")), poor).missing] == []


def test_a_scenario_to_be_played_twice_waits_for_the_other_buyer() -> None:
    once = facts("l1", q1=PASSED, s1=replace(PLAYED, replayed=frozenset()))
    answer = progress(PPL, once)
    assert answer.missing == (Missing("replay", "scenario", "s1", variant="odd"),)
    assert (answer.complete, answer.succeeded) == (False, None)


def test_a_course_may_ask_for_lessons_or_activities_alone() -> None:
    assert [s.id for s in required(replace(PPL, complete=CompleteRule(lessons=False)))] == ["q1", "s1"]
    assert [s.id for s in required(replace(PPL, complete=CompleteRule(activities=False)))] == ["l1"]


def test_a_course_may_leave_marks_out_of_success() -> None:
    free = replace(PPL, succeed=SucceedRule(activities=False))
    assert progress(free, facts("l1", q1=replace(PASSED, score=0), s1=PLAYED)).succeeded is True


def test_a_post_test_is_required_and_judged_by_its_own_mark() -> None:
    tested = course(LESSON, posttest="q9", complete=CompleteRule(posttest=True), succeed=SucceedRule(False, 70))
    assert [m.id for m in progress(tested, facts("l1")).missing] == ["q9"]
    low = facts("l1", q9=replace(PASSED, score=69))
    assert progress(tested, low).missing == (Missing("pass", "quiz", "q9", have=69, need=70),)
    assert progress(tested, facts("l1", q9=replace(PASSED, score=70))).succeeded is True


def test_a_post_test_that_is_also_a_step_counts_once_and_at_its_place() -> None:
    tested = course(
        LESSON,
        Step("quiz", "q9"),
        QUIZ,
        posttest="q9",
        complete=CompleteRule(posttest=True),
        succeed=SucceedRule(True, 70),
    )
    assert [(s.id, s.passing) for s in required(tested)] == [("l1", None), ("q9", 70), ("q1", None)]


@pytest.mark.parametrize(
    ("step", "activity", "state"),
    [
        (QUIZ, ActivityFacts(), "not-started"),
        (QUIZ, ActivityFacts(attempts=1), "in-progress"),
        (QUIZ, ActivityFacts(attempts=1, finished=1, score=10), "done"),
        (QUIZ, PASSED, "passed"),
        (QUIZ, replace(PASSED, score=10), "failed"),
        (QUIZ, replace(PASSED, score=None, waiting=True), "waiting"),
        (TALK, PLAYED, "passed"),
        (TALK, replace(PLAYED, grade="poor"), "failed"),
        (TALK, replace(PLAYED, replayed=frozenset()), "in-progress"),
    ],
)
def test_where_one_stands_in_an_activity(step: Step, activity: ActivityFacts, state: StepState) -> None:
    assert step_state(step, Facts(activities={(step.kind, step.id): activity})) == state


def test_where_one_stands_in_a_lesson() -> None:
    assert step_state(LESSON, Facts()) == "not-started"
    assert step_state(LESSON, Facts(opened=frozenset({"l1"}))) == "in-progress"
    assert step_state(LESSON, facts("l1")) == "done"


def test_the_next_step_is_the_first_one_not_done_and_never_an_optional_one() -> None:
    assert next_step(PPL, Facts()) == LESSON
    assert next_step(PPL, facts("l1")) == QUIZ
    assert next_step(PPL, facts("l1", q1=PASSED, s1=PLAYED)) is None


def test_the_post_test_is_the_last_next_step() -> None:
    tested = course(LESSON, posttest="q9", complete=CompleteRule(posttest=True))
    step = next_step(tested, facts("l1"))
    assert step is not None
    assert step.id == "q9"
    assert next_step(tested, facts("l1", q9=PASSED)) is None


PIECES = [Missing(code, kind, "x") for code in get_args(Code) for kind in ("lesson", "quiz", "scenario", "drill")]


@pytest.mark.parametrize(
    "missing", [*PIECES, Missing("pass", "quiz", "x", have=0, need=80), Missing("pass", "quiz", "x", need=80)], ids=str
)
def test_every_missing_piece_is_explained_in_words_that_name_the_step(missing: Missing) -> None:
    sentence = str(explained(missing, "Four types", "analytical"))
    assert "Four types" in sentence
    assert "%(" not in sentence
    assert missing.need is None or "80 %." in sentence or "80 %;" in sentence
    assert missing.code != "replay" or "analytical" in sentence


steps = st.lists(
    st.builds(
        Step,
        st.sampled_from(["lesson", "quiz", "scenario", "drill", "tool"]),
        st.sampled_from(["a", "b", "c"]),
        optional=st.booleans(),
        reach=st.sampled_from(GRADES),
        replay=st.none() | st.just("odd"),
        passing=st.none() | st.integers(0, 100),
    ),
    max_size=8,
)
courses = st.builds(
    lambda some, posttest, complete, succeed: course(*some, posttest=posttest, complete=complete, succeed=succeed),
    steps,
    st.none() | st.sampled_from(["a", "z"]),
    st.builds(CompleteRule, st.booleans(), st.booleans(), st.booleans()),
    st.builds(SucceedRule, st.booleans(), st.none() | st.integers(0, 100)),
)
activities = st.builds(
    ActivityFacts,
    attempts=st.integers(0, 3),
    finished=st.integers(0, 3),
    waiting=st.booleans(),
    score=st.none() | st.integers(0, 100),
    passing=st.none() | st.integers(0, 100),
    grade=st.none() | st.sampled_from(GRADES),
    replayed=st.sampled_from([frozenset[str](), frozenset({"odd"})]),
)
ids = st.sampled_from(["a", "b", "c", "z"])
some_facts = st.builds(
    Facts,
    st.frozensets(ids),
    st.frozensets(ids),
    st.dictionaries(st.tuples(st.sampled_from(["quiz", "scenario", "drill"]), ids), activities),
)


def grown(before: Facts, more: Facts) -> Facts:
    """`before`, and what was done after it: nothing that was done is undone."""
    merged = dict(before.activities)
    for key, new in more.activities.items():
        old = merged.get(key, ActivityFacts())
        merged[key] = replace(
            new,
            attempts=old.attempts + new.attempts,
            finished=old.finished + new.finished,
            grade=max(old.grade, new.grade, key=lambda g: GRADES.index(g) if g else -1),
            replayed=old.replayed | new.replayed,
        )
    return Facts(before.opened | more.opened, before.read | more.read, merged)


@given(courses, some_facts, some_facts)
def test_progress_never_falls_when_more_is_done(value: Course, before: Facts, more: Facts) -> None:
    early, late = progress(value, before), progress(value, grown(before, more))
    assert late.percent >= early.percent
    assert late.done >= early.done
    assert late.complete >= early.complete


@given(courses, some_facts)
def test_the_numbers_and_the_reasons_say_the_same(value: Course, given_: Facts) -> None:
    answer = progress(value, given_)
    undone = [m for m in answer.missing if m.code in UNDONE]
    assert 0 <= answer.percent <= 100
    assert (answer.percent == 100) == answer.complete == (not undone)
    assert answer.required - answer.done == len(undone)
    assert answer.score is None or 0 <= answer.score <= 100
    if answer.succeeded:
        assert answer.complete
        assert not answer.missing
    if answer.succeeded is False:
        assert answer.complete
        assert {m.code for m in answer.missing} <= {"pass", "reach"}


@given(courses, some_facts)
def test_what_is_missing_stands_in_the_courses_order(value: Course, given_: Facts) -> None:
    left: Iterator[tuple[str, str]] = ((s.kind, s.id) for s in required(value))
    assert all((m.kind, m.id) in left for m in progress(value, given_).missing)


@given(courses, some_facts)
def test_there_is_a_next_step_as_long_as_the_course_is_not_complete(value: Course, given_: Facts) -> None:
    if not progress(value, given_).complete:
        assert next_step(value, given_) is not None


def test_one_goes_on_with_the_lesson_opened_last_until_it_is_done() -> None:
    module = Module("m", {"en": "M"}, (Step("lesson", "a"), Step("lesson", "b"), Step("quiz", "q")))
    course = Course("c", {"en": "C"}, ("en",), (module,))
    assert next_step(course, Facts(opened=frozenset("b"), latest="b")) == Step("lesson", "b")
    done = Facts(opened=frozenset("b"), read=frozenset("b"), latest="b")
    assert next_step(course, done) == Step("lesson", "a")
    assert next_step(course, Facts(latest="gone")) == Step("lesson", "a")
