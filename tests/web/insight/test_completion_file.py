"""/insight/completion.csv: streamed, on both databases, also to somebody who does not wait for its end."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from kamtrain.http.database import engine
from tests.samples import published

ClientFor = Callable[[str], FlaskClient]


def test_it_works(app: Flask, client_for: ClientFor) -> None:
    with app.app_context():
        published(engine())
    response = client_for("manager").get("/insight/completion.csv")
    lines = list(csv.reader(io.StringIO(response.get_data().decode("utf-8-sig"))))

    assert response.mimetype == "text/csv"
    assert [line[0] for line in lines[1:]] == ["Trainee"]  # her own team only


def test_who_goes_away_half_way_leaves_nothing_open(app: Flask, client_for: ClientFor) -> None:
    with app.app_context():
        published(engine())
    response = client_for("admin").get("/insight/completion.csv")
    next(response.iter_encoded())
    response.close()
    with app.app_context():
        assert engine().pool.checkedout() == 0  # type: ignore[attr-defined]
