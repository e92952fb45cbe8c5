"""/studio/publish"""

from __future__ import annotations

import threading

from flask import Flask

from kamtrain.http.database import engine as engine_of
from kamtrain.store.base import reading
from kamtrain.store.library import files, head
from tests import samples
from tests.cast import Cast
from tests.web.studio.conftest import CHECK, COURSE, OWNED, PATH, Author, edited
from tests.web.visitor import text_of


def published(app: Flask) -> tuple[int, dict[str, bytes]]:
    with app.app_context(), reading(engine_of()) as session:
        revision = head(session)
        assert revision is not None
        return revision, files(session, revision)


def test_it_works(app: Flask, trainer: Author, trainee_of_owned: Author, cast: Cast) -> None:
    trainer.save(edited("She"))
    page = trainer.page("/studio/publish")
    assert "<mark>She</mark>" in page
    assert "everybody keeps progress and results" in page
    response = trainer.publish({PATH: 1}, 1, "Clearer")
    assert (response.status_code, response.location) == (303, "/studio/history/2")
    page = text_of(trainer.page("/studio/history/2"))
    assert "Clearer" in page
    assert "1 file changed" in page
    assert "She asks" in trainee_of_owned.page("/learn/try/try-1.1")
    assert trainer.copies(cast["trainer"]) == {}


def test_a_double_click_publishes_once_and_leads_to_the_same_page(app: Flask, trainer: Author) -> None:
    trainer.save(edited("She"))
    first, second = trainer.publish({PATH: 1}, 1), trainer.publish({PATH: 1}, 1)
    assert first.location == second.location == "/studio/history/2"
    assert published(app)[0] == 2


def test_clicks_at_once_publish_once(app: Flask, trainer: Author) -> None:
    trainer.save(edited("She"))
    locations: list[str] = []
    with trainer.client.session_transaction() as session:
        cookie = dict(session)

    def click() -> None:
        client = app.test_client()
        with client.session_transaction() as session:
            session.update(cookie)
        form = {"csrf_token": trainer.token, "copy": f"1:{PATH}", "base": 1}
        locations.append(client.post("/studio/publish", data=form, headers={"Sec-Fetch-Site": "same-origin"}).location)

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(locations) == {"/studio/history/2"}
    assert published(app)[0] == 2


def test_what_it_does_to_people_is_said_before(trainer: Author, trainee_of_owned: Author) -> None:
    trainee_of_owned.post("/learn/try/try-1.1/done")
    trainee_of_owned.begin("quiz", "check")
    trainer.save(
        samples.CHECK.replace("pass: 50", "pass: 80").replace("Which one is right?", "Which is right?"), path=CHECK
    )
    trainer.save(OWNED.replace("      - quiz: final\n", ""), path=COURSE)
    page = text_of(trainer.page("/studio/publish"))
    assert "“A course to try”: 1 under way need no longer do: A final." in page
    assert "“A check”: 1 open attempts finish" in page
    assert "from 50 to 80 percent" in page
    assert "start afresh: c1." in page
    one = text_of(trainer.page(f"/studio/publish?chosen=1&path={COURSE}"))
    assert "A final" in one
    assert "80 percent" not in one


def test_summaries_follow_at_once(app: Flask, trainer: Author, trainee_of_owned: Author) -> None:
    trainee_of_owned.post("/learn/try/try-1.1/done")
    trainer.save(OWNED.replace("      - quiz: final\n", ""), path=COURSE)
    trainer.publish({COURSE: 1}, 1)
    assert "33" in text_of(trainee_of_owned.page("/"))


def test_only_what_is_chosen_is_published(app: Flask, trainer: Author, cast: Cast) -> None:
    trainer.save(edited("She"))
    trainer.save(samples.CHECK.replace("A check", "Another check"), path=CHECK)
    trainer.publish({PATH: 1}, 1)
    assert published(app)[1][CHECK] == samples.FILES[CHECK]
    assert list(trainer.copies(cast["trainer"])) == [CHECK]


def test_errors_stop_it_in_words_and_what_was_published_stays(app: Flask, trainer: Author) -> None:
    trainer.save("---\nid: [\n")
    page = trainer.page("/studio/publish")
    assert "There are errors. Mend them first" in page
    assert 'name="base"' not in page
    response = trainer.publish({PATH: 1}, 1, "try anyway")
    assert response.status_code == 303
    assert "There are errors in these files" in trainer.page(response.location)
    assert published(app) == (1, samples.FILES | {COURSE: OWNED.encode()})


def test_who_was_overtaken_is_told_and_keeps_the_text(app: Flask, trainer: Author, admin: Author, cast: Cast) -> None:
    trainer.save(edited("Mine"))
    admin.save(edited("Theirs"))
    admin.publish({PATH: 1}, 1)
    for base in (1, 2):
        response = trainer.publish({PATH: 1}, base)
        assert response.location == "/studio/publish"
    assert "Somebody published another text of this file" in trainer.page("/studio/publish")
    assert trainer.copies(cast["trainer"])[PATH].text == edited("Mine")
    assert b"Theirs" in published(app)[1][PATH]


def test_what_was_saved_since_is_not_published_unseen(app: Flask, trainer: Author) -> None:
    trainer.save(edited("One"))
    trainer.save(edited("Two"), 1)
    assert trainer.publish({PATH: 1}, 1).location == "/studio/publish"
    assert published(app)[0] == 1


def test_who_is_no_author_may_not_publish(app: Flask, other: Author, trainer: Author) -> None:
    trainer.save(edited("She"))
    assert other.publish({PATH: 1}, 1).location == "/studio/publish"  # of a copy that is not hers, there is none
    grab = samples.COURSE.replace("id: try\n", "id: grab\n").replace("try-1", "grab-1")
    other.save(grab.replace("      - lesson: grab-1.1\n", ""), path="courses/grab/course.yaml")
    assert other.publish({"courses/grab/course.yaml": 1}, 1).status_code == 403
    assert published(app)[0] == 1


def test_what_no_page_sends_is_refused(app: Flask, trainer: Author) -> None:
    trainer.save(edited("She"))
    for form in (
        {},
        {"base": 1},
        {"base": "x", "copy": f"1:{PATH}"},
        {"base": 1, "copy": "nonsense"},
        {"base": 1, "copy": "²:x"},
    ):
        assert trainer.post("/studio/publish", form).status_code in (303, 422)
    assert trainer.client.post("/studio/publish", data={"base": 1, "copy": f"1:{PATH}"}).status_code in (400, 403)
    assert trainer.publish({PATH: 1}, 99).status_code in (303, 404)
    assert published(app)[0] == 1


def test_without_working_copies_the_page_says_what_to_do(trainer: Author) -> None:
    assert "You have no working copies" in trainer.page("/studio/publish")


def test_a_note_stays_where_publishing_is_refused(trainer: Author) -> None:
    note = "因为采购中心变了" * 60
    trainer.save(edited("One"))
    trainer.save(edited("Two"), 1)
    response = trainer.publish({PATH: 1}, 1, note)

    assert len(response.location) < 8_000  # what a server reads of an address
    assert note in trainer.page(response.location)
