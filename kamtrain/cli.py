"""The commands of an operator and an author: the same services as the screens, without a browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from kamtrain.core.errors import Refusal
from kamtrain.http.database import engine
from kamtrain.services import backup as backups
from kamtrain.services.learning import rebuild_summaries
from kamtrain.services.publishing import library_at
from kamtrain.settings import Settings
from kamtrain.store import library as store
from kamtrain.store.base import reading, writing

report = AppGroup("report", help="Reports and what they are made from.")


def install(app: Flask) -> None:
    app.cli.add_command(report)
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
