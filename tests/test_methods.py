"""HEAD, OPTIONS and the methods a route does not take, as each of eight identities: no way around the table."""

from __future__ import annotations

from collections import defaultdict

import pytest
from flask import Flask

from kamtrain.core.access import may_enter
from kamtrain.http.database import engine
from kamtrain.http.identity import WITHOUT
from tests.cast import form_token
from tests.samples import published
from tests.test_permissions import IDENTITIES, ClientFor, person, url_of
from tests.web.visitor import Visitor

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def methods_of(app: Flask) -> dict[str, set[str]]:
    """Address -> the methods that some route takes there."""
    taken: dict[str, set[str]] = defaultdict(set)
    for rule in app.url_map.iter_rules():
        taken[url_of(app, rule)] |= rule.methods or set()
    return taken


@pytest.mark.parametrize("name", IDENTITIES)
def test_head_answers_as_get_does_and_sends_no_body(app: Flask, client_for: ClientFor, name: str) -> None:
    with app.app_context():
        published(engine())
    client = client_for(name)
    for url, methods in methods_of(app).items():
        if "GET" not in methods:
            continue
        got, head = client.get(url), client.head(url)
        got.get_data()
        assert head.status_code == got.status_code, url
        assert head.headers.get("Location") == got.headers.get("Location"), url
        assert head.data == b"", url


@pytest.mark.parametrize("name", IDENTITIES)
def test_a_method_a_route_does_not_take_is_refused_with_those_it_takes(
    app: Flask, client_for: ClientFor, name: str
) -> None:
    client = client_for(name)
    headers = {"Sec-Fetch-Site": "same-origin", "X-CSRFToken": form_token(client)}
    for url, taken in methods_of(app).items():
        for method in sorted(METHODS - taken):
            response = client.open(url, method=method, headers=headers)
            assert response.status_code == 405, (method, url, response.status_code)
            assert set(response.headers["Allow"].split(", ")) <= taken, (method, url)


@pytest.mark.parametrize("name", IDENTITIES)
def test_options_says_what_a_route_takes_to_whom_it_is_open_and_does_nothing(
    app: Flask, client_for: ClientFor, name: str
) -> None:
    visitor = Visitor(client_for(name))
    before = visitor.rows()
    for rule in app.url_map.iter_rules():
        if rule.endpoint in WITHOUT:
            continue
        response = visitor.client.options(url_of(app, rule))
        if may_enter(rule.endpoint, person(name)):
            assert (response.status_code, response.data) == (200, b""), rule.rule
            assert "OPTIONS" in response.headers["Allow"]
        else:
            assert response.status_code in (401, 403), (rule.rule, response.status_code)

    assert visitor.rows() == before


def test_a_method_in_a_header_or_a_field_is_not_obeyed(app: Flask, client_for: ClientFor) -> None:
    visitor = Visitor(client_for("trainee"))
    before = visitor.rows()
    for url in methods_of(app):
        visitor.client.get(url, headers={"X-HTTP-Method-Override": "POST"}, query_string={"_method": "POST"}).get_data()

    assert visitor.rows() == before
