"""What the tests of screens share: the small library of tests/samples.py published, and visitors of the cast."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kamtrain.http.database import engine as engine_of
from kamtrain.services.attempts import Head
from tests import samples
from tests.web.visitor import Visitor

VisitorFor = Callable[[str], Visitor]


@pytest.fixture
def head(app: Flask) -> Head:
    """The sample library, published."""
    with app.app_context():
        return samples.published(engine_of())


@pytest.fixture
def visitor(client_for: Callable[[str], FlaskClient]) -> VisitorFor:
    """A visitor by the name of one of the cast, at a device of her own."""
    return lambda name: Visitor(client_for(name))


@pytest.fixture
def trainee(head: Head, visitor: VisitorFor) -> Visitor:
    return visitor("trainee")


@pytest.fixture
def outsider(head: Head, visitor: VisitorFor) -> Visitor:
    return visitor("outsider")
