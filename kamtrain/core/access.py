"""The table of permissions: who may ask for which route. Written before the views; a route that is not here is refused.

Roles decide *whether one may come in*; ownership decides *which rows one finds*, and is part of every fetch (`owner`
says how): what one may not know of is 404, a room one has no key to is 403, and without a sign-in one is asked for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kamtrain.core.people import Person, Role

Owner = Literal["", "self", "teams", "course"]


@dataclass(frozen=True)
class Access:
    """`roles` None: open to everybody, signed in or not. `owner`: whose things one finds behind it.

    "self" one's own rows only · "teams" people of the teams one manages (admins and trainers: everybody) · "course" what a
    trainer may change: courses without authors, and those that name the trainer (admins: all).
    """

    roles: frozenset[Role] | None
    owner: Owner = ""


ANYBODY = Access(None)
SIGNED_IN = Access(frozenset(Role))
OWN = Access(frozenset(Role), "self")
TRAINERS = Access(frozenset({Role.trainer, Role.admin}))
AUTHORS = Access(frozenset({Role.trainer, Role.admin}), "course")
MANAGERS = Access(frozenset({Role.manager, Role.admin}), "teams")
TEACHERS = Access(frozenset({Role.trainer, Role.manager, Role.admin}), "teams")  # trainers see everybody
ADMINS = Access(frozenset({Role.admin}))

ROUTES: Mapping[str, Access] = {
    # plumbing
    "static": ANYBODY,
    "health.healthz": ANYBODY,
    "account.preferences": ANYBODY,
    # account
    "account.sign_in": ANYBODY,
    "account.sign_out": ANYBODY,
    "account.forgot": ANYBODY,
    "account.reset": ANYBODY,
    "account.setup": ANYBODY,
    "account.profile": OWN,
    "account.password": OWN,
    # learn
    "learn.start": SIGNED_IN,
    "learn.catalogue": SIGNED_IN,
    "learn.course": SIGNED_IN,
    "learn.lesson": SIGNED_IN,
    "learn.opened": OWN,
    "learn.done": OWN,
    "learn.glossary": SIGNED_IN,
    "learn.competencies": SIGNED_IN,
    "learn.media": SIGNED_IN,
    "learn.refresher": SIGNED_IN,
    "learn.refresh": OWN,
    # practice
    "practice.intro": SIGNED_IN,
    "practice.begin": OWN,
    "practice.attempt": OWN,
    "practice.question": OWN,
    "practice.draft": OWN,
    "practice.answer": OWN,
    "practice.finish": OWN,
    "practice.choose": OWN,
    "practice.result": OWN,
    "practice.retry": OWN,
    "practice.self_mark": OWN,
    "practice.appeal": OWN,
    # drill
    "drill.show": SIGNED_IN,
    "drill.deal": OWN,
    "drill.scene": OWN,
    "drill.say": OWN,
    # negotiation
    "negotiation.show": OWN,
    "negotiation.make": OWN,
    "negotiation.debrief": OWN,
    # workbench
    "workbench.home": SIGNED_IN,
    "workbench.tool": SIGNED_IN,
    "workbench.open_sheet": OWN,
    "workbench.settings": TRAINERS,
    "workbench.ranking": OWN,
    "workbench.import_form": SIGNED_IN,
    "workbench.import_preview": OWN,
    "workbench.import_apply": OWN,
    "workbench.new_account": OWN,
    "workbench.account": OWN,
    "workbench.change_account": OWN,
    "workbench.delete_account": OWN,
    "workbench.sheet": OWN,
    "workbench.save": OWN,
    "workbench.cells": OWN,
    "workbench.keep_version": OWN,
    "workbench.erase": OWN,
    "workbench.delete_sheet": OWN,
    "workbench.copy": OWN,
    "workbench.hand_in": OWN,
    "workbench.task": OWN,
    "workbench.compare": OWN,
    "workbench.spreadsheet": OWN,
    "workbench.document": OWN,
    # studio
    "studio.shelf": TRAINERS,
    "studio.edit": TRAINERS,
    "studio.preview": TRAINERS,
    "studio.as_trainee": TRAINERS,
    "studio.save": AUTHORS,
    "studio.discard": AUTHORS,
    "studio.mend": AUTHORS,
    "studio.resolve": AUTHORS,
    "studio.create": AUTHORS,
    "studio.publish": AUTHORS,
    "studio.sources": TRAINERS,
    "studio.history": TRAINERS,
    "studio.revision": TRAINERS,
    "studio.take_back": AUTHORS,
    "studio.offer": ADMINS,
    "studio.take_offer": ADMINS,
    # marking
    "marking.queue": AUTHORS,
    "marking.work": AUTHORS,
    "marking.mark": AUTHORS,
    "marking.agreement": AUTHORS,
    # insight
    "insight.completion": MANAGERS,
    "insight.completion_file": MANAGERS,
    "insight.accounts": MANAGERS,
    "insight.accounts_file": MANAGERS,
    "insight.extensions": TEACHERS,
    "insight.extend": TEACHERS,
    "insight.drill": TEACHERS,
    "insight.start": TEACHERS,
    "insight.briefing": TEACHERS,
    "insight.items": TEACHERS,
    "insight.items_of": TEACHERS,
    "insight.items_file": TEACHERS,
    "insight.scenarios": TEACHERS,
    "insight.scenario": TEACHERS,
    # admin
    "admin.people": ADMINS,
    "admin.person": ADMINS,
    "admin.new_person": ADMINS,
    "admin.invite": ADMINS,
    "admin.teams": ADMINS,
    "admin.team": ADMINS,
}


def may_enter(endpoint: str, person: Person | None) -> bool:
    """Whether `person` may ask for `endpoint` at all. An endpoint missing from the table is closed to all."""
    access = ROUTES.get(endpoint)
    if access is None:
        return False
    if access.roles is None:
        return True
    return person is not None and person.has(*access.roles)


def may_author(person: Person, authors: tuple[str, ...]) -> bool:
    """Whether `person` may change and publish what belongs to a course with these authors (addresses)."""
    if person.has(Role.admin):
        return True
    return person.has(Role.trainer) and (not authors or person.email in authors)
