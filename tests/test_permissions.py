"""Every route × eight identities: what the table of permissions says is what the application does.

The walk needs no data: it asks whether one may come in. *Which rows one finds* is told in `tests/owned.py`, where each
activity says whose things stand behind its addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from kamtrain.core.access import ROUTES, may_enter
from kamtrain.core.people import Person
from kamtrain.http.identity import WITHOUT
from tests.cast import NAMES, Cast, email_of, form_token, role_of
from tests.owned import CASES, Owned

ClientFor = Callable[[str], FlaskClient]

IDENTITIES = ("anonymous", *NAMES)

# What stands for each part of an address: nothing that exists, since only the door is tried.
PARTS: dict[str, Any] = {"id": 1, "attempt": 1, "number": 1, "revision": 1, "work": 1, "kind": "quiz", "format": "csv"}


def rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every rule with each method it takes."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def url_of(app: Flask, rule: Rule) -> str:
    return app.url_map.bind("localhost").build(rule.endpoint, {part: PARTS.get(part, "x") for part in rule.arguments})


def person(name: str) -> Person | None:
    if name == "anonymous":
        return None
    return Person(1, email_of(name), name, frozenset({role_of(name)}), "en", "UTC", None)


def test_every_route_is_in_the_table_and_every_row_is_a_route(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(ROUTES)


@pytest.mark.parametrize("name", IDENTITIES)
def test_one_may_come_in_where_the_table_says_so(app: Flask, client_for: ClientFor, name: str) -> None:
    wrong = []
    client = client_for(name)
    headers = {"Sec-Fetch-Site": "same-origin", "X-CSRFToken": form_token(client)}
    # Signing out comes last, since nobody is anybody after it.
    for rule, method in sorted(rules(app), key=lambda one: (one[0].endpoint == "account.sign_out", one[0].endpoint)):
        if rule.endpoint in WITHOUT:
            continue
        response = client.open(url_of(app, rule), method=method, headers=headers)
        response.get_data()  # a file that is streamed holds its cursor open until it is read
        if not _as_told(rule.endpoint, method, name, response.status_code, response.headers.get("Location", "")):
            wrong.append((method, rule.rule, response.status_code, response.headers.get("Location")))

    assert wrong == []


def _as_told(endpoint: str, method: str, name: str, status: int, location: str) -> bool:
    """Whether an answer is what the table says: come in, sign in first, or not for your role."""
    if may_enter(endpoint, person(name)):
        # A closed door is 401 or 403; what is behind an open one may still be empty, wrong or gone.
        sent_away = location.startswith("/sign-in") and endpoint != "account.sign_out"
        return status not in (401, 403, 500, 503) and not sent_away
    if name == "anonymous":
        return (status == 302 and location.startswith("/sign-in?next=")) if method == "GET" else status == 401
    return status == 403


@pytest.mark.parametrize("name", ["anonymous", "trainee", "trainer", "admin"])
def test_nothing_is_written_without_the_forms_token(app: Flask, client_for: ClientFor, name: str) -> None:
    """From this site the form is kept or asked for anew, from another one it is refused: no view is reached."""
    reached: list[object] = []

    def note(**parts: object) -> str:
        reached.append(parts)
        return ""

    client = client_for(name)
    for rule, method in rules(app):
        if method != "GET":
            app.view_functions[rule.endpoint] = note
    for rule, method in rules(app):
        for sender in ("same-origin", "cross-site"):
            if method != "GET":
                response = client.open(url_of(app, rule), method=method, headers={"Sec-Fetch-Site": sender})
                assert response.status_code in (302, 400, 401, 403), (rule.rule, response.status_code)

    assert reached == []


def test_a_route_nobody_wrote_into_the_table_is_closed_to_all(app: Flask, client_for: ClientFor) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "a secret")
    for name in IDENTITIES:
        response = client_for(name).get("/forgotten")
        assert response.status_code == 403
        assert "a secret" not in response.text


def test_every_address_of_somebodys_thing_has_its_case(app: Flask) -> None:
    """Where one finds one's own only, and the address has a number, that number may be somebody else's."""
    own = [rule for rule in app.url_map.iter_rules() if ROUTES[rule.endpoint].owner == "self"]

    assert {rule.endpoint for rule in own if "int:" in rule.rule} <= {case.endpoint for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.endpoint}-{case.method}")
def test_one_finds_only_what_is_ones_own(app: Flask, cast: Cast, client_for: ClientFor, case: Owned) -> None:
    url = case.make(app, cast)
    for name in NAMES:
        if not may_enter(case.endpoint, person(name)):
            continue
        client = client_for(name)
        headers = {"Sec-Fetch-Site": "same-origin", "X-CSRFToken": form_token(client)}
        response = client.open(url, method=case.method, headers=headers, data=dict(case.form))
        if name in case.finds:
            assert response.status_code not in (401, 403, 404), (name, response.status_code)
        else:
            assert response.status_code == case.refused, (name, response.status_code)
