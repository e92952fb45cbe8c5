"""Working copies: whose they are, what is stale, and that no text is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from kamtrain.core.errors import Conflict, Forbidden, Invalid, NotFound
from kamtrain.core.people import Person, Role
from kamtrain.services import publishing
from kamtrain.services.attempts import Head
from kamtrain.services.publishing import library_at, plan, publish
from kamtrain.services.working_copies import (
    Stale,
    copies,
    copy_of,
    discard,
    is_text,
    publish_copies,
    rebase,
    save,
    take_back,
)
from kamtrain.store import library as store
from kamtrain.store.base import reading, writing
from tests.cast import Cast, seat
from tests.samples import COURSE, FILES, LESSON, published

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PATH = "courses/try/try-1.1.en.md"
CHECK = "quizzes/check.en.md"
OWNED = COURSE.replace("languages: [en]", "languages: [en]\nauthors: [trainer@demo.example]")


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    publishing.forget_libraries()
    yield
    publishing.forget_libraries()


@pytest.fixture
def people(engine: Engine) -> Cast:
    with writing(engine) as session:
        return seat(session, NOW)


@pytest.fixture
def head(engine: Engine) -> Head:
    return published(engine)


@pytest.fixture
def trainer(people: Cast) -> Person:
    return person(people, "trainer")


@pytest.fixture
def other(people: Cast) -> Person:
    return person(people, "othertrainer")


def person(people: Cast, name: str) -> Person:
    role = Role.admin if name == "admin" else Role.trainer
    return Person(people[name], f"{name}@demo.example", name, frozenset({role}), "en", "UTC", None)


def keep(engine: Engine, who: Person, text: str, version: int = 0, path: str = PATH) -> int:
    with writing(engine) as session:
        revision = store.head(session)
        assert revision is not None
        return save(session, library_at(session, revision), who, path, text, version, NOW)[0]


def go(engine: Engine, who: Person, versions: dict[str, int], base: int) -> int:
    with writing(engine) as session:
        return publish_copies(session, who, versions, base, "why", NOW)


def published_text(engine: Engine, path: str = PATH) -> str:
    with reading(engine) as session:
        revision = store.head(session)
        assert revision is not None
        return store.files(session, revision)[path].decode()


def edited(word: str) -> str:
    return LESSON.replace("Somebody", word)


def test_a_working_copy_is_seen_by_nobody_else(engine: Engine, head: Head, trainer: Person, other: Person) -> None:
    assert keep(engine, trainer, edited("She")) == 1
    with reading(engine) as session:
        copy = copy_of(session, trainer.id, PATH)
        assert copy is not None
        assert (copy.text, copy.published, copy.outdated) == (edited("She"), LESSON, False)
        assert copies(session, other.id) == ()
    assert published_text(engine) == LESSON


def test_saving_counts_up_and_the_same_text_again_changes_nothing(engine: Engine, head: Head, trainer: Person) -> None:
    assert keep(engine, trainer, edited("One"), 0) == 1
    assert keep(engine, trainer, edited("One"), 0) == 1
    assert keep(engine, trainer, edited("Two"), 1) == 2
    assert keep(engine, trainer, edited("Two"), 1) == 2


def test_a_stale_save_is_refused_with_both_texts(engine: Engine, head: Head, trainer: Person) -> None:
    keep(engine, trainer, edited("One"), 0)
    keep(engine, trainer, edited("Two"), 1)
    with pytest.raises(Stale) as refused:
        keep(engine, trainer, edited("Three"), 1)
    assert (refused.value.mine, refused.value.theirs, refused.value.version) == (edited("Three"), edited("Two"), 2)
    with reading(engine) as session:
        copy = copy_of(session, trainer.id, PATH)
        assert copy is not None
        assert copy.text == edited("Two")


def test_a_tab_that_did_not_know_of_the_copy_is_stale_too(engine: Engine, head: Head, trainer: Person) -> None:
    keep(engine, trainer, edited("One"), 0)
    with pytest.raises(Stale):
        keep(engine, trainer, edited("Two"), 0)


def test_a_copy_that_is_gone_is_told_with_what_is_published(engine: Engine, head: Head, trainer: Person) -> None:
    keep(engine, trainer, edited("One"), 0)
    with writing(engine) as session:
        discard(session, trainer.id, PATH, 1)
    with pytest.raises(Stale) as refused:
        keep(engine, trainer, edited("Two"), 1)
    assert (refused.value.theirs, refused.value.version) == (LESSON, 0)
    assert keep(engine, trainer, edited("Two"), 0) == 1


def test_ten_tabs_that_begin_at_once_make_one_copy_and_lose_no_text(
    engine: Engine, head: Head, trainer: Person
) -> None:
    library_at_once = head.library
    outcomes: list[str] = []

    def one(number: int) -> None:
        try:
            with writing(engine) as session:
                save(session, library_at_once, trainer, PATH, edited(f"Tab{number}"), 0, NOW)
            outcomes.append("kept")
        except Stale as stale:
            outcomes.append(f"shown {stale.mine == edited(f'Tab{number}')}")

    threads = [threading.Thread(target=one, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["kept"] + ["shown True"] * 9


def test_what_another_tab_saved_is_not_discarded_unseen(engine: Engine, head: Head, trainer: Person) -> None:
    keep(engine, trainer, edited("One"), 0)
    keep(engine, trainer, edited("Two"), 1)
    with pytest.raises(Stale), writing(engine) as session:
        discard(session, trainer.id, PATH, 1)
    for _ in range(2):
        with writing(engine) as session:
            discard(session, trainer.id, PATH, 2)
    with reading(engine) as session:
        assert copies(session, trainer.id) == ()


def test_line_ends_of_a_browser_are_brought_home(engine: Engine, head: Head, trainer: Person) -> None:
    keep(engine, trainer, "a\r\nb\rc\n")
    with reading(engine) as session:
        copy = copy_of(session, trainer.id, PATH)
        assert copy is not None
        assert copy.text == "a\nb\nc\n"


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_what_cannot_be_stored_is_refused_with_a_sentence(
    engine: Engine, head: Head, trainer: Person, text: str
) -> None:
    with pytest.raises(Invalid, match="cannot be stored"):
        keep(engine, trainer, text)


OUTSIDE = (
    "",
    "/etc/passwd.md",
    "courses/../../etc/x.md",
    "courses/.git/x.md",
    "courses//x.md",
    "other/x.md",
    "courses/x.py",
    "courses/x\n.md",
    "courses\\x.md",
    "courses/try/media/x.png",
    "courses/" + "x" * 300 + ".md",
    "quizzes",
)


def test_a_path_outside_the_library_is_refused(engine: Engine, head: Head, trainer: Person) -> None:
    for path in OUTSIDE:
        assert not is_text(path)
        with pytest.raises(Invalid):
            keep(engine, trainer, "x", 0, path)


def test_who_is_not_an_author_may_not_save(engine: Engine, trainer: Person, other: Person, people: Cast) -> None:
    published(engine, FILES | {"courses/try/course.yaml": OWNED.encode()})
    for path in (PATH, "courses/try/course.yaml", CHECK, "courses/try/new.en.md"):
        with pytest.raises(Forbidden):
            keep(engine, other, "x", 0, path)
    assert keep(engine, trainer, edited("She")) == 1
    assert keep(engine, person(people, "admin"), edited("He")) == 1


# --- publishing them ---


def test_publishing_moves_the_head_and_clears_the_copies(engine: Engine, head: Head, trainer: Person) -> None:
    version = keep(engine, trainer, edited("She"))
    keep(engine, trainer, FILES[CHECK].decode() + "\n", 0, CHECK)
    revision = go(engine, trainer, {PATH: version}, head.revision_id)
    assert published_text(engine) == edited("She")
    with reading(engine) as session:
        assert store.head(session) == revision
        assert [copy.path for copy in copies(session, trainer.id)] == [CHECK]


def test_publishing_twice_publishes_once(engine: Engine, head: Head, trainer: Person) -> None:
    version = keep(engine, trainer, edited("She"))
    revision = go(engine, trainer, {PATH: version}, head.revision_id)
    with pytest.raises(Conflict):
        go(engine, trainer, {PATH: version}, head.revision_id)
    with reading(engine) as session:
        assert store.head(session) == revision
        found = publishing.published_by(session, trainer.id, head.revision_id, [PATH])
        assert found == revision
        assert publishing.published_by(session, trainer.id, head.revision_id, [CHECK]) is None


def test_of_two_publishers_the_second_sees_the_first(
    engine: Engine, head: Head, trainer: Person, other: Person
) -> None:
    mine, theirs = keep(engine, trainer, edited("Mine")), keep(engine, other, edited("Theirs"))
    first = go(engine, other, {PATH: theirs}, head.revision_id)
    with pytest.raises(Conflict):
        go(engine, trainer, {PATH: mine}, head.revision_id)
    with pytest.raises(Conflict):
        go(engine, trainer, {PATH: mine}, first)
    with reading(engine) as session:
        copy = copy_of(session, trainer.id, PATH)
        assert copy is not None
        assert copy.outdated
        assert (copy.text, copy.published) == (edited("Mine"), edited("Theirs"))
        seen = copy.published_sha256
    with writing(engine) as session:
        rebase(session, trainer.id, PATH, seen)
    go(engine, trainer, {PATH: mine}, first)
    assert published_text(engine) == edited("Mine")


def test_one_keeps_ones_own_only_against_a_text_one_has_seen(
    engine: Engine, head: Head, trainer: Person, other: Person
) -> None:
    keep(engine, trainer, edited("Mine"))
    first = go(engine, other, {PATH: keep(engine, other, edited("First"))}, head.revision_id)
    with reading(engine) as session:
        copy = copy_of(session, trainer.id, PATH)
        assert copy is not None
        seen = copy.published_sha256
    go(engine, other, {PATH: keep(engine, other, edited("Second"))}, first)
    with pytest.raises(Conflict), writing(engine) as session:
        rebase(session, trainer.id, PATH, seen)


def test_what_was_saved_after_the_page_was_made_is_not_published_unseen(
    engine: Engine, head: Head, trainer: Person
) -> None:
    keep(engine, trainer, edited("One"), 0)
    keep(engine, trainer, edited("Two"), 1)
    with pytest.raises(Conflict):
        go(engine, trainer, {PATH: 1}, head.revision_id)


def test_errors_stop_it_and_the_copy_stays(engine: Engine, head: Head, trainer: Person) -> None:
    version = keep(engine, trainer, "---\nid: [\n")
    with pytest.raises(Invalid):
        go(engine, trainer, {PATH: version}, head.revision_id)
    with pytest.raises(Invalid):
        go(engine, trainer, {}, head.revision_id)
    assert published_text(engine) == LESSON
    with reading(engine) as session:
        assert len(copies(session, trainer.id)) == 1


def test_nobody_gets_hold_of_anothers_quiz_through_a_course_of_her_own(
    engine: Engine, trainer: Person, other: Person
) -> None:
    files = FILES | {"courses/try/course.yaml": OWNED.encode()}
    base = published(engine, files).revision_id
    grab = COURSE.replace("id: try\n", "id: grab\n").replace("      - lesson: try-1.1\n", "").replace("try-1", "grab-1")
    version = keep(engine, other, grab, 0, "courses/grab/course.yaml")
    with pytest.raises(Forbidden, match="to whom"):
        go(engine, other, {"courses/grab/course.yaml": version}, base)


def test_an_author_who_was_taken_out_can_no_longer_publish(
    engine: Engine, trainer: Person, other: Person, people: Cast
) -> None:
    both = OWNED.replace("[trainer@", "[othertrainer@demo.example, trainer@")
    base = published(engine, FILES | {"courses/try/course.yaml": both.encode()}).revision_id
    version = keep(engine, other, edited("Other"))
    with writing(engine) as session:
        owned = FILES | {"courses/try/course.yaml": OWNED.encode()}
        base = publish(session, plan(session, owned), "disk", None, "", NOW)
    with pytest.raises(Forbidden):
        go(engine, other, {PATH: version}, base)


# --- going back ---


def test_older_texts_come_back_as_working_copies(engine: Engine, head: Head, trainer: Person) -> None:
    go(engine, trainer, {PATH: keep(engine, trainer, edited("New"))}, head.revision_id)
    with writing(engine) as session:
        revision = store.head(session)
        assert revision is not None
        library = library_at(session, revision)
        paths = (PATH, CHECK, "courses/try/gone.en.md")
        assert take_back(session, library, trainer, head.revision_id, paths, NOW) == ((PATH,), ())
    with reading(engine) as session:
        copy = copy_of(session, trainer.id, PATH)
        assert copy is not None
        assert (copy.text, copy.outdated) == (LESSON, False)
    go(engine, trainer, {PATH: 1}, revision)
    assert published_text(engine) == LESSON


def test_going_back_overwrites_no_working_copy(engine: Engine, head: Head, trainer: Person) -> None:
    go(engine, trainer, {PATH: keep(engine, trainer, edited("New"))}, head.revision_id)
    keep(engine, trainer, edited("Under way"))
    with writing(engine) as session:
        revision = store.head(session)
        assert revision is not None
        assert take_back(session, library_at(session, revision), trainer, 1, [PATH], NOW) == ((), (PATH,))
    with pytest.raises(NotFound), writing(engine) as session:
        take_back(session, head.library, trainer, 999, [PATH], NOW)
