"""`python3 kam.py serve`: prepare the data folder, say where kamtrain is, and become the server."""

import argparse
import ipaddress
import os
import runpy
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError

from kamtrain.core.errors import Invalid
from kamtrain.services import demo
from kamtrain.services.attempts import Head
from kamtrain.services.passwords import hashed
from kamtrain.services.people import first_admin_link
from kamtrain.services.publishing import library_at, publish_bundle, settle
from kamtrain.services.schema import migrate
from kamtrain.settings import Settings
from kamtrain.store.base import connect, reading, writing
from kamtrain.store.library import head
from kamtrain.store.people import PersonRow


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kam.py serve", description="Serve kamtrain.")
    parser.add_argument("--port", type=int, default=8000, help="default 8000; 0: any free one")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on, default 127.0.0.1")
    data = os.environ.get("KAMTRAIN_DATA", "instance")
    parser.add_argument("--data", type=Path, default=Path(data), help="database, uploads, secrets; default ./instance")
    parser.add_argument("--demo", action="store_true", help="add the demo company; on a loopback address only")
    return parser.parse_args(arguments)


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def browsable(host: str) -> str:
    """`host` as it stands in an address. "All addresses" is none a browser could open: this machine's own stands for it."""
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return host
    if ip.is_unspecified:
        ip = ipaddress.ip_address("127.0.0.1" if ip.version == 4 else "::1")
    return f"[{ip}]" if ip.version == 6 else str(ip)


def listen(host: str, port: int) -> socket.socket:
    """The listening socket, opened before anything is prepared. A taken port ends the program with a sentence."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except OverflowError:
        sys.exit(f"kamtrain: {port} is no port; ports go from 0 to 65535.")
    except PermissionError:
        sys.exit(f"kamtrain: this user may not listen on port {port}. Choose one above 1023: --port 8000")
    except OSError as error:
        if isinstance(error, socket.gaierror) or "assign" in str(error):
            sys.exit(f"kamtrain: {host} is no address of this machine. Leave --host out, or use 0.0.0.0 for all.")
        sys.exit(f"kamtrain: port {port} is already in use. Stop what uses it, or choose another: --port {port + 1}")


def catch_mail(folder: Path) -> None:
    """Start the demo's mail server and point the settings to it; it ends when this process does."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    # By its path and not as a module, or it would load the whole application (-P: nor take our folders for libraries).
    command = [sys.executable, "-P", str(Path(__file__).with_name("mailcatcher.py")), str(port), str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE)
    assert process.stdin is not None
    # A copy of the pipe that nobody closes: the server inherits it, and the mail server ends when it is gone.
    os.set_inheritable(os.dup(process.stdin.fileno()), True)
    os.environ |= {"KAMTRAIN_MAIL_HOST": "127.0.0.1", "KAMTRAIN_MAIL_PORT": str(port), "KAMTRAIN_MAIL_TLS": "false"}


def become_server(listener: socket.socket) -> None:
    """Hand the socket to gunicorn in this very process, or start waitress where there is no gunicorn."""
    sys.stdout.flush()
    if os.name == "nt":
        host, port = listener.getsockname()[:2]
        listener.close()
        sys.exit(subprocess.call([sys.executable, "-m", "kamtrain.waitress_server", host, str(port)]))
    listener.set_inheritable(True)
    sys.argv = ["gunicorn", "-c", "python:kamtrain.gunicorn_conf", "--bind", f"fd://{listener.fileno()}"]
    # As `python -m gunicorn`, but in this process, or the library would be parsed a second time.
    runpy.run_module("gunicorn", run_name="__main__", alter_sys=True)


def read_settings(options: argparse.Namespace) -> Settings:
    """The settings as the server will read them: what the command line says goes into the environment it inherits."""
    try:
        options.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        sys.exit(f"kamtrain: the folder {options.data} cannot be used: {error.strerror}. Choose another with --data.")
    os.environ |= {"KAMTRAIN_DATA": str(options.data.resolve()), "KAMTRAIN_DEMO": str(options.demo).lower()}
    try:
        return Settings()
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        sys.exit("kamtrain: a setting is wrong; see docs/settings.md.\n  " + "\n  ".join(faults))


def prepare(settings: Settings, engine: Engine) -> None:
    """Bring the database to the newest schema and the bundled library to the trainees."""
    try:
        migrate(engine)
    except OperationalError as error:
        sys.exit(f"kamtrain: the database does not answer ({error.orig}). Check DATABASE_URL, or the folder of --data.")
    try:
        with writing(engine) as session:
            outcome, _ = publish_bundle(session, settings.content, datetime.now(UTC))
    except Invalid:
        print("The bundled library has errors and was not published; this names them: flask --app wsgi content check")
        return
    if outcome == "offered":
        print("There is a newer bundled library. What trainers published stays; an administrator may take it over.")
    while True:
        with writing(engine) as session:
            if not settle(session):
                break


def keep_apart(engine: Engine, is_demo: bool) -> None:
    """The demo's known passwords never get into a real company, and no real company is run as the demo."""
    with reading(engine) as session:
        if session.scalar(select(PersonRow.id).where(PersonRow.demo.is_not(is_demo)).limit(1)) is None:
            return
    if is_demo:
        sys.exit("kamtrain: this data is a real company's. Give the demo a folder of its own: --demo --data demo")
    sys.exit("kamtrain: this data is the demo's. Start it with --demo, or give your company its own folder: --data DIR")


def demo_company(engine: Engine) -> str:
    """Add the demo company where it is not there yet; what to tell about it."""
    with reading(engine) as session:
        revision = head(session)
        if revision is None:
            sys.exit(
                "kamtrain: the demo company learns from the bundled library, and nothing of it could be published."
            )
        library = library_at(session, revision)
    password = hashed(demo.PASSWORD)
    with writing(engine) as session:
        demo.seed(session, Head(revision, library), password, datetime.now(UTC))
    signs = "\n".join(f"  {one.email:28} {', '.join(sorted(one.roles))}" for one in demo.CAST[:7])
    return f"Sign in with the password {demo.PASSWORD} as one of:\n{signs}\nMail is shown here and goes nowhere."


def first_admin(engine: Engine, address: str) -> str:
    """What to tell while nobody is there: the one-time link, which only who sees this terminal knows."""
    with writing(engine) as session:
        token = first_admin_link(session, datetime.now(UTC))
    return f"Nobody is there yet. This link makes you the first admin, once: {address}/setup/{token}" if token else ""


def main(arguments: list[str]) -> None:
    options = parse(arguments)
    if options.demo and not is_loopback(options.host):
        sys.exit("kamtrain: the demo has known passwords, so it is served on this machine only. Leave --host out.")
    listener = listen(options.host, options.port)
    settings = read_settings(options)
    engine = connect(settings.database)
    prepare(settings, engine)
    keep_apart(engine, options.demo)
    address = settings.base_url or f"http://{browsable(options.host)}:{listener.getsockname()[1]}"
    welcome = demo_company(engine) if options.demo else first_admin(engine, address)
    engine.dispose()
    if options.demo:
        catch_mail(settings.data / "mail")
    print(f"\nkamtrain is at {address} (stop it with Ctrl-C)\n{welcome}")
    become_server(listener)


if __name__ == "__main__":
    main(sys.argv[1:])
