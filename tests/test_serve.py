"""Starting the server: what is refused, in one sentence and before anything is written."""

import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from kamtrain.core.accounts import Profile
from kamtrain.core.people import Role
from kamtrain.serve import browsable, is_loopback, keep_apart, parse
from kamtrain.services.people import add_person
from kamtrain.settings import ROOT
from kamtrain.store.base import writing


def serve(*arguments: str) -> str:
    """What a start that ends at once says; it must not say it as a traceback."""
    command = [sys.executable, "-m", "kamtrain.serve", *arguments]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    return ended.stderr


def test_a_taken_port_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = serve("--port", str(port), "--data", str(tmp_path / "data"))
    assert f"port {port} is already in use" in said
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_the_demo_is_refused_where_others_could_reach_it(host: str, tmp_path: Path) -> None:
    assert "this machine only" in serve("--demo", "--host", host, "--port", "0", "--data", str(tmp_path / "data"))
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("0.0.0.0", "127.0.0.1"),
        ("::", "[::1]"),
        ("::1", "[::1]"),
        ("127.0.0.1", "127.0.0.1"),
        ("192.0.2.1", "192.0.2.1"),
        ("localhost", "localhost"),
    ],
)
def test_the_printed_address_opens_in_a_browser(host: str, address: str) -> None:
    assert browsable(host) == address


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert str(tmp_path / "file" / "data") in serve("--port", "0", "--data", str(tmp_path / "file" / "data"))


def test_a_database_that_does_not_answer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    assert "the database does not answer" in serve("--port", "0", "--data", str(tmp_path))


@pytest.mark.parametrize("is_demo", [True, False])
def test_demo_and_real_data_are_kept_apart(is_demo: bool, engine: Engine) -> None:
    profile = Profile("ann@example.org", "Ann", frozenset({Role.admin}), None, "en", "UTC")
    with writing(engine) as session:
        add_person(session, None, profile, datetime.now(UTC), demo=is_demo)
    keep_apart(engine, is_demo)
    with pytest.raises(SystemExit, match="--data"):
        keep_apart(engine, not is_demo)


def test_a_wrong_setting_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAMTRAIN_SIGN_IN_DAYS", "often")
    assert "sign_in_days" in serve("--port", "0", "--data", str(tmp_path))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "::1", "localhost"])
def test_loopback(host: str) -> None:
    assert is_loopback(host)


def test_defaults_reach_nobody_else() -> None:
    options = parse([])
    assert (options.host, options.port, options.demo) == ("127.0.0.1", 8000, False)
