"""/admin/teams"""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.cast import Cast, form_token

ClientFor = Callable[[str], FlaskClient]


def test_a_team_is_added_below_another(client_for: ClientFor, cast: Cast) -> None:
    admin = client_for("admin")
    data = {"name": "North-East", "parent": str(cast.north), "csrf_token": form_token(admin)}
    assert admin.post("/admin/teams", data=data).location == "/admin/teams"

    assert "– <a" in admin.get("/admin/teams").text


def test_a_team_gets_managers_and_a_place(client_for: ClientFor, cast: Cast) -> None:
    admin = client_for("admin")
    data = {
        "name": "Far South", "parent": str(cast.north), "managers": [str(cast["manager"])],
        "csrf_token": form_token(admin),
    }  # fmt: skip
    assert admin.post(f"/admin/teams/{cast.south}", data=data).status_code == 302
    page = admin.get(f"/admin/teams/{cast.south}").text

    assert 'value="Far South"' in page
    assert f'value="{cast["manager"]}" checked' in page
    assert f'value="{cast["othermanager"]}" checked' not in page


def test_what_cannot_be_a_team_is_refused(client_for: ClientFor, cast: Cast) -> None:
    admin = client_for("admin")
    token = form_token(admin)
    for name, parent in (("", ""), ("South", ""), ("New", "4711")):
        response = admin.post("/admin/teams", data={"name": name, "parent": parent, "csrf_token": token})
        assert response.status_code == 422
    below = admin.post(f"/admin/teams/{cast.north}", data={"name": "N", "parent": cast.north, "csrf_token": token})
    assert below.status_code == 422
    assert "A team cannot stand below itself." in below.text
    assert admin.get("/admin/teams/4711").status_code == 404
