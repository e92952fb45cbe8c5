"""/admin/people and what is below it."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kamtrain.http.database import engine
from kamtrain.store.base import reading
from kamtrain.store.outbox import Mail
from kamtrain.store.people import PersonRow
from tests.cast import Cast, email_of, form_token

ClientFor = Callable[[str], FlaskClient]


def form(client: FlaskClient, **values: str | list[str]) -> dict[str, str | list[str]]:
    given: dict[str, str | list[str]] = {
        "email": "Fang.Wang@Example.com", "name": " 王芳 ", "roles": ["trainee"], "team": "",
        "language": "zh-Hans", "time_zone": "Asia/Shanghai", "active": "1",
    }  # fmt: skip
    return given | values | {"csrf_token": form_token(client)}


def person(app: Flask, email: str) -> PersonRow:
    with app.app_context(), reading(engine()) as session:
        return session.scalars(select(PersonRow).where(PersonRow.email == email)).one()


def test_a_person_is_added_invited_and_chooses_a_password(app: Flask, client_for: ClientFor, cast: Cast) -> None:
    admin = client_for("admin")
    added = admin.post("/admin/people/new", data=form(admin, roles=["trainee", "manager"], team=str(cast.north)))
    assert added.status_code == 302
    row = person(app, "fang.wang@example.com")
    assert (row.name, row.is_trainee, row.is_manager, row.is_admin) == ("王芳", True, True, False)
    assert "王芳" in admin.get(added.location).text

    invited = admin.post(f"{added.location}/invite", data={"csrf_token": form_token(admin)})
    found = re.search(r"http://localhost(/reset/[\w-]+)", invited.text)
    assert found
    assert "hand the link over yourself" in invited.text  # no mail server is set
    with app.app_context(), reading(engine()) as session:
        assert found[1] in session.scalars(select(Mail)).one().body

    newcomer = app.test_client()
    chosen = {"password": "eleven blue ladders", "repeated": "eleven blue ladders", "csrf_token": form_token(newcomer)}
    assert newcomer.post(found[1], data=chosen).status_code == 302
    assert newcomer.get("/account").status_code == 200


def test_what_is_wrong_is_told_at_its_field_and_the_rest_is_kept(client_for: ClientFor) -> None:
    admin = client_for("admin")
    response = admin.post("/admin/people/new", data=form(admin, email="nonsense", roles=[]))

    assert response.status_code == 422
    assert "This is no e-mail address." in response.text
    assert "Choose at least one role." in response.text
    assert 'value="王芳"' in response.text


def test_a_taken_address_is_told_at_its_field(client_for: ClientFor) -> None:
    admin = client_for("admin")
    response = admin.post("/admin/people/new", data=form(admin, email=email_of("trainee")))

    assert response.status_code == 422
    assert 'href="#f-email"' in response.text


def test_who_is_deactivated_is_signed_out_at_once(client_for: ClientFor, cast: Cast) -> None:
    admin, trainee = client_for("admin"), client_for("trainee")
    data = form(admin, email=email_of("trainee"), active="")
    assert admin.post(f"/admin/people/{cast['trainee']}", data=data).status_code == 302

    assert trainee.get("/account").status_code == 302
    assert "has left" in admin.get("/admin/people?q=trainee").text


def test_a_role_taken_away_closes_the_door_at_once(client_for: ClientFor, cast: Cast) -> None:
    admin, manager = client_for("admin"), client_for("manager")
    assert manager.get("/insight/completion").status_code != 403
    data = form(admin, email=email_of("manager"))
    admin.post(f"/admin/people/{cast['manager']}", data=data)

    assert manager.get("/insight/completion").status_code == 403


def test_the_last_admin_cannot_resign(client_for: ClientFor, cast: Cast) -> None:
    admin = client_for("admin")
    response = admin.post(f"/admin/people/{cast['admin']}", data=form(admin, email=email_of("admin")))

    assert response.status_code == 422
    assert "Somebody must remain admin." in response.text


def test_people_are_searched(client_for: ClientFor) -> None:
    admin = client_for("admin")

    assert "Outsider" in admin.get("/admin/people?q=outs").text
    assert "Outsider" not in admin.get("/admin/people?q=trainer").text
    assert "Nobody was found" in admin.get("/admin/people?q=%25").text
    assert admin.get("/admin/people?after=x&id=nonsense").status_code == 200


def test_who_is_not_there_is_not_found(client_for: ClientFor) -> None:
    admin = client_for("admin")

    assert admin.get("/admin/people/4711").status_code == 404
    assert admin.post("/admin/people/4711/invite", data={"csrf_token": form_token(admin)}).status_code == 404


def test_text_of_people_is_never_markup(client_for: ClientFor) -> None:
    admin = client_for("admin")
    admin.post("/admin/people/new", data=form(admin, name="<script>alert(1)</script>"))

    assert "<script>alert" not in admin.get("/admin/people").text
