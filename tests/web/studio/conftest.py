"""The sample library where one trainer is its author, and trainers at work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from kamtrain.http.database import engine as engine_of
from kamtrain.services import publishing
from kamtrain.services.attempts import Head
from kamtrain.services.working_copies import Copy, copies
from kamtrain.store.base import reading
from tests import samples
from tests.web.visitor import HERE, Visitor

VisitorFor = Callable[[str], Visitor]
PATH = "courses/try/try-1.1.en.md"
COURSE = "courses/try/course.yaml"
CHECK = "quizzes/check.en.md"
TALK = "quizzes/talk.en.md"
OWNED = samples.COURSE.replace("languages: [en]", "languages: [en]\nauthors: [trainer@demo.example]")


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    publishing.forget_libraries()
    yield
    publishing.forget_libraries()


@pytest.fixture
def owned(app: Flask) -> Head:
    """The sample library; its author is "trainer"."""
    with app.app_context():
        return samples.published(engine_of(), samples.FILES | {COURSE: OWNED.encode()})


class Author(Visitor):
    def save(self, text: str, version: int = 0, path: str = PATH) -> TestResponse:
        return self.post(f"/studio/edit/{path}", {"text": text, "version": version})

    def script(self, url: str, **body: Any) -> TestResponse:
        """As the editor's script sends it."""
        headers = {**HERE, "X-CSRFToken": self.token, "Accept": "application/json"}
        return self.client.post(url, json=body, headers=headers)

    def publish(self, versions: dict[str, int], base: int, note: str = "") -> TestResponse:  # type: ignore[override]
        copies = [f"{version}:{path}" for path, version in versions.items()]
        return self.post("/studio/publish", {"copy": copies, "base": base, "note": note})

    def copies(self, person: int) -> dict[str, Copy]:
        with self.client.application.app_context(), reading(engine_of()) as session:
            return {copy.path: copy for copy in copies(session, person)}


@pytest.fixture
def author(client_for: Callable[[str], Any]) -> Callable[[str], Author]:
    return lambda name: Author(client_for(name))


@pytest.fixture
def trainer(owned: Head, author: Callable[[str], Author]) -> Author:
    return author("trainer")


@pytest.fixture
def other(owned: Head, author: Callable[[str], Author]) -> Author:
    """A trainer who is no author of the course."""
    return author("othertrainer")


@pytest.fixture
def admin(owned: Head, author: Callable[[str], Author]) -> Author:
    return author("admin")


@pytest.fixture
def trainee_of_owned(owned: Head, author: Callable[[str], Author]) -> Author:
    return author("trainee")


def edited(word: str) -> str:
    return samples.LESSON.replace("Somebody asks", f"{word} asks")
