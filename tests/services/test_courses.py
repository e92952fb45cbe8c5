"""The courses that ship, taken from the first step to the last on real databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Engine

from kamtrain.core.accounts import Profile
from kamtrain.core.people import Person, Role
from kamtrain.services import demo, people
from kamtrain.services.attempts import Head
from kamtrain.services.publishing import library_at, publish_bundle
from kamtrain.settings import ROOT
from kamtrain.store.base import writing
from kamtrain.store.learning import standings
from kamtrain.store.library import head

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def test_who_does_all_and_knows_all_has_completed_and_passed_every_course(engine: Engine) -> None:
    best = replace(demo.CAST[0], skill=1.0, team=None)
    with writing(engine) as session:
        publish_bundle(session, ROOT, NOW)
        revision = head(session)
        assert revision is not None
        library = library_at(session, revision)
        profile = Profile(best.email, best.name, best.roles, None, "en", "UTC")
        me = people.add_person(session, None, profile, NOW)
        profile = Profile("trainer@firm.example", "Marta", frozenset({Role.trainer}), None, "en", "UTC")
        id = people.add_person(session, None, profile, NOW)
        trainer = Person(id, profile.email, profile.name, profile.roles, "en", "UTC", None)
        history = demo.History(session, Head(revision, library), me, best, NOW, [trainer])
        for course in library.courses.values():
            for step in history.steps_of(course):
                history.take(course, step)
        found = standings(session, me)
    assert len(library.courses) == 6
    assert {id for id, one in found.items() if one.completed_at} == set(library.courses)
    assert {id for id, one in found.items() if one.succeeded_at} == set(library.courses)
