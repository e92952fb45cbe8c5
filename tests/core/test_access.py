from __future__ import annotations

import pytest

from kamtrain.core.access import ADMINS, ANYBODY, ROUTES, Access, may_author, may_enter
from kamtrain.core.people import Person, Role


def person(*roles: Role, email: str = "trainer@demo.example") -> Person:
    return Person(1, email, "Somebody", frozenset(roles), "en", "Asia/Shanghai", None)


def test_a_route_that_is_not_in_the_table_is_closed_to_all() -> None:
    assert not may_enter("learn.secret", None)
    assert not may_enter("learn.secret", person(*Role))


@pytest.mark.parametrize("endpoint", ROUTES)
def test_every_row_names_an_endpoint_and_who_may_come_in(endpoint: str) -> None:
    access = ROUTES[endpoint]
    assert isinstance(access, Access)
    assert endpoint == "static" or len(endpoint.split(".")) == 2
    assert access.roles is None or access.roles
    assert access.roles is not None or not access.owner, "what belongs to somebody needs a sign-in"
    assert may_enter(endpoint, person(Role.admin)), "admins may come in everywhere"


@pytest.mark.parametrize("endpoint", [e for e, access in ROUTES.items() if access != ANYBODY])
def test_nobody_comes_in_unknown_where_a_sign_in_is_asked_for(endpoint: str) -> None:
    assert not may_enter(endpoint, None)
    assert not may_enter(endpoint, person())


@pytest.mark.parametrize(
    ("prefix", "roles"),
    [
        ("learn.", frozenset(Role)),
        ("practice.", frozenset(Role)),
        ("drill.", frozenset(Role)),
        ("negotiation.", frozenset(Role)),
        ("studio.", frozenset({Role.trainer, Role.admin})),
        ("marking.", frozenset({Role.trainer, Role.admin})),
        ("insight.", frozenset({Role.trainer, Role.manager, Role.admin})),
        ("insight.completion", frozenset({Role.manager, Role.admin})),
        ("admin.", ADMINS.roles),
    ],
)
def test_an_area_lets_in_no_roles_but_its_own(prefix: str, roles: frozenset[Role]) -> None:
    for endpoint in (e for e in ROUTES if e.startswith(prefix)):
        assert {role for role in Role if may_enter(endpoint, person(role))} <= roles, endpoint


def test_a_route_open_to_anybody_asks_for_no_sign_in() -> None:
    assert may_enter("account.sign_in", None)


def test_a_course_without_authors_belongs_to_all_trainers_and_to_no_trainee() -> None:
    assert may_author(person(Role.trainer), ())
    assert not may_author(person(Role.trainee, Role.manager), ())


def test_a_course_with_authors_belongs_to_them_and_to_admins() -> None:
    authors = ("trainer@demo.example",)
    assert may_author(person(Role.trainer), authors)
    assert not may_author(person(Role.trainer, email="othertrainer@demo.example"), authors)
    assert not may_author(person(Role.trainee), authors), "a trainer who is none any more"
    assert may_author(person(Role.admin, email="admin@demo.example"), authors)
