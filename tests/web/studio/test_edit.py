"""/studio/edit/…, and what saves, mends, discards and resolves a working copy"""

from __future__ import annotations

from tests import samples
from tests.cast import Cast
from tests.web.studio.conftest import CHECK, COURSE, PATH, Author, edited
from tests.web.visitor import text_of


def test_it_works(trainer: Author, cast: Cast) -> None:
    page = trainer.page(f"/studio/edit/{PATH}")
    assert "Somebody asks before somebody tells." in page
    response = trainer.save(edited("She"))
    assert (response.status_code, response.location) == (303, f"/studio/edit/{PATH}")
    page = trainer.page(f"/studio/edit/{PATH}")
    assert "She asks" in page
    assert "changed, not published" in page
    assert trainer.copies(cast["trainer"])[PATH].version == 1


def test_problems_stand_beside_the_text_with_their_place(trainer: Author) -> None:
    trainer.save(samples.LESSON.replace("quiz:check", "quiz:chek"))
    page = text_of(trainer.page(f"/studio/edit/{PATH}"))
    assert "There is no quiz `chek`." in page
    assert "line 14, column" in page
    assert "Did you mean `check`?" in page


def test_who_is_no_author_reads_and_may_not_save(other: Author, cast: Cast) -> None:
    page = other.page(f"/studio/edit/{PATH}")
    assert "readonly" in page
    assert "Copy to a text of my own" in page
    assert other.save(edited("She")).status_code == 403
    assert other.script(f"/studio/edit/{PATH}", text="x", version=0).status_code == 403
    assert other.post(f"/studio/mend/{PATH}", {"text": "x", "version": 0}).status_code == 403
    assert other.copies(cast["othertrainer"]) == {}


def test_what_is_not_there_is_not_found(trainer: Author) -> None:
    for path in ("courses/try/none.en.md", "quizzes/media/x.png", "etc/passwd", "courses/try/..%2F..%2Fx.md"):
        assert trainer.get(f"/studio/edit/{path}").status_code == 404
        assert trainer.get(f"/studio/preview/{path}").status_code == 404


def test_the_script_saves_and_is_told_when(trainer: Author, cast: Cast) -> None:
    answer = trainer.script(f"/studio/edit/{PATH}", text=edited("She"), version=0)
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["version"] == 1
    assert answer.json["saved"].startswith("Saved ")
    again = trainer.script(f"/studio/edit/{PATH}", text=edited("She"), version=0)
    assert again.json is not None
    assert again.json["version"] == 1


def test_a_stale_save_shows_both_versions_and_either_can_be_kept(trainer: Author, cast: Cast) -> None:
    trainer.save(edited("One"))
    trainer.save(edited("Two"), 1)
    response = trainer.save(edited("Three"), 1)
    assert response.status_code == 409
    assert "Two asks" in response.text
    assert "Three asks" in response.text
    assert 'name="version" value="2"' in response.text
    assert trainer.copies(cast["trainer"])[PATH].text == edited("Two")
    assert trainer.script(f"/studio/edit/{PATH}", text=edited("Four"), version=1).status_code == 409
    assert trainer.save(edited("Three"), 2).status_code == 303
    assert trainer.copies(cast["trainer"])[PATH].text == edited("Three")


BODIES: tuple[dict[str, object], ...] = (
    {},
    {"text": "x"},
    {"text": 1, "version": 0},
    {"text": "x", "version": "-1"},
    {"text": "x", "version": "²"},
)


def test_what_no_page_sends_is_refused(trainer: Author, cast: Cast) -> None:
    for body in BODIES:
        assert trainer.script(f"/studio/edit/{PATH}", **body).status_code == 422
    assert trainer.copies(cast["trainer"]) == {}


def test_json_that_is_no_object_is_refused(trainer: Author) -> None:
    headers = {"X-CSRFToken": trainer.token, "Accept": "application/json"}
    response = trainer.client.post(f"/studio/edit/{PATH}", json=[1, 2], headers=headers)
    assert response.status_code == 422


def test_what_cannot_be_stored_is_refused_in_words(trainer: Author) -> None:
    for text in ("a\0b", "a\ud800b"):
        response = trainer.script(f"/studio/edit/{PATH}", text=text, version=0)
        assert response.status_code == 422
        assert "cannot be stored" in response.text


def test_a_path_outside_the_library_cannot_be_written(trainer: Author, cast: Cast) -> None:
    for path in ("etc/x.md", "courses/.git/x.md", "courses/x.exe"):
        assert trainer.save("x", path=path).status_code == 422
    assert trainer.copies(cast["trainer"]) == {}


def test_a_forged_save_is_refused(trainer: Author, cast: Cast) -> None:
    response = trainer.client.post(f"/studio/edit/{PATH}", data={"text": "x", "version": 0})
    assert response.status_code in (400, 403)
    assert trainer.copies(cast["trainer"]) == {}


def test_an_authors_html_never_runs(trainer: Author) -> None:
    hostile = samples.LESSON + (
        '\n<script>alert(1)</script>\n\n<img src=x onerror=alert(2)>\n\n[x](javascript:alert(3))\n\n<svg onload="alert(4)">\n'
    )
    trainer.save(hostile)
    page = trainer.page(f"/studio/edit/{PATH}")
    shown = page[page.index("data-preview-box") :]
    answer = trainer.script(f"/studio/preview/{PATH}", text=hostile, version=0)
    assert answer.json is not None
    for html in (shown, answer.json["html"]):
        for bad in ("<script>alert", "<img", "<svg onload", 'href="javascript:'):
            assert bad not in html


def test_the_text_is_in_its_field_exactly(trainer: Author) -> None:
    text = "\n\n</textarea><script>alert(1)</script>&amp;\n"
    trainer.save(text, path=PATH)
    page = trainer.page(f"/studio/edit/{PATH}")
    assert "\n\n&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;\n</textarea>" in page


# --- mending ---


def test_what_has_one_right_form_is_mended(trainer: Author, cast: Cast) -> None:
    typed = samples.CHECK.replace("- [x] This one", "- 【x】 This one").replace("pass: 50", "pass: 50%")
    response = trainer.post(f"/studio/mend/{CHECK}", {"text": typed, "version": 0})
    assert response.status_code == 303
    assert trainer.copies(cast["trainer"])[CHECK].text == samples.CHECK
    assert "Mended and saved." in trainer.page(f"/studio/edit/{CHECK}")


def test_mending_what_is_right_says_so_and_keeps_the_text(trainer: Author, cast: Cast) -> None:
    trainer.post(f"/studio/mend/{PATH}", {"text": edited("She"), "version": 0})
    assert trainer.copies(cast["trainer"])[PATH].text == edited("She")
    assert "nothing that can be mended" in trainer.page(f"/studio/edit/{PATH}")


def test_mending_a_stale_text_shows_both(trainer: Author) -> None:
    trainer.save(edited("One"))
    assert trainer.post(f"/studio/mend/{PATH}", {"text": edited("Two"), "version": 0}).status_code == 409


# --- discarding ---


def test_discarding_leaves_what_is_published(trainer: Author, cast: Cast) -> None:
    trainer.save(edited("She"))
    for _ in range(2):  # a double click
        response = trainer.post(f"/studio/discard/{PATH}", {"version": 1})
        assert (response.status_code, response.location) == (303, "/studio")
    assert trainer.copies(cast["trainer"]) == {}
    assert "Somebody asks" in trainer.page(f"/studio/edit/{PATH}")


def test_nobody_discards_what_another_tab_has_saved_since(trainer: Author, cast: Cast) -> None:
    trainer.save(edited("One"))
    trainer.save(edited("Two"), 1)
    assert trainer.post(f"/studio/discard/{PATH}", {"version": 1}).status_code == 409
    assert trainer.post(f"/studio/discard/{PATH}", {"version": "x"}).status_code == 422
    assert trainer.copies(cast["trainer"])[PATH].text == edited("Two")


def test_nobody_discards_for_somebody_else(trainer: Author, admin: Author, cast: Cast) -> None:
    trainer.save(edited("One"))
    admin.post(f"/studio/discard/{PATH}", {"version": 1})
    assert PATH in trainer.copies(cast["trainer"])


# --- when somebody published meanwhile ---


def overtaken(trainer: Author, admin: Author, cast: Cast) -> str:
    """The trainer's copy stands on an older text; the sha256 of the one published since."""
    trainer.save(edited("Mine"))
    admin.save(edited("Theirs"))
    assert "/studio/history/" in admin.publish({PATH: 1}, 1).location
    sha256 = trainer.copies(cast["trainer"])[PATH].published_sha256
    assert sha256 is not None
    return sha256


def test_both_versions_are_shown_and_ones_own_can_be_kept(trainer: Author, admin: Author, cast: Cast) -> None:
    seen = overtaken(trainer, admin, cast)
    page = text_of(trainer.page(f"/studio/edit/{PATH}"))
    assert "Somebody published another text" in page
    assert "Theirs" in page
    assert "Mine" in page
    form = {"keep": "mine", "version": 1, "seen": seen}
    assert trainer.post(f"/studio/resolve/{PATH}", form).status_code == 303
    copy = trainer.copies(cast["trainer"])[PATH]
    assert (copy.text, copy.outdated) == (edited("Mine"), False)
    assert "/studio/history/" in trainer.publish({PATH: 1}, 2).location


def test_the_published_one_can_be_taken(trainer: Author, admin: Author, cast: Cast) -> None:
    seen = overtaken(trainer, admin, cast)
    trainer.post(f"/studio/resolve/{PATH}", {"keep": "theirs", "version": 1, "seen": seen})
    assert trainer.copies(cast["trainer"]) == {}
    assert "Theirs asks" in trainer.page(f"/studio/edit/{PATH}")


def test_a_choice_that_is_none_is_refused(trainer: Author, admin: Author, cast: Cast) -> None:
    form = {"keep": "mine", "version": 1, "seen": overtaken(trainer, admin, cast)}
    for change in ({"keep": "both"}, {"version": ""}, {"keep": ""}):
        assert trainer.post(f"/studio/resolve/{PATH}", form | change).status_code == 422


def test_every_kind_of_file_opens(trainer: Author) -> None:
    glossary = "word:\n  name: {en: word}\n  text: {en: A term explained.}\n"
    trainer.save(glossary, path="courses/glossary.yaml")
    trainer.save("tag: {en: a wrong read}\n", path="quizzes/misconceptions.yaml")
    for path, words in (
        (COURSE, "One module"),
        (CHECK, "Answers and feedback"),
        ("quizzes/talk.en.md", "Play it"),
        ("courses/glossary.yaml", "A term explained."),
        ("quizzes/misconceptions.yaml", "a wrong read"),
    ):
        assert words in trainer.page(f"/studio/edit/{path}")
