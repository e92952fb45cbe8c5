"""People, roles and teams, for administrators."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from kamtrain.core.accounts import Profile, normal_email, normal_name, profile_faults
from kamtrain.core.errors import Conflict, Invalid, NotFound
from kamtrain.core.message import message
from kamtrain.core.people import Role
from kamtrain.http import database, forms, identity, letters, pages
from kamtrain.http.forms import Errors, number, text
from kamtrain.services import outbox, people, teams
from kamtrain.store.directory import PAGE, PersonLine, managers_to_be, people_page, person_line, team_lines
from kamtrain.web.admin.pages import InvitedPage, PeoplePage, PersonPage, TeamPage, TeamsPage, team_options, tree

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


@blueprint.get("/people", endpoint="people")
def list_people() -> ResponseReturnValue:
    words = " ".join(request.args.get("q", "").split())[:100]
    after = (request.args["after"], forms.whole(request.args.get("id", "")) or 0) if "after" in request.args else None
    with database.reading() as session:
        lines = people_page(session, words, after)
    next_url = ""
    if len(lines) > PAGE:
        last = lines[PAGE - 1]
        next_url = url_for("admin.people", q=words or None, after=last.sort_key, id=last.person.id)
    return pages.render("admin/people.html", PeoplePage(words, lines[:PAGE], next_url))


@blueprint.route("/people/new", methods=["GET", "POST"])
def new_person() -> ResponseReturnValue:
    if request.method != "POST":
        me = identity.me()
        empty = Profile("", "", frozenset({Role.trainee}), None, me.language, me.time_zone)
        return pages.render("admin/person.html", _person_page(None, empty))
    profile = _profile()
    if wrong := forms.errors(profile_faults(profile)):
        return pages.render("admin/person.html", _person_page(None, profile, wrong), 422)
    try:
        with database.writing() as session:
            person_id = people.add_person(session, identity.me(), profile, datetime.now(UTC))
    except (Invalid, Conflict) as refusal:
        wrong = forms.refusal(refusal, "email")
        return pages.render("admin/person.html", _person_page(None, profile, wrong), 422)
    flash(gettext("%(name)s is added. Send the invitation next.", name=profile.name), "success")
    return redirect(url_for("admin.person", id=person_id))


@blueprint.route("/people/<int:id>", methods=["GET", "POST"])
def person(id: int) -> ResponseReturnValue:
    line = _line(id)
    if request.method != "POST":
        one = line.person
        profile = Profile(one.email, one.name, one.roles, one.team, one.language, one.time_zone)
        return pages.render("admin/person.html", _person_page(line, profile))
    profile, active = _profile(), text("active") == "1"
    if wrong := forms.errors(profile_faults(profile)):
        return pages.render("admin/person.html", _person_page(line, profile, wrong, active), 422)
    try:
        with database.writing() as session:
            people.edit_person(session, identity.me(), id, profile, active, datetime.now(UTC))
    except (Invalid, Conflict) as refusal:
        wrong = forms.refusal(refusal)
        return pages.render("admin/person.html", _person_page(line, profile, wrong, active), 422)
    flash(gettext("%(name)s is saved.", name=profile.name), "success")
    return redirect(url_for("admin.person", id=id))


@blueprint.post("/people/<int:id>/invite")
def invite(id: int) -> ResponseReturnValue:
    """Answers with a page rather than a redirect: the link is kept nowhere, so it is shown this once."""
    settings = current_app.extensions["kamtrain.settings"]
    base, now = (settings.base_url or request.host_url).rstrip("/"), datetime.now(UTC)
    with database.writing() as session:
        link = people.invite(session, identity.me(), id, now)
        url = base + url_for("account.reset", token=link.token)
        letter = letters.invitation_letter(link.person, url)
        outbox.post(session, id, link.person.email, letter.subject, letter.body, now)
    return pages.render("admin/invited.html", InvitedPage(id, link.person.name, url, bool(settings.mail_host)))


@blueprint.route("/teams", endpoint="teams", methods=["GET", "POST"])
def list_teams() -> ResponseReturnValue:
    if request.method != "POST":
        return pages.render("admin/teams.html", _teams_page())
    name = normal_name(text("name"))
    try:
        with database.writing() as session:
            teams.add_team(session, identity.me(), name, number("parent"), datetime.now(UTC))
    except (Invalid, Conflict) as refusal:
        return pages.render("admin/teams.html", _teams_page(forms.refusal(refusal, "name")), 422)
    flash(gettext("The team “%(name)s” is added.", name=name), "success")
    return redirect(url_for("admin.teams"))


@blueprint.route("/teams/<int:id>", methods=["GET", "POST"])
def team(id: int) -> ResponseReturnValue:
    if request.method != "POST":
        return pages.render("admin/team.html", _team_page(id))
    name = normal_name(text("name"))
    managers = forms.numbers("managers")
    try:
        with database.writing() as session:
            teams.edit_team(session, identity.me(), id, name, number("parent"), managers, datetime.now(UTC))
    except (Invalid, Conflict) as refusal:
        return pages.render("admin/team.html", _team_page(id, forms.refusal(refusal, "name")), 422)
    flash(gettext("The team “%(name)s” is saved.", name=name), "success")
    return redirect(url_for("admin.teams"))


def _line(id: int) -> PersonLine:
    with database.reading() as session:
        line = person_line(session, id)
    if line is None:
        raise NotFound(message("There is no such person."))
    return line


def _profile() -> Profile:
    known = {role.value for role in Role}
    return Profile(
        email=normal_email(text("email")),
        name=normal_name(text("name")),
        roles=frozenset(Role(value) for value in request.form.getlist("roles") if value in known),
        team_id=number("team"),
        language=text("language"),
        time_zone=text("time_zone"),
    )


def _person_page(
    line: PersonLine | None, profile: Profile, wrong: Errors | None = None, active: bool | None = None
) -> PersonPage:
    with database.reading() as session:
        branches = tree(team_lines(session))
    return PersonPage(
        id=line.person.id if line else None,
        email=profile.email,
        name=profile.name,
        roles=frozenset(role.value for role in profile.roles),
        team=str(profile.team_id or ""),
        language=profile.language,
        time_zone=profile.time_zone,
        teams=team_options(branches, gettext("No team")),
        active=(line.active if line else True) if active is None else active,
        has_password=bool(line and line.has_password),
        errors=wrong or Errors(),
    )


def _teams_page(wrong: Errors | None = None) -> TeamsPage:
    with database.reading() as session:
        branches = tree(team_lines(session))
    return TeamsPage(
        branches, team_options(branches, gettext("At the top")), text("name"), text("parent"), wrong or Errors()
    )


def _team_page(id: int, wrong: Errors | None = None) -> TeamPage:
    with database.reading() as session:
        lines, managers = team_lines(session), managers_to_be(session)
    found = next((line for line in lines if line.id == id), None)
    if found is None:
        raise NotFound(message("There is no such team."))
    name, parent = found.name, str(found.parent_id or "")
    chosen = frozenset(id for id, _ in found.managers)
    if wrong:
        name, parent = text("name"), text("parent")
        chosen = frozenset(forms.numbers("managers"))
    options = team_options(tree([line for line in lines if line.id != id]), gettext("At the top"))
    return TeamPage(id, name, parent, options, managers, chosen, wrong or Errors())
