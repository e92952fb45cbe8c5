"""The commands about people, mail and the schema."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast, email_of


def test_a_person_is_added_listed_and_given_a_link(app: Flask, client: FlaskClient, cast: Cast) -> None:
    run = app.test_cli_runner().invoke
    added = run(args=["users", "add", "Ada@Example.com", "Ada", "--role", "trainer", "--team", "North"])
    assert added.exit_code == 0, added.output
    listed = run(args=["users", "list", "ada"]).output
    assert listed.split("\t")[:4] == ["ada@example.com", "Ada", "trainer", "North"]
    linked = run(args=["users", "password-link", "ada@example.com"]).output
    paths = [re.search(r"/reset/\S+", output) for output in (added.output, linked)]
    assert [client.get(path[0]).status_code for path in paths if path] == [409, 200]  # the earlier link has ended


def test_what_cannot_be_is_said_in_a_sentence(app: Flask, cast: Cast) -> None:
    run = app.test_cli_runner().invoke
    for args, said in (
        (["users", "add", email_of("trainee"), "X", "--role", "trainee"], "in the list already"),
        (["users", "add", "x@example.com", "X", "--role", "trainee", "--team", "Nowhere"], "no team Nowhere"),
        (["users", "password-link", "x@example.com"], "Nobody has the address"),
        (["mail", "deliver"], "KAMTRAIN_MAIL_HOST"),
    ):
        result = run(args=args)
        assert result.exit_code == 1
        assert said in result.output


def test_the_schema_is_brought_up_to_date(app: Flask) -> None:
    assert app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0
