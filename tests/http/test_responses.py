"""What every response carries, and how refusals and faults look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, literal, select, text

from kamtrain import create_app
from kamtrain.core.errors import Closed, Conflict, Forbidden, Invalid, NotFound, Refusal, TooMany
from kamtrain.core.message import message
from kamtrain.http import headers, identity, keys, limits
from kamtrain.http.database import engine, reading, writing
from kamtrain.settings import Settings
from kamtrain.store.people import SignIn
from tests.cast import Cast, sign_in

ClientFor = Callable[[str], FlaskClient]


def test_the_policy_is_strict_on_every_page(client: FlaskClient) -> None:
    for url in ("/sign-in", "/nowhere", "/healthz", "/account"):
        found = client.get(url).headers
        policy = found["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert "http" not in policy
        assert found["X-Content-Type-Options"] == "nosniff"
        assert found["Referrer-Policy"] == "same-origin"
        assert found["Cache-Control"] == "private, no-store"


def test_a_nonce_stands_in_the_policy_only_where_a_page_asked_for_one(app: Flask) -> None:
    app.add_url_rule("/styled", "account.profile2", lambda: headers.style_nonce())
    assert "nonce" not in app.test_client().get("/sign-in").headers["Content-Security-Policy"]
    with app.test_request_context("/"):
        nonce = headers.style_nonce()
        assert f"'nonce-{nonce}'" in headers.add(app.make_response("")).headers["Content-Security-Policy"]


def test_over_https_cookies_are_secure_and_stay_so(tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path, cookie_secure=True))
    response = app.test_client().get("/sign-in", base_url="https://kamtrain.example")

    assert "Strict-Transport-Security" in response.headers
    assert "Secure; HttpOnly" in response.headers["Set-Cookie"]
    app.extensions["kamtrain.engine"].dispose()


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    first = keys.secret_key(settings)

    assert first == keys.secret_key(settings)
    assert len(first) == 64
    assert (tmp_path / keys.FILE).stat().st_mode & 0o777 == 0o600
    assert keys.secret_key(Settings(data=tmp_path, secret_key="of my own")) == "of my own"


REFUSALS = [
    (NotFound(message("gone")), 404), (Forbidden(message("closed")), 403), (Invalid(message("bad")), 422),
    (Conflict(message("late")), 409), (Closed(message("over")), 409), (TooMany(message("slow"), 60), 429),
]  # fmt: skip


@pytest.mark.parametrize(("refusal", "status"), REFUSALS, ids=lambda value: type(value).__name__)
def test_each_refusal_is_a_page_or_json(app: Flask, refusal: Refusal, status: int) -> None:
    def refuse() -> str:
        raise refusal

    app.view_functions["account.sign_in"] = refuse
    page = app.test_client().get("/sign-in")
    script = app.test_client().get("/sign-in", headers={"Sec-Fetch-Mode": "cors"})

    assert page.status_code == script.status_code == status
    assert str(refusal) in page.text
    assert script.json is not None
    assert script.json["message"] == str(refusal)
    assert page.headers.get("Retry-After") == ("60" if status == 429 else None)


def test_a_fault_of_ours_says_so_and_shows_nothing(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> str:
        raise RuntimeError("a secret detail")

    app.view_functions["account.sign_in"] = fail
    response = app.test_client().get("/sign-in")

    assert response.status_code == 500
    assert "a secret detail" not in response.text
    assert len([record for record in caplog.records if record.exc_info]) == 1  # logged once


def test_a_wrong_method_is_refused(client_for: ClientFor) -> None:
    response = client_for("trainee").delete("/account", headers={"X-CSRFToken": "x"})

    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


def test_too_much_is_refused(tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path, max_upload=1000))
    response = app.test_client().post("/sign-in", data={"email": "x" * 2000})

    assert response.status_code == 413
    assert "what you typed is still in the form" in response.text
    app.extensions["kamtrain.engine"].dispose()


def test_what_no_database_keeps_is_refused_clearly(app: Flask, client: FlaskClient) -> None:
    for value in ("a\0b", "\ud800"):
        app.view_functions["account.sign_in"] = lambda value=value: _look_for(value)
        assert client.get("/sign-in").status_code in (200, 422)


def _look_for(value: str) -> str:
    with reading() as session:
        session.execute(select(SignIn.person_id).where(literal(value) == "x")).all()
    return ""


@pytest.mark.parametrize("url", ["/admin/people/99999999999999999999", "/learn/%00", "/learn?x=%00"])
def test_addresses_no_page_can_have(client_for: ClientFor, url: str) -> None:
    assert client_for("admin").get(url).status_code == 404


def test_health(client: FlaskClient) -> None:
    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json is not None
    assert response.json["database"] == "ok"


@pytest.mark.parametrize(
    "url", ["sqlite:///{}/gone.db", "sqlite:////nowhere/at/all.db", "postgresql://nobody@127.0.0.1:1/none"]
)
def test_a_database_that_is_away(tmp_path: Path, url: str) -> None:
    app = create_app(Settings(data=tmp_path, DATABASE_URL=url.format(tmp_path)))
    client = app.test_client()
    assert client.get("/healthz").status_code == 503
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "some token"
    response = client.get("/account")

    assert response.status_code == 503
    assert "The database does not answer" in response.text
    app.extensions["kamtrain.engine"].dispose()


def test_a_wrong_statement_is_our_fault_and_not_an_absent_database(app: Flask) -> None:
    def ask() -> str:
        with reading() as session:
            session.execute(text("SELECT nonsense FROM people"))
        return ""

    app.view_functions["account.sign_in"] = ask

    assert app.test_client().get("/sign-in").status_code == 500


@pytest.mark.parametrize(
    ("environ", "local"),
    [
        ({}, True),
        ({"HTTP_HOST": "127.0.0.1:8000", "SERVER_NAME": "127.0.0.1"}, True),
        ({"HTTP_HOST": "[::1]:8000", "REMOTE_ADDR": "::1", "SERVER_NAME": "::1"}, True),
        ({"HTTP_HOST": "[::1]", "REMOTE_ADDR": "::1"}, True),
        ({"HTTP_HOST": "kamtrain.example"}, False),
        ({"REMOTE_ADDR": "10.0.0.7"}, False),
        ({"REMOTE_ADDR": ""}, False),
        ({"SERVER_NAME": "0.0.0.0"}, False),
        ({"SERVER_NAME": "::"}, False),
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, False),
        ({"HTTP_FORWARDED": "for=127.0.0.1"}, False),
    ],
)
def test_the_demo_works_on_this_machine_only(tmp_path: Path, environ: dict[str, str], local: bool) -> None:
    app = create_app(Settings(data=tmp_path, demo=True))
    with app.test_request_context(environ_overrides={"REMOTE_ADDR": "127.0.0.1"} | environ):
        assert identity.demo_works() is local
    app.extensions["kamtrain.engine"].dispose()


def test_a_server_that_is_not_the_demos_refuses_its_accounts(app: Flask) -> None:
    with app.test_request_context(environ_overrides={"REMOTE_ADDR": "127.0.0.1"}):
        assert not identity.demo_works()


def test_behind_a_proxy_the_client_counts_and_not_the_proxy(tmp_path: Path) -> None:
    seen: list[tuple[str, str]] = []
    app = create_app(Settings(data=tmp_path, proxies=1))

    def look() -> str:
        seen.append((limits.client_address(), request.host_url))
        return ""

    app.view_functions["account.sign_in"] = look
    forwarded = {
        "X-Forwarded-For": "6.6.6.6, 2001:db8:1:2:3:4:5:6", "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "kamtrain.example",
    }  # fmt: skip
    app.test_client().get("/sign-in", headers=forwarded)

    assert seen == [("2001:db8:1:2::", "https://kamtrain.example/")]
    app.extensions["kamtrain.engine"].dispose()


class Queries:
    """The statements an engine ran."""

    def __init__(self, engine: Engine) -> None:
        self.seen: list[str] = []
        event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        self.seen.append(statement)


def test_the_person_and_the_head_cost_one_query(app: Flask, client_for: ClientFor) -> None:
    client = client_for("trainee")
    with app.app_context():
        queries = Queries(engine())
    client.get("/account")

    assert len([q for q in queries.seen if q.startswith("SELECT")]) == 1
    assert not [q for q in queries.seen if q.startswith(("UPDATE", "INSERT"))]


def test_a_sign_in_is_renewed_at_most_hourly(app: Flask, client: FlaskClient, cast: Cast) -> None:
    now = datetime.now(UTC)
    sign_in(client, app, cast["trainee"], now - timedelta(minutes=59))
    with app.app_context():
        queries = Queries(engine())
    assert "Set-Cookie" not in client.get("/healthz").headers
    client.get("/account")
    assert not [q for q in queries.seen if q.startswith("UPDATE")]

    sign_in(client, app, cast["trainee"], now - timedelta(minutes=61))
    queries.seen.clear()
    response = client.get("/account")
    client.get("/account")
    assert len([q for q in queries.seen if q.startswith("UPDATE")]) == 1
    assert "Expires=" in response.headers["Set-Cookie"]
    with app.app_context(), reading() as session:
        assert max(session.scalars(select(SignIn.seen_at))) >= now


def test_a_request_writes_in_one_transaction(app: Flask) -> None:
    with app.app_context():
        with writing() as session, reading() as same:
            assert session is same
        with reading() as later:
            assert later is not session
        with pytest.raises(RuntimeError, match="one write transaction"), writing():
            pass
