"""Publishing: what a plan says, who may move the head, bundles, and summaries that follow the rules."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from kamtrain.core.errors import Conflict, Invalid
from kamtrain.services import attempts, learning
from kamtrain.services.attempts import Head
from kamtrain.services.effects import effects
from kamtrain.services.publishing import (
    files_at,
    files_on_disk,
    forget_libraries,
    library_at,
    offered_bundle,
    plan,
    publish,
    publish_bundle,
    settle,
    settle_all,
    take_bundle,
    unsettled,
)
from kamtrain.store import history
from kamtrain.store import library as store
from kamtrain.store.attempts import Attempt
from kamtrain.store.audit import AuditEntry
from kamtrain.store.base import reading, writing
from kamtrain.store.learning import Summary
from tests import samples
from tests.cast import Cast, seat
from tests.drilled import WITH_DRILL
from tests.samples import FILES, published

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
COURSE = "courses/try/course.yaml"
LESSON = "courses/try/try-1.1.en.md"
CHECK = "quizzes/check.en.md"
TALK = "quizzes/talk.en.md"


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Revisions of one test's database are not those of the next one's."""
    forget_libraries()
    yield
    forget_libraries()


@pytest.fixture
def head(engine: Engine) -> Head:
    return published(engine)


@pytest.fixture
def people(engine: Engine) -> Cast:
    with writing(engine) as session:
        return seat(session, NOW)


def changed(path: str, old: str, new: str) -> dict[str, bytes]:
    text = FILES[path].decode()
    assert old in text
    return FILES | {path: text.replace(old, new).encode()}


def publish_files(engine: Engine, files: dict[str, bytes], note: str = "") -> int:
    with writing(engine) as session:
        return publish(session, plan(session, files), "disk", None, note, NOW)


def begin(engine: Engine, head: Head, person: int, kind: str, id: str, course: str | None = "try") -> int:
    with writing(engine) as session:
        return attempts.begin(session, head, person, kind, id, course, "", random.Random(1), NOW)


def read_lesson(engine: Engine, head: Head, person: int) -> None:
    with writing(engine) as session:
        learning.finish_lesson(session, head.library, head.revision_id, person, "try", "try-1.1", NOW)


# --- the plan ---


def test_a_plan_says_what_differs_and_writes_nothing(engine: Engine, head: Head) -> None:
    with reading(engine) as session:
        planned = plan(session, changed(LESSON, "Somebody asks", "Somebody listens"))
        assert [change.path for change in planned.changes] == [LESSON]
        assert "asks" in (planned.changes[0].before or "")
        assert "listens" in (planned.changes[0].after or "")
        assert planned.base == head.revision_id
        assert planned.possible
        assert store.head(session) == head.revision_id


def test_the_same_files_are_no_change(engine: Engine, head: Head) -> None:
    with writing(engine) as session:
        planned = plan(session, FILES)
        assert planned.changes == ()
        assert not planned.possible
        with pytest.raises(Conflict):
            publish(session, planned, "disk", None, "", NOW)


def test_a_new_required_step_names_who_must_do_it(engine: Engine, head: Head, people: Cast) -> None:
    read_lesson(engine, head, people["trainee"])
    files = changed(COURSE, "- quiz: final", "- quiz: final\n      - lesson: try-1.2")
    files["courses/try/try-1.2.en.md"] = samples.LESSON.replace("try-1.1", "try-1.2").encode()
    with reading(engine) as session:
        (impact,) = plan(session, files).courses
    assert (impact.course, impact.under_way, impact.complete) == ("try", 1, 0)
    assert [step.id for step in impact.added] == ["try-1.2"]
    assert impact.removed == ()
    assert not impact.gone


def test_who_is_complete_is_counted_as_keeping_it(engine: Engine, head: Head, people: Cast) -> None:
    read_lesson(engine, head, people["trainee"])
    read_lesson(engine, head, people["outsider"])
    with writing(engine) as session:
        session.scalars(select(Summary).where(Summary.person_id == people["trainee"])).one().completed_at = NOW
    with reading(engine) as session:
        (impact,) = plan(session, changed(COURSE, "      - quiz: final\n", "")).courses
    assert (impact.under_way, impact.complete) == (1, 1)
    assert [step.id for step in impact.removed] == ["final"]


def test_a_course_taken_out_is_told(engine: Engine, head: Head) -> None:
    files = {path: data for path, data in FILES.items() if not path.startswith("courses/")}
    with reading(engine) as session:
        (impact,) = plan(session, files).courses
    assert impact.gone
    assert len(impact.removed) == 4


def test_only_a_changed_question_starts_its_statistics_afresh(engine: Engine, head: Head, people: Cast) -> None:
    begin(engine, head, people["trainee"], "quiz", "check")
    with reading(engine) as session:
        (impact,) = plan(session, changed(CHECK, "And which one here?", "Which one, here?")).activities
    assert impact.questions == ("c2",)
    assert impact.open_attempts == 1
    assert impact.passing_before == impact.passing_after == 50


def test_a_raised_mark_counts_who_must_try_again(engine: Engine, head: Head, people: Cast) -> None:
    attempt = begin(engine, head, people["trainee"], "quiz", "check")
    with writing(engine) as session:
        row = session.get_one(Attempt, attempt)
        row.finished_at, row.score, row.passed = NOW, 50, True
    with reading(engine) as session:
        (impact,) = plan(session, changed(CHECK, "pass: 50", "pass: 80")).activities
    assert (impact.passing_before, impact.passing_after, impact.no_longer_passed) == (50, 80, 1)
    assert impact.open_attempts == 0


def test_an_open_conversation_is_counted(engine: Engine, head: Head, people: Cast) -> None:
    begin(engine, head, people["trainee"], "scenario", "talk")
    with reading(engine) as session:
        (impact,) = plan(session, changed(TALK, "The briefing.", "Another briefing.")).activities
    assert (impact.kind, impact.id, impact.open_attempts) == ("scenario", "talk", 1)


@pytest.mark.parametrize("gone", [False, True])
def test_who_is_under_way_in_a_drill_is_told(engine: Engine, people: Cast, gone: bool) -> None:
    head = published(engine, WITH_DRILL)
    begin(engine, head, people["trainee"], "drill", "tell")
    files = {path: data.replace(b"Behaviour s1", b"Another thing s1") for path, data in WITH_DRILL.items()}
    if gone:
        files = FILES
    with reading(engine) as session:
        planned = plan(session, files)
    assert [(one.kind, one.id, one.open_attempts, one.gone) for one in planned.activities] == [
        ("drill", "tell", 1, gone)
    ]
    told = [str(one) for one in effects(planned, head.library, "en")]
    wanted = "1 under way cannot go on" if gone else "1 under way get the new scenes from their next question on"
    assert any("Tell them apart" in one and wanted in one for one in told)


def test_an_open_attempt_keeps_its_revision(engine: Engine, head: Head, people: Cast) -> None:
    attempt = begin(engine, head, people["trainee"], "quiz", "check")
    publish_files(engine, changed(CHECK, "Which one is right?", "Another question?"))
    with reading(engine) as session:
        row = session.get_one(Attempt, attempt)
        assert row.revision_id == head.revision_id
        assert "Which one is right?" in library_at(session, row.revision_id).quiz("check", "en").question("c1").text


# --- publishing ---


def test_a_revision_is_a_snapshot_and_stores_each_text_once(engine: Engine, head: Head) -> None:
    second = publish_files(engine, changed(LESSON, "Somebody asks", "Nobody asks"), note="better")
    with reading(engine) as session:
        assert store.head(session) == second
        assert store.files(session, head.revision_id) == FILES
        assert session.scalar(select(func.count()).select_from(store.Blob)) == len(FILES) + 1
        assert [line.note for line in history.history(session, second)] == ["better", ""]
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "library.publish")).all()
        assert entries[-1].detail == {"origin": "disk", "paths": [LESSON]}


def test_a_file_of_its_revision_is_read_though_another_was_asked_for(engine: Engine, head: Head) -> None:
    second = publish_files(engine, changed(LESSON, "Somebody asks", "Nobody asks"))
    with reading(engine) as session:
        for _ in range(2):
            assert b"Nobody" in files_at(session, second)[LESSON]
            assert b"Nobody" not in files_at(session, head.revision_id)[LESSON]


def test_of_two_publishers_the_second_is_refused(engine: Engine, head: Head) -> None:
    with reading(engine) as session:
        mine = plan(session, changed(LESSON, "Somebody asks", "Mine"))
        theirs = plan(session, changed(LESSON, "Somebody asks", "Theirs"))
    with writing(engine) as session:
        first = publish(session, theirs, "disk", None, "", NOW)
    with pytest.raises(Conflict, match="Somebody else has published"), writing(engine) as session:
        publish(session, mine, "disk", None, "", NOW)
    with reading(engine) as session:
        assert store.head(session) == first
        assert session.scalar(select(func.count()).select_from(store.Revision)) == 2


def test_many_at_once_publish_one_revision(engine: Engine, head: Head) -> None:
    with reading(engine) as session:
        planned = plan(session, changed(LESSON, "Somebody asks", "All at once"))
    outcomes: list[object] = []

    def one() -> None:
        try:
            with writing(engine) as session:
                outcomes.append(publish(session, planned, "disk", None, "", NOW))
        except Conflict:
            outcomes.append(None)

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome is None for outcome in outcomes) == [False] + [True] * 5


def test_two_first_publishers_are_told_too(engine: Engine) -> None:
    with reading(engine) as session:
        planned = plan(session, FILES)
    with writing(engine) as session:
        publish(session, planned, "disk", None, "", NOW)
    with pytest.raises(Conflict), writing(engine) as session:
        publish(session, planned, "disk", None, "", NOW)


HOSTILE = {
    "empty": b"",
    "huge": b"# x\n" * 2_600_000,
    "binary": bytes(range(256)) * 50,
    "utf-16": "---\nid: try-1.1\n---\n".encode("utf-16"),
    "gbk": "---\nid: try-1.1\ntitle: 标题\n---\n".encode("gbk"),
    "torn front matter": b"---\nid: [",
    "an anchor that grows": b"---\nid: &a [*a, *a]\ntitle: x\n---\n",
    "an unknown key": b"---\nid: try-1.1\ntitle: x\nbogus: 1\n---\n\ntext\n",
    "another id": b"---\nid: other\ntitle: x\n---\n\ntext\n",
}


def test_a_hostile_file_is_a_problem_and_what_was_published_stays(engine: Engine, head: Head) -> None:
    for name, data in HOSTILE.items():
        with writing(engine) as session:
            planned = plan(session, FILES | {LESSON: data})
            found = [problem for problem in planned.problems if problem.fatal]
            assert found, name
            assert all(problem.line >= 1 and problem.column >= 1 for problem in found)
            with pytest.raises(Invalid):
                publish(session, planned, "disk", None, "", NOW)
    with reading(engine) as session:
        assert store.head(session) == head.revision_id
        assert library_at(session, head.revision_id).lesson_text("try-1.1", "en").title == "A first lesson"


def test_line_ends_and_a_byte_order_mark_are_no_problem(engine: Engine, head: Head) -> None:
    for mark, end in (("", "\r\n"), ("\ufeff", "\n"), ("\ufeff", "\r\n")):
        text = mark + FILES[LESSON].decode().replace("Somebody asks", "She asks").replace("\n", end)
        with reading(engine) as session:
            planned = plan(session, FILES | {LESSON: text.encode()})
        assert planned.possible
        assert "She asks" in str(planned.library.lesson_text("try-1.1", "en").blocks)


# --- bundles ---


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return tmp_path / "bundle"


def on_disk(folder: Path, files: dict[str, bytes]) -> Path:
    for old in (path for path in folder.rglob("*") if path.is_file()):
        old.unlink()
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def start(engine: Engine, folder: Path) -> str:
    with writing(engine) as session:
        return publish_bundle(session, folder, NOW)[0]


def test_content_on_disk_is_courses_and_quizzes_without_what_is_hidden(bundle: Path) -> None:
    on_disk(bundle, FILES | {"courses/try/README.md": b"x", "courses/.git/x": b"x", "docs/a.md": b"x"})
    assert files_on_disk(bundle) == FILES


def test_a_bundle_is_published_while_it_is_the_head(engine: Engine, bundle: Path) -> None:
    assert start(engine, on_disk(bundle, FILES)) == "published"
    assert start(engine, bundle) == "current"
    on_disk(bundle, changed(LESSON, "Somebody asks", "A newer text"))
    assert start(engine, bundle) == "published"
    with reading(engine) as session:
        assert offered_bundle(session, bundle) is None


def test_after_trainers_have_published_a_bundle_is_offered(engine: Engine, bundle: Path, people: Cast) -> None:
    start(engine, on_disk(bundle, FILES))
    trainers = changed(LESSON, "Somebody asks", "The trainer's own")
    with writing(engine) as session:
        publish(session, plan(session, trainers), "studio", people["trainer"], "", NOW)
    assert start(engine, bundle) == "current"
    news = changed(TALK, "The briefing.", "The newer briefing.") | {
        LESSON: FILES[LESSON].replace(b"Somebody asks", b"The newer lesson")
    }
    on_disk(bundle, news)
    assert start(engine, bundle) == "offered"
    with reading(engine) as session:
        offer = offered_bundle(session, bundle)
        assert offer is not None
        assert [change.path for change in offer.plan.changes] == [TALK]
        assert [change.path for change in offer.contested] == [LESSON]


def test_taking_a_bundle_over_keeps_what_trainers_changed(engine: Engine, bundle: Path, people: Cast) -> None:
    start(engine, on_disk(bundle, FILES))
    with writing(engine) as session:
        trainers = changed(LESSON, "Somebody asks", "The trainer's own")
        base = publish(session, plan(session, trainers), "studio", people["trainer"], "", NOW)
    on_disk(bundle, changed(TALK, "The briefing.", "The newer briefing."))
    with writing(engine) as session:
        taken = take_bundle(session, bundle, base, people["admin"], NOW)
    with reading(engine) as session:
        files = store.files(session, taken)
        assert b"The trainer's own" in files[LESSON]
        assert b"The newer briefing." in files[TALK]
        assert offered_bundle(session, bundle) is None
        assert [line.id for line in history.history(session, taken)] == [taken, base, 1]
    # The next one is offered again: trainers' work is never overrun.
    on_disk(bundle, changed(TALK, "The briefing.", "A third briefing."))
    assert start(engine, bundle) == "offered"


def test_a_bundle_is_taken_over_upon_the_head_that_was_shown(engine: Engine, bundle: Path, people: Cast) -> None:
    start(engine, on_disk(bundle, FILES))
    publish_files(engine, changed(LESSON, "Somebody asks", "One"))
    on_disk(bundle, changed(TALK, "The briefing.", "The newer briefing."))
    with pytest.raises(Conflict), writing(engine) as session:
        take_bundle(session, bundle, 1, people["admin"], NOW)


def test_a_bundle_whose_news_are_all_contested_is_noted_and_not_offered_again(
    engine: Engine, bundle: Path, people: Cast
) -> None:
    start(engine, on_disk(bundle, FILES))
    base = publish_files(engine, changed(LESSON, "Somebody asks", "One"))
    on_disk(bundle, changed(LESSON, "Somebody asks", "Two"))
    with writing(engine) as session:
        assert take_bundle(session, bundle, base, people["admin"], NOW) == base
    assert start(engine, bundle) == "current"


def test_a_broken_bundle_leaves_what_is_published(engine: Engine, bundle: Path) -> None:
    start(engine, on_disk(bundle, FILES))
    on_disk(bundle, FILES | {LESSON: b"---\nid: ["})
    with pytest.raises(Invalid):
        start(engine, bundle)
    with reading(engine) as session:
        assert store.head(session) == 1


# --- settling ---


def test_summaries_follow_the_rules_in_steps_that_can_stop_anywhere(engine: Engine, head: Head, people: Cast) -> None:
    for name in ("trainee", "outsider", "trainer", "manager"):
        read_lesson(engine, head, people[name])
    with reading(engine) as session:
        assert not unsettled(session)
    second = publish_files(engine, changed(COURSE, "      - quiz: final\n", ""))
    with reading(engine) as session:
        assert unsettled(session)
    with writing(engine) as session:
        assert settle(session, limit=3)
    with reading(engine) as session:
        done = session.scalars(select(Summary.revision_id)).all()
        assert sorted(done) == [head.revision_id, second, second, second]
    assert not settle_all(engine, seconds=10)
    with reading(engine) as session:
        assert not unsettled(session)
        assert session.scalars(select(Summary.required)).all() == [3, 3, 3, 3]
        assert session.scalars(select(Summary.percent)).all() == [33, 33, 33, 33]


def test_a_completion_once_earned_stays(engine: Engine, head: Head, people: Cast) -> None:
    read_lesson(engine, head, people["trainee"])
    with writing(engine) as session:
        session.get_one(Summary, 1).completed_at = NOW
    files = changed(COURSE, "- quiz: final", "- quiz: final\n      - lesson: try-1.2")
    files["courses/try/try-1.2.en.md"] = samples.LESSON.replace("try-1.1", "try-1.2").encode()
    publish_files(engine, files)
    assert not settle_all(engine, seconds=10)
    with reading(engine) as session:
        summary = session.get_one(Summary, 1)
        assert summary.completed_at == NOW
        assert (summary.required, summary.done) == (5, 1)


def test_where_no_rule_changed_summaries_only_move_on(engine: Engine, head: Head, people: Cast) -> None:
    read_lesson(engine, head, people["trainee"])
    second = publish_files(engine, changed(LESSON, "Somebody asks", "She asks"))
    with writing(engine) as session:
        session.get_one(Summary, 1).percent = 7  # would be corrected if it were made anew
    assert not settle_all(engine, seconds=10)
    with reading(engine) as session:
        summary = session.get_one(Summary, 1)
        assert (summary.revision_id, summary.percent) == (second, 7)


def test_a_course_taken_out_leaves_its_summaries(engine: Engine, head: Head, people: Cast) -> None:
    read_lesson(engine, head, people["trainee"])
    publish_files(engine, {CHECK: FILES[CHECK]})
    assert not settle_all(engine, seconds=10)
    with reading(engine) as session:
        assert session.get_one(Summary, 1).percent == 25


def test_without_a_library_there_is_nothing_to_settle(engine: Engine) -> None:
    assert not settle_all(engine, seconds=1)
    with writing(engine) as session:
        assert not settle(session)
