"""What every test may ask for. The fixed cast (people, teams, courses) stands in cast.py, browsers in browser/."""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import Environment
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from werkzeug.routing import Rule

from kamtrain.http.addresses import Addressed
from kamtrain.services import schema
from kamtrain.services.publishing import forget_libraries
from kamtrain.settings import Settings
from kamtrain.store.base import connect
from tests.database import Postgres, Sqlite, end_run, prepare_run

pytest_plugins = ["tests.cast"]

# The settings of whoever runs the tests are not the settings under test.
for name in [name for name in os.environ if name.startswith("KAMTRAIN_") and not name.startswith("KAMTRAIN_TEST_")]:
    del os.environ[name]
os.environ.pop("DATABASE_URL", None)

# What a test writes need not outlast the machine: where there is a disk in memory, its databases are synced to that.
if Path("/dev/shm").is_dir():  # nosec B108 # pytest makes a folder of its own there
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", "/dev/shm")  # nosec B108

# Two busy cores say nothing about the code: an example may take as long as it takes.
hypothesis.settings.register_profile("kamtrain", deadline=None)
hypothesis.settings.load_profile("kamtrain")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        prepare_run()
        # Or each worker and each server that a test starts would compile all of kamtrain.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_collection_finish() -> None:
    """What is there now stays to the end: it need not be looked through each time that garbage is collected."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        end_run()


def seat_in(url: str) -> None:
    from tests.cast import seat_in as seat  # a plugin, which pytest rewrites as it registers it

    seat(url)


def migrate(url: str) -> None:
    engine = connect(url)
    schema.migrate(engine)
    engine.dispose()


class Compiled(BytecodeCache):
    """Compiled templates, kept by language and the hash of their source for as long as the process lives."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        key = f"{environment.language} {self.get_cache_key(name, filename)}"  # type: ignore[attr-defined]
        bucket = Bucket(environment, key, self.get_source_checksum(source))
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = Compiled()


class Route(Rule):
    """A route that shares the code that builds its address with the same route of other applications."""

    _kept: ClassVar[dict[object, Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = self.rule, repr(self.defaults), append_unknown
        if key not in self._kept:
            self._kept[key] = super()._compile_builder(append_unknown)
        return self._kept[key]


Addressed.url_rule_class = Route  # compiled anew for each application it would take a third of a test's time


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Sqlite:
    return Sqlite(tmp_path_factory.mktemp("sqlite"), migrate, seat_in)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    server = Postgres(migrate, seat_in)
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database at the newest schema, of its own for this test: empty, or with the cast where the test asks for it.

    Every test that asks runs on both kinds.
    """
    seated = "with_cast" in request.fixturenames
    forget_libraries()  # kept by the number of their revision, which begins anew in each database
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite").copy(tmp_path, seated=seated)
    else:
        with request.getfixturevalue("postgres").copy(seated=seated) as url:
            yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = connect(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The whole application on an empty database, as `wsgi.py` makes it."""
    from kamtrain import create_app  # here, so that a test of the rules alone does not load every screen

    app = create_app(Settings(data=tmp_path / "data", DATABASE_URL=database_url))
    app.jinja_env.bytecode_cache = TEMPLATES  # each application would compile them anew, which takes half a test's time
    yield app
    app.extensions["kamtrain.engine"].dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
