"""People: links, roles, teams, and what the audit keeps."""

from __future__ import annotations

import random
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from kamtrain.core.accounts import Profile
from kamtrain.core.errors import Closed, Conflict, Forbidden, Invalid, NotFound
from kamtrain.core.people import Person, Role, Scope
from kamtrain.services import passwords, people, teams
from kamtrain.services.names import sort_key
from kamtrain.store.audit import AuditEntry
from kamtrain.store.base import reading, writing
from kamtrain.store.directory import PAGE, people_page, person_line, team_lines
from kamtrain.store.people import PersonRow, SignIn, identity_of, managed_teams, token_hash
from tests.cast import Cast, seat

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture
def seated(engine: Engine) -> Cast:
    with writing(engine) as session:
        return seat(session, NOW)


def profile(email: str = "new@example.com", *roles: Role, team: int | None = None, name: str = "New") -> Profile:
    return Profile(email, name, frozenset(roles or {Role.trainee}), team, "en", "UTC")


def admin(cast: Cast) -> Person:
    return Person(cast["admin"], "admin@demo.example", "Admin", frozenset({Role.admin}), "en", "UTC", None)


def audit(session: Session, action: str) -> list[AuditEntry]:
    return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def test_a_person_is_added_with_the_key_her_name_sorts_by(engine: Engine, seated: Cast) -> None:
    with writing(engine) as session:
        id = people.add_person(session, admin(seated), profile(name="王芳"), NOW)
        row = session.get_one(PersonRow, id)
        assert (row.sort_key, row.is_trainee, row.is_admin, row.password_hash) == ("wang2 fang1", True, False, None)
        entry = audit(session, "person added")[-1]
        assert (entry.actor_id, entry.subject) == (seated["admin"], "new@example.com")


def test_an_address_is_taken_once(engine: Engine, seated: Cast) -> None:
    with writing(engine) as session, pytest.raises(Conflict):
        people.add_person(session, None, profile("trainee@demo.example"), NOW)
    with writing(engine) as session, pytest.raises(Conflict):
        people.edit_person(session, admin(seated), seated["trainee"], profile("outsider@demo.example"), True, NOW)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (profile("no address"), "email"),
        (profile("a@b"), "email"),
        (profile("x" * 260 + "@example.com"), "email"),
        (profile(name=""), "name"),
        (profile(team=4711), "team"),
        (Profile("a@example.com", "A", frozenset(), None, "en", "UTC"), "roles"),
        (Profile("a@example.com", "A", frozenset({Role.trainee}), None, "tlh", "UTC"), "language"),
    ],
)
def test_what_cannot_be_a_person_is_refused(engine: Engine, wrong: Profile, field: str) -> None:
    with writing(engine) as session, pytest.raises(Invalid) as refusal:
        people.add_person(session, None, wrong, NOW)
    assert refusal.value.field == field


def test_who_leaves_is_signed_out_everywhere_and_her_links_end(engine: Engine, seated: Cast) -> None:
    with writing(engine) as session:
        token = people.begin(session, seated["trainee"], NOW)
        link = people.invite(session, None, seated["trainee"], NOW)
    with writing(engine) as session:
        leaving = profile("trainee@demo.example", name="Trainee")
        people.edit_person(session, admin(seated), seated["trainee"], leaving, False, NOW)
    with reading(engine) as session:
        assert identity_of(session.connection(), token_hash(token), NOW - timedelta(days=1)) is None
        with pytest.raises(Closed):
            people.owner_of(session, link.token, NOW)
        assert audit(session, "person changed")[0].detail["active"] == [True, False]
    with writing(engine) as session, pytest.raises(NotFound):
        people.invite(session, None, seated["trainee"], NOW)


def test_somebody_remains_admin(engine: Engine, seated: Cast) -> None:
    as_trainee = profile("admin@demo.example", Role.trainee)
    for roles, active in ((as_trainee, True), (profile("admin@demo.example", Role.admin), False)):
        with writing(engine) as session, pytest.raises(Conflict):
            people.edit_person(session, admin(seated), seated["admin"], roles, active, NOW)
    with writing(engine) as session:
        trainer = profile("trainer@demo.example", Role.admin)
        people.edit_person(session, admin(seated), seated["trainer"], trainer, True, NOW)
        people.edit_person(session, admin(seated), seated["admin"], as_trainee, True, NOW)


def test_two_admins_who_demote_each_other_at_once_do_not_both_succeed(engine: Engine, seated: Cast) -> None:
    with writing(engine) as session:
        second = people.add_person(session, None, profile("second@example.com", Role.admin), NOW)
    pairs = [(seated["admin"], "admin@demo.example"), (second, "second@example.com")]
    refused: list[int] = []

    def demote(id: int, email: str) -> None:
        try:
            with writing(engine) as session:
                people.edit_person(session, admin(seated), id, profile(email, Role.trainee), True, NOW)
        except Conflict:
            refused.append(id)

    threads = [threading.Thread(target=demote, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1


def test_a_link_that_comes_twice_at_once_is_used_once(engine: Engine, seated: Cast) -> None:
    with writing(engine) as session:
        link = people.invite(session, None, seated["trainee"], NOW)
    outcomes: list[str] = []

    def use(new: str) -> None:
        try:
            with writing(engine) as session:
                people.reset(session, link.token, new, NOW)
            outcomes.append("set")
        except Closed:
            outcomes.append("closed")

    threads = [threading.Thread(target=use, args=(f"hash {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["closed", "closed", "closed", "set"]


def test_a_new_invitation_ends_the_earlier_one(engine: Engine, seated: Cast) -> None:
    with writing(engine) as session:
        first = people.invite(session, None, seated["trainee"], NOW)
        second = people.invite(session, None, seated["trainee"], NOW)
    with reading(engine) as session:
        assert people.owner_of(session, second.token, NOW).purpose == "invitation"
        with pytest.raises(Closed):
            people.owner_of(session, first.token, NOW)
        with pytest.raises(Closed):
            people.owner_of(session, second.token, NOW + timedelta(days=7, seconds=1))


def test_a_new_first_admin_link_ends_the_earlier_one(engine: Engine) -> None:
    with writing(engine) as session:
        first = people.first_admin_link(session, NOW)
        second = people.first_admin_link(session, NOW)
        assert first
        assert second
    with reading(engine) as session:
        assert people.owner_of(session, second, NOW).person is None
        with pytest.raises(Closed):
            people.owner_of(session, first, NOW)


def test_a_password_changed_in_between_stops_the_sign_in(engine: Engine, seated: Cast) -> None:
    with writing(engine) as session, pytest.raises(Forbidden):
        people.sign_in(session, seated["trainee"], "another hash", NOW)


def test_tokens_are_not_kept(engine: Engine, seated: Cast) -> None:
    with writing(engine) as session:
        token = people.begin(session, seated["trainee"], NOW)
        session.flush()
        [row] = session.scalars(select(SignIn))
        assert token.encode() not in row.token_hash
        assert len(row.token_hash) == 32


def test_demo_accounts_are_not_reset_from_elsewhere(engine: Engine, seated: Cast) -> None:
    with writing(engine) as session:
        session.get_one(PersonRow, seated["trainee"]).demo = True
        assert people.request_reset(session, "trainee@demo.example", False, NOW) is None
        assert people.request_reset(session, "trainee@demo.example", True, NOW) is not None


def test_a_manager_sees_her_teams_and_those_below(engine: Engine, seated: Cast) -> None:
    manager = Person(seated["manager"], "", "", frozenset({Role.manager}), "en", "UTC", seated.north)
    with writing(engine) as session:
        below = teams.add_team(session, None, "North-East", seated.north, NOW)
        lower = teams.add_team(session, None, "Harbour", below, NOW)
        assert managed_teams(session, seated["manager"]) == {seated.north, below, lower}
        assert people.scope_of(session, manager) == Scope(frozenset({seated.north, below, lower}))
        assert people.scope_of(session, admin(seated)) == Scope(None)
        assert managed_teams(session, seated["trainee"]) == frozenset()


def test_a_team_never_stands_below_itself(engine: Engine, seated: Cast) -> None:
    with writing(engine) as session:
        below = teams.add_team(session, None, "North-East", seated.north, NOW)
        for parent in (seated.north, below):
            with pytest.raises(Invalid) as refusal:
                teams.edit_team(session, admin(seated), seated.north, "North", parent, [], NOW)
            assert refusal.value.field == "parent"
        teams.edit_team(session, admin(seated), below, "East", seated.south, [], NOW)


def test_random_moves_keep_the_teams_a_tree(engine: Engine, seated: Cast) -> None:
    rng = random.Random(7)
    with writing(engine) as session:
        ids = [teams.add_team(session, None, f"Team {number}", None, NOW) for number in range(6)]
        for _ in range(60):
            id, parent = rng.choice(ids), rng.choice([None, *ids])
            with suppress(Invalid):
                teams.edit_team(session, admin(seated), id, f"Team {id}!", parent, [], NOW)
            parents = {line.id: line.parent_id for line in team_lines(session)}
            for team in ids:
                seen = set()
                above: int | None = team
                while above is not None:
                    assert above not in seen
                    seen.add(above)
                    above = parents[above]


@pytest.mark.parametrize(("name", "refusal"), [("", Invalid), ("x" * 121, Invalid), ("South", Conflict)])
def test_team_names_are_given_and_different(engine: Engine, seated: Cast, name: str, refusal: type) -> None:
    with writing(engine) as session, pytest.raises(refusal):
        teams.edit_team(session, admin(seated), seated.north, name, None, [], NOW)
    with writing(engine) as session, pytest.raises(refusal):
        teams.add_team(session, None, name, None, NOW)


def test_only_managers_manage(engine: Engine, seated: Cast) -> None:
    with writing(engine) as session:
        with pytest.raises(Invalid):
            teams.edit_team(session, admin(seated), seated.north, "North", None, [seated["trainee"]], NOW)
        both = [seated["manager"], seated["othermanager"]]
        teams.edit_team(session, admin(seated), seated.north, "North", None, both, NOW)
        [north] = [line for line in team_lines(session) if line.id == seated.north]
        assert [name for _, name in north.managers] == ["Manager", "Othermanager"]
        assert north.members == 2
    with writing(engine) as session, pytest.raises(NotFound):
        teams.edit_team(session, admin(seated), 4711, "Nowhere", None, [], NOW)


def test_people_are_found_and_paged_by_name(engine: Engine) -> None:
    names = ["王芳", "Wagner", "Łukasz", "赵云", "Zoë", "任正", "50% off"] + [f"Person {n:03}" for n in range(PAGE)]
    with writing(engine) as session:
        for number, name in enumerate(names):
            people.add_person(session, None, profile(f"p{number}@example.com", name=name), NOW)
    with reading(engine) as session:
        first = people_page(session, "", None)
        assert len(first) == PAGE + 1
        last = first[PAGE - 1]
        rest = people_page(session, "", (last.sort_key, last.person.id))
        shown = [line.person.name for line in (*first[:PAGE], *rest)]
        assert sorted(shown) == sorted(names)
        tail = [name for name in shown if not name.startswith(("Person", "50"))]
        assert tail == ["Łukasz", "任正", "Wagner", "王芳", "赵云", "Zoë"]
        assert [line.person.name for line in people_page(session, "芳", None)] == ["王芳"]
        assert [line.person.name for line in people_page(session, "%", None)] == ["50% off"]
        assert person_line(session, 4711) is None


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("王芳", "wang2 fang1"),
        ("单雄信", "shan4 xiong2 xin4"),
        ("尉迟恭", "yu4 chi2 gong1"),
        ("单", "dan1"),
        ("Łukasz Żak", "lukasz zak"),
        ("Ann-Marie O'Neill", "ann marie o neill"),
        ("Иван", "иван"),
        ("x" * 500, "x" * 400),
        ("!?", ""),
    ],
)
def test_names_sort_in_their_scripts_order(name: str, key: str) -> None:
    assert sort_key(name) == key


def test_passwords() -> None:
    stored = passwords.hashed("a quiet ﬁeld")

    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches("a quiet field", stored)  # the same text from another keyboard
    assert not passwords.matches("a loud field", stored)
    assert not passwords.matches("a quiet field", None)
    assert not passwords.matches("x" * 10_000_000, None)
    assert not passwords.matches("x", "of an older system")
    assert not passwords.outdated(passwords.DECOY)
