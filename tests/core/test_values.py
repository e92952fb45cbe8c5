"""The small values: messages, refusals, problems, people, courses, tables."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kamtrain.core.catalog import Course, Module, Step
from kamtrain.core.errors import Closed, Conflict, Forbidden, Invalid, NotFound, Refusal, TooMany
from kamtrain.core.message import N_, Message, message
from kamtrain.core.people import Person, Role, Scope
from kamtrain.core.problems import Problem, Severity, ordered
from kamtrain.core.table import Column, Table


def test_a_message_reads_as_its_sentence_with_the_places_filled() -> None:
    assert str(message("Read “%(title)s”.", title="Four types")) == "Read “Four types”."
    assert str(message("100 % sure")) == "100 % sure"
    assert message("a") == Message("a")
    assert str(message("No %(kind)s in %(places)s.", kind=message("table"), places=("a", "b"))) == "No table in a, b."


def test_a_literal_marked_for_extraction_stays_what_it_is() -> None:
    assert N_("Completion") == "Completion"


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Refusal(message("a")), 400),
        (NotFound(message("a")), 404),
        (Forbidden(message("a")), 403),
        (Invalid(message("a"), "name"), 422),
        (Conflict(message("a")), 409),
        (Closed(message("a"), datetime(2026, 1, 1, tzinfo=UTC)), 409),
        (TooMany(message("a"), 60), 429),
    ],
)
def test_a_refusal_says_the_same_as_text_as_message_and_as_status(refusal: Refusal, status: int) -> None:
    assert str(refusal) == "a"
    assert refusal.message == message("a")
    assert refusal.status == status


def test_refusals_carry_their_facts() -> None:
    until = datetime(2026, 1, 1, tzinfo=UTC)
    assert Closed(message("a"), until).until == until
    assert Closed(message("a")).until is None
    assert TooMany(message("a"), 60).retry_after == 60
    assert Invalid(message("a")).field is None


def problem(line: int, severity: Severity, column: int = 1, path: str = "a.md", code: str = "x") -> Problem:
    return Problem(path, line, column, severity, code, message("a"))


def test_problems_stand_by_place_and_the_graver_one_first() -> None:
    note, warning, error = (problem(3, s) for s in (Severity.note, Severity.warning, Severity.error))
    first, other = problem(1, Severity.note), problem(1, Severity.error, path="b.md")
    assert ordered([other, note, warning, error, first]) == (first, error, warning, note, other)


def test_only_an_error_stops_publishing() -> None:
    assert [problem(1, s).fatal for s in Severity] == [True, False, False]


def test_a_person_has_any_of_the_roles_asked_for() -> None:
    person = Person(1, "a@b.example", "A", frozenset({Role.trainee, Role.manager}), "en", "Asia/Shanghai", None)
    assert person.has(Role.admin, Role.manager)
    assert not person.has(Role.admin, Role.trainer)
    assert not person.has()


def test_a_scope_covers_its_teams_and_everybody_only_where_it_says_so() -> None:
    assert Scope(None).covers(None)
    assert Scope(None).covers(4)
    assert Scope(frozenset({4})).covers(4)
    assert not Scope(frozenset({4})).covers(5)
    assert not Scope(frozenset({4})).covers(None)
    assert not Scope(frozenset()).covers(4)


def test_a_course_lists_its_steps_in_order_and_knows_what_can_be_played() -> None:
    lesson, tool, survey, quiz = Step("lesson", "a"), Step("tool", "b"), Step("survey", "s"), Step("quiz", "c")
    modules = (Module("m1", {}, (lesson, tool)), Module("m2", {}, (survey, quiz)))
    course = Course("ppl", {"en": "Types"}, ("en",), modules)
    assert course.steps == (lesson, tool, survey, quiz)
    assert course.playable == (lesson, tool, quiz)
    assert course.lesson_ids == ("a",)


def test_a_table_has_a_cell_for_each_column() -> None:
    table = Table((Column("name", "Name"), Column("score", "Score", "percent")), (("Luo", 80), ("Gu", None)))
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert (table.next, table.previous) == (None, None)
