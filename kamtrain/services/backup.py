"""Backup and restore by the database's own safe means: one archive with a checksum for everything in it.

SQLite is copied by its backup API while it is in use; PostgreSQL by `pg_dump` and `pg_restore`, where they are installed.
The key that signs cookies is not in the archive: a restored kamtrain makes its own, and people sign in again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess  # nosec: only the database's own programs, without a shell
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from sqlalchemy.engine import URL, make_url

from kamtrain.core.errors import Conflict, Invalid
from kamtrain.core.message import message
from kamtrain.settings import Settings
from kamtrain.version import VERSION

FORMAT = 1
MANIFEST = "manifest.json"
SQLITE, POSTGRESQL = "kamtrain.db", "kamtrain.dump"
UPLOADS = "uploads"
CHUNK = 1 << 20  # bytes


@dataclass(frozen=True)
class Archive:
    """What a backup says of itself."""

    version: str
    made_at: str  # ISO 8601
    database: str  # "sqlite" or "postgresql"
    files: int
    size: int  # bytes, unpacked


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Invalid(
            message("%(name)s is not installed here. Install PostgreSQL's client programs, then try again.", name=name)
        )
    return found


def _run(arguments: list[str], url: URL) -> None:
    """A PostgreSQL program on the database of `url`; the password goes by the environment, where nobody lists it."""
    environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)  # nosec
    if done.returncode:
        raise Invalid(message("%(program)s said: %(text)s", program=Path(arguments[0]).name, text=done.stderr.strip()))


def _place(url: URL) -> str:
    """The address as PostgreSQL's programs take it, without the password."""
    return url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)


def _copy_sqlite(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)
        faults = other.execute("PRAGMA integrity_check").fetchone()[0]
    if faults != "ok":
        raise Invalid(message("The database is damaged: %(text)s", text=str(faults)))


def _uploads(data: Path) -> Iterator[tuple[str, Path]]:
    folder = data / UPLOADS
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file() and not path.is_symlink():
            yield f"{UPLOADS}/{path.relative_to(folder).as_posix()}", path


def backup(settings: Settings, file: Path, now: datetime) -> Archive:
    """Writes the archive; while kamtrain is in use. The file appears only when it is whole, readable by its owner only.

    Raises `Conflict` where the file exists, `Invalid` where the database or its programs refuse.
    """
    if file.exists():
        raise Conflict(message("%(file)s exists already. Choose another name, or remove it first.", file=str(file)))
    url = make_url(settings.database)
    with tempfile.TemporaryDirectory(dir=file.resolve().parent, prefix=".kamtrain-") as folder:
        if url.get_backend_name() == "sqlite":
            name, database = SQLITE, Path(folder) / SQLITE
            source = Path(url.database or "")
            if not source.is_file():
                raise Invalid(message("There is no database at %(path)s yet.", path=str(source)))
            _copy_sqlite(source, database)
        else:
            name, database = POSTGRESQL, Path(folder) / POSTGRESQL
            _run([_program("pg_dump"), "--format=custom", "--no-owner", f"--file={database}", _place(url)], url)
        members = {name: database, **dict(_uploads(settings.data))}
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "made_at": now.isoformat(timespec="seconds"),
            "database": url.get_backend_name(),
            "sha256": {name: _sha256(path) for name, path in members.items()},
        }
        text = Path(folder) / MANIFEST
        text.write_text(json.dumps(manifest, indent=2), encoding="utf-8")
        whole = Path(folder) / "whole.tar.gz"
        whole.touch(mode=0o600)
        with tarfile.open(whole, "w:gz", compresslevel=6) as archive:
            archive.add(text, MANIFEST)
            for name, path in members.items():
                archive.add(path, name)
        with whole.open("rb") as finished:
            os.fsync(finished.fileno())
        size = sum(path.stat().st_size for path in members.values())
        os.link(whole, file)  # fails, rather than overwrites, where somebody else was faster
    return Archive(VERSION, str(manifest["made_at"]), str(manifest["database"]), len(members), size)


def _unpacked(file: Path, folder: Path) -> dict[str, str]:
    """Unpacks the archive and holds it against its checksums; the manifest. Raises `Invalid` for anything amiss."""
    try:
        with tarfile.open(file, "r:gz") as archive:
            archive.extractall(folder, filter="data")  # nosec: the filter refuses paths outside, links and devices
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        expected: dict[str, str] = dict(manifest["sha256"])
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError, TypeError):
        raise Invalid(message("%(file)s is no backup of kamtrain, or it is damaged.", file=str(file))) from None
    if manifest.get("format") != FORMAT:
        raise Invalid(message("%(file)s was made by a newer kamtrain. Update this one first.", file=str(file)))
    for name, sha256 in expected.items():
        path = folder / PurePosixPath(name)
        if not path.is_file() or _sha256(path) != sha256:
            raise Invalid(
                message("%(file)s is damaged: %(name)s differs from its checksum.", file=str(file), name=name)
            )
    return {**expected, "": str(manifest["database"])}


def _has_people(url: URL) -> bool:
    """Whether the SQLite database at `url` is in use."""
    path = Path(url.database or "")
    if not path.is_file():
        return False
    with closing(sqlite3.connect(path)) as connection:
        known = connection.execute("select 1 from sqlite_master where name = 'people'").fetchone()
        return bool(known and connection.execute("select 1 from people limit 1").fetchone())


def restore(settings: Settings, file: Path, *, replace: bool = False) -> None:
    """Puts the archive's database and uploads in place of what is there. To be run while the server is stopped.

    Everything is checked before anything is touched. Raises `Conflict` where there are people already and not `replace`,
    `Invalid` for a damaged archive or one of the other database.
    """
    url = make_url(settings.database)
    backend = url.get_backend_name()
    settings.data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.data, prefix=".restore-") as name:
        folder = Path(name)
        kind = _unpacked(file, folder)[""]
        if kind != backend:
            raise Invalid(
                message("This backup is of %(made)s, and this kamtrain runs on %(runs)s.", made=kind, runs=backend)
            )
        if backend == "sqlite":
            if not replace and _has_people(url):
                raise Conflict(message("There is a database already. Add --replace to put the backup in its place."))
            target = Path(url.database or "")
            target.parent.mkdir(parents=True, exist_ok=True)
            # Into the file by the backup API, in one transaction: a reader sees the old or the new one, never half of it.
            with closing(sqlite3.connect(folder / SQLITE)) as source:
                if source.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                    raise Invalid(message("%(file)s is no backup of kamtrain, or it is damaged.", file=str(file)))
            _copy_sqlite(folder / SQLITE, target)
        else:
            dump = str(folder / POSTGRESQL)
            clean = ["--clean", "--if-exists"] if replace else []
            program = _program("pg_restore")
            _run([program, "--no-owner", "--single-transaction", *clean, f"--dbname={_place(url)}", dump], url)
        uploads, kept = settings.data / UPLOADS, folder / UPLOADS
        if kept.is_dir():
            if uploads.exists():
                shutil.move(uploads, folder / "old-uploads")
            shutil.move(kept, uploads)
