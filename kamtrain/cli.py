"""The commands of an operator and an author: the same services as the screens, without a browser."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from kamtrain.content import measures
from kamtrain.content.library import Library
from kamtrain.core.accounts import Profile, normal_email, normal_name
from kamtrain.core.errors import Refusal
from kamtrain.core.language import INTERFACE
from kamtrain.core.people import Role
from kamtrain.core.problems import Problem, Severity
from kamtrain.http.database import engine
from kamtrain.services import backup as backups
from kamtrain.services import checking, outbox, people, schema
from kamtrain.services.effects import effects
from kamtrain.services.learning import rebuild_summaries
from kamtrain.services.publishing import files_on_disk, library_at, plan, publish, settle_all
from kamtrain.settings import Settings
from kamtrain.store import library as store
from kamtrain.store.base import reading, writing
from kamtrain.store.directory import PersonLine, people_page, team_lines
from kamtrain.store.people import credentials_of

db = AppGroup("db", help="The schema of the database.")
mail = AppGroup("mail", help="The outbox.")
users = AppGroup("users", help="People and their links.")
report = AppGroup("report", help="Reports and what they are made from.")
content = AppGroup("content", help="What trainers write, as files.")


def install(app: Flask) -> None:
    for group in (db, mail, users, report, content):
        app.cli.add_command(group)
    app.cli.add_command(backup)
    app.cli.add_command(restore)


def refusing(command: Callable[..., Any]) -> Callable[..., Any]:
    """A refusal ends the command with its sentence, as click does with its own."""

    @wraps(command)
    def told(*arguments: Any, **options: Any) -> Any:
        try:
            return command(*arguments, **options)
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from None

    return told


def _settings() -> Settings:
    settings: Settings = current_app.extensions["kamtrain.settings"]
    return settings


@report.command("rebuild")
@click.option("--course", help="Only this course.")
@refusing
def rebuild(course: str | None) -> None:
    """Make the summary of every enrollment anew from what people did. Stopped anywhere, it can be run again."""
    with reading(engine()) as session:
        revision = store.head(session)
        if revision is None:
            raise click.ClickException("Nothing has been published yet.")
        library = library_at(session, revision)
    after = 0
    last: int | None = 0
    while last is not None:
        with writing(engine()) as session:
            last = rebuild_summaries(session, library, revision, after, 500, course)
        after = last or after
        click.echo(f"\renrollments up to {after}", nl=False)
    click.echo("\nAll summaries are made anew.")


existing = click.Path(path_type=Path, exists=True)


@content.command("check")
@click.argument("paths", nargs=-1, type=existing)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def check(paths: tuple[Path, ...], form: str) -> None:
    """Print every problem of the files at PATHS (or of the bundled library), with its place and how to mend it.

    Ends with 1 when there are errors; warnings and notes hinder nothing.
    """
    found: list[tuple[Problem, Path]] = []
    for shelf in checking.shelves(paths, _settings().content):
        found.extend((problem, shelf.asked[problem.path]) for problem in checking.problems(shelf))
    if form == "json":
        click.echo(json.dumps([_problem(problem, path) for problem, path in found], ensure_ascii=False, indent=2))
    else:
        for problem, path in found:
            mend = f" — {problem.mend}" if problem.mend else ""
            place = f"{_near(path)}:{problem.line}:{problem.column}"
            click.echo(f"{place}: {problem.severity}: {problem.message}{mend}")
        counts = Counter(problem.severity for problem, _ in found)
        click.echo(", ".join(f"{counts[severity]} {severity}(s)" for severity in Severity), err=True)
    if any(problem.fatal for problem, _ in found):
        raise SystemExit(1)


def _near(path: Path) -> Path:
    """The path as one would type it here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _problem(problem: Problem, path: Path) -> Mapping[str, object]:
    fix = problem.fix
    return {
        "path": str(_near(path)),
        "line": problem.line,
        "column": problem.column,
        "severity": problem.severity,
        "code": problem.code,
        "message": str(problem.message),
        "mend": str(problem.mend) if problem.mend else None,
        "fix": {"start": fix.start, "end": fix.end, "text": fix.text} if fix else None,
    }


@content.command("report")
@click.argument("paths", nargs=-1, type=existing)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def content_report(paths: tuple[Path, ...], form: str) -> None:
    """Print what the libraries at PATHS (or the bundled one) measure: lengths, reading level, overlaps, where keys lie.

    Ends with 1 when something is outside the bounds that `docs/authoring.md` names.
    """
    clean = True
    for shelf in checking.shelves(paths, _settings().content):
        found = measures.measured(shelf.files)
        clean = clean and found.clean
        if form == "json":
            click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2))
        else:
            for line in _measured(found):
                click.echo(line)
    if not clean:
        raise SystemExit(1)


def _measured(found: measures.Measures) -> Iterator[str]:
    """The measures as lines: a table for each course, then what is outside the bounds."""
    for course in found.courses:
        types = ", ".join(f"{count} {type}" for type, count in sorted(course.types.items()))
        yield f"{course.id}: {course.minutes} minutes, {course.questions} questions ({types}), {course.scenarios} scenarios"
        for language in dict.fromkeys(lesson.language for lesson in course.lessons):
            unit = "characters" if language.startswith("zh") else "words"
            yield f"  {language}: {course.size(language)} {unit}"
            for lesson in course.lessons:
                if lesson.language == language:
                    grade = f", grade {lesson.grade:.1f}" if lesson.grade is not None else ""
                    ease = f"{lesson.sentence:.1f} {unit} a sentence{grade}"
                    yield f"    {lesson.id:10} {lesson.size:5} {unit}, {lesson.minutes:2} minutes, {ease}"
        for key in course.keys:
            places = " ".join(str(count) for count in key.places)
            ends = f"{key.longest} longest, {key.shortest} shortest"
            yield f"  keys {key.where}.{key.language}, question {key.slot}: {key.asked} asked, places {places}, {ends}"
    for finding in found.findings:
        yield f"{finding.kind}: {finding.where}: {finding.text}"
    yield "clean" if found.clean else f"{len(found.findings)} finding(s)"


@content.command("mend")
@click.argument("paths", nargs=-1, type=existing)
def mend(paths: tuple[Path, ...]) -> None:
    """Mend in the files at PATHS what a program can mend, such as `【x】`; the rest is left to you."""
    changed = [path for shelf in checking.shelves(paths, _settings().content) for path in checking.mend(shelf)]
    for path in changed:
        click.echo(f"mended {_near(path)}")
    click.echo("Nothing to mend." if not changed else "See what is left: flask content check", err=True)


@content.command("lock")
@click.argument("paths", nargs=-1, type=existing)
@click.option("--confirm", multiple=True, type=existing, help="A translation that is still right.")
def lock(paths: tuple[Path, ...], confirm: tuple[Path, ...]) -> None:
    """Write `translations.lock`: from which text each translation was made, so that a change of that text is noticed."""
    asked = paths or confirm
    changed = {
        path: None for shelf in checking.shelves(asked, _settings().content) for path in checking.lock(shelf, confirm)
    }
    for path in changed:
        click.echo(f"wrote {_near(path)}")


@content.command("publish")
@click.option("--note", default="", help="Why, in a sentence: for the history.")
@refusing
def publish_files(note: str) -> None:
    """Publish `courses/` and `quizzes/` as they stand on disk, in place of what trainees see now.

    Errors are printed and nothing is published. What trainers published in the studio stays in the history.
    """
    now = datetime.now(UTC)
    with writing(engine()) as session:
        planned = plan(session, files_on_disk(_settings().content))
        before = library_at(session, planned.base) if planned.base is not None else Library()
        for problem in planned.problems:
            if problem.severity is not Severity.note:
                mend = f" — {problem.mend}" if problem.mend else ""
                place = f"{problem.path}:{problem.line}:{problem.column}"
                click.echo(f"{place}: {problem.severity}: {problem.message}{mend}", err=True)
        revision = publish(session, planned, "disk", None, note, now)
    for change in planned.changes:
        sign = "+" if change.before is None else "-" if change.after is None else "~"
        click.echo(f"{sign} {change.path}")
    for sentence in effects(planned, before, "en"):
        click.echo(str(sentence))
    while settle_all(engine(), seconds=10):
        click.echo("summaries follow the new rules …")
    click.echo(f"Published as revision {revision}.")


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@refusing
def backup(file: Path) -> None:
    """Write database and uploads to FILE, with checksums. kamtrain may go on running."""
    archive = backups.backup(_settings(), file, datetime.now(UTC))
    click.echo(f"{file}: {archive.database}, {archive.files} file(s), {archive.size} bytes before compression.")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="Put it in the place of the data that is there.")
@refusing
def restore(file: Path, replace: bool) -> None:
    """Put a backup back. Stop the server first; nothing is touched before all checksums agree."""
    backups.restore(_settings(), file, replace=replace)
    click.echo(f"{file} is restored. Start the server again.")


@db.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest schema. Where it is there already, nothing happens."""
    schema.migrate(engine())
    click.echo("The database is at the newest schema.")


@db.command("revision")
@click.argument("slug")
def revision(slug: str) -> None:
    """Write a migration named SLUG from what the models have and the database has not. Read it before you keep it."""
    schema.new_migration(engine(), slug)


@mail.command("deliver")
def deliver() -> None:
    """Send what is due now. The server does so by itself; this is for where none runs."""
    settings = _settings()
    if not settings.mail_host:
        raise click.ClickException("No mail server is set. Set KAMTRAIN_MAIL_HOST; see docs/settings.md.")
    delivered = outbox.deliver_due(engine(), settings, datetime.now(UTC))
    click.echo(f"{delivered.sent} sent, {delivered.failed} failed.")


@users.command("add")
@click.argument("email")
@click.argument("name")
@click.option("--role", "roles", type=click.Choice([role.value for role in Role]), multiple=True, required=True)
@click.option("--team", help="Name of the team.")
@click.option("--language", type=click.Choice(INTERFACE), default="en", show_default=True)
@click.option("--time-zone", default="UTC", show_default=True, help="Such as Asia/Shanghai.")
@refusing
def add(email: str, name: str, roles: tuple[str, ...], team: str | None, language: str, time_zone: str) -> None:
    """Add a person, and print the link by which she chooses her password."""
    now = datetime.now(UTC)
    with writing(engine()) as session:
        team_id = next((line.id for line in team_lines(session) if line.name == team), None)
        if team and team_id is None:
            raise click.ClickException(f"There is no team {team}.")
        found = frozenset(Role(role) for role in roles)
        profile = Profile(normal_email(email), normal_name(name), found, team_id, language, time_zone)
        link = people.invite(session, None, people.add_person(session, None, profile, now), now)
    click.echo(_told(link))


@users.command("list")
@click.argument("words", default="")
def list_users(words: str) -> None:
    """List the people, or those whose name or address holds WORDS."""
    after: tuple[str, int] | None = None
    with reading(engine()) as session:
        while lines := people_page(session, words, after):
            for line in lines:
                click.echo(_shown(line))
            after = (lines[-1].sort_key, lines[-1].person.id)


@users.command("password-link")
@click.argument("email")
@refusing
def password_link(email: str) -> None:
    """Print a link by which the person with this address chooses a new password. Earlier links end."""
    with writing(engine()) as session:
        found = credentials_of(session, normal_email(email))
        if found is None:
            raise click.ClickException(f"Nobody has the address {email}. `flask users list` shows who there is.")
        link = people.invite(session, None, found.person_id, datetime.now(UTC))
    click.echo(_told(link))


def _told(link: people.Link) -> str:
    path = f"/reset/{link.token}"
    address = (
        f"{_settings().base_url.rstrip('/')}{path}" if _settings().base_url else f"{path} (at this site's address)"
    )
    return f"{link.person.email} chooses a password here, once, within 7 days: {address}"


def _shown(line: PersonLine) -> str:
    roles = ", ".join(sorted(line.person.roles))
    return (
        f"{line.person.email}\t{line.person.name}\t{roles}\t{line.team or '-'}\t{'active' if line.active else 'left'}"
    )
