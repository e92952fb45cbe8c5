"""The servers under measurement, and what /proc knows about them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.client import Wire

ROOT = Path(__file__).parents[1]
TICK = os.sysconf("SC_CLK_TCK")
PATIENCE = 120  # seconds until a server answers on a busy machine


@dataclass(frozen=True)
class Server:
    port: int
    group: int  # process group

    def pids(self) -> list[int]:
        return [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit() and _group(int(p.name)) == self.group]

    def cpu(self) -> float:
        """Seconds of CPU its processes have used, in user and kernel mode."""
        return sum(_cpu(pid) for pid in self.pids())

    def memory(self) -> int:
        """Bytes its processes hold, what they share counted once (Pss)."""
        return sum(_line(pid, "smaps_rollup", "Pss:") for pid in self.pids())

    def peak_begins(self) -> dict[int, int]:
        """Forget the peaks so far: pid -> bytes held now."""
        for pid in self.pids():
            Path(f"/proc/{pid}/clear_refs").write_text("5")
        return {pid: _line(pid, "status", "VmRSS:") for pid in self.pids()}

    def peak_growth(self, before: dict[int, int]) -> int:
        """Bytes by which the greediest process grew at its peak since `peak_begins`."""
        return max(_line(pid, "status", "VmHWM:") - held for pid, held in before.items())


def _group(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except (ProcessLookupError, PermissionError):
        return None


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICK


def _line(pid: int, file: str, name: str) -> int:
    for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    return 0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def _run(command: list[str], environment: dict[str, str], port: int, path: str, log: Path) -> Iterator[Server]:
    """Raises `RuntimeError`, with what it printed, where the server does not come up."""
    with log.open("w+") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait(process, port, path, log)
            yield Server(port, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _wait(process: subprocess.Popen[bytes], port: int, path: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        wire = Wire(port)
        try:
            if wire.send("GET", path).status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            wire.close()
    raise RuntimeError(f"the server did not start:\n{log.read_text()[-2000:]}")


@contextmanager
def kamtrain(folder: Path, environment: dict[str, str]) -> Iterator[Server]:
    """The product as `kam.py serve` starts it: its own gunicorn settings, two workers."""
    port = free_port()
    command = [sys.executable, "-m", "kamtrain.serve", "--port", str(port), "--data", str(folder)]
    with _run(command, environment | {"WEB_CONCURRENCY": "2"}, port, "/healthz", folder / "server.log") as server:
        yield server


@contextmanager
def floor(folder: Path) -> Iterator[Server]:
    """A bare Flask "hello" under gunicorn with two sync workers."""
    port = free_port()
    options = ["--workers", "2", "--worker-class", "sync", "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    if Path("/dev/shm").is_dir():
        options += ["--worker-tmp-dir", "/dev/shm"]
    command = [sys.executable, "-m", "gunicorn", *options, "--no-control-socket", "bench.floor:app"]
    with _run(command, {}, port, "/", folder / "floor.log") as server:
        yield server
